/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "assess/sp80090b/iid_letters.h"

typedef uint8_t bytes16 __attribute__((vector_size(16)));

/* One more of a symbol: a vector that is 1 there. */
static void count_fifties(struct iid_letters *l)
{
	bytes16 one[16];

	memset(one, 0, sizeof one);
	memset(l->frequency, 0, sizeof l->frequency);
	for (unsigned s = 0; s < 16; s++)
		one[s][s] = 1;
	l->n_fifties = 0;
	for (unsigned i = 0; i < l->n_symbols; i += IID_FIFTY) {
		unsigned left = l->n_symbols - i;
		unsigned n = left < IID_FIFTY ? left : IID_FIFTY;
		bytes16 sum = { 0 };

		for (unsigned k = 0; k < n; k++)
			sum += one[l->symbol[i + k]];
		memcpy(l->fifty[l->n_fifties++], &sum, sizeof sum);
		for (unsigned s = 0; s < 16; s++)
			l->frequency[s] += sum[s];
	}
}

void iid_letters_count(struct iid_letters *l, uint8_t *letter, unsigned n,
		       unsigned in_use)
{
	unsigned m;

	l->alphabet = (unsigned)__builtin_popcount(in_use) + 2;
	m = iid_letters_front(letter, n, in_use, l->symbol);
	l->symbol[m++] = (uint8_t)(l->alphabet - 1); /* the block's end */
	l->n_symbols = m;
	count_fifties(l);
}
