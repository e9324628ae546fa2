#!/bin/bash
# SPDX-License-Identifier: ISC
#
# dracut: the static aquiferd, its configuration, and the modules of the devices
# it reads. Neither systemd nor udev is needed. Then: dracut -f

aquifer_dir() {
    local dir
    for dir in "${AQUIFER_DIR:-}" /usr/lib/aquifer /usr/local/lib/aquifer; do
        if [[ -n $dir && -x $dir/aquiferd-static ]]; then
            echo "$dir"
            return 0
        fi
    done
    return 1
}

check() {
    aquifer_dir > /dev/null
}

depends() {
    return 0
}

installkernel() {
    # '=' and no host-only filter: an image may start on another hypervisor.
    hostonly="" instmods virtio_pci virtio_mmio virtio_rng qemu_fw_cfg tpm_tis tpm_crb
}

install() {
    local dir
    dir=$(aquifer_dir) || return 1
    inst_simple "$dir/aquiferd-static" /sbin/aquiferd
    inst_simple "$dir/early-seed" /sbin/aquifer-early-seed
    inst_multiple -o /etc/aquifer/aquiferd.conf modprobe sleep rm
    # Before udev and everything that it starts (crypt, sshd, network).
    inst_hook pre-udev 01 "$moddir/aquifer.sh"
}
