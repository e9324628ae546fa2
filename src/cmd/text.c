/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd/cmd.h"

static const char *const tones[] = {
	[TONE_PLAIN] = "",         [TONE_GOOD] = "\033[32m",
	[TONE_BAD] = "\033[31m",   [TONE_WEAK] = "\033[2m",
	[TONE_STRONG] = "\033[1m", [TONE_WARN] = "\033[33m",
	[TONE_NOTE] = "\033[36m",
};

bool text_has_colour(FILE *f)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	/* no-color.org: set and not empty. */
	return isatty(fileno(f)) && !(no && *no) &&
	       !(term && strcmp(term, "dumb") == 0);
}

unsigned text_width(FILE *f)
{
	struct winsize size;

	if (!isatty(fileno(f)))
		return 0;
	if (ioctl(fileno(f), TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return 80;
	return size.ws_col;
}

void text_put(FILE *f, enum tone tone, unsigned width, const char *format, ...)
{
	bool colour = tone != TONE_PLAIN && text_has_colour(f);
	va_list args;
	int n;

	if (colour)
		(void)fputs(tones[tone], f);
	va_start(args, format);
	n = vfprintf(f, format, args);
	va_end(args);
	if (n >= 0 && (unsigned)n < width)
		(void)fprintf(f, "%*s", (int)(width - (unsigned)n), "");
	if (colour)
		(void)fputs("\033[0m", f);
}

void text_wrap(FILE *f, unsigned indent, enum tone tone, const char *text)
{
	unsigned width = text_width(f), at = indent;
	bool colour = tone != TONE_PLAIN && text_has_colour(f), first = true;

	if (colour)
		(void)fputs(tones[tone], f);
	while (*text) {
		size_t len = strcspn(text, " ");

		if (!first && width > indent + 20 && at + 1 + len > width) {
			(void)fprintf(f, "\n%*s", (int)indent, "");
			at = indent;
		} else if (!first) {
			(void)fputc(' ', f);
			at++;
		}
		(void)fwrite(text, 1, len, f);
		at += (unsigned)len;
		text += len;
		text += strspn(text, " ");
		first = false;
	}
	(void)fprintf(f, "%s\n", colour ? "\033[0m" : "");
}

const char *text_mbits(uint64_t mbits, char *buf, size_t cap_bytes)
{
	if (mbits % 1000 == 0)
		(void)snprintf(buf, cap_bytes, "%llu",
			       (unsigned long long)(mbits / 1000));
	else
		(void)snprintf(buf, cap_bytes, "%.3f", (double)mbits / 1000);
	return buf;
}

static bool progress_shown;

void progress_show(const char *what, uint64_t done, uint64_t total,
		   uint64_t start_ns)
{
	static uint64_t last_ns;
	uint64_t now_ns = clock_boottime_ns();
	double part = total ? (double)done / (double)total : 0;
	double passed_s = (double)(now_ns - start_ns) / 1e9;
	char bar[31];

	if (!isatty(STDERR_FILENO) ||
	    (now_ns - last_ns < 100 * NS_PER_MS && done < total))
		return;
	last_ns = now_ns;
	for (size_t i = 0; i < sizeof bar - 1; i++)
		bar[i] = (double)i < part * (sizeof bar - 1) ? '#' : '.';
	bar[sizeof bar - 1] = '\0';
	(void)fprintf(stderr, "\r%-12s [%s] %3.0f %%", what, bar, part * 100);
	if (part > 0.02)
		(void)fprintf(stderr, "  %4.0f s left ",
			      passed_s / part - passed_s);
	progress_shown = true;
}

void progress_end(void)
{
	if (progress_shown)
		(void)fprintf(stderr, "\r%70s\r", "");
	progress_shown = false;
}
