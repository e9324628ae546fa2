/* SPDX-License-Identifier: ISC */
/*
 * The configuration's text. Whatever it is: accepted, every value is in its
 * range, every string ends, every lane has a class and a name of its own;
 * refused, the output is untouched and the reason names a line of the text.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "daemon/config.h"
#include "engine/lane.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len_bytes);

/* Not assert(): it holds in a build without assertions too. */
#define MUST(condition) \
	do { \
		if (!(condition)) { \
			(void)fprintf(stderr, "line %d: %s\n", __LINE__, \
				      #condition); \
			abort(); \
		} \
	} while (0)

#define IS_STRING(array) (memchr(array, '\0', sizeof(array)) != NULL)

static void check_lane(const struct config *c, size_t i)
{
	const struct config_lane *l = &c->lanes[i];
	const struct source_class *class;

	MUST(IS_STRING(l->class_name) && IS_STRING(l->name) &&
	     IS_STRING(l->path));
	class = source_class_find(l->class_name);
	MUST(class != NULL);
	MUST(strncmp(l->name, class->name, strlen(class->name)) == 0);
	MUST(l->claim_mbits == SOURCE_CLAIM_DEFAULT ||
	     l->claim_mbits <= class->symbol_bits * 1000);
	MUST(l->policy <= POLICY_STOP);
	MUST(l->path[0] == '\0' || l->path[0] == '/');
	MUST(!(class->flags & SOURCE_NOT_IN_DAEMON) || !l->enabled);
	MUST(!(class->flags & SOURCE_BY_CONFIG) || l->path[0] == '/');
	MUST(!l->credit_host_seed || strcmp(l->name, "hostseed") == 0);
	for (size_t k = 0; k < i; k++)
		MUST(strcmp(c->lanes[k].name, l->name) != 0);
}

static void check_accepted(const struct config *c)
{
	struct sockaddr_un address;

	MUST(c->interval_ns >= 10 * NS_PER_S &&
	     c->interval_ns <= 24 * 3600 * NS_PER_S);
	MUST(c->once_bound_ns >= 10 * NS_PER_MS &&
	     c->once_bound_ns <= 60 * NS_PER_S);
	MUST(c->alpha_log2 >= 20 && c->alpha_log2 <= 60);
	MUST(c->confidential == CHOICE_AUTO || c->confidential == CHOICE_YES ||
	     c->confidential == CHOICE_NO);
	MUST(IS_STRING(c->user) && IS_STRING(c->seed_file) &&
	     IS_STRING(c->status_socket));
	MUST(c->user[0] != '\0' && strcmp(c->user, "root") != 0);
	MUST(c->seed_file[0] == '/' && c->status_socket[0] == '/');
	MUST(strlen(c->status_socket) < sizeof address.sun_path);
	MUST(c->n_lanes > 0 && c->n_lanes <= CONFIG_LANES_MAX);
	for (size_t i = 0; i < c->n_lanes; i++)
		check_lane(c, i);
}

static void check_refused(int r, const char *text,
			  const struct config_error *error)
{
	int lines = 1;

	MUST(r == -EINVAL || r == -EFBIG);
	MUST(IS_STRING(error->text) && error->text[0] != '\0');
	for (; *text; text++)
		lines += *text == '\n';
	MUST(error->line >= (r == -EFBIG ? 0 : 1) && error->line <= lines);
	/* It goes to a log as it is. */
	for (const char *p = error->text; *p; p++)
		MUST((unsigned char)*p >= 0x20 || *p == '\t');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len_bytes)
{
	static struct config c, untouched;
	struct config_error error;
	char *text = malloc(len_bytes + 1);
	int r;

	MUST(text != NULL);
	memcpy(text, data, len_bytes);
	text[len_bytes] = '\0';
	memset(&c, 0xa5, sizeof c);
	memset(&untouched, 0xa5, sizeof untouched);
	memset(&error, 0xa5, sizeof error);
	r = config_parse(text, &c, &error);
	if (r == 0) {
		check_accepted(&c);
	} else {
		MUST(memcmp((const uint8_t *)&c, (const uint8_t *)&untouched,
			    sizeof c) == 0);
		check_refused(r, text, &error);
	}
	free(text);
	return 0;
}
