/* SPDX-License-Identifier: ISC */
/* Guests in a tree: processes, libvirt's files, and which of them are one. */
#include "tree.h"

#include "probe/hosts_parts.h"

#define UUID "4dea22b3-1d52-d8f3-2516-782e98ab3fa0"

static struct hosts_facts *facts;
static struct platform platform;

static int hosts_setup(void **state)
{
	facts = hosts_facts_new();
	memset(&platform, 0, sizeof platform);
	return facts ? tree_setup(state) : -1;
}

static int hosts_teardown(void **state)
{
	hosts_facts_free(facts);
	facts = NULL;
	return tree_teardown(state);
}

static void read_hosts(void)
{
	struct probe_root *root;

	tree_text("/proc/sys/kernel/ostype", "Linux\n");
	assert_int_equal(probe_root_open(tree_root, &root), 0);
	assert_int_equal(probe_hosts(root, &platform, facts), 0);
	probe_root_free(root);
}

#define COMMAND(path, text) tree_write(path, text, sizeof(text))

static void nothing_is_no_guest(void **state)
{
	(void)state;
	COMMAND("/proc/1/cmdline", "/sbin/init");
	COMMAND("/proc/12/cmdline", "grep\0qemu-system-x86_64");
	tree_text("/proc/13/cmdline", "");
	read_hosts();
	assert_int_equal(facts->n_guests, 0);
	assert_int_equal(facts->processes.count, 0);
	assert_int_equal(facts->domains.count, 0);
	assert_int_equal(facts->host_rdrand, HOSTS_UNKNOWN);
	assert_int_equal(facts->random_blocks, HOSTS_UNKNOWN);
}

static void a_process_is_found(void **state)
{
	const struct host_guest *g;

	(void)state;
	COMMAND("/proc/77/cmdline",
		"/usr/bin/qemu-system-x86_64\0-m\0"
		"16M\0-object\0secret,id=s,data=hunter2\0-object\0"
		"rng-random,id=r,filename=/dev/random\0-device\0"
		"virtio-rng-pci,rng=r");
	read_hosts();
	assert_int_equal(facts->n_guests, 1);
	g = &facts->guests[0];
	assert_string_equal(g->name, "qemu-system-x86_64-77");
	assert_int_equal(g->pid, 77);
	assert_true(g->is_running);
	assert_string_equal(g->arch, "x86_64");
	assert_int_equal(g->rngs[0].file, FILE_RANDOM);
	assert_null(memmem(g, sizeof *g, "hunter2", 7));
}

/* What is forked from a VMM has its command line until it calls exec. */
static void a_fork_is_no_second_guest(void **state)
{
	static const char line[] = "crosvm\0run\0--name\0c\0kernel";

	(void)state;
	COMMAND("/proc/50/cmdline", line);
	tree_text("/proc/50/status", "Name:\tcrosvm\nPPid:\t1\n");
	COMMAND("/proc/51/cmdline", line);
	tree_text("/proc/51/status", "Name:\tpcivirtio\nPPid:\t50\n");
	COMMAND("/proc/52/cmdline", "crosvm\0run\0--name\0d\0kernel");
	tree_text("/proc/52/status", "Name:\tcrosvm\nPPid:\t50\n");
	read_hosts();
	assert_int_equal(facts->n_guests, 2);
	assert_int_equal(facts->guests[0].pid, 50);
	assert_int_equal(facts->guests[1].pid, 52);
}

static const char defined[] =
	"<domain type='kvm'><name>web</name><uuid>" UUID "</uuid>"
	"<os><type arch='x86_64' machine='q35'>hvm</type></os>"
	"<cpu mode='custom'><model>Westmere</model>"
	"<feature policy='require' name='rdrand'/>"
	"<feature policy='disable' name='rdseed'/></cpu>"
	"<devices><rng model='virtio'><rate bytes='512'/>"
	"<backend model='random'>\n /dev/hwrng </backend></rng>"
	"<tpm model='tpm-crb'><backend type='emulator'/></tpm></devices>"
	"<genid>324e6eaf-d1d1-4bf6-bf41-b9bb6c91fb87</genid></domain>";

