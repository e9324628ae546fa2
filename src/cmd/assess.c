/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/assess.h"

static const char usage[] =
	"usage: aquifer assess FILE [--suite LIST] [OPTIONS]\n"
	"       aquifer assess --specimen NAME [--suite LIST] [OPTIONS]\n"
	"       aquifer assess [FILE] --suite conditioning --component WHICH\n"
	"                      --n-in N --n-out N --nw N [--h-in BITS] [--h-prime BITS]\n"
	"\n"
	"Judges samples by the standards' tests and gives one verdict a suite. Lack of\n"
	"randomness can be shown, randomness cannot: each verdict says what it does not\n"
	"mean. FILE '-' is standard input; FILE.json, which 'aquifer record' writes, is\n"
	"read where it is there.\n"
	"\n"
	"  --suite LIST       of sp800-90b, iid, restart, conditioning, health, sp800-22,\n"
	"                     fips140, ais31, quick, all (default: all that applies,\n"
	"                     without conditioning and ais31)\n"
	"  --claim BITS       min-entropy a symbol that is claimed (else FILE.json's)\n"
	"  --raw              raw noise: sp800-90b and restart decide, others inform\n"
	"  --alpha P          level of a suite's one test (default 0.0001)\n"
	"  --allow-short      figures of too few samples, without a verdict\n"
	"\n"
	"What FILE holds (otherwise found out and said):\n"
	"  --format FORMAT    bytes: a symbol a byte; bits-msb, bits-lsb: packed; text:\n"
	"                     numbers; le16, le32, le64: records; auto\n"
	"  --bits N           bits of a symbol, 1 to 8\n"
	"  --mask M --shift N the bits of wide records that make the symbol, at most 8\n"
	"  --rank-bits        lists the bits of records by what each holds alone\n"
	"\n"
	"Of single suites:\n"
	"  --streams N --stream-bits N   sp800-22 (default: all, of 1048576 bits)\n"
	"  --seed N --full               iid: of the permutations; every test to its end\n"
	"  --rows N --cols N             restart: of the matrix (else FILE.json's)\n"
	"  --fips-as rngtest5|standard   fips140: whose counting (default rngtest5)\n"
	"  --component vetted|non-vetted conditioning: of SP 800-90B 3.1.5.1.1, or not\n"
	"  --n-in N --n-out N --nw N     its input, output and narrowest width, in bits\n"
	"  --h-in BITS        min-entropy of that input (vetted: else by FILE, the noise)\n"
	"  --h-prime BITS     of a bit of output (non-vetted: else by FILE, the output)\n"
	"\n"
	"How to answer (otherwise text):\n"
	"  --json             --report FILE.html  one page with pictures\n"
	"  --plot [KIND=]FILE.png|.svg  one picture; --plot list names the kinds\n"
	"  --threads N        default: all processors; the answer does not change\n"
	"  --specimen NAME    a generator known as bad or good; --specimen list\n"
	"\n"
	"exit: 0 no reason against it was found; 1 the answer is no; 2 usage, unusable\n"
	"input or too little of it; 3 the machine failed (memory, I/O); 130 on Ctrl-C.\n";

static int exit_of(enum verdict_answer answer)
{
	static const int codes[] = {
		[VERDICT_YES] = EXIT_YES,
		[VERDICT_NO] = EXIT_NO,
		[VERDICT_NOT_JUDGED] = EXIT_USAGE,
	};

	return codes[answer];
}

static struct assess_needs needs_of(const struct assess_options *o)
{
	bool draws = o->report || o->n_plots > 0;
	struct assess_needs needs = { .symbols = draws, .memory = draws };

	for (unsigned i = 0; i < ASSESS_SUITES; i++) {
		if (!assess_chosen(o, i) ||
		    (assess_suites[i]->reads && !assess_suites[i]->reads(o)))
			continue;
		needs.symbols |= !assess_suites[i]->takes_bits;
		needs.bits |= assess_suites[i]->takes_bits;
		needs.memory |= !assess_suites[i]->streams;
	}
	return needs;
}

static int show(struct assess_run *run)
{
	bool seen = isatty(STDOUT_FILENO);
	int code = 0;

	/* A refusal is told where errors are, if the rest is not seen there. */
	for (unsigned i = 0; i < ASSESS_SUITES && (run->o->json || !seen); i++) {
		const struct assess_outcome *a = run->outcomes[i];

		if (a && a->decides && a->verdict == VERDICT_REFUSED)
			(void)cmd_fail(&command_assess, 0, "%s: %s: %s",
				       run->in->name, assess_suites[i]->name,
				       a->says);
	}
	code = assess_show_pages(run);
	if (code != 0)
		return code;
	if (run->o->json)
		return assess_show_json(stdout, run);
	assess_show_text(stdout, run);
	return 0;
}

/* The claim cannot be larger than the symbol. */
static int check_claim(const struct assess_run *run)
{
	unsigned bits = run->in->samples.bits;

	if (bits == 0 || !(run->in->claim > bits))
		return 0;
	return cmd_fail(&command_assess, EXIT_USAGE,
			"%s: a claim of %g bits is more than a symbol of %u "
			"bit%s can hold",
			run->in->name, run->in->claim, bits,
			bits == 1 ? "" : "s");
}

static void free_outcomes(struct assess_run *run)
{
	for (unsigned i = 0; i < ASSESS_SUITES; i++) {
		if (run->outcomes[i])
			assess_outcome_free(run->outcomes[i]);
		run->outcomes[i] = NULL;
	}
}

static int assess(const struct assess_options *o)
{
	static struct assess_input input;
	struct assess_run run = { .o = o, .in = &input, .threads = o->threads };
	struct assess_needs needs = needs_of(o);
	int code;

	input.texts = &run.texts;
	code = assess_input_open(&input, o, &needs);
	if (code == 0)
		code = check_claim(&run);
	if (code == 0)
		code = assess_check_outputs(o, &input);
	if (code == 0)
		code = assess_suites_run(&run);
	if (code == 0)
		code = assess_input_check(&input);
	if (code == 0 && run.texts.failed)
		code = cmd_fail(&command_assess, EXIT_MACHINE, "%s",
				strerror(ENOMEM));
	if (code == 0)
		code = show(&run);
	if (code == 0)
		code = exit_of(assess_answer(&run));
	free_outcomes(&run);
	assess_input_close(&input);
	assess_texts_free(&run.texts);
	return code;
}

static int run_command(int argc, char **argv)
{
	struct assess_options o;
	int code = assess_parse(argc, argv, &o);

	if (code != 0)
		return code;
	if (assess_lists_specimens(&o))
		return assess_specimen_list();
	if (assess_lists_plots(&o))
		return assess_plot_list();
	assess_leave_at_once();
	if (o.rank_bits)
		return assess_rank_bits(&o);
	return assess(&o);
}

const struct command command_assess = {
	.name = "assess",
	.summary = "what can be proved about samples of a source",
	.usage = usage,
	.run = run_command,
};
