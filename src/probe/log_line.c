/* SPDX-License-Identifier: ISC */
/*
 * One line of a log, whoever wrote it: what stands before the text is peeled
 * off, from the left.
 */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/log_stamp.h"

/* Facilities of syslog, as `dmesg -x` and BusyBox write them. */
static const char *const facilities[] = {
	"kern",   "user",   "mail",   "daemon", "auth",   "syslog",   "lpr",
	"news",   "uucp",   "cron",   "ftp",    "local0", "local1",   "local2",
	"local3", "local4", "local5", "local6", "local7", "authpriv",
};

static char *skip_blanks(char *p)
{
	while (*p == ' ' || *p == '\t')
		p++;
	return p;
}

/*
 * "[    1.234567]", or with "[    T1]" behind it (CONFIG_PRINTK_CALLER), or
 * "[Sun Nov 22 17:03:01 2026]". Returns what follows; p where there is none.
 */
static char *bracket(char *p, struct log_line *line)
{
	uint64_t whole;
	double parts;
	char *q;

	if (*p != '[')
		return p;
	q = log_number(skip_blanks(p + 1), &whole);
	if (q != NULL && *q == '.') {
		q = log_fraction(q + 1, &parts);
		if (*q != ']')
			return p;
		line->time_s = (double)whole + parts;
	} else {
		q = log_month_stamp(log_skip_weekday(p + 1), &line->wall_s);
		q = q == NULL ? NULL : strchr(q, ']');
		if (q == NULL) {
			line->wall_s = NAN;
			return p;
		}
	}
	q++;
	if (*q == '[') {
		char *caller = skip_blanks(q + 1);

		if (*caller == 'T' || *caller == 'C')
			caller = log_number(caller + 1, &whole);
		if (caller != NULL && *caller == ']')
			q = caller + 1;
	}
	return *q == ' ' ? q + 1 : q;
}

/* "priority,sequence,microseconds,flags;" */
static char *kmsg(char *p, struct log_line *line)
{
	uint64_t priority, sequence, time_us;
	char *q = log_number(p, &priority);

	if (q == NULL || *q != ',')
		return p;
	q = log_number(q + 1, &sequence);
	if (q == NULL || *q != ',')
		return p;
	q = log_number(q + 1, &time_us);
	if (q == NULL || *q != ',')
		return p;
	q = strchr(q, ';');
	if (q == NULL)
		return p;
	/* Facility 0 is the kernel; root writes under any other one. */
	line->kernel = priority < 8;
	line->time_s = (double)time_us / 1e6;
	return q + 1;
}

/* "<6>" of `dmesg -r`. */
static char *angle(char *p, struct log_line *line)
{
	uint64_t priority;
	char *q = *p == '<' ? log_number(p + 1, &priority) : NULL;

	if (q == NULL || *q != '>')
		return p;
	line->kernel = priority < 8;
	return q + 1;
}

/* The length of a facility's name at p that ends with end, or 0. */
static size_t facility(const char *p, const char *ends)
{
	for (size_t i = 0; i < ARRAY_LEN(facilities); i++) {
		size_t n = strlen(facilities[i]);

		if (strncmp(p, facilities[i], n) == 0 && p[n] != '\0' &&
		    strchr(ends, p[n]) != NULL)
			return n;
	}
	return 0;
}

/* "kern  :info  : " of `dmesg -x`. */
static char *decoded(char *p, struct log_line *line)
{
	size_t n = facility(p, " :");
	char *q;

	if (n == 0)
		return p;
	q = skip_blanks(p + n);
	if (*q++ != ':')
		return p;
	while (islower((unsigned char)*q))
		q++;
	q = skip_blanks(q);
	if (*q++ != ':')
		return p;
	q = skip_blanks(q);
	if (*q != '[')
		return p; /* "user : x : y" is text */
	line->kernel = strncmp(p, "kern", n) == 0;
	return q;
}

