/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Multi most common in window, SP 800-90B 6.3.7, on symbols. A window guesses
 * its most frequent symbol, the one seen last of those that are. That one has
 * to be looked for only when it loses an occurrence and another may have as
 * many: `others` bounds what the others have.
 */
#include <stdlib.h>

#include "assess/sp80090b/scoreboard.h"
#include "assess/sp80090b/window.h"

struct window {
	uint32_t length;
	uint32_t count[SAMPLE_VALUES];
	uint64_t last[SAMPLE_VALUES]; /* where it was seen last */
	uint32_t others;
	uint8_t most;
};

static void look_for_most(struct window *w, unsigned alphabet)
{
	unsigned most = 0;

	for (unsigned v = 1; v < alphabet; v++) {
		if (w->count[v] > w->count[most] ||
		    (w->count[v] == w->count[most] && w->last[v] > w->last[most]))
			most = v;
	}
	w->others = 0;
	for (unsigned v = 0; v < alphabet; v++) {
		if (v != most && w->count[v] > w->others)
			w->others = w->count[v];
	}
	w->most = (uint8_t)most;
}

static void add(struct window *w, uint8_t symbol, uint64_t i)
{
	uint32_t now = ++w->count[symbol];

	w->last[symbol] = i;
	if (symbol == w->most)
		return;
	if (now >= w->count[w->most]) {
		/* The old one is among the others now. */
		w->others = w->count[w->most];
		w->most = symbol;
	} else if (now > w->others) {
		w->others = now;
	}
}

static void drop(struct window *w, uint8_t symbol, unsigned alphabet)
{
	w->count[symbol]--;
	if (symbol == w->most && w->count[symbol] <= w->others)
		look_for_most(w, alphabet);
}

static uint64_t guess_block(struct window *w, const struct sp80090b_data *d,
			    uint64_t i, unsigned n)
{
	uint64_t right = 0;

	for (unsigned k = 0; k < n; k++) {
		uint8_t symbol = d->symbols[i + k];

		right |= (uint64_t)(w->most == symbol) << k;
		/* In first: dropping must find the window as it will be. */
		add(w, symbol, i + k + 1);
		if (i + k >= w->length)
			drop(w, d->symbols[i + k - w->length], d->alphabet);
	}
	return right & mcw_valid(i, n, w->length);
}

static int predict(struct window w[MCW_WINDOWS], const struct sp80090b_data *d,
		   struct sp80090b_guesses *ret)
{
	struct scoreboard s = { .leader = 0 };

	for (unsigned j = 0; j < MCW_WINDOWS; j++)
		w[j].length = mcw_window[j];
	for (uint64_t i = 0; i < d->n; i += 64) {
		unsigned n = d->n - i < 64 ? (unsigned)(d->n - i) : 64;
		uint64_t right[MCW_WINDOWS];

		for (unsigned j = 0; j < MCW_WINDOWS; j++)
			right[j] = guess_block(&w[j], d, i, n);
		scoreboard_feed(&s, right, NULL, MCW_WINDOWS, i == 0 ? 63 : 0,
				n);
		if ((i & 0x3ffff) == 0 &&
		    sp80090b_tick(d, 0x40000 / (double)d->n))
			return -ECANCELED;
	}
	*ret = s.guesses;
	return 0;
}

int sp80090b_multi_mcw_symbols(const struct sp80090b_data *d,
			       struct sp80090b_estimate *ret)
{
	struct sp80090b_guesses g;
	struct window *w;
	int r;

	if (d->n < MCW_LENGTH_MIN)
		return sp80090b_refuse(ret, "fewer than 4096 symbols");
	w = calloc(MCW_WINDOWS, sizeof *w);
	if (w == NULL)
		return -ENOMEM;
	r = predict(w, d, &g);
	free(w);
	if (r < 0)
		return r;
	sp80090b_predicted(&g, d->alphabet, ret);
	return 0;
}
