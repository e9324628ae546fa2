/* SPDX-License-Identifier: ISC */
#include "health/cutoff.h"
#include "health/health.h"

void health_apt_init(struct health_apt *t, uint32_t h_mbits,
		     unsigned symbol_bits, unsigned alpha_log2)
{
	health_apt_reset(t);
	t->window = symbol_bits == 1 ? HEALTH_APT_WINDOW_BINARY :
				       HEALTH_APT_WINDOW;
	t->cutoff = health_cutoff_count(t->window, h_mbits, alpha_log2);
}

/*
 * The standard counts the first symbol as equal to itself, so it has W - 1
 * chances to reach a cutoff made for W; the bound for that is what
 * tools/cutoffs.py adds up.
 */
enum verdict health_apt_feed(struct health_apt *t, uint8_t symbol)
{
	if (t->seen == 0) {
		t->first = symbol;
		t->equal = 0;
	}
	t->seen++;
	if (symbol == t->first && ++t->equal >= t->cutoff)
		return HEALTH_FAIL;
	if (t->seen == t->window)
		health_apt_close(t);
	return HEALTH_PASS;
}

void health_apt_close(struct health_apt *t)
{
	t->closed_count += t->seen;
	t->seen = 0;
}

void health_apt_reset(struct health_apt *t)
{
	t->closed_count = 0;
	t->seen = 0;
	t->equal = 0;
	t->first = 0;
}
