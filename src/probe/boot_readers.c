/* SPDX-License-Identifier: ISC */
/*
 * Early readers, as the kernel names them. By generation:
 *	systemd urandom read with 29 bits of entropy available	3.x to 4.7
 *	sshd: uninitialized urandom read (32 bytes read)	4.8 and later
 *	get_random_u32 called from F+0x.. with crng_init=0	4.13 and later
 *	F get_random_bytes called with crng_init = 0		4.8 to 4.12
 *	7 urandom warning(s) missed due to ratelimiting		4.17 and later
 *	urandom_read_iter: 7 callbacks suppressed		4.17 and later
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/boot_parts.h"

static void note(struct boot_readers *r, const char *name, size_t len,
		 bool kernel, uint64_t bytes, double time_s)
{
	struct boot_reader *e;
	char cut[sizeof r->at[0].name];

	len = min_size(len, sizeof cut - 1);
	memcpy(cut, name, len);
	cut[len] = '\0';
	for (size_t i = 0; i < r->count; i++) {
		e = &r->at[i];
		if (strcmp(e->name, cut) == 0 && e->kernel == kernel) {
			e->count++;
			e->bytes = max_u64(e->bytes, bytes);
			return;
		}
	}
	if (r->count == ARRAY_LEN(r->at)) {
		r->more = true;
		return;
	}
	e = &r->at[r->count++];
	memcpy(e->name, cut, sizeof cut);
	e->kernel = kernel;
	e->bytes = bytes;
	e->count = 1;
	e->time_s = time_s;
}

/* "NAME: uninitialized urandom read (16 bytes read)" */
static bool process_line(struct boot_readers *r, const char *text, double time_s)
{
	static const char words[] = ": uninitialized urandom read";
	static const char old[] = " urandom read with ";
	const char *p = strstr(text, words), *size;

	if (p == NULL) {
		p = strstr(text, old);
		if (p == NULL || strstr(p, "bits of entropy available") == NULL)
			return false;
		note(r, text, (size_t)(p - text), false, 0, time_s);
		return true;
	}
	size = strchr(p + sizeof words - 1, '(');
	note(r, text, (size_t)(p - text), false,
	     size == NULL ? 0 : strtoull(size + 1, NULL, 10), time_s);
	return true;
}

/* "get_random_u32 called from F+0x12/0x34 with crng_init=0" */
static bool kernel_line(struct boot_readers *r, const char *text, double time_s)
{
	static const char from[] = " called from ";
	const char *p;

	if (strstr(text, "get_random_") == NULL ||
	    strstr(text, "crng_init") == NULL)
		return false;
	p = strstr(text, from);
	if (p != NULL) {
		p += sizeof from - 1;
		note(r, p, strcspn(p, "+ "), true, 0, time_s);
		return true;
	}
	if (strstr(text, " called with crng_init") == NULL)
		return false;
	note(r, text, strcspn(text, "+ "), true, 0, time_s);
	return true;
}

bool boot_reader_line(struct boot_readers *readers, const char *text,
		      double time_s)
{
	const char *p;

	if (process_line(readers, text, time_s) ||
	    kernel_line(readers, text, time_s))
		return true;
	p = text;
	if (strstr(text, " warning(s) missed due to ratelimiting") == NULL) {
		p = strstr(text, "callbacks suppressed") == NULL ?
			    NULL :
			    strstr(text, ": ");
		if (p == NULL)
			return false;
		p += 2;
	}
	readers->missed += min_u64(strtoull(p, NULL, 10), UINT32_MAX);
	return true;
}
