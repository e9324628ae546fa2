# SPDX-License-Identifier: ISC
"""A console becomes a record, a record is held against what must be."""
import re

LANE = re.compile(r"^  (\S+) +(\S+) +(\S+) +(\d+) bytes +(\d+) bits", re.M)
SEEDED = re.compile(r"aquiferd: seeded in ([\d.]+) ms from (.*?)"
                    r"( \(one domain\))?; (\S+) ended the wait")
KERNEL = re.compile(r"aquiferd: the kernel took (\d+) bytes, credited (\d+) "
                    r"bits, (\S+); it is (.*)")
FAILED = re.compile(r"(\S+): health test '([^']*)' failed")


def record(console):
    """
    The guest's keys (guest/report.c), and of aquiferd's own words:
      lane.NAME, lane.NAME.bits   state and credit of a source (--verbose)
      lane.NAME.test              the health test that failed
      seed_from                   "cpu timing", the domains that paid
      seed_ms, seed_ended_by, kernel_bytes, kernel_credit_bits, kernel_rekey
    """
    seen, log = {}, []
    for key, value in re.findall(r"LAB ([a-z0-9_.]+)=(.*)$", console, re.M):
        if key == "log":
            log.append(value)
        else:
            seen[key] = value
    seen["log"] = "\n".join(log)
    for name, _, state, _, bits in LANE.findall(console):
        seen[f"lane.{name}"] = state
        seen[f"lane.{name}.bits"] = bits
    for name, test in FAILED.findall(console):
        seen.setdefault(f"lane.{name}.test", test)
    found = SEEDED.search(console)
    if found:
        seen["seed_ms"] = found.group(1)
        seen["seed_from"] = " ".join(re.findall(r"([a-z]+) \d+ bits",
                                                found.group(2)))
        seen["seed_ended_by"] = found.group(4)
    found = KERNEL.search(console)
    if found:
        seen.update(zip(("kernel_bytes", "kernel_credit_bits", "kernel_rekey",
                         "kernel_is"), found.groups()))
    return seen


def holds(wanted, value):
    """Is value what was wanted? "< 5", "> 5", "~ REGEX", "!~ REGEX", "missing",
    "A | B", or the very text."""
    if " | " in wanted and not wanted.startswith(("~ ", "!~ ")):
        return any(holds(w.strip(), value) for w in wanted.split(" | "))
    if wanted == "missing":
        return value is None
    if wanted.startswith("!~ "):
        return value is None or not re.search(wanted[3:], value)
    if value is None:
        return False
    if wanted.startswith("~ "):
        return bool(re.search(wanted[2:], value))
    if wanted[:2] in ("< ", "> "):
        try:
            number, limit = float(value), float(wanted[2:])
        except ValueError:
            return False
        return number < limit if wanted[0] == "<" else number > limit
    return value == wanted


def judge(parts, seen):
    """What does not hold, one line each."""
    if seen.get("end") != "yes":
        return [f"the guest did not come to its end"
                f"{': ' + seen['hung'] if 'hung' in seen else ''}"]
    return [f"{key} is {seen.get(key)}, not {wanted}"
            for key, wanted in parts["expect"].items()
            if not holds(wanted, seen.get(key))]


def judge_across(across, records):
    """[across] KEY = same|differ (every boot against every other) or repeats
    (some two are the same)."""
    wrong = []
    for key, wanted in across.items():
        values = [seen.get(key) for seen in records]
        if None in values:
            wrong.append(f"{key} is missing in boot {values.index(None) + 1}")
        elif wanted == "same" and len(set(values)) != 1:
            wrong.append(f"{key} differs between boots")
        elif wanted == "differ" and len(set(values)) != len(values):
            wrong.append(f"{key} is the same in two boots")
        elif wanted == "repeats" and len(set(values)) == len(values):
            wrong.append(f"{key} differs in all {len(values)} boots")
        elif wanted not in ("same", "differ", "repeats"):
            wrong.append(f"[across] {key}: same, differ or repeats, "
                         f"not {wanted}")
    return wrong
