# SPDX-License-Identifier: ISC
"""What the flow tests share: the programs of $BUILD, run in a place of their own.

Every process that is started here is ended at exit, and every wait has a limit
that only ends what hangs: no test depends on speed.
"""
import atexit
import ctypes
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", TOP / "build"))
AQUIFER = BUILD / "aquifer"
AQUIFERD = BUILD / "aquiferd"
STATIC = BUILD / "aquiferd-static"
ROOT = os.geteuid() == 0
NOBODY = 65534
LIMIT_S = 60

TMP = pathlib.Path(tempfile.mkdtemp(prefix="aquifer-flow-"))
TMP.chmod(0o755)
_children = []
_engines = set()
_mounts = []


def _cleanup():
    for child in _children:
        if child.poll() is None:
            child.kill()
            child.wait()
    # An engine part whose monitor was killed by a test that then failed.
    for pid in _engines:
        if alive(pid) and proc_status(pid)["Name"].startswith("aquiferd"):
            os.kill(pid, signal.SIGKILL)
    for at in _mounts:
        ctypes.CDLL(None).umount2(at, 2)  # MNT_DETACH
    shutil.rmtree(TMP, ignore_errors=True)


atexit.register(_cleanup)
# A limit of the runner above ends us in order too.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(124))


def skip(why):
    print(why)
    sys.exit(77)


def fail(what):
    print(f"FAIL: {what}")
    sys.exit(1)


def check(truth, what):
    if not truth:
        fail(what)


def equal(got, want, what):
    check(got == want, f"{what}: got {got!r}, not {want!r}")


def contains(text, part, what):
    check(part in text, f"{what}: no {part!r} in:\n{text}")


def until(condition, what, limit_s=LIMIT_S):
    """Waits for a true value and returns it."""
    end = time.monotonic() + limit_s
    while True:
        value = condition()
        if value:
            return value
        check(time.monotonic() < end, f"{what}: not within {limit_s} s")
        time.sleep(0.02)


def start(args, **kwargs):
    child = subprocess.Popen([str(a) for a in args], **kwargs)
    _children.append(child)
    return child


def run(*args, text=True, limit_s=LIMIT_S, **kwargs):
    """The finished process, with output; stdin is empty unless given."""
    if "input" not in kwargs:
        kwargs.setdefault("stdin", subprocess.DEVNULL)
    kwargs.setdefault("stdout", subprocess.PIPE)
    kwargs.setdefault("stderr", subprocess.PIPE)
    try:
        return subprocess.run([str(a) for a in args], timeout=limit_s,
                              text=text, check=False, **kwargs)
    except subprocess.TimeoutExpired:
        return fail(f"{' '.join(map(str, args))}: still runs after {limit_s} s")


def expect(code, *args, **kwargs):
    """run, and the exit code must be this one."""
    done = run(*args, **kwargs)
    check(done.returncode == code,
          f"{' '.join(map(str, args))}: exit {done.returncode}, not {code}\n"
          f"{done.stdout if kwargs.get('text', True) else ''}{done.stderr}")
    return done


def as_nobody(program, *args, uid=NOBODY):
    """The command as a user without rights; the program where it can be read."""
    copy = TMP / pathlib.Path(program).name
    if not copy.exists():
        shutil.copy(program, copy)
        copy.chmod(0o755)
    if not ROOT:
        return [copy, *args]
    return ["setpriv", "--reuid", uid, "--regid", uid, "--clear-groups",
            "--inh-caps=-all", "--bounding-set=-all", copy, *args]


def config(text="", name="aquiferd.conf", seed_dir=None, **keys):
    """A configuration that touches only TMP; returns its path."""
    if seed_dir is None:
        seed_dir = TMP / "seed"
        seed_dir.mkdir(exist_ok=True)
        if ROOT:
            os.chown(seed_dir, NOBODY, NOBODY)
        seed_dir.chmod(0o700)
    keys = {"user": "nobody", "seed-file": seed_dir / "seed",
            "status-socket": TMP / "status.sock", **keys}
    path = TMP / name
    lines = "".join(f"{k} = {v}\n" for k, v in keys.items())
    path.write_text(f"[aquiferd]\n{lines}{text}", encoding="utf-8")
    path.chmod(0o644)
    return path


# Leaves the lanes of the configuration alone.
ALL_OFF = "".join(f"[{name}]\nenabled = no\n" for name in (
    "hwrng", "rdrand", "rdseed", "tpm2", "jitter", "sched", "pagefault",
    "seedfile", "hostseed"))


