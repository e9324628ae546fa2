/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "cmd/doctor.h"

#define WORD_MAX 32
#define NEAR_MAX 3

/* Levenshtein's distance; of long words a large one. */
static unsigned distance(const char *a, const char *b)
{
	size_t len_a = strlen(a), len_b = strlen(b);
	unsigned row[WORD_MAX + 1];

	if (len_a > WORD_MAX || len_b > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= len_b; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= len_a; i++) {
		unsigned corner = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= len_b; j++) {
			unsigned best = corner + (a[i - 1] != b[j - 1]);

			corner = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[len_b];
}

/* A part of a name, or one with few wrong letters. */
static bool is_near(const char *wrong, const char *id)
{
	size_t len = strlen(wrong);

	return (len >= 3 && (strstr(id, wrong) || strstr(wrong, id))) ||
	       distance(wrong, id) <= 1 + len / 4;
}

const char *doctor_near(const char *wrong, char *ret_text, size_t cap_bytes)
{
	const struct check_family *family;
	size_t len = 0, n = 0;

	ret_text[0] = '\0';
	for (size_t f = 0; (family = check_family_at(f)); f++) {
		for (size_t i = 0; i < family->n_checks && n < NEAR_MAX; i++) {
			const char *id = family->checks[i].id;
			size_t needs = strlen(id) + 2;

			if (!is_near(wrong, id) || len + needs >= cap_bytes)
				continue;
			len += (size_t)snprintf(ret_text + len, cap_bytes - len,
						"%s%s", n++ ? ", " : "", id);
		}
	}
	return ret_text;
}
