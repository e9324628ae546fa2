/* SPDX-License-Identifier: ISC */
/* Seeds of the host, from files laid out as the kernel and cloud-init do. */
#include "source_test.h"

#define FW_CFG "/sys/firmware/qemu_fw_cfg/by_name/opt/aquifer/seed/raw"
#define SMBIOS "/sys/firmware/dmi/entries/11-0/raw"
#define USED_RUN "/run/aquifer/hostseed.used"
#define USED_LIB "/var/lib/aquifer/hostseed.used"

static const char text32[] = "abcdefghijklmnopqrstuvwxyz012345";

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
	f.m.platform.hypervisor = true;
	f.o = SOURCE_OPTIONS_DEFAULT;
	assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
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

static int open_hostseed(struct fixture *f)
{
	source_close(&f->s);
	return source_open(&f->s, &source_hostseed, NULL, &f->m.env, &f->o);
}

static void assert_gives(struct fixture *f, const void *bytes, size_t n)
{
	uint8_t raw[2048];

	assert_int_equal(source_take(&f->s, raw, sizeof raw), n);
	assert_memory_equal(raw, bytes, n);
	assert_int_equal(source_take(&f->s, raw, sizeof raw), 0);
}

static void no_seed_is_absent(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(open_hostseed(f), -ENODEV);
	assert_non_null(strstr(f->s.info.reason, "no seed"));
}

static void fw_cfg_is_mixed_and_not_credited_by_itself(void **state)
{
	struct fixture *f = *state;

	put_text(&f->m, FW_CFG, text32);
	make_parents(&f->m, USED_RUN);
	assert_int_equal(open_hostseed(f), 0);
	assert_string_equal(f->s.info.behind, "fw_cfg");
	assert_int_equal(f->s.info.domain, DOMAIN_HOST);
	assert_int_equal(f->s.info.claim_mbits, 0);
	assert_non_null(strstr(f->s.info.reason, "configuration"));
	assert_gives(f, text32, 32);
}

static void the_same_bytes_are_credited_once(void **state)
{
	struct fixture *f = *state;

	put_text(&f->m, FW_CFG, text32);
	make_parents(&f->m, USED_RUN);
	make_parents(&f->m, USED_LIB);
	f->o.credit_host_seed = true;
	assert_int_equal(open_hostseed(f), 0);
	assert_int_equal(f->s.info.claim_mbits, 4000);
	/* Looking does not use it up. */
	assert_false(exists(&f->m, USED_RUN));
	assert_int_equal(open_hostseed(f), 0);
	assert_int_equal(f->s.info.claim_mbits, 4000);
	assert_gives(f, text32, 32);
	assert_int_equal(f->s.info.claim_mbits, 4000);
	assert_int_equal(open_hostseed(f), 0);
	assert_int_equal(f->s.info.claim_mbits, 0);
	assert_non_null(strstr(f->s.info.reason, "used before"));
	/* The next boot: /run is empty, the disk remembers. */
	assert_int_equal(unlink(below(&f->m, USED_RUN)), 0);
	assert_int_equal(open_hostseed(f), 0);
	assert_int_equal(f->s.info.claim_mbits, 0);
	/* Other bytes count again. */
	put_text(&f->m, FW_CFG, "another seed of the same length!");
	assert_int_equal(open_hostseed(f), 0);
	assert_int_equal(f->s.info.claim_mbits, 4000);
}

static void two_that_look_at_once_are_credited_once(void **state)
{
	struct fixture *f = *state;
	struct source other;
	uint8_t raw[64];

	put_text(&f->m, FW_CFG, text32);
	make_parents(&f->m, USED_RUN);
	f->o.credit_host_seed = true;
	assert_int_equal(open_hostseed(f), 0);
	assert_int_equal(source_open(&other, &source_hostseed, NULL, &f->m.env,
				     &f->o),
			 0);
	assert_int_equal(other.info.claim_mbits, 4000);
	assert_int_equal(source_take(&other, raw, sizeof raw), 32);
	assert_int_equal(other.info.claim_mbits, 4000);
	assert_gives(f, text32, 32);
	assert_int_equal(f->s.info.claim_mbits, 0);
	source_close(&other);
}

