/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DAEMON_PRIVILEGED_H
#define AQUIFER_DAEMON_PRIVILEGED_H

/*
 * What the privileged part does for the unprivileged one: four requests of one
 * fixed size over a SOCK_SEQPACKET pair, each answered by one reply. No path,
 * command line or length that is used as such comes from the other side: a
 * device is named by its row in a table that both sides made from the
 * configuration before the fork.
 */
#include <stddef.h>
#include <stdint.h>

#include "daemon/config.h"

enum priv_op {
	PRIV_ADD = 1,    /* RNDADDENTROPY: bytes, arg = credit in bits */
	PRIV_REKEY = 2,  /* RNDRESEEDCRNG */
	PRIV_REOPEN = 3, /* arg = row; the reply carries a descriptor */
	PRIV_GENERATION_BUMP = 4, /* this VM is certainly a clone */
};

#define PRIV_ADD_MAX_BYTES 64

struct priv_request {
	uint32_t op;
	uint32_t arg;
	uint32_t len_bytes; /* ADD: how many of bytes count; else 0 */
	uint8_t bytes[PRIV_ADD_MAX_BYTES]; /* unused ones are zero */
};

struct priv_reply {
	int32_t result;  /* 0 or -errno */
	uint32_t detail; /* REKEY: enum rekey_result */
};

/* The devices that may be asked for, by row. */
#define PRIV_ROWS_MAX 48

struct priv_table {
	size_t n_rows;
	struct {
		char path[CONFIG_PATH_BYTES];
		int flags; /* of open(2) */
	} rows[PRIV_ROWS_MAX];
};

/* priv_table_make - from a configuration; pure. Rows beyond the max are cut. */
void priv_table_make(const struct config *config, struct priv_table *ret);

/* priv_table_find - the row of a path, or -1. */
int priv_table_find(const struct priv_table *t, const char *path);

/*
 * A token bucket an operation. A daemon that works asks for a few in minutes;
 * whoever took it over shall not be able to keep root busy.
 */
struct priv_limits {
	uint64_t tokens_ns[PRIV_GENERATION_BUMP + 1]; /* worth of time */
	uint64_t last_ns;
};

void priv_limits_init(struct priv_limits *l, uint64_t now_ns);

/*
 * priv_judge - is this request well-formed and within the limits?
 * len_bytes: what was received. Returns 0; -EBADMSG wrong size or operation,
 * non-zero padding, len_bytes, credit or row out of range; -EAGAIN too many.
 * Pure but for *l.
 */
int priv_judge(struct priv_limits *l, const struct priv_table *t,
	       const struct priv_request *request, size_t len_bytes,
	       uint64_t now_ns);

/*
 * The unprivileged side. Each call waits for the reply, at most a second (the
 * other side only does ioctls and opens), and returns the reply's result, or
 * -EPIPE when the privileged part is gone.
 */
int priv_add(int fd, const uint8_t *bytes, size_t len_bytes,
	     unsigned credit_bits);
int priv_rekey(int fd, uint32_t *ret_rekey_result);
/* priv_reopen - returns a descriptor, owned by the caller, or -errno. */
int priv_reopen(int fd, unsigned row);
int priv_generation_bump(int fd);

#endif
