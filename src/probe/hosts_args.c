/* SPDX-License-Identifier: ISC */
/* The words of a command line, and which of them are QEMU's options. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/hosts_parts.h"

/* A guest with every disk that PCI has room for stays far below. */
#define MAX_WORDS 16384

int vm_args_split(struct vm_args *ret_args, const char *text, size_t len_bytes)
{
	size_t n = 0, i = 0;
	const char **argv;

	for (size_t at = 0; at < len_bytes && n < MAX_WORDS;
	     at += strlen(text + at) + 1)
		n++;
	argv = calloc(n + 1, sizeof *argv);
	if (!argv)
		return -ENOMEM;
	for (size_t at = 0; i < n; at += strlen(text + at) + 1)
		argv[i++] = text + at;
	ret_args->argv = argv;
	ret_args->argc = n;
	return 0;
}

void vm_args_free(struct vm_args *args)
{
	free((void *)args->argv);
	args->argv = NULL;
	args->argc = 0;
}

/* Options that take no value, of QEMU 2 to 10. */
static const char *const flags[] = {
	"S",
	"s",
	"h",
	"help",
	"version",
	"nographic",
	"nodefaults",
	"no-user-config",
	"nouserconfig",
	"daemonize",
	"snapshot",
	"usb",
	"no-reboot",
	"no-shutdown",
	"no-acpi",
	"no-hpet",
	"no-fd-bootchk",
	"no-kvm",
	"no-kvm-irqchip",
	"no-kvm-pit",
	"no-kvm-pit-reinjection",
	"full-screen",
	"portrait",
	"singlestep",
	"one-insn-per-tb",
	"preconfig",
	"only-migratable",
	"mem-prealloc",
	"sdl",
	"curses",
	"no-frame",
	"no-quit",
	"alt-grab",
	"ctrl-grab",
	"show-cursor",
	"win2k-hack",
	"rtc-td-hack",
	"tdf",
	"no-fd-bootchk",
	"old-param",
	"semihosting",
	"enable-fips",
	"xen-attach",
	"xen-domid-restrict",
	"async-teardown",
	"enable-sync-profile",
	"perfmap",
	"jitdump",
	"audio-help",
};

/*
 * Options whose values are of use here. No value looks like one of these, so
 * that an option which neither table knows and which is followed by one of them
 * is a flag of a newer QEMU.
 */
static const char *const valued[] = {
	"name",   "uuid",       "machine",  "M",        "accel",
	"cpu",    "object",     "mem-path", "device",   "chardev",
	"tpmdev", "readconfig", "loadvm",   "incoming",
};

static bool has(const char *const *table, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(table[i], name) == 0)
			return true;
	return false;
}

/* "-name" and "--name" alike; NULL for what is no option. */
static const char *option_name(const char *arg)
{
	if (arg[0] != '-' || arg[1] == '\0')
		return NULL;
	return arg + (arg[1] == '-' ? 2 : 1);
}

bool qemu_next_option(const struct vm_args *args, size_t *i,
		      const char **ret_name, const char **ret_value)
{
	while (*i < args->argc) {
		const char *name = option_name(args->argv[(*i)++]), *next;

		if (!name)
			continue;
		*ret_name = name;
		*ret_value = "";
		if (has(flags, ARRAY_LEN(flags), name) || *i >= args->argc)
			return true;
		next = option_name(args->argv[*i]);
		if (next && !has(valued, ARRAY_LEN(valued), name) &&
		    has(valued, ARRAY_LEN(valued), next))
			return true;
		*ret_value = args->argv[(*i)++];
		return true;
	}
	return false;
}

bool qemu_find_option(const struct vm_args *args, const char *option,
		      const char *implied, const char *id,
		      struct opt_list *ret_list)
{
	const char *name, *value;

	for (size_t i = 0; qemu_next_option(args, &i, &name, &value);) {
		const char *have;

		if (strcmp(name, option) != 0 ||
		    opt_parse(ret_list, value, implied) < 0)
			continue;
		have = opt_get(ret_list, "id");
		if (have && strcmp(have, id) == 0)
			return true;
	}
	opt_wipe(ret_list);
	return false;
}
