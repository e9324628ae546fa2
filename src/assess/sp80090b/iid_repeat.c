/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Length of the longest repeated substring, SP 800-90B 5.2.5. */
#include <divsufsort.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assess/sp80090b/iid_tests.h"

/*
 * The chance that none of the pairs of substrings of length W is equal, were
 * they independent: (1 - p_col^W)^pairs. In logarithms, since p_col^W leaves
 * the range of any number where the repeat is long, and is lost beside 1 long
 * before.
 */
void iid_repeat_judge(const struct sample_alphabet *a, uint64_t n,
		      uint64_t length, struct iid_repeat *ret)
{
	long double p = 0, equal, all;

	memset(ret, 0, sizeof *ret);
	for (unsigned v = 0; v < SAMPLE_VALUES; v++) {
		long double part = (long double)a->counts[v] / (long double)n;

		p += part * part;
	}
	equal = expl((long double)length * logl(p));
	all = (long double)(n - length) * (long double)(n - length + 1) / 2;
	ret->length = length;
	ret->collision = (double)p;
	/* Without any repeat (W = 0) one of that length is certain. */
	ret->p_value = length == 0 ? 1 : (double)-expm1l(all * log1pl(-equal));
	ret->outcome = ret->p_value < IID_ALPHA ? IID_FAILED : IID_PASSED;
}

#define DIGIT_BITS 11
#define DIGITS (1u << DIGIT_BITS)
#define PASSES 3
/* Moves a window, on average, before the suffix array is taken. */
#define MOVES_MAX 16

/* As many symbols as 64 bits hold, from each position that has them. */
struct windows {
	uint64_t *key, *other;
	uint64_t n;
	unsigned width; /* of a symbol, in bits */
	uint64_t tail[64];
	unsigned n_tail; /* at the end; of tail[k], k + 1 symbols exist */
};

static void make_windows(const struct samples *s,
			 const struct sample_alphabet *a, struct windows *w)
{
	uint64_t x = 0;

	for (size_t i = s->n; i-- > 0;) {
		x = x >> w->width | (uint64_t)a->rank[s->symbols[i]]
					    << (64 - w->width);
		if (i < w->n)
			w->key[i] = x & (~UINT64_C(0) << 64 % w->width);
		else
			w->tail[w->n_tail++] = x;
	}
}

static void scatter(const uint64_t *from, uint64_t n, unsigned shift,
		    uint64_t *to)
{
	uint32_t at[DIGITS] = { 0 }, sum = 0;

	for (uint64_t i = 0; i < n; i++)
		at[from[i] >> shift & (DIGITS - 1)]++;
	for (unsigned d = 0; d < DIGITS; d++) {
		uint32_t m = at[d];

		at[d] = sum;
		sum += m;
	}
	for (uint64_t i = 0; i < n; i++)
		to[at[from[i] >> shift & (DIGITS - 1)]++] = from[i];
}

/* False: the windows are too much alike for this. */
static bool sort_windows(struct windows *w)
{
	uint64_t moves = MOVES_MAX * w->n;

	for (unsigned pass = PASSES; pass > 0; pass--) {
		uint64_t *swap = w->key;

		scatter(w->key, w->n, 64 - DIGIT_BITS * pass, w->other);
		w->key = w->other;
		w->other = swap;
	}
	for (uint64_t i = 1; i < w->n; i++) {
		uint64_t k = w->key[i], at = i;

		for (; at > 0 && w->key[at - 1] > k; at--) {
			if (moves-- == 0)
				return false;
			w->key[at] = w->key[at - 1];
		}
		w->key[at] = k;
	}
	return true;
}

static unsigned common(const struct windows *w, uint64_t a, uint64_t b)
{
	return a == b ? 64 / w->width :
			(unsigned)__builtin_clzll(a ^ b) / w->width;
}

/* Of symbols k + 1 at the end: the most that stand elsewhere too. */
static unsigned common_of_tail(const struct windows *w, unsigned k)
{
	uint64_t low = 0, high = w->n, x = w->tail[k];
	unsigned most = 0, length;

	while (low < high) {
		uint64_t middle = (low + high) / 2;

		if (w->key[middle] < x)
			low = middle + 1;
		else
			high = middle;
	}
	if (low > 0)
		most = common(w, w->key[low - 1], x);
	if (low < w->n && common(w, w->key[low], x) > most)
		most = common(w, w->key[low], x);
	most = most > k + 1 ? k + 1 : most;
	for (unsigned j = 0; j < k; j++) {
		length = common(w, w->tail[j], x);
		length = length > j + 1 ? j + 1 : length;
		most = length > most ? length : most;
	}
	return most;
}

/* False: as long as a window, or too much alike. */
static bool by_windows(struct windows *w, uint64_t *ret)
{
	unsigned most = 0, length;

	if (!sort_windows(w))
		return false;
	for (uint64_t i = 1; i < w->n; i++) {
		length = common(w, w->key[i - 1], w->key[i]);
		most = length > most ? length : most;
	}
	for (unsigned k = 0; k < w->n_tail; k++) {
		length = common_of_tail(w, k);
		most = length > most ? length : most;
	}
	*ret = most;
	return most < 64 / w->width;
}

/*
 * Neighbours' common prefixes in the text's order (Karkkainen, Manzini,
 * Puglisi: Permuted Longest-Common-Prefix Array, CPM 2009).
 */
static int by_suffixes(const uint8_t *text, int32_t n, uint64_t *ret)
{
	int32_t *order = malloc((size_t)n * sizeof *order);
	int32_t *before = malloc((size_t)n * sizeof *before);
	int32_t length = 0, most = 0;
	int r = -ENOMEM;

	if (order == NULL || before == NULL || divsufsort(text, order, n) != 0)
		goto out;
	before[order[0]] = -1;
	for (int32_t k = 1; k < n; k++)
		before[order[k]] = order[k - 1];
	for (int32_t i = 0; i < n; i++) {
		int32_t j = before[i];

		if (j < 0)
			length = 0;
		while (j >= 0 && i + length < n && j + length < n &&
		       text[i + length] == text[j + length])
			length++;
		most = length > most ? length : most;
		length -= length > 0;
	}
	*ret = (uint64_t)most;
	r = 0;
out:
	free(order);
	free(before);
	return r;
}

int iid_repeat_length(const struct samples *s, const struct sample_alphabet *a,
		      uint64_t *ret)
{
	struct windows w = { .width = 1 };
	uint64_t *one = NULL, *two = NULL;
	bool found = false;

	while (1u << w.width < a->count)
		w.width++;
	if (s->n >= 2 * (64 / w.width)) {
		w.n = s->n - 64 / w.width + 1;
		w.key = one = calloc(w.n, sizeof *one);
		w.other = two = calloc(w.n, sizeof *two);
		if (one != NULL && two != NULL) {
			make_windows(s, a, &w);
			found = by_windows(&w, ret);
		}
		free(one);
		free(two);
		if (one == NULL || two == NULL)
			return -ENOMEM;
	}
	return found ? 0 : by_suffixes(s->symbols, (int32_t)s->n, ret);
}

uint64_t iid_repeat_need_bytes(uint64_t n)
{
	return 16 * n;
}
