/* SPDX-License-Identifier: ISC */
#include "tree.h"

#include "probe/keep.h"

static const unsigned char key[KEEP_KEY_BYTES] = { 1, 2, 3 };

static void paths_have_their_rules(void **state)
{
	/* clang-format off */
	static const struct {
		const char *path;
		enum keep_class class;
		bool listed;
	} cases[] = {
		{ "/etc/ssh/ssh_host_rsa_key", KEEP_SECRET, true },
		{ "/etc/ssh/ssh_host_rsa_key.pub", KEEP_EXACT, true },
		{ "/etc/ssh/ssh_host_ed25519_key.bak", KEEP_SECRET, true },
		{ "/etc/ssh/sshd_config", KEEP_TEXT, true },
		{ "/var/lib/systemd/random-seed", KEEP_SECRET, true },
		{ "/boot/efi/loader/random-seed", KEEP_SECRET, true },
		{ "/var/lib/aquifer/seed", KEEP_SECRET, true },
		{ "/var/lib/aquifer/generation", KEEP_TEXT, true },
		{ "/sys/firmware/qemu_fw_cfg/by_name/opt/x/seed/raw",
		  KEEP_SECRET, true },
		{ "/sys/firmware/devicetree/base/chosen/rng-seed", KEEP_SECRET,
		  true },
		{ "/sys/kernel/boot_params/setup_data/0/data", KEEP_SECRET,
		  true },
		{ "/etc/shadow", KEEP_SECRET, true },
		{ "/etc/shadow-", KEEP_SECRET, true },
		{ "/proc/12/environ", KEEP_SECRET, true },
		{ "/proc/12/cmdline", KEEP_TEXT, false },
		{ "/root/.ssh/id_rsa", KEEP_SECRET, true },
		{ "/root/.ssh/authorized_keys", KEEP_EXACT, true },
		{ "/home/a/.ssh/id_ed25519", KEEP_SECRET, true },
		{ "/var/lib/NetworkManager/secret_key", KEEP_SECRET, true },
		{ "/var/lib/NetworkManager/internal-1-eth0.lease", KEEP_TEXT,
		  true },
		{ "/etc/NetworkManager/system-connections/a.nmconnection",
		  KEEP_SECRET, true },
		{ "/var/lib/cloud/instances/i-1/user-data.txt", KEEP_MARKS,
		  true },
		{ "/var/lib/cloud/instances/i-1/obj.pkl", KEEP_SECRET, true },
		{ "/sys/devices/virtual/dmi/id/product_serial", KEEP_SERIAL,
		  true },
		{ "/sys/devices/virtual/dmi/id/product_uuid", KEEP_TEXT,
		  false },
		{ "/var/lib/dpkg/status", KEEP_STANZAS, true },
		{ "/usr/lib/modules/6.1.0/modules.dep", KEEP_LINES, true },
		{ "/lib/modules/6.1.0/modules.dep.bin", KEEP_STAT, true },
		{ "/boot/config-6.1.0", KEEP_EXACT, true },
		{ "/boot/initrd.img-6.1.0", KEEP_TEXT, false },
		{ "/usr/share/doc/x", KEEP_TEXT, false },
		{ "/var/log/syslog", KEEP_LINES, true },
		{ "/var/log/dmesg", KEEP_TEXT, true },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct keep_rule rule = keep_rule(cases[i].path);

		if (rule.class != cases[i].class ||
		    rule.listed != cases[i].listed)
			fail_msg("%s: class %d, listed %d", cases[i].path,
				 (int)rule.class, rule.listed);
	}
}

/* The pieces in which a text comes make no difference. */
static void assert_keeps(enum keep_class class, size_t max_bytes,
			 const char *text, const char *kept)
{
	for (size_t piece = 1; piece <= strlen(text) + 1; piece++) {
		struct keep k;
		char *got = NULL;

		keep_begin(&k, (struct keep_rule){ class, max_bytes, true });
		for (size_t i = 0; i < strlen(text); i += piece)
			keep_feed(&k, text + i,
				  min_size(piece, strlen(text) - i));
		if (kept == NULL) {
			assert_true(keep_end(&k, &got) < 0);
			assert_null(got);
			continue;
		}
		assert_int_equal(keep_end(&k, &got), strlen(kept));
		assert_string_equal(got, kept);
		free(got);
	}
}

static void parts_are_kept_by_their_words(void **state)
{
	(void)state;
	assert_keeps(KEEP_TEXT, 5, "12345", "12345");
	assert_keeps(KEEP_TEXT, 4, "12345", NULL);
	assert_keeps(KEEP_TEXT, 4, "", "");
	assert_keeps(KEEP_SECRET, 4, "x", NULL);
	assert_keeps(KEEP_STAT, 4, "x", NULL);
	assert_keeps(KEEP_LINES, 100, "a\nvirtio_rng: x\nb\nlast RANDOM",
		     "virtio_rng: x\nlast RANDOM");
	assert_keeps(KEEP_LINES, 4, "rng\nrng\n", NULL);
	assert_keeps(KEEP_STANZAS, 200,
		     "Package: bash\nVersion: 1\n\n"
		     "Package: rng-tools5\nVersion: 2\nDescription: a\n .\n b\n"
		     "\n"
		     "Package: zsh\nDepends: haveged\n\n"
		     "Package: haveged\nVersion: 3\n",
		     "Package: rng-tools5\nVersion: 2\nDescription: a\n .\n b\n"
		     "\nPackage: haveged\nVersion: 3\n");
	assert_keeps(KEEP_STANZAS, 200, "C:Q1\nP:haveged\nV:1\n\nC:Q2\nP:bash\n",
		     "C:Q1\nP:haveged\nV:1\n\n");
	assert_keeps(KEEP_MARKS, 100,
		     "users:\n - passwd: $6$abc\n -----BEGIN PRIVATE KEY\nx\n",
		     "passwd:\nPRIVATE KEY\n");
}

