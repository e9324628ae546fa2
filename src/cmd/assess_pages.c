/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --report and --plot: what was found, handed to src/assess/report. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "cmd/assess_outputs.h"
#include "version.h"

#define INPUT_FACTS 16

struct page {
	struct report_data data;
	struct report_fact facts[INPUT_FACTS];
	struct report_suite suites[ASSESS_SUITES];
	struct pictures pictures;
	bool has_pictures;
};

int assess_plot_list(void)
{
	const char *kind;

	for (size_t i = 0; (kind = plot_kind_at(i)); i++)
		(void)printf("%-16s %s\n", kind, plot_kind_says(kind));
	return EXIT_YES;
}

static enum report_tone tone_of(const struct assess_outcome *a)
{
	if (!a->decides || a->verdict == VERDICT_NONE ||
	    a->verdict == VERDICT_ESTIMATED)
		return REPORT_NEUTRAL;
	switch (verdict_answer(a->verdict)) {
	case VERDICT_YES:
		return REPORT_YES;
	case VERDICT_NO:
		return REPORT_NO;
	default:
		return REPORT_REFUSED;
	}
}

static const char *word_of(const struct assess_outcome *a)
{
	const char *word = verdict_word(a->verdict);

	return word ? word : "no verdict";
}

static void fill_suite(struct report_suite *s, unsigned i,
		       const struct assess_outcome *a)
{
	*s = (struct report_suite){
		.name = assess_suites[i]->name,
		.verdict = word_of(a),
		.tone = tone_of(a),
		.decides = a->decides,
		.says = a->says,
		.says_not = assess_says_not(a),
		.facts = a->facts,
		.n_facts = a->n_facts,
		.tables = a->tables,
		.n_tables = a->n_tables,
	};
}

static void add_fact(struct page *p, const char *name, const char *value)
{
	if (p->data.n_facts < INPUT_FACTS)
		p->facts[p->data.n_facts++] = (struct report_fact){ name,
								    value };
}

static void fill_input(struct page *p, struct assess_run *run)
{
	const struct assess_input *in = run->in;

	p->data.facts = p->facts;
	if (in->sidecar.present)
		add_fact(p, "source", in->sidecar.source);
	add_fact(p, "raw noise", in->raw ? "yes" : "not said");
	add_fact(p, "claim",
		 isnan(in->claim) ? "none" :
				    assess_say(&run->texts,
					       "%.6g bits a symbol", in->claim));
	for (size_t i = 0; i < in->n_notes; i++)
		add_fact(p, "note", in->notes[i]);
}

/* "sp800-90b estimated, iid rejected (for information)". */
static const char *all_words(struct assess_run *run)
{
	const char *text = "";

	for (unsigned i = 0; i < ASSESS_SUITES; i++) {
		const struct assess_outcome *a = run->outcomes[i];

		if (a)
			text = assess_say(&run->texts, "%s%s%s %s%s", text,
					  *text ? ", " : "",
					  assess_suites[i]->name, word_of(a),
					  a->decides ? "" :
						       " (for information)");
	}
	return text;
}

static void fill_charts(struct report_data *d, const struct assess_outcome *a)
{
	if (a->n_estimates > 0 && d->n_estimates == 0) {
		d->estimates = a->estimates;
		d->n_estimates = a->n_estimates;
		d->h_assessed = a->h_assessed;
	}
	if (a->n_p_lists > 0) {
		d->p_values = a->p_lists;
		d->n_p_values = a->n_p_lists;
		d->p_threshold = a->p_threshold;
	}
}

static void fill(struct page *p, struct assess_run *run)
{
	const struct assess_input *in = run->in;
	struct report_data *d = &p->data;
	int first = assess_deciding(run);

	d->file_name = run->o->file ? run->o->file : in->name;
	d->program = "aquifer " AQUIFER_VERSION;
	d->n_samples = in->samples.n;
	d->bits = in->samples.bits;
	d->h_assessed = d->p_threshold = NAN;
	d->claim = in->claim;
	fill_input(p, run);
	for (unsigned i = 0; i < ASSESS_SUITES; i++) {
		const struct assess_outcome *a = run->outcomes[i];

		if (!a)
			continue;
		fill_suite(&p->suites[d->n_suites++], i, a);
		fill_charts(d, a);
	}
	add_fact(p, "suites", all_words(run));
	d->suites = p->suites;
	if (first >= 0) {
		const struct assess_outcome *a = run->outcomes[first];

		/* As in text: the word, and which suite says it. */
		d->verdict = assess_say(&run->texts, "%s (%s)", word_of(a),
					assess_suites[first]->name);
		d->tone = tone_of(a);
		d->says = a->says;
		d->says_not = assess_says_not(a);
	}
	if (p->has_pictures)
		d->pictures = &p->pictures;
}

static int write_report(const struct page *p, const char *path)
{
	char *bytes = NULL;
	size_t len_bytes = 0;
	FILE *f = open_memstream(&bytes, &len_bytes);
	int r;

	if (!f)
		return -ENOMEM;
	r = report_html(f, &p->data);
	if (fclose(f) != 0 && r == 0)
		r = -ENOMEM;
	if (r == 0)
		r = report_write_file(path, bytes, len_bytes);
	free(bytes);
	return r;
}

static int failed(const char *path, int error)
{
	if (error == -ENODATA)
		return cmd_fail(&command_assess, EXIT_USAGE,
				"%s: what was found has no data for this "
				"picture; --plot list names others",
				path);
	return cmd_fail(&command_assess, EXIT_MACHINE,
			"%s cannot be written: %s", path, strerror(-error));
}

static int write_plot(const struct page *p, const char *text)
{
	char named[32];
	const char *path = assess_plot_split(text, named, sizeof named);
	const char *kind = named;
	int r;

	for (size_t i = 0; !*named && (kind = plot_kind_at(i)) != NULL; i++) {
		if (plot_has(kind, &p->data))
			break;
	}
	r = kind ? plot_write(path, kind, &p->data) : -ENODATA;
	return r < 0 ? failed(path, r) : 0;
}

static int write_pages(const struct page *p, const struct assess_options *o)
{
	int r = o->report ? write_report(p, o->report) : 0;
	int code = r < 0 ? failed(o->report, r) : 0;

	for (size_t i = 0; code == 0 && i < o->n_plots; i++)
		code = cmd_interrupted() ? EXIT_INTERRUPTED :
					   write_plot(p, o->plots[i]);
	return code;
}

/* What is drawn takes as long as a suite; from then on, files are written. */
int assess_show_pages(struct assess_run *run)
{
	struct page *p;
	int r = 0, code;

	if (!run->o->report && run->o->n_plots == 0)
		return 0;
	p = calloc(1, sizeof *p);
	if (!p)
		return cmd_fail(&command_assess, EXIT_MACHINE, "%s",
				strerror(ENOMEM));
	if (run->in->samples.n > 0) {
		r = pictures_make(&run->in->samples, &p->pictures);
		p->has_pictures = r == 0;
	}
	cmd_catch_interrupt();
	if (r == 0) {
		fill(p, run);
		code = write_pages(p, run->o);
	} else {
		code = cmd_fail(&command_assess, EXIT_MACHINE,
				"%s: the pictures: %s", run->in->name,
				strerror(-r));
	}
	if (code == 0 && cmd_interrupted())
		code = EXIT_INTERRUPTED;
	assess_leave_at_once();
	pictures_free(&p->pictures);
	plot_end();
	free(p);
	return code;
}
