/* SPDX-License-Identifier: ISC */
/* The table as a whole: names, pages, and what each check is asked about. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "doctor/check.h"
#include "doctor/text.h"

/* What users were promised, by name. */
static const char *const promised[] = {
	"crng-ready",
	"crng-waiters",
	"early-readers",
	"dev-random-readers",
	"slow-services",
	"virtio-rng",
	"hwrng-current",
	"cpu-rng",
	"tpm-rng",
	"bootloader-seed",
	"kernel-config",
	"vm-generation",
	"restored",
	"seed-file",
	"host-keys",
	"machine-id",
	"dhcp-duid",
	"cloud-init-state",
	"pollinate-flag",
	"rng-daemons",
	"self-feeding",
	"confidential",
	"fips",
	"chroot-devices",
	"container",
	"guest-rng-device",
	"guest-rng-backend",
	"guest-rng-limit",
	"guest-cpu-rng",
	"guest-generation",
	"guest-tpm",
	"snapshot-hygiene",
};

static void all_that_was_promised_is_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(promised); i++) {
		if (!check_find(promised[i]))
			fail_msg("no check %s", promised[i]);
	}
}

/* Printable ASCII or UTF-8, which is shown as it stands. */
static void is_plain(const char *id, const char *text)
{
	unsigned long code;

	assert_non_null(text);
	for (size_t n; *text; text += n) {
		n = text_utf8(text, &code);
		if (n == 0 || (code < 0x20 && code != '\n') || code == 0x7f)
			fail_msg("%s: byte %02x", id, (unsigned char)*text);
	}
}

static void look_at(const struct check *c)
{
	const size_t lowest = strspn(c->id, "abcdefghijklmnopqrstuvwxyz"
					    "0123456789-");

	/* A name to type, to select by, and a label of Prometheus. */
	if (c->id[lowest] || !islower((unsigned char)c->id[0]) ||
	    strlen(c->id) > 20)
		fail_msg("'%s' is no id", c->id);
	if (check_find(c->id) != c)
		fail_msg("%s is there twice", c->id);
	if (!c->applies ||
	    c->applies & ~(unsigned)(CHECK_MACHINE | CHECK_IMAGE | CHECK_HOST))
		fail_msg("%s applies to nothing known", c->id);
	is_plain(c->id, c->question);
	is_plain(c->id, c->page);
	if (strchr(c->question, '\n') || strlen(c->question) > 120)
		fail_msg("%s: the question is no line", c->id);
	if (strlen(c->page) < 200)
		fail_msg("%s: the page says little", c->id);
	if (c->reference)
		is_plain(c->id, c->reference);
	assert_non_null(c->judge);
}

static void each_check_is_whole(void **state)
{
	const struct check_family *family;
	size_t n = 0;

	(void)state;
	for (size_t f = 0; (family = check_family_at(f)); f++) {
		assert_true(family->n_checks > 0);
		for (size_t i = 0; i < family->n_checks; i++, n++)
			look_at(&family->checks[i]);
	}
	assert_true(n >= ARRAY_LEN(promised));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_was_promised_is_there),
		cmocka_unit_test(each_check_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
