/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DAEMON_CONFIG_H
#define AQUIFER_DAEMON_CONFIG_H

/*
 * The configuration of aquiferd: INI, a section a source. One flat
 * struct without pointers, so that the privileged part can hand a new one to
 * the unprivileged part in one message. man/aquiferd.conf.5 is the reference.
 *
 *	[aquiferd]
 *	interval = 10min            # from one feed of the kernel to the next
 *	once-bound = 2s             # how long --once waits at most
 *	alpha = 30                  # false alarms of a test: 2^-30 a symbol
 *	confidential = auto         # auto, yes, no
 *	user = aquifer
 *	seed-file = /var/lib/aquifer/seed
 *	[hwrng]
 *	enabled = yes
 *	claim = 2000                # millibits a symbol, down from the class's
 *	policy = alarm              # alarm, drop, stop
 *	[tpm2]
 *	path = /dev/tpmrm0
 *	[file usb0]                 # lane file:usb0
 *	path = /dev/ttyACM0
 *	claim = 1000
 *	[hostseed]
 *	credit = yes
 */
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source/source.h"

#define CONFIG_LANES_MAX 16
#define CONFIG_PATH_BYTES 256

enum config_choice { CHOICE_AUTO, CHOICE_YES, CHOICE_NO };

/* The numbers of enum lane_policy in engine/lane.h, in its order. */
struct config_lane {
	char class_name[16];
	char name[SOURCE_NAME_BYTES]; /* "hwrng", "file:usb0" */
	char path[CONFIG_PATH_BYTES]; /* "": the class's own */
	bool enabled;
	bool credit_host_seed;
	uint32_t claim_mbits; /* SOURCE_CLAIM_DEFAULT: the class's */
	unsigned policy;
};

struct config {
	uint64_t interval_ns;   /* 10 s to 24 h */
	uint64_t once_bound_ns; /* 10 ms to 60 s */
	unsigned alpha_log2;    /* 20 to 60 */
	enum config_choice confidential;
	char user[32];
	char seed_file[CONFIG_PATH_BYTES];
	char status_socket[CONFIG_PATH_BYTES];
	size_t n_lanes;
	struct config_lane lanes[CONFIG_LANES_MAX];
};

struct config_error {
	int line;       /* 0: the file as a whole */
	char text[240]; /* names the value, the reason and the remedy */
};

/*
 * config_default - every class of the registry that needs no configuration has
 * one lane, in the registry's order.
 */
void config_default(struct config *ret);

/*
 * config_parse - text over the defaults.
 * text: NUL-terminated; at most 64 KiB.
 * ret: written only on success.
 * Refused, with line and reason: an unknown section, key or value, a key twice,
 * a claim above the class's (claims go down by configuration; up only by
 * 'claim-up = yes' beside it, which the log repeats at every start; a class
 * without a measured claim, as file, takes up to 8000), a class without a path
 * that needs one, a path that is not absolute or too long, more than
 * CONFIG_LANES_MAX lanes, two lanes of one name, a number out of range or
 * without its unit, control characters.
 * Returns 0, or -EINVAL (ret_error is set), -EFBIG.
 */
int config_parse(const char *text, struct config *ret,
		 struct config_error *ret_error);

/*
 * config_read - config_parse of a file. Returns as config_parse, or -errno of
 * open and read with ret_error set. must_exist false: a missing file is the
 * defaults. A file that others than root and its owner can write is refused.
 * Threads: one, of a program.
 */
int config_read(const char *path, bool must_exist, struct config *ret,
		struct config_error *ret_error);

/* config_lane_options - path points into lane. */
struct source_options config_source_options(const struct config_lane *lane);

#endif