static void where_nothing_can_be_noted_nothing_is_credited(void **state)
{
	struct fixture *f = *state;

	put_text(&f->m, FW_CFG, text32);
	f->o.credit_host_seed = true;
	assert_int_equal(open_hostseed(f), 0);
	assert_gives(f, text32, 32);
	assert_int_equal(f->s.info.claim_mbits, 0);
	assert_non_null(strstr(f->s.info.reason, "hostseed.used"));
	/* A record that is there and cannot be read may name this seed. */
	make_parents(&f->m, USED_RUN "/");
	assert_int_equal(open_hostseed(f), 0);
	assert_int_equal(f->s.info.claim_mbits, 0);
	assert_gives(f, text32, 32);
}

static void a_confidential_guest_credits_nothing(void **state)
{
	struct fixture *f = *state;

	be_confidential(&f->m);
	put_text(&f->m, FW_CFG, text32);
	f->o.credit_host_seed = true;
	assert_int_equal(open_hostseed(f), 0);
	assert_int_equal(f->s.info.claim_mbits, 0);
	assert_non_null(strstr(f->s.info.reason, "confidential"));
}

/* DSP0134 6.1.3: header, then strings, then one more NUL. */
#define OEM(count, strings) "\x0b\x05\x01\x00" count strings "\0"

static void smbios_strings_are_decoded(void **state)
{
	/* "0123456789abcdef" in hexadecimal and in base64. */
	static const char hex[] = OEM(
		"\x02", "vendor\0"
			"aquifer.seed=30313233343536373839616263646566\0");
	static const char base64[] = OEM(
		"\x02", "io.systemd.credential.binary:random.seed="
			"MDEyMzQ1Njc4OWFiY2RlZg==\0vendor\0");
	static const char words[] = OEM("\x01",
					"io.systemd.credential:random.seed="
					"sixteen letters, and more\0");
	struct fixture *f = *state;

	make_parents(&f->m, USED_RUN);
	f->o.credit_host_seed = true;
	put_file(&f->m, SMBIOS, hex, sizeof hex, 0400);
	assert_int_equal(open_hostseed(f), 0);
	assert_string_equal(f->s.info.behind, "smbios");
	assert_int_equal(f->s.info.claim_mbits, 4000);
	assert_gives(f, "0123456789abcdef", 16);
	put_file(&f->m, SMBIOS, base64, sizeof base64, 0400);
	assert_int_equal(open_hostseed(f), 0);
	/* The same bytes in another coat were used already. */
	assert_int_equal(f->s.info.claim_mbits, 0);
	assert_gives(f, "0123456789abcdef", 16);
	put_file(&f->m, SMBIOS, words, sizeof words, 0400);
	assert_int_equal(open_hostseed(f), 0);
	assert_int_equal(f->s.info.claim_mbits, 0);
	assert_non_null(strstr(f->s.info.reason, "base64"));
	assert_gives(f, "sixteen letters, and more", 25);
}

static void cloud_metadata_and_credentials_are_found_once_each(void **state)
{
	static const char cloud[] =
		"{\"base64_encoded_keys\": [\"x\\\"{\"], \"v1\": {\"random_seed\""
		": 3}, \"ds\": {\"meta_data\": {\"a\": [1, {\"b\": null}], "
		"\"random_seed\": \"ci-b64:MDEyMzQ1Njc4OWFiY2RlZg==\"}}}";
	static const char drive[] =
		"{\"random_seed\": \"MDEyMzQ1Njc4OWFiY2RlZg==\"}";
	struct fixture *f = *state;

	put_text(&f->m, "/run/cloud-init/instance-data-sensitive.json", cloud);
	put_text(&f->m, "/mnt/config/openstack/latest/meta_data.json", drive);
	put_text(&f->m, "/run/credentials/@system/random.seed", text32);
	put_text(&f->m, "/creds/random.seed", "a service's own credential");
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", "/creds", 1), 0);
	assert_int_equal(open_hostseed(f), 0);
	assert_string_equal(f->s.info.behind,
			    "credential, cloud-init, credential");
	assert_gives(f,
		     "abcdefghijklmnopqrstuvwxyz0123450123456789abcdef"
		     "a service's own credential",
		     74);
}

