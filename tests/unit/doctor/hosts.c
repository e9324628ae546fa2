/* SPDX-License-Identifier: ISC */
/* Every severity of every check of guests, and both sides of its bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "doctor/hosts_part.h"

static struct host_guest guests[3];
static struct memory_image images[2];
static struct hosts_facts facts;
static struct machine m;
static struct finding f;

static int setup(void **state)
{
	(void)state;
	memset(guests, 0, sizeof guests);
	memset(images, 0, sizeof images);
	memset(&facts, 0, sizeof facts);
	memset(&m, 0, sizeof m);
	memset(&f, 0, sizeof f);
	for (size_t i = 0; i < ARRAY_LEN(guests); i++) {
		struct host_guest *g = &guests[i];

		(void)snprintf(g->name, sizeof g->name, "g%zu", i);
		g->pid = 100 + (pid_t)i;
		g->is_running = true;
		g->rng = HOSTS_YES;
		g->n_rngs = 1;
		g->rngs[0].backend = BACKEND_FILE;
		g->rngs[0].file = FILE_URANDOM;
		(void)snprintf(g->rngs[0].path, sizeof g->rngs[0].path,
			       "/dev/urandom");
		(void)snprintf(g->accel, sizeof g->accel, "kvm");
		g->cpu_host = true;
		g->generation = HOSTS_YES;
		(void)snprintf(g->generation_id, sizeof g->generation_id,
			       "auto");
		g->tpm = HOSTS_YES;
		g->start = START_BOOT;
	}
	facts.guests = guests;
	facts.n_guests = 1;
	facts.images = images;
	facts.host_rdrand = HOSTS_YES;
	facts.host_rdseed = HOSTS_YES;
	facts.random_blocks = HOSTS_NO;
	m.hosts = &facts;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	finding_free(&f);
	return 0;
}

#define SET(field, text) (void)snprintf(field, sizeof(field), "%s", text)

typedef bool judge_fn(const struct machine *, struct finding *);

static void gives(judge_fn *judge, enum severity severity)
{
	finding_free(&f);
	memset(&f, 0, sizeof f);
	assert_true(judge(&m, &f));
	assert_string_equal(severity_name(f.severity), severity_name(severity));
	assert_non_null(f.title);
	assert_false(f.failed);
}

static bool has(const struct finding_lines *lines, const char *text)
{
	for (size_t i = 0; i < lines->count; i++)
		if (strstr(lines->lines[i].text, text))
			return true;
	return false;
}

static void device(void **state)
{
	(void)state;
	gives(hosts_judge_device, SEVERITY_OK);
	guests[0].rng = HOSTS_NO;
	guests[0].n_rngs = 0;
	gives(hosts_judge_device, SEVERITY_WARN);
	assert_true(has(&f.evidence, "/proc/100/cmdline"));
	assert_true(has(&f.fix, "<rng model='virtio'>"));
	assert_true(has(&f.fix, "-device virtio-rng-pci,rng=rng0"));
	guests[0].defined_rng = HOSTS_YES;
	gives(hosts_judge_device, SEVERITY_WARN);
	assert_true(has(&f.evidence, "a restart brings it"));
	SET(guests[0].machine, "microvm");
	gives(hosts_judge_device, SEVERITY_WARN);
	assert_true(has(&f.fix, "-device virtio-rng-device,rng=rng0"));
	SET(guests[0].confidential, "tdx-guest");
	gives(hosts_judge_device, SEVERITY_INFO);
	guests[0].rng = HOSTS_UNKNOWN;
	gives(hosts_judge_device, SEVERITY_UNKNOWN);
}

static void device_of_another_monitor(void **state)
{
	(void)state;
	guests[0].rng = HOSTS_NO;
	guests[0].n_rngs = 0;
	guests[0].vmm = VMM_FIRECRACKER;
	gives(hosts_judge_device, SEVERITY_WARN);
	assert_true(has(&f.fix, "\"entropy\""));
	guests[0].vmm = VMM_CROSVM;
	gives(hosts_judge_device, SEVERITY_WARN);
	assert_true(has(&f.fix, "--no-rng"));
}

static void device_that_the_next_start_lacks(void **state)
{
	(void)state;
	guests[0].defined_rng = HOSTS_NO;
	gives(hosts_judge_device, SEVERITY_INFO);
	guests[0].defined_rng = HOSTS_YES;
	gives(hosts_judge_device, SEVERITY_OK);
}

static void several_guests_are_one_finding(void **state)
{
	(void)state;
	facts.n_guests = 3;
	guests[1].rng = HOSTS_NO;
	guests[1].n_rngs = 0;
	gives(hosts_judge_device, SEVERITY_WARN);
	assert_string_equal(f.title, "no virtio-rng device: guest g1");
	guests[2].rng = HOSTS_NO;
	guests[2].n_rngs = 0;
	gives(hosts_judge_device, SEVERITY_WARN);
	assert_string_equal(f.title,
			    "no virtio-rng device: 2 of 3 guests (g1, g2)");
	assert_true(has(&f.evidence, "g0 (/proc/100/cmdline)"));
}

static void nobody_here(void **state)
{
	static judge_fn *const others[] = {
		hosts_judge_backend, hosts_judge_limit,
		hosts_judge_cpu,     hosts_judge_generation,
		hosts_judge_tpm,     hosts_judge_snapshots,
	};

	(void)state;
	facts.n_guests = 0;
	gives(hosts_judge_device, SEVERITY_INFO);
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_false(others[i](&m, &f));
	m.hosts = NULL;
	assert_false(hosts_judge_device(&m, &f));
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_false(others[i](&m, &f));
}

static void what_was_not_read_is_never_ok(void **state)
{
	static judge_fn *const all[] = {
		hosts_judge_device,     hosts_judge_backend,
		hosts_judge_limit,      hosts_judge_cpu,
		hosts_judge_generation, hosts_judge_tpm,
		hosts_judge_snapshots,
	};

	(void)state;
	facts.domains.count = 1;
	facts.domains.error = EACCES;
	SET(facts.domains.path, "/etc/libvirt/qemu");
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		gives(all[i], SEVERITY_UNKNOWN);
		assert_non_null(strstr(f.title, "needs root"));
		assert_true(has(&f.evidence, "/etc/libvirt/qemu"));
	}
	facts.n_guests = 0;
	gives(hosts_judge_device, SEVERITY_UNKNOWN);
	facts.domains.error = EFBIG;
	gives(hosts_judge_device, SEVERITY_UNKNOWN);
	assert_null(strstr(f.title, "root"));
	facts.domains.count = 0;
	facts.proc_hidden = true;
	gives(hosts_judge_device, SEVERITY_UNKNOWN);
	m.privileged = true;
	gives(hosts_judge_device, SEVERITY_INFO);
}

static void files(void **state)
{
	static const struct {
		enum backend_file file;
		enum severity severity;
	} rows[] = {
		{ FILE_URANDOM, SEVERITY_OK },
		{ FILE_RANDOM, SEVERITY_INFO },
		{ FILE_HWRNG, SEVERITY_WARN },
		{ FILE_ZERO, SEVERITY_CRITICAL },
		{ FILE_PLAIN, SEVERITY_CRITICAL },
		{ FILE_DEVICE, SEVERITY_WARN },
		{ FILE_PIPE, SEVERITY_WARN },
		{ FILE_STRANGE, SEVERITY_WARN },
		{ FILE_MISSING, SEVERITY_UNKNOWN },
		{ FILE_UNKNOWN, SEVERITY_UNKNOWN },
	};
	struct guest_rng *r = &guests[0].rngs[0];

	(void)state;
	SET(r->path, "/dev/thing");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		r->file = rows[i].file;
		gives(hosts_judge_backend, rows[i].severity);
	}
	/* Outside of /dev there is no random device to be had. */
	SET(r->path, "/var/lib/seed");
	gives(hosts_judge_backend, SEVERITY_CRITICAL);
	guests[0].is_running = false;
	r->file = FILE_MISSING;
	gives(hosts_judge_backend, SEVERITY_WARN);
}

