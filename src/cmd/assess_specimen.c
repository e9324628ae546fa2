/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Generators that are known, made here instead of read. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>

#include "assess/specimens/specimen.h"
#include "base/bytes.h"
#include "cmd/assess.h"

int assess_specimen_list(void)
{
	const struct specimen *s;

	for (size_t i = 0; (s = specimen_at(i)); i++) {
		text_put(stdout, TONE_STRONG, 18, "%s", s->name);
		text_wrap(stdout, 18, TONE_PLAIN, s->what);
	}
	return EXIT_YES;
}

int assess_specimen(struct assess_input *in, const struct assess_options *o)
{
	const struct specimen *s = specimen_find(o->specimen);
	struct assess_sidecar *c = &in->sidecar;
	uint8_t *at;

	in->name = o->specimen;
	if (!s)
		return cmd_usage(&command_assess,
				 "no specimen '%s'; --specimen list names them",
				 o->specimen);
	at = mmap(NULL, SPECIMEN_SAMPLES, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		return cmd_fail(&command_assess, EXIT_MACHINE, "%s",
				strerror(errno));
	s->generate(o->seed, at, SPECIMEN_SAMPLES);
	in->map = at;
	in->map_bytes = in->n_bytes = SPECIMEN_SAMPLES;
	in->head_bytes = min_size(sizeof in->head, SPECIMEN_SAMPLES);
	memcpy(in->head, at, in->head_bytes);
	/* As if it had been described; never raw noise. */
	*c = (struct assess_sidecar){ .present = true,
				      .symbols = SPECIMEN_SAMPLES,
				      .symbol_bits = s->bits,
				      .bytes_per_symbol = 1,
				      .claim = NAN };
	(void)snprintf(c->source, sizeof c->source, "specimen %s", s->name);
	assess_note(in, assess_say(in->texts, "%s", s->what));
	assess_note(in, assess_say(in->texts,
				   "%s Its true min-entropy is %.4g bits a "
				   "sample.",
				   s->shows, s->h_true));
	return 0;
}
