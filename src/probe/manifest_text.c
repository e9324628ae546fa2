/* SPDX-License-Identifier: ISC */
/* The words of a manifest: escaped text, types, errors; and writing it. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "probe/manifest_words.h"

static const struct {
	char letter;
	mode_t type;
} types[] = {
	/* clang-format off */
	{ 'f', S_IFREG }, { 'd', S_IFDIR }, { 'l', S_IFLNK }, { 'c', S_IFCHR },
	{ 'b', S_IFBLK }, { 'p', S_IFIFO }, { 's', S_IFSOCK },
	/* clang-format on */
};

/* Numbers differ between architectures, names do not. */
static const struct {
	const char *name;
	int error;
} errors[] = {
	/* clang-format off */
	{ "EACCES", EACCES }, { "EPERM", EPERM }, { "EIO", EIO },
	{ "EINVAL", EINVAL }, { "ENODEV", ENODEV }, { "ENXIO", ENXIO },
	{ "ESRCH", ESRCH }, { "ELOOP", ELOOP }, { "EBUSY", EBUSY },
	{ "ENOTSUP", ENOTSUP }, { "EAGAIN", EAGAIN }, { "ENODATA", ENODATA },
	{ "EFBIG", EFBIG }, { "ENAMETOOLONG", ENAMETOOLONG },
	{ "ENOSYS", ENOSYS }, { "ENOTDIR", ENOTDIR }, { "EISDIR", EISDIR },
	{ "ETIMEDOUT", ETIMEDOUT }, { "EREMOTEIO", EREMOTEIO },
	{ "EOVERFLOW", EOVERFLOW }, { "ENOENT", ENOENT },
	/* clang-format on */
};

static const char *const contents[] = {
	[MANIFEST_NOTHING] = "-",         [MANIFEST_KEPT] = "kept",
	[MANIFEST_CUT] = "cut",           [MANIFEST_REPLACED] = "replaced",
	[MANIFEST_LEFT_OUT] = "left-out",
};

static bool is_plain(unsigned char c)
{
	return c > ' ' && c < 0x7f && c != '\\';
}

void manifest_escape(const char *text, char *ret_text)
{
	static const char digits[] = "0123456789abcdef";

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (is_plain(c)) {
			*ret_text++ = (char)c;
			continue;
		}
		*ret_text++ = '\\';
		*ret_text++ = 'x';
		*ret_text++ = digits[c >> 4];
		*ret_text++ = digits[c & 15];
	}
	*ret_text = '\0';
}

bool manifest_unescape(char *text)
{
	char *out = text;

	while (*text != '\0') {
		uint8_t byte;
		char hex[3];

		if (*text != '\\') {
			if (!is_plain((unsigned char)*text))
				return false;
			*out++ = *text++;
			continue;
		}
		if (text[1] != 'x' || text[2] == '\0' || text[3] == '\0')
			return false;
		memcpy(hex, text + 2, 2);
		hex[2] = '\0';
		if (hex_decode(hex, &byte, 1) != 1 || byte == 0)
			return false;
		*out++ = (char)byte;
		text += 4;
	}
	*out = '\0';
	return true;
}

bool manifest_type(const char *word, mode_t *ret_type)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (word[0] != types[i].letter || word[1] != '\0')
			continue;
		*ret_type = types[i].type;
		return true;
	}
	return false;
}

bool manifest_content(const char *word, enum manifest_content *ret_content,
		      int *ret_error)
{
	for (size_t i = 0; i < ARRAY_LEN(contents); i++) {
		if (strcmp(word, contents[i]) != 0)
			continue;
		*ret_content = (enum manifest_content)i;
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
		if (strcmp(word, errors[i].name) != 0)
			continue;
		*ret_content = MANIFEST_ERROR;
		*ret_error = -errors[i].error;
		return true;
	}
	return false;
}

/* What has no name here was some failure of the machine: EIO. */
static const char *error_name(int error)
{
	for (size_t i = 0; i < ARRAY_LEN(errors); i++)
		if (error == -errors[i].error)
			return errors[i].name;
	return "EIO";
}

static char type_letter(mode_t mode)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if ((mode & S_IFMT) == types[i].type)
			return types[i].letter;
	return '?';
}

int manifest_write_head(FILE *out, const struct manifest *m)
{
	static const char *const kinds[] = {
		[PROBE_LIVE] = "live",
		[PROBE_RECORD] = "record",
		[PROBE_IMAGE] = "image",
	};

	(void)fprintf(out, "%s\nkind %s\n", MANIFEST_MAGIC, kinds[m->kind]);
	if (m->live.known)
		(void)fprintf(out, "live %d %d %" PRId64 " %" PRIu64 "\n",
			      m->live.crng_ready, m->live.privileged,
			      m->live.realtime_s, m->live.boottime_ns);
	for (size_t i = 0; i < m->n_cpuid; i++) {
		const struct manifest_cpuid *c = &m->cpuid[i];

		(void)fprintf(out, "cpuid %x %x %x %x %x %x\n", c->leaf,
			      c->subleaf, c->regs[0], c->regs[1], c->regs[2],
			      c->regs[3]);
	}
	return ferror(out) ? -EIO : 0;
}

int manifest_write_entry(FILE *out, const struct manifest_entry *e)
{
	char escaped[4 * 4096 + 1];
	const struct probe_stat *st = &e->st;

	if (strlen(e->path) > 4096 ||
	    (e->target != NULL && strlen(e->target) > 4096))
		return -ENAMETOOLONG;
	manifest_escape(e->path, escaped);
	if (e->seen)
		(void)fprintf(out, "%c %04o %u %u %" PRIu64 " %" PRId64 " %u:%u",
			      type_letter(st->mode),
			      (unsigned)(st->mode & 07777), (unsigned)st->uid,
			      (unsigned)st->gid, st->size_bytes, st->mtime_s,
			      st->rdev_major, st->rdev_minor);
	else
		(void)fprintf(out, "? 0000 0 0 0 0 0:0");
	(void)fprintf(out, " %s %s",
		      e->content == MANIFEST_ERROR || !e->seen ?
			      error_name(e->error) :
			      contents[e->content],
		      escaped);
	if (e->target != NULL) {
		manifest_escape(e->target, escaped);
		(void)fprintf(out, " %s", escaped);
	}
	(void)fputc('\n', out);
	return ferror(out) ? -EIO : 0;
}
