/* SPDX-License-Identifier: ISC */
/*
 * Figures of NIST's SP800-90B_EntropyAssessment 1.1.7, ea_iid -i -a -v -v -v,
 * on specimens of seed 1 and 1,000,000 samples: the values of the samples as
 * they came. What it draws for its permutations differs from run to run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "assess/sp80090b/iid_statistics.h"
#include "assess/sp80090b/iid_tests.h"
#include "base/bytes.h"
#include "plain_iid.h"
#include "specimen_data.h"

#define N 1000000

struct chi_square {
	double t;
	uint64_t df;
	double p;
};

static const struct reference {
	enum specimen_kind kind;
	struct chi_square independence, goodness;
	double p_col;
	uint64_t w;
	double pr;
	double value[IID_STATISTICS];
} references[] = {
	{ SPECIMEN_UNIFORM8,
	  { 64931.094914841342, 65280, 0.83285050337018662 },
	  { 2390.1663011195456, 2295, 0.081428684732699624 },
	  0.0039071119820003886,
	  4,
	  1,
	  { 58042.9228580019, 666525, 8, 502058, 500196, 19, 20.83835542218888,
	    72, 3865, 3911, 3784, 3933, 3837, 16244742981, 16250179708,
	    16251133327, 16231508737, 16251419749, 1067364 } },
	{ SPECIMEN_UNIFORM4,
	  { 215.44251297397435, 240, 0.87094651754446695 },
	  { 124.91538999705573, 135, 0.72202570654695464 },
	  0.0625016861720837,
	  10,
	  0.3654640968363945,
	  { 4692.35610299984, 664135, 10, 531281, 499791, 22, 5.702901071577254,
	    16, 62337, 62859, 62588, 62709, 62422, 56352501, 56338796, 56345615,
	    56332961, 56337445, 543852 } },
	{ SPECIMEN_UNIFORM1,
	  { 2116.9244115173192, 2046, 0.13424010876401468 },
	  { 5.6311405431421626, 9, 0.77619187896011477 },
	  0.5000014688851284,
	  39,
	  0.5972860914160905,
	  { 414.5201860000015, 79795, 10, 74842, 500047, 21, 20.616196602342075,
	    69, 24728, 24567, 24357, 24324, 24690, 2005189, 2007086, 2006701,
	    2005743, 2006906, 155824 } },
	{ SPECIMEN_BIASED1,
	  { 1032.6485754877078, 1022, 0.40150509572045801 },
	  { 7.8715855633659713, 9, 0.54713742921105823 },
	  0.5199948003306712,
	  41,
	  0.6784921982142351,
	  { 297.4697810000271, 79377, 11, 75112, 479889, 27, 18.078993055555557,
	    58, 25223, 24955, 25308, 24955, 25091, 2880061, 2879807, 2880676,
	    2879794, 2879850, 153027 } },
	{ SPECIMEN_NORMAL8,
	  { 27434.102523751611, 27267, 0.23669871157354813 },
	  { 2026.722303934301, 2034, 0.54133010577587037 },
	  0.007494399275999647,
	  5,
	  0.9999926505972178,
	  { 34038.60202499875, 666258, 8, 503801, 500036, 22,
	    15.212925211464736, 52, 7457, 7663, 7524, 7609, 7524, 16155585763,
	    16153839313, 16156876731, 16154813673, 16155099907, 965620 } },
	{ SPECIMEN_GEOMETRIC8,
	  { 128.57994299874471, 121, 0.30149982465505454 },
	  { 149.38220664197686, 126, 0.076075799847142356 },
	  0.3324483935637208,
	  24,
	  0.8100232310437211,
	  { 1560.615715000032, 572321, 20, 665915, 500047, 21,
	    3.046235907308856, 8, 332118, 332638, 332566, 332193, 332763,
	    1007848, 1008569, 1005367, 1009219, 1011748, 308840 } },
	{ SPECIMEN_MARKOV1,
	  { 12831169.01465977, 2046, 0 },
	  { 69.326283285060015, 9, 2.0637017698770955e-11 },
	  0.5000133231092241,
	  120,
	  0,
	  { 1318.3355459999905, 64969, 17, 77927, 99315, 100, 4.516548634195693,
	    17, 30890, 21190, 19186, 19233, 19172, 2456345, 2094467, 2020179,
	    2021939, 2023009, 89869 } },
	{ SPECIMEN_COUNTER8,
	  { 117486529.49119878, 62813, 0 },
	  { 105.47672939710053, 2286, 1 },
	  0.003981357720000409,
	  630,
	  0,
	  { 12348.802677000009, 37981, 250, 980755, 23183, 127,
	    114.23649034616703, 252, 120, 117, 113, 107, 132, 20607681974,
	    20487280473, 19786157151, 18904787999, 17330229436, 79570 } },
	{ SPECIMEN_STICKY8,
	  { 71739639.399390817, 65280, 0 },
	  { 15243.224790015827, 2295, 0 },
	  0.00391303029800039,
	  38,
	  0,
	  { 163273.9614539993, 228601, 60, 875379, 125182, 81, 2.331034932889504,
	    10, 751082, 564054, 102945, 13442, 4002, 20342301542, 19316657319,
	    16795969539, 16277173596, 16266249989, 462753 } },
};

/*
 * Proportions are sums of a million terms there, which leaves 10 digits. Small
 * probabilities are differences from 1, good to 2^-53 only.
 */
