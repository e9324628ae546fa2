/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_REPORT_CHART_H
#define AQUIFER_ASSESS_REPORT_CHART_H

/* A chart: a file of its own, and a row in the table in charts.c. */
#include <stdbool.h>
#include <stdio.h>

#include "assess/report/canvas.h"
#include "assess/report/report.h"

struct chart {
	const char *kind; /* "histogram": name of the picture, id on the page */
	const char *title; /* what is asked */
	const char *read;  /* how it is read, a sentence or two */
	bool (*has)(const struct report_data *d);
	double (*height)(const struct report_data *d);
	int (*draw)(struct canvas *c, const struct report_data *d);
	/* says - what these samples show, a sentence; XML-safe. */
	void (*says)(FILE *f, const struct report_data *d);
	/* numbers - the same as tables. */
	void (*numbers)(FILE *f, const struct report_data *d);
};

extern const struct chart chart_entropy, chart_p_values, chart_histogram,
	chart_bits, chart_lag, chart_autocorrelation, chart_runs;

/* chart_at - in the page's order; NULL past the last. */
const struct chart *chart_at(size_t index);

/* has() of all that are drawn from samples. */
bool chart_has_pictures(const struct report_data *d);

/* Where values lie on a canvas. */
struct axis {
	double x, y, width, height; /* the field, y its upper edge */
	double x_first, x_last, y_first, y_last;
	bool log_y; /* y_first above zero */
	bool whole; /* values are whole numbers, and so are the ticks */
};

double axis_x(const struct axis *a, double v);
double axis_y(const struct axis *a, double v); /* kept within the field */

/* Grid and labels at round numbers, and the base line. */
void axis_y_ticks(struct canvas *c, const struct axis *a);
/* with_grid: lines up into the field, not just ticks below it. */
void axis_x_ticks(struct canvas *c, const struct axis *a, bool with_grid);
void axis_x_label(struct canvas *c, const struct axis *a, const char *label);
/* Above the field, where no label of the axis runs along its height. */
void axis_y_label(struct canvas *c, const struct axis *a, const char *label);

/* axis_round - the step, 1, 2 or 5 times a power of ten, for about n ticks. */
double axis_round(double span, unsigned n);

/* A square and its name at x; returns where the next may start. */
double axis_legend(struct canvas *c, double x, double y, enum paint paint,
		   const char *label);

/* Tables under a chart. heads: NULL-terminated. */
void numbers_begin(FILE *f, const char *const *heads);
void numbers_row(FILE *f);
void numbers_text(FILE *f, const char *text);
void numbers_count(FILE *f, uint64_t n);
void numbers_value(FILE *f, double v);
void numbers_row_end(FILE *f);
void numbers_end(FILE *f);

#endif
