/* SPDX-License-Identifier: ISC */
#include <sys/mman.h>
#include <unistd.h>

#include "base/locked.h"
#include "base/wipe.h"

static size_t whole_pages(size_t len_bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (len_bytes + page - 1) / page * page;
}

void *locked_alloc(size_t len_bytes, bool *ret_locked)
{
	size_t size = whole_pages(len_bytes);
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool locked;

	if (p == MAP_FAILED)
		return NULL;
	locked = mlock(p, size) == 0;
	/* Where it is not known (an emulator), a core may hold the pages. */
	(void)madvise(p, size, MADV_DONTDUMP);
	if (ret_locked)
		*ret_locked = locked;
	return p;
}

void locked_free(void *p, size_t len_bytes)
{
	if (!p)
		return;
	wipe(p, len_bytes);
	(void)munmap(p, whole_pages(len_bytes));
}
