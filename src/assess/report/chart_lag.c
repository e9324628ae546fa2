/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "assess/report/chart.h"
#include "assess/report/text.h"

#define SIDE 300
/* Wider pictures are smoothed when they are drawn larger. */
#define CRISP_VALUES 32
/* More would not be told apart, and would make the page large. */
#define SHADES 15
#define DOTS_UP_TO 600
#define DOT 3.0
#define SHADE 17

static double lag_height(const struct report_data *d)
{
	(void)d;
	return 22 + SIDE + 32;
}

static uint64_t most_pairs(const struct pictures *p)
{
	uint64_t most = 0;

	for (size_t i = 0; i < (size_t)p->n_values * p->n_values; i++)
		most = p->pairs[i] > most ? p->pairs[i] : most;
	return most;
}

/* By the logarithm, or one common pair would hide all others. */
static int lag_mask(const struct pictures *p, uint8_t **ret)
{
	size_t n = (size_t)p->n_values * p->n_values;
	double most = log1p((double)most_pairs(p));
	uint8_t *alpha = calloc(n, 1);

	if (alpha == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		/* x[i] to the right, x[i + 1] upwards. */
		size_t at = (p->n_values - 1 - i % p->n_values) * p->n_values +
			    i / p->n_values;

		if (p->pairs[i] > 0)
			alpha[at] =
				(uint8_t)(SHADE *
					  lround(1 +
						 (SHADES -
						  1) * log1p((double)p->pairs[i]) /
							 most));
	}
	*ret = alpha;
	return 0;
}

static size_t pairs_seen(const struct pictures *p)
{
	size_t n = (size_t)p->n_values * p->n_values, seen = 0;

	for (size_t i = 0; i < n; i++)
		seen += p->pairs[i] > 0;
	return seen;
}

/* A few pairs among thousands would be specks: dots that can be seen. */
static void draw_dots(struct canvas *c, const struct axis *a,
		      const struct pictures *p)
{
	size_t n = (size_t)p->n_values * p->n_values;

	c->class->begin(c, PAINT_FIRST);
	for (size_t i = 0; i < n; i++) {
		size_t x = i / p->n_values, y = i % p->n_values;

		if (p->pairs[i] > 0)
			c->class->rect(c, axis_x(a, (double)x) - DOT / 2,
				       axis_y(a, (double)y) - DOT / 2, DOT, DOT);
	}
	c->class->end(c);
}

static int lag_draw(struct canvas *c, const struct report_data *d)
{
	const struct pictures *p = d->pictures;
	struct axis a = {
		.x = 40,
		.y = 22,
		.width = SIDE,
		.height = SIDE,
		.x_first = -0.5,
		.x_last = p->n_values - 0.5,
		.y_first = -0.5,
		.y_last = p->n_values - 0.5,
		.whole = true,
	};
	struct mask m = { .width = p->n_values,
			  .height = p->n_values,
			  .crisp = p->n_values <= CRISP_VALUES };
	uint8_t *alpha;
	int r;

	axis_y_label(c, &a, "next sample");
	axis_y_ticks(c, &a);
	axis_x_ticks(c, &a, true);
	axis_x_label(c, &a, "sample");
	if (!m.crisp && pairs_seen(p) <= DOTS_UP_TO) {
		draw_dots(c, &a, p);
		return 0;
	}
	r = lag_mask(p, &alpha);
	if (r < 0)
		return r;
	m.alpha = alpha;
	c->class->mask(c, a.x, a.y, a.width, a.height, &m);
	free(alpha);
	return 0;
}

static void lag_says(FILE *f, const struct report_data *d)
{
	const struct pictures *p = d->pictures;
	size_t n = (size_t)p->n_values * p->n_values;
	char a[TEXT_COUNT], b[TEXT_COUNT];

	(void)fprintf(f, "%s of %s pairs occur",
		      report_text_count(pairs_seen(p), a),
		      report_text_count(n, b));
	if (p->n > 1)
		(void)fprintf(f, "; the commonest makes up %.3g\u00a0%% of them",
			      100 * (double)most_pairs(p) / (double)(p->n - 1));
	(void)fputc('.', f);
}

/* All 65,536 pairs help nobody: sixteen bands of values each way. */
static void lag_numbers(FILE *f, const struct report_data *d)
{
	const struct pictures *p = d->pictures;
	unsigned bands = p->n_values < 16 ? p->n_values : 16;
	unsigned width = p->n_values / bands;
	char names[16][16];
	const char *heads[18] = { "sample \\ next" };

	for (unsigned b = 0; b < bands; b++) {
		(void)snprintf(names[b], sizeof names[b],
			       width > 1 ? "%u-%u" : "%u", b * width,
			       (b + 1) * width - 1);
		heads[b + 1] = names[b];
	}
	numbers_begin(f, heads);
	for (unsigned b = 0; b < bands; b++) {
		uint64_t sums[16] = { 0 };

		for (unsigned v = b * width; v < (b + 1) * width; v++)
			for (unsigned w = 0; w < p->n_values; w++)
				sums[w / width] += p->pairs[v * p->n_values + w];
		numbers_row(f);
		numbers_text(f, names[b]);
		for (unsigned k = 0; k < bands; k++)
			numbers_count(f, sums[k]);
		numbers_row_end(f);
	}
	numbers_end(f);
}

const struct chart chart_lag = {
	.kind = "lag",
	.title = "Each sample against the next",
	.read = "The stronger the colour, the more often the one value is"
		" followed by the other. Were the samples independent, all"
		" columns would have one shape and differ in strength alone;"
		" lines and islands mean that a sample foretells the next.",
	.has = chart_has_pictures,
	.height = lag_height,
	.draw = lag_draw,
	.says = lag_says,
	.numbers = lag_numbers,
};
