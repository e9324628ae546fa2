/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SP 800-90B, the non-IID track: run it, and say what it came to. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "assess/sp80090b/sp80090b.h"
#include "base/bytes.h"
#include "cmd/assess_suites.h"

static uint64_t need_bytes(const struct assess_run *run, unsigned threads)
{
	const struct samples *s = &run->in->samples;

	if (s->n > SP80090B_LENGTH_MAX / s->bits ||
	    (s->n < SP80090B_SAMPLES_MIN && !run->o->allow_short))
		return 0;
	return sp80090b_need_bytes(s->n, s->bits, threads);
}

static uint64_t deep_bytes(const struct assess_run *run, unsigned threads)
{
	const struct samples *s = &run->in->samples;

	return sp80090b_need_deep_bytes(s->n, s->bits, threads);
}

static json_t *estimate_json(const struct sp80090b_estimate *e)
{
	return e->why_not ? json_null() : assess_real(e->h);
}

static json_t *result_json(const struct sp80090b_result *r, double claim,
			   double h_initial)
{
	json_t *list = json_array(), *o;

	for (unsigned i = 0; i < SP80090B_COUNT; i++)
		(void)json_array_append_new(
			list,
			json_pack("{s:s, s:o, s:o}", "name", sp80090b_names[i],
				  "h_original", estimate_json(&r->original[i]),
				  "h_bitstring",
				  estimate_json(&r->bitstring[i])));
	o = json_pack("{s:o, s:o, s:o, s:o}", "h_original",
		      assess_real(r->h_original), "h_bitstring",
		      assess_real(r->h_bitstring), "h_assessed",
		      assess_real(r->h_assessed), "estimators", list);
	(void)json_object_set_new(o, "claim", assess_real(claim));
	(void)json_object_set_new(o, "h_initial",
				  assess_real(isnan(claim) ? NAN : h_initial));
	(void)json_object_set_new(o, "distinct_symbols",
				  json_integer((json_int_t)r->alphabet));
	return o;
}

static const char *cell(struct assess_run *run,
			const struct sp80090b_estimate *e, unsigned times)
{
	return e->why_not ? NULL : assess_say(&run->texts, "%.6f", e->h * times);
}

/* Least by least: which of the two columns the assessed value is from. */
static void show_estimates(struct assess_run *run, struct assess_outcome *a,
			   const struct sp80090b_result *r)
{
	static const char *heads[] = { "estimator", "symbols", "bit string",
				       NULL, "" };
	static const char *const binary[] = { "estimator", "symbols", "" };
	const unsigned n_columns = r->has_bitstring ? 5 : 3;

	heads[3] = assess_say(&run->texts, "x %u", r->bits);
	(void)assess_table(a, "Min-entropy, bits a symbol (bit string: a bit)",
			   r->has_bitstring ? heads : binary, n_columns, 1);
	for (unsigned i = 0; i < SP80090B_COUNT; i++) {
		const struct sp80090b_estimate *o = &r->original[i],
					       *b = &r->bitstring[i];
		bool least = (!o->why_not && o->h <= r->h_assessed) ||
			     (!b->why_not && b->h * r->bits <= r->h_assessed);
		const char *cells[5] = { sp80090b_names[i], cell(run, o, 1),
					 cell(run, b, 1), cell(run, b, r->bits),
					 least ? "< least" : "" };

		if (!r->has_bitstring)
			cells[2] = cells[4];
		assess_row(a, cells);
		a->estimates[i].name = sp80090b_names[i];
		a->estimates[i].h_original = o->why_not ? NAN : o->h;
		a->estimates[i].h_bitstring = b->why_not ? NAN : b->h;
	}
	a->n_estimates = SP80090B_COUNT;
	a->h_assessed = r->h_assessed;
}

