/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "daemon/config_keys.h"
#include "daemon/config_value.h"

static int add_lane(struct config_parser *p, const struct source_class *class,
		    const char *name)
{
	struct config *c = &p->config;
	struct config_lane *l = &c->lanes[c->n_lanes];

	if (c->n_lanes == CONFIG_LANES_MAX)
		return config_refuse(&p->error,
				     "too many sources: at most %d with the "
				     "built-in ones",
				     CONFIG_LANES_MAX);
	memset(l, 0, sizeof *l);
	(void)snprintf(l->class_name, sizeof l->class_name, "%s", class->name);
	(void)snprintf(l->name, sizeof l->name, "%s", name);
	l->enabled = true;
	l->claim_mbits = SOURCE_CLAIM_DEFAULT;
	c->n_lanes++;
	p->lane = l;
	return 0;
}

/* The lane's name into ret_name: "hwrng", "file:usb0". */
static int check_instance(struct config_parser *p,
			  const struct source_class *class,
			  const char *instance, char *ret_name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._-";
	int max_bytes = SOURCE_NAME_BYTES - 2 - (int)strlen(class->name);

	if (!*instance && class->flags & SOURCE_BY_CONFIG)
		return config_refuse(&p->error,
				     "[%s] needs a name: write [%s usb0]",
				     class->name, class->name);
	if (*instance && !config_takes_path(class))
		return config_refuse(&p->error,
				     "there is only one %s: write [%s]",
				     class->name, class->name);
	if (strspn(instance, allowed) != strlen(instance) ||
	    strlen(instance) > (size_t)max_bytes)
		return config_refuse(&p->error,
				     "'%.60s' is no name of a source: at most "
				     "%d letters, digits, dots, - or _",
				     instance, max_bytes);
	(void)snprintf(ret_name, SOURCE_NAME_BYTES, "%s%s%.*s", class->name,
		       *instance ? ":" : "", max_bytes, instance);
	return 0;
}

static int find_lane(struct config_parser *p, const char *text)
{
	char class_name[sizeof p->lane->class_name], name[SOURCE_NAME_BYTES];
	size_t len = strcspn(text, " \t");
	const char *instance = text + len + strspn(text + len, " \t");
	const struct source_class *class = NULL;
	int r;

	if (len < sizeof class_name) {
		memcpy(class_name, text, len);
		class_name[len] = '\0';
		class = source_class_find(class_name);
	}
	if (!class)
		return config_refuse(&p->error,
				     "unknown section [%.60s]: write "
				     "[aquiferd] or a source's name (aquifer "
				     "sources lists them)",
				     text);
	r = check_instance(p, class, instance, name);
	if (r < 0)
		return r;
	for (size_t i = 0; i < p->config.n_lanes; i++) {
		if (strcmp(p->config.lanes[i].name, name) == 0) {
			p->lane = &p->config.lanes[i];
			return 0;
		}
	}
	return add_lane(p, class, name);
}

int config_section(struct config_parser *p, const char *text)
{
	struct config_note *note;
	int r = 0;

	p->lane = NULL;
	if (strcmp(text, "aquiferd") != 0)
		r = find_lane(p, text);
	if (r < 0)
		return r;
	p->in_section = true;
	note = config_note_of(p);
	if (note->section_line > 0)
		return config_refuse(&p->error,
				     "section [%s] is there twice: line %d "
				     "begins the first, write both as one",
				     text, note->section_line);
	note->section_line = p->line;
	return 0;
}

/* A claim may go down by its number alone; up only by a second word. */
static int check_claim(struct config_parser *p, const struct config_note *note)
{
	const struct config_lane *l = p->lane;
	const struct source_class *class = config_class_of(l);
	uint32_t own_mbits = class->claim.mbits_per_symbol;

	if (note->claim_up && note->claim_line == 0) {
		p->error.line = note->claim_up_line;
		return config_refuse(&p->error,
				     "claim-up: [%s] has no claim: write one "
				     "beside it",
				     l->name);
	}
	/* Where nothing was measured the administrator's word is all there is. */
	if (note->claim_line == 0 || note->claim_up ||
	    class->flags & SOURCE_BY_CONFIG || l->claim_mbits <= own_mbits)
		return 0;
	p->error.line = note->claim_line;
	return config_refuse(&p->error,
			     "claim: %u is above the %u millibits a symbol "
			     "that %s has evidence for: lower it, or write "
			     "'claim-up = yes' beside it",
			     (unsigned)l->claim_mbits, (unsigned)own_mbits,
			     class->name);
}

static int check_path(struct config_parser *p, const struct config_note *note)
{
	const struct config_lane *l = p->lane;

	/* A second instance without a path would be the first once more. */
	if (l->path[0] || strcmp(l->name, l->class_name) == 0)
		return 0;
	p->error.line = note->section_line;
	return config_refuse(&p->error,
			     "section of %s: needs a path: write path = /...",
			     l->name);
}

int config_finish(struct config_parser *p)
{
	for (size_t i = 0; i < p->config.n_lanes; i++) {
		const struct config_note *note = &p->notes[i];
		int r;

		p->lane = &p->config.lanes[i];
		r = check_claim(p, note);
		if (r == 0)
			r = check_path(p, note);
		if (r < 0)
			return r;
	}
	return 0;
}
