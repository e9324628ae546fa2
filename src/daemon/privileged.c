/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/bytes.h"
#include "base/fd.h"
#include "base/wipe.h"
#include "daemon/privileged.h"
#include "source/hostseed_find.h"

#define REPLY_WAIT_MS 1000
#define DEVICE_FLAGS (O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

static void add_row(struct priv_table *t, const char *path, int flags)
{
	if (t->n_rows == PRIV_ROWS_MAX || priv_table_find(t, path) >= 0)
		return;
	(void)snprintf(t->rows[t->n_rows].path, sizeof t->rows[0].path, "%s",
		       path);
	t->rows[t->n_rows++].flags = flags;
}

/* What the sources read that a plain user cannot, whatever is configured. */
static const struct {
	const char *path;
	int flags;
} fixed_rows[] = {
	{ "/dev/hwrng", DEVICE_FLAGS },
	{ "/dev/tpmrm0", O_RDWR | O_NONBLOCK | O_CLOEXEC },
	{ "/dev/tpm0", O_RDWR | O_NONBLOCK | O_CLOEXEC },
	{ "/dev/kmsg", DEVICE_FLAGS },
};

void priv_table_make(const struct config *config, struct priv_table *ret)
{
	char buf[CONFIG_PATH_BYTES];
	const char *place;

	/* The rest of it is never looked at. */
	ret->n_rows = 0;
	for (size_t i = 0; i < ARRAY_LEN(fixed_rows); i++)
		add_row(ret, fixed_rows[i].path, fixed_rows[i].flags);
	/* The host's seeds are for root to read. */
	for (size_t i = 0; (place = hostseed_place_at(i, buf, sizeof buf)); i++)
		add_row(ret, place, DEVICE_FLAGS);
	for (size_t i = 0; i < config->n_lanes; i++) {
		const struct config_lane *l = &config->lanes[i];
		bool tpm = strcmp(l->class_name, "tpm2") == 0;

		if (l->path[0] != '\0')
			add_row(ret, l->path,
				tpm ? O_RDWR | O_NONBLOCK | O_CLOEXEC :
				      DEVICE_FLAGS);
	}
}

int priv_table_find(const struct priv_table *t, const char *path)
{
	for (size_t i = 0; i < t->n_rows; i++) {
		if (strcmp(t->rows[i].path, path) == 0)
			return (int)i;
	}
	return -1;
}

/* What one request costs in time, and how many may come at once. */
static const struct {
	uint64_t cost_ns;
	unsigned burst;
} limits[] = {
	[PRIV_ADD] = { 1000000000, 16 },
	[PRIV_REKEY] = { 1000000000, 16 },
	[PRIV_REOPEN] = { 1000000000, 2 * PRIV_ROWS_MAX },
	[PRIV_GENERATION_BUMP] = { 1000000000, 4 },
};

void priv_limits_init(struct priv_limits *l, uint64_t now_ns)
{
	l->last_ns = now_ns;
	for (size_t op = 0; op < ARRAY_LEN(limits); op++)
		l->tokens_ns[op] = limits[op].cost_ns * limits[op].burst;
}

static int take_token(struct priv_limits *l, uint32_t op, uint64_t now_ns)
{
	uint64_t passed_ns = now_ns > l->last_ns ? now_ns - l->last_ns : 0;

	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		uint64_t full_ns = limits[i].cost_ns * limits[i].burst;

		l->tokens_ns[i] = min_u64(
			l->tokens_ns[i] + min_u64(passed_ns, full_ns), full_ns);
	}
	l->last_ns = max_u64(l->last_ns, now_ns);
	if (l->tokens_ns[op] < limits[op].cost_ns)
		return -EAGAIN;
	l->tokens_ns[op] -= limits[op].cost_ns;
	return 0;
}

static bool padding_is_zero(const struct priv_request *request)
{
	uint8_t all = 0;

	for (size_t i = request->len_bytes; i < sizeof request->bytes; i++)
		all |= request->bytes[i];
	return all == 0;
}

int priv_judge(struct priv_limits *l, const struct priv_table *t,
	       const struct priv_request *request, size_t len_bytes,
	       uint64_t now_ns)
{
	if (len_bytes != sizeof *request || request->op < PRIV_ADD ||
	    request->op > PRIV_GENERATION_BUMP ||
	    request->len_bytes > sizeof request->bytes ||
	    !padding_is_zero(request))
		return -EBADMSG;
	if (request->op == PRIV_ADD) {
		if (request->len_bytes == 0 ||
		    request->arg > 8 * request->len_bytes)
			return -EBADMSG;
	} else if (request->len_bytes != 0) {
		return -EBADMSG;
	}
	if (request->op == PRIV_REOPEN && request->arg >= t->n_rows)
		return -EBADMSG;
	return take_token(l, request->op, now_ns);
}

static int receive(int fd, int flags, struct priv_reply *ret_reply, int *ret_fd)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { .bytes = { 0 } };
	struct iovec iov = { ret_reply, sizeof *ret_reply };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof control.bytes,
	};
	struct cmsghdr *c;
	ssize_t n;

	do
		n = recvmsg(fd, &msg, flags | MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n != sizeof *ret_reply)
		return n < 0 ? -errno : -EPIPE;
	c = CMSG_FIRSTHDR(&msg);
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(ret_fd, CMSG_DATA(c), sizeof *ret_fd);
	return 0;
}

/* An answer that came after its call had given up is not the next one's. */
static void discard_late(int fd)
{
	struct priv_reply reply;
	int passed_fd = -1;

	while (receive(fd, MSG_DONTWAIT, &reply, &passed_fd) == 0)
		fd_close(&passed_fd);
}

static int call(int fd, const struct priv_request *request,
		struct priv_reply *ret_reply, int *ret_fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	ssize_t n;
	int r;

	discard_late(fd);
	do
		n = send(fd, request, sizeof *request, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n != sizeof *request)
		return -EPIPE;
	do
		r = poll(&poll_fd, 1, REPLY_WAIT_MS);
	while (r < 0 && errno == EINTR);
	if (r <= 0)
		return -EPIPE;
	r = receive(fd, 0, ret_reply, ret_fd);
	return r < 0 ? r : ret_reply->result;
}

int priv_add(int fd, const uint8_t *bytes, size_t len_bytes,
	     unsigned credit_bits)
{
	struct priv_request request = { .op = PRIV_ADD, .arg = credit_bits };
	struct priv_reply reply;
	int r, no_fd = -1;

	if (len_bytes > sizeof request.bytes)
		return -EINVAL;
	request.len_bytes = (uint32_t)len_bytes;
	memcpy(request.bytes, bytes, len_bytes);
	r = call(fd, &request, &reply, &no_fd);
	wipe(&request, sizeof request);
	return r;
}

int priv_rekey(int fd, uint32_t *ret_rekey_result)
{
	const struct priv_request request = { .op = PRIV_REKEY };
	struct priv_reply reply = { 0 };
	int no_fd = -1, r = call(fd, &request, &reply, &no_fd);

	if (r == 0)
		*ret_rekey_result = reply.detail;
	return r;
}

int priv_reopen(int fd, unsigned row)
{
	const struct priv_request request = { .op = PRIV_REOPEN, .arg = row };
	struct priv_reply reply;
	int device = -1, r = call(fd, &request, &reply, &device);

	if (r < 0)
		return r;
	return device >= 0 ? device : -EBADMSG;
}

int priv_generation_bump(int fd)
{
	const struct priv_request request = { .op = PRIV_GENERATION_BUMP };
	struct priv_reply reply;
	int no_fd = -1;

	return call(fd, &request, &reply, &no_fd);
}
