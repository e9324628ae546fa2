/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_SOURCES_H
#define AQUIFER_PROBE_SOURCES_H

/*
 * From where could this machine's kernel take entropy? Facts of the doctor's
 * family `sources`: read, not judged. No device is opened: a generator that is
 * silent would keep its reader waiting.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/platform.h"
#include "probe/root.h"

#define SOURCES_DEVICES_MAX 8
#define SOURCES_TPMS_MAX 4

/* A file of one line. */
struct sources_line {
	int error;      /* 0, or why there is no text: -ENOENT, -EACCES ... */
	char text[128]; /* printable, trimmed */
};

/* A virtio entropy device: on the virtio bus, or the PCI function below it. */
struct sources_device {
	char path[96];   /* its directory in /sys */
	char driver[32]; /* "" without one */
};

struct sources_devices {
	struct sources_device at[SOURCES_DEVICES_MAX];
	size_t count;
	bool more;
	int error; /* of listing the bus */
};

enum sources_module_id {
	SOURCES_VIRTIO_RNG,
	SOURCES_VIRTIO_PCI,
	SOURCES_VIRTIO_MMIO,
	SOURCES_MODULE_COUNT,
};

struct sources_module {
	bool builtin;
	bool on_disk; /* modules.dep names it */
	bool loaded;
	char barred_by[96]; /* what keeps it from loading by itself; "" */
};

enum sources_initramfs_tool {
	SOURCES_INITRAMFS_UNKNOWN,
	SOURCES_INITRAMFS_TOOLS, /* Debian, Ubuntu */
	SOURCES_DRACUT,          /* RHEL, Fedora, SUSE */
	SOURCES_MKINITCPIO,      /* Arch */
	SOURCES_MKINITFS,        /* Alpine */
};

struct sources_initramfs {
	enum sources_initramfs_tool tool;
	bool listed;    /* its configuration names virtio_rng */
	char where[96]; /* the file that does */
	char mode[16];  /* initramfs-tools: MODULES=, "most" or "dep" */
};

enum sources_option {
	SOURCES_RANDOM_TRUST_CPU,
	SOURCES_RANDOM_TRUST_BOOTLOADER,
	SOURCES_ARCH_RANDOM,
	SOURCES_HW_RANDOM,
	SOURCES_HW_RANDOM_VIRTIO,
	SOURCES_HW_RANDOM_TPM,
	SOURCES_VIRTIO_PCI_OPTION,
	SOURCES_VIRTIO_MMIO_OPTION,
	SOURCES_TCG_TPM,
	SOURCES_TCG_TIS,
	SOURCES_TCG_CRB,
	SOURCES_VMGENID,
	SOURCES_PTP_VMCLOCK,
	SOURCES_JITTERENTROPY,
	SOURCES_OPTION_COUNT,
};

struct sources_config {
	char path[96];   /* the file it was read from; "" where none could be */
	int error;       /* 0, -ENOENT for no such file at all, -EACCES ... */
	char denied[96]; /* the file that could not be read; "" */
	/* 'y', 'm', 'n' ("is not set"), or 0 where it is not mentioned. */
	char value[SOURCES_OPTION_COUNT];
};

struct sources_hwrng {
	bool class_there; /* /sys/class/misc/hw_random */
	bool node_there;  /* /dev/hwrng, which proves nothing */
	struct sources_line available, current, selected, quality;
	struct sources_line default_quality; /* rng_core's parameters */
	struct sources_line current_quality;
};

enum sources_arch { SOURCES_OTHER, SOURCES_X86, SOURCES_ARM };

struct sources_cpu {
	enum sources_arch arch;
	char model_name[96];
	struct sources_line srbds;
	/* What the kernel said; see sources_log. */
	bool rdrand_unreliable, rdseed_unreliable; /* by its test at boot */
	bool rdseed32_broken;                      /* Zen 5 */
	bool rdrand_hidden;                        /* AMD 15h, 16h */
	bool rdrand_unhidable; /* the same, where a hypervisor is in the way */
	bool trust_seen;       /* "trusting CPU's manufacturer" */
	unsigned resume_count; /* resumed from suspend since boot */
	unsigned exit_count, wake_count; /* lines that tell: the larger counts */
};

