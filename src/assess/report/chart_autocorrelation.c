/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "assess/report/chart.h"

/* 99 of 100 lags of independent samples lie nearer to zero (normal limit). */
#define BAND 2.5758

static double band(const struct pictures *p)
{
	return BAND / sqrt((double)p->n);
}

static double autocorrelation_height(const struct report_data *d)
{
	(void)d;
	return 220;
}

static int autocorrelation_draw(struct canvas *c, const struct report_data *d)
{
	const struct pictures *p = d->pictures;
	double least = -1.5 * band(p), most = 1.5 * band(p), step;
	struct axis a = { .x = 44,
			  .y = 22,
			  .width = CANVAS_WIDTH - 52,
			  .height = 158,
			  .x_first = 0,
			  .x_last = p->n_lags + 1 };

	for (unsigned i = 0; i < p->n_lags; i++) {
		least = fmin(least, p->autocorrelation[i]);
		most = fmax(most, p->autocorrelation[i]);
	}
	a.y_last = most + 0.05 * (most - least);
	a.y_first = least - 0.05 * (most - least);
	axis_y_label(c, &a, "correlation");
	axis_y_ticks(c, &a);
	step = a.width / (p->n_lags + 1);
	for (unsigned outside = 0; outside < 2; outside++) {
		c->class->begin(c, outside ? PAINT_SECOND : PAINT_FIRST);
		for (unsigned i = 0; i < p->n_lags; i++) {
			double v = p->autocorrelation[i];
			double y = axis_y(&a, v), zero = axis_y(&a, 0);

			if ((fabs(v) > band(p)) == (outside == 1))
				c->class->rect(c,
					       axis_x(&a, i + 1) - step * 0.35,
					       fmin(y, zero), step * 0.7,
					       fabs(y - zero));
		}
		c->class->end(c);
	}
	for (int sign = -1; sign <= 1; sign += 2)
		c->class->line(c, a.x, axis_y(&a, sign * band(p)), a.x + a.width,
			       axis_y(&a, sign * band(p)), PAINT_TEXT, true);
	c->class->line(c, a.x, axis_y(&a, 0), a.x + a.width, axis_y(&a, 0),
		       PAINT_AXIS, false);
	c->class->text(c, a.x + a.width, a.y - 0.9 * CANVAS_FONT, ANCHOR_END,
		       PAINT_MUTED, "dashed: 99 of 100 lags lie inside");
	axis_x_ticks(c, &a, false);
	axis_x_label(c, &a, "lag, in samples");
	return 0;
}

static void autocorrelation_says(FILE *f, const struct report_data *d)
{
	const struct pictures *p = d->pictures;
	unsigned top = 0, outside = 0;

	for (unsigned i = 0; i < p->n_lags; i++) {
		double v = fabs(p->autocorrelation[i]);

		outside += v > band(p);
		if (v > fabs(p->autocorrelation[top]))
			top = i;
	}
	(void)fprintf(f,
		      "Largest at lag %u: %.4g. Outside the dashed lines:"
		      " %u of %u lags; about %.1g would be by chance.",
		      top + 1, p->autocorrelation[top], outside, p->n_lags,
		      p->n_lags / 100.0);
}

static void autocorrelation_numbers(FILE *f, const struct report_data *d)
{
	static const char *const heads[] = { "lag", "correlation", NULL };
	const struct pictures *p = d->pictures;

	numbers_begin(f, heads);
	for (unsigned i = 0; i < p->n_lags; i++) {
		numbers_row(f);
		numbers_count(f, i + 1);
		numbers_value(f, p->autocorrelation[i]);
		numbers_row_end(f);
	}
	numbers_end(f);
}

static bool autocorrelation_has(const struct report_data *d)
{
	return d->pictures != NULL && d->pictures->n_lags > 0;
}

const struct chart chart_autocorrelation = {
	.kind = "autocorrelation",
	.title = "Does a sample resemble earlier ones?",
	.read = "One bar a distance. A periodic source shows a comb, a slow one"
		" a slope.",
	.has = autocorrelation_has,
	.height = autocorrelation_height,
	.draw = autocorrelation_draw,
	.says = autocorrelation_says,
	.numbers = autocorrelation_numbers,
};
