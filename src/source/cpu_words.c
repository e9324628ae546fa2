/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/wipe.h"
#include "source/cpu_insn.h"
#include "source/cpu_words.h"

/* Between two tries that were 'not ready': a microsecond or two. */
#define PAUSES_NOT_READY 32

static void pause_for(unsigned count)
{
	while (count-- > 0)
		cpu_insn_pause();
}

static size_t put_word(uint8_t *raw, size_t left_bytes, uint64_t word)
{
	uint8_t bytes[8];
	size_t n = min_size(left_bytes, sizeof bytes);

	store_le64(bytes, word);
	memcpy(raw, bytes, n);
	wipe(bytes, sizeof bytes);
	return n;
}

static bool word_in_ten_tries(const struct cpu_generator *g, uint64_t *ret_word)
{
	for (unsigned i = 0; i < CPU_WORDS_TRIES; i++) {
		if (g->word(ret_word))
			return true;
		pause_for(1u << i);
	}
	return false;
}

ssize_t cpu_words_strict(const struct cpu_generator *g, uint8_t *ret_raw,
			 size_t len_bytes)
{
	size_t done = 0;
	uint64_t word = 0;

	assert(len_bytes > 0);
	while (done < len_bytes && word_in_ten_tries(g, &word))
		done += put_word(ret_raw + done, len_bytes - done, word);
	wipe(&word, sizeof word);
	return done > 0 ? (ssize_t)done : -EIO;
}

ssize_t cpu_words_patient(struct source *s, const struct cpu_generator *g,
			  uint8_t *ret_raw, size_t len_bytes)
{
	uint64_t until_ns = s->env->now_ns() + CPU_WORDS_PATIENCE_NS;
	unsigned not_ready = 0;
	size_t done = 0;
	uint64_t word = 0;

	assert(len_bytes > 0);
	while (done < len_bytes) {
		if (g->word(&word)) {
			done += put_word(ret_raw + done, len_bytes - done, word);
			continue;
		}
		s->not_ready_count++;
		if (++not_ready >= CPU_WORDS_NOT_READY_MAX ||
		    s->env->now_ns() >= until_ns)
			break;
		pause_for(PAUSES_NOT_READY);
	}
	wipe(&word, sizeof word);
	return done > 0 ? (ssize_t)done : -EAGAIN;
}

bool cpu_words_stuck(const uint64_t *words, size_t count)
{
	bool stuck = false;

	for (size_t i = 0; i < count; i++) {
		if (words[i] == 0 || words[i] == UINT64_MAX)
			stuck = true;
		if (i > 0 && words[i] == words[i - 1])
			stuck = true;
	}
	return stuck;
}

/*
 * The kernel tests the instructions itself, knows errata this table may not,
 * and obeys an administrator's nordrand or clearcpuid=. Where its verdict
 * cannot be read (no /proc yet, as for the first program of an initramfs), the
 * table and the words drawn here repeat what it would have found, all but the
 * administrator's wish; so the claim stays, and the reason says so.
 */
static void heed_kernel(struct source *s, const struct cpu_generator *g)
{
	const struct platform *p = s->env->platform;
	bool flag = g->instruction == CPU_RDRAND ? p->kernel_has_rdrand :
						   p->kernel_has_rdseed;

	if (p->cpuinfo_seen && !flag)
		source_lower(s, 0,
			     "the kernel has disabled %s: its flag is missing "
			     "in /proc/cpuinfo",
			     g->name);
}

static void note_kernel_unheard(struct source *s)
{
	if (!s->env->platform->cpuinfo_seen)
		source_lower(s, s->info.claim_mbits,
			     "no flags in /proc/cpuinfo: judged by CPUID and "
			     "the errata table");
}

/* An emulator's generator is software of the host, whatever it is named. */
static void heed_emulator(struct source *s, const struct cpu_generator *g)
{
	const struct platform *p = s->env->platform;

	if (!p->clock_emulated)
		return;
	s->info.domain = DOMAIN_HOST;
	source_lower(s, 0,
		     "the CPU is, or may be, emulated (%s): %s is then "
		     "software of the host",
		     p->hypervisor_name, g->name);
}

static void heed_errata(struct source *s, const struct cpu_generator *g)
{
	const struct cpu_erratum *e;

	switch (cpu_errata_judge(s->env->platform, g->instruction, &e)) {
	case CPU_SOUND:
	case CPU_SUSPECT: /* heed_sample decides */
		break;
	case CPU_UNKNOWN:
		source_lower(s, 0,
			     "%s (%s); whether microcode repairs it "
			     "cannot be known here",
			     e->what, e->reference);
		break;
	case CPU_BROKEN:
		source_lower(s, 0, "%s (%s)", e->what, e->reference);
		break;
	}
}

/*
 * A generator that is stuck from the start says so in its first words. Of a
 * good one, eight words look stuck with probability 23 / 2^64.
 */
static int heed_sample(struct source *s, const struct cpu_generator *g)
{
	uint8_t raw[8 * CPU_WORDS_SAMPLE];
	uint64_t words[CPU_WORDS_SAMPLE];
	ssize_t n;

	if (g->instruction == CPU_RDRAND)
		n = cpu_words_strict(g, raw, sizeof raw);
	else
		n = cpu_words_patient(s, g, raw, sizeof raw);
	if (n == -EIO)
		return source_absent(s, -EIO, "%s gave no number in %u tries",
				     g->name, CPU_WORDS_TRIES);
	if (n == -EAGAIN)
		return 0;
	for (size_t i = 0; i < (size_t)n / 8; i++)
		words[i] = load_le64(raw + 8 * i);
	if (cpu_words_stuck(words, (size_t)n / 8))
		source_lower(s, 0,
			     "%s is stuck: words drawn at start repeat, "
			     "or are all zeros or all ones",
			     g->name);
	wipe(raw, sizeof raw);
	wipe(words, sizeof words);
	return 0;
}

static bool cpu_has(const struct platform *p, enum cpu_instruction instruction)
{
	return instruction == CPU_RDRAND ? p->cpu_has_rdrand : p->cpu_has_rdseed;
}

static void describe(struct source *s)
{
	const struct platform *p = s->env->platform;

	if (p->cpu_vendor[0] != '\0')
		(void)snprintf(s->info.behind, sizeof s->info.behind,
			       "%s family %u model %u", p->cpu_vendor,
			       p->cpu_family, p->cpu_model);
}

int cpu_words_open(struct source *s, const struct cpu_generator *g)
{
	int r;

	if (!cpu_has(s->env->platform, g->instruction))
		return source_absent(s, -ENODEV, "this CPU has no %s", g->name);
	s->info.present = true;
	s->info.claim_mbits = s->class->claim.mbits_per_symbol;
	s->info.domain = s->class->domain;
	describe(s);
	heed_kernel(s, g);
	heed_emulator(s, g);
	heed_errata(s, g);
	r = heed_sample(s, g);
	if (r < 0)
		return r;
	note_kernel_unheard(s);
	return 0;
}
