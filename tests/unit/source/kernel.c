/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "source/source.h"

#include "refuse.h"

static const struct platform plain;
static const struct source_env env = {
	.platform = &plain,
	.root = "",
	.now_ns = clock_boottime_ns,
};
static const struct source_options options = {
	.fd = -1,
	.claim_mbits = SOURCE_CLAIM_DEFAULT,
};

static int open_it(struct source *s)
{
	*s = (struct source){ .class = &source_kernel, .env = &env, .fd = -1 };
	return source_kernel.open(s, &options);
}

static void a_read_is_a_seeds_worth(void **state)
{
	uint8_t raw[100], other[32];
	struct source s;

	(void)state;
	assert_int_equal(open_it(&s), 0);
	assert_true(s.info.present);
	assert_int_equal(s.info.claim_mbits, 8000);
	memset(raw, 0xa5, sizeof raw);
	assert_int_equal(source_kernel.read(&s, raw, sizeof raw), 32);
	for (size_t i = 32; i < sizeof raw; i++)
		assert_int_equal(raw[i], 0xa5);
	assert_int_equal(source_kernel.read(&s, other, 32), 32);
	/* Equal with probability 2^-256. */
	assert_memory_not_equal(raw, other, 32);
	assert_int_equal(source_kernel.read(&s, other, 5), 5);
	assert_int_equal(source_kernel.read(&s, other, 0), -EINVAL);
	source_kernel.close(&s);
}

struct refusal {
	int error, open_error, read_error;
};

static int child_sees(void *argument)
{
	const struct refusal *expect = argument;
	uint8_t raw[32] = { 0xa5 };
	struct source s;

	if (!refuse_call(SYS_getrandom, expect->error))
		return NO_SECCOMP;
	if (open_it(&s) != expect->open_error)
		return 1;
	if (s.info.present != (expect->open_error == 0))
		return 2;
	if ((s.info.reason[0] == '\0') != (expect->open_error == 0))
		return 3;
	if (source_kernel.read(&s, raw, sizeof raw) != expect->read_error)
		return 4;
	return raw[0] == 0xa5 ? 0 : 5;
}

static void refused_as(int error, int open_error, int read_error)
{
	struct refusal expect = { error, open_error, read_error };

	in_child(child_sees, &expect);
}

/* Not ready is back-pressure: the source is there, and has nothing yet. */
static void before_readiness_there_is_nothing_yet(void **state)
{
	(void)state;
	refused_as(EAGAIN, 0, -EAGAIN);
}

static void a_kernel_without_it_has_no_such_source(void **state)
{
	(void)state;
	refused_as(ENOSYS, -ENODEV, -ENOSYS);
}

static void a_sandbox_that_refuses_it_is_named(void **state)
{
	(void)state;
	refused_as(EPERM, -EPERM, -EPERM);
}

static void the_daemon_never_has_it(void **state)
{
	const struct source_class *c = &source_kernel;

	(void)state;
	assert_true(c->flags & SOURCE_NOT_IN_DAEMON);
	assert_int_equal(c->domain, DOMAIN_KERNEL);
	/* One read is 256 bits: a domain's share of a seed. */
	assert_int_equal(c->batch_bytes * c->claim.mbits_per_symbol, 256000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_read_is_a_seeds_worth),
		cmocka_unit_test(before_readiness_there_is_nothing_yet),
		cmocka_unit_test(a_kernel_without_it_has_no_such_source),
		cmocka_unit_test(a_sandbox_that_refuses_it_is_named),
		cmocka_unit_test(the_daemon_never_has_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
