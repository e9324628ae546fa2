/* SPDX-License-Identifier: ISC */
/*
 * What any local user may send to the status socket, and what a device or a
 * path may be called. Only the two words are requests; the document is one line
 * of JSON that holds its lane, whatever the lane's names are.
 */
#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "daemon/status.h"

/* An assertion must hold in every build. */
#ifdef NDEBUG
#error "fuzzers are built with assertions"
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_line(const char *word, const uint8_t *data, size_t size)
{
	size_t len = strlen(word);

	return size >= len && memcmp(data, word, len) == 0 &&
	       (size == len || (size == len + 1 && data[len] == '\n'));
}

static void judge_request(const uint8_t *data, size_t size)
{
	enum status_request expected = is_line("status", data, size) ?
					       STATUS_SHOW :
				       is_line("reseed", data, size) ?
					       STATUS_RESEED :
					       STATUS_BAD;

	assert(status_parse((const char *)data, size) == expected);
}

static struct parts *parts_with_a_lane(void)
{
	static const struct engine_config config;
	static const struct lane_options options = {
		.source = { .fd = -1, .claim_mbits = SOURCE_CLAIM_DEFAULT },
	};
	static struct parts p;

	if (p.engine)
		return &p;
	json_object_seed(1);
	p.env.platform = &p.platform;
	p.env.root = "";
	p.env.now_ns = clock_boottime_ns;
	if (engine_new(&p.engine, &config, &p.env, 1) < 0 ||
	    engine_add_lane(p.engine, source_class_at(0), NULL, &options) < 0)
		abort();
	p.engine->last_seed.at_ns = 1;
	return &p;
}

/* As much as fits and no NUL, the way sources leave text. */
static void set_text(char *ret, size_t cap, const uint8_t *data, size_t size)
{
	size_t n = min_size(size, cap - 1);

	for (size_t i = 0; i < n; i++)
		ret[i] = data[i] ? (char)data[i] : ' ';
	ret[n] = '\0';
}

static void judge_document(const uint8_t *data, size_t size)
{
	struct parts *p = parts_with_a_lane();
	struct lane *l = &p->engine->lanes[0];
	json_t *doc, *lanes;
	char *text;

	set_text(l->name, sizeof l->name, data, size);
	set_text(l->source.info.behind, sizeof l->source.info.behind, data,
		 size);
	set_text(l->source.info.reason, sizeof l->source.info.reason, data,
		 size);
	text = status_json(p, NS_PER_S);
	assert(text && strchr(text, '\n') == text + strlen(text) - 1);
	doc = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	lanes = json_object_get(doc, "lanes");
	assert(json_array_size(lanes) == 1);
	assert(json_object_get(json_array_get(lanes, 0), "reason"));
	json_decref(doc);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	judge_request(data, size);
	judge_document(data, size);
	return 0;
}
