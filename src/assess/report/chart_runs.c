/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "assess/report/chart.h"
#include "assess/report/text.h"

/* Half a run: the foot of the logarithmic axis, where none is drawn. */
#define NONE 0.5

static unsigned shown(const struct pictures *p)
{
	unsigned n = PICTURES_RUNS;

	while (n > 4 && p->runs[n - 1] == 0 && p->runs_expected[n - 1] < NONE)
		n--;
	return n;
}

static const char *length_name(unsigned i, char ret[16])
{
	(void)snprintf(ret, 16, i + 1 < PICTURES_RUNS ? "%u" : "%u+", i + 1);
	return ret;
}

static double runs_height(const struct report_data *d)
{
	(void)d;
	return 240;
}

static int runs_draw(struct canvas *c, const struct report_data *d)
{
	const struct pictures *p = d->pictures;
	unsigned n = shown(p), every = n > 12 ? 2 : 1;
	struct axis a = { .x = 40,
			  .y = 40,
			  .width = CANVAS_WIDTH - 48,
			  .height = 162,
			  .x_first = 0.5,
			  .x_last = n + 0.5,
			  .y_first = NONE,
			  .y_last = 10,
			  .log_y = true };
	double step = a.width / n, foot = a.y + a.height;
	char name[16];

	for (unsigned i = 0; i < n; i++)
		a.y_last = fmax(a.y_last, 1.5 * fmax((double)p->runs[i],
						     p->runs_expected[i]));
	axis_legend(c, axis_legend(c, a.x, 10, PAINT_FIRST, "seen"), 10,
		    PAINT_SECOND, "expected, were the samples independent");
	axis_y_label(c, &a, "runs");
	axis_y_ticks(c, &a);
	c->class->begin(c, PAINT_FIRST);
	for (unsigned i = 0; i < n; i++) {
		double y = axis_y(&a, (double)p->runs[i]);

		if (p->runs[i] > 0)
			c->class->rect(c, axis_x(&a, i + 1) - step * 0.35, y,
				       step * 0.7, foot - y);
	}
	c->class->end(c);
	c->class->begin(c, PAINT_SECOND);
	for (unsigned i = 0; i < n; i++)
		if (p->runs_expected[i] > NONE)
			c->class->rect(c, axis_x(&a, i + 1) - step * 0.45,
				       axis_y(&a, p->runs_expected[i]) - 1.25,
				       step * 0.9, 2.5);
	c->class->end(c);
	for (unsigned i = (n - 1) % every; i < n; i += every)
		c->class->text(c, axis_x(&a, i + 1), foot + 4 + CANVAS_FONT,
			       ANCHOR_MIDDLE, PAINT_MUTED, length_name(i, name));
	axis_x_label(c, &a, "length of the run, in samples");
	return 0;
}

static void runs_says(FILE *f, const struct report_data *d)
{
	const struct pictures *p = d->pictures;
	char longest[TEXT_COUNT], runs[TEXT_COUNT], about[TEXT_COUNT];
	uint64_t total = 0;
	double expected = 0;

	for (unsigned i = 0; i < PICTURES_RUNS; i++) {
		total += p->runs[i];
		expected += p->runs_expected[i];
	}
	(void)fprintf(f,
		      "%s %s, where independent samples with the same counts"
		      " would have about %s. The longest: %s %s.",
		      report_text_count(total, runs),
		      total == 1 ? "run" : "runs",
		      report_text_count((uint64_t)llround(expected), about),
		      report_text_count(p->longest_run, longest),
		      p->longest_run == 1 ? "sample" : "samples");
}

static void runs_numbers(FILE *f, const struct report_data *d)
{
	static const char *const heads[] = { "length", "seen", "expected",
					     NULL };
	const struct pictures *p = d->pictures;
	char name[16];

	numbers_begin(f, heads);
	for (unsigned i = 0; i < shown(p); i++) {
		numbers_row(f);
		numbers_text(f, length_name(i, name));
		numbers_count(f, p->runs[i]);
		numbers_value(f, p->runs_expected[i]);
		numbers_row_end(f);
	}
	numbers_end(f);
}

const struct chart chart_runs = {
	.kind = "runs",
	.title = "Runs of equal samples",
	.read = "How often a value comes how many times in a row, on a"
		" logarithmic scale.",
	.has = chart_has_pictures,
	.height = runs_height,
	.draw = runs_draw,
	.says = runs_says,
	.numbers = runs_numbers,
};
