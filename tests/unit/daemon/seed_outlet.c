/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fd.h"
#include "base/seed_format.h"
#include "daemon/seed_outlet.h"

/* A machine that its copies cannot be taken for: no hypervisor, two names. */
static const struct platform metal = {
	.machine_id = "0123456789abcdef0123456789abcdef",
	.product_uuid = "6f1d3a52-0000-4000-8000-0123456789ab",
};

struct fixture {
	char dir[64], path[96];
	int dir_fd;
	struct seed_outlet o;
};

static int setup(void **state)
{
	static struct fixture f;

	memcpy(f.dir, "/tmp/aquifer-test-XXXXXX", 25);
	assert_non_null(mkdtemp(f.dir));
	(void)snprintf(f.path, sizeof f.path, "%s/seed", f.dir);
	f.dir_fd = open(f.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(f.dir_fd >= 0);
	seed_outlet_init(&f.o, f.dir_fd, f.path, &metal, false);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	(void)unlink(f->path);
	fd_close(&f->dir_fd);
	return rmdir(f->dir);
}

static int offer(struct fixture *f, enum seed_kind kind, unsigned credit_bits,
		 uint8_t fill)
{
	struct engine_offer o = { .kind = kind, .credit_bits = credit_bits };

	memset(o.bytes, fill, sizeof o.bytes);
	return seed_outlet_take(&f->o, &o);
}

static void on_disk(const struct fixture *f, uint32_t credit_bits, uint8_t fill)
{
	uint8_t file[SEED_FILE_BYTES_MAX];
	struct seed_content c;
	const char *why = "";
	int fd = open(f->path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd_read_some(fd, file, sizeof file);

	fd_close(&fd);
	assert_true(n > 0);
	assert_int_equal(seed_decode(file, (size_t)n, &c, &why), 0);
	assert_int_equal(c.credit_bits, credit_bits);
	assert_int_equal(c.len_bytes, ENGINE_OFFER_BYTES);
	for (size_t i = 0; i < c.len_bytes; i++)
		assert_int_equal(c.seed[i], fill);
	assert_true(seed_is_bound(&c, &metal));
}

/* The credit of a seed goes to the kernel or to the file, never to both. */
static void a_seed_of_its_own_pays_once(void **state)
{
	struct fixture *f = *state;

	/* What is left for it of the first seed is nothing. */
	assert_int_equal(offer(f, SEED_CREDITED, 0, 1), 0);
	on_disk(f, 0, 1);
	assert_true(seed_outlet_next(&f->o));
	assert_true(f->o.turn);
	assert_int_equal(offer(f, SEED_CREDITED, 256, 2), 256);
	on_disk(f, 256, 2);
	assert_false(f->o.turn);
	/* Paid is paid: later seeds leave it alone, with credit or without. */
	assert_false(seed_outlet_next(&f->o));
	assert_int_equal(offer(f, SEED_CREDITED, 256, 3), 0);
	assert_int_equal(offer(f, SEED_CREDITED, 0, 4), 0);
	on_disk(f, 256, 2);
	assert_int_equal(f->o.written_count, 2);
}

/* Nobody else's credit: without its turn it takes none. */
static void out_of_turn_it_takes_no_credit(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(offer(f, SEED_CREDITED, 256, 1), 0);
	on_disk(f, 0, 1);
}

static void after_a_clone_it_is_replaced_and_paid_anew(void **state)
{
	struct fixture *f = *state;

	/* Before any seed of this program there is nothing to replace. */
	assert_int_equal(offer(f, SEED_CREDITED, 0, 1), 0);
	assert_true(seed_outlet_next(&f->o));
	assert_int_equal(offer(f, SEED_CREDITED, 256, 2), 256);
	assert_int_equal(offer(f, SEED_FRESH, 0, 3), 0);
	on_disk(f, 0, 3);
	assert_true(seed_outlet_next(&f->o));
	assert_int_equal(offer(f, SEED_CREDITED, 256, 4), 256);
	on_disk(f, 256, 4);
}

static void where_it_cannot_be_bound_it_never_has_a_turn(void **state)
{
	struct fixture *f = *state;
	struct platform p = metal;

	f->o.platform = &p;
	assert_int_equal(offer(f, SEED_CREDITED, 0, 1), 0);
	p.hypervisor = true;
	assert_false(seed_outlet_next(&f->o));
	p.generation_known = true;
	assert_true(seed_outlet_next(&f->o));
	p.confidential = CONFIDENTIAL_TDX;
	assert_false(seed_outlet_next(&f->o));
	p = metal;
	p.product_uuid[0] = '\0';
	assert_false(seed_outlet_next(&f->o));
	p = metal;
	p.machine_id[0] = '\0';
	assert_false(seed_outlet_next(&f->o));
}

static void a_failed_write_is_an_error_and_gets_no_turn(void **state)
{
	struct fixture *f = *state;

	f->o.dir_fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	f->o.quiet = true;
	assert_true(offer(f, SEED_CREDITED, 0, 1) < 0);
	assert_false(f->o.written);
	assert_false(seed_outlet_next(&f->o));
	fd_close(&f->o.dir_fd);
	/* No directory at all is no error: there is no seed file. */
	assert_int_equal(offer(f, SEED_CREDITED, 0, 1), 0);
	assert_int_not_equal(access(f->path, F_OK), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_seed_of_its_own_pays_once),
		TEST(out_of_turn_it_takes_no_credit),
		TEST(after_a_clone_it_is_replaced_and_paid_anew),
		TEST(where_it_cannot_be_bound_it_never_has_a_turn),
		TEST(a_failed_write_is_an_error_and_gets_no_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
