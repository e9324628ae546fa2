/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "assess/sp80022/math.h"
#include "assess/sp80022/test.h"

/* Eight steps of the walk at once: where they end, and how far they went. */
struct steps {
	int8_t end, least, most;
};

static void make_steps(struct steps *table)
{
	for (unsigned byte = 0; byte < 256; byte++) {
		struct steps s = { 0, 0, 0 };

		for (int bit = 7; bit >= 0; bit--) {
			s.end = (int8_t)(s.end + (byte >> bit & 1 ? 1 : -1));
			s.least = s.end < s.least ? s.end : s.least;
			s.most = s.end > s.most ? s.end : s.most;
		}
		table[byte] = s;
	}
}

struct walk {
	int64_t at, least, most;
};

static inline void stretch(struct walk *w, int64_t least, int64_t most)
{
	w->least = least < w->least ? least : w->least;
	w->most = most > w->most ? most : w->most;
}

static struct walk walk_all(const struct bits *b)
{
	struct steps table[256];
	struct walk w = { 0, 0, 0 };
	size_t i = 0;

	make_steps(table);
	for (; i + 8 <= b->n_bits; i += 8) {
		const struct steps *s =
			&table[b->words[i / 64] >> (56 - i % 64) & 255];

		stretch(&w, w.at + s->least, w.at + s->most);
		w.at += s->end;
	}
	for (; i < b->n_bits; i++) {
		w.at += bits_get(b, i) ? 1 : -1;
		stretch(&w, w.at, w.at);
	}
	return w;
}

/*
 * 2.13.4 (4), summed over the whole numbers between its bounds: the lower ones
 * are rounded up, as its example and STS do, whatever its brackets say. Terms
 * whose arguments lie beyond 40 are 0 in a double: left out, so that a walk that
 * never leaves +-1 does not cost n terms.
 */
static double p_value(double z, double n)
{
	double root = sqrt(n), reach, sum = 0;
	int64_t last;

	if (!(z > 0))
		return 1;
	reach = ceil(40 * root / (4 * z)) + 1;
	last = (int64_t)fmin(floor((n / z - 1) / 4), reach);
	for (int64_t k = (int64_t)fmax(ceil((-n / z + 1) / 4), -reach);
	     k <= last; k++)
		sum += math_normal((double)(4 * k + 1) * z / root) -
		       math_normal((double)(4 * k - 1) * z / root);
	for (int64_t k = (int64_t)fmax(ceil((-n / z - 3) / 4), -reach);
	     k <= last; k++)
		sum -= math_normal((double)(4 * k + 3) * z / root) -
		       math_normal((double)(4 * k + 1) * z / root);
	return fmin(1, fmax(0, 1 - sum));
}

static unsigned p_count(const struct sp80022_params *p)
{
	(void)p;
	return 2;
}

static size_t least_bits(const struct sp80022_params *p)
{
	(void)p;
	return 100; /* 2.13.7 */
}

static int run(const struct bits *b, const struct sp80022_params *p, void *work,
	       struct sp80022_result *ret)
{
	struct walk w = walk_all(b);
	double n = (double)b->n_bits;
	double forward = (double)(w.most > -w.least ? w.most : -w.least);
	/* Read backwards, the walk goes from its end to where it had been. */
	double back = (double)(w.at - w.least > w.most - w.at ? w.at - w.least :
								w.most - w.at);

	(void)p;
	(void)work;
	sp80022_begin(ret);
	sp80022_note(ret, "z forward", forward);
	sp80022_note(ret, "z backward", back);
	sp80022_p(ret, p_value(forward, n));
	sp80022_p(ret, p_value(back, n));
	return 0;
}

static void label(const struct sp80022_params *p, unsigned i, char *ret,
		  size_t cap_bytes)
{
	(void)p;
	(void)snprintf(ret, cap_bytes, "%s", i == 0 ? "forward" : "backward");
}

/* SP 800-22 rev 1a, 2.13. */
const struct sp80022_test sp80022_cumulative_sums = {
	.name = "cumulative-sums",
	.section = "2.13",
	.p_count = p_count,
	.least_bits = least_bits,
	.need_bytes = sp80022_no_work,
	.run = run,
	.label = label,
};
