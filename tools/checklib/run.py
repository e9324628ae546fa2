# SPDX-License-Identifier: ISC
"""How a check runs a command, and how results are printed and counted."""
import os
import pathlib
import signal
import subprocess
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD = TOP / "build"
LOGS = BUILD / "check-logs"
SKIP_CODE = 77
TAIL_LINES = 40
# No test depends on speed: the limits only end what hangs.
LIMIT_S = 300
BUILD_LIMIT_S = 600
GRACE_S = 5


class Report:
    """Counts, and prints each result as it comes."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def _line(self, word, name, seconds, note):
        took = f" ({seconds:.1f} s)" if seconds is not None else ""
        print(f"{word:4} {name}{took}{': ' + note if note else ''}",
              flush=True)

    def ok(self, name, seconds=None, note=""):
        self.passed += 1
        self._line("ok", name, seconds, note)

    def fail(self, name, seconds=None, note="", output=""):
        self.failed += 1
        self._line("FAIL", name, seconds, note)
        lines = output.rstrip().splitlines()
        if len(lines) > TAIL_LINES:
            print(f"     | ... {len(lines) - TAIL_LINES} lines before")
        for line in lines[-TAIL_LINES:]:
            print(f"     | {line}", flush=True)

    def skip(self, name, why):
        self.skipped += 1
        self._line("skip", name, None, why)


class Failed(Exception):
    """A part of a step that its other parts rest on."""

    def __init__(self, what, output):
        super().__init__(what)
        self.output = output


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1].strip() if lines else "no output"


def end_group(child):
    """Asks first, so that a test can clean up after itself."""
    try:
        os.killpg(child.pid, signal.SIGTERM)
        try:
            child.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            pass
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def run(args, limit_s=LIMIT_S, env=None):
    """Exit code and output; the whole process group ends with the call."""
    args = [str(a) for a in args]
    try:
        child = subprocess.Popen(
            args, cwd=TOP, env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True)
    except OSError as err:
        return 127, f"{args[0]}: {err.strerror}\n"
    try:
        out, _ = child.communicate(timeout=limit_s)
        code, note = child.returncode, ""
    except subprocess.TimeoutExpired:
        end_group(child)
        out, _ = child.communicate()
        code, note = 124, f"\n{args[0]}: ended after {limit_s} s\n"
    except BaseException:
        end_group(child)
        raise
    return code, out.decode("utf-8", "replace") + note


def keep_log(name, text):
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / (name.replace("/", "-") + ".log")
    path.write_text(text, encoding="utf-8")


def logged(name, args, **kwargs):
    start = time.monotonic()
    code, out = run(args, **kwargs)
    keep_log(name, out)
    return code, out, time.monotonic() - start


def need(name, args, **kwargs):
    code, out, _ = logged(name, args, **kwargs)
    if code != 0:
        raise Failed(" ".join(map(str, args)), out)


def one(report, name, args, note=lambda out: "", **kwargs):
    """A command that is one test; note: what a good end says of itself."""
    code, out, seconds = logged(name, args, **kwargs)
    if code == 0:
        report.ok(name, seconds, note(out))
    elif code == SKIP_CODE:
        report.skip(name, last_line(out))
    else:
        report.fail(name, seconds, f"exit {code}", out)


def c_files(*folders):
    folders = folders or ("src", "include", "tests", "fuzz", "bench", "tools")
    return [p for f in folders for p in sorted((TOP / f).rglob("*.[ch]"))]
