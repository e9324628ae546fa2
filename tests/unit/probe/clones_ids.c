/* SPDX-License-Identifier: ISC */
/* The family `clones`: keys, ids, whole images. */
#include "probe/clones_tree.h"

static void host_keys_wherever_they_stand(void **state)
{
	(void)state;
	tree_text("/etc/ssh/ssh_host_ed25519_key", "x");
	tree_text("/etc/ssh/ssh_host_ed25519_key.pub", KEY " t\n");
	tree_text("/etc/ssh/ssh_host_rsa_key.pub", "no key\n");
	tree_text("/etc/ssh/sshd_config",
		  "#HostKey /no\nhostkey /srv/keys/a\nHostKeyAgent /no\n");
	tree_text("/srv/keys/a", "x");
	tree_text("/etc/dropbear/dropbear_rsa_host_key", "x");
	f = clones_facts_new();
	assert_int_equal(clones_known_keys(f, "list",
					   "# fleet\n256 SHA256:" FINGERPRINT
					   " a (ED25519)\nnonsense\n"),
			 1);
	look(false);
	assert_int_equal(f->keys.count, 4);
	assert_true(f->keys.keys[0].parsed);
	assert_true(f->keys.keys[0].in_list);
	assert_string_equal(f->keys.keys[0].key.fingerprint, FINGERPRINT);
	assert_false(f->keys.keys[1].parsed);
	assert_int_equal(f->keys.keys[1].private_key.error, -ENOENT);
	assert_true(f->keys.keys[2].dropbear);
	assert_string_equal(f->keys.keys[3].private_key.path, "/srv/keys/a");
}

static void what_cannot_be_read_is_not_taken_for_missing(void **state)
{
	(void)state;
	/* Directories in the place of files. */
	tree_text("/etc/ssh/sshd_config/x", "");
	tree_text("/etc/cloud/cloud.cfg/x", "");
	tree_text("/root/.ssh/authorized_keys/x", "");
	tree_text("/etc/machine-id/x", "");
	look(false);
	assert_int_equal(f->keys.unseen.count, 1);
	assert_int_equal(f->keys.unseen.files[0].error, -EISDIR);
	assert_int_equal(f->cloud.config_unseen.count, 1);
	assert_int_equal(f->keys.logins_unseen.count, 1);
	assert_int_equal(f->machine_id.state, ID_UNSEEN);
}

static void known_keys_as_lists_have_them(void **state)
{
	(void)state;
	f = clones_facts_new();
	assert_int_equal(clones_known_keys(f, "a", "h " KEY "\n\n"), 1);
	assert_int_equal(clones_known_keys(f, "a", ""), 0);
	assert_int_equal(clones_known_keys(f, "a", "SHA256:AAAA\n"), -EBADMSG);
	assert_int_equal(f->known.count, 0);
	look(false);
}

static void login_keys_of_interest(void **state)
{
	(void)state;
	tree_text("/root/.ssh/authorized_keys", KEY "\n# x\nbad\n");
	tree_text("/home/a/.ssh/authorized_keys",
		  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN1YdxBpNlzxDqfJyw/"
		  "QKow1F+wvG9hXGoqiysfJOn5Y v\n");
	look(false);
	assert_int_equal(f->keys.n_login_keys, 2);
	assert_int_equal(f->keys.n_login_files, 2);
	assert_int_equal(f->keys.n_logins, 1);
	assert_non_null(f->keys.logins[0].key.published);
}

static void machine_ids(void **state)
{
	static const struct {
		const char *text;
		enum clones_id_state is;
	} rows[] = {
		{ "0123456789abcdef0123456789abcdef\n", ID_SET },
		{ "0123456789abcdef0123456789abcde\n", ID_BROKEN },
		{ "0123456789abcdef0123456789abcdef0\n", ID_BROKEN },
		{ "0123456789abcdef0123456789abcdeg\n", ID_BROKEN },
		{ "00000000000000000000000000000000\n", ID_NULL },
		{ "uninitialized\n", ID_UNINITIALIZED },
		{ "\n", ID_EMPTY },
		{ "", ID_EMPTY },
	};

	(void)state;
	link_to("/etc/machine-id", "/var/lib/dbus/machine-id");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		tree_text("/etc/machine-id", rows[i].text);
		look(false);
		assert_int_equal(f->machine_id.state, rows[i].is);
		assert_true(f->dbus_id.is_link);
		assert_int_equal(f->dbus_id.state, rows[i].is);
	}
}

