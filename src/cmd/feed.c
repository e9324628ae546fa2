/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/fd.h"
#include "base/locked.h"
#include "cmd/cmd.h"
#include "outlet/kernel.h"

/* More than any seed needs; a larger file is refused, not cut. */
#define FEED_MAX_BYTES (64u << 10)

static const char usage[] =
	"usage: aquifer feed (--hex DIGITS | --file FILE | --fd N) [--credit BITS]\n"
	"\n"
	"Mixes bytes into the kernel's generator and has it re-key at once: what to do\n"
	"in a clone that was handed a fresh secret. Nothing is credited unless --credit\n"
	"says so, and never more than 8 bits a byte. --file - is standard input. Digits\n"
	"on a command line can be seen by others (ps); use --fd or --file for secrets.\n"
	"\n"
	"exit: 0 the kernel was re-keyed; 1 it was not (the reason is printed);\n"
	"2 usage or unusable input; 3 not permitted, or the kernel cannot be fed.\n";

struct input {
	const char *hex, *file;
	int fd;
	uint64_t credit_bits;
};

/* The kernel's own output adds nothing, whatever it is credited with. */
static bool is_kernel_random(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) &&
	       major(st.st_rdev) == 1 &&
	       (minor(st.st_rdev) == 8 || minor(st.st_rdev) == 9);
}

static ssize_t read_fd(int fd, uint8_t *ret)
{
	uint8_t more;
	ssize_t n;

	if (is_kernel_random(fd))
		return -EPERM;
	n = fd_read_some(fd, ret, FEED_MAX_BYTES);
	if (n == FEED_MAX_BYTES && fd_read_some(fd, &more, 1) != 0)
		return -EFBIG;
	return n;
}

