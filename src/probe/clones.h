/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_CLONES_H
#define AQUIFER_PROBE_CLONES_H

/*
 * What tells this machine from its copies, and what it may share with them:
 * generation devices, seeds, host keys, ids. Facts only; src/doctor/clones*.c
 * judges them. No private key is ever opened; aquifer's own seed file is, where
 * that is allowed, to see to which machine it is bound, and is wiped at once.
 *
 * error fields: 0: it is there and was read; -ENOENT: it is not there; any
 * other: it is there and could not be seen.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/platform.h"
#include "probe/root.h"
#include "probe/clones_sshkey.h"

#define CLONES_PATH_BYTES 256
#define CLONES_ID_BYTES 128
#define CLONES_SEEDS_MAX 24
#define CLONES_HOST_KEYS_MAX 32
#define CLONES_LOGIN_KEYS_MAX 64
#define CLONES_UNSEEN_MAX 8
#define CLONES_DUIDS_MAX 24
#define CLONES_STALE_MAX 16
#define CLONES_ITEMS_MAX 512

/* A file without its content. */
struct clones_file {
	char path[CLONES_PATH_BYTES];
	int error;
	struct probe_stat st; /* valid when error is 0 */
};

/* Paths that exist and could not be looked at: why a check is `unknown`. */
struct clones_unseen {
	struct clones_file files[CLONES_UNSEEN_MAX];
	size_t count;
	bool more;
};

enum generation_kind {
	GENERATION_VMGENID,
	GENERATION_VMCLOCK,
	GENERATION_COUNT,
};

struct generation_device {
	bool present;
	char path[CLONES_PATH_BYTES]; /* of the device in sysfs */
	char hid[64];
	bool bound;
	char bound_path[CLONES_PATH_BYTES];
};

struct clones_generation {
	bool buses_seen; /* the ACPI bus or a device tree could be listed */
	struct generation_device devices[GENERATION_COUNT];
	bool vmclock_node; /* a /dev/vmclock* */
};

/* Did this kernel say that its VM was forked? */
struct clones_fork {
	int log_error; /* of probe_log_each() */
	char log_path[64];
	bool log_from_start, log_to_now;
	unsigned count;
	double last_s; /* since the kernel started; NAN: the log tells no time */
	/* Programs with a generator of their own, older than the last fork. */
	bool processes_seen;
	unsigned n_processes; /* user space, seen */
	unsigned n_older;     /* of these, older than the fork */
	char stale[CLONES_STALE_MAX][16];
	unsigned stale_pids[CLONES_STALE_MAX];
	size_t n_stale;
	bool more_stale;
	bool aquiferd_runs;
	struct clones_file generation; /* /run/aquifer/generation */
};

enum clones_seed_kind {
	SEED_OF_SYSTEMD,
	SEED_OF_SYSV,    /* urandom's init script and its like */
	SEED_OF_SEEDRNG, /* OpenRC, busybox */
	SEED_OF_LOADER,  /* systemd-boot's, on the ESP */
	SEED_OF_AQUIFER,
};

enum clones_binding {
	BINDING_UNSEEN,
	BINDING_FITS,
	BINDING_OTHER, /* another machine's, or of an earlier generation */
	BINDING_BAD,   /* no seed file of aquifer, or damaged */
};

struct clones_seed {
	struct clones_file file;
	enum clones_seed_kind kind;
	bool creditable;             /* by its name: seedrng's seed.credit */
	enum clones_binding binding; /* aquifer's */
};

enum clones_credit { CREDIT_NOT_SET, CREDIT_NO, CREDIT_YES, CREDIT_FORCE };

struct clones_seeds {
	struct clones_seed seeds[CLONES_SEEDS_MAX];
	size_t count;
	struct clones_unseen unseen;
	enum clones_credit systemd_credit; /* SYSTEMD_RANDOM_SEED_CREDIT */
	char systemd_credit_path[CLONES_PATH_BYTES];
	bool on_command_line; /* systemd.random_seed= */
	bool seedrng_skips_credit;
};

struct clones_host_key {
	struct clones_file private_key; /* never opened */
	struct clones_file public_key;
	bool parsed; /* of the public half */
	struct ssh_key key;
	bool dropbear; /* no public half is kept */
	bool in_list;  /* of known fingerprints, see clones_known_keys() */
};

struct clones_login_key {
	char path[CLONES_PATH_BYTES];
	struct ssh_key key;
};

struct clones_keys {
	struct clones_host_key keys[CLONES_HOST_KEYS_MAX];
	size_t count;
	bool more;
	bool sshd_seen; /* /etc/ssh or /etc/dropbear is there */
	struct clones_unseen unseen;
	/* authorized_keys of root and of the homes: those of some interest. */
	struct clones_login_key logins[CLONES_LOGIN_KEYS_MAX];
	size_t n_logins;     /* weak or published ones kept above */
	size_t n_login_keys; /* all that were read */
	size_t n_login_files;
	bool more_logins;
	struct clones_unseen logins_unseen;
};

