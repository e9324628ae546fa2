/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MultiMMC prediction on bits, for whatever instruction set includes this. A
 * context of m bits indexes a table. Up to 15 bits only which successor leads
 * matters: a table holds 2 (ones - zeros) + 1, and 0 for a context never seen.
 * 16 bits have 2^17 entries, more than the 100,000 that the standard lets a
 * model hold, so what was not seen in time stays unseen: there it is kept which
 * entries there are, until no more may be made.
 *
 * As in NIST's program, a model that has not seen the context makes no guess,
 * and no guess neither prolongs nor ends a run of correct ones.
 */
#ifndef AQUIFER_ASSESS_SP80090B_MMC_BITS_H
#define AQUIFER_ASSESS_SP80090B_MMC_BITS_H

#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/mmc.h"
#include "assess/sp80090b/scoreboard.h"

#define MMC_FULL MMC_ORDERS /* the order whose table can run full */
#define MMC_SHORT (MMC_FULL - 1)
#define MMC_LEADS 74896 /* places, in the way that takes the most */

struct mmc_bits {
	/*
	 * Of order MMC_FULL; once no more entries may be made, 2 or -2 for good
	 * where only one successor counts.
	 */
	int32_t full[1u << MMC_FULL];
	uint8_t has[1u << MMC_FULL]; /* entries: bit 0 for a zero, 1 for a one */
	uint32_t entries;
	bool is_frozen;
	uint32_t unseen[MMC_FULL]; /* contexts, by order */
	int32_t *lead;             /* in `room`, where a cache line begins */
	int32_t room[MMC_LEADS + 16];
};

/* Bit k: position k of a block of 64. */
struct mmc_guesses {
	uint64_t right[MMC_ORDERS], made[MMC_ORDERS];
};

/*
 * How an instruction set does the orders below MMC_FULL. place: where the lead
 * of a context is. block: n positions; history: the bits before them, the last
 * one lowest; what `ret` has beyond them does not matter. all_seen: no context
 * is new, and `made` need not be told.
 */
typedef uint32_t mmc_place_fn(unsigned order, uint32_t context);
typedef void mmc_block_fn(int32_t *lead, uint32_t history, uint64_t bits,
			  unsigned n, bool all_seen, struct mmc_guesses *ret);

/* The first n of 64, the last lowest, with the first lowest instead. */
SCOREBOARD_INLINE uint64_t mmc_reversed(uint64_t w, unsigned n)
{
	w = (w & UINT64_C(0x5555555555555555)) << 1 |
	    (w >> 1 & UINT64_C(0x5555555555555555));
	w = (w & UINT64_C(0x3333333333333333)) << 2 |
	    (w >> 2 & UINT64_C(0x3333333333333333));
	w = (w & UINT64_C(0x0f0f0f0f0f0f0f0f)) << 4 |
	    (w >> 4 & UINT64_C(0x0f0f0f0f0f0f0f0f));
	return __builtin_bswap64(w) >> (64 - n);
}

/* The first usable one is taken; NULL ends the table. */
struct mmc_bits_way {
	const char *name;
	bool (*usable)(void);
	int (*run)(struct mmc_bits *m, const struct sp80090b_data *d,
		   struct sp80090b_guesses *ret);
};
extern const struct mmc_bits_way mmc_bits_ways[];

#if defined(__x86_64__)
bool mmc_bits_usable_256(void);
int mmc_bits_run_256(struct mmc_bits *m, const struct sp80090b_data *d,
		     struct sp80090b_guesses *ret);
#endif

/* d: MMC_BITS_MIN bits at least. Returns 0, -ENOMEM or -ECANCELED. */
int mmc_bits_guess(const struct mmc_bits_way *way,
		   const struct sp80090b_data *d, struct sp80090b_guesses *ret);

/* No entry can be made any more: who counts what is settled. */
static inline void mmc_freeze(struct mmc_bits *m)
{
	for (uint32_t x = 0; x < 1u << MMC_FULL; x++) {
		if (m->has[x] == 1 || m->has[x] == 2)
			m->full[x] = m->has[x] == 2 ? 2 : -2;
	}
	m->is_frozen = true;
}

SCOREBOARD_INLINE void mmc_block_frozen(struct mmc_bits *m, uint32_t history,
					uint64_t bits, unsigned n,
					struct mmc_guesses *ret)
{
	uint64_t right = 0, made = 0;

	for (unsigned k = 0; k < n; k++, bits >>= 1) {
		int32_t *lead = &m->full[history & 0xffff], e = *lead;
		int32_t sign = -(int32_t)(bits & 1), step = (e & 1) * 2;

		/* The sign bit is set where the guess is right. */
		right = right * 2 + ((uint32_t)((e ^ sign) - sign) >> 31);
		made = made * 2 + (e != 0);
		*lead = e - ((step ^ sign) - sign);
		history = history * 2 + (uint32_t)(bits & 1);
	}
	ret->right[MMC_FULL - 1] = mmc_reversed(right, n);
	ret->made[MMC_FULL - 1] = mmc_reversed(made, n);
}

