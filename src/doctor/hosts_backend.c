/* SPDX-License-Identifier: ISC */
/* From where the host takes what it gives to a guest. */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "doctor/hosts_part.h"

enum {
	BACK_FAKE,
	BACK_OPEN_TCP,
	BACK_BLOCKS,
	BACK_LOCAL_TCP,
	BACK_HWRNG,
	BACK_GONE,
	BACK_STRANGE,
	BACK_MAY_BLOCK,
	BACK_UNSEEN,
	BACK_RANDOM,
	BACK_VHOST,
	BACK_EGD,
	BACK_OK,
};

static void fix_urandom(struct finding *f, const struct hosts_facts *h,
			const struct host_guest *g)
{
	(void)h;
	finding_fix(f, FIX_HOST,
		    "libvirt: 'virsh edit %s', and let the backend inside "
		    "<rng> be this; then stop and start the guest.",
		    hosts_shell_name(g));
	finding_command(f, FIX_HOST, "%s",
			"<backend model='random'>/dev/urandom</backend>");
	finding_fix(f, FIX_HOST, "QEMU: name this object instead.");
	finding_command(f, FIX_HOST, "%s",
			"-object rng-random,id=rng0,filename=/dev/urandom");
}

static void fix_socket(struct finding *f, const struct hosts_facts *h,
		       const struct host_guest *g)
{
	finding_fix(f, FIX_HOST,
		    "Take the host's own /dev/urandom. Where a central feeder "
		    "is wanted, reach it over a Unix socket of this host, "
		    "whose directory only the feeder and the guests' user may "
		    "enter.");
	fix_urandom(f, h, g);
}

static const struct host_issue issues[] = {
	[BACK_FAKE] = { SEVERITY_CRITICAL, "fed from what is no random device",
			"The guest's kernel believes its host: it counts these "
			"bytes as random and is 'ready' at once, with numbers "
			"that whoever knows the file can work out.",
			fix_urandom },
	[BACK_OPEN_TCP] = { SEVERITY_CRITICAL,
			    "fed over the network in the clear (EGD)",
			    "EGD has neither encryption nor a password: anyone "
			    "on the way reads what the guest gets, or sends "
			    "bytes of their own.",
			    fix_socket },
	[BACK_BLOCKS] = { SEVERITY_WARN,
			  "/dev/random as backend, which blocks on this host's "
			  "kernel",
			  "Before Linux 5.6 /dev/random gives out only what "
			  "its estimate allows: guests wait for it, and drain "
			  "it for everyone else on the host. /dev/urandom "
			  "comes from the same generator.",
			  fix_urandom },
	[BACK_LOCAL_TCP] = { SEVERITY_WARN,
			     "fed over a TCP or UDP port of this host (EGD)",
			     "Every program here can connect to the port, or "
			     "take it when the feeder is down.",
			     fix_socket },
	[BACK_HWRNG] = { SEVERITY_WARN, "fed straight from /dev/hwrng",
			 "Those are raw bytes of one device: nobody tests them "
			 "on the way, the guests share its speed, and reads "
			 "fail when it is gone. The host's kernel already "
			 "mixes it into /dev/urandom.",
			 fix_urandom },
	[BACK_GONE] = { SEVERITY_WARN, "backend that is not there",
			"QEMU does not start with it, or the device gives "
			"nothing.",
			fix_urandom },
	[BACK_STRANGE] = { SEVERITY_WARN,
			   "fed from a file or device that this program does "
			   "not know",
			   "Nothing here can say whether its bytes are random. "
			   "A pipe also ends when its writer does.",
			   fix_urandom },
	[BACK_MAY_BLOCK] = { SEVERITY_UNKNOWN,
			     "/dev/random as backend: it blocks before Linux "
			     "5.6, and this host's kernel is not known",
			     NULL, fix_urandom },
	[BACK_UNSEEN] = { SEVERITY_UNKNOWN, "backend that could not be seen",
			  NULL, NULL },
	[BACK_RANDOM] = { SEVERITY_INFO,
			  "/dev/random as backend: works here, /dev/urandom "
			  "does on every kernel",
			  NULL, NULL },
	[BACK_VHOST] = { SEVERITY_INFO,
			 "served over vhost-user: the guest cannot be migrated",
			 "QEMU marks vhost-user-rng as not migratable; libvirt "
			 "refuses to save or move such a guest.",
			 NULL },
	[BACK_EGD] = { SEVERITY_INFO, "fed by a program (EGD)",
		       "The guest gets what that program sends. If it falls "
		       "silent, the guest still shows the device as its "
		       "current source.",
		       NULL },
	[BACK_OK] = { SEVERITY_OK, "fed by the host's kernel", NULL, NULL },
};