static ssize_t read_input(const struct input *in, uint8_t *ret)
{
	ssize_t n;
	int fd;

	if (in->hex)
		return hex_decode(in->hex, ret, FEED_MAX_BYTES);
	if (!in->file)
		return read_fd(in->fd, ret);
	if (strcmp(in->file, "-") == 0)
		return read_fd(STDIN_FILENO, ret);
	fd = open(in->file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -errno;
	n = read_fd(fd, ret);
	fd_close(&fd);
	return n;
}

static int refuse(const struct input *in, ssize_t error)
{
	const char *name = in->hex ? "--hex" : in->file ? in->file : "--fd";

	if (error == -EPERM)
		return cmd_fail(&command_feed, EXIT_USAGE,
				"%s is the kernel's "
				"own generator: feeding it to itself adds "
				"nothing",
				name);
	if (error == -EFBIG || error == -ENOBUFS)
		return cmd_fail(&command_feed, EXIT_USAGE,
				"%s has more than "
				"%u bytes; 32 are enough for a seed",
				name, FEED_MAX_BYTES);
	if (error == -EINVAL && in->hex)
		return cmd_fail(&command_feed, EXIT_USAGE,
				"--hex takes pairs "
				"of hexadecimal digits");
	if (error == 0)
		return cmd_fail(&command_feed, EXIT_USAGE, "%s holds no byte",
				name);
	return cmd_fail(&command_feed, EXIT_MACHINE, "%s: %s", name,
			strerror((int)-error));
}

/* Credit goes with the bytes it was claimed for, chunk by chunk. */
static int add_all(int fd, const uint8_t *bytes, size_t n, uint64_t credit_bits)
{
	while (n > 0) {
		size_t part = min_size(n, KERNEL_ADD_MAX_BYTES);
		unsigned credit = (unsigned)min_u64(credit_bits, 8 * part);
		int r = kernel_add(fd, bytes, part, credit);

		if (r < 0)
			return r;
		bytes += part;
		n -= part;
		credit_bits -= credit;
	}
	return 0;
}

static int feed(const uint8_t *bytes, size_t n, uint64_t credit_bits)
{
	struct kernel_semantics semantics;
	struct kernel_state state;
	enum rekey_result result = KERNEL_REKEY_FAILED;
	int fd = kernel_open(""), r;

	if (fd < 0)
		return cmd_fail(&command_feed, EXIT_MACHINE, "/dev/random: %s",
				strerror(-fd));
	kernel_state_read("", &state);
	kernel_semantics(state.level, state.poolsize_bits, &semantics);
	r = add_all(fd, bytes, n, credit_bits);
	/* What makes the kernel ready is in the key that it then makes. */
	if (r == 0)
		result = !state.ready && kernel_ready() ?
				 KERNEL_REKEYED :
				 kernel_rekey(fd, &semantics);
	fd_close(&fd);
	if (r < 0)
		return cmd_fail(
			&command_feed, EXIT_MACHINE,
			"the kernel took "
			"nothing: %s%s",
			strerror(-r),
			r == -EPERM ?
				" (RNDADDENTROPY needs root, CAP_SYS_ADMIN)" :
				"");
	(void)printf("mixed %zu bytes, credited %llu bits; kernel %s: %s\n", n,
		     (unsigned long long)credit_bits, state.release,
		     rekey_result_name(result));
	if (result == KERNEL_REKEYED)
		return EXIT_YES;
	if (result == KERNEL_REKEYS_LATER)
		(void)printf("this kernel re-keys by itself, at the latest in "
			     "%u s; until then its output does not depend on "
			     "these bytes\n",
			     semantics.reseed_interval_s);
	else
		(void)printf("the kernel was not re-keyed: its generator is %s; "
			     "a seed needs --credit, or 'aquiferd --once'\n",
			     kernel_ready() ? "ready, and this release cannot "
					      "be made to re-key now" :
					      "not ready");
	return EXIT_NO;
}

static int parse(int argc, char **argv, struct input *ret)
{
	static const struct option longs[] = {
		{ "hex", required_argument, NULL, 'x' },
		{ "file", required_argument, NULL, 'f' },
		{ "fd", required_argument, NULL, 'd' },
		{ "credit", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	unsigned inputs = 0;
	uint64_t fd;
	int c;

	opterr = 0; /* the message is ours */
	while ((c = getopt_long(argc, argv, "", longs, NULL)) >= 0) {
		inputs += c == 'x' || c == 'f' || c == 'd';
		if (c == 'x')
			ret->hex = optarg;
		else if (c == 'f')
			ret->file = optarg;
		else if (c == 'd' && cmd_parse_count(optarg, &fd) == 0 &&
			 fd <= INT32_MAX)
			ret->fd = (int)fd;
		else if (c == 'c' &&
			 cmd_parse_count(optarg, &ret->credit_bits) == 0)
			;
		else
			return cmd_usage(&command_feed, "cannot use %s",
					 c == '?' ? "this option" : optarg);
	}
	if (optind < argc || inputs != 1)
		return cmd_usage(&command_feed, "give one of --hex, --file and "
						"--fd");
	return 0;
}

static int run(int argc, char **argv)
{
	struct input in = { .fd = -1 };
	uint8_t *bytes;
	ssize_t n;
	int code = parse(argc, argv, &in);

	if (code != 0)
		return code;
	bytes = locked_alloc(FEED_MAX_BYTES, NULL);
	if (!bytes)
		return cmd_fail(&command_feed, EXIT_MACHINE, "no memory");
	n = read_input(&in, bytes);
	if (n <= 0)
		code = refuse(&in, n);
	else if (in.credit_bits > 8 * (uint64_t)n)
		code = cmd_fail(&command_feed, EXIT_USAGE,
				"%zd bytes hold at "
				"most %zd bits, not %llu",
				n, 8 * n, (unsigned long long)in.credit_bits);
	else
		code = feed(bytes, (size_t)n, in.credit_bits);
	locked_free(bytes, FEED_MAX_BYTES);
	return code;
}

const struct command command_feed = {
	.name = "feed",
	.summary = "mix bytes into the kernel and have it re-key",
	.usage = usage,
	.run = run,
};
