/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>

#include "assess/report/chart.h"
#include "assess/report/report.h"
#include "assess/report/style.h"
#include "assess/report/text.h"

static const char *const tone_names[] = {
	[REPORT_NEUTRAL] = "neutral",
	[REPORT_YES] = "yes",
	[REPORT_NO] = "no",
	[REPORT_REFUSED] = "refused",
};

/* What no test of samples can say, on each page. */
static const char limits[] =
	"Tests of samples can prove that a source is bad. They cannot prove that"
	" it is good: what an enemy knows how to make, as an encrypted counter,"
	" passes all of them and holds no entropy at all. Trust in a source"
	" rests on knowing where its noise comes from; these figures can only"
	" take trust away.";

/* open and close: markup of ours; nothing at all where there is no text. */
static void put_between(FILE *f, const char *open, const char *text,
			const char *close)
{
	if (text == NULL)
		return;
	(void)fputs(open, f);
	report_text_put(f, text);
	(void)fputs(close, f);
}

static const char *title_of(const struct report_data *d)
{
	if (d->title != NULL)
		return d->title;
	return d->file_name != NULL ? d->file_name : "samples";
}

static void put_head(FILE *f, const struct report_data *d)
{
	(void)fputs("<!DOCTYPE html>\n"
		    "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">"
		    "\n<head>\n<meta charset=\"utf-8\"/>\n"
		    "<meta name=\"viewport\" content=\"width=device-width,"
		    " initial-scale=1\"/>\n"
		    "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
		    "<meta name=\"referrer\" content=\"no-referrer\"/>\n"
		    /* Even if an escape were missing, nothing would run. */
		    "<meta http-equiv=\"Content-Security-Policy\" content=\""
		    "default-src 'none'; img-src data:;"
		    " style-src 'unsafe-inline'\"/>\n<title>",
		    f);
	report_text_put(f, title_of(d));
	(void)fputs(" - aquifer assess</title>\n<style>\n", f);
	(void)fputs(style_colours, f);
	(void)fputs(style_picture, f);
	(void)fputs(style_page, f);
	(void)fputs("</style>\n</head>\n<body>\n<main>\n", f);
}

static void put_verdict(FILE *f, const struct report_data *d)
{
	char n[TEXT_COUNT];

	(void)fputs("<header>\n", f);
	put_between(f, "<h1>", title_of(d), "</h1>\n");
	(void)fprintf(f, "<p class=\"muted\">%s %s of %u %s</p>\n",
		      report_text_count(d->n_samples, n),
		      d->n_samples == 1 ? "sample" : "samples", d->bits,
		      d->bits == 1 ? "bit" : "bits");
	(void)fprintf(f,
		      "<section class=\"verdict %s\" id=\"verdict\""
		      " aria-label=\"Verdict\">\n<strong>",
		      tone_names[d->tone]);
	report_text_put(f, d->verdict != NULL ? d->verdict : "no verdict");
	(void)fputs("</strong>\n", f);
	put_between(f, "<p>", d->says, "</p>\n");
	put_between(f, "<p><b>What it does not mean.</b> ",
		    d->says_not != NULL ? d->says_not : limits, "</p>\n");
	(void)fputs("</section>\n</header>\n", f);
}

static void put_facts(FILE *f, const struct report_fact *facts, size_t n)
{
	if (n == 0)
		return;
	(void)fputs("<dl>\n", f);
	for (size_t i = 0; i < n; i++) {
		put_between(f, "<dt>", facts[i].name, "</dt>");
		put_between(f, "<dd>",
			    facts[i].value != NULL ? facts[i].value : "-",
			    "</dd>\n");
	}
	(void)fputs("</dl>\n", f);
}