static bool starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static unsigned judge_file(const struct hosts_facts *h,
			   const struct host_guest *g, const struct guest_rng *r)
{
	switch (r->file) {
	case FILE_URANDOM:
		return BACK_OK;
	case FILE_RANDOM:
		return h->random_blocks == HOSTS_YES ? BACK_BLOCKS :
		       h->random_blocks == HOSTS_NO  ? BACK_RANDOM :
						       BACK_MAY_BLOCK;
	case FILE_HWRNG:
		return BACK_HWRNG;
	case FILE_ZERO:
	case FILE_PLAIN:
		return BACK_FAKE;
	case FILE_MISSING:
		/* A running QEMU may see other files than this program. */
		return g->is_running ? BACK_UNSEEN : BACK_GONE;
	case FILE_UNKNOWN:
		/* Random devices lie in /dev; pipes are made in /run. */
		return starts(r->path, "/dev/") || starts(r->path, "/run/") ||
				       r->path[0] != '/' ?
			       BACK_UNSEEN :
			       BACK_FAKE;
	default:
		return BACK_STRANGE;
	}
}

static unsigned judge_rng(const struct hosts_facts *h,
			  const struct host_guest *g, const struct guest_rng *r)
{
	switch (r->backend) {
	case BACKEND_FILE:
		return judge_file(h, g, r);
	case BACKEND_BUILTIN:
		return BACK_OK;
	case BACKEND_MISSING:
		return BACK_GONE;
	case BACKEND_VHOST_USER:
		return r->channel == CHANNEL_MISSING ? BACK_GONE : BACK_VHOST;
	case BACKEND_EGD:
		if (r->channel == CHANNEL_MISSING)
			return BACK_GONE;
		if (r->channel != CHANNEL_TCP && r->channel != CHANNEL_UDP)
			return BACK_EGD;
		if (r->loopback)
			return BACK_LOCAL_TCP;
		return r->tls ? BACK_EGD : BACK_OPEN_TCP;
	default:
		return BACK_UNSEEN;
	}
}

static unsigned judge_backend(const struct hosts_facts *h,
			      const struct host_guest *g)
{
	unsigned bits = 0;

	for (unsigned i = 0; i < g->n_rngs; i++)
		bits |= HOST_ISSUE(judge_rng(h, g, &g->rngs[i]));
	return bits;
}

static void describe_channel(const struct guest_rng *r, char *ret_text,
			     size_t cap_bytes)
{
	static const char *const names[] = {
		[CHANNEL_MISSING] = "its chardev is not there",
		[CHANNEL_UNIX] = "Unix socket",
		[CHANNEL_TCP] = "TCP",
		[CHANNEL_UDP] = "UDP",
		[CHANNEL_OTHER] = "another kind of channel",
	};

	hosts_append(ret_text, cap_bytes, ", %s", names[r->channel]);
	if (r->channel == CHANNEL_TCP || r->channel == CHANNEL_UDP)
		hosts_append(ret_text, cap_bytes, " %s port %s%s%s",
			     r->host[0] != '\0' ? r->host :
			     r->listens         ? "all addresses" :
						  "localhost",
			     r->port, r->listens ? ", listening" : "",
			     r->tls ? ", TLS" : "");
	else if (r->path[0] != '\0')
		hosts_append(ret_text, cap_bytes, " %s", r->path);
}

static void describe_file(const struct guest_rng *r, char *ret_text,
			  size_t cap_bytes)
{
	static const char *const what[] = {
		[FILE_MISSING] = "not there",
		[FILE_RANDOM] = "the host's /dev/random",
		[FILE_URANDOM] = "the host's /dev/urandom",
		[FILE_HWRNG] = "the host's /dev/hwrng",
		[FILE_ZERO] = "no randomness in it",
		[FILE_DEVICE] = "a character device",
		[FILE_PIPE] = "a pipe or socket",
		[FILE_PLAIN] = "a plain file",
		[FILE_STRANGE] = "no character device",
		[FILE_UNKNOWN] = "not seen here",
	};

	hosts_append(ret_text, cap_bytes, ", file %s", r->path);
	if (!starts(what[r->file], "the host's"))
		hosts_append(ret_text, cap_bytes, " (%s)", what[r->file]);
	else if (strcmp(what[r->file] + 11, r->path) != 0)
		hosts_append(ret_text, cap_bytes, " (is %s)", what[r->file]);
}

static void describe_backend(const struct hosts_facts *h,
			     const struct host_guest *g, char *ret_text,
			     size_t cap_bytes)
{
	(void)h;
	for (unsigned i = 0; i < g->n_rngs; i++) {
		const struct guest_rng *r = &g->rngs[i];

		hosts_append(ret_text, cap_bytes, "%s%s", i > 0 ? "; " : "",
			     r->backend == BACKEND_MISSING ?
				     "the object it names is not there" :
			     r->kind[0] != '\0' ? r->kind :
						  "unknown backend");
		if (r->is_default)
			hosts_append(ret_text, cap_bytes, " (by default)");
		if (r->backend == BACKEND_FILE)
			describe_file(r, ret_text, cap_bytes);
		else if (r->backend == BACKEND_EGD ||
			 r->backend == BACKEND_VHOST_USER)
			describe_channel(r, ret_text, cap_bytes);
	}
}

bool hosts_judge_backend(const struct machine *m, struct finding *f)
{
	static const struct host_question q = { issues, ARRAY_LEN(issues),
						judge_backend,
						describe_backend };

	return hosts_ask(m, &q, f);
}
