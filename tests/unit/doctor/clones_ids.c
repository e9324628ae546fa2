/* SPDX-License-Identifier: ISC */
/* The family `clones`: keys and ids. */
#include "doctor/clones_machine.h"

static void host_keys_by_strength(void **state)
{
	static const struct {
		const char *type;
		unsigned bits;
		enum severity is;
	} rows[] = {
		{ "ssh-rsa", 2048, SEVERITY_OK },
		{ "ssh-rsa", 2047, SEVERITY_WARN },
		{ "ssh-rsa", 1024, SEVERITY_WARN },
		{ "ssh-rsa", 1023, SEVERITY_CRITICAL },
		{ "ssh-dss", 1024, SEVERITY_WARN },
		{ "ssh-ed25519", 256, SEVERITY_OK },
	};
	struct clones_host_key *k = host_key();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		SET(k->key.type, rows[i].type);
		k->key.bits = rows[i].bits;
		assert_int_equal(judge("host-keys"), rows[i].is);
	}
	k->key.roca = true;
	assert_int_equal(judge("host-keys"), SEVERITY_CRITICAL);
	k->key.roca = false;
	k->key.published = "somebody's key";
	assert_int_equal(judge("host-keys"), SEVERITY_CRITICAL);
	k->key.published = NULL;
	k->in_list = true;
	assert_int_equal(judge("host-keys"), SEVERITY_CRITICAL);
}

static void host_keys_by_age(void **state)
{
	struct clones_host_key *k = host_key();

	(void)state;
	/* A pet: its kernel started long after its keys were made. */
	c->boot_s = 90000000;
	boot.log.ready_seen = true;
	boot.log.ready_s = 5;
	assert_int_equal(judge("host-keys"), SEVERITY_OK);
	c->instance.born_s = 100060;
	assert_int_equal(judge("host-keys"), SEVERITY_OK);
	c->instance.born_s = 100061;
	assert_int_equal(judge("host-keys"), SEVERITY_CRITICAL);
	c->instance.by_cloud_init = false;
	assert_int_equal(judge("host-keys"), SEVERITY_OK);
	c->instance.born_s = 103600;
	assert_int_equal(judge("host-keys"), SEVERITY_OK);
	c->instance.born_s = 103601;
	assert_int_equal(judge("host-keys"), SEVERITY_CRITICAL);
	c->instance.known = false;
	assert_int_equal(judge("host-keys"), SEVERITY_UNKNOWN);
	c->instance.known = true;
	c->instance.born_s = 100000;
	/* Before the generator was ready, and not. */
	c->boot_s = 99990;
	boot.log.ready_s = 12;
	assert_int_equal(judge("host-keys"), SEVERITY_OK);
	boot.log.ready_s = 12.5;
	assert_int_equal(judge("host-keys"), SEVERITY_WARN);
	c->boot_s = 100001;
	assert_int_equal(judge("host-keys"), SEVERITY_OK);
	c->boot_s = 99990;
	boot.log.ready_s = NAN;
	assert_int_equal(judge("host-keys"), SEVERITY_OK);
	/* Nothing is sound that was not understood. */
	k->parsed = false;
	k->public_key.error = 0;
	assert_int_equal(judge("host-keys"), SEVERITY_UNKNOWN);
	k->dropbear = true;
	assert_int_equal(judge("host-keys"), SEVERITY_OK);
	k->dropbear = false;
	k->public_key.error = -ENOENT;
	assert_int_equal(judge("host-keys"), SEVERITY_OK);
	k->private_key.error = -EACCES;
	c->keys.unseen.count = 1;
	c->keys.unseen.files[0].error = -EACCES;
	assert_int_equal(judge("host-keys"), SEVERITY_UNKNOWN);
}

static void host_keys_by_mode(void **state)
{
	static const struct {
		mode_t mode;
		enum severity is;
	} rows[] = {
		{ 0400, SEVERITY_OK },   { 0600, SEVERITY_OK },
		{ 0640, SEVERITY_OK },   { 0620, SEVERITY_WARN },
		{ 0604, SEVERITY_WARN }, { 0644, SEVERITY_WARN },
	};
	struct clones_host_key *k = host_key();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		k->private_key.st.mode = S_IFREG | rows[i].mode;
		assert_int_equal(judge("host-keys"), rows[i].is);
	}
}

