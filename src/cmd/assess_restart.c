/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SP 800-90B 3.1.4: do 1000 restarts give fresh samples each time? */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assess/sp80090b/restart.h"
#include "base/bytes.h"
#include "cmd/assess_suites.h"

/* The matrix, by the options, the description, or its size alone. */
static void shape(const struct assess_run *run, uint64_t *rows,
		  uint64_t *columns)
{
	const struct assess_options *o = run->o;
	const struct assess_sidecar *c = &run->in->sidecar;

	*rows = *columns = SP80090B_RESTARTS;
	if (o->rows) {
		*rows = o->rows;
		*columns = o->columns;
	} else if (c->restarts) {
		*rows = c->rows;
		*columns = c->columns;
	}
}

static bool applies(const struct assess_run *run)
{
	return (run->o->rows || run->in->sidecar.restarts) &&
	       !isnan(run->in->claim);
}

static uint64_t need_bytes(const struct assess_run *run, unsigned threads)
{
	unsigned bits = run->in->samples.bits;

	/* Rows, then columns, and the samples once more in each order. */
	return run->in->samples.n < SP80090B_RESTART_SAMPLES ?
		       0 :
		       sp80090b_need_bytes(SP80090B_RESTART_SAMPLES, bits,
					   threads) +
			       2 * SP80090B_RESTART_SAMPLES;
}

static uint64_t deep_bytes(const struct assess_run *run, unsigned threads)
{
	return sp80090b_need_deep_bytes(SP80090B_RESTART_SAMPLES,
					run->in->samples.bits, threads) +
	       2 * SP80090B_RESTART_SAMPLES;
}

static json_t *result_json(const struct sp80090b_restart_result *r)
{
	const struct sp80090b_restart_sanity *s = &r->sanity;

	return json_pack(
		"{s:o, s:o, s:o, s:o, s:b, s:{s:b, s:i, s:i, s:i, s:i, s:i, "
		"s:b}}",
		"h_initial", assess_real(r->h_initial), "h_row",
		assess_real(r->h_row), "h_column", assess_real(r->h_column),
		"h_validated",
		r->passes ? assess_real(r->h_validated) : json_null(),
		"validates", r->validates, "sanity", "passes", s->passes,
		"most_in_row", (int)s->most_in_row, "most_in_column",
		(int)s->most_in_column, "most", (int)s->most, "cutoff",
		(int)s->cutoff, "cutoff_of_the_text", (int)s->text_cutoff,
		"passes_by_the_text", s->passes_text);
}

static const char *sentence(struct assess_run *run,
			    const struct sp80090b_restart_result *r)
{
	struct assess_texts *t = &run->texts;

	if (!r->sanity.passes)
		return assess_say(t,
				  "One value occurs %u times among the %d of a "
				  "row or column, and at %.6g bits a sample "
				  "%u is the most that can be.",
				  r->sanity.most, SP80090B_RESTARTS,
				  r->h_initial, r->sanity.cutoff);
	return assess_say(t,
			  "Over restarts the estimate is %.6f bits by rows and "
			  "%.6f by columns, %s half of the initial estimate of "
			  "%.6g.",
			  r->h_row, r->h_column,
			  r->validates ? "not below" : "below", r->h_initial);
}

static const char *cell(struct assess_run *run,
			const struct sp80090b_estimate *e)
{
	return e->why_not ? NULL : assess_say(&run->texts, "%.6f", e->h);
}

