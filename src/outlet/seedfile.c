/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/replace.h"
#include "base/seed_format.h"
#include "base/wipe.h"
#include "outlet/seedfile.h"

int seedfile_write(int dir_fd, const char *name, const struct platform *p,
		   const uint8_t *seed, size_t len_bytes, uint32_t credit_bits)
{
	uint8_t file[SEED_FILE_BYTES_MAX];
	struct seed_content c = { .credit_bits = credit_bits };
	int r;

	assert(len_bytes >= SEED_BYTES_MIN && len_bytes <= SEED_BYTES_MAX);
	c.len_bytes = len_bytes;
	memcpy(c.seed, seed, len_bytes);
	seed_bind(&c, p);
	r = file_replace(dir_fd, name, file, seed_encode(&c, file));
	wipe(&c, sizeof c);
	wipe(file, sizeof file);
	return r;
}

int seedfile_remove(int dir_fd, const char *name)
{
	if (unlinkat(dir_fd, name, 0) < 0)
		return errno == ENOENT ? 0 : -errno;
	return fsync(dir_fd) < 0 ? -errno : 0;
}
