/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_ASSESS_PLAIN_SP80090B_H
#define AQUIFER_TESTS_ASSESS_PLAIN_SP80090B_H

/*
 * The predictors of SP 800-90B 6.3.7 to 6.3.10, step by step as they are
 * written, for short sequences; their sizes are parameters, because the
 * worked examples have smaller ones. Two things are NIST's program's, not the
 * text's: in MultiMMC, no guess leaves the run of correct ones as it is, and a
 * longer context is not looked up where a shorter one is unknown.
 */
#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PLAIN_Z 2.5758293035489004

struct plain_guesses {
	uint64_t n, correct, longest, run;
};

static inline void plain_note(struct plain_guesses *g, bool right)
{
	g->n++;
	if (!right) {
		g->run = 0;
		return;
	}
	g->correct++;
	if (++g->run > g->longest)
		g->longest = g->run;
}

/* Step 8: ln of the chance of no run of r in n, as the text writes it. */
static inline long double plain_ln_alpha(long double p, uint64_t r, uint64_t n)
{
	long double q = 1 - p, x = 1, last = 0, pr = powl(p, (long double)r);

	for (unsigned i = 0; i < 200 && x != last; i++) {
		last = x;
		x = 1 + q * pr * powl(x, (long double)r + 1);
	}
	return logl(1 - p * x) -
	       logl(((long double)r + 1 - (long double)r * x) * q) -
	       ((long double)n + 1) * logl(x);
}

static inline double plain_predicted(const struct plain_guesses *g, unsigned k)
{
	long double n = (long double)g->n, p = (long double)g->correct / n;
	long double global, low, high = 1;

	if (g->correct == 0)
		global = 1 - powl(0.01L, 1 / n);
	else
		global = p + (long double)PLAIN_Z * sqrtl(p * (1 - p) / (n - 1));
	global = global < 1 ? global : 1;
	global = global > 1.0L / k ? global : 1.0L / k;
	low = global;
	if (global >= 1 ||
	    plain_ln_alpha(global, g->longest + 1, g->n) <= logl(0.99L))
		return (double)-log2l(global);
	for (unsigned i = 0; i < 60; i++) {
		long double middle = (low + high) / 2;

		if (plain_ln_alpha(middle, g->longest + 1, g->n) > logl(0.99L))
			low = middle;
		else
			high = middle;
	}
	return (double)-log2l(high);
}

/* 6.3.7, with windows w[0] < w[1] < ... */
static inline struct plain_guesses plain_multi_mcw(const uint8_t *s, size_t n,
						   const unsigned *w,
						   unsigned n_w)
{
	struct plain_guesses g = { 0, 0, 0, 0 };
	uint64_t score[8] = { 0 };
	unsigned winner = 0;

	for (size_t i = w[0]; i < n; i++) {
		int guess[8];

		for (unsigned j = 0; j < n_w; j++) {
			unsigned count[256] = { 0 }, top = 0;

			guess[j] = -1;
			if (i < w[j])
				continue;
			for (size_t k = i - w[j]; k < i; k++)
				top = ++count[s[k]] > top ? count[s[k]] : top;
			/* The one that appeared most recently, on a tie. */
			for (size_t k = i; guess[j] < 0 && k-- > i - w[j];)
				guess[j] = count[s[k]] == top ? s[k] : -1;
		}
		plain_note(&g, guess[winner] == s[i]);
		for (unsigned j = 0; j < n_w; j++) {
			if (guess[j] != s[i])
				continue;
			if (++score[j] >= score[winner])
				winner = j;
		}
	}
	return g;
}

/* 6.3.8, with lags 1 .. d. */
static inline struct plain_guesses plain_lag(const uint8_t *s, size_t n,
					     unsigned d)
{
	struct plain_guesses g = { 0, 0, 0, 0 };
	uint64_t score[128] = { 0 };
	unsigned winner = 0;

	for (size_t i = 1; i < n; i++) {
		plain_note(&g, i > winner && s[i - winner - 1] == s[i]);
		for (unsigned j = 0; j < d && j < i; j++) {
			if (s[i - j - 1] != s[i])
				continue;
			if (++score[j] >= score[winner])
				winner = j;
		}
	}
	return g;
}

