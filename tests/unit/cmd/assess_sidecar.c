/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <math.h>
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

#include "base/bytes.h"
#include "cmd/assess.h"

static char dir[] = "/tmp/aquifer-test-XXXXXX";
static char file[64], beside[80];

#define HEAD "{\"format\": \"aquifer-recording-1\", \"source\": \"jitter\", "
#define REST "\"symbols\": 2000, \"symbol_bits\": 8, \"bytes_per_symbol\": 1"

/* The messages are not what is tested. */
static int read_quietly(struct assess_sidecar *ret)
{
	int kept = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY), r;

	assert_true(kept >= 0 && null >= 0);
	(void)fflush(stderr);
	assert_true(dup2(null, STDERR_FILENO) >= 0);
	r = assess_sidecar_read(file, ret);
	(void)fflush(stderr);
	assert_true(dup2(kept, STDERR_FILENO) >= 0);
	(void)close(kept);
	(void)close(null);
	return r;
}

static int read_text(const char *text, struct assess_sidecar *ret)
{
	FILE *f = fopen(beside, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
	return read_quietly(ret);
}

static void none_is_none(void **state)
{
	struct assess_sidecar s = { .present = true };

	(void)state;
	(void)unlink(beside);
	assert_int_equal(assess_sidecar_read(file, &s), 0);
	assert_false(s.present);
	assert_true(isnan(s.claim));
}

static void takes_what_record_writes(void **state)
{
	struct assess_sidecar s;

	(void)state;
	assert_int_equal(read_text(HEAD REST ", \"claim_mbits_per_symbol\": "
					     "333}",
				   &s),
			 0);
	assert_true(s.present && s.raw && !s.restarts);
	assert_string_equal(s.source, "jitter");
	assert_int_equal(s.symbols, 2000);
	assert_int_equal(s.symbol_bits, 8);
	assert_true(s.claim == 0.333);
	/* Nothing credited is nothing claimed. */
	assert_int_equal(
		read_text(HEAD REST ", \"claim_mbits_per_symbol\": 0}", &s), 0);
	assert_true(isnan(s.claim));
	assert_int_equal(read_text(HEAD REST ", \"raw\": false, \"layout\": "
					     "\"restarts\", \"rows\": "
					     "1000, \"columns\": 2}",
				   &s),
			 0);
	assert_true(s.restarts && !s.raw);
	assert_int_equal(s.rows, 1000);
	assert_int_equal(s.columns, 2);
}

static const char *const wrong[] = {
	"",
	"{",
	"[]",
	"null",
	"{}",
	HEAD "\"symbols\": 2000}",
	HEAD REST,
	HEAD REST "} x",
	HEAD REST ", \"symbols\": 2000}", /* twice */
	"{\"format\": 1, " REST "}",
	"{\"format\": \"aquifer-recording-2\", " REST "}",
	HEAD "\"symbols\": -1, \"symbol_bits\": 8, \"bytes_per_symbol\": 1}",
	HEAD "\"symbols\": 1.5, \"symbol_bits\": 8, \"bytes_per_symbol\": 1}",
	HEAD "\"symbols\": 1, \"symbol_bits\": 0, \"bytes_per_symbol\": 1}",
	HEAD "\"symbols\": 1, \"symbol_bits\": 9, \"bytes_per_symbol\": 1}",
	HEAD "\"symbols\": 1, \"symbol_bits\": 8, \"bytes_per_symbol\": 4}",
	HEAD REST ", \"claim_mbits_per_symbol\": 8001}",
	HEAD REST ", \"claim_mbits_per_symbol\": \"1\"}",
	HEAD REST ", \"layout\": \"restarts\"}",
	HEAD REST ", \"layout\": \"restarts\", \"rows\": 3, \"columns\": 7}",
	HEAD "\"symbols\": 99999999999999999999, \"symbol_bits\": 8}",
};

static void refuses_what_it_is_not(void **state)
{
	struct assess_sidecar s = { .symbols = 7 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(read_text(wrong[i], &s), EXIT_USAGE);
	(void)unlink(beside);
	assert_int_equal(mkdir(beside, 0700), 0);
	assert_int_equal(read_quietly(&s), EXIT_USAGE);
	assert_int_equal(rmdir(beside), 0);
}

static int make_place(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	(void)snprintf(file, sizeof file, "%s/rec", dir);
	(void)snprintf(beside, sizeof beside, "%s.json", file);
	return 0;
}

static int leave_place(void **state)
{
	(void)state;
	(void)unlink(beside);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_is_none),
		cmocka_unit_test(takes_what_record_writes),
		cmocka_unit_test(refuses_what_it_is_not),
	};

	return cmocka_run_group_tests(tests, make_place, leave_place);
}
