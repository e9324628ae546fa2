/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_LOG_STAMP_H
#define AQUIFER_PROBE_LOG_STAMP_H

/*
 * Inside the log reader: the parts of a time stamp. Each returns what follows
 * it in the text, or NULL where there is none; outputs are then untouched.
 */
#include "probe/log.h"

/* log_number - 1 to 18 digits. */
char *log_number(char *p, uint64_t *ret);

/* log_fraction - what follows the point, as a part of a second; never NULL. */
char *log_fraction(char *p, double *ret);

/* log_month_stamp - "Nov 22 17:03:01", without its year. */
char *log_month_stamp(char *p, double *ret_s);

/* log_iso_stamp - "2026-11-22T17:03:01.123456+00:00"; the zone is left out. */
char *log_iso_stamp(char *p, double *ret_s);

/* log_skip_weekday - "Sun " before a date; p where there is none. */
char *log_skip_weekday(char *p);

#endif
