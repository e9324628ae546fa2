/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/bytes.h"
#include "source/source.h"

/*
 * One row a class, in the order people read them: what a virtual machine should
 * have first. Linked by the programs, not into the core library, because
 * source_havege is another file in each of them.
 */
static const struct source_class *const classes[] = {
	&source_hwrng,    &source_rdrand,   &source_rdseed, &source_tpm2,
	&source_jitter,   &source_havege,   &source_sched,  &source_pagefault,
	&source_seedfile, &source_hostseed, &source_file,   &source_kernel,
};

const struct source_class *source_class_at(size_t index)
{
	return index < ARRAY_LEN(classes) ? classes[index] : NULL;
}

const struct source_class *source_class_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(classes); i++)
		if (strcmp(classes[i]->name, name) == 0)
			return classes[i];
	return NULL;
}
