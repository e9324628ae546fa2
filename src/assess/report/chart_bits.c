/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "assess/report/chart.h"
#include "assess/report/text.h"

/* A sample is 4/3 of a unit wide: 4 whole dots of a picture of 3 a unit. */
#define SAMPLE (4.0 / 3)
#define GAP 12
#define LABEL 16

static unsigned columns(const struct pictures *p)
{
	return p->bits == 1 ? 1 : 2;
}

static double panel_width(const struct pictures *p)
{
	return PICTURES_PLANE_COLUMNS * SAMPLE * (p->bits == 1 ? 2 : 1);
}

/* A bare rest would look like zeros. */
static unsigned rows_shown(const struct pictures *p)
{
	return (unsigned)(p->plane_samples + PICTURES_PLANE_COLUMNS - 1) /
	       PICTURES_PLANE_COLUMNS;
}

static double panel_height(const struct pictures *p)
{
	return panel_width(p) * rows_shown(p) / PICTURES_PLANE_COLUMNS;
}

static double bits_height(const struct report_data *d)
{
	const struct pictures *p = d->pictures;
	unsigned rows = (p->bits + columns(p) - 1) / columns(p);

	return rows * (panel_height(p) + LABEL + GAP) - GAP + 2;
}

static void draw_plane(struct canvas *c, const struct pictures *p, unsigned bit,
		       double x, double y)
{
	uint8_t alpha[PICTURES_PLANE_SAMPLES];
	struct mask m = { .width = PICTURES_PLANE_COLUMNS,
			  .height = rows_shown(p),
			  .alpha = alpha };
	double width = panel_width(p), height = panel_height(p);
	char label[64];

	memset(alpha, 0, sizeof alpha);
	for (size_t i = 0; i < p->plane_samples; i++)
		alpha[i] = (p->plane[i] >> bit & 1) != 0 ? 255 : 0;
	(void)snprintf(label, sizeof label, "bit %u: %.2f\u00a0%% ones", bit,
		       100 * p->ones[bit]);
	c->class->text(c, x, y + CANVAS_FONT, ANCHOR_START, PAINT_TEXT, label);
	y += LABEL;
	c->class->mask(c, x, y, width, height, &m);
	c->class->line(c, x, y, x + width, y, PAINT_AXIS, false);
	c->class->line(c, x, y + height, x + width, y + height, PAINT_AXIS,
		       false);
	c->class->line(c, x, y, x, y + height, PAINT_AXIS, false);
	c->class->line(c, x + width, y, x + width, y + height, PAINT_AXIS,
		       false);
}

static int bits_draw(struct canvas *c, const struct report_data *d)
{
	const struct pictures *p = d->pictures;

	for (unsigned i = 0; i < p->bits; i++) {
		unsigned column = i % columns(p), row = i / columns(p);

		/* The most significant first, as a number is written. */
		draw_plane(c, p, p->bits - 1 - i,
			   column * (panel_width(p) + GAP),
			   row * (panel_height(p) + LABEL + GAP));
	}
	return 0;
}

static void bits_says(FILE *f, const struct report_data *d)
{
	const struct pictures *p = d->pictures;
	char count[TEXT_COUNT];
	unsigned worst = 0;

	for (unsigned b = 1; b < p->bits; b++) {
		double far = p->ones[b] - 0.5, most = p->ones[worst] - 0.5;

		if (far * far > most * most)
			worst = b;
	}
	(void)fprintf(f,
		      "The first %s %s. Over all, bit %u is the most"
		      " uneven: %.4g\u00a0%% ones.",
		      report_text_count(p->plane_samples, count),
		      p->plane_samples == 1 ? "sample" : "samples", worst,
		      100 * p->ones[worst]);
}

static void bits_numbers(FILE *f, const struct report_data *d)
{
	static const char *const heads[] = { "bit", "share of ones", NULL };
	const struct pictures *p = d->pictures;

	numbers_begin(f, heads);
	for (unsigned b = p->bits; b-- > 0;) {
		numbers_row(f);
		numbers_count(f, b);
		numbers_value(f, p->ones[b]);
		numbers_row_end(f);
	}
	numbers_end(f);
}

const struct chart chart_bits = {
	.kind = "bits",
	.title = "The bits, plane by plane",
	.read = "A dot where the bit is one, samples from left to right and row"
		" by row, 128 a row. Stripes, blocks and bare areas are"
		" patterns; even grain shows none.",
	.has = chart_has_pictures,
	.height = bits_height,
	.draw = bits_draw,
	.says = bits_says,
	.numbers = bits_numbers,
};
