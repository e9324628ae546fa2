/* SPDX-License-Identifier: ISC */
#ifndef TEST_CPU_FAKE_H
#define TEST_CPU_FAKE_H

/*
 * A CPU for the tests of rdrand and rdseed: refuses a word as often as it is
 * told, then gives a counter that has been stirred (a bijection of 64 bits, so
 * its words differ), or one value for ever.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <sys/auxv.h>
#endif

#include "base/bytes.h"
#include "source/cpu_words.h"

static struct {
	uint64_t call_count;
	uint64_t refuse; /* calls refused before each word */
	uint64_t refused;
	uint64_t words_left; /* then every call is refused */
	bool stuck;
	uint64_t stuck_at;
	uint64_t word_count;
	uint64_t now_ns;
	uint64_t tick_ns; /* each look at the clock */
} fake;

static uint64_t fake_stir(uint64_t x)
{
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static bool fake_word(uint64_t *ret_word)
{
	fake.call_count++;
	if (fake.words_left == 0 || fake.refused < fake.refuse) {
		fake.refused++;
		return false;
	}
	fake.refused = 0;
	fake.words_left--;
	*ret_word = fake.stuck ? fake.stuck_at : fake_stir(++fake.word_count);
	return true;
}

static uint64_t fake_now_ns(void)
{
	return fake.now_ns += fake.tick_ns;
}

static int fake_setup(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof fake);
	fake.words_left = UINT64_MAX;
	fake.tick_ns = 1000;
	return 0;
}

/* A platform that has both instructions and a kernel that left both. */
static struct platform fake_platform(void)
{
	return (struct platform){
		.cpu_vendor = "AuthenticAMD",
		.cpu_family = 25,
		.cpu_model = 17,
		.cpu_stepping = 1,
		.microcode = 0x1000065,
		.cpu_has_rdrand = true,
		.cpu_has_rdseed = true,
		.cpuinfo_seen = true,
		.kernel_has_rdrand = true,
		.kernel_has_rdseed = true,
		.cpus_online = 1,
		.hypervisor = true,
		.hypervisor_name = "KVM",
	};
}

static int fake_open(struct source *s, const struct source_class *class,
		     const struct cpu_generator *g,
		     const struct platform *platform, struct source_env *env)
{
	*env = (struct source_env){
		.platform = platform,
		.root = "",
		.now_ns = fake_now_ns,
	};
	memset(s, 0, sizeof *s);
	s->class = class;
	s->env = env;
	s->fd = -1;
	return cpu_words_open(s, g);
}

/* CPUID of the machine the test runs on: leaf 1 ECX 30, leaf 7 EBX 18. */
static bool fake_real_cpu_has(enum cpu_instruction instruction)
{
#if defined(__x86_64__)
	unsigned a, b, c, d;

	if (instruction == CPU_RDRAND)
		return __get_cpuid(1, &a, &b, &c, &d) && (c >> 30 & 1) != 0;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 18 & 1) != 0;
#elif defined(__aarch64__)
	/* One bit, HWCAP2_RNG, stands for both instructions. */
	(void)instruction;
	return (getauxval(AT_HWCAP2) >> 16 & 1) != 0;
#else
	(void)instruction;
	return false;
#endif
}

/* Do the bytes hold the fake's words from number `first` on? */
static void assert_fake_words(const uint8_t *raw, size_t len_bytes,
			      uint64_t first)
{
	for (size_t i = 0; i < len_bytes; i++) {
		uint64_t word = fake_stir(first + i / 8);

		assert_int_equal(raw[i], (uint8_t)(word >> (8 * (i % 8))));
	}
}

#endif
