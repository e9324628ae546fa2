/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_HOSTS_OPTS_H
#define AQUIFER_PROBE_HOSTS_OPTS_H

/*
 * What a VMM's command line says, as keys and values: "a,b=c,d.e=f" or JSON,
 * whose members become the same dotted keys. Bounded in size and depth.
 */
#include <stdbool.h>
#include <stddef.h>

#define OPT_MAX_PAIRS 192
#define OPT_MAX_TEXT 16384
#define OPT_MAX_DEPTH 16

struct opt_pair {
	const char *key, *value;
};

struct opt_list {
	struct opt_pair pair[OPT_MAX_PAIRS];
	size_t count;
	char text[OPT_MAX_TEXT]; /* may hold secrets: opt_wipe() */
	size_t used_bytes;
	bool cut; /* there was more than fits */
};

/*
 * opt_parse - one argument. implied: the key of a first word without "=", or
 * NULL. Two commas are one. A later word without "=" is "on" (and "nofoo" is
 * foo=off). Text that begins with "{" is JSON.
 * Returns 0, or -EBADMSG for broken JSON (the list is empty then).
 */
int opt_parse(struct opt_list *ret_list, const char *text, const char *implied);

/*
 * opt_parse_json - a whole document, an object. As QEMU does, it takes 'single
 * quotes' too. true and false become "on" and "off", array members are counted
 * from 0; an empty object or array is its key with the value "".
 */
int opt_parse_json(struct opt_list *ret_list, const char *text,
		   size_t len_bytes);

/* opt_get - the last value of a key; NULL where it is not there. */
const char *opt_get(const struct opt_list *list, const char *key);

/* opt_first - of several spellings of one key, in this order; c may be NULL. */
const char *opt_first(const struct opt_list *list, const char *a, const char *b,
		      const char *c);

/* opt_is_on - the key is there and "on", "yes", "true" or "y". */
bool opt_is_on(const struct opt_list *list, const char *key);

/* opt_has_prefix - some key begins with it. */
bool opt_has_prefix(const struct opt_list *list, const char *prefix);

/* opt_add - one pair; false (and cut is set) where it does not fit. */
bool opt_add(struct opt_list *list, const char *key, size_t key_bytes,
	     const char *value, size_t value_bytes);

void opt_wipe(struct opt_list *list);

#endif
