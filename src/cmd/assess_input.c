/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is assessed: a file that is mapped, or a stream that is read into memory
 * or, where all suites allow it, looked at piece by piece. Read once, never
 * again from the start.
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "cmd/assess.h"

int assess_open_exit(int error)
{
	switch (-error) {
	case EACCES:
	case EPERM:
	case EIO:
	case ENOMEM:
	case EMFILE:
	case ENFILE:
		return EXIT_MACHINE;
	default:
		return EXIT_USAGE;
	}
}

void assess_note(struct assess_input *in, const char *text)
{
	if (in->n_notes < sizeof in->notes / sizeof in->notes[0])
		in->notes[in->n_notes++] = text;
}

int assess_failed(const struct assess_input *in, int error)
{
	return cmd_fail(&command_assess, EXIT_MACHINE, "%s: %s", in->name,
			strerror(-error));
}

static int open_file(struct assess_input *in, const char *file)
{
	struct stat st;

	in->fd = STDIN_FILENO;
	if (strcmp(file, "-") != 0) {
		in->fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		in->own_fd = in->fd >= 0;
	}
	if (in->fd < 0 || fstat(in->fd, &st) < 0)
		return cmd_fail(&command_assess, assess_open_exit(-errno),
				"%s: %s", in->name, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return cmd_fail(&command_assess, EXIT_USAGE,
				"%s is a directory; name a file", in->name);
	if (isatty(in->fd))
		return cmd_usage(&command_assess,
				 "%s is a terminal; give a file or a pipe",
				 in->name);
	in->endless = S_ISCHR(st.st_mode);
	in->regular = S_ISREG(st.st_mode);
	in->size_at_open = in->regular ? (uint64_t)st.st_size : 0;
	return 0;
}

static int check_sidecar(struct assess_input *in)
{
	const struct assess_sidecar *s = &in->sidecar;
	uint64_t want = s->symbols * s->bytes_per_symbol;

	if (!s->present || !in->regular || want == in->size_at_open)
		return 0;
	return cmd_fail(&command_assess, EXIT_USAGE,
			"%s has %llu bytes, but %s.json tells of %llu symbols "
			"of %u: the recording is cut short, or has grown",
			in->name, (unsigned long long)in->size_at_open, in->name,
			(unsigned long long)s->symbols, s->bytes_per_symbol);
}

static int find_format(struct assess_input *in, const struct assess_options *o)
{
	in->format = o->format;
	if (in->format == ASSESS_AUTO && in->sidecar.present)
		in->format = in->sidecar.bytes_per_symbol == 8 ? ASSESS_LE64 :
								 ASSESS_BYTES;
	/* What says how many bits a symbol has is not text by chance. */
	if (in->format == ASSESS_AUTO) {
		in->format = assess_guess_format(in->head, in->head_bytes);
		if (in->format == ASSESS_TEXT)
			assess_note(in, "taken as text, one number a sample; "
					"--format bytes takes its bytes");
	}
	return 0;
}

static int read_head(struct assess_input *in)
{
	ssize_t n = assess_read_full(in->fd, in->head, sizeof in->head);

	if (n < 0)
		return assess_failed(in, -errno);
	in->head_bytes = (size_t)n;
	if (n == 0)
		return cmd_fail(&command_assess, EXIT_USAGE,
				"%s is empty: there is nothing to assess",
				in->name);
	if (in->endless)
		return cmd_fail(&command_assess, EXIT_USAGE,
				"%s is a device and has no end; assess a part "
				"of it: head -c 8M %s | aquifer assess -",
				in->name, in->own_fd ? in->name : "/dev/DEVICE");
	return 0;
}

/* One pass in constant memory will do. */
static bool can_stream(const struct assess_input *in,
		       const struct assess_options *o,
		       const struct assess_needs *needs)
{
	return !needs->memory && !needs->symbols && o->mask == 0 &&
	       !o->shift_given &&
	       (in->format == ASSESS_BYTES || in->format == ASSESS_BITS_MSB ||
		in->format == ASSESS_BITS_LSB);
}

static void start_stream(struct assess_input *in, const struct assess_options *o)
{
	in->streamed = true;
	in->order = in->format == ASSESS_BITS_LSB ? BITS_LSB_FIRST :
						    BITS_MSB_FIRST;
	in->packed_width = in->sidecar.present ? in->sidecar.symbol_bits : 8;
	if (o->bits)
		in->packed_width = o->bits;
	else if (in->format != ASSESS_BYTES)
		in->packed_width = 1;
}

int assess_input_open(struct assess_input *in, const struct assess_options *o,
		      const struct assess_needs *needs)
{
	int code = 0;

	in->fd = -1;
	in->sidecar.claim = NAN;
	in->claim = o->claim;
	if (!assess_has_samples(o)) {
		in->name = "no file";
		return 0;
	}
	if (o->specimen) {
		code = assess_specimen(in, o);
	} else {
		in->name = strcmp(o->file, "-") == 0 ? "standard input" :
						       o->file;
		if (in->name == o->file)
			code = assess_sidecar_read(o->file, &in->sidecar);
		if (code == 0)
			code = open_file(in, o->file);
		if (code == 0)
			code = check_sidecar(in);
		if (code == 0)
			code = read_head(in);
	}
	in->raw = o->raw || (in->sidecar.present && in->sidecar.raw);
	in->claim = isnan(o->claim) ? in->sidecar.claim : o->claim;
	if (code == 0)
		code = find_format(in, o);
	if (code != 0)
		return code;
	if (!o->specimen && can_stream(in, o, needs)) {
		start_stream(in, o);
		return 0;
	}
	code = assess_read_all(in);
	return code ? code : assess_decode(in, o, needs);
}

/* The size at open counts; what came later is told, not taken. */
int assess_input_check(struct assess_input *in)
{
	struct stat st;

	if (!in->regular || fstat(in->fd, &st) < 0 ||
	    (uint64_t)st.st_size == in->size_at_open)
		return 0;
	if ((uint64_t)st.st_size < in->size_at_open)
		return cmd_fail(&command_assess, EXIT_MACHINE,
				"%s became shorter while it was read: from "
				"%llu to %llu bytes",
				in->name, (unsigned long long)in->size_at_open,
				(unsigned long long)st.st_size);
	in->grew = true;
	assess_note(in,
		    assess_say(in->texts,
			       "the file grew while it was read; the first %s "
			       "bytes, its size at the start, were assessed",
			       assess_count(in->texts, in->size_at_open)));
	return 0;
}

void assess_input_close(struct assess_input *in)
{
	if (in->map)
		(void)munmap(in->map, in->map_bytes);
	free(in->records);
	free(in->decoded);
	free(in->packed_own);
	if (in->own_fd)
		(void)close(in->fd);
	in->map = NULL;
	in->decoded = in->packed_own = NULL;
	in->records = NULL;
	in->own_fd = false;
}
