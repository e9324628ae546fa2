/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much memory there is for us, found before any of it is asked for. */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/bytes.h"
#include "base/fd.h"
#include "cmd/assess.h"

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

static uint64_t below_limit(uint64_t most, int resource, const char *used)
{
	struct rlimit limit;
	uint64_t now_bytes;

	if (getrlimit(resource, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY)
		return most;
	now_bytes = proc_bytes("/proc/self/status", used) + SPARE_BYTES;
	if (now_bytes >= limit.rlim_cur)
		return 0;
	return min_u64(most, limit.rlim_cur - now_bytes);
}

/* Of the control group, where it is the root of what we see. */
static uint64_t below_cgroup(uint64_t most)
{
	char text[64];
	uint64_t limit, used;

	if (fd_read_file("", "/sys/fs/cgroup/memory.max", text, sizeof text) < 0 ||
	    *text < '0' || *text > '9')
		return most;
	limit = strtoull(text, NULL, 10);
	if (fd_read_file("", "/sys/fs/cgroup/memory.current", text,
			 sizeof text) < 0)
		return most;
	used = strtoull(text, NULL, 10);
	return min_u64(most, used < limit ? limit - used : 0);
}

uint64_t assess_memory_free_bytes(void)
{
	uint64_t most = proc_bytes("/proc/meminfo", "MemAvailable:");

	/* Without /proc there is nothing to go by. */
	if (most == 0)
		most = UINT64_MAX;
	most = below_cgroup(most);
	most = below_limit(most, RLIMIT_AS, "VmSize:");
	return below_limit(most, RLIMIT_DATA, "VmData:");
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
			"%s: %s are needed for its samples, there are %s",
			in->name, assess_size(in->texts, need_bytes),
			assess_size(in->texts, assess_memory_free_bytes()));
}

uint8_t *assess_ask(struct assess_input *in, uint64_t n_bytes, int *ret_code)
{
	uint8_t *p = NULL;

	if (n_bytes < SIZE_MAX / 2 && n_bytes <= assess_memory_free_bytes())
		p = malloc((size_t)n_bytes + 1);
	*ret_code = p ? 0 : assess_no_memory(in, n_bytes);
	return p;
}
