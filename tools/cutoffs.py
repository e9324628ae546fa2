#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Recompute every cutoff of the health tests, independently of the C code.

Every test rests on one sentence: given everything before it, no symbol has a
probability above 2^-H. A predictor is then right r times in a row over words of
k symbols with probability at most 2^-(H k r). The C code sums binomial tails in
logarithms, from the top; here they are summed from the bottom with 60 digits.

  cutoffs.py --check PROGRAM    compare with the table that PROGRAM prints
                                (tests/unit/health/print_cutoffs.c)
  cutoffs.py --prove PROGRAM    the same with one number of each column changed:
                                the check must find each, or it checks nothing
  cutoffs.py --alpha [MBITS]    the cutoffs and the false alarms of a lane
  cutoffs.py --margin           how near any tail comes to any alpha, relative
                                (minutes)

Exit: 0 agreed, 1 did not, 2 usage.
"""
import argparse
import random
import subprocess
import sys
from decimal import Decimal, getcontext
from fractions import Fraction
from math import ceil, floor

getcontext().prec = 60

LAGS_LOG2 = 12       # the equal-block test looks back 4,096 symbols
RATE_WORDS = 512     # window of the extreme-rate test
COLUMNS = ("rct", "apt", "difference-8", "difference-16", "difference-32",
           "difference-64", "word-16", "word-32", "word-64", "rate-16",
           "rate-32", "rate-64", "block")


def probability(h_mbits):
    """2^-H, to 60 digits."""
    return Decimal(2) ** (Decimal(-h_mbits) / 1000)


def tails(n, p):
    """Yield P(X >= k) for k = 0, 1, ..., n + 1, X binomial."""
    term = (1 - p) ** n
    below = Decimal(0)
    for k in range(n + 1):
        yield 1 - below
        below += term
        term = term * (n - k) / (k + 1) * p / (1 - p)
    yield Decimal(0)


def count_cutoff(n, h_mbits, alpha_log2):
    """Least C with P(X >= C) <= alpha: 1 + CRITBINOM(n, 2^-H, 1 - alpha)."""
    alpha = Decimal(2) ** -alpha_log2
    for k, tail in enumerate(tails(n, probability(h_mbits))):
        if tail <= alpha:
            return k
    raise AssertionError("no tail is 0")


def right_in_a_row(h_mbits, symbols, alpha_log2):
    """Least r with 2^-(H k r) <= alpha."""
    return ceil(Fraction(1000 * alpha_log2, h_mbits * symbols))


def window(bits):
    """SP 800-90B 4.4.2."""
    return 1024 if bits == 1 else 512


def rate_cutoff(h_mbits, symbols, alpha_log2):
    """All-zero or all-one words among 512: probability 2 * 2^-(kH)."""
    mbits = h_mbits * symbols - 1000
    if mbits <= 0:
        return RATE_WORDS + 1
    return count_cutoff(RATE_WORDS, mbits, alpha_log2)


def lane(alpha_log2, bits, h_mbits):
    """All cutoffs of a lane, in the order of COLUMNS."""
    runs = [1 + right_in_a_row(h_mbits, k, alpha_log2) for k in (1, 2, 4, 8)]
    block = right_in_a_row(h_mbits, 1, alpha_log2 + LAGS_LOG2)
    return ([runs[0], count_cutoff(window(bits), h_mbits, alpha_log2)]
            + runs + runs[1:]
            + [rate_cutoff(h_mbits, k, alpha_log2) for k in (2, 4, 8)]
            + [block if block <= 1 << LAGS_LOG2 else 0])


def read_table(program):
    """The rows that the C program prints, as lists of numbers."""
    out = subprocess.run([program], check=True, capture_output=True, text=True)
    return [[int(x) for x in line.split()] for line in out.stdout.splitlines()]


def compare(rows, report=print):
    """Check each row; return how many numbers differ."""
    wrong = 0
    for row in rows:
        expected = lane(*row[:3])
        if len(row) != 3 + len(COLUMNS):
            raise SystemExit(f"a row of {len(row)} numbers: {row}")
        for name, want, have in zip(COLUMNS, expected, row[3:]):
            if want != have:
                report(f"alpha 2^-{row[0]}, {row[1]} bits, H {row[2]} mbits: "
                       f"{name} is {have}, should be {want}")
                wrong += 1
    return wrong


def complete(rows):
    """Is every H there at 2^-30, for bits and for bytes?"""
    have = {tuple(row[:3]) for row in rows}
    return all((30, bits, h) in have
               for bits in (1, 8) for h in range(1, 1000 * bits + 1))


def check(program):
    """--check"""
    rows = read_table(program)
    if not complete(rows):
        print("the table does not hold every H at alpha 2^-30")
        return 1
    wrong = compare(rows)
    print(f"{len(rows)} lanes, {len(rows) * len(COLUMNS)} cutoffs, "
          f"{wrong} wrong")
    print_alpha(30, 8, 4000)
    return 1 if wrong else 0


def prove(program):
    """--prove: every column, one too many and one too few, must be found."""
    rows = random.Random(1).sample(read_table(program), 20)
    if compare(rows):
        return 1
    for column in range(len(COLUMNS)):
        for change in (-1, 1):
            row = list(rows[column])
            row[3 + column] += change
            if compare([row], report=lambda text: None) != 1:
                print(f"a wrong {COLUMNS[column]} was not found")
                return 1
    print(f"{2 * len(COLUMNS)} wrong cutoffs, all found")
    return 0


def false_alarms(alpha_log2, bits, h_mbits):
    """(name, cutoff, false alarms a symbol at most), each test of a lane."""
    cutoffs = dict(zip(COLUMNS, lane(alpha_log2, bits, h_mbits)))
    p = probability(h_mbits)
    w = window(bits)
    for name, cutoff in cutoffs.items():
        width = int(name.split("-")[1]) // 8 if "-" in name else 1
        if name == "apt":
            # The first symbol counts as equal to itself: C - 1 of W - 1.
            tail = list(tails(w - 1, p))
            rate = tail[cutoff - 1] / w if cutoff <= w else Decimal(0)
        elif name.startswith("rate"):
            rate = Decimal(0)
            if cutoff <= RATE_WORDS:
                tail = list(tails(RATE_WORDS, 2 * p ** width))
                rate = tail[cutoff] / (RATE_WORDS * width)
        elif name == "block":
            rate = 2 ** LAGS_LOG2 * p ** cutoff if cutoff else Decimal(0)
        else:
            # Words begin at every symbol; differences are read both ways.
            readings = 2 if name.startswith("diff") and width > 1 else 1
            rate = readings * p ** (width * (cutoff - 1))
        yield name, cutoff, rate


def log2(x):
    """For printing."""
    return float(x.ln() / Decimal(2).ln())


def print_alpha(alpha_log2, bits, h_mbits):
    """The lane's alpha: the sum over its tests, a symbol and a window."""
    print(f"a lane of {bits}-bit symbols, H = {h_mbits} millibits, "
          f"each test at 2^-{alpha_log2} a symbol:")
    total = Decimal(0)
    for name, cutoff, rate in false_alarms(alpha_log2, bits, h_mbits):
        total += rate
        shown = f"2^{log2(rate):.2f}" if rate else "off"
        print(f"  {name:14} cutoff {cutoff:6}  {shown} a symbol")
    print(f"  {'lane':14} {'':13}  2^{log2(total):.2f} a symbol, "
          f"2^{log2(total * window(bits)):.2f} a window of {window(bits)}, "
          f"one false alarm in {floor(1 / total)} symbols or more")


