/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the continuous health tests of SP 800-90B 4.4 would have said of a
 * recording, at its claim or at what was assessed.
 */
#include <math.h>

#include "assess/sp80090b/health_replay.h"
#include "base/bytes.h"
#include "cmd/assess_suites.h"

#define TESTS 2

static const char *const names[TESTS] = { "repetition-count",
					  "adaptive-proportion" };

struct replay {
	struct health_replay r;
	const struct health_replay_test *tests[TESTS];
	double p[TESTS]; /* chance of so many failures, were H the truth */
	bool can_fail[TESTS];
	const char *h_from;
};

static bool applies(const struct assess_run *run)
{
	return !isnan(run->in->claim);
}

static json_t *test_json(const struct replay *y, size_t i)
{
	const struct health_replay_test *t = y->tests[i];

	return json_pack("{s:s, s:o, s:I, s:I, s:o, s:o, s:o}", "name",
			 names[i], "cutoff",
			 y->can_fail[i] ? json_integer((json_int_t)t->cutoff) :
					  json_null(),
			 "most", (json_int_t)t->most, "failures",
			 (json_int_t)t->failures, "first",
			 t->failures ? json_integer((json_int_t)t->first) :
				       json_null(),
			 "expected", assess_real(t->expected), "p_value",
			 assess_real(y->p[i]));
}

static void show(struct assess_run *run, struct assess_outcome *a,
		 const struct replay *y)
{
	static const char *const heads[] = {
		"health test", "cutoff",           "most",
		"failures",    "expected at most", "first"
	};
	struct assess_texts *t = &run->texts;
	json_t *list = json_array();

	assess_fact(a, "H", assess_say(t, "%.6g, %s", y->r.h, y->h_from));
	assess_fact(a, "false alarms", assess_say(t, "2^-%u", y->r.alpha_log2));
	assess_fact(a, "window", assess_say(t, "%u samples", y->r.window));
	(void)assess_table(a, "Tests of 4.4, begun anew after each failure",
			   heads, ARRAY_LEN(heads), 1);
	for (size_t i = 0; i < TESTS; i++) {
		const struct health_replay_test *h = y->tests[i];
		const char *cells[] = {
			names[i],
			y->can_fail[i] ? assess_say(t, "%u", h->cutoff) : NULL,
			assess_say(t, "%u", h->most),
			assess_count(t, h->failures),
			assess_say(t, "%.3g", h->expected),
			h->failures ? assess_count(t, h->first) : NULL,
		};

		assess_row(a, cells);
		(void)json_array_append_new(list, test_json(y, i));
	}
	a->json = json_pack("{s:o, s:I, s:I, s:o}", "h", assess_real(y->r.h),
			    "alpha_log2", -(json_int_t)y->r.alpha_log2,
			    "window", (json_int_t)y->r.window, "tests", list);
}

static void conclude(struct assess_run *run, struct assess_outcome *a,
		     const struct replay *y)
{
	struct assess_texts *t = &run->texts;
	uint64_t rct = y->tests[0]->failures, apt = y->tests[1]->failures;
	struct verdict_family f = verdict_family(y->p, TESTS, run->o->alpha);
	bool failed = f.verdict == VERDICT_DEVIATES;

	show(run, a, y);
	a->verdict = failed ? VERDICT_FAILED : VERDICT_PASSED;
	a->says = assess_say(
		t,
		"At %.6g bits a sample the repetition count test fails %s "
		"time%s over %s samples and the adaptive proportion test %s "
		"time%s%s.",
		y->r.h, assess_count(t, rct), rct == 1 ? "" : "s",
		assess_count(t, y->r.n), assess_count(t, apt),
		apt == 1 ? "" : "s",
		failed        ? ": more than chance allows" :
		rct + apt > 0 ? ", which chance allows" :
				"");
	a->says_not = failed ? "It does not mean that there is no entropy: it "
			       "means that at times the source gives less than "
			       "these tests were set for." :
			       "It does not mean that the source gives what "
			       "the tests were set for: they see a source that "
			       "breaks down, not one that can be predicted.";
	(void)json_object_set_new(a->json, "adjusted_p_value",
				  assess_real(f.adjusted));
}

/* The claim, or what sp800-90b has assessed in the same run. */
static double find_h(const struct assess_run *run, const char **ret_from)
{
	const struct assess_outcome *a = run->outcomes[ASSESS_SP80090B];

	*ret_from = "the claim";
	if (!isnan(run->in->claim))
		return run->in->claim;
	*ret_from = "as assessed by sp800-90b";
	return a ? a->h_assessed : NAN;
}

static int run_suite(struct assess_run *run, struct assess_outcome *ret,
		     void *stream)
{
	struct replay y = { .h_from = NULL };
	double h = find_h(run, &y.h_from), each;
	int error;

	(void)stream;
	if (isnan(h))
		return assess_refuse(run, ret,
				     "The tests are set for a min-entropy: "
				     "--claim BITS, or --suite "
				     "sp800-90b,health for what is assessed.");
	/* To whole millibits and down, as health tests take a claim. */
	if (h < 0.001)
		return assess_refuse(run, ret,
				     "No cutoff can be set for less than 0.001 "
				     "bits a sample.");
	error = health_replay(&run->in->samples, (uint32_t)(h * 1000 + 1e-6),
			      HEALTH_REPLAY_ALPHA_LOG2, &y.r);
	if (error < 0)
		return assess_failed(run->in, error);
	y.tests[0] = &y.r.repetition_count;
	y.tests[1] = &y.r.adaptive_proportion;
	each = ldexp(1, -HEALTH_REPLAY_ALPHA_LOG2);
	y.can_fail[0] = true;
	y.can_fail[1] = y.tests[1]->cutoff <= y.r.window;
	y.p[0] = verdict_binomial(y.r.n, y.tests[0]->failures, each);
	/* A window that failed is cut: there can be more than n / window. */
	y.p[1] = verdict_binomial(y.r.n / y.r.window + 1 + y.tests[1]->failures,
				  y.tests[1]->failures, each);
	conclude(run, ret, &y);
	return 0;
}

const struct assess_suite assess_suite_health = {
	.name = "health",
	.in_all = true,
	.asked_alone = true,
	.applies = applies,
	.run = run_suite,
};
