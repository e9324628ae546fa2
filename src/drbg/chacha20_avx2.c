/* SPDX-License-Identifier: ISC */
/* 256-bit vectors. One group fills the 16 registers; two spill, and win. */
#include "drbg/chacha20_variant.h"

#define CHACHA20_LANES 8
#define CHACHA20_GROUPS 2
#define CHACHA20_INTERLEAVE 1
#define CHACHA20_TARGET __attribute__((target("avx2")))
/* AVX2 has no rotation; vpshufb works within each half. */
/* clang-format off */
#define CHACHA20_SHUFFLE_16 \
	2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13, \
	18, 19, 16, 17, 22, 23, 20, 21, 26, 27, 24, 25, 30, 31, 28, 29
#define CHACHA20_SHUFFLE_8 \
	3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14, \
	19, 16, 17, 18, 23, 20, 21, 22, 27, 24, 25, 26, 31, 28, 29, 30
/* clang-format on */
#include "drbg/chacha20_vector.h"

static bool has_avx2(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx2");
}

const struct chacha20_variant chacha20_avx2 = {
	.name = "avx2",
	.stride_blocks = STRIDE_BLOCKS,
	.usable = has_avx2,
	.blocks = vector_blocks,
	.reorder = vector_reorder,
};
