"""How the grades that the program gives do on other virtual patients whose bones it finds itself. See README.md.

    python check.py COXA FOLDER [--patients N]

Needs Python alone.
"""

import argparse
import json
from pathlib import Path

from fit import SPACINGS_MM, hips, run, scanned

# None of these people is among those that the model was fitted to.
FIRST_SEED = 20_000


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("coxa", help="the program")
    arguments.add_argument("folder", type=Path, help="what keeps patients and cases")
    arguments.add_argument("--patients", type=int, default=3, help="of each grade")
    given = arguments.parse_args()
    pairs = []
    for seed, grade, side, spacing in hips(given.patients, FIRST_SEED, SPACINGS_MM[::-1]):
        patient = scanned(given.coxa, given.folder, seed, grade, side, spacing)
        case = given.folder / "cases" / patient.name
        if not (case / "anatomy.json").is_file():
            run(given.coxa, "segment", patient / "ct.nii.gz", "--measure", "-q", "-o", case)
        severity = json.loads((case / "anatomy.json").read_text())[side].get("severity") or {}
        found = severity.get("kellgren_lawrence")
        if found is None:
            print(f"{seed} {side}: grade {grade}, none given", flush=True)
            continue
        shares = found["probabilities"]
        pairs.append((grade, shares.index(max(shares))))
        print(f"{seed} {side}, {spacing} mm: grade {grade}, likeliest {pairs[-1][1]} ({max(shares):.0%})", flush=True)
    if not pairs:
        raise SystemExit("no hip has a grade")
    within = lambda most: sum(abs(a - b) <= most for a, b in pairs)  # noqa: E731
    observed = sum((a - b) ** 2 for a, b in pairs) / len(pairs)
    by_chance = sum((a - b) ** 2 for a, _ in pairs for _, b in pairs) / len(pairs) ** 2
    print(f"{len(pairs)} hips: the grade in {within(0)}, within one in {within(1)}, weighted kappa {1 - observed / by_chance:.2f}")


if __name__ == "__main__":
    main()
