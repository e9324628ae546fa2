/* SPDX-License-Identifier: ISC */
/* Which log is there, may be read, and is of this boot. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/log_boot.h"

#define LOG_BYTES_MAX (4u << 20)

/* read_file - the end of a file, allocated. ret_cut: it is longer. */
static ssize_t read_file(const struct probe_root *root, const char *path,
			 char **ret_text, bool *ret_cut)
{
	struct probe_stat st;
	size_t cap;
	ssize_t n;
	char *text;
	int r = probe_root_stat(root, path, &st);

	if (r < 0)
		return r;
	cap = (size_t)min_u64(st.size_bytes, LOG_BYTES_MAX) + 2;
	text = malloc(cap);
	if (text == NULL)
		return -ENOMEM;
	n = probe_root_read_tail(root, path, text, cap);
	if (n < 0) {
		free(text);
		return n;
	}
	*ret_text = text;
	*ret_cut = (size_t)n == cap - 1;
	return n;
}

static double read_seconds(const struct probe_root *root, const char *path,
			   const char *key)
{
	char *text, *p, *end;
	ssize_t n = probe_root_load(root, path, 1 << 20, &text);
	double v = NAN;

	if (n < 0)
		return v;
	p = key[0] == '\0' ? text : strstr(text, key);
	if (p != NULL) {
		p += strlen(key);
		v = (double)strtoull(p, &end, 10);
		if (end == p)
			v = NAN;
	}
	free(text);
	return v;
}

/* of_another_boot - by its kernel's series, by its times, by its own time. */
static bool of_another_boot(const struct probe_root *root, const char *path,
			    const struct log_boot *b)
{
	struct kernel_version running;
	char release[128];
	double uptime_s = read_seconds(root, "/proc/uptime", "");
	struct probe_stat st;

	if (b->has_version &&
	    probe_root_read(root, "/proc/sys/kernel/osrelease", release,
			    sizeof release) > 0 &&
	    kernel_version_parse(release, &running) &&
	    (running.major != b->version.major ||
	     running.minor != b->version.minor))
		return true;
	/* The log's clock and the uptime's drift apart, and stand for sleep. */
	if (b->last_s > uptime_s * 1.001 + 10)
		return true;
	if (probe_root_kind(root) != PROBE_LIVE)
		return false;
	return probe_root_stat(root, path, &st) < 0 ||
	       !((double)st.mtime_s >=
		 read_seconds(root, "/proc/stat", "\nbtime "));
}

struct candidate {
	const char *path;
	unsigned what;    /* 1 << LOG_OF_... */
	bool record_only; /* written by a person or the recorder */
};

#define KERNEL (1u << LOG_OF_KERNEL)
#define SYSTEM (1u << LOG_OF_SYSTEM)

static const struct candidate candidates[] = {
	{ "/var/log/dmesg", KERNEL, false },
	{ "/var/log/kern.log", KERNEL, false },
	{ "/var/log/journal.txt", KERNEL | SYSTEM, true },
	{ "/journal.txt", KERNEL | SYSTEM, true },
	{ "/var/log/syslog", KERNEL | SYSTEM, false },
	{ "/var/log/messages", KERNEL | SYSTEM, false },
	{ "/var/log/daemon.log", SYSTEM, false },
};

/* Live: dmesg files are written once at boot. */
static bool reaches_now(enum probe_kind kind, const char *path)
{
	return kind != PROBE_LIVE || strcmp(path, "/var/log/dmesg") != 0;
}

static int try_file(const struct probe_root *root, enum log_what what,
		    const char *path, struct log_state *state,
		    probe_log_fn *each, void *context)
{
	struct log_boot b;
	char *text, *p;
	bool cut;
	size_t len;
	ssize_t n = read_file(root, path, &text, &cut);

	if (n < 0)
		return (int)n;
	p = text;
	len = (size_t)n;
	if (cut)
		log_skip_partial(&p, &len);
	log_scan(p, len, &b);
	if (len == 0 || (what == LOG_OF_KERNEL && b.n_kernel == 0)) {
		free(text);
		return -ENOENT;
	}
	if (of_another_boot(root, path, &b)) {
		free(text);
		return -ESTALE;
	}
	state->path = path;
	state->to_now = reaches_now(probe_root_kind(root), path);
	log_show(p, len, cut, &b, state, each, context);
	free(text);
	return 0;
}

/* What is most worth saying of several failures. */
static int worse(int a, int b)
{
	static const int order[] = { -EACCES, -EPERM, -ESTALE };

	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return a == -ENOENT ? b : a;
}

int probe_log_each(const struct probe_root *root, enum log_what what,
		   struct log_state *ret_state, probe_log_fn *each,
		   void *context)
{
	enum probe_kind kind = probe_root_kind(root);
	int worst = -ENOENT, r;
	char *text;

	log_state_clear(ret_state);
	if (kind == PROBE_LIVE && what == LOG_OF_KERNEL) {
		ssize_t n = probe_root_load_log(root, LOG_BYTES_MAX, &text);

		if (n > 0) {
			probe_log_parse(text, (size_t)n, false, ret_state, each,
					context);
			ret_state->path = "/dev/kmsg";
			ret_state->to_now = true;
			free(text);
			return 0;
		}
		if (n == 0)
			free(text);
		worst = n < 0 ? (int)n : -ENOENT;
	}
	for (size_t i = 0; i < ARRAY_LEN(candidates); i++) {
		const struct candidate *c = &candidates[i];

		if ((c->what & 1u << what) == 0 ||
		    (c->record_only && kind == PROBE_LIVE))
			continue;
		r = try_file(root, what, c->path, ret_state, each, context);
		if (r == 0)
			return 0;
		worst = worse(worst, r);
	}
	return worst;
}

static bool seen(void *context, const char *name)
{
	(void)name;
	*(bool *)context = true;
	return false;
}

bool probe_log_has_journal(const struct probe_root *root)
{
	static const char *const dirs[] = { "/var/log/journal",
					    "/run/log/journal" };
	bool any = false;

	for (size_t i = 0; i < ARRAY_LEN(dirs); i++)
		(void)probe_root_list(root, dirs[i], 64, seen, &any);
	return any;
}
