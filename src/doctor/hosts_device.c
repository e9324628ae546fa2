/* SPDX-License-Identifier: ISC */
/* Has each guest a virtio-rng device, and may it read enough from it? */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "doctor/hosts_part.h"

static const char rng_xml[] = "<rng model='virtio'>\n"
			      "  <backend model='random'>/dev/urandom</backend>\n"
			      "</rng>";

/* The transport that the machine type has. */
static const char *device_name(const struct host_guest *g)
{
	if (strncmp(g->machine, "microvm", 7) == 0)
		return "virtio-rng-device";
	if (strncmp(g->arch, "s390", 4) == 0)
		return "virtio-rng-ccw";
	return "virtio-rng-pci";
}

static void fix_device(struct finding *f, const struct hosts_facts *h,
		       const struct host_guest *g)
{
	(void)h;
	if (g->vmm == VMM_FIRECRACKER) {
		finding_fix(f, FIX_HOST,
			    "Firecracker: add an entropy device to the "
			    "configuration file, or PUT /entropy before the "
			    "guest starts.");
		finding_command(f, FIX_HOST, "\"entropy\": {}");
		return;
	}
	if (g->vmm == VMM_CROSVM) {
		finding_fix(f, FIX_HOST, "crosvm: leave --no-rng out.");
		return;
	}
	finding_fix(f, FIX_HOST,
		    "libvirt: 'virsh edit %s', and put this into <devices>; it "
		    "is there after the next start. ('virsh attach-device %s "
		    "FILE --live --config' adds it at once.)",
		    hosts_shell_name(g), hosts_shell_name(g));
	finding_command(f, FIX_HOST, "%s", rng_xml);
	finding_fix(f, FIX_HOST, "QEMU: add to the command line.");
	finding_command(f, FIX_HOST,
			"-object rng-random,id=rng0,filename=/dev/urandom "
			"-device %s,rng=rng0",
			device_name(g));
}

static void fix_next_start(struct finding *f, const struct hosts_facts *h,
			   const struct host_guest *g)
{
	(void)h;
	finding_fix(f, FIX_HOST,
		    "'virsh edit %s': put the device into <devices> of the "
		    "definition too.",
		    hosts_shell_name(g));
	finding_command(f, FIX_HOST, "%s", rng_xml);
}

enum {
	DEVICE_NONE,
	DEVICE_UNSEEN,
	DEVICE_CONFIDENTIAL,
	DEVICE_LOST,
	DEVICE_OK
};

static const struct host_issue device_issues[] = {
	[DEVICE_NONE] = { SEVERITY_WARN, "no virtio-rng device",
			  "Without it the guest has to seed itself from its "
			  "CPU or from timing: a guest that has neither waits "
			  "for seconds at boot, on old kernels for minutes, "
			  "or starts with guessable numbers. The host has "
			  "plenty to give, at no cost.",
			  fix_device },
	[DEVICE_UNSEEN] = { SEVERITY_UNKNOWN,
			    "not seen whether there is a virtio-rng device",
			    NULL, NULL },
	[DEVICE_CONFIDENTIAL] = { SEVERITY_INFO,
				  "no virtio-rng device, in a guest that does "
				  "not trust its host anyway",
				  "A confidential guest must not rest on bytes "
				  "from its host; it has RDRAND and RDSEED.",
				  NULL },
	[DEVICE_LOST] = { SEVERITY_INFO,
			  "virtio-rng device that the next start will not have",
			  "The running guest has the device, libvirt's "
			  "definition of it has not.",
			  fix_next_start },
	[DEVICE_OK] = { SEVERITY_OK, "virtio-rng device present", NULL, NULL },
};

static unsigned judge_device(const struct hosts_facts *h,
			     const struct host_guest *g)
{
	(void)h;
	if (g->rng == HOSTS_UNKNOWN)
		return HOST_ISSUE(DEVICE_UNSEEN);
	if (g->rng == HOSTS_NO && g->confidential[0] != '\0')
		return HOST_ISSUE(DEVICE_CONFIDENTIAL);
	if (g->rng == HOSTS_NO)
		return HOST_ISSUE(DEVICE_NONE);
	return HOST_ISSUE(g->defined_rng == HOSTS_NO ? DEVICE_LOST : DEVICE_OK);
}

static void describe_device(const struct hosts_facts *h,
			    const struct host_guest *g, char *ret_text,
			    size_t cap_bytes)
{
	(void)h;
	if (!g->is_running)
		hosts_append(ret_text, cap_bytes, "defined, not running: ");
	if (g->rng == HOSTS_UNKNOWN)
		hosts_append(ret_text, cap_bytes, "%s",
			     g->why[0] != '\0' ? g->why : "not seen");
	else if (g->rng == HOSTS_NO)
		hosts_append(ret_text, cap_bytes, "no rng device%s",
			     g->defined_rng == HOSTS_YES ?
				     ", but its definition has one: a restart "
				     "brings it" :
				     "");
	for (unsigned i = 0; i < g->n_rngs; i++)
		hosts_append(ret_text, cap_bytes, "%s%s", i > 0 ? ", " : "",
			     g->rngs[i].device[0] != '\0' ? g->rngs[i].device :
							    "rng");
	if (g->pid > 0 && g->running_file[0] == '\0' && g->rng == HOSTS_NO)
		hosts_append(ret_text, cap_bytes,
			     " (a hot-plugged one would not be seen)");
}