/* Since when is this machine a machine of its own? */
struct clones_instance {
	bool known;
	int64_t born_s;
	char path[CLONES_PATH_BYTES]; /* whose time that is */
	bool by_cloud_init;
};

enum clones_id_state {
	ID_MISSING,
	ID_UNSEEN,
	ID_EMPTY,
	ID_UNINITIALIZED,
	ID_SET,
	ID_NULL,   /* 32 zeroes */
	ID_BROKEN, /* none of these */
};

struct clones_id {
	struct clones_file file;
	bool is_link; /* dbus: to /etc/machine-id */
	enum clones_id_state state;
	char text[33]; /* ID_SET */
};

struct clones_duid {
	struct clones_file file;
	bool holds_duid; /* a DUID or a secret, not only a lease's address */
};

struct clones_duids {
	struct clones_duid files[CLONES_DUIDS_MAX];
	size_t count;
	bool more;
	struct clones_unseen unseen;
};

struct clones_cloud {
	bool installed; /* /etc/cloud or its program */
	bool has_state; /* /var/lib/cloud holds an instance */
	int state_error;
	char instance_id[CLONES_ID_BYTES];
	char previous_id[CLONES_ID_BYTES];
	unsigned n_instances;
	char user_data_path[CLONES_PATH_BYTES]; /* "": none that is not empty */
	bool user_data_unseen;
	bool user_data_secrets; /* keys or passwords in it */
	char secrets_word[32];  /* by which word of it that is seen */
	bool seed_dir;          /* /var/lib/cloud/seed: put there on purpose */
	bool keeps_host_keys;   /* ssh_deletekeys: false */
	char keeps_host_keys_path[CLONES_PATH_BYTES];
	struct clones_unseen config_unseen;
};

struct clones_pollinate {
	bool installed;
	struct clones_file flag;
};

/* What an image holds that its clones must not share. */
enum image_item_kind {
	ITEM_SEED,
	ITEM_HOST_KEY,
	ITEM_MACHINE_ID,
	ITEM_DUID,
	ITEM_CLOUD_STATE,
	ITEM_POLLINATE,
	ITEM_SECRET,   /* a private key, a password */
	ITEM_IDENTITY, /* tells machines apart, is no secret */
	ITEM_LOGIN,    /* lets somebody in: authorized_keys */
	ITEM_KIND_COUNT,
};

enum image_item_action {
	ITEM_REMOVE,      /* a file or a link */
	ITEM_REMOVE_TREE, /* a directory with all below it */
	ITEM_TRUNCATE,    /* to nothing: /etc/machine-id */
	ITEM_REPORT,      /* for a person to decide */
};

struct image_item {
	char path[CLONES_PATH_BYTES];
	enum image_item_kind kind;
	enum image_item_action action;
	const char *what; /* static, for people: "SSH host key" */
	bool harmless;    /* worth naming only: no warning */
};

struct clones_image {
	struct image_item items[CLONES_ITEMS_MAX];
	size_t count;
	bool more;
	struct clones_unseen unseen;
};

/* Host keys that other machines have, by the caller. */
struct clones_known {
	uint8_t (*sha256)[32]; /* sorted */
	size_t count;
	char path[CLONES_PATH_BYTES]; /* where the list came from */
};

struct clones_facts {
	int64_t boot_s; /* when the kernel started, since 1970; 0: not known */
	struct clones_instance instance;
	struct clones_generation generation;
	struct clones_fork fork;
	struct clones_seeds seeds;
	struct clones_keys keys;
	struct clones_id machine_id, dbus_id;
	bool systemd; /* runs, or is in the image */
	struct clones_duids duids;
	struct clones_cloud cloud;
	struct clones_pollinate pollinate;
	struct clones_image image; /* filled of PROBE_IMAGE only */
	struct clones_known known;
};

/* clones_facts_new - zeroes; NULL without memory. _free takes NULL. */
struct clones_facts *clones_facts_new(void);
void clones_facts_free(struct clones_facts *facts);

/*
 * clones_known_keys - host keys to compare with: in each line of text the first
 * "SHA256:..." (as ssh-keygen -l prints it) or a public key (as a .pub file or
 * ssh-keyscan has it). To be called before probe_clones(). name: for evidence.
 * Returns how many, -EBADMSG where text has lines and none has a key, -ENOMEM.
 */
int clones_known_keys(struct clones_facts *facts, const char *name,
		      const char *text);

/*
 * probe_clones - fill ret_facts, which is from clones_facts_new(). Waits for
 * nothing. Returns 0.
 */
int probe_clones(const struct probe_root *root, const struct platform *p,
		 struct clones_facts *ret_facts);

#endif
