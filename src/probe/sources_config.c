/* SPDX-License-Identifier: ISC */
/*
 * The kernel's configuration: where distributions keep it, and the options that
 * decide from what it can be seeded.
 */
#include <archive.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/sources_parts.h"

/* Today's are below 300 KiB. */
#define CONFIG_MAX_BYTES (2u << 20)

static const char *const names[SOURCES_OPTION_COUNT] = {
	[SOURCES_RANDOM_TRUST_CPU] = "CONFIG_RANDOM_TRUST_CPU",
	[SOURCES_RANDOM_TRUST_BOOTLOADER] = "CONFIG_RANDOM_TRUST_BOOTLOADER",
	[SOURCES_ARCH_RANDOM] = "CONFIG_ARCH_RANDOM",
	[SOURCES_HW_RANDOM] = "CONFIG_HW_RANDOM",
	[SOURCES_HW_RANDOM_VIRTIO] = "CONFIG_HW_RANDOM_VIRTIO",
	[SOURCES_HW_RANDOM_TPM] = "CONFIG_HW_RANDOM_TPM",
	[SOURCES_VIRTIO_PCI_OPTION] = "CONFIG_VIRTIO_PCI",
	[SOURCES_VIRTIO_MMIO_OPTION] = "CONFIG_VIRTIO_MMIO",
	[SOURCES_TCG_TPM] = "CONFIG_TCG_TPM",
	[SOURCES_TCG_TIS] = "CONFIG_TCG_TIS",
	[SOURCES_TCG_CRB] = "CONFIG_TCG_CRB",
	[SOURCES_VMGENID] = "CONFIG_VMGENID",
	[SOURCES_PTP_VMCLOCK] = "CONFIG_PTP_1588_CLOCK_VMCLOCK",
	[SOURCES_JITTERENTROPY] = "CONFIG_CRYPTO_JITTERENTROPY",
};

const char *sources_option_name(enum sources_option option)
{
	return (size_t)option < ARRAY_LEN(names) ? names[option] : "?";
}

static char *option_value(struct sources_config *config, const char *name,
			  size_t len)
{
	for (size_t i = 0; i < SOURCES_OPTION_COUNT; i++)
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			return &config->value[i];
	return NULL;
}

void sources_config_parse(char *text, struct sources_config *config)
{
	char *line;

	while ((line = sources_next_line(&text)) != NULL) {
		size_t len;
		char *value;

		/* "# CONFIG_X is not set" */
		if (strncmp(line, "# CONFIG_", 9) == 0) {
			len = strcspn(line + 2, " ");
			value = option_value(config, line + 2, len);
			if (value &&
			    strncmp(line + 2 + len, " is not set", 11) == 0)
				*value = 'n';
			continue;
		}
		len = strcspn(line, "=");
		value = option_value(config, line, len);
		if (value && line[len] == '=' && line[len + 1] != '\0' &&
		    strchr("ymn", line[len + 1]))
			*value = line[len + 1];
	}
}

ssize_t sources_unpack(const char *packed, size_t len_bytes, size_t max_bytes,
		       char **ret_text)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry;
	char *text = malloc(max_bytes + 1);
	ssize_t n = -ENOMEM;
	size_t have = 0;

	if (a == NULL || text == NULL)
		goto out;
	n = -EBADMSG;
	if (archive_read_support_filter_gzip(a) < ARCHIVE_WARN ||
	    archive_read_support_format_raw(a) != ARCHIVE_OK ||
	    archive_read_open_memory(a, packed, len_bytes) != ARCHIVE_OK ||
	    archive_read_next_header(a, &entry) != ARCHIVE_OK)
		goto out;
	while (have <= max_bytes &&
	       (n = archive_read_data(a, text + have, max_bytes + 1 - have)) > 0)
		have += (size_t)n;
	if (n < 0) {
		n = -EBADMSG;
	} else if (have > max_bytes) {
		n = -EFBIG;
	} else {
		text[have] = '\0';
		*ret_text = text;
		text = NULL;
		n = (ssize_t)have;
	}
out:
	free(text);
	(void)archive_read_free(a);
	return n;
}

/* Returns 0 where it was read, -ENOENT to look on, -ENOMEM. */
static int take_file(const struct probe_root *root, const char *path,
		     bool packed, struct sources_config *config)
{
	char *raw = NULL, *text = NULL;
	ssize_t n = probe_root_load(root, path, CONFIG_MAX_BYTES, &raw);

	if (n >= 0 && packed) {
		n = sources_unpack(raw, (size_t)n, CONFIG_MAX_BYTES, &text);
		free(raw);
		raw = text;
	}
	if (n >= 0) {
		sources_config_parse(raw, config);
		sources_copy(config->path, sizeof config->path, path);
		config->error = 0;
		free(raw);
		return 0;
	}
	if (n == -ENOMEM)
		return -ENOMEM;
	if (n != -ENOENT && n != -ENOTDIR) {
		config->error = (int)n;
		sources_copy(config->denied, sizeof config->denied, path);
	}
	return -ENOENT;
}

int probe_sources_config(const struct probe_root *root, const char *release,
			 struct sources_facts *f)
{
	/* The running kernel's own word first. */
	static const struct {
		const char *format; /* "" or the release is put in */
		bool packed, of_release;
	} places[] = {
		{ "/proc/config.gz", true, false },
		{ "/proc/config", false, false },
		{ "/boot/config-", false, true },
		{ "/lib/modules/%s/config", false, true },
		{ "/usr/lib/modules/%s/config", false, true },
		{ "/usr/lib/kernel/config-", false, true },
		{ "/lib/modules/%s/build/.config", false, true },
	};
	int r = -ENOENT;

	f->config.error = -ENOENT;
	for (size_t i = 0; i < ARRAY_LEN(places) && r == -ENOENT; i++) {
		const char *mark = strstr(places[i].format, "%s");
		size_t head = strcspn(places[i].format, "%");
		char path[SOURCES_PATH_BYTES];

		if (places[i].of_release && release[0] == '\0')
			continue;
		(void)snprintf(path, sizeof path, "%.*s%s%s", (int)head,
			       places[i].format,
			       places[i].of_release ? release : "",
			       mark ? mark + 2 : "");
		r = take_file(root, path, places[i].packed, &f->config);
	}
	return r == -ENOMEM ? -ENOMEM : 0;
}