static void dev_random(void **state)
{
	(void)state;
	guests[0].rngs[0].file = FILE_RANDOM;
	facts.random_blocks = HOSTS_NO;
	gives(hosts_judge_backend, SEVERITY_INFO);
	facts.random_blocks = HOSTS_YES;
	gives(hosts_judge_backend, SEVERITY_WARN);
	assert_true(has(&f.fix, "/dev/urandom</backend>"));
	facts.random_blocks = HOSTS_UNKNOWN;
	gives(hosts_judge_backend, SEVERITY_UNKNOWN);
}

static void channels(void **state)
{
	struct guest_rng *r = &guests[0].rngs[0];

	(void)state;
	r->backend = BACKEND_EGD;
	r->channel = CHANNEL_TCP;
	SET(r->host, "10.1.2.3");
	gives(hosts_judge_backend, SEVERITY_CRITICAL);
	assert_true(has(&f.evidence, "10.1.2.3"));
	r->tls = true;
	gives(hosts_judge_backend, SEVERITY_INFO);
	r->tls = false;
	r->loopback = true;
	gives(hosts_judge_backend, SEVERITY_WARN);
	r->channel = CHANNEL_UDP;
	r->loopback = false;
	gives(hosts_judge_backend, SEVERITY_CRITICAL);
	r->channel = CHANNEL_UNIX;
	gives(hosts_judge_backend, SEVERITY_INFO);
	r->channel = CHANNEL_MISSING;
	gives(hosts_judge_backend, SEVERITY_WARN);
	r->backend = BACKEND_VHOST_USER;
	gives(hosts_judge_backend, SEVERITY_WARN);
	r->channel = CHANNEL_UNIX;
	gives(hosts_judge_backend, SEVERITY_INFO);
	r->backend = BACKEND_MISSING;
	gives(hosts_judge_backend, SEVERITY_WARN);
	r->backend = BACKEND_BUILTIN;
	gives(hosts_judge_backend, SEVERITY_OK);
	r->backend = BACKEND_UNKNOWN;
	gives(hosts_judge_backend, SEVERITY_UNKNOWN);
}

