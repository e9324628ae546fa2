/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <libxml/parser.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "assess/report/report.h"
#include "report_example.h"
#include "specimen_data.h"

static char dir[] = "/tmp/aquifer-plot-XXXXXX";
static uint8_t data[20000];
static struct pictures pictures;

static int set_up(void **state)
{
	struct samples s = { data, sizeof data, 8 };

	(void)state;
	specimen_fill(SPECIMEN_NORMAL8, 5, data, sizeof data);
	if (mkdtemp(dir) == NULL)
		return -1;
	return pictures_make(&s, &pictures);
}

static int tear_down(void **state)
{
	(void)state;
	pictures_free(&pictures);
	plot_end();
	return rmdir(dir);
}

static const char *in_dir(const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof path, "%s/%s", dir, name);
	return path;
}

static size_t read_whole(const char *path, uint8_t *ret, size_t cap_bytes)
{
	FILE *f = fopen(path, "rb");
	size_t n;

	assert_non_null(f);
	n = fread(ret, 1, cap_bytes, f);
	assert_true(n < cap_bytes);
	(void)fclose(f);
	return n;
}

static uint8_t bytes[1 << 22], again[1 << 22];

static void each_kind_makes_an_svg(void **state)
{
	struct report_data d = example_report(&pictures);
	const char *kind, *path = in_dir("a.svg");

	(void)state;
	for (size_t i = 0; (kind = plot_kind_at(i)) != NULL; i++) {
		xmlDoc *doc;

		assert_int_equal(plot_write(path, kind, &d), 0);
		doc = xmlReadFile(path, NULL, XML_PARSE_NONET);
		assert_non_null(doc);
		assert_string_equal(
			(const char *)xmlDocGetRootElement(doc)->name, "svg");
		xmlFreeDoc(doc);
		assert_int_equal(unlink(path), 0);
	}
}

/* The signature, the size in the header, and the end: PNG, 5.2 and 11.2. */
static void each_kind_makes_a_png(void **state)
{
	static const uint8_t begin[] = { 0x89, 'P', 'N', 'G', 13, 10, 26, 10 };
	static const uint8_t end[] = { 'I',  'E',  'N',  'D',
				       0xae, 0x42, 0x60, 0x82 };
	struct report_data d = example_report(&pictures);
	const char *kind, *path = in_dir("a.PNG");

	(void)state;
	for (size_t i = 0; (kind = plot_kind_at(i)) != NULL; i++) {
		size_t n;

		assert_int_equal(plot_write(path, kind, &d), 0);
		n = read_whole(path, bytes, sizeof bytes);
		assert_true(n > 1000);
		assert_memory_equal(bytes, begin, sizeof begin);
		assert_int_equal(load_be32(bytes + 16), (380 + 2 * 14) * 3);
		assert_memory_equal(bytes + n - sizeof end, end, sizeof end);
		assert_int_equal(plot_write(path, kind, &d), 0);
		assert_int_equal(read_whole(path, again, sizeof again), n);
		assert_memory_equal(bytes, again, n);
		assert_int_equal(unlink(path), 0);
	}
}

static void what_cannot_be_drawn_is_told(void **state)
{
	struct report_data d = example_report(&pictures);

	(void)state;
	assert_true(plot_path_ok("a.png") && plot_path_ok("a/b.SVG"));
	assert_false(plot_path_ok(".png") || plot_path_ok("a.pdf") ||
		     plot_path_ok("png") || plot_path_ok(""));
	assert_null(plot_kind_says("pie"));
	assert_non_null(plot_kind_says("lag"));
	assert_int_equal(plot_write(in_dir("a.pdf"), "lag", &d), -EINVAL);
	assert_int_equal(plot_write(in_dir("a.svg"), "pie", &d), -EINVAL);
	assert_int_equal(plot_write(in_dir("no/a.svg"), "lag", &d), -ENOENT);
	d.pictures = NULL;
	assert_true(plot_has("lag",
			     &(struct report_data){ .pictures = &pictures }));
	assert_false(plot_has("pie", &d));
	d.n_p_values = 0;
	d.n_estimates = 0;
	for (size_t i = 0; plot_kind_at(i) != NULL; i++) {
		assert_false(plot_has(plot_kind_at(i), &d));
		assert_int_equal(plot_write(in_dir("a.svg"), plot_kind_at(i), &d),
				 -ENODATA);
	}
	assert_int_equal(access(in_dir("a.svg"), F_OK), -1);
}

/* A full device, a directory: tear_down finds nothing beside them. */
static void a_failure_leaves_nothing_behind(void **state)
{
	struct report_data d = example_report(&pictures);

	(void)state;
	assert_int_equal(symlink("/dev/full", in_dir("full.svg")), 0);
	assert_int_equal(plot_write(in_dir("full.svg"), "lag", &d), -ENOSPC);
	assert_int_equal(unlink(in_dir("full.svg")), 0);
	assert_int_equal(mkdir(in_dir("d.svg"), 0700), 0);
	assert_int_equal(plot_write(in_dir("d.svg"), "lag", &d), -EISDIR);
	assert_int_equal(rmdir(in_dir("d.svg")), 0);
	/* Nobody's link is followed where the part is written. */
	assert_int_equal(symlink("/dev/null", in_dir("b.svg.part")), 0);
	assert_int_equal(plot_write(in_dir("b.svg"), "lag", &d), -ELOOP);
	assert_int_equal(unlink(in_dir("b.svg.part")), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_makes_an_svg),
		cmocka_unit_test(each_kind_makes_a_png),
		cmocka_unit_test(what_cannot_be_drawn_is_told),
		cmocka_unit_test(a_failure_leaves_nothing_behind),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
