/* SPDX-License-Identifier: ISC */
/*
 * What the unprivileged part could send once it is taken over. Input: records
 * of one byte (how time goes on, how long the message is, whether its padding
 * is made zero, which bits pass random input on to the later checks) and one
 * request, as it would come. Nothing out of range is accepted, nothing in range
 * refused but for its number, and no operation comes oftener than its burst and
 * a second each, whatever the clock does.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "daemon/monitor.h"

/* An assertion must hold in every build. */
#ifdef NDEBUG
#error "fuzzers are built with assertions"
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROWS 3

/* As the table in daemon/privileged.c has it: a second each, and so many. */
static const unsigned burst[] = {
	[PRIV_ADD] = 16, [PRIV_REKEY] = 16, [PRIV_REOPEN] = 96, [PRIV_GENERATION_BUMP] = 4
};

static const uint64_t steps_ns[] = { 0,
				     1,
				     NS_PER_MS,
				     NS_PER_S - 1,
				     NS_PER_S,
				     NS_PER_S + 1,
				     100 * NS_PER_S,
				     UINT64_C(1) << 62 };

static bool is_well_formed(const struct priv_request *r, size_t len_bytes)
{
	if (len_bytes != sizeof *r || r->op < 1 || r->op > 4 ||
	    r->len_bytes > 64)
		return false;
	for (size_t i = r->len_bytes; i < 64; i++)
		if (r->bytes[i] != 0)
			return false;
	switch (r->op) {
	case PRIV_ADD:
		return r->len_bytes > 0 && r->arg / 8 <= r->len_bytes &&
		       r->arg <= r->len_bytes * 8;
	case PRIV_REOPEN:
		return r->len_bytes == 0 && r->arg < ROWS;
	default:
		return r->len_bytes == 0;
	}
}

struct world {
	struct monitor m;
	uint32_t generation;
	uint64_t now_ns, start_ns, latest_ns;
	uint64_t accepted[PRIV_GENERATION_BUMP + 1];
};

static void init(struct world *w)
{
	memset(w, 0, sizeof *w);
	w->now_ns = w->start_ns = w->latest_ns = 50 * NS_PER_S;
	w->m.random_fd = -1;
	w->m.random_error = -EACCES;
	w->m.generation = &w->generation;
	w->m.table.n_rows = ROWS;
	memcpy(w->m.table.rows[0].path, "/dev/null", 10);
	memcpy(w->m.table.rows[1].path, "/nowhere/at/all", 16);
	memcpy(w->m.table.rows[2].path, "/dev/null", 10);
	priv_limits_init(&w->m.limits, w->now_ns);
}

static void judge_result(struct world *w, const struct priv_request *r,
			 const struct priv_reply *reply, int fd)
{
	uint64_t passed_s = (w->latest_ns - w->start_ns) / NS_PER_S;

	w->accepted[r->op]++;
	assert(w->accepted[r->op] <= burst[r->op] + passed_s);
	if (r->op == PRIV_ADD || r->op == PRIV_REKEY) {
		assert(reply->result == -EACCES);
	} else if (r->op == PRIV_REOPEN) {
		assert(reply->result == (r->arg == 1 ? -ENOENT : 0));
		assert((fd >= 0) == (reply->result == 0));
	} else {
		assert(reply->result == 0);
	}
	assert(reply->detail == 0);
	assert(w->generation == w->accepted[PRIV_GENERATION_BUMP]);
}

static void one_request(struct world *w, uint8_t how,
			const struct priv_request *r)
{
	size_t len_bytes = sizeof *r;
	struct priv_limits before;
	struct priv_reply reply;
	int fd = 77;

	if (how & 0x08)
		w->now_ns -= min_u64(w->now_ns, steps_ns[how & 7]);
	else if (UINT64_MAX - w->now_ns > steps_ns[how & 7])
		w->now_ns += steps_ns[how & 7];
	w->latest_ns = max_u64(w->latest_ns, w->now_ns);
	if (how & 0x10)
		len_bytes = how >> 5;
	before = w->m.limits;
	monitor_answer(&w->m, r, len_bytes, w->now_ns, &reply, &fd);
	if (!is_well_formed(r, len_bytes)) {
		assert(reply.result == -EBADMSG && fd == -1);
		assert(memcmp(&before, &w->m.limits, sizeof before) == 0);
	} else if (reply.result == -EAGAIN) {
		/* It has had its burst: only that can be the reason. */
		assert(w->accepted[r->op] >= burst[r->op] && fd == -1);
	} else {
		judge_result(w, r, &reply, fd);
	}
	if (fd >= 0)
		(void)close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct world w;
	struct priv_request r;

	init(&w);
	for (; size >= 1 + sizeof r; data += 1 + sizeof r) {
		size -= 1 + sizeof r;
		memcpy(&r, data + 1, sizeof r);
		if (data[0] & 0x20 && !(data[0] & 0x10)) {
			r.op = r.op % 4 + 1;
			r.len_bytes = r.op == PRIV_ADD ? r.len_bytes % 66 : 0;
		}
		if (data[0] & 0x40 && !(data[0] & 0x10))
			for (size_t i = r.len_bytes; i < sizeof r.bytes; i++)
				r.bytes[i] = 0;
		if (data[0] & 0x80 && !(data[0] & 0x10))
			r.arg %= 520;
		one_request(&w, data[0], &r);
	}
	return 0;
}
