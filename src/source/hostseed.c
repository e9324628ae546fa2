/* SPDX-License-Identifier: ISC */
/*
 * Seeds the host put there for this guest: mixed once, credited only when the
 * administrator vouches for the host, and never twice for the same bytes.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/locked.h"
#include "base/wipe.h"
#include "source/hostseed_find.h"
#include "source/hostseed_used.h"
#include "source/source.h"

struct hostseed_state {
	struct hostseed_list list;
	struct hostseed_used used;
	bool marked;
	size_t index, given_bytes;
};

static int none_found(struct source *s, const struct hostseed_list *list)
{
	if (list->refused[0])
		return source_absent(s, -EINVAL, "no usable seed: %s",
				     list->refused);
	if (list->denied)
		return source_absent(s, -EACCES,
				     "fw_cfg or SMBIOS can be read by root "
				     "only");
	return source_absent(s, -ENODEV,
			     "the host left no seed (fw_cfg opt/aquifer/seed, "
			     "SMBIOS, credential, cloud metadata)");
}

static void name_origins(struct source *s, const struct hostseed_list *list)
{
	char *behind = s->info.behind;
	size_t used = 0;

	for (size_t i = 0; i < list->count; i++) {
		int n = snprintf(behind + used, sizeof s->info.behind - used,
				 "%s%s", i ? ", " : "", list->seeds[i].origin);

		if (n < 0 || used + (size_t)n >= sizeof s->info.behind)
			break;
		used += (size_t)n;
	}
}

static void judge(struct source *s, const struct hostseed_state *state,
		  const struct source_options *options)
{
	const struct platform *p = s->env->platform;

	if (platform_is_confidential(p))
		source_lower(s, 0, "confidential guest (%s): the host knows it",
			     p->confidential_why);
	else if (!options->credit_host_seed)
		source_lower(s, 0,
			     "not credited unless the configuration "
			     "says so (credit = yes)");
	else if (state->list.plain)
		source_lower(s, 0,
			     "neither hexadecimal nor base64: what a "
			     "letter is worth is not known");
	else if (hostseed_used_any(&state->used, &state->list))
		source_lower(s, 0, "the same bytes were used before");
}

static int hostseed_open(struct source *s, const struct source_options *options)
{
	struct hostseed_state *state = locked_alloc(sizeof *state, NULL);
	int r;

	if (!state)
		return source_absent(s, -ENOMEM, "out of memory");
	hostseed_find(s->env, options->path, &state->list);
	if (state->list.count == 0) {
		r = none_found(s, &state->list);
		locked_free(state, sizeof *state);
		return r;
	}
	hostseed_used_open(&state->used, s->env);
	name_origins(s, &state->list);
	judge(s, state, options);
	s->state = state;
	return 0;
}

/* Written down before a byte is used: a crash must not let it count twice. */
static void mark_used(struct source *s, struct hostseed_state *state)
{
	bool again = false;
	int r = hostseed_used_mark(&state->used, &state->list, &again);

	state->marked = true;
	if (r < 0)
		source_lower(s, 0,
			     "mixed, not credited: /run/aquifer/"
			     "hostseed.used cannot be written (%s)",
			     strerror(-r));
	else if (again)
		source_lower(s, 0, "the same bytes were used before");
}

static ssize_t hostseed_read(struct source *s, uint8_t *ret_raw,
			     size_t len_bytes)
{
	struct hostseed_state *state = s->state;
	size_t done = 0;

	if (!state->marked)
		mark_used(s, state);
	while (done < len_bytes && state->index < state->list.count) {
		struct hostseed *seed = &state->list.seeds[state->index];
		size_t n = min_size(len_bytes - done,
				    seed->len_bytes - state->given_bytes);

		memcpy(ret_raw + done, seed->bytes + state->given_bytes, n);
		wipe(seed->bytes + state->given_bytes, n);
		done += n;
		state->given_bytes += n;
		if (state->given_bytes == seed->len_bytes) {
			state->index++;
			state->given_bytes = 0;
		}
	}
	return (ssize_t)done;
}

static void hostseed_close(struct source *s)
{
	struct hostseed_state *state = s->state;

	hostseed_used_close(&state->used);
	locked_free(state, sizeof *state);
}

const struct source_class source_hostseed = {
	.name = "hostseed",
	.title = "one-shot seed of the host: fw_cfg, SMBIOS, cloud metadata",
	.domain = DOMAIN_HOST,
	.flags = SOURCE_ONCE | SOURCE_CONDITIONED,
	.record_bytes = 1,
	.symbol_bits = 8,
	.claim = {
		.mbits_per_symbol = 4000,
		.basis = "docs/claims.md: hostseed",
		.platforms = "any VM; 0 unless the administrator vouches",
	},
	/* Raw seeds may be hexadecimal text: four bits a letter. */
	.test_mbits = 4000,
	.deadline_ns = 0,
	.batch_bytes = HOSTSEED_BYTES_MAX,
	.open = hostseed_open,
	.read = hostseed_read,
	.close = hostseed_close,
};
