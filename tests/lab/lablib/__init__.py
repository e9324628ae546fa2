# SPDX-License-Identifier: ISC
"""The lab's harness: a scenario is data, a boot is a record, a record is judged."""
import pathlib

TOP = pathlib.Path(__file__).resolve().parents[3]
LAB = TOP / "tests" / "lab"
KERNELS = TOP / ".deps" / "kernels"


class CannotRun(Exception):
    """Not a verdict on the program under test: says what is missing here."""


class BadScenario(Exception):
    """A scenario file that is not one: file, section, key, reason."""
