/* SPDX-License-Identifier: ISC */
/* Does a guest learn that it was copied, and has it a TPM? */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "doctor/hosts_part.h"

bool hosts_has_generation(const struct host_guest *g)
{
	/* microvm takes the option, its guest is not told of the device. */
	bool hidden = strncmp(g->machine, "microvm", 7) == 0;

	return g->vmclock || (g->generation == HOSTS_YES && !hidden);
}

static bool has_copies(const struct host_guest *g)
{
	return g->n_saves > 0 || g->n_snapshots > 0 ||
	       g->start == START_LOADVM || g->start == START_FILE ||
	       g->start == START_DEFERRED;
}

static bool shares_id(const struct hosts_facts *h, const struct host_guest *g)
{
	/* "auto" and the empty one stand for an id of its own. */
	if (strlen(g->generation_id) != 36)
		return false;
	for (size_t i = 0; i < h->n_guests; i++)
		if (&h->guests[i] != g && strcasecmp(h->guests[i].generation_id,
						     g->generation_id) == 0)
			return true;
	return false;
}

static void fix_generation(struct finding *f, const struct hosts_facts *h,
			   const struct host_guest *g)
{
	(void)h;
	if (g->vmm == VMM_CLOUD_HYPERVISOR || g->vmm == VMM_CROSVM) {
		finding_fix(f, FIX_GUEST,
			    "This VMM has no such device. After each restore "
			    "hand the guest 32 fresh random bytes and run "
			    "'aquifer feed --file -' on them in there, before "
			    "it takes work.");
		return;
	}
	finding_fix(f, FIX_HOST,
		    "libvirt: 'virsh edit %s', and put this below <name>; "
		    "libvirt gives a new one at each restore.",
		    hosts_shell_name(g));
	finding_command(f, FIX_HOST, "%s", "<genid/>");
	finding_fix(f, FIX_HOST,
		    "QEMU: add a device, with a new GUID (or 'auto') for each "
		    "start from a saved state; machine types q35, pc and virt.");
	finding_command(f, FIX_HOST, "%s", "-device vmgenid,guid=auto");
	finding_fix(f, FIX_GUEST,
		    "The guest's kernel must know it: Linux 5.18 or later with "
		    "CONFIG_VMGENID (Debian's 6.1 cloud kernel has it not, "
		    "6.12 has).");
}

static void fix_shared_id(struct finding *f, const struct hosts_facts *h,
			  const struct host_guest *g)
{
	(void)h;
	finding_fix(f, FIX_HOST,
		    "Give each its own: 'virsh edit %s', and let the element "
		    "be empty; libvirt fills it in. (virt-clone does so by "
		    "itself.)",
		    hosts_shell_name(g));
	finding_command(f, FIX_HOST, "%s", "<genid/>");
}

static const char copied_why[] =
	"A guest that is started from saved memory twice, or copied, goes on "
	"with the same random state: keys, nonces and ids repeat until its "
	"kernel reseeds, up to a minute later. With a generation device the "
	"host tells it at once.";

enum { GEN_SHARED, GEN_COPIED, GEN_UNSEEN, GEN_FIRECRACKER, GEN_NONE, GEN_OK };

static const struct host_issue generation_issues[] = {
	[GEN_SHARED] = { SEVERITY_WARN,
			 "generation id that another guest has too",
			 "Ids that are copied along with a guest cannot tell "
			 "it that it is a copy.",
			 fix_shared_id },
	[GEN_COPIED] = { SEVERITY_WARN,
			 "no generation device, though saved states are in use",
			 copied_why, fix_generation },
	[GEN_UNSEEN] = { SEVERITY_UNKNOWN,
			 "not seen whether there is a generation device", NULL,
			 NULL },
	[GEN_FIRECRACKER] = { SEVERITY_INFO,
			      "Firecracker, which has a generation device from "
			      "release 1.8 on",
			      "Its release is not on the command line: "
			      "'firecracker --version' tells.",
			      NULL },
	[GEN_NONE] = { SEVERITY_INFO,
		       "no generation device; no saved state was seen",
		       copied_why, fix_generation },
	[GEN_OK] = { SEVERITY_OK, "generation device present",
		     "Linux uses it from 5.18 on (CONFIG_VMGENID), Windows "
		     "from 8 and Server 2012 on; older kernels do not see it.",
		     NULL },
};

static unsigned judge_generation(const struct hosts_facts *h,
				 const struct host_guest *g)
{
	unsigned bits = shares_id(h, g) ? HOST_ISSUE(GEN_SHARED) : 0;

	if (hosts_has_generation(g))
		return bits | HOST_ISSUE(GEN_OK);
	if (g->vmm == VMM_FIRECRACKER)
		return HOST_ISSUE(GEN_FIRECRACKER);
	if (g->generation == HOSTS_UNKNOWN)
		return HOST_ISSUE(GEN_UNSEEN);
	return bits | HOST_ISSUE(has_copies(g) ? GEN_COPIED : GEN_NONE);
}

