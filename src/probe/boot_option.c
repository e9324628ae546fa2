/* SPDX-License-Identifier: ISC */
/* Options of the kernel's command line, as parse_args() takes them apart. */
#include <string.h>

#include "base/bytes.h"
#include "probe/boot.h"

/* word - the next one, quotes kept together; NULL at the end. */
static const char *word(const char *p, size_t *ret_len)
{
	const char *end;
	bool quoted = false;

	p += strspn(p, " \t\r\n");
	if (*p == '\0')
		return NULL;
	for (end = p; *end != '\0'; end++) {
		if (*end == '"')
			quoted = !quoted;
		else if (!quoted && strchr(" \t\r\n", *end) != NULL)
			break;
	}
	*ret_len = (size_t)(end - p);
	return p;
}

static bool same_char(char a, char b)
{
	return (a == '-' ? '_' : a) == (b == '-' ? '_' : b);
}

/* The value behind "name" or "name="; NULL where the word is another one. */
static const char *value_of(const char *p, size_t len, const char *name,
			    size_t *ret_len)
{
	size_t n = strlen(name);

	if (len > 0 && *p == '"') { /* "name=value" quoted as a whole */
		p++;
		len--;
		if (len > 0 && p[len - 1] == '"')
			len--;
	}
	if (len < n || (len > n && p[n] != '='))
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (!same_char(p[i], name[i]))
			return NULL;
	p += n;
	len -= n;
	if (len > 0) { /* the '=' */
		p++;
		len--;
	}
	if (len > 0 && *p == '"') {
		p++;
		len--;
		if (len > 0 && p[len - 1] == '"')
			len--;
	}
	*ret_len = len;
	return p;
}

bool boot_command_line_option(const char *command_line, const char *name,
			      char *ret_value, size_t cap_bytes)
{
	const char *p = command_line;
	size_t len, value_len;
	bool found = false;

	while ((p = word(p, &len)) != NULL) {
		const char *value;

		if (len == 2 && memcmp(p, "--", 2) == 0)
			break; /* the rest is init's */
		value = value_of(p, len, name, &value_len);
		if (value != NULL) {
			value_len = min_size(value_len, cap_bytes - 1);
			memcpy(ret_value, value, value_len);
			ret_value[value_len] = '\0';
			found = true;
		}
		p += len;
	}
	return found;
}

int boot_command_line_bool(const char *command_line, const char *name)
{
	char value[8];

	if (!boot_command_line_option(command_line, name, value, sizeof value))
		return -1;
	switch (value[0]) {
	case 'y':
	case 'Y':
	case 't':
	case 'T':
	case '1':
		return 1;
	case 'n':
	case 'N':
	case 'f':
	case 'F':
	case '0':
		return 0;
	case 'o':
	case 'O':
		if (value[1] == 'n' || value[1] == 'N')
			return 1;
		return value[1] == 'f' || value[1] == 'F' ? 0 : -1;
	default:
		return -1;
	}
}
