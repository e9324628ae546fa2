/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "assess/verdict/verdict.h"

static const struct {
	const char *word;
	enum verdict_answer answer;
	const char *says_not;
} words[VERDICT_COUNT] = {
	[VERDICT_NONE] = { NULL, VERDICT_YES,
			   "There are fewer samples than the standard asks for, "
			   "so there is no verdict: the figures can be far from "
			   "those of a longer recording." },
	[VERDICT_ESTIMATED] = { "estimated", VERDICT_YES,
				"It does not mean that the source has this much "
				"entropy: a deterministic generator whose "
				"structure no estimator looks for is estimated "
				"as high. An estimate can only be an upper hint "
				"beside an argument from how the source "
				"works." },
	[VERDICT_SUPPORTS_CLAIM] = { "supports-claim", VERDICT_YES,
				     "It does not prove the claim: these samples "
				     "gave no reason to lower it. The claim "
				     "itself must follow from how the source "
				     "works." },
	[VERDICT_BELOW_CLAIM] = { "below-claim", VERDICT_NO,
				  "It does not mean that the source is useless: "
				  "it may be credited with what was assessed, "
				  "or less, never with the claim." },
	[VERDICT_NOT_REJECTED] = { "not-rejected", VERDICT_YES,
				   "It does not prove that the samples are "
				   "independent and identically distributed: "
				   "the tests found no reason to doubt it, and "
				   "the assumption still has to follow from how "
				   "the source works." },
	[VERDICT_REJECTED] = { "rejected", VERDICT_NO,
			       "It does not mean that the source has no "
			       "entropy: it means that the IID track must not "
			       "be used for it; --suite sp800-90b estimates "
			       "without that assumption." },
	[VERDICT_PASSED] = { "passed", VERDICT_YES,
			     "It does not mean that restarts give fresh "
			     "entropy: no repetition was found among these "
			     "rows and columns." },
	[VERDICT_FAILED] = { "failed", VERDICT_NO,
			     "It does not say what goes wrong, only that what "
			     "follows a restart is more alike than the claim "
			     "allows: no entropy may be claimed until it is "
			     "explained." },
	[VERDICT_NO_DEVIATION_FOUND] = { "no-deviation-found", VERDICT_YES,
					 "It does not mean that the data is "
					 "random or holds any entropy: the "
					 "output of a cipher with a known key "
					 "passes too." },
	[VERDICT_DEVIATES] = { "deviates", VERDICT_NO,
			       "It does not mean that there is no entropy: raw "
			       "noise is rarely uniform. It means that these "
			       "are not uniform random bits, so they must not "
			       "be used as such." },
	[VERDICT_REFUSED] = { "refused", VERDICT_NOT_JUDGED,
			      "Nothing was judged: this says nothing about the "
			      "source." },
};

const char *verdict_word(enum verdict v)
{
	return words[v].word;
}

enum verdict_answer verdict_answer(enum verdict v)
{
	return words[v].answer;
}

const char *verdict_says_not(enum verdict v)
{
	return words[v].says_not;
}

enum verdict_answer verdict_join(enum verdict_answer a, enum verdict_answer b)
{
	if (a == VERDICT_NO || b == VERDICT_NO)
		return VERDICT_NO;
	return a == VERDICT_NOT_JUDGED ? a : b;
}

struct verdict_claim verdict_claim(double h_assessed, double claim)
{
	struct verdict_claim c = { VERDICT_ESTIMATED, h_assessed };

	if (isnan(claim))
		return c;
	c.verdict = h_assessed >= claim ? VERDICT_SUPPORTS_CLAIM :
					  VERDICT_BELOW_CLAIM;
	c.h_initial = fmin(h_assessed, claim);
	return c;
}

enum verdict verdict_of_p(double p, double alpha)
{
	return p <= alpha ? VERDICT_DEVIATES : VERDICT_NO_DEVIATION_FOUND;
}

struct verdict_family verdict_family(const double *p, size_t n, double alpha)
{
	struct verdict_family f = { .least = 1 };

	for (size_t i = 0; i < n; i++) {
		if (isnan(p[i]))
			continue;
		if (f.count++ == 0 || p[i] < f.least) {
			f.least = p[i];
			f.least_at = i;
		}
	}
	f.adjusted = fmin(1, (double)f.count * f.least);
	f.verdict = f.count == 0 ? VERDICT_NO_DEVIATION_FOUND :
				   verdict_of_p(f.adjusted, alpha);
	return f;
}

double verdict_binomial(uint64_t n_blocks, uint64_t failed, double each)
{
	double n = (double)n_blocks, k = (double)failed;
	double odds = each / (1 - each), term, sum;

	/* Below the mean the tail is near 1, and the sum would be long. */
	if (failed == 0 || k <= n * each)
		return 1;
	term = exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) +
		   k * log(each) + (n - k) * log1p(-each));
	sum = term;
	while (k < n && term > sum * 1e-17) {
		term *= (n - k) / (k + 1) * odds;
		sum += term;
		k++;
	}
	return fmin(1, sum);
}
