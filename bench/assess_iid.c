/* SPDX-License-Identifier: ISC */
/*
 * bench-assess-iid [-s SEEDS] [-n SAMPLES] [KIND...]: the IID track on data sets
 * of independent samples, one thread: CPU time, how many permutations it took,
 * and the time of one, sum and mean over the seeds from 1 on. How long a data
 * set takes is luck: a statistic is settled once six permutations are not above
 * and six not below it. One that is rejected is told and left out of the sums.
 *
 * -w KIND SEED FILE [SAMPLES] writes a data set and prints its width; -j FILE
 * BITS TIMES judges one, with that many seeds of its permutations, for the luck
 * is in these too, and prints the mean of what they took (bench/assess-iid-nist).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../tests/unit/assess/specimen_data.h"
#include "assess/sp80090b/iid.h"
#include "base/bytes.h"
#include "write_samples.h"

#define SAMPLES 1000000
#define SEEDS 5

/* The bits set in 64 even ones: a normal distribution, rounded. */
#define BINOMIAL (SPECIMEN_REPEAT8 + 1)

static const struct kind {
	const char *name;
	unsigned specimen, bits;
} kinds[] = {
	{ "uniform8", SPECIMEN_UNIFORM8, 8 },
	{ "uniform4", SPECIMEN_UNIFORM4, 4 },
	{ "uniform2", SPECIMEN_UNIFORM4, 2 },
	{ "uniform1", SPECIMEN_UNIFORM1, 1 },
	{ "normal8", SPECIMEN_NORMAL8, 8 },
	{ "binomial6", BINOMIAL, 6 },
	{ "geometric8", SPECIMEN_GEOMETRIC8, 8 },
	{ "biased1", SPECIMEN_BIASED1, 1 },
};

static int usage(void)
{
	(void)fputs("usage: bench-assess-iid [-s SEEDS] [-n SAMPLES] [KIND...]\n"
		    "       bench-assess-iid -w KIND SEED FILE [SAMPLES]\n"
		    "       bench-assess-iid -j FILE BITS TIMES\n",
		    stderr);
	return 2;
}

static const struct kind *find(const char *name)
{
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		if (strcmp(kinds[k].name, name) == 0)
			return &kinds[k];
	}
	return NULL;
}

static uint8_t *make(const struct kind *k, uint64_t seed, size_t n)
{
	uint8_t *s = malloc(n);

	if (s == NULL) {
		perror("samples");
		return NULL;
	}
	if (k->specimen != BINOMIAL) {
		specimen_fill((enum specimen_kind)k->specimen, seed, s, n);
		for (size_t i = 0; i < n; i++)
			s[i] &= (uint8_t)((1u << k->bits) - 1);
		return s;
	}
	for (size_t i = 0; i < n; i++)
		s[i] = (uint8_t)__builtin_popcountll(specimen_next(&seed));
	return s;
}

static int write_out(const struct kind *k, uint64_t seed, const char *path,
		     size_t n)
{
	uint8_t *s = make(k, seed, n);
	int r = write_samples(s, n, k->bits, path);

	free(s);
	return r;
}

