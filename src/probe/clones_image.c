/* SPDX-License-Identifier: ISC */
/*
 * What an image holds that its clones must not share: what the other parts have
 * found, and a table of secrets and identities that other software keeps. A
 * file is named by its place and looked at from outside only.
 */
#include <string.h>

#include "base/bytes.h"
#include "probe/clones_parts.h"

struct place {
	const char *dir, *prefix, *suffix;
	enum image_item_kind kind;
	enum image_item_action action;
	const char *what;
	bool harmless;
};

/* clang-format off */
static const struct place places[] = {
	/* Secrets that were made on the machine the image was taken of. */
	{ "/etc/ssl/private", "", "", ITEM_SECRET, ITEM_REPORT,
	  "TLS private key", false },
	{ "/etc/pki/tls/private", "", ".key", ITEM_SECRET, ITEM_REPORT,
	  "TLS private key", false },
	{ "/etc/nginx", "", ".key", ITEM_SECRET, ITEM_REPORT,
	  "TLS private key", false },
	{ "/etc/wireguard", "", "", ITEM_SECRET, ITEM_REPORT,
	  "WireGuard key", false },
	{ "/etc/openvpn", "", ".key", ITEM_SECRET, ITEM_REPORT,
	  "OpenVPN key", false },
	{ "/etc/ipsec.d/private", "", "", ITEM_SECRET, ITEM_REPORT,
	  "IPsec private key", false },
	{ "/etc/swanctl/private", "", "", ITEM_SECRET, ITEM_REPORT,
	  "IPsec private key", false },
	{ "/etc", "krb5", ".keytab", ITEM_SECRET, ITEM_REPORT,
	  "Kerberos keytab", false },
	{ "/var/lib/NetworkManager", "secret_", "key", ITEM_SECRET,
	  ITEM_REMOVE, "NetworkManager's secret for stable addresses", false },
	{ "/var/lib/NetworkManager", "seen-", "bssids", ITEM_IDENTITY,
	  ITEM_REMOVE, "networks that were seen", true },
	{ "/etc/NetworkManager/system-connections", "", "", ITEM_SECRET,
	  ITEM_REPORT, "network connection (may hold a password)", true },
	{ "/etc/salt/pki/minion", "minion", ".pem", ITEM_SECRET, ITEM_REMOVE,
	  "Salt minion's key", false },
	{ "/etc/puppetlabs/puppet/ssl/private_keys", "", ".pem", ITEM_SECRET,
	  ITEM_REMOVE, "Puppet agent's key", false },
	{ "/var/lib/puppet/ssl/private_keys", "", ".pem", ITEM_SECRET,
	  ITEM_REMOVE, "Puppet agent's key", false },
	{ "/etc/chef", "client", ".pem", ITEM_SECRET, ITEM_REMOVE,
	  "Chef client's key", false },
	{ "/etc/kubernetes/pki", "", ".key", ITEM_SECRET, ITEM_REPORT,
	  "Kubernetes key", false },
	{ "/var/lib/kubelet/pki", "", ".key", ITEM_SECRET, ITEM_REPORT,
	  "Kubernetes key", false },
	{ "/var/lib/kubelet/pki", "", ".pem", ITEM_SECRET, ITEM_REPORT,
	  "Kubernetes key", false },
	{ "/var/lib/systemd", "credential", ".secret", ITEM_SECRET,
	  ITEM_REMOVE, "systemd's key for credentials", false },
	{ "/etc/munge", "munge", ".key", ITEM_SECRET, ITEM_REPORT,
	  "MUNGE key", false },
	{ "/etc/bind", "rndc", ".key", ITEM_SECRET, ITEM_REPORT,
	  "BIND's control key", false },
	{ "/var/lib/tailscale", "tailscaled", ".state", ITEM_SECRET,
	  ITEM_REPORT, "Tailscale's node key", false },
	{ "/var/lib/snapd/device/private-keys-v1", "", "", ITEM_SECRET,
	  ITEM_REPORT, "snapd's device key", false },
	{ "/var/lib/waagent", "", ".prv", ITEM_SECRET, ITEM_REMOVE,
	  "Azure agent's key", false },
	{ "/var/lib/waagent", "ovf-env", ".xml", ITEM_SECRET, ITEM_REMOVE,
	  "Azure provisioning data (may hold a password)", false },
	{ "/var/lib/amazon/ssm/Vault/Store", "", "", ITEM_SECRET, ITEM_REPORT,
	  "AWS Systems Manager registration", false },
	{ "/etc/pki/consumer", "", ".pem", ITEM_SECRET, ITEM_REPORT,
	  "subscription's key", false },
	{ "/etc/rancher/node", "pass", "word", ITEM_SECRET, ITEM_REMOVE,
	  "Rancher's node password", false },
	{ "/var/lib/iwd", "", ".psk", ITEM_SECRET, ITEM_REPORT,
	  "wireless password", false },
	/* Names that two machines must not both have. */
	{ "/etc", "host", "id", ITEM_IDENTITY, ITEM_REMOVE,
	  "hostid (ZFS tells pools' owners by it)", false },
	{ "/etc/iscsi", "initiatorname", ".iscsi", ITEM_IDENTITY, ITEM_REPORT,
	  "iSCSI initiator name", false },
	{ "/etc/nvme", "host", "id", ITEM_IDENTITY, ITEM_REMOVE,
	  "NVMe host id", false },
	{ "/etc/nvme", "host", "nqn", ITEM_IDENTITY, ITEM_REMOVE,
	  "NVMe host name", false },
	{ "/etc/salt", "minion", "_id", ITEM_IDENTITY, ITEM_REMOVE,
	  "Salt minion's id", false },
	{ "/etc/insights-client", "machine", "-id", ITEM_IDENTITY, ITEM_REMOVE,
	  "Insights client's id", false },
	{ "/etc/sysconfig/rhn", "system", "id", ITEM_IDENTITY, ITEM_REPORT,
	  "subscription's system id", false },
	{ "/etc/udev/rules.d", "70-persistent-net", ".rules", ITEM_IDENTITY,
	  ITEM_REMOVE, "network names bound to MAC addresses", false },
	{ "/var/lib/docker", "engine", "-id", ITEM_IDENTITY, ITEM_REMOVE,
	  "Docker engine's id", false },
	{ "/var/log/journal", "", "", ITEM_IDENTITY, ITEM_REPORT,
	  "journal of the machine the image was taken of", true },
};

