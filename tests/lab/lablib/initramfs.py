# SPDX-License-Identifier: ISC
"""What a guest has: our first program, the daemon, modules, the scenario's files."""
import pathlib
import re
import shutil
import subprocess

from . import LAB, CannotRun

COMPILER = {"amd64": "gcc", "arm64": "aarch64-linux-gnu-gcc"}


def run(args, **kwargs):
    kwargs.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run([str(a) for a in args], check=True,
                          capture_output=True, **kwargs)


def build_guest(work, arch):
    """The first program, compiled once a run."""
    init = work / f"init-{arch}"
    if init.exists():
        return init
    compiler = COMPILER[arch]
    for tool in (compiler, "cpio"):
        if not shutil.which(tool):
            raise CannotRun(f"{tool} is not installed")
    run([compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-std=gnu11",
         "-D_GNU_SOURCE", "-static", "-o", init,
         *sorted((LAB / "guest").glob("*.c"))])
    return init


def copy_program(root, program):
    """A program of this machine, with the shared libraries it asks for."""
    found = shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if not found:
        raise CannotRun(f"{program} is not installed (make deps-lab)")
    place(root, found, pathlib.Path(found).read_bytes(), 0o755)
    copy_libraries(root, found)


def copy_libraries(root, program):
    """What a program of this machine's own kind asks for; a static one nothing."""
    listed = subprocess.run(["ldd", program], capture_output=True, text=True,
                            check=False).stdout
    for path in re.findall(r"(/\S+) \(0x", listed):
        place(root, path, pathlib.Path(path).read_bytes(), 0o755)


def place(root, name, data, mode=0o644):
    path = root / name.lstrip("/")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(mode)


def add_busybox(root):
    busybox = shutil.which("busybox")
    if not busybox:
        raise CannotRun("busybox is not installed")
    place(root, "/bin/busybox", pathlib.Path(busybox).read_bytes(), 0o755)
    names = run([busybox, "--list"], text=True).stdout.split()
    for name in names:
        link = root / "bin" / name
        if not link.exists():
            link.symlink_to("busybox")


def dedent(text):
    """A value of several lines, without the blanks that made it one value."""
    lines = text.strip("\n").split("\n")
    cut = min((len(l) - len(l.lstrip()) for l in lines if l.strip()),
              default=0)
    return "\n".join(l[cut:] for l in lines) + "\n"


def build(work, parts, kernel, programs, carried):
    """
    The image of one boot. programs: name in the guest -> file here.
    carried: name in the guest -> bytes, from an earlier boot.
    """
    root = work / "root"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    place(root, "/init", build_guest(work, kernel.arch).read_bytes(), 0o755)
    for name, path in programs.items():
        place(root, name, path.read_bytes(), 0o755)
        copy_libraries(root, path)
    for program in parts["scenario"]["copy"].split():
        copy_program(root, program)
    for when in ("before", "after"):
        if parts["guest"][when]:
            add_busybox(root)
            place(root, f"/lab/{when}.sh",
                  dedent(parts["guest"][when]).encode())
    for name, text in parts["files"].items():
        place(root, name, dedent(text).encode("ascii"))
    for name, data in carried.items():
        place(root, name, data, 0o600)
    listed = []
    for name, data in kernel.module_files(parts["guest"]["modules"].split()):
        place(root, f"/lab/m/{name}.ko", data)
        listed.append(f"/lab/m/{name}.ko\n")
    place(root, "/lab/modules", "".join(listed).encode())
    return pack(root, work / "initramfs")


def pack(root, image):
    names = "".join(f"{p.relative_to(root)}\n" for p in sorted(root.rglob("*")))
    run(["cpio", "-o", "-H", "newc", "-R", "0:0", "--quiet", "-F", image],
        cwd=root, stdin=None, input=names.encode())
    return image
