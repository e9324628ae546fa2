/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/wipe.h"
#include "daemon/monitor.h"
#include "outlet/kernel.h"

/* How long the engine part has to end in order before it is killed. */
#define STOP_WAIT_MS 2000

static int reopen(const struct priv_table *t, unsigned row, int *ret_fd)
{
	int fd = open(t->rows[row].path, t->rows[row].flags);

	if (fd < 0)
		return -errno;
	*ret_fd = fd;
	return 0;
}

static int bump_generation(struct monitor *m)
{
	if (!m->generation)
		return -ENOENT;
	__atomic_add_fetch(m->generation, 1, __ATOMIC_SEQ_CST);
	return 0;
}

/* Looked at when it is first needed: before, every call delays the seed. */
static enum rekey_result rekey(struct monitor *m)
{
	struct kernel_state kernel;

	/* The bytes that make the kernel ready are in the key it then makes. */
	if (m->made_ready) {
		m->made_ready = false;
		return KERNEL_REKEYED;
	}
	if (!m->semantics.range) {
		kernel_state_read("", &kernel);
		kernel_semantics(kernel.level, kernel.poolsize_bits,
				 &m->semantics);
	}
	return kernel_rekey(m->random_fd, &m->semantics);
}

static int add(struct monitor *m, const struct priv_request *request)
{
	bool ready = kernel_ready();
	int r = kernel_add(m->random_fd, request->bytes, request->len_bytes,
			   request->arg);

	m->made_ready = r == 0 && !ready && kernel_ready();
	return r;
}

void monitor_answer(struct monitor *m, const struct priv_request *request,
		    size_t len_bytes, uint64_t now_ns,
		    struct priv_reply *ret_reply, int *ret_fd)
{
	int r = priv_judge(&m->limits, &m->table, request, len_bytes, now_ns);

	ret_reply->detail = 0;
	*ret_fd = -1;
	if (r == 0 && (request->op == PRIV_ADD || request->op == PRIV_REKEY) &&
	    m->random_fd < 0)
		r = m->random_error;
	else if (r == 0 && request->op == PRIV_ADD)
		r = add(m, request);
	else if (r == 0 && request->op == PRIV_REKEY)
		ret_reply->detail = (uint32_t)rekey(m);
	else if (r == 0 && request->op == PRIV_REOPEN)
		r = reopen(&m->table, request->arg, ret_fd);
	else if (r == 0)
		r = bump_generation(m);
	ret_reply->result = r;
}

static void send_reply(int fd, const struct priv_reply *reply, int passed_fd)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { .bytes = { 0 } };
	struct priv_reply copy = *reply;
	struct iovec iov = { &copy, sizeof copy };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (passed_fd >= 0) {
		struct cmsghdr *c;

		msg.msg_control = control.bytes;
		msg.msg_controllen = sizeof control.bytes;
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &passed_fd, sizeof passed_fd);
	}
	/* Never waits for a part that does not read its replies. */
	(void)sendmsg(fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Returns false when the other side has closed. */
static bool serve_request(struct monitor *m)
{
	struct priv_request request;
	struct priv_reply reply;
	int passed_fd;
	ssize_t n = recv(m->request_fd, &request, sizeof request,
			 MSG_DONTWAIT | MSG_TRUNC);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0)
		return false;
	monitor_answer(m, &request, (size_t)n, clock_boottime_ns(), &reply,
		       &passed_fd);
	wipe(&request, sizeof request);
	send_reply(m->request_fd, &reply, passed_fd);
	fd_close(&passed_fd);
	return true;
}

static void reload(struct monitor *m)
{
	struct config config;
	struct config_error error;

	if (config_read(m->config_path, m->config_must_exist, &config, &error) <
	    0) {
		log_error("%s:%d: %s; the old configuration stays",
			  m->config_path, error.line, error.text);
		return;
	}
	priv_table_make(&config, &m->table);
	if (send(m->control_fd, &config, sizeof config,
		 MSG_NOSIGNAL | MSG_DONTWAIT) != sizeof config)
		log_error("the new configuration could not be handed over; "
			  "restart aquiferd");
}

/* Returns true when the engine part is to end. */
static bool take_signal(struct monitor *m, int signal_fd)
{
	struct signalfd_siginfo info;

	if (read(signal_fd, &info, sizeof info) != sizeof info)
		return false;
	if (info.ssi_signo == SIGHUP)
		reload(m);
	return info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT;
}

/* Exit code once it has ended; -1 while it runs. */
static int engine_code(pid_t pid)
{
	int status;
	pid_t r;

	do
		r = waitpid(pid, &status, WNOHANG);
	while (r < 0 && errno == EINTR);
	if (r == 0)
		return -1;
	if (r == pid && WIFEXITED(status))
		return WEXITSTATUS(status);
	if (r == pid && WIFSIGNALED(status))
		log_error("the engine part died by signal %d", WTERMSIG(status));
	return 3;
}

void monitor_signals(sigset_t *ret_set)
{
	(void)sigemptyset(ret_set);
	(void)sigaddset(ret_set, SIGTERM);
	(void)sigaddset(ret_set, SIGINT);
	(void)sigaddset(ret_set, SIGHUP);
	(void)sigaddset(ret_set, SIGCHLD);
}

int monitor_run(struct monitor *m)
{
	struct pollfd fds[2] = { { .fd = m->request_fd, .events = POLLIN },
				 { .fd = -1, .events = POLLIN } };
	uint64_t stop_ns = 0;
	int code;
	sigset_t set;

	monitor_signals(&set);
	fds[1].fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	while ((code = engine_code(m->engine_pid)) < 0) {
		int wait_ms = stop_ns ? STOP_WAIT_MS : -1;

		if (stop_ns &&
		    clock_boottime_ns() - stop_ns >= STOP_WAIT_MS * NS_PER_MS)
			(void)kill(m->engine_pid, SIGKILL);
		if (poll(fds, 2, wait_ms) < 0)
			continue;
		if (fds[0].revents && !serve_request(m))
			/* Its end is closed: only its exit is waited for. */
			fds[0].fd = -1;
		if (fds[1].revents && take_signal(m, fds[1].fd) && !stop_ns) {
			stop_ns = clock_boottime_ns();
			fd_close(&m->control_fd);
		}
	}
	fd_close(&fds[1].fd);
	return code;
}

void monitor_run_once(struct monitor *m)
{
	struct pollfd fd = { .fd = m->request_fd, .events = POLLIN };

	do
		(void)poll(&fd, 1, -1);
	while (serve_request(m));
}
