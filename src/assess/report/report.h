/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_REPORT_REPORT_H
#define AQUIFER_ASSESS_REPORT_REPORT_H

/*
 * What an assessment found, as one page and as single pictures. Nothing is
 * computed here but the layout: the caller fills a report_data with what the
 * suites said (plain strings, plain numbers) and with the pictures' data
 * (pictures.h). All text in it may be foreign and is escaped. The same data
 * gives the same bytes; the date is the caller's.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "assess/report/pictures.h"

/* How a verdict is shown; the words carry it, the colour only repeats it. */
enum report_tone {
	REPORT_NEUTRAL, /* an estimate, or for information */
	REPORT_YES,     /* supports-claim, passed, no-deviation-found */
	REPORT_NO,      /* below-claim, rejected, failed, deviates */
	REPORT_REFUSED, /* not judged */
};

struct report_fact {
	const char *name;
	const char *value;
};

struct report_table {
	const char *caption;      /* NULL: none */
	const char *const *heads; /* n_columns */
	const char *const *cells; /* n_rows * n_columns, row by row; NULL: - */
	size_t n_columns, n_rows;
	unsigned text_columns; /* left-aligned ones, from the first; the
				  others are numbers */
};

struct report_suite {
	const char *name;    /* "sp800-90b" */
	const char *verdict; /* "supports-claim" */
	enum report_tone tone;
	bool decides;                    /* false: shown for information */
	const char *says;                /* a sentence or two; NULL: none */
	const char *says_not;            /* what it does not mean; NULL: none */
	const struct report_fact *facts; /* h_assessed, alpha, seed ... */
	size_t n_facts;
	const struct report_table *tables;
	size_t n_tables;
};

/* Bits of min-entropy; NAN where there is no estimate. */
struct report_estimate {
	const char *name;
	double h_original;  /* a symbol */
	double h_bitstring; /* a bit of the bit string */
};

/* NANs are left out. */
struct report_p_values {
	const char *name;
	const double *p;
	size_t n;
};

struct report_data {
	const char *title;     /* NULL: the file name */
	const char *file_name; /* "-" as it was given */
	const char *program;   /* "aquifer 0.1.0"; NULL: none */
	const char *date;      /* NULL: none */

	/* The verdict that decides the exit, which the page begins with. */
	const char *verdict; /* NULL: none was asked for */
	enum report_tone tone;
	const char *says;
	const char *says_not;

	uint64_t n_samples;
	unsigned bits;

	/* Where the recording came from and what is claimed of it. */
	const struct report_fact *facts;
	size_t n_facts;

	const struct report_suite *suites;
	size_t n_suites;

	/* SP 800-90B; no chart where n_estimates is 0. */
	const struct report_estimate *estimates;
	size_t n_estimates;
	double h_assessed; /* a symbol; NAN: none */
	double claim;      /* a symbol; NAN: none */

	/* No chart where n_p_values is 0. */
	const struct report_p_values *p_values;
	size_t n_p_values;
	/* A single p-value below it deviates; NAN: none. */
	double p_threshold;

	/* NULL: no charts of the samples. */
	const struct pictures *pictures;
};

/*
 * report_html - one page, complete in itself: no script, nothing fetched.
 * Well-formed as XML too. Returns 0, -EIO where f could not be written, or
 * -ENOMEM. Does not flush: the caller closes f and looks at the result.
 */
int report_html(FILE *f, const struct report_data *d);

/* Single pictures: "histogram" "bits" "lag" ... ; NULL past the last. */
const char *plot_kind_at(size_t index);
/* plot_kind_says - what it shows, in a few words; NULL: no such kind. */
const char *plot_kind_says(const char *kind);
/* plot_has - is there data for this kind? */
bool plot_has(const char *kind, const struct report_data *d);
/* plot_path_ok - path ends in .png or .svg, in either case. */
bool plot_path_ok(const char *path);

/*
 * plot_write - one picture into a file, .png or .svg by its name. The file
 * appears whole or not at all.
 * Returns 0; -EINVAL for another name or kind; -ENODATA where d has no data
 * for the kind; -ENOMEM; or what the file system said.
 */
int plot_write(const char *path, const char *kind, const struct report_data *d);

/*
 * report_write_file - a page or picture. A file is replaced by a whole one or
 * not at all; a pipe or device is written to.
 * report_can_write - would that work? Leaves nothing behind.
 * Return 0 or what the file system said.
 */
int report_write_file(const char *path, const char *bytes, size_t len_bytes);
int report_can_write(const char *path);

/*
 * plot_end - give back what the font libraries keep for the next picture: for
 * the end of a program, where a leak checker looks. Not beside other threads.
 */
void plot_end(void);

#endif
