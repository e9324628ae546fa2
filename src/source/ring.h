/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_SOURCE_RING_H
#define AQUIFER_SOURCE_RING_H

/* A byte queue between a reader and its owner. Threads: under the lock. */
#include <stddef.h>
#include <stdint.h>

#define RING_BYTES 4096

struct ring {
	size_t head, fill_bytes;
	uint8_t bytes[RING_BYTES];
};

/* ring_put - append n bytes; there is room (the caller asked ring_room). */
void ring_put(struct ring *r, const uint8_t *raw, size_t n);

/* ring_get - the oldest, at most len_bytes; what left is wiped. Returns how
 * many: a core dump or a clone must not show a byte that was handed out. */
size_t ring_get(struct ring *r, uint8_t *ret_raw, size_t len_bytes);

static inline size_t ring_room(const struct ring *r)
{
	return RING_BYTES - r->fill_bytes;
}

#endif
