/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_BASE_BYTES_H
#define AQUIFER_BASE_BYTES_H

/*
 * Byte order, array lengths and hexadecimal. Pure functions, safe from any
 * thread.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

static inline size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

static inline uint64_t min_u64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline uint64_t max_u64(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static inline uint16_t load_be16(const uint8_t *p)
{
	return (uint16_t)((unsigned)p[0] << 8 | p[1]);
}

static inline uint32_t load_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static inline void store_be16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void store_be32(uint8_t *p, uint32_t v)
{
	store_be16(p, (uint16_t)(v >> 16));
	store_be16(p + 2, (uint16_t)v);
}

static inline uint32_t load_le32(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[1] << 8 | p[0];
}

static inline uint64_t load_le64(const uint8_t *p)
{
	return (uint64_t)load_le32(p + 4) << 32 | load_le32(p);
}

static inline void store_le32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

static inline void store_le64(uint8_t *p, uint64_t v)
{
	store_le32(p, (uint32_t)v);
	store_le32(p + 4, (uint32_t)(v >> 32));
}

/*
 * hex_encode - write 2 * len_bytes lower-case digits and a terminating NUL.
 * ret_text: at least 2 * len_bytes + 1 bytes.
 */
void hex_encode(const uint8_t *raw, size_t len_bytes, char *ret_text);

/*
 * hex_decode - digits of either case, blanks between bytes allowed.
 * Returns the bytes written, -EINVAL on anything that is not a digit or an odd
 * number of digits, -ENOBUFS when more than cap_bytes would be needed.
 */
long hex_decode(const char *text, uint8_t *ret_raw, size_t cap_bytes);

#endif