/* Below each home. */
static const struct place home_places[] = {
	{ ".ssh", "id_", "", ITEM_SECRET, ITEM_REPORT,
	  "SSH private key of a user", false },
	{ ".ssh", "authorized_", "keys", ITEM_LOGIN, ITEM_REPORT,
	  "keys that may log in to every clone", false },
	{ ".aws", "cred", "entials", ITEM_SECRET, ITEM_REPORT,
	  "AWS credentials", false },
	{ ".docker", "config", ".json", ITEM_SECRET, ITEM_REPORT,
	  "Docker configuration (may hold credentials)", true },
	{ ".kube", "con", "fig", ITEM_SECRET, ITEM_REPORT,
	  "Kubernetes credentials", false },
	{ "", ".net", "rc", ITEM_SECRET, ITEM_REPORT, "passwords", false },
	{ "", ".bash_", "history", ITEM_IDENTITY, ITEM_REMOVE,
	  "shell history", true },
};
/* clang-format on */

struct search {
	const struct probe_root *root;
	struct clones_facts *f;
	const struct place *place;
};

/* Public halves and certificates tell nothing that must be kept. */
static bool is_public(const char *name)
{
	static const char *const ends[] = {
		".pub",          ".crt", ".cer", ".csr",  "README",
		".conf.example", ".md",  ".txt", ".keep", ".gitignore",
	};
	size_t len = strlen(name);

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		size_t end = strlen(ends[i]);

		if (len >= end && strcmp(name + len - end, ends[i]) == 0)
			return true;
	}
	return false;
}

static void on_file(void *context, const char *path, const char *name)
{
	const struct search *s = context;
	const struct place *p = s->place;
	struct clones_file file;

	if (is_public(name))
		return;
	clones_look(s->root, path, &file);
	if (file.error == 0 && S_ISREG(file.st.mode) && file.st.size_bytes == 0)
		return;
	if (file.error != 0) {
		clones_unseen(&s->f->image.unseen, path, file.error);
		return;
	}
	if (S_ISDIR(file.st.mode) && p->kind == ITEM_SECRET)
		return;
	clones_item(&s->f->image, path, p->kind, p->action, p->what,
		    p->harmless);
}

