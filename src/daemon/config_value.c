/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "daemon/config_value.h"

static const struct {
	const char *name;
	uint64_t ns;
} units[] = {
	{ "ms", NS_PER_MS },
	{ "s", NS_PER_S },
	{ "min", 60 * NS_PER_S },
	{ "h", 3600 * NS_PER_S },
};

int config_refuse(struct config_error *e, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(e->text, sizeof e->text, format, ap);
	va_end(ap);
	return -EINVAL;
}

/*
 * The digits at the start of *text, which moves behind them. A number that does
 * not fit stays UINT64_MAX, which no range contains. Returns false without one.
 */
static bool take_digits(const char **text, uint64_t *ret_number)
{
	const char *p = *text;
	uint64_t n = 0;

	for (; *p >= '0' && *p <= '9'; p++) {
		unsigned digit = (unsigned)(*p - '0');

		n = n > (UINT64_MAX - digit) / 10 ? UINT64_MAX : n * 10 + digit;
	}
	if (p == *text)
		return false;
	*text = p;
	*ret_number = n;
	return true;
}

static int out_of_range(const char *value, const struct config_range *range,
			struct config_error *e)
{
	return config_refuse(e, "'%.60s' is out of range: write %s", value,
			     range->text);
}

int config_duration(const char *value, const struct config_range *range,
		    uint64_t *ret_ns, struct config_error *e)
{
	const char *unit = value;
	uint64_t n;

	if (!take_digits(&unit, &n))
		return config_refuse(e,
				     "'%.60s' is no whole number with a unit: "
				     "write %s",
				     value, range->text);
	unit += strspn(unit, " \t");
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (strcmp(unit, units[i].name) != 0)
			continue;
		/* Compared in the unit: the product may not fit. */
		if (n > range->max / units[i].ns || n * units[i].ns < range->min)
			return out_of_range(value, range, e);
		*ret_ns = n * units[i].ns;
		return 0;
	}
	return config_refuse(e, "'%.60s' %s: ms, s, min or h; write %s", value,
			     *unit ? "has an unknown unit" : "has no unit",
			     range->text);
}

int config_number(const char *value, const struct config_range *range,
		  uint64_t *ret_number, struct config_error *e)
{
	const char *end = value;
	uint64_t n;

	if (!take_digits(&end, &n) || *end)
		return config_refuse(e, "'%.60s' is no whole number: write %s",
				     value, range->text);
	if (n < range->min || n > range->max)
		return out_of_range(value, range, e);
	*ret_number = n;
	return 0;
}

int config_word(const char *value, const char *const *words,
		unsigned *ret_index, struct config_error *e)
{
	char known[80] = "";

	for (unsigned i = 0; words[i]; i++) {
		size_t used = strlen(known);

		if (strcmp(value, words[i]) == 0) {
			*ret_index = i;
			return 0;
		}
		(void)snprintf(known + used, sizeof known - used, "%s%s",
			       i == 0       ? "" :
			       words[i + 1] ? ", " :
					      " or ",
			       words[i]);
	}
	return config_refuse(e, "'%.60s' is not known here: write %s", value,
			     known);
}

int config_bool(const char *value, bool *ret_bool, struct config_error *e)
{
	static const char *const words[] = { "no", "yes", NULL };
	unsigned index = 0;
	int r = config_word(value, words, &index, e);

	if (r == 0)
		*ret_bool = index == 1;
	return r;
}

int config_path(const char *value, char *ret_path, size_t cap_bytes,
		struct config_error *e)
{
	size_t len = strlen(value);

	if (value[0] != '/')
		return config_refuse(e,
				     "'%.60s' is not an absolute path: begin "
				     "with '/'",
				     value);
	if (len >= cap_bytes)
		return config_refuse(e,
				     "'%.60s'... is too long: at most %zu "
				     "bytes",
				     value, cap_bytes - 1);
	memcpy(ret_path, value, len + 1);
	return 0;
}

int config_user(const char *value, char *ret_user, size_t cap_bytes,
		struct config_error *e)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyz_";
	static const char rest[] = "abcdefghijklmnopqrstuvwxyz_0123456789-";
	size_t len = strlen(value);

	if (len >= cap_bytes || !memchr(first, value[0], sizeof first - 1) ||
	    strspn(value, rest) != len)
		return config_refuse(e,
				     "'%.60s' is no login name: at most %zu "
				     "of a-z 0-9 _ -, no digit or - first",
				     value, cap_bytes - 1);
	if (strcmp(value, "root") == 0)
		return config_refuse(e, "'root' would undo the separation of "
					"privileges: name an unprivileged user");
	memcpy(ret_user, value, len + 1);
	return 0;
}
