/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/locked.h"
#include "base/wipe.h"
#include "cmd/cmd.h"
#include "engine/engine.h"

/* Large enough for the vector code, small enough to stay in the L2 cache. */
#define CHUNK_BYTES (96u << 10)
#define TERMINAL_MAX_BYTES 65536
#define SEED_WAIT_NS (10 * NS_PER_S)
#define RESEED_NS (60 * NS_PER_S)

static const char usage[] =
	"usage: aquifer bytes [COUNT] [--hex | --base64]\n"
	"\n"
	"Random bytes on standard output: COUNT of them (k, M, G: powers of 1024) or,\n"
	"without COUNT, until the reader has enough. From a generator in this process,\n"
	"seeded from the sources this user may read and always from getrandom(2), so\n"
	"never weaker than the kernel's. Raw bytes are not written to a terminal.\n"
	"\n"
	"exit: 0; 2 usage; 3 no seed within 10 s, or the output failed.\n";

enum format { FORMAT_RAW, FORMAT_HEX, FORMAT_BASE64 };

/* Sources that give once belong to the daemon; the rest any program may use. */
static int add_lanes(struct engine *e)
{
	const struct source_class *class;
	struct lane_options options = { .source = SOURCE_OPTIONS_DEFAULT };

	for (size_t i = 0; (class = source_class_at(i)); i++) {
		bool kernel = class->domain == DOMAIN_KERNEL;
		int r;

		if (class->flags & (SOURCE_ONCE | SOURCE_BY_CONFIG) ||
		    (class->flags & SOURCE_NOT_IN_DAEMON && !kernel))
			continue;
		r = engine_add_lane(e, class, NULL, &options);
		if (r < 0)
			return r;
	}
	return 0;
}

static int seed(struct engine *e)
{
	uint64_t now_ns = clock_boottime_ns(), end_ns = now_ns + SEED_WAIT_NS;

	engine_start(e, now_ns);
	while (engine_step(e, now_ns) == 0) {
		uint64_t next_ns;

		now_ns = clock_boottime_ns();
		if (cmd_interrupted())
			return -EINTR;
		if (now_ns >= end_ns)
			return -ETIMEDOUT;
		/* Readers have no one to wake here: look again soon. */
		next_ns = min_u64(engine_next_ns(e, now_ns), now_ns + NS_PER_MS);
		if (next_ns > now_ns)
			(void)poll(NULL, 0, 1);
		now_ns = clock_boottime_ns();
	}
	return 0;
}

/* ret: 4 * CHUNK_BYTES / 2 + 2 bytes are enough for either text. */
static size_t encode(enum format format, const uint8_t *raw, size_t n, char *ret)
{
	if (format == FORMAT_HEX) {
		hex_encode(raw, n, ret);
		return 2 * n;
	}
	(void)sodium_bin2base64(ret, 2 * CHUNK_BYTES + 2, raw, n,
				sodium_base64_VARIANT_ORIGINAL);
	return strlen(ret);
}

/* Not fd_write_all: Ctrl-C ends a write into a pipe that nobody reads. */
static int put(const void *bytes, size_t n)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };
	const uint8_t *at = bytes;

	while (n > 0) {
		ssize_t done = write(STDOUT_FILENO, at, n);

		if (done > 0) {
			at += done;
			n -= (size_t)done;
		} else if (done < 0 && errno != EINTR && errno != EAGAIN) {
			return -errno;
		} else if (cmd_interrupted()) {
			return -EINTR;
		} else if (done < 0 && errno == EAGAIN) {
			(void)poll(&out, 1, 1000);
		}
	}
	return 0;
}

static int write_all(struct engine *e, uint64_t count, bool endless,
		     enum format format, uint8_t *raw, char *text)
{
	uint64_t seeded_ns = clock_boottime_ns();
	int r = 0;

	while (r == 0 && (endless || count > 0) && !cmd_interrupted()) {
		size_t n = endless ? CHUNK_BYTES :
				     (size_t)min_u64(count, CHUNK_BYTES);
		uint64_t now_ns = clock_boottime_ns();

		if (now_ns - seeded_ns > RESEED_NS) {
			engine_collect(e, now_ns);
			seeded_ns = now_ns;
		}
		(void)engine_step(e, now_ns);
		r = engine_draw(e, raw, n);
		if (r == 0 && format == FORMAT_RAW)
			r = put(raw, n);
		else if (r == 0)
			r = put(text, encode(format, raw, n, text));
		count -= endless ? 0 : n;
	}
	if (r == 0 && format != FORMAT_RAW)
		r = put("\n", 1);
	return r;
}

static int produce(uint64_t count, bool endless, enum format format)
{
	const struct engine_config config = { .interval_ns = 0 };
	uint8_t *raw = locked_alloc(CHUNK_BYTES, NULL);
	char *text = locked_alloc(2 * CHUNK_BYTES + 2, NULL);
	struct engine *e = NULL;
	int code = EXIT_MACHINE, r = -ENOMEM;

	if (raw && text)
		r = engine_new(&e, &config, cmd_env(), POOL_LANES_MAX);
	if (r == 0)
		r = add_lanes(e);
	if (r == 0)
		r = seed(e);
	if (r == -ETIMEDOUT)
		(void)cmd_fail(&command_bytes, code,
			       "no credited seed within "
			       "10 s: see 'aquifer sources'");
	else if (r == 0)
		r = write_all(e, count, endless, format, raw, text);
	if (cmd_interrupted())
		code = EXIT_INTERRUPTED;
	else if (r == 0 || (r == -EPIPE && endless))
		code = EXIT_YES;
	else if (r != -ETIMEDOUT)
		(void)cmd_fail(&command_bytes, code, "standard output: %s",
			       strerror(-r));
	locked_free(raw, CHUNK_BYTES);
	locked_free(text, 2 * CHUNK_BYTES + 2);
	engine_free(e);
	return code;
}

static int run(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "hex", no_argument, NULL, 'x' },
		{ "base64", no_argument, NULL, 'b' },
		{ NULL, 0, NULL, 0 },
	};
	enum format format = FORMAT_RAW;
	uint64_t count = 0;
	bool endless;
	int c;

	opterr = 0; /* the message is ours */
	while ((c = getopt_long(argc, argv, "xb", longs, NULL)) >= 0) {
		if (c == '?')
			return cmd_usage(&command_bytes, "unknown option");
		format = c == 'x' ? FORMAT_HEX : FORMAT_BASE64;
	}
	endless = optind == argc;
	if (!endless &&
	    (optind + 1 < argc || cmd_parse_count(argv[optind], &count) < 0))
		return cmd_usage(&command_bytes,
				 "COUNT is a number with k, M "
				 "or G, not '%s'",
				 argv[optind]);
	if (isatty(STDOUT_FILENO) &&
	    (format == FORMAT_RAW || endless || count > TERMINAL_MAX_BYTES))
		return cmd_usage(&command_bytes,
				 "this would flood the "
				 "terminal: redirect it, or ask for --hex and "
				 "at most 64k");
	cmd_catch_interrupt();
	return produce(count, endless, format);
}

const struct command command_bytes = {
	.name = "bytes",
	.summary = "random bytes, fast",
	.usage = usage,
	.run = run,
};
