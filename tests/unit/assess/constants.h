/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_ASSESS_CONSTANTS_H
#define AQUIFER_TESTS_ASSESS_CONSTANTS_H

/*
 * The first binary digits of e, pi, sqrt 2 and sqrt 3, from the first one on,
 * as appendix B of SP 800-22 has them. All values are fractions of P words,
 * below 1; powers of two do not matter, as leading zeros are dropped.
 */
#include <math.h>

#include "big.h"

#define DIGITS 1000000
#define P (DIGITS / 64 + 1 + 6)

/* The upper n words of a * b, both fractions of n words. */
static inline void fraction_mul(uint64_t *ret, const uint64_t *a,
				const uint64_t *b, size_t n)
{
	struct big r = big_make(2 * n);
	struct big space = big_make(4 * n + 400);

	words_mul(r.w, a, b, n, space.w);
	memcpy(ret, r.w + n, n * sizeof *ret);
	big_free(&r);
	big_free(&space);
}

static inline void fraction_negate(uint64_t *a, size_t n)
{
	uint64_t carry = 1;

	for (size_t i = 0; i < n; i++) {
		a[i] = ~a[i] + carry;
		carry = carry && a[i] == 0;
	}
}

static inline void fraction_double(uint64_t *a, size_t n)
{
	for (size_t i = n; i-- > 0;)
		a[i] = a[i] << 1 | (i > 0 ? a[i - 1] >> 63 : 0);
}

static inline void fraction_halve(uint64_t *a, size_t n)
{
	for (size_t i = 0; i < n; i++)
		a[i] = a[i] >> 1 | (i + 1 < n ? a[i + 1] << 63 : 0);
}

/* Times d, less what is above 1. */
static inline void fraction_times(uint64_t *a, size_t n, uint64_t d)
{
	uint64_t carry = 0;

	for (size_t i = 0; i < n; i++) {
		big_wide x = (big_wide)a[i] * d + carry;

		a[i] = (uint64_t)x;
		carry = (uint64_t)(x >> 64);
	}
}

/*
 * Newton's step from below. v: 1 / (2 v), z += z (1 - 2 v z). NULL: 1 /
 * sqrt(d), z += z (1 - d z^2) / 2. What is taken off at the end keeps z below
 * the truth whatever was rounded on the way.
 */
static inline void newton_step(uint64_t *z, const uint64_t *v, uint64_t d,
			       size_t n)
{
	struct big e = big_make(n);
	uint64_t off = (uint64_t)1 << 16;

	fraction_mul(e.w, z, v ? v : z, n);
	if (v)
		fraction_double(e.w, n);
	else
		fraction_times(e.w, n, d);
	fraction_negate(e.w, n);
	fraction_mul(e.w, e.w, z, n);
	if (!v)
		fraction_halve(e.w, n);
	(void)words_add(z, e.w, n);
	words_borrow(z, off);
	big_free(&e);
}

/* v: n words, or NULL for the root of d. */
static inline void newton(uint64_t *z, const uint64_t *v, uint64_t d, size_t n)
{
	size_t h = n / 2 + 1;

	if (n <= 3) {
		double start = v ? 0.5 / ((double)v[n - 1] / 0x1p64) :
				   1 / sqrt((double)d);

		memset(z, 0, n * sizeof *z);
		z[n - 1] = (uint64_t)(start * (1 - 0x1p-48) * 0x1p64);
		for (int i = 0; i < 3; i++)
			newton_step(z, v, d, n);
		return;
	}
	memset(z, 0, n * sizeof *z);
	newton(z + n - h, v ? v + n - h : NULL, d, h);
	newton_step(z, v, d, n);
}

/* The upper words of a, shifted so that the first bit is a one. */
static inline void normalise(uint64_t *ret, const struct big *a)
{
	unsigned up = (unsigned)__builtin_clzll(a->w[a->n - 1]);

	for (size_t i = 0; i < P; i++) {
		size_t from = a->n - 1 - i;
		uint64_t x = i < a->n ? a->w[from] << up : 0;

		if (up > 0 && i + 1 < a->n)
			x |= a->w[from - 1] >> (64 - up);
		ret[P - 1 - i] = x;
	}
}

