/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "doctor/clones_parts.h"
#include "doctor/sources_parts.h"

const char clones_page_generation[] =
	"A VM that is restored from a snapshot twice, or cloned while it runs, "
	"goes on with the same random state in every copy: the same keys, "
	"nonces and UUIDs, until the kernel's next timed reseed. A generation "
	"device tells the copies that they are copies.\n"
	"\n"
	"VMGenID (ACPI, or microsoft,vmgenid in a device tree) is a number that "
	"the hypervisor changes. The driver is in Linux since 5.18 "
	"(CONFIG_VMGENID); it re-keys the kernel's generator at once and logs "
	"'crng reseeded due to virtual machine fork'. Some kernels leave it "
	"out, Debian's 6.1 cloud kernel among them. vmclock (ACPI AMZNC10C) is "
	"a page with a counter that programs can map, in Linux since 6.13 "
	"(CONFIG_PTP_1588_CLOCK_VMCLOCK); its driver does not re-key the "
	"kernel.\n"
	"\n"
	"ok: a device is there and driven. warn: there is a device and no "
	"driver: copies share their random numbers for a second to a minute. "
	"info: the VM has no such device; that matters where it is cloned or "
	"restored from snapshots while it runs. On bare metal and in containers "
	"the check does not apply.";

static void say_why(struct finding *f)
{
	finding_why(f, "Copies of a running VM (restored snapshots, clones "
		       "with memory) start with one random state. Until they "
		       "learn that they are copies they make the same keys, "
		       "nonces and UUIDs.");
}

/* CONFIG_VMGENID of the running kernel: 'y', 'm', 'n'; 0: not mentioned. */
static char option(const struct machine *m, enum sources_option which)
{
	return m->sources == NULL ? 0 : m->sources->config.value[which];
}

/* Every whole configuration names this one: an excerpt leaves out anything. */
static bool config_is_whole(const struct machine *m)
{
	return m->sources != NULL &&
	       m->sources->config.value[SOURCES_HW_RANDOM] != 0;
}

static void fix_kernel(const struct machine *m, struct finding *f,
		       const char *since)
{
	const char *release = m->platform.kernel_release;

	if (strstr(release, "cloud") != NULL) {
		finding_fix(f, FIX_GUEST,
			    "Use a kernel that has the driver: Debian's plain "
			    "kernel has it where the cloud kernel leaves it "
			    "out. Then restart.");
		finding_command(f, FIX_GUEST, "apt-get install linux-image-%s",
				strstr(release, "arm64") ? "arm64" : "amd64");
		return;
	}
	finding_fix(f, FIX_GUEST,
		    "Use a kernel that has the driver (mainline since %s, "
		    "where the distribution did not leave it out).",
		    since);
}

static void judge_undriven(const struct machine *m, struct finding *f,
			   enum generation_kind kind)
{
	static const struct {
		const char *title, *module, *since;
		unsigned release;
		enum sources_option option;
	} rows[GENERATION_COUNT] = {
		[GENERATION_VMGENID] = { "VMGenID device", "vmgenid", "5.18",
					 5018, SOURCES_VMGENID },
		[GENERATION_VMCLOCK] = { "vmclock device", "ptp_vmclock",
					 "6.13", 6013, SOURCES_PTP_VMCLOCK },
	};
	unsigned release = sources_release(m);
	const struct clones_generation *g = &m->clones->generation;
	char value = option(m, rows[kind].option);
	/* One device that is driven is enough to re-key the kernel. */
	enum severity severity =
		kind == GENERATION_VMCLOCK &&
				g->devices[GENERATION_VMGENID].bound ?
			SEVERITY_INFO :
			SEVERITY_WARN;
	const char *name = sources_option_name(rows[kind].option);
	const char *reason = "";

	if (value == 'm')
		reason = ": its module is not loaded";
	else if (value == 'y')
		reason = ": the kernel's own has not taken it";
	else if (release != 0 && release < rows[kind].release)
		reason = ": this kernel is older than the driver";
	else if (value == 'n' || config_is_whole(m))
		reason = ": this kernel is built without it";
	finding_say(f, severity, "%s without a driver%s", rows[kind].title,
		    reason);
	if (value == 'y' || value == 'm')
		finding_evidence(f, m->sources->config.path, "%s=%c", name,
				 value);
	else if (value == 'n' || config_is_whole(m))
		finding_evidence(f, m->sources->config.path, "%s is %s", name,
				 value == 'n' ? "not set" : "not in it");
	if (m->platform.kernel_release[0] != '\0')
		finding_evidence(f, "kernel", "%s", m->platform.kernel_release);
	say_why(f);
	if (value == 'm')
		finding_command(f, FIX_GUEST,
				"modprobe %s && echo %s > "
				"/etc/modules-load.d/%s.conf",
				rows[kind].module, rows[kind].module,
				rows[kind].module);
	else if (value == 'y')
		finding_command(f, FIX_GUEST, "dmesg | grep -i %s",
				kind == GENERATION_VMGENID ? "vmgenid" :
							     "vmclock");
	else
		fix_kernel(m, f, rows[kind].since);
}

static void judge_none(const struct machine *m, struct finding *f)
{
	finding_say(f, SEVERITY_INFO,
		    "this VM has no generation device: a copy of it would not "
		    "learn that it is one");
	finding_evidence(f, "/sys/bus/acpi/devices, device tree",
			 m->clones->generation.buses_seen ?
				 "no VMGenID, no vmclock" :
				 "nothing of it is seen");
	say_why(f);
	finding_fix(f, FIX_HOST,
		    "Where this VM is ever restored from a snapshot or cloned "
		    "while it runs, give it a device. libvirt, below <domain>:");
	finding_command(f, FIX_HOST, "<genid/>");
	finding_fix(f, FIX_HOST, "QEMU:");
	finding_command(f, FIX_HOST, "-device vmgenid,guid=auto");
}

bool clones_judge_generation(const struct machine *m, struct finding *f)
{
	const struct clones_generation *g;
	const struct generation_device *id, *clock;

	if (m->clones == NULL)
		return false;
	g = &m->clones->generation;
	id = &g->devices[GENERATION_VMGENID];
	clock = &g->devices[GENERATION_VMCLOCK];
	if (clones_in_container(m))
		return false;
	if (!id->present && !clock->present) {
		if (!m->platform.hypervisor)
			return false;
		judge_none(m, f);
		return true;
	}
	for (size_t i = 0; i < GENERATION_COUNT; i++) {
		const struct generation_device *d = &g->devices[i];

		if (!d->present)
			continue;
		finding_evidence(f, d->path, "%s",
				 d->hid[0] != '\0' ? d->hid : "present");
		finding_evidence(f, d->bound ? d->bound_path : d->path, "%s",
				 d->bound ? "driver bound" : "no driver bound");
		if (!d->bound)
			judge_undriven(m, f, (enum generation_kind)i);
	}
	if (id->present && id->bound)
		finding_say(f, SEVERITY_OK,
			    "VMGenID is there and driven: the kernel re-keys "
			    "when this VM is copied");
	else if (clock->present && clock->bound)
		finding_say(f, id->present ? SEVERITY_OK : SEVERITY_INFO,
			    "vmclock is there and driven: programs can see a "
			    "copy, the kernel is not re-keyed by it");
	return true;
}
