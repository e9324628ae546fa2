/* SPDX-License-Identifier: ISC */
/* Where a task waits: by function names and by numbers of system calls. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/boot_parts.h"

/*
 * Names as wchan and stack show them. getrandom(2) slept in its own function
 * before wait_for_random_bytes() (4.13), whose prefix depends on how the
 * architecture wraps system calls: any name with "getrandom" counts.
 */
static const struct {
	const char *name;
	enum boot_wait wait;
} functions[] = {
	{ "wait_for_random_bytes", BOOT_WAIT_GETRANDOM },
	{ "crng_wait_ready", BOOT_WAIT_GETRANDOM },
	{ "try_to_generate_entropy", BOOT_WAIT_GETRANDOM },
	{ "_random_read", BOOT_WAIT_RANDOM },
	{ "random_read", BOOT_WAIT_RANDOM },
	{ "random_read_iter", BOOT_WAIT_RANDOM },
	{ "urandom_read", BOOT_WAIT_URANDOM },
	{ "urandom_read_iter", BOOT_WAIT_URANDOM },
};

enum boot_wait boot_wait_of_function(const char *function)
{
	/* "random_read.part.0", "wait_for_random_bytes+0x5d/0x80" */
	size_t len = strcspn(function, ".+ \t\r\n");

	for (size_t i = 0; i < ARRAY_LEN(functions); i++)
		if (strlen(functions[i].name) == len &&
		    memcmp(functions[i].name, function, len) == 0)
			return functions[i].wait;
	if (len >= 9 && memmem(function, len, "getrandom", 9) != NULL)
		return BOOT_WAIT_GETRANDOM;
	return BOOT_WAIT_NONE;
}

/*
 * Numbers of getrandom and read. A 64-bit kernel runs 32-bit programs too; the
 * number of one is never a call that sleeps on the other.
 */
static const struct {
	enum boot_arch arch;
	long getrandom, read;
} calls[] = {
	{ BOOT_ARCH_X86, 318, 0 },                 /* x86-64 */
	{ BOOT_ARCH_X86, 355, 3 },                 /* i386 */
	{ BOOT_ARCH_X86, 0x4000013e, 0x40000000 }, /* x32 */
	{ BOOT_ARCH_ARM, 278, 63 },                /* arm64 */
	{ BOOT_ARCH_ARM, 384, 3 },
	{ BOOT_ARCH_GENERIC, 278, 63 }, /* riscv64, loongarch64 */
	{ BOOT_ARCH_S390, 349, 3 },
	{ BOOT_ARCH_PPC, 359, 3 },
};

enum boot_wait boot_wait_of_syscall(enum boot_arch arch, const char *text,
				    int *ret_fd)
{
	char *end;
	long number, fd;

	*ret_fd = -1;
	errno = 0;
	number = strtol(text, &end, 10);
	if (end == text || errno != 0 || *end != ' ' || number < 0)
		return BOOT_WAIT_NONE; /* "running", "-1 0x..." */
	fd = strtol(end, NULL, 16);
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		if (calls[i].arch != arch)
			continue;
		if (number == calls[i].getrandom)
			return BOOT_WAIT_GETRANDOM;
		if (number == calls[i].read && fd >= 0 && fd < 1 << 20)
			*ret_fd = (int)fd;
	}
	return BOOT_WAIT_NONE;
}

/* "0" is no name, nor is whatever else a file may hold. */
bool boot_wait_is_function(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	static const char rest[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
				   "0123456789.$+/ \t";

	return text[0] != '\0' && strchr(letters, text[0]) != NULL &&
	       text[strspn(text, rest)] == '\0';
}

/* "318 0x7ffc4c1b2a40 ...", "-1 0x7ff...", "running" */
bool boot_wait_is_call(const char *text)
{
	return strcmp(text, "running") == 0 ||
	       isdigit((unsigned char)text[text[0] == '-']);
}

static const struct {
	const char *name;
	enum boot_arch arch;
} archs[] = {
	{ "x86_64", BOOT_ARCH_X86 },      { "i686", BOOT_ARCH_X86 },
	{ "i586", BOOT_ARCH_X86 },        { "aarch64", BOOT_ARCH_ARM },
	{ "armv7l", BOOT_ARCH_ARM },      { "armv6l", BOOT_ARCH_ARM },
	{ "armv8l", BOOT_ARCH_ARM },      { "riscv64", BOOT_ARCH_GENERIC },
	{ "riscv32", BOOT_ARCH_GENERIC }, { "loongarch64", BOOT_ARCH_GENERIC },
	{ "s390x", BOOT_ARCH_S390 },      { "ppc64le", BOOT_ARCH_PPC },
	{ "ppc64", BOOT_ARCH_PPC },
};

/* Words of /proc/cpuinfo, for kernels before 6.1, which do not tell. */
static const struct {
	const char *word;
	enum boot_arch arch;
} cpus[] = {
	{ "vendor_id\t: IBM/S390", BOOT_ARCH_S390 },
	{ "vendor_id\t:", BOOT_ARCH_X86 },
	{ "CPU implementer", BOOT_ARCH_ARM },
	{ "isa\t", BOOT_ARCH_GENERIC },
};

enum boot_arch probe_boot_arch(const struct probe_root *root)
{
	char text[4096];

	if (probe_root_read(root, "/proc/sys/kernel/arch", text, sizeof text) >
	    0) {
		text[strcspn(text, " \t\r\n")] = '\0';
		for (size_t i = 0; i < ARRAY_LEN(archs); i++)
			if (strcmp(text, archs[i].name) == 0)
				return archs[i].arch;
	}
	if (probe_root_read(root, "/proc/cpuinfo", text, sizeof text) > 0)
		for (size_t i = 0; i < ARRAY_LEN(cpus); i++)
			if (strstr(text, cpus[i].word) != NULL)
				return cpus[i].arch;
	return BOOT_ARCH_UNKNOWN;
}
