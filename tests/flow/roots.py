# SPDX-License-Identifier: ISC
"""Machines of tests/roots, laid out and judged. The form: tests/roots/README.md."""
import base64
import calendar
import json
import os
import shutil
import time

from flow import *  # noqa: F403

ROOTS = TOP / "tests" / "roots"
SEVERITIES = ("ok", "info", "unknown", "warn", "critical")
CODES = {"ready": 0, "degraded": 1, "unsafe": 1, "unknown": 3}
KINDS = {"==": "text", "=0": "words", "=b": "base64", "=>": "link",
         "=d": "directory", "=f": "fifo"}


def remove(root):
    """A tree that may hold directories without rights."""
    if not root.exists():
        return
    for at in (root, *root.rglob("*")):
        if at.is_dir() and not at.is_symlink():
            at.chmod(0o700)
    shutil.rmtree(root)


def seconds(text):
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


class Machine:
    """One .root file."""

    def __init__(self, path):
        self.name = path.stem
        self.verdict = self.seal = self.time = None
        self.want, self.says, self.parts = {}, [], []
        lines = path.read_text(encoding="utf-8").splitlines()
        check(lines[:1] == ["# SPDX-License-Identifier: ISC"] and
              lines[1].startswith("# "),
              f"{path.name}: says on top what it is taken from")
        for number, line in enumerate(lines, 1):
            where = f"{path.name}:{number}"
            mark = line[:2]
            if mark in KINDS and line[2:3] == " ":
                self.parts.append((KINDS[mark], line[3:].split(), []))
            elif self.parts:
                self.parts[-1][2].append(line)
            else:
                self.header(line, where)
        check(self.verdict in CODES, f"{path.name}: verdict {self.verdict}")

    def header(self, line, where):
        if not line or line.startswith("#"):
            return
        key, _, value = line.partition(": ")
        if key == "time":
            self.time = seconds(value)
            return
        check(key in ("expect", "says"), f"{where}: {line!r}")
        name, _, value = value.partition(" ")
        if key == "says":
            self.says.append((name, value))
        elif name == "verdict":
            self.verdict = value
        elif name == "seal":
            self.seal = value
        else:
            check(value in SEVERITIES, f"{where}: {value!r} is no severity")
            check(name not in self.want, f"{where}: {name} twice")
            self.want[name] = value

    def lay_out(self, root):
        """The files, below a directory that is made anew."""
        remove(root)
        root.mkdir()
        directories = []
        for kind, words, lines in self.parts:
            at = root / words[0]
            at.parent.mkdir(parents=True, exist_ok=True)
            mode, when = None, self.time
            for word in words[1:]:
                if word.startswith("@"):
                    when = seconds(word[1:])
                elif kind != "link":
                    mode = int(word, 8)
            if kind == "link":
                at.symlink_to(words[1])
                continue
            if kind == "directory":
                at.mkdir(exist_ok=True)
                if mode is not None:
                    directories.append((at, mode))
                continue
            if kind == "fifo":
                os.mkfifo(at)
            else:
                at.write_bytes(content(kind, lines))
            at.chmod(0o644 if mode is None else mode)
            if when is not None:
                os.utime(at, (when, when))
        # Last: a directory that nobody may write to has its files by then.
        for at, mode in directories:
            at.chmod(mode)
        return root


def content(kind, lines):
    # The empty line before the next part belongs to nobody.
    while lines and not lines[-1]:
        lines = lines[:-1]
    if kind == "words":
        return b"".join(line.encode() + b"\0" for line in lines)
    if kind == "base64":
        return base64.b64decode("".join(lines))
    return "".join(line + "\n" for line in lines).encode()


def doctor(*args, data=None):
    """The report: well-formed, its own parts agreeing with each other."""
    done = run(AQUIFER, "doctor", "--json", *args, text=False,
               **({"input": data} if data is not None else {}))
    what = " ".join(map(str, args))
    try:
        report = json.loads(done.stdout.decode("utf-8"))
    except ValueError:
        fail(f"{what}: no JSON, exit {done.returncode}: {done.stderr!r}")
    equal(done.returncode, CODES[report["verdict"]], f"{what}: exit")
    check(report["summary"].startswith(report["verdict"] + ": "),
          f"{what}: {report['summary']}")
    found = {}
    for f in report["findings"]:
        check(f["id"] not in found, f"{what}: {f['id']} appears twice")
        check(f["title"] and f["reference"], f"{what}: {f['id']} is bare")
        if f["severity"] in ("warn", "critical"):
            check(f["evidence"] and f["fix"],
                  f"{what}: {f['id']} without evidence or a fix")
        found[f["id"]] = f
    return report, found
