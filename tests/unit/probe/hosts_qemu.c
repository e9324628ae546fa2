/* SPDX-License-Identifier: ISC */
/* Command lines as QEMU 7.2 and libvirt 9 write and take them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/bytes.h"
#include "probe/hosts_parts.h"

static struct host_guest g;

static void read_argv(const char **argv, size_t argc)
{
	struct vm_args args = { .argv = argv, .argc = argc };

	guest_clear(&g);
	hosts_read_qemu(NULL, &args, &g);
}

#define READ(...) \
	do { \
		const char *argv[] = { "/usr/bin/qemu-system-x86_64", \
				       __VA_ARGS__ }; \
		read_argv(argv, ARRAY_LEN(argv)); \
	} while (0)

static void a_bare_qemu_has_nothing(void **state)
{
	(void)state;
	READ("-m", "16M");
	assert_int_equal(g.rng, HOSTS_NO);
	assert_int_equal(g.generation, HOSTS_NO);
	assert_int_equal(g.tpm, HOSTS_NO);
	assert_int_equal(g.start, START_BOOT);
	assert_string_equal(g.accel, "tcg");
	assert_string_equal(g.cpu_model, "");
	assert_false(g.cpu_host);
}

static void the_plain_spelling(void **state)
{
	(void)state;
	READ("-name", "guest=web,,1,debug-threads=on", "-uuid",
	     "4dea22b3-1d52-d8f3-2516-782e98ab3fa0", "-machine",
	     "pc-q35-7.2,accel=kvm:tcg,usb=off", "-cpu", "host", "-object",
	     "rng-random,id=r0,filename=/dev/urandom", "-device",
	     "virtio-rng-pci,rng=r0,max-bytes=1024,period=1000", "-device",
	     "vmgenid,guid=auto", "-tpmdev", "emulator,id=t,chardev=c",
	     "-device", "tpm-crb,tpmdev=t");
	assert_string_equal(g.name, "web,1");
	assert_string_equal(g.uuid, "4dea22b3-1d52-d8f3-2516-782e98ab3fa0");
	assert_string_equal(g.machine, "pc-q35-7.2");
	assert_string_equal(g.accel, "kvm");
	assert_true(g.cpu_host);
	assert_int_equal(g.rng, HOSTS_YES);
	assert_int_equal(g.n_rngs, 1);
	assert_int_equal(g.rngs[0].backend, BACKEND_FILE);
	assert_string_equal(g.rngs[0].path, "/dev/urandom");
	assert_int_equal(g.rngs[0].max_bytes, 1024);
	assert_int_equal(g.rngs[0].period_ms, 1000);
	assert_int_equal(g.generation, HOSTS_YES);
	assert_string_equal(g.generation_id, "auto");
	assert_int_equal(g.tpm, HOSTS_YES);
	assert_string_equal(g.tpm_kind, "emulator");
	assert_string_equal(g.tpm_model, "tpm-crb");
}

/* libvirt writes JSON from 8.0 on; --option is -option. */
static void the_json_spelling(void **state)
{
	(void)state;
	READ("--device",
	     "{\"driver\":\"virtio-rng-pci\",\"rng\":\"objrng0\",\"id\":"
	     "\"rng0\",\"max-bytes\":64,\"period\":100}",
	     "--object",
	     "{\"qom-type\":\"rng-random\",\"id\":\"objrng0\",\"filename\":"
	     "\"/dev/random\"}");
	assert_int_equal(g.n_rngs, 1);
	assert_string_equal(g.rngs[0].path, "/dev/random");
	assert_int_equal(g.rngs[0].max_bytes, 64);
	assert_int_equal(g.rngs[0].period_ms, 100);
}

static void what_is_not_named_is_a_default(void **state)
{
	(void)state;
	READ("-device", "virtio-rng-pci", "-object", "rng-random,id=r",
	     "-device", "virtio-rng-ccw,rng=r", "-device",
	     "virtio-rng-pci,rng=gone");
	assert_int_equal(g.n_rngs, 3);
	assert_int_equal(g.rngs[0].backend, BACKEND_BUILTIN);
	assert_true(g.rngs[0].is_default);
	assert_int_equal(g.rngs[1].backend, BACKEND_FILE);
	assert_string_equal(g.rngs[1].path, "/dev/urandom");
	assert_true(g.rngs[1].is_default);
	assert_int_equal(g.rngs[2].backend, BACKEND_MISSING);
}

