# SPDX-License-Identifier: ISC
"""Each step: a function of the report whose first line says what it checks."""
import concurrent.futures
import json
import os
import re
import tempfile
import time

from . import meson
from .run import (BUILD, BUILD_LIMIT_S, SKIP_CODE, TOP, Failed, c_files, keep_log,
                  last_line, logged, need, one, run)


def build(report):
    """build/ with gcc, warnings as errors; the static daemon too"""
    start = time.monotonic()
    need("build-make", ["make", "--no-print-directory", "build/build.ninja"])
    # Only where it is not so yet: each change of an option configures anew.
    code, out, _ = logged("build-options", ["meson", "introspect", BUILD,
                                            "--buildoptions"])
    if code != 0 or not any(o["name"] == "werror" and o["value"]
                            for o in json.loads(out)):
        need("build-werror", ["meson", "configure", BUILD, "-Dwerror=true"])
    need("build-all", ["make", "--no-print-directory", "build"],
         limit_s=BUILD_LIMIT_S)
    for name in ("aquifer", "aquiferd", "aquiferd-static"):
        if not (BUILD / name).exists():
            raise Failed(f"build/{name} was not made", "")
    report.ok("build", time.monotonic() - start, "-Werror, and -static")


def check_format(report):
    code, out, seconds = logged("format", ["clang-format", "--dry-run",
                                           "-Werror", *c_files()])
    wrong = sorted(set(re.findall(r"^(?:%s/)?(\S+?):\d+:\d+: error:"
                                  % re.escape(str(TOP)), out, re.MULTILINE)))
    if code == 0:
        report.ok("format", seconds)
    else:
        report.fail("format", seconds, f"{len(wrong)} files (make format)",
                    "\n".join(wrong) or out)


def files(report):
    """layers, licence lines, formatting, manual pages"""
    one(report, "layers", ["tools/layers"])
    one(report, "spdx", ["tools/spdx"])
    check_format(report)
    pages = sorted((TOP / "man").glob("*.[1-8]"))
    for page in pages:
        one(report, f"man/{page.name}",
            ["mandoc", "-T", "lint", "-W", "warning", page])
    if not pages:
        report.fail("man", note="no manual page to check")


def asan(report):
    """unit tests and fuzz corpora under ASan and UBSan (gcc)"""
    # Not -Werror: instrumented code makes gcc warn of what is not there.
    directory = meson.build("asan", ["-Db_sanitize=address,undefined",
                                     "-Db_lundef=false", "-Dtests=true",
                                     "-Dfuzz=true"], env={"CC": "gcc"})
    meson.tests(report, "asan", directory, env=meson.SANITIZE)


def flow(report):
    """the real programs of build/, by tests/flow/*"""
    scripts = [p for p in sorted((TOP / "tests" / "flow").iterdir())
               if p.is_file() and os.access(p, os.X_OK)]
    for script in scripts:
        one(report, f"flow/{script.name}", [script],
            env={"BUILD": str(BUILD)})
    if not scripts:
        report.fail("flow", note="no script in tests/flow")


def clang(report):
    """clang, warnings as errors; unit tests again"""
    meson.tests(report, "clang", meson.build_clang())


def tidy(report):
    """clang-tidy over all C files, checks in .clang-tidy"""
    start = time.monotonic()
    every, commands = meson.compile_commands(meson.build_clang())

    def look(path):
        code, out = run(["clang-tidy", "--quiet", "-p", commands, path])
        return out if code != 0 else ""

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        wrong = [out for out in pool.map(look, every) if out]
    seconds = time.monotonic() - start
    keep_log("tidy", "\n".join(wrong))
    if wrong or not every:
        found = re.findall(r"^.*: error: .*$", "\n".join(wrong), re.MULTILINE)
        report.fail("tidy", seconds, f"{len(wrong)} of {len(every)} files",
                    "\n".join(dict.fromkeys(found) or wrong))
    else:
        report.ok("tidy", seconds, f"{len(every)} files")


def arm64(report):
    """aarch64 cross build; unit tests under qemu-user"""
    code, out, _ = logged("arm64-deps", ["tools/deps", "arm64"],
                          limit_s=BUILD_LIMIT_S)
    if code != 0:
        report.skip("arm64", last_line(out))
        return
    directory = meson.build("arm64", ["--cross-file", ".deps/arm64.ini",
                                      "--cross-file", "tools/aarch64.ini",
                                      "-Dwerror=true", "-Dtests=true"])
    # An emulator: what is slow there is not wrong.
    meson.tests(report, "arm64", directory, slower=4)


def musl(report):
    """src/base and src/drbg, the part libaquifer rests on, with musl"""
    with tempfile.TemporaryDirectory() as tmp:
        for path in c_files("src/base", "src/drbg"):
            if path.suffix != ".c":
                continue
            where = path.relative_to(TOP)
            title = f"musl/{where.relative_to('src')}"
            if "#include <sodium.h>" in path.read_text(encoding="utf-8"):
                report.skip(title, "needs libsodium, not packaged for musl")
                continue
            one(report, title,
                ["musl-gcc", "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-Wall",
                 "-Wextra", "-Werror", "-Isrc", "-Iinclude", "-c", "-o",
                 f"{tmp}/a.o", where])


def lab(report):
    """real guests, starved or lied to: the first scenarios of tests/lab"""
    # What cannot be fetched is said by the scenario that lacks it.
    logged("lab-kernels", ["tools/kernels", "fetch", "--check"],
           limit_s=BUILD_LIMIT_S)
    code, out, _ = logged("lab-list", ["tests/lab/lab", "--list", "--check"])
    if code != 0:
        raise Failed("tests/lab/lab --list", out)
    for name in out.split():
        code, said, seconds = logged(f"lab/{name}", ["tests/lab/lab", name])
        first = said.strip().partition("\n")[0].partition(": ")[2]
        if code == 0:
            report.ok(f"lab/{name}", seconds, first)
        elif code == SKIP_CODE:
            report.skip(f"lab/{name}", first)
        else:
            report.fail(f"lab/{name}", seconds, f"exit {code}", said)
