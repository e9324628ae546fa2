/* SPDX-License-Identifier: ISC */
/* Who feeds the kernel, and under which rules this machine runs. */
#include "base/bytes.h"
#include "doctor/clones_parts.h"
#include "doctor/services_parts.h"

#define ON_BOTH (CHECK_MACHINE | CHECK_IMAGE)

static const struct check checks[] = {
	{ "rng-daemons", ON_BOTH,
	  "Which entropy daemons are here, and does this kernel need them?",
	  services_page_daemons, "CVE-2026-41054; haveged's ChangeLog 1.9.21",
	  services_judge_daemons },
	{ "self-feeding", ON_BOTH,
	  "Is the kernel fed its own output, and credited for it?",
	  services_page_feeding, "rngd(8), random(4)", services_judge_feeding },
	{ "confidential", CHECK_MACHINE,
	  "Does a confidential guest rest on what the host gives it?",
	  services_page_confidential, "Linux arch/x86/coco/core.c",
	  services_judge_confidential },
	{ "fips", CHECK_MACHINE,
	  "In FIPS mode: may the kernel stop for want of good jitter?",
	  services_page_fips, "Linux crypto/jitterentropy-kcapi.c",
	  services_judge_fips },
	{ "chroot-devices", ON_BOTH,
	  "Are /dev/random and /dev/urandom the kernel's devices?",
	  services_page_nodes, "random(4)", services_judge_nodes },
	{ "container", CHECK_MACHINE,
	  "Is this a container, and what cannot be seen from within?",
	  services_page_container, "container interface of systemd.io",
	  services_judge_container },
};

const struct check_family family_services = {
	.name = "services",
	.checks = checks,
	.n_checks = ARRAY_LEN(checks),
};

const char services_page_nodes[] =
	"Programs in a chroot, and those of an image, open its own /dev/random "
	"and /dev/urandom. Where a plain file stands in their place, each read "
	"gives the same bytes, and nothing complains.\n"
	"\n"
	"critical: a regular file, or another device, stands in their place. "
	"warn: /dev/urandom is the blocking device (1:8), or a node cannot be "
	"read by all. info: /dev/random is the device of /dev/urandom (1:9), "
	"which some set up before Linux 5.6 so that nothing blocks; since then "
	"it makes no difference once the kernel is ready.\n"
	"\n"
	"The machine's own /dev is looked at, and chroots in well-known places "
	"(BIND, Postfix, schroot, machines, LXC). A /dev/random that another "
	"program provides (CUSE) is a device with another number, too.";

static void judge_kind(const struct machine *m, struct finding *f,
		       const struct services_node *n)
{
	const char *what = NULL;
	enum severity severity = SEVERITY_CRITICAL;

	switch (n->kind) {
	case NODE_GOOD:
		break;
	case NODE_FILE:
		what = "is a regular file: programs read the same bytes again "
		       "and again";
		finding_evidence(f, n->path, "regular file, %llu bytes",
				 (unsigned long long)n->size_bytes);
		break;
	case NODE_WRONG:
		what = "is another device";
		break;
	case NODE_OTHER:
		what = "is no device";
		break;
	case NODE_SWAPPED:
		severity = n->urandom ? SEVERITY_WARN : SEVERITY_INFO;
		what = n->urandom ? "is the device of /dev/random" :
				    "is the device of /dev/urandom";
		break;
	}
	if (n->kind != NODE_FILE && n->kind != NODE_OTHER)
		finding_evidence(f, n->path, "device %u:%u%s%s",
				 (unsigned)n->rdev_major,
				 (unsigned)n->rdev_minor,
				 n->target[0] != '\0' ? ", a link to " : "",
				 n->target);
	if (what == NULL)
		return;
	finding_say(f, severity, "%s %s", n->path, what);
	if (severity < SEVERITY_WARN)
		return;
	finding_why(f, "What is read there is taken for random and is not, or "
		       "not when it is needed.");
	if (!clones_is_plain(n->path))
		return;
	finding_command(f, m->kind == PROBE_IMAGE ? FIX_IMAGE : FIX_GUEST,
			"rm -f %s && mknod -m 666 %s c 1 %d",
			n->path + (m->kind == PROBE_IMAGE),
			n->path + (m->kind == PROBE_IMAGE), n->urandom ? 9 : 8);
}

bool services_judge_nodes(const struct machine *m, struct finding *f)
{
	const struct services_facts *s = m->services;

	if (s == NULL || s->n_nodes == 0)
		return false;
	for (size_t i = 0; i < s->n_nodes; i++) {
		const struct services_node *n = &s->nodes[i];

		judge_kind(m, f, n);
		if ((n->kind == NODE_GOOD || n->kind == NODE_SWAPPED) &&
		    !n->readable_by_all)
			finding_say(f, SEVERITY_WARN,
				    "%s cannot be read by all programs",
				    n->path);
	}
	if (f->title == NULL)
		finding_say(f, SEVERITY_OK,
			    "the random devices are the kernel's own");
	return true;
}

const char services_page_container[] =
	"A container has no kernel of its own: the generator, its sources and "
	"its readiness are the host's, and every container of the host draws "
	"from the same one. That is safe. What the container has of its own "
	"are its files (host keys, seeds, machine-id) and its programs.\n"
	"\n"
	"info: this is a container. Checks about devices, drivers and the boot "
	"speak of the host; run aquifer doctor there. Checks about keys and "
	"ids speak of the container.";

bool services_judge_container(const struct machine *m, struct finding *f)
{
	const struct services_facts *s = m->services;

	if (s == NULL || !s->container)
		return false;
	finding_say(f, SEVERITY_INFO,
		    "this is a container (%s): the kernel's generator is the "
		    "host's",
		    s->container_kind);
	finding_evidence(f, s->container_path, "%s", s->container_kind);
	finding_evidence(f, "checks that speak of the host",
			 "crng-ready, virtio-rng, hwrng-current, cpu-rng, "
			 "tpm-rng, bootloader-seed, kernel-config");
	finding_evidence(f, "not seen from here",
			 "the host's log, its processes, its devices");
	finding_fix(f, FIX_HOST, "Run aquifer doctor on the host, too.");
	return true;
}
