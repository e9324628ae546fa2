/* SPDX-License-Identifier: ISC */
#include "base/bytes.h"
#include "base/domain.h"

static const char *const names[] = {
	[DOMAIN_CPU] = "cpu",       [DOMAIN_HOST] = "host",
	[DOMAIN_TPM] = "tpm",       [DOMAIN_TIMING] = "timing",
	[DOMAIN_DISK] = "disk",     [DOMAIN_USER] = "user",
	[DOMAIN_KERNEL] = "kernel",
};

_Static_assert(ARRAY_LEN(names) == DOMAIN_COUNT, "a domain without a name");

const char *domain_name(enum trust_domain domain)
{
	return (unsigned)domain < DOMAIN_COUNT ? names[domain] : "?";
}
