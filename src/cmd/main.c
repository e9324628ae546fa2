/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "version.h"

static const struct command *const commands[] = {
	&command_doctor, &command_sources, &command_record, &command_bytes,
	&command_feed,   &command_status,  &command_assess,
};

static void show_overview(FILE *f)
{
	(void)fprintf(f, "usage: aquifer COMMAND [OPTIONS]\n\n");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		(void)fprintf(f, "  %-9s %s\n", commands[i]->name,
			      commands[i]->summary);
	(void)fprintf(f, "\n'aquifer help COMMAND' tells more; "
			 "'aquifer --version' what was built in.\n");
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}

static int help(int argc, char **argv)
{
	const struct command *c = argc > 0 ? find(argv[0]) : NULL;

	if (argc == 0) {
		show_overview(stdout);
		return EXIT_YES;
	}
	if (!c) {
		(void)fprintf(stderr,
			      "aquifer: no command '%s'; 'aquifer help' "
			      "lists them\n",
			      argv[0]);
		return EXIT_USAGE;
	}
	(void)printf("aquifer %s: %s\n\n%s", c->name, c->summary, c->usage);
	return EXIT_YES;
}

/* An answer that could not be written was not given. */
static int finish(const struct command *c, int code)
{
	int error = fflush(stdout) != 0 ? errno : ferror(stdout) ? EIO : 0;

	if (error == 0 || (code != EXIT_YES && code != EXIT_MACHINE))
		return code;
	return cmd_fail(c, EXIT_MACHINE, "standard output: %s", strerror(error));
}

int main(int argc, char **argv)
{
	const struct command *c;

	log_init("aquifer", LOG_LEVEL_WARN);
	/* Keys of our JSON are our own words: no random byte is drawn. */
	json_object_seed(1);
	if (argc < 2) {
		show_overview(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		(void)printf("aquifer %s\n" AQUIFER_FEATURES, AQUIFER_VERSION);
		return EXIT_YES;
	}
	if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 ||
	    strcmp(argv[1], "-h") == 0)
		return help(argc - 2, argv + 2);
	c = find(argv[1]);
	if (!c) {
		(void)fprintf(stderr,
			      "aquifer: no command '%s'; 'aquifer help' "
			      "lists them\n",
			      argv[1]);
		return EXIT_USAGE;
	}
	if (argc > 2 &&
	    (strcmp(argv[2], "--help") == 0 || strcmp(argv[2], "-h") == 0))
		return help(1, argv + 1);
	return finish(c, c->run(argc - 1, argv + 1));
}
