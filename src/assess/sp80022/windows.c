/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/sp80022/windows.h"
#include "base/bytes.h"

void windows_count(const struct bits *b, size_t from, size_t count,
		   unsigned len, uint32_t *hist)
{
	uint64_t mask = (UINT64_C(1) << len) - 1;
	unsigned per_load = 65 - len;

	while (count > 0) {
		uint64_t x = bits_window64(b, from);
		unsigned take = (unsigned)min_size(per_load, count);

		for (unsigned j = 0; j < take; j++)
			hist[x >> (64 - len - j) & mask]++;
		from += take;
		count -= take;
	}
}

void windows_count_cyclic(const struct bits *b, unsigned len, uint32_t *hist)
{
	size_t n = b->n_bits;
	size_t straight = n >= len ? n - len + 1 : 0;

	windows_count(b, 0, straight, len, hist);
	for (size_t i = straight; i < n; i++) {
		uint64_t x = 0;

		for (unsigned j = 0; j < len; j++)
			x = x << 1 | bits_get(b, (i + j) % n);
		hist[x]++;
	}
}

void windows_fold(uint32_t *hist, unsigned len)
{
	for (size_t i = 0; i < (size_t)1 << (len - 1); i++)
		hist[i] = hist[2 * i] + hist[2 * i + 1];
}
