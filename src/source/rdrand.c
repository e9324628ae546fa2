/* SPDX-License-Identifier: ISC */
/*
 * RDRAND; RNDR on aarch64. The output of a SP 800-90A generator inside the CPU
 * (Intel DRNG guide 2.1, 3.2.3; AMD Random Number Generator, 2017), so the
 * claim is not what the bytes look like but what was put in: both makers state
 * that at most 8,192 bytes come from one seed (Intel: 511 samples of 128 bits;
 * AMD: 2,048 queries of 32 bits), and Intel's guide (5.2.6) takes 128 fresh
 * bits from so many. 128 bits in 8,192 bytes are 15.6 millibits a byte. At 20
 * ns a word the 17 KB for 256 bits cost 43 us: caution is free.
 */
#include <stddef.h>

#include "source/cpu_insn.h"
#include "source/cpu_words.h"

static bool rdrand_word(uint64_t *ret_word)
{
	return cpu_insn_rdrand(ret_word);
}

static const struct cpu_generator rdrand = {
	.instruction = CPU_RDRAND,
	.name = CPU_INSN_RDRAND_NAME,
	.word = rdrand_word,
};

static int rdrand_open(struct source *s, const struct source_options *options)
{
	int r;

	(void)options;
	r = cpu_words_open(s, &rdrand);
	if (r < 0)
		return r;
#if defined(__aarch64__)
	/* Arm ARM, RNDR: reseeded at an implementation defined rate. */
	source_lower(s, 0,
		     "RNDR: how often it is reseeded is left to the "
		     "maker, so there is no figure to claim");
#endif
	return 0;
}

static ssize_t rdrand_read(struct source *s, uint8_t *ret_raw, size_t len_bytes)
{
	(void)s;
	return cpu_words_strict(&rdrand, ret_raw, len_bytes);
}

const struct source_class source_rdrand = {
	.name = "rdrand",
	.title = "the CPU's generator, reseeded by its noise source",
	.domain = DOMAIN_CPU,
	.flags = SOURCE_CONDITIONED,
	.record_bytes = 1,
	.symbol_bits = 8,
	.claim = {
		.mbits_per_symbol = 15,
		.basis = "docs/claims.md: rdrand. The makers: 128 fresh bits "
			 "for at most 8,192 bytes of output",
		.platforms = "Intel and AMD, by their documents; run on "
			     "AMD Zen 4 under KVM; not aarch64",
	},
	.test_mbits = 4000,
	.batch_bytes = 2048,
	.open = rdrand_open,
	.read = rdrand_read,
	.close = source_close_fd,
};
