/* SPDX-License-Identifier: ISC */
/*
 * 128-bit vectors: SSE2, which every x86-64 has, NEON, which every aarch64 has,
 * and plain words where the compiler knows neither. One group after the other:
 * it is what both gcc and clang do well.
 */
#include "drbg/chacha20_variant.h"

#define CHACHA20_LANES 4
#define CHACHA20_GROUPS 2
#define CHACHA20_INTERLEAVE 1
#define CHACHA20_TARGET
#include "drbg/chacha20_vector.h"

static bool always(void)
{
	return true;
}

const struct chacha20_variant chacha20_generic = {
#ifdef __aarch64__
	.name = "neon",
#else
	.name = "generic",
#endif
	.stride_blocks = STRIDE_BLOCKS,
	.usable = always,
	.blocks = vector_blocks,
	.reorder = vector_reorder,
};
