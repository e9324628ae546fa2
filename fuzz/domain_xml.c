/* SPDX-License-Identifier: ISC */
/*
 * XML that claims to be a libvirt domain or snapshot. What is read of it stays
 * within its bounds, is text without control characters, and nothing is taken
 * from a document that was refused.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "doctor/check.h"
#include "probe/hosts_parts.h"

/* An assertion must hold in every build. */
#ifdef NDEBUG
#error "fuzzers are built with assertions"
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void is_text(const char *text, size_t cap_bytes)
{
	assert(memchr(text, '\0', cap_bytes));
	for (; *text; text++)
		assert((unsigned char)*text >= ' ' && *text != 0x7f);
}

#define IS_TEXT(field) is_text(field, sizeof(field))

static void judge_guest(const struct host_guest *g)
{
	IS_TEXT(g->name);
	IS_TEXT(g->uuid);
	IS_TEXT(g->machine);
	IS_TEXT(g->arch);
	IS_TEXT(g->accel);
	IS_TEXT(g->cpu_model);
	IS_TEXT(g->generation_id);
	IS_TEXT(g->tpm_kind);
	IS_TEXT(g->tpm_model);
	IS_TEXT(g->confidential);
	assert(g->n_rngs <= GUEST_MAX_RNGS);
	assert(g->rng != HOSTS_NO || g->n_rngs == 0);
	for (unsigned i = 0; i < g->n_rngs; i++) {
		IS_TEXT(g->rngs[i].device);
		IS_TEXT(g->rngs[i].kind);
		IS_TEXT(g->rngs[i].path);
		IS_TEXT(g->rngs[i].host);
		IS_TEXT(g->rngs[i].port);
	}
}

/* Whatever was read, each check can speak of it. */
static void judge_findings(struct hosts_facts *facts)
{
	struct machine m = { .host_wanted = true, .hosts = facts };

	for (size_t i = 0; i < family_hosts.n_checks; i++) {
		struct finding f = { .id = family_hosts.checks[i].id };

		if (family_hosts.checks[i].judge(&m, &f))
			assert(f.title && f.severity < SEVERITY_COUNT);
		finding_free(&f);
	}
}

static void judge_domain(const char *text, size_t size)
{
	struct hosts_facts *facts = hosts_facts_new();
	struct host_guest g;
	int r;

	guest_clear(&g);
	r = hosts_read_domain(text, size, &g);
	assert(r == 0 || r == -EBADMSG || r == -EFBIG);
	assert(r == 0 || (g.pid == 0 && g.name[0] == '\0' && g.n_rngs == 0));
	judge_guest(&g);
	assert(facts);
	if (r == 0) {
		assert(hosts_add_guest(facts, &g) == 0);
		judge_findings(facts);
	}
	hosts_facts_free(facts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char file[HOSTS_PATH_BYTES] = "";
	int r;

	judge_domain((const char *)data, size);
	r = hosts_read_snapshot((const char *)data, size, file, sizeof file);
	assert(r == 0 || r == 1 || r == -EBADMSG || r == -EFBIG);
	IS_TEXT(file);
	return 0;
}
