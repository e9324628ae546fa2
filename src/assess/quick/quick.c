/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "assess/quick/quick.h"
#include "assess/sp80022/math.h"
#include "base/bytes.h"

void quick_begin(struct quick *q)
{
	memset(q, 0, sizeof *q);
}

/* ent: inside or on the circle around 0 that has the square's side. */
static void take_point(struct quick *q, const uint8_t *p)
{
	uint64_t side = (1 << 24) - 1;
	uint64_t x = (uint64_t)p[0] << 16 | (uint64_t)p[1] << 8 | p[2];
	uint64_t y = (uint64_t)p[3] << 16 | (uint64_t)p[4] << 8 | p[5];

	q->points++;
	q->inside += x * x + y * y <= side * side;
}

static void feed_points(struct quick *q, const uint8_t *data, size_t len_bytes)
{
	while (len_bytes > 0) {
		size_t take = min_size(QUICK_POINT_BYTES - q->held, len_bytes);

		if (take == QUICK_POINT_BYTES) {
			take_point(q, data);
		} else {
			memcpy(q->point + q->held, data, take);
			q->held += (unsigned)take;
			if (q->held == QUICK_POINT_BYTES) {
				take_point(q, q->point);
				q->held = 0;
			}
		}
		data += take;
		len_bytes -= take;
	}
}

void quick_feed(struct quick *q, const uint8_t *data, size_t len_bytes)
{
	uint64_t products = 0;

	if (len_bytes == 0)
		return;
	if (q->n_bytes == 0)
		q->first = data[0];
	else
		products = (uint64_t)q->last * data[0];
	for (size_t i = 0; i < len_bytes; i++)
		q->count[data[i]]++;
	for (size_t i = 1; i < len_bytes; i++)
		products += (uint64_t)data[i - 1] * data[i];
	q->products += products;
	q->last = data[len_bytes - 1];
	q->n_bytes += len_bytes;
	feed_points(q, data, len_bytes);
}

static double plogp(double p)
{
	return p > 0 ? -p * log2(p) : 0;
}

static double ones_of(const struct quick *q, unsigned bit)
{
	uint64_t ones = 0;

	for (unsigned v = 0; v < 256; v++)
		ones += v >> bit & 1 ? q->count[v] : 0;
	return (double)ones;
}

/* Knuth 3.3.2 K, with the last byte's product with the first, as ent has it. */
static double serial_correlation(const struct quick *q)
{
	double n = (double)q->n_bytes;
	double sum = 0;
	double squares = 0;
	double products = (double)q->products + (double)q->last * q->first;
	double below;

	for (unsigned v = 0; v < 256; v++) {
		sum += (double)q->count[v] * v;
		squares += (double)q->count[v] * v * v;
	}
	below = n * squares - sum * sum;
	return below > 0 ? (n * products - sum * sum) / below : NAN;
}

static void look_at_bytes(const struct quick *q, struct quick_result *r)
{
	double n = (double)q->n_bytes;
	double sum = 0;
	uint64_t most = 0;

	r->byte_entropy = 0;
	r->byte_chi2 = 0;
	for (unsigned v = 0; v < 256; v++) {
		double c = (double)q->count[v];
		double off = c - n / 256;

		r->byte_entropy += plogp(c / n);
		r->byte_chi2 += off * off / (n / 256);
		sum += c * v;
		most = q->count[v] > most ? q->count[v] : most;
	}
	r->byte_mean = sum / n;
	r->min_entropy = log2(n / (double)most);
	r->byte_chi2_p = math_igamc(255 / 2.0, r->byte_chi2 / 2);
	r->serial_correlation = serial_correlation(q);
}

static void look_at_bits(const struct quick *q, struct quick_result *r)
{
	double n = (double)q->n_bytes;
	double ones = 0;
	double off;

	for (unsigned bit = 0; bit < 8; bit++) {
		r->ones[bit] = ones_of(q, bit) / n;
		ones += r->ones[bit] / 8;
	}
	off = 2 * ones - 1;
	r->ones_all = ones;
	r->bit_entropy = plogp(ones) + plogp(1 - ones);
	r->bit_chi2 = off * off * 8 * n;
	r->bit_chi2_p = erfc(sqrt(r->bit_chi2 / 2));
}

void quick_end(const struct quick *q, struct quick_result *ret)
{
	struct quick_result r = {
		.n_bytes = q->n_bytes,
		.byte_entropy = NAN,
		.bit_entropy = NAN,
		.min_entropy = NAN,
		.byte_mean = NAN,
		.byte_chi2 = NAN,
		.byte_chi2_p = NAN,
		.bit_chi2 = NAN,
		.bit_chi2_p = NAN,
		.ones_all = NAN,
		.serial_correlation = NAN,
		.pi = NAN,
	};

	for (unsigned bit = 0; bit < 8; bit++)
		r.ones[bit] = NAN;
	if (q->n_bytes > 0) {
		look_at_bytes(q, &r);
		look_at_bits(q, &r);
	}
	if (q->points > 0)
		r.pi = 4 * (double)q->inside / (double)q->points;
	*ret = r;
}
