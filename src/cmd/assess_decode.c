/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the bytes of a file to symbols, and from symbols to packed bits. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "cmd/assess.h"

/* Looked at for a hint that the width is another. */
#define NOTE_SAMPLES (1u << 20)

const char *const assess_format_names[] = {
	[ASSESS_AUTO] = "auto",         [ASSESS_BYTES] = "bytes",
	[ASSESS_BITS_MSB] = "bits-msb", [ASSESS_BITS_LSB] = "bits-lsb",
	[ASSESS_TEXT] = "text",         [ASSESS_LE16] = "le16",
	[ASSESS_LE32] = "le32",         [ASSESS_LE64] = "le64",
};

/* The mask's bits side by side, the lowest lowest. */
uint64_t assess_pick(uint64_t record, const struct assess_options *o,
		     unsigned width)
{
	uint64_t picked = 0;
	unsigned at = 0;

	record >>= o->shift;
	if (o->mask == 0)
		return record & ((1u << (width ? width : 8)) - 1);
	for (uint64_t mask = o->mask; mask != 0; mask &= mask - 1) {
		unsigned bit = (unsigned)__builtin_ctzll(mask);

		picked |= (record >> bit & 1) << at++;
	}
	return picked;
}

static unsigned record_bytes(enum assess_format format)
{
	switch (format) {
	case ASSESS_LE16:
		return 2;
	case ASSESS_LE32:
		return 4;
	case ASSESS_LE64:
		return 8;
	default:
		return 1;
	}
}

static uint64_t load_record(const uint8_t *at, unsigned width)
{
	uint64_t record = 0;

	for (unsigned k = 0; k < width; k++)
		record |= (uint64_t)at[k] << (8 * k);
	return record;
}

static int cut_short(const struct assess_input *in, unsigned width)
{
	return cmd_fail(&command_assess, EXIT_USAGE,
			"%s has %zu bytes, which are not records of %u: it is "
			"cut short, or of another --format",
			in->name, in->n_bytes, width);
}

/* Records of any width, through --shift and --mask. */
static int decode_records(struct assess_input *in,
			  const struct assess_options *o, unsigned symbol_bits)
{
	unsigned width = record_bytes(in->format);
	bool low_byte = o->mask == 0 && !o->shift_given;
	size_t n = in->n_bytes / width;
	int code;

	if (in->n_bytes % width != 0)
		return cut_short(in, width);
	in->decoded = assess_ask(in, n, &code);
	if (!in->decoded)
		return code;
	for (size_t i = 0; i < n; i++)
		in->decoded[i] = (uint8_t)assess_pick(
			load_record(in->map + i * width, width), o, symbol_bits);
	if (low_byte && width > 1)
		assess_note(in, "records of several bytes: their lowest bits "
				"are assessed; --rank-bits shows which bits "
				"hold most, --shift and --mask choose them");
	in->samples.symbols = in->decoded;
	in->samples.n = n;
	return 0;
}

/* --bits bits each, the first bit on top. */
static int decode_packed(struct assess_input *in, unsigned width)
{
	uint64_t n_bits = (uint64_t)in->n_bytes * 8, n = n_bits / width;
	enum bit_order order = in->format == ASSESS_BITS_MSB ? BITS_MSB_FIRST :
							       BITS_LSB_FIRST;
	int code;

	in->decoded = assess_ask(in, n, &code);
	if (!in->decoded)
		return code;
	for (uint64_t i = 0; i < n * width; i++) {
		uint8_t *s = &in->decoded[i / width];

		*s = (uint8_t)((i % width ? *s << 1 : 0) |
			       assess_packed_bit(in->map, i, order));
	}
	if (n * width != n_bits)
		assess_note(in, "the last bits are not a whole symbol and were "
				"left out");
	in->samples.symbols = in->decoded;
	in->samples.n = (size_t)n;
	return 0;
}

/* The first records as they are, for ranking their bits. */
static int decode_whole(struct assess_input *in, const struct assess_options *o)
{
	unsigned width = record_bytes(in->format), none = 0;
	size_t n = min_size(in->n_bytes / width, ASSESS_RANK_RECORDS);

	if (in->n_bytes % width != 0)
		return cut_short(in, width);
	if (in->format == ASSESS_BITS_MSB || in->format == ASSESS_BITS_LSB)
		return cmd_usage(&command_assess,
				 "packed bits are no records that have bits to "
				 "rank");
	in->records = malloc(ASSESS_RANK_RECORDS * sizeof *in->records);
	if (!in->records)
		return assess_no_memory(in, ASSESS_RANK_RECORDS * 8);
	if (in->format == ASSESS_TEXT)
		return assess_parse_text(in, o, &none);
	for (size_t i = 0; i < n; i++)
		in->records[i] = load_record(in->map + i * width, width);
	in->n_records = n;
	return 0;
}