SCOREBOARD_INLINE void mmc_block_full(struct mmc_bits *m, uint32_t history,
				      uint64_t bits, unsigned n,
				      struct mmc_guesses *ret)
{
	uint64_t right = 0, made = 0;
	uint32_t entries = m->entries;

	for (unsigned k = 0; k < n; k++, bits >>= 1) {
		uint32_t x = history & 0xffff, bit = bits & 1;
		uint32_t had = m->has[x] >> bit & 1;
		uint32_t counts = had | (entries < MMC_ENTRIES);
		int32_t e = m->full[x];

		right = right * 2 + ((e != 0) & ((e > 0) == bit));
		made = made * 2 + (e != 0);
		entries += counts & ~had;
		m->has[x] |= (uint8_t)(counts << bit);
		m->full[x] = counts ? (e | 1) + 4 * (int32_t)bit - 2 : e;
		history = history * 2 + bit;
	}
	ret->right[MMC_FULL - 1] = mmc_reversed(right, n);
	ret->made[MMC_FULL - 1] = mmc_reversed(made, n);
	m->entries = entries;
	if (entries == MMC_ENTRIES)
		mmc_freeze(m);
}

/* Where the sequence begins, an order has to wait for its first context. */
SCOREBOARD_INLINE void mmc_first_block(struct mmc_bits *m, uint64_t bits,
				       unsigned n, mmc_place_fn *place,
				       struct mmc_guesses *ret)
{
	uint64_t rest = bits >> MMC_FULL;
	uint32_t history = 0, first = (uint32_t)mmc_reversed(bits, MMC_FULL);

	memset(ret, 0, sizeof *ret);
	mmc_block_full(m, first, rest, n - MMC_FULL, ret);
	ret->right[MMC_FULL - 1] <<= MMC_FULL;
	ret->made[MMC_FULL - 1] <<= MMC_FULL;
	for (unsigned k = 0; k < n; k++, bits >>= 1) {
		bool bit = bits & 1;

		for (unsigned order = 1; order <= MMC_SHORT && order <= k;
		     order++) {
			uint32_t context = history & ((1u << order) - 1);
			int32_t *lead = &m->lead[place(order, context)];
			bool made = *lead != 0, right = (*lead > 0) == bit;

			ret->right[order - 1] |= (uint64_t)(made & right) << k;
			ret->made[order - 1] |= (uint64_t)made << k;
			m->unseen[order] -= !made;
			*lead = (*lead | 1) + 4 * bit - 2;
		}
		history = history * 2 + bit;
	}
}

SCOREBOARD_INLINE void mmc_next_block(struct mmc_bits *m,
				      const struct sp80090b_data *d, uint64_t i,
				      unsigned n, mmc_block_fn *block,
				      struct mmc_guesses *ret)
{
	uint64_t bits = sp80090b_window(d, i), all = ~UINT64_C(0) >> (64 - n);
	uint32_t unseen = 0;
	uint32_t history = (uint32_t)mmc_reversed(sp80090b_window(d, i - 64),
						  64);

	for (unsigned order = 1; order <= MMC_SHORT; order++)
		unseen |= m->unseen[order];
	if (m->is_frozen)
		mmc_block_frozen(m, history, bits, n, ret);
	else
		mmc_block_full(m, history, bits, n, ret);
	if (unseen == 0)
		block(m->lead, history, bits, n, true, ret);
	else
		block(m->lead, history, bits, n, false, ret);
	for (unsigned order = 1; order <= MMC_SHORT; order++) {
		uint64_t made = unseen == 0 ? all : ret->made[order - 1] & all;

		ret->right[order - 1] &= made;
		ret->made[order - 1] = made;
		m->unseen[order] -= n - (unsigned)__builtin_popcountll(made);
	}
}

SCOREBOARD_INLINE int mmc_bits_predict(struct mmc_bits *m,
				       const struct sp80090b_data *d,
				       mmc_place_fn *place, mmc_block_fn *block,
				       struct sp80090b_guesses *ret)
{
	struct scoreboard s = { .leader = 0 };
	struct mmc_guesses g;

	for (unsigned order = 1; order <= MMC_SHORT; order++)
		m->unseen[order] = 1u << order;
	for (uint64_t i = 0; i < d->n; i += 64) {
		unsigned n = d->n - i < 64 ? (unsigned)(d->n - i) : 64;

		if (i > 0) {
			mmc_next_block(m, d, i, n, block, &g);
		} else {
			mmc_first_block(m, sp80090b_window(d, 0), n, place, &g);
		}
		scoreboard_feed(&s, g.right, g.made, MMC_ORDERS, i == 0 ? 2 : 0,
				n);
		if ((i & 0xfffff) == 0 &&
		    sp80090b_tick(d, 0x100000 / (double)d->n))
			return -ECANCELED;
	}
	*ret = s.guesses;
	return 0;
}

#endif
