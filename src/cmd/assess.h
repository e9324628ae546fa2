/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_CMD_ASSESS_H
#define AQUIFER_CMD_ASSESS_H

/*
 * Inside the subcommand assess: options, what is read, suites as rows of a
 * table, and the ways to show what they found. Nothing here estimates or tests;
 * src/assess does.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "assess/report/report.h"
#include "assess/verdict/verdict.h"
#include "cmd/assess_input.h"
#include "cmd/cmd.h"

enum assess_suite_id {
	ASSESS_SP80090B,
	ASSESS_IID,
	ASSESS_RESTART,
	ASSESS_CONDITIONING,
	ASSESS_HEALTH,
	ASSESS_SP80022,
	ASSESS_FIPS140,
	ASSESS_AIS31,
	ASSESS_QUICK,
	ASSESS_SUITES
};

enum assess_component {
	ASSESS_NO_COMPONENT,
	ASSESS_VETTED,
	ASSESS_NON_VETTED,
};

/* Of --suite conditioning, named as in SP 800-90B 3.1.5. 0, NAN: not given. */
struct assess_conditioning {
	enum assess_component component;
	uint64_t n_in, n_out, nw; /* bits */
	double h_in;              /* bits, of the whole input */
	double h_prime;           /* bits a bit of the output */
};

struct assess_options {
	/* "-": standard input; NULL with specimen, or where none is read. */
	const char *file;
	const char *specimen; /* --specimen NAME */
	uint32_t suites;      /* asked for by name, 1 << enum assess_suite_id */
	bool all;             /* --suite all, which is the default */
	enum assess_format format;
	unsigned bits;  /* 0: not given */
	uint64_t mask;  /* 0: not given */
	unsigned shift; /* of a record, before the mask */
	bool shift_given;
	double claim; /* bits a symbol; NAN: not given */
	bool raw, allow_short, full, json, rank_bits, standard_fips;
	double alpha;
	uint64_t streams; /* 0: as many as there are */
	uint64_t stream_bits;
	unsigned threads;
	uint64_t seed;
	uint64_t rows, columns; /* 0: not given */
	struct assess_conditioning conditioning;
	const char *report;   /* --report FILE.html */
	const char *plots[8]; /* --plot FILE or KIND=FILE */
	size_t n_plots;
};

/* Are there any to be read? */
static inline bool assess_has_samples(const struct assess_options *o)
{
	return o->file || o->specimen;
}

/* assess_lists_plots, assess_lists_specimens - only their names are asked. */
bool assess_lists_plots(const struct assess_options *o);
bool assess_lists_specimens(const struct assess_options *o);

