/* SPDX-License-Identifier: ISC */
/* QEMU's rng devices, and what their ids lead to. */
#include <string.h>

#include "probe/hosts_parts.h"

static bool starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool hosts_is_loopback(const char *host, bool listens)
{
	if (host[0] == '\0')
		return !listens;
	return strcmp(host, "localhost") == 0 || starts(host, "127.") ||
	       strcmp(host, "::1") == 0 || strcmp(host, "[::1]") == 0;
}

static void read_channel(const struct opt_list *o, struct guest_rng *r)
{
	const char *type = opt_first(o, "backend.type", "backend", "backend");
	const char *path = opt_first(o, "path", "backend.data.addr.data.path",
				     "backend.data.device");
	const char *host = opt_first(o, "host", "backend.data.addr.data.host",
				     "backend.data.remote.data.host");
	const char *port = opt_first(o, "port", "backend.data.addr.data.port",
				     "backend.data.remote.data.port");
	bool json = opt_has_prefix(o, "backend.");

	if (!type)
		return;
	r->channel = CHANNEL_OTHER;
	if (path)
		hosts_copy(r->path, sizeof r->path, path);
	if (host)
		hosts_copy(r->host, sizeof r->host, host);
	if (port)
		hosts_copy(r->port, sizeof r->port, port);
	/* In JSON a socket listens unless it is told not to. */
	r->listens = json ? strcmp(type, "socket") == 0 &&
				     (!opt_get(o, "backend.data.server") ||
				      opt_is_on(o, "backend.data.server")) :
			    opt_is_on(o, "server");
	r->tls = opt_first(o, "tls-creds", "backend.data.tls-creds",
			   "tls-creds") != NULL;
	if (strcmp(type, "socket") == 0 && path)
		r->channel = CHANNEL_UNIX;
	else if (strcmp(type, "socket") == 0 && port)
		r->channel = CHANNEL_TCP;
	else if (strcmp(type, "udp") == 0)
		r->channel = CHANNEL_UDP;
	r->loopback = (r->channel == CHANNEL_TCP || r->channel == CHANNEL_UDP) &&
		      hosts_is_loopback(r->host, r->listens);
}

static void find_channel(const struct vm_args *args, const char *id,
			 struct guest_rng *r)
{
	struct opt_list o;

	r->channel = CHANNEL_MISSING;
	if (id && qemu_find_option(args, "chardev", "backend", id, &o)) {
		read_channel(&o, r);
		opt_wipe(&o);
	}
}

/* The object behind "rng=ID". */
static void read_backend(const struct vm_args *args, const char *id,
			 struct guest_rng *r)
{
	struct opt_list o;
	const char *type;

	if (!qemu_find_option(args, "object", "qom-type", id, &o)) {
		r->backend = BACKEND_MISSING;
		return;
	}
	type = opt_get(&o, "qom-type");
	hosts_copy(r->kind, sizeof r->kind, type ? type : "");
	if (strcmp(r->kind, "rng-random") == 0) {
		r->backend = BACKEND_FILE;
		r->is_default = !opt_get(&o, "filename");
		/* QEMU's own default is /dev/urandom from 4.2 on. */
		hosts_copy(r->path, sizeof r->path,
			   r->is_default ? "/dev/urandom" :
					   opt_get(&o, "filename"));
	} else if (strcmp(r->kind, "rng-builtin") == 0) {
		r->backend = BACKEND_BUILTIN;
	} else if (strcmp(r->kind, "rng-egd") == 0) {
		r->backend = BACKEND_EGD;
		find_channel(args, opt_get(&o, "chardev"), r);
	}
	opt_wipe(&o);
}

void qemu_read_rng(const struct vm_args *args, const struct opt_list *o,
		   const char *driver, struct host_guest *g)
{
	struct guest_rng *r = guest_add_rng(g);
	const char *id = opt_get(o, "rng");

	if (!r)
		return;
	hosts_copy(r->device, sizeof r->device, driver);
	r->max_bytes = hosts_number(opt_get(o, "max-bytes"));
	r->period_ms = hosts_number(opt_get(o, "period"));
	if (starts(driver, "vhost-user-rng")) {
		r->backend = BACKEND_VHOST_USER;
		hosts_copy(r->kind, sizeof r->kind, "vhost-user");
		find_channel(args, opt_get(o, "chardev"), r);
	} else if (id) {
		read_backend(args, id, r);
	} else {
		/* Without one, QEMU makes an rng-builtin from 4.2 on. */
		r->backend = BACKEND_BUILTIN;
		r->is_default = true;
		hosts_copy(r->kind, sizeof r->kind, "rng-builtin");
	}
}
