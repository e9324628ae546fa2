/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "daemon/sandbox.h"

#define OVERFLOW_ID 65534

void sandbox_find_user(const char *user, uid_t *ret_uid, gid_t *ret_gid,
		       bool *ret_found)
{
	FILE *f = fopen("/etc/passwd", "re");
	struct passwd *p = NULL;

	*ret_uid = *ret_gid = OVERFLOW_ID;
	*ret_found = false;
	while (f && (p = fgetpwent(f)) && strcmp(p->pw_name, user) != 0)
		;
	if (p && p->pw_uid != 0) {
		*ret_uid = p->pw_uid;
		*ret_gid = p->pw_gid;
		*ret_found = true;
	}
	if (f)
		(void)fclose(f);
}

/* Keys are in this process: no core dump and no ptrace by its own user. */
static int no_dumps(void)
{
	const struct rlimit none = { 0, 0 };

	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
	    setrlimit(RLIMIT_CORE, &none) < 0)
		return -errno;
	return 0;
}

/*
 * The capability sets of this process, by the two system calls: a library would
 * ask for and drop each of the bounding set one by one, a quarter of the time
 * that --once has in a small guest, and no_new_privs makes that set idle.
 */
static int set_capabilities(uint64_t keep)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, data) < 0)
		return -errno;
	for (unsigned i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		data[i].permitted &= (uint32_t)(keep >> (32 * i));
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	if (syscall(SYS_capset, &header, data) < 0)
		return -errno;
	return 0;
}

static bool has_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	uint32_t any = 0;

	if (syscall(SYS_capget, &header, data) < 0)
		return true;
	for (unsigned i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		any |= data[i].permitted | data[i].effective |
		       data[i].inheritable;
	return any != 0;
}

static int verify_dropped(uid_t uid, gid_t gid)
{
	uid_t ruid, euid, suid;
	gid_t rgid, egid, sgid;

	if (getresuid(&ruid, &euid, &suid) < 0 ||
	    getresgid(&rgid, &egid, &sgid) < 0)
		return -errno;
	if (ruid != uid || euid != uid || suid != uid || rgid != gid ||
	    egid != gid || sgid != gid || getgroups(0, NULL) != 0)
		return -EPERM;
	/* The proof is in the trying. */
	if (setuid(0) == 0 || setgid(0) == 0)
		return -EPERM;
	return has_capabilities() ? -EPERM : 0;
}

int sandbox_drop(uid_t uid, gid_t gid)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	if (geteuid() != 0)
		return no_dumps();
	if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 ||
	    setresuid(uid, uid, uid) < 0)
		return -errno;
	if (set_capabilities(0) < 0 || verify_dropped(uid, gid) < 0)
		return -EPERM;
	return no_dumps();
}

#define GROUPS_MAX 16

void sandbox_join_groups(const char *const *paths, size_t n_paths)
{
	gid_t groups[GROUPS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < n_paths && n < GROUPS_MAX; i++) {
		struct stat st;

		if (stat(paths[i], &st) == 0 && st.st_mode & S_IRGRP)
			groups[n++] = st.st_gid;
	}
	/* Not root: nothing to join, and nothing is lost. */
	(void)!setgroups(n, groups);
}

int sandbox_keep(void)
{
	/* RNDADDENTROPY and RNDRESEEDCRNG; end the other part; /dev/kmsg. */
	static const uint64_t keep = UINT64_C(1) << CAP_SYS_ADMIN |
				     UINT64_C(1) << CAP_KILL |
				     UINT64_C(1) << CAP_SYSLOG;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	if (geteuid() == 0 && set_capabilities(keep) < 0)
		return -EPERM;
	return no_dumps();
}
