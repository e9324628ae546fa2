/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_IID_TEXT_H
#define AQUIFER_ASSESS_SP80090B_IID_TEXT_H

/*
 * The compression statistic, SP 800-90B 5.1.11: how many bytes bzip2 makes of
 * the samples as decimal numbers with a space between. Blocks of 500,000, as
 * NIST's program has them.
 *
 * The length is computed without libbz2, in a twentieth of its time, from what
 * is special here: the text is made of few tokens, so sorting the tokens sorts
 * the text; and it has eleven letters. Where many tokens repeat for long, as
 * they may in samples that are not shuffled, libbz2 itself is asked. Both give
 * the same number; the tests compare them.
 */
#include <stdint.h>

#include "assess/sample.h"
#include "assess/sp80090b/iid_letters.h"

#define IID_TOKENS (SAMPLE_VALUES + 1)
/* Digits of a value, a space, and what the joint of a block's ends adds. */
#define IID_TOKEN_BYTES 8
#define IID_TOKEN_LETTERS 4

/* How a token's ends sort: "123 " is also "23 ", "3 " and " ". */
struct iid_ends {
	uint16_t place[IID_TOKEN_LETTERS]; /* of the end this long, minus 1 */
	uint8_t before[IID_TOKEN_LETTERS]; /* the letter before that end */
};

/* A value's token and what all blocks share. */
struct iid_text {
	uint64_t n;
	uint64_t bytes;
	uint32_t count[SAMPLE_VALUES];
	uint8_t letters[SAMPLE_VALUES]; /* of its token, with the space */
	char token[SAMPLE_VALUES][IID_TOKEN_LETTERS];
	unsigned longest; /* the most letters */
	/* The values that occur, as their tokens sort. */
	uint8_t order[SAMPLE_VALUES];
	unsigned n_order;
	/* All ends, as they sort, and where each token's are among them. */
	uint64_t end[IID_TOKEN_LETTERS * SAMPLE_VALUES];
	unsigned n_ends;
	struct iid_ends ends[SAMPLE_VALUES];
};

struct iid_text_work {
	uint64_t *key, *other;
	uint8_t *letter;
	struct iid_letters letters;
};

/*
 * iid_text_init - value_of[v]: the number that is written for v.
 * count: how often each v occurs.
 */
void iid_text_init(struct iid_text *t, const uint64_t count[SAMPLE_VALUES],
		   const uint8_t value_of[SAMPLE_VALUES]);

int iid_text_work_init(struct iid_text_work *w, uint64_t n);
void iid_text_work_free(struct iid_text_work *w);
uint64_t iid_text_work_need_bytes(uint64_t n);

/*
 * iid_text_bytes - of t->n values the length, compressed.
 * Returns 0, or -ENOMEM from libbz2.
 */
int iid_text_bytes(const struct iid_text *t, const uint8_t *values,
		   struct iid_text_work *w, uint64_t *ret);

/* The same by libbz2. */
int iid_text_bytes_plain(const struct iid_text *t, const uint8_t *values,
			 uint64_t *ret);

#endif
