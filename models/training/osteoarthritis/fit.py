"""Fits the model of grades of osteoarthritis to virtual patients of known grade. See README.md.

    python fit.py COXA FOLDER [--patients N]

COXA is the program, FOLDER keeps the patients, the cases, cohort.csv and progression.json; what is there already is not made again.
Writes ../../weights/osteoarthritis.json. Needs Python alone.
"""

import argparse
import csv
import json
import subprocess
from pathlib import Path

GRADES = range(5)
# Voxel sizes that hips are scanned with, in turn.
SPACINGS_MM = (1.0, 1.5, 2.0)
# The scan holds the joint and what landmarks of the femur need.
ABOVE_MM, BELOW_MM = 75, 80
FIRST_SEED = 10_000
WEIGHTS = Path(__file__).resolve().parents[2] / "weights/osteoarthritis.json"


def run(*command):
    # Exit code 1 is a finding that refuses; what could be measured is there.
    done = subprocess.run([str(word) for word in command], stdout=subprocess.DEVNULL)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(map(str, command))}: exit code {done.returncode}")


def hips(patients, first_seed, spacings):
    """Seed, grade, affected side and voxel size: so many patients of each grade."""
    for n in range(patients):
        for grade in GRADES:
            seed = first_seed + len(GRADES) * n + grade
            yield seed, grade, ("right", "left")[seed % 2], spacings[n % len(spacings)]


def scanned(coxa, folder, seed, grade, side, spacing):
    """The folder of a patient."""
    patient = folder / "patients" / str(seed) / f"patient_{seed}"
    if not patient.is_dir():
        run(coxa, "patient", "-q", "--seed", seed, "--disease", "osteoarthritis", "--grade", grade, "--side", side,
            "--spacing", spacing, "--above", ABOVE_MM, "--below", BELOW_MM, "-o", patient.parent)  # fmt: skip
    return patient


def signs(coxa, folder, patient, side):
    """What the grade is judged by, in the order of the model; None where one was not measured."""
    case = folder / "cases" / patient.name
    if not (case / "anatomy.json").is_file():
        run(coxa, "segment", patient / "ct.nii.gz", "--labels", patient / "labels.nii.gz", "--measure", "-q", "-o", case)
    anatomy = json.loads((case / "anatomy.json").read_text())
    value = lambda name: anatomy["measurements"].get(f"{name}_{side}", {}).get("value")  # noqa: E731
    space, head = value("joint_space_minimum"), anatomy[side].get("head")
    return {
        "joint_space_share": None if space is None or head is None else space / head["radius_mm"],
        "osteophyte_mm": value("osteophyte_height"),
        "sclerosis_hu": value("subchondral_sclerosis"),
    }


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("coxa", help="the program")
    arguments.add_argument("folder", type=Path, help="what keeps patients and results")
    arguments.add_argument("--patients", type=int, default=12, help="of each grade")
    arguments.add_argument("--only-patients", action="store_true", help="make the patients and stop")
    given = arguments.parse_args()
    rows = []
    for seed, grade, side, spacing in hips(given.patients, FIRST_SEED, SPACINGS_MM):
        patient = scanned(given.coxa, given.folder, seed, grade, side, spacing)
        if given.only_patients:
            continue
        rows.append({"id": f"{seed}_{side}", "grade": grade, **signs(given.coxa, given.folder, patient, side)})
        print(rows[-1], flush=True)
    if given.only_patients:
        return
    cohort, progression = given.folder / "cohort.csv", given.folder / "progression.json"
    with open(cohort, "w", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)
    run(given.coxa, "shape", "progress", cohort, "-o", progression)
    together = json.loads(progression.read_text())["together"]
    WEIGHTS.write_text(json.dumps(together, indent=2) + "\n")
    print(json.dumps({name: together[name] for name in together if name != "model"}, indent=2))


if __name__ == "__main__":
    main()
