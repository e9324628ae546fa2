/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "source/jitter_noise.h"

#define WARM_UP 16
/* Clock readings one try of start-up takes. */
#define TRY_READINGS (1 + WARM_UP + JITTER_START_SAMPLES)

/* A clock that is told how much work was done and nothing of real time. */
struct fake_clock {
	struct jitter_noise *noise;
	uint64_t readings;
	uint64_t now;
	uint64_t random;
	uint64_t base;           /* a round of work takes this long */
	uint64_t noise_mask;     /* and up to this much more */
	uint64_t quantum;        /* of what is shown */
	uint64_t unit;           /* what is shown is a multiple of it */
	uint64_t growth;         /* each reading takes this much longer */
	uint64_t backward_count; /* so many readings of a try go back */
};

static uint64_t fake_clock(void *context)
{
	struct fake_clock *c = context;

	c->readings++;
	c->random = c->random * UINT64_C(6364136223846793005) + 1;
	c->now += c->base * c->noise->rounds + c->growth * c->readings +
		  ((c->random >> 33) & c->noise_mask);
	if (c->readings > 100 && c->readings <= 100 + 2 * c->backward_count &&
	    c->readings % 2)
		c->now -= 3 * c->base;
	return c->now / c->quantum * c->unit;
}

static uint64_t no_time_passes(void)
{
	return 1;
}

static uint64_t a_second_passes(void)
{
	static uint64_t now_ns;

	return now_ns += UINT64_C(1000000000);
}

static struct jitter_noise noise;
static struct fake_clock fake;
static void *region;

static int setup(void **state)
{
	(void)state;
	fake = (struct fake_clock){
		.noise = &noise,
		.now = 1000000,
		.random = 1,
		.base = 1000,
		.quantum = 1,
		.unit = 1,
	};
	region = aligned_alloc(64, JITTER_REGION_BYTES);
	if (!region)
		return -1;
	jitter_noise_init(&noise,
			  &(struct timer){ "fake", fake_clock, &fake, true },
			  region);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(region);
	return 0;
}

static struct jitter_start start(void)
{
	return jitter_noise_start(&noise, 999, no_time_passes);
}

static void a_noisy_clock_is_usable_at_once(void **state)
{
	struct jitter_start r;

	(void)state;
	fake.noise_mask = 63;
	r = start();
	assert_int_equal(r.verdict, JITTER_USABLE);
	assert_in_range(r.estimate_mbits, 3000, 6000);
	assert_int_equal(noise.rounds, 1);
	assert_int_equal(noise.divisor, 1);
	assert_int_equal(fake.readings, TRY_READINGS);
	assert_int_equal(r.short_count, 0);
}

static void the_step_is_divided_away(void **state)
{
	(void)state;
	fake.noise_mask = 63;
	fake.unit = 26;
	assert_int_equal(start().verdict, JITTER_USABLE);
	assert_int_equal(noise.divisor, 26);
}

static void a_clock_that_tells_nothing_is_stuck(void **state)
{
	(void)state;
	/* Stands still. */
	fake.base = 0;
	assert_int_equal(start().verdict, JITTER_STUCK);
	/* Always the same delta. */
	fake.base = 1000;
	assert_int_equal(start().verdict, JITTER_STUCK);
	/* A delta that grows by the same amount. */
	fake.growth = 3;
	assert_int_equal(start().verdict, JITTER_STUCK);
	assert_int_equal(start().estimate_mbits, 0);
}

static void three_steps_back_are_let_pass_and_four_are_not(void **state)
{
	struct jitter_start r;

	(void)state;
	fake.noise_mask = 63;
	fake.backward_count = 3;
	r = start();
	assert_int_equal(r.backward_count, 3);
	assert_int_equal(r.verdict, JITTER_USABLE);
	fake.readings = 0;
	fake.backward_count = 4;
	r = start();
	assert_int_equal(r.backward_count, 4);
	assert_int_equal(r.verdict, JITTER_BACKWARD);
	/* And more work is not tried. */
	assert_int_equal(fake.readings, TRY_READINGS);
}

static void a_coarse_clock_gets_more_work(void **state)
{
	struct jitter_start r;

	(void)state;
	/* A round is a step and a bit: 16 steps need 8 or 16 rounds. */
	fake.base = 1100;
	fake.noise_mask = 4095;
	fake.quantum = 1000;
	r = start();
	assert_int_equal(r.verdict, JITTER_USABLE);
	assert_int_equal(noise.rounds, 16);
	assert_in_range(r.short_count, 0, JITTER_START_SAMPLES / 2);
}

