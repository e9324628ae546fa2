/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_SERVICES_PARTS_H
#define AQUIFER_PROBE_SERVICES_PARTS_H

/* Inside the family `services`: its parts. */
#include <errno.h>
#include <sys/stat.h>

#include "probe/clones_parts.h"
#include "probe/services.h"

/* services_known - by the name of its process; DAEMON_COUNT: none of them. */
enum services_daemon services_known(const char *comm);

/* services_is_random - does a path lead to 1:8 or 1:9 below this root? */
bool services_is_random(const struct probe_root *root, const char *path);

void services_probe_processes(const struct probe_root *root,
			      struct services_facts *f);
void services_probe_packages(const struct probe_root *root,
			     struct services_facts *f);
void services_probe_feeds(const struct probe_root *root,
			  struct services_facts *f);
void services_probe_nodes(const struct probe_root *root,
			  struct services_facts *f);

#endif
