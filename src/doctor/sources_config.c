/* SPDX-License-Identifier: ISC */
/* What the kernel was built with, as far as its randomness goes. */
#include <string.h>

#include "base/bytes.h"
#include "doctor/sources_parts.h"

/* Worth showing whatever they say. */
static const enum sources_option shown[] = {
	SOURCES_RANDOM_TRUST_CPU, SOURCES_RANDOM_TRUST_BOOTLOADER,
	SOURCES_HW_RANDOM,        SOURCES_HW_RANDOM_VIRTIO,
	SOURCES_HW_RANDOM_TPM,    SOURCES_VMGENID,
	SOURCES_PTP_VMCLOCK,
};

/*
 * The two trust options exist from 4.19 and 5.4 to 6.1, VMGENID from 5.18,
 * VMCLOCK from 6.13: a config that does not name them says nothing then.
 */
static const struct {
	enum sources_option option;
	unsigned from, before;
} lives[] = {
	{ SOURCES_RANDOM_TRUST_CPU, 4019, 6002 },
	{ SOURCES_RANDOM_TRUST_BOOTLOADER, 5004, 6002 },
	{ SOURCES_VMGENID, 5018, ~0u },
	{ SOURCES_PTP_VMCLOCK, 6013, ~0u },
};

static bool exists(const struct machine *m, enum sources_option option)
{
	unsigned release = sources_release(m);

	if (m->sources->config.value[option] != 0)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(lives); i++)
		if (lives[i].option == option)
			return release >= lives[i].from &&
			       release < lives[i].before;
	return true;
}

static bool is_built(const struct machine *m, enum sources_option option)
{
	char value = m->sources->config.value[option];

	return value == 'y' || value == 'm';
}

/* Every whole configuration names this one: an excerpt says what it says. */
static bool is_whole(const struct machine *m)
{
	return m->sources->config.value[SOURCES_HW_RANDOM] != 0;
}

/* Not built, as far as what is there can tell. */
static bool is_left_out(const struct machine *m, enum sources_option option)
{
	char value = m->sources->config.value[option];

	return value == 'n' || (value == 0 && is_whole(m) && exists(m, option));
}

static void show(const struct machine *m, struct finding *f)
{
	const struct sources_config *c = &m->sources->config;

	for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
		const char *name = sources_option_name(shown[i]);

		if (is_built(m, shown[i]))
			finding_evidence(f, c->path, "%s=%c", name,
					 c->value[shown[i]]);
		else if (is_left_out(m, shown[i]))
			finding_evidence(f, c->path, "%s is %s", name,
					 c->value[shown[i]] == 'n' ?
						 "not set" :
						 "not in it");
	}
}

static void judge_virtio(const struct machine *m, struct finding *f)
{
	const struct sources_facts *s = m->sources;
	const struct sources_module *d = &s->module[SOURCES_VIRTIO_RNG];
	bool device = s->virtio.count + s->pci.count > 0;

	if (!m->platform.hypervisor || d->builtin || d->on_disk || d->loaded ||
	    !is_left_out(m, SOURCES_HW_RANDOM_VIRTIO) ||
	    (s->virtio.count > 0 && s->virtio.at[0].driver[0] != '\0') ||
	    (!device && !sources_could_have_virtio(m)))
		return;
	finding_say(f, device ? SEVERITY_WARN : SEVERITY_INFO,
		    "this kernel is built without virtio_rng, a guest's way to "
		    "its host's random numbers");
	finding_fix(f, FIX_GUEST,
		    "Boot a kernel with CONFIG_HW_RANDOM_VIRTIO=y or =m: the "
		    "distributions' own kernels have it.");
}

static void judge_trust(const struct machine *m, struct finding *f)
{
	const struct sources_facts *s = m->sources;

	if (s->config.value[SOURCES_RANDOM_TRUST_CPU] == 'n' &&
	    s->command_line.trust_cpu < 0) {
		finding_say(f, SEVERITY_INFO,
			    "this kernel does not count the CPU's generator "
			    "unless told to");
		finding_fix(f, FIX_GUEST,
			    "To let it count, put random.trust_cpu=on on the "
			    "kernel's command line.");
	}
	if (s->config.value[SOURCES_ARCH_RANDOM] == 'n' &&
	    s->cpu.arch == SOURCES_X86 && sources_release(m) < 6000)
		finding_say(f, SEVERITY_INFO,
			    "this kernel is built without the CPU's generator "
			    "(CONFIG_ARCH_RANDOM)");
}

static void judge_guest(const struct machine *m, struct finding *f)
{
	if (!m->platform.hypervisor)
		return;
	if (is_left_out(m, SOURCES_VMGENID) && sources_could_have_virtio(m)) {
		finding_say(f, SEVERITY_INFO,
			    "this kernel is built without VMGENID: it does not "
			    "notice when this guest is cloned");
		finding_why(f, "Debian's 6.1 cloud kernel is such a one. See "
			       "the check vm-generation.");
	}
	if (is_left_out(m, SOURCES_HW_RANDOM_TPM) && m->sources->tpm.count > 0)
		finding_say(f, SEVERITY_INFO,
			    "this kernel is built without CONFIG_HW_RANDOM_TPM "
			    "and leaves the guest's TPM to user space");
}

bool sources_judge_config(const struct machine *m, struct finding *f)
{
	const struct sources_facts *s = m->sources;

	if (s == NULL)
		return false;
	if (s->config.path[0] == '\0' && s->config.denied[0] == '\0')
		return false;
	if (s->config.path[0] == '\0') {
		finding_say(f, SEVERITY_UNKNOWN,
			    "the kernel's configuration could not be read");
		finding_evidence(f, s->config.denied, "%s",
				 strerror(-s->config.error));
		finding_fix(f, FIX_GUEST, "Run as root: aquifer doctor");
		return true;
	}
	show(m, f);
	judge_virtio(m, f);
	judge_trust(m, f);
	judge_guest(m, f);
	if (f->title == NULL)
		finding_say(f, SEVERITY_OK,
			    "the kernel is built with what seeding it needs");
	return true;
}
