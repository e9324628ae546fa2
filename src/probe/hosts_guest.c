/* SPDX-License-Identifier: ISC */
/* The list of guests: one entry for what is one guest. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "probe/hosts_parts.h"

struct hosts_facts *hosts_facts_new(void)
{
	return calloc(1, sizeof(struct hosts_facts));
}

void hosts_facts_free(struct hosts_facts *facts)
{
	if (!facts)
		return;
	free(facts->guests);
	free(facts->images);
	free(facts);
}

void guest_clear(struct host_guest *g)
{
	memset(g, 0, sizeof *g);
}

void hosts_copy(char *ret_text, size_t cap_bytes, const char *text)
{
	size_t i;

	for (i = 0; i + 1 < cap_bytes && text[i] != '\0'; i++)
		ret_text[i] = (unsigned char)text[i] < ' ' || text[i] == 0x7f ?
				      '?' :
				      text[i];
	ret_text[i] = '\0';
}

uint64_t hosts_number(const char *text)
{
	char *end;
	uint64_t n;

	if (!text || text[0] < '0' || text[0] > '9')
		return 0;
	errno = 0;
	n = strtoull(text, &end, 10);
	return errno == 0 && *end == '\0' ? n : 0;
}

const char *hosts_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

struct guest_rng *guest_add_rng(struct host_guest *g)
{
	if (g->n_rngs == GUEST_MAX_RNGS) {
		g->rngs_more = true;
		return NULL;
	}
	return &g->rngs[g->n_rngs++];
}

bool hosts_is_qemu(const char *argv0, char *ret_arch, size_t cap_bytes)
{
	static const char *const kvm[] = { "kvm", "qemu-kvm" };
	static const char system[] = "qemu-system-";
	const char *base = hosts_base(argv0);

	/* A wrapped program keeps its name behind a dot. */
	base += *base == '.';
	if (strncmp(base, system, sizeof system - 1) == 0) {
		base += sizeof system - 1;
		if (ret_arch) {
			hosts_copy(ret_arch, cap_bytes, base);
			ret_arch[strcspn(ret_arch, "-.")] = '\0';
		}
		return *base != '\0';
	}
	for (size_t i = 0; i < ARRAY_LEN(kvm); i++)
		if (strcmp(base, kvm[i]) == 0)
			return true;
	return false;
}

static bool is_same(const struct host_guest *a, const struct host_guest *b)
{
	if (a->pid > 0 && b->pid > 0)
		return a->pid == b->pid;
	if (a->uuid[0] != '\0' && b->uuid[0] != '\0')
		return strcasecmp(a->uuid, b->uuid) == 0;
	return strcmp(a->name, b->name) == 0;
}

/* What is in b and not in a; a was seen closer to the running guest. */
static void join(struct host_guest *a, const struct host_guest *b)
{
#define TAKE(field) \
	do { \
		if (a->field[0] == '\0') \
			memcpy(a->field, b->field, sizeof a->field); \
	} while (0)
	TAKE(running_file);
	TAKE(defined_file);
	TAKE(uuid);
	TAKE(machine);
	TAKE(arch);
	TAKE(accel);
#undef TAKE
	if (b->defined_file[0] != '\0' && a->is_running) {
		/* A definition is what the next start will be. */
		a->defined_rng = b->rng;
		return;
	}
	if (b->pid > 0)
		a->pid = b->pid;
	a->is_running = a->is_running || b->is_running;
	/* Hot-plugged devices are in libvirt's state alone. */
	if (a->n_rngs == 0 && b->rng != HOSTS_UNKNOWN) {
		memcpy(a->rngs, b->rngs, sizeof a->rngs);
		a->n_rngs = b->n_rngs;
		a->rngs_more = b->rngs_more;
		a->rng = b->rng;
	}
	if (b->generation == HOSTS_YES && a->generation != HOSTS_YES) {
		a->generation = HOSTS_YES;
		memcpy(a->generation_id, b->generation_id,
		       sizeof a->generation_id);
	}
	if (b->tpm == HOSTS_YES && a->tpm != HOSTS_YES) {
		a->tpm = HOSTS_YES;
		memcpy(a->tpm_kind, b->tpm_kind, sizeof a->tpm_kind);
		memcpy(a->tpm_model, b->tpm_model, sizeof a->tpm_model);
	}
	/* libvirt knows whether its stream was a restore or a migration. */
	if ((a->start == START_UNKNOWN || a->start == START_DEFERRED) &&
	    b->start != START_UNKNOWN)
		a->start = b->start;
}

int hosts_add_guest(struct hosts_facts *facts, const struct host_guest *g)
{
	for (size_t i = 0; i < facts->n_guests; i++)
		if (is_same(&facts->guests[i], g)) {
			join(&facts->guests[i], g);
			return 0;
		}
	if (facts->n_guests == HOSTS_MAX_GUESTS) {
		facts->guests_more = true;
		return 0;
	}
	if (facts->n_guests == facts->cap_guests) {
		size_t cap = facts->cap_guests ? 2 * facts->cap_guests : 8;
		struct host_guest *more = realloc(facts->guests,
						  cap * sizeof *more);

		if (!more)
			return -ENOMEM;
		facts->guests = more;
		facts->cap_guests = cap;
	}
	facts->guests[facts->n_guests++] = *g;
	return 0;
}
