/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/specimens/generators.h"
#include "base/bytes.h"

#define KEY_BYTES 16

static void swap(struct arc4 *a, uint8_t i, uint8_t j)
{
	uint8_t t = a->s[i];

	a->s[i] = a->s[j];
	a->s[j] = t;
}

void arc4_begin(struct arc4 *a, const uint8_t *key, size_t len_bytes)
{
	uint8_t j = 0;

	for (unsigned i = 0; i < 256; i++)
		a->s[i] = (uint8_t)i;
	for (unsigned i = 0; i < 256; i++) {
		j = (uint8_t)(j + a->s[i] + key[i % len_bytes]);
		swap(a, (uint8_t)i, j);
	}
	a->i = 0;
	a->j = 0;
}

uint8_t arc4_next(struct arc4 *a)
{
	a->i++;
	a->j = (uint8_t)(a->j + a->s[a->i]);
	swap(a, a->i, a->j);
	return a->s[(uint8_t)(a->s[a->i] + a->s[a->j])];
}

static void generate_arc4(uint64_t seed, uint8_t *ret, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t key[KEY_BYTES];
		struct arc4 a;

		store_le64(key, splitmix64(&seed));
		store_le64(key + 8, splitmix64(&seed));
		arc4_begin(&a, key, sizeof key);
		(void)arc4_next(&a);
		ret[i] = arc4_next(&a);
	}
}

const struct specimen specimen_arc4 = {
	.name = "arc4",
	.what = "the second byte of ARC4's output, each from a new key",
	.shows = "It is 0 twice as often as it should (Mantin, Shamir 2001):"
		 " seen over many keys, never within one stream.",
	.bits = 8,
	.h_true = 7, /* -log2(2 / 256), keys taken for unknown */
	.caught = SPECIMEN_SP80022 | SPECIMEN_QUICK,
	.generate = generate_arc4,
};
