/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "assess/report/chart.h"
#include "assess/report/text.h"

#define ROW 28
#define BAR 10
#define TOP 52
#define NAMES 92

static bool entropy_has(const struct report_data *d)
{
	return d->n_estimates > 0;
}

static double entropy_height(const struct report_data *d)
{
	return TOP + ROW * (double)d->n_estimates + 32;
}

/* A bit string's estimate is a bit's: times the width it is a sample's. */
static double of_sample(const struct report_data *d, unsigned which, size_t i)
{
	const struct report_estimate *e = &d->estimates[i];

	return which == 0 ? e->h_original : e->h_bitstring * d->bits;
}

static double most(const struct report_data *d)
{
	double v = isnan(d->claim) ? 0 : d->claim;

	for (size_t i = 0; i < d->n_estimates; i++)
		for (unsigned which = 0; which < 2; which++)
			v = fmax(v, of_sample(d, which, i));
	/*
	 * fmax leaves a NAN out. A full scale where the bars nearly fill it,
	 * and where there is none to see.
	 */
	return v > 0.8 * d->bits || v < 1e-3 ? fmax(v, d->bits) : v;
}

static bool has_bitstring(const struct report_data *d)
{
	for (size_t i = 0; i < d->n_estimates; i++)
		if (!isnan(d->estimates[i].h_bitstring))
			return true;
	return false;
}

static double row_y(const struct axis *a, unsigned which, size_t i)
{
	return a->y + ROW * (double)i + 3 + which * (BAR + 1);
}

static void draw_bars(struct canvas *c, const struct axis *a,
		      const struct report_data *d, unsigned which)
{
	c->class->begin(c, which == 0 ? PAINT_FIRST : PAINT_SECOND);
	for (size_t i = 0; i < d->n_estimates; i++) {
		double v = of_sample(d, which, i);

		if (!isnan(v))
			c->class->rect(c, a->x, row_y(a, which, i),
				       fmax(1, axis_x(a, v) - a->x), BAR);
	}
	c->class->end(c);
}

static void put_value(struct canvas *c, const struct axis *a, double v, double y)
{
	char text[TEXT_NUMBER];

	if (isnan(v))
		return;
	(void)snprintf(text, sizeof text, "%.3f", v);
	c->class->text(c, fmax(a->x + 1, axis_x(a, v)) + 4, y + BAR - 1,
		       ANCHOR_START, PAINT_MUTED, text);
}

/* The claim: a line over all rows, named at its upper end. */
static void draw_claim(struct canvas *c, const struct axis *a, double claim)
{
	double x = axis_x(a, claim);
	bool left = x > a->x + a->width * 0.6;
	char text[TEXT_NUMBER + 8];

	(void)snprintf(text, sizeof text, "claim %.3f", claim);
	c->class->line(c, x, a->y - 12, x, a->y + a->height, PAINT_TEXT, true);
	c->class->text(c, left ? x - 4 : x + 4, a->y - 6,
		       left ? ANCHOR_END : ANCHOR_START, PAINT_TEXT, text);
}

static int entropy_draw(struct canvas *c, const struct report_data *d)
{
	struct axis a = { .x = NAMES,
			  .y = TOP,
			  .width = CANVAS_WIDTH - NAMES - 42,
			  .height = ROW * (double)d->n_estimates,
			  .x_last = most(d) };
	double next = axis_legend(c, 0, 10, PAINT_FIRST, "on the samples");

	axis_x_ticks(c, &a, true);
	if (has_bitstring(d))
		axis_legend(c, next, 10, PAINT_SECOND,
			    "on their bits, times the width");
	draw_bars(c, &a, d, 0);
	draw_bars(c, &a, d, 1);
	if (!isnan(d->claim))
		draw_claim(c, &a, d->claim);
	for (size_t i = 0; i < d->n_estimates; i++) {
		c->class->text(c, NAMES - 8, row_y(&a, 0, i) + BAR + 4,
			       ANCHOR_END, PAINT_TEXT, d->estimates[i].name);
		put_value(c, &a, of_sample(d, 0, i), row_y(&a, 0, i));
		put_value(c, &a, of_sample(d, 1, i), row_y(&a, 1, i));
	}
	c->class->line(c, a.x, a.y, a.x, a.y + a.height, PAINT_AXIS, false);
	axis_x_label(c, &a, "bits of min-entropy a sample");
	return 0;
}

static void entropy_says(FILE *f, const struct report_data *d)
{
	const char *name = NULL;
	double least = INFINITY;

	for (size_t i = 0; i < d->n_estimates; i++)
		for (unsigned which = 0; which < 2; which++)
			if (of_sample(d, which, i) < least) {
				least = of_sample(d, which, i);
				name = d->estimates[i].name;
			}
	if (name == NULL) {
		(void)fputs("No estimator applied.", f);
		return;
	}
	(void)fputs("The least counts: ", f);
	report_text_put(f, name);
	(void)fprintf(f, ", %.4f bits a sample of %u %s", least, d->bits,
		      d->bits == 1 ? "bit" : "bits");
	if (!isnan(d->claim))
		(void)fprintf(f, "; %.4f are claimed", d->claim);
	(void)fputc('.', f);
}

static void entropy_numbers(FILE *f, const struct report_data *d)
{
	static const char *const heads[] = { "estimator", "a sample",
					     "a bit of the bit string", NULL };

	numbers_begin(f, heads);
	for (size_t i = 0; i < d->n_estimates; i++) {
		numbers_row(f);
		numbers_text(f, d->estimates[i].name);
		numbers_value(f, d->estimates[i].h_original);
		numbers_value(f, d->estimates[i].h_bitstring);
		numbers_row_end(f);
	}
	numbers_end(f);
}

const struct chart chart_entropy = {
	.kind = "entropy",
	.title = "Min-entropy by estimator",
	.read = "Each estimator of SP 800-90B is made to err low; the least of"
		" all is taken. An estimate is no upper limit to what an enemy"
		" who knows the source can predict.",
	.has = entropy_has,
	.height = entropy_height,
	.draw = entropy_draw,
	.says = entropy_says,
	.numbers = entropy_numbers,
};