static void conclude(struct assess_run *run, struct assess_outcome *a,
		     const struct sp80090b_restart_result *r)
{
	static const char *const heads[] = { "estimator", "rows", "columns" };
	const struct sp80090b_restart_sanity *s = &r->sanity;
	struct assess_texts *t = &run->texts;

	a->verdict = r->passes ? VERDICT_PASSED : VERDICT_FAILED;
	a->says = sentence(run, r);
	a->json = result_json(r);
	assess_fact(a, "H initial", assess_say(t, "%.6g", r->h_initial));
	assess_fact(a, "H by rows", assess_say(t, "%.6f", r->h_row));
	assess_fact(a, "H by columns", assess_say(t, "%.6f", r->h_column));
	if (r->passes)
		assess_fact(a, "H validated",
			    assess_say(t, "%.6f", r->h_validated));
	assess_fact(a, "most of one value",
		    assess_say(t, "%u in a row, %u in a column; at most %u",
			       s->most_in_row, s->most_in_column, s->cutoff));
	if (s->passes != s->passes_text)
		assess_fact(a, "by the text alone",
			    assess_say(t,
				       "at most %u: the count of one value "
				       "chosen beforehand, not of the most "
				       "common",
				       s->text_cutoff));
	(void)assess_table(a, "Min-entropy, bits a sample", heads, 3, 1);
	for (unsigned i = 0; i < SP80090B_COUNT; i++) {
		const char *cells[] = { sp80090b_names[i],
					cell(run, &r->rows.original[i]),
					cell(run, &r->columns.original[i]) };

		assess_row(a, cells);
	}
}

/* The first 1000 samples of the first 1000 rows: NULL for no memory. */
static uint8_t *corner(const struct samples *s, uint64_t columns)
{
	uint8_t *ret = malloc(SP80090B_RESTART_SAMPLES);

	for (size_t i = 0; ret && i < SP80090B_RESTARTS; i++)
		memcpy(ret + i * SP80090B_RESTARTS, s->symbols + i * columns,
		       SP80090B_RESTARTS);
	return ret;
}

static const char *too_few(struct assess_run *run, uint64_t rows,
			   uint64_t columns)
{
	struct assess_texts *t = &run->texts;
	uint64_t n = run->in->samples.n;

	if (n < SP80090B_RESTART_SAMPLES || rows < SP80090B_RESTARTS ||
	    columns < SP80090B_RESTARTS)
		return assess_say(t,
				  "SP 800-90B 3.1.4.1 asks for 1,000 samples "
				  "from each of 1,000 restarts, 1,000,000 in "
				  "all, and there are %s (%s rows of %s).",
				  assess_count(t, n), assess_count(t, rows),
				  assess_count(t, columns));
	return NULL;
}

/* Why it cannot be done; NULL: it can. */
static const char *missing(struct assess_run *run, uint64_t rows,
			   uint64_t columns)
{
	struct assess_texts *t = &run->texts;
	uint64_t n = run->in->samples.n;

	if (rows * columns != n)
		return assess_say(t,
				  "%s rows of %s are %s samples and there are "
				  "%s: --rows and --cols tell the matrix.",
				  assess_count(t, rows),
				  assess_count(t, columns),
				  assess_count(t, rows * columns),
				  assess_count(t, n));
	if (isnan(run->in->claim))
		return "The test needs the initial estimate of the sequential "
		       "samples: --claim BITS.";
	return NULL;
}

static int run_suite(struct assess_run *run, struct assess_outcome *ret,
		     void *stream)
{
	struct sp80090b_options options = { .threads = run->threads,
					    .progress = assess_progress,
					    .context = run };
	struct samples s = run->in->samples;
	struct sp80090b_restart_result *r;
	uint64_t rows, columns;
	uint8_t *part;
	const char *why;
	int error = -ENOMEM;

	(void)stream;
	shape(run, &rows, &columns);
	why = too_few(run, rows, columns);
	if (why)
		return assess_short(run, ret, why);
	why = missing(run, rows, columns);
	if (why)
		return assess_refuse(run, ret, why);
	part = corner(&s, columns);
	r = malloc(sizeof *r);
	s.symbols = part;
	s.n = SP80090B_RESTART_SAMPLES;
	if (part && r)
		error = sp80090b_restart(&s, run->in->claim, &options, r);
	if (error == 0)
		conclude(run, ret, r);
	free(r);
	free(part);
	return error == 0 ? 0 : assess_failed(run->in, error);
}

const struct assess_suite assess_suite_restart = {
	.name = "restart",
	.in_all = true,
	.of_raw = true,
	.applies = applies,
	.need_bytes = need_bytes,
	.deep_bytes = deep_bytes,
	.run = run_suite,
};
