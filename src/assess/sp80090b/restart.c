/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restart tests, SP 800-90B 3.1.4. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assess/sp80090b/jobs.h"
#include "assess/sp80090b/restart.h"

#define SIDE SP80090B_RESTARTS

/* The column dataset: the first sample of each restart, then the second, .. */
static void turn(const uint8_t *rows, uint8_t *columns)
{
	for (size_t i = 0; i < SIDE; i++) {
		for (size_t j = 0; j < SIDE; j++)
			columns[j * SIDE + i] = rows[i * SIDE + j];
	}
}

static unsigned most_common(const uint8_t *lines)
{
	unsigned most = 0;

	for (size_t i = 0; i < SIDE; i++) {
		unsigned count[SAMPLE_VALUES] = { 0 };

		for (size_t j = 0; j < SIDE; j++) {
			unsigned c = ++count[lines[i * SIDE + j]];

			most = c > most ? c : most;
		}
	}
	return most;
}

static int check_sanity(const uint8_t *rows, const uint8_t *columns,
			double h_initial, struct sp80090b_restart_sanity *ret)
{
	/*
	 * The text's 0.000005 stands for what gives 2000 tests together a
	 * chance of 0.01; NIST's program takes the exact figure.
	 */
	double alpha = -expm1(log1p(-0.01) / (2 * SIDE));
	double p = exp2(-h_initial);

	ret->most_in_row = most_common(rows);
	ret->most_in_column = most_common(columns);
	ret->most = ret->most_in_row > ret->most_in_column ? ret->most_in_row :
							     ret->most_in_column;
	ret->text_cutoff = sp80090b_restart_text_cutoff(SIDE, p,
							SP80090B_RESTART_ALPHA);
	ret->passes_text = ret->most <= ret->text_cutoff;
	if (sp80090b_restart_cutoff(SIDE, p, alpha, &ret->cutoff) < 0)
		return -ENOMEM;
	ret->passes = ret->most <= ret->cutoff;
	return 0;
}

/* Both datasets are one task to whoever watches. */
struct halves {
	const struct sp80090b_options *o;
	double done;
};

static bool half_way(void *context, double fraction)
{
	struct halves *h = context;

	return h->o->progress(h->o->context, h->done + fraction / 2);
}

static int estimate(const struct samples *s, const uint8_t *columns,
		    const struct sp80090b_options *o,
		    struct sp80090b_restart_result *ret)
{
	struct halves h = { o, 0 };
	struct sp80090b_options half = { .threads = o == NULL ? 1 : o->threads,
					 .context = &h };
	struct samples turned = { columns, s->n, s->bits };
	int r;

	half.progress = o == NULL || o->progress == NULL ? NULL : half_way;
	r = sp80090b_run_symbols(s, &half, &ret->rows);
	h.done = 0.5;
	if (r == 0)
		r = sp80090b_run_symbols(&turned, &half, &ret->columns);
	return r;
}

static void conclude(struct sp80090b_restart_result *r)
{
	double least = fmin(r->rows.h_original, r->columns.h_original);

	r->h_row = r->rows.h_original;
	r->h_column = r->columns.h_original;
	/* 3.1.4.2: half of it is what restarts have to show. */
	r->validates = least >= r->h_initial / 2;
	r->passes = r->validates && r->sanity.passes;
	r->h_validated = fmin(least, r->h_initial);
}

int sp80090b_restart(const struct samples *s, double h_initial,
		     const struct sp80090b_options *o,
		     struct sp80090b_restart_result *ret)
{
	struct sp80090b_restart_result result = { .h_initial = h_initial };
	struct sample_alphabet a;
	uint8_t *columns;
	int r = samples_alphabet(s, &a, NULL);

	if (r < 0)
		return r;
	if (s->n != SP80090B_RESTART_SAMPLES ||
	    !(h_initial > 0 && h_initial <= s->bits))
		return -EINVAL;
	columns = malloc(s->n);
	if (columns == NULL)
		return -ENOMEM;
	turn(s->symbols, columns);
	r = check_sanity(s->symbols, columns, h_initial, &result.sanity);
	if (r == 0)
		r = estimate(s, columns, o, &result);
	free(columns);
	if (r < 0)
		return r;
	conclude(&result);
	*ret = result;
	return 0;
}
