/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "outlet/kernel.h"

#include "../random_ioctl.h"
#include "../skip.h"

/* Leaves a child that could not be set up: a skip, not a failure. */
#define CHILD_CANNOT 77

static struct kernel_semantics semantics(const char *release)
{
	struct kernel_semantics s;

	kernel_semantics(release, 0, &s);
	return s;
}

static void names_are_the_documented_ones(void **state)
{
	(void)state;
	assert_string_equal(rekey_result_name(KERNEL_REKEYED), "rekeyed");
	assert_string_equal(rekey_result_name(KERNEL_REKEYS_LATER),
			    "rekeys-at-next-reseed");
	assert_string_equal(rekey_result_name(KERNEL_REKEY_FAILED), "failed");
	assert_string_equal(rekey_result_name((enum rekey_result)3), "?");
	assert_string_equal(rekey_result_name((enum rekey_result) - 1), "?");
}

/* What may be claimed, worked out from the release alone. */
struct judged {
	const char *release;
	int64_t rekeys_from_bits; /* -1: success proves nothing */
	bool promises;            /* a timed reseed is known of */
};

static enum rekey_result expected(const struct judged *k, int error, bool ready,
				  unsigned bits)
{
	bool harmless = error == 0 || error == ENODATA || error == EINVAL ||
			error == ENOTTY;

	if (!ready || !k->promises || !harmless)
		return KERNEL_REKEY_FAILED;
	if (error != 0 || k->rekeys_from_bits < 0)
		return KERNEL_REKEYS_LATER;
	return bits >= k->rekeys_from_bits ? KERNEL_REKEYED :
					     KERNEL_REKEYS_LATER;
}

/* Every pool count, with one errno, before and after readiness. */
static void judge_one(const struct judged *k, int error)
{
	static const unsigned bits[] = { 0,   127, 128,  129,
					 255, 256, 4096, UINT32_MAX };
	struct kernel_semantics s = semantics(k->release);

	for (size_t i = 0; i < ARRAY_LEN(bits); i++) {
		assert_int_equal(kernel_rekey_judge(&s, error, true, bits[i]),
				 expected(k, error, true, bits[i]));
		assert_int_equal(kernel_rekey_judge(&s, error, false, bits[i]),
				 expected(k, error, false, bits[i]));
	}
}

static void judge_in_all_combinations(void **state)
{
	static const struct judged kernels[] = {
		{ "4.4.0", -1, true },   { "4.16.0", -1, true },
		{ "5.10.19", -1, true }, { "5.10.20", 128, true },
		{ "5.10.119", 0, true }, { "5.18.0", 256, true },
		{ "6.1.170", 0, true },  { "no kernel", -1, false },
	};
	static const int errors[] = { 0,     ENODATA, EINVAL, ENOTTY, EPERM,
				      EBADF, EFAULT,  EIO,    EINTR,  ENOSYS };

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(kernels); k++)
		for (size_t e = 0; e < ARRAY_LEN(errors); e++)
			judge_one(&kernels[k], errors[e]);
}

static void add_refuses_arguments_out_of_range(void **state)
{
	static const uint8_t bytes[KERNEL_ADD_MAX_BYTES + 1];

	(void)state;
	assert_int_equal(kernel_add(-1, bytes, 65, 0), -EINVAL);
	assert_int_equal(kernel_add(-1, bytes, SIZE_MAX, 0), -EINVAL);
	assert_int_equal(kernel_add(-1, bytes, 0, 0), -EINVAL);
	assert_int_equal(kernel_add(-1, NULL, 8, 0), -EINVAL);
	assert_int_equal(kernel_add(-1, bytes, 64, 513), -EINVAL);
	assert_int_equal(kernel_add(-1, bytes, 1, 9), -EINVAL);
	assert_int_equal(kernel_add(-1, bytes, 1, UINT32_MAX), -EINVAL);
}

/* A good call on a bad descriptor comes as far as the kernel. */
static void add_takes_arguments_at_their_bounds(void **state)
{
	static const uint8_t bytes[KERNEL_ADD_MAX_BYTES];

	(void)state;
	if (!add_is_known())
		skip_because(NO_ADD);
	assert_int_equal(kernel_add(-1, bytes, 64, 512), -EBADF);
	assert_int_equal(kernel_add(-1, bytes, 1, 8), -EBADF);
	assert_int_equal(kernel_add(-1, bytes, 1, 0), -EBADF);
}

