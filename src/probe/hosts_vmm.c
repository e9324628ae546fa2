/* SPDX-License-Identifier: ISC */
/*
 * The monitors beside QEMU: cloud-hypervisor, Firecracker and crosvm. Each
 * passes the host's CPU on; what was set over an API socket is not on the
 * command line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/hosts_parts.h"

/* "--name VALUE" or "--name=VALUE"; NULL where it is not there. */
static const char *find_value(const struct vm_args *args, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 1; i < args->argc; i++) {
		const char *arg = args->argv[i];

		if (strncmp(arg, name, len) != 0)
			continue;
		if (arg[len] == '=')
			return arg + len + 1;
		if (arg[len] == '\0')
			return i + 1 < args->argc ? args->argv[i + 1] : "";
	}
	return NULL;
}

static void set_partial(struct host_guest *g, const char *why)
{
	g->partial = true;
	hosts_copy(g->why, sizeof g->why, why);
}

static void add_file_rng(struct host_guest *g, const char *kind,
			 const char *path, bool is_default)
{
	struct guest_rng *r = guest_add_rng(g);

	g->rng = HOSTS_YES;
	if (!r)
		return;
	hosts_copy(r->device, sizeof r->device, "virtio-rng");
	hosts_copy(r->kind, sizeof r->kind, kind);
	r->is_default = is_default;
	r->backend = path ? BACKEND_FILE : BACKEND_BUILTIN;
	if (path)
		hosts_copy(r->path, sizeof r->path, path);
}

static const char *without_scheme(const char *url)
{
	return strncmp(url, "file://", 7) == 0 ? url + 7 : url;
}

static void read_cloud_hypervisor(struct guest_sink *sink,
				  const struct vm_args *args,
				  struct host_guest *g)
{
	const char *restore = find_value(args, "--restore");
	const char *rng = find_value(args, "--rng"), *src, *platform;
	struct opt_list o;

	g->generation = HOSTS_NO;
	g->tpm = find_value(args, "--tpm") ? HOSTS_YES : HOSTS_NO;
	if (g->tpm == HOSTS_YES)
		hosts_copy(g->tpm_kind, sizeof g->tpm_kind, "emulator");
	platform = find_value(args, "--platform");
	if (platform && opt_parse(&o, platform, NULL) == 0 &&
	    (opt_is_on(&o, "tdx") || opt_is_on(&o, "sev_snp")))
		hosts_copy(g->confidential, sizeof g->confidential,
			   opt_is_on(&o, "tdx") ? "tdx" : "sev_snp");
	g->start = START_BOOT;
	if (restore && opt_parse(&o, restore, "source_url") == 0) {
		src = opt_get(&o, "source_url");
		g->start = START_FILE;
		hosts_copy(g->start_from, sizeof g->start_from,
			   src ? without_scheme(src) : "");
		if (sink && g->start_from[0] == '/') {
			char path[HOSTS_PATH_BYTES + 16];

			(void)snprintf(path, sizeof path, "%s/memory-ranges",
				       g->start_from);
			(void)hosts_note_image(sink->root, sink->facts,
					       IMAGE_INCOMING, path, g->name);
		}
	}
	if (rng && opt_parse(&o, rng, NULL) == 0 &&
	    (src = opt_get(&o, "src")) != NULL) {
		add_file_rng(g, "file", src, false);
	} else if (restore || find_value(args, "--kernel") ||
		   find_value(args, "--firmware") || find_value(args, "--disk")) {
		/* Without --rng there is one, from /dev/urandom. */
		add_file_rng(g, "file", "/dev/urandom", true);
	} else {
		set_partial(g, "configured over its API socket");
		g->tpm = HOSTS_UNKNOWN;
		g->start = START_UNKNOWN;
	}
}

