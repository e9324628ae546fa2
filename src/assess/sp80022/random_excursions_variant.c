/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "assess/sp80022/excursions.h"

#define STATES (2 * EXCURSIONS_REACH)

/* -9 to -1, then 1 to 9. */
static int state_of(unsigned i)
{
	return (int)i - EXCURSIONS_REACH + (i >= EXCURSIONS_REACH);
}

static unsigned p_count(const struct sp80022_params *p)
{
	(void)p;
	return STATES;
}

static size_t least_bits(const struct sp80022_params *p)
{
	(void)p;
	return 1000000; /* 2.15.7 */
}

static int run(const struct bits *b, const struct sp80022_params *p, void *work,
	       struct sp80022_result *ret)
{
	static const char *const names[STATES] = {
		"xi -9", "xi -8", "xi -7", "xi -6", "xi -5", "xi -4",
		"xi -3", "xi -2", "xi -1", "xi 1",  "xi 2",  "xi 3",
		"xi 4",  "xi 5",  "xi 6",  "xi 7",  "xi 8",  "xi 9",
	};
	struct excursions e;
	double cycles;

	(void)work;
	excursions_walk(b, &e);
	cycles = (double)e.cycles;
	sp80022_begin(ret);
	sp80022_note(ret, "J", cycles);
	if (cycles < excursions_least(b->n_bits, p)) {
		ret->why = "the walk comes back to zero too rarely "
			   "(2.14.4 step 3)";
		return 0;
	}
	for (unsigned i = 0; i < STATES; i++) {
		int x = state_of(i);
		double visits = (double)e.visits[x + EXCURSIONS_REACH];
		double spread = sqrt(2 * cycles * (4.0 * abs(x) - 2));

		sp80022_note(ret, names[i], visits);
		sp80022_p(ret, erfc(fabs(visits - cycles) / spread));
	}
	return 0;
}

static void label(const struct sp80022_params *p, unsigned i, char *ret,
		  size_t cap_bytes)
{
	(void)p;
	(void)snprintf(ret, cap_bytes, "%d", state_of(i));
}

/* SP 800-22 rev 1a, 2.15. */
const struct sp80022_test sp80022_random_excursions_variant = {
	.name = "random-excursions-variant",
	.section = "2.15",
	.p_count = p_count,
	.least_bits = least_bits,
	.need_bytes = sp80022_no_work,
	.run = run,
	.label = label,
};
