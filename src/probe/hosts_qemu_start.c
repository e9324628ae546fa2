/* SPDX-License-Identifier: ISC */
/* "-incoming": from where a QEMU takes the state it starts in. */
#include <string.h>

#include "probe/hosts_parts.h"

static bool starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* "cat FILE" tells the file; any other command may hold a password. */
static void read_command(const char *command, struct host_guest *g)
{
	const char *file = starts(command, "cat ") ? command + 4 : "";

	g->start = START_FILE;
	file += strspn(file, " <'\"");
	if (file[0] == '/' && file[strcspn(file, " |;&<>$`")] == '\0')
		hosts_copy(g->start_from, sizeof g->start_from, file);
	g->start_from[strcspn(g->start_from, "'\"")] = '\0';
}

static void read_json(const char *value, struct host_guest *g)
{
	struct opt_list o;
	const char *how;

	if (opt_parse(&o, value, NULL) < 0)
		return;
	how = opt_first(&o, "addr.transport", "transport", "transport");
	if (how && strcmp(how, "file") == 0) {
		g->start = START_FILE;
		if (opt_get(&o, "addr.filename"))
			hosts_copy(g->start_from, sizeof g->start_from,
				   opt_get(&o, "addr.filename"));
	} else if (how && strcmp(how, "exec") == 0) {
		g->start = START_FILE;
	} else {
		how = opt_get(&o, "addr.type");
		g->start = how && strcmp(how, "fd") == 0 ? START_DEFERRED :
							   START_MIGRATED;
	}
	opt_wipe(&o);
}

void qemu_read_incoming(const char *value, struct host_guest *g)
{
	char *comma;

	if (value[0] == '{') {
		read_json(value, g);
	} else if (starts(value, "exec:")) {
		read_command(value + 5, g);
	} else if (starts(value, "file:")) {
		g->start = START_FILE;
		hosts_copy(g->start_from, sizeof g->start_from, value + 5);
		comma = strchr(g->start_from, ',');
		if (comma)
			*comma = '\0';
	} else {
		g->start = starts(value, "tcp:") || starts(value, "rdma:") ?
				   START_MIGRATED :
				   START_DEFERRED;
	}
}
