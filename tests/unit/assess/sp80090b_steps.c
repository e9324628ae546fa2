/* SPDX-License-Identifier: ISC */
/* The values on the way to each estimate against those of NIST's program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "sanitized.h"
#include "sp80090b_steps.h"
#include "specimen_data.h"

#define N 1000000
#define RELATIVE 1e-11

static double ours(const struct sp80090b_estimate *e, const char *name)
{
	if (name == NULL)
		return e->h;
	for (unsigned k = 0; k < e->n_details; k++) {
		if (strcmp(e->detail[k].name, name) == 0)
			return e->detail[k].value;
	}
	return NAN;
}

static void assert_steps(enum specimen_kind kind, uint64_t seed, unsigned bits,
			 const struct step *steps, size_t n_steps)
{
	struct sp80090b_options o = { .threads = 2 };
	struct sp80090b_result r;
	uint8_t *symbols = malloc(N);
	struct samples s = { symbols, N, bits };

	assert_non_null(symbols);
	specimen_fill(kind, seed, symbols, N);
	assert_int_equal(sp80090b_run(&s, &o, &r), 0);
	for (size_t k = 0; k < n_steps; k++) {
		const struct step *t = &steps[k];
		double value = ours(t->of_bits ? &r.bitstring[t->id] :
						 &r.original[t->id],
				    t->name);

		/* Not if it is missing either: NaN compares false. */
		assert_true(fabs(value - t->value) <= RELATIVE * t->value);
	}
	free(symbols);
}

static void bits_have_the_same_steps(void **state)
{
	(void)state;
	assert_steps(SPECIMEN_BIASED1, 4, 1, steps_biased1,
		     ARRAY_LEN(steps_biased1));
}

static void symbols_have_the_same_steps(void **state)
{
	(void)state;
	not_sanitized();
	assert_steps(SPECIMEN_STICKY8, 7, 8, steps_sticky8,
		     ARRAY_LEN(steps_sticky8));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bits_have_the_same_steps),
		cmocka_unit_test(symbols_have_the_same_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