static void no_foreign_path_gets_into_a_command(void **state)
{
	struct clones_host_key *k = host_key();

	(void)state;
	SET(k->private_key.path, "/etc/ssh/ssh_host_$(reboot)_key");
	k->private_key.st.mode = S_IFREG | 0644;
	assert_int_equal(judge("host-keys"), SEVERITY_WARN);
	for (size_t i = 0; i < found.fix.count; i++)
		if (found.fix.lines[i].is_command)
			assert_null(strchr(found.fix.lines[i].text, '$'));
	m.kind = PROBE_IMAGE;
	assert_int_equal(judge("host-keys"), SEVERITY_CRITICAL);
	for (size_t i = 0; i < found.fix.count; i++)
		if (found.fix.lines[i].is_command)
			assert_null(strchr(found.fix.lines[i].text, '$'));
}

static void login_keys(void **state)
{
	(void)state;
	c->keys.n_login_keys = 1;
	assert_int_equal(judge("login-keys"), SEVERITY_OK);
	c->keys.logins_unseen.count = 1;
	c->keys.logins_unseen.files[0].error = -EACCES;
	assert_int_equal(judge("login-keys"), SEVERITY_UNKNOWN);
	c->keys.n_logins = 1;
	SET(c->keys.logins[0].key.type, "ssh-dss");
	assert_int_equal(judge("login-keys"), SEVERITY_WARN);
	c->keys.logins[0].key.published = "somebody's key";
	assert_int_equal(judge("login-keys"), SEVERITY_CRITICAL);
}

