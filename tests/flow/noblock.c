/* SPDX-License-Identifier: ISC */
/*
 * Runs a program that must never wait for the kernel's generator, and ends it
 * when it does what could wait: a getrandom that may block, an open of
 * /dev/random or /dev/urandom for reading (by device number, so links and
 * relative paths count too). Also notes what the kernel is credited with.
 *
 *	noblock [-l FILE] PROGRAM [ARG...]
 *	noblock --try getrandom|nonblock|insecure|writing|open PATH
 *
 * FILE gets a line "add CREDIT_BITS BYTES" for each RNDADDENTROPY before it is
 * carried out. --try does the one thing: what the test of this test runs.
 * Exit: the program's code, 128 + N when signal N ended it, 99 when it was
 * caught, 77 when nothing can be watched here.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/random.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_CAUGHT 99
#define EXIT_SKIP 77
#define POLL_MS 50

#ifndef GRND_INSECURE
#define GRND_INSECURE 4
#endif

static FILE *list;
static bool caught;

static int install(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	const int opens[] = { SCMP_SYS(open), SCMP_SYS(openat),
			      SCMP_SYS(openat2), SCMP_SYS(getrandom) };
	const unsigned long adds[] = { RNDADDENTROPY, RNDADDTOENTCNT };
	int r = ctx ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < sizeof opens / sizeof *opens; i++) {
		if (opens[i] >= 0)
			r = seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, opens[i], 0);
	}
	for (size_t i = 0; r == 0 && i < sizeof adds / sizeof *adds; i++)
		r = seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SCMP_SYS(ioctl), 1,
				     SCMP_A1(SCMP_CMP_EQ, adds[i]));
	if (r == 0)
		r = seccomp_load(ctx);
	if (r == 0)
		r = seccomp_notify_fd(ctx);
	seccomp_release(ctx);
	return r;
}

static void pass_fd(int socket, int fd)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { .bytes = { 0 } };
	struct iovec iov = { "", 1 };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control.bytes,
			      .msg_controllen = sizeof control.bytes };
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
	(void)sendmsg(socket, &msg, 0);
}

static int take_fd(int socket)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { .bytes = { 0 } };
	char byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control.bytes,
			      .msg_controllen = sizeof control.bytes };
	struct cmsghdr *c;
	int fd = -1;

	if (recvmsg(socket, &msg, MSG_CMSG_CLOEXEC) != 1)
		return -1;
	c = CMSG_FIRSTHDR(&msg);
	if (c && c->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(c), sizeof fd);
	return fd;
}

/* Returns how much could be read: a string may end just below a hole. */
static size_t peek(unsigned pid, uint64_t address, void *ret, size_t len)
{
	char path[40];
	size_t to_page_end = 4096 - (address & 4095);
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof path, "/proc/%u/mem", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = pread(fd, ret, len, (off_t)address);
	if (n < (ssize_t)len && to_page_end < len)
		n = pread(fd, ret, to_page_end, (off_t)address);
	(void)close(fd);
	return n < 0 ? 0 : (size_t)n;
}

