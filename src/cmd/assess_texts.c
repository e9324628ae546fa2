/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strings of a run, numbers for people, and the parts of an outcome. */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "cmd/assess.h"

struct assess_text {
	struct assess_text *before;
	char text[];
};

const char *assess_say(struct assess_texts *t, const char *format, ...)
{
	struct assess_text *one = NULL;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len >= 0)
		one = malloc(sizeof *one + (size_t)len + 1);
	if (!one) {
		t->failed = true;
		return "";
	}
	va_start(args, format);
	(void)vsnprintf(one->text, (size_t)len + 1, format, args);
	va_end(args);
	one->before = t->last;
	t->last = one;
	return one->text;
}

void assess_texts_free(struct assess_texts *t)
{
	while (t->last) {
		struct assess_text *one = t->last;

		t->last = one->before;
		free(one);
	}
}

const char *assess_size(struct assess_texts *t, uint64_t n_bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	double n = (double)n_bytes / 1024;
	size_t unit = 0;

	while (n >= 1024 && unit + 1 < ARRAY_LEN(units)) {
		n /= 1024;
		unit++;
	}
	return assess_say(t, n < 10 ? "%.1f %s" : "%.0f %s", n, units[unit]);
}

const char *assess_count(struct assess_texts *t, uint64_t n)
{
	char digits[24], text[32];
	int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
	size_t at = 0;

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			text[at++] = ',';
		text[at++] = digits[i];
	}
	text[at] = '\0';
	return assess_say(t, "%s", text);
}

void assess_fact(struct assess_outcome *a, const char *name, const char *value)
{
	if (a->n_facts < ASSESS_FACTS)
		a->facts[a->n_facts++] = (struct report_fact){ name, value };
}

struct report_table *assess_table(struct assess_outcome *a, const char *caption,
				  const char *const *heads, size_t n_columns,
				  unsigned text_columns)
{
	struct report_table *t = &a->tables[a->n_tables++];

	t->caption = caption;
	t->heads = heads;
	t->cells = a->cells + a->n_cells;
	t->n_columns = n_columns;
	t->text_columns = text_columns;
	return t;
}

void assess_row(struct assess_outcome *a, const char *const *cells)
{
	struct report_table *t = &a->tables[a->n_tables - 1];

	if (a->n_cells + t->n_columns > ASSESS_CELLS)
		return;
	for (size_t i = 0; i < t->n_columns; i++)
		a->cells[a->n_cells++] = cells[i];
	t->n_rows++;
}

json_t *assess_real(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}