static void machine_ids(void **state)
{
	static const struct {
		enum clones_id_state id;
		enum severity machine, image;
	} rows[] = {
		{ ID_MISSING, NONE, SEVERITY_OK },
		{ ID_UNSEEN, SEVERITY_UNKNOWN, SEVERITY_UNKNOWN },
		{ ID_EMPTY, SEVERITY_WARN, SEVERITY_OK },
		{ ID_UNINITIALIZED, SEVERITY_WARN, SEVERITY_OK },
		{ ID_SET, SEVERITY_OK, SEVERITY_CRITICAL },
		{ ID_NULL, SEVERITY_WARN, SEVERITY_CRITICAL },
		{ ID_BROKEN, SEVERITY_WARN, SEVERITY_CRITICAL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		c->machine_id.state = rows[i].id;
		m.kind = PROBE_RECORD;
		assert_int_equal(judge("machine-id"), rows[i].machine);
		m.kind = PROBE_IMAGE;
		assert_int_equal(judge("machine-id"), rows[i].image);
	}
	m.kind = PROBE_RECORD;
	c->machine_id.state = ID_EMPTY;
	services.container = true;
	assert_int_equal(judge("machine-id"), SEVERITY_INFO);
	c->machine_id.state = ID_MISSING;
	c->systemd = true;
	assert_int_equal(judge("machine-id"), SEVERITY_INFO);
}

static void dbus_ids(void **state)
{
	(void)state;
	c->machine_id.state = c->dbus_id.state = ID_SET;
	SET(c->machine_id.text, "0123456789abcdef0123456789abcdef");
	SET(c->dbus_id.text, "0123456789abcdef0123456789abcdef");
	assert_int_equal(judge("machine-id"), SEVERITY_OK);
	c->dbus_id.text[0] = 'f';
	assert_int_equal(judge("machine-id"), SEVERITY_WARN);
	m.kind = PROBE_IMAGE;
	c->machine_id.state = ID_EMPTY;
	assert_int_equal(judge("machine-id"), SEVERITY_CRITICAL);
	c->dbus_id.is_link = true;
	assert_int_equal(judge("machine-id"), SEVERITY_OK);
}

static void dhcp_clients(void **state)
{
	struct clones_duid *d = &c->duids.files[0];

	(void)state;
	c->duids.count = 1;
	SET(d->file.path, "/var/lib/dhcpcd/duid");
	d->file.st.mtime_s = 1000;
	d->holds_duid = true;
	assert_int_equal(judge("dhcp-duid"), SEVERITY_OK);
	c->instance.known = c->instance.by_cloud_init = true;
	c->instance.born_s = 1060;
	assert_int_equal(judge("dhcp-duid"), SEVERITY_OK);
	c->instance.born_s = 1061;
	assert_int_equal(judge("dhcp-duid"), SEVERITY_WARN);
	m.kind = PROBE_IMAGE;
	assert_int_equal(judge("dhcp-duid"), SEVERITY_CRITICAL);
	assert_true(fix_has("rm -f var/lib/dhcpcd/duid"));
	d->holds_duid = false;
	assert_int_equal(judge("dhcp-duid"), SEVERITY_INFO);
	c->duids.count = 0;
	assert_int_equal(judge("dhcp-duid"), SEVERITY_OK);
	c->duids.unseen.count = 1;
	c->duids.unseen.files[0].error = -EACCES;
	assert_int_equal(judge("dhcp-duid"), SEVERITY_UNKNOWN);
}

static void cloud_init(void **state)
{
	(void)state;
	c->cloud.installed = true;
	assert_int_equal(judge("cloud-init-state"), SEVERITY_OK);
	c->cloud.config_unseen.count = 1;
	c->cloud.config_unseen.files[0].error = -EISDIR;
	assert_int_equal(judge("cloud-init-state"), SEVERITY_UNKNOWN);
	c->cloud.config_unseen.count = 0;
	SET(c->cloud.instance_id, "i-2");
	SET(c->cloud.previous_id, "NO_PREVIOUS_INSTANCE_ID");
	assert_int_equal(judge("cloud-init-state"), SEVERITY_OK);
	SET(c->cloud.previous_id, "i-1");
	assert_int_equal(judge("cloud-init-state"), SEVERITY_INFO);
	c->cloud.state_error = -EACCES;
	assert_int_equal(judge("cloud-init-state"), SEVERITY_UNKNOWN);
	c->cloud.state_error = 0;
	c->cloud.keeps_host_keys = true;
	SET(c->cloud.keeps_host_keys_path, "/etc/cloud/cloud.cfg");
	assert_int_equal(judge("cloud-init-state"), SEVERITY_WARN);
	assert_true(fix_has("/etc/cloud/cloud.cfg"));
	c->cloud.keeps_host_keys = false;
	m.kind = PROBE_IMAGE;
	assert_int_equal(judge("cloud-init-state"), SEVERITY_OK);
	c->cloud.user_data_unseen = true;
	assert_int_equal(judge("cloud-init-state"), SEVERITY_UNKNOWN);
	c->cloud.has_state = true;
	assert_int_equal(judge("cloud-init-state"), SEVERITY_WARN);
	c->cloud.user_data_secrets = true;
	assert_int_equal(judge("cloud-init-state"), SEVERITY_CRITICAL);
}

static void pollinate(void **state)
{
	(void)state;
	c->pollinate.installed = true;
	assert_int_equal(judge("pollinate-flag"), SEVERITY_OK);
	c->pollinate.flag.error = -EACCES;
	assert_int_equal(judge("pollinate-flag"), SEVERITY_UNKNOWN);
	c->pollinate.flag.error = 0;
	assert_int_equal(judge("pollinate-flag"), SEVERITY_OK);
	c->instance.known = true;
	c->instance.born_s = 3601;
	assert_int_equal(judge("pollinate-flag"), SEVERITY_INFO);
	m.kind = PROBE_IMAGE;
	assert_int_equal(judge("pollinate-flag"), SEVERITY_WARN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(host_keys_by_strength),
		TEST(host_keys_by_age),
		TEST(host_keys_by_mode),
		TEST(no_foreign_path_gets_into_a_command),
		TEST(login_keys),
		TEST(machine_ids),
		TEST(dbus_ids),
		TEST(dhcp_clients),
		TEST(cloud_init),
		TEST(pollinate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
