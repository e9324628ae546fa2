/* SPDX-License-Identifier: ISC */
/*
 * The kernel's log, for the few lines in which it says under what it runs. On
 * the running machine from /dev/kmsg, record by record; without the right to
 * read it nothing is known, and other facts must do.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "probe/facts.h"
#include "probe/root_class.h"

/* A record of /dev/kmsg is at most 8 KiB; a log buffer rarely above 1 MiB. */
#define CHUNK_BYTES 16384
#define RECORDS_MAX 20000
#define LOG_BYTES_MAX (4u << 20)

/* The text after the given one, or NULL. */
static const char *after(const char *line, const char *text)
{
	const char *p = strstr(line, text);

	return p == NULL ? NULL : p + strlen(text);
}

/*
 * A record is "priority,sequence,time,flags;text". Facility 0 (priority below
 * 8) is the kernel; root can write any text under another one.
 */
static const char *kernel_text(const char *line)
{
	unsigned long priority;
	char *end;

	if (line[0] == ' ')
		return NULL; /* a record's dictionary, not its text */
	priority = strtoul(line, &end, 10);
	if (end == line || end[0] != ',' || end[1] < '0' || end[1] > '9')
		return line;
	return priority < 8 ? after(line, ";") : NULL;
}

void probe_log_line(struct probe_log *log, const char *line)
{
	const char *text = kernel_text(line);
	const char *rest;

	/* The command line is whatever someone wrote. */
	if (text == NULL || after(text, "ommand line:") != NULL)
		return;
	/* A syslog daemon's file holds earlier boots, too. */
	if (after(text, "Linux version ") != NULL)
		memset(log, 0, sizeof *log);
	rest = after(text, "Memory Encryption Features active:");
	if (rest == NULL)
		rest = after(text, "SEV: Status:");
	if (rest != NULL) {
		size_t len = strlen(rest);

		log->sev |= probe_has_word(rest, len, "SEV");
		log->sev_es |= probe_has_word(rest, len, "SEV-ES");
		log->sev_snp |= probe_has_word(rest, len, "SEV-SNP");
		log->secure_tsc |= probe_has_word(rest, len, "SecureTSC");
		log->tdx |= probe_has_word(rest, len, "TDX");
	}
	if (after(text, "tdx: Guest detected") != NULL)
		log->tdx = true;
	if (after(text, "KVM: hypervisor services detected") != NULL)
		log->kvm_services = true;
	rest = after(text, "Hypervisor detected: ");
	if (rest != NULL)
		probe_copy_printable(log->hypervisor, sizeof log->hypervisor,
				     rest);
}

/* Judge whole lines of buf; returns the bytes of the last, unfinished one. */
static size_t take_lines(struct probe_log *log, char *buf, size_t len)
{
	char *line = buf;
	char *end;

	buf[len] = '\0';
	while ((end = memchr(line, '\n', len - (size_t)(line - buf))) != NULL) {
		*end = '\0';
		probe_log_line(log, line);
		line = end + 1;
	}
	len -= (size_t)(line - buf);
	memmove(buf, line, len);
	return len;
}

static void read_all(int fd, struct probe_log *log)
{
	char buf[CHUNK_BYTES + 1];
	size_t have = 0, total = 0;

	for (unsigned i = 0; i < RECORDS_MAX && total < LOG_BYTES_MAX; i++) {
		ssize_t n;

		/* A line longer than half the buffer is none of ours. */
		if (have > CHUNK_BYTES / 2)
			have = 0;
		n = read(fd, buf + have, CHUNK_BYTES - have);
		/* EPIPE: the record was overwritten before it was read. */
		if (n < 0 && (errno == EINTR || errno == EPIPE))
			continue;
		if (n <= 0)
			break;
		total += (size_t)n;
		have = take_lines(log, buf, have + (size_t)n);
	}
	buf[have] = '\0';
	if (have > 0)
		probe_log_line(log, buf);
}

void probe_log_read(const struct probe_root *root, struct probe_log *ret_log)
{
	int fd;

	memset(ret_log, 0, sizeof *ret_log);
	/*
	 * A log file of the running machine may be an earlier boot's, or the
	 * image's from which it was cloned.
	 */
	if (root->kind == PROBE_LIVE) {
		fd = root->class->open(root, "/dev/kmsg");
	} else {
		fd = root->class->open(root, "/var/log/dmesg");
		if (fd == -ENOENT)
			fd = root->class->open(root, "/var/log/kern.log");
	}
	if (fd < 0)
		return;
	read_all(fd, ret_log);
	fd_close(&fd);
}

/* Make room for a record: the older half goes, at the end of a line. */
static size_t drop_half(char *text, size_t len)
{
	const char *end = memchr(text + len / 2, '\n', len - len / 2);
	size_t cut = end == NULL ? len : (size_t)(end + 1 - text);

	memmove(text, text + cut, len - cut);
	return len - cut;
}

static size_t load_records(int fd, char *text, size_t max_bytes)
{
	char record[CHUNK_BYTES];
	size_t have = 0;

	for (unsigned i = 0; i < RECORDS_MAX; i++) {
		ssize_t n = read(fd, record, sizeof record);

		if (n < 0 && (errno == EINTR || errno == EPIPE))
			continue;
		if (n <= 0)
			break;
		if (have + (size_t)n > max_bytes)
			have = drop_half(text, have);
		if (have + (size_t)n > max_bytes)
			continue;
		memcpy(text + have, record, (size_t)n);
		have += (size_t)n;
	}
	text[have] = '\0';
	return have;
}

ssize_t root_live_load_log(const struct probe_root *root, size_t max_bytes,
			   char **ret_text)
{
	int fd = root->class->open(root, "/dev/kmsg");
	char *text, *fitting;
	size_t n;

	if (fd < 0)
		return fd;
	text = malloc(max_bytes + 1);
	if (text == NULL) {
		fd_close(&fd);
		return -ENOMEM;
	}
	n = load_records(fd, text, max_bytes);
	fd_close(&fd);
	fitting = realloc(text, n + 1);
	*ret_text = fitting != NULL ? fitting : text;
	return (ssize_t)n;
}
