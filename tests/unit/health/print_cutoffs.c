/* SPDX-License-Identifier: ISC */
/*
 * Every cutoff in force for every H, one line each, for tools/cutoffs.py to
 * check: alpha_log2 symbol_bits test_mbits, then rct apt difference(8 16 32 64)
 * word(16 32 64) rate(16 32 64) block.
 */
#include <stdio.h>
#include <stdlib.h>

#include "health/health.h"

static void print_lane(const struct health *h)
{
	const struct health_known_bad *kb = &h->known_bad;

	printf("%u %u %u %u %u %u", h->config.alpha_log2, h->config.symbol_bits,
	       h->config.test_mbits, h->rct.cutoff, h->apt.cutoff,
	       kb->difference_8.cutoff);
	/* Phases of 2, 4 and 8 symbols begin at 0, 2 and 6. */
	for (unsigned i = 0; i <= 6; i += i + 2)
		printf(" %u", kb->phase[i].difference_le.cutoff);
	for (unsigned i = 0; i <= 6; i += i + 2)
		printf(" %u", kb->phase[i].word.cutoff);
	for (unsigned w = 0; w < HEALTH_WIDTHS; w++)
		printf(" %u", kb->rate[w].cutoff);
	printf(" %u\n", kb->equal_block.block);
}

int main(void)
{
	static const unsigned alpha_log2[] = { 8, 20, 30, 40, 54, 60 };
	static const unsigned bits[] = { 1, 8 };
	static struct health h;

	for (unsigned a = 0; a < 6; a++) {
		for (unsigned b = 0; b < 2; b++) {
			/* Each H at the default alpha, every 25th at others. */
			unsigned step = alpha_log2[a] == HEALTH_ALPHA_LOG2 ? 1 :
									     25;

			for (unsigned m = step; m <= 1000 * bits[b]; m += step) {
				const struct health_config c = { m, bits[b],
								 alpha_log2[a],
								 0 };

				if (health_init(&h, &c) < 0)
					return EXIT_FAILURE;
				print_lane(&h);
			}
		}
	}
	return fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
