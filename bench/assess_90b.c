/* SPDX-License-Identifier: ISC */
/*
 * bench-assess-90b [-t THREADS] [SAMPLES]: the ten non-IID estimators on each
 * specimen of tests/unit/assess, with seed 1, each in a process of its own:
 * user time, peak memory with the samples in it, and the assessment. SAMPLES is
 * 1000000 where it is not given. -w KIND FILE writes a specimen out instead, and
 * prints its width, for another program to judge (bench/assess-nist).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../tests/unit/assess/specimen_data.h"
#include "assess/sp80090b/sp80090b.h"
#include "base/bytes.h"
#include "write_samples.h"

static const struct {
	const char *name;
	unsigned bits;
} specimens[] = {
	[SPECIMEN_UNIFORM8] = { "uniform8", 8 },
	[SPECIMEN_UNIFORM4] = { "uniform4", 4 },
	[SPECIMEN_UNIFORM1] = { "uniform1", 1 },
	[SPECIMEN_BIASED1] = { "biased1", 1 },
	[SPECIMEN_NORMAL8] = { "normal8", 8 },
	[SPECIMEN_MARKOV1] = { "markov1", 1 },
	[SPECIMEN_COUNTER8] = { "counter8", 8 },
	[SPECIMEN_STICKY8] = { "sticky8", 8 },
	[SPECIMEN_GEOMETRIC8] = { "geometric8", 8 },
	[SPECIMEN_REPEAT8] = { "repeat8", 8 },
};

static int usage(void)
{
	(void)fputs("usage: bench-assess-90b [-t THREADS] [SAMPLES]\n"
		    "       bench-assess-90b -w KIND FILE [SAMPLES]\n",
		    stderr);
	return 2;
}

static uint8_t *make(unsigned kind, size_t n)
{
	uint8_t *symbols = malloc(n > 0 ? n : 1);

	if (symbols == NULL)
		perror("samples");
	else
		specimen_fill((enum specimen_kind)kind, 1, symbols, n);
	return symbols;
}

static int write_out(unsigned kind, const char *path, size_t n)
{
	uint8_t *symbols = make(kind, n);
	int r = write_samples(symbols, n, specimens[kind].bits, path);

	free(symbols);
	return r;
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
}

static int measure(unsigned kind, size_t n, unsigned threads)
{
	struct sp80090b_options o = { .threads = threads };
	struct samples s = { make(kind, n), n, specimens[kind].bits };
	struct sp80090b_result r;
	struct rusage before, after;
	int error;

	if (s.symbols == NULL)
		return 3;
	(void)getrusage(RUSAGE_SELF, &before);
	error = sp80090b_run(&s, &o, &r);
	(void)getrusage(RUSAGE_SELF, &after);
	if (error < 0) {
		(void)fprintf(stderr, "%s: %s\n", specimens[kind].name,
			      strerror(-error));
		return 3;
	}
	(void)printf("%-10s  %10.3f  %9.1f  %14.1f  %.12f\n",
		     specimens[kind].name,
		     seconds(after.ru_utime) - seconds(before.ru_utime),
		     (double)after.ru_maxrss / 1024,
		     (double)after.ru_maxrss * 1024 / (double)n, r.h_assessed);
	return 0;
}

/* Peak memory is a process's, so each specimen has one. */
static int in_a_child(unsigned kind, size_t n, unsigned threads)
{
	int status;
	pid_t child;

	(void)fflush(stdout);
	child = fork();
	if (child == 0) {
		int r = measure(kind, n, threads);

		(void)fflush(stdout);
		_exit(r);
	}
	if (child < 0 || waitpid(child, &status, 0) != child) {
		perror("fork");
		return 3;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}

static int all(size_t n, unsigned threads)
{
	int r = 0;

	(void)printf("%-10s  %10s  %9s  %14s  %s\n", "specimen", "user s",
		     "peak MiB", "bytes a sample", "h_assessed");
	for (unsigned k = 0; k < ARRAY_LEN(specimens); k++) {
		int one = in_a_child(k, n, threads);

		r = one > r ? one : r;
	}
	return r;
}

int main(int argc, char **argv)
{
	const char *path = NULL;
	unsigned threads = 1, kind = 0;
	size_t n = 1000000;

	if (argc > 2 && strcmp(argv[1], "-t") == 0) {
		threads = (unsigned)strtoul(argv[2], NULL, 10);
		argv += 2;
		argc -= 2;
	} else if (argc > 3 && strcmp(argv[1], "-w") == 0) {
		while (kind < ARRAY_LEN(specimens) &&
		       strcmp(specimens[kind].name, argv[2]) != 0)
			kind++;
		path = argv[3];
		argv += 3;
		argc -= 3;
	}
	if (argc > 2 || (argc == 2 && argv[1][0] == '-') ||
	    kind == ARRAY_LEN(specimens))
		return usage();
	if (argc == 2)
		n = strtoul(argv[1], NULL, 10);
	if (n == 0)
		return usage();
	return path != NULL ? write_out(kind, path, n) : all(n, threads);
}