static void rekey_without_a_descriptor_fails(void **state)
{
	struct kernel_semantics s = semantics("6.1.170");

	(void)state;
	assert_int_equal(kernel_reseed_ioctl(-1), -EBADF);
	assert_int_equal(kernel_rekey(-1, &s), KERNEL_REKEY_FAILED);
}

static void ready_agrees_with_getrandom(void **state)
{
	uint8_t byte;

	(void)state;
	assert_int_equal(kernel_ready(),
			 getrandom(&byte, 1, GRND_NONBLOCK) == 1);
}

/* Real calls on the kernel this runs on. Credit 0: it can only help. */
static void the_real_kernel_is_rekeyed(void **state)
{
	struct kernel_semantics s;
	struct kernel_state k;
	uint8_t bytes[KERNEL_ADD_MAX_BYTES];
	int fd = kernel_open(""), r;

	(void)state;
	if (fd < 0)
		skip_because("/dev/random: %s", strerror(-fd));
	if (!add_is_known()) {
		(void)close(fd);
		skip_because(NO_ADD);
	}
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)i;
	r = kernel_add(fd, bytes, sizeof bytes, 0);
	if (r == -EPERM) {
		(void)close(fd);
		skip_because("RNDADDENTROPY needs CAP_SYS_ADMIN");
	}
	assert_int_equal(r, 0);
	assert_int_equal(kernel_add(fd, bytes, 1, 0), 0);
	assert_int_equal(bytes[63], 63); /* the caller's own, left alone */
	kernel_state_read("", &k);
	kernel_semantics(k.level, k.poolsize_bits, &s);
	print_message("%s (%s), %s: %s\n", k.release, k.level, s.range,
		      rekey_result_name(kernel_rekey(fd, &s)));
	if (k.ready && s.new_random && s.reseed_min_bits == 0) {
		assert_int_equal(kernel_reseed_ioctl(fd), 0);
		assert_int_equal(kernel_rekey(fd, &s), KERNEL_REKEYED);
	} else {
		print_message("an old kernel, or not ready: not asserted\n");
	}
	(void)close(fd);
}

static void without_privilege_nothing_is_done(void **state)
{
	pid_t pid;
	int status;

	(void)state;
	if (!add_is_known())
		skip_because(NO_ADD);
	pid = fork();
	if (pid == 0) {
		struct kernel_semantics s = semantics("6.1.170");
		uint8_t byte = 1;
		int fd = kernel_open("");

		if (fd < 0)
			_exit(CHILD_CANNOT);
		if (geteuid() == 0 && setuid(65534) != 0)
			_exit(CHILD_CANNOT);
		if (kernel_add(fd, &byte, 1, 0) != -EPERM)
			_exit(1);
		if (kernel_reseed_ioctl(fd) != -EPERM)
			_exit(2);
		_exit(kernel_rekey(fd, &s) == KERNEL_REKEY_FAILED ? 0 : 3);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	status = WEXITSTATUS(status);
	if (status == CHILD_CANNOT)
		skip_because("no /dev/random, or setuid is not permitted");
	assert_int_equal(status, 0);
}

/* The descriptor feeds and cannot draw. */
static void the_descriptor_is_write_only(void **state)
{
	uint8_t byte;
	int fd = kernel_open("");

	(void)state;
	if (fd < 0)
		skip_because("/dev/random: %s", strerror(-fd));
	assert_int_equal(fcntl(fd, F_GETFL) & O_ACCMODE, O_WRONLY);
	assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	assert_int_equal(read(fd, &byte, 1), -1);
	assert_int_equal(errno, EBADF);
	(void)close(fd);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_the_documented_ones),
		cmocka_unit_test(judge_in_all_combinations),
		cmocka_unit_test(add_refuses_arguments_out_of_range),
		cmocka_unit_test(add_takes_arguments_at_their_bounds),
		cmocka_unit_test(rekey_without_a_descriptor_fails),
		cmocka_unit_test(ready_agrees_with_getrandom),
		cmocka_unit_test(the_real_kernel_is_rekeyed),
		cmocka_unit_test(without_privilege_nothing_is_done),
		cmocka_unit_test(the_descriptor_is_write_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
