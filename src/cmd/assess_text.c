/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For people: the verdict first, in a sentence, and what it does not mean; then
 * what it stands on. The same facts and tables make the page.
 */
#include <math.h>
#include <string.h>

#include "base/bytes.h"
#include "cmd/assess.h"
#include "cmd/doctor.h"

#define COLUMNS_MAX 8
#define GAP 2

/* Words from column at on; later lines begin at indent. */
static void wrap(FILE *f, unsigned at, unsigned indent, enum tone tone,
		 const char *text)
{
	const struct wrap w = { f, doctor_width(f), indent, at, tone };

	doctor_wrap(&w, text);
}

static const enum tone answers[] = {
	[VERDICT_YES] = TONE_GOOD,
	[VERDICT_NO] = TONE_BAD,
	[VERDICT_NOT_JUDGED] = TONE_WARN,
};

/* "supports-claim (sp800-90b): sentence". */
static void show_verdict(FILE *f, unsigned suite, const struct assess_outcome *a)
{
	const char *word = verdict_word(a->verdict);
	const char *name = assess_suites[suite]->name;
	bool judged = a->decides && a->verdict != VERDICT_NONE &&
		      a->verdict != VERDICT_ESTIMATED;
	unsigned at;

	word = word ? word : "no verdict";
	text_put(f, judged ? answers[verdict_answer(a->verdict)] : TONE_STRONG,
		 0, "%s", word);
	(void)fprintf(f, " (%s): ", name);
	at = (unsigned)(strlen(word) + strlen(name)) + 5;
	wrap(f, at, 2, TONE_PLAIN, a->says);
	(void)fprintf(f, "  ");
	wrap(f, 2, 2, TONE_WEAK, assess_says_not(a));
}

static void show_facts(FILE *f, const struct assess_outcome *a)
{
	size_t width = 0;

	for (size_t i = 0; i < a->n_facts; i++) {
		size_t n = strlen(a->facts[i].name);

		width = n > width ? n : width;
	}
	for (size_t i = 0; i < a->n_facts; i++) {
		(void)fprintf(f, "  %-*s  ", (int)width, a->facts[i].name);
		wrap(f, (unsigned)width + 4, (unsigned)width + 4, TONE_PLAIN,
		     a->facts[i].value);
	}
}

static const char *cell_of(const struct report_table *t, size_t row, size_t col)
{
	const char *cell = t->cells[row * t->n_columns + col];

	return cell ? cell : "-";
}

/* A gap before each column, the first too. An empty end is no blanks. */
static void show_row(FILE *f, const struct report_table *t, const size_t *widths,
		     const char *const *cells, enum tone tone)
{
	size_t n = t->n_columns;

	while (n > 0 && !*cells[n - 1])
		n--;
	for (size_t c = 0; c < n; c++) {
		int width = (int)widths[c];

		(void)fprintf(f, "%*s", GAP, "");
		if (c < t->text_columns)
			text_put(f, tone, c + 1 < n ? (unsigned)width : 0, "%s",
				 cells[c]);
		else
			text_put(f, tone, 0, "%*s", width, cells[c]);
	}
	(void)fputc('\n', f);
}

static void show_table(FILE *f, const struct report_table *t)
{
	const char *cells[COLUMNS_MAX];
	size_t widths[COLUMNS_MAX] = { 0 };

	if (t->n_columns > COLUMNS_MAX || t->n_rows == 0)
		return;
	for (size_t c = 0; c < t->n_columns; c++) {
		widths[c] = strlen(t->heads[c]);
		for (size_t r = 0; r < t->n_rows; r++) {
			size_t n = strlen(cell_of(t, r, c));

			widths[c] = n > widths[c] ? n : widths[c];
		}
	}
	if (t->caption) {
		(void)fprintf(f, "\n  ");
		wrap(f, 2, 2, TONE_PLAIN, t->caption);
	}
	show_row(f, t, widths, t->heads, TONE_STRONG);
	for (size_t r = 0; r < t->n_rows; r++) {
		for (size_t c = 0; c < t->n_columns; c++)
			cells[c] = cell_of(t, r, c);
		show_row(f, t, widths, cells, TONE_PLAIN);
	}
}

static void show_suite(FILE *f, const struct assess_run *run, unsigned i)
{
	const struct assess_outcome *a = run->outcomes[i];

	show_verdict(f, i, a);
	if (!a->decides) {
		(void)fprintf(f, "  ");
		wrap(f, 2, 2, TONE_NOTE, assess_why_informs(i));
	}
	if (a->n_facts)
		(void)fputc('\n', f);
	show_facts(f, a);
	for (size_t k = 0; k < a->n_tables; k++)
		show_table(f, &a->tables[k]);
}

static void show_input(FILE *f, const struct assess_run *run)
{
	const struct assess_input *in = run->in;
	struct assess_texts *t = in->texts;
	unsigned bits = in->samples.bits ? in->samples.bits : in->packed_width;
	uint64_t n = in->samples.bits ? in->samples.n : in->n_symbols;

	if (!assess_has_samples(run->o))
		return;
	wrap(f, 0, 0, TONE_WEAK,
	     assess_say(t, "%s: %s samples of %u bit%s%s%s%s", in->name,
			assess_count(t, n), bits, bits == 1 ? "" : "s",
			in->sidecar.present ? ", " : "",
			in->sidecar.present ? in->sidecar.source : "",
			in->raw ? ", raw noise" : ""));
	for (size_t i = 0; i < in->n_notes; i++) {
		(void)fprintf(f, "note: ");
		wrap(f, 6, 6, TONE_PLAIN, in->notes[i]);
	}
}

/* The suite that decides comes first, then the others in their order. */
void assess_show_text(FILE *f, const struct assess_run *run)
{
	int first = assess_deciding(run);

	if (first >= 0) {
		show_suite(f, run, (unsigned)first);
		(void)fputc('\n', f);
	}
	for (int i = 0; i < ASSESS_SUITES; i++) {
		if (i == first || !run->outcomes[i])
			continue;
		show_suite(f, run, (unsigned)i);
		(void)fputc('\n', f);
	}
	show_input(f, run);
}
