/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "daemon/notify.h"

int notify_open(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv("NOTIFY_SOCKET");
	size_t len = path ? strlen(path) : 0;
	socklen_t address_len;
	int fd;

	/* Other kinds, "vsock:" among them, are for managers of machines. */
	if (len < 2 || (path[0] != '/' && path[0] != '@') ||
	    len >= sizeof address.sun_path)
		return -1;
	memcpy(address.sun_path, path, len);
	address_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	if (path[0] == '@')
		address.sun_path[0] = '\0'; /* unix(7): abstract, no NUL after */
	else
		address_len++;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)&address, address_len) < 0)
		fd_close(&fd);
	return fd;
}

void notify_send(int fd, const char *state)
{
	ssize_t n;

	if (fd < 0)
		return;
	do
		n = send(fd, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
}

/* A whole decimal number in the environment. Returns false without one. */
static bool number_from(const char *name, uint64_t *ret_number)
{
	const char *text = getenv(name);
	uint64_t n = 0;

	if (!text || *text == '\0')
		return false;
	for (; *text; text++) {
		unsigned digit = (unsigned)(*text - '0');

		if (digit > 9 || n > (UINT64_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*ret_number = n;
	return true;
}

uint64_t notify_watchdog_ns(void)
{
	uint64_t usec, pid;

	if (!number_from("WATCHDOG_USEC", &usec) ||
	    usec > UINT64_MAX / NS_PER_US)
		return 0;
	/* It may have been inherited from a service that started this one. */
	if (getenv("WATCHDOG_PID") &&
	    (!number_from("WATCHDOG_PID", &pid) || pid != (uint64_t)getpid()))
		return 0;
	return usec * NS_PER_US;
}
