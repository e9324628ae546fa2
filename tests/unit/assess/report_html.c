/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "assess/report/report.h"
#include "report_example.h"
#include "specimen_data.h"

static char *page_of(const struct report_data *d)
{
	char *out = NULL;
	size_t len_bytes = 0;
	FILE *f = open_memstream(&out, &len_bytes);

	assert_non_null(f);
	assert_int_equal(report_html(f, d), 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(strlen(out), len_bytes);
	return out;
}

/* Strictly as XML: each tag closed, each quote in place, valid UTF-8. */
static xmlDoc *parse(const char *page)
{
	xmlDoc *doc = xmlReadMemory(page, (int)strlen(page), "page", "UTF-8",
				    XML_PARSE_NONET);

	assert_non_null(doc);
	return doc;
}

/* The namespaces are left aside: local-name() says what is meant. */
static int count(xmlDoc *doc, const char *expression)
{
	xmlXPathContext *context = xmlXPathNewContext(doc);
	xmlXPathObject *found;
	int n;

	assert_non_null(context);
	found = xmlXPathEvalExpression((const xmlChar *)expression, context);
	assert_non_null(found);
	n = found->nodesetval != NULL ? found->nodesetval->nodeNr : 0;
	xmlXPathFreeObject(found);
	xmlXPathFreeContext(context);
	return n;
}

static void text_is(xmlDoc *doc, const char *expression, const char *expected)
{
	xmlXPathContext *context = xmlXPathNewContext(doc);
	xmlXPathObject *found;

	assert_non_null(context);
	found = xmlXPathEvalExpression((const xmlChar *)expression, context);
	assert_non_null(found);
	assert_string_equal((const char *)found->stringval, expected);
	xmlXPathFreeObject(found);
	xmlXPathFreeContext(context);
}

static void nothing_runs_and_nothing_is_fetched(xmlDoc *doc)
{
	assert_int_equal(count(doc, "//*[local-name()='script' or "
				    "local-name()='link' or "
				    "local-name()='iframe' or "
				    "local-name()='object' or "
				    "local-name()='a' or local-name()='base']"),
			 0);
	assert_int_equal(count(doc, "//@*[starts-with(local-name(), 'on')]"), 0);
	assert_int_equal(count(doc, "//@src"), 0);
	assert_int_equal(count(doc, "//@href[not(starts-with(., "
				    "'data:image/png;base64,'))]"),
			 0);
	assert_int_equal(count(doc, "//*[local-name()='style']"
				    "[contains(., 'url(') or "
				    "contains(., '@import')]"),
			 0);
	assert_int_equal(count(doc, "/comment() | //comment()"), 0);
}

/* Who cannot see a chart has its name, what it shows and its numbers. */
static void each_chart_is_described(xmlDoc *doc, int charts)
{
	assert_int_equal(count(doc, "//*[local-name()='figure']"), charts);
	assert_int_equal(count(doc, "//*[local-name()='svg'][@role='img']"
				    "[*[1][local-name()='title']]"
				    "[*[2][local-name()='desc']]"),
			 charts);
	assert_int_equal(count(doc, "//*[local-name()='figure']"
				    "/*[local-name()='details']"
				    "//*[local-name()='table']"
				    "[.//*[local-name()='td']]"),
			 charts);
	assert_int_equal(count(doc, "//*[@id = preceding::*/@id or "
				    "@id = ancestor::*/@id]"),
			 0);
}

static void hostile_text_stays_text(void **state)
{
	static uint8_t data[20000];
	struct samples s = { data, sizeof data, 8 };
	struct pictures p;
	struct report_data d;
	char *page;
	xmlDoc *doc;

	(void)state;
	specimen_fill(SPECIMEN_NORMAL8, 5, data, sizeof data);
	assert_int_equal(pictures_make(&s, &p), 0);
	d = example_report(&p);
	page = page_of(&d);
	doc = parse(page);
	nothing_runs_and_nothing_is_fetched(doc);
	each_chart_is_described(doc, 7);
	text_is(doc, "string(//*[local-name()='h1'])", EXAMPLE_SHOWN);
	text_is(doc, "string(//*[@id='verdict']/*[local-name()='strong'])",
		EXAMPLE_SHOWN);
	text_is(doc, "string(//*[local-name()='dt'])", EXAMPLE_SHOWN);
	text_is(doc, "string(//*[local-name()='caption'])", EXAMPLE_SHOWN);
	text_is(doc, "string(//*[@id='entropy']//*[local-name()='td'])",
		EXAMPLE_SHOWN);
	/* The verdict comes first. */
	assert_int_equal(count(doc, "//*[@id='verdict']/preceding::*"
				    "[local-name()='svg' or "
				    "local-name()='table']"),
			 0);
	xmlFreeDoc(doc);
	free(page);
	pictures_free(&p);
}

static void the_same_data_gives_the_same_page(void **state)
{
	static uint8_t data[3000];
	struct samples s = { data, sizeof data, 4 };
	struct pictures p;
	struct report_data d;
	char *a, *b;

	(void)state;
	specimen_fill(SPECIMEN_UNIFORM4, 5, data, sizeof data);
	assert_int_equal(pictures_make(&s, &p), 0);
	d = example_report(&p);
	a = page_of(&d);
	b = page_of(&d);
	assert_string_equal(a, b);
	free(b);
	/* And it does depend on them. */
	d.claim = 0.75;
	b = page_of(&d);
	assert_string_not_equal(a, b);
	free(a);
	free(b);
	pictures_free(&p);
}

/* Constant, one sample, two values far apart: nothing to divide by. */
static void edge_data_makes_a_page(void **state)
{
	static const uint8_t zeros[300];
	static const uint8_t two[] = { 3, 200, 200, 3, 3, 3, 200 };
	static const struct {
		struct samples s;
		int charts;
	} sets[] = {
		{ { zeros, 300, 1 }, 6 }, /* nothing to correlate */
		{ { zeros, 300, 8 }, 6 },      { { zeros, 1, 1 }, 6 },
		{ { two, 1, 8 }, 6 },          { { two, 2, 8 }, 7 },
		{ { two, sizeof two, 8 }, 7 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
		struct pictures p;
		struct report_data d;
		char *page;
		xmlDoc *doc;

		assert_int_equal(pictures_make(&sets[i].s, &p), 0);
		d = example_report(&p);
		d.claim = NAN;
		page = page_of(&d);
		assert_null(strstr(page, "nan"));
		assert_null(strstr(page, "\"inf"));
		doc = parse(page);
		each_chart_is_described(doc, sets[i].charts);
		xmlFreeDoc(doc);
		free(page);
		pictures_free(&p);
	}
}

static void an_empty_report_is_a_page(void **state)
{
	struct report_data d = { .h_assessed = NAN,
				 .claim = NAN,
				 .p_threshold = NAN };
	char *page = page_of(&d);
	xmlDoc *doc = parse(page);

	(void)state;
	each_chart_is_described(doc, 0);
	text_is(doc, "string(//*[@id='verdict']/*[local-name()='strong'])",
		"no verdict");
	assert_non_null(strstr(page, "What it does not mean."));
	xmlFreeDoc(doc);
	free(page);
}

static void a_full_disk_is_told(void **state)
{
	struct report_data d = { .h_assessed = NAN,
				 .claim = NAN,
				 .p_threshold = NAN };
	FILE *f = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(f);
	assert_int_equal(setvbuf(f, NULL, _IONBF, 0), 0);
	assert_int_equal(report_html(f, &d), -EIO);
	(void)fclose(f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_text_stays_text),
		cmocka_unit_test(the_same_data_gives_the_same_page),
		cmocka_unit_test(edge_data_makes_a_page),
		cmocka_unit_test(an_empty_report_is_a_page),
		cmocka_unit_test(a_full_disk_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
