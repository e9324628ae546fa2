/* SPDX-License-Identifier: ISC */
/* All guests of this machine: processes first, then libvirt's files. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/kernel_rng.h"
#include "base/wipe.h"
#include "probe/hosts_parts.h"

#define MAX_PROCESSES 65536
#define MAX_COMMAND_BYTES (1 << 20)
#define MAX_DOMAIN_FILES 4096

struct domain_walk {
	const struct probe_root *root;
	struct hosts_facts *facts;
	const char *dir;
	bool running;
	int result;
};

struct process_walk {
	struct guest_sink sink;
	int result;
};

static int add_process(struct process_walk *w, pid_t pid, char *text,
		       size_t len_bytes)
{
	struct host_guest *g = malloc(sizeof *g);
	struct vm_args args;
	int r = -ENOMEM;

	if (!g)
		return r;
	guest_clear(g);
	if (vm_args_split(&args, text, len_bytes) < 0)
		goto out;
	g->pid = pid;
	g->is_running = true;
	r = 0;
	if (hosts_is_qemu(args.argv[0], g->arch, sizeof g->arch))
		hosts_read_qemu(&w->sink, &args, g);
	else if (!hosts_read_vmm(&w->sink, &args, g))
		goto free_args;
	if (g->name[0] == '\0')
		(void)snprintf(g->name, sizeof g->name, "%.60s-%d",
			       hosts_base(args.argv[0]), (int)pid);
	if (g->start == START_FILE && g->start_from[0] == '/')
		r = hosts_note_image(w->sink.root, w->sink.facts,
				     IMAGE_INCOMING, g->start_from, g->name);
	if (r == 0)
		r = hosts_add_guest(w->sink.facts, g);
free_args:
	vm_args_free(&args);
out:
	free(g);
	return r;
}

/* A helper that was forked from the VMM bears its command line too. */
static bool is_child_of_same(const struct probe_root *root, pid_t pid,
			     const char *text, size_t len_bytes)
{
	char path[64], status[2048], parent[4096];
	const char *line;
	ssize_t n;
	long ppid;

	(void)snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	if (probe_root_read(root, path, status, sizeof status) < 0)
		return false;
	line = strstr(status, "\nPPid:");
	ppid = line ? strtol(line + 6, NULL, 10) : 0;
	if (ppid <= 1)
		return false;
	(void)snprintf(path, sizeof path, "/proc/%ld/cmdline", ppid);
	n = probe_root_read(root, path, parent, sizeof parent);
	return n > 0 &&
	       memcmp(parent, text, min_size((size_t)n, len_bytes)) == 0 &&
	       ((size_t)n == len_bytes || (size_t)n == sizeof parent - 1);
}

static bool see_process(void *context, const char *name)
{
	struct process_walk *w = context;
	char path[64], head[512], *text;
	pid_t pid = (pid_t)hosts_number(name);
	ssize_t n;

	if (pid <= 0 || strlen(name) > 10)
		return true;
	(void)snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
	n = probe_root_read(w->sink.root, path, head, sizeof head);
	if (n < 0 && n != -ENOENT && n != -ESRCH && n != -ENOTDIR)
		hosts_note_gap(&w->sink.facts->processes, path, (int)-n);
	if (n <= 0 || (!hosts_is_qemu(head, NULL, 0) && !hosts_is_monitor(head)))
		return true;
	n = probe_root_load(w->sink.root, path, MAX_COMMAND_BYTES, &text);
	if (n < 0) {
		hosts_note_gap(&w->sink.facts->processes, path, (int)-n);
		return true;
	}
	if (n > 0 && !is_child_of_same(w->sink.root, pid, text, (size_t)n))
		w->result = add_process(w, pid, text, (size_t)n);
	wipe(text, (size_t)n);
	wipe(head, sizeof head);
	free(text);
	return w->result == 0;
}

