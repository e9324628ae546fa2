/* SPDX-License-Identifier: ISC */
/* The specimens' estimates against those of NIST's own program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "sanitized.h"
#include "sp80090b_figures.h"

#define TOLERANCE 1e-10

static void assert_same(const struct sp80090b_estimate *e, double figure)
{
	assert_int_equal(e->why_not != NULL, isnan(figure) != 0);
	if (e->why_not == NULL)
		assert_true(fabs(e->h - figure) < TOLERANCE);
}

static void assert_figures(const struct figures *f)
{
	struct sp80090b_result r;
	struct sp80090b_options o = { 2, NULL, NULL };
	uint8_t *symbols = malloc(f->n);
	struct samples s = { symbols, f->n, f->bits };

	assert_non_null(symbols);
	specimen_fill(f->kind, f->seed, symbols, f->n);
	assert_int_equal(sp80090b_run(&s, &o, &r), 0);
	for (unsigned i = 0; i < SP80090B_COUNT; i++) {
		assert_same(&r.original[i], f->original[i]);
		if (r.has_bitstring)
			assert_same(&r.bitstring[i], f->bitstring[i]);
	}
	assert_true(fabs(r.h_assessed - f->assessed) < TOLERANCE);
	free(symbols);
}

static void a_hundred_thousand_samples(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(figures_short); i++)
		assert_figures(&figures_short[i]);
}

static void a_million_samples(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(figures_long); i++) {
		/* Eight times as much: not under a sanitizer. */
		if (!SANITIZED || figures_long[i].bits == 1)
			assert_figures(&figures_long[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hundred_thousand_samples),
		cmocka_unit_test(a_million_samples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
