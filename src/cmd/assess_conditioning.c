/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SP 800-90B 3.1.5: what is left after a conditioning component. Of a vetted
 * one a formula says it; of another its output is assessed as well.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "assess/sp80090b/conditioning.h"
#include "assess/sp80090b/sp80090b.h"
#include "base/bytes.h"
#include "cmd/assess_conditioning.h"
#include "cmd/assess_suites.h"

bool assess_conditioning_reads(const struct assess_options *o)
{
	return o->conditioning.component == ASSESS_NON_VETTED &&
	       isnan(o->conditioning.h_prime);
}

static uint64_t need_bytes(const struct assess_run *run, unsigned threads)
{
	uint64_t n = run->in->n_bits;

	if (!assess_conditioning_reads(run->o) || n > SP80090B_LENGTH_MAX)
		return 0;
	return n + sp80090b_need_bytes(n, 1, threads);
}

static uint64_t deep_bytes(const struct assess_run *run, unsigned threads)
{
	uint64_t n = run->in->n_bits;

	return n + sp80090b_need_deep_bytes(n, 1, threads);
}

/* What h_in is without --h-in: the samples that go in, by their estimate. */
static const char *take_h_in(struct assess_run *run,
			     struct assess_conditioned *c)
{
	const struct assess_outcome *a = run->outcomes[ASSESS_SP80090B];
	struct assess_texts *t = &run->texts;
	unsigned bits = run->in->samples.bits;
	unsigned n = c->in.in_bits / (bits ? bits : 1);

	if (!isnan(run->o->conditioning.h_in)) {
		c->in.h_in = run->o->conditioning.h_in;
		c->h_in_from = "as given";
		return NULL;
	}
	if (!a || isnan(a->h_initial))
		return "h_in is what sp800-90b assesses, and that was refused; "
		       "--h-in BITS states it.";
	c->in.h_in = n * a->h_initial;
	c->h_in_from = assess_say(
		t, "%u sample%s of %u bit%s, %.6f each as sp800-90b says", n,
		n == 1 ? "" : "s", bits, bits == 1 ? "" : "s", a->h_initial);
	c->no_verdict = a->verdict == VERDICT_NONE;
	return NULL;
}

static uint8_t *bits_of(const struct assess_input *in)
{
	uint8_t *bits = malloc((size_t)in->n_bits + 1);

	for (uint64_t i = 0; bits && i < in->n_bits; i++)
		bits[i] = assess_packed_bit(in->packed, i, in->order);
	return bits;
}

/* Why there is too little of the output, or too much; NULL: there is not. */
static const char *wrong_length(struct assess_run *run)
{
	struct assess_texts *t = &run->texts;
	uint64_t n = run->in->n_bits;

	if (n < SP80090B_SAMPLES_MIN && !run->o->allow_short)
		return assess_say(t,
				  "h' is estimated from %s bits of the "
				  "component's output and there are %s: %s "
				  "more are needed (--allow-short estimates "
				  "without a verdict).",
				  assess_count(t, SP80090B_SAMPLES_MIN),
				  assess_count(t, n),
				  assess_count(t, SP80090B_SAMPLES_MIN - n));
	if (n > SP80090B_LENGTH_MAX)
		return assess_say(t,
				  "At most %s bits can be estimated at once "
				  "and there are %s: cut the recording.",
				  assess_count(t, SP80090B_LENGTH_MAX),
				  assess_count(t, n));
	return NULL;
}

/* 3.1.5.2: the output as a binary string, by the ten estimators. */
static int estimate_h_prime(struct assess_run *run, struct assess_conditioned *c)
{
	struct sp80090b_options options = { .threads = run->threads,
					    .progress = assess_progress,
					    .context = run };
	struct samples s = { bits_of(run->in), (size_t)run->in->n_bits, 1 };
	struct assess_texts *t = &run->texts;
	uint64_t outputs = run->in->n_bits / c->in.out_bits;
	int error = -ENOMEM;

	if (s.symbols)
		error = sp80090b_run(&s, &options, &c->estimates);
	free((void *)(uintptr_t)s.symbols);
	if (error < 0)
		return error;
	c->has_estimates = true;
	c->h_prime = c->estimates.h_assessed;
	c->no_verdict = s.n < SP80090B_SAMPLES_MIN;
	c->h_prime_from = assess_say(t, "estimated from %s bits, %s output%s",
				     assess_count(t, s.n),
				     assess_count(t, outputs),
				     outputs == 1 ? "" : "s");
	if (outputs < SP80090B_SAMPLES_MIN)
		c->outputs_short = assess_say(
			t, "%s of the 1,000,000 that 3.1.1 asks for",
			assess_count(t, outputs));
	return 0;
}

/* Nothing goes in, or comes out alike: the formulas begin above 0. */
static int compute(struct assess_conditioned *c)
{
	if (!(c->in.h_in > 0)) {
		c->out = (struct sp80090b_conditioned){
			.lacking_bits = c->in.out_bits
		};
		return 0;
	}
	if (c->vetted)
		return sp80090b_conditioning_vetted(&c->in, &c->out);
	if (c->h_prime > 0)
		return sp80090b_conditioning_other(&c->in, c->h_prime, &c->out);
	if (sp80090b_conditioning_vetted(&c->in, &c->out) < 0)
		return -EINVAL;
	c->out.h_out = 0;
	return 0;
}

static int run_suite(struct assess_run *run, struct assess_outcome *ret,
		     void *stream)
{
	const struct assess_conditioning *o = &run->o->conditioning;
	static struct assess_conditioned c;
	const char *why;
	bool is_short = false;
	int error = 0;

	(void)stream;
	c = (struct assess_conditioned){
		.in = { (uint32_t)o->n_in, (uint32_t)o->n_out, (uint32_t)o->nw,
			NAN },
		.vetted = o->component == ASSESS_VETTED,
		.h_prime = o->h_prime,
		.h_prime_from = "as given",
	};
	why = take_h_in(run, &c);
	if (!why && assess_conditioning_reads(run->o)) {
		why = wrong_length(run);
		is_short = run->in->n_bits < SP80090B_SAMPLES_MIN;
		error = why ? 0 : estimate_h_prime(run, &c);
	}
	if (why)
		return is_short ? assess_short(run, ret, why) :
				  assess_refuse(run, ret, why);
	if (error == 0)
		error = compute(&c);
	if (error < 0)
		return assess_failed(run->in, error);
	assess_conditioning_show(run, ret, &c);
	return 0;
}

const struct assess_suite assess_suite_conditioning = {
	.name = "conditioning",
	.takes_bits = true,
	.of_raw = true,
	.reads = assess_conditioning_reads,
	.need_bytes = need_bytes,
	.deep_bytes = deep_bytes,
	.run = run_suite,
};
