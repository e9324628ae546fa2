/* SPDX-License-Identifier: ISC */
#ifndef TEST_PROBE_CPUID_TABLE_H
#define TEST_PROBE_CPUID_TABLE_H

/* A CPU as a table of leaves; an absent leaf is one the CPU does not have. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct cpuid_row {
	uint32_t leaf;
	uint32_t regs[4]; /* EAX, EBX, ECX, EDX */
};

static const struct cpuid_row *cpuid_rows;
static size_t cpuid_row_count;

static bool cpuid_from_table(uint32_t leaf, uint32_t subleaf,
			     uint32_t ret_regs[4])
{
	for (size_t i = 0; i < cpuid_row_count; i++) {
		if (cpuid_rows[i].leaf != leaf || subleaf != 0)
			continue;
		memcpy(ret_regs, cpuid_rows[i].regs, sizeof cpuid_rows->regs);
		return true;
	}
	return false;
}

#define CPUID_USE(rows) \
	(cpuid_rows = (rows), \
	 cpuid_row_count = sizeof(rows) / sizeof((rows)[0]), cpuid_from_table)

/* Four characters as a register holds them. */
#define REG4(a, b, c, d) \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | \
	 (uint32_t)(d) << 24)

#define BIT(n) (UINT32_C(1) << (n))

/* clang-format off */
/* Leaf 0 of the makers. */
#define LEAF0_AMD \
	{ 0, { 16, REG4('A', 'u', 't', 'h'), REG4('c', 'A', 'M', 'D'), \
	       REG4('e', 'n', 't', 'i') } }
#define LEAF0_INTEL \
	{ 0, { 0x21, REG4('G', 'e', 'n', 'u'), REG4('n', 't', 'e', 'l'), \
	       REG4('i', 'n', 'e', 'I') } }
/* Signatures of hypervisors. */
#define SIGNATURE_KVM(leaf) \
	{ leaf, { 0, REG4('K', 'V', 'M', 'K'), REG4('V', 'M', 'K', 'V'), \
		  REG4('M', 0, 0, 0) } }
#define SIGNATURE_HYPERV(leaf) \
	{ leaf, { 0x4000000c, REG4('M', 'i', 'c', 'r'), \
		  REG4('o', 's', 'o', 'f'), REG4('t', ' ', 'H', 'v') } }
#define SIGNATURE_TCG(leaf) \
	{ leaf, { 0x40000001, REG4('T', 'C', 'G', 'T'), \
		  REG4('C', 'G', 'T', 'C'), REG4('G', 'T', 'C', 'G') } }
/* clang-format on */

#endif
