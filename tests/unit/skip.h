/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_SKIP_H
#define AQUIFER_TESTS_SKIP_H

/*
 * skip_because - end a case that cannot be run here, and say why: tools/check
 * repeats the words. What is missing is found out without the code under test,
 * or a fault of that would pass for a machine that cannot. Include after
 * cmocka.h.
 */
#define skip_because(...) \
	do { \
		print_message("skipped: " __VA_ARGS__); \
		print_message("\n"); \
		skip(); \
		/* It jumps out of the case, and does not say so. */ \
		__builtin_unreachable(); \
	} while (0)

#endif
