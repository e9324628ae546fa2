/* SPDX-License-Identifier: ISC */
/*
 * The kernel's generator since this boot: the numbers it shows, and the parts
 * that read its log and look at its clients.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/boot.h"
#include "probe/boot_parts.h"

#define RANDOM_DIR "/proc/sys/kernel/random/"

static void read_number(const struct probe_root *root, const char *path,
			struct boot_number *ret)
{
	char text[64], *end;
	ssize_t n = probe_root_read(root, path, text, sizeof text);

	ret->error = n < 0 ? (int)n : 0;
	if (n < 0)
		return;
	errno = 0;
	ret->value = strtoull(text, &end, 10);
	if (errno != 0 || end == text || text[0] == '-' ||
	    (*end != '\0' && *end != '\n' && *end != '\r'))
		ret->error = -EBADMSG;
}

/* One printable word; anything else is "". */
static void read_word(const struct probe_root *root, const char *path,
		      char *ret_word, size_t cap_bytes)
{
	if (probe_root_read(root, path, ret_word, cap_bytes) < 0)
		ret_word[0] = '\0';
	for (char *p = ret_word; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~') {
			*p = '\0';
			break;
		}
}

static void read_times(const struct probe_root *root, struct boot_facts *f)
{
	char text[64], *stat, *p, *end;

	f->uptime_s = NAN;
	if (probe_root_read(root, "/proc/uptime", text, sizeof text) > 0) {
		double whole = (double)strtoull(text, &end, 10);
		unsigned long long cents = 0;

		if (*end == '.')
			cents = strtoull(end + 1, NULL, 10);
		if (end != text && cents < 100)
			f->uptime_s = whole + (double)cents / 100;
	}
	if (probe_root_load(root, "/proc/stat", 4u << 20, &stat) < 0)
		return;
	p = strstr(stat, "btime ");
	if (p != NULL && (p == stat || p[-1] == '\n'))
		f->btime_s = (int64_t)strtoull(p + 6, NULL, 10);
	if (f->btime_s < 0)
		f->btime_s = 0;
	free(stat);
}

static void read_kernel(const struct probe_root *root, const struct platform *p,
			struct boot_kernel *k)
{
	char version[512], signature[128];

	read_word(root, "/proc/sys/kernel/osrelease", k->release,
		  sizeof k->release);
	if (k->release[0] == '\0')
		(void)snprintf(k->release, sizeof k->release, "%s",
			       p->kernel_release);
	if (probe_root_read(root, "/proc/version", version, sizeof version) < 0)
		version[0] = '\0';
	if (probe_root_read(root, "/proc/version_signature", signature,
			    sizeof signature) < 0)
		signature[0] = '\0';
	/* Ubuntu's level is the last word of its line. */
	signature[strcspn(signature, "\r\n")] = '\0';
	kernel_level(k->release, version, signature, k->level);
	k->version_known = kernel_version_parse(k->level, &k->version);
	read_number(root, RANDOM_DIR "poolsize", &k->poolsize_bits);
	read_number(root, RANDOM_DIR "entropy_avail", &k->entropy_avail_bits);
	read_number(root, RANDOM_DIR "urandom_min_reseed_secs", &k->reseed_s);
	read_word(root, RANDOM_DIR "boot_id", k->boot_id, sizeof k->boot_id);
	kernel_semantics(k->level,
			 k->poolsize_bits.error == 0 &&
					 k->poolsize_bits.value <= UINT32_MAX ?
				 (unsigned)k->poolsize_bits.value :
				 0,
			 &k->semantics);
}

int probe_boot(const struct probe_root *root, const struct platform *p,
	       struct boot_facts *ret_facts)
{
	struct boot_facts *f = calloc(1, sizeof *f);
	bool shallow;

	if (f == NULL)
		return -ENOMEM;
	probe_root_live_answers(root, &f->live);
	read_times(root, f);
	read_kernel(root, p, &f->kernel);
	probe_boot_log(root, &f->log, &f->readers);
	shallow = f->live.known && f->live.crng_ready &&
		  !f->kernel.semantics.random_blocks_after_init;
	probe_boot_tasks(root, shallow, &f->tasks);
	probe_boot_services(root, &f->services);
	*ret_facts = *f;
	free(f);
	return 0;
}

int64_t boot_now_s(const struct boot_facts *facts)
{
	if (facts->btime_s == 0 || isnan(facts->uptime_s) ||
	    facts->uptime_s > 1e10 || facts->btime_s > (int64_t)1 << 40)
		return 0;
	return facts->btime_s + (int64_t)facts->uptime_s;
}
