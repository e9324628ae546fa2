/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/bytes.h"
#include "base/fd.h"
#include "cmd/assess_memory.h"

/* Stacks, libraries and what the engines do not count. */
#define SPARE_BYTES (16u << 20)

/* "Name:  123 kB" of a file in /proc; 0 where it is not there. */
static uint64_t proc_bytes(const char *path, const char *name)
{
	char text[8192];
	const char *at;

	if (fd_read_file("", path, text, sizeof text) < 0)
		return 0;
	at = strstr(text, name);
	return at ? strtoull(at + strlen(name), NULL, 10) * 1024 : 0;
}

static void below(struct assess_memory *m, uint64_t bytes, const char *by)
{
	if (bytes < m->free_bytes)
		*m = (struct assess_memory){ bytes, by };
}

static void below_limit(struct assess_memory *m, int resource, const char *used,
			const char *by)
{
	struct rlimit limit;
	uint64_t now_bytes;

	if (getrlimit(resource, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY)
		return;
	now_bytes = proc_bytes("/proc/self/status", used) + SPARE_BYTES;
	below(m, now_bytes < limit.rlim_cur ? limit.rlim_cur - now_bytes : 0,
	      by);
}

struct assess_memory assess_memory(void)
{
	struct assess_memory m = { UINT64_MAX, "the address space" };
	uint64_t available = proc_bytes("/proc/meminfo", "MemAvailable:");

	/* Without /proc there is nothing to go by. */
	if (available != 0)
		below(&m, available, "what is free on this machine");
	below(&m, assess_cgroup_free_bytes(), "the control group's limit");
	below_limit(&m, RLIMIT_AS, "VmSize:", "ulimit -v");
	below_limit(&m, RLIMIT_DATA, "VmData:", "ulimit -d");
	return m;
}

const char *assess_memory_says(struct assess_texts *t)
{
	struct assess_memory m = assess_memory();

	if (m.free_bytes == 0)
		return assess_say(t, "none can be had (%s)", m.by);
	return assess_say(t, "%s can be had (%s)", assess_size(t, m.free_bytes),
			  m.by);
}

/*
 * Memory that was promised and is not there ends a process without a word; a
 * limit of our own makes the allocation fail instead.
 */
void assess_memory_limit(uint64_t more_bytes)
{
	uint64_t now_bytes = proc_bytes("/proc/self/status", "VmData:");
	struct rlimit limit;

	if (now_bytes == 0 || more_bytes > UINT64_MAX / 2 ||
	    getrlimit(RLIMIT_DATA, &limit) < 0)
		return;
	limit.rlim_cur = min_u64(limit.rlim_cur, now_bytes + more_bytes);
	(void)setrlimit(RLIMIT_DATA, &limit);
}

int assess_no_memory(const struct assess_input *in, uint64_t need_bytes)
{
	return cmd_fail(&command_assess, EXIT_MACHINE,
			"%s: its samples need %s of memory and %s; nothing was "
			"started",
			in->name, assess_size(in->texts, need_bytes),
			assess_memory_says(in->texts));
}

uint8_t *assess_ask(struct assess_input *in, uint64_t n_bytes, int *ret_code)
{
	uint8_t *p = NULL;

	if (n_bytes < SIZE_MAX / 2 && n_bytes <= assess_memory().free_bytes)
		p = malloc((size_t)n_bytes + 1);
	*ret_code = p ? 0 : assess_no_memory(in, n_bytes);
	return p;
}