static void a_defined_domain(void **state)
{
	const struct host_guest *g;

	(void)state;
	tree_text("/etc/libvirt/qemu/web.xml", defined);
	tree_text("/etc/libvirt/qemu/networks/default.xml", "<network/>");
	read_hosts();
	assert_int_equal(facts->n_guests, 1);
	g = &facts->guests[0];
	assert_string_equal(g->name, "web");
	assert_string_equal(g->uuid, UUID);
	assert_string_equal(g->defined_file, "/etc/libvirt/qemu/web.xml");
	assert_false(g->is_running);
	assert_int_equal(g->pid, 0);
	assert_string_equal(g->accel, "kvm");
	assert_string_equal(g->cpu_model, "Westmere");
	assert_int_equal(g->rdrand_set, HOSTS_YES);
	assert_int_equal(g->rdseed_set, HOSTS_NO);
	assert_string_equal(g->rngs[0].path, "/dev/hwrng");
	assert_int_equal(g->rngs[0].file, FILE_HWRNG);
	assert_int_equal(g->rngs[0].max_bytes, 512);
	assert_int_equal(g->rngs[0].period_ms, 1000);
	assert_int_equal(g->generation, HOSTS_YES);
	assert_string_equal(g->tpm_kind, "emulator");
}

/* Process, state and definition: one guest, told apart from its namesake. */
static void one_guest_seen_three_times(void **state)
{
	const struct host_guest *g;

	(void)state;
	COMMAND("/proc/90/cmdline",
		"/usr/bin/qemu-system-x86_64\0-name\0guest=web\0-uuid\0" UUID
		"\0-incoming\0defer");
	COMMAND("/proc/91/cmdline",
		"/usr/bin/qemu-system-x86_64\0-name\0guest=web");
	tree_text("/run/libvirt/qemu/web.xml",
		  "<domstatus state='running' reason='migrated' pid='90'>"
		  "<domain type='kvm' id='1'><name>web</name><uuid>" UUID
		  "</uuid><devices><rng model='virtio'><backend "
		  "model='builtin'/></rng></devices></domain></domstatus>");
	tree_text("/etc/libvirt/qemu/web.xml", defined);
	read_hosts();
	assert_int_equal(facts->n_guests, 2);
	g = &facts->guests[0];
	assert_int_equal(g->pid, 90);
	assert_string_equal(g->running_file, "/run/libvirt/qemu/web.xml");
	assert_string_equal(g->defined_file, "/etc/libvirt/qemu/web.xml");
	/* Hot-plugged: libvirt knows it, the command line does not. */
	assert_int_equal(g->rng, HOSTS_YES);
	assert_int_equal(g->rngs[0].backend, BACKEND_BUILTIN);
	assert_int_equal(g->defined_rng, HOSTS_YES);
	/* The definition's id and TPM come with the next start alone. */
	assert_int_equal(g->generation, HOSTS_NO);
	assert_int_equal(g->tpm, HOSTS_NO);
	assert_int_equal(g->start, START_MIGRATED);
	assert_string_equal(facts->guests[1].running_file, "");
}

static void egd_and_passed_on_options(void **state)
{
	const struct host_guest *g;

	(void)state;
	tree_text("/etc/libvirt/qemu/e.xml",
		  "<domain type='qemu' "
		  "xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'>"
		  "<name>e</name><cpu mode='host-passthrough'/><devices>"
		  "<rng model='virtio'><backend model='egd' type='udp'>"
		  "<source mode='bind' service='1'/>"
		  "<source mode='connect' host='1.2.3.4' service='2'/>"
		  "</backend></rng>"
		  "<rng model='virtio'><backend model='egd' type='tcp'>"
		  "<source mode='bind' host='0.0.0.0' service='3'/>"
		  "</backend></rng></devices>"
		  "<q:commandline><q:arg value='-device'/>"
		  "<q:arg value='vmgenid,guid=auto'/></q:commandline>"
		  "<commandline><arg value='-device'/>"
		  "<arg value='tpm-tis'/></commandline></domain>");
	read_hosts();
	g = &facts->guests[0];
	assert_int_equal(g->n_rngs, 2);
	assert_int_equal(g->rngs[0].channel, CHANNEL_UDP);
	assert_string_equal(g->rngs[0].host, "1.2.3.4");
	assert_int_equal(g->rngs[1].channel, CHANNEL_TCP);
	assert_true(g->rngs[1].listens);
	assert_false(g->rngs[1].loopback);
	assert_int_equal(g->generation, HOSTS_YES);
	assert_int_equal(g->tpm, HOSTS_NO);
	assert_true(g->cpu_host);
	assert_string_equal(g->accel, "tcg");
}

