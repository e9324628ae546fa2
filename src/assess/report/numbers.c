/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/report/chart.h"
#include "assess/report/text.h"

/* The first column is the row's name, the others are numbers. */
void numbers_begin(FILE *f, const char *const *heads)
{
	(void)fputs("<div class=\"scroll\"><table>\n<thead><tr>", f);
	for (; *heads != NULL; heads++) {
		(void)fputs("<th scope=\"col\">", f);
		report_text_put(f, *heads);
		(void)fputs("</th>", f);
	}
	(void)fputs("</tr></thead>\n<tbody>\n", f);
}

void numbers_row(FILE *f)
{
	(void)fputs("<tr>", f);
}

void numbers_text(FILE *f, const char *text)
{
	(void)fputs("<td>", f);
	report_text_put(f, text);
	(void)fputs("</td>", f);
}

void numbers_count(FILE *f, uint64_t n)
{
	char text[TEXT_COUNT];

	numbers_text(f, report_text_count(n, text));
}

void numbers_value(FILE *f, double v)
{
	char text[TEXT_NUMBER];

	numbers_text(f, report_text_number(v, text));
}

void numbers_row_end(FILE *f)
{
	(void)fputs("</tr>\n", f);
}

void numbers_end(FILE *f)
{
	(void)fputs("</tbody></table></div>\n", f);
}
