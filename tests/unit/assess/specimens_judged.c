/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "assess/fips140/fips140.h"
#include "assess/quick/quick.h"
#include "assess/sp80022/suite.h"
#include "assess/sp80090b/sp80090b.h"
#include "assess/specimens/specimen.h"
#include "base/bytes.h"

/* Any fixed one would do: the table in docs is of this. */
#define SEED 1

static uint8_t samples[SPECIMEN_SAMPLES], packed[SPECIMEN_SAMPLES];
static uint64_t words[SP80022_STREAM_BITS / 64 + 1];

static size_t make(const struct specimen *s)
{
	s->generate(SEED, samples, sizeof samples);
	if (s->bits == 8) {
		memcpy(packed, samples, sizeof packed);
		return sizeof packed;
	}
	assert_int_equal(s->bits, 1);
	memset(packed, 0, sizeof packed);
	for (size_t i = 0; i < sizeof samples; i++)
		packed[i / 8] |= (uint8_t)(samples[i] << (7 - i % 8));
	return sizeof packed / 8;
}

static bool sp80090b_catches(const struct specimen *s)
{
	struct samples view = { samples, sizeof samples, s->bits };
	static struct sp80090b_result r;

	(void)make(s);
	assert_int_equal(sp80090b_run(&view, NULL, &r), 0);
	return r.h_assessed < SPECIMEN_FULL * s->bits;
}

static bool quick_catches(const struct specimen *s)
{
	struct quick_p p[QUICK_P_VALUES];
	struct quick q;
	double least = 1;

	quick_begin(&q);
	quick_feed(&q, packed, make(s));
	assert_int_equal(quick_p_values(&q, p), 0);
	for (size_t i = 0; i < QUICK_P_VALUES; i++)
		least = p[i].value < least ? p[i].value : least;
	return least * QUICK_P_VALUES < SPECIMEN_ALPHA;
}

static bool fips140_catches(const struct specimen *s)
{
	struct fips140 f;

	fips140_begin(&f, FIPS140_AS_STANDARD);
	fips140_feed(&f, packed, make(s));
	return fips140_p_value(f.blocks, f.failed_blocks) < SPECIMEN_ALPHA;
}

/* All streams where it passes; one that deviates needs no more. */
static bool sp80022_catches(const struct specimen *s)
{
	const struct sp80022_params *params = &sp80022_defaults;
	size_t n_streams = make(s) * 8 / SP80022_STREAM_BITS;
	size_t need_bytes = sp80022_need_bytes(SP80022_STREAM_BITS, params);
	void *work = aligned_alloc(SP80022_WORK_ALIGN,
				   (need_bytes / SP80022_WORK_ALIGN + 1) *
					   SP80022_WORK_ALIGN);
	struct bits b = { words, SP80022_STREAM_BITS };
	static struct sp80022_result r;
	struct sp80022_family family;

	assert_non_null(work);
	sp80022_family_begin(&family);
	for (size_t k = 0; k < n_streams; k++) {
		bits_fill(words, packed + k * SP80022_STREAM_BITS / 8,
			  SP80022_STREAM_BITS, BITS_MSB_FIRST);
		for (size_t t = 0; t < SP80022_TESTS; t++) {
			assert_int_equal(
				sp80022_tests[t]->run(&b, params, work, &r), 0);
			sp80022_family_add(&family, r.p_values, r.p_count);
		}
		/* Were all to come at p = 1, it would still deviate. */
		if (family.adjusted * (double)n_streams < SPECIMEN_ALPHA)
			break;
	}
	free(work);
	return sp80022_deviates(&family, SPECIMEN_ALPHA);
}

static void as_the_table_says(enum specimen_caught suite,
			      bool (*catches)(const struct specimen *s))
{
	const struct specimen *s;

	for (size_t i = 0; (s = specimen_at(i)) != NULL; i++)
		if (catches(s) != ((s->caught & suite) != 0))
			fail_msg("%s is%s caught", s->name,
				 (s->caught & suite) != 0 ? " not" : "");
}

static void sp80090b_as_the_table_says(void **state)
{
	(void)state;
	as_the_table_says(SPECIMEN_SP80090B, sp80090b_catches);
}

static void sp80022_as_the_table_says(void **state)
{
	(void)state;
	as_the_table_says(SPECIMEN_SP80022, sp80022_catches);
}

static void fips140_as_the_table_says(void **state)
{
	(void)state;
	as_the_table_says(SPECIMEN_FIPS140, fips140_catches);
}

static void quick_as_the_table_says(void **state)
{
	(void)state;
	as_the_table_says(SPECIMEN_QUICK, quick_catches);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(quick_as_the_table_says),
		cmocka_unit_test(fips140_as_the_table_says),
		cmocka_unit_test(sp80022_as_the_table_says),
		cmocka_unit_test(sp80090b_as_the_table_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
