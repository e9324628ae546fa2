/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_BASE_DOMAIN_H
#define AQUIFER_BASE_DOMAIN_H

/*
 * Trust domains: who could lie. Sources of one domain see the same noise or
 * answer to the same master, so only the best of them counts (docs/design.md).
 */
enum trust_domain {
	DOMAIN_CPU,  /* rdrand, rdseed: the CPU's maker */
	DOMAIN_HOST, /* virtio-rng, fw_cfg, a vTPM: whoever runs the host */
	DOMAIN_TPM,  /* a TPM that is not the host's */
	DOMAIN_TIMING, /* jitter, havege, sched, pagefault: this machine's noise */
	DOMAIN_DISK,   /* seedfile: an earlier boot */
	DOMAIN_USER,   /* file: what the administrator plugged in */
	DOMAIN_KERNEL, /* getrandom(2), never in aquiferd */
	DOMAIN_COUNT
};

/* domain_name - "cpu", "host", ...; "?" for a value out of range. */
const char *domain_name(enum trust_domain domain);

#endif
