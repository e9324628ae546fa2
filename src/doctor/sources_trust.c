/* SPDX-License-Identifier: ISC */
/*
 * What the kernel counts as entropy, source by source. Releases: see
 * docs/kernel-rng.md. A distribution may have an option earlier than mainline,
 * so what the configuration names goes before what the release promises.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/kernel_rng.h"
#include "doctor/sources_parts.h"

unsigned sources_release(const struct machine *m)
{
	struct kernel_version v;

	if (!kernel_version_parse(m->platform.kernel_release, &v))
		return 0;
	return v.major * 1000 + v.minor;
}

static void decide(struct sources_trust *ret, enum sources_counts counts,
		   const char *head, const char *value, const char *tail)
{
	ret->counts = counts;
	(void)snprintf(ret->why, sizeof ret->why, "%s%s%s%s", head, value,
		       tail ? " " : "", tail ? tail : "");
}

struct trust_rule {
	const char *parameter;
	enum sources_option option;
	unsigned since; /* no way to count it before */
	const char *since_text;
	unsigned parameter_since; /* before, the words say nothing */
};

/* The stable series got both options and both words with the new random.c. */
static bool is_since(const struct machine *m, unsigned since)
{
	unsigned release = sources_release(m);

	return release == 0 || release >= since ||
	       (m->boot != NULL && m->boot->kernel.semantics.new_random);
}

/* From 6.2 on there is no option: both are trusted unless the words say no. */
#define ALWAYS_SINCE 6002

static void trust(const struct machine *m, const struct trust_rule *rule,
		  int parameter, struct sources_trust *ret)
{
	const struct sources_facts *s = m->sources;
	char option = s->config.value[rule->option];
	unsigned release = sources_release(m);

	bool heeded = is_since(m, rule->parameter_since) ||
		      (option != 0 && rule->parameter_since == rule->since) ||
		      (option == 0 && parameter == 0);

	if (parameter >= 0 && heeded && (is_since(m, rule->since) || option != 0))
		decide(ret, parameter ? COUNTS_YES : COUNTS_NO, rule->parameter,
		       parameter ? "on" : "off", "on the kernel command line");
	else if (option != 0)
		decide(ret, option == 'y' ? COUNTS_YES : COUNTS_NO,
		       sources_option_name(rule->option),
		       option == 'y' ? "=y" : " is not set", "in its config");
	else if (release >= ALWAYS_SINCE)
		decide(ret, COUNTS_YES, "Linux ", m->platform.kernel_release,
		       "does so unless told not to");
	else if (release == 0)
		decide(ret, COUNTS_UNKNOWN, "the kernel's release", "",
		       "is not known");
	else if (!is_since(m, rule->since) && s->config.path[0] == '\0' &&
		 strstr(m->platform.kernel_release, ".el"))
		decide(ret, COUNTS_UNKNOWN, sources_option_name(rule->option),
		       "",
		       "is not known, and RHEL has it earlier than mainline");
	else if (!is_since(m, rule->since))
		decide(ret, COUNTS_NEVER, "Linux before ", rule->since_text,
		       "never does");
	else
		decide(ret, COUNTS_UNKNOWN, sources_option_name(rule->option),
		       "", "of this kernel is not known");
}

void sources_trust_cpu(const struct machine *m, struct sources_trust *ret)
{
	static const struct trust_rule rule = {
		"random.trust_cpu=",
		SOURCES_RANDOM_TRUST_CPU,
		4019,
		"4.19",
		4019,
	};
	const struct sources_facts *s = m->sources;

	if (s->cpu.trust_seen)
		decide(ret, COUNTS_YES,
		       "the kernel's log says \"trusting CPU's manufacturer\"",
		       "", NULL);
	else if (s->config.value[SOURCES_ARCH_RANDOM] == 'n' &&
		 s->cpu.arch == SOURCES_X86 && sources_release(m) < 6000)
		decide(ret, COUNTS_NEVER, "CONFIG_ARCH_RANDOM",
		       " is not set:", "this kernel is built without it");
	else
		trust(m, &rule, s->command_line.trust_cpu, ret);
}

