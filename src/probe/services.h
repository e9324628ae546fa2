/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_SERVICES_H
#define AQUIFER_PROBE_SERVICES_H

/*
 * Entropy daemons, what feeds them, FIPS mode, device nodes, containers. Facts
 * of the doctor's family `services`: read, not judged.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/platform.h"
#include "probe/root.h"

#define SERVICES_RUNNING_MAX 16
#define SERVICES_FEEDS_MAX 16
#define SERVICES_NODES_MAX 64
#define SERVICES_PATH_BYTES 256
#define SERVICES_CMDLINE_BYTES 512

enum services_daemon {
	DAEMON_HAVEGED,
	DAEMON_RNGD,
	DAEMON_JITTER, /* jitterentropy-rngd */
	DAEMON_ESDM,
	DAEMON_EGD, /* egd.pl, prngd */
	DAEMON_POLLINATE,
	DAEMON_HARDWARE, /* ekeyd, infnoise, a token's own daemon */
	DAEMON_AQUIFER,
	DAEMON_COUNT,
};

enum services_package_source {
	PACKAGE_NONE,
	PACKAGE_DPKG,
	PACKAGE_APK,
	PACKAGE_PACMAN,
	PACKAGE_PORTAGE,
	PACKAGE_DOC,     /* a directory name of /usr/share/doc */
	PACKAGE_PROGRAM, /* only the program itself is there */
};

struct services_package {
	enum services_package_source from;
	char version[64];               /* as the package says; "" not told */
	char path[SERVICES_PATH_BYTES]; /* where it is known from */
};

struct services_process {
	int pid;
	enum services_daemon daemon;
	char comm[20];
	int cmdline_error;
	char cmdline[SERVICES_CMDLINE_BYTES]; /* arguments, one blank between */
	char feed[SERVICES_PATH_BYTES];       /* the input it was told; "" */
	bool feed_is_random;  /* that is the kernel's own generator */
	bool has_random_open; /* a descriptor on /dev/urandom, for reading */
	bool fds_unseen;
};

/* A file that tells a daemon to feed the kernel its own output. */
struct services_feed {
	char path[SERVICES_PATH_BYTES];
	char line[160];
	char device[64];
};

enum services_node_kind {
	NODE_GOOD,
	NODE_SWAPPED, /* random is 1:9, or urandom is 1:8 */
	NODE_FILE,    /* a regular file */
	NODE_WRONG,   /* some other device */
	NODE_OTHER,   /* a directory, a socket ... */
};

struct services_node {
	char path[SERVICES_PATH_BYTES];
	char target[64]; /* of a link; "" */
	bool urandom;    /* else random */
	bool root_dev;   /* below /dev itself, not a chroot's */
	enum services_node_kind kind;
	bool readable_by_all;
	uint32_t rdev_major, rdev_minor;
	uint64_t size_bytes;
};

struct services_facts {
	int proc_error;    /* of listing /proc */
	bool pids_seen;    /* any process */
	bool pids_partial; /* other users' are hidden */
	struct services_process running[SERVICES_RUNNING_MAX];
	size_t n_running;
	bool more_running;
	struct services_package packages[DAEMON_COUNT];
	bool packages_seen; /* a package database was read */
	int packages_error;
	struct services_feed feeds[SERVICES_FEEDS_MAX];
	size_t n_feeds;
	bool more_feeds;
	int feeds_error; /* a configuration that could not be read */
	char feeds_unseen[SERVICES_PATH_BYTES];
	bool feed_config_seen; /* some daemon's configuration was read */

	int fips_error; /* of fips_enabled */
	bool fips_enabled;
	int fips_command_line; /* -1: not said; 0; 1 */
	char clocksource[32];
	char jitter_line[128]; /* what the kernel's log says of its jitter RNG */
	bool jitter_failed;    /* "permanent health test failure" */
	double arch_timer_mhz; /* arm64; 0: not told */

	struct services_node nodes[SERVICES_NODES_MAX];
	size_t n_nodes;
	bool more_nodes;
	bool dev_seen; /* /dev could be listed */
	size_t n_chroots;

	bool container;
	char container_kind[32]; /* "docker", "lxc"; "container" */
	char container_path[SERVICES_PATH_BYTES]; /* by which file */
};

/* services_daemon_name - "haveged". */
const char *services_daemon_name(enum services_daemon daemon);

/* services_facts_new - zeroes; NULL without memory. _free takes NULL. */
struct services_facts *services_facts_new(void);
void services_facts_free(struct services_facts *facts);

/* probe_services - fill ret_facts. Waits for nothing. Returns 0 or -ENOMEM. */
int probe_services(const struct probe_root *root, const struct platform *p,
		   struct services_facts *ret_facts);

/*
 * services_feed_of - the device that rngd's arguments name as its input: after
 * -r, --rng-device. Pure. Returns false where none is named.
 */
bool services_feed_of(const char *arguments, char *ret_device, size_t cap_bytes);

#endif
