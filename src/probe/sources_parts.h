/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_SOURCES_PARTS_H
#define AQUIFER_PROBE_SOURCES_PARTS_H

/*
 * Inside the family `sources`: its parts, each of which fills its fields of the
 * facts and leaves the rest alone, and what they read with.
 */
#include "probe/sources.h"

#define SOURCES_PATH_BYTES 256

/* sources_line_read - one file of a line, and why it is not there. */
void sources_line_read(const struct probe_root *root, const char *path,
		       struct sources_line *ret_line);

/* sources_text - a line's text, cut to cap_bytes; "" where there is none. */
void sources_text(const struct probe_root *root, const char *path,
		  char *ret_text, size_t cap_bytes);

/* sources_copy - at most cap_bytes - 1, what does not print becomes '?'. */
void sources_copy(char *ret_text, size_t cap_bytes, const char *text);

/* sources_has_word - in a list separated by blanks or line ends. */
bool sources_has_word(const char *list, const char *word);

/* sources_next_line - cuts text at its line end; NULL after the last. */
char *sources_next_line(char **text);

/*
 * sources_driver - the driver of a device by its link, its uevent or the
 * driver's own directory (bus/BUS/drivers); "" where it has none.
 */
void sources_driver(const struct probe_root *root, const char *device_path,
		    char *ret_driver, size_t cap_bytes);

void probe_sources_virtio(const struct probe_root *root,
			  struct sources_facts *f);
int probe_sources_modules(const struct probe_root *root, const char *release,
			  struct sources_facts *f);
void probe_sources_initramfs(const struct probe_root *root,
			     struct sources_facts *f);
/* probe_sources_config - returns 0 or -ENOMEM. */
int probe_sources_config(const struct probe_root *root, const char *release,
			 struct sources_facts *f);
void probe_sources_hwrng(const struct probe_root *root, struct sources_facts *f);
void probe_sources_tpm(const struct probe_root *root, struct sources_facts *f);
void probe_sources_bootloader(const struct probe_root *root,
			      struct sources_facts *f);
void probe_sources_cpu(const struct probe_root *root, struct sources_facts *f);
void probe_sources_command_line(const struct probe_root *root,
				struct sources_facts *f);
/* probe_sources_log - after the others: it completes what they saw. */
void probe_sources_log(const struct probe_root *root, struct sources_facts *f);

/*
 * sources_unpack - gunzip in memory that the caller frees, NUL-terminated.
 * Returns the length; -EBADMSG, -EFBIG above max_bytes, -ENOMEM.
 */
ssize_t sources_unpack(const char *packed, size_t len_bytes, size_t max_bytes,
		       char **ret_text);

/* sources_config_parse - the options of a kernel's .config. Pure. */
void sources_config_parse(char *text, struct sources_config *config);

/* sources_command_line_parse - the kernel's words that matter. Pure. */
void sources_command_line_parse(char *text, struct sources_command_line *c);

/* sources_log_text - what a line of the kernel's log says. Pure. */
void sources_log_text(const char *text, struct sources_facts *f);

#endif
