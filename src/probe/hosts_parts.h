/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_HOSTS_PARTS_H
#define AQUIFER_PROBE_HOSTS_PARTS_H

/* What the readers of guests share; nothing for others. */
#include "probe/hosts.h"
#include "probe/hosts_opts.h"

/* A command line, cut at its NUL bytes. */
struct vm_args {
	const char **argv;
	size_t argc;
};

/* vm_args_split - text: NUL-terminated, len_bytes long. 0 or -ENOMEM. */
int vm_args_split(struct vm_args *ret_args, const char *text, size_t len_bytes);
void vm_args_free(struct vm_args *args);

/*
 * qemu_next_option - from *i on, which it moves; "-name" and "--name" alike.
 * ret_value: "" for a flag and for a value that is not there.
 */
bool qemu_next_option(const struct vm_args *args, size_t *i,
		      const char **ret_name, const char **ret_value);

/* qemu_find_option - the option with this id, parsed; false without it. */
bool qemu_find_option(const struct vm_args *args, const char *option,
		      const char *implied, const char *id,
		      struct opt_list *ret_list);

/* Where the readers leave what they find beside the guest itself. */
struct guest_sink {
	const struct probe_root *root;
	struct hosts_facts *facts;
};

/* A guest of which nothing is known yet. */
void guest_clear(struct host_guest *g);

/* hosts_copy - cleaned of control characters, cut where it is too long. */
void hosts_copy(char *ret_text, size_t cap_bytes, const char *text);

/* hosts_number - decimal; 0 for anything else. */
uint64_t hosts_number(const char *text);

/* hosts_base - after the last slash. */
const char *hosts_base(const char *path);

/* guest_add_rng - the next free one; NULL where all are taken. */
struct guest_rng *guest_add_rng(struct host_guest *g);

/* hosts_is_qemu - argv[0] of a QEMU system emulator. ret_arch may be NULL. */
bool hosts_is_qemu(const char *argv0, char *ret_arch, size_t cap_bytes);

/*
 * hosts_read_qemu - a QEMU command line. sink: may be NULL (no images noted).
 * The guest's pid and argv[0] facts are the caller's.
 */
void hosts_read_qemu(struct guest_sink *sink, const struct vm_args *args,
		     struct host_guest *g);

/* qemu_read_rng - one "-device", whose options are o. */
void qemu_read_rng(const struct vm_args *args, const struct opt_list *o,
		   const char *driver, struct host_guest *g);

/* qemu_read_incoming - the value of "-incoming". */
void qemu_read_incoming(const char *value, struct host_guest *g);

/* hosts_is_monitor - argv[0] of a VMM that is not QEMU. */
bool hosts_is_monitor(const char *argv0);

/* hosts_read_vmm - the other monitors; false where args is none of them. */
bool hosts_read_vmm(struct guest_sink *sink, const struct vm_args *args,
		    struct host_guest *g);

/*
 * hosts_read_firecracker - its configuration file. 0 or -EBADMSG.
 */
int hosts_read_firecracker(const char *json, size_t len_bytes,
			   struct host_guest *g);

/*
 * hosts_read_domain - libvirt's XML: a domain, or the status of one.
 * Returns 0, -EBADMSG, -EFBIG, -ENOMEM; the guest is as it was then.
 */
int hosts_read_domain(const char *xml, size_t len_bytes, struct host_guest *g);

/*
 * hosts_read_snapshot - libvirt's XML of a snapshot.
 * ret_file: where its memory lies, "" for inside the disk image.
 * Returns 1 with memory, 0 without, or -errno as hosts_read_domain().
 */
int hosts_read_snapshot(const char *xml, size_t len_bytes, char *ret_file,
			size_t cap_bytes);

/* hosts_is_loopback - a socket's host; "" is every address to a listener. */
bool hosts_is_loopback(const char *host, bool listens);

/* hosts_look_at_file - what stands behind a file backend's path. */
void hosts_look_at_file(const struct probe_root *root, struct guest_rng *rng);

/* hosts_note_image - a file with memory in it; -ENOMEM alone is told. */
int hosts_note_image(const struct probe_root *root, struct hosts_facts *facts,
		     enum image_kind kind, const char *path, const char *guest);

/* hosts_note_gap - a thing that exists and could not be read. */
void hosts_note_gap(struct hosts_gap *gap, const char *path, int error);

/* hosts_read_saves - libvirt's saved states, snapshots and dumps. */
int hosts_read_saves(const struct probe_root *root, struct hosts_facts *facts);

/* hosts_add_guest - joined with the entry it belongs to. 0 or -ENOMEM. */
int hosts_add_guest(struct hosts_facts *facts, const struct host_guest *g);

#endif
