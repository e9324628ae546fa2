/* SPDX-License-Identifier: ISC */
/*
 * The seed an earlier boot left. open() looks and judges; the first read spends
 * the file on disk before a byte is used, or a crash lets two boots share it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/locked.h"
#include "base/seed_format.h"
#include "base/wipe.h"
#include "source/source.h"

#define DEFAULT_PATH "/var/lib/aquifer/seed"

struct seedfile_state {
	int dir_fd;
	bool spent;
	char name[256];
	size_t given_bytes;
	struct seed_content content; /* len_bytes 0 until it is spent */
};

/* Names what is wrong with the file itself, NULL when nothing is. */
static const char *objection(const struct stat *dir, const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return "is not a regular file; remove it";
	if (dir->st_mode & 022)
		return "lies in a directory that others may write; chmod go-w "
		       "the directory and remove the file";
	if (st->st_mode & 077)
		return "may be read or written by others; remove it: its bytes "
		       "may be known";
	if (st->st_uid != 0 && st->st_uid != geteuid() &&
	    st->st_uid != dir->st_uid)
		return "belongs to another user; remove it";
	if (st->st_nlink != 1)
		return "has a second name: it cannot be used up; remove both";
	return NULL;
}

static int refuse(struct source *s, int error, const char *why)
{
	return source_absent(s, error, "%s: %s", s->info.behind, why);
}

