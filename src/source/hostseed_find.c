/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/fd.h"
#include "base/locked.h"
#include "base/wipe.h"
#include "source/hostseed_find.h"
#include "source/hostseed_parse.h"

/* cloud-init's own file holds all metadata of a guest: tens of KiB are seen. */
#define FILE_BYTES_MAX (256 * 1024)

enum form { FORM_RAW, FORM_SMBIOS, FORM_JSON };

static const char *const openstack_keys[] = { "random_seed", NULL };
static const char *const cloud_init_keys[] = { "ds", "meta_data", "random_seed",
					       NULL };

/* In the order of how early they can be read. */
static const struct place {
	const char *path;
	const char *origin;
	enum form form;
	const char *const *keys;
} places[] = {
	{ "/sys/firmware/qemu_fw_cfg/by_name/opt/aquifer/seed/raw", "fw_cfg",
	  FORM_RAW, NULL },
	{ "/sys/firmware/qemu_fw_cfg/by_name/opt/org.aquifer/seed/raw",
	  "fw_cfg", FORM_RAW, NULL },
	{ "/sys/firmware/qemu_fw_cfg/by_name/opt/io.systemd.credentials/"
	  "random.seed/raw",
	  "fw_cfg", FORM_RAW, NULL },
	{ "/sys/firmware/dmi/entries/11-0/raw", "smbios", FORM_SMBIOS, NULL },
	{ "/sys/firmware/dmi/entries/11-1/raw", "smbios", FORM_SMBIOS, NULL },
	{ "/run/credentials/@system/random.seed", "credential", FORM_RAW, NULL },
	{ "/run/cloud-init/instance-data-sensitive.json", "cloud-init",
	  FORM_JSON, cloud_init_keys },
	{ "/mnt/config/openstack/latest/meta_data.json", "openstack", FORM_JSON,
	  openstack_keys },
	{ "/media/configdrive/openstack/latest/meta_data.json", "openstack",
	  FORM_JSON, openstack_keys },
};

/* systemd.system-credentials(7); ours beside it, for hosts without systemd. */
static const char *const smbios_prefixes[] = {
	"io.systemd.credential:random.seed=",
	"io.systemd.credential.binary:random.seed=",
	"aquifer.seed=",
};

static void refuse(struct hostseed_list *list, const char *origin,
		   const char *why)
{
	(void)snprintf(list->refused, sizeof list->refused, "%s: %s", origin,
		       why);
}

static void add_seed(struct hostseed_list *list, const char *origin,
		     const uint8_t *raw, size_t len_bytes)
{
	uint8_t hash[crypto_hash_sha512_BYTES];
	struct hostseed *seed = &list->seeds[list->count];

	if (len_bytes < HOSTSEED_BYTES_MIN || len_bytes > HOSTSEED_BYTES_MAX) {
		refuse(list, origin, "a seed is 16 to 1024 bytes long");
		return;
	}
	if (list->count == HOSTSEED_COUNT_MAX) {
		refuse(list, origin, "more than 8 seeds");
		return;
	}
	(void)crypto_hash_sha512(hash, raw, len_bytes);
	/* The same random_seed lies in the config drive and with cloud-init. */
	for (size_t i = 0; i < list->count; i++)
		if (memcmp(list->seeds[i].hash, hash, HOSTSEED_HASH_BYTES) == 0)
			return;
	seed->origin = origin;
	seed->len_bytes = len_bytes;
	memcpy(seed->bytes, raw, len_bytes);
	memcpy(seed->hash, hash, HOSTSEED_HASH_BYTES);
	list->count++;
}

/* Words can be a seed too, but nobody knows what a letter of them is worth. */
static void add_text(struct hostseed_list *list, const char *origin,
		     const char *text, size_t len_bytes)
{
	uint8_t raw[HOSTSEED_BYTES_MAX];
	ssize_t n = seed_text_decode(text, len_bytes, raw, sizeof raw);
	size_t before = list->count;

	if (n >= 0) {
		add_seed(list, origin, raw, (size_t)n);
	} else {
		add_seed(list, origin, (const uint8_t *)text, len_bytes);
		list->plain |= list->count > before;
	}
	wipe(raw, sizeof raw);
}

static void take_smbios(struct hostseed_list *list, const char *origin,
			const uint8_t *raw, size_t len_bytes)
{
	const char *text;
	ssize_t len;

	for (size_t i = 0; (len = smbios_string(raw, len_bytes, i, &text)) >= 0;
	     i++) {
		for (size_t k = 0; k < ARRAY_LEN(smbios_prefixes); k++) {
			size_t skip = strlen(smbios_prefixes[k]);

			if ((size_t)len < skip ||
			    memcmp(text, smbios_prefixes[k], skip) != 0)
				continue;
			add_text(list, origin, text + skip, (size_t)len - skip);
		}
	}
	if (len != -ENOENT)
		refuse(list, origin, "malformed OEM strings");
}

