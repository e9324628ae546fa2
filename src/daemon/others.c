/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/fd.h"
#include "daemon/others.h"

static const char *const names[] = {
	"rngd",   "haveged", "jitterentropy-rngd", "esdm-server",
	"egd.pl", "ekeyd",   "infnoise",           "qrngd",
};

/* /proc/PID/comm holds no more. */
#define COMM_CHARACTERS 15

static bool is_pid(const char *name)
{
	return name[0] >= '1' && name[0] <= '9' &&
	       strspn(name, "0123456789") == strlen(name);
}

static int known(const char *comm)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strncmp(comm, names[i], COMM_CHARACTERS) == 0)
			return (int)i;
	}
	return -1;
}

unsigned others_find(const char *root, char *ret_names, size_t cap_bytes)
{
	bool seen[ARRAY_LEN(names)] = { false };
	char path[300], comm[64];
	unsigned count = 0;
	struct dirent *entry;
	size_t used = 0;
	DIR *proc;

	ret_names[0] = '\0';
	(void)snprintf(path, sizeof path, "%s/proc", root);
	proc = opendir(path);
	while (proc && (entry = readdir(proc))) {
		int i;

		if (!is_pid(entry->d_name))
			continue;
		(void)snprintf(path, sizeof path, "/proc/%.20s/comm",
			       entry->d_name);
		if (fd_read_file(root, path, comm, sizeof comm) < 0)
			continue;
		i = known(comm);
		if (i < 0 || seen[i])
			continue;
		seen[i] = true;
		if (used < cap_bytes)
			used += (size_t)snprintf(ret_names + used,
						 cap_bytes - used, "%s%s",
						 count ? ", " : "", names[i]);
		count++;
	}
	if (proc)
		(void)closedir(proc);
	return count;
}
