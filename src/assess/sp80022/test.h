/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80022_TEST_H
#define AQUIFER_ASSESS_SP80022_TEST_H

/*
 * What the fifteen tests of NIST SP 800-22 rev 1a have in common. A test is a
 * pure function of a bit stream: it allocates nothing but what FFTW needs for
 * its plan, prints nothing, and gives the same numbers bit for bit each time.
 * docs/assess-sp80022.md says where and why the numbers differ from others'.
 */
#include <stdbool.h>
#include <stddef.h>

#include "assess/bits.h"

/* Template lengths: 2 to 10 bits, which makes at most 284 templates. */
#define SP80022_TEMPLATE_BITS_MAX 10
#define SP80022_P_MAX 284
#define SP80022_STATS_MAX 24
#define SP80022_WORK_ALIGN 64

/*
 * Whose constants. Longest run, overlapping templates, universal and linear
 * complexity have several in circulation; docs/assess-sp80022.md has them all.
 */
enum sp80022_tables {
	/* As arcetri/sts 6c05f64: 2.4 and 2.8 corrected, 2.9 and 2.10 not. */
	SP80022_STS,
	/* As rev 1a prints them: reproduces its appendix B and its examples. */
	SP80022_AS_PRINTED,
	/* As the mathematics has them. */
	SP80022_EXACT,
};

/* 0 in a field below the line: what the section says for the length. */
struct sp80022_params {
	unsigned block_frequency_bits;     /* 2.2, M */
	unsigned non_overlapping_bits;     /* 2.7, m */
	unsigned overlapping_bits;         /* 2.8, m */
	unsigned approximate_entropy_bits; /* 2.12, m */
	unsigned serial_bits;              /* 2.11, m */
	unsigned linear_complexity_bits;   /* 2.10, M */
	enum sp80022_tables tables;
	/* For the worked examples and for comparing with other programs. */
	unsigned rank_order;              /* 2.5, M = Q; 32 */
	unsigned non_overlapping_blocks;  /* 2.7, N; 8 */
	unsigned overlapping_block_bits;  /* 2.8, M; 1032 */
	unsigned universal_bits;          /* 2.9, L; by the length */
	unsigned universal_first_blocks;  /* 2.9, Q; 10 * 2^L */
	unsigned excursions_least_cycles; /* 2.14, J; max(500, 0.005 sqrt n) */
};

/* The parameters of this program, those of arcetri/sts: M = 16384 in 2.2. */
extern const struct sp80022_params sp80022_defaults;
/* Those of appendix B: M = 128, and all constants as printed. */
extern const struct sp80022_params sp80022_nist;

/* An intermediate value under the section's own name. */
struct sp80022_stat {
	const char *name; /* static lifetime */
	double value;
};

struct sp80022_result {
	unsigned p_count; /* 0: does not apply to this stream, see why */
	unsigned stats_count;
	const char *why; /* static lifetime; NULL where p_count > 0 */
	struct sp80022_stat stats[SP80022_STATS_MAX];
	double p_values[SP80022_P_MAX];
};

struct sp80022_test {
	const char *name;
	const char *section;
	/* The p-values a stream that the test applies to gives. */
	unsigned (*p_count)(const struct sp80022_params *p);
	/* The stream length below which the section does not stand for it. */
	size_t (*least_bits)(const struct sp80022_params *p);
	/* Working memory for a stream of n_bits; may be 0. */
	size_t (*need_bytes)(size_t n_bits, const struct sp80022_params *p);
	/*
	 * work: need_bytes, aligned to SP80022_WORK_ALIGN, of any contents.
	 * Does not look at least_bits: the worked examples are shorter.
	 * Returns 0, -EINVAL where the parameters make no sense for the
	 * length (not one block, say), or -ENOMEM. ret: filled on 0 only.
	 */
	int (*run)(const struct bits *b, const struct sp80022_params *p,
		   void *work, struct sp80022_result *ret);
	/*
	 * What p-value i is of: a state, a template, a direction. NULL: the
	 * test has one p-value. Writes at most cap_bytes with the NUL.
	 */
	void (*label)(const struct sp80022_params *p, unsigned i, char *ret,
		      size_t cap_bytes);
};

extern const struct sp80022_test sp80022_frequency, sp80022_block_frequency,
	sp80022_cumulative_sums, sp80022_runs, sp80022_longest_run,
	sp80022_rank, sp80022_dft, sp80022_non_overlapping, sp80022_overlapping,
	sp80022_universal, sp80022_approximate_entropy,
	sp80022_random_excursions, sp80022_random_excursions_variant,
	sp80022_serial, sp80022_linear_complexity;

/* For the tests' own use. */
static inline void sp80022_begin(struct sp80022_result *r)
{
	r->p_count = 0;
	r->stats_count = 0;
	r->why = NULL;
}

static inline void sp80022_p(struct sp80022_result *r, double p)
{
	r->p_values[r->p_count++] = p;
}

static inline void sp80022_note(struct sp80022_result *r, const char *name,
				double value)
{
	r->stats[r->stats_count++] = (struct sp80022_stat){ name, value };
}

/* The blocks of a test, sorted into classes. */
struct sp80022_blocks {
	double block_bits;
	size_t blocks;
	const uint64_t *v;     /* blocks of each class */
	const double *chances; /* of each class */
	unsigned classes;      /* at most SP80022_CLASSES_MAX */
};

#define SP80022_CLASSES_MAX 7

/*
 * sp80022_classes - the end of the tests that sort blocks: M, N, the counts, the
 * chi-square sum over the classes, and its p-value.
 */
void sp80022_classes(struct sp80022_result *ret, const struct sp80022_blocks *b);

unsigned sp80022_one_p(const struct sp80022_params *p);
size_t sp80022_no_work(size_t n_bits, const struct sp80022_params *p);

#endif
