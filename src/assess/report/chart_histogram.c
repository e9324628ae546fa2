/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "assess/report/chart.h"
#include "assess/report/text.h"

static unsigned commonest(const struct pictures *p)
{
	unsigned at = 0;

	for (unsigned v = 1; v < p->n_values; v++)
		if (p->counts[v] > p->counts[at])
			at = v;
	return at;
}

static double histogram_height(const struct report_data *d)
{
	(void)d;
	return 230;
}

static int histogram_draw(struct canvas *c, const struct report_data *d)
{
	const struct pictures *p = d->pictures;
	double most = (double)p->counts[commonest(p)];
	struct axis a = {
		.x = 40,
		.y = 22,
		.width = CANVAS_WIDTH - 48,
		.height = 168,
		.x_first = -0.5,
		.x_last = p->n_values - 0.5,
		.y_last = most * 1.05,
		.whole = true,
	};
	double level = axis_y(&a, (double)p->n / p->n_values);
	double step = a.width / p->n_values;
	/* Gaps only where they do not eat the bars. */
	double gap = step > 4 ? fmin(8, step * 0.15) : 0;

	axis_y_label(c, &a, "samples");
	axis_y_ticks(c, &a);
	c->class->begin(c, PAINT_FIRST);
	for (unsigned v = 0; v < p->n_values; v++) {
		double y = axis_y(&a, (double)p->counts[v]);

		if (p->counts[v] > 0)
			c->class->rect(c, axis_x(&a, v - 0.5) + gap / 2, y,
				       step - gap, a.y + a.height - y);
	}
	c->class->end(c);
	c->class->line(c, a.x, level, a.x + a.width, level, PAINT_TEXT, true);
	c->class->text(c, a.x + a.width, a.y - 0.9 * CANVAS_FONT, ANCHOR_END,
		       PAINT_MUTED, "dashed: all values equally often");
	axis_x_ticks(c, &a, false);
	axis_x_label(c, &a, "value of the sample");
	return 0;
}

static void histogram_says(FILE *f, const struct report_data *d)
{
	const struct pictures *p = d->pictures;
	unsigned top = commonest(p), seen = 0;
	double share = (double)p->counts[top] / (double)p->n;

	for (unsigned v = 0; v < p->n_values; v++)
		seen += p->counts[v] > 0;
	(void)fprintf(f,
		      "%u of %u values occur; the commonest, %u, makes up"
		      " %.3g\u00a0%% of the samples: to guess it each time"
		      " leaves at most %.3f bits a sample.",
		      seen, p->n_values, top, 100 * share,
		      share >= 1 ? 0 : -log2(share));
}

static void histogram_numbers(FILE *f, const struct report_data *d)
{
	static const char *const heads[] = { "value", "samples", "share", NULL };
	const struct pictures *p = d->pictures;

	numbers_begin(f, heads);
	for (unsigned v = 0; v < p->n_values; v++) {
		if (p->counts[v] == 0)
			continue;
		numbers_row(f);
		numbers_count(f, v);
		numbers_count(f, p->counts[v]);
		numbers_value(f, (double)p->counts[v] / (double)p->n);
		numbers_row_end(f);
	}
	numbers_end(f);
}

const struct chart chart_histogram = {
	.kind = "histogram",
	.title = "How often each value occurs",
	.read = "One bar a value. Raw noise need not be even: what counts is"
		" how much its commonest value gives away.",
	.has = chart_has_pictures,
	.height = histogram_height,
	.draw = histogram_draw,
	.says = histogram_says,
	.numbers = histogram_numbers,
};
