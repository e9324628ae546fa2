/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_RANDOM_IOCTL_H
#define AQUIFER_TESTS_RANDOM_IOCTL_H

#include <errno.h>
#include <linux/random.h>
#include <stdbool.h>
#include <sys/ioctl.h>

#define NO_ADD "RNDADDENTROPY is not known here (an emulator of system calls)"

/*
 * An emulator of system calls may not know this ioctl, and then says ENOSYS
 * even of a descriptor that is none; a kernel looks at the descriptor first.
 */
static inline bool add_is_known(void)
{
	return ioctl(-1, RNDADDENTROPY, NULL) == -1 && errno == EBADF;
}

#endif
