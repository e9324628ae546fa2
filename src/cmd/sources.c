/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "cmd/cmd.h"
#include "cmd/look.h"

#define CLASSES_MAX 16

static const char usage[] =
	"usage: aquifer sources [--json] [--measure SECONDS]\n"
	"\n"
	"Every noise source this program knows: is it here, who stands behind it,\n"
	"what is it credited with and why, and do its raw symbols pass the start-up\n"
	"health test. A claim is min-entropy a symbol (one byte, or one timing), in\n"
	"bits here and in millibits with --json. --measure reads each source for\n"
	"SECONDS, a TPM too, and shows its rate and a quick estimate; an estimate can\n"
	"show that a source is bad, never that it is good.\n"
	"\n"
	"exit: 0; 2 usage; 3 nothing could be looked at; 130 on Ctrl-C.\n";

struct options {
	bool json;
	double measure_s;
};

static json_t *look_json(const struct look *k)
{
	const struct source_info *info = &k->source.info;
	const struct source_class *class = k->source.class;
	/* clang-format off */
	json_t *o = json_pack(
		"{ss ss ss sb so so sI sI ss ss ss sI}",
		"name", k->source.name, "title", class->title,
		"domain", domain_name(info->domain), "present", info->present,
		"reason", cmd_json_text(info->reason),
		"behind", cmd_json_text(info->behind),
		"claim_mbits_per_symbol", (json_int_t)info->claim_mbits,
		"class_claim_mbits_per_symbol",
		(json_int_t)class->claim.mbits_per_symbol,
		"basis", class->claim.basis, "platforms",
		class->claim.platforms, "health", k->health,
		"symbol_bits", (json_int_t)class->symbol_bits);
	/* clang-format on */

	if (k->open_error < 0)
		(void)json_object_set_new(o, "error",
					  json_string(strerror(-k->open_error)));
	if (k->measured)
		(void)json_object_set_new(
			o, "measured",
			json_pack("{sI sf sf sI sI}", "symbols",
				  (json_int_t)k->symbol_count, "seconds",
				  k->seconds, "symbols_per_s", k->symbols_per_s,
				  "quick_estimate_mbits_per_symbol",
				  (json_int_t)k->estimate_mbits, "not_ready",
				  (json_int_t)k->not_ready_count));
	return o;
}

static void show_rate(const struct look *k)
{
	char estimate[32];

	(void)printf("%*s", 14, "");
	text_put(stdout, TONE_PLAIN, 0,
		 "%.0f symbols/s; quick estimate %s bits", k->symbols_per_s,
		 text_mbits(k->estimate_mbits, estimate, sizeof estimate));
	if (k->not_ready_count)
		(void)printf("; not ready %llu times",
			     (unsigned long long)k->not_ready_count);
	(void)printf("\n");
}

static void show_look(const struct look *k)
{
	const struct source_info *info = &k->source.info;
	bool here = info->present;
	char claim[32];

	text_put(stdout, here ? TONE_STRONG : TONE_WEAK, 12, "%s",
		 k->source.name);
	(void)printf("  ");
	text_put(stdout, TONE_PLAIN, 8, "%s", domain_name(info->domain));
	if (here && k->open_error == 0)
		text_put(stdout, info->claim_mbits ? TONE_GOOD : TONE_PLAIN, 8,
			 "%s",
			 text_mbits(info->claim_mbits, claim, sizeof claim));
	else
		text_put(stdout, TONE_WEAK, 8, "-");
	if (!here || k->open_error < 0) {
		text_wrap(stdout, 30, TONE_WEAK,
			  info->reason[0] ? info->reason :
					    strerror(-k->open_error));
		return;
	}
	text_put(stdout,
		 k->health_bad  ? TONE_BAD :
		 k->health_good ? TONE_GOOD :
				  TONE_PLAIN,
		 0, "%s", k->health);
	(void)printf("%s%s\n", info->behind[0] ? "; " : "", info->behind);
	if (info->reason[0]) {
		(void)printf("%*s", 30, "");
		text_wrap(stdout, 30, TONE_PLAIN, info->reason);
	}
	if (k->measured)
		show_rate(k);
}

