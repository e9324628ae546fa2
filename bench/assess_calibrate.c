/* SPDX-License-Identifier: ISC */
/*
 * How often good data is called bad: each suite's verdict over many streams of
 * SplitMix64, how small its p-values get, and what says no. The figures of
 * docs/assess.md and docs/assess-sp80022.md are from here.
 *
 *     assess-calibrate [-s SEED] [-n SAMPLES] [-b BITS] [-c CLAIM] [-t SECONDS]
 *                      SUITE STREAMS
 *
 * -n: of a stream, or its bytes (default: what the suite asks for); -b: bits of
 * a sample; -c: the claim, bits a sample (default: 0.8 of the width for
 * sp800-90b, what was assessed of the stream before for restart); -t: no stream
 * is begun after that. Verdicts are at 1e-4.
 */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "assess/splitmix64.h"
#include "assess_calibrate.h"
#include "base/bytes.h"

static const double levels[LEVELS] = { 1e-2, 1e-3, 1e-4, 1e-5, 1e-6 };

void fill(struct run *r)
{
	unsigned each = 64 / r->bits;
	uint64_t z = 0;

	for (size_t i = 0; i < r->n; i++) {
		z = i % each == 0 ? splitmix64(&r->seed) : z >> r->bits;
		r->data[i] = (uint8_t)(z & ((1u << r->bits) - 1));
	}
}

/* The row of a name, which is static; made where it is new. */
static struct row *row_of(struct run *r, const char *name)
{
	for (unsigned i = 0; i < r->n_rows; i++)
		if (strcmp(r->rows[i].name, name) == 0)
			return &r->rows[i];
	if (r->n_rows == ROWS_MAX)
		abort();
	r->rows[r->n_rows] = (struct row){ .name = name, .least = 1 };
	return &r->rows[r->n_rows++];
}

void note_p(struct run *r, const char *name, double p)
{
	struct row *row = row_of(r, name);

	row->seen++;
	for (unsigned k = 0; k < LEVELS; k++)
		row->below[k] += p < levels[k];
	row->least = fmin(row->least, p);
}

void note_hits(struct run *r, const char *name, uint64_t hits, uint64_t of)
{
	struct row *row = row_of(r, name);

	row->counted = true;
	row->hits += hits;
	row->seen += of;
}

static void print_row(const struct row *row)
{
	printf("%-26s %10llu", row->name, (unsigned long long)row->seen);
	if (row->counted) {
		printf(" %9llu\n", (unsigned long long)row->hits);
		return;
	}
	for (unsigned k = 0; k < LEVELS; k++)
		printf(" %7llu", (unsigned long long)row->below[k]);
	printf("  %.2e\n", row->least);
}

static void print_rows(const struct run *r, bool counted)
{
	const char *heads = counted ? "     fails" :
				      "  < 1e-2  < 1e-3  < 1e-4  < 1e-5"
				      "  < 1e-6  least";
	bool any = false;

	for (unsigned i = 0; i < r->n_rows; i++) {
		if (r->rows[i].counted != counted)
			continue;
		if (!any)
			printf("%-26s %10s%s\n", "", "of", heads);
		any = true;
		print_row(&r->rows[i]);
	}
}

/* The largest rate that gives so few with a chance of 5 % (Clopper, Pearson). */
static double at_most(unsigned long no, unsigned long of)
{
	double low = 0, high = 1;

	for (unsigned i = 0; i < 60 && no < of; i++) {
		double rate = (low + high) / 2;

		if (gsl_cdf_binomial_P((unsigned)no, rate, (unsigned)of) > 0.05)
			low = rate;
		else
			high = rate;
	}
	return high;
}

static void calibrate(const struct suite *s, struct run *r,
		      unsigned long streams, double seconds)
{
	time_t start = time(NULL);
	unsigned long done = 0, no = 0;

	for (; done < streams; done++) {
		if (difftime(time(NULL), start) >= seconds)
			break;
		fill(r);
		no += s->one(r);
	}
	print_rows(r, false);
	print_rows(r, true);
	printf("%s: %lu of %lu verdicts say no; with 95 %% confidence the rate "
	       "is below %.3g\n",
	       s->name, no, done, at_most(no, done));
}

static int usage(void)
{
	(void)fputs("usage: assess-calibrate [-s SEED] [-n SAMPLES] [-b BITS] "
		    "[-c CLAIM] [-t SECONDS]\n"
		    "                        SUITE STREAMS\n",
		    stderr);
	return 2;
}

int main(int argc, char **argv)
{
	static struct run r = { .seed = 1, .bits = 8 };
	double seconds = INFINITY;
	int c;

	r.claim = NAN;
	while ((c = getopt(argc, argv, "s:n:b:c:t:")) != -1) {
		if (c == 's')
			r.seed = strtoull(optarg, NULL, 0);
		else if (c == 'n')
			r.n = strtoull(optarg, NULL, 0);
		else if (c == 'b')
			r.bits = (unsigned)strtoul(optarg, NULL, 0);
		else if (c == 'c')
			r.claim = strtod(optarg, NULL);
		else if (c == 't')
			seconds = strtod(optarg, NULL);
		else
			return usage();
	}
	if (argc - optind != 2 || r.bits < 1 || r.bits > 8)
		return usage();
	for (size_t i = 0; i < n_suites; i++) {
		if (strcmp(suites[i].name, argv[optind]) != 0)
			continue;
		r.n = r.n ? r.n : suites[i].n;
		r.data = malloc(r.n);
		if (!r.data)
			abort();
		printf("%s, seed %llu, %zu samples of %u bits a stream\n",
		       suites[i].name, (unsigned long long)r.seed, r.n, r.bits);
		calibrate(&suites[i], &r, strtoul(argv[optind + 1], NULL, 0),
			  seconds);
		free(r.data);
		return 0;
	}
	return usage();
}
