/* SPDX-License-Identifier: ISC */
/*
 * How often good data is called bad: the share of small p-values of each test
 * of SP 800-22, of each bound of FIPS 140-2, and of each verdict, over many
 * streams of SplitMix64. The figures of docs/assess-sp80022.md are from here.
 *
 *     assess_calibrate [STREAMS [BLOCKS [SEED]]]
 */
#include <stdio.h>
#include <stdlib.h>

#include "assess/fips140/fips140.h"
#include "assess/sp80022/suite.h"

#define LEVELS 5

static const double levels[LEVELS] = { 1e-2, 1e-3, 1e-4, 1e-5, 1e-6 };

static uint64_t next(uint64_t *s)
{
	uint64_t z = *s += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

struct tally {
	uint64_t seen;
	uint64_t below[LEVELS];
	double least;
};

static void note(struct tally *t, const struct sp80022_result *r)
{
	for (unsigned i = 0; i < r->p_count; i++) {
		t->seen++;
		for (unsigned k = 0; k < LEVELS; k++)
			t->below[k] += r->p_values[i] < levels[k];
		if (r->p_values[i] < t->least)
			t->least = r->p_values[i];
	}
}

static void print_tally(const char *name, const struct tally *t)
{
	printf("%-26s %8llu", name, (unsigned long long)t->seen);
	for (unsigned k = 0; k < LEVELS; k++)
		printf(" %9.3f", t->seen ? (double)t->below[k] /
						   (double)t->seen / levels[k] :
					   0);
	printf("  %.2e\n", t->least);
}

/* One stream at a time: a verdict on each, and one on all of them. */
static void calibrate_sp80022(unsigned long streams, uint64_t *seed)
{
	static struct sp80022_result r;
	static struct tally tallies[SP80022_TESTS + 1];
	const struct sp80022_params *p = &sp80022_defaults;
	size_t n = SP80022_STREAM_BITS;
	uint64_t *words = calloc(bits_words(n), sizeof *words);
	size_t need = sp80022_need_bytes(n, p) / SP80022_WORK_ALIGN + 1;
	void *work = aligned_alloc(SP80022_WORK_ALIGN,
				   need * SP80022_WORK_ALIGN);
	struct sp80022_family all;
	unsigned long deviating = 0;

	if (!words || !work)
		abort();
	for (unsigned t = 0; t <= SP80022_TESTS; t++)
		tallies[t].least = 1;
	sp80022_family_begin(&all);
	for (unsigned long i = 0; i < streams; i++) {
		struct bits b = { words, n };
		struct sp80022_family one;

		for (size_t w = 0; w < n / 64; w++)
			words[w] = next(seed);
		sp80022_family_begin(&one);
		for (unsigned t = 0; t < SP80022_TESTS; t++) {
			if (sp80022_tests[t]->run(&b, p, work, &r) < 0)
				abort();
			note(&tallies[t], &r);
			note(&tallies[SP80022_TESTS], &r);
			sp80022_family_add(&one, r.p_values, r.p_count);
			sp80022_family_add(&all, r.p_values, r.p_count);
		}
		deviating += sp80022_deviates(&one, 1e-4);
	}
	printf("%lu streams: share of p-values below a level, over the level\n"
	       "%-26s %8s %9s %9s %9s %9s %9s  least\n",
	       streams, "test", "p-values", "1e-2", "1e-3", "1e-4", "1e-5",
	       "1e-6");
	for (unsigned t = 0; t < SP80022_TESTS; t++)
		print_tally(sp80022_tests[t]->name, &tallies[t]);
	print_tally("all", &tallies[SP80022_TESTS]);
	printf("verdicts of single streams that deviate at 1e-4: %lu; of all "
	       "together: adjusted p %.3g\n",
	       deviating, all.adjusted);
	free(words);
	free(work);
}

static void calibrate_fips140(unsigned long blocks, uint64_t *seed)
{
	static struct fips140 f;
	static uint64_t data[FIPS140_BLOCK_BYTES / 4];

	fips140_begin(&f, FIPS140_AS_STANDARD);
	while (f.blocks < blocks) {
		for (size_t i = 0; i < sizeof data / sizeof data[0]; i++)
			data[i] = next(seed);
		fips140_feed(&f, (const uint8_t *)data, sizeof data);
	}
	printf("FIPS 140-2: %llu of %llu blocks fail (%.3e):",
	       (unsigned long long)f.failed_blocks, (unsigned long long)f.blocks,
	       (double)f.failed_blocks / (double)f.blocks);
	for (unsigned i = 0; i < FIPS140_TESTS; i++)
		printf(" %s %llu%s", fips140_names[i],
		       (unsigned long long)f.failures[i],
		       i + 1 < FIPS140_TESTS ? "," : "\n");
}

int main(int argc, char **argv)
{
	unsigned long streams = argc > 1 ? strtoul(argv[1], NULL, 0) : 1000;
	unsigned long blocks = argc > 2 ? strtoul(argv[2], NULL, 0) : 1000000;
	uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 0) : 1;

	printf("seed %llu\n", (unsigned long long)seed);
	if (streams > 0)
		calibrate_sp80022(streams, &seed);
	if (blocks > 0)
		calibrate_fips140(blocks, &seed);
	return 0;
}