static void only_so_many_devices_are_kept(void **state)
{
	(void)state;
	READ("-device", "virtio-rng-pci", "-device", "virtio-rng-pci",
	     "-device", "virtio-rng-pci", "-device", "virtio-rng-pci");
	assert_int_equal(g.n_rngs, GUEST_MAX_RNGS);
	assert_false(g.rngs_more);
	READ("-device", "virtio-rng-pci", "-device", "virtio-rng-pci",
	     "-device", "virtio-rng-pci", "-device", "virtio-rng-pci",
	     "-device", "virtio-rng-pci");
	assert_int_equal(g.n_rngs, GUEST_MAX_RNGS);
	assert_true(g.rngs_more);
}

static void channels(void **state)
{
	static const struct {
		const char *chardev;
		enum backend_channel channel;
		bool loopback, listens, tls;
		const char *host, *port, *path;
	} rows[] = {
		{ "socket,id=c,host=10.0.0.9,port=7", CHANNEL_TCP, false, false,
		  false, "10.0.0.9", "7", "" },
		{ "socket,id=c,port=7", CHANNEL_TCP, true, false, false, "",
		  "7", "" },
		{ "socket,id=c,port=7,server=on,wait=off", CHANNEL_TCP, false,
		  true, false, "", "7", "" },
		{ "socket,id=c,host=127.0.0.1,port=7,server", CHANNEL_TCP, true,
		  true, false, "127.0.0.1", "7", "" },
		{ "socket,id=c,host=h,port=7,tls-creds=t", CHANNEL_TCP, false,
		  false, true, "h", "7", "" },
		{ "socket,id=c,path=/run/egd.sock", CHANNEL_UNIX, false, false,
		  false, "", "", "/run/egd.sock" },
		{ "udp,id=c,host=::1,port=7", CHANNEL_UDP, true, false, false,
		  "::1", "7", "" },
		{ "pipe,id=c,path=/p", CHANNEL_OTHER, false, false, false, "",
		  "", "/p" },
		{ "socket,id=other,path=/x", CHANNEL_MISSING, false, false,
		  false, "", "", "" },
		{ "{\"id\":\"c\",\"backend\":{\"type\":\"socket\",\"data\":{"
		  "\"addr\":{\"type\":\"inet\",\"data\":{\"host\":\"h\","
		  "\"port\":\"9\"}},\"server\":false}}}",
		  CHANNEL_TCP, false, false, false, "h", "9", "" },
		{ "{\"id\":\"c\",\"backend\":{\"type\":\"socket\",\"data\":{"
		  "\"addr\":{\"type\":\"unix\",\"data\":{\"path\":\"/u\"}}}}}",
		  CHANNEL_UNIX, false, true, false, "", "", "/u" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct guest_rng *r = &g.rngs[0];

		READ("-chardev", rows[i].chardev, "-object",
		     "rng-egd,id=e,chardev=c", "-device",
		     "virtio-rng-pci,rng=e");
		assert_int_equal(r->backend, BACKEND_EGD);
		assert_int_equal(r->channel, rows[i].channel);
		assert_int_equal(r->loopback, rows[i].loopback);
		assert_int_equal(r->listens, rows[i].listens);
		assert_int_equal(r->tls, rows[i].tls);
		assert_string_equal(r->host, rows[i].host);
		assert_string_equal(r->port, rows[i].port);
		assert_string_equal(r->path, rows[i].path);
		READ("-chardev", rows[i].chardev, "-device",
		     "vhost-user-rng-pci,chardev=c");
		assert_int_equal(r->backend, BACKEND_VHOST_USER);
		assert_int_equal(r->channel, rows[i].channel);
	}
}

/* x86_cpu_parse_featurestr(): "f=on" first, then "+f", then "-f". */
static void cpu_flags(void **state)
{
	static const struct {
		const char *cpu;
		enum hosts_answer rdrand, rdseed;
	} rows[] = {
		{ "qemu64", HOSTS_UNKNOWN, HOSTS_UNKNOWN },
		{ "qemu64,+rdrand", HOSTS_YES, HOSTS_UNKNOWN },
		{ "EPYC,-rdrand,-rdseed", HOSTS_NO, HOSTS_NO },
		{ "EPYC,rdrand=off", HOSTS_NO, HOSTS_UNKNOWN },
		{ "qemu64,rdrand,rdseed=on", HOSTS_YES, HOSTS_YES },
		{ "EPYC,-rdrand,+rdrand", HOSTS_NO, HOSTS_UNKNOWN },
		{ "EPYC,+rdrand,rdrand=off", HOSTS_YES, HOSTS_UNKNOWN },
		{ "EPYC,rdrand=on,-rdrand", HOSTS_NO, HOSTS_UNKNOWN },
		{ "EPYC,rdrand=on,rdrand=off", HOSTS_NO, HOSTS_UNKNOWN },
		{ "EPYC,-rdrandx", HOSTS_UNKNOWN, HOSTS_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		READ("-cpu", rows[i].cpu);
		assert_int_equal(g.rdrand_set, rows[i].rdrand);
		assert_int_equal(g.rdseed_set, rows[i].rdseed);
	}
}

static void values_are_not_options(void **state)
{
	(void)state;
	/* A kernel's own words look like options, flags have no value. */
	READ("-append", "-device virtio-rng-pci", "-S", "-device", "vmgenid");
	assert_int_equal(g.rng, HOSTS_NO);
	assert_int_equal(g.generation, HOSTS_YES);
	/* A flag that no table knows. */
	READ("-brand-new-flag", "-device", "virtio-rng-pci");
	assert_int_equal(g.rng, HOSTS_YES);
	READ("-device");
	assert_int_equal(g.rng, HOSTS_NO);
}

static void a_part_in_a_file_is_not_known(void **state)
{
	(void)state;
	READ("-readconfig", "/etc/vm.conf");
	assert_int_equal(g.rng, HOSTS_UNKNOWN);
	assert_int_equal(g.generation, HOSTS_UNKNOWN);
	assert_int_equal(g.tpm, HOSTS_UNKNOWN);
	assert_string_not_equal(g.why, "");
	READ("-readconfig", "/etc/vm.conf", "-device", "virtio-rng-pci");
	assert_int_equal(g.rng, HOSTS_YES);
}

static void starts(void **state)
{
	static const struct {
		const char *option, *value;
		enum guest_start start;
		const char *from;
	} rows[] = {
		{ "-loadvm", "clean", START_LOADVM, "clean" },
		{ "-incoming", "defer", START_DEFERRED, "" },
		{ "-incoming", "fd:7", START_DEFERRED, "" },
		{ "-incoming", "tcp:0:4444", START_MIGRATED, "" },
		{ "-incoming", "file:/s/a,offset=0x10", START_FILE, "/s/a" },
		{ "-incoming", "exec:cat /s/b", START_FILE, "/s/b" },
		{ "-incoming", "exec:cat '/s/b'", START_FILE, "/s/b" },
		/* What may hold a password is not kept. */
		{ "-incoming", "exec:cat /s/b | openssl -k pw", START_FILE, "" },
		{ "-incoming", "exec:openssl enc -k pw", START_FILE, "" },
		{ "-incoming",
		  "{\"channel-type\":\"main\",\"addr\":{\"transport\":\"file\","
		  "\"filename\":\"/s/c\",\"offset\":0}}",
		  START_FILE, "/s/c" },
		{ "-incoming",
		  "{\"channel-type\":\"main\",\"addr\":{\"transport\":"
		  "\"socket\",\"type\":\"inet\",\"host\":\"h\",\"port\":\"1\"}}",
		  START_MIGRATED, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		READ(rows[i].option, rows[i].value);
		assert_int_equal(g.start, rows[i].start);
		assert_string_equal(g.start_from, rows[i].from);
	}
}

static void confidential_guests(void **state)
{
	(void)state;
	READ("-object", "sev-snp-guest,id=s,cbitpos=51,reduced-phys-bits=1");
	assert_string_equal(g.confidential, "sev-snp-guest");
	READ("-object", "{\"qom-type\":\"tdx-guest\",\"id\":\"t\"}");
	assert_string_equal(g.confidential, "tdx-guest");
	READ("-object", "secret,id=s,data=pw");
	assert_string_equal(g.confidential, "");
}

static void accelerators(void **state)
{
	(void)state;
	READ("-enable-kvm", "-device", "virtio-rng-pci");
	assert_string_equal(g.accel, "kvm");
	assert_int_equal(g.n_rngs, 1);
	READ("-accel", "tcg,thread=multi");
	assert_string_equal(g.accel, "tcg");
	const char *kvm[] = { "/usr/libexec/qemu-kvm" };
	read_argv(kvm, 1);
	assert_string_equal(g.accel, "kvm");
}

static void programs(void **state)
{
	static const struct {
		const char *argv0, *arch;
		bool is;
	} rows[] = {
		{ "qemu-system-x86_64", "x86_64", true },
		{ "/opt/kata/bin/qemu-system-aarch64", "aarch64", true },
		{ "/nix/store/x/.qemu-system-i386-wrapped", "i386", true },
		{ "/usr/bin/kvm", "", true },
		{ "qemu-kvm", "", true },
		{ "qemu-system-", "", false },
		{ "qemu-x86_64-static", "", false },
		{ "kvm-xapian", "", false },
		{ "", "", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char arch[24] = "";

		assert_int_equal(hosts_is_qemu(rows[i].argv0, arch, sizeof arch),
				 rows[i].is);
		assert_string_equal(arch, rows[i].arch);
	}
}

static bool read_other(const char **argv, size_t argc)
{
	struct vm_args args = { .argv = argv, .argc = argc };

	guest_clear(&g);
	return hosts_read_vmm(NULL, &args, &g);
}

#define OTHER(...) \
	({ \
		const char *argv[] = { __VA_ARGS__ }; \
		read_other(argv, ARRAY_LEN(argv)); \
	})

static void the_other_monitors(void **state)
{
	static const char with[] =
		"{\"boot-source\":{\"boot_args\":\"x\"},\"entropy\":{"
		"\"rate_limiter\":{\"bandwidth\":{\"size\":1000,"
		"\"one_time_burst\":0,\"refill_time\":100}}}}";

	(void)state;
	assert_true(OTHER("cloud-hypervisor", "--kernel", "k"));
	assert_int_equal(g.rng, HOSTS_YES);
	assert_string_equal(g.rngs[0].path, "/dev/urandom");
	assert_true(g.cpu_host);
	assert_true(OTHER("cloud-hypervisor", "--kernel", "k", "--rng",
			  "src=/dev/zero,iommu=off", "--restore",
			  "source_url=file:///s"));
	assert_string_equal(g.rngs[0].path, "/dev/zero");
	assert_int_equal(g.start, START_FILE);
	assert_string_equal(g.start_from, "/s");
	assert_true(OTHER("cloud-hypervisor", "--api-socket", "/s"));
	assert_int_equal(g.rng, HOSTS_UNKNOWN);
	assert_true(OTHER("/usr/bin/crosvm", "run", "--name", "c", "k"));
	assert_string_equal(g.name, "c");
	assert_int_equal(g.rng, HOSTS_YES);
	assert_true(OTHER("crosvm", "run", "--no-rng", "k"));
	assert_int_equal(g.rng, HOSTS_NO);
	assert_false(OTHER("crosvm", "stop", "s"));
	assert_true(OTHER("firecracker", "--id", "f", "--api-sock", "/s"));
	assert_string_equal(g.name, "f");
	assert_int_equal(g.rng, HOSTS_UNKNOWN);
	assert_false(OTHER("bash", "-c", "firecracker"));

	guest_clear(&g);
	assert_int_equal(hosts_read_firecracker(with, sizeof with - 1, &g), 0);
	assert_int_equal(g.rng, HOSTS_YES);
	assert_int_equal(g.rngs[0].max_bytes, 1000);
	assert_int_equal(g.rngs[0].period_ms, 100);
	guest_clear(&g);
	assert_int_equal(hosts_read_firecracker("{\"a\":1}", 7, &g), 0);
	assert_int_equal(g.rng, HOSTS_NO);
	assert_true(hosts_read_firecracker("{", 1, &g) < 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bare_qemu_has_nothing),
		cmocka_unit_test(the_plain_spelling),
		cmocka_unit_test(the_json_spelling),
		cmocka_unit_test(what_is_not_named_is_a_default),
		cmocka_unit_test(only_so_many_devices_are_kept),
		cmocka_unit_test(channels),
		cmocka_unit_test(cpu_flags),
		cmocka_unit_test(values_are_not_options),
		cmocka_unit_test(a_part_in_a_file_is_not_known),
		cmocka_unit_test(starts),
		cmocka_unit_test(confidential_guests),
		cmocka_unit_test(accelerators),
		cmocka_unit_test(programs),
		cmocka_unit_test(the_other_monitors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
