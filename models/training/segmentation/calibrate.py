"""How well `coxa segment` knows its muscles: python calibrate.py PATIENTS CASES [--fit]; see README.md.

PATIENTS holds virtual patients, CASES a case of each under its name. Prints Dice and surface distance of every muscle with the truth, how
predicted Dice goes with it, and with --fit the regression that models/segment/src/muscles/trust.rs holds.
"""

import argparse
import json
from pathlib import Path

import nibabel as nib
import numpy as np
from scipy import ndimage

# As LEAST_SHARE of models/anatomy/src/muscle.rs.
LEAST_VOLUME_SHARE = 0.3


def surface_distance(a, b, spacing):
    """Average symmetric distance of two surfaces in mm."""
    def surface(mask):
        return mask & ~ndimage.binary_erosion(mask)

    def to(mask, other):
        return ndimage.distance_transform_edt(~surface(other), sampling=spacing)[surface(mask)]

    return np.concatenate([to(a, b), to(b, a)]).mean()


def cropped(mask, *others, margin=3):
    """The part of arrays that holds a mask."""
    box = tuple(slice(max(0, at.min() - margin), at.max() + margin + 1) for at in np.nonzero(mask))
    return [array[box] for array in (mask, *others)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("patients")
    parser.add_argument("cases")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--skip-sides", nargs="*", default=[], help="patient:side pairs to leave out, such as those with metal")
    args = parser.parse_args()
    rows = []
    for case in sorted(Path(args.cases).iterdir()):
        if not (case / "muscles.json").exists():
            continue
        image = nib.load(Path(args.patients) / case.name / "labels.nii.gz")
        truth, found = np.asarray(image.dataobj), np.asarray(nib.load(case / "labels.nii.gz").dataobj)
        ids = {label["name"]: label["id"] for label in json.loads((case / "labels.json").read_text())}
        for muscle in json.loads((case / "muscles.json").read_text()):
            name = muscle["structure"]
            if name not in ids or f"{case.name}:{name.rsplit('_', 1)[1]}" in args.skip_sides:
                continue
            a, b = truth == ids[name], found == ids[name]
            # What the scan all but leaves out says nothing.
            if a.sum() * np.prod(image.header.get_zooms()) < 2000 or not b.any():
                continue
            dice = 2 * (a & b).sum() / (a.sum() + b.sum())
            _, a, b = cropped(a | b, a, b)
            distance = surface_distance(a, b, image.header.get_zooms())
            volume = a.sum() * np.prod(image.header.get_zooms()) / 1000
            members = np.array(muscle["member_volumes_cm3"])
            # As MuscleTrust::volume_sd_cm3.
            sd = np.hypot(np.sqrt(np.mean((members - muscle["volume_cm3"]) ** 2)), LEAST_VOLUME_SHARE * muscle["volume_cm3"])
            rows.append((name.rsplit("_", 1)[0], dice, distance, muscle["agreement"], muscle["predicted_dice"], (muscle["volume_cm3"] - volume) / max(sd, 1e-6), muscle["volume_cm3"]))
    names = np.array([row[0] for row in rows])
    dice, distance, predicted, z = (np.array([row[n] for row in rows]) for n in (1, 2, 4, 5))
    print("| muscle | Dice | average surface distance, mm | sides |\n|---|---|---|---|")
    for name in sorted(set(names)):
        own = names == name
        print(f"| {name.replace('_', ' ')} | {dice[own].mean():.3f} | {distance[own].mean():.2f} | {own.sum()} |")
    print(f"| all | {dice.mean():.3f} | {distance.mean():.2f} | {len(rows)} |")
    print(f"error of volume over its spread: root mean square {np.sqrt(np.mean(z**2)):.2f}, median of its size {np.median(np.abs(z)):.2f}")
    print(f"correlation of predicted and true Dice {np.corrcoef(predicted, dice)[0, 1]:.3f}, mean error {np.mean(predicted - dice):+.3f}")
    # Calibration: predicted Dice in bins of equal count.
    for part in np.array_split(np.argsort(predicted), 5):
        print(f"predicted {predicted[part].mean():.3f}: true {dice[part].mean():.3f}")
    if args.fit:
        label, agreement = np.array([row[6] for row in rows]), np.array([row[3] for row in rows])
        causes = np.stack([np.ones(len(rows)), np.log(label), agreement], axis=1)
        print("DICE =", np.linalg.lstsq(causes, dice, rcond=None)[0].round(4).tolist())


if __name__ == "__main__":
    main()
