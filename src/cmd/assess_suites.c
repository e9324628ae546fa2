/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of suites, which of them run, and whose word decides. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "cmd/assess_memory.h"
#include "cmd/assess_sp80022.h"
#include "cmd/assess_suites.h"

const struct assess_suite *const assess_suites[ASSESS_SUITES] = {
	[ASSESS_SP80090B] = &assess_suite_sp80090b,
	[ASSESS_IID] = &assess_suite_iid,
	[ASSESS_RESTART] = &assess_suite_restart,
	[ASSESS_CONDITIONING] = &assess_suite_conditioning,
	[ASSESS_HEALTH] = &assess_suite_health,
	[ASSESS_SP80022] = &assess_suite_sp80022,
	[ASSESS_FIPS140] = &assess_suite_fips140,
	[ASSESS_AIS31] = &assess_suite_ais31,
	[ASSESS_QUICK] = &assess_suite_quick,
};

bool assess_chosen(const struct assess_options *o, unsigned suite)
{
	return (o->suites >> suite & 1) ||
	       (o->all && assess_suites[suite]->in_all);
}

int assess_parse_suites(struct assess_options *o, const char *list)
{
	size_t len;

	for (; *list; list += len + (list[len] == ',')) {
		unsigned i = 0;

		len = strcspn(list, ",");
		if (len == 3 && strncmp(list, "all", len) == 0) {
			o->all = true;
			continue;
		}
		while (i < ASSESS_SUITES &&
		       (strlen(assess_suites[i]->name) != len ||
			strncmp(assess_suites[i]->name, list, len) != 0))
			i++;
		if (i == ASSESS_SUITES)
			return cmd_usage(&command_assess,
					 "no suite '%.*s'; there are sp800-90b, "
					 "iid, restart, conditioning, health, "
					 "sp800-22, fips140, ais31, quick and "
					 "all",
					 (int)len, list);
		o->suites |= 1u << i;
	}
	if (!o->all && o->suites == 0)
		return cmd_usage(&command_assess, "--suite names no suite");
	return 0;
}

/* Named, it runs; as a part of all, only where it makes sense. */
static bool runs(const struct assess_run *run, unsigned i)
{
	const struct assess_suite *s = assess_suites[i];

	if (!assess_chosen(run->o, i))
		return false;
	return (run->o->suites >> i & 1) || !s->applies || s->applies(run);
}

static bool decides(const struct assess_run *run, unsigned i)
{
	const struct assess_suite *s = assess_suites[i];
	bool named = run->o->suites >> i & 1;

	if (s->asked_alone)
		return named;
	return !run->in->raw || s->of_raw;
}

const char *assess_says_not(const struct assess_outcome *a)
{
	return a->says_not ? a->says_not : verdict_says_not(a->verdict);
}

const char *assess_why_informs(unsigned suite)
{
	switch (suite) {
	case ASSESS_IID:
		return "For information: the exit does not depend on it, as "
		       "IID was not claimed (--suite iid).";
	case ASSESS_HEALTH:
		return "For information: the exit does not depend on it, as it "
		       "was not asked for by name (--suite health).";
	default:
		return "For information: the exit does not depend on it, as "
		       "raw noise need not look random.";
	}
}

void assess_outcome_free(struct assess_outcome *a)
{
	json_decref(a->json);
	if (a->battery)
		assess_battery_free(a->battery);
	free(a->battery);
	free(a);
}

bool assess_progress(void *context, double fraction)
{
	const struct assess_run *run = context;

	progress_show(run->progress_name, (uint64_t)(fraction * 1e6), 1000000,
		      run->start_ns);
	return true;
}

int assess_short(struct assess_run *run, struct assess_outcome *ret,
		 const char *says)
{
	(void)assess_refuse(run, ret, says);
	if (run->o->allow_short)
		ret->verdict = VERDICT_NONE;
	return 0;
}

int assess_refuse(struct assess_run *run, struct assess_outcome *ret,
		  const char *says)
{
	(void)run;
	ret->verdict = VERDICT_REFUSED;
	ret->says = says;
	ret->json = json_pack("{s:s}", "needs", says);
	return 0;
}