static const char *sentence(struct assess_run *run,
			    const struct sp80090b_result *r,
			    const struct verdict_claim *c, double claim)
{
	struct assess_texts *t = &run->texts;

	if (r->alphabet == 1)
		return assess_say(t,
				  "All %s samples are the same, 0x%02x: there "
				  "is no entropy at all. The assessed "
				  "min-entropy is 0%s.",
				  assess_count(t, r->n),
				  run->in->samples.symbols[0],
				  isnan(claim) ? "" : ", below any claim");
	if (isnan(claim))
		return assess_say(t,
				  "The assessed min-entropy of %s samples is "
				  "%.6f bits a symbol of %u; no claim was made "
				  "that it could support.",
				  assess_count(t, r->n), r->h_assessed, r->bits);
	return assess_say(t,
			  "The assessed min-entropy of %s samples, %.6f bits a "
			  "symbol of %u, %s the claim of %.6g; the initial "
			  "estimate is %.6f.",
			  assess_count(t, r->n), r->h_assessed, r->bits,
			  c->verdict == VERDICT_SUPPORTS_CLAIM ? "is not below" :
								 "is below",
			  claim, c->h_initial);
}

static void conclude(struct assess_run *run, struct assess_outcome *a,
		     const struct sp80090b_result *r)
{
	struct assess_texts *t = &run->texts;
	double claim = run->in->claim;
	struct verdict_claim c = verdict_claim(r->h_assessed, claim);

	a->says = sentence(run, r, &c, claim);
	a->verdict = r->n < SP80090B_SAMPLES_MIN ? VERDICT_NONE : c.verdict;
	if (r->alphabet == 1)
		a->says_not = "It does not say why: whether the source is "
			      "broken, or was recorded wrongly. Nothing that "
			      "never changes can seed anything.";
	a->json = result_json(r, claim, c.h_initial);
	assess_fact(a, "H assessed", assess_say(t, "%.6f", r->h_assessed));
	assess_fact(a, "claim",
		    isnan(claim) ? "none" : assess_say(t, "%.6g", claim));
	if (!isnan(claim))
		assess_fact(a, "H initial", assess_say(t, "%.6f", c.h_initial));
	assess_fact(a, "H original", assess_say(t, "%.6f", r->h_original));
	if (r->has_bitstring)
		assess_fact(a, "H bit string",
			    assess_say(t, "%.6f a bit, x %u = %.6f",
				       r->h_bitstring, r->bits,
				       r->bits * r->h_bitstring));
	assess_fact(a, "distinct symbols", assess_say(t, "%u", r->alphabet));
	show_estimates(run, a, r);
	a->h_initial = c.h_initial;
}

static int failed(struct assess_run *run, int error)
{
	const struct samples *s = &run->in->samples;

	if (error != -ENOMEM)
		return assess_failed(run->in, error);
	return cmd_fail(
		&command_assess, EXIT_MACHINE,
		"%s: its long repeats need more memory than there is: up to "
		"%s, and %s%s",
		run->in->name,
		assess_size(&run->texts, sp80090b_need_deep_bytes(s->n, s->bits,
								  run->threads)),
		run->memory_says,
		run->threads > 1 ? "; --threads 1 needs less" : "");
}

static int run_suite(struct assess_run *run, struct assess_outcome *ret,
		     void *stream)
{
	const struct samples *s = &run->in->samples;
	struct sp80090b_options options = { .threads = run->threads,
					    .progress = assess_progress,
					    .context = run };
	struct assess_texts *t = &run->texts;
	struct sp80090b_result r;
	int error;

	(void)stream;
	if (s->n < SP80090B_SAMPLES_MIN && !run->o->allow_short)
		return assess_short(
			run, ret,
			assess_say(t,
				   "SP 800-90B 3.1.1 asks for %s samples and "
				   "there are %s: %s more are needed "
				   "(--allow-short estimates without a "
				   "verdict).",
				   assess_count(t, SP80090B_SAMPLES_MIN),
				   assess_count(t, s->n),
				   assess_count(t, SP80090B_SAMPLES_MIN - s->n)));
	if (s->n > SP80090B_LENGTH_MAX / s->bits)
		return assess_refuse(
			run, ret,
			assess_say(t,
				   "At most %s samples of %u bit%s can be "
				   "estimated at once and there are %s: cut "
				   "the recording.",
				   assess_count(t, SP80090B_LENGTH_MAX / s->bits),
				   s->bits, s->bits == 1 ? "" : "s",
				   assess_count(t, s->n)));
	error = sp80090b_run(s, &options, &r);
	if (error < 0)
		return failed(run, error);
	conclude(run, ret, &r);
	return 0;
}

const struct assess_suite assess_suite_sp80090b = {
	.name = "sp800-90b",
	.in_all = true,
	.of_raw = true,
	.need_bytes = need_bytes,
	.deep_bytes = deep_bytes,
	.run = run_suite,
};
