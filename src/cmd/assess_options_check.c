/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options that contradict each other, or are of something not asked for. */
#include <math.h>
#include <string.h>

#include "base/bytes.h"
#include "cmd/assess.h"

struct rule {
	bool broken;
	const char *says;
};

static int obey(const struct rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (rules[i].broken)
			return cmd_usage(&command_assess, "%s", rules[i].says);
	}
	return 0;
}

bool assess_lists_plots(const struct assess_options *o)
{
	return o->n_plots == 1 && strcmp(o->plots[0], "list") == 0;
}

bool assess_lists_specimens(const struct assess_options *o)
{
	return o->specimen && strcmp(o->specimen, "list") == 0;
}

/* A component alone, with all of its figures given, needs no samples. */
static bool needs_file(const struct assess_options *o)
{
	if (assess_lists_plots(o) || assess_lists_specimens(o))
		return false;
	return o->all || o->suites != 1u << ASSESS_CONDITIONING ||
	       assess_conditioning_reads(o);
}

static int check_conditioning(const struct assess_options *o)
{
	const struct assess_conditioning *c = &o->conditioning;
	bool chosen = assess_chosen(o, ASSESS_CONDITIONING);
	bool vetted = c->component == ASSESS_VETTED;
	bool reads = needs_file(o), given = assess_has_samples(o);
	const struct rule rules[] = {
		{ !chosen && (c->component || c->n_in || c->n_out || c->nw ||
			      !isnan(c->h_in) || !isnan(c->h_prime)),
		  "--component, --n-in, --n-out, --nw, --h-in and --h-prime "
		  "are of --suite conditioning" },
		{ chosen && !c->component,
		  "--suite conditioning needs --component vetted (one of "
		  "SP 800-90B 3.1.5.1.1) or non-vetted" },
		{ chosen && !(c->n_in && c->n_out && c->nw),
		  "--suite conditioning needs --n-in, --n-out and --nw: the "
		  "bits that go in and come out, and the narrowest width "
		  "between" },
		{ chosen && c->h_in > (double)c->n_in,
		  "--h-in is of the whole input, and cannot be more than "
		  "--n-in" },
		{ vetted && !isnan(c->h_prime),
		  "--h-prime is of a component that is not vetted" },
		{ chosen && !vetted && isnan(c->h_in),
		  "a component that is not vetted needs --h-in; a file is "
		  "samples of its output" },
		{ chosen && vetted && reads && !given,
		  "name a file of the noise source's samples, or say what goes "
		  "in by --h-in" },
		{ chosen && !vetted && reads && !given,
		  "name a file of the component's output, or say by --h-prime "
		  "what a bit of it holds" },
		{ chosen && !reads && given,
		  "every figure is given, so the samples would not be looked "
		  "at; leave them out, or --h-in (--h-prime)" },
		{ chosen && !reads && !isnan(o->claim),
		  "--claim is of samples, and there are none" },
		{ chosen && !reads && (o->n_plots || o->report),
		  "pictures are of samples, and there are none" },
	};

	return obey(rules, ARRAY_LEN(rules));
}

/* Options of a suite that was not chosen would be passed over silently. */
static int check_suites(const struct assess_options *o)
{
	bool sp80022 = assess_chosen(o, ASSESS_SP80022);
	const struct rule rules[] = {
		{ (o->streams || o->stream_bits) && !sp80022,
		  "--streams and --stream-bits are of --suite sp800-22" },
		{ o->full && !assess_chosen(o, ASSESS_IID),
		  "--full is of --suite iid" },
		{ o->rows && !assess_chosen(o, ASSESS_RESTART),
		  "--rows and --cols are of --suite restart" },
		{ o->standard_fips && !assess_chosen(o, ASSESS_FIPS140),
		  "--fips-as is of --suite fips140" },
	};

	return obey(rules, ARRAY_LEN(rules));
}

int assess_check_together(const struct assess_options *o)
{
	bool picks = o->mask || o->shift_given;
	unsigned picked = (unsigned)__builtin_popcountll(o->mask);
	const struct rule rules[] = {
		{ needs_file(o) && !assess_has_samples(o), "name a file" },
		{ o->file && o->specimen, "a file or a specimen, not both" },
		{ o->file && strlen(o->file) == 0, "the file's name is empty" },
		{ o->specimen && (o->format != ASSESS_AUTO || o->bits || picks),
		  "a specimen's form is known: no --format, --bits, --mask" },
		{ o->specimen && o->raw,
		  "a specimen is a generator, and no raw noise" },
		{ o->mask && o->bits && picked != o->bits,
		  "--mask sets other bits than --bits counts; one will do" },
		{ picks && (o->format == ASSESS_BITS_MSB ||
			    o->format == ASSESS_BITS_LSB),
		  "--mask and --shift choose bits of records, not of packed "
		  "bits" },
		{ (o->rows == 0) != (o->columns == 0),
		  "--rows and --cols go together" },
		{ o->rank_bits && (o->report || o->n_plots || o->specimen ||
				   o->suites || picks),
		  "--rank-bits answers in text or --json, about the records "
		  "of a file as they are" },
	};
	int code = check_conditioning(o);

	if (code == 0)
		code = obey(rules, ARRAY_LEN(rules));
	if (code == 0)
		code = check_suites(o);
	return code ? code : assess_check_pages(o);
}
