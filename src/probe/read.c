/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "probe/facts.h"

ssize_t probe_read(const char *root, const char *path, char *ret_text,
		   size_t cap_bytes)
{
	char full[PATH_MAX];
	ssize_t n;
	int fd, len;

	ret_text[0] = '\0';
	len = snprintf(full, sizeof full, "%s%s", root, path);
	if (len < 0 || (size_t)len >= sizeof full)
		return -ENAMETOOLONG;
	fd = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	n = fd_read_some(fd, ret_text, cap_bytes - 1);
	fd_close(&fd);
	if (n < 0) {
		ret_text[0] = '\0';
		return n;
	}
	while (n > 0 && (ret_text[n - 1] == '\n' || ret_text[n - 1] == ' '))
		n--;
	ret_text[n] = '\0';
	return n;
}

bool probe_exists(const char *root, const char *path)
{
	char full[PATH_MAX];
	int len = snprintf(full, sizeof full, "%s%s", root, path);

	return len > 0 && (size_t)len < sizeof full && access(full, F_OK) == 0;
}

bool probe_has_word(const char *list, size_t len_bytes, const char *word)
{
	const char *end = list + len_bytes;
	size_t word_len = strlen(word);

	for (const char *p = list; p < end;) {
		size_t n;

		while (p < end && (*p == ' ' || *p == '\t'))
			p++;
		for (n = 0; p + n < end && p[n] != ' ' && p[n] != '\t';)
			n++;
		if (n == word_len && memcmp(p, word, n) == 0)
			return true;
		p += n;
	}
	return false;
}

void probe_copy_printable(char *ret_text, size_t cap_bytes, const char *text)
{
	size_t i;

	for (i = 0; i + 1 < cap_bytes && text[i] != '\0'; i++)
		ret_text[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	ret_text[i] = '\0';
}

const char *probe_cpuinfo(const struct probe *f, const char *key,
			  size_t *ret_len_bytes)
{
	size_t key_len = strlen(key);
	const char *line = f->cpuinfo;

	for (; line != NULL; line = strchr(line, '\n')) {
		const char *value;
		size_t len;

		line += *line == '\n';
		if (strncmp(line, key, key_len) != 0)
			continue;
		value = line + key_len;
		value += strspn(value, " \t");
		if (*value++ != ':')
			continue;
		value += strspn(value, " \t");
		len = strcspn(value, "\n");
		if (value + len == f->cpuinfo + sizeof f->cpuinfo - 1)
			return NULL;
		*ret_len_bytes = len;
		return value;
	}
	return NULL;
}

bool probe_cpuinfo_text(const struct probe *f, const char *key, char *ret_value,
			size_t cap_bytes)
{
	size_t len;
	const char *value = probe_cpuinfo(f, key, &len);

	if (value == NULL || len >= cap_bytes)
		return false;
	memcpy(ret_value, value, len);
	ret_value[len] = '\0';
	return true;
}
