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

#define EACH UINT64_C(0x0101010101010101) /* byte of a word */

/* Byte k: the ones among the lowest k + 1 of eight bits. */
static uint64_t ones_up_to(uint64_t bits)
{
	const uint64_t one_each = UINT64_C(0x8040201008040201);
	uint64_t some = (bits & 0xff) * EACH & one_each;

	return ((some + 0x7f * EACH) >> 7 & EACH) * EACH;
}

/*
 * The guesses of a window at 64 positions, eight at a time; *more: by how many
 * the ones in it, before the first of them, are more than half. After up to
 * seven bits it can be another side only where they are less than eight.
 */
static uint64_t guess(int32_t *more, const uint64_t in_up_to[8], uint64_t out)
{
	int32_t now = *more;
	uint64_t guesses = 0;

	for (unsigned k = 0; k < 8; k++, out >>= 8) {
		uint64_t in = in_up_to[k], gone = ones_up_to(out);
		int32_t near = now > 8 ? 8 : now < -8 ? -8 : now;
		/* No byte comes near 0 or 256; 128 is one more than half. */
		uint64_t x = (uint64_t)(near + 127) * EACH + (in << 8) -
			     (gone << 8);

		x = (x >> 7 & EACH) * UINT64_C(0x0102040810204080) >> 56;
		guesses |= x << (8 * k);
		now += (int32_t)(in >> 56) - (int32_t)(gone >> 56);
	}
	*more = now;
	return guesses;
}

int sp80090b_multi_mcw_bits(const struct sp80090b_data *d,
			    struct sp80090b_estimate *ret)
{
	struct scoreboard s = { .leader = 0 };
	uint64_t right[MCW_WINDOWS], in_up_to[8];
	int32_t more[MCW_WINDOWS];

	if (d->n < MCW_LENGTH_MIN)
		return sp80090b_refuse(ret, "fewer than 4096 symbols");
	for (unsigned j = 0; j < MCW_WINDOWS; j++)
		more[j] = -(int32_t)(mcw_window[j] / 2);
	for (uint64_t i = 0; i < d->n; i += 64) {
		unsigned n = d->n - i < 64 ? (unsigned)(d->n - i) : 64;
		uint64_t in = sp80090b_window(d, i);

		for (unsigned k = 0; k < 8; k++)
			in_up_to[k] = ones_up_to(in >> 8 * k);
		for (unsigned j = 0; j < MCW_WINDOWS; j++) {
			uint64_t out = earlier(d, i, mcw_window[j]);

			right[j] = ~(guess(&more[j], in_up_to, out) ^ in) &
				   mcw_valid(i, n, mcw_window[j]);
		}
		scoreboard_feed(&s, right, NULL, MCW_WINDOWS, i == 0 ? 63 : 0,
				n);
		if ((i & 0xfffff) == 0 &&
		    sp80090b_tick(d, (double)(1 << 20) / (double)d->n))
			return -ECANCELED;
	}
	sp80090b_predicted(&s.guesses, 2, ret);
	return 0;
}
