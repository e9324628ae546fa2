/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_SOURCE_CPU_INSN_H
#define AQUIFER_SOURCE_CPU_INSN_H

/*
 * The CPU's random number instructions, 64-bit forms only: the 16- and 32-bit
 * forms of RDSEED are the ones that fail on Zen 5 (AMD-SB-7055).
 *
 * Each returns whether a number came; the word is written only then. To be
 * called only where the CPU has the instruction (struct platform): elsewhere it
 * is an illegal one. On machines other than x86-64 and aarch64 none ever comes.
 */
#include <stdbool.h>
#include <stdint.h>

#if defined(__x86_64__)

#define CPU_INSN_RDRAND_NAME "RDRAND"
#define CPU_INSN_RDSEED_NAME "RDSEED"

/* Intel SDM volume 2B, RDRAND and RDSEED: CF = 1 says the number is valid. */
static inline bool cpu_insn_rdrand(uint64_t *ret_word)
{
	uint64_t word;
	bool ok;

	__asm__ volatile("rdrand %0" : "=r"(word), "=@ccc"(ok));
	if (ok)
		*ret_word = word;
	return ok;
}

static inline bool cpu_insn_rdseed(uint64_t *ret_word)
{
	uint64_t word;
	bool ok;

	__asm__ volatile("rdseed %0" : "=r"(word), "=@ccc"(ok));
	if (ok)
		*ret_word = word;
	return ok;
}

static inline void cpu_insn_pause(void)
{
	__asm__ volatile("pause" ::: "memory");
}

#elif defined(__aarch64__)

#define CPU_INSN_RDRAND_NAME "RNDR"
#define CPU_INSN_RDSEED_NAME "RNDRRS"

/*
 * Arm ARM, FEAT_RNG: PSTATE.NZCV is 0b0000 for a number, 0b0100 for none. The
 * registers go by number, so that no -march flag is needed: RNDR is
 * S3_3_C2_C4_0, RNDRRS (reseeded right before the read) S3_3_C2_C4_1.
 */
static inline bool cpu_insn_rdrand(uint64_t *ret_word)
{
	uint64_t word;
	uint32_t ok;

	__asm__ volatile("mrs %0, s3_3_c2_c4_0\n\tcset %w1, ne"
			 : "=r"(word), "=r"(ok)
			 :
			 : "cc");
	if (ok)
		*ret_word = word;
	return ok;
}

static inline bool cpu_insn_rdseed(uint64_t *ret_word)
{
	uint64_t word;
	uint32_t ok;

	__asm__ volatile("mrs %0, s3_3_c2_c4_1\n\tcset %w1, ne"
			 : "=r"(word), "=r"(ok)
			 :
			 : "cc");
	if (ok)
		*ret_word = word;
	return ok;
}

static inline void cpu_insn_pause(void)
{
	__asm__ volatile("yield" ::: "memory");
}

#else

#define CPU_INSN_RDRAND_NAME "RDRAND"
#define CPU_INSN_RDSEED_NAME "RDSEED"

static inline bool cpu_insn_rdrand(uint64_t *ret_word)
{
	(void)ret_word;
	return false;
}

static inline bool cpu_insn_rdseed(uint64_t *ret_word)
{
	(void)ret_word;
	return false;
}

static inline void cpu_insn_pause(void)
{
}

#endif

#endif