def compiled(source, *libraries):
    """A helper in C, made for this run."""
    compiler = os.environ.get("CC") or shutil.which("cc") or \
        shutil.which("gcc")
    if not compiler:
        skip("no C compiler")
    out = TMP / pathlib.Path(source).stem
    expect(0, compiler, "-std=gnu11", "-D_GNU_SOURCE", "-O1", "-Wall",
           "-Werror", "-o", out, TOP / "tests" / "flow" / source,
           *[f"-l{name}" for name in libraries])
    return out


def mount_small(at):
    """4 KiB of tmpfs, in a mount namespace that ends with this process."""
    libc = ctypes.CDLL(None, use_errno=True)
    clone_newns, ms_rec_private = 0x20000, 0x4000 | 1 << 18
    if libc.unshare(clone_newns) != 0 or \
            libc.mount(b"none", b"/", None, ms_rec_private, None) != 0 or \
            libc.mount(b"tmpfs", str(at).encode(), b"tmpfs", 0,
                       b"size=4k,mode=0700,uid=%d" % NOBODY) != 0:
        return os.strerror(ctypes.get_errno())
    _mounts.append(str(at).encode())
    return None


def proc_status(pid):
    """/proc/PID/status as a dict, None when the process is gone."""
    try:
        lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return {k: v.strip() for k, _, v in (line.partition(":")
                                         for line in lines)}


def alive(pid):
    facts = proc_status(pid)
    return facts is not None and not facts["State"].startswith(("Z", "X"))


def children(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in text.split()]


class Daemon:
    """An aquiferd of ours, from its start to its end."""

    def __init__(self, conf, *args, program=AQUIFERD, wrap=(), env=None):
        self.socket = TMP / "status.sock"
        self.socket.unlink(missing_ok=True)
        self.log_path = TMP / "aquiferd.log"
        self.wrapped = bool(wrap)
        with open(self.log_path, "wb") as log:
            self.child = start([*wrap, program, "--config", conf, *args],
                               stdin=subprocess.DEVNULL, stdout=log,
                               stderr=log, env={**os.environ, **(env or {})})

    @property
    def pid(self):
        """Of the privileged part."""
        if not self.wrapped:
            return self.child.pid
        return until(lambda: children(self.child.pid), "the daemon's start")[0]

    @property
    def engine(self):
        """The pid of the part without rights."""
        pid = until(lambda: children(self.pid), "the engine part")[0]
        _engines.add(pid)
        return pid

    @property
    def log(self):
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def wait_log(self, text, count=1):
        def seen():
            check(self.child.poll() is None or text in self.log,
                  f"aquiferd ended before it said {text!r}:\n{self.log}")
            return self.log.count(text) >= count
        until(seen, f"{text!r} in the log ({self.log_path})")

    def status(self):
        """The status document, None while there is no answer."""
        done = run(AQUIFER, "status", "--json", "--socket", self.socket)
        if done.returncode == 3:
            check(self.child.poll() is None, f"aquiferd ended:\n{self.log}")
            return None
        return json.loads(done.stdout)

    def wait_status(self, condition=lambda s: True, what="a status"):
        def fulfilled():
            s = self.status()
            return s if s is not None and condition(s) else None
        return until(fulfilled, what)

    def wait_seed(self):
        return self.wait_status(lambda s: s["seed"] is not None, "a seed")

    def lane(self, name):
        for lane in self.wait_status()["lanes"]:
            if lane["name"] == name:
                return lane
        return fail(f"no lane {name}")

    def wait_lane(self, name, state):
        def fulfilled():
            lane = self.lane(name)
            return lane if lane["state"] == state else None
        return until(fulfilled, f"lane {name} {state}; the log:\n{self.log}")

    def ask(self, line, limit_s=10):
        """What a client gets that sends these bytes."""
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(str(self.socket))
            s.settimeout(limit_s)
            s.sendall(line)
            s.shutdown(socket.SHUT_WR)
            got = b""
            while part := s.recv(65536):
                got += part
            return got

    def send(self, number):
        os.kill(self.pid, number)

    def ended(self):
        """The exit code, once it has ended."""
        try:
            return self.child.wait(LIMIT_S)
        except subprocess.TimeoutExpired:
            return fail(f"aquiferd does not end:\n{self.log}")

    def stop(self, number=signal.SIGTERM):
        """Ends it in order; returns the seconds that took."""
        engine, before = self.engine, time.monotonic()
        self.send(number)
        code = self.ended()
        took = time.monotonic() - before
        equal(code, 0, f"exit code after a stop; the log:\n{self.log}\n")
        check("died by signal" not in self.log, f"it was killed:\n{self.log}")
        check(not alive(engine), "the engine part outlived the stop")
        return took
