/* SPDX-License-Identifier: ISC */
/*
 * Is the generator ready, as far as facts tell? In which order they are
 * believed, and why: docs/kernel-rng.md.
 */
#include "base/bytes.h"
#include "doctor/boot_parts.h"

/* An absent line tells something in a real log only, not in an excerpt. */
#define LOG_LINES_MIN 100

static bool has_kind_of_waiter(const struct boot_tasks *t, enum boot_wait wait)
{
	size_t n = min_size(t->n_waiters, ARRAY_LEN(t->waiters));

	for (size_t i = 0; i < n; i++)
		if (t->waiters[i].wait == wait)
			return true;
	return false;
}

/* The generator's own count, where it tells something. */
static enum boot_readiness by_count(const struct boot_kernel *k,
				    const char **ret_why)
{
	const struct kernel_semantics *s = &k->semantics;
	uint64_t bits = k->entropy_avail_bits.value;

	if (k->entropy_avail_bits.error != 0 ||
	    s->reseed_min_bits == KERNEL_MIN_BITS_UNKNOWN)
		return BOOT_UNKNOWN;
	/*
	 * From 4.8 on the old code reseeds, and empties the pool, as soon as it
	 * holds 128 bits and the generator is not ready.
	 */
	if (bits >= 256 &&
	    (s->new_random ||
	     (k->version_known && kernel_at_least(&k->version, 4, 8, 0)))) {
		*ret_why = s->new_random ?
				   "entropy_avail is 256: ready" :
				   "entropy_avail is above 128: a kernel that "
				   "is not ready would have used it up";
		return BOOT_READY;
	}
	if (!s->new_random)
		return BOOT_UNKNOWN;
	/* 5.18.0 empties its count at each reseed; its copies may. */
	if (s->reseed_min_bits != 0 && s->level_known)
		return BOOT_UNKNOWN;
	*ret_why = "entropy_avail is below 256: not ready on this code";
	return BOOT_NOT_READY;
}

static bool log_is_whole(const struct boot_log *log)
{
	return log->error == 0 && log->state.from_start && log->state.to_now &&
	       (log->random_lines > 0 || log->state.n_lines >= LOG_LINES_MIN);
}

/* Kernels before 4.8 do not all say so. */
static bool says_ready(const struct boot_kernel *k)
{
	return k->semantics.new_random ||
	       (k->version_known && kernel_at_least(&k->version, 4, 8, 0));
}

enum boot_readiness boot_readiness(const struct machine *m, const char **ret_why)
{
	const struct boot_facts *b = m->boot;
	enum boot_readiness r;

	*ret_why = "";
	if (b->live.known) {
		*ret_why = b->live.crng_ready ? "getrandom(2) answers at once" :
						"getrandom(2) says EAGAIN";
		return b->live.crng_ready ? BOOT_READY : BOOT_NOT_READY;
	}
	r = by_count(&b->kernel, ret_why);
	/* On the copies of 5.18.0 the log's word stands above the count's. */
	if (r == BOOT_READY ||
	    (r == BOOT_NOT_READY &&
	     (b->kernel.semantics.reseed_min_bits == 0 || !b->log.ready_seen)))
		return r;
	if (b->log.error == 0 && b->log.ready_seen) {
		*ret_why = "the kernel's log says so";
		return BOOT_READY;
	}
	if (has_kind_of_waiter(&b->tasks, BOOT_WAIT_GETRANDOM)) {
		*ret_why = "a process waits in getrandom(2)";
		return BOOT_NOT_READY;
	}
	if (log_is_whole(&b->log) && says_ready(&b->kernel)) {
		*ret_why = "the kernel's log is whole and has no line that "
			   "says ready";
		return BOOT_NOT_READY;
	}
	return BOOT_UNKNOWN;
}
