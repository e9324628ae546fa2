/* SPDX-License-Identifier: ISC */
/* Does the CPU model hide the host's RDRAND or RDSEED from a guest? */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "doctor/hosts_part.h"

#define NEITHER \
	{ \
		true, false, false \
	}
#define RDRAND \
	{ \
		true, true, false \
	}
#define BOTH \
	{ \
		true, true, true \
	}

/*
 * QEMU's x86 models (target/i386/cpu.c; libvirt uses the same names). A row
 * stands for the name and for those that go on with "-" (versions, -IBRS,
 * -noTSX ...); the first row that fits counts.
 */
static const struct {
	const char *name;
	struct cpu_model_rng rng;
} models[] = {
	{ "486", NEITHER },         { "pentium", NEITHER },
	{ "pentium2", NEITHER },    { "pentium3", NEITHER },
	{ "pentiumpro", NEITHER },  { "athlon", NEITHER },
	{ "phenom", NEITHER },      { "coreduo", NEITHER },
	{ "core2duo", NEITHER },    { "n270", NEITHER },
	{ "base", NEITHER },        { "qemu32", NEITHER },
	{ "qemu64", NEITHER },      { "kvm32", NEITHER },
	{ "kvm64", NEITHER },       { "cpu64-rhel5", NEITHER },
	{ "cpu64-rhel6", NEITHER }, { "Conroe", NEITHER },
	{ "Penryn", NEITHER },      { "Nehalem", NEITHER },
	{ "Westmere", NEITHER },    { "SandyBridge", NEITHER },
	{ "IvyBridge", RDRAND },    { "Haswell", RDRAND },
	{ "Broadwell", BOTH },      { "Skylake", BOTH },
	{ "Cascadelake", BOTH },    { "Cooperlake", BOTH },
	{ "Icelake", BOTH },        { "SapphireRapids", BOTH },
	{ "GraniteRapids", BOTH },  { "SierraForest", BOTH },
	{ "Denverton", BOTH },      { "Snowridge", BOTH },
	{ "KnightsMill", BOTH },    { "Opteron_G1", NEITHER },
	{ "Opteron_G2", NEITHER },  { "Opteron_G3", NEITHER },
	{ "Opteron_G4", NEITHER },  { "Opteron_G5", NEITHER },
	{ "EPYC", BOTH },           { "Dhyana", BOTH },
};

struct cpu_model_rng hosts_cpu_model(const char *model)
{
	/* What QEMU takes where no model is named. */
	const char *name = model[0] != '\0' ? model : "qemu64";

	for (size_t i = 0; i < ARRAY_LEN(models); i++) {
		size_t len = strlen(models[i].name);

		if (strncmp(name, models[i].name, len) == 0 &&
		    (name[len] == '\0' || name[len] == '-'))
			return models[i].rng;
	}
	return (struct cpu_model_rng){ false, false, false };
}

enum {
	CPU_BOTH_HIDDEN,
	CPU_RDRAND_HIDDEN,
	CPU_RDSEED_HIDDEN,
	CPU_MODEL_UNKNOWN,
	CPU_HOST_UNKNOWN,
	CPU_HOST_NONE,
	CPU_OTHER,
	CPU_OK,
};

static void fix_cpu(struct finding *f, const struct hosts_facts *h,
		    const struct host_guest *g)
{
	static const char passthrough[] =
		"<cpu mode='host-passthrough' migratable='on'/>";
	static const char features_old[] =
		"<feature policy='require' name='rdrand'/>";
	static const char features[] =
		"<feature policy='require' name='rdrand'/>\n"
		"<feature policy='require' name='rdseed'/>";

	if (strcmp(g->accel, "tcg") == 0) {
		finding_fix(f, FIX_HOST,
			    "QEMU without KVM: this model has an emulated "
			    "RDRAND, whose bytes come from the host.");
		finding_command(f, FIX_HOST, "%s", "-cpu max");
		return;
	}
	finding_fix(f, FIX_HOST,
		    "libvirt: 'virsh edit %s', and let its <cpu> be this; it "
		    "counts from the next start.",
		    hosts_shell_name(g));
	finding_command(f, FIX_HOST, "%s", passthrough);
	finding_fix(f, FIX_HOST,
		    "Where guests move between different hosts, use "
		    "<cpu mode='host-model'/>, or keep the model and add these "
		    "inside its <cpu> (only what every host has).");
	finding_command(f, FIX_HOST, "%s",
			h->host_rdseed == HOSTS_YES ? features : features_old);
	finding_fix(f, FIX_HOST,
		    "QEMU: -cpu host, or add the flags to the model.");
	finding_command(f, FIX_HOST, "%s", "-cpu host");
}

static const char hidden_why[] =
	"The host's CPU can make random numbers and the guest is told that its "
	"own cannot. That takes away a source that is there from the first "
	"instruction on and that does not depend on the host's software.";

