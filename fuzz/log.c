/* SPDX-License-Identifier: ISC */
/*
 * A log that anybody may have written to, and the words in it that are looked
 * for; a file of /proc/PID. Whatever it is: each line ends within the text, a
 * time is a number of seconds or none, nothing that a terminal obeys gets on,
 * and what is kept stays within its bounds.
 */
#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/boot_parts.h"
#include "probe/log.h"

/* An assertion must hold in every build. */
#ifdef NDEBUG
#error "fuzzers are built with assertions"
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct walk {
	const char *from, *to;
	size_t n;
	struct boot_readers readers;
};

static bool each(void *context, const struct log_line *l)
{
	struct walk *w = context;

	w->n++;
	assert(l->text >= w->from && l->text <= w->to);
	assert(l->text + strlen(l->text) <= w->to);
	assert(isnan(l->time_s) || (l->time_s >= 0 && l->time_s < 1e19));
	assert(isnan(l->wall_s) || fabs(l->wall_s) < 1e12);
	assert((l->ident[0] == '\0') || !l->kernel);
	for (const char *p = l->text; *p != '\0'; p++)
		assert(!iscntrl((unsigned char)*p));
	(void)boot_reader_line(&w->readers, l->text, l->time_s);
	return true;
}

static char *copy_of(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	assert(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

static void judge_log(const uint8_t *data, size_t size, bool cut)
{
	char *text = copy_of(data, size);
	struct walk w = { .from = text, .to = text + size };
	struct log_state st;

	probe_log_parse(text, size, cut, &st, each, &w);
	assert(st.n_lines == w.n);
	assert(isnan(st.first_s) == isnan(st.last_s));
	assert(isnan(st.first_s) || st.first_s <= st.last_s);
	assert(w.readers.count <= BOOT_READERS_MAX);
	for (size_t i = 0; i < w.readers.count; i++)
		assert(memchr(w.readers.at[i].name, '\0',
			      sizeof w.readers.at[i].name) != NULL &&
		       w.readers.at[i].count > 0);
	free(text);
}

static void judge_words(const uint8_t *data, size_t size)
{
	char *text = copy_of(data, size);
	char value[8];
	int fd;

	for (int arch = BOOT_ARCH_UNKNOWN; arch <= BOOT_ARCH_PPC; arch++) {
		(void)boot_wait_of_syscall((enum boot_arch)arch, text, &fd);
		assert(fd >= -1 && fd < 1 << 20);
	}
	(void)boot_wait_of_function(text);
	if (boot_command_line_option(text, "random.trust_cpu", value,
				     sizeof value))
		assert(strlen(value) < sizeof value);
	else
		assert(boot_command_line_bool(text, "random.trust_cpu") == -1);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 1 << 16)
		return 0;
	judge_log(data, size, false);
	judge_log(data, size, true);
	judge_words(data, size);
	return 0;
}
