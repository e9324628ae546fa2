/* SPDX-License-Identifier: ISC */
/*
 * Standard error is one end of a datagram socket here: what is received at once
 * was written at once.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fd.h"
#include "base/log.h"

static int kept_stderr, reader = -1;

static int setup(void **state)
{
	int ends[2];

	(void)state;
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		       ends) < 0)
		return -1;
	kept_stderr = dup(STDERR_FILENO);
	if (kept_stderr < 0 || dup2(ends[1], STDERR_FILENO) < 0)
		return -1;
	(void)close(ends[1]);
	reader = ends[0];
	(void)unsetenv("JOURNAL_STREAM");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	(void)dup2(kept_stderr, STDERR_FILENO);
	fd_close(&kept_stderr);
	fd_close(&reader);
	return 0;
}

static char line[4096];

/* The next write, as a string; "" when there was none. */
static const char *next_write(void)
{
	ssize_t n = recv(reader, line, sizeof line - 1, 0);

	line[n > 0 ? n : 0] = '\0';
	return line;
}

static void a_line_has_the_program_in_front(void **state)
{
	(void)state;
	log_init("aquiferd", LOG_LEVEL_DEBUG);
	log_error("%s:%d: %s", "conf", 3, "no");
	assert_string_equal(next_write(), "aquiferd: conf:3: no\n");
	log_warn("w");
	log_info("%s", "");
	log_debug("100%%");
	assert_string_equal(next_write(), "aquiferd: w\n");
	assert_string_equal(next_write(), "aquiferd: \n");
	assert_string_equal(next_write(), "aquiferd: 100%\n");
	assert_string_equal(next_write(), "");
}

static void what_is_beyond_the_level_is_not_written(void **state)
{
	static const struct {
		enum log_level max;
		const char *seen;
	} cases[] = {
		{ LOG_LEVEL_ERROR, "e" },
		{ LOG_LEVEL_WARN, "ew" },
		{ LOG_LEVEL_INFO, "ewi" },
		{ LOG_LEVEL_DEBUG, "ewid" },
	};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		log_init("p", cases[i].max);
		log_error("e");
		log_warn("w");
		log_info("i");
		log_debug("d");
		for (const char *c = cases[i].seen; *c; c++) {
			(void)next_write();
			assert_int_equal(line[3], *c);
		}
		assert_string_equal(next_write(), "");
	}
}

static void set_journal(unsigned long long device, unsigned long long inode)
{
	char stream[64];

	(void)snprintf(stream, sizeof stream, "%llu:%llu", device, inode);
	assert_int_equal(setenv("JOURNAL_STREAM", stream, 1), 0);
}

static void the_journal_gets_levels_instead(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(fstat(STDERR_FILENO, &st), 0);
	set_journal(st.st_dev, st.st_ino);
	log_init("p", LOG_LEVEL_DEBUG);
	log_error("e");
	log_warn("w");
	log_info("i");
	log_debug("d");
	assert_string_equal(next_write(), "<3>e\n");
	assert_string_equal(next_write(), "<4>w\n");
	assert_string_equal(next_write(), "<6>i\n");
	assert_string_equal(next_write(), "<7>d\n");
	/* Inherited, but standard error is something else. */
	set_journal(st.st_dev, st.st_ino + 1);
	log_init("p", LOG_LEVEL_DEBUG);
	log_error("e");
	assert_string_equal(next_write(), "p: e\n");
	assert_int_equal(setenv("JOURNAL_STREAM", "", 1), 0);
	log_init("p", LOG_LEVEL_DEBUG);
	log_error("e");
	assert_string_equal(next_write(), "p: e\n");
}

static void what_does_not_print_is_escaped(void **state)
{
	char all[256];

	(void)state;
	for (unsigned i = 0; i < 255; i++)
		all[i] = (char)(i + 1);
	all[255] = '\0';
	log_init("p", LOG_LEVEL_INFO);
	log_info("a\nb\r\x1b[2Jc\t\x7f\xc3\xbc");
	assert_string_equal(next_write(),
			    "p: a\\x0ab\\x0d\\x1b[2Jc\\x09\\x7f\\xc3\\xbc\n");
	/* Every byte, in parts that fit: only the newline ends a line. */
	for (unsigned i = 0; i < 255; i += 51) {
		log_info("%.51s", all + i);
		(void)next_write();
		for (size_t k = 0; line[k + 1]; k++)
			assert_in_range(line[k], 0x20, 0x7e);
		assert_int_equal(line[strlen(line) - 1], '\n');
	}
}

static void a_long_text_is_cut_to_one_line(void **state)
{
	/* "p: ", the text, and a newline; room for "..." is kept. */
	const size_t most = LOG_LINE_BYTES - 4 - 3;
	char text[3000];

	(void)state;
	log_init("p", LOG_LEVEL_INFO);
	memset(text, 'x', sizeof text);
	text[most] = '\0';
	log_info("%s", text);
	assert_int_equal(strlen(next_write()), 3 + most + 1);
	assert_string_equal(line + 3 + most - 1, "x\n");
	text[most] = 'x';
	text[most + 1] = '\0';
	log_info("%s", text);
	assert_int_equal(strlen(next_write()), LOG_LINE_BYTES);
	assert_string_equal(line + LOG_LINE_BYTES - 6, "xx...\n");
	text[most + 1] = 'x';
	text[sizeof text - 1] = '\0';
	log_info("%s", text);
	assert_int_equal(strlen(next_write()), LOG_LINE_BYTES);
	assert_string_equal(line + LOG_LINE_BYTES - 6, "xx...\n");
	/* An escape is whole or not there. */
	memset(text, '\n', sizeof text - 1);
	log_info("%s", text);
	assert_true(strlen(next_write()) <= LOG_LINE_BYTES);
	assert_string_equal(line + strlen(line) - 8, "\\x0a...\n");
}

static void a_program_name_is_cut_too(void **state)
{
	static char name[2000];

	(void)state;
	memset(name, 'n', sizeof name - 1);
	log_init(name, LOG_LEVEL_INFO);
	log_info("text");
	assert_int_equal(strlen(next_write()), LOG_LINE_BYTES);
	assert_string_equal(line + LOG_LINE_BYTES - 5, "n...\n");
}

static void errno_is_kept_even_when_nothing_can_be_written(void **state)
{
	(void)state;
	log_init("p", LOG_LEVEL_INFO);
	errno = EIO;
	log_info("text");
	assert_int_equal(errno, EIO);
	(void)next_write();
	(void)close(STDERR_FILENO);
	errno = EIO;
	log_info("text");
	assert_int_equal(errno, EIO);
	log_init("p", LOG_LEVEL_INFO); /* fstat fails: no journal */
}

#define WITH_STDERR(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STDERR(a_line_has_the_program_in_front),
		WITH_STDERR(what_is_beyond_the_level_is_not_written),
		WITH_STDERR(the_journal_gets_levels_instead),
		WITH_STDERR(what_does_not_print_is_escaped),
		WITH_STDERR(a_long_text_is_cut_to_one_line),
		WITH_STDERR(a_program_name_is_cut_too),
		WITH_STDERR(errno_is_kept_even_when_nothing_can_be_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
