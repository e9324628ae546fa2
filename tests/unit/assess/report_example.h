/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_ASSESS_REPORT_EXAMPLE_H
#define AQUIFER_TESTS_ASSESS_REPORT_EXAMPLE_H

/* A report with something in each place, and each text of it hostile. */
#include <math.h>
#include <string.h>

#include "assess/report/report.h"
#include "base/bytes.h"

#define EXAMPLE_NAME \
	"</title><script>alert(1)</script>\"' onload=\"x\" & \xff\x1b " \
	"\xe2\x80\xae ]]> <!-- "
#define EXAMPLE_SHOWN \
	"</title><script>alert(1)</script>\"' onload=\"x\" & \\xff\\x1b " \
	"\\u202e ]]> <!-- "

static const char *const example_heads[] = { EXAMPLE_NAME, "value" };
static const char *const example_cells[] = { EXAMPLE_NAME, NULL, "b", "2" };
static const struct report_table example_table = {
	.caption = EXAMPLE_NAME,
	.heads = example_heads,
	.cells = example_cells,
	.n_columns = 2,
	.n_rows = 2,
	.text_columns = 1,
};
static const struct report_fact example_facts[] = {
	{ EXAMPLE_NAME, EXAMPLE_NAME },
	{ "none", NULL },
};
static const struct report_suite example_suites[] = {
	{ .name = EXAMPLE_NAME,
	  .verdict = EXAMPLE_NAME,
	  .tone = REPORT_NO,
	  .decides = true,
	  .says = EXAMPLE_NAME,
	  .says_not = EXAMPLE_NAME,
	  .facts = example_facts,
	  .n_facts = ARRAY_LEN(example_facts),
	  .tables = &example_table,
	  .n_tables = 1 },
	{ .name = "bare", .verdict = "refused", .tone = REPORT_REFUSED },
};
static const struct report_estimate example_estimates[] = {
	{ EXAMPLE_NAME, 7.25, 0.875 },
	{ "lag", NAN, 0.5 },
	{ "lrs", NAN, NAN },
};
static const double example_p[] = { 0, 1e-12, 0.3, NAN, 0.5, 1 };
static const struct report_p_values example_p_values[] = {
	{ EXAMPLE_NAME, example_p, ARRAY_LEN(example_p) },
	{ "none", NULL, 0 },
};

static inline struct report_data example_report(const struct pictures *p)
{
	return (struct report_data){
		.file_name = EXAMPLE_NAME,
		.program = EXAMPLE_NAME,
		.date = EXAMPLE_NAME,
		.verdict = EXAMPLE_NAME,
		.tone = REPORT_YES,
		.says = EXAMPLE_NAME,
		.says_not = EXAMPLE_NAME,
		.n_samples = p->n,
		.bits = p->bits,
		.facts = example_facts,
		.n_facts = ARRAY_LEN(example_facts),
		.suites = example_suites,
		.n_suites = ARRAY_LEN(example_suites),
		.estimates = example_estimates,
		.n_estimates = ARRAY_LEN(example_estimates),
		.h_assessed = 4,
		.claim = 0.5,
		.p_values = example_p_values,
		.n_p_values = ARRAY_LEN(example_p_values),
		.p_threshold = 1e-6,
		.pictures = p,
	};
}

#endif
