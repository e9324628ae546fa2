/* SPDX-License-Identifier: ISC */
/* No memory, at each place that asks for some; and how much is asked for. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "assess/sp80090b/restart.h"
#include "base/bytes.h"
#include "sanitized.h"
#include "specimen_data.h"

/* glibc lets a program bring its own; a sanitizer has one already. */
#if defined(__GLIBC__) && !SANITIZED
#include <malloc.h>

#define OWN_ALLOCATOR 1
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t m);
void *__libc_realloc(void *p, size_t n);
void __libc_free(void *p);

static bool counting;
static long live, until_refused; /* below 0: none is refused */

static bool refused(void)
{
	if (!counting || until_refused < 0 || until_refused-- > 0)
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t n)
{
	void *p = refused() ? NULL : __libc_malloc(n);

	live += counting && p != NULL;
	return p;
}

void *calloc(size_t n, size_t m)
{
	void *p = refused() ? NULL : __libc_calloc(n, m);

	live += counting && p != NULL;
	return p;
}

void *realloc(void *p, size_t n)
{
	void *q = refused() ? NULL : __libc_realloc(p, n);

	live += counting && p == NULL && q != NULL;
	return q;
}

void free(void *p)
{
	live -= counting && p != NULL;
	__libc_free(p);
}
#else
#define OWN_ALLOCATOR 0
static bool counting;
static long live, until_refused;
#endif

#define SHORT 9000 /* as bits enough for every way of counting tuples */
#define LONG 300000

/* Refuses the first request, then the second, .. till there are no more. */
static void each_request_can_be_refused(void **state)
{
	static const enum specimen_kind kinds[] = { SPECIMEN_UNIFORM8,
						    SPECIMEN_STICKY8,
						    SPECIMEN_BIASED1,
						    SPECIMEN_GEOMETRIC8 };
	static uint8_t symbols[SHORT];

	(void)state;
	if (!OWN_ALLOCATOR)
		skip_because("an allocator of our own needs glibc, "
			     "and no sanitizer");
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		struct samples s = { symbols, SHORT, 8 };
		struct sp80090b_result r = { .n = 77 };
		long refusals = 0;
		int error = -ENOMEM;

		specimen_fill(kinds[k], 1, symbols, SHORT);
		for (; error == -ENOMEM; refusals++) {
			live = 0;
			until_refused = refusals;
			counting = true;
			error = sp80090b_run(&s, NULL, &r);
			counting = false;
			assert_int_equal(live, 0);
			assert_int_equal(r.n, error == 0 ? SHORT : 77);
		}
		assert_int_equal(error, 0);
		assert_true(refusals > 10);
	}
}

static void restart_without_memory(void **state)
{
	static uint8_t symbols[SP80090B_RESTART_SAMPLES];
	struct samples s = { symbols, sizeof symbols, 1 };
	struct sp80090b_restart_result r = { .h_row = 7 };

	(void)state;
	if (!OWN_ALLOCATOR)
		skip_because("an allocator of our own needs glibc, "
			     "and no sanitizer");
	specimen_fill(SPECIMEN_UNIFORM1, 1, symbols, sizeof symbols);
	for (long refusals = 0; refusals < 6; refusals++) {
		live = 0;
		until_refused = refusals;
		counting = true;
		assert_int_equal(sp80090b_restart(&s, 1, NULL, &r), -ENOMEM);
		counting = false;
		assert_int_equal(live, 0);
	}
	assert_true(r.h_row == 7);
}

/* In KiB, of a process that does nothing else; below 0: it failed. */
static long peak_of_run(const struct samples *s, unsigned threads)
{
	int fds[2];
	long peak = -1;
	pid_t child;

	assert_int_equal(pipe(fds), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct sp80090b_options o = { .threads = threads };
		struct sp80090b_result r;
		struct rusage before, after;

		(void)getrusage(RUSAGE_SELF, &before);
		if (sp80090b_run(s, &o, &r) == 0) {
			(void)getrusage(RUSAGE_SELF, &after);
			peak = after.ru_maxrss - before.ru_maxrss;
		}
		_exit(write(fds[1], &peak, sizeof peak) != sizeof peak);
	}
	(void)close(fds[1]);
	assert_int_equal(read(fds[0], &peak, sizeof peak), sizeof peak);
	(void)close(fds[0]);
	assert_int_equal(waitpid(child, NULL, 0), child);
	return peak;
}

static void no_more_is_taken_than_was_said(void **state)
{
	static const struct {
		enum specimen_kind kind;
		bool looks_random;
	} data[] = {
		{ SPECIMEN_UNIFORM8, true },    { SPECIMEN_NORMAL8, true },
		{ SPECIMEN_STICKY8, false },    { SPECIMEN_COUNTER8, false },
		{ SPECIMEN_GEOMETRIC8, false }, { SPECIMEN_REPEAT8, true },
	};
	static uint8_t symbols[LONG];
	struct samples s = { symbols, LONG, 8 };

	(void)state;
	not_sanitized();
	for (size_t k = 0; k < 2 * ARRAY_LEN(data); k++) {
		unsigned threads = k % 2 == 0 ? 1 : 4;
		uint64_t said = sp80090b_need_bytes(LONG, 8, threads);
		uint64_t any = sp80090b_need_deep_bytes(LONG, 8, threads);
		uint64_t peak;

		specimen_fill(data[k / 2].kind, 1, symbols, LONG);
		peak = (uint64_t)peak_of_run(&s, threads) * 1024;
		assert_true(said <= any);
		assert_true(peak <= (data[k / 2].looks_random ? said : any));
		/* And it is not said for show. */
		assert_true(peak > said / 16);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_request_can_be_refused),
		cmocka_unit_test(restart_without_memory),
		cmocka_unit_test(no_more_is_taken_than_was_said),
	};

#if OWN_ALLOCATOR
	/* meson has every allocation filled, also what nobody would touch. */
	(void)mallopt(M_PERTURB, 0);
#endif

	return cmocka_run_group_tests(tests, NULL, NULL);
}