static void the_worst_device_counts(void **state)
{
	(void)state;
	guests[0].n_rngs = 2;
	guests[0].rngs[1].backend = BACKEND_FILE;
	guests[0].rngs[1].file = FILE_ZERO;
	gives(hosts_judge_backend, SEVERITY_CRITICAL);
}

static void limits(void **state)
{
	static const struct {
		uint64_t max_bytes, period_ms;
		enum severity severity;
	} rows[] = {
		{ 0, 0, SEVERITY_OK },
		{ 1024, 1000, SEVERITY_OK },
		{ 64, 1000, SEVERITY_OK },
		{ 63, 1000, SEVERITY_WARN },
		{ 16, 250, SEVERITY_OK },
		{ 16, 251, SEVERITY_WARN },
		{ 4195, 65536, SEVERITY_OK },
		/* QEMU's own period is long. */
		{ 4195, 0, SEVERITY_OK },
		{ 4194, 0, SEVERITY_WARN },
		{ 1, UINT64_MAX, SEVERITY_WARN },
		{ INT64_MAX, 0, SEVERITY_OK },
		{ 1, 1, SEVERITY_OK },
		{ 63, 984, SEVERITY_OK },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		guests[0].rngs[0].max_bytes = rows[i].max_bytes;
		guests[0].rngs[0].period_ms = rows[i].period_ms;
		gives(hosts_judge_limit, rows[i].severity);
	}
	guests[0].n_rngs = 0;
	finding_free(&f);
	memset(&f, 0, sizeof f);
	assert_false(hosts_judge_limit(&m, &f));
}

static void limit_numbers(void **state)
{
	(void)state;
	guests[0].rngs[0].max_bytes = 16;
	guests[0].rngs[0].period_ms = 1000;
	gives(hosts_judge_limit, SEVERITY_WARN);
	assert_true(has(&f.evidence, "16 bytes a second"));
	assert_true(has(&f.evidence, "64 bytes after 3000 ms"));
}

static void cpu_is(const char *model)
{
	guests[0].cpu_host = strcmp(model, "host") == 0;
	(void)snprintf(guests[0].cpu_model, sizeof guests[0].cpu_model, "%s",
		       model);
}

