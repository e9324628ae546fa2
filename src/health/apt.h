/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_HEALTH_APT_H
#define AQUIFER_HEALTH_APT_H

/*
 * Adaptive proportion test, SP 800-90B 4.4.2. The first symbol of a window is
 * the one counted; windows do not overlap. Comes with health/health.h.
 */
#define HEALTH_APT_WINDOW_BINARY 1024
#define HEALTH_APT_WINDOW 512

struct health_apt {
	uint64_t closed_count; /* symbols in windows that closed, all passed */
	unsigned window;       /* W, in symbols */
	unsigned cutoff;       /* window + 1: the test is off */
	unsigned seen;         /* of the open window */
	unsigned equal;        /* of these, equal to the first */
	uint8_t first;
};

/*
 * health_apt_init - off where H is so small that a whole window of one value is
 * likelier than alpha (H < alpha_log2 / W).
 */
void health_apt_init(struct health_apt *t, uint32_t h_mbits,
		     unsigned symbol_bits, unsigned alpha_log2);

enum verdict health_apt_feed(struct health_apt *t, uint8_t symbol);

/* health_apt_close - end the open window early; it has not failed so far. */
void health_apt_close(struct health_apt *t);

/* health_apt_reset - forget the stream, keep the cutoff. */
void health_apt_reset(struct health_apt *t);

#endif
