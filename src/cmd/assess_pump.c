/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bits in pieces, as the suites that take any length want them. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "cmd/assess.h"

#define PIECE_BYTES (256u << 10)

bool assess_pack(struct assess_packer *p, const uint8_t *symbols, size_t n,
		 uint8_t *ret, size_t *ret_bytes)
{
	size_t out = 0;

	for (size_t i = 0; i < n; i++) {
		if (symbols[i] >> p->width != 0) {
			*ret_bytes = out;
			return false;
		}
		p->bits = p->bits << p->width | symbols[i];
		p->n_bits += p->width;
		p->n_taken++;
		if (p->n_bits >= 8) {
			p->n_bits -= 8;
			ret[out++] = (uint8_t)(p->bits >> p->n_bits);
		}
	}
	*ret_bytes = out;
	return true;
}

static void reverse_bytes(uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned b = bytes[i];

		b = (b >> 4 | b << 4) & 0xff;
		b = (b >> 2 & 0x33) | (b & 0x33) << 2;
		bytes[i] = (uint8_t)((b >> 1 & 0x55) | (b & 0x55) << 1);
	}
}

struct pump {
	struct assess_input *in;
	assess_feed_fn *feed;
	void *context;
	struct assess_packer packer;
	uint64_t done_bytes, start_ns;
	uint8_t packed[PIECE_BYTES];
};

/* A piece of a stream, as it was read; it may be changed. */
static int take_piece(struct pump *p, uint8_t *bytes, size_t n)
{
	struct assess_input *in = p->in;
	size_t n_packed;

	if (in->format == ASSESS_BITS_LSB)
		reverse_bytes(bytes, n);
	if (in->format == ASSESS_BYTES && in->packed_width < 8) {
		if (!assess_pack(&p->packer, bytes, n, p->packed, &n_packed))
			return cmd_fail(&command_assess, EXIT_USAGE,
					"%s: byte %llu does not fit %u bit%s "
					"(counted from 0)",
					in->name,
					(unsigned long long)p->packer.n_taken,
					in->packed_width,
					in->packed_width == 1 ? "" : "s");
		p->feed(p->context, p->packed, n_packed);
	} else {
		p->feed(p->context, bytes, n);
	}
	p->done_bytes += n;
	if (in->regular)
		progress_show("reading", p->done_bytes, in->size_at_open,
			      p->start_ns);
	return 0;
}

/* Of a file, no more than it had when it was opened. */
static int pump_stream(struct pump *p)
{
	static uint8_t piece[PIECE_BYTES];
	struct assess_input *in = p->in;
	int code = take_piece(p, in->head, in->head_bytes);

	while (code == 0) {
		size_t cap = sizeof piece;
		ssize_t n;

		if (in->regular)
			cap = (size_t)min_u64(cap,
					      in->size_at_open - p->done_bytes);
		n = cap ? read(in->fd, piece, cap) : 0;
		if (n == 0)
			break;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return assess_failed(in, -errno);
		code = take_piece(p, piece, (size_t)n);
	}
	in->n_symbols = in->format == ASSESS_BYTES ?
				p->done_bytes :
				p->done_bytes * 8 / in->packed_width;
	in->n_bits = in->format == ASSESS_BYTES ?
			     p->done_bytes * in->packed_width :
			     p->done_bytes * 8;
	return code;
}

static int pump_memory(struct pump *p)
{
	const struct assess_input *in = p->in;
	uint64_t all = in->n_bits / 8, left = all;
	const uint8_t *at = in->packed;

	while (left > 0) {
		size_t n = (size_t)min_u64(left, sizeof p->packed);

		if (in->order == BITS_LSB_FIRST) {
			memcpy(p->packed, at, n);
			reverse_bytes(p->packed, n);
			p->feed(p->context, p->packed, n);
		} else {
			p->feed(p->context, at, n);
		}
		at += n;
		left -= n;
		progress_show("reading", all - left, all, p->start_ns);
	}
	return 0;
}

int assess_pump(struct assess_input *in, assess_feed_fn *feed, void *context)
{
	static struct pump p;

	p = (struct pump){ .in = in, .feed = feed, .context = context };
	p.packer.width = in->packed_width;
	p.start_ns = clock_boottime_ns();
	return in->streamed ? pump_stream(&p) : pump_memory(&p);
}
