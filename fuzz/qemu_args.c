/* SPDX-License-Identifier: ISC */
/*
 * A process's command line, as /proc shows it: words behind each other, each
 * with a NUL. Read as QEMU's and as the other monitors', and the same bytes as
 * options and as JSON. No word of a secret is kept.
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

static struct opt_list list;

static void judge_list(int r, size_t size)
{
	assert(r == 0 || r == -EBADMSG);
	assert(r == 0 || list.count == 0);
	assert(list.count <= OPT_MAX_PAIRS);
	assert(list.used_bytes <= sizeof list.text);
	for (size_t i = 0; i < list.count; i++) {
		const char *value = opt_get(&list, list.pair[i].key);

		/* Escapes only ever get shorter; "on" and "off" are ours. */
		assert(value && strlen(value) <= size + 3);
	}
	opt_wipe(&list);
}

static void judge_guest(struct host_guest *g)
{
	struct hosts_facts *facts = hosts_facts_new();
	struct machine m = { .host_wanted = true, .hosts = facts };

	assert(g->n_rngs <= GUEST_MAX_RNGS);
	assert(g->rng != HOSTS_NO || g->n_rngs == 0);
	assert(memchr(g->name, '\0', sizeof g->name));
	assert(memchr(g->start_from, '\0', sizeof g->start_from));
	assert(facts && hosts_add_guest(facts, g) == 0);
	for (size_t i = 0; i < family_hosts.n_checks; i++) {
		struct finding f = { .id = family_hosts.checks[i].id };

		if (family_hosts.checks[i].judge(&m, &f))
			assert(f.title && f.severity < SEVERITY_COUNT);
		finding_free(&f);
	}
	hosts_facts_free(facts);
}

static void judge_command(const char *text, size_t size)
{
	struct host_guest g;
	struct vm_args args;

	assert(vm_args_split(&args, text, size) == 0);
	assert(args.argc <= size);
	guest_clear(&g);
	hosts_read_qemu(NULL, &args, &g);
	judge_guest(&g);
	guest_clear(&g);
	if (hosts_read_vmm(NULL, &args, &g))
		judge_guest(&g);
	vm_args_free(&args);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct host_guest g;

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	judge_list(opt_parse(&list, text, "implied"), size);
	judge_list(opt_parse_json(&list, text, size), size);
	judge_command(text, size);
	guest_clear(&g);
	(void)hosts_read_firecracker(text, size, &g);
	judge_guest(&g);
	free(text);
	return 0;
}
