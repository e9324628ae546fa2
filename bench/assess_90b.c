/* SPDX-License-Identifier: ISC */
/*
 * bench-assess-90b KIND SAMPLES BITS [THREADS]: the ten non-IID estimators on a
 * specimen of tests/unit/assess, with seed 1: user time, and peak memory, the
 * samples included. KIND is the number of the specimen, 0 is uniform8.
 * -w FILE writes the specimen out instead, for another program to judge.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "../tests/unit/assess/specimen_data.h"
#include "assess/sp80090b/sp80090b.h"

static int usage(void)
{
	(void)fputs("usage: bench-assess-90b [-w FILE] KIND SAMPLES BITS "
		    "[THREADS]\n",
		    stderr);
	return 2;
}

static int write_out(const char *path, const uint8_t *symbols, size_t n)
{
	FILE *f = fopen(path, "wb");
	int r = 3;

	if (f != NULL && fwrite(symbols, 1, n, f) == n)
		r = 0;
	if (f != NULL && fclose(f) != 0)
		r = 3;
	if (r != 0)
		perror(path);
	return r;
}

static int measure(const struct samples *s, unsigned threads)
{
	struct sp80090b_options o = { threads, NULL, NULL };
	struct sp80090b_result r;
	struct rusage before, after;
	int error;

	(void)getrusage(RUSAGE_SELF, &before);
	error = sp80090b_run(s, &o, &r);
	(void)getrusage(RUSAGE_SELF, &after);
	if (error < 0) {
		(void)fprintf(stderr, "%s\n", strerror(-error));
		return 3;
	}
	(void)printf("user %.3f s, peak %.1f MiB (%.1f bytes a sample), "
		     "h_assessed %.6f\n",
		     (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec) +
			     1e-6 * (double)(after.ru_utime.tv_usec -
					     before.ru_utime.tv_usec),
		     (double)after.ru_maxrss / 1024,
		     (double)after.ru_maxrss * 1024 / (double)s->n,
		     r.h_assessed);
	return 0;
}

int main(int argc, char **argv)
{
	const char *path = NULL;
	uint8_t *symbols;
	struct samples s;
	int r;

	if (argc > 2 && strcmp(argv[1], "-w") == 0) {
		path = argv[2];
		argv += 2;
		argc -= 2;
	}
	if (argc < 4)
		return usage();
	s.n = strtoul(argv[2], NULL, 10);
	s.bits = (unsigned)strtoul(argv[3], NULL, 10);
	symbols = malloc(s.n > 0 ? s.n : 1);
	if (symbols == NULL) {
		perror("samples");
		return 3;
	}
	specimen_fill((enum specimen_kind)strtoul(argv[1], NULL, 10), 1,
		      symbols, s.n);
	s.symbols = symbols;
	if (path != NULL)
		r = write_out(path, symbols, s.n);
	else
		r = measure(&s,
			    argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : 1);
	free(symbols);
	return r;
}
