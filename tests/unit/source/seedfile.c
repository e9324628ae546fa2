/* SPDX-License-Identifier: ISC */
/* The seed of an earlier boot: who may credit it, and that it is used once. */
#include "source_test.h"

#include "base/seed_format.h"

#define PATH "/var/lib/aquifer/seed"
#define SEED_BYTES 64

struct fixture {
	struct machine m;
	struct source s;
	uint8_t seed[SEED_BYTES];
};

static int setup(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof f);
	machine_init(&f.m);
	for (size_t i = 0; i < sizeof f.seed; i++)
		f.seed[i] = (uint8_t)(i * 7 + 1);
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

static size_t encode(struct fixture *f, uint32_t credit_bits,
		     uint8_t file[SEED_FILE_BYTES_MAX])
{
	struct seed_content c = { .credit_bits = credit_bits,
				  .len_bytes = sizeof f->seed };

	memcpy(c.seed, f->seed, sizeof f->seed);
	seed_bind(&c, &f->m.platform);
	return seed_encode(&c, file);
}

static void put_seed(struct fixture *f, uint32_t credit_bits)
{
	uint8_t file[SEED_FILE_BYTES_MAX];

	put_file(&f->m, PATH, file, encode(f, credit_bits, file), 0600);
}

static int open_seed(struct fixture *f)
{
	source_close(&f->s);
	return source_open(&f->s, &source_seedfile, NULL, &f->m.env, NULL);
}

static void assert_refused(struct fixture *f, int error, const char *words)
{
	assert_int_equal(open_seed(f), error);
	assert_false(f->s.info.present);
	if (!strstr(f->s.info.reason, words) || !strstr(f->s.info.reason, PATH))
		fail_msg("'%s' does not say '%s'", f->s.info.reason, words);
}

static void it_is_spent_before_its_first_byte(void **state)
{
	struct fixture *f = *state;
	uint8_t raw[SEED_BYTES];

	put_seed(f, 512);
	assert_int_equal(open_seed(f), 0);
	/* Looked at only: `aquifer sources` must not use it up. */
	assert_true(exists(&f->m, PATH));
	assert_int_equal(source_take(&f->s, raw, 10), 10);
	assert_false(exists(&f->m, PATH));
	assert_int_equal(source_take(&f->s, raw + 10, 100), 54);
	assert_memory_equal(raw, f->seed, sizeof raw);
	assert_int_equal(source_take(&f->s, raw, 10), 0);
}

static void of_two_readers_one_gets_it(void **state)
{
	struct fixture *f = *state;
	struct source other;
	uint8_t raw[SEED_BYTES];

	put_seed(f, 512);
	assert_int_equal(open_seed(f), 0);
	assert_int_equal(
		source_open(&other, &source_seedfile, NULL, &f->m.env, NULL), 0);
	assert_int_equal(source_take(&other, raw, sizeof raw), SEED_BYTES);
	assert_int_equal(source_take(&f->s, raw, sizeof raw), -ENODEV);
	source_close(&other);
}

static const struct {
	uint32_t credit_bits;
	bool hypervisor, generation_known;
	uint32_t claim_mbits;
	const char *reason;
} claims[] = {
	{ 512, false, false, 4000, "" },
	{ 256, false, false, 4000, "" },
	{ 255, false, false, 3984, "vouches for 255 bits" },
	{ 0, false, false, 0, "vouches for 0 bits" },
	{ 512, true, false, 0, "vmclock" },
	{ 512, true, true, 4000, "" },
};

static void credit_is_what_machine_and_writer_allow(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(claims); i++) {
		f->m.platform.hypervisor = claims[i].hypervisor;
		f->m.platform.generation_known = claims[i].generation_known;
		f->m.platform.generation = 7;
		put_seed(f, claims[i].credit_bits);
		assert_int_equal(open_seed(f), 0);
		assert_int_equal(f->s.info.claim_mbits, claims[i].claim_mbits);
		assert_non_null(strstr(f->s.info.reason, claims[i].reason));
		assert_int_equal(f->s.info.reason[0] == '\0',
				 claims[i].reason[0] == '\0');
	}
}

static void another_machine_gets_no_credit(void **state)
{
	struct fixture *f = *state;
	struct platform *p = &f->m.platform;
	const struct platform before = *p;

	for (int i = 0; i < 5; i++) {
		*p = before;
		p->hypervisor = true;
		p->generation_known = true;
		put_seed(f, 512);
		if (i == 0)
			p->machine_id[0] = 'f';
		if (i == 1)
			p->product_uuid[0] = 'f';
		if (i == 2)
			p->generation = 1;
		if (i == 3)
			p->machine_id[0] = '\0';
		if (i == 4)
			p->product_uuid[0] = '\0';
		assert_int_equal(open_seed(f), 0);
		assert_int_equal(f->s.info.claim_mbits, 0);
		assert_true(f->s.info.reason[0] != '\0');
	}
	*p = before;
	be_confidential(&f->m);
	p->generation_known = true;
	put_seed(f, 512);
	assert_int_equal(open_seed(f), 0);
	assert_int_equal(f->s.info.claim_mbits, 0);
	assert_non_null(strstr(f->s.info.reason, "confidential"));
}

