/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The quick look: ent's figures, and one verdict from their p-values. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assess/quick/quick.h"
#include "base/bytes.h"
#include "cmd/assess_suites.h"

static void *begin(const struct assess_run *run)
{
	struct quick *q = malloc(sizeof *q);

	(void)run;
	if (q)
		quick_begin(q);
	return q;
}

static void feed(void *context, const uint8_t *data, size_t n_bytes)
{
	quick_feed(context, data, n_bytes);
}

static json_t *figures_json(const struct quick_result *r)
{
	json_t *ones = json_array();

	for (unsigned i = 0; i < 8; i++)
		(void)json_array_append_new(ones, assess_real(r->ones[i]));
	return json_pack(
		"{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
		"s:o}",
		"bytes", (json_int_t)r->n_bytes, "byte_entropy",
		assess_real(r->byte_entropy), "bit_entropy",
		assess_real(r->bit_entropy), "min_entropy",
		assess_real(r->min_entropy), "byte_mean",
		assess_real(r->byte_mean), "byte_chi2",
		assess_real(r->byte_chi2), "byte_chi2_p",
		assess_real(r->byte_chi2_p), "bit_chi2",
		assess_real(r->bit_chi2), "bit_chi2_p",
		assess_real(r->bit_chi2_p), "ones", ones, "ones_all",
		assess_real(r->ones_all), "serial_correlation",
		assess_real(r->serial_correlation), "pi", assess_real(r->pi));
}

static void show_figures(struct assess_run *run, struct assess_outcome *a,
			 const struct quick_result *r)
{
	const struct {
		const char *name, *format;
		double value;
	} rows[] = {
		{ "Shannon entropy", "%.6f bits a byte", r->byte_entropy },
		{ "min-entropy (commonest)", "%.6f bits a byte", r->min_entropy },
		{ "Shannon entropy of bits", "%.6f bits a bit", r->bit_entropy },
		{ "mean byte", "%.4f (127.5 = random)", r->byte_mean },
		{ "chi-square, 255 degrees", "%.2f", r->byte_chi2 },
		{ "its p-value", "%.4f", r->byte_chi2_p },
		{ "share of ones", "%.6f", r->ones_all },
		{ "serial correlation", "%.6f (0 = none)",
		  r->serial_correlation },
		{ "Monte Carlo pi", "%.6f", r->pi },
	};
	char text[64];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		/* Formats of this table alone, one double each. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		(void)snprintf(text, sizeof text, rows[i].format, rows[i].value);
#pragma GCC diagnostic pop
		assess_fact(a, rows[i].name,
			    isnan(rows[i].value) ?
				    "not defined for this data" :
				    assess_say(&run->texts, "%s", text));
	}
}

static void show_p_values(struct assess_run *run, struct assess_outcome *a,
			  const struct quick_p *p)
{
	static const char *const heads[] = { "looked at", "p-value" };

	(void)assess_table(a, "What the verdict looks at", heads, 2, 1);
	for (unsigned i = 0; i < QUICK_P_VALUES; i++) {
		const char *cells[] = {
			p[i].name, assess_say(&run->texts, "%.6g", p[i].value)
		};

		assess_row(a, cells);
	}
}

static void conclude(struct assess_run *run, struct assess_outcome *a,
		     const struct quick_result *r, const struct quick_p *p)
{
	struct assess_texts *t = &run->texts;
	struct verdict_family f;
	json_t *tests = json_array();
	double values[QUICK_P_VALUES];

	for (unsigned i = 0; i < QUICK_P_VALUES; i++) {
		values[i] = p[i].value;
		(void)json_array_append_new(
			tests, json_pack("{s:s, s:o}", "name", p[i].name,
					 "p_value", assess_real(p[i].value)));
	}
	f = verdict_family(values, QUICK_P_VALUES, run->o->alpha);
	a->verdict = f.verdict;
	a->says = assess_say(t,
			     "Of %zu looks at %s bytes '%s' deviates most; "
			     "corrected for their number its p-value is %.3g, "
			     "and %g or less would deviate.",
			     f.count, assess_count(t, r->n_bytes),
			     p[f.least_at].name, f.adjusted, run->o->alpha);
	a->json = figures_json(r);
	(void)json_object_set_new(a->json, "tests", tests);
	(void)json_object_set_new(a->json, "adjusted_p_value",
				  assess_real(f.adjusted));
	show_figures(run, a, r);
	show_p_values(run, a, p);
}

static int run_suite(struct assess_run *run, struct assess_outcome *ret,
		     void *stream)
{
	struct assess_texts *t = &run->texts;
	struct quick_p p[QUICK_P_VALUES];
	struct quick_result r;

	quick_end(stream, &r);
	if (quick_p_values(stream, p) == 0) {
		conclude(run, ret, &r, p);
		return 0;
	}
	if (run->o->allow_short) {
		ret->verdict = VERDICT_NONE;
		ret->says = assess_say(t, "The figures of %s bytes:",
				       assess_count(t, r.n_bytes));
		ret->json = figures_json(&r);
		show_figures(run, ret, &r);
		return 0;
	}
	return assess_short(
		run, ret,
		assess_say(t,
			   "The quick look needs %s bytes and there are %s: %s "
			   "more are needed.",
			   assess_count(t, QUICK_LEAST_BYTES),
			   assess_count(t, r.n_bytes),
			   assess_count(t, QUICK_LEAST_BYTES - r.n_bytes)));
}

const struct assess_suite assess_suite_quick = {
	.name = "quick",
	.takes_bits = true,
	.streams = true,
	.in_all = true,
	.begin = begin,
	.feed = feed,
	.run = run_suite,
};
