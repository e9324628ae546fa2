/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_TESTS_ASSESS_SANITIZED_H
#define AQUIFER_TESTS_ASSESS_SANITIZED_H

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

#endif