/* What most data never needs is no reason to refuse it. */
static void warn_deep(struct assess_run *run, const struct assess_suite *s,
		      uint64_t free_bytes)
{
	uint64_t deep = s->deep_bytes(run, run->threads);

	if (deep > free_bytes)
		(void)cmd_fail(&command_assess, 0,
			       "%s: %s would need up to %s of memory if the "
			       "data is full of long repeats, and %s; in that "
			       "case it stops and says so",
			       run->in->name, s->name,
			       assess_size(&run->texts, deep), run->memory_says);
}

/*
 * Before anything starts: fewer threads where that helps, and no where it does
 * not. The suites run one after the other.
 */
static int check_memory(struct assess_run *run)
{
	uint64_t free_bytes = assess_memory().free_bytes;

	run->memory_says = assess_memory_says(&run->texts);
	for (unsigned i = 0; i < ASSESS_SUITES; i++) {
		const struct assess_suite *s = assess_suites[i];
		uint64_t need;

		if (!runs(run, i) || !s->need_bytes)
			continue;
		while ((need = s->need_bytes(run, run->threads)) > free_bytes &&
		       run->threads > 1)
			run->threads--;
		if (need > free_bytes)
			return cmd_fail(&command_assess, EXIT_MACHINE,
					"%s: %s needs %s of memory for %s "
					"samples and %s; nothing was started",
					run->in->name, s->name,
					assess_size(&run->texts, need),
					assess_count(&run->texts,
						     run->in->n_symbols),
					run->memory_says);
		if (need > 0 && s->deep_bytes)
			warn_deep(run, s, free_bytes);
	}
	assess_memory_limit(free_bytes);
	return 0;
}

struct streams {
	void *of[ASSESS_SUITES];
};

static void feed_all(void *context, const uint8_t *data, size_t n_bytes)
{
	const struct streams *s = context;

	for (unsigned i = 0; i < ASSESS_SUITES; i++) {
		if (s->of[i])
			assess_suites[i]->feed(s->of[i], data, n_bytes);
	}
}

/* All that take a stream see each piece once. */
static int run_streams(struct assess_run *run, struct streams *s)
{
	bool some = false;
	int code;

	for (unsigned i = 0; i < ASSESS_SUITES; i++) {
		if (!runs(run, i) || !assess_suites[i]->streams)
			continue;
		s->of[i] = assess_suites[i]->begin(run);
		if (!s->of[i])
			return cmd_fail(&command_assess, EXIT_MACHINE, "%s",
					strerror(ENOMEM));
		some = true;
	}
	if (!some)
		return 0;
	run->progress_name = "reading";
	code = assess_pump(run->in, feed_all, s);
	progress_end();
	return code;
}

static int run_one(struct assess_run *run, unsigned i, void *stream)
{
	struct assess_outcome *a = calloc(1, sizeof *a);
	int code;

	if (!a)
		return cmd_fail(&command_assess, EXIT_MACHINE, "%s",
				strerror(ENOMEM));
	run->outcomes[i] = a;
	a->h_assessed = a->h_initial = a->p_threshold = NAN;
	a->decides = decides(run, i);
	run->progress_name = assess_suites[i]->name;
	run->start_ns = clock_boottime_ns();
	if (!assess_suites[i]->streams)
		(void)assess_progress(run, 0);
	code = assess_suites[i]->run(run, a, stream);
	progress_end();
	return code;
}

int assess_suites_run(struct assess_run *run)
{
	struct streams streams = { { NULL } };
	int code = check_memory(run);

	if (code == 0)
		code = run_streams(run, &streams);
	for (unsigned i = 0; code == 0 && i < ASSESS_SUITES; i++) {
		if (runs(run, i))
			code = run_one(run, i, streams.of[i]);
	}
	for (unsigned i = 0; i < ASSESS_SUITES; i++)
		free(streams.of[i]);
	return code;
}

enum verdict_answer assess_answer(const struct assess_run *run)
{
	enum verdict_answer answer = VERDICT_YES;

	for (unsigned i = 0; i < ASSESS_SUITES; i++) {
		const struct assess_outcome *a = run->outcomes[i];

		if (a && a->decides)
			answer = verdict_join(answer,
					      verdict_answer(a->verdict));
	}
	return answer;
}

/* The first that answers as all together do. */
int assess_deciding(const struct assess_run *run)
{
	enum verdict_answer answer = assess_answer(run);

	for (int i = 0; i < ASSESS_SUITES; i++) {
		const struct assess_outcome *a = run->outcomes[i];

		if (a && a->decides && verdict_answer(a->verdict) == answer)
			return i;
	}
	return -1;
}