/* Opens and checks what lies there now. Returns a descriptor or -errno. */
static int open_seed(struct source *s, const struct seedfile_state *state)
{
	struct stat dir, st;
	const char *why;
	int e, fd = openat(state->dir_fd, state->name,
			   O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return refuse(s, -ENODEV,
			      "is not there: no seed was left by "
			      "an earlier boot");
	if (fd < 0 && errno == ELOOP)
		return refuse(s, -EINVAL, "is a symbolic link; remove it");
	if (fd < 0)
		return refuse(s, -errno, strerror(errno));
	if (fstat(fd, &st) < 0 || fstat(state->dir_fd, &dir) < 0) {
		e = -errno;
		fd_close(&fd);
		return refuse(s, e, strerror(-e));
	}
	why = objection(&dir, &st);
	if (!why)
		return fd;
	fd_close(&fd);
	return refuse(s, -EINVAL, why);
}

static int read_content(struct source *s, int fd,
			struct seed_content *ret_content)
{
	uint8_t file[SEED_FILE_BYTES_MAX + 1];
	ssize_t n = fd_read_some(fd, file, sizeof file);
	const char *why = NULL;
	char text[120];
	int r = n < 0 ? (int)n : seed_decode(file, (size_t)n, ret_content, &why);

	wipe(file, sizeof file);
	if (r == 0)
		return 0;
	(void)snprintf(text, sizeof text, "%s%s", why ? why : strerror(-r),
		       why ? "; remove it" : "");
	(void)refuse(s, r, text);
	return r;
}

/* Credit is for a seed that only this machine, in this generation, can have. */
static void judge(struct source *s, const struct seed_content *c)
{
	const struct platform *p = s->env->platform;
	uint32_t own_mbits = (uint32_t)(UINT64_C(1000) * c->credit_bits /
					c->len_bytes);
	const char *why;

	if (platform_is_confidential(p))
		source_lower(s, 0,
			     "confidential guest (%s): the host can put "
			     "an older disk back",
			     p->confidential_why);
	else if (!seed_can_bind(p, &why))
		source_lower(s, 0, "%s", why);
	else if (!seed_is_bound(c, p))
		source_lower(s, 0,
			     "it was written on another machine or "
			     "before this VM was copied or restored");
	else if (own_mbits < s->info.claim_mbits)
		source_lower(s, own_mbits, "its writer vouches for %u bits",
			     c->credit_bits);
}

static int find_directory(struct source *s, const struct source_options *options,
			  struct seedfile_state *state)
{
	const char *path = options->path ? options->path : DEFAULT_PATH;
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : "";
	char dir[200];

	(void)snprintf(s->info.behind, sizeof s->info.behind, "%s", path);
	if (path[0] != '/' || name[0] == '\0' ||
	    strlen(name) >= sizeof state->name)
		return refuse(s, -EINVAL, "is not the absolute path of a file");
	memcpy(state->name, name, strlen(name) + 1);
	if (s->fd >= 0) {
		/* The privileged part opened the directory. */
		state->dir_fd = s->fd;
		s->fd = -1;
		return 0;
	}
	if ((size_t)(name - path) >= sizeof dir)
		return refuse(s, -ENAMETOOLONG, "is too long a path");
	memcpy(dir, path, (size_t)(name - path));
	dir[name - path] = '\0';
	state->dir_fd = source_open_path(s->env, dir, O_RDONLY | O_DIRECTORY);
	if (state->dir_fd == -ENOENT)
		return refuse(s, -ENODEV, "is not there: no such directory");
	return state->dir_fd < 0 ?
		       refuse(s, state->dir_fd, strerror(-state->dir_fd)) :
		       0;
}

static void free_state(struct seedfile_state *state)
{
	fd_close(&state->dir_fd);
	locked_free(state, sizeof *state);
}

static int seedfile_open(struct source *s, const struct source_options *options)
{
	struct seedfile_state *state = locked_alloc(sizeof *state, NULL);
	struct seed_content look = { .len_bytes = 0 };
	int fd, r;

	if (!state)
		return source_absent(s, -ENOMEM, "out of memory");
	state->dir_fd = -1;
	r = find_directory(s, options, state);
	if (r == 0) {
		fd = open_seed(s, state);
		r = fd < 0 ? fd : read_content(s, fd, &look);
		fd_close(&fd);
	}
	if (r != 0) {
		free_state(state);
		return r;
	}
	judge(s, &look);
	wipe(&look, sizeof look);
	s->state = state;
	return 0;
}

/*
 * Only who removes the name may use the bytes: of two that have read the same
 * file, one fails here. The descriptor must then show a file without a name, or
 * the bytes are still on the disk under another one.
 */
static int remove_from_disk(struct source *s, struct seedfile_state *state,
			    int fd)
{
	struct stat st;
	int e;

	if (unlinkat(state->dir_fd, state->name, 0) < 0 ||
	    fsync(state->dir_fd) < 0 || fstat(fd, &st) < 0) {
		e = -errno;
		return source_absent(s, e,
				     "%s cannot be used up (%s), so it is not "
				     "used; make its directory writable",
				     s->info.behind, strerror(-e));
	}
	if (st.st_nlink != 0)
		return refuse(s, -EBUSY, "was replaced in the meantime");
	return 0;
}

static int spend(struct source *s, struct seedfile_state *state)
{
	struct seed_content c;
	int r, fd = open_seed(s, state);

	if (fd < 0)
		return fd;
	r = read_content(s, fd, &c);
	if (r == 0)
		r = remove_from_disk(s, state, fd);
	if (r == 0) {
		/* It may be another file than open saw: judged once more. */
		judge(s, &c);
		state->content = c;
		state->spent = true;
	}
	wipe(&c, sizeof c);
	fd_close(&fd);
	return r;
}

static ssize_t seedfile_read(struct source *s, uint8_t *ret_raw,
			     size_t len_bytes)
{
	struct seedfile_state *state = s->state;
	struct seed_content *c = &state->content;
	size_t n;
	int r = state->spent ? 0 : spend(s, state);

	if (r < 0)
		return r;
	n = min_size(len_bytes, c->len_bytes - state->given_bytes);
	memcpy(ret_raw, c->seed + state->given_bytes, n);
	wipe(c->seed + state->given_bytes, n);
	state->given_bytes += n;
	return (ssize_t)n;
}

static void seedfile_close(struct source *s)
{
	free_state(s->state);
}

const struct source_class source_seedfile = {
	.name = "seedfile",
	.title = "seed left on disk by an earlier boot",
	.domain = DOMAIN_DISK,
	.flags = SOURCE_ONCE | SOURCE_CONDITIONED,
	.record_bytes = 1,
	.symbol_bits = 8,
	.claim = {
		.mbits_per_symbol = 4000,
		.basis = "docs/claims.md: seedfile",
		.platforms = "bare metal, VMs with vmclock; the writer's DRBG "
			     "is the evidence",
	},
	.test_mbits = 6000,
	.deadline_ns = 2 * NS_PER_S,
	.batch_bytes = SEED_BYTES_MAX,
	.open = seedfile_open,
	.read = seedfile_read,
	.close = seedfile_close,
};