static const struct host_issue issues[] = {
	[CPU_BOTH_HIDDEN] = { SEVERITY_WARN,
			      "CPU model hides the host's random instructions",
			      hidden_why, fix_cpu },
	[CPU_RDRAND_HIDDEN] = { SEVERITY_WARN,
				"CPU model hides the host's RDRAND", hidden_why,
				fix_cpu },
	[CPU_RDSEED_HIDDEN] = { SEVERITY_WARN,
				"CPU model hides the host's RDSEED", hidden_why,
				fix_cpu },
	[CPU_MODEL_UNKNOWN] = { SEVERITY_UNKNOWN,
				"CPU model that this program does not know",
				NULL, NULL },
	[CPU_HOST_UNKNOWN] = { SEVERITY_UNKNOWN,
			       "not known what the host's own CPU has", NULL,
			       NULL },
	[CPU_HOST_NONE] = { SEVERITY_INFO,
			    "nothing to pass on: the host's CPU lists neither "
			    "RDRAND nor RDSEED",
			    "A virtio-rng device matters the more.", NULL },
	[CPU_OTHER] = { SEVERITY_INFO,
			"not an x86 guest, its CPU is not judged", NULL, NULL },
	[CPU_OK] = { SEVERITY_OK, "CPU passes the random instructions on", NULL,
		     NULL },
};

static bool is_x86(const struct hosts_facts *h, const struct host_guest *g)
{
	if (g->arch[0] == '\0')
		return h->cpu_arch[0] == '\0' ||
		       strcmp(h->cpu_arch, "x86_64") == 0;
	return strcmp(g->arch, "x86_64") == 0 || strcmp(g->arch, "i386") == 0 ||
	       strcmp(g->arch, "i686") == 0;
}

/* What the guest's CPU has, before the host's lack of it. */
static void guest_rng(const struct host_guest *g, struct cpu_model_rng *ret)
{
	*ret = hosts_cpu_model(g->cpu_model);
	if (g->cpu_host)
		*ret = (struct cpu_model_rng){ true, true, true };
	if (g->rdrand_set != HOSTS_UNKNOWN)
		ret->rdrand = g->rdrand_set == HOSTS_YES;
	if (g->rdseed_set != HOSTS_UNKNOWN)
		ret->rdseed = g->rdseed_set == HOSTS_YES;
	/* Both said: the model does not matter. */
	if (g->rdrand_set != HOSTS_UNKNOWN && g->rdseed_set != HOSTS_UNKNOWN)
		ret->known = true;
}

static unsigned judge_cpu(const struct hosts_facts *h,
			  const struct host_guest *g)
{
	bool tcg = strcmp(g->accel, "tcg") == 0, no_rdrand, no_rdseed;
	struct cpu_model_rng rng;

	guest_rng(g, &rng);
	if (!is_x86(h, g))
		return HOST_ISSUE(CPU_OTHER);
	if (h->host_rdrand == HOSTS_UNKNOWN)
		return HOST_ISSUE(CPU_HOST_UNKNOWN);
	if (h->host_rdrand == HOSTS_NO && h->host_rdseed == HOSTS_NO)
		return HOST_ISSUE(CPU_HOST_NONE);
	if (g->readconfig || (!rng.known && !g->partial))
		return HOST_ISSUE(CPU_MODEL_UNKNOWN);
	/* QEMU's emulation has RDRAND; RDSEED is not counted on. */
	no_rdrand = h->host_rdrand == HOSTS_YES && !rng.rdrand;
	no_rdseed = h->host_rdseed == HOSTS_YES && !rng.rdseed && !tcg;
	if (no_rdrand && (no_rdseed || h->host_rdseed != HOSTS_YES || tcg))
		return HOST_ISSUE(CPU_BOTH_HIDDEN);
	if (no_rdrand)
		return HOST_ISSUE(CPU_RDRAND_HIDDEN);
	return HOST_ISSUE(no_rdseed ? CPU_RDSEED_HIDDEN : CPU_OK);
}

static const char *said(enum hosts_answer answer)
{
	return answer == HOSTS_YES ? "on" : "off";
}

static void describe_cpu(const struct hosts_facts *h, const struct host_guest *g,
			 char *ret_text, size_t cap_bytes)
{
	hosts_append(ret_text, cap_bytes, "model %s%s",
		     g->cpu_model[0] != '\0' ? g->cpu_model :
		     g->cpu_host             ? "the host's" :
					       "not named (QEMU: qemu64)",
		     strcmp(g->accel, "tcg") == 0 ? ", emulated (TCG)" : "");
	if (g->rdrand_set != HOSTS_UNKNOWN)
		hosts_append(ret_text, cap_bytes, ", rdrand %s",
			     said(g->rdrand_set));
	if (g->rdseed_set != HOSTS_UNKNOWN)
		hosts_append(ret_text, cap_bytes, ", rdseed %s",
			     said(g->rdseed_set));
	hosts_append(ret_text, cap_bytes, "; the host lists %s%s",
		     h->host_rdrand == HOSTS_YES ? "rdrand" :
		     h->host_rdseed == HOSTS_YES ? "" :
						   "neither",
		     h->host_rdseed == HOSTS_YES ? " rdseed" : "");
}

bool hosts_judge_cpu(const struct machine *m, struct finding *f)
{
	static const struct host_question q = { issues, ARRAY_LEN(issues),
						judge_cpu, describe_cpu };

	return hosts_ask(m, &q, f);
}
