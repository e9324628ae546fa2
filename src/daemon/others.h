/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DAEMON_OTHERS_H
#define AQUIFER_DAEMON_OTHERS_H

/* Other programs that feed the kernel: named, and left alone. */
#include <stddef.h>

/*
 * others_find - names of running entropy daemons, ", " between them.
 * root: prefix of /proc; "" for the running machine.
 * Returns how many there are (0: ret_names is ""). A /proc that hides
 * processes hides them from here too.
 */
unsigned others_find(const char *root, char *ret_names, size_t cap_bytes);

#endif
