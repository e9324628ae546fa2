/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_SOURCE_READER_H
#define AQUIFER_SOURCE_READER_H

/*
 * A thread for one source that can block. It fills a small ring when asked and
 * only then: bytes read ahead would grow stale over a suspend or a clone, and
 * a device that nobody needs would be polled.
 *
 * The thread works on a copy of the source in memory that it shares with its
 * owner. A read stuck in the kernel cannot be ended by anyone (the kernel's own
 * hwrng filler can hold the device's mutex for ever), so nobody waits for the
 * thread: whichever of the two leaves last closes the class, wipes and frees.
 */
#include "source/source.h"

/* Between two answers of -EAGAIN: doubled from the first to the last. */
#define READER_PAUSE_MIN_NS UINT64_C(1000000)
#define READER_PAUSE_MAX_NS UINT64_C(1000000000)

struct reader;

/*
 * reader_start - hand an opened source to a new thread.
 * s: copied; its fd and state belong to the reader from here on (on success).
 *    Of its env only now_ns and event_fd are used by a read: the rest need not
 *    outlive the owner's close.
 * Returns 0 or -errno (s is then as before).
 */
int reader_start(struct reader **ret_reader, const struct source *s);

/*
 * reader_take - what the ring holds, at most len_bytes; asks for the rest.
 * ret_not_ready_count: how often the source said -EAGAIN so far.
 * Returns bytes; -EAGAIN: nothing yet; once the ring is empty the code the
 * thread ended with: 0 or -errno. Never waits longer than a memcpy takes.
 * Threads: one owner.
 */
ssize_t reader_take(struct reader *r, uint8_t *ret_raw, size_t len_bytes,
		    uint64_t *ret_not_ready_count);

/*
 * reader_waiting_since_ns - since when it has asked the source without getting
 * a byte: one read that does not come back, or one -EAGAIN after the other.
 * Returns now_ns of the first of them, 0 when nothing is owed.
 */
uint64_t reader_waiting_since_ns(const struct reader *r);

/* reader_stop - let go of it; the thread ends as soon as its read returns. */
void reader_stop(struct reader *r);

/* source_read - class->read with the checks and counts all reads share. */
ssize_t source_read(struct source *s, uint8_t *ret_raw, size_t len_bytes);

#endif
