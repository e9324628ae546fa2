/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SP 800-90B, the IID track: which of its tests reject, from which seed. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "assess/sp80090b/iid.h"
#include "base/bytes.h"
#include "cmd/assess_suites.h"

static uint64_t need_bytes(const struct assess_run *run, unsigned threads)
{
	const struct samples *s = &run->in->samples;

	if (s->n > IID_SAMPLES_MAX ||
	    (s->n < IID_SAMPLES_MIN && !run->o->allow_short))
		return 0;
	return iid_need_bytes(s->n, s->bits, threads);
}

static const char *outcome_word(enum iid_outcome o)
{
	static const char *const words[] = {
		[IID_NOT_RUN] = "not-run",
		[IID_PASSED] = "passed",
		[IID_FAILED] = "failed",
	};

	return words[o];
}

static json_t *why_json(const char *why)
{
	return why ? json_string(why) : json_null();
}

static json_t *statistic_json(const struct iid_result *r, unsigned i)
{
	const struct iid_permutation *p = &r->permutation[i];

	return json_pack("{s:s, s:s, s:o, s:[I,I,I], s:I, s:o}", "name",
			 iid_names[i], "outcome", outcome_word(p->outcome),
			 "initial",
			 p->outcome == IID_NOT_RUN && p->counted == 0 ?
				 json_null() :
				 assess_real(p->initial),
			 "counts", (json_int_t)p->c[0], (json_int_t)p->c[1],
			 (json_int_t)p->c[2], "permutations",
			 (json_int_t)p->counted, "why_not",
			 why_json(p->why_not));
}

static json_t *chi_json(const struct iid_chi_square *c)
{
	bool ran = c->outcome != IID_NOT_RUN;

	return json_pack("{s:s, s:o, s:I, s:o, s:o}", "outcome",
			 outcome_word(c->outcome), "score",
			 ran ? assess_real(c->score) : json_null(),
			 "degrees_of_freedom", (json_int_t)c->degrees_of_freedom,
			 "p_value", ran ? assess_real(c->p_value) : json_null(),
			 "why_not", why_json(c->why_not));
}

static json_t *result_json(const struct iid_result *r)
{
	json_t *list = json_array(), *o;
	bool ran = r->repeat.outcome != IID_NOT_RUN;
	/* The track's estimate stands on what it could not reject. */
	bool stands = r->verdict == IID_NOT_REJECTED;

	for (unsigned i = 0; i < IID_STATISTICS; i++)
		(void)json_array_append_new(list, statistic_json(r, i));
	o = json_pack("{s:o, s:o, s:o, s:o}", "h_original",
		      assess_real(stands ? r->h_original : NAN), "h_bitstring",
		      assess_real(stands ? r->h_bitstring : NAN), "h_assessed",
		      assess_real(stands ? r->h_assessed : NAN), "statistics",
		      list);
	(void)json_object_set_new(o, "independence", chi_json(&r->independence));
	(void)json_object_set_new(o, "goodness_of_fit", chi_json(&r->goodness));
	(void)json_object_set_new(
		o, "longest_repeat",
		json_pack("{s:s, s:I, s:o, s:o}", "outcome",
			  outcome_word(r->repeat.outcome), "length",
			  (json_int_t)r->repeat.length, "p_value",
			  ran ? assess_real(r->repeat.p_value) : json_null(),
			  "why_not", why_json(r->repeat.why_not)));
	(void)json_object_set_new(o, "seed", json_integer((json_int_t)r->seed));
	return o;
}

static void add_row(struct assess_outcome *a, const char *name,
		    enum iid_outcome o, const char *figure, const char *why)
{
	const char *cells[] = { name, outcome_word(o), figure ? figure : "-",
				why ? why : "" };

	assess_row(a, cells);
}

static void add_chi(struct assess_run *run, struct assess_outcome *a,
		    const char *name, const struct iid_chi_square *c)
{
	add_row(a, name, c->outcome,
		c->outcome == IID_NOT_RUN ?
			NULL :
			assess_say(&run->texts, "p = %.6g", c->p_value),
		c->why_not);
}

/* Not begun, for the reason that the last was not: told in one line. */
static bool is_left_out(const struct iid_result *r, unsigned i)
{
	const struct iid_permutation *p = &r->permutation[i],
				     *last = &r->permutation[IID_STATISTICS - 1];

	return p->outcome == IID_NOT_RUN && p->counted == 0 && p->why_not &&
	       last->why_not && strcmp(p->why_not, last->why_not) == 0;
}

static void show_left_out(struct assess_run *run, struct assess_outcome *a,
			  const struct iid_result *r)
{
	struct assess_texts *t = &run->texts;
	const char *names = "";
	unsigned n = 0;

	for (unsigned i = 0; i < IID_STATISTICS; i++) {
		if (!is_left_out(r, i))
			continue;
		names = assess_say(t, "%s%s%s", names, n ? ", " : "",
				   iid_names[i]);
		n++;
	}
	if (n > 0)
		assess_fact(
			a, "left out",
			assess_say(t, "%u, %s%s: %s", n,
				   r->permutation[IID_STATISTICS - 1].why_not,
				   r->alphabet > 1 ? " (--full runs them)" : "",
				   names));
}

