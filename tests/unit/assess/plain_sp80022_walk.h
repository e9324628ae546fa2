/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_ASSESS_PLAIN_SP80022_WALK_H
#define AQUIFER_TESTS_ASSESS_PLAIN_SP80022_WALK_H

/* The excursions and the linear complexity, step by step. */
#include "plain_sp80022.h"

/* The walk with a zero in front and one at the end; J; then both tests. */
static inline unsigned plain_excursions(struct plain *t, bool variant)
{
	unsigned reach = variant ? 9 : 4;
	double least = t->p->excursions_least_cycles ?
			       t->p->excursions_least_cycles :
			       fmax(500, 0.005 * sqrt((double)t->n));
	long *s = calloc(t->n + 2, sizeof *s);
	double cycles = 0;
	unsigned n = 0;

	for (size_t i = 0; i < t->n; i++)
		s[i + 1] = s[i] + 2 * t->e[i] - 1;
	for (size_t i = 1; i < t->n + 2; i++)
		cycles += s[i] == 0 && !(i == t->n + 1 && s[t->n] == 0);
	for (long x = -(long)reach; cycles >= least && x <= (long)reach; x++) {
		double v[6] = { 0 };
		double pi[6];
		double total = 0;
		unsigned k = 0;

		for (size_t i = 1; i < t->n + 2; i++) {
			k += s[i] == x;
			total += s[i] == x;
			if (s[i] == 0 && !(i == t->n + 1 && s[t->n] == 0)) {
				v[k > 5 ? 5 : k]++;
				k = 0;
			}
		}
		if (x == 0)
			continue;
		pi[0] = 1 - 1.0 / (2 * labs(x));
		for (unsigned i = 1; i < 5; i++)
			pi[i] = 1.0 / (4 * x * x) * pow(pi[0], i - 1.0);
		pi[5] = 1.0 / (2 * labs(x)) * pow(pi[0], 4);
		t->out[n++] =
			variant ? erfc(fabs(total - cycles) /
				       sqrt(2 * cycles * (4.0 * labs(x) - 2))) :
				  plain_igamc(2.5,
					      plain_chi2(v, pi, 6, cycles) / 2);
	}
	free(s);
	return n;
}

static inline unsigned plain_random_excursions(struct plain *t)
{
	return plain_excursions(t, false);
}

static inline unsigned plain_random_excursions_variant(struct plain *t)
{
	return plain_excursions(t, true);
}

/* Handbook of Applied Cryptography, algorithm 6.30, bit by bit. */
static inline unsigned plain_complexity(const uint8_t *s, unsigned n)
{
	uint8_t *c = calloc(3, n + 1);
	uint8_t *b = c + n + 1;
	uint8_t *t = b + n + 1;
	unsigned l = 0;
	long m = -1;

	c[0] = b[0] = 1;
	for (unsigned j = 0; j < n; j++) {
		unsigned d = s[j];

		for (unsigned i = 1; i <= l; i++)
			d ^= c[i] & s[j - i];
		if (d == 0)
			continue;
		memcpy(t, c, n + 1);
		for (unsigned i = 0; i + (unsigned)(j - m) <= n; i++)
			c[i + (unsigned)(j - m)] ^= b[i];
		if (2 * l <= j) {
			l = j + 1 - l;
			m = j;
			memcpy(b, t, n + 1);
		}
	}
	free(c);
	return l;
}

static inline unsigned plain_linear_complexity(struct plain *t)
{
	double pi[7] = { 0.01047, 0.03125, 0.125, 0.5, 0.25, 0.0625, 0.020833 };
	unsigned m = t->p->linear_complexity_bits;
	double sign = m % 2 == 0 ? 1 : -1;
	double mu = m / 2.0 + (9 - sign) / 36 - (m / 3.0 + 2.0 / 9) / pow(2, m);
	size_t blocks = t->n / m;
	double v[7] = { 0 };

	for (size_t i = 0; i < blocks; i++) {
		double l = plain_complexity(t->e + i * m, m);
		double x = sign * (l - mu) + 2.0 / 9;

		v[x <= -2.5 ? 0 :
		  x <= -1.5 ? 1 :
		  x <= -0.5 ? 2 :
		  x <= 0.5  ? 3 :
		  x <= 1.5  ? 4 :
		  x <= 2.5  ? 5 :
			      6]++;
	}
	if (t->p->tables == SP80022_EXACT) {
		pi[0] = 1.0 / 96;
		pi[6] = 1.0 / 48;
	}
	t->out[0] = plain_igamc(3, plain_chi2(v, pi, 7, (double)blocks) / 2);
	return 1;
}

#endif
