/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DAEMON_CONFIG_VALUE_H
#define AQUIFER_DAEMON_CONFIG_VALUE_H

/*
 * The values of a configuration file, each from its text. All return 0, or
 * -EINVAL with the reason and the remedy in ret_error->text (the line is the
 * caller's); the other outputs are untouched on failure. Pure.
 */
#include <stddef.h>
#include <stdint.h>

#include "daemon/config.h"

struct config_range {
	uint64_t min, max;
	const char *text; /* "10s to 24h" */
};

/* config_refuse - write the reason; returns -EINVAL. */
int config_refuse(struct config_error *ret_error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* config_duration - a whole number and its unit: ms, s, min or h. */
int config_duration(const char *value, const struct config_range *range,
		    uint64_t *ret_ns, struct config_error *ret_error);

/* config_number - a whole number without unit. */
int config_number(const char *value, const struct config_range *range,
		  uint64_t *ret_number, struct config_error *ret_error);

/* config_word - one of words (NULL at the end); ret_index: which. */
int config_word(const char *value, const char *const *words,
		unsigned *ret_index, struct config_error *ret_error);

/* config_bool - yes or no. */
int config_bool(const char *value, bool *ret_bool,
		struct config_error *ret_error);

/* config_path - absolute, shorter than cap_bytes. */
int config_path(const char *value, char *ret_path, size_t cap_bytes,
		struct config_error *ret_error);

/* config_user - a login name that is not root's. */
int config_user(const char *value, char *ret_user, size_t cap_bytes,
		struct config_error *ret_error);

#endif
