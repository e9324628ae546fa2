/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "assess/specimens/generators.h"
#include "base/bytes.h"

static const struct specimen *const specimens[] = {
	&specimen_all_ones, &specimen_counter,
	&specimen_biased,   &specimen_sticky,
	&specimen_randu,    &specimen_middle_square,
	&specimen_lfsr,     &specimen_truncated_lcg,
	&specimen_arc4,     &specimen_encrypted_counter,
	&specimen_good,
};

const struct specimen *specimen_at(size_t index)
{
	return index < ARRAY_LEN(specimens) ? specimens[index] : NULL;
}

const struct specimen *specimen_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(specimens); i++)
		if (strcmp(specimens[i]->name, name) == 0)
			return specimens[i];
	return NULL;
}
