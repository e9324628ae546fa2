/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_HEALTH_RCT_H
#define AQUIFER_HEALTH_RCT_H

/*
 * Repetition count test, SP 800-90B 4.4.1, over symbols and, in known_bad, over
 * words and differences. Comes with health/health.h, not alone.
 */
struct health_rct {
	uint64_t last;
	unsigned run;    /* how often `last` came in a row; 0: none yet */
	unsigned cutoff; /* a run this long is a failure */
};

/*
 * health_rct_init - h_mbits: min-entropy of one value (not of one symbol where
 * the values are words).
 */
void health_rct_init(struct health_rct *t, uint32_t h_mbits,
		     unsigned alpha_log2);

/* health_rct_reset - forget the stream, keep the cutoff. */
void health_rct_reset(struct health_rct *t);

/*
 * With the claimed min-entropy, a run of `cutoff` equal values has probability
 * at most alpha (tools/cutoffs.py). Inline: a symbol passes up to eleven.
 */
static inline enum verdict health_rct_feed(struct health_rct *t, uint64_t value)
{
	if (t->run == 0 || value != t->last) {
		t->last = value;
		t->run = 1;
	} else if (t->run < t->cutoff) {
		t->run++;
	}
	return t->run >= t->cutoff ? HEALTH_FAIL : HEALTH_PASS;
}

#endif
