/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/report/chart.h"
#include "base/bytes.h"

static const struct chart *const charts[] = {
	&chart_entropy, &chart_p_values,        &chart_histogram, &chart_bits,
	&chart_lag,     &chart_autocorrelation, &chart_runs,
};

const struct chart *chart_at(size_t index)
{
	return index < ARRAY_LEN(charts) ? charts[index] : NULL;
}

bool chart_has_pictures(const struct report_data *d)
{
	return d->pictures != NULL;
}
