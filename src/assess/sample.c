/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "assess/sample.h"

/* Four tables: one symbol in a row would wait for its own last increment. */
static void count(const uint8_t *symbols, size_t n,
		  uint64_t counts[SAMPLE_VALUES])
{
	uint64_t part[4][SAMPLE_VALUES];
	size_t i;

	memset(part, 0, sizeof part);
	for (i = 0; i + 4 <= n; i += 4) {
		part[0][symbols[i]]++;
		part[1][symbols[i + 1]]++;
		part[2][symbols[i + 2]]++;
		part[3][symbols[i + 3]]++;
	}
	for (; i < n; i++)
		part[0][symbols[i]]++;
	for (unsigned v = 0; v < SAMPLE_VALUES; v++)
		counts[v] = part[0][v] + part[1][v] + part[2][v] + part[3][v];
}

static size_t find_above(const struct samples *s)
{
	size_t i = 0;

	while (i < s->n && s->symbols[i] >> s->bits == 0)
		i++;
	return i;
}

int samples_alphabet(const struct samples *s, struct sample_alphabet *ret,
		     size_t *ret_bad)
{
	struct sample_alphabet a;

	if (s->bits < 1 || s->bits > SAMPLE_BITS_MAX || s->n == 0)
		return -EINVAL;
	memset(&a, 0, sizeof a);
	count(s->symbols, s->n, a.counts);
	for (unsigned v = 0; v < SAMPLE_VALUES; v++) {
		if (a.counts[v] == 0)
			continue;
		a.rank[v] = (uint8_t)a.count++;
		a.top = v;
	}
	if (a.top >> s->bits != 0) {
		if (ret_bad != NULL)
			*ret_bad = find_above(s);
		return -ERANGE;
	}
	*ret = a;
	return 0;
}

unsigned samples_width(const uint8_t *symbols, size_t n)
{
	unsigned all = 0, width = 1;

	for (size_t i = 0; i < n; i++)
		all |= symbols[i];
	while (all >> width != 0)
		width++;
	return width;
}