static void too_coarse_a_clock_is_refused(void **state)
{
	(void)state;
	/* The most work is a good 3 steps. */
	fake.base = 1000;
	fake.noise_mask = 1023;
	fake.quantum = 10000;
	assert_int_equal(start().verdict, JITTER_COARSE);
	/* Tried to the end: 1, 2, 4, 8, 16 and 32 rounds. */
	assert_int_equal(fake.readings, 6 * TRY_READINGS);
}

static void faint_noise_is_tried_harder_and_the_best_kept(void **state)
{
	struct jitter_start r;

	(void)state;
	fake.noise_mask = 1;
	r = start();
	assert_int_equal(r.verdict, JITTER_USABLE);
	assert_in_range(r.estimate_mbits, 600, 998);
	assert_int_equal(fake.readings, 6 * TRY_READINGS);
}

static void the_trying_is_bounded_in_time(void **state)
{
	(void)state;
	fake.noise_mask = 1;
	(void)jitter_noise_start(&noise, 999, a_second_passes);
	assert_int_equal(fake.readings, TRY_READINGS);
}

static void stuck_samples_are_counted_by_three_differences(void **state)
{
	static const uint64_t moving[] = { 5, 9, 20, 3, 50 };
	static const uint64_t first[] = { 5, 0, 9 };
	static const uint64_t second[] = { 5, 9, 9, 20 };
	static const uint64_t third[] = { 5, 9, 13, 17 };

	(void)state;
	assert_int_equal(jitter_stuck_count(moving, ARRAY_LEN(moving)), 0);
	assert_int_equal(jitter_stuck_count(first, ARRAY_LEN(first)), 1);
	assert_int_equal(jitter_stuck_count(second, ARRAY_LEN(second)), 1);
	assert_int_equal(jitter_stuck_count(third, ARRAY_LEN(third)), 2);
	assert_int_equal(jitter_stuck_count(moving, 0), 0);
}

/* Restart data means something only because of this. */
static void each_start_is_from_the_same_state(void **state)
{
	struct jitter_noise before = noise;
	uint8_t *copy = malloc(JITTER_REGION_BYTES);

	(void)state;
	assert_non_null(copy);
	memcpy(copy, region, JITTER_REGION_BYTES);
	for (int i = 0; i < 100; i++)
		(void)jitter_noise_next(&noise);
	assert_memory_not_equal(copy, region, JITTER_REGION_BYTES);
	assert_memory_not_equal(before.hash, noise.hash, sizeof noise.hash);
	jitter_noise_init(&noise, &before.timer, region);
	assert_memory_equal(copy, region, JITTER_REGION_BYTES);
	assert_memory_equal(before.hash, noise.hash, sizeof noise.hash);
	assert_int_equal(noise.walk, 0);
	assert_int_equal(noise.last, 0);
	free(copy);
}

static void the_walk_visits_every_line(void **state)
{
	const uint8_t *bytes = region;
	uint8_t fresh[8];

	(void)state;
	memset(fresh, 1, sizeof fresh);
	/* 2,048 lines, 64 a sample: one cycle is 32 samples. */
	for (int i = 0; i < 32; i++)
		(void)jitter_noise_next(&noise);
	assert_int_equal(noise.walk, 0);
	for (size_t line = 0; line < JITTER_REGION_BYTES / 64; line++)
		assert_memory_not_equal(bytes + line * 64, fresh, 8);
}

static void wipe_leaves_zeros(void **state)
{
	static const uint8_t zeros[JITTER_REGION_BYTES];
	static const struct jitter_noise nothing;

	(void)state;
	(void)jitter_noise_next(&noise);
	jitter_noise_wipe(&noise);
	assert_memory_equal(region, zeros, sizeof zeros);
	assert_memory_equal(&noise, &nothing, sizeof noise);
}

#define WITH_NOISE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_NOISE(a_noisy_clock_is_usable_at_once),
		WITH_NOISE(the_step_is_divided_away),
		WITH_NOISE(a_clock_that_tells_nothing_is_stuck),
		WITH_NOISE(three_steps_back_are_let_pass_and_four_are_not),
		WITH_NOISE(a_coarse_clock_gets_more_work),
		WITH_NOISE(too_coarse_a_clock_is_refused),
		WITH_NOISE(faint_noise_is_tried_harder_and_the_best_kept),
		WITH_NOISE(the_trying_is_bounded_in_time),
		cmocka_unit_test(stuck_samples_are_counted_by_three_differences),
		WITH_NOISE(each_start_is_from_the_same_state),
		WITH_NOISE(the_walk_visits_every_line),
		WITH_NOISE(wipe_leaves_zeros),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
