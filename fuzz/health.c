/* SPDX-License-Identifier: ISC */
/*
 * The health tests' state machine: any configuration, any symbols, any order of
 * calls. Two lanes get the same calls, one in batches, one symbol by symbol;
 * they must agree, and both must keep their promises.
 *
 * Input: test_mbits (2 bytes, little endian), symbol_bits, alpha_log2, start-up
 * (in units of 16 symbols), then operations: a byte of operation (low 3 bits)
 * and length (high 5 bits), and what the operation takes.
 */
#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "health/health.h"

/* An assertion must hold in every build. */
#ifdef NDEBUG
#error "fuzzers are built with assertions"
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BATCH_MAX 4096

struct input {
	const uint8_t *data;
	size_t left;
};

static uint8_t take(struct input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->data++;
}

enum operation {
	OP_LITERAL,
	OP_REPEAT,
	OP_COUNT,
	OP_NOISE,
	OP_AGAIN,
	OP_NOTHING,
	OP_FINISH,
	OP_RESTART,
};

struct pair {
	struct health batch;
	struct health single;
	uint8_t symbols[BATCH_MAX];
	size_t n; /* of them, what the last feed gave */
	uint64_t noise;
};

static uint8_t noise(struct pair *p)
{
	p->noise = p->noise * UINT64_C(6364136223846793005) +
		   UINT64_C(1442695040888963407);
	return (uint8_t)(p->noise >> 56);
}

/* Few bytes of input make long streams: start-up alone is 1,024 symbols. */
static void make_symbols(struct pair *p, enum operation op, unsigned length,
			 struct input *in)
{
	uint8_t first, step;

	switch (op) {
	case OP_LITERAL:
		p->n = length;
		for (size_t i = 0; i < p->n; i++)
			p->symbols[i] = take(in);
		return;
	case OP_REPEAT:
	case OP_COUNT:
		first = take(in);
		step = op == OP_COUNT ? take(in) : 0;
		p->n = length * 8;
		for (size_t i = 0; i < p->n; i++)
			p->symbols[i] = (uint8_t)(first + i * step);
		return;
	case OP_NOISE:
		p->n = length * 128;
		for (size_t i = 0; i < p->n; i++)
			p->symbols[i] = noise(p);
		return;
	case OP_NOTHING:
		p->n = 0;
		return;
	default: /* OP_AGAIN: the last batch */
		return;
	}
}

static void check_one(const struct health *h)
{
	uint64_t failures = 0;

	assert(h->settled_count <= h->symbol_count);
	assert((h->verdict == HEALTH_FAIL) == (h->failed != HEALTH_NONE));
	assert(h->failed < HEALTH_TEST_COUNT);
	if (h->failed != HEALTH_NONE) {
		assert(health_test_on(h, h->failed));
		assert(h->failure_count[h->failed] > 0);
	}
	if (h->verdict == HEALTH_PENDING)
		assert(h->settled_count == 0);
	if (h->verdict == HEALTH_PASS)
		assert(h->symbol_count > 0 &&
		       h->symbol_count >= h->config.startup_symbols);
	for (unsigned i = 0; i < HEALTH_TEST_COUNT; i++)
		failures += h->failure_count[i];
	assert(failures >= (h->verdict == HEALTH_FAIL));
	assert(h->failure_count[HEALTH_NONE] == 0);
}

static void check_agree(const struct health *a, const struct health *b)
{
	assert(a->verdict == b->verdict);
	assert(a->failed == b->failed);
	assert(a->symbol_count == b->symbol_count);
	assert(a->settled_count == b->settled_count);
	assert(memcmp(a->failure_count, b->failure_count,
		      sizeof a->failure_count) == 0);
}

static uint64_t failures_of(const struct health *h)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < HEALTH_TEST_COUNT; i++)
		sum += h->failure_count[i];
	return sum;
}

static void feed(struct pair *p)
{
	struct health *h = &p->batch;
	uint64_t symbols = h->symbol_count, settled = h->settled_count;
	uint64_t failures = failures_of(h);
	enum verdict before = h->verdict, v;

	v = health_feed(h, p->symbols, p->n);
	assert(v == h->verdict);
	for (size_t i = 0; i < p->n; i++)
		(void)health_feed(&p->single, &p->symbols[i], 1);

	assert(h->settled_count >= settled);
	if (before == HEALTH_FAIL || p->n == 0) {
		assert(v == before && h->symbol_count == symbols &&
		       h->settled_count == settled &&
		       failures_of(h) == failures);
		return;
	}
	/* Every symbol up to the one that failed, and that one. */
	assert(h->symbol_count > symbols && h->symbol_count <= symbols + p->n);
	if (v != HEALTH_FAIL)
		assert(h->symbol_count == symbols + p->n);
	assert(failures_of(h) == failures + (v == HEALTH_FAIL));
	if (before == HEALTH_PASS)
		assert(v != HEALTH_PENDING);
}

static void finish(struct pair *p)
{
	struct health *h = &p->batch;
	enum verdict before = h->verdict;
	enum verdict v = health_finish(h);

	assert(v == h->verdict);
	assert(health_finish(&p->single) == v);
	if (before != HEALTH_PENDING)
		assert(v == before);
	if (v == HEALTH_PASS)
		assert(h->settled_count == h->symbol_count);
	if (v == HEALTH_PENDING)
		assert(h->symbol_count == 0 || h->config.startup_symbols > 0);
}

static void restart(struct pair *p)
{
	uint64_t failures = failures_of(&p->batch);

	health_restart(&p->batch);
	health_restart(&p->single);
	assert(p->batch.verdict == HEALTH_PENDING);
	assert(p->batch.symbol_count == 0 && p->batch.settled_count == 0);
	assert(failures_of(&p->batch) == failures);
}

static bool configure(struct pair *p, struct input *in)
{
	struct health_config c;
	bool valid;
	int r;

	c.test_mbits = take(in);
	c.test_mbits |= (uint32_t)take(in) << 8;
	c.symbol_bits = take(in);
	c.alpha_log2 = take(in);
	c.startup_symbols = take(in) * 16u;
	valid = c.symbol_bits >= 1 && c.symbol_bits <= 8 && c.test_mbits >= 1 &&
		c.test_mbits <= 1000 * c.symbol_bits &&
		c.alpha_log2 >= HEALTH_ALPHA_LOG2_MIN &&
		c.alpha_log2 <= HEALTH_ALPHA_LOG2_MAX;
	r = health_init(&p->batch, &c);
	assert(r == (valid ? 0 : -EINVAL));
	if (r < 0)
		return false;
	memcpy(&p->single, &p->batch, sizeof p->single);
	assert(p->batch.apt.cutoff >= 2);
	assert(p->batch.apt.cutoff <= p->batch.apt.window + 1);
	assert(p->batch.rct.cutoff >= 2);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct pair *p = calloc(1, sizeof *p);

	assert(p != NULL);
	if (!configure(p, &in))
		in.left = 0;
	while (in.left > 0) {
		uint8_t byte = take(&in);
		enum operation op = (enum operation)(byte & 7);

		if (op == OP_FINISH) {
			finish(p);
		} else if (op == OP_RESTART) {
			restart(p);
		} else {
			make_symbols(p, op, (byte >> 3) + 1u, &in);
			feed(p);
		}
		check_one(&p->batch);
		check_agree(&p->batch, &p->single);
	}
	free(p);
	return 0;
}
