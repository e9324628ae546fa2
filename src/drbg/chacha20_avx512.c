/* SPDX-License-Identifier: ISC */
/* 512-bit vectors: two groups are exactly the 32 registers, no word spills. */
#include "drbg/chacha20_variant.h"

#define CHACHA20_LANES 16
#define CHACHA20_GROUPS 2
#define CHACHA20_INTERLEAVE 2
#define CHACHA20_TARGET __attribute__((target("avx512f")))
#include "drbg/chacha20_vector.h"

static bool has_avx512(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx512f");
}

const struct chacha20_variant chacha20_avx512 = {
	.name = "avx512",
	.stride_blocks = STRIDE_BLOCKS,
	.usable = has_avx512,
	.blocks = vector_blocks,
	.reorder = vector_reorder,
};
