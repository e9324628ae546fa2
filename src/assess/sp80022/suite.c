/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "assess/sp80022/math.h"
#include "assess/sp80022/suite.h"

const struct sp80022_params sp80022_defaults = {
	.block_frequency_bits = 16384,
	.non_overlapping_bits = 9,
	.overlapping_bits = 9,
	.approximate_entropy_bits = 10,
	.serial_bits = 16,
	.linear_complexity_bits = 500,
	.tables = SP80022_STS,
};

const struct sp80022_params sp80022_nist = {
	.block_frequency_bits = 128,
	.non_overlapping_bits = 9,
	.overlapping_bits = 9,
	.approximate_entropy_bits = 10,
	.serial_bits = 16,
	.linear_complexity_bits = 500,
	.tables = SP80022_AS_PRINTED,
};

const struct sp80022_test *const sp80022_tests[SP80022_TESTS] = {
	&sp80022_frequency,
	&sp80022_block_frequency,
	&sp80022_cumulative_sums,
	&sp80022_runs,
	&sp80022_longest_run,
	&sp80022_rank,
	&sp80022_dft,
	&sp80022_non_overlapping,
	&sp80022_overlapping,
	&sp80022_universal,
	&sp80022_approximate_entropy,
	&sp80022_random_excursions,
	&sp80022_random_excursions_variant,
	&sp80022_serial,
	&sp80022_linear_complexity,
};

unsigned sp80022_one_p(const struct sp80022_params *p)
{
	(void)p;
	return 1;
}

void sp80022_classes(struct sp80022_result *ret, const struct sp80022_blocks *b)
{
	static const char *const names[SP80022_CLASSES_MAX] = {
		"v0", "v1", "v2", "v3", "v4", "v5", "v6",
	};
	double chi2 = math_chi2(b->v, b->chances, b->classes, (double)b->blocks);

	sp80022_begin(ret);
	sp80022_note(ret, "M", b->block_bits);
	sp80022_note(ret, "N", (double)b->blocks);
	for (unsigned c = 0; c < b->classes; c++)
		sp80022_note(ret, names[c], (double)b->v[c]);
	sp80022_note(ret, "chi2", chi2);
	sp80022_p(ret, math_igamc((b->classes - 1) / 2.0, chi2 / 2));
}

size_t sp80022_no_work(size_t n_bits, const struct sp80022_params *p)
{
	(void)n_bits;
	(void)p;
	return 0;
}

size_t sp80022_need_bytes(size_t n_bits, const struct sp80022_params *p)
{
	size_t most = 0;

	for (size_t i = 0; i < SP80022_TESTS; i++) {
		size_t need = sp80022_tests[i]->need_bytes(n_bits, p);

		most = need > most ? need : most;
	}
	return most;
}

const struct sp80022_test *sp80022_find(const char *name)
{
	for (size_t i = 0; i < SP80022_TESTS; i++)
		if (strcmp(sp80022_tests[i]->name, name) == 0)
			return sp80022_tests[i];
	return NULL;
}

static void judge_proportion(struct sp80022_second_level *s)
{
	double want = 1 - SP80022_ALPHA;
	double n = (double)s->streams;
	double reach = 3 * sqrt(want * (1 - want) / n);

	s->proportion = (double)s->passed / n;
	s->least = want - reach;
	s->most = want + reach;
	s->proportion_ok = s->proportion >= s->least && s->proportion <= s->most;
}

static void judge_uniformity(struct sp80022_second_level *s)
{
	double expected = (double)s->streams / SP80022_BINS;
	double chi2 = 0;

	for (unsigned i = 0; i < SP80022_BINS; i++) {
		double off = (double)s->bins[i] - expected;

		chi2 += off * off / expected;
	}
	s->uniformity_stated = true;
	s->uniformity = math_igamc((SP80022_BINS - 1) / 2.0, chi2 / 2);
}

void sp80022_second_level(const double *p, size_t n,
			  struct sp80022_second_level *ret)
{
	struct sp80022_second_level s = {
		.proportion = NAN,
		.least = NAN,
		.most = NAN,
		.proportion_ok = true,
		.uniformity = NAN,
	};

	for (size_t i = 0; i < n; i++) {
		unsigned bin;

		if (isnan(p[i]))
			continue;
		bin = (unsigned)(p[i] * SP80022_BINS);
		s.streams++;
		s.passed += p[i] >= SP80022_ALPHA;
		s.bins[bin < SP80022_BINS ? bin : SP80022_BINS - 1]++;
	}
	if (s.streams > 0)
		judge_proportion(&s);
	if (s.streams >= SP80022_UNIFORMITY_STREAMS)
		judge_uniformity(&s);
	*ret = s;
}

void sp80022_family_begin(struct sp80022_family *f)
{
	*f = (struct sp80022_family){ .least = 1, .adjusted = 1 };
}

void sp80022_family_add(struct sp80022_family *f, const double *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (isnan(p[i]))
			continue;
		f->count++;
		f->least = p[i] < f->least ? p[i] : f->least;
	}
	f->adjusted = fmin(1, (double)f->count * SP80022_TAIL * f->least);
}

bool sp80022_deviates(const struct sp80022_family *f, double alpha)
{
	return f->count > 0 && f->adjusted <= alpha;
}
