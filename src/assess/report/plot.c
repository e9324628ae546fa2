/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <cairo.h>
#include <errno.h>
#include <fontconfig/fontconfig.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "assess/report/chart.h"
#include "assess/report/report.h"
#include "assess/report/style.h"
#include "assess/report/text.h"

#define MARGIN 14
/* The title and whose samples these are. */
#define HEAD 44
/* Dots of a PNG to a unit: sharp on paper of A4. */
#define PNG_SCALE 3

const char *plot_kind_at(size_t index)
{
	const struct chart *chart = chart_at(index);

	return chart != NULL ? chart->kind : NULL;
}

static const struct chart *find(const char *kind)
{
	const struct chart *chart;
	size_t i = 0;

	while ((chart = chart_at(i)) != NULL && strcmp(chart->kind, kind) != 0)
		i++;
	return chart;
}

const char *plot_kind_says(const char *kind)
{
	const struct chart *chart = find(kind);

	return chart != NULL ? chart->title : NULL;
}

static bool ends_with(const char *path, const char *suffix)
{
	size_t len = strlen(path), suffix_len = strlen(suffix);

	return len > suffix_len &&
	       strcasecmp(path + len - suffix_len, suffix) == 0;
}

bool plot_path_ok(const char *path)
{
	return ends_with(path, ".png") || ends_with(path, ".svg");
}

static int draw(struct canvas *c, const struct chart *chart,
		const struct report_data *d)
{
	char n[TEXT_COUNT], whose[192], name[128];
	int r;

	/* Cut at the end, where it would run out of the picture. */
	report_text_clean(d->file_name != NULL ? d->file_name : "samples", name,
			  sizeof name);
	(void)snprintf(whose, sizeof whose, "%s samples of %u bits: %s",
		       report_text_count(d->n_samples, n), d->bits, name);
	c->down = 0;
	c->class->text(c, 0, 10, ANCHOR_START, PAINT_TEXT, chart->title);
	c->class->text(c, 0, 25, ANCHOR_START, PAINT_MUTED, whose);
	c->down = HEAD;
	r = chart->draw(c, d);
	return r < 0 ? r : c->error;
}

static double whole_width(void)
{
	return CANVAS_WIDTH + 2 * MARGIN;
}

static double whole_height(const struct chart *chart,
			   const struct report_data *d)
{
	return chart->height(d) + HEAD + 2 * MARGIN;
}

static int make_svg(FILE *f, const struct chart *chart,
		    const struct report_data *d)
{
	struct canvas c = { .class = &canvas_svg, .f = f };
	double width = whole_width(), height = whole_height(chart, d);
	int r;

	(void)fprintf(f,
		      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		      "<svg xmlns=\"http://www.w3.org/2000/svg\""
		      " width=\"%g\" height=\"%g\" viewBox=\"%d %d %g %g\""
		      " role=\"img\" aria-labelledby=\"t d\">\n"
		      "<title id=\"t\">%s</title>\n<desc id=\"d\">",
		      2 * width, 2 * height, -MARGIN, -MARGIN, width, height,
		      chart->title);
	chart->says(f, d);
	(void)fprintf(f, "</desc>\n<style>\n%s%s</style>\n", style_colours,
		      style_picture);
	(void)fprintf(f,
		      "<rect x=\"%d\" y=\"%d\" width=\"%g\" height=\"%g\""
		      " style=\"fill:var(--ground)\"/>\n",
		      -MARGIN, -MARGIN, width, height);
	r = draw(&c, chart, d);
	(void)fputs("</svg>\n", f);
	return r;
}

static cairo_status_t put_png(void *closure, const unsigned char *data,
			      unsigned len_bytes)
{
	return fwrite(data, 1, len_bytes, closure) == len_bytes ?
		       CAIRO_STATUS_SUCCESS :
		       CAIRO_STATUS_WRITE_ERROR;
}

static int make_png(FILE *f, const struct chart *chart,
		    const struct report_data *d)
{
	cairo_surface_t *s = cairo_image_surface_create(
		CAIRO_FORMAT_RGB24, (int)(whole_width() * PNG_SCALE),
		(int)(whole_height(chart, d) * PNG_SCALE));
	cairo_t *cairo = cairo_create(s);
	struct canvas c = { .class = &canvas_cairo, .cairo = cairo };
	int r;

	cairo_set_source_rgb(cairo, 1, 1, 1);
	cairo_paint(cairo);
	cairo_scale(cairo, PNG_SCALE, PNG_SCALE);
	cairo_translate(cairo, MARGIN, MARGIN);
	r = draw(&c, chart, d);
	if (r == 0 && cairo_status(cairo) != CAIRO_STATUS_SUCCESS)
		r = -ENOMEM;
	if (r == 0 && cairo_surface_write_to_png_stream(s, put_png, f) !=
			      CAIRO_STATUS_SUCCESS)
		r = -ENOMEM;
	cairo_destroy(cairo);
	cairo_surface_destroy(s);
	return r;
}

bool plot_has(const char *kind, const struct report_data *d)
{
	const struct chart *chart = find(kind);

	return chart != NULL && chart->has(d);
}

int plot_write(const char *path, const char *kind, const struct report_data *d)
{
	const struct chart *chart = find(kind);
	char *bytes = NULL;
	size_t len_bytes = 0;
	FILE *f;
	int r;

	if (chart == NULL || !plot_path_ok(path))
		return -EINVAL;
	if (!chart->has(d))
		return -ENODATA;
	f = open_memstream(&bytes, &len_bytes);
	if (f == NULL)
		return -ENOMEM;
	r = ends_with(path, ".svg") ? make_svg(f, chart, d) :
				      make_png(f, chart, d);
	if (fclose(f) != 0 && r == 0)
		r = -ENOMEM;
	if (r == 0)
		r = report_write_file(path, bytes, len_bytes);
	free(bytes);
	return r;
}

void plot_end(void)
{
	cairo_debug_reset_static_data();
	FcFini();
}
