/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Multi most common in window, SP 800-90B 6.3.7, on bits. All four windows are
 * odd, so there is never a tie: the guess is whether more than half are ones.
 */
#include "assess/sp80090b/scoreboard.h"
#include "assess/sp80090b/window.h"

/* The 64 bits that begin `back` before bit i; zeros before the first. */
static uint64_t earlier(const struct sp80090b_data *d, uint64_t i, uint64_t back)
{
	if (i >= back)
		return sp80090b_window(d, i - back);
	if (back - i >= 64)
		return 0;
	return sp80090b_window(d, 0) << (back - i);
}

/*
 * The guesses of all windows at n positions; ones: what each holds before the
 * first of them. Together, because each count waits for its last change.
 */
static void guess(uint32_t ones[MCW_WINDOWS], uint64_t in,
		  const uint64_t out[MCW_WINDOWS], unsigned n,
		  uint64_t ret[MCW_WINDOWS])
{
	uint32_t a = ones[0], b = ones[1], c = ones[2], d = ones[3];

	memset(ret, 0, MCW_WINDOWS * sizeof *ret);
	for (unsigned k = 0; k < n; k++) {
		uint32_t bit = (uint32_t)(in >> k) & 1;

		ret[0] |= (uint64_t)(a > mcw_window[0] / 2) << k;
		ret[1] |= (uint64_t)(b > mcw_window[1] / 2) << k;
		ret[2] |= (uint64_t)(c > mcw_window[2] / 2) << k;
		ret[3] |= (uint64_t)(d > mcw_window[3] / 2) << k;
		a += bit - ((uint32_t)(out[0] >> k) & 1);
		b += bit - ((uint32_t)(out[1] >> k) & 1);
		c += bit - ((uint32_t)(out[2] >> k) & 1);
		d += bit - ((uint32_t)(out[3] >> k) & 1);
	}
	ones[0] = a;
	ones[1] = b;
	ones[2] = c;
	ones[3] = d;
}

int sp80090b_multi_mcw_bits(const struct sp80090b_data *d,
			    struct sp80090b_estimate *ret)
{
	struct scoreboard s = { .leader = 0 };
	uint32_t ones[MCW_WINDOWS] = { 0 };
	uint64_t right[MCW_WINDOWS], out[MCW_WINDOWS];

	if (d->n < MCW_LENGTH_MIN)
		return sp80090b_refuse(ret, "fewer than 4096 symbols");
	for (uint64_t i = 0; i < d->n; i += 64) {
		unsigned n = d->n - i < 64 ? (unsigned)(d->n - i) : 64;
		uint64_t in = sp80090b_window(d, i);

		for (unsigned j = 0; j < MCW_WINDOWS; j++)
			out[j] = earlier(d, i, mcw_window[j]);
		guess(ones, in, out, n, right);
		for (unsigned j = 0; j < MCW_WINDOWS; j++)
			right[j] = ~(right[j] ^ in) &
				   mcw_valid(i, n, mcw_window[j]);
		scoreboard_feed(&s, right, NULL, MCW_WINDOWS, i == 0 ? 63 : 0,
				n);
		if ((i & 0xfffff) == 0 &&
		    sp80090b_tick(d, (double)(1 << 20) / (double)d->n))
			return -ECANCELED;
	}
	sp80090b_predicted(&s.guesses, 2, ret);
	return 0;
}