/*
 * "systemd[1]: " or, where bare is true, "sshd: ". Cuts the name off.
 * Returns the text behind it; NULL where there is no such thing.
 */
static char *ident(char *p, bool bare, struct log_line *line)
{
	char *q = p;
	uint64_t pid;

	while (isgraph((unsigned char)*q) && *q != '[' && *q != ':')
		q++;
	if (q == p)
		return NULL;
	if (*q == '[') {
		char *end = log_number(q + 1, &pid);

		if (end == NULL || end[0] != ']' || end[1] != ':')
			return NULL;
		*q = '\0';
		q = end + 2;
	} else if (*q == ':' && bare && (q[1] == ' ' || q[1] == '\0')) {
		*q++ = '\0';
	} else {
		return NULL;
	}
	line->kernel = strcmp(p, "kernel") == 0;
	line->ident = line->kernel ? "" : p;
	return *q == ' ' ? q + 1 : q;
}

/* A told priority says whose the line is: "IOAPIC[0]: " is the kernel's. */
static bool is_told_kernel(const char *text, const char *rest,
			   const struct log_line *line)
{
	return rest != text && line->kernel;
}

/* The word behind the one at p; NULL where it is the last one. */
static char *next_word(char *p)
{
	while (*p != '\0' && *p != ' ')
		p++;
	return *p == '\0' ? NULL : skip_blanks(p);
}

/* "host kernel: ", "host kern.info kernel: ", "host sshd[7]: ", "sshd: " */
static char *sender(char *p, struct log_line *line)
{
	char *host = p;
	char *q;

	q = ident(p, true, line);
	if (q != NULL)
		return q;
	q = next_word(host);
	if (q != NULL && facility(q, ".") > 0)
		q = next_word(q);
	return q == NULL ? NULL : ident(q, true, line);
}

/* journalctl -o short-monotonic puts "host name[pid]: " behind the bracket. */
static char *behind_bracket(char *p, struct log_line *line)
{
	char *q = ident(p, false, line);

	if (q != NULL)
		return q;
	q = next_word(p);
	if (q == NULL || q[-1] != ' ' || memchr(p, ':', (size_t)(q - p)) != NULL)
		return p;
	if (strncmp(q, "kernel: ", 8) == 0) {
		line->kernel = true;
		return q + 8;
	}
	q = ident(q, false, line);
	return q == NULL ? p : q;
}

/* Nothing that a terminal would obey gets on. */
static void clean(char *p)
{
	size_t len = strlen(p);

	while (len > 0 && (p[len - 1] == '\r' || p[len - 1] == ' '))
		p[--len] = '\0';
	for (; *p != '\0'; p++)
		if (iscntrl((unsigned char)*p))
			*p = *p == '\t' ? ' ' : '?';
}

bool probe_log_line_parse(char *text, struct log_line *ret_line)
{
	struct log_line line = {
		.time_s = NAN,
		.wall_s = NAN,
		.kernel = true,
		.ident = "",
	};
	char *p = text, *stamp, *q;
	bool told;

	clean(p);
	/* " SUBSYSTEM=pci" of /dev/kmsg */
	if (p[0] == '\0' || (p[0] == ' ' && isupper((unsigned char)p[1])))
		return false;
	p = kmsg(p, &line);
	p = angle(p, &line);
	p = decoded(p, &line);
	told = is_told_kernel(text, p, &line);
	q = bracket(p, &line);
	if (told) {
		p = q;
	} else if (q != p) {
		p = behind_bracket(q, &line);
	} else {
		stamp = log_month_stamp(log_skip_weekday(p), &line.wall_s);
		if (stamp == NULL)
			stamp = log_iso_stamp(log_skip_weekday(p), &line.wall_s);
		if (stamp != NULL) {
			p = skip_blanks(stamp);
			q = sender(p, &line);
			if (q != NULL)
				p = bracket(q, &line);
		} else {
			q = ident(p, false, &line);
			p = q != NULL ? q : p;
		}
	}
	line.text = p;
	*ret_line = line;
	return true;
}
