/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "daemon/kernel_outlet.h"
#include "daemon/privileged.h"

void kernel_outlet_init(struct kernel_outlet *k, int request_fd)
{
	memset(k, 0, sizeof *k);
	k->request_fd = request_fd;
	k->rekey = KERNEL_REKEY_FAILED;
}

int kernel_outlet_take(void *ctx, const struct engine_offer *offer)
{
	struct kernel_outlet *k = ctx;
	uint32_t rekey = KERNEL_REKEY_FAILED;
	int r = priv_add(k->request_fd, offer->bytes, sizeof offer->bytes,
			 offer->credit_bits);

	k->last_error = r;
	if (r < 0)
		return r;
	k->fed_count++;
	k->fed_bytes += sizeof offer->bytes;
	k->fed_at_ns = offer->now_ns;
	k->credit_bits += offer->credit_bits;
	/* Added bytes count for output only once the kernel has re-keyed. */
	k->last_error = priv_rekey(k->request_fd, &rekey);
	k->rekey = (enum rekey_result)rekey;
	return (int)offer->credit_bits;
}
