/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "daemon/config_keys.h"
#include "daemon/config_value.h"

#define SOCKET_PATH_BYTES sizeof(((struct sockaddr_un *)NULL)->sun_path)

/* The class whose bytes somebody has to vouch for. */
static const char host_seed_class[] = "hostseed";

/* Who has a device or a socket that can be another one. */
static const bool has_path[DOMAIN_COUNT] = {
	[DOMAIN_HOST] = true,
	[DOMAIN_TPM] = true,
	[DOMAIN_USER] = true,
};

/* clang-format off */
static const struct config_range
	interval_range = { 10 * NS_PER_S, 24 * 3600 * NS_PER_S, "10s to 24h" },
	once_bound_range = { 10 * NS_PER_MS, 60 * NS_PER_S, "10ms to 60s" },
	alpha_range = { 20, 60, "20 to 60 (30 stands for 2^-30)" };
/* clang-format on */

const struct source_class *config_class_of(const struct config_lane *lane)
{
	const struct source_class *class = source_class_find(lane->class_name);

	assert(class);
	return class;
}

bool config_takes_path(const struct source_class *class)
{
	return has_path[class->domain] &&
	       strcmp(class->name, host_seed_class) != 0;
}

struct config_note *config_note_of(struct config_parser *p)
{
	return p->lane ? &p->notes[p->lane - p->config.lanes] : &p->aquiferd;
}

static int set_interval(struct config_parser *p, const char *value)
{
	return config_duration(value, &interval_range, &p->config.interval_ns,
			       &p->error);
}

static int set_once_bound(struct config_parser *p, const char *value)
{
	return config_duration(value, &once_bound_range,
			       &p->config.once_bound_ns, &p->error);
}

static int set_alpha(struct config_parser *p, const char *value)
{
	uint64_t n = 0;
	int r = config_number(value, &alpha_range, &n, &p->error);

	if (r == 0)
		p->config.alpha_log2 = (unsigned)n;
	return r;
}

static int set_confidential(struct config_parser *p, const char *value)
{
	/* In the order of enum config_choice. */
	static const char *const words[] = { "auto", "yes", "no", NULL };
	unsigned index = 0;
	int r = config_word(value, words, &index, &p->error);

	if (r == 0)
		p->config.confidential = (enum config_choice)index;
	return r;
}

static int set_user(struct config_parser *p, const char *value)
{
	return config_user(value, p->config.user, sizeof p->config.user,
			   &p->error);
}

static int set_seed_file(struct config_parser *p, const char *value)
{
	return config_path(value, p->config.seed_file,
			   sizeof p->config.seed_file, &p->error);
}

static int set_status_socket(struct config_parser *p, const char *value)
{
	return config_path(value, p->config.status_socket, SOCKET_PATH_BYTES,
			   &p->error);
}

static int set_enabled(struct config_parser *p, const char *value)
{
	bool enabled;
	int r = config_bool(value, &enabled, &p->error);

	if (r < 0)
		return r;
	if (enabled && config_class_of(p->lane)->flags & SOURCE_NOT_IN_DAEMON)
		return config_refuse(&p->error,
				     "aquiferd never runs this source: leave "
				     "the line out (aquifer sources tells why)");
	p->lane->enabled = enabled;
	return 0;
}

static int set_claim(struct config_parser *p, const char *value)
{
	const uint64_t max_mbits = config_class_of(p->lane)->symbol_bits * 1000;
	const struct config_range range = {
		0, max_mbits, "0 to 1000 millibits for each bit of a symbol"
	};
	uint64_t n = 0;
	int r = config_number(value, &range, &n, &p->error);

	if (r == 0) {
		p->lane->claim_mbits = (uint32_t)n;
		config_note_of(p)->claim_line = p->line;
	}
	return r;
}

static int set_claim_up(struct config_parser *p, const char *value)
{
	config_note_of(p)->claim_up_line = p->line;
	return config_bool(value, &config_note_of(p)->claim_up, &p->error);
}

static int set_policy(struct config_parser *p, const char *value)
{
	/* In the order of enum lane_policy. */
	static const char *const words[] = { "alarm", "drop", "stop", NULL };

	return config_word(value, words, &p->lane->policy, &p->error);
}

static int set_path(struct config_parser *p, const char *value)
{
	const struct source_class *class = config_class_of(p->lane);

	if (class->domain == DOMAIN_DISK)
		return config_refuse(&p->error,
				     "belongs in [aquiferd]: write seed-file "
				     "there");
	if (!config_takes_path(class))
		return config_refuse(&p->error,
				     "this source has no path: leave the line "
				     "out");
	return config_path(value, p->lane->path, sizeof p->lane->path,
			   &p->error);
}

static int set_credit(struct config_parser *p, const char *value)
{
	if (strcmp(p->lane->class_name, host_seed_class) != 0)
		return config_refuse(&p->error,
				     "only [%s] has this key: leave the line "
				     "out",
				     host_seed_class);
	return config_bool(value, &p->lane->credit_host_seed, &p->error);
}

struct key {
	const char *name;
	int (*set)(struct config_parser *p, const char *value);
};

static const struct key aquiferd_keys[] = {
	{ "interval", set_interval },
	{ "once-bound", set_once_bound },
	{ "alpha", set_alpha },
	{ "confidential", set_confidential },
	{ "user", set_user },
	{ "seed-file", set_seed_file },
	{ "status-socket", set_status_socket },
	{ NULL, NULL },
};

static const struct key lane_keys[] = {
	{ "enabled", set_enabled },
	{ "claim", set_claim },
	{ "claim-up", set_claim_up },
	{ "policy", set_policy },
	{ "path", set_path },
	{ "credit", set_credit },
	{ NULL, NULL },
};

static int unknown_key(struct config_parser *p, const struct key *keys,
		       const char *key)
{
	char known[100] = "";

	for (size_t i = 0; keys[i].name; i++) {
		size_t used = strlen(known);

		(void)snprintf(known + used, sizeof known - used, " %s",
			       keys[i].name);
	}
	return config_refuse(&p->error, "unknown key '%.60s'; known here:%s",
			     key, known);
}

/* Whose value was refused goes in front of the reason. */
static int name_key(struct config_parser *p, const char *key)
{
	char reason[sizeof p->error.text];

	memcpy(reason, p->error.text, sizeof reason);
	return config_refuse(&p->error, "%s: %s", key, reason);
}

int config_key(struct config_parser *p, const char *key, const char *value)
{
	const struct key *keys = p->lane ? lane_keys : aquiferd_keys;
	unsigned *seen = &config_note_of(p)->keys_seen;
	size_t i = 0;

	if (!p->in_section)
		return config_refuse(&p->error,
				     "'%.60s' stands before the first "
				     "section: write [aquiferd] or a source's "
				     "above it",
				     key);
	while (keys[i].name && strcmp(key, keys[i].name) != 0)
		i++;
	if (!keys[i].name)
		return unknown_key(p, keys, key);
	if (*seen & 1u << i)
		return config_refuse(&p->error,
				     "%s is there twice in this section: "
				     "leave one",
				     key);
	*seen |= 1u << i;
	if (value[0] == '\0')
		return config_refuse(&p->error,
				     "%s has no value: write one or leave the "
				     "line out",
				     key);
	return keys[i].set(p, value) < 0 ? name_key(p, key) : 0;
}