static int decode_symbols(struct assess_input *in,
			  const struct assess_options *o, unsigned *width)
{
	bool picks = o->mask != 0 || o->shift_given;

	if (in->format == ASSESS_TEXT)
		return assess_parse_text(in, o, width);
	if (in->format == ASSESS_BITS_MSB || in->format == ASSESS_BITS_LSB) {
		*width = *width ? *width : 1;
		return decode_packed(in, *width);
	}
	if (record_bytes(in->format) > 1 || picks)
		return decode_records(in, o, *width);
	in->samples.symbols = in->map;
	in->samples.n = in->n_bytes;
	return 0;
}

static int outside(const struct assess_input *in, size_t at)
{
	return cmd_fail(&command_assess, EXIT_USAGE,
			"%s: sample %zu (counted from 0) is %u, which does not "
			"fit %u bit%s; --bits is too small, or it is no "
			"recording of such symbols",
			in->name, at, in->samples.symbols[at], in->samples.bits,
			in->samples.bits == 1 ? "" : "s");
}

/* The bits of the symbols, for the suites of bits. */
static int pack_all(struct assess_input *in, unsigned width)
{
	struct assess_packer packer = { .width = width };
	uint64_t n_bits = (uint64_t)in->samples.n * width;
	size_t n_bytes;
	int code;

	in->packed_own = assess_ask(in, n_bits / 8 + 1, &code);
	if (!in->packed_own)
		return code;
	/* All symbols were seen to fit. */
	(void)assess_pack(&packer, in->samples.symbols, in->samples.n,
			  in->packed_own, &n_bytes);
	if (packer.n_bits)
		in->packed_own[n_bytes] = (uint8_t)(packer.bits
						    << (8 - packer.n_bits));
	in->packed = in->packed_own;
	in->n_bits = n_bits;
	return 0;
}

static int prepare_bits(struct assess_input *in, unsigned given)
{
	in->order = in->format == ASSESS_BITS_LSB ? BITS_LSB_FIRST :
						    BITS_MSB_FIRST;
	in->packed_width = given;
	if (in->format == ASSESS_BITS_MSB || in->format == ASSESS_BITS_LSB ||
	    (given == 8 && in->samples.symbols == in->map)) {
		in->packed = in->map;
		in->n_bits = (uint64_t)in->n_bytes * 8;
		return 0;
	}
	return pack_all(in, given);
}

/* The width in force: said, described, chosen by a mask, or else 0. */
static unsigned given_width(const struct assess_input *in,
			    const struct assess_options *o)
{
	if (o->mask)
		return (unsigned)__builtin_popcountll(o->mask);
	if (o->bits)
		return o->bits;
	if (in->sidecar.present && !o->shift_given)
		return in->sidecar.symbol_bits;
	return 0;
}

static void note_width(struct assess_input *in, unsigned given,
		       const struct assess_needs *needs)
{
	unsigned found = in->samples.bits;
	size_t n = min_size(in->samples.n, NOTE_SAMPLES);

	if (given || in->format == ASSESS_BITS_MSB ||
	    in->format == ASSESS_BITS_LSB)
		return;
	if (!needs->symbols)
		found = samples_width(in->samples.symbols, n);
	if (needs->bits && found < 8)
		assess_note(in,
			    assess_say(in->texts,
				       "no sample%s is above %u, but the suites "
				       "of bits take 8 bits of each; --bits %u "
				       "takes those that are used",
				       n < in->samples.n && !needs->symbols ?
					       " looked at" :
					       "",
				       (1u << found) - 1, found));
	else if (needs->symbols && found < 8)
		assess_note(in, assess_say(in->texts,
					   "%u bit%s a sample, by the largest; "
					   "--bits says otherwise",
					   found, found == 1 ? "" : "s"));
}

int assess_decode(struct assess_input *in, const struct assess_options *o,
		  const struct assess_needs *needs)
{
	unsigned given = given_width(in, o), width = given;
	struct sample_alphabet alphabet;
	size_t at = 0;
	int code;

	if (o->rank_bits)
		return decode_whole(in, o);
	code = decode_symbols(in, o, &width);

	if (code != 0)
		return code;
	if (in->samples.n == 0)
		return cmd_fail(&command_assess, EXIT_USAGE,
				"%s holds no sample", in->name);
	in->n_symbols = in->samples.n;
	in->samples.bits = width          ? width :
			   needs->symbols ? samples_width(in->samples.symbols,
							  in->samples.n) :
					    8;
	/* Eight bits hold every byte: no need to go through all of them. */
	if (in->samples.bits < 8 &&
	    samples_alphabet(&in->samples, &alphabet, &at) == -ERANGE)
		return outside(in, at);
	if ((o->mask || o->shift_given) && isnan(o->claim) && !isnan(in->claim)) {
		in->claim = NAN;
		assess_note(in, "the recording's claim is of its whole symbol "
				"and was not applied to chosen bits; --claim "
				"states one for them");
	}
	if (needs->bits)
		code = prepare_bits(in, width ? width : 8);
	note_width(in, width, needs);
	return code;
}
