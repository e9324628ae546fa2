/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_CMD_ASSESS_INPUT_H
#define AQUIFER_CMD_ASSESS_INPUT_H

/* What is assessed: its forms, its description, and how it is read. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "assess/bits.h"
#include "assess/sample.h"

struct assess_options;
struct assess_texts;

enum assess_format {
	ASSESS_AUTO,
	ASSESS_BYTES, /* one symbol a byte */
	ASSESS_BITS_MSB,
	ASSESS_BITS_LSB,
	ASSESS_TEXT,
	ASSESS_LE16, /* records of an integer, little endian */
	ASSESS_LE32,
	ASSESS_LE64,
};

extern const char *const assess_format_names[];

/* FILE.json, where it is there. */
struct assess_sidecar {
	bool present;
	char source[64];
	uint64_t symbols;
	unsigned symbol_bits, bytes_per_symbol;
	bool raw, restarts;
	uint64_t rows, columns;
	double claim; /* bits a symbol; NAN: none */
};

/*
 * assess_sidecar_read - the description beside a recording. Returns 0, with
 * present false where there is none, or an exit code (message printed).
 */
int assess_sidecar_read(const char *file, struct assess_sidecar *ret);

/* assess_packed_bit - bit i of bytes that hold bits in that order. */
static inline uint8_t assess_packed_bit(const uint8_t *packed, uint64_t i,
					enum bit_order order)
{
	unsigned at = (unsigned)(i % 8);

	return packed[i / 8] >> (order == BITS_LSB_FIRST ? at : 7 - at) & 1;
}

/* What is assessed, in the forms that the suites take. */
struct assess_input {
	const char *name; /* for people */
	struct assess_sidecar sidecar;
	enum assess_format format; /* never ASSESS_AUTO */
	bool raw;
	double claim;  /* in force; NAN: none */
	bool streamed; /* neither of the two below: only assess_pump() */
	struct samples samples;
	/* The bits of the samples in order, packed; for suites of bits. */
	const uint8_t *packed;
	uint64_t n_bits;
	enum bit_order order;
	unsigned packed_width; /* bits of a symbol that are in it */
	uint64_t n_symbols;    /* of packed_width or samples.bits */
	/* Notes for people, in order. */
	const char *notes[8];
	size_t n_notes;
	struct assess_texts *texts;
	/* The file. */
	int fd;
	bool own_fd;
	uint64_t size_at_open; /* of a regular file */
	bool regular, endless, grew;
	uint8_t *map; /* mapped, or read into memory */
	size_t map_bytes, n_bytes;
	bool mapped;
	uint8_t head[65536]; /* read ahead of a stream */
	size_t head_bytes;
	uint64_t *records; /* with --rank-bits, instead of symbols; owned */
	size_t n_records;
	uint8_t *decoded;    /* symbols; owned */
	uint8_t *packed_own; /* owned */
};

/*
 * assess_input_open - open, look at the description, find the form, and read
 * what is not a stream. needs_symbols, needs_bits: what the suites will take;
 * needs_memory: some of them cannot take a stream.
 * Returns 0 or an exit code (message printed); closed in either case by
 * assess_input_close().
 */
struct assess_needs {
	bool symbols, bits, memory;
};
int assess_input_open(struct assess_input *in, const struct assess_options *o,
		      const struct assess_needs *needs);
void assess_input_close(struct assess_input *in);
/* assess_input_check - has the file changed meanwhile? 0 or an exit code. */
int assess_input_check(struct assess_input *in);
void assess_note(struct assess_input *in, const char *text);
/* assess_open_exit - which exit an error of a file is. */
int assess_open_exit(int error);
/* assess_failed - the message of an error (-errno); EXIT_MACHINE. */
int assess_failed(const struct assess_input *in, int error);

/* What --rank-bits looks at: the first million. */
#define ASSESS_RANK_RECORDS 1000000

/* Parts of assess_input_open(). 0 or an exit code, message printed. */
int assess_read_all(struct assess_input *in);
/* Up to cap_bytes, fewer only at the end. -1: errno. */
ssize_t assess_read_full(int fd, uint8_t *ret, size_t cap_bytes);
int assess_decode(struct assess_input *in, const struct assess_options *o,
		  const struct assess_needs *needs);
enum assess_format assess_guess_format(const uint8_t *head, size_t n);
int assess_parse_text(struct assess_input *in, const struct assess_options *o,
		      unsigned *width);
/*
 * assess_pick - the bits of a record that the options choose; without a mask
 * the lowest width (0: 8) after the shift.
 */
uint64_t assess_pick(uint64_t record, const struct assess_options *o,
		     unsigned width);

/* Symbols of few bits, packed one after the other, first bit at the top. */
struct assess_packer {
	unsigned width;
	uint32_t bits;
	unsigned n_bits;  /* not given out yet */
	uint64_t n_taken; /* symbols */
};
/*
 * assess_pack - ret: n bytes are enough. ret_bytes: how many were filled.
 * Returns false where a symbol does not fit: the symbol is number n_taken.
 */
bool assess_pack(struct assess_packer *p, const uint8_t *symbols, size_t n,
		 uint8_t *ret, size_t *ret_bytes);

/*
 * assess_pump - all bits, packed most significant first, in pieces; a last
 * piece of less than a byte is left out. Returns 0 or an exit code.
 */
typedef void assess_feed_fn(void *context, const uint8_t *data, size_t n_bytes);
int assess_pump(struct assess_input *in, assess_feed_fn *feed, void *context);

#endif
