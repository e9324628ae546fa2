/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_KEEP_H
#define AQUIFER_PROBE_KEEP_H

/*
 * What of a file may be kept: for images, which are read once from a stream and
 * held in little memory, and for records, which people send to others. One
 * table by path; no secret is ever kept.
 */
#include <stdbool.h>
#include <stddef.h>

enum keep_class {
	KEEP_STAT,    /* that it is there is enough */
	KEEP_TEXT,    /* all; in a record secrets and ids in it are replaced */
	KEEP_EXACT,   /* all, as it is: public keys, answers of the kernel */
	KEEP_STANZAS, /* a package database: the packages checks ask for */
	KEEP_LINES,   /* the lines about randomness, of modules or of a log */
	KEEP_MARKS,   /* user data: which words of secrets stand in it */
	KEEP_SERIAL,  /* a number of this very machine: its shape */
	KEEP_SECRET,  /* private keys, seeds, user data: never */
};

struct keep_rule {
	enum keep_class class;
	size_t max_bytes; /* of what is kept; more is KEEP_STAT */
	bool listed;      /* the table names it; else the rule is a record's */
};

/* keep_rule - for a path without links. */
struct keep_rule keep_rule(const char *path);

/* Collects what a rule lets through, piece by piece. */
struct keep {
	struct keep_rule rule;
	char *out; /* kept so far */
	size_t len_bytes, cap_bytes;
	char *part; /* a line or stanza that has not ended */
	size_t part_bytes, part_cap_bytes;
	bool part_too_long; /* the rest of it is passed over */
	int error;          /* -EFBIG, -ENOMEM */
};

void keep_begin(struct keep *k, struct keep_rule rule);
void keep_feed(struct keep *k, const char *bytes, size_t len_bytes);

/*
 * keep_end - ret_text: from malloc, NUL-terminated, to be freed by the caller.
 * Returns its length; -EFBIG, -ENOMEM; -ENODATA where nothing may be kept.
 */
long keep_end(struct keep *k, char **ret_text);

/*
 * keep_redact - replaces in place, byte for byte, what follows a word such as
 * "password=", and what identifies this machine (128-bit numbers in any of
 * their usual spellings, the last half of MAC addresses). The same number
 * becomes the same other one, in each spelling, under one key.
 */
#define KEEP_KEY_BYTES 32
bool keep_redact(char *text, size_t len_bytes,
		 const unsigned char key[KEEP_KEY_BYTES]);

/* keep_redact_serial - every letter and digit by another one of its kind. */
bool keep_redact_serial(char *text, size_t len_bytes,
			const unsigned char key[KEEP_KEY_BYTES]);

#endif