bool hosts_judge_device(const struct machine *m, struct finding *f)
{
	static const struct host_question q = { device_issues,
						ARRAY_LEN(device_issues),
						judge_device, describe_device };

	if (!m->hosts)
		return false;
	if (hosts_ask(m, &q, f))
		return true;
	hosts_say_gaps(m, f);
	if (!f->title)
		finding_say(f, SEVERITY_INFO,
			    "no guest runs here and none is defined");
	finding_evidence(f, "/proc, /run/libvirt/qemu, /etc/libvirt/qemu",
			 "no QEMU, cloud-hypervisor, Firecracker or crosvm "
			 "process and no domain was seen");
	return true;
}

/* QEMU's default period of a limit, hw/virtio/virtio-rng.c: 1 << 16. */
#define QEMU_PERIOD_MS 65536
/* One read of the guest's driver: a cache line. */
#define READ_BYTES 64
#define MIN_BYTES_PER_S 64
#define MAX_WAIT_MS 1000
/* QEMU's own "no limit" is INT64_MAX. */
#define NO_LIMIT_BYTES (UINT64_C(1) << 40)

struct limit {
	bool is_set;
	uint64_t bytes, period_ms, bytes_per_s, wait_ms;
};

static struct limit limit_of(const struct guest_rng *r)
{
	struct limit l = { .bytes = r->max_bytes, .period_ms = r->period_ms };

	if (r->max_bytes == 0 || r->max_bytes >= NO_LIMIT_BYTES)
		return l;
	l.is_set = true;
	if (l.period_ms == 0)
		l.period_ms = QEMU_PERIOD_MS;
	l.bytes_per_s = l.bytes * 1000 / l.period_ms;
	/* The first period's bytes are there at once. */
	l.wait_ms = (READ_BYTES - 1) / l.bytes *
		    (l.period_ms < NO_LIMIT_BYTES ? l.period_ms :
						    NO_LIMIT_BYTES);
	return l;
}

static void fix_limit(struct finding *f, const struct hosts_facts *h,
		      const struct host_guest *g)
{
	(void)h;
	finding_fix(f, FIX_HOST,
		    "Give it 1024 bytes a second or more (libvirt, inside "
		    "<rng>, 'virsh edit %s'; or no limit at all: a reader of "
		    "/dev/urandom takes nothing from anybody else).",
		    hosts_shell_name(g));
	finding_command(f, FIX_HOST, "%s", "<rate bytes='1024' period='1000'/>");
	finding_fix(f, FIX_HOST, "QEMU, on the -device of the rng:");
	finding_command(f, FIX_HOST, "%s", "max-bytes=1024,period=1000");
}

enum { LIMIT_STRICT, LIMIT_SET, LIMIT_NONE };

static const struct host_issue limit_issues[] = {
	[LIMIT_STRICT] = { SEVERITY_WARN, "limit so strict that the boot waits",
			   "A kernel needs 256 bits to be ready; its driver "
			   "reads 64 bytes at a time. With this limit those "
			   "take longer than a second, or less than 64 bytes "
			   "come in a second: services wait, tests of the "
			   "device time out.",
			   fix_limit },
	[LIMIT_SET] = { SEVERITY_OK, "limit that leaves enough", NULL, NULL },
	[LIMIT_NONE] = { SEVERITY_OK, "no limit, which does no harm",
			 "From a host's /dev/urandom, or /dev/random from "
			 "Linux 5.6 on, guests cannot drain anything; a limit "
			 "only spares the host's CPU.",
			 NULL },
};

static unsigned judge_limit(const struct hosts_facts *h,
			    const struct host_guest *g)
{
	unsigned bits = 0;

	(void)h;
	for (unsigned i = 0; i < g->n_rngs; i++) {
		struct limit l = limit_of(&g->rngs[i]);

		if (l.is_set && (l.bytes_per_s < MIN_BYTES_PER_S ||
				 l.wait_ms > MAX_WAIT_MS))
			bits |= HOST_ISSUE(LIMIT_STRICT);
		else
			bits |= HOST_ISSUE(l.is_set ? LIMIT_SET : LIMIT_NONE);
	}
	return bits;
}

static void describe_limit(const struct hosts_facts *h,
			   const struct host_guest *g, char *ret_text,
			   size_t cap_bytes)
{
	(void)h;
	for (unsigned i = 0; i < g->n_rngs; i++) {
		struct limit l = limit_of(&g->rngs[i]);

		if (i > 0)
			hosts_append(ret_text, cap_bytes, "; ");
		if (!l.is_set)
			hosts_append(ret_text, cap_bytes, "no limit");
		else
			hosts_append(ret_text, cap_bytes,
				     "%" PRIu64 " bytes in %" PRIu64
				     " ms%s: %" PRIu64 " bytes a second, "
				     "64 bytes after %" PRIu64 " ms",
				     l.bytes, l.period_ms,
				     g->rngs[i].period_ms == 0 ?
					     " (QEMU's default)" :
					     "",
				     l.bytes_per_s, l.wait_ms);
	}
}

bool hosts_judge_limit(const struct machine *m, struct finding *f)
{
	static const struct host_question q = { limit_issues,
						ARRAY_LEN(limit_issues),
						judge_limit, describe_limit };

	return hosts_ask(m, &q, f);
}
