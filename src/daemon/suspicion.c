/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/clock.h"
#include "daemon/suspicion.h"

void clocks_read(struct clocks *ret)
{
	ret->monotonic_ns = clock_monotonic_ns();
	ret->boottime_ns = clock_boottime_ns();
	ret->realtime_ns = clock_realtime_ns();
}

enum suspicion suspicion_judge(const struct clocks *before,
			       const struct clocks *after)
{
	int64_t monotonic = (int64_t)(after->monotonic_ns - before->monotonic_ns);
	int64_t boottime = (int64_t)(after->boottime_ns - before->boottime_ns);
	int64_t realtime = (int64_t)(after->realtime_ns - before->realtime_ns);
	int64_t jump = realtime - boottime;

	if (boottime - monotonic > (int64_t)SUSPICION_SUSPEND_NS)
		return SUSPICION_SUSPEND;
	if (jump > (int64_t)SUSPICION_JUMP_NS ||
	    jump < -(int64_t)SUSPICION_JUMP_NS)
		return SUSPICION_JUMP;
	return SUSPICION_NONE;
}

bool suspicion_is_vm_fork(const char *line, size_t len_bytes)
{
	static const char text[] =
		"random: crng reseeded due to virtual machine fork";
	const char *end = memchr(line, ';', len_bytes);
	unsigned priority = 0;
	size_t i = 0;

	/* "<prefix>,<sequence>,<time>,<flags>;text"; facility = prefix >> 3. */
	while (i < len_bytes && line[i] >= '0' && line[i] <= '9' && i < 5)
		priority = priority * 10 + (unsigned)(line[i++] - '0');
	if (!end || i == 0 || i >= len_bytes || line[i] != ',' ||
	    priority >> 3 != 0)
		return false;
	end++;
	return (size_t)(line + len_bytes - end) >= sizeof text - 1 &&
	       memcmp(end, text, sizeof text - 1) == 0;
}
