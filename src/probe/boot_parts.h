/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_BOOT_PARTS_H
#define AQUIFER_PROBE_BOOT_PARTS_H

/* Inside the family `boot`: each part fills its own facts. */
#include "probe/boot.h"

/* ret_log and ret_readers from the kernel's log. */
void probe_boot_log(const struct probe_root *root, struct boot_log *ret_log,
		    struct boot_readers *ret_readers);

/*
 * boot_reader_line - a line that tells of an early reader, without its
 * "random: ". Returns false where it tells of none.
 */
bool boot_reader_line(struct boot_readers *readers, const char *text,
		      double time_s);

/*
 * ret_tasks from /proc/PID.
 * shallow: nobody can wait on this kernel any more; a look at each process is
 *          enough.
 */
void probe_boot_tasks(const struct probe_root *root, bool shallow,
		      struct boot_tasks *ret_tasks);

/* Numbers of system calls, as /proc/PID/syscall shows them. */
enum boot_arch {
	BOOT_ARCH_UNKNOWN,
	BOOT_ARCH_X86,
	BOOT_ARCH_ARM,
	BOOT_ARCH_GENERIC,
	BOOT_ARCH_S390,
	BOOT_ARCH_PPC
};

enum boot_arch probe_boot_arch(const struct probe_root *root);

/* boot_wait_of_function - by a name of wchan or of a line of stack. */
enum boot_wait boot_wait_of_function(const char *function);

/* boot_wait_is_function, _is_call - may wchan, or syscall, hold such a text? */
bool boot_wait_is_function(const char *text);
bool boot_wait_is_call(const char *text);

/*
 * boot_wait_of_syscall - by the text of /proc/PID/syscall. ret_fd: the
 * descriptor of a read, which may be one of /dev/random; -1.
 */
enum boot_wait boot_wait_of_syscall(enum boot_arch arch, const char *text,
				    int *ret_fd);

/* ret_services from the text logs. */
void probe_boot_services(const struct probe_root *root,
			 struct boot_services *ret_services);

#endif
