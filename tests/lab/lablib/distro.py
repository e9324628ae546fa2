# SPDX-License-Identifier: ISC
"""
The initramfs that a distribution's own tool makes, with our hook in it, and a
stop in it where a boot would go on to mount its root: there the kernel is asked.
"""
import contextlib
import os
import pathlib
import shutil
import subprocess

from . import TOP, CannotRun
from .initramfs import build_guest, pack, place

DIST = TOP / "dist" / "initramfs"
# Where the guest's own stages end for us: after ours, before a root is wanted.
STOPS = {
    "initramfs-tools": ("/scripts/init-premount/ORDER", b"/lab/init\n"),
    "dracut": ("/usr/lib/dracut/hooks/pre-trigger/99-lab.sh",
               b"#!/bin/sh\n/lab/init\n"),
}


def need(*programs):
    for name in programs:
        if not shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin"):
            raise CannotRun(f"{name} is not installed (make deps-lab)")


def tool(command, env, **kwargs):
    got = subprocess.run([str(c) for c in command], text=True, check=False,
                         stdin=subprocess.DEVNULL, capture_output=True,
                         env={**os.environ, "PATH": "/usr/sbin:/usr/bin:/sbin:"
                              "/bin", **env}, **kwargs)
    if got.returncode != 0:
        raise CannotRun(f"{command[0]}: {(got.stderr or got.stdout)[-400:]}")
    return got.stdout + got.stderr


def installed(work, daemon):
    """As `make install` lays it: the program beside its script, stripped."""
    lib = work / "lib-aquifer"
    lib.mkdir(exist_ok=True)
    shutil.copy2(DIST / "early-seed", lib)
    subprocess.run(["strip", "-o", lib / "aquiferd-static", daemon], check=True)
    return lib


def depmod(kernel):
    base = kernel.modules_dir.parents[2]
    if not (kernel.modules_dir / "modules.dep.bin").exists():
        tool(["depmod", "-b", base, kernel.release], {})


@contextlib.contextmanager
def modules_mount_point():
    """mkinitramfs looks in /lib/modules only, which may not be there."""
    path = pathlib.Path("/lib/modules")
    made = not path.exists()
    if made:
        path.mkdir()
    try:
        yield path
    finally:
        if made:
            path.rmdir()


def initramfs_tools(work, kernel, lib, image):
    need("mkinitramfs", "depmod", "unshare")
    if os.geteuid() != 0:
        raise CannotRun("mkinitramfs wants the modules in /lib/modules: "
                        "run as root")
    depmod(kernel)
    conf = work / "initramfs-tools"
    shutil.rmtree(conf, ignore_errors=True)
    shutil.copytree(DIST / "initramfs-tools", conf)
    (conf / "conf.d").mkdir()
    (conf / "initramfs.conf").write_text("MODULES=most\nCOMPRESS=gzip\n")
    (conf / "modules").touch()
    with modules_mount_point() as modules:
        tool(["unshare", "-m", "sh", "-c",
              'mount --bind "$1" "$2" && mount --bind "$3" /boot && '
              'exec mkinitramfs -d "$4" -o "$5" "$6"', "sh",
              kernel.modules_dir.parent, modules, kernel.tree / "boot", conf,
              image, kernel.release], {"AQUIFER_DIR": str(lib)})


def dracut(work, kernel, lib, image):
    need("dracut", "depmod")
    depmod(kernel)
    base = work / "dracut"
    shutil.rmtree(base, ignore_errors=True)
    shutil.copytree("/usr/lib/dracut", base, symlinks=True)
    shutil.copytree(DIST / "dracut" / "90aquifer",
                    base / "modules.d" / "90aquifer")
    tool(["dracut", "--no-hostonly", "--force", "--gzip", "--kver",
          kernel.release, "--kmoddir", kernel.modules_dir,
          # These alone: no systemd; something has to know root=.
          "--modules", "base rootfs-block udev-rules aquifer", image],
         {"AQUIFER_DIR": str(lib), "dracutbasedir": str(base)})


def build(work, kind, kernel, daemon):
    """The image of the distribution's tool, with the stop appended."""
    makers = {"initramfs-tools": initramfs_tools, "dracut": dracut}
    if kind not in makers:
        raise CannotRun(f"no initramfs tool '{kind}'")
    image = work / f"{kind}-{kernel.name}"
    if not image.exists():
        makers[kind](work, kernel, installed(work, daemon), image)
        # The next archive begins on a multiple of 4.
        with open(image, "ab") as file:
            file.write(bytes(-file.tell() % 4))
            file.write(stop(work, kind, kernel).read_bytes())
    return image


def stop(work, kind, kernel):
    root = work / "stop"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    place(root, "/lab/init", build_guest(work, kernel.arch).read_bytes(), 0o755)
    name, text = STOPS[kind]
    place(root, name, text, 0o755)
    return pack(root, work / "stop.cpio")
