/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DAEMON_CONFIG_KEYS_H
#define AQUIFER_DAEMON_CONFIG_KEYS_H

/*
 * What the lines of a configuration mean: sections, keys, and what has to hold
 * once all are read. config.c gives the lines. All return 0 or -EINVAL with
 * p->error.text set, and p->error.line where it is not the current line.
 */
#include "daemon/config.h"

/* What was written of a lane, for what only all of its keys can tell. */
struct config_note {
	int section_line; /* 0: not in the file */
	int claim_line;
	int claim_up_line;
	bool claim_up;
	unsigned keys_seen; /* a bit a row of the table */
};

struct config_parser {
	struct config config;
	struct config_error error;
	int line;
	bool in_section;
	struct config_lane *lane; /* of this section; NULL: [aquiferd] */
	struct config_note aquiferd;
	struct config_note notes[CONFIG_LANES_MAX]; /* beside config.lanes */
};

/* What the class, the path and the notes of p->lane are. */
const struct source_class *config_class_of(const struct config_lane *lane);
bool config_takes_path(const struct source_class *class);
struct config_note *config_note_of(struct config_parser *p);

/* config_section - the text between [ and ], without blanks around it. */
int config_section(struct config_parser *p, const char *text);

int config_key(struct config_parser *p, const char *key, const char *value);

/* config_finish - after the last line. */
int config_finish(struct config_parser *p);

#endif
