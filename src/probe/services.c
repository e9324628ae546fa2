/* SPDX-License-Identifier: ISC */
/* What the machine is: in FIPS mode, in a container. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/wipe.h"
#include "probe/boot.h"
#include "probe/log.h"
#include "probe/services_parts.h"

#define COMMAND_LINE_BYTES 8192

struct services_facts *services_facts_new(void)
{
	return calloc(1, sizeof(struct services_facts));
}

void services_facts_free(struct services_facts *facts)
{
	free(facts);
}

/* "arch_timer: cp15 timer(s) running at 62.50MHz (virt)." */
static bool on_line(void *context, const struct log_line *line)
{
	struct services_facts *f = context;
	const char *at;

	if (!line->kernel)
		return true;
	if (strcasestr(line->text, "jitter") != NULL) {
		clones_copy(f->jitter_line, sizeof f->jitter_line, line->text);
		if (strstr(line->text, "permanent health test failure") != NULL)
			f->jitter_failed = true;
	}
	if (strstr(line->text, "arch_timer") != NULL &&
	    (at = strstr(line->text, "running at ")) != NULL)
		f->arch_timer_mhz = strtod(at + 11, NULL);
	return !f->jitter_failed;
}

static void probe_fips(const struct probe_root *root, struct services_facts *f)
{
	char text[COMMAND_LINE_BYTES];
	struct log_state state;
	ssize_t n = clones_text(root, "/proc/sys/crypto/fips_enabled", text,
				sizeof text);

	f->fips_error = n < 0 ? (int)n : 0;
	f->fips_enabled = n > 0 && strcmp(text, "1") == 0;
	if (n >= 0 && !f->fips_enabled && strcmp(text, "0") != 0)
		f->fips_error = -EBADMSG;
	f->fips_command_line = -1;
	/* fips= takes a number, as simple_strtol() reads it. */
	if (clones_text(root, "/proc/cmdline", text, sizeof text) > 0) {
		char value[16];

		if (boot_command_line_option(text, "fips", value, sizeof value))
			f->fips_command_line = strtol(value, NULL, 0) != 0;
		wipe(text, sizeof text);
	}
	(void)clones_text(root,
			  "/sys/devices/system/clocksource/clocksource0/"
			  "current_clocksource",
			  f->clocksource, sizeof f->clocksource);
	(void)probe_log_each(root, LOG_OF_KERNEL, &state, on_line, f);
}

static void set_container(struct services_facts *f, const char *kind,
			  const char *path)
{
	if (f->container)
		return;
	f->container = true;
	clones_copy(f->container_kind, sizeof f->container_kind, kind);
	clones_copy(f->container_path, sizeof f->container_path, path);
}

/* The kind stands in the path of the first process's group. */
static void ask_cgroup(const struct probe_root *root, struct services_facts *f)
{
	static const struct {
		const char *word, *kind;
	} words[] = {
		{ "kubepods", "kubernetes" },
		{ "docker", "docker" },
		{ "libpod", "podman" },
		{ "crio", "cri-o" },
		{ "containerd", "containerd" },
		{ "/lxc/", "lxc" },
		{ "lxc.payload", "lxc" },
		{ "garden", "garden" },
		{ "machine.slice/machine-", "systemd-nspawn" },
	};
	char text[4096];

	if (clones_text(root, "/proc/1/cgroup", text, sizeof text) <= 0)
		return;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strstr(text, words[i].word) != NULL)
			set_container(f, words[i].kind, "/proc/1/cgroup");
}

/* "container=lxc": only root may read the first process's environment. */
static void ask_environment(const struct probe_root *root,
			    struct services_facts *f)
{
	char text[8192];
	ssize_t n = probe_root_read(root, "/proc/1/environ", text, sizeof text);

	for (ssize_t i = 0; i < n; i += (ssize_t)strlen(text + i) + 1)
		if (strncmp(text + i, "container=", 10) == 0 &&
		    text[i + 10] != '\0')
			set_container(f, text + i + 10, "/proc/1/environ");
	wipe(text, sizeof text);
}

static bool sees_threads(const struct probe_root *root)
{
	char comm[32];

	return clones_text(root, "/proc/2/comm", comm, sizeof comm) > 0 &&
	       strcmp(comm, "kthreadd") == 0;
}

static void probe_container(const struct probe_root *root,
			    struct services_facts *f)
{
	static const struct {
		const char *path, *kind;
	} files[] = {
		{ "/.dockerenv", "docker" },
		{ "/run/.containerenv", "podman" },
		{ "/run/host/container-manager", "container" },
		{ "/var/run/secrets/kubernetes.io", "kubernetes" },
		{ "/dev/.lxc-boot-id", "lxc" },
	};
	char text[32];

	if (clones_text(root, "/run/systemd/container", text, sizeof text) > 0)
		set_container(f, text, "/run/systemd/container");
	/*
	 * A VM made from a container's image has these files too; but who sees
	 * the kernel's threads is in no container's namespace.
	 */
	for (size_t i = 0; i < ARRAY_LEN(files) && !sees_threads(root); i++)
		if (probe_root_exists(root, files[i].path))
			set_container(f, files[i].kind, files[i].path);
	/* OpenVZ: its guests have vz and not bc. */
	if (probe_root_exists(root, "/proc/vz") &&
	    !probe_root_exists(root, "/proc/bc"))
		set_container(f, "openvz", "/proc/vz");
	ask_environment(root, f);
	ask_cgroup(root, f);
}

int probe_services(const struct probe_root *root, const struct platform *p,
		   struct services_facts *ret_facts)
{
	struct services_facts *f = ret_facts;

	(void)p;
	memset(f, 0, sizeof *f);
	services_probe_packages(root, f);
	services_probe_feeds(root, f);
	services_probe_nodes(root, f);
	f->proc_error = -ENOENT;
	f->fips_error = -ENOENT;
	f->fips_command_line = -1;
	if (probe_root_kind(root) == PROBE_IMAGE)
		return 0;
	services_probe_processes(root, f);
	probe_fips(root, f);
	probe_container(root, f);
	return 0;
}
