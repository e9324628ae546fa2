/* SPDX-License-Identifier: ISC */
/* The replay against the tests that run in the engine. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "assess/sp80090b/health_replay.h"
#include "base/bytes.h"
#include "health/health.h"
#include "specimen_data.h"

#define LENGTH 30000

struct counted {
	uint64_t failures, first;
};

static struct counted count_rct(const uint8_t *s, size_t n, uint32_t h_mbits,
				unsigned alpha_log2)
{
	struct counted c = { 0, 0 };
	struct health_rct t;

	health_rct_init(&t, h_mbits, alpha_log2);
	for (size_t i = 0; i < n; i++) {
		if (health_rct_feed(&t, s[i]) != HEALTH_FAIL)
			continue;
		c.first = c.failures++ == 0 ? i : c.first;
		health_rct_reset(&t);
	}
	return c;
}

static struct counted count_apt(const uint8_t *s, size_t n, uint32_t h_mbits,
				unsigned bits, unsigned alpha_log2)
{
	struct counted c = { 0, 0 };
	struct health_apt t;

	health_apt_init(&t, h_mbits, bits, alpha_log2);
	for (size_t i = 0; i < n; i++) {
		if (health_apt_feed(&t, s[i]) != HEALTH_FAIL)
			continue;
		c.first = c.failures++ == 0 ? i : c.first;
		health_apt_reset(&t);
	}
	return c;
}

static void agree(const struct samples *s, uint32_t h_mbits, unsigned alpha_log2)
{
	struct counted rct = count_rct(s->symbols, s->n, h_mbits, alpha_log2);
	struct counted apt = count_apt(s->symbols, s->n, h_mbits, s->bits,
				       alpha_log2);
	struct health_apt t;
	struct health_rct u;
	struct health_replay r;

	health_apt_init(&t, h_mbits, s->bits, alpha_log2);
	health_rct_init(&u, h_mbits, alpha_log2);
	assert_int_equal(health_replay(s, h_mbits, alpha_log2, &r), 0);
	assert_int_equal(r.window, t.window);
	assert_int_equal(r.repetition_count.cutoff, u.cutoff);
	assert_int_equal(r.adaptive_proportion.cutoff, t.cutoff);
	assert_int_equal(r.repetition_count.failures, rct.failures);
	assert_int_equal(r.repetition_count.first, rct.first);
	assert_int_equal(r.adaptive_proportion.failures, apt.failures);
	assert_int_equal(r.adaptive_proportion.first, apt.first);
}

static void agrees_with_the_engine_on_every_specimen(void **state)
{
	static const uint32_t h[] = { 1, 50, 300, 500, 1000, 1500, 8000 };
	static const unsigned alpha[] = { 1, 8, 20, 30, 40, 60 };
	static uint8_t s[LENGTH];

	(void)state;
	for (unsigned kind = 0; kind <= SPECIMEN_REPEAT8; kind++) {
		struct samples v = { s, LENGTH, 1 };

		specimen_fill(kind, 44, s, LENGTH);
		v.bits = samples_width(s, LENGTH);
		for (unsigned i = 0; i < ARRAY_LEN(h); i++) {
			for (unsigned k = 0; k < ARRAY_LEN(alpha); k++) {
				if (h[i] <= 1000 * v.bits)
					agree(&v, h[i], alpha[k]);
			}
		}
	}
}

/* Zeros are three of five until there are enough; then ones to the end. */
static void fill_zeros(uint8_t *s, size_t n, unsigned zeros)
{
	for (size_t i = 0; i < n; i++) {
		s[i] = zeros == 0 || i % 5 == 1 || i % 5 == 3;
		zeros -= s[i] == 0;
	}
}

/*
 * H = 1, alpha 2^-30: 31 equal ones in a row (4.4.1), and 609 of 1024, the
 * least C with P(Binomial(1024, 1/2) >= C) <= 2^-30, summed in whole numbers.
 */
static void fails_on_the_cutoff_and_not_before(void **state)
{
	static uint8_t s[1024];
	struct samples v = { s, 30, 1 };
	struct health_replay r;

	(void)state;
	assert_int_equal(health_replay(&v, 1000, 30, &r), 0);
	assert_int_equal(r.repetition_count.cutoff, 31);
	assert_int_equal(r.repetition_count.failures, 0);
	assert_int_equal(r.repetition_count.most, 30);
	v.n = 31;
	assert_int_equal(health_replay(&v, 1000, 30, &r), 0);
	assert_int_equal(r.repetition_count.failures, 1);
	assert_int_equal(r.repetition_count.first, 30);
	assert_int_equal(r.adaptive_proportion.cutoff, 609);
	v.n = 1024;
	fill_zeros(s, 1024, 608);
	assert_int_equal(health_replay(&v, 1000, 30, &r), 0);
	assert_int_equal(r.adaptive_proportion.most, 608);
	assert_int_equal(r.adaptive_proportion.failures, 0);
	assert_int_equal(r.repetition_count.failures, 0);
	fill_zeros(s, 1024, 609);
	assert_int_equal(health_replay(&v, 1000, 30, &r), 0);
	assert_int_equal(r.adaptive_proportion.failures, 1);
	assert_true(s[r.adaptive_proportion.first] == 0);
}

static void refuses_what_is_no_claim(void **state)
{
	static const uint8_t s[4] = { 0, 1, 2, 3 };
	struct samples v = { s, 4, 2 }, none = { s, 0, 2 }, narrow = { s, 4, 1 };
	struct health_replay r, untouched;

	(void)state;
	memset(&r, 7, sizeof r);
	untouched = r;
	assert_int_equal(health_replay(&v, 0, 30, &r), -EINVAL);
	assert_int_equal(health_replay(&v, 2001, 30, &r), -EINVAL);
	assert_int_equal(health_replay(&v, 2000, 0, &r), -EINVAL);
	assert_int_equal(health_replay(&v, 2000, 61, &r), -EINVAL);
	assert_int_equal(health_replay(&none, 1000, 30, &r), -EINVAL);
	assert_int_equal(health_replay(&narrow, 1000, 30, &r), -ERANGE);
	assert_memory_equal(&r, &untouched, sizeof r);
	assert_int_equal(health_replay(&v, 2000, 60, &r), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_the_engine_on_every_specimen),
		cmocka_unit_test(fails_on_the_cutoff_and_not_before),
		cmocka_unit_test(refuses_what_is_no_claim),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
