/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_SOURCE_HOSTSEED_USED_H
#define AQUIFER_SOURCE_HOSTSEED_USED_H

/*
 * Which host seeds were used already: hashes in two files. /run/aquifer lasts a
 * boot and goes from the initramfs to the system; /var/lib/aquifer, where it is
 * there, remembers over boots, so that a host that gives the same seed at every
 * start is credited for it once.
 */
#include <stdbool.h>

#include "source/hostseed_find.h"

struct hostseed_used {
	int run_fd; /* directories; below 0: -errno of the open */
	int lib_fd;
};

/* hostseed_used_open - never fails: what is not there stays below 0. */
void hostseed_used_open(struct hostseed_used *u, const struct source_env *env);

/* hostseed_used_any - was one of these used before? */
bool hostseed_used_any(const struct hostseed_used *u,
		       const struct hostseed_list *list);

/*
 * hostseed_used_mark - write them down, on disk before it returns.
 * ret_again: one was marked before, perhaps by another program meanwhile.
 * Returns 0; -ENOENT: no /run/aquifer; -EROFS, -ENOSPC, -EACCES and so on.
 */
int hostseed_used_mark(const struct hostseed_used *u,
		       const struct hostseed_list *list, bool *ret_again);

void hostseed_used_close(struct hostseed_used *u);

#endif
