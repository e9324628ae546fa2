/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_ASSESS_SP80022_MATH_H
#define AQUIFER_ASSESS_SP80022_MATH_H

/*
 * The two functions all p-values come from (SP 800-22 rev 1a, 5.5.3), and the
 * chi-square sum. Our own, because GSL's call a process-wide error handler
 * that aborts when a result underflows. Threads: safe.
 */
#include <stddef.h>
#include <stdint.h>

/* math_igamc - Q(a, x), the upper incomplete gamma function; a > 0, x >= 0. */
double math_igamc(double a, double x);

/* math_normal - the distribution function of the standard normal. */
double math_normal(double x);

/* math_chi2 - sum of (v[i] - n p[i])^2 / (n p[i]) over the classes. */
double math_chi2(const uint64_t *v, const double *p, size_t classes, double n);

#endif
