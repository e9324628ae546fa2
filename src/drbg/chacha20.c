/* SPDX-License-Identifier: ISC */
#include <stdatomic.h>

#include "base/bytes.h"
#include "drbg/chacha20.h"
#include "drbg/chacha20_variant.h"

/* Fastest first; the last is usable everywhere. */
static const struct chacha20_variant *const variants[] = {
#ifdef __x86_64__
	&chacha20_avx512,
	&chacha20_avx2,
#endif
	&chacha20_generic,
};

const struct chacha20_variant *chacha20_variant_at(size_t index)
{
	return index < ARRAY_LEN(variants) ? variants[index] : NULL;
}

const struct chacha20_variant *chacha20_best(void)
{
	/* Threads that race here find the same answer: no lock is needed. */
	static _Atomic(const struct chacha20_variant *) best;
	const struct chacha20_variant *v = atomic_load_explicit(
		&best, memory_order_relaxed);

	if (v)
		return v;
	for (size_t i = 0; i < ARRAY_LEN(variants) && !v; i++)
		if (variants[i]->usable())
			v = variants[i];
	atomic_store_explicit(&best, v, memory_order_relaxed);
	return v;
}
