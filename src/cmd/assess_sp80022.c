/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SP 800-22: one verdict from many p-values. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "cmd/assess_sp80022.h"
#include "cmd/assess_suites.h"

/* Too little: how much is needed, and how less would do. */
static const char *short_of(struct assess_run *run, uint64_t want_bits)
{
	struct assess_texts *t = &run->texts;
	const struct assess_options *o = run->o;
	uint64_t there = run->in->n_bits;

	return assess_say(
		t,
		"%s stream%s of %s bits need%s %s bits and there are %s: %s "
		"more are needed%s. Data is never used twice.",
		assess_count(t, o->streams ? o->streams : 1),
		o->streams > 1 ? "s" : "",
		assess_count(t, want_bits / (o->streams ? o->streams : 1)),
		o->streams > 1 ? "" : "s", assess_count(t, want_bits),
		assess_count(t, there), assess_count(t, want_bits - there),
		o->stream_bits ? "" : " (--stream-bits makes streams shorter)");
}

/* What the family's verdict stands for, in one sentence. */
static void conclude(struct assess_run *run, struct assess_outcome *a,
		     struct assess_battery *b)
{
	struct assess_texts *t = &run->texts;
	const struct sp80022_family *f = &b->family;
	bool deviates = sp80022_deviates(f, run->o->alpha);
	uint64_t used = (uint64_t)b->n_streams * b->stream_bits;

	a->verdict = deviates ? VERDICT_DEVIATES : VERDICT_NO_DEVIATION_FOUND;
	/* --allow-short ran what the sections do not vouch for. */
	if (run->o->allow_short && b->some_short)
		a->verdict = VERDICT_NONE;
	a->says = assess_say(
		t,
		"The least of %s p-values from %s stream%s of %s bits is "
		"%.3g; corrected for their number that is %.3g, and %g or less "
		"would deviate.",
		assess_count(t, f->count), assess_count(t, b->n_streams),
		b->n_streams == 1 ? "" : "s", assess_count(t, b->stream_bits),
		f->least, f->adjusted, run->o->alpha);
	a->json = assess_battery_json(b);
	assess_fact(a, "streams", assess_count(t, b->n_streams));
	assess_fact(a, "bits a stream", assess_count(t, b->stream_bits));
	if (used < run->in->n_bits)
		assess_fact(a, "bits left over",
			    assess_count(t, run->in->n_bits - used));
	if (b->n_streams < SP80022_UNIFORMITY_STREAMS)
		assess_fact(a, "uniformity",
			    "not stated: fewer than 55 streams");
	assess_fact(a, "least p-value", assess_say(t, "%.6g", f->least));
	assess_fact(a, "corrected", assess_say(t, "%.6g", f->adjusted));
	assess_fact(a, "alpha", assess_say(t, "%g", run->o->alpha));
	assess_battery_show(run, a, b);
	a->p_threshold = f->count ? run->o->alpha / SP80022_TAIL /
					    (double)f->count :
				    NAN;
	if (f->count > 0)
		return;
	json_decref(a->json);
	a->n_facts = a->n_tables = a->n_p_lists = 0;
	(void)assess_short(run, a,
			   assess_say(t,
				      "No test applies to streams of %s bits: "
				      "the shortest that a section allows are "
				      "of 100 bits (frequency).",
				      assess_count(t, b->stream_bits)));
}

static int run_suite(struct assess_run *run, struct assess_outcome *ret,
		     void *stream)
{
	const struct assess_options *o = run->o;
	uint64_t bits = o->stream_bits ? o->stream_bits : SP80022_STREAM_BITS;
	uint64_t streams = o->streams ? o->streams : 1;
	struct assess_battery *b;
	int error;

	(void)stream;
	if (streams > run->in->n_bits / bits && !run->o->allow_short)
		return assess_refuse(run, ret, short_of(run, bits * streams));
	b = calloc(1, sizeof *b);
	error = b ? assess_battery_run(run, b) : -ENOMEM;
	/* The lists stay for the charts until the outcome goes. */
	ret->battery = b;
	if (error < 0)
		return assess_failed(run->in, error);
	conclude(run, ret, b);
	return 0;
}

const struct assess_suite assess_suite_sp80022 = {
	.name = "sp800-22",
	.takes_bits = true,
	.in_all = true,
	.need_bytes = assess_battery_need_bytes,
	.run = run_suite,
};
