/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "base/bytes.h"
#include "cmd/assess_conditioning.h"

/* NIST's program calls an output close to full from here on. */
#define NEAR_FULL 0.999
/* SP 800-90C: so much more than the output makes it full entropy. */
#define FULL_EXTRA_BITS 64

/* -log2 of what share of full entropy is lacking; NAN where it is much. */
static double epsilon_log2(const struct assess_conditioned *c)
{
	double n_out = c->in.out_bits;

	if (!c->vetted || !(c->out.h_out > NEAR_FULL * n_out) ||
	    !(c->out.lacking_bits > 0))
		return NAN;
	return log2(n_out) - log2(c->out.lacking_bits);
}

static bool is_full(const struct assess_conditioned *c)
{
	return c->vetted && c->in.h_in >= c->in.out_bits + FULL_EXTRA_BITS;
}

static json_t *estimators_json(const struct assess_conditioned *c)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < SP80090B_COUNT; i++) {
		const struct sp80090b_estimate *e = &c->estimates.original[i];

		(void)json_array_append_new(
			list,
			json_pack("{s:s, s:o}", "name", sp80090b_names[i],
				  "h_bitstring",
				  e->why_not ? json_null() : assess_real(e->h)));
	}
	return list;
}

static json_t *result_json(const struct assess_conditioned *c)
{
	/* To all its digits, where a subtraction would lose them. */
	double lacking = c->vetted ? c->out.lacking_bits :
				     c->in.out_bits - c->out.h_out;
	json_t *o = json_pack(
		"{s:s, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
		"s:o}",
		"component", c->vetted ? "vetted" : "non-vetted", "n_in",
		(json_int_t)c->in.in_bits, "n_out", (json_int_t)c->in.out_bits,
		"nw", (json_int_t)c->in.narrowest_bits, "h_in",
		assess_real(c->in.h_in), "h_prime", assess_real(c->h_prime),
		"output_entropy", assess_real(c->out.output_entropy), "h_psi",
		assess_real(c->out.h_psi), "h_omega",
		assess_real(c->out.h_omega), "h_out", assess_real(c->out.h_out),
		"lacking_bits", assess_real(lacking), "epsilon_log2",
		assess_real(-epsilon_log2(c)), "full_entropy",
		c->vetted ? json_boolean(is_full(c)) : json_null());

	if (c->has_estimates)
		(void)json_object_set_new(o, "estimators", estimators_json(c));
	return o;
}

static const char *bits(struct assess_texts *t, double h)
{
	return assess_say(t, "%.6f bits", h);
}

static void show_bounds(struct assess_run *run, struct assess_outcome *a,
			const struct assess_conditioned *c)
{
	struct assess_texts *t = &run->texts;
	double n_out = c->in.out_bits;

	assess_fact(a, "Output_Entropy", bits(t, c->out.output_entropy));
	if (c->vetted)
		return;
	assess_fact(a, "0.999 n_out", bits(t, 0.999 * n_out));
	assess_fact(a, "h' n_out", bits(t, c->h_prime * n_out));
}

static void show_facts(struct assess_run *run, struct assess_outcome *a,
		       const struct assess_conditioned *c)
{
	struct assess_texts *t = &run->texts;
	double epsilon = epsilon_log2(c);

	assess_fact(a, "component",
		    c->vetted ? "vetted, as said: one of 3.1.5.1.1" :
				"not vetted");
	assess_fact(a, "n_in", assess_say(t, "%u bits", c->in.in_bits));
	assess_fact(a, "n_out", assess_say(t, "%u bits", c->in.out_bits));
	assess_fact(a, "nw", assess_say(t, "%u bits", c->in.narrowest_bits));
	assess_fact(a, "h_in",
		    assess_say(t, "%.6f bits, %s", c->in.h_in, c->h_in_from));
	if (!c->vetted)
		assess_fact(a, "h'",
			    assess_say(t, "%.6f a bit, %s", c->h_prime,
				       c->h_prime_from));
	if (c->outputs_short)
		assess_fact(a, "outputs", c->outputs_short);
	show_bounds(run, a, c);
	assess_fact(a, "h_out", bits(t, c->out.h_out));
	if (c->vetted && !(c->out.lacking_bits > 0))
		assess_fact(a, "lacking to n_out", "less than 1e-300 bits");
	if (!isnan(epsilon))
		assess_fact(a, "lacking to n_out",
			    assess_say(t, "%.3g bits, 2^-%.4f of it",
				       c->out.lacking_bits, epsilon));
	if (c->vetted)
		assess_fact(a, "full entropy",
			    is_full(c) ? "yes: h_in is n_out + 64 or more" :
					 "no: that takes an h_in of n_out + 64");
}

static void show_estimates(struct assess_run *run, struct assess_outcome *a,
			   const struct assess_conditioned *c)
{
	static const char *const heads[] = { "estimator", "bit string", "" };

	(void)assess_table(a, "Min-entropy of the output, bits a bit", heads,
			   ARRAY_LEN(heads), 1);
	for (unsigned i = 0; i < SP80090B_COUNT; i++) {
		const struct sp80090b_estimate *e = &c->estimates.original[i];
		bool least = !e->why_not && e->h <= c->h_prime;
		const char *cells[] = {
			sp80090b_names[i],
			e->why_not ? NULL :
				     assess_say(&run->texts, "%.6f", e->h),
			least ? "< least" : "",
		};

		assess_row(a, cells);
	}
}

void assess_conditioning_show(struct assess_run *run, struct assess_outcome *a,
			      const struct assess_conditioned *c)
{
	a->verdict = c->no_verdict ? VERDICT_NONE : VERDICT_ESTIMATED;
	a->says = assess_say(
		&run->texts,
		"Of %u bits with %.6f bits of min-entropy the component makes "
		"%u bits that are taken to hold %.6f (h_out).",
		c->in.in_bits, c->in.h_in, c->in.out_bits, c->out.h_out);
	if (a->verdict == VERDICT_ESTIMATED)
		a->says_not = c->vetted ?
				      "It does not mean that the input has h_in "
				      "bits, nor that the component is built as "
				      "the standard has it: the formula begins "
				      "with both." :
				      "It does not mean that the input has h_in "
				      "bits. Conditioning adds none, however "
				      "good its output looks.";
	a->json = result_json(c);
	show_facts(run, a, c);
	if (c->has_estimates)
		show_estimates(run, a, c);
}
