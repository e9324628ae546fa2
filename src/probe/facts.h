/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_FACTS_H
#define AQUIFER_PROBE_FACTS_H

/*
 * Inside the probe: what was read once and is judged by several parts, and the
 * parts themselves. Each probe_*() fills its fields of struct platform and
 * leaves the rest alone.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/platform.h"
#include "probe/platform.h"
#include "probe/root.h"

/* The first CPU's lines of /proc/cpuinfo: 4 KiB on today's x86. */
#define PROBE_CPUINFO_BYTES 16384

/* Lines of the kernel's log that say under what it runs. */
struct probe_log {
	bool sev, sev_es, sev_snp; /* "Memory Encryption Features active" */
	bool secure_tsc;           /* "SEV: Status: ... SecureTSC" */
	bool tdx;
	bool kvm_services;   /* arm64: KVM answered a hypercall */
	char hypervisor[32]; /* "Hypervisor detected: " */
};

struct probe {
	const struct probe_root *root;
	probe_cpuid_fn *cpuid; /* NULL: the root's, where it is wanted */
	bool cpuid_of_root;
	char cpuinfo[PROBE_CPUINFO_BYTES];
	bool hypervisor_bit; /* CPUID 1 ECX 31, or its flag in cpuinfo */
	bool cpu_known;      /* the bit above was looked at */
	struct probe_log log;
};

/*
 * probe_read - the head of a small file below root, NUL-terminated, trailing
 * newlines and blanks cut. Returns its length or -errno; ret_text is "" then.
 */
ssize_t probe_read(const struct probe_root *root, const char *path,
		   char *ret_text, size_t cap_bytes);

/* probe_exists - is there such a file below root? */
bool probe_exists(const struct probe_root *root, const char *path);

/* probe_cpuid - false when the CPU does not have that leaf, or is not asked. */
bool probe_cpuid(const struct probe *f, uint32_t leaf, uint32_t subleaf,
		 uint32_t ret_regs[4]);

/* probe_has_word - is word in a list of len bytes separated by blanks? */
bool probe_has_word(const char *list, size_t len_bytes, const char *word);

/* probe_copy_printable - at most cap_bytes - 1, other bytes become '?'. */
void probe_copy_printable(char *ret_text, size_t cap_bytes, const char *text);

/*
 * probe_cpuinfo - the value of the first "key : value" line, not terminated.
 * Returns NULL where there is none, or where the buffer's end cut it off.
 */
const char *probe_cpuinfo(const struct probe *f, const char *key,
			  size_t *ret_len_bytes);

/* probe_cpuinfo_text - the same, copied; false where it does not fit, too. */
bool probe_cpuinfo_text(const struct probe *f, const char *key, char *ret_value,
			size_t cap_bytes);

/* probe_is_user_mode_linux - by its cpuinfo; nothing it logs is wanted. */
bool probe_is_user_mode_linux(const struct probe *f);

void probe_cpu(struct probe *f, struct platform *p);
void probe_log_read(const struct probe_root *root, struct probe_log *ret_log);
void probe_log_line(struct probe_log *log, const char *line);
void probe_hypervisor(const struct probe *f, struct platform *p);
void probe_confidential(const struct probe *f, struct platform *p);
void probe_vmclock(const struct probe_root *root, struct platform *p);

#endif
