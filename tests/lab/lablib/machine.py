# SPDX-License-Identifier: ISC
"""Command lines of user-mode-linux and QEMU, and one bounded boot."""
import os
import shutil
import subprocess
import time

from . import CannotRun

# From the start of the kernel to its power-off, beside the scenario's bound;
# a software CPU on a machine with other work is slow, and that is no failure.
BOOT_S = 90
NOT_TRUSTED = ["random.trust_cpu=off", "random.trust_bootloader=off"]
QEMU = {"amd64": "qemu-system-x86_64", "arm64": "qemu-system-aarch64"}


def kernel_arguments(parts):
    """What the guest's first program and the kernel are told."""
    scenario, guest = parts["scenario"], parts["guest"]
    args = ["panic=-1", "loglevel=4", "printk.time=1",
            f"lab.bound_ms={scenario['bound_ms']}"]
    if parts["machine"]["starve"] == "yes":
        args += NOT_TRUSTED
    if scenario["run"]:
        args.append("lab.run=" + "+".join(scenario["run"].split()))
    if scenario["stop_ms"]:
        args.append(f"lab.stop_ms={scenario['stop_ms']}")
    if scenario["ask"] == "yes":
        args.append("lab.ask=yes")
    if guest["load"]:
        args.append(f"lab.load={guest['load']}")
    args += [f"lab.{when}=yes" for when in ("before", "after") if guest[when]]
    return args + parts["machine"]["append"].split()


def uml_command(work, parts, kernel, image):
    # It has one CPU, and two processes that hand over to each other at every
    # trap: on one CPU of the host that is two to three times as fast as
    # between two, and much steadier.
    args = ["taskset", "-c", str(max(os.sched_getaffinity(0))), kernel.image,
            "mem=128M", f"initrd={image}", "rdinit=/init",
            "con=null", "con0=fd:0,fd:1", "console=tty0", f"uml_dir={work}/"]
    if parts["machine"]["starve"] == "yes":
        # The kernel's own hwrng core is the host's random device.
        args.append("initcall_blacklist=rng_init")
    return args + kernel_arguments(parts)


def qemu_command(work, parts, kernel, image, devices):
    program = QEMU[kernel.arch]
    if not shutil.which(program):
        raise CannotRun(f"{program} is not installed")
    machine = parts["machine"]
    kind, console, cpu = machine["type"], "ttyS0", machine["cpu"]
    if kernel.arch == "arm64":
        # No seed in the device tree, and no RNDR: what starves.
        kind, console = "virt,dtb-randomness=off", "ttyAMA0"
        cpu = "cortex-a57" if cpu == "qemu64" else cpu
    # TCG always: that /dev/kvm is there does not mean that it works.
    args = [program, "-M", kind, "-accel", "tcg", "-cpu", cpu,
            "-m", "256M", "-smp", machine["cpus"], "-nodefaults",
            "-no-user-config", "-display", "none",
            # A file never makes the guest wait: nothing of this machine's
            # business gets into its timing by the console.
            "-serial", f"file:{work}/console", "-no-reboot", "-kernel", kernel.image, "-initrd", image, "-append",
            " ".join([f"console={console}", *kernel_arguments(parts)])]
    if machine["icount"]:
        args += ["-icount", f"shift={machine['icount']},sleep=off", "-rtc",
                 "base=2020-01-01T00:00:00,clock=vm"]
    if machine["uuid"]:
        args += ["-uuid", machine["uuid"]]
    if machine["vmgenid"]:
        args += ["-device", f"vmgenid,guid={machine['vmgenid']}"]
    return args + devices


def boot(work, command, bound_ms):
    """The console of one boot and its seconds, whatever came of it."""
    console = work / "console"
    console.unlink(missing_ok=True)
    limit_s = BOOT_S + bound_ms // 1000
    start = time.monotonic()
    # timeout(1), told to stop, takes all of user-mode-linux with it.
    child = subprocess.Popen(["timeout", "-k", "3", str(limit_s),
                              *map(str, command)],
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT)
    try:
        out, _ = child.communicate()
    except BaseException:
        child.terminate()
        child.communicate()
        raise
    if console.exists():
        out += console.read_bytes()
    text = out.decode("ascii", "replace").replace("\r", "")
    if child.returncode == 124:
        text += f"\nLAB hung=killed after {limit_s} s\n"
    return text, time.monotonic() - start