void sources_trust_bootloader(const struct machine *m, struct sources_trust *ret)
{
	static const struct trust_rule rule = {
		"random.trust_bootloader=",
		SOURCES_RANDOM_TRUST_BOOTLOADER,
		5004,
		"5.4",
		5018,
	};

	trust(m, &rule, m->sources->command_line.trust_bootloader, ret);
}

bool sources_hwrng_name(const char *list, char *ret_name, size_t cap_bytes)
{
	ret_name[0] = '\0';
	for (; *list != '\0'; list += strcspn(list, " ")) {
		size_t len;

		list += strspn(list, " ");
		len = strcspn(list, " ");
		if (len == 0 || (len == 4 && memcmp(list, "none", 4) == 0))
			continue;
		(void)snprintf(ret_name, cap_bytes, "%.*s", (int)len, list);
		return true;
	}
	return false;
}

static bool number(const struct sources_line *line, unsigned long *ret_value)
{
	char *end;

	if (line->error != 0 || line->text[0] == '\0')
		return false;
	*ret_value = strtoul(line->text, &end, 10);
	return end != line->text;
}

/* A kernel that shows no quality: 3.17 to about 5.18. */
static void trust_unseen(const struct machine *m, const char *name,
			 struct sources_trust *ret)
{
	unsigned release = sources_release(m);
	bool virtio = strncmp(name, "virtio_rng", 10) == 0;

	/* A kernel may have the thread that draws earlier than mainline. */
	if (virtio && m->boot != NULL && m->boot->tasks.hwrng_thread)
		decide(ret, COUNTS_YES, "the kernel's thread \"hwrng\"", "",
		       "draws from it");
	else if (release == 0 ||
		 (release < 3017 && strstr(m->platform.kernel_release, ".el")))
		decide(ret, COUNTS_UNKNOWN, "its quality", "", "is not shown");
	else if (release < 3017)
		decide(ret, COUNTS_NEVER, "Linux before 3.17", "",
		       "leaves a hardware generator to user space");
	else if (virtio || release >= 6002)
		decide(ret, COUNTS_YES, name, "",
		       "counts on every kernel since 3.17");
	else if (strncmp(name, "tpm-rng", 7) == 0)
		decide(ret, COUNTS_NO, name, "",
		       "has quality 0 before Linux 6.2");
	else
		decide(ret, COUNTS_UNKNOWN, "the quality of ", name,
		       "is not shown by this kernel");
}

void sources_trust_hwrng(const struct machine *m, struct sources_trust *ret)
{
	const struct sources_hwrng *h = &m->sources->hwrng;
	unsigned long quality;
	char name[64];

	if (!sources_hwrng_name(h->current.text, name, sizeof name))
		decide(ret, COUNTS_NO, "no generator", "", "is in use");
	else if (number(&h->quality, &quality))
		decide(ret, quality > 0 ? COUNTS_YES : COUNTS_NO,
		       "rng_quality: ", h->quality.text, NULL);
	else if (number(&h->current_quality, &quality))
		decide(ret, quality > 0 ? COUNTS_YES : COUNTS_NO,
		       "rng_core's current_quality: ", h->current_quality.text,
		       NULL);
	else
		trust_unseen(m, name, ret);
}

bool sources_bootloader_seeded(const struct machine *m)
{
	const struct sources_bootloader *b = &m->sources->bootloader;

	return b->device_tree_seed || b->setup_data_seed || b->efi_seeded ||
	       b->efi_table;
}

static bool may_count(const struct sources_trust *t)
{
	return t->counts == COUNTS_YES || t->counts == COUNTS_UNKNOWN;
}

bool sources_strong(const struct machine *m)
{
	struct sources_trust t;

	sources_trust_cpu(m, &t);
	if ((m->platform.kernel_has_rdrand || m->platform.kernel_has_rdseed) &&
	    may_count(&t))
		return true;
	sources_trust_hwrng(m, &t);
	if (may_count(&t))
		return true;
	sources_trust_bootloader(m, &t);
	return sources_bootloader_seeded(m) && may_count(&t);
}