static void catch (unsigned pid, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void catch (unsigned pid, const char *format, ...)
{
	va_list args;

	caught = true;
	(void)fprintf(stderr, "noblock: %u: ", pid);
	va_start(args, format);
	(void)vfprintf(stderr, format, args);
	va_end(args);
	(void)fputc('\n', stderr);
	(void)kill((pid_t)pid, SIGKILL);
}

static void judge_open(unsigned pid, int dir_fd, uint64_t path_at,
		       uint64_t flags)
{
	char name[2048] = "", path[2200];
	struct stat st;

	if ((flags & O_ACCMODE) == O_WRONLY)
		return;
	(void)peek(pid, path_at, name, sizeof name - 1);
	if (name[0] == '/')
		(void)snprintf(path, sizeof path, "/proc/%u/root%s", pid, name);
	else if (dir_fd == AT_FDCWD)
		(void)snprintf(path, sizeof path, "/proc/%u/cwd/%s", pid, name);
	else
		(void)snprintf(path, sizeof path, "/proc/%u/fd/%d/%s", pid,
			       dir_fd, name);
	if (stat(path, &st) == 0 && S_ISCHR(st.st_mode) &&
	    major(st.st_rdev) == 1 &&
	    (minor(st.st_rdev) == 8 || minor(st.st_rdev) == 9))
		catch (pid, "opens %s for reading", name);
}

static void note_add(unsigned pid, unsigned long request, uint64_t at)
{
	struct rand_pool_info info = { 0 };
	size_t n = request == RNDADDENTROPY ? sizeof info : sizeof(int);

	if (peek(pid, at, &info, n) != n)
		catch (pid, "feeds the kernel, and its memory cannot be read");
	else if (list)
		(void)fprintf(list, "add %d %d\n", info.entropy_count,
			      info.buf_size);
	if (list)
		(void)fflush(list);
}

static void judge(int fd, const struct seccomp_notif *call)
{
	const __u64 *args = call->data.args;
	int nr = call->data.nr;
	struct open_how how = { 0 };

	if (seccomp_notify_id_valid(fd, call->id) < 0)
		return;
	if (nr == SCMP_SYS(getrandom)) {
		if (!(args[2] & (GRND_NONBLOCK | GRND_INSECURE)))
			catch (call->pid, "getrandom(flags %llu) may wait",
			       (unsigned long long)args[2]);
	} else if (nr == SCMP_SYS(openat)) {
		judge_open(call->pid, (int)args[0], args[1], args[2]);
	} else if (nr == SCMP_SYS(openat2)) {
		(void)peek(call->pid, args[2], &how, sizeof how);
		judge_open(call->pid, (int)args[0], args[1], how.flags);
	} else if (nr == SCMP_SYS(ioctl)) {
		note_add(call->pid, (unsigned long)args[1], args[2]);
	} else {
		judge_open(call->pid, AT_FDCWD, args[0], args[1]);
	}
}

static int watch(int fd, pid_t child)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct seccomp_notif_resp *answer;
	struct seccomp_notif *call;
	int status;

	if (seccomp_notify_alloc(&call, &answer) < 0)
		return EXIT_SKIP;
	while (waitpid(child, &status, WNOHANG) == 0) {
		if (poll(&p, 1, POLL_MS) <= 0 || !(p.revents & POLLIN))
			continue;
		memset(call, 0, sizeof *call);
		if (seccomp_notify_receive(fd, call) < 0)
			continue;
		judge(fd, call);
		memset(answer, 0, sizeof *answer);
		answer->id = call->id;
		if (caught) {
			answer->error = -EPERM;
			(void)kill(child, SIGKILL);
		} else {
			answer->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		}
		(void)seccomp_notify_respond(fd, answer);
	}
	seccomp_notify_free(call, answer);
	if (caught)
		return EXIT_CAUGHT;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int try(const char *what, const char *path)
{
	char byte;
	long n = -1;

	if (strcmp(what, "getrandom") == 0)
		n = getrandom(&byte, 1, 0);
	else if (strcmp(what, "nonblock") == 0)
		n = getrandom(&byte, 1, GRND_NONBLOCK);
	else if (strcmp(what, "insecure") == 0)
		n = getrandom(&byte, 1, GRND_INSECURE);
	else if (strcmp(what, "writing") == 0 && path)
		n = open(path, O_WRONLY);
	else if (strcmp(what, "open") == 0 && path)
		n = open(path, O_RDONLY);
	return n < 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
	int sockets[2], fd;
	pid_t child;

	if (argc >= 3 && strcmp(argv[1], "--try") == 0)
		return try(argv[2], argv[3]);
	if (argc >= 4 && strcmp(argv[1], "-l") == 0) {
		list = fopen(argv[2], "ae");
		argv += 2;
	}
	if (argc < 2 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0)
		return 2;
	child = fork();
	if (child == 0) {
		fd = install();
		if (fd < 0)
			_exit(EXIT_SKIP);
		pass_fd(sockets[1], fd);
		(void)close(fd);
		(void)execvp(argv[1], argv + 1);
		_exit(127);
	}
	(void)close(sockets[1]);
	fd = child < 0 ? -1 : take_fd(sockets[0]);
	if (fd < 0) {
		(void)fprintf(stderr, "noblock: system calls cannot be watched "
				      "here (seccomp user notification)\n");
		return EXIT_SKIP;
	}
	return watch(fd, child);
}