/* As query-cpu-model-expansion of QEMU 7.2 tells them. */
static void cpu_models(void **state)
{
	static const struct {
		const char *model;
		enum severity severity;
		const char *word;
	} rows[] = {
		{ "host", SEVERITY_OK, "" },
		{ "", SEVERITY_WARN, "instructions" },
		{ "qemu64", SEVERITY_WARN, "instructions" },
		{ "kvm64-v1", SEVERITY_WARN, "instructions" },
		{ "SandyBridge-IBRS", SEVERITY_WARN, "instructions" },
		{ "Opteron_G5", SEVERITY_WARN, "instructions" },
		{ "IvyBridge", SEVERITY_WARN, "RDSEED" },
		{ "Haswell-noTSX-IBRS", SEVERITY_WARN, "RDSEED" },
		{ "Broadwell-v2", SEVERITY_OK, "" },
		{ "Skylake-Server-noTSX-IBRS", SEVERITY_OK, "" },
		{ "EPYC-Milan", SEVERITY_OK, "" },
		{ "Brand-New", SEVERITY_UNKNOWN, "not know" },
		{ "EPYCX", SEVERITY_UNKNOWN, "not know" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		cpu_is(rows[i].model);
		gives(hosts_judge_cpu, rows[i].severity);
		assert_non_null(strstr(f.title, rows[i].word));
	}
}

static void cpu_flags(void **state)
{
	(void)state;
	cpu_is("EPYC");
	guests[0].rdrand_set = HOSTS_NO;
	gives(hosts_judge_cpu, SEVERITY_WARN);
	assert_non_null(strstr(f.title, "RDRAND"));
	assert_true(has(&f.fix, "name='rdseed'"));
	guests[0].rdseed_set = HOSTS_NO;
	gives(hosts_judge_cpu, SEVERITY_WARN);
	cpu_is("Westmere");
	guests[0].rdrand_set = HOSTS_YES;
	guests[0].rdseed_set = HOSTS_YES;
	gives(hosts_judge_cpu, SEVERITY_OK);
	cpu_is("Brand-New");
	gives(hosts_judge_cpu, SEVERITY_OK);
}

static void cpu_of_the_host(void **state)
{
	(void)state;
	cpu_is("Haswell");
	facts.host_rdseed = HOSTS_NO;
	gives(hosts_judge_cpu, SEVERITY_OK);
	cpu_is("qemu64");
	gives(hosts_judge_cpu, SEVERITY_WARN);
	assert_false(has(&f.fix, "name='rdseed'"));
	facts.host_rdrand = HOSTS_NO;
	gives(hosts_judge_cpu, SEVERITY_INFO);
	facts.host_rdrand = HOSTS_UNKNOWN;
	gives(hosts_judge_cpu, SEVERITY_UNKNOWN);
	facts.host_rdrand = HOSTS_YES;
	SET(guests[0].arch, "aarch64");
	gives(hosts_judge_cpu, SEVERITY_INFO);
	SET(guests[0].arch, "x86_64");
	guests[0].readconfig = true;
	gives(hosts_judge_cpu, SEVERITY_UNKNOWN);
}

static void cpu_emulated(void **state)
{
	(void)state;
	SET(guests[0].accel, "tcg");
	cpu_is("Haswell");
	gives(hosts_judge_cpu, SEVERITY_OK);
	cpu_is("qemu64");
	gives(hosts_judge_cpu, SEVERITY_WARN);
	assert_true(has(&f.fix, "-cpu max"));
}

static void generation(void **state)
{
	(void)state;
	gives(hosts_judge_generation, SEVERITY_OK);
	SET(guests[0].machine, "microvm");
	gives(hosts_judge_generation, SEVERITY_INFO);
	guests[0].machine[0] = '\0';
	guests[0].generation = HOSTS_NO;
	gives(hosts_judge_generation, SEVERITY_INFO);
	guests[0].start = START_MIGRATED;
	gives(hosts_judge_generation, SEVERITY_INFO);
	guests[0].start = START_DEFERRED;
	gives(hosts_judge_generation, SEVERITY_WARN);
	guests[0].start = START_LOADVM;
	gives(hosts_judge_generation, SEVERITY_WARN);
	guests[0].start = START_BOOT;
	guests[0].n_saves = 1;
	gives(hosts_judge_generation, SEVERITY_WARN);
	guests[0].n_saves = 0;
	guests[0].n_snapshots = 1;
	gives(hosts_judge_generation, SEVERITY_WARN);
	assert_true(has(&f.fix, "<genid/>"));
	guests[0].vmclock = true;
	gives(hosts_judge_generation, SEVERITY_OK);
	guests[0].vmclock = false;
	guests[0].generation = HOSTS_UNKNOWN;
	gives(hosts_judge_generation, SEVERITY_UNKNOWN);
	guests[0].vmm = VMM_FIRECRACKER;
	gives(hosts_judge_generation, SEVERITY_INFO);
}

static void generation_ids_differ(void **state)
{
	static const char id[] = "324e6eaf-d1d1-4bf6-bf41-b9bb6c91fb87";

	(void)state;
	facts.n_guests = 2;
	/* Two of "auto" are two ids. */
	gives(hosts_judge_generation, SEVERITY_OK);
	SET(guests[0].generation_id, id);
	SET(guests[1].generation_id, id);
	gives(hosts_judge_generation, SEVERITY_WARN);
	guests[1].generation_id[0] = '4';
	gives(hosts_judge_generation, SEVERITY_OK);
}

static void tpm(void **state)
{
	(void)state;
	gives(hosts_judge_tpm, SEVERITY_OK);
	SET(guests[0].tpm_kind, "passthrough");
	gives(hosts_judge_tpm, SEVERITY_INFO);
	guests[0].tpm = HOSTS_NO;
	gives(hosts_judge_tpm, SEVERITY_INFO);
	guests[0].tpm = HOSTS_UNKNOWN;
	gives(hosts_judge_tpm, SEVERITY_UNKNOWN);
}

static void image_modes(void **state)
{
	struct memory_image *i = &images[0];

	(void)state;
	gives(hosts_judge_snapshots, SEVERITY_OK);
	facts.n_images = 1;
	SET(i->path, "/s/a.save");
	i->mode = 0100600;
	i->reachable = true;
	gives(hosts_judge_snapshots, SEVERITY_INFO);
	i->mode = 0100640;
	gives(hosts_judge_snapshots, SEVERITY_INFO);
	i->mode = 0100604;
	gives(hosts_judge_snapshots, SEVERITY_CRITICAL);
	assert_true(has(&f.evidence, "/s/a.save"));
	i->mode = 0100602;
	gives(hosts_judge_snapshots, SEVERITY_CRITICAL);
	i->reachable = false;
	gives(hosts_judge_snapshots, SEVERITY_INFO);
	i->error = EACCES;
	gives(hosts_judge_snapshots, SEVERITY_UNKNOWN);
	facts.n_images = 0;
	facts.saves.count = 1;
	facts.saves.error = EACCES;
	gives(hosts_judge_snapshots, SEVERITY_UNKNOWN);
	facts.saves.count = 0;
	guests[0].n_snapshots = 1;
	gives(hosts_judge_snapshots, SEVERITY_INFO);
	guests[0].n_snapshots = 0;
	SET(guests[0].name, "golden-Template");
	gives(hosts_judge_snapshots, SEVERITY_INFO);
}

static void started_twice(void **state)
{
	(void)state;
	facts.n_guests = 2;
	guests[0].start = START_FILE;
	guests[1].start = START_FILE;
	SET(guests[0].start_from, "/s/a");
	SET(guests[1].start_from, "/s/b");
	gives(hosts_judge_snapshots, SEVERITY_OK);
	SET(guests[1].start_from, "/s/a");
	gives(hosts_judge_snapshots, SEVERITY_WARN);
	guests[1].pid = 0;
	gives(hosts_judge_snapshots, SEVERITY_OK);
	guests[1].pid = 101;
	guests[1].start = START_BOOT;
	SET(guests[0].uuid, "4DEA22b3-1d52-d8f3-2516-782e98ab3fa0");
	SET(guests[1].uuid, "4dea22b3-1d52-d8f3-2516-782e98ab3fa0");
	gives(hosts_judge_snapshots, SEVERITY_WARN);
}

static void started_in_the_same_state(void **state)
{
	(void)state;
	guests[0].start = START_LOADVM;
	/* A new id for each start tells the guest. */
	gives(hosts_judge_snapshots, SEVERITY_OK);
	SET(guests[0].generation_id, "324e6eaf-d1d1-4bf6-bf41-b9bb6c91fb87");
	gives(hosts_judge_snapshots, SEVERITY_WARN);
	guests[0].generation = HOSTS_NO;
	gives(hosts_judge_snapshots, SEVERITY_WARN);
}

static void names_are_not_pasted(void **state)
{
	struct host_guest *g = &guests[0];

	(void)state;
	assert_string_equal(hosts_shell_name(g), "g0");
	SET(g->name, "a;rm -rf /");
	assert_string_equal(hosts_shell_name(g), "GUEST");
	SET(g->name, "-a");
	assert_string_equal(hosts_shell_name(g), "GUEST");
}

/* Each row is whole, and applies where guests are asked about. */
static void the_table(void **state)
{
	(void)state;
	assert_int_equal(family_hosts.n_checks, 7);
	for (size_t i = 0; i < family_hosts.n_checks; i++) {
		const struct check *c = &family_hosts.checks[i];

		assert_int_equal(c->applies, CHECK_HOST);
		assert_true(strlen(c->page) > 200);
		assert_non_null(c->reference);
		gives(c->judge, SEVERITY_OK);
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(device),
		T(device_of_another_monitor),
		T(device_that_the_next_start_lacks),
		T(several_guests_are_one_finding),
		T(nobody_here),
		T(what_was_not_read_is_never_ok),
		T(files),
		T(dev_random),
		T(channels),
		T(the_worst_device_counts),
		T(limits),
		T(limit_numbers),
		T(cpu_models),
		T(cpu_flags),
		T(cpu_of_the_host),
		T(cpu_emulated),
		T(generation),
		T(generation_ids_differ),
		T(tpm),
		T(image_modes),
		T(started_twice),
		T(started_in_the_same_state),
		T(names_are_not_pasted),
		T(the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
