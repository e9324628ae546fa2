/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "assess/sp80022/suite.h"
#include "base/bytes.h"
#include "sp80022_figures.h"
#include "specimen_data.h"

#define STREAMS 10
#define N SP80022_STREAM_BITS

static const struct figure {
	const struct sp80022_test *test;
	const int *p; /* millionths */
	size_t n;
	unsigned a_stream;
} figures[] = {
	{ &sp80022_frequency, of_frequency, ARRAY_LEN(of_frequency), 1 },
	{ &sp80022_block_frequency, of_block_frequency,
	  ARRAY_LEN(of_block_frequency), 1 },
	{ &sp80022_cumulative_sums, of_cumulative_sums,
	  ARRAY_LEN(of_cumulative_sums), 2 },
	{ &sp80022_runs, of_runs, ARRAY_LEN(of_runs), 1 },
	{ &sp80022_longest_run, of_longest_run, ARRAY_LEN(of_longest_run), 1 },
	{ &sp80022_rank, of_rank, ARRAY_LEN(of_rank), 1 },
	{ &sp80022_dft, of_dft, ARRAY_LEN(of_dft), 1 },
	{ &sp80022_overlapping, of_overlapping, ARRAY_LEN(of_overlapping), 1 },
	{ &sp80022_universal, of_universal, ARRAY_LEN(of_universal), 1 },
	{ &sp80022_approximate_entropy, of_approximate_entropy,
	  ARRAY_LEN(of_approximate_entropy), 1 },
	{ &sp80022_serial, of_serial, ARRAY_LEN(of_serial), 2 },
	{ &sp80022_linear_complexity, of_linear_complexity,
	  ARRAY_LEN(of_linear_complexity), 1 },
	{ &sp80022_random_excursions, of_random_excursions,
	  ARRAY_LEN(of_random_excursions), 8 },
	{ &sp80022_random_excursions_variant, of_random_excursions_variant,
	  ARRAY_LEN(of_random_excursions_variant), 18 },
	{ &sp80022_non_overlapping, of_non_overlapping,
	  ARRAY_LEN(of_non_overlapping), 148 },
};

static uint8_t *bytes;
static uint64_t *words;
static void *work;

static int set_up(void **state)
{
	size_t need = sp80022_need_bytes(N, &sp80022_defaults) /
			      SP80022_WORK_ALIGN +
		      1;

	(void)state;
	bytes = malloc(STREAMS * N / 8);
	words = malloc(bits_words(N) * sizeof *words);
	work = aligned_alloc(SP80022_WORK_ALIGN, need * SP80022_WORK_ALIGN);
	if (!bytes || !words || !work)
		return -1;
	specimen_fill(SPECIMEN_UNIFORM8, 201, bytes, STREAMS * N / 8);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(bytes);
	free(words);
	free(work);
	return 0;
}

static void load(unsigned stream, struct bits *ret)
{
	bits_fill(words, bytes + stream * N / 8, N, BITS_MSB_FIRST);
	*ret = (struct bits){ words, N };
}

/* The last stream's figures are the last ones: templates have two streams. */
static void check(const struct figure *f, unsigned stream,
		  const struct sp80022_result *r)
{
	size_t streams = f->n / f->a_stream;
	const int *want = f->p + (size_t)stream * f->a_stream;

	if (streams < STREAMS) {
		if (stream != 0 && stream != STREAMS - 1)
			return;
		want = stream == 0 ? f->p : f->p + f->n - f->a_stream;
	}
	assert_int_equal(f->test->p_count(&sp80022_defaults), f->a_stream);
	if (want[0] < 0) {
		assert_int_equal(r->p_count, 0);
		return;
	}
	assert_int_equal(r->p_count, f->a_stream);
	for (unsigned i = 0; i < f->a_stream; i++)
		if (fabs(r->p_values[i] * 1e6 - want[i]) > 0.501)
			fail_msg("%s, stream %u, %u: %.8f, not 0.%06d",
				 f->test->name, stream, i, r->p_values[i],
				 want[i]);
}

static void all_six_digits_agree(void **state)
{
	static struct sp80022_result r;

	(void)state;
	for (unsigned stream = 0; stream < STREAMS; stream++) {
		struct bits b;

		load(stream, &b);
		for (size_t i = 0; i < ARRAY_LEN(figures); i++) {
			assert_int_equal(figures[i].test->run(&b,
							      &sp80022_defaults,
							      work, &r),
					 0);
			check(&figures[i], stream, &r);
		}
	}
}

/* Bit for bit the same, whatever was in the memory. */
static void a_second_run_gives_the_same(void **state)
{
	static struct sp80022_result first, second;
	struct bits b;

	(void)state;
	load(3, &b);
	for (size_t i = 0; i < SP80022_TESTS; i++) {
		const struct sp80022_test *t = sp80022_tests[i];

		memset(work, 0, t->need_bytes(N, &sp80022_defaults));
		assert_int_equal(t->run(&b, &sp80022_defaults, work, &first), 0);
		memset(work, 0x5a, t->need_bytes(N, &sp80022_defaults));
		assert_int_equal(t->run(&b, &sp80022_defaults, work, &second),
				 0);
		assert_int_equal(first.p_count, second.p_count);
		assert_memory_equal(first.p_values, second.p_values,
				    first.p_count * sizeof(double));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_six_digits_agree),
		cmocka_unit_test(a_second_run_gives_the_same),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