static int put_chart(FILE *f, const struct chart *chart,
		     const struct report_data *d)
{
	struct canvas c = { .class = &canvas_svg, .f = f };
	const char *id = chart->kind;
	int r;

	(void)fprintf(f,
		      "<figure id=\"%s\">\n<figcaption><h3>%s</h3>\n"
		      "<p class=\"read\">%s</p></figcaption>\n",
		      id, chart->title, chart->read);
	(void)fprintf(f,
		      "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\""
		      " aria-labelledby=\"%s-title %s-desc\""
		      " viewBox=\"0 0 %g %g\">\n<title id=\"%s-title\">%s"
		      "</title>\n<desc id=\"%s-desc\">",
		      id, id, CANVAS_WIDTH, chart->height(d), id, chart->title,
		      id);
	chart->says(f, d);
	(void)fputs("</desc>\n", f);
	r = chart->draw(&c, d);
	if (r == 0)
		r = c.error;
	(void)fputs("</svg>\n<p class=\"says\">", f);
	chart->says(f, d);
	(void)fputs("</p>\n<details><summary>The numbers</summary>\n", f);
	chart->numbers(f, d);
	(void)fputs("</details>\n</figure>\n", f);
	return r;
}

static int put_charts(FILE *f, const struct report_data *d)
{
	const struct chart *chart;
	bool any = false;
	int r = 0;

	for (size_t i = 0; r == 0 && (chart = chart_at(i)) != NULL; i++) {
		if (!chart->has(d))
			continue;
		if (!any)
			(void)fputs("<section>\n<h2>Pictures</h2>\n"
				    "<div class=\"pictures\">\n",
				    f);
		any = true;
		r = put_chart(f, chart, d);
	}
	if (any)
		(void)fputs("</div>\n</section>\n", f);
	return r;
}

static void put_cells(FILE *f, const struct report_table *t, const char *tag,
		      const char *const *cells)
{
	(void)fputs("<tr>", f);
	for (size_t k = 0; k < t->n_columns; k++) {
		(void)fprintf(f, "<%s%s>", tag,
			      k < t->text_columns ? " class=\"t\"" : "");
		report_text_put(f, cells[k] != NULL ? cells[k] : "-");
		/* The tag's name alone: th or td. */
		(void)fprintf(f, "</%.2s>", tag);
	}
	(void)fputs("</tr>\n", f);
}

static void put_table(FILE *f, const struct report_table *t)
{
	if (t->n_columns == 0)
		return;
	(void)fputs("<div class=\"scroll\"><table>\n", f);
	put_between(f, "<caption>", t->caption, "</caption>\n");
	(void)fputs("<thead>", f);
	put_cells(f, t, "th scope=\"col\"", t->heads);
	(void)fputs("</thead>\n<tbody>\n", f);
	for (size_t i = 0; i < t->n_rows; i++)
		put_cells(f, t, "td", t->cells + i * t->n_columns);
	(void)fputs("</tbody></table></div>\n", f);
}

static void put_suite(FILE *f, const struct report_suite *s)
{
	(void)fprintf(f, "<section class=\"suite %s\">\n", tone_names[s->tone]);
	put_between(f, "<h2>", s->name, "");
	put_between(f, ": <span class=\"chip\">", s->verdict, "</span>");
	if (!s->decides)
		(void)fputs(" <span class=\"note\">for information</span>", f);
	(void)fputs("</h2>\n", f);
	put_between(f, "<p>", s->says, "</p>\n");
	put_between(f, "<p class=\"muted\">", s->says_not, "</p>\n");
	put_facts(f, s->facts, s->n_facts);
	for (size_t i = 0; i < s->n_tables; i++)
		put_table(f, &s->tables[i]);
	(void)fputs("</section>\n", f);
}

static void put_foot(FILE *f, const struct report_data *d)
{
	(void)fputs("</main>\n<footer>\n", f);
	if (d->says_not != NULL)
		put_between(f, "<p>", limits, "</p>\n");
	(void)fputs("<p>", f);
	put_between(f, "Made by ", d->program, d->date != NULL ? ", " : ".");
	put_between(f, "", d->date, ".");
	(void)fputs(" This page is complete in itself: it loads nothing and runs"
		    " nothing.</p>\n</footer>\n</body>\n</html>\n",
		    f);
}

int report_html(FILE *f, const struct report_data *d)
{
	int r;

	put_head(f, d);
	put_verdict(f, d);
	put_facts(f, d->facts, d->n_facts);
	r = put_charts(f, d);
	for (size_t i = 0; i < d->n_suites; i++)
		put_suite(f, &d->suites[i]);
	put_foot(f, d);
	if (r < 0)
		return r;
	return ferror(f) ? -EIO : 0;
}
