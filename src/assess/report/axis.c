/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "assess/report/chart.h"

#define TICK 4
#define TICKS_MAX 100
#define LABEL_GAP 4
/* A letter's mean width, as near as matters for a legend. */
#define LETTER 5.9

double axis_x(const struct axis *a, double v)
{
	return a->x + (v - a->x_first) / (a->x_last - a->x_first) * a->width;
}

double axis_y(const struct axis *a, double v)
{
	double at;

	if (a->log_y)
		at = v <= a->y_first ?
			     0 :
			     log(v / a->y_first) / log(a->y_last / a->y_first);
	else
		at = (v - a->y_first) / (a->y_last - a->y_first);
	return a->y + a->height * (1 - fmin(1, fmax(0, at)));
}

double axis_round(double span, unsigned n)
{
	static const double steps[] = { 1, 2, 5 };
	double rough = span / n, power = pow(10, floor(log10(rough)));

	/* A little too fine is better than one lone label. */
	for (unsigned i = 0; i < 3; i++)
		if (rough <= steps[i] * power * 1.25)
			return steps[i] * power;
	return 10 * power;
}

static double step_of(const struct axis *a, double span, unsigned n)
{
	double step = axis_round(span, n);

	return a->whole ? fmax(1, step) : step;
}

/* 0.05, 12, 200k, 3M: what fits beside an axis. */
static void label_of(double v, double step, char *ret, size_t cap_bytes)
{
	int places = step >= 1 ? 0 : (int)ceil(-log10(step) - 1e-9);

	if (v != 0 && fabs(v) >= 1e9)
		(void)snprintf(ret, cap_bytes, "%gG", v / 1e9);
	else if (fabs(v) >= 1e6)
		(void)snprintf(ret, cap_bytes, "%gM", v / 1e6);
	else if (fabs(v) >= 1e3)
		(void)snprintf(ret, cap_bytes, "%gk", v / 1e3);
	else
		(void)snprintf(ret, cap_bytes, "%.*f", places,
			       fabs(v) < step / 2 ? 0 : v);
}

static void y_tick(struct canvas *c, const struct axis *a, double v, double step)
{
	double y = axis_y(a, v);
	char label[32];

	label_of(v, step, label, sizeof label);
	c->class->line(c, a->x, y, a->x + a->width, y, PAINT_GRID, false);
	c->class->text(c, a->x - LABEL_GAP, y + CANVAS_FONT * 0.35, ANCHOR_END,
		       PAINT_MUTED, label);
}

/* A tick a power of ten, or every second or third where they are many. */
static void log_ticks(struct canvas *c, const struct axis *a)
{
	double first = log10(a->y_first), last = log10(a->y_last);
	int every = (int)fmax(1, ceil((last - first) / 6));

	for (int e = (int)ceil(first - 1e-9); e <= last + 1e-9; e += every)
		y_tick(c, a, pow(10, e), pow(10, e));
}

/*
 * The ticks from first * step on up to last and a little more; none where a
 * step is none, and the quotients no numbers.
 */
static int count_of(double first, double last, double step)
{
	double n = floor(last / step + 1e-9) - first + 1;

	return (int)fmin(TICKS_MAX, fmax(0, n));
}

void axis_y_ticks(struct canvas *c, const struct axis *a)
{
	double step = step_of(a, a->y_last - a->y_first, 4);
	double floor_y = a->y + a->height;
	double first = ceil(a->y_first / step - 1e-9);

	if (a->log_y)
		log_ticks(c, a);
	for (int i = 0; !a->log_y && i < count_of(first, a->y_last, step); i++)
		y_tick(c, a, (first + i) * step, step);
	c->class->line(c, a->x, floor_y, a->x + a->width, floor_y, PAINT_AXIS,
		       false);
}

void axis_x_ticks(struct canvas *c, const struct axis *a, bool with_grid)
{
	double step = step_of(a, a->x_last - a->x_first, 6);
	double first = ceil(a->x_first / step - 1e-9);
	double y = a->y + a->height;

	for (int i = 0; i < count_of(first, a->x_last, step); i++) {
		double at = (first + i) * step;
		double x = axis_x(a, at);
		char label[32];

		label_of(at, step, label, sizeof label);
		if (with_grid)
			c->class->line(c, x, a->y, x, y, PAINT_GRID, false);
		c->class->line(c, x, y, x, y + TICK, PAINT_AXIS, false);
		c->class->text(c, x, y + TICK + CANVAS_FONT, ANCHOR_MIDDLE,
			       PAINT_MUTED, label);
	}
}

void axis_x_label(struct canvas *c, const struct axis *a, const char *label)
{
	c->class->text(c, a->x + a->width / 2,
		       a->y + a->height + TICK + 2.4 * CANVAS_FONT,
		       ANCHOR_MIDDLE, PAINT_MUTED, label);
}

void axis_y_label(struct canvas *c, const struct axis *a, const char *label)
{
	c->class->text(c, 0, a->y - 0.9 * CANVAS_FONT, ANCHOR_START,
		       PAINT_MUTED, label);
}

double axis_legend(struct canvas *c, double x, double y, enum paint paint,
		   const char *label)
{
	c->class->begin(c, paint);
	c->class->rect(c, x, y - 8, 8, 8);
	c->class->end(c);
	c->class->text(c, x + 12, y, ANCHOR_START, PAINT_TEXT, label);
	return x + 12 + LETTER * (double)strlen(label) + 14;
}
