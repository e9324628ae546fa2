/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_ASSESS_SANITIZED_H
#define AQUIFER_TESTS_ASSESS_SANITIZED_H

#include "skip.h"

/* Under a sanitizer the same code takes ten times as long and all memory. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* not_sanitized - ends a case that a sanitizer's build is not to run. */
static inline void not_sanitized(void)
{
	if (SANITIZED)
		skip_because("a sanitizer's time and memory are not ours");
}

#endif