static void show_all(const struct look *looks, size_t n)
{
	const struct platform *p = cmd_env()->platform;
	unsigned domains = 0;
	bool seen[DOMAIN_COUNT] = { false };

	text_put(stdout, TONE_STRONG, 0, "%-12s  %-8s%-8s%s\n", "source",
		 "domain", "claim", "state");
	for (size_t i = 0; i < n; i++) {
		show_look(&looks[i]);
		if (looks[i].open_error == 0 &&
		    looks[i].source.info.claim_mbits > 0 &&
		    !(looks[i].source.class->flags & SOURCE_NOT_IN_DAEMON))
			seen[looks[i].source.info.domain] = true;
	}
	for (unsigned d = 0; d < DOMAIN_COUNT; d++)
		domains += seen[d];
	(void)printf("\nclaim: bits of min-entropy a symbol, credited while the "
		     "health tests pass\n%s%s%s; %u trust domain%s that aquiferd "
		     "can credit\n",
		     p->hypervisor ? "virtual machine" : "no hypervisor seen",
		     p->hypervisor ? ", " : "", p->hypervisor_name, domains,
		     domains == 1 ? "" : "s");
	for (size_t i = 0; i < n; i++) {
		if (!looks[i].measured)
			continue;
		(void)printf("quick estimate: what a few predictors reach on at "
			     "most 65536 symbols. Too few symbols\nlower it; a "
			     "high figure proves nothing.\n");
		break;
	}
	if (geteuid() != 0)
		(void)printf("run as root to see what needs root (%s)\n",
			     "/dev/hwrng, TPM, host seeds");
}

static int look_at_all(const struct options *o)
{
	static struct look looks[CLASSES_MAX];
	uint64_t start_ns = clock_boottime_ns(), done = 0, total;
	size_t n = 0, n_classes = 0;
	json_t *list = json_array(), *root;

	while (source_class_at(n_classes))
		n_classes++;
	total = (uint64_t)(o->measure_s * 1e9) * n_classes;
	for (; n < n_classes && n < CLASSES_MAX && !cmd_interrupted(); n++) {
		look_at(&looks[n], source_class_at(n), cmd_env(), o->measure_s,
			&done, total, start_ns);
		(void)json_array_append_new(list, look_json(&looks[n]));
	}
	progress_end();
	root = json_pack("{so}", "sources", list);
	if (cmd_interrupted()) {
		json_decref(root);
		return EXIT_INTERRUPTED;
	}
	if (o->json) {
		(void)json_dumpf(root, stdout,
				 JSON_INDENT(2) | JSON_REAL_PRECISION(6));
		(void)printf("\n");
	} else {
		show_all(looks, n);
	}
	json_decref(root);
	return n > 0 && fflush(stdout) == 0 ? EXIT_YES : EXIT_MACHINE;
}

static int run(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "measure", required_argument, NULL, 'm' },
		{ NULL, 0, NULL, 0 },
	};
	struct options o = { 0 };
	char *end;
	int c;

	opterr = 0; /* the message is ours */
	while ((c = getopt_long(argc, argv, "jm:", longs, NULL)) >= 0) {
		if (c == 'j') {
			o.json = true;
		} else if (c == 'm') {
			o.measure_s = strtod(optarg, &end);
			if (*end || !(o.measure_s > 0 && o.measure_s <= 3600))
				return cmd_usage(&command_sources,
						 "--measure takes seconds, up "
						 "to 3600, not '%s'",
						 optarg);
		} else {
			return cmd_usage(&command_sources, "unknown option");
		}
	}
	if (optind < argc)
		return cmd_usage(&command_sources, "unknown argument '%s'",
				 argv[optind]);
	cmd_catch_interrupt();
	return look_at_all(&o);
}

const struct command command_sources = {
	.name = "sources",
	.summary = "this machine's noise sources and what each is worth",
	.usage = usage,
	.run = run,
};