static double cpu_seconds(void)
{
	struct rusage u;

	(void)getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

struct taken {
	double seconds;
	uint32_t permutations; /* of the statistic that took most */
	enum iid_verdict verdict;
};

static int judge(const uint8_t *s, size_t n, unsigned bits, uint64_t seed,
		 struct taken *ret)
{
	struct iid_options o = { .seed = seed, .threads = 1 };
	struct samples v = { s, n, bits };
	struct iid_result r;
	double before = cpu_seconds();
	int error = iid_run(&v, &o, &r);

	if (error < 0) {
		(void)fprintf(stderr, "bench-assess-iid: %s\n",
			      strerror(-error));
		return 3;
	}
	ret->seconds = cpu_seconds() - before;
	ret->permutations = 0;
	ret->verdict = r.verdict;
	for (unsigned k = 0; k < IID_STATISTICS; k++) {
		if (r.permutation[k].counted > ret->permutations)
			ret->permutations = r.permutation[k].counted;
	}
	return 0;
}

static int judge_times(const uint8_t *s, size_t n, unsigned bits, unsigned times)
{
	struct taken sum = { 0 };
	unsigned rejected = 0;

	for (unsigned seed = 1; seed <= times; seed++) {
		struct taken t;
		int r = judge(s, n, bits, seed, &t);

		if (r != 0)
			return r;
		sum.seconds += t.seconds;
		sum.permutations += t.permutations;
		rejected += t.verdict != IID_NOT_REJECTED;
	}
	(void)printf("%u %.6f %.1f\n", rejected, sum.seconds / times,
		     (double)sum.permutations / times);
	return 0;
}

static int judge_file(const char *path, unsigned bits, unsigned times)
{
	FILE *f = fopen(path, "rb");
	uint8_t *s = NULL;
	long n = -1;
	int r = 3;

	if (f != NULL && fseek(f, 0, SEEK_END) == 0)
		n = ftell(f);
	if (n > 0)
		s = malloc((size_t)n);
	if (s != NULL && fseek(f, 0, SEEK_SET) == 0 &&
	    fread(s, 1, (size_t)n, f) == (size_t)n)
		r = judge_times(s, (size_t)n, bits, times);
	else
		perror(path);
	if (f != NULL)
		(void)fclose(f);
	free(s);
	return r;
}

static int measure(const struct kind *k, unsigned seeds, size_t n)
{
	struct taken sum = { 0 };
	unsigned rejected = 0;

	for (unsigned seed = 1; seed <= seeds; seed++) {
		uint8_t *s = make(k, seed, n);
		struct taken t;
		int r = s == NULL ? 3 : judge(s, n, k->bits, 1, &t);

		free(s);
		if (r != 0)
			return r;
		if (t.verdict != IID_NOT_REJECTED) {
			rejected++;
			continue;
		}
		sum.seconds += t.seconds;
		sum.permutations += t.permutations;
	}
	(void)printf("%-10s  %9.3f  %12u  %10.3f  %8u\n", k->name, sum.seconds,
		     sum.permutations,
		     sum.permutations == 0 ?
			     0 :
			     1e3 * sum.seconds / sum.permutations,
		     rejected);
	return fflush(stdout) == 0 ? 0 : 3;
}

static int measure_all(char **names, unsigned seeds, size_t n)
{
	int r = 0;

	for (char **name = names; *name != NULL; name++) {
		if (find(*name) == NULL)
			return usage();
	}
	(void)printf("%-10s  %9s  %12s  %10s  %8s\n", "data", "CPU s",
		     "permutations", "ms for one", "rejected");
	for (char **name = names; r == 0 && *name != NULL; name++)
		r = measure(find(*name), seeds, n);
	for (size_t k = 0; r == 0 && *names == NULL && k < ARRAY_LEN(kinds); k++)
		r = measure(&kinds[k], seeds, n);
	return r;
}

int main(int argc, char **argv)
{
	size_t n = SAMPLES;
	unsigned seeds = SEEDS;
	int c;

	if (argc == 5 && strcmp(argv[1], "-j") == 0 && atoi(argv[4]) > 0)
		return judge_file(argv[2], (unsigned)atoi(argv[3]),
				  (unsigned)atoi(argv[4]));
	if ((argc == 5 || argc == 6) && strcmp(argv[1], "-w") == 0) {
		const struct kind *k = find(argv[2]);

		n = argc == 6 ? strtoul(argv[5], NULL, 10) : n;
		if (k == NULL || n == 0)
			return usage();
		return write_out(k, strtoull(argv[3], NULL, 10), argv[4], n);
	}
	while ((c = getopt(argc, argv, "s:n:")) != -1) {
		if (c == 's')
			seeds = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 'n')
			n = strtoul(optarg, NULL, 10);
		else
			return usage();
	}
	if (n == 0 || seeds == 0)
		return usage();
	return measure_all(argv + optind, seeds, n);
}
