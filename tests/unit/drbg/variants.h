/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_DRBG_VARIANTS_H
#define AQUIFER_TESTS_DRBG_VARIANTS_H

/* Runs a test on every variant that this CPU has. Included after cmocka.h. */
#include "drbg/chacha20.h"

static inline void for_each_usable(void (*test)(const struct chacha20_variant *v))
{
	const struct chacha20_variant *v;
	size_t n_run = 0;

	for (size_t i = 0; (v = chacha20_variant_at(i)) != NULL; i++) {
		if (!v->usable()) {
			print_message("%s: not on this CPU\n", v->name);
			continue;
		}
		test(v);
		n_run++;
	}
	assert_true(n_run > 0);
}

#endif
