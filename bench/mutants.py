"""Thousands of broken files through inbox, archive and workers: ``python -m bench.mutants 5000 --seed 57``.

Fails when a mutant is lost, has no verdict or no reason, or when our own code fails at one. A longer run is a larger number;
``--show N`` writes one mutant to look at.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.kept import keep
from nq57_assets_tests.mutants import KINDS, Outcome, mutant, send, table


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.mutants", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=5000)
    parser.add_argument("--seed", type=int, default=57)
    parser.add_argument("--first", type=int, default=0, help="number of the first mutant")
    parser.add_argument("--show", type=int, metavar="N", help="write mutant N here instead of running")
    options = parser.parse_args()
    if options.show is not None:
        name, data = mutant(options.seed, options.show)
        Path(name).write_bytes(data)
        print(name)
        return
    began = time.monotonic()
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        for one in send(Path(folder), options.first, options.count, options.seed):
            outcomes.append(one)
            if len(outcomes) % 500 == 0:
                print(f"{len(outcomes)} files, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    spent = time.monotonic() - began
    print(table(outcomes))
    faults = [one for one in outcomes if one.is_own_fault]
    read = Counter(one.kind for one in outcomes if not one.rule)
    sent = Counter(one.kind for one in outcomes)
    share = ", ".join(f"{kind} {read[kind]}/{sent[kind]}" for kind in KINDS)
    print(f"{len(outcomes)} mutants in {spent:.0f} s: 0 lost, {len(faults)} faults of our own; read: {share}")
    for one in faults:
        print(f"  {one.name}: {one.reason}")
    keep("mutants", {
        "count": len(outcomes), "seed": options.seed, "first": options.first, "seconds": round(spent),
        "own_faults": len(faults), "read": dict(read), "sent": dict(sent),
        "refused": dict(Counter(one.rule for one in outcomes if one.rule)),
    })  # fmt: skip
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
