/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FIPS 140-2 and AIS 31 on blocks of 20,000 bits, streams of any length. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assess/fips140/ais31.h"
#include "assess/fips140/fips140.h"
#include "base/bytes.h"
#include "cmd/assess_suites.h"

static json_t *tests_json(const char *const *names, const uint64_t *failures,
			  unsigned n)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < n; i++)
		(void)json_array_append_new(
			list, json_pack("{s:s, s:I}", "name", names[i],
					"failures", (json_int_t)failures[i]));
	return list;
}

/* What is the same in both: blocks that failed against their binomial. */
struct blocks {
	const char *const *names;
	const uint64_t *failures;
	unsigned n_tests;
	uint64_t n, failed;
	double each, p_value; /* a good block's chance to fail, and the tail */
};

static void show_blocks(struct assess_run *run, struct assess_outcome *a,
			const struct blocks *b)
{
	static const char *const heads[] = { "test", "blocks failed" };
	struct assess_texts *t = &run->texts;

	assess_fact(a, "blocks", assess_count(t, b->n));
	assess_fact(a, "blocks that failed", assess_count(t, b->failed));
	assess_fact(a, "expected of random data",
		    assess_say(t, "about %.1f", (double)b->n * b->each));
	assess_fact(a, "chance of so many", assess_say(t, "%.6g", b->p_value));
	assess_fact(a, "alpha", assess_say(t, "%g", run->o->alpha));
	(void)assess_table(a, "Blocks of 20,000 bits that failed", heads, 2, 1);
	for (unsigned i = 0; i < b->n_tests; i++) {
		const char *cells[] = { b->names[i],
					assess_count(t, b->failures[i]) };

		assess_row(a, cells);
	}
}

static void conclude(struct assess_run *run, struct assess_outcome *a,
		     const struct blocks *b)
{
	struct assess_texts *t = &run->texts;

	a->verdict = verdict_of_p(b->p_value, run->o->alpha);
	a->says = assess_say(
		t,
		"%s of %s blocks failed a test; of random data about %.3g in "
		"a million do, and the chance of so many is %s%.3g.",
		assess_count(t, b->failed), assess_count(t, b->n),
		b->each * 1e6, b->p_value >= 1 ? "near " : "", b->p_value);
	a->json = json_pack("{s:o, s:I, s:I, s:o}", "tests",
			    tests_json(b->names, b->failures, b->n_tests),
			    "blocks", (json_int_t)b->n, "failed_blocks",
			    (json_int_t)b->failed, "p_value",
			    assess_real(b->p_value));
	show_blocks(run, a, b);
}

static int no_block(struct assess_run *run, struct assess_outcome *ret,
		    uint64_t need_bytes)
{
	struct assess_texts *t = &run->texts;
	uint64_t there = run->in->n_bits / 8;

	return assess_short(
		run, ret,
		assess_say(t,
			   "One block needs %s bytes and there are %s: %s more "
			   "are needed.",
			   assess_count(t, need_bytes), assess_count(t, there),
			   assess_count(t, need_bytes - there)));
}

static void *fips_begin(const struct assess_run *run)
{
	struct fips140 *f = malloc(sizeof *f);

	if (f)
		fips140_begin(f, run->o->standard_fips ? FIPS140_AS_STANDARD :
							 FIPS140_AS_RNGTEST5);
	return f;
}

static void fips_feed(void *context, const uint8_t *data, size_t n_bytes)
{
	fips140_feed(context, data, n_bytes);
}

static int fips_run(struct assess_run *run, struct assess_outcome *ret,
		    void *stream)
{
	const struct fips140 *f = stream;
	struct blocks b = {
		.names = fips140_names,
		.failures = f->failures,
		.n_tests = FIPS140_TESTS,
		.n = f->blocks,
		.failed = f->failed_blocks,
		.each = FIPS140_BLOCK_FAILS,
	};
	const char *as = run->o->standard_fips ? "standard" : "rngtest5";

	if (b.n == 0)
		return no_block(run, ret, FIPS140_BLOCK_BYTES + 4);
	b.p_value = fips140_p_value(b.n, b.failed);
	conclude(run, ret, &b);
	(void)json_object_set_new(ret->json, "counted_as", json_string(as));
	assess_fact(ret, "counted as",
		    run->o->standard_fips ?
			    "FIPS 140-2 says (--fips-as rngtest5: as rngtest)" :
			    "rngtest 5 does (--fips-as standard: as FIPS says)");
	return 0;
}

const struct assess_suite assess_suite_fips140 = {
	.name = "fips140",
	.takes_bits = true,
	.streams = true,
	.in_all = true,
	.begin = fips_begin,
	.feed = fips_feed,
	.run = fips_run,
};

struct ais31 {
	uint64_t blocks, failed, failures[AIS31_TESTS];
	size_t held_bytes;
	uint8_t held[FIPS140_BLOCK_BYTES];
};

static void *ais31_begin(const struct assess_run *run)
{
	(void)run;
	return calloc(1, sizeof(struct ais31));
}

static void ais31_take(struct ais31 *a, const uint8_t *block)
{
	unsigned failed = ais31_judge(block);

	a->blocks++;
	a->failed += failed != 0;
	for (unsigned i = 0; i < AIS31_TESTS; i++)
		a->failures[i] += failed >> i & 1;
}

static void ais31_feed(void *context, const uint8_t *data, size_t n_bytes)
{
	struct ais31 *a = context;

	while (n_bytes > 0) {
		size_t n = min_size(n_bytes, sizeof a->held - a->held_bytes);

		memcpy(a->held + a->held_bytes, data, n);
		a->held_bytes += n;
		data += n;
		n_bytes -= n;
		if (a->held_bytes < sizeof a->held)
			break;
		ais31_take(a, a->held);
		a->held_bytes = 0;
	}
}

static int ais31_run(struct assess_run *run, struct assess_outcome *ret,
		     void *stream)
{
	const struct ais31 *a = stream;
	struct blocks b = {
		.names = ais31_names,
		.failures = a->failures,
		.n_tests = AIS31_TESTS,
		.n = a->blocks,
		.failed = a->failed,
		.each = AIS31_BLOCK_FAILS,
	};

	if (b.n == 0)
		return no_block(run, ret, FIPS140_BLOCK_BYTES);
	b.p_value = verdict_binomial(b.n, b.failed, b.each);
	conclude(run, ret, &b);
	return 0;
}

const struct assess_suite assess_suite_ais31 = {
	.name = "ais31",
	.takes_bits = true,
	.streams = true,
	.begin = ais31_begin,
	.feed = ais31_feed,
	.run = ais31_run,
};
