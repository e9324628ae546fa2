/* SPDX-License-Identifier: ISC */
/* What all sources share: opening, taking, reasons. Knows no class by name. */
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/fd.h"
#include "source/reader.h"
#include "source/source.h"

static const struct source_options defaults = {
	.fd = -1,
	.claim_mbits = SOURCE_CLAIM_DEFAULT,
};

static void source_init(struct source *s, const struct source_class *class,
			const char *name, const struct source_env *env)
{
	memset(s, 0, sizeof *s);
	s->class = class;
	s->env = env;
	s->fd = -1;
	s->info.claim_mbits = class->claim.mbits_per_symbol;
	s->info.domain = class->domain;
	(void)snprintf(s->name, sizeof s->name, "%s", name ? name : class->name);
}

static void close_class(struct source *s)
{
	if (s->class->close)
		s->class->close(s);
	fd_close(&s->fd);
	s->state = NULL;
}

/*
 * Up, at the administrator's own word, from what the class says. What open
 * lowered for this machine's sake stays lowered.
 */
static void raise_claim(struct source *s, uint32_t claim_mbits)
{
	if (claim_mbits <= s->info.claim_mbits || s->info.lowered)
		return;
	s->info.claim_mbits = claim_mbits;
	(void)snprintf(s->info.reason, sizeof s->info.reason,
		       "claim raised by the configuration, from %u millibits",
		       s->class->claim.mbits_per_symbol);
}

int source_open(struct source *s, const struct source_class *class,
		const char *name, const struct source_env *env,
		const struct source_options *options)
{
	int r;

	assert(env->now_ns);
	if (!options)
		options = &defaults;
	source_init(s, class, name, env);
	/* Here before open: whatever fails later, this closes it. */
	s->fd = options->fd;
	r = class->open(s, options);
	if (r < 0) {
		fd_close(&s->fd);
		return r;
	}
	s->info.present = true;
	if (options->claim_mbits < s->info.claim_mbits)
		source_lower(s, options->claim_mbits,
			     "claim lowered by the configuration");
	else if (options->claim_mbits != SOURCE_CLAIM_DEFAULT)
		raise_claim(s, options->claim_mbits);
	if (class->flags & SOURCE_BLOCKS) {
		r = reader_start(&s->reader, s);
		if (r < 0) {
			close_class(s);
			return source_absent(s, r, "no reader thread: %s",
					     strerror(-r));
		}
	}
	s->is_open = true;
	return 0;
}

ssize_t source_read(struct source *s, uint8_t *ret_raw, size_t len_bytes)
{
	uint64_t counted = s->not_ready_count;
	ssize_t n;

	len_bytes -= len_bytes % s->class->record_bytes;
	n = s->class->read(s, ret_raw, len_bytes);
	/* A class that counts its own retries is not counted twice. */
	if (n == -EAGAIN && s->not_ready_count == counted)
		s->not_ready_count++;
	assert(n <= (ssize_t)len_bytes);
	assert(n <= 0 || (size_t)n % s->class->record_bytes == 0);
	return n;
}

ssize_t source_take(struct source *s, uint8_t *ret_raw, size_t len_bytes)
{
	assert(s->is_open);
	if (!s->reader)
		return source_read(s, ret_raw, len_bytes);
	return reader_take(s->reader, ret_raw, len_bytes, &s->not_ready_count);
}

uint64_t source_waiting_since_ns(const struct source *s)
{
	return s->reader ? reader_waiting_since_ns(s->reader) : 0;
}

void source_close(struct source *s)
{
	if (!s->is_open)
		return;
	s->is_open = false;
	if (!s->reader) {
		close_class(s);
		return;
	}
	/* Descriptor and state are the reader's: the last one out closes. */
	reader_stop(s->reader);
	s->reader = NULL;
	s->state = NULL;
	s->fd = -1;
}

size_t source_symbols(const struct source_class *class, const uint8_t *raw,
		      size_t len_bytes, uint8_t *ret_symbols)
{
	uint8_t mask = (uint8_t)((1u << class->symbol_bits) - 1);
	size_t n = len_bytes / class->record_bytes;

	for (size_t i = 0; i < n; i++)
		ret_symbols[i] = raw[i * class->record_bytes] & mask;
	return n;
}

void source_close_fd(struct source *s)
{
	fd_close(&s->fd);
}

int source_absent(struct source *s, int error, const char *format, ...)
{
	va_list ap;

	s->info.present = false;
	va_start(ap, format);
	(void)vsnprintf(s->info.reason, sizeof s->info.reason, format, ap);
	va_end(ap);
	return error;
}

void source_lower(struct source *s, uint32_t claim_mbits, const char *format,
		  ...)
{
	char *reason = s->info.reason;
	size_t used = strlen(reason);
	va_list ap;

	s->info.lowered |= claim_mbits < s->info.claim_mbits || claim_mbits == 0;
	/* A reason that changes nothing does not push out the one that did. */
	if (claim_mbits >= s->info.claim_mbits && used > 0)
		return;
	s->info.claim_mbits = claim_mbits < s->info.claim_mbits ?
				      claim_mbits :
				      s->info.claim_mbits;
	if (used > 0 && used + 3 < sizeof s->info.reason) {
		memcpy(reason + used, "; ", 3);
		used += 2;
	}
	va_start(ap, format);
	(void)vsnprintf(reason + used, sizeof s->info.reason - used, format, ap);
	va_end(ap);
}