/* hidepid=1, noaccess and their like, on the mount of /proc. */
static bool is_proc_hidden(const struct probe_root *root)
{
	static const char *const hiding[] = {
		"hidepid=1",        "hidepid=2",         "hidepid=4",
		"hidepid=noaccess", "hidepid=invisible", "hidepid=ptraceable"
	};
	char mounts[16384];
	char *save = NULL;

	if (probe_root_read(root, "/proc/self/mounts", mounts, sizeof mounts) <
		    0 &&
	    probe_root_read(root, "/proc/mounts", mounts, sizeof mounts) < 0)
		return false;
	for (char *line = strtok_r(mounts, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (!strstr(line, " /proc proc "))
			continue;
		for (size_t i = 0; i < ARRAY_LEN(hiding); i++)
			if (strstr(line, hiding[i]))
				return true;
	}
	return false;
}

static bool see_domain(void *context, const char *name)
{
	struct domain_walk *w = context;
	char path[HOSTS_PATH_BYTES + 256], *xml = NULL;
	struct host_guest *g = NULL;
	size_t len = strlen(name);
	ssize_t n;

	if (len <= 4 || strcmp(name + len - 4, ".xml") != 0)
		return true;
	(void)snprintf(path, sizeof path, "%s/%s", w->dir, name);
	n = probe_root_load(w->root, path, HOSTS_DOMAIN_MAX_BYTES, &xml);
	if (n == -EISDIR)
		return true;
	if (n >= 0) {
		g = malloc(sizeof *g);
		w->result = g ? 0 : -ENOMEM;
	}
	if (g) {
		guest_clear(g);
		n = hosts_read_domain(xml, (size_t)n, g);
	}
	if (n < 0 && w->result == 0) {
		hosts_note_gap(&w->facts->domains, path, (int)-n);
	} else if (g) {
		hosts_copy(w->running ? g->running_file : g->defined_file,
			   HOSTS_PATH_BYTES, path);
		g->is_running = w->running && g->is_running;
		w->result = hosts_add_guest(w->facts, g);
	}
	free(g);
	free(xml);
	return w->result == 0;
}

static int read_domains(const struct probe_root *root,
			struct hosts_facts *facts, const char *dir, bool running)
{
	struct domain_walk w = { root, facts, dir, running, 0 };
	int r = probe_root_list(root, dir, MAX_DOMAIN_FILES, see_domain, &w);

	if (r == -E2BIG)
		facts->guests_more = true;
	else if (r < 0 && r != -ENOENT && r != -ENOTDIR)
		hosts_note_gap(&facts->domains, dir, -r);
	return w.result;
}

static void read_host(const struct probe_root *root, const struct platform *p,
		      struct hosts_facts *facts)
{
	struct kernel_semantics semantics;
	unsigned poolsize_bits = 0;
	char text[128];

	if (p->cpuinfo_seen) {
		facts->host_rdrand = p->kernel_has_rdrand ? HOSTS_YES : HOSTS_NO;
		facts->host_rdseed = p->kernel_has_rdseed ? HOSTS_YES : HOSTS_NO;
	}
	if (p->cpu_vendor[0] != '\0')
		hosts_copy(facts->cpu_arch, sizeof facts->cpu_arch, "x86_64");
	hosts_copy(facts->kernel_release, sizeof facts->kernel_release,
		   p->kernel_release);
	if (probe_root_read(root, "/proc/sys/kernel/random/poolsize", text,
			    sizeof text) > 0)
		poolsize_bits = (unsigned)strtoul(text, NULL, 10);
	if (poolsize_bits == 0 && p->kernel_release[0] == '\0')
		return;
	kernel_semantics(p->kernel_release, poolsize_bits, &semantics);
	facts->random_blocks = semantics.random_blocks_after_init ? HOSTS_YES :
								    HOSTS_NO;
}

static void look_at_files(const struct probe_root *root,
			  struct hosts_facts *facts)
{
	for (size_t i = 0; i < facts->n_guests; i++)
		for (unsigned k = 0; k < facts->guests[i].n_rngs; k++)
			hosts_look_at_file(root, &facts->guests[i].rngs[k]);
}

int probe_hosts(const struct probe_root *root, const struct platform *p,
		struct hosts_facts *facts)
{
	struct process_walk w = { { root, facts }, 0 };
	int r;

	read_host(root, p, facts);
	facts->proc_hidden = is_proc_hidden(root);
	r = probe_root_list(root, "/proc", MAX_PROCESSES, see_process, &w);
	if (r < 0 && r != -ENOENT)
		hosts_note_gap(&facts->processes, "/proc", -r);
	r = w.result;
	if (r == 0)
		r = read_domains(root, facts, "/run/libvirt/qemu", true);
	if (r == 0)
		r = read_domains(root, facts, "/etc/libvirt/qemu", false);
	if (r == 0)
		r = hosts_read_saves(root, facts);
	look_at_files(root, facts);
	return r;
}

int probe_hosts_domain(const struct probe_root *root, const struct platform *p,
		       const char *name, const char *xml, size_t len_bytes,
		       struct hosts_facts *facts)
{
	struct host_guest g;
	int r;

	guest_clear(&g);
	r = hosts_read_domain(xml, len_bytes, &g);
	if (r < 0)
		return r;
	read_host(root, p, facts);
	facts->one_domain = true;
	hosts_copy(g.defined_file, sizeof g.defined_file, name);
	g.is_running = false;
	g.pid = 0;
	r = hosts_add_guest(facts, &g);
	look_at_files(root, facts);
	return r;
}
