/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --report and --plot: what they name, checked before any work is done. */
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "cmd/assess_outputs.h"

#define OUTPUTS (1 + ARRAY_LEN(((struct assess_options *)0)->plots))

const char *assess_plot_split(const char *text, char *ret_kind, size_t cap_bytes)
{
	const char *equals = strchr(text, '=');
	size_t len = equals ? (size_t)(equals - text) : 0;

	*ret_kind = '\0';
	if (len == 0 || len >= cap_bytes || memchr(text, '/', len))
		return text;
	(void)snprintf(ret_kind, cap_bytes, "%.*s", (int)len, text);
	return equals + 1;
}

/* Kinds that a suite's numbers are drawn from. */
static const struct {
	const char *kind;
	enum assess_suite_id suite;
} of_suites[] = {
	{ "entropy", ASSESS_SP80090B },
	{ "p-values", ASSESS_SP80022 },
};

static int check_plot(const struct assess_options *o, const char *text)
{
	char kind[32];
	const char *path = assess_plot_split(text, kind, sizeof kind);

	if (*kind && !plot_kind_says(kind))
		return cmd_usage(&command_assess,
				 "no picture '%s'; --plot list names them",
				 kind);
	if (!plot_path_ok(path))
		return cmd_usage(&command_assess,
				 "--plot writes .png or .svg, not '%s'", path);
	for (size_t i = 0; i < ARRAY_LEN(of_suites); i++) {
		if (strcmp(kind, of_suites[i].kind) == 0 &&
		    !assess_chosen(o, of_suites[i].suite))
			return cmd_usage(
				&command_assess,
				"the picture '%s' is of --suite %s, "
				"which was not chosen",
				kind, assess_suites[of_suites[i].suite]->name);
	}
	return 0;
}

int assess_check_pages(const struct assess_options *o)
{
	int code = 0;

	if (assess_lists_plots(o))
		return 0;
	for (size_t i = 0; code == 0 && i < o->n_plots; i++)
		code = check_plot(o, o->plots[i]);
	if (code == 0 && o->report && (!*o->report || !strcmp(o->report, "-")))
		code = cmd_usage(&command_assess,
				 "--report takes the name of a file; standard "
				 "output is for the text or --json");
	return code;
}

static bool is_at(const char *path, const struct stat *file)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_dev == file->st_dev &&
	       st.st_ino == file->st_ino;
}

/* The same name, or the same file by another one. */
static bool same(const char *a, const char *b)
{
	struct stat st;

	return strcmp(a, b) == 0 ||
	       (stat(a, &st) == 0 && S_ISREG(st.st_mode) && is_at(b, &st));
}

static int check_output(const char *path, const struct assess_input *in)
{
	char beside[PATH_MAX];
	struct stat own;
	int r;

	if (in->own_fd) {
		(void)snprintf(beside, sizeof beside, "%s.json", in->name);
		if (same(path, in->name) || same(path, beside))
			return cmd_usage(&command_assess,
					 "%s is read; the answer needs another "
					 "name",
					 path);
	} else if (in->regular && fstat(in->fd, &own) == 0 && is_at(path, &own)) {
		return cmd_usage(&command_assess,
				 "%s is the standard input; the answer needs "
				 "another name",
				 path);
	}
	r = report_can_write(path);
	return r < 0 ? cmd_fail(&command_assess, EXIT_MACHINE,
				"%s cannot be written: %s", path, strerror(-r)) :
		       0;
}

int assess_check_outputs(const struct assess_options *o,
			 const struct assess_input *in)
{
	const char *paths[OUTPUTS];
	size_t n = 0;
	char kind[32];

	if (o->report)
		paths[n++] = o->report;
	for (size_t i = 0; i < o->n_plots; i++)
		paths[n++] = assess_plot_split(o->plots[i], kind, sizeof kind);
	for (size_t i = 0; i < n; i++) {
		int code = check_output(paths[i], in);

		if (code != 0)
			return code;
		for (size_t k = 0; k < i; k++) {
			if (same(paths[i], paths[k]))
				return cmd_usage(&command_assess,
						 "%s is named twice, and would "
						 "be overwritten",
						 paths[i]);
		}
	}
	return 0;
}
