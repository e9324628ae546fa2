/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "base/seed_format.h"
#include "base/wipe.h"
#include "daemon/seed_outlet.h"
#include "outlet/seedfile.h"

void seed_outlet_init(struct seed_outlet *o, int dir_fd, const char *path,
		      const struct platform *platform, bool quiet)
{
	memset(o, 0, sizeof *o);
	o->dir_fd = dir_fd;
	o->path = path;
	o->platform = platform;
	o->quiet = quiet;
}

/* The source's own conditions (source/seedfile.c), asked before the work. */
static bool creditable(const struct platform *p)
{
	const char *why;

	return seed_can_bind(p, &why) && !platform_is_confidential(p);
}

static int write_file(struct seed_outlet *o, const uint8_t *bytes,
		      size_t len_bytes, unsigned credit_bits)
{
	const char *slash = strrchr(o->path, '/');
	int r;

	if (o->dir_fd < 0 || !slash)
		return 0;
	r = seedfile_write(o->dir_fd, slash + 1, o->platform, bytes, len_bytes,
			   credit_bits);
	if (r < 0 && r != o->last_error &&
	    !(o->quiet && (r == -EACCES || r == -EROFS)))
		log_warn("%s: not written: %s; the next boot has no seed file",
			 o->path, strerror(-r));
	o->last_error = r;
	if (r < 0)
		return r;
	o->written = true;
	o->paid = credit_bits > 0;
	o->written_count++;
	return (int)credit_bits;
}

int seed_outlet_take(void *ctx, const struct engine_offer *offer)
{
	struct seed_outlet *o = ctx;

	/* A clone has the old one too: replaced, and paid for anew. */
	if (offer->kind == SEED_FRESH && o->written)
		return write_file(o, offer->bytes, sizeof offer->bytes, 0);
	if (o->turn && offer->credit_bits > 0) {
		o->turn = false;
		return write_file(o, offer->bytes, sizeof offer->bytes,
				  offer->credit_bits);
	}
	return o->written ? 0 :
			    write_file(o, offer->bytes, sizeof offer->bytes, 0);
}

bool seed_outlet_next(struct seed_outlet *o)
{
	o->turn = o->written && !o->paid && o->last_error == 0 &&
		  creditable(o->platform);
	return o->turn;
}

void seed_outlet_stop(struct seed_outlet *o, struct engine *e)
{
	uint8_t bytes[ENGINE_OFFER_BYTES];

	if (o->dir_fd < 0 || o->paid || engine_draw(e, bytes, sizeof bytes) < 0)
		return;
	(void)write_file(o, bytes, sizeof bytes, 0);
	wipe(bytes, sizeof bytes);
}
