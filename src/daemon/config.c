/* SPDX-License-Identifier: ISC */
/*
 * The lines of a configuration file. Not libinih's work: what that takes for a
 * comment or for a continued line depends on how it was built, it tells no line
 * numbers, and it cuts a long path or section name without a word.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "daemon/config_keys.h"
#include "daemon/config_value.h"

#define CONFIG_BYTES_MAX 65536
#define LINE_BYTES 1024
#define DEFAULT_SEED_FILE "/var/lib/aquifer/seed"
#define DEFAULT_STATUS_SOCKET "/run/aquifer/status.sock"

static const char blanks[] = " \t";

void config_default(struct config *ret)
{
	const struct source_class *class;

	memset(ret, 0, sizeof *ret);
	ret->interval_ns = 600 * NS_PER_S;
	ret->once_bound_ns = 2 * NS_PER_S;
	ret->alpha_log2 = 30;
	ret->confidential = CHOICE_AUTO;
	(void)snprintf(ret->user, sizeof ret->user, "aquifer");
	(void)snprintf(ret->seed_file, sizeof ret->seed_file, DEFAULT_SEED_FILE);
	(void)snprintf(ret->status_socket, sizeof ret->status_socket,
		       DEFAULT_STATUS_SOCKET);
	for (size_t i = 0; (class = source_class_at(i)) != NULL; i++) {
		struct config_lane *l = &ret->lanes[ret->n_lanes];

		if (class->flags & SOURCE_BY_CONFIG)
			continue;
		assert(ret->n_lanes < CONFIG_LANES_MAX);
		assert(strlen(class->name) < sizeof l->class_name);
		(void)snprintf(l->class_name, sizeof l->class_name, "%s",
			       class->name);
		(void)snprintf(l->name, sizeof l->name, "%s", class->name);
		/* Has its place, so that status can say why it does not run. */
		l->enabled = !(class->flags & SOURCE_NOT_IN_DAEMON);
		l->claim_mbits = SOURCE_CLAIM_DEFAULT;
		ret->n_lanes++;
	}
}

/* The first control character of a line, or NULL; a tab is a blank. */
static const char *find_control(const char *line)
{
	for (; *line; line++) {
		unsigned char c = (unsigned char)*line;

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return line;
	}
	return NULL;
}

/* A comment begins where the line or a word does: a path may hold a '#'. */
static void cut_comment(char *line)
{
	for (char *p = line; *p; p++) {
		if ((*p == '#' || *p == ';') &&
		    (p == line || strchr(blanks, p[-1]))) {
			*p = '\0';
			return;
		}
	}
}

/* Without the blanks on both sides. */
static char *trim(char *text)
{
	size_t len;

	text += strspn(text, blanks);
	len = strlen(text);
	while (len > 0 && strchr(blanks, text[len - 1]))
		len--;
	text[len] = '\0';
	return text;
}

static int parse_line(struct config_parser *p, char *line)
{
	const char *control = find_control(line);
	size_t len;
	char *value;

	if (control)
		return config_refuse(&p->error,
				     "control character 0x%02x at column %d: "
				     "take it out",
				     (unsigned)(unsigned char)*control,
				     (int)(control - line) + 1);
	cut_comment(line);
	line = trim(line);
	len = strlen(line);
	if (len == 0)
		return 0;
	if (line[0] == '[') {
		if (line[len - 1] != ']')
			return config_refuse(&p->error, "'%.60s' lacks its ']'",
					     line);
		line[len - 1] = '\0';
		return config_section(p, trim(line + 1));
	}
	value = strchr(line, '=');
	if (!value)
		return config_refuse(&p->error,
				     "'%.60s' is neither [section] nor key = "
				     "value",
				     line);
	*value++ = '\0';
	return config_key(p, trim(line), trim(value));
}

