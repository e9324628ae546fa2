/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_HOSTS_H
#define AQUIFER_PROBE_HOSTS_H

/*
 * The guests of this machine: every QEMU, cloud-hypervisor, Firecracker and
 * crosvm process, every libvirt domain (running or defined), and what each was
 * given for its random numbers. One guest that is seen as a process and in XML
 * is one entry. Facts only; src/doctor/hosts.c judges.
 *
 * Command lines may hold passwords: nothing of them is kept but the fields
 * below.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/platform.h"
#include "probe/root.h"

#define HOSTS_MAX_GUESTS 1024
#define HOSTS_MAX_IMAGES 256
#define GUEST_MAX_RNGS 4
#define GUEST_NAME_BYTES 96
#define HOSTS_PATH_BYTES 256

enum guest_vmm {
	VMM_QEMU,
	VMM_CLOUD_HYPERVISOR,
	VMM_FIRECRACKER,
	VMM_CROSVM,
};

/* What can be said of a thing that may not be in sight. */
enum hosts_answer { HOSTS_UNKNOWN, HOSTS_NO, HOSTS_YES };

enum guest_backend {
	BACKEND_UNKNOWN, /* a kind this program does not know; see `kind` */
	BACKEND_FILE,    /* rng-random: a character device, or any file */
	BACKEND_BUILTIN, /* the VMM's own getrandom() */
	BACKEND_EGD,
	BACKEND_VHOST_USER,
	BACKEND_MISSING, /* the object the device names is not there */
};

/* What stands behind a backend's file name. */
enum backend_file {
	FILE_UNKNOWN, /* could not be looked at: see file_error */
	FILE_MISSING,
	FILE_RANDOM, /* /dev/random */
	FILE_URANDOM,
	FILE_HWRNG,
	FILE_ZERO,    /* /dev/zero, /dev/null, /dev/full */
	FILE_DEVICE,  /* another character device */
	FILE_PIPE,    /* FIFO or socket */
	FILE_PLAIN,   /* a regular file: the same bytes every time */
	FILE_STRANGE, /* directory, block device */
};

/* Where an EGD or vhost-user channel leads. */
enum backend_channel {
	CHANNEL_MISSING, /* the chardev it names is not there */
	CHANNEL_UNIX,
	CHANNEL_TCP,
	CHANNEL_UDP,
	CHANNEL_OTHER, /* pipe, file descriptor, vsock */
};

struct guest_rng {
	char device[40]; /* "virtio-rng-pci", "virtio" (libvirt) */
	enum guest_backend backend;
	char kind[40];               /* the backend's type, as it is written */
	bool is_default;             /* no backend or file was named */
	char path[HOSTS_PATH_BYTES]; /* file or socket; "" for none */
	enum backend_file file;
	int file_error; /* errno; 0 where it was looked at */
	enum backend_channel channel;
	char host[96]; /* of a socket; "" where none is named */
	char port[16];
	bool loopback; /* of TCP and UDP */
	bool listens;  /* the VMM waits for whoever connects */
	bool tls;
	uint64_t max_bytes; /* 0: no limit */
	uint64_t period_ms; /* 0: the VMM's default */
};

/* How this run of the guest began. */
enum guest_start {
	START_UNKNOWN, /* not a running guest, or no command line was seen */
	START_BOOT,
	START_LOADVM,   /* -loadvm TAG: each start begins in the same state */
	START_FILE,     /* a saved state read from a file or a command */
	START_DEFERRED, /* libvirt's way to restore and to migrate */
	START_MIGRATED, /* a live migration came in over a network */
};

struct host_guest {
	char name[GUEST_NAME_BYTES];
	char uuid[37];
	enum guest_vmm vmm;

	/* Where it was seen. */
	pid_t pid;                           /* 0: no process was seen */
	char running_file[HOSTS_PATH_BYTES]; /* libvirt's state; "" */
	char defined_file[HOSTS_PATH_BYTES]; /* libvirt's definition; "" */
	bool is_running;
	bool readconfig; /* -readconfig: a part of it is in another file */
	bool partial;    /* too long, or configured over an API: see `why` */
	char why[96];    /* what hides the rest */

