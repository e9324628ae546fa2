/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The description that `aquifer record` leaves beside a recording. */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/assess.h"

#define FORMAT "aquifer-recording-1"
/* Ours has about 800 bytes. */
#define LARGEST_BYTES 65536

static int bad(const char *path, const char *why)
{
	return cmd_fail(&command_assess, EXIT_USAGE,
			"%s: %s; mend or remove it, or copy the recording "
			"away from it",
			path, why);
}

/* A whole number within bounds; false where it is not one. */
static bool take_number(const json_t *o, const char *key, uint64_t least,
			uint64_t most, uint64_t *ret)
{
	const json_t *v = json_object_get(o, key);
	json_int_t n = json_integer_value(v);

	if (!json_is_integer(v) || n < 0 || (uint64_t)n < least ||
	    (uint64_t)n > most)
		return false;
	*ret = (uint64_t)n;
	return true;
}

/* Returns what is wrong with it; NULL: nothing. */
static const char *take(const json_t *o, struct assess_sidecar *s)
{
	const char *format = json_string_value(json_object_get(o, "format"));
	const char *source = json_string_value(json_object_get(o, "source"));
	const char *layout = json_string_value(json_object_get(o, "layout"));
	const json_t *raw = json_object_get(o, "raw");
	uint64_t bits, bytes, mbits = 0;

	if (!format || strcmp(format, FORMAT) != 0)
		return "\"format\" is not \"" FORMAT "\"";
	if (!take_number(o, "symbols", 0, INT64_MAX, &s->symbols))
		return "\"symbols\" is missing or no count";
	if (!take_number(o, "symbol_bits", 1, 8, &bits))
		return "\"symbol_bits\" is missing or not 1 to 8";
	if (!take_number(o, "bytes_per_symbol", 1, 8, &bytes) ||
	    (bytes != 1 && bytes != 8))
		return "\"bytes_per_symbol\" is missing or not 1 or 8";
	if (json_object_get(o, "claim_mbits_per_symbol") &&
	    !take_number(o, "claim_mbits_per_symbol", 0, 8000, &mbits))
		return "\"claim_mbits_per_symbol\" is not 0 to 8000";
	s->restarts = layout && strcmp(layout, "restarts") == 0;
	if (s->restarts &&
	    (!take_number(o, "rows", 1, INT32_MAX, &s->rows) ||
	     !take_number(o, "columns", 1, INT32_MAX, &s->columns) ||
	     s->rows * s->columns != s->symbols))
		return "\"rows\" times \"columns\" is not \"symbols\"";
	s->symbol_bits = (unsigned)bits;
	s->bytes_per_symbol = (unsigned)bytes;
	/* What was recorded is noise, unless it says that it is not. */
	s->raw = !json_is_false(raw);
	/* Mixed, but never credited: nothing is claimed. */
	s->claim = mbits == 0 ? NAN : (double)mbits / 1000;
	(void)snprintf(s->source, sizeof s->source, "%s",
		       source ? source : "unknown source");
	return NULL;
}

int assess_sidecar_read(const char *file, struct assess_sidecar *ret)
{
	struct assess_sidecar s = { .present = true };
	char path[PATH_MAX], why[256];
	json_error_t error;
	struct stat st;
	const char *wrong;
	json_t *o;

	*ret = (struct assess_sidecar){ .claim = NAN };
	if ((size_t)snprintf(path, sizeof path, "%s.json", file) >= sizeof path)
		return 0;
	if (stat(path, &st) < 0)
		return errno == ENOENT || errno == ENOTDIR ?
			       0 :
			       cmd_fail(&command_assess, EXIT_MACHINE, "%s: %s",
					path, strerror(errno));
	if (!S_ISREG(st.st_mode) || st.st_size > LARGEST_BYTES)
		return bad(path, "not a description of a recording");
	if (access(path, R_OK) < 0)
		return cmd_fail(&command_assess, EXIT_MACHINE, "%s: %s", path,
				strerror(errno));
	o = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	if (!o) {
		(void)snprintf(why, sizeof why, "line %d: %s", error.line,
			       error.text);
		return bad(path, why);
	}
	wrong = json_is_object(o) ? take(o, &s) : "not a JSON object";
	json_decref(o);
	if (wrong)
		return bad(path, wrong);
	*ret = s;
	return 0;
}
