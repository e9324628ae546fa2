/* SPDX-License-Identifier: ISC */
/* /dev/random and /dev/urandom: of the machine and of its chroots. */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/services_parts.h"

/* Directories of which each may be a root of its own. */
static const char *const parents[] = {
	"/var/lib/machines", "/var/chroot", "/srv/chroot", "/chroot",
	"/var/lib/lxc",      "/var/jail",   "/srv/jail",
};

static const char *const chroots[] = {
	"/var/named/chroot",  "/var/lib/named",   "/var/bind9/chroot",
	"/var/spool/postfix", "/var/lib/haproxy", "/var/lib/unbound",
	"/etc/unbound",       "/var/lib/ntp",     "/var/ftp",
	"/srv/ftp",           "/var/empty",       "/var/lib/dhcp",
};

struct search {
	const struct probe_root *root;
	struct services_facts *f;
};

static enum services_node_kind kind_of(const struct probe_stat *st, bool urandom)
{
	if (S_ISREG(st->mode))
		return NODE_FILE;
	if (!S_ISCHR(st->mode))
		return S_ISBLK(st->mode) ? NODE_WRONG : NODE_OTHER;
	if (st->rdev_major != 1 || st->rdev_minor < 8 || st->rdev_minor > 9)
		return NODE_WRONG;
	return st->rdev_minor == (urandom ? 9u : 8u) ? NODE_GOOD : NODE_SWAPPED;
}

static void look_at(const struct search *s, const char *dir, const char *name,
		    bool root_dev)
{
	struct services_facts *f = s->f;
	struct services_node *node;
	char path[SERVICES_PATH_BYTES];
	struct probe_stat st;
	ssize_t n;

	if (!clones_join(path, dir, name) ||
	    probe_root_stat(s->root, path, &st) < 0)
		return;
	if (f->n_nodes == SERVICES_NODES_MAX) {
		f->more_nodes = true;
		return;
	}
	node = &f->nodes[f->n_nodes++];
	memset(node, 0, sizeof *node);
	clones_copy(node->path, sizeof node->path, path);
	n = probe_root_readlink(s->root, path, node->target,
				sizeof node->target - 1);
	node->target[n > 0 ? n : 0] = '\0';
	node->urandom = strcmp(name, "urandom") == 0;
	node->root_dev = root_dev;
	node->kind = kind_of(&st, node->urandom);
	node->readable_by_all = (st.mode & 0444) == 0444;
	node->rdev_major = st.rdev_major;
	node->rdev_minor = st.rdev_minor;
	node->size_bytes = st.size_bytes;
}

static void look_in(const struct search *s, const char *chroot, bool root_dev)
{
	char dev[CLONES_PATH_BYTES];

	if (!clones_join(dev, chroot, "dev"))
		return;
	look_at(s, dev, "random", root_dev);
	look_at(s, dev, "urandom", root_dev);
}

static void on_chroot(void *context, const char *path, const char *name)
{
	const struct search *s = context;
	char rootfs[CLONES_PATH_BYTES];

	(void)name;
	s->f->n_chroots++;
	look_in(s, path, false);
	if (clones_join(rootfs, path, "rootfs"))
		look_in(s, rootfs, false);
}

void services_probe_nodes(const struct probe_root *root,
			  struct services_facts *f)
{
	struct search s = { root, f };

	f->dev_seen = probe_root_exists(root, "/dev");
	look_in(&s, "", true);
	for (size_t i = 0; i < ARRAY_LEN(chroots); i++)
		look_in(&s, chroots[i], false);
	for (size_t i = 0; i < ARRAY_LEN(parents); i++)
		clones_each(root, parents[i], "", "", NULL, on_chroot, &s);
}
