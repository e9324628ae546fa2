/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_REPORT_CANVAS_H
#define AQUIFER_ASSESS_REPORT_CANVAS_H

/*
 * What a chart draws on: SVG text, or cairo's pixels. A unit is about a pixel
 * of a telephone's screen; y grows downwards.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* All charts are as wide as a small screen and grow with it. */
#define CANVAS_WIDTH 380.0
#define CANVAS_FONT 11.0

/* Named by use, because they change with the reader's light or dark. */
enum paint {
	PAINT_TEXT,
	PAINT_MUTED,
	PAINT_GRID,
	PAINT_AXIS,
	PAINT_FIRST,  /* what was measured */
	PAINT_SECOND, /* the second of two */
	PAINT_NO,     /* out of bounds */
	PAINT_COUNT
};

enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };

/* A picture of one colour, PAINT_FIRST: how much of it, pixel by pixel. */
struct mask {
	unsigned width, height;
	const uint8_t *alpha; /* width * height, row by row */
	bool crisp;           /* few pixels: do not smooth them */
};

struct canvas {
	const struct canvas_class *class;
	double down; /* added to each y */
	FILE *f;     /* SVG */
	void *cairo;
	int error; /* the first, as -errno */
};

struct canvas_class {
	/* Rectangles between begin and end are one shape. */
	void (*begin)(struct canvas *c, enum paint paint);
	void (*rect)(struct canvas *c, double x, double y, double w, double h);
	void (*end)(struct canvas *c);
	void (*line)(struct canvas *c, double x1, double y1, double x2,
		     double y2, enum paint paint, bool dashed);
	/* text: cleaned by the canvas. */
	void (*text)(struct canvas *c, double x, double y, enum anchor anchor,
		     enum paint paint, const char *text);
	void (*mask)(struct canvas *c, double x, double y, double w, double h,
		     const struct mask *mask);
};

extern const struct canvas_class canvas_svg, canvas_cairo;

/* Red, green, blue from 0 to 255, on white paper. */
extern const uint8_t paint_rgb[PAINT_COUNT][3];
/* That of a mask: an SVG picture cannot follow the reader's colours. */
extern const uint8_t paint_mask_rgb[3];
extern const char *const paint_names[PAINT_COUNT];

/*
 * mask_png - the mask as a PNG file in memory.
 * ret_png: allocated. Returns 0 or -ENOMEM.
 */
int mask_png(const struct mask *m, uint8_t **ret_png, size_t *ret_len_bytes);

#endif
