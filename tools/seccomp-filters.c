/* SPDX-License-Identifier: ISC */
/*
 * Writes the two seccomp filters of aquiferd as C arrays, at build time: a guest
 * that starves has no time to compile filters, and libseccomp is then nothing
 * that the daemon needs.
 *
 *	seccomp-filters ARCHITECTURE > filters.h
 *
 * ARCHITECTURE: as libseccomp names it (x86_64, aarch64).
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/random.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* What both parts need: memory, time, descriptors, threads, an orderly end. */
/* clang-format off */
static const int common[] = {
	SCMP_SYS(brk), SCMP_SYS(clock_getres), SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep), SCMP_SYS(close), SCMP_SYS(dup),
	SCMP_SYS(dup3), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(fcntl),
	SCMP_SYS(fstat), SCMP_SYS(futex), SCMP_SYS(getpid), SCMP_SYS(getppid),
	SCMP_SYS(gettid), SCMP_SYS(gettimeofday), SCMP_SYS(lseek),
	SCMP_SYS(madvise), SCMP_SYS(mmap), SCMP_SYS(mremap), SCMP_SYS(munmap),
	SCMP_SYS(nanosleep), SCMP_SYS(newfstatat), SCMP_SYS(openat),
	SCMP_SYS(open), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(read),
	SCMP_SYS(readv), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg),
	SCMP_SYS(restart_syscall), SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(sendmsg), SCMP_SYS(sendto),
	SCMP_SYS(tgkill), SCMP_SYS(time), SCMP_SYS(wait4), SCMP_SYS(waitid),
	SCMP_SYS(write), SCMP_SYS(writev),
};

/* Reader threads, the event loop, sources' own calls, the seed file. */
static const int engine_only[] = {
	SCMP_SYS(accept4), SCMP_SYS(access), SCMP_SYS(clone),
	SCMP_SYS(clone3), SCMP_SYS(connect), SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_wait),
	SCMP_SYS(eventfd2), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
	SCMP_SYS(fchmod), SCMP_SYS(fdatasync), SCMP_SYS(flock),
	SCMP_SYS(fsync),
	SCMP_SYS(ftruncate), SCMP_SYS(getcpu), SCMP_SYS(getdents64),
	SCMP_SYS(geteuid), SCMP_SYS(getrusage), SCMP_SYS(getsockopt),
	SCMP_SYS(getuid), SCMP_SYS(listen), SCMP_SYS(lstat),
	SCMP_SYS(membarrier), SCMP_SYS(mincore), SCMP_SYS(mkdirat),
	SCMP_SYS(mlock), SCMP_SYS(munlock),
	SCMP_SYS(pipe2), SCMP_SYS(pread64), SCMP_SYS(pwrite64),
	SCMP_SYS(readlink), SCMP_SYS(readlinkat),
	SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(rename),
	SCMP_SYS(rseq), SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_yield),
	SCMP_SYS(set_robust_list), SCMP_SYS(setsockopt), SCMP_SYS(shutdown),
	SCMP_SYS(sigaltstack), SCMP_SYS(stat), SCMP_SYS(statx),
	SCMP_SYS(timerfd_create), SCMP_SYS(timerfd_settime), SCMP_SYS(uname),
	SCMP_SYS(unlink), SCMP_SYS(unlinkat),
};

static const int monitor_only[] = {
	SCMP_SYS(kill), SCMP_SYS(signalfd4), SCMP_SYS(connect),
	SCMP_SYS(socket), SCMP_SYS(ioctl),
};

/* Nothing here ever starts a program or attaches to one: no error, the end. */
static const int deadly[] = {
	SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
	SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(kexec_load),
	SCMP_SYS(bpf), SCMP_SYS(mount), SCMP_SYS(setns), SCMP_SYS(unshare),
};
/* clang-format on */

