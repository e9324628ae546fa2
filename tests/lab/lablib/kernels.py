# SPDX-License-Identifier: ISC
"""An unpacked kernel package: its image, its release, its modules."""
import lzma
import pathlib
import re
import subprocess

from . import KERNELS, TOP, CannotRun


def plain(name):
    return name.replace("-", "_")


class Kernel:
    """A kernel of tools/kernels, fetched when it is not here yet."""

    def __init__(self, name):
        self.name = name
        self.tree = KERNELS / name
        if not (self.tree / ".complete").exists():
            got = subprocess.run([TOP / "tools" / "kernels", "fetch", name],
                                 text=True, stdin=subprocess.DEVNULL,
                                 capture_output=True)
            if not (self.tree / ".complete").exists():
                raise CannotRun((got.stdout + got.stderr).strip() or
                                f"kernel {name} could not be fetched")
        self.uml = (self.tree / "usr/bin/linux.uml").exists()
        self.arch = "arm64" if name.endswith("arm64") else "amd64"
        self.modules_dir = self._modules_dir()
        self.release = self.modules_dir.name
        self._files = None

    def _modules_dir(self):
        for below in ("usr/lib/uml/modules", "lib/modules", "usr/lib/modules"):
            found = sorted((self.tree / below).glob("*/kernel"))
            if found:
                return found[0].parent
        raise CannotRun(f"kernel {self.name}: no modules in its package")

    @property
    def image(self):
        if self.uml:
            return self.tree / "usr/bin/linux.uml"
        for path in (self.tree / "boot" / f"vmlinuz-{self.release}",
                     self.modules_dir / "vmlinuz"):
            if path.exists():
                return path
        raise CannotRun(f"kernel {self.name}: no image in its package")

    @property
    def config(self):
        for path in (self.tree / "boot" / f"config-{self.release}",
                     self.modules_dir / "config"):
            if path.exists():
                return path
        return None

    def module_files(self, names):
        """(name, bytes) of the modules and what they need, in load order."""
        if self._files is None:
            self._files = {plain(p.name.partition(".ko")[0]): p
                           for p in self.modules_dir.rglob("*.ko*")}
        done = {}
        for name in names:
            self._add(plain(name), done)
        return list(done.items())

    def _add(self, name, done):
        # What is built in, or not in this kernel at all, is not loaded.
        path = self._files.get(name)
        if path is None or name in done:
            return
        data = unpacked(path)
        found = re.search(rb"\0depends=([^\0]*)\0", data)
        for other in (found.group(1).decode() if found else "").split(","):
            if other:
                self._add(plain(other), done)
        done[name] = data


def unpacked(path: pathlib.Path):
    data = path.read_bytes()
    if path.suffix == ".xz":
        return lzma.decompress(data)
    if path.suffix == ".zst":
        return subprocess.run(["zstd", "-qdc"], input=data, check=True,
                              capture_output=True).stdout
    return data
