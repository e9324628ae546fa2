/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "cmd/doctor.h"

int doctor_fail(const struct doctor_options *o, int code, const char *format,
		...)
{
	va_list args;

	va_start(args, format);
	if (o->format == FORMAT_NAGIOS)
		(void)fputs("AQUIFER UNKNOWN - ", stdout);
	else
		(void)fputs("aquifer doctor: ", stderr);
	(void)vfprintf(o->format == FORMAT_NAGIOS ? stdout : stderr, format,
		       args);
	(void)fputc('\n', o->format == FORMAT_NAGIOS ? stdout : stderr);
	va_end(args);
	if (o->format == FORMAT_NAGIOS)
		return EXIT_MACHINE;
	if (code == EXIT_USAGE)
		(void)fputs("'aquifer help doctor' lists the options\n", stderr);
	return code;
}

/*
 * file_replace() makes files for their owner alone; this one is for another
 * program's eyes (node_exporter), as the umask lets.
 */
static int write_beside(const char *path, char *ret_temporary, size_t cap_bytes,
			const char *text, size_t len)
{
	const char *slash = strrchr(path, '/');
	int dir_len = slash ? (int)(slash - path) + 1 : 0, fd, r;

	/* Not "*.prom": a scrape in between leaves it alone. */
	r = snprintf(ret_temporary, cap_bytes, "%.*s.%s.%ld.new", dir_len, path,
		     path + dir_len, (long)getpid());
	if (r < 0 || (size_t)r >= cap_bytes)
		return -ENAMETOOLONG;
	fd = open(ret_temporary,
		  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0)
		return -errno;
	r = fd_write_all(fd, text, len);
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r < 0)
		(void)unlink(ret_temporary);
	return r;
}

static int replace(const struct doctor_options *o, const char *text, size_t len)
{
	char temporary[PATH_MAX];
	int r = write_beside(o->output, temporary, sizeof temporary, text, len);

	if (r == 0 && rename(temporary, o->output) < 0) {
		r = -errno;
		(void)unlink(temporary);
	}
	if (r == 0)
		return 0;
	return doctor_fail(o, EXIT_MACHINE, "%s: %s", o->output, strerror(-r));
}

int doctor_write(const struct doctor_options *o, doctor_produce_fn *produce,
		 void *context)
{
	char *text = NULL;
	size_t len = 0;
	int r = -ENOMEM, code;
	FILE *f;

	if (!o->output) {
		r = produce(stdout, context);
		return r == 0 ? 0 :
				doctor_fail(o, EXIT_MACHINE,
					    "standard output: %s", strerror(-r));
	}
	f = open_memstream(&text, &len);
	if (f) {
		r = produce(f, context);
		if (fclose(f) != 0 && r == 0)
			r = -ENOMEM;
	}
	if (r == 0)
		code = replace(o, text, len);
	else
		code = doctor_fail(o, EXIT_MACHINE, "%s: %s", o->output,
				   strerror(-r));
	free(text);
	return code;
}
