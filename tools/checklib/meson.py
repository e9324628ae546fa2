# SPDX-License-Identifier: ISC
"""Build directories of their own, and meson's tests a line each."""
import json
import re
import shutil

from .run import BUILD_LIMIT_S, TOP, logged, need

# A sanitizer's finding ends the program that caused it. No
# detect_stack_use_after_return: gcc's fake stack is not aligned for AVX-512.
SANITIZE = {
    "ASAN_OPTIONS": "strict_string_checks=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
}


def build(name, options, env=None):
    """Compile build-NAME; one half set up or set up otherwise begins anew."""
    directory, wanted = TOP / f"build-{name}", json.dumps([options, env])
    mark = directory / "check-options.json"
    if not mark.exists() or mark.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(directory, ignore_errors=True)
        need(f"{name}-setup", ["meson", "setup", directory, *options],
             env=env)
        mark.write_text(wanted, encoding="utf-8")
    need(f"{name}-build", ["ninja", "-C", directory], env=env,
         limit_s=BUILD_LIMIT_S)
    return directory


def build_clang():
    # The fuzzers too, as tools/fuzz has them: else no step compiles them so.
    return build("clang", ["-Dwerror=true", "-Dtests=true", "-Dfuzz=true"],
                 env={"CC": "clang"})


def compile_commands(directory):
    """
    The C files of ours that a build directory compiles, and a directory with a
    compile_commands.json that names each once: clang-tidy looks at a file as
    often as it is named.
    """
    record = json.loads((directory / "compile_commands.json").read_text())
    of_file = {(directory / c["file"]).resolve(): c for c in record}
    files = sorted(f for f in of_file if TOP in f.parents
                   and directory not in f.parents)
    once = directory / "once"
    once.mkdir(exist_ok=True)
    (once / "compile_commands.json").write_text(
        json.dumps([of_file[f] for f in files]), encoding="utf-8")
    return files, once


def skipped_cases(out):
    """How many cases of a cmocka program were skipped, and why (skip.h)."""
    count = sum(map(int, re.findall(r"^\[  SKIPPED \] (\d+) test", out,
                                    re.MULTILINE)))
    why = re.findall(r"^skipped: (.*)$", out, re.MULTILINE)
    return count, "; ".join(dict.fromkeys(why)) or "no reason given"


def one_test(report, name, test):
    title = f"{name}/{test['name'].rpartition(' / ')[2]}"
    out = (test.get("stdout") or "") + (test.get("stderr") or "")
    if test["result"] == "OK":
        passed = re.search(r"^\[  PASSED  \] (\d+) test", out, re.MULTILINE)
        count, why = skipped_cases(out)
        if count and passed and passed.group(1) == "0":
            report.skip(title, why)
        else:
            report.ok(title, test["duration"],
                      f"skipped {count}: {why}" if count else "")
    elif test["result"] == "SKIP":
        report.skip(title, out.strip().rpartition("\n")[2] or "no output")
    else:
        report.fail(title, test["duration"], test["result"], out)


def tests(report, name, directory, env=None, slower=1):
    """A line a test program, from meson's own record of the run."""
    record = directory / "meson-logs" / "testlog.json"
    record.unlink(missing_ok=True)
    logged(f"{name}-test", ["meson", "test", "-C", directory, "--no-rebuild",
                            "--timeout-multiplier", slower],
           env=env, limit_s=BUILD_LIMIT_S * slower)
    if not record.exists():
        report.fail(name, note=f"meson test left no {record}")
        return
    for line in record.read_text(encoding="utf-8").splitlines():
        one_test(report, name, json.loads(line))
