# SPDX-License-Identifier: ISC
"""Scenario files: tests/lab/scenarios/NAME.conf. README.md has the keys."""
import configparser
import copy

from . import LAB, BadScenario

# Section, its keys, their defaults. A key that is not here is a mistake.
KEYS = {
    "scenario": {"title": None, "in": "lab", "kernels": "uml", "boots": "1",
                 "bound_ms": "10000", "table": "", "run": "", "stop_ms": "",
                 "ask": "no", "copy": "", "carry": "", "row": "", "basis": ""},
    "machine": {"type": "q35", "cpu": "qemu64", "cpus": "1", "starve": "yes",
                "icount": "", "append": "", "uuid": "", "vmgenid": ""},
    "host": {"rng": "", "rng_limit": "", "tpm": "", "seed": ""},
    "guest": {"modules": "", "load": "", "before": "", "after": "", "initramfs": ""},
}
FREE = ("files", "expect", "target", "across")


class Scenario:
    """One file, read and checked; .boot(n) is what the n-th boot is made of."""

    def __init__(self, path):
        self.name = path.stem
        conf = configparser.ConfigParser(interpolation=None, delimiters=("=",),
                                         comment_prefixes=("#",),
                                         empty_lines_in_values=False)
        conf.optionxform = str
        with open(path, encoding="ascii") as file:
            try:
                conf.read_file(file)
            except configparser.Error as err:
                raise BadScenario(f"{path.name}: {err}") from err
        self.parts = {s: dict(keys) for s, keys in KEYS.items()}
        self.parts.update({s: {} for s in FREE})
        self.overrides = {}
        for section in conf.sections():
            self._take(path, section, dict(conf[section]))
        if not self.parts["scenario"]["title"]:
            raise BadScenario(f"{path.name}: [scenario] has no title")
        if not self.parts["expect"]:
            raise BadScenario(f"{path.name}: nothing is expected: "
                              "a scenario that cannot fail shows nothing")

    def _take(self, path, section, values):
        word = section.split()
        if len(word) == 2 and word[0] == "boot" and word[1].isdigit():
            self.overrides[int(word[1])] = values
            return
        if section not in self.parts:
            raise BadScenario(f"{path.name}: no section [{section}]")
        for key in values:
            if section in KEYS and key not in KEYS[section]:
                raise BadScenario(f"{path.name}: [{section}] {key}: "
                                  f"there are {', '.join(KEYS[section])}")
        self.parts[section].update(values)

    def __getitem__(self, section):
        return self.parts[section]

    @property
    def kernels(self):
        return self["scenario"]["kernels"].split()

    @property
    def boots(self):
        return int(self["scenario"]["boots"])

    def boot(self, number):
        """The sections of boot number (from 1), [boot N] laid over them."""
        parts = copy.deepcopy(self.parts)
        for key, value in self.overrides.get(number, {}).items():
            section, dot, name = key.partition(".")
            if not dot or section not in parts or (
                    section in KEYS and name not in KEYS[section]):
                raise BadScenario(f"{self.name}: [boot {number}] {key}: "
                                  "SECTION.KEY of this file is meant")
            parts[section][name] = value
        return parts


def load_all():
    """Every scenario by name, sorted."""
    paths = sorted((LAB / "scenarios").glob("*.conf"))
    return {p.stem: Scenario(p) for p in paths}
