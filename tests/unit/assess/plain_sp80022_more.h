/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_ASSESS_PLAIN_SP80022_MORE_H
#define AQUIFER_TESTS_ASSESS_PLAIN_SP80022_MORE_H

/* Templates, universal, entropy, serial; and the table of all. */
#include "plain_sp80022.h"
#include "plain_sp80022_walk.h"

static inline bool plain_matches(const uint8_t *e, unsigned template, unsigned m)
{
	for (unsigned k = 0; k < m; k++)
		if (e[k] != (template >> (m - 1 - k) & 1))
			return false;
	return true;
}

/* Not like itself at any shift: 2.7's templates. */
static inline bool plain_aperiodic(unsigned template, unsigned m)
{
	uint8_t e[16];

	for (unsigned k = 0; k < m; k++)
		e[k] = template >> (m - 1 - k) & 1;
	for (unsigned s = 1; s < m; s++)
		if (memcmp(e, e + s, m - s) == 0)
			return false;
	return true;
}

static inline unsigned plain_non_overlapping(struct plain *t)
{
	unsigned m = t->p->non_overlapping_bits;
	unsigned blocks = t->p->non_overlapping_blocks ?
				  t->p->non_overlapping_blocks :
				  8;
	size_t len = t->n / blocks;
	double mu = (double)(len - m + 1) / pow(2, m);
	double var = (double)len *
		     (pow(2, -(double)m) - (2.0 * m - 1) * pow(2, -2.0 * m));
	unsigned n = 0;

	for (unsigned b = 0; b < 1u << m; b++) {
		double chi2 = 0;

		if (!plain_aperiodic(b, m))
			continue;
		for (unsigned i = 0; i < blocks; i++) {
			double w = 0;

			for (size_t j = 0; j + m <= len;)
				if (plain_matches(t->e + i * len + j, b, m)) {
					w++;
					j += m;
				} else {
					j++;
				}
			chi2 += (w - mu) * (w - mu) / var;
		}
		t->out[n++] = plain_igamc(blocks / 2.0, chi2 / 2);
	}
	return n;
}

/*
 * Class chances of the overlapping template by trying every block: short
 * blocks only. Otherwise the printed ones of 3.8 for m = 9, M = 1032.
 */
static inline void plain_overlapping_pi(unsigned m, size_t len, double *pi)
{
	static const double hamano_kaneko[6] = { 0.364091, 0.185659,  0.139381,
						 0.100571, 0.0704323, 0.139865 };

	memcpy(pi, hamano_kaneko, sizeof hamano_kaneko);
	if (len > 16)
		return;
	memset(pi, 0, sizeof hamano_kaneko);
	for (unsigned x = 0; x < 1u << len; x++) {
		unsigned w = 0;

		for (unsigned j = 0; j + m <= len; j++)
			w += (x >> j & ((1u << m) - 1)) == (1u << m) - 1;
		pi[w > 5 ? 5 : w] += pow(2, -(double)len);
	}
}

static inline unsigned plain_overlapping(struct plain *t)
{
	unsigned m = t->p->overlapping_bits;
	size_t len = t->p->overlapping_block_bits ?
			     t->p->overlapping_block_bits :
			     1032;
	size_t blocks = t->n / len;
	double v[6] = { 0 };
	double pi[6];

	for (size_t i = 0; i < blocks; i++) {
		unsigned w = 0;

		for (size_t j = 0; j + m <= len; j++)
			w += plain_matches(t->e + i * len + j, (1u << m) - 1, m);
		v[w > 5 ? 5 : w]++;
	}
	plain_overlapping_pi(m, len, pi);
	t->out[0] = plain_igamc(2.5, plain_chi2(v, pi, 6, (double)blocks) / 2);
	return 1;
}

