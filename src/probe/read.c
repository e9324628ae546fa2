/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "probe/facts.h"
#include "probe/root_class.h"

/*
 * The daemon's way: on its machine these are files of the kernel and of /etc by
 * their fixed names, so nothing is looked at before they are opened.
 */
static ssize_t read_live(const char *path, char *ret_text, size_t cap_bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = fd_read_some(fd, ret_text, cap_bytes - 1);
	fd_close(&fd);
	return n;
}

ssize_t probe_read(const struct probe_root *root, const char *path,
		   char *ret_text, size_t cap_bytes)
{
	ssize_t n;

	if (root->class == &root_live_class)
		n = read_live(path, ret_text, cap_bytes);
	else
		n = probe_root_read(root, path, ret_text, cap_bytes);
	if (n < 0) {
		ret_text[0] = '\0';
		return n;
	}
	while (n > 0 && (ret_text[n - 1] == '\n' || ret_text[n - 1] == ' '))
		n--;
	ret_text[n] = '\0';
	return n;
}

bool probe_exists(const struct probe_root *root, const char *path)
{
	if (root->class == &root_live_class)
		return access(path, F_OK) == 0;
	return probe_root_exists(root, path);
}

bool probe_cpuid(const struct probe *f, uint32_t leaf, uint32_t subleaf,
		 uint32_t ret_regs[4])
{
	if (f->cpuid != NULL)
		return f->cpuid(leaf, subleaf, ret_regs);
	return f->cpuid_of_root && f->root->class->cpuid != NULL &&
	       f->root->class->cpuid(f->root, leaf, subleaf, ret_regs);
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
