/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "daemon/config.h"
#include "daemon/files.h"

#define RUN_DIR "/run/aquifer"

void files_make_run_dir(uid_t uid, gid_t gid)
{
	int fd;

	(void)mkdir(RUN_DIR, 0755);
	fd = open(RUN_DIR, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && geteuid() == 0)
		(void)!fchown(fd, uid, gid);
	fd_close(&fd);
}

uint32_t *files_map_generation(void)
{
	void *page = MAP_FAILED;
	int fd = open(RUN_DIR "/generation",
		      O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);

	if (fd >= 0 && ftruncate(fd, sysconf(_SC_PAGESIZE)) == 0)
		page = mmap(NULL, sizeof(uint32_t), PROT_READ | PROT_WRITE,
			    MAP_SHARED, fd, 0);
	fd_close(&fd);
	return page == MAP_FAILED ? NULL : page;
}

int files_listen(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || strlen(path) >= sizeof address.sun_path)
		goto fail;
	memcpy(address.sun_path, path, strlen(path));
	(void)unlink(path);
	if (bind(fd, (const struct sockaddr *)&address, sizeof address) < 0 ||
	    chmod(path, 0666) < 0 || listen(fd, 8) < 0)
		goto fail;
	return fd;
fail:
	log_warn("%s: no status socket: %s", path, strerror(errno));
	fd_close(&fd);
	return -1;
}

int files_open_dir_of(const char *path)
{
	char dir[CONFIG_PATH_BYTES];
	char *slash;

	(void)snprintf(dir, sizeof dir, "%s", path);
	slash = strrchr(dir, '/');
	if (!slash)
		return -1;
	*slash = '\0';
	return open(dir[0] ? dir : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}