/* Strings that live as long as the run. */
struct assess_texts {
	struct assess_text *last;
	bool failed; /* memory ran out: some text is "" */
};
const char *assess_say(struct assess_texts *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void assess_texts_free(struct assess_texts *t);

/*
 * assess_ask - n_bytes for the samples of in, or NULL with the message of
 * assess_no_memory() printed and its exit code in ret_code.
 */
uint8_t *assess_ask(struct assess_input *in, uint64_t n_bytes, int *ret_code);
int assess_no_memory(const struct assess_input *in, uint64_t need_bytes);
/* assess_size - "1.5 GiB". */
const char *assess_size(struct assess_texts *t, uint64_t n_bytes);
/* assess_count - "1,000,000". */
const char *assess_count(struct assess_texts *t, uint64_t n);

#define ASSESS_FACTS 24
#define ASSESS_TABLES 2
#define ASSESS_CELLS 1024
#define ASSESS_ESTIMATES 10
#define ASSESS_P_LISTS 16

/* What a suite found. */
struct assess_outcome {
	enum verdict verdict;
	bool decides;
	const char *says;
	const char *says_not; /* NULL: the verdict's own words */
	json_t *json;         /* its own keys, after "suite" and "verdict" */
	struct report_fact facts[ASSESS_FACTS];
	size_t n_facts;
	struct report_table tables[ASSESS_TABLES];
	size_t n_tables;
	const char *cells[ASSESS_CELLS];
	size_t n_cells;
	/* For the charts. */
	struct report_estimate estimates[ASSESS_ESTIMATES];
	size_t n_estimates;
	double h_assessed; /* NAN where sp800-90b has not run */
	double h_initial;
	struct report_p_values p_lists[ASSESS_P_LISTS];
	size_t n_p_lists;
	struct assess_battery *battery; /* of sp800-22; owned */
	double p_threshold;
};

struct assess_run {
	const struct assess_options *o;
	struct assess_input *in;
	struct assess_texts texts;
	struct assess_outcome *outcomes[ASSESS_SUITES]; /* NULL: not run */
	unsigned threads;
	const char *memory_says; /* what there was before the suites */
	/* Of the suite that runs. */
	const char *progress_name;
	uint64_t start_ns;
};

struct assess_suite {
	const char *name;
	bool takes_bits;  /* the packed bits; else symbols */
	bool streams;     /* in constant memory */
	bool in_all;      /* part of --suite all */
	bool of_raw;      /* decides for raw noise */
	bool asked_alone; /* decides only where asked for by name */
	/* Does it take samples, with these options? NULL: yes. */
	bool (*reads)(const struct assess_options *o);
	/* Does it apply to this input, if not asked for by name? NULL: yes. */
	bool (*applies)(const struct assess_run *run);
	/* Memory for it, beside the input; 0: it will be refused anyway. */
	uint64_t (*need_bytes)(const struct assess_run *run, unsigned threads);
	/* The same for data with long repeats, where that is more. */
	uint64_t (*deep_bytes)(const struct assess_run *run, unsigned threads);
	/* For streams: begin, each piece; then run() concludes. */
	void *(*begin)(const struct assess_run *run);
	assess_feed_fn *feed;
	/* Returns 0 or an exit code (message printed). */
	int (*run)(struct assess_run *run, struct assess_outcome *ret,
		   void *stream);
};

extern const struct assess_suite *const assess_suites[ASSESS_SUITES];

/* assess_suites_run - all that are chosen. 0 or an exit code. */
int assess_suites_run(struct assess_run *run);
bool assess_chosen(const struct assess_options *o, unsigned suite);
/* assess_says_not - what the outcome does not mean. */
const char *assess_says_not(const struct assess_outcome *a);
/* assess_why_informs - why the suite's word does not decide. */
const char *assess_why_informs(unsigned suite);
enum verdict_answer assess_answer(const struct assess_run *run);
/* assess_deciding - the suite that is shown first; -1: none decides. */
int assess_deciding(const struct assess_run *run);
/*
 * assess_short - an outcome: too little data for any figure. With
 * --allow-short it is no verdict, else a refusal.
 * assess_refuse - an outcome: it cannot be done with these samples and options.
 */
int assess_short(struct assess_run *run, struct assess_outcome *ret,
		 const char *says);
int assess_refuse(struct assess_run *run, struct assess_outcome *ret,
		  const char *says);
/* The progress callback of the engines; context is the run. */
bool assess_progress(void *context, double fraction);

/* Building an outcome. */
void assess_outcome_free(struct assess_outcome *a);
void assess_fact(struct assess_outcome *a, const char *name, const char *value);
struct report_table *assess_table(struct assess_outcome *a, const char *caption,
				  const char *const *heads, size_t n_columns,
				  unsigned text_columns);
/* assess_row - n_columns texts of the table made last. */
void assess_row(struct assess_outcome *a, const char *const *cells);

/* Showing. 0 or an exit code. */
void assess_show_text(FILE *f, const struct assess_run *run);
int assess_show_json(FILE *f, const struct assess_run *run);
int assess_show_pages(struct assess_run *run);
int assess_check_pages(const struct assess_options *o);
int assess_plot_list(void);
/*
 * assess_check_outputs - can they be written, and would not overwrite what is
 * read? Before any work. 0 or an exit code.
 */
int assess_check_outputs(const struct assess_options *o,
			 const struct assess_input *in);
/* assess_leave_at_once - from here on, Ctrl-C ends the process. */
void assess_leave_at_once(void);
json_t *assess_real(double value); /* null for NAN */

int assess_rank_bits(const struct assess_options *o);
bool assess_conditioning_reads(const struct assess_options *o);
/* assess_check_together - do the options fit each other? 0 or an exit code. */
int assess_check_together(const struct assess_options *o);
int assess_parse(int argc, char **argv, struct assess_options *o);
int assess_parse_suites(struct assess_options *o, const char *list);
int assess_specimen_list(void);
int assess_specimen(struct assess_input *in, const struct assess_options *o);

#endif
