/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The p-values of SP 800-22, as JSON, as a table and for charts. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/assess_sp80022.h"

/* One list a stream; empty where the test does not apply to it. */
static json_t *p_values_json(const struct assess_battery *b, unsigned test)
{
	json_t *all = json_array();

	for (size_t s = 0; s < b->n_streams; s++) {
		const double *p = b->p[test] + s * b->p_count[test];
		json_t *one = json_array();

		for (unsigned i = 0; i < b->p_count[test]; i++) {
			if (!isnan(p[i]))
				(void)json_array_append_new(one,
							    json_real(p[i]));
		}
		(void)json_array_append_new(all, one);
	}
	return all;
}

/* The streams' values of one place in the list. ret: n_streams. */
static void column(const struct assess_battery *b, unsigned test, unsigned i,
		   double *ret)
{
	for (size_t s = 0; s < b->n_streams; s++)
		ret[s] = b->p[test][s * b->p_count[test] + i];
}

static json_t *second_json(const struct assess_battery *b, unsigned test,
			   unsigned i, double *values)
{
	struct sp80022_second_level s;
	char label[64] = "";
	json_t *o;

	column(b, test, i, values);
	sp80022_second_level(values, b->n_streams, &s);
	if (sp80022_tests[test]->label)
		sp80022_tests[test]->label(&b->params, i, label, sizeof label);
	o = json_pack("{s:I, s:o, s:o, s:o, s:b, s:o}", "streams",
		      (json_int_t)s.streams, "proportion",
		      assess_real(s.proportion), "least", assess_real(s.least),
		      "most", assess_real(s.most), "proportion_ok",
		      s.proportion_ok, "uniformity", assess_real(s.uniformity));
	if (label[0])
		(void)json_object_set_new(o, "of", cmd_json_text(label));
	return o;
}

static json_t *test_json(const struct assess_battery *b, unsigned test)
{
	double *values = malloc((b->n_streams + 1) * sizeof *values);
	json_t *second = json_array(), *o;

	for (unsigned i = 0; values && i < b->p_count[test]; i++)
		(void)json_array_append_new(second,
					    second_json(b, test, i, values));
	free(values);
	o = json_pack("{s:s, s:o, s:s, s:I, s:o}", "name",
		      sp80022_tests[test]->name, "p_values",
		      p_values_json(b, test), "section",
		      sp80022_tests[test]->section, "streams",
		      (json_int_t)b->applied[test], "second_level", second);
	if (b->why[test])
		(void)json_object_set_new(o, "why_not",
					  cmd_json_text(b->why[test]));
	return o;
}

json_t *assess_battery_json(const struct assess_battery *b)
{
	json_t *tests = json_array();

	for (unsigned i = 0; i < SP80022_TESTS; i++)
		(void)json_array_append_new(tests, test_json(b, i));
	return json_pack("{s:o, s:I, s:I, s:I, s:o, s:o}", "tests", tests,
			 "streams", (json_int_t)b->n_streams, "stream_bits",
			 (json_int_t)b->stream_bits, "p_value_count",
			 (json_int_t)b->family.count, "least_p_value",
			 assess_real(b->family.least), "adjusted_p_value",
			 assess_real(b->family.adjusted));
}

/* All values of a test together, whatever stream and place. */
static void row(struct assess_run *run, struct assess_outcome *a,
		const struct assess_battery *b, unsigned test)
{
	size_t n = b->n_streams * b->p_count[test], count = 0, passed = 0;
	struct assess_texts *t = &run->texts;
	struct sp80022_second_level s = { .uniformity = NAN };
	double least = 2;
	const char *cells[5] = { sp80022_tests[test]->name };

	for (size_t i = 0; i < n; i++) {
		double p = b->p[test][i];

		if (isnan(p))
			continue;
		count++;
		passed += p >= SP80022_ALPHA;
		least = p < least ? p : least;
	}
	if (b->p_count[test] == 1)
		sp80022_second_level(b->p[test], b->n_streams, &s);
	if (count > 0) {
		cells[1] = assess_say(t, "%zu", count);
		cells[2] = assess_say(t, "%.3g", least);
		cells[3] = assess_say(t, "%.4f", (double)passed / (double)count);
	}
	if (s.uniformity_stated)
		cells[4] = assess_say(t, "%.4f", s.uniformity);
	assess_row(a, cells);
	a->p_lists[test] = (struct report_p_values){ sp80022_tests[test]->name,
						     b->p[test], n };
}

void assess_battery_show(struct assess_run *run, struct assess_outcome *a,
			 const struct assess_battery *b)
{
	static const char *const heads[] = { "test", "p-values", "least",
					     "share >= 0.01", "uniformity" };
	struct assess_texts *t = &run->texts;

	(void)assess_table(a, "p-values of all streams", heads, 5, 1);
	for (unsigned i = 0; i < SP80022_TESTS; i++)
		row(run, a, b, i);
	for (unsigned i = 0; i < SP80022_TESTS; i++) {
		if (b->applied[i] < b->n_streams && b->why[i])
			assess_fact(a, sp80022_tests[i]->name,
				    assess_say(t, "left out of %zu of %zu: %s",
					       b->n_streams - b->applied[i],
					       b->n_streams, b->why[i]));
	}
	a->n_p_lists = SP80022_TESTS;
}
