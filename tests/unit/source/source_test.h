/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_SOURCE_TEST_H
#define AQUIFER_TESTS_SOURCE_TEST_H

/* A machine made by hand and a root directory of its own. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/fd.h"
#include "source/source.h"

#include "../skip.h"

struct machine {
	struct platform platform;
	struct source_env env;
	char root[64];
};

static inline void machine_init(struct machine *m)
{
	memset(m, 0, sizeof *m);
	memcpy(m->root, "/tmp/aquifer-test-XXXXXX", 25);
	assert_non_null(mkdtemp(m->root));
	m->env.platform = &m->platform;
	m->env.root = m->root;
	m->env.now_ns = clock_boottime_ns;
	m->env.event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	assert_true(m->env.event_fd > 0);
	memcpy(m->platform.machine_id, "0123456789abcdef0123456789abcdef", 33);
	memcpy(m->platform.product_uuid, "6f1d3a52-0000-4000-8000-0123456789ab",
	       37);
}

static inline int remove_one(const char *path, const struct stat *st, int type,
			     struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void machine_free(struct machine *m)
{
	(void)nftw(m->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	fd_close(&m->env.event_fd);
}

static inline void be_confidential(struct machine *m)
{
	m->platform.hypervisor = true;
	m->platform.confidential = CONFIDENTIAL_TDX;
	memcpy(m->platform.confidential_why, "a test", 7);
}

/* The full path, in a buffer that lives until the next call. */
static inline const char *below(const struct machine *m, const char *path)
{
	static char full[PATH_MAX];

	(void)snprintf(full, sizeof full, "%s%s", m->root, path);
	return full;
}

static inline void make_parents(const struct machine *m, const char *path)
{
	char full[PATH_MAX];

	(void)snprintf(full, sizeof full, "%s%s", m->root, path);
	for (char *p = full + strlen(m->root) + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		if (mkdir(full, 0755) < 0)
			assert_int_equal(errno, EEXIST);
		*p = '/';
	}
}

static inline void put_file(const struct machine *m, const char *path,
			    const void *bytes, size_t len_bytes, mode_t mode)
{
	int fd;

	make_parents(m, path);
	/* One that may not be written is replaced, others keep their inode. */
	if (access(below(m, path), W_OK) < 0)
		(void)unlink(below(m, path));
	fd = open(below(m, path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		  0600);
	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, bytes, len_bytes), 0);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
}

static inline void put_text(const struct machine *m, const char *path,
			    const char *text)
{
	put_file(m, path, text, strlen(text), 0600);
}

static inline bool exists(const struct machine *m, const char *path)
{
	return access(below(m, path), F_OK) == 0;
}

/* What a program does before it takes. */
static inline void clear_events(const struct source_env *env)
{
	uint64_t count;

	(void)!read(env->event_fd, &count, sizeof count);
}

/*
 * What a reader brings, waiting for its event: bytes, 0 or -errno, never
 * -EAGAIN. A minute stands for ever: no working machine is that slow.
 */
static inline ssize_t take_wait(struct source *s, uint8_t *ret_raw,
				size_t len_bytes)
{
	for (;;) {
		struct pollfd p = { .fd = s->env->event_fd, .events = POLLIN };
		ssize_t n;

		clear_events(s->env);
		n = source_take(s, ret_raw, len_bytes);

		if (n != -EAGAIN)
			return n;
		assert_int_equal(poll(&p, 1, 60000), 1);
	}
}

/* Takes until len_bytes are there or the source says something else. */
static inline ssize_t take_all(struct source *s, uint8_t *ret_raw,
			       size_t len_bytes)
{
	size_t done = 0;
	ssize_t n = 1;

	while (done < len_bytes && n > 0) {
		n = take_wait(s, ret_raw + done, len_bytes - done);
		if (n > 0)
			done += (size_t)n;
	}
	return n < 0 ? n : (ssize_t)done;
}

#endif
