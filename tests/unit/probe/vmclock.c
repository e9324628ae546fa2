/* SPDX-License-Identifier: ISC */
/* Layout: Linux include/uapi/linux/vmclock-abi.h, version 1. */
#include "tree.h"

#define GENERATION UINT64_C(0x1122334455667788)

static void good_page(uint8_t page[4096])
{
	memset(page, 0, 4096);
	store_le32(page, 0x4b4c4356); /* "VCLK" */
	store_le32(page + 4, 4096);   /* size */
	page[8] = 1;                  /* version */
	store_le32(page + 12, 6);     /* seq_count: even */
	page[25] = 1;                 /* flags: bit 8, generation present */
	store_le64(page + 104, GENERATION);
}

static void the_generation_is_read(void **state)
{
	uint8_t page[4096];
	struct platform p;

	(void)state;
	good_page(page);
	tree_write("/dev/vmclock0", page, sizeof page);
	p = tree_probe(NULL);
	assert_true(p.generation_known);
	assert_int_equal(p.generation, GENERATION);
	/* Its 112 bytes are enough. */
	tree_write("/dev/vmclock0", page, 112);
	assert_true(tree_probe(NULL).generation_known);
	tree_write("/dev/vmclock0", page, 111);
	assert_false(tree_probe(NULL).generation_known);
	tree_write("/dev/vmclock0", page, 0);
	assert_false(tree_probe(NULL).generation_known);
}

static void a_page_that_is_something_else_is_not_believed(void **state)
{
	/* offset and value of the byte that is wrong */
	static const struct {
		size_t offset;
		uint8_t value;
	} wrong[] = {
		{ 0, 'v' }, { 3, 'k' }, { 12, 7 }, /* being written, for ever */
		{ 25, 0 },                         /* no generation in it */
		{ 25, 2 },
	};
	uint8_t page[4096];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct platform p;

		good_page(page);
		page[wrong[i].offset] = wrong[i].value;
		tree_write("/dev/vmclock0", page, sizeof page);
		p = tree_probe(NULL);
		assert_false(p.generation_known);
		assert_int_equal(p.generation, 0);
	}
	/* The device itself says that it is shorter than its last field. */
	good_page(page);
	store_le32(page + 4, 111);
	tree_write("/dev/vmclock0", page, sizeof page);
	assert_false(tree_probe(NULL).generation_known);
	store_le32(page + 4, 112);
	tree_write("/dev/vmclock0", page, sizeof page);
	assert_true(tree_probe(NULL).generation_known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(the_generation_is_read),
		TREE_TEST(a_page_that_is_something_else_is_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
