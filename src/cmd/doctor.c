/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <getopt.h>
#include <string.h>

#include "base/bytes.h"
#include "cmd/doctor.h"

static const char usage[] =
	"usage: aquifer doctor [--root DIR | --image FILE | --host] [OPTIONS]\n"
	"\n"
	"Looks whether this machine has good random numbers and is unlike its copies,\n"
	"and says what was found, why it matters, and what to change. Reads only, opens\n"
	"nothing that can block, and needs no root: what root alone could have seen is\n"
	"listed as not seen.\n"
	"\n"
	"What to judge (otherwise this machine):\n"
	"  --root DIR         a recorded machine, or the mounted file system of an image\n"
	"  --image FILE       an image as a tar, '-' for standard input; of a disk:\n"
	"                       virt-tar-out -a disk.qcow2 / - | aquifer doctor --image -\n"
	"  --host             the guests of this machine: QEMU processes, libvirt domains\n"
	"  --domain FILE.xml  one libvirt domain\n"
	"  --known-keys FILE  fingerprints (SHA256:...) of host keys that are not secret\n"
	"  --only IDS         these checks alone, separated by commas\n"
	"\n"
	"How to answer (otherwise text):\n"
	"  --json             --prometheus (node_exporter textfile)\n"
	"  --nagios           one line, and codes 0 OK, 1 warning, 2 critical, 3 unknown\n"
	"  -o FILE            into FILE, replaced in one step\n"
	"  -v, --verbose      all evidence; -q, --quiet: the verdict alone\n"
	"\n"
	"Other things to do:\n"
	"  --explain [ID]     what a check looks at and means; without ID lists them\n"
	"  --profile scs-0101 judges by the Sovereign Cloud Stack's entropy standard\n"
	"  --record DIR       also writes what was read, secrets left out, for --root\n"
	"  --fix [--yes] [--log FILE]\n"
	"                     with --root of an image: lists what its copies must not\n"
	"                     share; --yes removes it (kept in FILE, or in the image's\n"
	"                     /var/log/aquifer-fix.log)\n"
	"\n"
	"exit: 0 ready; 1 degraded or unsafe; 2 usage or unusable input; 3 the question\n"
	"could not be answered, or the machine failed.\n";

enum {
	OPT_ROOT = 256,
	OPT_IMAGE,
	OPT_HOST,
	OPT_DOMAIN,
	OPT_KEYS,
	OPT_ONLY,
	OPT_JSON,
	OPT_PROMETHEUS,
	OPT_NAGIOS,
	OPT_EXPLAIN,
	OPT_PROFILE,
	OPT_RECORD,
	OPT_FIX,
	OPT_YES,
	OPT_LOG,
};

static const struct option longs[] = {
	{ "root", required_argument, NULL, OPT_ROOT },
	{ "image", required_argument, NULL, OPT_IMAGE },
	{ "host", no_argument, NULL, OPT_HOST },
	{ "domain", required_argument, NULL, OPT_DOMAIN },
	{ "known-keys", required_argument, NULL, OPT_KEYS },
	{ "only", required_argument, NULL, OPT_ONLY },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "prometheus", no_argument, NULL, OPT_PROMETHEUS },
	{ "nagios", no_argument, NULL, OPT_NAGIOS },
	{ "output", required_argument, NULL, 'o' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "explain", optional_argument, NULL, OPT_EXPLAIN },
	{ "profile", required_argument, NULL, OPT_PROFILE },
	{ "record", required_argument, NULL, OPT_RECORD },
	{ "fix", no_argument, NULL, OPT_FIX },
	{ "yes", no_argument, NULL, OPT_YES },
	{ "log", required_argument, NULL, OPT_LOG },
	{ NULL, 0, NULL, 0 },
};

/* The ids of --only, cut apart in place; each must be one. */
static int take_only(struct doctor_options *o, char *list)
{
	char near[128];

	for (char *id, *rest = list; (id = strsep(&rest, ", "));) {
		if (!*id)
			continue;
		if (!check_find(id)) {
			(void)doctor_near(id, near, sizeof near);
			return doctor_fail(o, EXIT_USAGE,
					   "no check '%s'%s%s%s; 'aquifer "
					   "doctor --explain' lists them",
					   id, near[0] ? " (did you mean " : "",
					   near, near[0] ? "?)" : "");
		}
		if (o->n_only == DOCTOR_ONLY_MAX)
			return doctor_fail(o, EXIT_USAGE,
					   "--only takes at most %d checks",
					   DOCTOR_ONLY_MAX);
		o->only[o->n_only++] = id;
	}
	if (o->n_only == 0)
		return doctor_fail(o, EXIT_USAGE, "--only names no check");
	return 0;
}