static void what_is_no_domain_is_a_gap(void **state)
{
	char *big = malloc(HOSTS_DOMAIN_MAX_BYTES + 1);

	(void)state;
	assert_non_null(big);
	memset(big, ' ', HOSTS_DOMAIN_MAX_BYTES + 1);
	(void)snprintf(big, 16, "%s", "<domain>       ");
	big[15] = ' ';
	tree_write("/etc/libvirt/qemu/a.xml", big, HOSTS_DOMAIN_MAX_BYTES + 1);
	tree_text("/etc/libvirt/qemu/b.xml", "<domain><name>x</domain>");
	tree_text("/etc/libvirt/qemu/c.xml", "<network/>");
	read_hosts();
	free(big);
	assert_int_equal(facts->n_guests, 0);
	assert_int_equal(facts->domains.count, 3);
	assert_string_equal(facts->domains.path, "/etc/libvirt/qemu/a.xml");
	assert_int_equal(facts->domains.error, EFBIG);
}

static int read_domain_text(const char *xml)
{
	return probe_hosts_domain(probe_root_live(), &platform, "f.xml", xml,
				  strlen(xml), facts);
}

static void entities_are_refused(void **state)
{
	static const char laughs[] =
		"<?xml version='1.0'?><!DOCTYPE d [<!ENTITY a 'ha'>"
		"<!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
		"<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]>"
		"<domain><name>&c;</name></domain>";
	static const char file[] =
		"<!DOCTYPE d [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
		"<domain><name>&a;</name></domain>";

	(void)state;
	assert_int_equal(read_domain_text(laughs), -EBADMSG);
	assert_int_equal(read_domain_text(file), -EBADMSG);
	assert_int_equal(read_domain_text(""), -EBADMSG);
	assert_int_equal(read_domain_text("<domain/>x"), -EBADMSG);
	assert_int_equal(facts->n_guests, 0);
	assert_int_equal(read_domain_text("<domain><name>n</name></domain>"), 0);
	assert_true(facts->one_domain);
	assert_string_equal(facts->guests[0].defined_file, "f.xml");
	assert_int_equal(facts->guests[0].rng, HOSTS_NO);
}

static enum backend_file look(const char *path)
{
	struct guest_rng r = { .backend = BACKEND_FILE };

	hosts_copy(r.path, sizeof r.path, path);
	hosts_look_at_file(probe_root_live(), &r);
	return r.file;
}

/* On this machine: by the device's numbers, whatever its name. */
static void files_behind_a_backend(void **state)
{
	char path[PATH_MAX];

	(void)state;
	assert_int_equal(look("/dev/zero"), FILE_ZERO);
	assert_int_equal(look("/dev/null"), FILE_ZERO);
	assert_int_equal(look("/dev/random"), FILE_RANDOM);
	assert_int_equal(look("/dev/urandom"), FILE_URANDOM);
	assert_int_equal(look("/dev/tty"), FILE_DEVICE);
	assert_int_equal(look(tree_root), FILE_STRANGE);
	tree_text("/plain", "x");
	(void)snprintf(path, sizeof path, "%s/plain", tree_root);
	assert_int_equal(look(path), FILE_PLAIN);
	(void)snprintf(path, sizeof path, "%s/pipe", tree_root);
	assert_int_equal(look(path), FILE_MISSING);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(look(path), FILE_PIPE);
	(void)snprintf(path, sizeof path, "%s/link", tree_root);
	assert_int_equal(symlink("/dev/urandom", path), 0);
	assert_int_equal(look(path), FILE_URANDOM);
}

static void mode_is(const char *path, mode_t mode)
{
	char full[PATH_MAX];

	(void)snprintf(full, sizeof full, "%s%s", tree_root, path);
	assert_int_equal(chmod(full, mode), 0);
}

