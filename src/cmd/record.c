/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <jansson.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/wipe.h"
#include "cmd/cmd.h"
#include "version.h"

/* SP 800-90B 3.1.4.1: a thousand restarts of a thousand samples. */
#define RESTARTS 1000
#define DEFAULT_COUNT 1000000
#define SILENCE_NS (10 * NS_PER_S)

static const char usage[] =
	"usage: aquifer record SOURCE [-n N] [-o FILE] [--wide] [--restarts]\n"
	"                      [--path PATH]\n"
	"\n"
	"N symbols as they come, before any test or hash (default 1000000; k, M, G:\n"
	"powers of 1024), one a byte, into FILE (default SOURCE.raw), and how they\n"
	"were made into FILE.json.\n"
	"--wide writes the full records of a timing source, 8 bytes little endian.\n"
	"--restarts opens the source anew 1000 times and takes N/1000 symbols each\n"
	"(SP 800-90B 3.1.4), one row after the other. --path is for SOURCE file.\n"
	"\n"
	"exit: 0; 2 usage; 3 the source is not here, failed, or was silent for 10 s;\n"
	"130 on Ctrl-C, with nothing left behind.\n";

struct recording {
	const struct source_class *class;
	struct source_options options;
	const char *out;
	char part[PATH_MAX]; /* written first, renamed when whole */
	char json[PATH_MAX];
	char json_part[PATH_MAX];
	uint64_t count;
	bool wide, restarts;
	/* What was seen. */
	struct source_info info;
	uint64_t start_ns, end_ns, not_ready_count;
};

static uint8_t raw[4096], symbols[4096];

/* Takes what comes and writes at most *left symbols of it. */
static int take_some(struct recording *rec, struct source *s, int fd,
		     uint64_t *left, uint64_t *quiet_since_ns)
{
	size_t record_bytes = s->class->record_bytes;
	size_t ask = (size_t)min_u64(*left * record_bytes, sizeof raw);
	ssize_t n = source_take(s, raw, ask);
	size_t n_symbols;

	if (n == -EAGAIN) {
		uint64_t now_ns = clock_boottime_ns();

		if (*quiet_since_ns == 0)
			*quiet_since_ns = now_ns;
		if (now_ns - *quiet_since_ns > SILENCE_NS)
			return -ETIMEDOUT;
		(void)poll(NULL, 0, 1);
		return cmd_interrupted() ? -EINTR : 0;
	}
	if (n <= 0)
		return n == 0 ? -ENODATA : (int)n;
	*quiet_since_ns = 0;
	n_symbols = source_symbols(s->class, raw, (size_t)n, symbols);
	*left -= n_symbols;
	return rec->wide ? fd_write_all(fd, raw, (size_t)n) :
			   fd_write_all(fd, symbols, n_symbols);
}

/* One run of the source, from its open to its close. */
static int record_row(struct recording *rec, int fd, uint64_t row_count,
		      uint64_t *done)
{
	uint64_t left = row_count, quiet_since_ns = 0;
	struct source s;
	int r = source_open(&s, rec->class, NULL, cmd_env(), &rec->options);

	rec->info = s.info;
	if (r < 0)
		return r;
	while (r == 0 && left > 0 && !cmd_interrupted()) {
		r = take_some(rec, &s, fd, &left, &quiet_since_ns);
		progress_show(rec->class->name, *done + row_count - left,
			      rec->count, rec->start_ns);
	}
	*done += row_count - left;
	rec->not_ready_count += s.not_ready_count;
	source_close(&s);
	return cmd_interrupted() ? -EINTR : r;
}

