/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --report and --plot: what was found, handed to src/assess/report. */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "cmd/assess.h"
#include "version.h"

#define INPUT_FACTS 16

struct page {
	struct report_data data;
	struct report_fact facts[INPUT_FACTS];
	struct report_suite suites[ASSESS_SUITES];
	struct pictures pictures;
	bool has_pictures;
};

/* KIND=FILE, or FILE alone for the first kind. */
static const char *split_plot(const char *text, char *ret_kind, size_t cap_bytes)
{
	const char *equals = strchr(text, '=');
	size_t len = equals ? (size_t)(equals - text) : 0;

	(void)snprintf(ret_kind, cap_bytes, "%s", plot_kind_at(0));
	if (len == 0 || len >= cap_bytes || memchr(text, '/', len))
		return text;
	(void)snprintf(ret_kind, cap_bytes, "%.*s", (int)len, text);
	return equals + 1;
}

int assess_check_pages(const struct assess_options *o)
{
	char kind[32];

	if (o->n_plots == 1 && strcmp(o->plots[0], "list") == 0)
		return 0;
	for (size_t i = 0; i < o->n_plots; i++) {
		const char *path = split_plot(o->plots[i], kind, sizeof kind);

		if (!plot_kind_says(kind))
			return cmd_usage(&command_assess,
					 "no picture '%s'; --plot list names "
					 "them",
					 kind);
		if (!plot_path_ok(path))
			return cmd_usage(&command_assess,
					 "--plot writes .png or .svg, not '%s'",
					 path);
	}
	if (!o->file && !o->specimen)
		return cmd_usage(&command_assess, "name a file");
	return 0;
}

int assess_plot_list(void)
{
	const char *kind;

	for (size_t i = 0; (kind = plot_kind_at(i)); i++)
		(void)printf("%-16s %s\n", kind, plot_kind_says(kind));
	return EXIT_YES;
}

static enum report_tone tone_of(const struct assess_outcome *a)
{
	if (a->verdict == VERDICT_NONE || a->verdict == VERDICT_ESTIMATED)
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
		.says_not = verdict_says_not(a->verdict),
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
	d->suites = p->suites;
	if (first >= 0) {
		const struct assess_outcome *a = run->outcomes[first];

		d->verdict = word_of(a);
		d->tone = tone_of(a);
		d->says = a->says;
		d->says_not = verdict_says_not(a->verdict);
	}
	if (p->has_pictures)
		d->pictures = &p->pictures;
}

/* Whole or not at all. */
static int write_report(const struct page *p, const char *path)
{
	char part[PATH_MAX];
	FILE *f;
	int r;

	if ((size_t)snprintf(part, sizeof part, "%s.part", path) >= sizeof part)
		return -ENAMETOOLONG;
	f = fopen(part, "we");
	if (!f)
		return -errno;
	r = report_html(f, &p->data);
	if (r == 0 && (fflush(f) != 0 || fsync(fileno(f)) < 0))
		r = -errno;
	if (fclose(f) != 0 && r == 0)
		r = -errno;
	if (r == 0 && cmd_interrupted())
		r = -EINTR;
	if (r == 0 && rename(part, path) < 0)
		r = -errno;
	if (r < 0)
		(void)unlink(part);
	return r;
}

static int failed(const char *path, int error)
{
	if (error == -EINTR)
		return EXIT_INTERRUPTED;
	if (error == -ENODATA)
		return cmd_fail(&command_assess, EXIT_USAGE,
				"%s: the suites that ran have no data for this "
				"picture",
				path);
	return cmd_fail(&command_assess, EXIT_MACHINE, "%s: %s", path,
			strerror(-error));
}

static int write_pages(const struct page *p, const struct assess_options *o)
{
	char kind[32];
	int r = 0;

	if (o->report)
		r = write_report(p, o->report);
	if (r < 0)
		return failed(o->report, r);
	for (size_t i = 0; i < o->n_plots && !cmd_interrupted(); i++) {
		const char *path = split_plot(o->plots[i], kind, sizeof kind);

		r = plot_write(path, kind, &p->data);
		if (r < 0)
			return failed(path, r);
	}
	return cmd_interrupted() ? EXIT_INTERRUPTED : 0;
}

int assess_show_pages(struct assess_run *run)
{
	struct page *p;
	int r, code;

	if (!run->o->report && run->o->n_plots == 0)
		return 0;
	p = calloc(1, sizeof *p);
	r = p ? pictures_make(&run->in->samples, &p->pictures) : -ENOMEM;
	if (r == 0) {
		p->has_pictures = true;
		fill(p, run);
		code = write_pages(p, run->o);
		pictures_free(&p->pictures);
	} else {
		code = failed(run->in->name, r);
	}
	free(p);
	return code;
}
