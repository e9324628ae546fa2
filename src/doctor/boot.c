/* SPDX-License-Identifier: ISC */
/*
 * The family `boot`: is the kernel's generator seeded, and who noticed that it
 * was not? The real semantics of each kernel: docs/kernel-rng.md.
 */
#include "base/bytes.h"
#include "doctor/boot_parts.h"

#define TABLE "docs/kernel-rng.md; random(4), random(7), getrandom(2)"

static const char page_ready[] =
	"Everything on a machine that needs a secret draws it, in the end, "
	"from the kernel's generator. It is good for that once it holds 256 "
	"bits (128 before Linux 5.18) that the kernel believes nobody else "
	"knows; it then stays ready until the machine stops.\n\n"
	"Asked first is the kernel itself (getrandom with GRND_NONBLOCK, which"
	" waits for nothing). A record is judged by its answer, by "
	"entropy_avail where that says something (256 of 256 on the new "
	"random.c, whose poolsize is 256), and by the log line \"random: crng "
	"init done\".\n\n"
	"On what it rests: cpu (RDRAND, RDSEED, RNDR, where the kernel trusts "
	"them: at the first moment of the start), host (virtio-rng, a seed of "
	"the boot loader or of a virtual TPM), firmware, tpm, device (another "
	"hardware generator), user space (rngd, aquiferd). Where none of "
	"these counts, timing noise has to do: interrupts, and from Linux 5.4 "
	"on a loop of 1 or 2 s that the first waiter starts.\n\n"
	"critical: not ready. warn: ready by timing noise alone, and something"
	" better could be had. info: one domain alone, or timing noise and "
	"nothing better in sight. ok: two domains or more, or ready and the "
	"source cannot be told. unknown: no fact tells.\n\n"
	"What it cannot see: whether a source told the truth. A guest whose "
	"host feeds it zeros is ready, too. entropy_avail is no gauge: on the "
	"new code it is 256 for ever, on the old code it moves and does not "
	"matter. On the old code /dev/urandom never waited, at boot neither.";

static const char page_waiters[] =
	"Looks at where each process sleeps (/proc/PID/wchan, else syscall and"
	" stack) and finds those in getrandom(2) or in a read of /dev/random."
	"\n\n"
	"critical: somebody waits now. ok: nobody does, or nobody can: from "
	"Linux 5.6 on nothing blocks once the generator is ready. unknown: "
	"nobody is seen to wait and the kernel withheld where some processes "
	"sleep; root may see it.\n\n"
	"Before Linux 5.6 a reader of /dev/random can wait at any time, "
	"although the generator is ready: that device kept a count and blocked"
	" when it was used up.";

static const char page_readers[] =
	"The kernel names in its log who drew from it before it was ready: "
	"\"random: sshd: uninitialized urandom read (32 bytes read)\", "
	"\"random: get_random_u32 called from ... with crng_init=0\".\n\n"
	"warn: a program that could have made a key of it (by its name, or for"
	" a read as long as a seed). info: systemd, the kernel's own hash "
	"tables, tools that need a name for a file; they do no harm. ok: "
	"nobody. unknown: the log, or its beginning, cannot be read.\n\n"
	"/dev/urandom handed out unseeded bytes at once on every kernel before"
	" 5.18, and does so in the stable series to this day; mainline from "
	"5.18 on makes timing noise first. The kernel limits how often it says"
	" so: some readers stay unnamed.";

static const char page_holders[] =
	"Finds processes that hold /dev/random open for reading.\n\n"
	"Before Linux 5.6 that device blocks whenever its count of \"entropy\""
	" runs out: warn. From 5.6 on it blocks only until the generator is "
	"ready, like getrandom(2): info. 'Never use /dev/random' is advice "
	"for the kernels before; there the cure is getrandom(2) or "
	"/dev/urandom. Daemons that feed the kernel hold the device, too, and "
	"do not count.\n\n"
	"A program that opens it only now and then is not seen.";

static const char page_services[] =
	"Which services waited for the generator when this machine started? "
	"Some say so (systemd-random-seed, every program in Go after 60 s); of"
	" units of systemd it is concluded where a start that began a second "
	"or more before the generator was ready ended with it.\n\n"
	"Read are text logs: syslog, messages, or a journal.txt in a record "
	"(journalctl -b -o short-monotonic > journal.txt). The journal's own "
	"files are not read: they are a database, partly compressed, and a "
	"reader for one question is not worth what it could get wrong. "
	"Without a text log the kernel's log still gives the longest wait "
	"there can have been.\n\n"
	"warn: 10 s or more. info: less. ok: nobody, or ready before user "
	"space began. unknown: somebody may have waited long and who is not "
	"seen.";

static const struct check checks[] = {
	{ .id = "crng-ready",
	  .applies = CHECK_MACHINE,
	  .question = "is the kernel's random number generator ready, since "
		      "when, and seeded from what",
	  .page = page_ready,
	  .reference = TABLE,
	  .judge = boot_judge_ready },
	{ .id = "crng-waiters",
	  .applies = CHECK_MACHINE,
	  .question = "does a process wait for the generator now",
	  .page = page_waiters,
	  .reference = TABLE,
	  .judge = boot_judge_waiters },
	{ .id = "early-readers",
	  .applies = CHECK_MACHINE,
	  .question = "who drew random bytes before the generator was ready",
	  .page = page_readers,
	  .reference = TABLE,
	  .judge = boot_judge_readers },
	{ .id = "dev-random-readers",
	  .applies = CHECK_MACHINE,
	  .question = "who holds /dev/random open",
	  .page = page_holders,
	  .reference = TABLE,
	  .judge = boot_judge_holders },
	{ .id = "slow-services",
	  .applies = CHECK_MACHINE,
	  .question = "which services waited for the generator at the start",
	  .page = page_services,
	  .reference = TABLE,
	  .judge = boot_judge_services },
};

const struct check_family family_boot = {
	.name = "boot",
	.checks = checks,
	.n_checks = ARRAY_LEN(checks),
};
