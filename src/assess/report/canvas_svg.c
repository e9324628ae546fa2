/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>

#include "assess/report/canvas.h"
#include "assess/report/text.h"

/* Hundredths of a unit are finer than any screen; no trailing zeros. */
static void put(FILE *f, double v)
{
	long hundredths = (long)(v * 100 + (v < 0 ? -0.5 : 0.5));
	long part = labs(hundredths % 100);

	(void)fprintf(f, "%s%ld", hundredths < 0 && hundredths > -100 ? "-" : "",
		      hundredths / 100);
	if (part % 10 != 0)
		(void)fprintf(f, ".%02ld", part);
	else if (part != 0)
		(void)fprintf(f, ".%ld", part / 10);
}

static void attribute(FILE *f, const char *name, double v)
{
	(void)fprintf(f, " %s=\"", name);
	put(f, v);
	(void)fputc('"', f);
}

static void svg_begin(struct canvas *c, enum paint paint)
{
	(void)fprintf(c->f, "<path class=\"f-%s\" d=\"", paint_names[paint]);
}

static void svg_rect(struct canvas *c, double x, double y, double w, double h)
{
	(void)fputc('M', c->f);
	put(c->f, x);
	(void)fputc(' ', c->f);
	put(c->f, y + c->down);
	(void)fputc('h', c->f);
	put(c->f, w);
	(void)fputc('v', c->f);
	put(c->f, h);
	(void)fputc('h', c->f);
	put(c->f, -w);
	(void)fputc('z', c->f);
}

static void svg_end(struct canvas *c)
{
	(void)fputs("\"/>\n", c->f);
}

static void svg_line(struct canvas *c, double x1, double y1, double x2,
		     double y2, enum paint paint, bool dashed)
{
	(void)fprintf(c->f, "<line class=\"s-%s%s\"", paint_names[paint],
		      dashed ? " dashed" : "");
	attribute(c->f, "x1", x1);
	attribute(c->f, "y1", y1 + c->down);
	attribute(c->f, "x2", x2);
	attribute(c->f, "y2", y2 + c->down);
	(void)fputs("/>\n", c->f);
}

static void svg_text(struct canvas *c, double x, double y, enum anchor anchor,
		     enum paint paint, const char *text)
{
	static const char *const anchors[] = { "", " middle", " end" };

	(void)fprintf(c->f, "<text class=\"f-%s%s\"", paint_names[paint],
		      anchors[anchor]);
	attribute(c->f, "x", x);
	attribute(c->f, "y", y + c->down);
	(void)fputc('>', c->f);
	report_text_put(c->f, text);
	(void)fputs("</text>\n", c->f);
}

static void put_base64(FILE *f, const uint8_t *raw, size_t len_bytes)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len_bytes; i += 3) {
		size_t have = len_bytes - i;
		unsigned v = (unsigned)raw[i] << 16;

		if (have > 1)
			v |= (unsigned)raw[i + 1] << 8;
		if (have > 2)
			v |= raw[i + 2];
		(void)fputc(digits[v >> 18], f);
		(void)fputc(digits[v >> 12 & 63], f);
		(void)fputc(have > 1 ? digits[v >> 6 & 63] : '=', f);
		(void)fputc(have > 2 ? digits[v & 63] : '=', f);
	}
}

static void svg_mask(struct canvas *c, double x, double y, double w, double h,
		     const struct mask *mask)
{
	uint8_t *png;
	size_t len_bytes;
	int r = mask_png(mask, &png, &len_bytes);

	if (r < 0) {
		c->error = c->error < 0 ? c->error : r;
		return;
	}
	(void)fputs("<image", c->f);
	attribute(c->f, "x", x);
	attribute(c->f, "y", y + c->down);
	attribute(c->f, "width", w);
	attribute(c->f, "height", h);
	(void)fprintf(c->f,
		      " preserveAspectRatio=\"none\"%s"
		      " href=\"data:image/png;base64,",
		      mask->crisp ? " class=\"crisp\"" : "");
	put_base64(c->f, png, len_bytes);
	(void)fputs("\"/>\n", c->f);
	free(png);
}

const struct canvas_class canvas_svg = {
	.begin = svg_begin,
	.rect = svg_rect,
	.end = svg_end,
	.line = svg_line,
	.text = svg_text,
	.mask = svg_mask,
};
