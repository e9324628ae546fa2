/* SPDX-License-Identifier: ISC */
/*
 * 32 bytes of a TPM 2.0, once after open: a TPM is slow, and one that is asked
 * for more stutters the desktop. Speaks the one command itself, to the device
 * or to a socket where a software TPM listens: the bytes are the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/wipe.h"
#include "source/paths.h"
#include "source/source.h"
#include "source/tpm2_wire.h"

#define ONCE_BYTES 32
/* The kernel gives the command 2 s (TPM_LONG); twice that for retries. */
#define DEADLINE_NS (4 * NS_PER_S)
#define RETRIES_MAX 8
#define RETRY_PAUSE_NS (20 * NS_PER_MS)

struct tpm2_state {
	size_t left_bytes;
};

/* /dev/tpmrm0 first: the kernel shares it; /dev/tpm0 is for one at a time. */
static const char *const devices[] = { "/dev/tpmrm0", "/dev/tpm0" };

static int wait_ready(struct source *s, short events, uint64_t deadline_ns)
{
	struct pollfd p = { .fd = s->fd, .events = events };
	uint64_t now_ns = s->env->now_ns();
	int r;

	if (now_ns >= deadline_ns)
		return -ETIMEDOUT;
	r = poll(&p, 1, (int)((deadline_ns - now_ns) / NS_PER_MS) + 1);
	if (r < 0)
		return errno == EINTR ? 0 : -errno;
	if (r == 0)
		return -ETIMEDOUT;
	/* A hang-up with bytes before it is told by the read that follows. */
	return p.revents & events ? 0 : -EIO;
}

/* A device takes a command whole or not at all, a fresh socket as well. */
static int send_command(struct source *s, uint16_t n)
{
	uint8_t command[TPM2_COMMAND_BYTES];
	ssize_t w;

	tpm2_encode_get_random(n, command);
	do {
		w = write(s->fd, command, sizeof command);
	} while (w < 0 && errno == EINTR);
	if (w < 0)
		return -errno;
	return w == (ssize_t)sizeof command ? 0 : -EIO;
}

/*
 * The device gives the answer in one read, a socket maybe in pieces: the size
 * in the header says when it is whole. Returns its length.
 */
static ssize_t receive_answer(struct source *s, uint64_t deadline_ns,
			      uint8_t ret_answer[TPM2_ANSWER_BYTES_MAX])
{
	ssize_t size = TPM2_ANSWER_BYTES_MAX;
	size_t have = 0;

	while (have < (size_t)size) {
		ssize_t n;
		int r = wait_ready(s, POLLIN, deadline_ns);

		if (r < 0)
			return r;
		n = read(s->fd, ret_answer + have, (size_t)size - have);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EPIPE;
		have += (size_t)n;
		if (have < TPM2_HEADER_BYTES)
			continue;
		size = tpm2_answer_bytes(ret_answer);
		if (size < 0 || have > (size_t)size)
			return -EBADMSG;
	}
	return size;
}

static ssize_t ask_once(struct source *s, uint8_t *ret_raw, uint16_t n,
			uint64_t deadline_ns)
{
	uint8_t answer[TPM2_ANSWER_BYTES_MAX];
	uint32_t code;
	ssize_t r;

	r = send_command(s, n);
	if (r == 0)
		r = receive_answer(s, deadline_ns, answer);
	if (r > 0)
		r = tpm2_decode_get_random(answer, (size_t)r, n, ret_raw, &code);
	wipe(answer, sizeof answer);
	return r;
}

/* Gives what one answer holds; the next call asks for what a short one left. */
static ssize_t tpm2_read(struct source *s, uint8_t *ret_raw, size_t len_bytes)
{
	struct tpm2_state *state = s->state;
	uint64_t deadline_ns = s->env->now_ns() + DEADLINE_NS;
	uint64_t pause_ns = RETRY_PAUSE_NS;
	ssize_t n;

	len_bytes = min_size(len_bytes, state->left_bytes);
	if (len_bytes == 0)
		return 0;
	for (int i = 0;; i++) {
		struct timespec t = { .tv_nsec = (long)pause_ns };

		n = ask_once(s, ret_raw, (uint16_t)len_bytes, deadline_ns);
		if (n != -EAGAIN)
			break;
		s->not_ready_count++;
		if (i == RETRIES_MAX || s->env->now_ns() >= deadline_ns)
			return -ETIMEDOUT;
		(void)nanosleep(&t, NULL);
		pause_ns = min_u64(2 * pause_ns, NS_PER_S / 2);
	}
	if (n > 0)
		state->left_bytes -= (size_t)n;
	return n;
}

