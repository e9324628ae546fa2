# SPDX-License-Identifier: ISC
"""What the host puts beside a guest: random devices honest and lying, a TPM,
a seed. A context manager a boot: .devices are QEMU's arguments."""
import contextlib
import hashlib
import os
import pathlib
import shutil
import socket
import subprocess
import threading
import time

from . import BadScenario, CannotRun

BLOCK = bytes(range(7, 71))


class Liar:
    """The stream of a host's random device, by the name of what is wrong."""

    def __init__(self, mode):
        self.mode, self.at = mode, 0
        if mode not in ("honest", "silent", "zeros", "constant", "counter",
                        "repeat", "encrypted-counter"):
            raise BadScenario(f"rng = egd:{mode}: there is no such host")

    def take(self, n):
        """n bytes; None for one that says nothing any more."""
        start, self.at = self.at, self.at + n
        if self.mode == "silent":
            return None
        if self.mode == "honest":
            return os.urandom(n)
        if self.mode == "zeros":
            return bytes(n)
        if self.mode == "constant":
            return b"\xa5" * n
        if self.mode == "counter":
            return bytes((start + i) & 0xff for i in range(n))
        if self.mode == "repeat":
            return bytes(BLOCK[(start + i) % len(BLOCK)] for i in range(n))
        # No entropy at all, and no statistic will ever show it.
        out = bytearray()
        block = start // 64
        while len(out) < n + start % 64:
            out += hashlib.sha512(b"aquifer lab" + block.to_bytes(8, "little")
                                  ).digest()
            block += 1
        return bytes(out[start % 64:start % 64 + n])


def serve_egd(listener, liar):
    """QEMU's rng-egd asks 0x02 LEN and wants LEN bytes."""
    with contextlib.suppress(OSError):
        client, _ = listener.accept()
        with client:
            pending = b""
            while True:
                got = client.recv(256)
                if not got:
                    return
                pending += got
                while len(pending) >= 2:
                    answer = liar.take(pending[1])
                    pending = pending[2:]
                    if answer is not None:
                        client.sendall(answer)


class Host:
    """Everything of [host], started before the guest and gone after it."""

    def __init__(self, work, parts):
        self.work, self.parts = pathlib.Path(work), parts
        self.devices, self._open = [], contextlib.ExitStack()

    def __enter__(self):
        host = self.parts["host"]
        with contextlib.ExitStack() as guard:
            guard.callback(self._open.close)
            if host["rng"]:
                self._add_rng(host["rng"], host["rng_limit"])
            if host["tpm"]:
                self._add_tpm(host["tpm"])
            if host["seed"]:
                self._add_seed(host["seed"])
            guard.pop_all()
        return self

    def __exit__(self, *_):
        self._open.close()

    def _add_rng(self, rng, limit):
        kind, _, mode = rng.partition(":")
        if kind == "egd":
            path = self.work / "egd"
            path.unlink(missing_ok=True)
            listener = self._open.enter_context(socket.socket(socket.AF_UNIX))
            listener.bind(str(path))
            listener.listen(1)
            threading.Thread(target=serve_egd, args=(listener, Liar(mode)),
                             daemon=True).start()
            self.devices += ["-chardev", f"socket,id=egd,path={path}",
                             "-object", "rng-egd,id=r0,chardev=egd"]
        elif kind == "file":
            self.devices += ["-object", f"rng-random,id=r0,filename={mode}"]
        elif kind == "builtin":
            self.devices += ["-object", "rng-builtin,id=r0"]
        else:
            raise BadScenario(f"rng = {rng}: egd:MODE, file:PATH, builtin")
        device = "virtio-rng-pci,rng=r0"
        if limit:
            most, _, period = limit.partition("/")
            device += f",max-bytes={most},period={period}"
        self.devices += ["-device", device]

    def _add_tpm(self, kind):
        if not shutil.which("swtpm"):
            raise CannotRun("swtpm is not installed")
        state = self.work / "tpm"
        shutil.rmtree(state, ignore_errors=True)
        state.mkdir()
        child = subprocess.Popen(
            ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={state}",
             "--ctrl", f"type=unixio,path={state}/ctl", "--flags",
             "startup-clear", "--terminate"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self._open.callback(child.wait)
        self._open.callback(child.terminate)
        for _ in range(250):
            if (state / "ctl").exists():
                break
            time.sleep(0.02)
        self.devices += ["-chardev", f"socket,id=ct,path={state}/ctl",
                         "-tpmdev", "emulator,id=t0,chardev=ct",
                         "-device", f"tpm-{kind},tpmdev=t0"]

    def _add_seed(self, seed):
        path = self.work / "seed"
        # 128 bytes at 4 bits each are enough for a first seed alone (384).
        path.write_bytes(os.urandom(128) if seed == "random" else
                         hashlib.shake_256(seed.encode()).digest(128))
        self.devices += ["-fw_cfg", f"name=opt/aquifer/seed,file={path}"]
