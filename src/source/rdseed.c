/* SPDX-License-Identifier: ISC */
/*
 * RDSEED; RNDRRS on aarch64. The CPU's conditioned noise (Intel DRNG guide 2.1,
 * 3.3.2; AMD Random Number Generator, 2017; Arm ARM, RNDRRS, "fresh full
 * entropy"): the makers state full entropy, the claim is half of it. It runs
 * dry: 'not ready' is an answer, not a failure, and a host or a neighbour can
 * make it the only one.
 */
#include <stddef.h>

#include "source/cpu_insn.h"
#include "source/cpu_words.h"

static bool rdseed_word(uint64_t *ret_word)
{
	return cpu_insn_rdseed(ret_word);
}

static const struct cpu_generator rdseed = {
	.instruction = CPU_RDSEED,
	.name = CPU_INSN_RDSEED_NAME,
	.word = rdseed_word,
};

static int rdseed_open(struct source *s, const struct source_options *options)
{
	(void)options;
	return cpu_words_open(s, &rdseed);
}

static ssize_t rdseed_read(struct source *s, uint8_t *ret_raw, size_t len_bytes)
{
	return cpu_words_patient(s, &rdseed, ret_raw, len_bytes);
}

const struct source_class source_rdseed = {
	.name = "rdseed",
	.title = "the CPU's conditioned noise source",
	.domain = DOMAIN_CPU,
	.flags = SOURCE_CONDITIONED,
	.record_bytes = 1,
	.symbol_bits = 8,
	.claim = {
		.mbits_per_symbol = 4000,
		.basis = "docs/claims.md: rdseed. Half of the full entropy "
			 "the makers state",
		.platforms = "Intel, AMD and Arm FEAT_RNG, by their "
			     "documents; run on AMD Zen 4 under KVM",
	},
	.test_mbits = 4000,
	/* The read bounds itself at CPU_WORDS_PATIENCE_NS. */
	.deadline_ns = 0,
	.batch_bytes = 512,
	.open = rdseed_open,
	.read = rdseed_read,
	.close = source_close_fd,
};