static void take_format(struct doctor_options *o, enum doctor_format format)
{
	o->formats |= 1u << format;
	/* A monitor that asks wrongly is told in its own words. */
	if (o->format != FORMAT_NAGIOS)
		o->format = format;
}

/* The flags and the arguments that need no look. */
static bool take(struct doctor_options *o, int c)
{
	const struct {
		int option;
		bool *flag;
		const char **text;
	} rows[] = {
		{ OPT_ROOT, NULL, &o->root },
		{ OPT_IMAGE, NULL, &o->image },
		{ OPT_HOST, &o->host, NULL },
		{ OPT_DOMAIN, &o->host, &o->domain },
		{ OPT_KEYS, NULL, &o->known_keys },
		{ OPT_PROFILE, NULL, &o->profile },
		{ OPT_RECORD, NULL, &o->record },
		{ OPT_FIX, &o->fix, NULL },
		{ OPT_YES, &o->yes, NULL },
		{ OPT_LOG, NULL, &o->log },
		{ OPT_EXPLAIN, &o->explain, &o->explain_id },
		{ 'o', NULL, &o->output },
		{ 'v', &o->verbose, NULL },
		{ 'q', &o->quiet, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].option != c)
			continue;
		if (rows[i].flag)
			*rows[i].flag = true;
		if (rows[i].text)
			*rows[i].text = optarg;
		return true;
	}
	return false;
}

/* What cannot be asked together, and why. */
static int check_together(const struct doctor_options *o)
{
	const struct {
		bool wrong;
		const char *why;
	} rows[] = {
		{ o->root && o->image, "--root and --image are two machines" },
		{ o->root && !*o->root, "--root needs a directory" },
		{ o->image && o->host,
		  "an image runs no guests: --host and --image exclude each "
		  "other" },
		{ o->record && (o->root || o->image),
		  "--record is of this machine; a --root is one already" },
		{ o->fix && !o->root,
		  "--fix needs --root DIR, where an image is mounted" },
		{ o->fix && (o->host || o->profile || o->record || o->n_only),
		  "--fix takes no other task beside it" },
		{ o->fix && o->format != FORMAT_TEXT,
		  "--fix reports in text alone" },
		{ (o->yes || o->log) && !o->fix,
		  "--yes and --log belong to --fix" },
		{ (o->formats & (o->formats - 1)) != 0,
		  "one form of output at a time" },
		{ o->profile && (o->host || o->n_only || o->record),
		  "--profile has its own checks" },
		{ o->profile && (o->format == FORMAT_PROMETHEUS ||
				 o->format == FORMAT_NAGIOS),
		  "--profile answers in text or --json" },
		{ o->profile && !doctor_profile_known(o->profile),
		  "no such profile; there is: scs-0101" },
		{ o->quiet && o->verbose, "--quiet or --verbose, not both" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].wrong)
			return doctor_fail(o, EXIT_USAGE, "%s", rows[i].why);
	}
	return 0;
}

/* Returns 0 or an exit code. */
static int parse(int argc, char **argv, struct doctor_options *o)
{
	int c, code = 0;

	/* A wrong option after it is told in the monitor's words too. */
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--nagios") == 0)
			o->format = FORMAT_NAGIOS;
	}
	opterr = 0; /* the message is ours */
	while (code == 0 &&
	       (c = getopt_long(argc, argv, ":o:vq", longs, NULL)) >= 0) {
		if (c == OPT_JSON)
			take_format(o, FORMAT_JSON);
		else if (c == OPT_PROMETHEUS)
			take_format(o, FORMAT_PROMETHEUS);
		else if (c == OPT_NAGIOS)
			take_format(o, FORMAT_NAGIOS);
		else if (c == OPT_ONLY)
			code = take_only(o, optarg);
		else if (c == ':')
			code = doctor_fail(o, EXIT_USAGE, "%s needs a value",
					   argv[optind - 1]);
		else if (!take(o, c))
			code = doctor_fail(o, EXIT_USAGE, "unknown option '%s'",
					   argv[optind - 1]);
	}
	if (code == 0 && o->explain && !o->explain_id && optind < argc)
		o->explain_id = argv[optind++];
	if (code == 0 && optind < argc)
		code = doctor_fail(o, EXIT_USAGE, "unknown argument '%s'",
				   argv[optind]);
	return code ? code : check_together(o);
}

static int run(int argc, char **argv)
{
	struct doctor_options o = { .format = FORMAT_TEXT };
	int code = parse(argc, argv, &o);

	if (code != 0)
		return code;
	cmd_catch_interrupt();
	if (o.explain)
		return doctor_explain(&o);
	return doctor_examine(&o);
}

const struct command command_doctor = {
	.name = "doctor",
	.summary = "is this machine, image or host safe, why, what to change",
	.usage = usage,
	.run = run,
};
