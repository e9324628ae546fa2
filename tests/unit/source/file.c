/* SPDX-License-Identifier: ISC */
/* The administrator's device: FIFOs, sockets and a terminal line, for real. */
#include "source_test.h"

#include <sys/socket.h>
#include <sys/un.h>

struct fixture {
	struct machine m;
	struct source s;
	struct source_options o;
};

static int setup(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof f);
	machine_init(&f.m);
	f.o = SOURCE_OPTIONS_DEFAULT;
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

static int open_file(struct fixture *f, const char *path)
{
	f->o.path = path;
	return source_open(&f->s, &source_file, "file:a", &f->m.env, &f->o);
}

static void assert_refused(struct fixture *f, const char *path,
			   const char *words)
{
	assert_int_equal(open_file(f, path), -EINVAL);
	assert_false(f->s.info.present);
	if (!strstr(f->s.info.reason, words))
		fail_msg("%s: '%s' does not say '%s'", path, f->s.info.reason,
			 words);
}

static void a_regular_file_is_refused_with_the_remedy(void **state)
{
	struct fixture *f = *state;

	put_text(&f->m, "/noise.bin", "bytes");
	assert_refused(f, "/noise.bin", "aquifer feed --file");
	assert_refused(f, "/", "directory");
}

static void the_kernels_own_output_is_refused_by_number(void **state)
{
	static const char *const own[] = { "/dev/random", "/dev/urandom" };
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(own); i++) {
		assert_int_equal(symlink(own[i], below(&f->m, "/usb0")), 0);
		assert_refused(f, "/usb0", "kernel's own output");
		assert_int_equal(unlink(below(&f->m, "/usb0")), 0);
		/* And by a descriptor that was opened elsewhere. */
		f->o.fd = open(own[i], O_RDONLY | O_CLOEXEC);
		assert_true(f->o.fd >= 0);
		assert_refused(f, NULL, "kernel's own output");
		f->o.fd = -1;
	}
}

static void devices_without_noise_are_refused(void **state)
{
	struct fixture *f = *state;

	f->m.env.root = "";
	assert_refused(f, "/dev/zero", "zeros");
	assert_refused(f, "/dev/null", "no bytes");
	if (access("/dev/hwrng", F_OK) == 0)
		assert_refused(f, "/dev/hwrng", "[hwrng]");
}

static void a_path_is_needed_and_must_exist(void **state)
{
	struct fixture *f = *state;

	assert_refused(f, NULL, "no path");
	assert_int_equal(open_file(f, "/missing"), -ENODEV);
	assert_non_null(strstr(f->s.info.reason, "/missing"));
}

static void the_claim_is_the_configurations(void **state)
{
	static const uint32_t claims[] = { SOURCE_CLAIM_DEFAULT, 0, 1, 8000 };
	static const uint32_t given[] = { 0, 0, 1, 8000 };
	struct fixture *f = *state;

	assert_int_equal(mkfifo(below(&f->m, "/fifo"), 0600), 0);
	for (size_t i = 0; i < ARRAY_LEN(claims); i++) {
		f->o.claim_mbits = claims[i];
		assert_int_equal(open_file(f, "/fifo"), 0);
		assert_int_equal(f->s.info.claim_mbits, given[i]);
		assert_int_equal(f->s.info.reason[0] != '\0', given[i] == 0);
		source_close(&f->s);
	}
	f->o.claim_mbits = 8001;
	assert_refused(f, "/fifo", "8001");
}

static void a_fifo_waits_for_its_writer_and_outlives_it(void **state)
{
	struct fixture *f = *state;
	uint8_t raw[8];
	int fd;

	assert_int_equal(mkfifo(below(&f->m, "/fifo"), 0600), 0);
	assert_int_equal(open_file(f, "/fifo"), 0);
	/* Nobody writes yet: that is silence, not the end. */
	assert_int_equal(source_take(&f->s, raw, sizeof raw), -EAGAIN);
	fd = open(below(&f->m, "/fifo"), O_WRONLY | O_CLOEXEC);
	assert_int_equal(write(fd, "12345678", 8), 8);
	assert_int_equal(take_all(&f->s, raw, 8), 8);
	assert_memory_equal(raw, "12345678", 8);
	(void)close(fd);
	assert_int_equal(take_wait(&f->s, raw, sizeof raw), -EPIPE);
	source_close(&f->s);
	/* A new writer, a new open. */
	assert_int_equal(open_file(f, "/fifo"), 0);
	fd = open(below(&f->m, "/fifo"), O_WRONLY | O_CLOEXEC);
	assert_int_equal(write(fd, "again", 5), 5);
	assert_int_equal(take_all(&f->s, raw, 5), 5);
	(void)close(fd);
}

static void a_socket_gives_its_stream(void **state)
{
	struct fixture *f = *state;
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	uint8_t raw[6];
	int listener, peer;

	(void)snprintf(a.sun_path, sizeof a.sun_path, "%s/sock", f->m.root);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (const struct sockaddr *)&a, sizeof a),
			 0);
	/* Bound, but nobody listens: refused by the system, and told. */
	assert_int_equal(open_file(f, "/sock"), -ECONNREFUSED);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(open_file(f, "/sock"), 0);
	peer = accept(listener, NULL, NULL);
	assert_int_equal(write(peer, "stream", 6), 6);
	assert_int_equal(take_all(&f->s, raw, 6), 6);
	assert_memory_equal(raw, "stream", 6);
	(void)close(peer);
	assert_int_equal(take_wait(&f->s, raw, 1), -EPIPE);
	(void)close(listener);
}

static void a_serial_line_is_made_raw(void **state)
{
	/* Interrupt, end of file, return, flow control: all noise here. */
	static const uint8_t sent[] = { 0x03, 0x04, '\r', '\n', 0x11,
					0x13, 0x7f, 0xff, 0x00, 0x1a };
	struct fixture *f = *state;
	uint8_t raw[sizeof sent];
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		skip_because("no pseudo-terminal here");
	f->m.env.root = "";
	assert_int_equal(open_file(f, ptsname(master)), 0);
	assert_int_equal(write(master, sent, sizeof sent), sizeof sent);
	assert_int_equal(take_all(&f->s, raw, sizeof raw), sizeof raw);
	assert_memory_equal(raw, sent, sizeof sent);
	source_close(&f->s);
	(void)close(master);
}

static void a_device_of_a_confidential_guest_is_the_hosts(void **state)
{
	struct fixture *f = *state;
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		skip_because("no pseudo-terminal here");
	be_confidential(&f->m);
	f->m.env.root = "";
	f->o.claim_mbits = 8000;
	assert_int_equal(open_file(f, ptsname(master)), 0);
	assert_int_equal(f->s.info.claim_mbits, 0);
	assert_non_null(strstr(f->s.info.reason, "confidential"));
	source_close(&f->s);
	(void)close(master);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_regular_file_is_refused_with_the_remedy),
		TEST(the_kernels_own_output_is_refused_by_number),
		TEST(devices_without_noise_are_refused),
		TEST(a_path_is_needed_and_must_exist),
		TEST(the_claim_is_the_configurations),
		TEST(a_fifo_waits_for_its_writer_and_outlives_it),
		TEST(a_socket_gives_its_stream),
		TEST(a_serial_line_is_made_raw),
		TEST(a_device_of_a_confidential_guest_is_the_hosts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