struct sources_tpm {
	char name[16];   /* "tpm0" */
	char driver[32]; /* "tpm_crb", "tpm_tis" ...; "" */
	char description[64];
	unsigned version_major; /* 1, 2; 0: not known */
	bool node_there;        /* /dev/tpm0 */
	bool manager_there;     /* /dev/tpmrm0 */
};

struct sources_tpms {
	struct sources_tpm at[SOURCES_TPMS_MAX];
	size_t count;
	bool more;
	int error;         /* of listing the class */
	bool rng_disabled; /* "Disabling hwrng" */
	char stutter[128]; /* the kernel's line about a stuttering fTPM; "" */
};

struct sources_bootloader {
	bool device_tree;      /* there is one */
	bool device_tree_seed; /* chosen/rng-seed is still there */
	bool setup_data_seed;  /* x86: boot_params/setup_data of type 9 */
	int setup_data_error;  /* of listing it; -ENOENT for none */
	bool efi;
	bool efi_table;      /* "efi: ... RNG=0x" */
	bool efi_seeded;     /* "efi: seeding entropy pool" */
	bool loader_token;   /* EFI variable LoaderSystemToken */
	bool loader_seed;    /* EFI variable LoaderRandomSeed */
	char loader[64];     /* EFI variable LoaderInfo: who booted this */
	char seed_file[64];  /* systemd-boot's, on the EFI partition; "" */
	int seed_file_error; /* -EACCES where nobody but root may look */
	char fw_cfg[96];     /* QEMU's fw_cfg: a seed for user space; "" */
};

/* The kernel's log. What is not in it may be missing for want of its start. */
struct sources_log {
	char path[96]; /* "" where none could be read */
	int error;     /* 0, -ENOENT, -EPERM ... */
	bool from_start;
};

struct sources_command_line {
	struct sources_line file; /* its head; error tells why not */
	/* -1: not said; 0, 1: the last word on it */
	int trust_cpu, trust_bootloader;
	bool nordrand, rdrand_force, clears_rdrand, clears_rdseed;
	bool srbds_off;          /* srbds=off or mitigations=off */
	char modules_barred[96]; /* the word that bars virtio_rng; "" */
};

struct sources_facts {
	struct sources_devices virtio; /* type 4 on the virtio bus */
	struct sources_devices pci;    /* 1af4:1005, 1af4:1044 */
	bool sys_seen;                 /* /sys/bus or /sys/class is there */
	size_t mmio_unbound_count; /* virtio-mmio transports without a driver */
	struct sources_module module[SOURCES_MODULE_COUNT];
	int modules_dep_error, modules_builtin_error, modules_loaded_error;
	struct sources_initramfs initramfs;
	struct sources_config config;
	struct sources_hwrng hwrng;
	struct sources_cpu cpu;
	struct sources_tpms tpm;
	struct sources_bootloader bootloader;
	struct sources_command_line command_line;
	struct sources_log log;
	char os_id[32], os_like[64];           /* /etc/os-release */
	char sys_vendor[64], product_name[64]; /* DMI */
};

/*
 * probe_sources - all of it. What is missing leaves its field empty; whatever
 * exists and could not be read has its -errno beside it.
 * Returns 0 or -ENOMEM (ret_facts is then untouched).
 */
int probe_sources(const struct probe_root *root, const struct platform *p,
		  struct sources_facts *ret_facts);

/* sources_option_name - "CONFIG_HW_RANDOM_VIRTIO". */
const char *sources_option_name(enum sources_option option);

/* sources_module_name - "virtio_rng". */
const char *sources_module_name(enum sources_module_id module);

#endif
