/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>

#include "assess/sp80090b/jobs.h"
#include "assess/sp80090b/tuples.h"

/* Past the end of packed bits, so that windows may be read whole. */
#define PADDING 16

/*
 * What runs, the longest first. weight: of its time, roughly, a symbol of the
 * sequence. A job may fill more than one row of the result.
 */
static const struct {
	enum sp80090b_id id;
	sp80090b_fn *bits, *symbols;
	double weight_bits, weight_symbols;
} rows[] = {
	{ SP80090B_T_TUPLE, sp80090b_tuples, sp80090b_tuples, 20, 40 },
	{ SP80090B_MULTI_MMC, sp80090b_multi_mmc_bits,
	  sp80090b_multi_mmc_symbols, 15, 80 },
	{ SP80090B_LZ78Y, sp80090b_lz78y_bits, sp80090b_lz78y_symbols, 1, 60 },
	{ SP80090B_MULTI_MCW, sp80090b_multi_mcw_bits,
	  sp80090b_multi_mcw_symbols, 3, 25 },
	{ SP80090B_LAG, sp80090b_lag, sp80090b_lag, 2, 10 },
	{ SP80090B_COMPRESSION, sp80090b_compression, NULL, 1, 0 },
	{ SP80090B_COLLISION, sp80090b_collision, NULL, 1, 0 },
	{ SP80090B_MARKOV, sp80090b_markov, NULL, 0.1, 0 },
	{ SP80090B_MCV, sp80090b_mcv, sp80090b_mcv, 0.1, 1 },
};

/* Lowest bit first; each symbol gives its highest bit first. */
static void pack(const uint8_t *symbols, size_t n, unsigned width,
		 const uint8_t code[SAMPLE_VALUES], uint8_t *ret)
{
	uint64_t bits = 0;
	unsigned have = 0;

	for (size_t i = 0; i < n; i++) {
		bits |= (uint64_t)code[symbols[i]] << have;
		have += width;
		while (have >= 8) {
			*ret++ = (uint8_t)bits;
			bits >>= 8;
			have -= 8;
		}
	}
	if (have > 0)
		*ret = (uint8_t)bits;
}

static uint8_t *packed(const struct samples *s, unsigned width,
		       const uint8_t code[SAMPLE_VALUES], uint64_t *ret_bytes)
{
	uint64_t bytes = ((uint64_t)s->n * width + 7) / 8;
	uint8_t *p = calloc(1, bytes + PADDING);

	if (p != NULL)
		pack(s->symbols, s->n, width, code, p);
	*ret_bytes = bytes;
	return p;
}

/* The bit string is of the samples as they came, not mapped down. */
static int make_bits(struct sp80090b_sequences *q, const struct samples *s)
{
	uint8_t reversed[SAMPLE_VALUES] = { 0 };

	for (unsigned v = 0; v < 1u << s->bits; v++) {
		for (unsigned b = 0; b < s->bits; b++) {
			if (v >> b & 1)
				reversed[v] |= (uint8_t)(1u
							 << (s->bits - 1 - b));
		}
	}
	q->bit_string = packed(s, s->bits, reversed, &q->bits.packed_bytes);
	if (q->bit_string == NULL)
		return -ENOMEM;
	q->bits.packed = q->bit_string;
	q->bits.n = (uint64_t)s->n * s->bits;
	q->bits.width = 1;
	q->bits.alphabet = 2;
	q->has_bits = true;
	return 0;
}

static int make_original(struct sp80090b_sequences *q, const struct samples *s,
			 const struct sample_alphabet *a)
{
	struct sp80090b_data *d = &q->original;

	d->n = s->n;
	d->alphabet = a->count;
	d->width = 1;
	while (1u << d->width < a->count)
		d->width++;
	d->symbols = s->symbols;
	if (d->width > 1 && a->top >= a->count) {
		q->ranks = malloc(s->n);
		if (q->ranks == NULL)
			return -ENOMEM;
		for (size_t i = 0; i < s->n; i++)
			q->ranks[i] = a->rank[s->symbols[i]];
		d->symbols = q->ranks;
	}
	if (d->width == 8) {
		d->packed = d->symbols;
		d->packed_bytes = s->n;
		return 0;
	}
	q->packed = packed(s, d->width, a->rank, &d->packed_bytes);
	if (q->packed == NULL)
		return -ENOMEM;
	d->packed = q->packed;
	if (d->width == 1)
		d->symbols = NULL;
	return 0;
}

int sp80090b_sequences_init(struct sp80090b_sequences *q,
			    const struct samples *s,
			    const struct sample_alphabet *a, bool bits)
{
	int r;

	memset(q, 0, sizeof *q);
	r = make_original(q, s, a);
	if (r == 0 && bits)
		r = make_bits(q, s);
	if (r < 0)
		sp80090b_sequences_free(q);
	return r;
}

void sp80090b_sequences_free(struct sp80090b_sequences *q)
{
	free(q->ranks);
	free(q->packed);
	free(q->bit_string);
	memset(q, 0, sizeof *q);
}

static void add_job(struct sp80090b_job *j, const struct sp80090b_data *d,
		    sp80090b_fn *fn, double weight,
		    struct sp80090b_estimate *ret)
{
	*j = (struct sp80090b_job){ .fn = fn, .data = *d, .ret = ret };
	j->data.weight = weight * (double)d->n;
	memset(ret, 0, sizeof *ret);
	if (fn == sp80090b_tuples)
		memset(ret + 1, 0, sizeof *ret);
}

unsigned sp80090b_jobs(const struct sp80090b_sequences *q,
		       struct sp80090b_watch *watch, struct sp80090b_result *ret,
		       struct sp80090b_job jobs[SP80090B_JOBS_MAX])
{
	bool binary = q->original.width == 1;
	double all = 0;
	unsigned n = 0;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		sp80090b_fn *fn = binary ? rows[i].bits : rows[i].symbols;

		if (q->has_bits)
			add_job(&jobs[n++], &q->bits, rows[i].bits,
				rows[i].weight_bits,
				&ret->bitstring[rows[i].id]);
		if (fn != NULL)
			add_job(&jobs[n++], &q->original, fn,
				binary ? rows[i].weight_bits :
					 rows[i].weight_symbols,
				&ret->original[rows[i].id]);
	}
	for (unsigned i = 0; i < n; i++)
		all += jobs[i].data.weight;
	for (unsigned i = 0; i < n; i++) {
		jobs[i].data.weight /= all;
		jobs[i].data.watch = watch;
	}
	return n;
}

void sp80090b_no_estimates(struct sp80090b_result *ret)
{
	bool constant = ret->alphabet == 1;
	const char *no_bits = ret->alphabet == 2 ? "the samples are bits" :
						   "no bit string asked for";

	for (unsigned i = 0; i < SP80090B_COUNT; i++) {
		(void)sp80090b_refuse(&ret->original[i],
				      constant ? "only one symbol occurs" :
						 "defined on bits only");
		(void)sp80090b_refuse(&ret->bitstring[i],
				      constant ? "only one symbol occurs" :
						 no_bits);
	}
	if (!constant)
		return;
	/* 6.3.1 says it all: the most common value is certain. */
	ret->original[SP80090B_MCV].why_not = NULL;
}