static int write_json(const struct recording *rec)
{
	const struct platform *p = cmd_env()->platform;
	const struct source_class *class = rec->class;
	double seconds = (double)(rec->end_ns - rec->start_ns) / 1e9;
	char when[32];
	time_t now = time(NULL);
	json_t *o;
	int r;

	(void)strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	/* clang-format off */
	o = json_pack("{ss ss ss ss so ss sb sI sI sI sb ss sI sI sI sf sI so}",
		"format", "aquifer-recording-1", "program",
		"aquifer " AQUIFER_VERSION, "recorded", when,
		"source", class->name, "behind", cmd_json_text(rec->info.behind),
		"domain", domain_name(rec->info.domain),
		"raw", !(class->flags & SOURCE_CONDITIONED),
		"symbols", (json_int_t)rec->count,
		"symbol_bits", (json_int_t)class->symbol_bits,
		"bytes_per_symbol", (json_int_t)(rec->wide ? 8 : 1),
		"wide", rec->wide,
		"layout", rec->restarts ? "restarts" : "sequential",
		"rows", (json_int_t)(rec->restarts ? RESTARTS : 1),
		"columns", (json_int_t)(rec->count /
					(rec->restarts ? RESTARTS : 1)),
		"claim_mbits_per_symbol", (json_int_t)rec->info.claim_mbits,
		"seconds", seconds, "not_ready",
		(json_int_t)rec->not_ready_count, "reason",
		cmd_json_text(rec->info.reason));
	(void)json_object_set_new(o, "platform", json_pack(
		"{ss sI sI ss ss sI}", "cpu_vendor", p->cpu_vendor,
		"cpu_family", (json_int_t)p->cpu_family, "cpu_model",
		(json_int_t)p->cpu_model, "hypervisor", p->hypervisor ?
		p->hypervisor_name : "", "kernel", p->kernel_release,
		"cpus_online", (json_int_t)p->cpus_online));
	/* clang-format on */
	r = json_dump_file(o, rec->json_part,
			   JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	json_decref(o);
	return r < 0 ? -EIO : 0;
}

static int record_all(struct recording *rec)
{
	uint64_t rows = rec->restarts ? RESTARTS : 1, done = 0;
	int r = 0,
	    fd = open(rec->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	rec->start_ns = clock_boottime_ns();
	for (uint64_t i = 0; r == 0 && i < rows; i++)
		r = record_row(rec, fd, rec->count / rows, &done);
	rec->end_ns = clock_boottime_ns();
	progress_end();
	if (r == 0 && fsync(fd) < 0 && errno != EINVAL && errno != EROFS)
		r = -errno;
	fd_close(&fd);
	if (r == 0)
		r = write_json(rec);
	if (r == 0 && (rename(rec->part, rec->out) < 0 ||
		       rename(rec->json_part, rec->json) < 0))
		r = -errno;
	/* An earlier recording of that name stays what it was. */
	if (r < 0) {
		(void)unlink(rec->part);
		(void)unlink(rec->json_part);
	}
	wipe(raw, sizeof raw);
	wipe(symbols, sizeof symbols);
	return r;
}

static int report(const struct recording *rec, int r)
{
	double seconds = (double)(rec->end_ns - rec->start_ns) / 1e9;
	const char *name = rec->class->name;

	if (r == 0) {
		(void)printf("%s: %llu symbols in %.1f s, into %s (described in "
			     "%s)\n",
			     name, (unsigned long long)rec->count, seconds,
			     rec->out, rec->json);
		return EXIT_YES;
	}
	if (r == -EINTR && cmd_interrupted())
		return EXIT_INTERRUPTED;
	if (rec->info.reason[0] && !rec->info.present)
		return cmd_fail(&command_record,
				r == -EINVAL ? EXIT_USAGE : EXIT_MACHINE,
				"%s: %s", name, rec->info.reason);
	if (r == -ETIMEDOUT)
		return cmd_fail(&command_record, EXIT_MACHINE,
				"%s gave nothing "
				"for 10 s; nothing was written",
				name);
	if (r == -ENODATA)
		return cmd_fail(&command_record, EXIT_MACHINE,
				"%s ended before "
				"%llu symbols were there",
				name, (unsigned long long)rec->count);
	return cmd_fail(&command_record, EXIT_MACHINE, "%s, %s: %s", name,
			rec->out, strerror(-r));
}

/* Returns 0, or an exit code with its message printed. */
static int parse(int argc, char **argv, struct recording *rec)
{
	static const struct option longs[] = {
		{ "wide", no_argument, NULL, 'w' },
		{ "restarts", no_argument, NULL, 'r' },
		{ "path", required_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	const struct command *self = &command_record;
	int c;

	opterr = 0; /* the message is ours */
	while ((c = getopt_long(argc, argv, "n:o:wrp:", longs, NULL)) >= 0) {
		switch (c) {
		case 'n':
			if (cmd_parse_count(optarg, &rec->count) < 0 ||
			    rec->count == 0)
				return cmd_usage(self,
						 "-n takes a number of "
						 "symbols, not '%s'",
						 optarg);
			break;
		case 'o':
			rec->out = optarg;
			break;
		case 'w':
			rec->wide = true;
			break;
		case 'r':
			rec->restarts = true;
			break;
		case 'p':
			rec->options.path = optarg;
			break;
		default:
			return cmd_usage(self, "unknown option");
		}
	}
	if (optind + 1 != argc)
		return cmd_usage(self, "name one source");
	rec->class = source_class_find(argv[optind]);
	if (!rec->class)
		return cmd_usage(self,
				 "no source '%s'; 'aquifer sources' lists "
				 "them",
				 argv[optind]);
	if (rec->class->flags & SOURCE_ONCE)
		return cmd_usage(self,
				 "%s gives its few bytes once; there is "
				 "nothing to record",
				 rec->class->name);
	if (rec->wide && rec->class->record_bytes != 8)
		return cmd_usage(self,
				 "--wide is for timing sources; %s gives "
				 "bytes",
				 rec->class->name);
	if (rec->restarts && rec->count % RESTARTS != 0)
		return cmd_usage(self,
				 "-n must be a multiple of %d with "
				 "--restarts",
				 RESTARTS);
	return 0;
}

static int run(int argc, char **argv)
{
	struct recording rec = { .options = SOURCE_OPTIONS_DEFAULT,
				 .count = DEFAULT_COUNT };
	char name[64];
	int code = parse(argc, argv, &rec);

	if (code != 0 || !rec.class)
		return code;
	if (!rec.out) {
		(void)snprintf(name, sizeof name, "%s.raw", rec.class->name);
		rec.out = name;
	}
	if ((size_t)snprintf(rec.part, sizeof rec.part, "%s.part", rec.out) >=
		    sizeof rec.part ||
	    (size_t)snprintf(rec.json, sizeof rec.json, "%s.json", rec.out) >=
		    sizeof rec.json ||
	    (size_t)snprintf(rec.json_part, sizeof rec.json_part,
			     "%s.json.part", rec.out) >= sizeof rec.json_part)
		return cmd_usage(&command_record, "the file's name is too long");
	cmd_catch_interrupt();
	return report(&rec, record_all(&rec));
}

const struct command command_record = {
	.name = "record",
	.summary = "the symbols of one source, for assessment",
	.usage = usage,
	.run = run,
};