static void saved_memory(void **state)
{
	(void)state;
	tree_text("/etc/libvirt/qemu/web.xml", defined);
	tree_text("/var/lib/libvirt/qemu/save/web.save", "LibvirtQemudSave");
	tree_text("/var/lib/libvirt/qemu/dump/web-1", "x");
	tree_text("/var/lib/libvirt/qemu/snapshot/web/a.xml",
		  "<domainsnapshot><memory snapshot='external' "
		  "file='/images/web.mem'/></domainsnapshot>");
	tree_text("/var/lib/libvirt/qemu/snapshot/web/b.xml",
		  "<domainsnapshot><memory snapshot='no'/></domainsnapshot>");
	tree_text("/var/lib/libvirt/qemu/snapshot/web/c.xml",
		  "<domainsnapshot><state>running</state></domainsnapshot>");
	tree_text("/images/web.mem", "x");
	mode_is("/images", 0755);
	mode_is("/images/web.mem", 0644);
	mode_is("/var/lib/libvirt/qemu/save/web.save", 0644);
	read_hosts();
	assert_int_equal(facts->guests[0].n_saves, 1);
	assert_int_equal(facts->guests[0].n_snapshots, 2);
	assert_int_equal(facts->n_images, 3);
	assert_int_equal(facts->images[0].kind, IMAGE_SAVED);
	assert_string_equal(facts->images[0].guest, "web");
	assert_int_equal(facts->images[0].mode & 0777, 0644);
	assert_false(facts->images[0].reachable);
	assert_int_equal(facts->images[1].kind, IMAGE_DUMP);
	assert_int_equal(facts->images[2].kind, IMAGE_SNAPSHOT);
	assert_true(facts->images[2].reachable);
}

static void many_guests_are_counted(void **state)
{
	struct host_guest g;

	(void)state;
	guest_clear(&g);
	for (int i = 0; i < HOSTS_MAX_GUESTS; i++) {
		(void)snprintf(g.name, sizeof g.name, "g%d", i);
		assert_int_equal(hosts_add_guest(facts, &g), 0);
	}
	assert_false(facts->guests_more);
	(void)snprintf(g.name, sizeof g.name, "one more");
	assert_int_equal(hosts_add_guest(facts, &g), 0);
	assert_true(facts->guests_more);
	assert_int_equal(facts->n_guests, HOSTS_MAX_GUESTS);
}

static void this_host(void **state)
{
	(void)state;
	platform.cpuinfo_seen = true;
	platform.kernel_has_rdrand = true;
	(void)snprintf(platform.kernel_release, sizeof platform.kernel_release,
		       "3.10.0-1160.el7.x86_64");
	tree_text("/proc/sys/kernel/random/poolsize", "4096\n");
	tree_text("/proc/mounts", "proc /proc proc rw,hidepid=2 0 0\n");
	read_hosts();
	assert_int_equal(facts->host_rdrand, HOSTS_YES);
	assert_int_equal(facts->host_rdseed, HOSTS_NO);
	assert_int_equal(facts->random_blocks, HOSTS_YES);
	assert_true(facts->proc_hidden);
}

static void a_later_host(void **state)
{
	(void)state;
	(void)snprintf(platform.kernel_release, sizeof platform.kernel_release,
		       "5.15.0");
	tree_text("/proc/sys/kernel/random/poolsize", "256\n");
	tree_text("/proc/mounts", "proc /proc proc rw,hidepid=0 0 0\n");
	read_hosts();
	assert_int_equal(facts->random_blocks, HOSTS_NO);
	assert_false(facts->proc_hidden);
}

#define HOSTS_TEST(f) \
	cmocka_unit_test_setup_teardown(f, hosts_setup, hosts_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		HOSTS_TEST(nothing_is_no_guest),
		HOSTS_TEST(a_process_is_found),
		HOSTS_TEST(a_fork_is_no_second_guest),
		HOSTS_TEST(a_defined_domain),
		HOSTS_TEST(one_guest_seen_three_times),
		HOSTS_TEST(egd_and_passed_on_options),
		HOSTS_TEST(what_is_no_domain_is_a_gap),
		HOSTS_TEST(entities_are_refused),
		HOSTS_TEST(files_behind_a_backend),
		HOSTS_TEST(saved_memory),
		HOSTS_TEST(many_guests_are_counted),
		HOSTS_TEST(this_host),
		HOSTS_TEST(a_later_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
