/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80090B_IID_LETTERS_H
#define AQUIFER_ASSESS_SP80090B_IID_LETTERS_H

/*
 * What bzip2 makes of a block once it is sorted: move to front, run lengths of
 * zeros, and two to six Huffman tables that take turns every 50 symbols. Only
 * the number of bits is computed here. A symbol's place within its fifty does
 * not matter, so how often each occurs in them is all that is kept.
 */
#include <stdint.h>

#define IID_LETTERS 11 /* space and digits, in the order of ASCII */
#define IID_FIFTY 50
#define IID_BLOCK_BYTES_MAX 500000

/* What the functions below write past the end of their letters, at most. */
#define IID_PAST_END 64

typedef uint8_t iid_fifty[16];

struct iid_letters {
	uint8_t *symbol; /* moved to front, runs of zeros counted */
	iid_fifty *fifty;
	uint32_t frequency[16];
	unsigned n_fifties; /* the last may be short */
	unsigned n_symbols;
	unsigned alphabet; /* letters in use and 2 */
};

/*
 * iid_letters_count - letter: n letters as sorted, overwritten; in_use: a bit
 * each. l->symbol and letter have room for n + IID_PAST_END, l->fifty for as
 * many fifties and one more.
 */
void iid_letters_count(struct iid_letters *l, uint8_t *letter, unsigned n,
		       unsigned in_use);

/*
 * iid_letters_front - moves to front and counts zeros.
 * letter: overwritten; ret: both with room for n + IID_PAST_END.
 * Returns how many symbols.
 */
unsigned iid_letters_front(uint8_t *letter, unsigned n, unsigned in_use,
			   uint8_t *ret);
unsigned iid_letters_front_plain(const uint8_t *letter, unsigned n,
				 unsigned in_use, uint8_t *ret);

/* iid_letters_bits - of the tables, the choices among them and the data. */
uint64_t iid_letters_bits(const struct iid_letters *l);

#endif
