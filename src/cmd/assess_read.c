/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole file or stream in memory: mapped where that can be. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bytes.h"
#include "cmd/assess_memory.h"

#define PIECE_BYTES (256u << 10)
#define FIRST_BYTES (1u << 20)

/* A mapped page whose part of the file is gone: say so, instead of dying. */
static void on_bus_error(int number)
{
	static const char text[] = "aquifer assess: the file became shorter "
				   "while it was read\n";

	(void)number;
	(void)!write(STDERR_FILENO, text, sizeof text - 1);
	_exit(EXIT_MACHINE);
}

/* Up to cap_bytes, fewer only at the end. -1: errno. */
ssize_t assess_read_full(int fd, uint8_t *ret, size_t cap_bytes)
{
	size_t n = 0;

	while (n < cap_bytes) {
		ssize_t r = read(fd, ret + n, cap_bytes - n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		if (r == 0)
			break;
		n += (size_t)r;
	}
	return (ssize_t)n;
}

static int map_file(struct assess_input *in)
{
	/* Where a standard input was read from already, it goes on there. */
	off_t at = lseek(in->fd, 0, SEEK_CUR);
	uint64_t from = at > 0 ? (uint64_t)at - in->head_bytes : 0;
	const struct sigaction action = { .sa_handler = on_bus_error };

	if (from != 0 || in->size_at_open > SIZE_MAX / 2)
		return -ENOTSUP;
	in->map = mmap(NULL, (size_t)in->size_at_open, PROT_READ, MAP_PRIVATE,
		       in->fd, 0);
	if (in->map == MAP_FAILED) {
		in->map = NULL;
		return -errno;
	}
	in->mapped = true;
	in->map_bytes = in->n_bytes = (size_t)in->size_at_open;
	(void)madvise(in->map, in->map_bytes, MADV_WILLNEED);
	(void)sigaction(SIGBUS, &action, NULL);
	return 0;
}

static int too_large(const struct assess_input *in, uint64_t need_bytes)
{
	return cmd_fail(&command_assess, EXIT_MACHINE,
			"%s: to hold it %s%s of memory would be needed, and "
			"%s; --suite fips140,quick take any length without",
			in->name, in->regular ? "" : "more than ",
			assess_size(in->texts, need_bytes),
			assess_memory_says(in->texts));
}

static size_t next_bytes(const struct assess_input *in)
{
	return in->map_bytes ? in->map_bytes * 2 : FIRST_BYTES;
}

static bool grow(struct assess_input *in)
{
	size_t more = next_bytes(in);
	uint8_t *larger = NULL;

	if (more - in->map_bytes <= assess_memory().free_bytes)
		larger = in->map_bytes ?
				 mremap(in->map, in->map_bytes, more,
					MREMAP_MAYMOVE) :
				 mmap(NULL, more, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!larger || larger == MAP_FAILED)
		return false;
	in->map = larger;
	in->map_bytes = more;
	return true;
}

static int read_stream(struct assess_input *in)
{
	if (!grow(in))
		return too_large(in, in->head_bytes);
	memcpy(in->map, in->head, in->head_bytes);
	in->n_bytes = in->head_bytes;
	for (;;) {
		ssize_t n;

		if (in->n_bytes == in->map_bytes && !grow(in))
			return too_large(in, in->n_bytes);
		n = assess_read_full(in->fd, in->map + in->n_bytes,
				     min_size(PIECE_BYTES,
					      in->map_bytes - in->n_bytes));
		if (n < 0)
			return assess_failed(in, -errno);
		if (n == 0)
			return 0;
		in->n_bytes += (size_t)n;
	}
}

int assess_read_all(struct assess_input *in)
{
	if (in->map)
		return 0;
	if (in->regular && in->size_at_open > 0) {
		int error = map_file(in);

		if (error == 0)
			return 0;
		if (error == -ENOMEM)
			return too_large(in, in->size_at_open);
	}
	return read_stream(in);
}
