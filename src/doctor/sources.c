/* SPDX-License-Identifier: ISC */
/* From where this machine's kernel takes entropy: the checks and their pages. */
#include "base/bytes.h"
#include "doctor/sources_parts.h"

static const char page_virtio[] =
	"A virtio-rng is a device through which the host hands the guest random"
	" numbers. It needs the device (the host's part) and the driver "
	"virtio_rng (the guest's): in the kernel or on disk, loaded, bound.\n\n"
	"ok: the driver has the device. info: a guest that could have a device "
	"has none, or something else holds it. warn: there is a device and no "
	"driver. Whether the machine lacks entropy for it is for crng-ready to "
	"say.\n\n"
	"The module is in nearly every distribution's kernel and in few "
	"initramfs images: what needs random numbers before the root file "
	"system is mounted then does without. The image is not unpacked here; "
	"the configuration of the tool that makes it is read.\n\n"
	"Not seen: whether the host answers. A silent one looks healthy in "
	"/sys; `aquifer sources` reads the device.";

static const char page_hwrng[] =
	"The kernel has a list of hardware generators (rng_available), draws "
	"from one of them (rng_current) and counts each 1024 bits it reads for "
	"as many as rng_quality says. From 3.17 on a kernel thread does that; "
	"before, a daemon has to.\n\n"
	"ok: one is in use and counts. info: there is none; or it does not "
	"count and another source does; or this kernel does not show it. warn: "
	"one is there and none is in use; or the one in use has quality 0 and "
	"nothing else counts.\n\n"
	"From 6.2 on a driver that names no quality has 1024. Before, it has 0:"
	" a TPM is read then and makes nothing ready. virtio_rng has counted "
	"all the time. Kernels up to about 5.18 have no file rng_quality. "
	"'none' in the lists is a word of the kernel, not a device.\n\n"
	"/dev/hwrng proves nothing: kernels since 6.0 or so make it without "
	"hardware. A generator that no longer answers cannot be seen here.";

static const char page_cpu[] =
	"x86 has RDRAND (Intel from Ivy Bridge, AMD from Excavator and Zen) and"
	" RDSEED (Broadwell, Zen), Armv8.5 has RNDR. /proc/cpuinfo shows what "
	"the kernel has left of them; its first CPU is looked at.\n\n"
	"The kernel always mixes them in. It counts them from 4.19 on, by "
	"CONFIG_RANDOM_TRUST_CPU (4.19 to 6.1) and random.trust_cpu=; from 6.2 "
	"on unless told not to. The line \"trusting CPU's manufacturer\" is of "
	"4.19 to 5.17.\n\n"
	"ok: there and counted. info: not there, not counted, or cleared with "
	"no harm left. warn: masked in a guest that has nothing else; failed "
	"the kernel's test; microcode that is known to be broken (AMD-SB-7055, "
	"CVE-2025-62626: RDSEED of Zen 5); an AMD of family 15h or 16h that "
	"still offers RDRAND after a resume; SRBDS (CVE-2020-0543) without its "
	"microcode. unknown: in a guest, whether the host's microcode repairs "
	"RDSEED.\n\n"
	"Nothing here can tell whether a maker is honest. That is why aquifer "
	"lets no source decide alone.";

static const char page_tpm[] =
	"A TPM has a generator of its own. Linux offers it as tpm-rng-0 where "
	"CONFIG_HW_RANDOM_TPM is set (Debian's cloud kernels: not). It counts "
	"from 6.2 on; 5.10 and 6.1 read it for nothing. On AMD processors new "
	"kernels say \"Disabling hwrng\" for the firmware's TPM: reading it all"
	" the time made machines stutter.\n\n"
	"/dev/tpmrm0 answers in all of these. aquiferd asks it once, at its "
	"start.\n\n"
	"ok: the kernel uses it and counts it, or needs it not. info: it could "
	"help here and does not. unknown: /sys/class/tpm may not be looked at. "
	"In a guest a TPM is the host's, and counts as the host's word. No TPM "
	"is asked by this check.";

static const char page_bootloader[] =
	"A boot loader, firmware or hypervisor can leave a seed: rng-seed in "
	"the device tree, setup_data of type 9 on x86 (Linux 6.0), a table that"
	" the EFI stub fills from the firmware's generator, systemd-boot's "
	"random-seed. Linux mixes it in, and counts it from 5.4 on by "
	"CONFIG_RANDOM_TRUST_BOOTLOADER, from 6.2 on unless "
	"random.trust_bootloader=off is given.\n\n"
	"ok: given and counted. info: given and not counted, or none seen. A "
	"seed in the device tree cannot be seen afterwards: the kernel takes it"
	" out as it reads it. What Ignition or cloud-init write to the kernel "
	"later is mixed and counts for nothing.";

static const char page_config[] =
	"What the running kernel was built with: /proc/config.gz, "
	"/boot/config-RELEASE or /lib/modules/RELEASE/config. No such file: no "
	"finding.\n\n"
	"ok: nothing missing that this machine could use. info: an option is "
	"off that would help here. warn: a virtio-rng is there and the kernel "
	"is built without its driver. unknown: the file is there and may not be"
	" read.\n\n"
	"CONFIG_RANDOM_TRUST_CPU exists from 4.19 to 6.1, "
	"CONFIG_RANDOM_TRUST_BOOTLOADER from 5.4 to 6.1, CONFIG_VMGENID from "
	"5.18 on. A kernel after those says nothing by not naming them.";

#define HW_RANDOM_RST "Linux Documentation/admin-guide/hw_random.rst"

static const struct check checks[] = {
	{
		.id = "virtio-rng",
		.applies = CHECK_MACHINE,
		.question = "is there a virtio-rng, and does a driver have it?",
		.page = page_virtio,
		.reference = "VIRTIO 1.2, 5.4; " HW_RANDOM_RST,
		.judge = sources_judge_virtio,
	},
	{
		.id = "hwrng-current",
		.applies = CHECK_MACHINE,
		.question = "does the kernel use a hardware generator, and "
			    "count it?",
		.page = page_hwrng,
		.reference = HW_RANDOM_RST,
		.judge = sources_judge_hwrng,
	},
	{
		.id = "cpu-rng",
		.applies = CHECK_MACHINE,
		.question = "does the CPU's generator work, and count?",
		.page = page_cpu,
		.reference = "docs/kernel-rng.md; Linux "
			     "Documentation/admin-guide/kernel-parameters.txt: "
			     "random.trust_cpu",
		.judge = sources_judge_cpu,
	},
	{
		.id = "tpm-rng",
		.applies = CHECK_MACHINE,
		.question = "is there a TPM whose generator could help?",
		.page = page_tpm,
		.reference = HW_RANDOM_RST,
		.judge = sources_judge_tpm,
	},
	{
		.id = "bootloader-seed",
		.applies = CHECK_MACHINE,
		.question = "did the boot loader leave a seed, and does it "
			    "count?",
		.page = page_bootloader,
		.reference = "docs/kernel-rng.md; Linux "
			     "Documentation/admin-guide/kernel-parameters.txt: "
			     "random.trust_bootloader",
		.judge = sources_judge_bootloader,
	},
	{
		.id = "kernel-config",
		.applies = CHECK_MACHINE,
		.question = "is the kernel built with what seeding it needs?",
		.page = page_config,
		.reference = "docs/kernel-rng.md",
		.judge = sources_judge_config,
	},
};

const struct check_family family_sources = {
	.name = "sources",
	.checks = checks,
	.n_checks = ARRAY_LEN(checks),
};
