/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "base/wipe.h"
#include "probe/hosts_opts.h"

static const char *keep(struct opt_list *list, const char *text,
			size_t len_bytes)
{
	char *at = list->text + list->used_bytes;

	memcpy(at, text, len_bytes);
	at[len_bytes] = '\0';
	list->used_bytes += len_bytes + 1;
	return at;
}

bool opt_add(struct opt_list *list, const char *key, size_t key_bytes,
	     const char *value, size_t value_bytes)
{
	size_t room = sizeof list->text - list->used_bytes;

	if (list->count == ARRAY_LEN(list->pair) || key_bytes >= room ||
	    value_bytes >= room || key_bytes + value_bytes + 2 > room) {
		list->cut = true;
		return false;
	}
	list->pair[list->count].key = keep(list, key, key_bytes);
	list->pair[list->count].value = keep(list, value, value_bytes);
	list->count++;
	return true;
}

/* Copies up to a single comma; two are one of the value's own. */
static size_t take_word(const char *text, char *ret_word, size_t cap_bytes,
			size_t *ret_len, bool *ret_cut)
{
	size_t i = 0, n = 0;

	while (text[i] != '\0') {
		if (text[i] == ',') {
			if (text[i + 1] != ',')
				break;
			i++;
		}
		if (n < cap_bytes)
			ret_word[n++] = text[i];
		else
			*ret_cut = true;
		i++;
	}
	*ret_len = n;
	return text[i] == ',' ? i + 1 : i;
}

static void add_word(struct opt_list *list, const char *word, size_t len,
		     const char *implied)
{
	const char *eq = memchr(word, '=', len);
	size_t key_bytes;

	if (eq) {
		key_bytes = (size_t)(eq - word);
		(void)opt_add(list, word, key_bytes, eq + 1,
			      len - key_bytes - 1);
	} else if (implied) {
		(void)opt_add(list, implied, strlen(implied), word, len);
	} else {
		(void)opt_add(list, word, len, "on", 2);
		if (len > 2 && memcmp(word, "no", 2) == 0)
			(void)opt_add(list, word + 2, len - 2, "off", 3);
	}
}

int opt_parse(struct opt_list *ret_list, const char *text, const char *implied)
{
	char word[4096];
	size_t len;

	ret_list->count = 0;
	ret_list->used_bytes = 0;
	ret_list->cut = false;
	if (text[strspn(text, " \t\r\n")] == '{')
		return opt_parse_json(ret_list, text, strlen(text));
	while (*text != '\0') {
		text += take_word(text, word, sizeof word, &len, &ret_list->cut);
		if (len > 0)
			add_word(ret_list, word, len, implied);
		implied = NULL;
	}
	wipe(word, sizeof word);
	return 0;
}

const char *opt_get(const struct opt_list *list, const char *key)
{
	for (size_t i = list->count; i > 0; i--)
		if (strcmp(list->pair[i - 1].key, key) == 0)
			return list->pair[i - 1].value;
	return NULL;
}

const char *opt_first(const struct opt_list *list, const char *a, const char *b,
		      const char *c)
{
	const char *value = opt_get(list, a);

	if (!value)
		value = opt_get(list, b);
	return value || !c ? value : opt_get(list, c);
}

bool opt_is_on(const struct opt_list *list, const char *key)
{
	static const char *const yes[] = { "on", "yes", "true", "y" };
	const char *value = opt_get(list, key);

	for (size_t i = 0; value && i < ARRAY_LEN(yes); i++)
		if (strcmp(value, yes[i]) == 0)
			return true;
	return false;
}

bool opt_has_prefix(const struct opt_list *list, const char *prefix)
{
	for (size_t i = 0; i < list->count; i++)
		if (strncmp(list->pair[i].key, prefix, strlen(prefix)) == 0)
			return true;
	return false;
}

void opt_wipe(struct opt_list *list)
{
	wipe(list->text, list->used_bytes);
	list->count = 0;
	list->used_bytes = 0;
}