static void take_json(struct hostseed_list *list, const struct place *place,
		      const uint8_t *raw, size_t len_bytes)
{
	static const char mark[] = "ci-b64:";
	char value[2 * HOSTSEED_BYTES_MAX];
	const char *text;
	size_t n = 0;
	ssize_t len = hostseed_json_string((const char *)raw, len_bytes,
					   place->keys, &text);

	if (len == -EBADMSG)
		refuse(list, place->origin, "malformed JSON");
	if (len > 0 && (size_t)len > sizeof value)
		refuse(list, place->origin, "random_seed is too long");
	if (len <= 0 || (size_t)len > sizeof value)
		return;
	/* cloud-init marks what it encoded itself. */
	if ((size_t)len >= sizeof mark - 1 &&
	    memcmp(text, mark, sizeof mark - 1) == 0) {
		text += sizeof mark - 1;
		len -= (ssize_t)sizeof mark - 1;
	}
	/* A slash may be written as "\/"; base64 has no other escape. */
	for (ssize_t i = 0; i < len; i++)
		if (text[i] != '\\' || i + 1 == len || text[i + 1] != '/')
			value[n++] = text[i];
	add_text(list, place->origin, value, n);
	wipe(value, sizeof value);
}

static void take_content(const struct place *place, uint8_t *buf, ssize_t n,
			 struct hostseed_list *list)
{
	if (n <= 0)
		return;
	if (n == FILE_BYTES_MAX)
		refuse(list, place->origin, "larger than 256 KiB");
	else if (place->form == FORM_SMBIOS)
		take_smbios(list, place->origin, buf, (size_t)n);
	else if (place->form == FORM_JSON)
		take_json(list, place, buf, (size_t)n);
	else
		add_seed(list, place->origin, buf, (size_t)n);
}

static void take_place(const struct source_env *env, const struct place *place,
		       struct hostseed_list *list)
{
	int fd = source_open_path(env, place->path,
				  O_RDONLY | O_NONBLOCK | O_NOCTTY);
	uint8_t *buf;

	if (fd == -EACCES || fd == -EPERM)
		list->denied = true;
	if (fd < 0)
		return;
	/* Large, and on most machines none of these files is there. */
	buf = locked_alloc(FILE_BYTES_MAX, NULL);
	if (buf)
		take_content(place, buf, fd_read_some(fd, buf, FILE_BYTES_MAX),
			     list);
	locked_free(buf, FILE_BYTES_MAX);
	fd_close(&fd);
}

/* A service that was given LoadCredential=random.seed finds it here. */
static const char *credential_path(char *buf, size_t cap_bytes)
{
	const char *dir = secure_getenv("CREDENTIALS_DIRECTORY");
	int len;

	if (!dir || dir[0] != '/')
		return NULL;
	len = snprintf(buf, cap_bytes, "%s/random.seed", dir);
	return len > 0 && (size_t)len < cap_bytes ? buf : NULL;
}

static void take_credential(const struct source_env *env,
			    struct hostseed_list *list)
{
	char path[256];
	const struct place place = { path, "credential", FORM_RAW, NULL };

	if (credential_path(path, sizeof path))
		take_place(env, &place, list);
}

const char *hostseed_place_at(size_t index, char *buf, size_t cap_bytes)
{
	if (index < ARRAY_LEN(places))
		return places[index].path;
	return index == ARRAY_LEN(places) ? credential_path(buf, cap_bytes) :
					    NULL;
}

static void take_configured(const struct source_env *env, const char *path,
			    struct hostseed_list *list)
{
	size_t len = strlen(path);
	bool json = len > 5 && strcmp(path + len - 5, ".json") == 0;
	const struct place place = { path, "configured",
				     json ? FORM_JSON : FORM_RAW,
				     openstack_keys };

	take_place(env, &place, list);
}

void hostseed_find(const struct source_env *env, const char *path,
		   struct hostseed_list *ret_list)
{
	memset(ret_list, 0, sizeof *ret_list);
	if (path) {
		take_configured(env, path, ret_list);
	} else {
		for (size_t i = 0; i < ARRAY_LEN(places); i++)
			take_place(env, &places[i], ret_list);
		take_credential(env, ret_list);
	}
}
