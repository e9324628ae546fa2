/* SPDX-License-Identifier: ISC */
/* The CPU's generator as the kernel shows it, and the kernel's command line. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/boot.h"
#include "probe/sources_parts.h"

#define CPUINFO_BYTES 16384
/* COMMAND_LINE_SIZE is 4096 at most on today's architectures. */
#define COMMAND_LINE_BYTES 8192

/* Where /proc/cpuinfo has one of these, the machine is of that kind. */
static const struct {
	const char *key;
	enum sources_arch arch;
} kinds[] = {
	{ "vendor_id\t", SOURCES_X86 },
	{ "flags\t", SOURCES_X86 },
	{ "Features\t", SOURCES_ARM },
	{ "CPU implementer\t", SOURCES_ARM },
};

/* The value of "key\t: value"; NULL for another line. */
static const char *value_of(const char *line, const char *key)
{
	size_t len = strlen(key);

	if (strncmp(line, key, len) != 0)
		return NULL;
	line += len;
	line += strspn(line, " \t");
	if (*line != ':')
		return NULL;
	return line + 1 + strspn(line + 1, " \t");
}

static void take_cpuinfo(char *text, struct sources_cpu *cpu)
{
	char *line;

	while ((line = sources_next_line(&text)) != NULL) {
		const char *model = value_of(line, "model name");

		/* User-mode Linux writes its own name as the vendor. */
		if (strstr(line, "User Mode Linux") != NULL)
			cpu->arch = SOURCES_X86;
		for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
			if (strncmp(line, kinds[i].key, strlen(kinds[i].key)) ==
				    0 &&
			    cpu->arch == SOURCES_OTHER)
				cpu->arch = kinds[i].arch;
		if (model != NULL && cpu->model_name[0] == '\0')
			sources_copy(cpu->model_name, sizeof cpu->model_name,
				     model);
	}
}

void probe_sources_cpu(const struct probe_root *root, struct sources_facts *f)
{
	char *text = malloc(CPUINFO_BYTES);

	sources_line_read(root, "/sys/devices/system/cpu/vulnerabilities/srbds",
			  &f->cpu.srbds);
	if (text != NULL &&
	    probe_root_read(root, "/proc/cpuinfo", text, CPUINFO_BYTES) > 0)
		take_cpuinfo(text, &f->cpu);
	free(text);
}

/* Is name among the words of a list separated by commas? */
static bool in_list(const char *list, const char *name)
{
	size_t len = strlen(name);

	for (; *list != '\0'; list += strcspn(list, ","), list += *list == ',')
		if (strcspn(list, ",") == len && strncmp(list, name, len) == 0)
			return true;
	return false;
}

static const char *after(const char *word, const char *head)
{
	size_t len = strlen(head);

	return strncmp(word, head, len) == 0 ? word + len : NULL;
}

/* clearcpuid= takes flag names from 6.0 on, and bit numbers (word * 32 + bit) */
#define RDRAND_BIT "158" /* 4 * 32 + 30 */
#define RDSEED_BIT "306" /* 9 * 32 + 18 */

static void clear_flags(const char *list, struct sources_command_line *c)
{
	c->clears_rdrand |= in_list(list, "rdrand") || in_list(list, RDRAND_BIT);
	c->clears_rdseed |= in_list(list, "rdseed") || in_list(list, RDSEED_BIT);
}

static void bar_module(const char *word, const char *list,
		       struct sources_command_line *c)
{
	if (in_list(list, "virtio_rng") || in_list(list, "virtio-rng") ||
	    in_list(list, "virtio_rng_driver_init"))
		sources_copy(c->modules_barred, sizeof c->modules_barred, word);
}

static void take_word(const char *word, struct sources_command_line *c)
{
	const char *value;

	if (strcmp(word, "nordrand") == 0)
		c->nordrand = true;
	else if (strcmp(word, "rdrand=force") == 0)
		c->rdrand_force = true;
	else if ((value = after(word, "clearcpuid=")))
		clear_flags(value, c);
	else if (strcmp(word, "srbds=off") == 0 ||
		 strcmp(word, "mitigations=off") == 0)
		c->srbds_off = true;
	else if ((value = after(word, "modprobe.blacklist=")) ||
		 (value = after(word, "module_blacklist=")) ||
		 (value = after(word, "initcall_blacklist=")))
		bar_module(word, value, c);
}

void sources_command_line_parse(char *text, struct sources_command_line *c)
{
	char *save = NULL;

	c->trust_cpu = boot_command_line_bool(text, "random.trust_cpu");
	c->trust_bootloader = boot_command_line_bool(text,
						     "random.trust_bootloader");
	for (char *word = strtok_r(text, " \t\r\n", &save); word != NULL;
	     word = strtok_r(NULL, " \t\r\n", &save)) {
		/* What follows is init's. */
		if (strcmp(word, "--") == 0)
			break;
		take_word(word, c);
	}
}

void probe_sources_command_line(const struct probe_root *root,
				struct sources_facts *f)
{
	char text[COMMAND_LINE_BYTES];
	ssize_t n = probe_root_read(root, "/proc/cmdline", text, sizeof text);

	if (n < 0)
		text[0] = '\0';
	sources_line_read(root, "/proc/cmdline", &f->command_line.file);
	sources_command_line_parse(text, &f->command_line);
}
