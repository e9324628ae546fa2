/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_QUICK_QUICK_H
#define AQUIFER_ASSESS_QUICK_QUICK_H

/*
 * The quick look, as John Walker's ent gives it, and min-entropy and bias of
 * the eight bits besides. One pass over a stream of bytes in pieces of any
 * size, in constant memory. Threads: safe.
 */
#include <stddef.h>
#include <stdint.h>

/* ent's: three bytes for x, three for y. */
#define QUICK_POINT_BYTES 6

struct quick {
	uint64_t n_bytes;
	uint64_t count[256];
	/* Serial correlation: sum of products of neighbours, not wrapped. */
	uint64_t products;
	uint8_t first, last;
	/* Monte Carlo. */
	uint64_t points, inside;
	unsigned held;
	uint8_t point[QUICK_POINT_BYTES];
};

void quick_begin(struct quick *q);
void quick_feed(struct quick *q, const uint8_t *data, size_t len_bytes);

/* A p-value is two-sided: too good a fit is a deviation as well. */
struct quick_result {
	uint64_t n_bytes;
	double byte_entropy; /* Shannon, bits a byte */
	double bit_entropy;  /* Shannon, bits a bit */
	double min_entropy;  /* -log2 of the commonest byte's share */
	double byte_mean;
	double byte_chi2;   /* 255 degrees of freedom */
	double byte_chi2_p; /* the chance to exceed it, as ent prints it */
	double bit_chi2;    /* 1 degree of freedom */
	double bit_chi2_p;
	double ones[8]; /* share of ones by bit, the least significant first */
	double ones_all;
	double serial_correlation; /* NAN for a constant stream */
	double pi;                 /* NAN below one point */
};

/* quick_end - NANs where there are no bytes. */
void quick_end(const struct quick *q, struct quick_result *ret);

/*
 * quick_p_values - what the verdict's family-wise test looks at: byte counts,
 * each bit's share of ones, serial correlation, points in the circle. All
 * two-sided, from n_bytes >= QUICK_LEAST_BYTES on.
 */
#define QUICK_LEAST_BYTES 1280 /* 5 of each byte expected */
#define QUICK_P_VALUES 11

struct quick_p {
	const char *name;
	double value;
};

/* Returns 0, or -EINVAL with less than QUICK_LEAST_BYTES. */
int quick_p_values(const struct quick *q, struct quick_p *ret);

#endif
