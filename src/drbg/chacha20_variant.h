/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_DRBG_CHACHA20_VARIANT_H
#define AQUIFER_DRBG_CHACHA20_VARIANT_H

/* The variants, one a file; chacha20.c has the table. */
#include "drbg/chacha20.h"

extern const struct chacha20_variant chacha20_generic;
extern const struct chacha20_variant chacha20_avx2;   /* x86-64 only */
extern const struct chacha20_variant chacha20_avx512; /* x86-64 only */

#endif
