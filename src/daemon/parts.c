/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/wipe.h"
#include "daemon/parts.h"

/* Devices come through the privileged part; the rest is opened as the user. */
static int open_device(void *ctx, const char *path, int flags)
{
	struct parts *p = ctx;
	int row = priv_table_find(&p->table, path);

	(void)flags;
	return row < 0 ? -ENOENT : priv_reopen(p->request_fd, (unsigned)row);
}

static void lane_changed(void *ctx, const struct lane *l, enum lane_state from,
			 uint64_t now_ns)
{
	const struct parts *p = ctx;
	const char *why = l->source.info.reason;

	(void)now_ns;
	switch (l->state) {
	case LANE_FAILED:
		log_warn("%s: health test '%s' failed: mixed, not credited",
			 l->name, health_test_name(l->health->failed));
		break;
	case LANE_DROPPED:
		log_warn("%s: dropped until restart (policy)", l->name);
		break;
	case LANE_STALLED:
		log_warn("%s: silent for %.1f s: stalled, left alone", l->name,
			 (double)l->class->deadline_ns / 1e9);
		break;
	case LANE_CLOSED:
		log_warn("%s: lost (%s)", l->name, strerror(-l->last_error));
		break;
	case LANE_BELIEVED:
		if (from == LANE_STARTUP && l->failure_count + l->stall_count)
			log_info("%s: believed again", l->name);
		break;
	case LANE_ABSENT:
		if (p->verbose)
			log_info("%s: not used: %s", l->name,
				 why[0] ? why : strerror(-l->last_error));
		break;
	default:
		break;
	}
}

static int add_lanes(const struct parts *p, struct engine *e)
{
	for (size_t i = 0; i < p->config.n_lanes; i++) {
		const struct config_lane *c = &p->config.lanes[i];
		const struct source_class *class = source_class_find(
			c->class_name);
		struct lane_options options = {
			.source = config_source_options(c),
			.policy = (enum lane_policy)c->policy,
			.alpha_log2 = p->config.alpha_log2,
			/* Those say themselves why they are not run here. */
			.disabled = !c->enabled && class &&
				    !(class->flags & SOURCE_NOT_IN_DAEMON),
			.disabled_why =
				c->enabled ? NULL :
					     "switched off in the configuration",
		};
		int r;

		if (!class || (class->flags & SOURCE_NOT_IN_DAEMON &&
			       class->domain == DOMAIN_KERNEL))
			continue;
		if (class->claim.mbits_per_symbol < c->claim_mbits &&
		    c->claim_mbits != SOURCE_CLAIM_DEFAULT)
			log_warn("%s: %u millibits a symbol claimed by the "
				 "configuration, %u by measurement",
				 c->name, c->claim_mbits,
				 class->claim.mbits_per_symbol);
		r = engine_add_lane(e, class, c->name, &options);
		if (r < 0)
			return r;
	}
	return 0;
}

/* What the seed file is owed is not credited to the kernel as well. */
static int feed_kernel(void *ctx, const struct engine_offer *offer)
{
	struct parts *p = ctx;
	struct engine_offer uncredited;
	int r;

	if (!p->seed_file.turn)
		return kernel_outlet_take(&p->kernel, offer);
	uncredited = *offer;
	uncredited.credit_bits = 0;
	r = kernel_outlet_take(&p->kernel, &uncredited);
	wipe(&uncredited, sizeof uncredited);
	return r;
}

static void seeded(void *ctx, const struct engine_seed *seed, uint64_t now_ns)
{
	struct parts *p = ctx;

	(void)seed;
	if (seed_outlet_next(&p->seed_file))
		engine_collect(p->engine, now_ns);
}

static int build_engine(struct parts *p, struct engine **ret)
{
	const struct engine_config config = {
		.interval_ns = p->config.interval_ns,
		.listener = { .ctx = p,
			      .lane_changed = lane_changed,
			      .seeded = seeded },
	};
	const struct engine_outlet kernel = { "kernel", p, feed_kernel };
	const struct engine_outlet seed_file = { "seed-file", &p->seed_file,
						 seed_outlet_take };
	struct engine *e;
	int r = engine_new(&e, &config, &p->env, p->config.n_lanes);

	if (r < 0)
		return r;
	r = engine_add_outlet(e, &kernel);
	if (r == 0)
		r = engine_add_outlet(e, &seed_file);
	if (r == 0)
		r = add_lanes(p, e);
	if (r < 0) {
		engine_free(e);
		return r;
	}
	*ret = e;
	return 0;
}

int parts_start(struct parts *p)
{
	int r;

	p->env = (struct source_env){
		.platform = &p->platform,
		.root = "",
		.now_ns = clock_boottime_ns,
		.open_device = open_device,
		.open_ctx = p,
		.event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
	};
	if (p->env.event_fd < 0)
		return -errno;
	kernel_outlet_init(&p->kernel, p->request_fd);
	seed_outlet_init(&p->seed_file, p->seed_dir_fd, p->config.seed_file,
			 &p->platform, p->once);
	r = build_engine(p, &p->engine);
	if (r < 0)
		return r;
	if (!p->engine->locked)
		log_warn("memory could not be locked (RLIMIT_MEMLOCK): "
			 "keys may reach swap");
	engine_start(p->engine, clock_boottime_ns());
	return 0;
}

/* What needed rights that are gone by now. */
static void keep_fixed(const struct config *old, struct config *new)
{
	if (strcmp(old->user, new->user) != 0 ||
	    strcmp(old->seed_file, new->seed_file) != 0 ||
	    strcmp(old->status_socket, new->status_socket) != 0 ||
	    old->confidential != new->confidential)
		log_warn("user, seed-file, status-socket and confidential "
			 "change with a restart only");
	memcpy(new->user, old->user, sizeof new->user);
	memcpy(new->seed_file, old->seed_file, sizeof new->seed_file);
	memcpy(new->status_socket, old->status_socket,
	       sizeof new->status_socket);
	new->confidential = old->confidential;
}

int parts_reload(struct parts *p, const struct config *config)
{
	struct config old = p->config;
	struct engine *e;
	int r;

	p->config = *config;
	keep_fixed(&old, &p->config);
	priv_table_make(&p->config, &p->table);
	r = build_engine(p, &e);
	if (r < 0) {
		p->config = old;
		priv_table_make(&p->config, &p->table);
		return r;
	}
	engine_inherit(e, p->engine);
	engine_free(p->engine);
	p->engine = e;
	engine_start(e, clock_boottime_ns());
	return 0;
}

void parts_stop(struct parts *p)
{
	if (!p->once)
		seed_outlet_stop(&p->seed_file, p->engine);
	engine_free(p->engine);
	p->engine = NULL;
}