static void ids_of_dhcp_clients(void **state)
{
	(void)state;
	tree_text("/var/lib/dhcp/dhclient6.leases", "default-duid \"x\";\n");
	tree_text("/var/lib/dhcp/dhclient.eth0.leases", "lease { }\n");
	tree_text("/var/lib/dhcp/dhclient.leases", "");
	tree_text("/var/lib/dhcpcd/duid", "00:01\n");
	look(false);
	assert_int_equal(f->duids.count, 3);
	assert_true(f->duids.files[0].holds_duid);
	assert_false(f->duids.files[1].holds_duid);
	assert_true(f->duids.files[2].holds_duid);
}

static const struct image_item *item(const char *path)
{
	for (size_t i = 0; i < f->image.count; i++)
		if (strcmp(f->image.items[i].path, path) == 0)
			return &f->image.items[i];
	return NULL;
}

static void an_image_and_what_to_take_out(void **state)
{
	(void)state;
	tree_text("/etc/machine-id", "0123456789abcdef0123456789abcdef\n");
	tree_text("/etc/ssh/ssh_host_ed25519_key", "x");
	tree_text("/var/lib/systemd/random-seed", "seed");
	tree_text("/var/lib/urandom/random-seed", "");
	tree_text("/var/lib/cloud/instances/i-1/user-data.txt",
		  "#cloud-config\nchpasswd: { list: x }\n");
	link_to("/var/lib/cloud/instances/i-1", "/var/lib/cloud/instance");
	tree_text("/var/cache/pollinate/seeded", "");
	tree_text("/etc/ssl/private/a.key", "x");
	tree_text("/etc/ssl/private/a.crt", "x");
	tree_text("/home/u/.ssh/id_rsa", "x");
	tree_text("/home/u/.ssh/id_rsa.pub", "x");
	tree_text("/etc/hostid", "1234");
	look(true);
	assert_int_equal(item("/etc/machine-id")->action, ITEM_TRUNCATE);
	assert_int_equal(item("/etc/ssh/ssh_host_ed25519_key")->action,
			 ITEM_REMOVE);
	assert_non_null(item("/var/lib/systemd/random-seed"));
	assert_null(item("/var/lib/urandom/random-seed"));
	assert_int_equal(item("/var/lib/cloud/instances")->action,
			 ITEM_REMOVE_TREE);
	assert_int_equal(item("/var/lib/cloud/instance")->action, ITEM_REMOVE);
	assert_non_null(item("/var/cache/pollinate/seeded"));
	assert_int_equal(item("/etc/ssl/private/a.key")->action, ITEM_REPORT);
	assert_null(item("/etc/ssl/private/a.crt"));
	assert_int_equal(item("/home/u/.ssh/id_rsa")->kind, ITEM_SECRET);
	assert_null(item("/home/u/.ssh/id_rsa.pub"));
	assert_int_equal(item("/etc/hostid")->kind, ITEM_IDENTITY);
	assert_true(f->cloud.user_data_secrets);
	assert_string_equal(f->cloud.secrets_word, "chpasswd");
}

static void a_sealed_image_has_nothing_to_take_out(void **state)
{
	(void)state;
	tree_text("/etc/machine-id", "");
	tree_text("/etc/ssh/sshd_config", "PermitRootLogin no\n");
	link_to("/etc/machine-id", "/var/lib/dbus/machine-id");
	look(true);
	assert_int_equal(f->image.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(host_keys_wherever_they_stand),
		TEST(what_cannot_be_read_is_not_taken_for_missing),
		TEST(known_keys_as_lists_have_them),
		TEST(login_keys_of_interest),
		TEST(machine_ids),
		TEST(ids_of_dhcp_clients),
		TEST(an_image_and_what_to_take_out),
		TEST(a_sealed_image_has_nothing_to_take_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
