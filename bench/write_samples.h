/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_BENCH_WRITE_SAMPLES_H
#define AQUIFER_BENCH_WRITE_SAMPLES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * A data set into a file, and its width to standard output. symbols: NULL fails,
 * which was told. Returns an exit code.
 */
static inline int write_samples(const uint8_t *symbols, size_t n, unsigned bits,
				const char *path)
{
	FILE *f = fopen(path, "wb");
	int r = 3;

	if (f != NULL && symbols != NULL && fwrite(symbols, 1, n, f) == n)
		r = 0;
	if (f != NULL && fclose(f) != 0)
		r = 3;
	if (r != 0)
		perror(path);
	else
		(void)printf("%u\n", bits);
	return r;
}

#endif
