/* SPDX-License-Identifier: ISC */
/*
 * Runs a fuzzer's entry over files, without a fuzzing engine: for any compiler,
 * for the tests, and to look at one finding. Each argument is a file or a
 * directory, whose files are taken in the order of their names.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX_BYTES (1 << 20)

static int fail(const char *path)
{
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
	return -1;
}

static int replay_file(const char *path, unsigned *count)
{
	FILE *f = fopen(path, "rb");
	uint8_t *buf, *data;
	size_t n;

	if (f == NULL)
		return fail(path);
	buf = malloc(INPUT_MAX_BYTES);
	if (buf == NULL) {
		(void)fclose(f);
		return fail(path);
	}
	n = fread(buf, 1, INPUT_MAX_BYTES, f);
	if (ferror(f)) {
		(void)fclose(f);
		free(buf);
		return fail(path);
	}
	(void)fclose(f);
	/* Memory of just this size, so that a sanitizer sees an over-read. */
	data = realloc(buf, n > 0 ? n : 1);
	if (data == NULL)
		data = buf;
	(void)LLVMFuzzerTestOneInput(data, n);
	free(data);
	++*count;
	return 0;
}

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int replay_directory(const char *path, unsigned *count)
{
	struct dirent **entries;
	int n = scandir(path, &entries, not_hidden, alphasort);
	int r = 0;

	if (n < 0)
		return fail(path);
	for (int i = 0; i < n; i++) {
		char *file;

		if (asprintf(&file, "%s/%s", path, entries[i]->d_name) < 0) {
			r = fail(path);
		} else {
			if (replay_file(file, count) < 0)
				r = -1;
			free(file);
		}
		free(entries[i]);
	}
	free(entries);
	return r;
}

int main(int argc, char **argv)
{
	unsigned count = 0;
	int r = 0;

	for (int i = 1; i < argc; i++) {
		struct stat st;

		if (stat(argv[i], &st) < 0)
			r = fail(argv[i]);
		else if (S_ISDIR(st.st_mode) ? replay_directory(argv[i], &count) :
					       replay_file(argv[i], &count))
			r = -1;
	}
	printf("%u inputs\n", count);
	if (count == 0)
		fprintf(stderr, "usage: %s FILE|DIRECTORY...\n", argv[0]);
	return r < 0 || count == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
