/* SPDX-License-Identifier: ISC */
/* What each suite of assess-calibrate notes of a stream, and its verdict. */
#include <math.h>
#include <stdlib.h>

#include "assess/fips140/ais31.h"
#include "assess/fips140/fips140.h"
#include "assess/quick/quick.h"
#include "assess/sp80022/suite.h"
#include "assess/sp80090b/iid.h"
#include "assess/sp80090b/restart.h"
#include "assess/verdict/verdict.h"
#include "assess_calibrate.h"
#include "base/bytes.h"

/* The stream's own verdict: its p-value, corrected for what was looked at. */
static bool note_verdict(struct run *r, double p)
{
	note_p(r, "verdict", p);
	return p <= ALPHA;
}

static bool one_sp80022(struct run *r)
{
	static struct sp80022_result result;
	const struct sp80022_params *p = &sp80022_defaults;
	size_t n = r->n * 8;
	size_t need = sp80022_need_bytes(n, p) / SP80022_WORK_ALIGN + 1;
	uint64_t *words = calloc(bits_words(n), sizeof *words);
	void *work = aligned_alloc(SP80022_WORK_ALIGN,
				   need * SP80022_WORK_ALIGN);
	struct sp80022_family family;

	if (!words || !work)
		abort();
	bits_fill(words, r->data, n, BITS_MSB_FIRST);
	sp80022_family_begin(&family);
	for (unsigned t = 0; t < SP80022_TESTS; t++) {
		struct bits b = { words, n };

		if (sp80022_tests[t]->least_bits(p) > n)
			continue;
		if (sp80022_tests[t]->run(&b, p, work, &result) < 0)
			abort();
		for (unsigned i = 0; i < result.p_count; i++) {
			note_p(r, sp80022_tests[t]->name, result.p_values[i]);
			note_p(r, "all tests", result.p_values[i]);
		}
		sp80022_family_add(&family, result.p_values, result.p_count);
	}
	free(words);
	free(work);
	(void)note_verdict(r, family.adjusted);
	return sp80022_deviates(&family, ALPHA);
}

static bool one_fips140(struct run *r)
{
	static struct fips140 f;

	fips140_begin(&f, FIPS140_AS_STANDARD);
	fips140_feed(&f, r->data, r->n);
	for (unsigned i = 0; i < FIPS140_TESTS; i++)
		note_hits(r, fips140_names[i], f.failures[i], f.blocks);
	note_hits(r, "block fails", f.failed_blocks, f.blocks);
	return note_verdict(r, fips140_p_value(f.blocks, f.failed_blocks));
}

static bool one_ais31(struct run *r)
{
	uint64_t blocks = r->n / FIPS140_BLOCK_BYTES, failed = 0;

	for (uint64_t i = 0; i < blocks; i++) {
		unsigned f = ais31_judge(r->data + i * FIPS140_BLOCK_BYTES);

		failed += f != 0;
		for (unsigned t = 0; t < AIS31_TESTS; t++)
			note_hits(r, ais31_names[t], f >> t & 1, 1);
	}
	note_hits(r, "block fails", failed, blocks);
	return note_verdict(r,
			    verdict_binomial(blocks, failed, AIS31_BLOCK_FAILS));
}

static bool one_quick(struct run *r)
{
	static struct quick q;
	struct quick_p p[QUICK_P_VALUES];
	double values[QUICK_P_VALUES];

	quick_begin(&q);
	quick_feed(&q, r->data, r->n);
	if (quick_p_values(&q, p) < 0)
		abort();
	for (unsigned i = 0; i < QUICK_P_VALUES; i++) {
		values[i] = p[i].value;
		note_p(r, p[i].name, p[i].value);
	}
	return note_verdict(
		r, verdict_family(values, QUICK_P_VALUES, ALPHA).adjusted);
}

static bool one_iid(struct run *r)
{
	struct samples s = { r->data, r->n, r->bits };
	struct iid_options o = { .seed = r->seed };
	struct iid_result i;

	if (iid_run(&s, &o, &i) < 0)
		abort();
	note_hits(r, "independence", i.independence.outcome == IID_FAILED, 1);
	note_hits(r, "goodness of fit", i.goodness.outcome == IID_FAILED, 1);
	note_hits(r, "longest repeat", i.repeat.outcome == IID_FAILED, 1);
	for (unsigned k = 0; k < IID_STATISTICS; k++)
		note_hits(r, iid_names[k],
			  i.permutation[k].outcome == IID_FAILED,
			  i.permutation[k].outcome != IID_NOT_RUN);
	return i.verdict == IID_REJECTED;
}

static double assess(const struct run *r, struct sp80090b_result *ret)
{
	struct samples s = { r->data, r->n, r->bits };

	if (sp80090b_run(&s, NULL, ret) < 0)
		abort();
	return ret->h_assessed;
}

static bool one_sp80090b(struct run *r)
{
	static const struct {
		const char *name;
		double share;
	} claims[] = {
		{ "below 0.95 of the width", 0.95 },
		{ "below 0.9", 0.9 },
		{ "below 0.85", 0.85 },
		{ "below 0.8", 0.8 },
		{ "below 0.75", 0.75 },
		{ "below 0.7", 0.7 },
	};
	struct sp80090b_result result;
	double h = assess(r, &result);
	double claim = isnan(r->claim) ? 0.8 * r->bits : r->claim;

	for (size_t i = 0; i < ARRAY_LEN(claims); i++)
		note_hits(r, claims[i].name, h < claims[i].share * r->bits, 1);
	return verdict_claim(h, claim).verdict == VERDICT_BELOW_CLAIM;
}

static bool one_restart(struct run *r)
{
	struct sp80090b_restart_result result;
	struct sp80090b_result initial;
	struct samples s = { r->data, r->n, r->bits };
	double h = r->claim;

	if (isnan(h)) {
		h = assess(r, &initial);
		fill(r);
	}
	if (sp80090b_restart(&s, h, NULL, &result) < 0)
		abort();
	note_hits(r, "sanity check", !result.sanity.passes, 1);
	note_hits(r, "sanity, text's cutoff", !result.sanity.passes_text, 1);
	note_hits(r, "validation", !result.validates, 1);
	return !result.passes;
}

const struct suite suites[] = {
	{ "sp800-22", SP80022_STREAM_BITS / 8, one_sp80022 },
	{ "fips140", 1000004, one_fips140 },
	{ "ais31", 1000000, one_ais31 },
	{ "quick", 1000000, one_quick },
	{ "iid", IID_SAMPLES_MIN, one_iid },
	{ "restart", SP80090B_RESTART_SAMPLES, one_restart },
	{ "sp800-90b", SP80090B_SAMPLES_MIN, one_sp80090b },
};

const size_t n_suites = ARRAY_LEN(suites);
