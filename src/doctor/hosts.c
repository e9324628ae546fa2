/* SPDX-License-Identifier: ISC */
/* The family `host`: what this machine gives to its guests. */
#include "base/bytes.h"
#include "doctor/hosts_part.h"

static const char device_page[] =
	"Looks at each QEMU, cloud-hypervisor, Firecracker and crosvm process "
	"and at each libvirt domain, running or defined, for a virtio-rng "
	"device (vhost-user-rng counts too). A process and the domain it runs "
	"are one guest.\n"
	"\n"
	"warn: a guest has none; the stanza to add is shown. info: none in a "
	"confidential guest (SEV-SNP, TDX), which must not rest on its host "
	"anyway; or a running guest has one that its definition lacks; or no "
	"guest is here. unknown: a part of the guest's configuration is out "
	"of sight (-readconfig, an API socket), or root is needed.\n"
	"\n"
	"What it cannot see: whether the guest has the driver (run 'aquifer "
	"doctor' in there), and devices that were plugged into a QEMU without "
	"libvirt after its start. cloud-hypervisor and crosvm add the device "
	"by themselves.";

static const char backend_page[] =
	"Looks at what stands behind each guest's device. The guest's kernel "
	"believes it and counts its bytes as random.\n"
	"\n"
	"critical: a plain file, /dev/zero and the like: the guest is 'ready' "
	"with numbers that can be worked out; EGD over TCP or UDP to or from "
	"anything but this host, without TLS: the protocol has no protection "
	"of its own. warn: /dev/random where it still blocks (before Linux "
	"5.6); EGD on a loopback port, which any program here can take or use; "
	"/dev/hwrng directly; a backend or chardev that is not there; a file "
	"that is none of the known devices. info: /dev/random on 5.6 and "
	"later, where it does no harm; vhost-user, which cannot be migrated; "
	"EGD on a Unix socket. ok: /dev/urandom, rng-builtin (the VMM's own "
	"getrandom).\n"
	"\n"
	"A device node is judged by its numbers where they can be seen: a "
	"/dev/random that is really urandom counts as that.";

static const char limit_page[] =
	"Looks at max-bytes and period (libvirt: <rate>). QEMU gives max-bytes "
	"at the start and again after each period; where no period is named it "
	"is 65,536 ms (libvirt: 1,000 ms).\n"
	"\n"
	"warn: fewer than 64 bytes a second, or the first 64 bytes (one read of "
	"Linux's driver, 256 bits and as much again) take longer than a second. "
	"ok: any other limit, or none.\n"
	"\n"
	"Measured: max-bytes=1024,period=1000 gives a guest 1.03 kB/s, "
	"max-bytes=64,period=100 0.61 kB/s; reads of 4 KiB then take 4 s. A "
	"test that reads much from /dev/hwrng needs a larger limit or a longer "
	"timeout.";

static const char cpu_page[] =
	"Compares the guest's CPU model and flags with what this host's "
	"/proc/cpuinfo lists. QEMU's old models (qemu64, kvm64, Nehalem, "
	"Westmere, SandyBridge, Opteron) have neither RDRAND nor RDSEED; "
	"IvyBridge and Haswell have RDRAND; Broadwell and later, and EPYC, "
	"have both. A QEMU without -cpu takes qemu64.\n"
	"\n"
	"warn: the host has an instruction and the guest is denied it. info: "
	"the host has none; the guest is not x86. unknown: a model of which "
	"nothing is known here, or the host's flags could not be read.\n"
	"\n"
	"Without KVM (TCG) QEMU emulates RDRAND from the host's generator; "
	"RDSEED is not asked for there. An instruction that the kernel of this "
	"host has switched off (an erratum) counts as one it has not.";

static const char generation_page[] =
	"Looks for a vmgenid device (libvirt: <genid>) or vmclock. It tells a "
	"guest that it was restored or copied: its kernel then re-keys at once "
	"instead of repeating random numbers until the next timed reseed. "
	"Measured: two clones of one snapshot gave out 1,072 to 3,795 equal "
	"random numbers without it, 1 to 11 with it.\n"
	"\n"
	"warn: none, and saved states are in use: files below "
	"/var/lib/libvirt/qemu/save, snapshots with memory, -loadvm, "
	"-incoming; or two guests have the same id. info: none, and no sign of "
	"saved states. A QEMU of machine type microvm takes the option and "
	"does not show the device to its guest.\n"
	"\n"
	"In the guest, Linux uses it from 5.18 on with CONFIG_VMGENID. A live "
	"migration needs none: one copy goes on.";

static const char tpm_page[] =
	"Looks for a TPM, emulated (swtpm) or passed through. ok: there is "
	"one. info: none, which is well where virtio-rng and the CPU's "
	"instructions are there; or the host's own is passed to a guest.\n"
	"\n"
	"In the guest the kernel reads a TPM through hw_random where it was "
	"built with HW_RANDOM_TPM (Debian's cloud kernels are not); Linux 6.1 "
	"and 5.10 give it quality 0 and so count none of its bytes.";

static const char snapshot_page[] =
	"Looks for guests' memory in files: libvirt's saved states and dumps, "
	"memory of snapshots, what a process was started from, memory backends "
	"kept in a file; for guests that run twice; and for starts from a "
	"saved state without a new generation id.\n"
	"\n"
	"critical: such a file can be read or written by every user of this "
	"host, through every directory above it. warn: one saved state or one "
	"UUID runs twice; -loadvm or -incoming from a file without 'vmgenid,"
	"guid=auto'. info: saved memory is kept; a guest is a template by its "
	"name. unknown: the directories need root.\n"
	"\n"
	"Snapshots inside disk images that libvirt does not know of are not "
	"seen, nor is how often a file was started before.";

static const struct check checks[] = {
	{ "guest-rng-device", CHECK_HOST, "has each guest a virtio-rng device?",
	  device_page, "docs/kernel-rng.md; virtio 1.2, 5.4 (entropy device)",
	  hosts_judge_device },
	{ "guest-rng-backend", CHECK_HOST,
	  "from where does the host take what it gives to each guest?",
	  backend_page, "qemu(1), -object rng-*; libvirt formatdomain, rng",
	  hosts_judge_backend },
	{ "guest-rng-limit", CHECK_HOST,
	  "is a guest's limit so strict that its boot waits?", limit_page,
	  "qemu(1), virtio-rng max-bytes; libvirt formatdomain, rate",
	  hosts_judge_limit },
	{ "guest-cpu-rng", CHECK_HOST,
	  "does a CPU model hide RDRAND or RDSEED?", cpu_page,
	  "qemu(1), -cpu; libvirt formatdomain, cpu", hosts_judge_cpu },
	{ "guest-generation", CHECK_HOST,
	  "does each guest learn that it was restored or copied?",
	  generation_page,
	  "qemu docs/specs/vmgenid; libvirt formatdomain, "
	  "genid",
	  hosts_judge_generation },
	{ "guest-tpm", CHECK_HOST, "has each guest a TPM?", tpm_page,
	  "qemu docs/specs/tpm; libvirt formatdomain, tpm", hosts_judge_tpm },
	{ "snapshot-hygiene", CHECK_HOST,
	  "who can read saved memory of guests, and is it started twice?",
	  snapshot_page, "docs/threats.md; libvirt formatsnapshot",
	  hosts_judge_snapshots },
};

const struct check_family family_hosts = { "hosts", checks, ARRAY_LEN(checks) };