	char machine[48];
	char arch[24];      /* "x86_64"; "" */
	char accel[16];     /* "kvm" "tcg" "xen" ...; "" */
	char cpu_model[64]; /* "" where none is named: the VMM's default */
	bool cpu_host;      /* takes its features from the host's CPU */
	/* What the guest's configuration says on top of the model. */
	enum hosts_answer rdrand_set, rdseed_set;

	enum hosts_answer rng; /* has one; UNKNOWN: could not be seen */
	struct guest_rng rngs[GUEST_MAX_RNGS];
	unsigned n_rngs; /* up to GUEST_MAX_RNGS */
	bool rngs_more;
	/* The rng devices of the definition a running guest has as well. */
	enum hosts_answer defined_rng;

	enum hosts_answer generation; /* vmgenid, genid, built in */
	char generation_id[37];       /* "" "auto" or a GUID */
	bool vmclock;
	enum hosts_answer tpm;
	char tpm_kind[24]; /* "emulator" "passthrough" */
	char tpm_model[24];
	char confidential[24]; /* "sev-snp-guest", "tdx-guest"; "" */

	enum guest_start start;
	char start_from[HOSTS_PATH_BYTES]; /* file or tag of it */
	unsigned n_saves;     /* saved memory images that bear its name */
	unsigned n_snapshots; /* libvirt snapshots that hold memory */
};

enum image_kind {
	IMAGE_SAVED,    /* libvirt's managed save */
	IMAGE_SNAPSHOT, /* memory beside a snapshot */
	IMAGE_DUMP,
	IMAGE_INCOMING, /* what a process was started from */
	IMAGE_MEMORY,   /* the memory of a guest, kept in a file */
};

/* A file with a guest's memory in it. */
struct memory_image {
	enum image_kind kind;
	char path[HOSTS_PATH_BYTES];
	char guest[GUEST_NAME_BYTES];
	int error; /* errno of looking at it */
	mode_t mode;
	uid_t uid;
	uint64_t size_bytes;
	int64_t mtime_s;
	bool reachable; /* every directory above lets others through */
};

/* What existed and could not be read. */
struct hosts_gap {
	unsigned count;
	char path[HOSTS_PATH_BYTES]; /* the first of them */
	int error;
};

struct hosts_facts {
	struct host_guest *guests; /* in the order they were found */
	size_t n_guests, cap_guests;
	bool guests_more;
	struct memory_image *images;
	size_t n_images, cap_images;
	bool images_more;

	bool one_domain; /* only the file of --domain was asked about */
	struct hosts_gap processes; /* command lines, or /proc itself */
	bool proc_hidden;           /* hidepid hides others' processes */
	struct hosts_gap domains;   /* XML files or their directories */
	struct hosts_gap saves;     /* directories of saved memory */

	/* This host. */
	char kernel_release[65];
	char cpu_arch[16]; /* "x86_64" where its flags were seen */
	enum hosts_answer host_rdrand, host_rdseed;
	enum hosts_answer random_blocks; /* /dev/random, even once ready */
};

/* hosts_facts_new - empty; NULL where memory ran out. */
struct hosts_facts *hosts_facts_new(void);

/* hosts_facts_free - takes NULL. */
void hosts_facts_free(struct hosts_facts *facts);

/*
 * probe_hosts - all guests below root. facts: from hosts_facts_new().
 * Returns 0 or -ENOMEM; what could not be read is among the facts.
 */
int probe_hosts(const struct probe_root *root, const struct platform *p,
		struct hosts_facts *facts);

/*
 * probe_hosts_domain - one domain from its XML (virsh dumpxml), nothing else.
 * name: of the file, for the evidence. root: this host, where the backends'
 * files are looked at. Returns 0, -EBADMSG for what is no domain XML, -EFBIG,
 * -ENOMEM.
 */
int probe_hosts_domain(const struct probe_root *root, const struct platform *p,
		       const char *name, const char *xml, size_t len_bytes,
		       struct hosts_facts *facts);

/* The longest domain XML that is read. */
#define HOSTS_DOMAIN_MAX_BYTES (256 << 10)

#endif
