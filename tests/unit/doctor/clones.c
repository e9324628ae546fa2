/* SPDX-License-Identifier: ISC */
/* The family `clones`: devices, restores, seeds, whole images. */
#include "doctor/clones_machine.h"

static void every_check_is_explained(void **state)
{
	(void)state;
	for (size_t i = 0; i < family_clones.n_checks; i++) {
		assert_true(strlen(family_clones.checks[i].page) > 200);
		assert_non_null(family_clones.checks[i].reference);
	}
}

static void nothing_known_is_nothing_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < family_clones.n_checks; i++)
		assert_int_equal(judge(family_clones.checks[i].id), NONE);
	m.clones = NULL;
	for (size_t i = 0; i < family_clones.n_checks; i++)
		assert_int_equal(judge(family_clones.checks[i].id), NONE);
}

static void generation_devices(void **state)
{
	struct generation_device *id = &c->generation.devices[GENERATION_VMGENID];
	struct generation_device *clock =
		&c->generation.devices[GENERATION_VMCLOCK];

	(void)state;
	m.platform.hypervisor = true;
	assert_int_equal(judge("vm-generation"), SEVERITY_INFO);
	assert_true(fix_has("<genid/>"));
	assert_true(fix_has("-device vmgenid"));
	id->present = true;
	SET(m.platform.kernel_release, "6.1.0-13-cloud-amd64");
	assert_int_equal(judge("vm-generation"), SEVERITY_WARN);
	assert_true(fix_has("linux-image-amd64"));
	SET(sources.config.path, "/boot/config-6.1");
	/* An excerpt of a configuration tells nothing by what it leaves out. */
	assert_int_equal(judge("vm-generation"), SEVERITY_WARN);
	assert_null(strstr(found.title, "built without"));
	sources.config.value[SOURCES_HW_RANDOM] = 'y';
	assert_int_equal(judge("vm-generation"), SEVERITY_WARN);
	assert_non_null(strstr(found.title, "built without"));
	sources.config.value[SOURCES_VMGENID] = 'm';
	assert_int_equal(judge("vm-generation"), SEVERITY_WARN);
	assert_true(fix_has("modprobe vmgenid"));
	sources.config.value[SOURCES_VMGENID] = 'y';
	assert_int_equal(judge("vm-generation"), SEVERITY_WARN);
	assert_true(fix_has("dmesg | grep -i vmgenid"));
	assert_false(fix_has("modprobe"));
	id->bound = true;
	assert_int_equal(judge("vm-generation"), SEVERITY_OK);
	/* A second device adds nothing that must be there. */
	clock->present = true;
	assert_int_equal(judge("vm-generation"), SEVERITY_INFO);
	id->bound = false;
	assert_int_equal(judge("vm-generation"), SEVERITY_WARN);
	id->present = false;
	assert_int_equal(judge("vm-generation"), SEVERITY_WARN);
	clock->bound = true;
	assert_int_equal(judge("vm-generation"), SEVERITY_INFO);
	services.container = true;
	assert_int_equal(judge("vm-generation"), NONE);
}

static void a_driver_younger_than_the_kernel(void **state)
{
	(void)state;
	c->generation.devices[GENERATION_VMGENID].present = true;
	SET(m.platform.kernel_release, "5.17.15");
	assert_int_equal(judge("vm-generation"), SEVERITY_WARN);
	assert_non_null(strstr(found.title, "older than the driver"));
	/* Nor could its configuration name it. */
	SET(sources.config.path, "/boot/config-5.17");
	sources.config.value[SOURCES_HW_RANDOM] = 'y';
	assert_int_equal(judge("vm-generation"), SEVERITY_WARN);
	assert_non_null(strstr(found.title, "older than the driver"));
	SET(m.platform.kernel_release, "5.18.0");
	assert_int_equal(judge("vm-generation"), SEVERITY_WARN);
	assert_null(strstr(found.title, "older than the driver"));
}

