/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "assess/report/chart.h"
#include "assess/report/text.h"

#define ROW 18
#define TOP 26
#define NAMES 148
#define LEAST 52
/* Few values are ticks where they lie, many a small histogram. */
#define TICKS_UP_TO 60
#define FINE_BINS 180
#define COARSE_BINS 40

static bool p_values_has(const struct report_data *d)
{
	return d->n_p_values > 0;
}

static double p_values_height(const struct report_data *d)
{
	return TOP + ROW * (double)d->n_p_values + 34;
}

struct seen {
	size_t n, below_hundredth;
	double least; /* 1 for none */
};

static struct seen look(const struct report_p_values *t)
{
	struct seen s = { .least = 1 };

	for (size_t i = 0; i < t->n; i++) {
		if (isnan(t->p[i]))
			continue;
		s.n++;
		s.below_hundredth += t->p[i] < 0.01;
		s.least = fmin(s.least, t->p[i]);
	}
	return s;
}

static void draw_strip(struct canvas *c, const struct axis *a,
		       const struct report_p_values *t, double y)
{
	size_t bins[FINE_BINS] = { 0 }, most = 1;
	unsigned n = look(t).n <= TICKS_UP_TO ? FINE_BINS : COARSE_BINS;
	double step = a->width / n, height = ROW - 5;

	for (size_t i = 0; i < t->n; i++) {
		double at = t->p[i] * n;

		if (isnan(at))
			continue;
		bins[at >= n ? n - 1 : at <= 0 ? 0 : (size_t)at]++;
	}
	for (unsigned b = 0; b < n; b++)
		most = bins[b] > most ? bins[b] : most;
	c->class->begin(c, PAINT_FIRST);
	for (unsigned b = 0; b < n; b++) {
		double part = height * (double)bins[b] / (double)most;

		if (bins[b] > 0)
			c->class->rect(c, a->x + b * step, y + height - part,
				       fmax(step * 0.85, 1.4), part);
	}
	c->class->end(c);
	c->class->line(c, a->x, y + height, a->x + a->width, y + height,
		       PAINT_GRID, false);
}

static void short_name(const char *name, char *ret, size_t cap_bytes)
{
	static const char dots[] = "\xe2\x80\xa6";
	size_t room = 25;

	report_text_clean(name, ret, cap_bytes);
	if (strlen(ret) <= room)
		return;
	/* Not within a character. */
	while (room > 0 && ((unsigned char)ret[room] & 0xc0) == 0x80)
		room--;
	memcpy(ret + room, dots, sizeof dots);
}

static void smallest(const struct seen *s, char ret[TEXT_NUMBER])
{
	if (s->n == 0)
		(void)snprintf(ret, TEXT_NUMBER, "none");
	else if (s->least > 0 && s->least < 1e-3)
		(void)snprintf(ret, TEXT_NUMBER, "%.0e", s->least);
	else
		(void)snprintf(ret, TEXT_NUMBER, "%.3g", s->least);
}

static int p_values_draw(struct canvas *c, const struct report_data *d)
{
	struct axis a = { .x = NAMES,
			  .y = TOP,
			  .width = CANVAS_WIDTH - NAMES - LEAST - 6,
			  .height = ROW * (double)d->n_p_values,
			  .x_last = 1 };
	char name[64], text[TEXT_NUMBER];

	axis_x_ticks(c, &a, true);
	c->class->text(c, CANVAS_WIDTH, TOP - 10, ANCHOR_END, PAINT_MUTED,
		       "smallest");
	for (size_t i = 0; i < d->n_p_values; i++) {
		const struct report_p_values *t = &d->p_values[i];
		struct seen s = look(t);
		double y = a.y + ROW * (double)i + 2;

		short_name(t->name, name, sizeof name);
		c->class->text(c, NAMES - 6, y + 10, ANCHOR_END, PAINT_TEXT,
			       name);
		if (s.n > 0)
			draw_strip(c, &a, t, y);
		smallest(&s, text);
		c->class->text(c, CANVAS_WIDTH, y + 10, ANCHOR_END,
			       s.n > 0 && s.least < d->p_threshold ? PAINT_NO :
								     PAINT_MUTED,
			       text);
	}
	axis_x_label(c, &a, "p-value");
	return 0;
}

static void p_values_says(FILE *f, const struct report_data *d)
{
	struct seen all = { .least = 1 };
	char n[TEXT_COUNT], below[TEXT_COUNT];

	for (size_t i = 0; i < d->n_p_values; i++) {
		struct seen s = look(&d->p_values[i]);

		all.n += s.n;
		all.below_hundredth += s.below_hundredth;
		all.least = fmin(all.least, s.least);
	}
	(void)fprintf(f,
		      "%s p-values; %s lie below 0.01, where %.3g would on"
		      " good data. The smallest: %.3g",
		      report_text_count(all.n, n),
		      report_text_count(all.below_hundredth, below),
		      (double)all.n / 100, all.least);
	if (!isnan(d->p_threshold))
		(void)fprintf(f, "; one below %.3g makes the whole deviate",
			      d->p_threshold);
	(void)fputc('.', f);
}

static void p_values_numbers(FILE *f, const struct report_data *d)
{
	static const char *const heads[] = { "test", "p-values", "below 0.01",
					     "smallest", NULL };

	numbers_begin(f, heads);
	for (size_t i = 0; i < d->n_p_values; i++) {
		struct seen s = look(&d->p_values[i]);

		numbers_row(f);
		numbers_text(f, d->p_values[i].name);
		numbers_count(f, s.n);
		numbers_count(f, s.below_hundredth);
		numbers_value(f, s.n > 0 ? s.least : NAN);
		numbers_row_end(f);
	}
	numbers_end(f);
}

const struct chart chart_p_values = {
	.kind = "p-values",
	.title = "The p-values, test by test",
	.read = "On good data they spread evenly from 0 to 1, and one in a"
		" hundred lies below 0.01. A heap at the left is a deviation,"
		" a heap at the right is too good to be true.",
	.has = p_values_has,
	.height = p_values_height,
	.draw = p_values_draw,
	.says = p_values_says,
	.numbers = p_values_numbers,
};
