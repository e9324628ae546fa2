/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef AQUIFER_CMD_ASSESS_OUTPUTS_H
#define AQUIFER_CMD_ASSESS_OUTPUTS_H

#include "cmd/assess.h"

/*
 * assess_plot_split - KIND=FILE, or FILE alone, where ret_kind is empty: the
 * first kind that there is data for. Returns FILE.
 */
const char *assess_plot_split(const char *text, char *ret_kind,
			      size_t cap_bytes);

#endif
