/* SPDX-License-Identifier: ISC */
/*
 * /dev/vmclock0: the only place where a guest can read its VM generation (a
 * VMGenID is kept from user space). The layout is that of Linux
 * include/uapi/linux/vmclock-abi.h, version 1, little endian.
 */
#include <unistd.h>

#include "base/bytes.h"
#include "base/fd.h"
#include "probe/facts.h"
#include "probe/root_class.h"

#define MAGIC UINT32_C(0x4b4c4356) /* "VCLK" */
#define FLAG_VM_GEN_COUNTER_PRESENT (UINT64_C(1) << 8)

enum {
	OFFSET_MAGIC = 0,
	OFFSET_SIZE = 4,
	OFFSET_SEQ_COUNT = 12,
	OFFSET_FLAGS = 24,
	OFFSET_VM_GENERATION = 104,
	PAGE_PART_BYTES = 112,
};

/* The host may be writing; it takes it microseconds. */
#define SEQUENCE_TRIES 100

/* One consistent copy: the sequence even, and the same before and after. */
static bool read_page(int fd, uint8_t *ret_page)
{
	for (int i = 0; i < SEQUENCE_TRIES; i++) {
		uint8_t again[4];
		uint32_t sequence;

		if (pread(fd, ret_page, PAGE_PART_BYTES, 0) != PAGE_PART_BYTES)
			return false;
		if (pread(fd, again, sizeof again, OFFSET_SEQ_COUNT) !=
		    sizeof again)
			return false;
		sequence = load_le32(ret_page + OFFSET_SEQ_COUNT);
		if (sequence % 2 == 0 && sequence == load_le32(again))
			return true;
	}
	return false;
}

void probe_vmclock(const struct probe_root *root, struct platform *p)
{
	uint8_t page[PAGE_PART_BYTES];
	bool ok;
	int fd = root->class->open(root, "/dev/vmclock0");

	if (fd < 0)
		return;
	ok = read_page(fd, page);
	fd_close(&fd);
	if (!ok || load_le32(page + OFFSET_MAGIC) != MAGIC ||
	    load_le32(page + OFFSET_SIZE) < PAGE_PART_BYTES ||
	    (load_le64(page + OFFSET_FLAGS) & FLAG_VM_GEN_COUNTER_PRESENT) == 0)
		return;
	p->generation = load_le64(page + OFFSET_VM_GENERATION);
	p->generation_known = true;
}