static int allow(scmp_filter_ctx ctx, const int *calls, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		/* Negative: a call this architecture does not have. */
		int r = calls[i] < 0 ? 0 :
				       seccomp_rule_add(ctx, SCMP_ACT_ALLOW,
							calls[i], 0);

		if (r < 0)
			return r;
	}
	return 0;
}

static int add_common(scmp_filter_ctx ctx)
{
	int r = allow(ctx, common, ARRAY_LEN(common));

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(deadly); i++) {
		if (deadly[i] >= 0)
			r = seccomp_rule_add(ctx, SCMP_ACT_KILL_PROCESS,
					     deadly[i], 0);
	}
	/* Pages never become code; memory protection otherwise may change. */
	if (r == 0)
		r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				     SCMP_A2(SCMP_CMP_MASKED_EQ, 4, 0));
	/* Only what cannot wait for the kernel's generator. */
	if (r == 0)
		r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(getrandom), 1,
				     SCMP_A2(SCMP_CMP_MASKED_EQ, GRND_NONBLOCK,
					     GRND_NONBLOCK));
	return r;
}

/* One architecture: the one the daemon is built for. */
static int write_filter(const char *name, uint32_t arch,
			int (*add)(scmp_filter_ctx ctx))
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	struct sock_filter code[4096];
	FILE *f = tmpfile();
	size_t n = 0;
	int r = ctx && f ? 0 : -ENOMEM;

	if (r == 0 && arch != seccomp_arch_native())
		r = seccomp_arch_add(ctx, arch);
	if (r == 0 && arch != seccomp_arch_native())
		r = seccomp_arch_remove(ctx, seccomp_arch_native());
	/* A binary tree: fewer steps a call than a list. */
	if (r == 0)
		r = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (r == 0)
		r = add_common(ctx);
	if (r == 0)
		r = add(ctx);
	if (r == 0)
		r = seccomp_export_bpf(ctx, fileno(f));
	if (r == 0 && lseek(fileno(f), 0, SEEK_SET) == 0)
		n = fread(code, sizeof code[0], ARRAY_LEN(code), f);
	if (r == 0 && (n == 0 || n == ARRAY_LEN(code)))
		r = -EFBIG;
	(void)printf("static const struct sock_filter %s[] = {\n", name);
	for (size_t i = 0; i < n; i++)
		(void)printf("\t{ 0x%02x, %u, %u, 0x%08x },\n", code[i].code,
			     code[i].jt, code[i].jf, code[i].k);
	(void)printf("};\n");
	seccomp_release(ctx);
	if (f)
		(void)fclose(f);
	return r;
}

static int add_engine(scmp_filter_ctx ctx)
{
	/* The event loop's, and a generator's serial line. */
	static const unsigned requests[] = { FIONBIO, FIOCLEX, TCGETS, TCSETS };
	int r = allow(ctx, engine_only, ARRAY_LEN(engine_only));

	/* A socket of this machine (a TPM's, a generator's), nothing else. */
	if (r == 0)
		r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
				     SCMP_A0(SCMP_CMP_EQ, AF_UNIX, 0));
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(requests); i++)
		r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
				     SCMP_A1(SCMP_CMP_EQ, requests[i], 0));
	if (r == 0)
		r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 0);
	return r;
}

static int add_monitor(scmp_filter_ctx ctx)
{
	return allow(ctx, monitor_only, ARRAY_LEN(monitor_only));
}

int main(int argc, char **argv)
{
	uint32_t arch = argc == 2 ? seccomp_arch_resolve_name(argv[1]) : 0;
	int r;

	if (arch == 0) {
		(void)fprintf(stderr, "usage: seccomp-filters ARCHITECTURE\n");
		return 2;
	}
	(void)printf("/* Made by tools/seccomp-filters.c for %s. */\n", argv[1]);
	r = write_filter("engine_filter", arch, add_engine);
	if (r == 0)
		r = write_filter("monitor_filter", arch, add_monitor);
	if (r < 0)
		(void)fprintf(stderr, "seccomp-filters: %s\n", strerror(-r));
	return r < 0 ? 1 : 0;
}
