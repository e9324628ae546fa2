/* SPDX-License-Identifier: ISC */
/* Public SSH keys; fingerprints by ssh-keygen -l of OpenSSH 9.2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/clones_sshkey.h"

#define RSA_1024 \
	"AAAAB3NzaC1yc2EAAAADAQABAAAAgQCfBWMVz7LdmaKEjdTqY+caKB1ERNVcTHz" \
	"DftILE3FUPjxI7O3dssNtS4pOC7ibJGQAgHT+MLN0FmQoNTOq5Y+lL2ESRrIWHd" \
	"0OPJ79xO/vUjX6wCXexFOAMKyKuKjLWAGDAf6vy5ewfX/SjpBTPlpUqQKY9pW2p" \
	"yM3vfamYf1xpQ=="
#define ED25519 \
	"AAAAC3NzaC1lZDI1NTE5AAAAIHTSjc9hsKx5QLjnUDb6FppTw7ns+Y0xjx23eBEX9Nn+"
#define VAGRANT \
	"AAAAC3NzaC1lZDI1NTE5AAAAIN1YdxBpNlzxDqfJyw/QKow1F+wvG9hXGoqiysfJOn5Y"
/* n = 65537^60, of 961 bits: what RSALib's moduli are, modulo each prime. */
#define POWER \
	"AAAAB3NzaC1yc2EAAAADAQABAAAAeQEAPAbqhbNxJlkEAPmlTOXjaSlb+MFwgQU" \
	"AklelJ1mBru8zuTFWK3eQBeptX4DvHSxeaRC+WrKy05hMbE2r7LEgoxK9hz4aRU" \
	"oAN4cQ5rDIrLhF0qcLNmxOCeObHPipOsV6TQFTc4WLsg/D6kdWD3DThawG6gA8A" \
	"AE="

static void reads_what_ssh_keygen_writes(void **state)
{
	static const struct {
		const char *line, *type, *fingerprint;
		unsigned bits;
	} rows[] = {
		{ "ssh-rsa " RSA_1024 " t", "ssh-rsa",
		  "fpRNKg07FkrY/azdCF/fcyCsqA2hX5A7xq5iZ8qn0X0", 1024 },
		{ "ssh-ed25519 " ED25519, "ssh-ed25519",
		  "Hr1P11ejqRUb3VQCcXCbMC1IamttJGxqyAL4BM968Uc", 256 },
		{ "ecdsa-sha2-nistp521 "
		  "AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAHZmA82"
		  "OSs068mObJ29caXDyMZAMBOns2nF71R7vxybh2TAQLbgsQAdu4FU2k72SLPF"
		  "MUtUrHoNn6Eo9/bigSCK2gBkbU/7ZM0XzbH7lo+/kwcQn4UAqfmNJg9qjIHy"
		  "q2fsq78eyzPktzd/zIHdCwihCbsOQ/gbmogjZVYXVTM+crEfjQ== t",
		  "ecdsa-sha2-nistp521",
		  "yc399Zi4esdeX37+PY5NsfxfjvWIsKDa3cVEkNijRSY", 521 },
		{ "restrict,command=\"echo \\\"ssh-rsa x\\\" y\" ssh-ed25519 " ED25519
		  " me@here\r\n",
		  "ssh-ed25519", "Hr1P11ejqRUb3VQCcXCbMC1IamttJGxqyAL4BM968Uc",
		  256 },
		{ "host.example,10.0.0.1 ssh-ed25519 " ED25519, "ssh-ed25519",
		  "Hr1P11ejqRUb3VQCcXCbMC1IamttJGxqyAL4BM968Uc", 256 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ssh_key k;

		assert_int_equal(ssh_key_parse(rows[i].line, &k), 0);
		assert_string_equal(k.type, rows[i].type);
		assert_string_equal(k.fingerprint, rows[i].fingerprint);
		assert_int_equal(k.bits, rows[i].bits);
		assert_false(k.roca);
		assert_null(k.published);
	}
}

static void refuses_what_is_no_key(void **state)
{
	static const struct {
		const char *line;
		int error;
	} rows[] = {
		{ "", -ENODATA },
		{ "  \r\n", -ENODATA },
		{ "# ssh-ed25519 " ED25519, -ENODATA },
		{ "ssh-ed25519", -EBADMSG },
		{ "ssh-ed25519 !!!!", -EBADMSG },
		{ "ssh-ed25519 AAAA", -EBADMSG },
		/* The type within says otherwise. */
		{ "ssh-rsa " ED25519, -EBADMSG },
		/* A length beyond the end. */
		{ "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQCf", -EBADMSG },
		{ "ssh-foo " ED25519, -EBADMSG },
		{ "\"unclosed ssh-ed25519 " ED25519, -EBADMSG },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ssh_key k, before;

		memset(&k, 0x5a, sizeof k);
		before = k;
		assert_int_equal(ssh_key_parse(rows[i].line, &k), rows[i].error);
		assert_memory_equal(&k, &before, sizeof k);
	}
}

static void an_endless_key_is_refused(void **state)
{
	static char line[40000] = "ssh-rsa ";
	size_t len = strlen(line);
	struct ssh_key k;

	(void)state;
	memset(line + len, 'A', sizeof line - 1 - len);
	assert_int_equal(ssh_key_parse(line, &k), -EBADMSG);
}

static void knows_published_keys(void **state)
{
	struct ssh_key k;

	(void)state;
	assert_int_equal(ssh_key_parse("ssh-ed25519 " VAGRANT, &k), 0);
	assert_string_equal(k.fingerprint,
			    "WkvqjnyPAeC0cbPErYiGP9vqHdgL1MqqvPdIe3lvHgI");
	assert_non_null(k.published);
	assert_null(ssh_key_published(""));
}

static void finds_the_structure_of_rsalib(void **state)
{
	uint8_t n[128];
	struct ssh_key k;

	(void)state;
	assert_int_equal(ssh_key_parse("ssh-rsa " POWER, &k), 0);
	assert_int_equal(k.bits, 961);
	assert_true(k.roca);
	/* 1 is a power of all; 65537 is 10 modulo 11, whose are 1 and 10. */
	memset(n, 0, sizeof n);
	n[127] = 1;
	assert_true(ssh_modulus_is_roca(n, sizeof n));
	n[127] = 3;
	assert_false(ssh_modulus_is_roca(n, sizeof n));
	/* Too short to be a key. */
	n[63] = 1;
	assert_false(ssh_modulus_is_roca(n, 63));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_ssh_keygen_writes),
		cmocka_unit_test(refuses_what_is_no_key),
		cmocka_unit_test(an_endless_key_is_refused),
		cmocka_unit_test(knows_published_keys),
		cmocka_unit_test(finds_the_structure_of_rsalib),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
