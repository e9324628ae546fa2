/* SPDX-License-Identifier: ISC */
/*
 * How long 256 credited bits take: our jitter source and, where its library was
 * there at configure time, jitterentropy; in turns, in one run. What is timed
 * on our side is sampling alone, on the other jent_read_entropy() of 32 bytes.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "source/source.h"

#ifdef HAVE_JITTERENTROPY
#include <jitterentropy.h>
#endif

#define TURNS 101
#define CREDIT_MBITS 256000
#define BATCH_RECORDS 64

static const struct platform plain;
static const struct source_env env = {
	.platform = &plain,
	.root = "",
	.now_ns = clock_boottime_ns,
};

static int compare_ns(const void *a, const void *b)
{
	uint64_t x, y;

	memcpy(&x, a, sizeof x);
	memcpy(&y, b, sizeof y);
	return (x > y) - (x < y);
}

static void print_row(const char *who, uint64_t *ns)
{
	qsort(ns, TURNS, sizeof ns[0], compare_ns);
	printf("%-16s min %7.3f  median %7.3f  max %7.3f ms\n", who,
	       (double)ns[0] / 1e6, (double)ns[TURNS / 2] / 1e6,
	       (double)ns[TURNS - 1] / 1e6);
}

/* Returns 0, or the source's error. */
static int take_credit(struct source *s, uint64_t *ret_ns)
{
	static uint8_t raw[BATCH_RECORDS * 8];
	uint64_t start_ns = clock_boottime_ns(), mbits = 0;

	while (mbits < CREDIT_MBITS) {
		ssize_t n = source_take(s, raw, sizeof raw);

		if (n < 0)
			return (int)n;
		mbits += (uint64_t)n / 8 * s->info.claim_mbits;
	}
	*ret_ns = clock_boottime_ns() - start_ns;
	return 0;
}

#ifdef HAVE_JITTERENTROPY
static struct rand_data *other;

static int other_open(void)
{
	if (jent_entropy_init() != 0)
		return -ENOTSUP;
	other = jent_entropy_collector_alloc(0, 0);
	return other ? 0 : -ENOMEM;
}

static int other_take(uint64_t *ret_ns)
{
	char out[CREDIT_MBITS / 8000];
	uint64_t start_ns = clock_boottime_ns();

	if (jent_read_entropy(other, out, sizeof out) != sizeof out)
		return -EIO;
	*ret_ns = clock_boottime_ns() - start_ns;
	return 0;
}

static unsigned other_version(void)
{
	return jent_version();
}
#else
static int other_open(void)
{
	return -ENODEV;
}

static int other_take(uint64_t *ret_ns)
{
	(void)ret_ns;
	return -ENODEV;
}

static unsigned other_version(void)
{
	return 0;
}
#endif

int main(void)
{
	static uint64_t ours_ns[TURNS], others_ns[TURNS];
	bool both = other_open() == 0;
	uint64_t start_ns = clock_boottime_ns();
	struct source s;
	int r = source_open(&s, &source_jitter, NULL, &env, NULL);

	if (r < 0 || s.info.claim_mbits == 0) {
		fprintf(stderr, "jitter: %s\n", s.info.reason);
		return 3;
	}
	start_ns = clock_boottime_ns() - start_ns;
	for (int i = 0; i < TURNS && r == 0; i++) {
		r = take_credit(&s, &ours_ns[i]);
		if (r == 0 && both)
			r = other_take(&others_ns[i]);
	}
	if (r < 0) {
		fprintf(stderr, "jitter: %s\n", strerror(-r));
		return 3;
	}
	printf("256 credited bits, %d turns; %s; claim %u mbits a sample\n",
	       TURNS, s.info.behind, s.info.claim_mbits);
	print_row("aquifer", ours_ns);
	if (both) {
		print_row("jitterentropy", others_ns);
		printf("jitterentropy     version %u\n", other_version());
		printf("ratio of medians  %.2f\n",
		       (double)others_ns[TURNS / 2] / (double)ours_ns[TURNS / 2]);
	} else {
		printf("jitterentropy     not there at configure time\n");
	}
	printf("our start-up      %.3f ms\n", (double)start_ns / 1e6);
	source_close(&s);
	return 0;
}
