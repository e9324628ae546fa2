/* SPDX-License-Identifier: ISC */
#include <cap-ng.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/bytes.h"
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
	if (capng_get_caps_process() < 0 ||
	    capng_have_capabilities(CAPNG_SELECT_CAPS) != CAPNG_NONE)
		return -EPERM;
	return 0;
}

int sandbox_drop(uid_t uid, gid_t gid)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	if (geteuid() != 0)
		return no_dumps();
	/* Bounding set first: it takes a capability that goes with the uid. */
	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_apply(CAPNG_SELECT_BOUNDS) < 0 && errno != EPERM)
		return -EPERM;
	if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 ||
	    setresuid(uid, uid, uid) < 0)
		return -errno;
	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_apply(CAPNG_SELECT_CAPS) < 0)
		return -EPERM;
	if (verify_dropped(uid, gid) < 0)
		return -EPERM;
	return no_dumps();
}

int sandbox_keep(void)
{
	/* RNDADDENTROPY and RNDRESEEDCRNG; end the other part; /dev/kmsg. */
	static const unsigned keep[] = { CAP_SYS_ADMIN, CAP_KILL, CAP_SYSLOG };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	if (geteuid() != 0)
		return no_dumps();
	if (capng_get_caps_process() < 0)
		return -EPERM;
	for (unsigned cap = 0; cap <= CAP_LAST_CAP; cap++) {
		bool kept = false;

		for (size_t i = 0; i < ARRAY_LEN(keep); i++)
			kept |= keep[i] == cap;
		if (!kept)
			(void)capng_update(CAPNG_DROP,
					   CAPNG_EFFECTIVE | CAPNG_PERMITTED |
						   CAPNG_INHERITABLE,
					   cap);
	}
	if (capng_apply(CAPNG_SELECT_CAPS) < 0)
		return -EPERM;
	return no_dumps();
}
