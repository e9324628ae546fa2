/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_BENCH_ASSESS_CALIBRATE_H
#define AQUIFER_BENCH_ASSESS_CALIBRATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The level of a verdict; smaller p-values are counted below each of LEVELS. */
#define ALPHA 1e-4
#define LEVELS 5
#define ROWS_MAX 48

/* A row of the table: p-values, or (counted) how often something was so. */
struct row {
	const char *name;
	bool counted;
	uint64_t seen, hits, below[LEVELS];
	double least;
};

struct run {
	uint64_t seed;
	size_t n; /* samples of a stream */
	unsigned bits;
	double claim; /* NAN: none given */
	uint8_t *data;
	struct row rows[ROWS_MAX];
	unsigned n_rows;
};

/* The next stream, into data. */
void fill(struct run *r);
/* Into the row of that name, which is static. */
void note_p(struct run *r, const char *name, double p);
void note_hits(struct run *r, const char *name, uint64_t hits, uint64_t of);

struct suite {
	const char *name;
	size_t n; /* samples, or bytes, of a stream */
	/* Judges the data; true: its verdict says no. */
	bool (*one)(struct run *r);
};

extern const struct suite suites[];
extern const size_t n_suites;

#endif