static void restores(void **state)
{
	struct clones_fork *k = &c->fork;

	(void)state;
	m.platform.hypervisor = true;
	assert_int_equal(judge("restored"), SEVERITY_UNKNOWN);
	c->generation.devices[GENERATION_VMGENID].bound = true;
	assert_int_equal(judge("restored"), SEVERITY_UNKNOWN);
	k->log_from_start = k->log_to_now = true;
	assert_int_equal(judge("restored"), SEVERITY_OK);
	k->log_error = -EPERM;
	assert_int_equal(judge("restored"), SEVERITY_UNKNOWN);
	assert_true(fix_has("as root"));
	k->log_error = -ENOENT;
	assert_int_equal(judge("restored"), SEVERITY_UNKNOWN);
	k->log_error = 0;
	k->count = 1;
	k->last_s = 12;
	/* Nobody was seen. */
	assert_int_equal(judge("restored"), SEVERITY_WARN);
	k->processes_seen = true;
	assert_int_equal(judge("restored"), SEVERITY_INFO);
	k->n_stale = 1;
	SET(k->stale[0], "sshd");
	assert_int_equal(judge("restored"), SEVERITY_WARN);
	k->n_stale = 0;
	k->last_s = NAN;
	assert_int_equal(judge("restored"), SEVERITY_WARN);
	/* What the log says counts, whatever the machine is taken for. */
	m.platform.hypervisor = false;
	assert_int_equal(judge("restored"), SEVERITY_WARN);
	k->count = 0;
	assert_int_equal(judge("restored"), NONE);
}