/* Returns the descriptor or -errno; -ENOTSUP: neither device nor socket. */
static int open_path(const struct source_env *env, const char *path)
{
	char full[PATH_MAX];
	struct stat st;
	int r = path_below(full, env->root, path);

	if (r < 0)
		return r;
	if (stat(full, &st) < 0)
		return -errno;
	if (S_ISSOCK(st.st_mode))
		return path_connect(env->root, path);
	if (!S_ISCHR(st.st_mode))
		return -ENOTSUP;
	return source_open_path(env, path, O_RDWR | O_NONBLOCK | O_NOCTTY);
}

static int open_first(struct source *s, const char *const *paths, size_t n)
{
	int r = -ENOENT;

	for (size_t i = 0; i < n; i++) {
		r = open_path(s->env, paths[i]);
		(void)snprintf(s->info.behind, sizeof s->info.behind, "%s",
			       paths[i]);
		if (r != -ENOENT)
			break;
	}
	if (r >= 0) {
		s->fd = r;
		return 0;
	}
	s->info.behind[0] = '\0';
	if (r == -ENOENT || r == -ENXIO)
		return source_absent(s, -ENODEV, "no TPM 2.0: %s is not there",
				     paths[0]);
	if (r == -ENOTSUP)
		return source_absent(s, -EINVAL,
				     "%s is neither a TPM device nor a socket",
				     paths[0]);
	return source_absent(s, r, "%s: %s%s", paths[0], strerror(-r),
			     r == -EBUSY ? " (another program has it open)" :
					   "");
}

static int open_any(struct source *s, const struct source_options *options)
{
	if (s->fd < 0)
		return options->path ?
			       open_first(s, &options->path, 1) :
			       open_first(s, devices, ARRAY_LEN(devices));
	(void)snprintf(s->info.behind, sizeof s->info.behind, "%s",
		       options->path ? options->path : "descriptor");
	return 0;
}

static int tpm2_open(struct source *s, const struct source_options *options)
{
	const struct platform *p = s->env->platform;
	struct tpm2_state *state;
	struct stat st;
	int r = open_any(s, options);

	if (r < 0)
		return r;
	if (fstat(s->fd, &st) < 0)
		return source_absent(s, -errno, "%s: %s", s->info.behind,
				     strerror(errno));
	state = malloc(sizeof *state);
	if (!state)
		return source_absent(s, -ENOMEM, "out of memory");
	state->left_bytes = ONCE_BYTES;
	s->state = state;
	if (p->hypervisor || platform_is_confidential(p))
		s->info.domain = DOMAIN_HOST;
	if (platform_is_confidential(p))
		source_lower(s, 0,
			     "confidential guest (%s): the vTPM is not "
			     "attested, so it may be the host's",
			     p->confidential_why);
	/* Its bytes come from this very kernel, or nobody can tell. */
	if (S_ISSOCK(st.st_mode))
		source_lower(s, 0,
			     "a software TPM behind a socket: it draws "
			     "from the kernel that is to be seeded");
	return 0;
}

static void tpm2_close(struct source *s)
{
	free(s->state);
	source_close_fd(s);
}

const struct source_class source_tpm2 = {
	.name = "tpm2",
	.title = "TPM 2.0, TPM2_GetRandom, 32 bytes once",
	.domain = DOMAIN_TPM,
	.flags = SOURCE_BLOCKS | SOURCE_ONCE | SOURCE_AGAIN_AFTER_CLONE |
		 SOURCE_CONDITIONED,
	.record_bytes = 1,
	.symbol_bits = 8,
	.claim = {
		.mbits_per_symbol = 4000,
		.basis = "docs/claims.md: tpm2",
		.platforms = "TPM 2.0 devices; not a measurement: half of "
			     "what the specification has in mind",
	},
	.test_mbits = 6000,
	.deadline_ns = 5 * NS_PER_S,
	.batch_bytes = ONCE_BYTES,
	.open = tpm2_open,
	.read = tpm2_read,
	.close = tpm2_close,
};