static void a_configured_path_stands_alone(void **state)
{
	struct fixture *f = *state;

	put_text(&f->m, FW_CFG, text32);
	put_text(&f->m, "/cidata/meta_data.json",
		 "{\"random_seed\":\"Pz8\\/Pz8\\/Pz8\\/Pz8\\/Pz8\\/Pz8\\/\"}");
	f->o.path = "/cidata/meta_data.json";
	assert_int_equal(open_hostseed(f), 0);
	assert_string_equal(f->s.info.behind, "configured");
	assert_gives(f, "??????????????????", 18);
}

static void seeds_of_a_wrong_size_are_refused(void **state)
{
	static const size_t sizes[] = { 1, 15, 16, 1024, 1025 };
	static const int results[] = { -EINVAL, -EINVAL, 0, 0, -EINVAL };
	static const uint8_t many[1025];
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		put_file(&f->m, FW_CFG, many, sizes[i], 0600);
		assert_int_equal(open_hostseed(f), results[i]);
		if (results[i] < 0)
			assert_non_null(
				strstr(f->s.info.reason, "16 to 1024 bytes"));
	}
}

static void malformed_places_are_named_and_passed_over(void **state)
{
	static const char cut[] = "\x0b\x05\x01\x00\x01"
				  "no end";
	static const char *const json[] = {
		"{\"random_seed\": \"cut",
		"{\"random_seed\"",
		"{\"a\" 1}",
		"{\"a\": ]}",
		"{\"a\": \"\\",
		"{\"a\": [[[",
	};
	struct fixture *f = *state;

	put_file(&f->m, SMBIOS, cut, sizeof cut - 1, 0400);
	assert_int_equal(open_hostseed(f), -EINVAL);
	assert_non_null(strstr(f->s.info.reason, "smbios"));
	assert_int_equal(unlink(below(&f->m, SMBIOS)), 0);
	for (size_t i = 0; i < ARRAY_LEN(json); i++) {
		put_text(&f->m, "/mnt/config/openstack/latest/meta_data.json",
			 json[i]);
		assert_int_equal(open_hostseed(f), -EINVAL);
		assert_non_null(strstr(f->s.info.reason, "malformed JSON"));
	}
	put_text(&f->m, "/mnt/config/openstack/latest/meta_data.json",
		 "{\"uuid\": \"1\", \"random_seed\": null}");
	assert_int_equal(open_hostseed(f), -ENODEV);
}

static void the_record_keeps_the_newest(void **state)
{
	struct fixture *f = *state;
	static uint8_t old[256 * 32];
	struct stat st;

	memset(old, 0x77, sizeof old);
	put_file(&f->m, USED_RUN, old, sizeof old, 0600);
	put_text(&f->m, FW_CFG, text32);
	f->o.credit_host_seed = true;
	assert_int_equal(open_hostseed(f), 0);
	assert_gives(f, text32, 32);
	assert_int_equal(f->s.info.claim_mbits, 4000);
	assert_int_equal(stat(below(&f->m, USED_RUN), &st), 0);
	assert_int_equal(st.st_size, sizeof old);
	assert_int_equal(open_hostseed(f), 0);
	assert_int_equal(f->s.info.claim_mbits, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_seed_is_absent),
		TEST(fw_cfg_is_mixed_and_not_credited_by_itself),
		TEST(the_same_bytes_are_credited_once),
		TEST(two_that_look_at_once_are_credited_once),
		TEST(where_nothing_can_be_noted_nothing_is_credited),
		TEST(a_confidential_guest_credits_nothing),
		TEST(smbios_strings_are_decoded),
		TEST(cloud_metadata_and_credentials_are_found_once_each),
		TEST(a_configured_path_stands_alone),
		TEST(seeds_of_a_wrong_size_are_refused),
		TEST(malformed_places_are_named_and_passed_over),
		TEST(the_record_keeps_the_newest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
