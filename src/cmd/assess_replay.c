/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the health tests would have said of a recording, at its claim. */
#include <math.h>

#include "assess/sp80090b/health_replay.h"
#include "base/bytes.h"
#include "cmd/assess_sp80090b.h"

static const char *const names[] = { "repetition-count", "adaptive-proportion" };

static json_t *test_json(const char *name, const struct health_replay_test *t)
{
	return json_pack(
		"{s:s, s:I, s:I, s:I, s:o, s:o}", "name", name, "cutoff",
		(json_int_t)t->cutoff, "most", (json_int_t)t->most, "failures",
		(json_int_t)t->failures, "first",
		t->failures ? json_integer((json_int_t)t->first) : json_null(),
		"expected", assess_real(t->expected));
}

static void show(struct assess_run *run, struct assess_outcome *a,
		 const struct health_replay *r)
{
	static const char *const heads[] = { "health test", "cutoff", "most",
					     "failures", "allowed" };
	const struct health_replay_test *tests[] = { &r->repetition_count,
						     &r->adaptive_proportion };
	struct assess_texts *t = &run->texts;

	(void)assess_table(a,
			   assess_say(t,
				      "Health tests of 4.4, replayed at %.6g "
				      "bits, false alarms 2^-%u",
				      r->h, r->alpha_log2),
			   heads, 5, 1);
	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		const char *cells[] = {
			names[i],
			tests[i]->cutoff > r->window && i == 1 ?
				"-" :
				assess_say(t, "%u", tests[i]->cutoff),
			assess_say(t, "%u", tests[i]->most),
			assess_count(t, tests[i]->failures),
			assess_say(t, "%.3g", tests[i]->expected)
		};

		assess_row(a, cells);
	}
}

void assess_replay(struct assess_run *run, struct assess_outcome *a)
{
	double claim = run->in->claim;
	struct health_replay r;
	json_t *list;

	/* To whole millibits and down, as the health tests take a claim. */
	if (isnan(claim) || claim < 0.001 ||
	    health_replay(&run->in->samples, (uint32_t)(claim * 1000 + 1e-6),
			  HEALTH_REPLAY_ALPHA_LOG2, &r) < 0)
		return;
	list = json_array();
	(void)json_array_append_new(list,
				    test_json(names[0], &r.repetition_count));
	(void)json_array_append_new(list,
				    test_json(names[1], &r.adaptive_proportion));
	(void)json_object_set_new(a->json, "health_tests", list);
	show(run, a, &r);
}
