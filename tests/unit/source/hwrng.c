/* SPDX-License-Identifier: ISC */
/* /dev/hwrng below a root of the test's own, with what sysfs says of it. */
#include "source_test.h"

#include <sys/socket.h>

#define CURRENT "/sys/class/misc/hw_random/rng_current"

struct fixture {
	struct machine m;
	struct source s;
};

static int setup(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof f);
	machine_init(&f.m);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	source_close(&f->s);
	machine_free(&f->m);
	return 0;
}

static int open_hwrng(struct fixture *f, const char *current)
{
	put_text(&f->m, CURRENT, current);
	put_text(&f->m, "/dev/hwrng", "0123456789abcdef");
	return source_open(&f->s, &source_hwrng, NULL, &f->m.env, NULL);
}

static void it_names_what_is_behind_and_gives_its_bytes(void **state)
{
	struct fixture *f = *state;
	uint8_t raw[16];

	f->m.platform.hypervisor = true;
	assert_int_equal(open_hwrng(f, "virtio_rng.0\n"), 0);
	assert_string_equal(f->s.info.behind, "virtio_rng.0");
	assert_int_equal(f->s.info.domain, DOMAIN_HOST);
	assert_int_equal(f->s.info.claim_mbits, 4000);
	assert_int_equal(take_all(&f->s, raw, 16), 16);
	assert_memory_equal(raw, "0123456789abcdef", 16);
	/* A device has no end: what follows is silence. */
	assert_int_equal(source_take(&f->s, raw, 16), -EAGAIN);
}

static const struct {
	const char *current;
	bool hypervisor;
	enum trust_domain domain;
} owners[] = {
	{ "virtio_rng.0", true, DOMAIN_HOST },
	{ "tpm-rng-0", true, DOMAIN_HOST },
	{ "tpm-rng-0", false, DOMAIN_TPM },
	{ "ccp-1-rng", false, DOMAIN_CPU },
	{ "some-rng", false, DOMAIN_HOST },
};

static void the_domain_is_who_could_lie(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(owners); i++) {
		f->m.platform.hypervisor = owners[i].hypervisor;
		assert_int_equal(open_hwrng(f, owners[i].current), 0);
		assert_int_equal(f->s.info.domain, owners[i].domain);
		source_close(&f->s);
	}
}

static void a_node_without_hardware_is_absent(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(open_hwrng(f, "none\n"), -ENODEV);
	assert_false(f->s.info.present);
	assert_non_null(strstr(f->s.info.reason, "rng_current"));
	assert_string_equal(f->s.info.behind, "");
}

static void no_node_is_absent(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(source_open(&f->s, &source_hwrng, NULL, &f->m.env, NULL),
			 -ENODEV);
	assert_non_null(strstr(f->s.info.reason, "/dev/hwrng"));
}

static void without_sysfs_it_works_unnamed(void **state)
{
	struct fixture *f = *state;

	put_text(&f->m, "/dev/hwrng", "x");
	assert_int_equal(
		source_open(&f->s, &source_hwrng, NULL, &f->m.env, NULL), 0);
	assert_string_equal(f->s.info.behind, "");
	assert_false(source_hwrng.changed(&f->s));
}

static void a_change_is_told_once(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(open_hwrng(f, "tpm-rng-0\n"), 0);
	assert_false(source_hwrng.changed(&f->s));
	put_text(&f->m, CURRENT, "virtio_rng.0\n");
	assert_true(source_hwrng.changed(&f->s));
	assert_string_equal(f->s.info.behind, "virtio_rng.0");
	assert_int_equal(f->s.info.domain, DOMAIN_HOST);
	assert_false(source_hwrng.changed(&f->s));
}

static void a_confidential_guest_credits_nothing(void **state)
{
	struct fixture *f = *state;

	be_confidential(&f->m);
	assert_int_equal(open_hwrng(f, "virtio_rng.0\n"), 0);
	assert_int_equal(f->s.info.claim_mbits, 0);
	assert_non_null(strstr(f->s.info.reason, "confidential"));
}

/* The hung device: nothing comes, the owner goes on, the close returns. */
static void a_silent_device_stalls_its_reader_only(void **state)
{
	struct fixture *f = *state;
	struct source_options o = SOURCE_OPTIONS_DEFAULT;
	uint8_t raw[64];
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	o.fd = fds[0];
	assert_int_equal(source_open(&f->s, &source_hwrng, NULL, &f->m.env, &o),
			 0);
	while (source_waiting_since_ns(&f->s) == 0)
		assert_int_equal(source_take(&f->s, raw, sizeof raw), -EAGAIN);
	source_close(&f->s);
	assert_null(f->s.reader);
	(void)close(fds[1]);
}

/* A directory opens and fails to read: an error that stays until a reopen. */
static void a_failing_device_can_be_opened_again(void **state)
{
	struct fixture *f = *state;
	uint8_t raw[4];

	make_parents(&f->m, "/dev/hwrng/");
	assert_int_equal(
		source_open(&f->s, &source_hwrng, NULL, &f->m.env, NULL), 0);
	assert_int_equal(take_wait(&f->s, raw, 4), -EISDIR);
	source_close(&f->s);
	assert_int_equal(rmdir(below(&f->m, "/dev/hwrng")), 0);
	assert_int_equal(open_hwrng(f, "virtio_rng.0"), 0);
	assert_int_equal(take_all(&f->s, raw, 4), 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_names_what_is_behind_and_gives_its_bytes),
		TEST(the_domain_is_who_could_lie),
		TEST(a_node_without_hardware_is_absent),
		TEST(no_node_is_absent),
		TEST(without_sysfs_it_works_unnamed),
		TEST(a_change_is_told_once),
		TEST(a_confidential_guest_credits_nothing),
		TEST(a_silent_device_stalls_its_reader_only),
		TEST(a_failing_device_can_be_opened_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