static void show(struct assess_run *run, struct assess_outcome *a,
		 const struct iid_result *r)
{
	static const char *const heads[] = { "test", "outcome",
					     "less / equal / greater", "" };
	struct assess_texts *t = &run->texts;

	show_left_out(run, a, r);
	(void)assess_table(a, "Tests of 5.1 (against permutations) and 5.2",
			   heads, 4, 2);
	for (unsigned i = 0; i < IID_STATISTICS; i++) {
		const struct iid_permutation *p = &r->permutation[i];

		if (!is_left_out(r, i))
			add_row(a, iid_names[i], p->outcome,
				p->counted ?
					assess_say(t, "%u / %u / %u", p->c[0],
						   p->c[1], p->c[2]) :
					NULL,
				p->why_not);
	}
	add_chi(run, a, "independence", &r->independence);
	add_chi(run, a, "goodness-of-fit", &r->goodness);
	add_row(a, "longest-repeat", r->repeat.outcome,
		r->repeat.outcome == IID_NOT_RUN ?
			NULL :
			assess_say(t, "p = %.6g", r->repeat.p_value),
		r->repeat.why_not);
}

/* "a", "a and b", "a, b and c", of the tests that failed. */
static const char *failed_names(struct assess_texts *t,
				const struct iid_result *r)
{
	const char *failed[IID_STATISTICS + 3], *text = "";
	size_t n = 0;

	if (r->independence.outcome == IID_FAILED)
		failed[n++] = "independence";
	if (r->goodness.outcome == IID_FAILED)
		failed[n++] = "goodness-of-fit";
	if (r->repeat.outcome == IID_FAILED)
		failed[n++] = "longest-repeat";
	for (unsigned i = 0; i < IID_STATISTICS; i++) {
		if (r->permutation[i].outcome == IID_FAILED)
			failed[n++] = iid_names[i];
	}
	for (size_t i = 0; i < n; i++)
		text = assess_say(t, "%s%s%s", text,
				  i == 0     ? "" :
				  i + 1 == n ? " and " :
					       ", ",
				  failed[i]);
	return text;
}

static void conclude(struct assess_run *run, struct assess_outcome *a,
		     const struct iid_result *r)
{
	struct assess_texts *t = &run->texts;

	a->json = result_json(r);
	assess_fact(a, "seed of the permutations",
		    assess_say(t, "%llu", (unsigned long long)r->seed));
	if (r->verdict == IID_NOT_REJECTED)
		assess_fact(a, "min-entropy if IID",
			    assess_say(t, "%.6f", r->h_assessed));
	show(run, a, r);
	if (r->verdict == IID_REJECTED) {
		a->verdict = VERDICT_REJECTED;
		a->says = assess_say(
			t,
			"That the %s samples are independent and identically "
			"distributed is rejected by %s.",
			assess_count(t, r->n), failed_names(t, r));
	} else {
		a->verdict = VERDICT_NOT_REJECTED;
		a->says = assess_say(
			t,
			"No test rejects that the %s samples are independent "
			"and identically distributed; if they are, each holds "
			"%.6f bits of min-entropy.",
			assess_count(t, r->n), r->h_assessed);
	}
	/* Nothing to permute: always the same symbol is no distribution. */
	if (r->verdict == IID_NOT_JUDGED) {
		a->verdict = VERDICT_REJECTED;
		a->says = assess_say(t,
				     "All %s samples are the same: there is "
				     "nothing to permute, and no entropy.",
				     assess_count(t, r->n));
		a->says_not = "Nothing was tested: it says no more than that "
			      "the samples never change.";
	}
	if (r->n < IID_SAMPLES_MIN)
		a->verdict = VERDICT_NONE;
}

static int run_suite(struct assess_run *run, struct assess_outcome *ret,
		     void *stream)
{
	const struct samples *s = &run->in->samples;
	struct iid_options options = { .seed = run->o->seed,
				       .threads = run->threads,
				       .full = run->o->full,
				       .progress = assess_progress,
				       .context = run };
	struct assess_texts *t = &run->texts;
	struct iid_result r;
	int error;

	(void)stream;
	if (s->n < IID_SAMPLES_MIN && !run->o->allow_short)
		return assess_short(
			run, ret,
			assess_say(t,
				   "SP 800-90B 3.1.1 asks for %s samples and "
				   "there are %s: %s more are needed "
				   "(--allow-short runs the tests without a "
				   "verdict).",
				   assess_count(t, IID_SAMPLES_MIN),
				   assess_count(t, s->n),
				   assess_count(t, IID_SAMPLES_MIN - s->n)));
	if (s->n > IID_SAMPLES_MAX)
		return assess_refuse(
			run, ret,
			assess_say(t,
				   "At most %s samples can be permuted and "
				   "there are %s: cut the recording.",
				   assess_count(t, IID_SAMPLES_MAX),
				   assess_count(t, s->n)));
	error = iid_run(s, &options, &r);
	if (error < 0)
		return assess_failed(run->in, error);
	conclude(run, ret, &r);
	return 0;
}

const struct assess_suite assess_suite_iid = {
	.name = "iid",
	.in_all = true,
	.of_raw = true,
	.asked_alone = true,
	.need_bytes = need_bytes,
	.run = run_suite,
};
