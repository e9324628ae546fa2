/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/wipe.h"
#include "probe/keep.h"

/* A line or a stanza above this is none of those that are looked for. */
#define PART_BYTES_MAX 65536

/* Words of lines and names of packages that a check may ask for. */
static const char *const words[] = {
	"rng",       "random",  "crng",       "entropy",    "haveged",
	"jitter",    "seed",    "virtio",     "tpm",        "vmgenid",
	"vmclock",   "kvm",     "qemu",       "xen",        "hyperv",
	"hv_",       "vmw",     "nitro",      "fips",       "ssh",
	"pollinate", "aquifer", "systemd",    "cloud-init", "microcode",
	"sev",       "tdx",     "machine-id", "libvirt",    "clone",
	"restor",    "suspend", "resume",     "snapshot",   "linux-image",
	"udev",      "openssl", "dropbear",   "libgcrypt",  "dracut",
	"initramfs", "busybox", "egd",        "esdm",       "infnoise",
	"ekey",      "turbid",  "timer_ent",  "dhc",        "fork",
};

/* What tells that user data hold a secret, in their own spelling. */
static const char *const marks[] = {
	"PRIVATE KEY", "_private:", "chpasswd", "passwd:",
	"password",    "secret",    "token",
};

void keep_begin(struct keep *k, struct keep_rule rule)
{
	memset(k, 0, sizeof *k);
	k->rule = rule;
	if (rule.class == KEEP_STAT || rule.class == KEEP_SECRET)
		k->error = -ENODATA;
}

static int append(char **text, size_t *len, size_t *cap, const char *bytes,
		  size_t n)
{
	if (*text == NULL || *len + n + 1 > *cap) {
		size_t more_cap = *cap == 0 ? 256 : *cap;
		char *more;

		while (more_cap < *len + n + 1)
			more_cap *= 2;
		more = realloc(*text, more_cap);
		if (more == NULL)
			return -ENOMEM;
		*text = more;
		*cap = more_cap;
	}
	memcpy(*text + *len, bytes, n);
	*len += n;
	(*text)[*len] = '\0';
	return 0;
}

static void keep_out(struct keep *k, const char *bytes, size_t n)
{
	if (k->error < 0)
		return;
	if (k->len_bytes + n > k->rule.max_bytes)
		k->error = -EFBIG;
	else
		k->error = append(&k->out, &k->len_bytes, &k->cap_bytes, bytes,
				  n);
}

static bool has_a_word(const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcasestr(text, words[i]) != NULL)
			return true;
	return false;
}

/* The words alone, never what stands beside them. */
static void keep_marks(struct keep *k, const char *line)
{
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		if (strcasestr(line, marks[i]) == NULL)
			continue;
		keep_out(k, marks[i], strlen(marks[i]));
		keep_out(k, "\n", 1);
	}
}

/* "Package: NAME" of dpkg, "P:NAME" of apk. */
static bool is_wanted_stanza(const char *text)
{
	static const char *const keys[] = { "Package:", "P:" };

	for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
			size_t len = strlen(keys[i]);
			char name[128];

			if (strncmp(line, keys[i], len) != 0)
				continue;
			len = strcspn(line, "\n");
			if (len >= sizeof name)
				return false;
			memcpy(name, line, len);
			name[len] = '\0';
			return has_a_word(name);
		}
	}
	return false;
}

static void end_part(struct keep *k)
{
	if (k->part_bytes > 0 && !k->part_too_long) {
		if (k->rule.class == KEEP_MARKS)
			keep_marks(k, k->part);
		else if (k->rule.class == KEEP_LINES ? has_a_word(k->part) :
						       is_wanted_stanza(k->part))
			keep_out(k, k->part, k->part_bytes);
	}
	k->part_bytes = 0;
	k->part_too_long = false;
}

static bool is_by_line(const struct keep *k)
{
	return k->rule.class == KEEP_LINES || k->rule.class == KEEP_MARKS;
}

/* A line ends a part; of stanzas an empty one does. */
static void feed_line(struct keep *k, const char *bytes, size_t n)
{
	bool ends = n > 0 && bytes[n - 1] == '\n';
	bool empty = n == 1 && ends &&
		     (k->part_bytes == 0 || k->part[k->part_bytes - 1] == '\n');

	if (k->part_bytes + n > PART_BYTES_MAX)
		k->part_too_long = true;
	if (!k->part_too_long && k->error == 0)
		k->error = append(&k->part, &k->part_bytes, &k->part_cap_bytes,
				  bytes, n);
	/* Where one begins and ends stays known in a part too long to hold. */
	else if (k->part_bytes > 0)
		k->part[k->part_bytes - 1] = ends ? '\n' : ' ';
	if (ends && (is_by_line(k) || empty))
		end_part(k);
}

void keep_feed(struct keep *k, const char *bytes, size_t len_bytes)
{
	if (k->error < 0)
		return;
	if (!is_by_line(k) && k->rule.class != KEEP_STANZAS) {
		keep_out(k, bytes, len_bytes);
		return;
	}
	while (len_bytes > 0 && k->error == 0) {
		const char *end = memchr(bytes, '\n', len_bytes);
		size_t n = end == NULL ? len_bytes : (size_t)(end + 1 - bytes);

		feed_line(k, bytes, n);
		bytes += n;
		len_bytes -= n;
	}
}

long keep_end(struct keep *k, char **ret_text)
{
	long r;

	if (k->error == 0)
		end_part(k);
	if (k->error == 0 && k->out == NULL)
		keep_out(k, "", 0);
	if (k->error == 0) {
		char *fitting = realloc(k->out, k->len_bytes + 1);

		*ret_text = fitting != NULL ? fitting : k->out;
		r = (long)k->len_bytes;
	} else {
		free(k->out);
		r = k->error;
	}
	if (k->part != NULL)
		wipe(k->part, k->part_cap_bytes);
	free(k->part);
	memset(k, 0, sizeof *k);
	return r;
}