static void near(double got, double want, double relative)
{
	assert_true(fabs(got - want) <= relative * fabs(want) + 1e-15);
}

static void additional_tests(const struct samples *s,
			     const struct sample_alphabet *a,
			     const struct reference *r)
{
	struct iid_chi_square c;
	struct iid_repeat e;
	uint64_t length;

	assert_int_equal(iid_independence(s, a, &c), 0);
	near(c.score, r->independence.t, 1e-12);
	assert_int_equal(c.degrees_of_freedom, r->independence.df);
	near(c.p_value, r->independence.p, 1e-9);
	assert_int_equal(c.outcome, c.p_value < 0.001 ? IID_FAILED : IID_PASSED);
	iid_goodness(s, a, &c);
	near(c.score, r->goodness.t, 1e-12);
	assert_int_equal(c.degrees_of_freedom, r->goodness.df);
	near(c.p_value, r->goodness.p, 1e-9);
	assert_int_equal(iid_repeat_length(s, a, &length), 0);
	assert_int_equal(length, r->w);
	iid_repeat_judge(a, s->n, length, &e);
	near(e.collision, r->p_col, 1e-10);
	near(e.p_value, r->pr, 1e-8);
}

static void judge(const struct reference *r, uint8_t *s)
{
	struct samples v = { s, N, 8 };
	struct sample_alphabet a;
	static struct iid_series q;
	struct iid_scratch w;
	double got[IID_STATISTICS];

	specimen_fill(r->kind, 1, s, N);
	assert_int_equal(samples_alphabet(&v, &a, NULL), 0);
	additional_tests(&v, &a, r);
	/* Those of two values are 0 and 1 as they come. */
	iid_series_init(&q, &v, &a);
	assert_int_equal(iid_scratch_init(&w, &q), 0);
	assert_int_equal(iid_statistics(&q, s, IID_ALL, &w, got), 0);
	for (unsigned k = 0; k < IID_STATISTICS; k++)
		near(got[k], r->value[k], 1e-10);
	iid_scratch_free(&w);
}

static void values_are_those_of_nists_program(void **state)
{
	uint8_t *s = malloc(N);

	(void)state;
	assert_non_null(s);
	for (size_t i = 0; i < ARRAY_LEN(references); i++)
		judge(&references[i], s);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_those_of_nists_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
