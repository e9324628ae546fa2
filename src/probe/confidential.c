/* SPDX-License-Identifier: ISC */
/*
 * Is this a guest whose memory the host cannot read? Asked of the CPU first,
 * then of what the kernel shows, then of its log. The first fact decides; SEV
 * without SNP is the weakest and asked last.
 */
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/fd.h"
#include "probe/facts.h"
#include "probe/root_class.h"

/* AMD APM volume 2, 15.34.10: SEV_STATUS; SecureTsc is bit 11. */
#define MSR_SEV_STATUS 0xc0010131
#define SEV_STATUS_SEV (UINT64_C(1) << 0)
#define SEV_STATUS_SNP (UINT64_C(1) << 2)
#define SEV_STATUS_SECURE_TSC (UINT64_C(1) << 11)

/* Hyper-V TLFS: leaf 40000003h EBX, leaf 4000000Ch EBX. */
#define HYPERV_CPU_MANAGEMENT (UINT32_C(1) << 12)
#define HYPERV_ISOLATION (UINT32_C(1) << 22)
#define HYPERV_ISOLATION_TYPE_MASK 0xf
#define HYPERV_ISOLATION_SNP 2
#define HYPERV_ISOLATION_TDX 3

struct node_row {
	const char *path;
	enum confidential kind;
};

/* Made by guest drivers alone: a SEV host has /dev/sev, not /dev/sev-guest. */
static const struct node_row nodes[] = {
	{ "/dev/sev-guest", CONFIDENTIAL_SEV_SNP },
	{ "/sys/devices/platform/sev-guest", CONFIDENTIAL_SEV_SNP },
	{ "/sys/devices/system/cpu/sev/vmpl", CONFIDENTIAL_SEV_SNP },
	{ "/dev/tdx_guest", CONFIDENTIAL_TDX },
	{ "/sys/devices/virtual/misc/tdx_guest", CONFIDENTIAL_TDX },
};

static void decide(struct platform *p, enum confidential kind, const char *why)
{
	p->confidential = kind;
	p->hypervisor = true;
	probe_copy_printable(p->confidential_why, sizeof p->confidential_why,
			     why);
}

/* TDX: CPUID leaf 21h is answered by the module, not by the host. */
static bool cpuid_is_tdx(const struct probe *f)
{
	uint32_t r[4];

	return probe_cpuid(f, 0x21, 0, r) && r[1] == UINT32_C(0x65746e49) &&
	       r[3] == UINT32_C(0x5844546c) && r[2] == UINT32_C(0x20202020);
}

/* Azure hides AMD's leaf from its guests; Hyper-V has one of its own. */
static uint32_t hyperv_isolation(const struct probe *f)
{
	uint32_t r[4];

	if (!probe_cpuid(f, 0x40000000, 0, r) || r[0] < 0x4000000c ||
	    r[1] != UINT32_C(0x7263694d) || r[2] != UINT32_C(0x666f736f) ||
	    r[3] != UINT32_C(0x76482074))
		return 0;
	if (!probe_cpuid(f, 0x40000003, 0, r) || (r[1] & HYPERV_ISOLATION) == 0 ||
	    (r[1] & HYPERV_CPU_MANAGEMENT) != 0)
		return 0;
	if (!probe_cpuid(f, 0x4000000c, 0, r))
		return 0;
	return r[1] & HYPERV_ISOLATION_TYPE_MASK;
}

static void ask_cpuid(const struct probe *f, struct platform *p)
{
	if (!f->hypervisor_bit)
		return;
	if (cpuid_is_tdx(f)) {
		decide(p, CONFIDENTIAL_TDX, "CPUID leaf 21h: IntelTDX");
		return;
	}
	switch (hyperv_isolation(f)) {
	case HYPERV_ISOLATION_SNP:
		decide(p, CONFIDENTIAL_SEV_SNP, "Hyper-V isolation: SEV-SNP");
		break;
	case HYPERV_ISOLATION_TDX:
		decide(p, CONFIDENTIAL_TDX, "Hyper-V isolation: TDX");
		break;
	default:
		break;
	}
}

/* Needs root and the msr module; then it is the CPU's own answer. */
static uint64_t sev_status(const struct probe *f, const struct platform *p)
{
	uint8_t raw[8];
	ssize_t n;
	int fd;

	if (!f->hypervisor_bit || strcmp(p->cpu_vendor, "AuthenticAMD") != 0)
		return 0;
	fd = f->root->class->open(f->root, "/dev/cpu/0/msr");
	if (fd < 0)
		return 0;
	n = pread(fd, raw, sizeof raw, MSR_SEV_STATUS);
	fd_close(&fd);
	return n == sizeof raw ? load_le64(raw) : 0;
}

static void ask_nodes(const struct probe *f, struct platform *p)
{
	for (size_t i = 0; i < ARRAY_LEN(nodes); i++) {
		if (!probe_exists(f->root, nodes[i].path))
			continue;
		decide(p, nodes[i].kind, nodes[i].path);
		return;
	}
}

/* On bare metal these flags say what the CPU could do for its guests. */
static void ask_flags(const struct probe *f, struct platform *p)
{
	size_t len;
	const char *flags = probe_cpuinfo(f, "flags", &len);

	if (!f->hypervisor_bit || flags == NULL)
		return;
	if (probe_has_word(flags, len, "tdx_guest"))
		decide(p, CONFIDENTIAL_TDX, "/proc/cpuinfo: tdx_guest");
	else if (probe_has_word(flags, len, "sev_snp"))
		decide(p, CONFIDENTIAL_SEV_SNP, "/proc/cpuinfo: sev_snp");
}

static void ask_log(const struct probe *f, struct platform *p)
{
	if (f->log.tdx)
		decide(p, CONFIDENTIAL_TDX, "kernel log: TDX guest");
	else if (f->log.sev_snp)
		decide(p, CONFIDENTIAL_SEV_SNP, "kernel log: SEV-SNP active");
	else if (f->log.sev || f->log.sev_es)
		decide(p, CONFIDENTIAL_SEV, "kernel log: SEV active");
}

void probe_confidential(const struct probe *f, struct platform *p)
{
	uint64_t status = sev_status(f, p);

	if ((status & SEV_STATUS_SNP) != 0)
		decide(p, CONFIDENTIAL_SEV_SNP, "MSR SEV_STATUS: SNP");
	if (p->confidential == CONFIDENTIAL_NO)
		ask_cpuid(f, p);
	if (p->confidential == CONFIDENTIAL_NO)
		ask_nodes(f, p);
	if (p->confidential == CONFIDENTIAL_NO)
		ask_flags(f, p);
	if (p->confidential == CONFIDENTIAL_NO)
		ask_log(f, p);
	if (p->confidential == CONFIDENTIAL_NO && (status & SEV_STATUS_SEV))
		decide(p, CONFIDENTIAL_SEV, "MSR SEV_STATUS: SEV");
	/* The TDX module scales the TSC itself; SNP only with SecureTSC on. */
	p->tsc_secure = p->confidential == CONFIDENTIAL_TDX ||
			(p->confidential == CONFIDENTIAL_SEV_SNP &&
			 ((status & SEV_STATUS_SECURE_TSC) != 0 ||
			  f->log.secure_tsc));
}

void probe_force_confidential(struct platform *p)
{
	if (platform_is_confidential(p))
		return;
	p->confidential = CONFIDENTIAL_FORCED;
	probe_copy_printable(p->confidential_why, sizeof p->confidential_why,
			     "configuration");
}
