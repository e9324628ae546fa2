/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scoreboard of 6.3.7, 6.3.8 and 6.3.9: of several predictors the one with
 * the most right guesses so far predicts; every right guess that makes its
 * predictor at least equal to the leader makes it the leader, in the order of
 * the predictors. Fed with 64 positions at a time, one word of right guesses a
 * predictor (bit k: position k): in nearly every such block nobody comes near
 * the leader, and counting bits is all there is to do.
 *
 * Everything is inline: who includes this chooses the instruction set.
 */
#ifndef AQUIFER_ASSESS_SP80090B_SCOREBOARD_H
#define AQUIFER_ASSESS_SP80090B_SCOREBOARD_H

#include "assess/sp80090b/estimate.h"

#define SCOREBOARD_MAX 128
#define SCOREBOARD_INLINE static inline __attribute__((always_inline))

struct scoreboard {
	uint32_t score[SCOREBOARD_MAX];
	unsigned leader;
	uint64_t run;
	struct sp80090b_guesses guesses;
};

/* Is there a run of more than `length` ones within one word? */
SCOREBOARD_INLINE bool has_longer_run(uint64_t w, uint64_t length)
{
	uint64_t have = 1, want = length + 1;

	if (want > 64)
		return false;
	while (have < want && w != 0) {
		uint64_t step = want - have < have ? want - have : have;

		w &= w >> step;
		have += step;
	}
	return w != 0;
}

SCOREBOARD_INLINE void note_run(struct sp80090b_guesses *g, uint64_t run)
{
	if (run > g->longest)
		g->longest = run;
}

/* The leader's guesses at n positions, all of which it made. */
SCOREBOARD_INLINE void scoreboard_count(struct scoreboard *s, uint64_t right,
					unsigned n)
{
	struct sp80090b_guesses *g = &s->guesses;
	uint64_t all = n == 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;

	g->n += n;
	g->correct += (uint64_t)__builtin_popcountll(right);
	if (right == all) {
		s->run += n;
		note_run(g, s->run);
		return;
	}
	note_run(g, s->run + (unsigned)__builtin_ctzll(~right));
	while (has_longer_run(right, g->longest))
		g->longest++;
	/* What is still open at the end. */
	s->run = (unsigned)__builtin_clzll(~(right << (64 - n)));
}

/* One position; made: did the leader guess at all? If not, its run stands. */
SCOREBOARD_INLINE void scoreboard_one(struct scoreboard *s, bool right,
				      bool made)
{
	s->guesses.n++;
	if (right) {
		s->guesses.correct++;
		note_run(&s->guesses, ++s->run);
	} else if (made) {
		s->run = 0;
	}
}

/* Position by position, among those that can reach the leader in it. */
SCOREBOARD_INLINE void scoreboard_slowly(struct scoreboard *s,
					 const uint64_t *right,
					 const uint64_t *made, unsigned first,
					 unsigned n, const uint8_t *near,
					 unsigned n_near)
{
	for (unsigned k = first; k < n; k++) {
		unsigned leader = s->leader;
		uint64_t bit = UINT64_C(1) << k;

		scoreboard_one(s, (right[leader] & bit) != 0,
			       made == NULL || (made[leader] & bit) != 0);
		for (unsigned i = 0; i < n_near; i++) {
			unsigned j = near[i];

			if ((right[j] & bit) == 0)
				continue;
			s->score[j]++;
			if (s->score[j] >= s->score[s->leader])
				s->leader = j;
		}
	}
}

/*
 * Can a predictor overtake the leader within a block? Where both are right it
 * gains nothing, but for the one position at which its guess is counted first.
 * Who leads meanwhile has the leader's score at least, so that it is enough to
 * ask about that one; the second spare point is for the same reason.
 */
SCOREBOARD_INLINE bool can_overtake(uint32_t score, uint64_t right,
				    uint64_t leader_right, uint32_t lead)
{
	return score + (uint32_t)__builtin_popcountll(right & ~leader_right) +
		       2 >=
	       lead;
}

/*
 * Positions first .. n - 1 of a block (n <= 64); bits outside them are clear.
 * made: NULL where every predictor guesses at every position.
 */
SCOREBOARD_INLINE void scoreboard_feed(struct scoreboard *s,
				       const uint64_t *right,
				       const uint64_t *made,
				       unsigned n_predictors, unsigned first,
				       unsigned n)
{
	uint32_t after[SCOREBOARD_MAX], lead, reach = 0;
	unsigned leader = s->leader, n_near = 0;
	uint8_t near[SCOREBOARD_MAX];
	uint64_t all = n == 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;

	all &= ~UINT64_C(0) << first;
	for (unsigned j = 0; j < n_predictors; j++)
		after[j] = s->score[j] +
			   (uint32_t)__builtin_popcountll(right[j]);
	lead = s->score[leader];
	for (unsigned j = 0; j < n_predictors; j++)
		reach += after[j] >= lead;
	/* The leader itself always does. */
	for (unsigned j = 0; reach > 1 && j < n_predictors; j++) {
		if (j == leader ||
		    (after[j] >= lead &&
		     can_overtake(s->score[j], right[j], right[leader], lead)))
			near[n_near++] = (uint8_t)j;
	}
	if (n_near <= 1 && (made == NULL || (made[leader] & all) == all)) {
		scoreboard_count(s, right[leader] >> first, n - first);
		for (unsigned j = 0; j < n_predictors; j++)
			s->score[j] = after[j];
		return;
	}
	if (n_near == 0)
		near[n_near++] = (uint8_t)leader;
	for (unsigned j = 0, k = 0; j < n_predictors; j++) {
		if (k < n_near && near[k] == j)
			k++;
		else
			s->score[j] = after[j];
	}
	scoreboard_slowly(s, right, made, first, n, near, n_near);
}

#endif