/* A line of more than 64 KiB is none of ours, the one after it may be. */
static void a_part_too_long_is_passed_over(void **state)
{
	static char text[80 << 10] = "rng ";
	struct keep k;
	char *got;
	size_t n = 70 << 10;

	(void)state;
	memset(text + 4, 'r', n - 4);
	memcpy(text + n, "\nrng 2\n", 8);
	for (int by_piece = 0; by_piece < 2; by_piece++) {
		keep_begin(&k, (struct keep_rule){ KEEP_LINES, 1 << 20, true });
		if (by_piece)
			for (size_t i = 0; i < strlen(text); i += 1000)
				keep_feed(&k, text + i,
					  min_size(1000, strlen(text) - i));
		else
			keep_feed(&k, text, strlen(text));
		assert_int_equal(keep_end(&k, &got), 6);
		assert_string_equal(got, "rng 2\n");
		free(got);
	}
	memcpy(text + n, "\n\nP:rng\n", 9);
	keep_begin(&k, (struct keep_rule){ KEEP_STANZAS, 1 << 20, true });
	for (size_t i = 0; i < strlen(text); i += 1000)
		keep_feed(&k, text + i, min_size(1000, strlen(text) - i));
	assert_int_equal(keep_end(&k, &got), 6);
	assert_string_equal(got, "P:rng\n");
	free(got);
}

static void assert_redacts(const char *text, size_t len, const char *want)
{
	char copy[256];

	memcpy(copy, text, len);
	(void)keep_redact(copy, len, key);
	assert_memory_equal(copy, want, len);
}

static void secrets_in_texts_are_covered(void **state)
{
	/* clang-format off */
	static const struct { const char *text, *want; } cases[] = {
		{ "a password=hunter2 b", "a password=xxxxxxx b" },
		{ "a PASSWORD: hunter2\nb", "a PASSWORD: xxxxxxx\nb" },
		{ "'password': 'hun ter'", "'password': 'xxxxxxx'" },
		{ "vnc_password=a,b", "vnc_password=x,b" },
		{ "--token abc def", "--token xxx def" },
		{ "a token ring", "a token ring" },
		{ "-object secret,id=a,data=abc,format=raw",
		  "-object secret,id=a,data=xxx,format=raw" },
		{ "url=http://me:pw@host/x", "url=http://me:xx@host/x" },
		{ "url=http://host:80/x@y", "url=http://host:80/x@y" },
		{ "passwd='a b' c", "passwd='xxx' c" },
		{ "root=/dev/vda1 quiet", "root=/dev/vda1 quiet" },
		{ "", "" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_redacts(cases[i].text, strlen(cases[i].text),
			       cases[i].want);
	/* A command line: its arguments end with NUL. */
	assert_redacts("p\0--password\0pw\0x", 17, "p\0--password\0xx\0x");
	assert_redacts("p\0--password=pw\0x", 17, "p\0--password=xx\0x");
}

static void ids_change_and_stay_equal(void **state)
{
	char id[] = "3d1219c7c4c5404aaa1f6d2a48adfda4";
	char uuid[] = "UUID=3D1219C7-C4C5-404A-AA1F-6D2A48ADFDA4 end";
	char other[] = "3d1219c7c4c5404aaa1f6d2a48adfda5";
	char mac[] = "link/ether 52:54:00:ab:cd:ef brd ff:ff:ff:ff:ff:ff";
	char zero[] = "00000000000000000000000000000000";
	char longer[] = "3d1219c7c4c5404aaa1f6d2a48adfda4a";
	char print[] = "MD5:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff";
	char serial[] = "VMware-56 4d";
	char plain[33] = "";
	size_t n = 0;

	(void)state;
	assert_true(keep_redact(id, strlen(id), key));
	assert_string_not_equal(id, "3d1219c7c4c5404aaa1f6d2a48adfda4");
	assert_int_equal(strspn(id, "0123456789abcdef"), 32);
	assert_true(keep_redact(uuid, strlen(uuid), key));
	/* The same number in another spelling. */
	for (const char *p = uuid + 5; *p != ' '; p++)
		if (*p != '-')
			plain[n++] = (char)(*p >= 'A' ? *p + 32 : *p);
	assert_string_equal(plain, id);
	assert_memory_equal(uuid, "UUID=", 5);
	assert_string_equal(uuid + 41, " end");
	assert_true(keep_redact(other, strlen(other), key));
	assert_string_not_equal(other, id);
	assert_true(keep_redact(mac, strlen(mac), key));
	assert_memory_equal(mac, "link/ether 52:54:00:", 20);
	assert_memory_not_equal(mac + 20, "ab:cd:ef", 8);
	assert_string_equal(mac + 28, " brd ff:ff:ff:ff:ff:ff");
	assert_false(keep_redact(zero, strlen(zero), key));
	assert_false(keep_redact(longer, strlen(longer), key));
	assert_false(keep_redact(print, strlen(print), key));
	assert_true(keep_redact_serial(serial, strlen(serial), key));
	assert_int_equal(serial[6], '-');
	assert_int_equal(serial[9], ' ');
	assert_memory_not_equal(serial, "VMware", 6);
	assert_true(serial[0] >= 'A' && serial[0] <= 'Z');
	assert_true(serial[7] >= '0' && serial[7] <= '9');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_have_their_rules),
		cmocka_unit_test(parts_are_kept_by_their_words),
		cmocka_unit_test(a_part_too_long_is_passed_over),
		cmocka_unit_test(secrets_in_texts_are_covered),
		cmocka_unit_test(ids_change_and_stay_equal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
