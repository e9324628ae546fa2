/* SPDX-License-Identifier: ISC */
/* What could be had besides timing noise, and how; where a log can be seen. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "doctor/boot_parts.h"
#include "doctor/sources_parts.h"

bool boot_better(const struct machine *m, struct boot_better *ret)
{
	const struct sources_facts *s = m->sources;
	struct sources_trust t;

	memset(ret, 0, sizeof *ret);
	ret->host = m->platform.hypervisor &&
		    strcmp(m->platform.hypervisor_name, "user-mode-linux") != 0;
	if (s != NULL) {
		if (boot_sees_cpu_rng(&m->platform)) {
			sources_trust_cpu(m, &t);
			ret->cpu = t.counts == COUNTS_NO;
		}
		ret->tpm = s->tpm.count > 0;
		for (size_t i = 0; i < s->virtio.count; i++)
			ret->driver |= s->virtio.at[i].driver[0] == '\0';
	}
	return ret->host || ret->cpu || ret->tpm || ret->driver;
}

void boot_advise(const struct machine *m, struct finding *f)
{
	struct boot_better b;

	(void)boot_better(m, &b);
	if (b.driver && m->sources != NULL) {
		finding_fix(f, FIX_GUEST,
			    "A virtio-rng device is here and has "
			    "no driver:");
		sources_advise_driver(m, f);
	} else if (b.host && m->sources == NULL) {
		finding_fix(f, FIX_HOST, "Give the guest a virtio-rng device.");
	} else if (b.host && sources_could_have_virtio(m)) {
		sources_advise_device(m, f);
	} else if (b.host) {
		if (!boot_sees_cpu_rng(&m->platform))
			sources_advise_model(m, f);
		finding_fix(f, FIX_HOST,
			    "This hypervisor has no virtio-rng. A virtual TPM "
			    "does, too: aquiferd asks it at its start.");
	}
	if (b.cpu) {
		finding_fix(f, FIX_GUEST,
			    "The CPU has a generator that the kernel mixes in "
			    "and does not count. To count it, add "
			    "random.trust_cpu=on to the kernel's command line, "
			    "in place of any other random.trust_cpu= there. "
			    "Debian, Ubuntu: GRUB_CMDLINE_LINUX in "
			    "/etc/default/grub, then update-grub. RHEL, Fedora"
			    " and their kin:");
		finding_command(f, FIX_GUEST,
				"grubby --update-kernel=ALL "
				"--args=random.trust_cpu=on");
	}
	finding_fix(f, FIX_GUEST,
		    "Run aquiferd early (it is made for the initramfs, too): it"
		    " gathers from every source there is, tests it, and "
		    "credits the kernel with what it can vouch for.");
}

void boot_log_unseen(const struct machine *m, struct finding *f)
{
	const struct boot_log *log = &m->boot->log;

	if (log->error == -EPERM || log->error == -EACCES) {
		finding_evidence(f, "/dev/kmsg",
				 "may not be read (kernel.dmesg_restrict)");
		finding_fix(f, FIX_GUEST,
			    "Run as root, which may read the "
			    "kernel's log:");
		finding_command(f, FIX_GUEST, "sudo aquifer doctor");
	} else if (log->error == -ESTALE) {
		finding_evidence(f, "/var/log",
				 "the kernel logs there are of another boot");
		finding_command(f, FIX_GUEST, "dmesg | grep random:");
	} else if (log->error == -ENOENT) {
		finding_evidence(f, "/var/log/dmesg", "no kernel log");
		finding_command(f, FIX_GUEST, "dmesg | grep random:");
	} else if (log->error != 0) {
		finding_evidence(f, "kernel log", "%s", strerror(-log->error));
	} else if (!log->state.from_start) {
		finding_evidence(
			f, log->state.path, "its beginning is gone: %s%.6f s",
			isnan(log->state.first_s) ? "no times, " : "starts at ",
			isnan(log->state.first_s) ? 0.0 : log->state.first_s);
		finding_command(f, FIX_GUEST, "journalctl -k -b | grep random:");
	}
}