static void describe_start(const struct host_guest *g, char *ret_text,
			   size_t cap_bytes)
{
	static const char *const starts[] = {
		[START_UNKNOWN] = "",
		[START_BOOT] = "",
		[START_LOADVM] = "; started by -loadvm",
		[START_FILE] = "; started from a saved state",
		[START_DEFERRED] = "; came from a saved state or a migration",
		[START_MIGRATED] = "; came by live migration",
	};

	hosts_append(ret_text, cap_bytes, "%s", starts[g->start]);
	if (g->start_from[0] != '\0')
		hosts_append(ret_text, cap_bytes, " %s", g->start_from);
	if (g->n_saves > 0)
		hosts_append(ret_text, cap_bytes, "; %u saved state%s",
			     g->n_saves, g->n_saves > 1 ? "s" : "");
	if (g->n_snapshots > 0)
		hosts_append(ret_text, cap_bytes, "; %u snapshot%s with memory",
			     g->n_snapshots, g->n_snapshots > 1 ? "s" : "");
}

static void describe_generation(const struct hosts_facts *h,
				const struct host_guest *g, char *ret_text,
				size_t cap_bytes)
{
	(void)h;
	if (g->generation == HOSTS_YES && !hosts_has_generation(g))
		hosts_append(ret_text, cap_bytes,
			     "vmgenid, which machine type %s does not show to "
			     "its guest",
			     g->machine);
	else if (g->generation == HOSTS_YES)
		hosts_append(ret_text, cap_bytes, "generation id %s",
			     g->generation_id[0] != '\0' ? g->generation_id :
							   "present");
	else if (g->vmclock)
		hosts_append(ret_text, cap_bytes, "vmclock");
	else if (g->generation == HOSTS_NO)
		hosts_append(ret_text, cap_bytes, "no vmgenid, no vmclock");
	else
		hosts_append(ret_text, cap_bytes, "%s",
			     g->why[0] != '\0' ? g->why : "not seen");
	describe_start(g, ret_text, cap_bytes);
}

bool hosts_judge_generation(const struct machine *m, struct finding *f)
{
	static const struct host_question q = { generation_issues,
						ARRAY_LEN(generation_issues),
						judge_generation,
						describe_generation };

	return hosts_ask(m, &q, f);
}

enum { TPM_UNSEEN, TPM_PASSED, TPM_NONE, TPM_OK };

static const struct host_issue tpm_issues[] = {
	[TPM_UNSEEN] = { SEVERITY_UNKNOWN, "not seen whether there is a TPM",
			 NULL, NULL },
	[TPM_PASSED] = { SEVERITY_INFO, "the host's own TPM is passed through",
			 "One guest has it, the host and the others have not; "
			 "the guest cannot be migrated.",
			 NULL },
	[TPM_NONE] = { SEVERITY_INFO, "no TPM",
		       "A TPM is a second source beside virtio-rng and the "
		       "CPU. None is needed where those two are there.",
		       NULL },
	[TPM_OK] = { SEVERITY_OK, "TPM present",
		     "An emulated TPM is one more voice of the host. Linux "
		     "6.12 counts its bytes by itself; 6.1 mixes them and "
		     "counts none.",
		     NULL },
};

static unsigned judge_tpm(const struct hosts_facts *h,
			  const struct host_guest *g)
{
	(void)h;
	if (g->tpm == HOSTS_UNKNOWN)
		return HOST_ISSUE(TPM_UNSEEN);
	if (g->tpm == HOSTS_NO)
		return HOST_ISSUE(TPM_NONE);
	return HOST_ISSUE(strcmp(g->tpm_kind, "passthrough") == 0 ? TPM_PASSED :
								    TPM_OK);
}

static void describe_tpm(const struct hosts_facts *h, const struct host_guest *g,
			 char *ret_text, size_t cap_bytes)
{
	(void)h;
	if (g->tpm == HOSTS_UNKNOWN)
		hosts_append(ret_text, cap_bytes, "%s",
			     g->why[0] != '\0' ? g->why : "not seen");
	else if (g->tpm == HOSTS_NO)
		hosts_append(ret_text, cap_bytes, "no TPM");
	else
		hosts_append(ret_text, cap_bytes, "TPM %s%s%s", g->tpm_model,
			     g->tpm_model[0] != '\0' && g->tpm_kind[0] != '\0' ?
				     ", " :
				     "",
			     g->tpm_kind);
}

bool hosts_judge_tpm(const struct machine *m, struct finding *f)
{
	static const struct host_question q = { tpm_issues,
						ARRAY_LEN(tpm_issues),
						judge_tpm, describe_tpm };

	return hosts_ask(m, &q, f);
}
