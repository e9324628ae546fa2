/* SPDX-License-Identifier: ISC */
/* What the parts of the family read with, and the order they run in. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/sources_parts.h"

void sources_copy(char *ret_text, size_t cap_bytes, const char *text)
{
	size_t n = 0;

	for (; n + 1 < cap_bytes && text[n] != '\0'; n++)
		ret_text[n] = text[n] >= ' ' && text[n] <= '~' ? text[n] : '?';
	ret_text[n] = '\0';
}

void sources_line_read(const struct probe_root *root, const char *path,
		       struct sources_line *ret_line)
{
	char text[sizeof ret_line->text];
	ssize_t n = probe_root_read(root, path, text, sizeof text);
	size_t start;

	ret_line->error = n < 0 ? (int)n : 0;
	if (n < 0)
		text[0] = '\0';
	start = strspn(text, " \t\r\n");
	text[start + strcspn(text + start, "\r\n")] = '\0';
	for (size_t len = strlen(text); len > start && text[len - 1] == ' ';)
		text[--len] = '\0';
	sources_copy(ret_line->text, sizeof ret_line->text, text + start);
}

void sources_text(const struct probe_root *root, const char *path,
		  char *ret_text, size_t cap_bytes)
{
	struct sources_line line;

	sources_line_read(root, path, &line);
	sources_copy(ret_text, cap_bytes, line.text);
}

bool sources_has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (; *list != '\0'; list += strcspn(list, " \t\r\n")) {
		list += strspn(list, " \t\r\n");
		if (strncmp(list, word, len) == 0 &&
		    (list[len] == '\0' || strchr(" \t\r\n", list[len])))
			return true;
	}
	return false;
}

char *sources_next_line(char **text)
{
	char *line = *text;

	if (line == NULL || *line == '\0')
		return NULL;
	*text = strchr(line, '\n');
	if (*text != NULL)
		*(*text)++ = '\0';
	return line;
}

/* "DRIVER=virtio_rng" among a uevent's lines. */
static bool driver_by_uevent(const struct probe_root *root, const char *device,
			     char *ret_driver, size_t cap_bytes)
{
	char path[SOURCES_PATH_BYTES], text[1024];
	char *rest = text, *line;

	(void)snprintf(path, sizeof path, "%s/uevent", device);
	if (probe_root_read(root, path, text, sizeof text) <= 0)
		return false;
	while ((line = sources_next_line(&rest)) != NULL) {
		if (strncmp(line, "DRIVER=", 7) == 0) {
			sources_copy(ret_driver, cap_bytes, line + 7);
			return true;
		}
	}
	return false;
}

void sources_driver(const struct probe_root *root, const char *device_path,
		    char *ret_driver, size_t cap_bytes)
{
	char path[SOURCES_PATH_BYTES], target[512];
	ssize_t n;

	ret_driver[0] = '\0';
	(void)snprintf(path, sizeof path, "%s/driver", device_path);
	n = probe_root_readlink(root, path, target, sizeof target);
	if (n > 0 && (size_t)n < sizeof target) {
		const char *slash;

		target[n] = '\0';
		slash = strrchr(target, '/');
		sources_copy(ret_driver, cap_bytes, slash ? slash + 1 : target);
	} else {
		(void)driver_by_uevent(root, device_path, ret_driver, cap_bytes);
	}
}

/* A value of os-release: NAME=value or NAME="value". */
static void os_value(const char *line, const char *name, char *ret_value,
		     size_t cap_bytes)
{
	size_t len = strlen(name);
	char value[96];

	if (strncmp(line, name, len) != 0 || line[len] != '=')
		return;
	line += len + 1;
	if (*line == '"' || *line == '\'')
		line++;
	sources_copy(value, sizeof value, line);
	value[strcspn(value, "\"'")] = '\0';
	sources_copy(ret_value, cap_bytes, value);
}

static void read_os(const struct probe_root *root, struct sources_facts *f)
{
	char text[4096];
	char *rest = text, *line;

	if (probe_root_read(root, "/etc/os-release", text, sizeof text) <= 0 &&
	    probe_root_read(root, "/usr/lib/os-release", text, sizeof text) <= 0)
		return;
	while ((line = sources_next_line(&rest)) != NULL) {
		os_value(line, "ID", f->os_id, sizeof f->os_id);
		os_value(line, "ID_LIKE", f->os_like, sizeof f->os_like);
	}
}

void probe_sources_hwrng(const struct probe_root *root, struct sources_facts *f)
{
#define CLASS "/sys/class/misc/hw_random"
#define PARAMETERS "/sys/module/rng_core/parameters"
	struct sources_hwrng *h = &f->hwrng;
	struct probe_stat st;

	sources_line_read(root, CLASS "/rng_available", &h->available);
	sources_line_read(root, CLASS "/rng_current", &h->current);
	sources_line_read(root, CLASS "/rng_selected", &h->selected);
	sources_line_read(root, CLASS "/rng_quality", &h->quality);
	sources_line_read(root, PARAMETERS "/default_quality",
			  &h->default_quality);
	sources_line_read(root, PARAMETERS "/current_quality",
			  &h->current_quality);
	h->class_there = h->available.error == 0 || h->current.error == 0 ||
			 probe_root_exists(root, CLASS);
	h->node_there = probe_root_stat(root, "/dev/hwrng", &st) == 0;
#undef CLASS
#undef PARAMETERS
}

int probe_sources(const struct probe_root *root, const struct platform *p,
		  struct sources_facts *ret_facts)
{
	struct sources_facts *f = calloc(1, sizeof *f);
	int r;

	if (f == NULL)
		return -ENOMEM;
	read_os(root, f);
	sources_text(root, "/sys/class/dmi/id/sys_vendor", f->sys_vendor,
		     sizeof f->sys_vendor);
	sources_text(root, "/sys/class/dmi/id/product_name", f->product_name,
		     sizeof f->product_name);
	probe_sources_virtio(root, f);
	r = probe_sources_modules(root, p->kernel_release, f);
	if (r == 0)
		r = probe_sources_config(root, p->kernel_release, f);
	if (r < 0)
		goto out;
	probe_sources_command_line(root, f);
	probe_sources_initramfs(root, f);
	probe_sources_hwrng(root, f);
	probe_sources_cpu(root, f);
	probe_sources_tpm(root, f);
	probe_sources_bootloader(root, f);
	probe_sources_log(root, f);
	*ret_facts = *f;
out:
	free(f);
	return r;
}