static void on_home(void *context, const char *path, const char *name)
{
	struct search *s = context;
	char dir[CLONES_PATH_BYTES];

	(void)name;
	for (size_t i = 0; i < ARRAY_LEN(home_places); i++) {
		s->place = &home_places[i];
		if (home_places[i].dir[0] == '\0')
			clones_copy(dir, sizeof dir, path);
		else if (!clones_join(dir, path, home_places[i].dir))
			continue;
		clones_each(s->root, dir, home_places[i].prefix,
			    home_places[i].suffix, &s->f->image.unseen, on_file,
			    s);
	}
}

static void list_keys(struct clones_facts *f)
{
	for (size_t i = 0; i < f->keys.count; i++) {
		const struct clones_host_key *key = &f->keys.keys[i];

		if (key->private_key.error == 0)
			clones_item(&f->image, key->private_key.path,
				    ITEM_HOST_KEY, ITEM_REMOVE,
				    "SSH host key, private half", false);
		if (key->public_key.error == 0)
			clones_item(&f->image, key->public_key.path,
				    ITEM_HOST_KEY, ITEM_REMOVE,
				    "SSH host key, public half", true);
	}
}

static void list_ids(struct clones_facts *f)
{
	const struct clones_id *id = &f->machine_id;

	if (id->state == ID_SET || id->state == ID_NULL ||
	    id->state == ID_BROKEN)
		clones_item(&f->image, id->file.path, ITEM_MACHINE_ID,
			    ITEM_TRUNCATE, "machine-id", false);
	id = &f->dbus_id;
	if (!id->is_link && (id->state == ID_SET || id->state == ID_NULL ||
			     id->state == ID_BROKEN))
		clones_item(&f->image, id->file.path, ITEM_MACHINE_ID,
			    ITEM_REMOVE, "machine-id of D-Bus", false);
}

static void list_files(const struct probe_root *root, struct clones_facts *f)
{
	struct clones_file link;

	for (size_t i = 0; i < f->seeds.count; i++)
		if (f->seeds.seeds[i].file.st.size_bytes > 0)
			clones_item(&f->image, f->seeds.seeds[i].file.path,
				    ITEM_SEED, ITEM_REMOVE, "seed file", false);
	for (size_t i = 0; i < f->duids.count; i++)
		clones_item(&f->image, f->duids.files[i].file.path, ITEM_DUID,
			    ITEM_REMOVE,
			    f->duids.files[i].holds_duid ?
				    "DHCP client's identity" :
				    "DHCP lease",
			    !f->duids.files[i].holds_duid);
	if (f->pollinate.flag.error == 0)
		clones_item(&f->image, f->pollinate.flag.path, ITEM_POLLINATE,
			    ITEM_REMOVE, "flag that stops pollinate", false);
	if (!f->cloud.has_state)
		return;
	clones_look_self(root, "/var/lib/cloud/instance", &link);
	/* The link may dangle by now, and goes too. */
	if (link.error == 0)
		clones_item(&f->image, "/var/lib/cloud/instance",
			    ITEM_CLOUD_STATE, ITEM_REMOVE,
			    "cloud-init's link to its instance", false);
	if (probe_root_exists(root, "/var/lib/cloud/instances"))
		clones_item(&f->image, "/var/lib/cloud/instances",
			    ITEM_CLOUD_STATE, ITEM_REMOVE_TREE,
			    "cloud-init's instances", false);
	if (probe_root_exists(root, "/var/lib/cloud/data"))
		clones_item(&f->image, "/var/lib/cloud/data", ITEM_CLOUD_STATE,
			    ITEM_REMOVE_TREE, "cloud-init's data", false);
	if (probe_root_exists(root, "/var/lib/cloud/sem"))
		clones_item(&f->image, "/var/lib/cloud/sem", ITEM_CLOUD_STATE,
			    ITEM_REMOVE_TREE, "what cloud-init has done once",
			    false);
}

void clones_probe_image(const struct probe_root *root, struct clones_facts *f)
{
	struct search s = { root, f, NULL };

	list_keys(f);
	list_ids(f);
	list_files(root, f);
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		s.place = &places[i];
		clones_each(root, places[i].dir, places[i].prefix,
			    places[i].suffix, &f->image.unseen, on_file, &s);
	}
	on_home(&s, "/root", "root");
	clones_each(root, "/home", "", "", &f->image.unseen, on_home, &s);
}