static inline unsigned plain_universal(struct plain *t)
{
	static const double mean[] = { 0,         0.7326495, 1.5374383,
				       2.4016068, 3.3112247, 4.2534266,
				       5.2177052, 6.1962507 };
	static const double var[] = { 0,     0.690, 1.338, 1.901,
				      2.358, 2.705, 2.954, 3.125 };
	unsigned l = t->p->universal_bits;
	size_t q = t->p->universal_first_blocks ? t->p->universal_first_blocks :
						  (size_t)10 << l;
	size_t all = t->n / l;
	size_t k = all - q;
	size_t last[128] = { 0 };
	double sum = 0;
	double c;

	if (t->p->tables == SP80022_STS && k > (size_t)1000 << l)
		k = (size_t)1000 << l;
	for (size_t i = 1; i <= q + k; i++) {
		unsigned value = 0;

		for (unsigned j = 0; j < l; j++)
			value = value << 1 | t->e[(i - 1) * l + j];
		if (i > q)
			sum += log((double)(i - last[value])) / log(2);
		last[value] = i;
	}
	c = 0.7 - 0.8 / l + (4 + 32.0 / l) * pow((double)k, -3.0 / l) / 15;
	t->out[0] = erfc(fabs(sum / (double)k - mean[l]) /
			 (sqrt(2) * c * sqrt(var[l] / (double)k)));
	return 1;
}

/* How often each m-bit word occurs in the stream closed to a circle. */
static inline void plain_circle(struct plain *t, unsigned m, double *count)
{
	memset(count, 0, sizeof *count << m);
	for (size_t i = 0; i < t->n; i++) {
		unsigned value = 0;

		for (unsigned j = 0; j < m; j++)
			value = value << 1 | t->e[(i + j) % t->n];
		count[value]++;
	}
}

static inline unsigned plain_approximate_entropy(struct plain *t)
{
	unsigned m = t->p->approximate_entropy_bits;
	double n = (double)t->n;
	double phi[2] = { 0 };
	double chi2;

	for (unsigned k = 0; k < 2; k++) {
		double count[1 << 12];

		plain_circle(t, m + k, count);
		for (unsigned i = 0; i < 1u << (m + k); i++)
			if (count[i] > 0)
				phi[k] += count[i] / n * log(count[i] / n);
	}
	chi2 = 2 * n * (log(2) - (phi[0] - phi[1]));
	t->out[0] = plain_igamc(pow(2, m - 1.0), chi2 / 2);
	return 1;
}

/* n psi2: a whole number, so that differences of it are exact. */
static inline double plain_n_psi2(struct plain *t, unsigned m)
{
	double count[1 << 12], n = (double)t->n;
	double sum = 0;

	if (m == 0)
		return 0;
	plain_circle(t, m, count);
	for (unsigned i = 0; i < 1u << m; i++)
		sum += count[i] * count[i];
	return pow(2, m) * sum - n * n;
}

static inline unsigned plain_serial(struct plain *t)
{
	unsigned m = t->p->serial_bits;
	double a = plain_n_psi2(t, m), n = (double)t->n;
	double b = plain_n_psi2(t, m - 1);
	double c = plain_n_psi2(t, m - 2);

	t->out[0] = plain_igamc(pow(2, m - 2.0), (a - b) / n / 2);
	t->out[1] = plain_igamc(pow(2, m - 3.0), (a - 2 * b + c) / n / 2);
	return 2;
}

struct plain_test {
	const struct sp80022_test *fast;
	unsigned (*plain)(struct plain *t);
};

static const struct plain_test plain_tests[] = {
	{ &sp80022_frequency, plain_frequency },
	{ &sp80022_block_frequency, plain_block_frequency },
	{ &sp80022_cumulative_sums, plain_cumulative_sums },
	{ &sp80022_runs, plain_runs },
	{ &sp80022_longest_run, plain_longest_run },
	{ &sp80022_rank, plain_rank },
	{ &sp80022_dft, plain_dft },
	{ &sp80022_non_overlapping, plain_non_overlapping },
	{ &sp80022_overlapping, plain_overlapping },
	{ &sp80022_universal, plain_universal },
	{ &sp80022_approximate_entropy, plain_approximate_entropy },
	{ &sp80022_random_excursions, plain_random_excursions },
	{ &sp80022_random_excursions_variant, plain_random_excursions_variant },
	{ &sp80022_serial, plain_serial },
	{ &sp80022_linear_complexity, plain_linear_complexity },
};

#endif