/* A clone between open and the first read: judged again at the read. */
static void the_generation_counts_when_it_is_spent(void **state)
{
	struct fixture *f = *state;
	uint8_t raw[SEED_BYTES];

	f->m.platform.hypervisor = true;
	f->m.platform.generation_known = true;
	put_seed(f, 512);
	assert_int_equal(open_seed(f), 0);
	assert_int_equal(f->s.info.claim_mbits, 4000);
	f->m.platform.generation++;
	assert_int_equal(source_take(&f->s, raw, sizeof raw), SEED_BYTES);
	assert_int_equal(f->s.info.claim_mbits, 0);
}

static void a_file_that_others_could_know_is_refused(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0620, 0602, 0610 };
	struct fixture *f = *state;

	put_seed(f, 512);
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		assert_int_equal(chmod(below(&f->m, PATH), modes[i]), 0);
		assert_refused(f, -EINVAL, "others");
	}
	assert_int_equal(chmod(below(&f->m, PATH), 0400), 0);
	assert_int_equal(open_seed(f), 0);
	assert_int_equal(chmod(below(&f->m, "/var/lib/aquifer"), 0775), 0);
	assert_refused(f, -EINVAL, "directory");
}

static void what_is_no_plain_file_is_refused(void **state)
{
	struct fixture *f = *state;
	char other[PATH_MAX];

	assert_refused(f, -ENODEV, "not there");
	make_parents(&f->m, PATH);
	assert_refused(f, -ENODEV, "not there");
	assert_int_equal(mkfifo(below(&f->m, PATH), 0600), 0);
	assert_refused(f, -EINVAL, "not a regular file");
	assert_int_equal(unlink(below(&f->m, PATH)), 0);
	put_seed(f, 512);
	(void)snprintf(other, sizeof other, "%s/other", f->m.root);
	assert_int_equal(rename(below(&f->m, PATH), other), 0);
	assert_int_equal(symlink(other, below(&f->m, PATH)), 0);
	assert_refused(f, -EINVAL, "symbolic link");
	assert_int_equal(unlink(below(&f->m, PATH)), 0);
	assert_int_equal(link(other, below(&f->m, PATH)), 0);
	assert_refused(f, -EINVAL, "second name");
}

static void a_malformed_file_is_refused_and_left(void **state)
{
	struct fixture *f = *state;
	uint8_t file[SEED_FILE_BYTES_MAX];
	size_t n = encode(f, 512, file);

	put_file(&f->m, PATH, file, n - 1, 0600);
	assert_refused(f, -EBADMSG, "wrong length");
	put_file(&f->m, PATH, file, 10, 0600);
	assert_refused(f, -EBADMSG, "too short");
	file[60] ^= 1;
	put_file(&f->m, PATH, file, n, 0600);
	assert_refused(f, -EBADMSG, "checksum");
	assert_true(exists(&f->m, PATH));
}

/* As root it takes another user to be refused. */
static void what_cannot_be_removed_is_not_used(void **state)
{
	struct fixture *f = *state;
	bool root = geteuid() == 0;
	uint8_t raw[SEED_BYTES] = { 0 };
	static const uint8_t zero[SEED_BYTES];

	put_seed(f, 512);
	if (root) {
		assert_int_equal(chown(f->m.root, 65534, 65534), 0);
		assert_int_equal(chown(below(&f->m, PATH), 65534, 65534), 0);
	}
	assert_int_equal(chmod(below(&f->m, "/var/lib/aquifer"), 0555), 0);
	if (root)
		assert_int_equal(seteuid(65534), 0);
	assert_int_equal(open_seed(f), 0);
	assert_int_equal(source_take(&f->s, raw, sizeof raw), -EACCES);
	assert_memory_equal(raw, zero, sizeof raw);
	if (root)
		assert_int_equal(seteuid(0), 0);
	assert_non_null(strstr(f->s.info.reason, "not used"));
	assert_true(exists(&f->m, PATH));
	assert_int_equal(chmod(below(&f->m, "/var/lib/aquifer"), 0755), 0);
}

static void a_directory_descriptor_serves_as_well(void **state)
{
	struct fixture *f = *state;
	struct source_options o = SOURCE_OPTIONS_DEFAULT;
	uint8_t raw[SEED_BYTES];

	put_seed(f, 512);
	o.fd = open(below(&f->m, "/var/lib/aquifer"),
		    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	f->m.env.root = "/nowhere";
	assert_int_equal(
		source_open(&f->s, &source_seedfile, NULL, &f->m.env, &o), 0);
	assert_int_equal(source_take(&f->s, raw, sizeof raw), SEED_BYTES);
	assert_false(exists(&f->m, PATH));
}

static void a_configured_path_must_be_absolute(void **state)
{
	static const char *const paths[] = { "seed", "", "/var/lib/", "./x" };
	struct fixture *f = *state;
	struct source_options o = SOURCE_OPTIONS_DEFAULT;

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		o.path = paths[i];
		assert_int_equal(source_open(&f->s, &source_seedfile, NULL,
					     &f->m.env, &o),
				 -EINVAL);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_is_spent_before_its_first_byte),
		TEST(of_two_readers_one_gets_it),
		TEST(credit_is_what_machine_and_writer_allow),
		TEST(another_machine_gets_no_credit),
		TEST(the_generation_counts_when_it_is_spent),
		TEST(a_file_that_others_could_know_is_refused),
		TEST(what_is_no_plain_file_is_refused),
		TEST(a_malformed_file_is_refused_and_left),
		TEST(what_cannot_be_removed_is_not_used),
		TEST(a_directory_descriptor_serves_as_well),
		TEST(a_configured_path_must_be_absolute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