/* (x, y) and how often; x is the symbols before `at`, `length` of them. */
struct plain_entry {
	size_t at;
	unsigned length;
	uint8_t y;
	uint64_t count;
};

struct plain_table {
	struct plain_entry *e;
	size_t n;
};

static inline bool plain_same(const uint8_t *s, const struct plain_entry *e,
			      size_t at, unsigned length)
{
	return e->length == length && s[e->at - 1] == s[at - 1] &&
	       memcmp(s + e->at - length, s + at - length, length) == 0;
}

/* The likeliest y after x, the largest on a tie; false: x is unknown. */
static inline bool plain_best(const uint8_t *s, const struct plain_table *t,
			      size_t at, unsigned length, uint8_t *ret_y,
			      uint64_t *ret_count)
{
	uint64_t most = 0;

	for (size_t k = 0; k < t->n; k++) {
		const struct plain_entry *e = &t->e[k];

		if (!plain_same(s, e, at, length))
			continue;
		if (e->count > most || (e->count == most && e->y > *ret_y)) {
			most = e->count;
			*ret_y = e->y;
		}
	}
	*ret_count = most;
	return most > 0;
}

/* Counts (x, s[at]); false: it is not there, and was not made. */
static inline bool plain_count(const uint8_t *s, struct plain_table *t,
			       size_t at, unsigned length, bool make)
{
	for (size_t k = 0; k < t->n; k++) {
		if (t->e[k].y == s[at] && plain_same(s, &t->e[k], at, length)) {
			t->e[k].count++;
			return true;
		}
	}
	if (!make)
		return false;
	t->e = realloc(t->e, (t->n + 1) * sizeof *t->e);
	assert(t->e != NULL);
	t->e[t->n++] = (struct plain_entry){ at, length, s[at], 1 };
	return true;
}

/* 6.3.9, with d models of at most `entries` (x, y). */
static inline struct plain_guesses plain_multi_mmc(const uint8_t *s, size_t n,
						   unsigned d, size_t entries)
{
	struct plain_guesses g = { 0, 0, 0, 0 };
	struct plain_table model[17] = { { NULL, 0 } };
	uint64_t score[17] = { 0 };
	unsigned winner = 1;

	for (size_t i = 1; i < n; i++) {
		unsigned was = winner;
		bool known = true, made = false, right = false;

		for (unsigned m = 1; m <= d && m <= i; m++) {
			uint64_t count;
			uint8_t y = 0;

			known = known &&
				plain_best(s, &model[m], i, m, &y, &count);
			if (known && m == was) {
				made = true;
				right = y == s[i];
			}
			if (known && y == s[i] && ++score[m] >= score[winner])
				winner = m;
			(void)plain_count(s, &model[m], i, m,
					  model[m].n < entries);
		}
		if (i < 2)
			continue;
		if (made)
			plain_note(&g, right);
		else
			g.n++;
	}
	for (unsigned m = 1; m <= d; m++)
		free(model[m].e);
	return g;
}

/* 6.3.10, with contexts of up to b symbols, at most `contexts` of them. */
static inline struct plain_guesses plain_lz78y(const uint8_t *s, size_t n,
					       unsigned b, size_t contexts)
{
	struct plain_guesses g = { 0, 0, 0, 0 };
	struct plain_table t[17] = { { NULL, 0 } };
	size_t known = 0;

	for (size_t i = b; i < n; i++) {
		uint64_t most = 0;
		uint8_t guess = 0;

		for (unsigned m = b; m > 0; m--) {
			uint64_t count;
			uint8_t y = 0;

			if (plain_best(s, &t[m], i, m, &y, &count)) {
				if (count > most) {
					most = count;
					guess = y;
				}
				(void)plain_count(s, &t[m], i, m, true);
			} else if (known < contexts) {
				(void)plain_count(s, &t[m], i, m, true);
				known++;
			}
		}
		if (i > b)
			plain_note(&g, most > 0 && guess == s[i]);
	}
	for (unsigned m = 1; m <= b; m++)
		free(t[m].e);
	return g;
}

#endif
