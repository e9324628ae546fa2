/* SPDX-License-Identifier: ISC */
/* Seeds that were there before the kernel: device tree, setup_data, EFI. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/sources_parts.h"

/* Linux arch/x86/include/uapi/asm/setup_data.h */
#define SETUP_RNG_SEED 9
#define SETUP_DATA "/sys/kernel/boot_params/setup_data"
/* The vendor GUID of systemd's Boot Loader Interface. */
#define LOADER_GUID "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define EFIVARS "/sys/firmware/efi/efivars/"

struct walk {
	const struct probe_root *root;
	struct sources_bootloader *ret;
};

static bool on_setup_data(void *context, const char *name)
{
	const struct walk *w = context;
	char path[SOURCES_PATH_BYTES], text[32];

	(void)snprintf(path, sizeof path, SETUP_DATA "/%s/type", name);
	sources_text(w->root, path, text, sizeof text);
	if (text[0] != '\0' && strtoul(text, NULL, 0) == SETUP_RNG_SEED)
		w->ret->setup_data_seed = true;
	return true;
}

/* efivarfs: four bytes of attributes, then UTF-16LE. */
static void read_loader(const struct probe_root *root,
			struct sources_bootloader *ret)
{
	char raw[256];
	ssize_t n = probe_root_read(root, EFIVARS "LoaderInfo" LOADER_GUID, raw,
				    sizeof raw);
	size_t len = 0;

	for (ssize_t i = 4; i + 1 < n && len + 1 < sizeof ret->loader; i += 2) {
		if (raw[i] == '\0' && raw[i + 1] == '\0')
			break;
		ret->loader[len++] = raw[i + 1] == '\0' && raw[i] >= ' ' &&
						     raw[i] <= '~' ?
					     raw[i] :
					     '?';
	}
	ret->loader[len] = '\0';
}

/* Its content is a secret; that it is there is not. */
static void find_seed_file(const struct probe_root *root,
			   struct sources_bootloader *ret)
{
	static const char *const paths[] = {
		"/efi/loader/random-seed",
		"/boot/efi/loader/random-seed",
		"/boot/loader/random-seed",
	};
	struct probe_stat st;

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		int r = probe_root_stat(root, paths[i], &st);

		if (r == 0 || r == -EACCES || r == -EPERM) {
			ret->seed_file_error = r;
			sources_copy(ret->seed_file, sizeof ret->seed_file,
				     paths[i]);
		}
		if (r == 0)
			return;
	}
}

static void find_fw_cfg(const struct probe_root *root,
			struct sources_bootloader *ret)
{
#define BY_NAME "/sys/firmware/qemu_fw_cfg/by_name/opt/"
	static const char *const paths[] = {
		BY_NAME "aquifer/seed",
		BY_NAME "org.aquifer/seed",
		BY_NAME "io.systemd.credentials/random.seed",
	};
#undef BY_NAME

	for (size_t i = 0; i < ARRAY_LEN(paths) && ret->fw_cfg[0] == '\0'; i++)
		if (probe_root_exists(root, paths[i]))
			sources_copy(ret->fw_cfg, sizeof ret->fw_cfg, paths[i]);
}

void probe_sources_bootloader(const struct probe_root *root,
			      struct sources_facts *f)
{
	static const char *const trees[] = { "/sys/firmware/devicetree/base",
					     "/proc/device-tree" };
	struct sources_bootloader *b = &f->bootloader;
	struct walk w = { root, b };
	char path[SOURCES_PATH_BYTES];
	int r;

	for (size_t i = 0; i < ARRAY_LEN(trees); i++) {
		b->device_tree |= probe_root_exists(root, trees[i]);
		(void)snprintf(path, sizeof path, "%s/chosen/rng-seed",
			       trees[i]);
		b->device_tree_seed |= probe_root_exists(root, path);
	}
	r = probe_root_list(root, SETUP_DATA, 64, on_setup_data, &w);
	b->setup_data_error = r < 0 ? r : 0;
	b->efi = probe_root_exists(root, "/sys/firmware/efi");
	b->loader_token = probe_root_exists(root, EFIVARS
					    "LoaderSystemToken" LOADER_GUID);
	b->loader_seed = probe_root_exists(root, EFIVARS
					   "LoaderRandomSeed" LOADER_GUID);
	read_loader(root, b);
	find_seed_file(root, b);
	find_fw_cfg(root, b);
}
