/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which bits of wide records to assess, as SP 800-90B 6.4 asks a submitter to
 * rank them: each bit that changes, by what it holds alone.
 */
#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/sp80090b.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "cmd/assess.h"

#define RECORD_BITS 64

struct ranked {
	unsigned bit;
	double ones, h;
	const char *by; /* the estimator that is least */
};

struct ranking {
	struct assess_texts texts;
	struct assess_input *in;
	struct ranked bits[RECORD_BITS];
	unsigned n_bits;
	uint64_t start_ns;
	unsigned done, total; /* bits estimated, to estimate */
	uint64_t mask;        /* of the best 8 */
};

static bool progress(void *context, double fraction)
{
	const struct ranking *r = context;

	progress_show("ranking",
		      (uint64_t)((r->done + fraction) * 1e6 / r->total),
		      1000000, r->start_ns);
	return true;
}

static int estimate_bit(struct ranking *r, const struct assess_options *o,
			unsigned bit, uint8_t *symbols)
{
	struct samples s = { symbols, r->in->n_records, 1 };
	struct sp80090b_options options = { o->threads, progress, r };
	struct ranked *k = &r->bits[r->n_bits];
	struct sp80090b_result result;
	uint64_t ones = 0;
	int error;

	for (size_t i = 0; i < s.n; i++) {
		symbols[i] = r->in->records[i] >> bit & 1;
		ones += symbols[i];
	}
	error = sp80090b_run(&s, &options, &result);
	if (error < 0)
		return error;
	*k = (struct ranked){ bit, (double)ones / (double)s.n,
			      result.h_assessed, "" };
	for (unsigned i = 0; i < SP80090B_COUNT; i++) {
		if (!result.original[i].why_not &&
		    result.original[i].h <= result.h_assessed)
			k->by = sp80090b_names[i];
	}
	r->n_bits++;
	r->done++;
	return 0;
}

/* Most entropy first; of equals the lower bit. */
static int compare(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->h != y->h)
		return x->h < y->h ? 1 : -1;
	return x->bit < y->bit ? -1 : 1;
}

static int rank(struct ranking *r, const struct assess_options *o)
{
	uint64_t some = 0, all = UINT64_MAX, changing;
	uint8_t *symbols = malloc(r->in->n_records);
	int error = symbols ? 0 : -ENOMEM;

	for (size_t i = 0; i < r->in->n_records; i++) {
		some |= r->in->records[i];
		all &= r->in->records[i];
	}
	changing = some & ~all;
	r->total = (unsigned)__builtin_popcountll(changing);
	r->start_ns = clock_boottime_ns();
	for (unsigned bit = 0; error == 0 && bit < RECORD_BITS; bit++) {
		if (changing >> bit & 1)
			error = estimate_bit(r, o, bit, symbols);
	}
	progress_end();
	free(symbols);
	qsort(r->bits, r->n_bits, sizeof r->bits[0], compare);
	for (unsigned i = 0; i < r->n_bits && i < SAMPLE_BITS_MAX; i++)
		r->mask |= UINT64_C(1) << r->bits[i].bit;
	return error;
}

static void show_text(const struct ranking *r)
{
	(void)printf("Each bit of %zu records that changes, by the least of "
		     "the ten estimates on it\nalone. Bits can repeat each "
		     "other: only an assessment of those chosen counts.\n\n",
		     r->in->n_records);
	text_put(stdout, TONE_STRONG, 0, "%4s  %8s  %11s  %s\n", "bit", "ones",
		 "min-entropy", "least by");
	for (unsigned i = 0; i < r->n_bits; i++)
		(void)printf("%4u  %8.6f  %11.6f  %s\n", r->bits[i].bit,
			     r->bits[i].ones, r->bits[i].h, r->bits[i].by);
	if (r->n_bits)
		(void)printf("\nthe best %u: --mask 0x%llx\n",
			     r->n_bits < 8 ? r->n_bits : 8,
			     (unsigned long long)r->mask);
	else
		(void)printf("no bit changes: every record is the same\n");
}

static int show_json(const struct ranking *r, const struct assess_options *o)
{
	json_t *list = json_array(), *root;
	char mask[24];

	(void)snprintf(mask, sizeof mask, "0x%llx", (unsigned long long)r->mask);
	for (unsigned i = 0; i < r->n_bits; i++)
		(void)json_array_append_new(
			list, json_pack("{s:i, s:f, s:f, s:s}", "bit",
					(int)r->bits[i].bit, "ones",
					r->bits[i].ones, "h", r->bits[i].h,
					"least_by", r->bits[i].by));
	root = json_pack("{s:o, s:I, s:o, s:s}", "file", cmd_json_text(o->file),
			 "records", (json_int_t)r->in->n_records, "bits", list,
			 "mask", mask);
	(void)json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
	(void)printf("\n");
	json_decref(root);
	return 0;
}

static int rank_input(struct ranking *r, const struct assess_options *o)
{
	const struct assess_needs needs = { .symbols = true, .memory = true };
	int code = assess_input_open(r->in, o, &needs), error;

	if (code != 0)
		return code;
	if (r->in->n_records < SP80090B_SAMPLES_MIN && !o->allow_short)
		return cmd_fail(&command_assess, EXIT_USAGE,
				"%s: ranking asks for %d records and there are "
				"%zu (--allow-short ranks them all the same)",
				r->in->name, SP80090B_SAMPLES_MIN,
				r->in->n_records);
	error = rank(r, o);
	if (error < 0)
		return assess_failed(r->in, error);
	code = assess_input_check(r->in);
	if (code != 0)
		return code;
	if (o->json)
		return show_json(r, o);
	show_text(r);
	return r->n_bits ? EXIT_YES : EXIT_NO;
}

int assess_rank_bits(const struct assess_options *o)
{
	static struct assess_input input;
	static struct ranking r;
	int code;

	r.in = &input;
	input.texts = &r.texts;
	code = rank_input(&r, o);
	assess_input_close(&input);
	assess_texts_free(&r.texts);
	return code;
}