static int parse_text(struct config_parser *p, const char *text)
{
	static const char byte_order_mark[] = "\xef\xbb\xbf";
	char line[LINE_BYTES];
	int r = 0;

	if (strncmp(text, byte_order_mark, 3) == 0)
		text += 3;
	while (r == 0 && *text) {
		size_t len = strcspn(text, "\n"), next = len;

		p->line++;
		next += text[len] == '\n';
		if (len > 0 && text[len - 1] == '\r')
			len--;
		if (len >= sizeof line) {
			r = config_refuse(&p->error,
					  "a line of %zu bytes: at most %zu",
					  len, sizeof line - 1);
			break;
		}
		memcpy(line, text, len);
		line[len] = '\0';
		r = parse_line(p, line);
		text += next;
	}
	if (r < 0)
		p->error.line = p->line;
	return r < 0 ? r : config_finish(p);
}

/* Another place than the class's own reaches the lane by its path. */
static void place_seed_file(struct config *c)
{
	for (size_t i = 0; i < c->n_lanes; i++) {
		struct config_lane *l = &c->lanes[i];
		const struct source_class *class = source_class_find(
			l->class_name);

		if (class->domain == DOMAIN_DISK &&
		    strcmp(c->seed_file, DEFAULT_SEED_FILE) != 0)
			memcpy(l->path, c->seed_file, sizeof l->path);
	}
}

int config_parse(const char *text, struct config *ret,
		 struct config_error *ret_error)
{
	struct config_parser p = { .line = 0 };
	int r;

	if (strnlen(text, CONFIG_BYTES_MAX + 1) > CONFIG_BYTES_MAX) {
		(void)config_refuse(ret_error,
				    "longer than %d bytes: this is no "
				    "configuration of aquiferd",
				    CONFIG_BYTES_MAX);
		ret_error->line = 0;
		return -EFBIG;
	}
	config_default(&p.config);
	r = parse_text(&p, text);
	if (r < 0) {
		*ret_error = p.error;
		return r;
	}
	place_seed_file(&p.config);
	*ret = p.config;
	return 0;
}

static int system_error(struct config_error *ret_error, const char *what, int r)
{
	(void)config_refuse(ret_error, "%s: %s", what, strerror(-r));
	ret_error->line = 0;
	return r;
}

static int check_file(int fd, struct config_error *ret_error)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return system_error(ret_error, "cannot be looked at", -errno);
	ret_error->line = 0;
	if (!S_ISREG(st.st_mode))
		return config_refuse(ret_error, "is no regular file");
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return config_refuse(ret_error,
				     "has mode %04o, others can write it: "
				     "chmod go-w",
				     (unsigned)(st.st_mode & 07777));
	return 0;
}

/* A byte more than is allowed shows that it is too long. */
#define TEXT_BYTES (CONFIG_BYTES_MAX + 2)

static int read_text(int fd, char ret_text[TEXT_BYTES],
		     struct config_error *ret_error)
{
	ssize_t n = fd_read_some(fd, ret_text, TEXT_BYTES - 1);

	if (n < 0)
		return system_error(ret_error, "cannot be read", (int)n);
	ret_text[n] = '\0';
	if (strlen(ret_text) == (size_t)n)
		return 0;
	ret_error->line = 1;
	for (const char *p = ret_text; *p; p++)
		ret_error->line += *p == '\n';
	return config_refuse(ret_error, "a NUL byte: this is no text file");
}

int config_read(const char *path, bool must_exist, struct config *ret,
		struct config_error *ret_error)
{
	/* Opening a FIFO does not wait: it is refused by what it is. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	static char text[TEXT_BYTES];
	int r;

	if (fd < 0 && errno == ENOENT && !must_exist) {
		config_default(ret);
		return 0;
	}
	if (fd < 0)
		return system_error(ret_error, "cannot be opened", -errno);
	r = check_file(fd, ret_error);
	if (r == 0)
		r = read_text(fd, text, ret_error);
	fd_close(&fd);
	return r < 0 ? r : config_parse(text, ret, ret_error);
}

struct source_options config_source_options(const struct config_lane *lane)
{
	return (struct source_options){
		.path = lane->path[0] ? lane->path : NULL,
		.fd = -1,
		.claim_mbits = lane->claim_mbits,
		.credit_host_seed = lane->credit_host_seed,
	};
}