static void read_firecracker(struct guest_sink *sink,
			     const struct vm_args *args, struct host_guest *g)
{
	const char *file = find_value(args, "--config-file");
	const char *id = find_value(args, "--id");
	char *text = NULL;
	ssize_t n = -1;

	if (id)
		hosts_copy(g->name, sizeof g->name, id);
	if (file && sink && file[0] == '/')
		n = probe_root_load(sink->root, file, 1 << 16, &text);
	if (n < 0 || hosts_read_firecracker(text, (size_t)n, g) < 0)
		set_partial(g, file ? "its configuration file could not be "
				      "read from here" :
				      "configured over its API socket");
	if (n >= 0)
		free(text);
	g->tpm = HOSTS_NO;
}

int hosts_read_firecracker(const char *json, size_t len_bytes,
			   struct host_guest *g)
{
	struct opt_list o;
	struct guest_rng *r;
	const char *size, *time;
	int ret = opt_parse_json(&o, json, len_bytes);

	if (ret < 0)
		return ret;
	g->start = START_BOOT;
	if (!opt_get(&o, "entropy") && !opt_has_prefix(&o, "entropy.")) {
		g->rng = o.cut ? HOSTS_UNKNOWN : HOSTS_NO;
		return 0;
	}
	add_file_rng(g, "built in", NULL, true);
	r = &g->rngs[g->n_rngs - 1];
	size = opt_get(&o, "entropy.rate_limiter.bandwidth.size");
	time = opt_get(&o, "entropy.rate_limiter.bandwidth.refill_time");
	if (size && time) {
		r->max_bytes = hosts_number(size);
		r->period_ms = hosts_number(time);
	}
	return 0;
}

static void read_crosvm(struct guest_sink *sink, const struct vm_args *args,
			struct host_guest *g)
{
	const char *name = find_value(args, "--name");
	const char *restore = find_value(args, "--restore");

	g->generation = HOSTS_NO;
	g->tpm = HOSTS_NO;
	if (name)
		hosts_copy(g->name, sizeof g->name, name);
	if (find_value(args, "--software-tpm") ||
	    find_value(args, "--vtpm-proxy"))
		g->tpm = HOSTS_YES;
	g->start = restore ? START_FILE : START_BOOT;
	if (restore) {
		hosts_copy(g->start_from, sizeof g->start_from, restore);
		if (sink)
			(void)hosts_note_image(sink->root, sink->facts,
					       IMAGE_INCOMING, restore, g->name);
	}
	if (find_value(args, "--cfg"))
		set_partial(g, "--cfg: a part of it is in a file of its own");
	else if (find_value(args, "--no-rng"))
		g->rng = HOSTS_NO;
	else
		add_file_rng(g, "file", "/dev/urandom", true);
}

static const struct {
	const char *name;
	enum guest_vmm vmm;
	const char *word; /* its subcommand that runs a guest */
	void (*read)(struct guest_sink *sink, const struct vm_args *args,
		     struct host_guest *g);
} monitors[] = {
	{ "cloud-hypervisor", VMM_CLOUD_HYPERVISOR, NULL, read_cloud_hypervisor },
	{ "firecracker", VMM_FIRECRACKER, NULL, read_firecracker },
	{ "crosvm", VMM_CROSVM, "run", read_crosvm },
};

static bool has_word(const struct vm_args *args, const char *word)
{
	for (size_t i = 1; i < args->argc; i++)
		if (strcmp(args->argv[i], word) == 0)
			return true;
	return false;
}

bool hosts_is_monitor(const char *argv0)
{
	for (size_t i = 0; i < ARRAY_LEN(monitors); i++)
		if (strcmp(hosts_base(argv0), monitors[i].name) == 0)
			return true;
	return false;
}

bool hosts_read_vmm(struct guest_sink *sink, const struct vm_args *args,
		    struct host_guest *g)
{
	if (args->argc < 2)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(monitors); i++) {
		if (strcmp(hosts_base(args->argv[0]), monitors[i].name) != 0 ||
		    (monitors[i].word && !has_word(args, monitors[i].word)))
			continue;
		g->vmm = monitors[i].vmm;
		g->cpu_host = true;
		hosts_copy(g->accel, sizeof g->accel, "kvm");
		monitors[i].read(sink, args, g);
		return true;
	}
	return false;
}
