/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_ASSESS_BIG_H
#define AQUIFER_TESTS_ASSESS_BIG_H

/*
 * Whole numbers of any size, just enough to compute a million binary digits of
 * e, pi, sqrt 2 and sqrt 3. Words are little-endian, without zeros at the top.
 * Tests only: no memory is a crash.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct big {
	size_t n;
	uint64_t *w;
};

__extension__ typedef unsigned __int128 big_wide;

static inline struct big big_make(size_t n)
{
	struct big r = { n, calloc(n + 1, sizeof *r.w) };

	if (!r.w)
		abort();
	return r;
}

static inline struct big big_of(uint64_t v)
{
	struct big r = big_make(1);

	r.w[0] = v;
	return r;
}

static inline void big_trim(struct big *a)
{
	while (a->n > 0 && a->w[a->n - 1] == 0)
		a->n--;
}

static inline void big_free(struct big *a)
{
	free(a->w);
	a->w = NULL;
	a->n = 0;
}

/* r += a, r -= a over n words; the carry goes on into r, which has room. */
static inline uint64_t words_add(uint64_t *r, const uint64_t *a, size_t n)
{
	uint64_t carry = 0;

	for (size_t i = 0; i < n; i++) {
		big_wide s = (big_wide)r[i] + a[i] + carry;

		r[i] = (uint64_t)s;
		carry = (uint64_t)(s >> 64);
	}
	return carry;
}

static inline uint64_t words_sub(uint64_t *r, const uint64_t *a, size_t n)
{
	uint64_t borrow = 0;

	for (size_t i = 0; i < n; i++) {
		big_wide s = (big_wide)r[i] - a[i] - borrow;

		r[i] = (uint64_t)s;
		borrow = (uint64_t)(s >> 64) & 1;
	}
	return borrow;
}

static inline void words_carry(uint64_t *r, uint64_t carry)
{
	for (; carry != 0; r++)
		carry = (*r += carry) < carry;
}

static inline void words_borrow(uint64_t *r, uint64_t borrow)
{
	for (; borrow != 0; r++) {
		uint64_t was = *r;

		*r -= borrow;
		borrow = *r > was;
	}
}

static inline void words_mul_plain(uint64_t *r, const uint64_t *a, size_t na,
				   const uint64_t *b, size_t nb)
{
	memset(r, 0, (na + nb) * sizeof *r);
	for (size_t i = 0; i < na; i++) {
		uint64_t carry = 0;

		for (size_t j = 0; j < nb; j++) {
			big_wide p = (big_wide)a[i] * b[j] + r[i + j] + carry;

			r[i + j] = (uint64_t)p;
			carry = (uint64_t)(p >> 64);
		}
		r[i + nb] = carry;
	}
}

/* Karatsuba: n by n words to 2n; space: 4n + 200 words. */
static inline void words_mul(uint64_t *r, const uint64_t *a, const uint64_t *b,
			     size_t n, uint64_t *space)
{
	size_t h = n / 2;
	size_t g = n - h; /* the upper half, the longer one */
	uint64_t *sa = space;
	uint64_t *sb = sa + g + 1;
	uint64_t *mid = sb + g + 1;

	if (n < 32) {
		words_mul_plain(r, a, n, b, n);
		return;
	}
	memcpy(sa, a + h, g * sizeof *sa);
	memcpy(sb, b + h, g * sizeof *sb);
	sa[g] = sb[g] = 0;
	words_carry(sa + h, words_add(sa, a, h));
	words_carry(sb + h, words_add(sb, b, h));
	words_mul(mid, sa, sb, g + 1, mid + 2 * (g + 1));
	words_mul(r, a, b, h, mid + 2 * (g + 1));
	words_mul(r + 2 * h, a + h, b + h, g, mid + 2 * (g + 1));
	words_borrow(mid + 2 * h, words_sub(mid, r, 2 * h));
	words_borrow(mid + 2 * g, words_sub(mid, r + 2 * h, 2 * g));
	/* What is left of mid fits between h and the end of r. */
	words_carry(r + h + 2 * g + 1, words_add(r + h, mid, 2 * g + 1));
}

static inline struct big big_mul(const struct big *a, const struct big *b)
{
	size_t n = a->n > b->n ? a->n : b->n;
	struct big r = big_make(2 * n);
	struct big x = big_make(n);
	struct big y = big_make(n);
	struct big space = big_make(4 * n + 400);

	memcpy(x.w, a->w, a->n * sizeof *a->w);
	memcpy(y.w, b->w, b->n * sizeof *b->w);
	words_mul(r.w, x.w, y.w, n, space.w);
	big_free(&x);
	big_free(&y);
	big_free(&space);
	big_trim(&r);
	return r;
}

static inline struct big big_add(const struct big *a, const struct big *b)
{
	size_t n = a->n > b->n ? a->n : b->n;
	struct big r = big_make(n + 1);

	memcpy(r.w, a->w, a->n * sizeof *a->w);
	words_carry(r.w + b->n, words_add(r.w, b->w, b->n));
	big_trim(&r);
	return r;
}

/* a - b, which is not negative. */
static inline struct big big_sub(const struct big *a, const struct big *b)
{
	struct big r = big_make(a->n);

	memcpy(r.w, a->w, a->n * sizeof *a->w);
	words_borrow(r.w + b->n, words_sub(r.w, b->w, b->n));
	big_trim(&r);
	return r;
}

#endif
