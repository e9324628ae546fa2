/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <string.h>

#include "base/bytes.h"
#include "base/wipe.h"
#include "source/ring.h"

void ring_put(struct ring *r, const uint8_t *raw, size_t n)
{
	size_t tail = (r->head + r->fill_bytes) % RING_BYTES;
	size_t first = min_size(n, RING_BYTES - tail);

	assert(n <= ring_room(r));
	memcpy(r->bytes + tail, raw, first);
	memcpy(r->bytes, raw + first, n - first);
	r->fill_bytes += n;
}

size_t ring_get(struct ring *r, uint8_t *ret_raw, size_t len_bytes)
{
	size_t n = min_size(len_bytes, r->fill_bytes);
	size_t first = min_size(n, RING_BYTES - r->head);

	memcpy(ret_raw, r->bytes + r->head, first);
	memcpy(ret_raw + first, r->bytes, n - first);
	wipe(r->bytes + r->head, first);
	wipe(r->bytes, n - first);
	r->head = (r->head + n) % RING_BYTES;
	r->fill_bytes -= n;
	return n;
}
