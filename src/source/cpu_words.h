/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_SOURCE_CPU_WORDS_H
#define AQUIFER_SOURCE_CPU_WORDS_H

/*
 * What rdrand and rdseed share: whether the CPU's generator is there and
 * believed, and the two ways to ask it for words. The instruction is a function
 * in a struct, so that tests can be a CPU that fails.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/cpu_errata.h"
#include "source/source.h"

struct cpu_generator {
	enum cpu_instruction instruction;
	const char *name; /* "RDRAND" */
	bool (*word)(uint64_t *ret_word);
};

/* Tries a word before RDRAND counts as broken; see cpu_words_strict. */
#define CPU_WORDS_TRIES 10
/* How long a read of RDSEED may wait for numbers, by env->now_ns. */
#define CPU_WORDS_PATIENCE_NS UINT64_C(1000000)
/* The same in tries, for a clock that stands still. */
#define CPU_WORDS_NOT_READY_MAX 4096
/* Words drawn at open to see whether the generator is stuck. */
#define CPU_WORDS_SAMPLE 8

/*
 * cpu_words_open - a class->open: is it there, and what stands against it?
 * Fills s->info as source.h says. The generator stays in use with claim 0 where
 * the kernel has cleared its flag, the errata table speaks against it, the CPU
 * is an emulator's, or words drawn now repeat.
 * Returns 0; -ENODEV when the CPU has none; -EIO when it does not answer (only
 * for RDRAND: RDSEED may be busy).
 */
int cpu_words_open(struct source *s, const struct cpu_generator *g);

/*
 * cpu_words_strict - as RDRAND is to be asked: ten tries a word.
 * Returns bytes, which is fewer than len_bytes when the tries ran out after the
 * first word; -EIO when not even one came: with the ten tries of Intel's guide
 * (section 5.2.1) that is a fault of the CPU. The tries are spaced by pauses
 * that double, about 0.1 ms in all, because on AMD before Zen 3 ten tries at
 * once can all fail while other cores drain the generator.
 */
ssize_t cpu_words_strict(const struct cpu_generator *g, uint8_t *ret_raw,
			 size_t len_bytes);

/*
 * cpu_words_patient - as RDSEED is to be asked: 'not ready' is back-pressure,
 * counted in s->not_ready_count and waited out until the deadline.
 * Returns the bytes that came, or -EAGAIN when none did. A host that starves
 * the instruction gets no further than that: nothing is read, nothing credited.
 */
ssize_t cpu_words_patient(struct source *s, const struct cpu_generator *g,
			  uint8_t *ret_raw, size_t len_bytes);

/* cpu_words_stuck - do words repeat, or are some all zeros or all ones? */
bool cpu_words_stuck(const uint64_t *words, size_t count);

#endif
