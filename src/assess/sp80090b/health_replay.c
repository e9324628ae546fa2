/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "assess/sp80090b/health_replay.h"

/* 4.4.1: C = 1 + ceil(alpha_log2 / H), in thousandths to be exact. */
static unsigned repetition_cutoff(uint32_t h_mbits, unsigned alpha_log2)
{
	return 1 + (1000 * alpha_log2 + h_mbits - 1) / h_mbits;
}

/*
 * 4.4.2: C = 1 + CRITBINOM(W, 2^-H, 1 - alpha), the least C with
 * P(X >= C) <= alpha. The tail is summed from its far end, where terms are
 * least, as long double; W + 1 where even a whole window is not so rare.
 * P(X >= 1) is below W p by less than a sum can show, and W p may be alpha
 * itself, so that is compared in whole numbers first.
 */
static unsigned proportion_cutoff(unsigned w, uint32_t h_mbits,
				  unsigned alpha_log2)
{
	long double ln2 = logl(2), h = h_mbits / 1000.0L;
	long double ln_q = logl(-expm1l(-h * ln2)), tail = 0;
	long double alpha = ldexpl(1, -(int)alpha_log2);
	unsigned k = w, w_log2 = w == 512 ? 9 : 10;

	if (h_mbits >= 1000 * (alpha_log2 + w_log2))
		return 1;
	for (;; k--) {
		long double ln = lgammal(w + 1.0L) - lgammal(k + 1.0L) -
				 lgammal(w - k + 1.0L) - k * h * ln2 +
				 (w - k) * ln_q;

		tail += expl(ln);
		if (tail > alpha || k == 0)
			return k + 1;
	}
}

static void fail(struct health_replay_test *t, size_t at)
{
	if (t->failures++ == 0)
		t->first = at;
}

static void repetition_count(const struct samples *s,
			     struct health_replay_test *t)
{
	unsigned run = 0;

	for (size_t i = 0; i < s->n; i++) {
		bool same = run > 0 && s->symbols[i] == s->symbols[i - 1];

		run = same ? run + 1 : 1;
		t->most = run > t->most ? run : t->most;
		if (run < t->cutoff)
			continue;
		fail(t, i);
		run = 0;
	}
}

/* Windows do not overlap; the first sample of each is the one counted. */
static void adaptive_proportion(const struct samples *s, unsigned window,
				struct health_replay_test *t)
{
	unsigned seen = 0, equal = 0;
	uint8_t first = 0;

	for (size_t i = 0; i < s->n; i++) {
		if (seen == 0) {
			first = s->symbols[i];
			equal = 0;
		}
		seen++;
		equal += s->symbols[i] == first;
		t->most = equal > t->most ? equal : t->most;
		if (s->symbols[i] == first && equal >= t->cutoff) {
			fail(t, i);
			seen = 0;
		}
		if (seen == window)
			seen = 0;
	}
}

int health_replay(const struct samples *s, uint32_t h_mbits,
		  unsigned alpha_log2, struct health_replay *ret)
{
	struct sample_alphabet a;
	struct health_replay r;
	int e = samples_alphabet(s, &a, NULL);

	if (e < 0)
		return e;
	if (h_mbits < 1 || h_mbits > 1000 * s->bits || alpha_log2 < 1 ||
	    alpha_log2 > HEALTH_REPLAY_ALPHA_LOG2_MAX)
		return -EINVAL;
	memset(&r, 0, sizeof r);
	r.n = s->n;
	r.h = h_mbits / 1000.0;
	r.alpha_log2 = alpha_log2;
	r.window = s->bits == 1 ? HEALTH_REPLAY_WINDOW_BINARY :
				  HEALTH_REPLAY_WINDOW;
	r.repetition_count.cutoff = repetition_cutoff(h_mbits, alpha_log2);
	r.adaptive_proportion.cutoff = proportion_cutoff(r.window, h_mbits,
							 alpha_log2);
	r.repetition_count.expected = ldexp((double)s->n, -(int)alpha_log2);
	r.adaptive_proportion.expected = ldexp(ceil((double)s->n / r.window),
					       -(int)alpha_log2);
	repetition_count(s, &r.repetition_count);
	adaptive_proportion(s, r.window, &r.adaptive_proportion);
	*ret = r;
	return 0;
}