/* top / bottom; root: times the root of it, or 0. Words, first bits first. */
static inline void quotient(const struct big *top, const struct big *bottom,
			    uint64_t root, uint64_t *ret)
{
	struct big a = big_make(P);
	struct big v = big_make(P);
	struct big z = big_make(P);

	normalise(a.w, top);
	if (bottom) {
		normalise(v.w, bottom);
		newton(z.w, v.w, 0, P);
		fraction_mul(a.w, a.w, z.w, P);
	}
	if (root != 0) {
		/* sqrt(d) = d / sqrt(d), and the factor d is in top. */
		newton(z.w, NULL, root, P);
		fraction_mul(a.w, a.w, z.w, P);
	}
	while (a.w[P - 1] >> 63 == 0)
		fraction_double(a.w, P);
	for (size_t i = 0; i < P; i++)
		ret[i] = a.w[P - 1 - i];
	big_free(&a);
	big_free(&v);
	big_free(&z);
}

/* Sum over k in (a, b] of a! / k! = p / q, by halves. */
static inline void e_series(uint64_t a, uint64_t b, struct big *p, struct big *q)
{
	uint64_t m = (a + b) / 2;
	struct big p1, q1, p2, q2, t;

	if (b - a == 1) {
		*p = big_of(1);
		*q = big_of(b);
		return;
	}
	e_series(a, m, &p1, &q1);
	e_series(m, b, &p2, &q2);
	t = big_mul(&p1, &q2);
	*p = big_add(&t, &p2);
	*q = big_mul(&q1, &q2);
	big_free(&p1);
	big_free(&q1);
	big_free(&p2);
	big_free(&q2);
	big_free(&t);
}

static inline void digits_of_e(uint64_t *ret)
{
	struct big p, q, t;

	/* 80000! has more than 1,100,000 bits. */
	e_series(0, 80000, &p, &q);
	t = big_add(&p, &q);
	quotient(&t, &q, 0, ret);
	big_free(&p);
	big_free(&q);
	big_free(&t);
}

/* Chudnovsky's terms a to b - 1; t has the sign of its first, (-1)^a. */
static inline void pi_series(uint64_t a, uint64_t b, struct big *p,
			     struct big *q, struct big *t)
{
	uint64_t m = (a + b) / 2;
	struct big p1, q1, t1, p2, q2, t2, x, y;

	if (b - a == 1) {
		struct big f1 = big_of(a == 0 ? 1 : (6 * a - 5) * (2 * a - 1));
		struct big f2 = big_of(a == 0 ? 1 : 6 * a - 1);
		struct big f3 = big_of(a == 0 ? 1 : a * a * a);
		struct big f4 = big_of(a == 0 ? 1 : UINT64_C(10939058860032000));
		struct big f5 = big_of(13591409 + 545140134 * a);

		*p = big_mul(&f1, &f2);
		*q = big_mul(&f3, &f4);
		*t = big_mul(p, &f5);
		big_free(&f1);
		big_free(&f2);
		big_free(&f3);
		big_free(&f4);
		big_free(&f5);
		return;
	}
	pi_series(a, m, &p1, &q1, &t1);
	pi_series(m, b, &p2, &q2, &t2);
	*p = big_mul(&p1, &p2);
	*q = big_mul(&q1, &q2);
	x = big_mul(&q2, &t1);
	y = big_mul(&p1, &t2);
	/* The first term outweighs the rest: no change of sign. */
	*t = (m - a) % 2 == 0 ? big_add(&x, &y) : big_sub(&x, &y);
	big_free(&p1);
	big_free(&q1);
	big_free(&t1);
	big_free(&p2);
	big_free(&q2);
	big_free(&t2);
	big_free(&x);
	big_free(&y);
}

static inline void digits_of_pi(uint64_t *ret)
{
	struct big p, q, t, x;
	struct big scale = big_of(UINT64_C(426880) * 10005);

	/* 47.1 bits a term. pi = 426880 sqrt(10005) q / t. */
	pi_series(0, 21300, &p, &q, &t);
	x = big_mul(&q, &scale);
	quotient(&x, &t, 10005, ret);
	big_free(&p);
	big_free(&q);
	big_free(&t);
	big_free(&x);
	big_free(&scale);
}

static inline void digits_of_root(uint64_t d, uint64_t *ret)
{
	struct big x = big_of(d);

	quotient(&x, NULL, d, ret);
	big_free(&x);
}

#undef P
#define DIGIT_WORDS (DIGITS / 64 + 1 + 6)

#endif
