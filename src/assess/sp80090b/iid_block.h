/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_IID_BLOCK_H
#define AQUIFER_ASSESS_SP80090B_IID_BLOCK_H

/* A block of the text, as bzip2 cuts and sorts it. */
#include <stdbool.h>

#include "assess/sp80090b/iid_text.h"

/* A letter of the text: in which token, which of its letters. */
struct iid_place {
	uint64_t token;
	unsigned letter;
	uint64_t at; /* in the text */
};

struct iid_block {
	const struct iid_text *t;
	const uint8_t *values;
	struct iid_place from, to; /* to: the first of the next block */
	bool last;
	uint32_t count[SAMPLE_VALUES]; /* of tokens that begin in it */
};

/* iid_block_end - finds `to`; counts. */
void iid_block_end(struct iid_block *b);

/* iid_block_next - go to the block after it; false where there is none. */
bool iid_block_next(struct iid_block *b);

/*
 * iid_block_bits - adds the bits of the compressed block.
 * False: this one is for libbz2.
 */
bool iid_block_bits(const struct iid_block *b, struct iid_text_work *w,
		    uint64_t *bits);

uint64_t iid_end_of(const char *letters, unsigned n);
unsigned iid_end_place(const struct iid_text *t, uint64_t end);
uint8_t iid_letter_of(char c);

#endif