def margin():
    """The least |tail / alpha - 1| over every H, window and alpha in use."""
    least = Decimal(1)
    words = {k * h - 1000 for k in (2, 4, 8) for h in range(1, 8001)}
    bytewise = sorted(set(range(1, 8001)) | {h for h in words if h > 0})
    for n, rows in ((1024, range(1, 1001)), (512, bytewise)):
        for h in rows:
            for k, tail in enumerate(tails(n, probability(h))):
                if tail < Decimal(2) ** -61:
                    break
                power = round(log2(tail))
                # Decided in integers: np <= alpha, so that P(X >= 1) < alpha.
                decided = k == 1 and h >= 1000 * (n.bit_length() - 1 - power)
                if -60 <= power <= -8 and not decided:
                    least = min(least, abs(tail / Decimal(2) ** power - 1))
    print(f"nearest tail: within {least:.3e} of a power of two")
    return 0


def main():
    """Parse and run."""
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0])
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--check", metavar="PROGRAM")
    group.add_argument("--prove", metavar="PROGRAM")
    group.add_argument("--alpha", metavar="MBITS", type=int, nargs="?",
                       const=4000)
    group.add_argument("--margin", action="store_true")
    parser.add_argument("--bits", type=int, default=8, choices=range(1, 9))
    parser.add_argument("--alpha-log2", type=int, default=30)
    args = parser.parse_args()
    if args.check:
        return check(args.check)
    if args.prove:
        return prove(args.prove)
    if args.margin:
        return margin()
    if not 1 <= args.alpha <= 1000 * args.bits:
        parser.error(f"--alpha: 1 to {1000 * args.bits} millibits")
    if not 8 <= args.alpha_log2 <= 60:
        parser.error("--alpha-log2: 8 to 60")
    print_alpha(args.alpha_log2, args.bits, args.alpha)
    return 0


if __name__ == "__main__":
    sys.exit(main())