static void seeds_by_mode(void **state)
{
	static const struct {
		mode_t mode;
		gid_t gid;
		enum severity plain, credited;
	} rows[] = {
		{ 0600, 0, SEVERITY_OK, SEVERITY_INFO },
		{ 0400, 9, SEVERITY_OK, SEVERITY_INFO },
		{ 0640, 0, SEVERITY_OK, SEVERITY_INFO },
		{ 0640, 9, SEVERITY_WARN, SEVERITY_WARN },
		{ 0604, 0, SEVERITY_WARN, SEVERITY_CRITICAL },
		{ 0755, 0, SEVERITY_WARN, SEVERITY_CRITICAL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct clones_seed *s = seed_of(SEED_OF_SYSTEMD);

		s->file.st.mode = S_IFREG | rows[i].mode;
		s->file.st.gid = rows[i].gid;
		c->seeds.systemd_credit = CREDIT_NOT_SET;
		assert_int_equal(judge("seed-file"), rows[i].plain);
		c->seeds.systemd_credit = CREDIT_YES;
		assert_int_equal(judge("seed-file"), rows[i].credited);
	}
}

static void seeds_by_age(void **state)
{
	struct clones_seed *s = seed_of(SEED_OF_SYSTEMD);

	(void)state;
	c->boot_s = 100600;
	assert_int_equal(judge("seed-file"), SEVERITY_OK);
	c->boot_s = 100601;
	assert_int_equal(judge("seed-file"), SEVERITY_INFO);
	c->seeds.systemd_credit = CREDIT_YES;
	assert_int_equal(judge("seed-file"), SEVERITY_WARN);
	c->seeds.systemd_credit = CREDIT_NOT_SET;
	c->instance.known = c->instance.by_cloud_init = true;
	c->instance.born_s = 100060;
	assert_int_equal(judge("seed-file"), SEVERITY_INFO);
	c->instance.born_s = 100061;
	assert_int_equal(judge("seed-file"), SEVERITY_WARN);
	c->seeds.systemd_credit = CREDIT_YES;
	assert_int_equal(judge("seed-file"), SEVERITY_CRITICAL);
	s->file.st.size_bytes = 0;
	assert_int_equal(judge("seed-file"), SEVERITY_WARN);
}

static void seeds_and_settings(void **state)
{
	struct clones_seed *s;

	(void)state;
	(void)seed_of(SEED_OF_SYSTEMD);
	c->seeds.systemd_credit = CREDIT_FORCE;
	assert_int_equal(judge("seed-file"), SEVERITY_WARN);
	c->seeds.systemd_credit = CREDIT_NO;
	assert_int_equal(judge("seed-file"), SEVERITY_OK);
	c->seeds.on_command_line = true;
	assert_int_equal(judge("seed-file"), SEVERITY_CRITICAL);
	c->seeds.on_command_line = false;
	s = seed_of(SEED_OF_SEEDRNG);
	s->creditable = true;
	assert_int_equal(judge("seed-file"), SEVERITY_INFO);
	c->seeds.seedrng_skips_credit = true;
	assert_int_equal(judge("seed-file"), SEVERITY_OK);
	s = seed_of(SEED_OF_AQUIFER);
	s->binding = BINDING_FITS;
	assert_int_equal(judge("seed-file"), SEVERITY_OK);
	s->binding = BINDING_BAD;
	assert_int_equal(judge("seed-file"), SEVERITY_WARN);
	s->binding = BINDING_OTHER;
	assert_int_equal(judge("seed-file"), SEVERITY_WARN);
	c->machine_id.state = ID_SET;
	assert_int_equal(judge("machine-id"), SEVERITY_WARN);
	s->file.st.mode = S_IFIFO | 0600;
	assert_int_equal(judge("seed-file"), SEVERITY_WARN);
	c->seeds.count = 0;
	c->seeds.unseen.count = 1;
	c->seeds.unseen.files[0].error = -EACCES;
	assert_int_equal(judge("seed-file"), SEVERITY_UNKNOWN);
}

static void images(void **state)
{
	struct image_item *item = &c->image.items[0];

	(void)state;
	m.kind = PROBE_IMAGE;
	assert_int_equal(judge("seed-file"), SEVERITY_OK);
	assert_int_equal(judge("host-keys"), SEVERITY_OK);
	assert_int_equal(judge("image-secrets"), SEVERITY_OK);
	assert_int_equal(judge("image-identities"), SEVERITY_OK);
	(void)seed_of(SEED_OF_SYSTEMD);
	assert_int_equal(judge("seed-file"), SEVERITY_CRITICAL);
	c->seeds.seeds[0].file.st.size_bytes = 0;
	assert_int_equal(judge("seed-file"), SEVERITY_OK);
	host_key()->private_key.error = -ENOENT;
	assert_int_equal(judge("host-keys"), SEVERITY_INFO);
	c->keys.keys[0].private_key.error = 0;
	assert_int_equal(judge("host-keys"), SEVERITY_CRITICAL);
	assert_true(fix_has("rm -f etc/ssh/ssh_host_rsa_key"));
	c->image.count = 1;
	SET(item->path, "/etc/x");
	item->what = "thing";
	item->kind = ITEM_LOGIN;
	item->action = ITEM_REPORT;
	assert_int_equal(judge("image-secrets"), SEVERITY_WARN);
	item->kind = ITEM_SECRET;
	assert_int_equal(judge("image-secrets"), SEVERITY_CRITICAL);
	item->harmless = true;
	assert_int_equal(judge("image-secrets"), SEVERITY_INFO);
	item->kind = ITEM_IDENTITY;
	assert_int_equal(judge("image-identities"), SEVERITY_INFO);
	item->harmless = false;
	assert_int_equal(judge("image-identities"), SEVERITY_WARN);
	c->image.more = true;
	assert_int_equal(judge("image-secrets"), SEVERITY_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_check_is_explained),
		TEST(nothing_known_is_nothing_said),
		TEST(generation_devices),
		TEST(a_driver_younger_than_the_kernel),
		TEST(restores),
		TEST(seeds_by_mode),
		TEST(seeds_by_age),
		TEST(seeds_and_settings),
		TEST(images),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
