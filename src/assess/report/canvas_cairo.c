/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <cairo.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assess/report/canvas.h"
#include "assess/report/text.h"
#include "base/bytes.h"

const uint8_t paint_rgb[PAINT_COUNT][3] = {
	[PAINT_TEXT] = { 0x1c, 0x1c, 0x1a },
	[PAINT_MUTED] = { 0x5c, 0x5b, 0x56 },
	[PAINT_GRID] = { 0xe3, 0xe2, 0xdd },
	[PAINT_AXIS] = { 0x9a, 0x99, 0x92 },
	[PAINT_FIRST] = { 0x2a, 0x6f, 0xc9 },
	[PAINT_SECOND] = { 0xc2, 0x61, 0x0c },
	[PAINT_NO] = { 0xc6, 0x28, 0x28 },
};
const uint8_t paint_mask_rgb[3] = { 0x3d, 0x82, 0xd8 };
const char *const paint_names[PAINT_COUNT] = {
	[PAINT_TEXT] = "text",   [PAINT_MUTED] = "muted",
	[PAINT_GRID] = "grid",   [PAINT_AXIS] = "axis",
	[PAINT_FIRST] = "first", [PAINT_SECOND] = "second",
	[PAINT_NO] = "no",
};

static void use(struct canvas *c, enum paint paint)
{
	const uint8_t *rgb = paint_rgb[paint];

	cairo_set_source_rgb(c->cairo, rgb[0] / 255.0, rgb[1] / 255.0,
			     rgb[2] / 255.0);
}

static void draw_begin(struct canvas *c, enum paint paint)
{
	use(c, paint);
	cairo_new_path(c->cairo);
}

static void draw_rect(struct canvas *c, double x, double y, double w, double h)
{
	cairo_rectangle(c->cairo, x, y + c->down, w, h);
}

static void draw_end(struct canvas *c)
{
	cairo_fill(c->cairo);
}

static void draw_line(struct canvas *c, double x1, double y1, double x2,
		      double y2, enum paint paint, bool dashed)
{
	static const double dash[] = { 4, 3 };

	use(c, paint);
	cairo_set_line_width(c->cairo, paint == PAINT_GRID ? 0.75 : 1);
	cairo_set_dash(c->cairo, dash, dashed ? ARRAY_LEN(dash) : 0, 0);
	cairo_move_to(c->cairo, x1, y1 + c->down);
	cairo_line_to(c->cairo, x2, y2 + c->down);
	cairo_stroke(c->cairo);
}

static void draw_text(struct canvas *c, double x, double y, enum anchor anchor,
		      enum paint paint, const char *text)
{
	cairo_text_extents_t box;
	char clean[256];

	report_text_clean(text, clean, sizeof clean);
	cairo_select_font_face(c->cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
			       CAIRO_FONT_WEIGHT_NORMAL);
	cairo_set_font_size(c->cairo, CANVAS_FONT);
	cairo_text_extents(c->cairo, clean, &box);
	if (anchor == ANCHOR_MIDDLE)
		x -= box.x_advance / 2;
	else if (anchor == ANCHOR_END)
		x -= box.x_advance;
	/* A rim of paper, so that lines under it do not strike it out. */
	cairo_move_to(c->cairo, x, y + c->down);
	cairo_text_path(c->cairo, clean);
	cairo_set_source_rgb(c->cairo, 1, 1, 1);
	cairo_set_line_width(c->cairo, 2);
	cairo_set_line_join(c->cairo, CAIRO_LINE_JOIN_ROUND);
	cairo_set_dash(c->cairo, NULL, 0, 0);
	cairo_stroke_preserve(c->cairo);
	use(c, paint);
	cairo_fill(c->cairo);
}

/* ARGB32 is native-endian words, the colours multiplied by alpha. */
static cairo_surface_t *mask_surface(const struct mask *m)
{
	cairo_surface_t *s = cairo_image_surface_create(
		CAIRO_FORMAT_ARGB32, (int)m->width, (int)m->height);
	uint8_t *rows = cairo_image_surface_get_data(s);
	size_t stride_bytes = (size_t)cairo_image_surface_get_stride(s);

	if (rows == NULL)
		return s;
	for (size_t i = 0; i < (size_t)m->width * m->height; i++) {
		uint32_t a = m->alpha[i], word = a << 24;

		for (unsigned k = 0; k < 3; k++)
			word |= (paint_mask_rgb[k] * a + 127) / 255
				<< (16 - 8 * k);
		memcpy(rows + i / m->width * stride_bytes + i % m->width * 4,
		       &word, sizeof word);
	}
	cairo_surface_mark_dirty(s);
	return s;
}

static void draw_mask(struct canvas *c, double x, double y, double w, double h,
		      const struct mask *mask)
{
	cairo_surface_t *s = mask_surface(mask);
	double one = 1, none = 0;

	cairo_save(c->cairo);
	cairo_translate(c->cairo, x, y + c->down);
	cairo_scale(c->cairo, w / mask->width, h / mask->height);
	cairo_set_source_surface(c->cairo, s, 0, 0);
	/* Whole dots need no smoothing, and make a small file. */
	cairo_user_to_device_distance(c->cairo, &one, &none);
	cairo_pattern_set_filter(cairo_get_source(c->cairo),
				 mask->crisp || fabs(one - round(one)) < 1e-6 ?
					 CAIRO_FILTER_NEAREST :
					 CAIRO_FILTER_GOOD);
	cairo_paint(c->cairo);
	cairo_restore(c->cairo);
	cairo_surface_destroy(s);
}

struct png {
	uint8_t *bytes;
	size_t len_bytes, cap_bytes;
};

static cairo_status_t png_take(void *closure, const unsigned char *data,
			       unsigned len_bytes)
{
	struct png *p = closure;

	if (p->len_bytes + len_bytes > p->cap_bytes) {
		size_t cap_bytes = 2 * (p->len_bytes + len_bytes);
		uint8_t *bytes = realloc(p->bytes, cap_bytes);

		if (bytes == NULL)
			return CAIRO_STATUS_NO_MEMORY;
		p->bytes = bytes;
		p->cap_bytes = cap_bytes;
	}
	memcpy(p->bytes + p->len_bytes, data, len_bytes);
	p->len_bytes += len_bytes;
	return CAIRO_STATUS_SUCCESS;
}

int mask_png(const struct mask *m, uint8_t **ret_png, size_t *ret_len_bytes)
{
	cairo_surface_t *s = mask_surface(m);
	struct png p = { .bytes = NULL };
	cairo_status_t status = cairo_surface_write_to_png_stream(s, png_take,
								  &p);

	cairo_surface_destroy(s);
	if (status != CAIRO_STATUS_SUCCESS) {
		free(p.bytes);
		return -ENOMEM;
	}
	*ret_png = p.bytes;
	*ret_len_bytes = p.len_bytes;
	return 0;
}

const struct canvas_class canvas_cairo = {
	.begin = draw_begin,
	.rect = draw_rect,
	.end = draw_end,
	.line = draw_line,
	.text = draw_text,
	.mask = draw_mask,
};
