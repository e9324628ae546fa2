/* SPDX-License-Identifier: ISC */
/* Dates and times of logs. */
#include <string.h>

#include "base/bytes.h"
#include "probe/log_stamp.h"

#define DAY_S 86400.0

static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
				      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

/* number - 1 to 18 digits; NULL where there are none or more. */
char *log_number(char *p, uint64_t *ret)
{
	uint64_t v = 0;
	unsigned n = 0;

	for (; digit(*p) && n < 19; n++)
		v = v * 10 + (uint64_t)(*p++ - '0');
	if (n == 0 || n == 19)
		return NULL;
	*ret = v;
	return p;
}

/* fraction - what follows the point or the comma, as a part of a second. */
char *log_fraction(char *p, double *ret)
{
	double unit = 0.1;

	*ret = 0;
	for (; digit(*p); p++) {
		*ret += unit * (*p - '0');
		unit /= 10;
	}
	return p;
}

/* "17:03:01", at most with a fraction; seconds of the day. */
static char *clock_time(char *p, double *ret_s)
{
	uint64_t part[3];
	double parts = 0;

	for (int i = 0; i < 3; i++) {
		if (i > 0 && *p++ != ':')
			return NULL;
		p = log_number(p, &part[i]);
		if (p == NULL)
			return NULL;
	}
	if (part[0] > 24 || part[1] > 59 || part[2] > 60)
		return NULL;
	if ((*p == '.' || *p == ',') && digit(p[1]))
		p = log_fraction(p + 1, &parts);
	*ret_s = (double)(part[0] * 3600 + part[1] * 60 + part[2]) + parts;
	return p;
}

/* Days since 1 January 1970; month 1 to 12. */
static double civil_days(uint64_t year, unsigned month, unsigned day)
{
	static const unsigned before[] = { 0,   31,  59,  90,  120, 151,
					   181, 212, 243, 273, 304, 334 };
	uint64_t last = month > 2 ? year : year - 1;
	uint64_t n_leap = last / 4 - last / 100 + last / 400;

	return 365.0 * ((double)year - 1970) + (double)n_leap - 477 +
	       before[month - 1] + day - 1;
}

/* "Nov 22 17:03:01", after it possibly " 2026"; the year is left alone. */
char *log_month_stamp(char *p, double *ret_s)
{
	uint64_t day;
	double time_s;

	for (unsigned m = 0; m < ARRAY_LEN(months); m++) {
		if (strncmp(p, months[m], 3) != 0 || p[3] != ' ')
			continue;
		p += 4;
		p += *p == ' ';
		p = log_number(p, &day);
		if (p == NULL || day < 1 || day > 31 || *p++ != ' ')
			return NULL;
		p = clock_time(p, &time_s);
		if (p != NULL)
			*ret_s = civil_days(2000, m + 1, (unsigned)day) * DAY_S +
				 time_s;
		return p;
	}
	return NULL;
}

/* "2026-11-22T17:03:01.123456+00:00"; the zone is the log's own. */
char *log_iso_stamp(char *p, double *ret_s)
{
	uint64_t part[3];
	double time_s;

	for (int i = 0; i < 3; i++) {
		if (i > 0 && *p++ != '-')
			return NULL;
		p = log_number(p, &part[i]);
		if (p == NULL)
			return NULL;
	}
	if (part[0] < 1970 || part[0] > 9999 || part[1] < 1 || part[1] > 12 ||
	    part[2] < 1 || part[2] > 31 || (*p != 'T' && *p != ' '))
		return NULL;
	p = clock_time(p + 1, &time_s);
	if (p == NULL)
		return NULL;
	while (*p != '\0' && *p != ' ')
		p++;
	*ret_s = civil_days(part[0], (unsigned)part[1], (unsigned)part[2]) *
			 DAY_S +
		 time_s;
	return p;
}

/* "Sun " before a date. */
char *log_skip_weekday(char *p)
{
	static const char days[] = "Sun Mon Tue Wed Thu Fri Sat ";

	for (const char *d = days; *d != '\0'; d += 4)
		if (strncmp(p, d, 4) == 0)
			return p + 4;
	return p;
}
