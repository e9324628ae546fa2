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
#include <sys/types.h>

#include "assess/bits.h"
#include "assess/report/report.h"
#include "assess/sample.h"
#include "assess/verdict/verdict.h"
#include "cmd/cmd.h"

enum assess_format {
	ASSESS_AUTO,
	ASSESS_BYTES, /* one symbol a byte */
	ASSESS_BITS_MSB,
	ASSESS_BITS_LSB,
	ASSESS_TEXT,
	ASSESS_LE16, /* records of an integer, little endian */
	ASSESS_LE32,
	ASSESS_LE64,
};

extern const char *const assess_format_names[];

enum assess_suite_id {
	ASSESS_SP80090B,
	ASSESS_IID,
	ASSESS_RESTART,
	ASSESS_SP80022,
	ASSESS_FIPS140,
	ASSESS_AIS31,
	ASSESS_QUICK,
	ASSESS_SUITES
};

struct assess_options {
	const char *file;     /* "-": standard input; NULL with specimen */
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
	const char *report;     /* --report FILE.html */
	const char *plots[8];   /* --plot FILE or KIND=FILE */
	size_t n_plots;
};

/* Strings that live as long as the run. */
struct assess_texts {
	struct assess_text *last;
	bool failed; /* memory ran out: some text is "" */
};
const char *assess_say(struct assess_texts *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void assess_texts_free(struct assess_texts *t);

/* FILE.json, where it is there. */
struct assess_sidecar {
	bool present;
	char source[64];
	uint64_t symbols;
	unsigned symbol_bits, bytes_per_symbol;
	bool raw, restarts;
	uint64_t rows, columns;
	double claim; /* bits a symbol; NAN: none */
};

/*
 * assess_sidecar_read - the description beside a recording. Returns 0, with
 * present false where there is none, or an exit code (message printed).
 */
int assess_sidecar_read(const char *file, struct assess_sidecar *ret);

/* What is assessed, in the forms that the suites take. */
struct assess_input {
	const char *name; /* for people */
	struct assess_sidecar sidecar;
	enum assess_format format; /* never ASSESS_AUTO */
	bool raw;
	double claim;  /* in force; NAN: none */
	bool streamed; /* neither of the two below: only assess_pump() */
	struct samples samples;
	/* The bits of the samples in order, packed; for suites of bits. */
	const uint8_t *packed;
	uint64_t n_bits;
	enum bit_order order;
	unsigned packed_width; /* bits of a symbol that are in it */
	uint64_t n_symbols;    /* of packed_width or samples.bits */
	/* Notes for people, in order. */
	const char *notes[8];
	size_t n_notes;
	struct assess_texts *texts;
	/* The file. */
	int fd;
	bool own_fd;
	uint64_t size_at_open; /* of a regular file */
	bool regular, grew;
	uint8_t *map; /* mapped, or read into memory */
	size_t map_bytes, n_bytes;
	bool mapped;
	uint8_t head[65536]; /* read ahead of a stream */
	size_t head_bytes;
	uint64_t *records; /* with --rank-bits, instead of symbols; owned */
	size_t n_records;
	uint8_t *decoded;    /* symbols; owned */
	uint8_t *packed_own; /* owned */
};

/*
 * assess_input_open - open, look at the description, find the form, and read
 * what is not a stream. needs_symbols, needs_bits: what the suites will take;
 * needs_memory: some of them cannot take a stream.
 * Returns 0 or an exit code (message printed); closed in either case by
 * assess_input_close().
 */
struct assess_needs {
	bool symbols, bits, memory;
};
int assess_input_open(struct assess_input *in, const struct assess_options *o,
		      const struct assess_needs *needs);
void assess_input_close(struct assess_input *in);
/* assess_input_check - has the file changed meanwhile? 0 or an exit code. */
int assess_input_check(struct assess_input *in);
void assess_note(struct assess_input *in, const char *text);
/* assess_open_exit - which exit an error of a file is. */
int assess_open_exit(int error);

/* What --rank-bits looks at: the first million. */
#define ASSESS_RANK_RECORDS 1000000

/* Parts of assess_input_open(). 0 or an exit code, message printed. */
int assess_read_all(struct assess_input *in);
int assess_read_failed(const struct assess_input *in);
/* Up to cap_bytes, fewer only at the end. -1: errno, or interrupted. */
ssize_t assess_read_full(int fd, uint8_t *ret, size_t cap_bytes);
int assess_decode(struct assess_input *in, const struct assess_options *o,
		  const struct assess_needs *needs);
enum assess_format assess_guess_format(const uint8_t *head, size_t n);
int assess_parse_text(struct assess_input *in, const struct assess_options *o,
		      unsigned *width);
/*
 * assess_pick - the bits of a record that the options choose; without a mask
 * the lowest width (0: 8) after the shift.
 */
uint64_t assess_pick(uint64_t record, const struct assess_options *o,
		     unsigned width);

/* Symbols of few bits, packed one after the other, first bit at the top. */
struct assess_packer {
	unsigned width;
	uint32_t bits;
	unsigned n_bits;  /* not given out yet */
	uint64_t n_taken; /* symbols */
};
/*
 * assess_pack - ret: n bytes are enough. ret_bytes: how many were filled.
 * Returns false where a symbol does not fit: the symbol is number n_taken.
 */
bool assess_pack(struct assess_packer *p, const uint8_t *symbols, size_t n,
		 uint8_t *ret, size_t *ret_bytes);

/*
 * assess_pump - all bits, packed most significant first, in pieces; a last
 * piece of less than a byte is left out. Returns 0 or an exit code.
 */
typedef void assess_feed_fn(void *context, const uint8_t *data, size_t n_bytes);
int assess_pump(struct assess_input *in, assess_feed_fn *feed, void *context);

/* Memory that can be had without harm: limits and what is free. */
uint64_t assess_memory_free_bytes(void);
/* assess_memory_limit - from here on, ask for more and be told no. */
void assess_memory_limit(uint64_t more_bytes);
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
	json_t *json; /* its own keys, after "suite" and "verdict" */
	struct report_fact facts[ASSESS_FACTS];
	size_t n_facts;
	struct report_table tables[ASSESS_TABLES];
	size_t n_tables;
	const char *cells[ASSESS_CELLS];
	size_t n_cells;
	/* For the charts. */
	struct report_estimate estimates[ASSESS_ESTIMATES];
	size_t n_estimates;
	double h_assessed;
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
	/* Does it apply to this input, if not asked for by name? NULL: yes. */
	bool (*applies)(const struct assess_run *run);
	/* Memory for it, beside the input; may lower run->threads. */
	uint64_t (*need_bytes)(const struct assess_run *run, unsigned threads);
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
enum verdict_answer assess_answer(const struct assess_run *run);
/* assess_deciding - the suite that is shown first; -1: none decides. */
int assess_deciding(const struct assess_run *run);
/* assess_refuse - an outcome: too little data. */
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
json_t *assess_real(double value); /* null for NAN */

int assess_rank_bits(const struct assess_options *o);
int assess_parse(int argc, char **argv, struct assess_options *o);
int assess_parse_suites(struct assess_options *o, const char *list);
int assess_specimen_list(void);
int assess_specimen(struct assess_input *in, const struct assess_options *o);

#endif
