"""How well `coxa segment` knows its muscles: python calibrate.py PATIENTS CASES [--fit]; see README.md.

PATIENTS holds virtual patients, CASES a case of each under its name. Prints Dice and surface distance of every muscle with the truth, how
predicted Dice goes with it, how often voxels are labelled wrong for how often they are expected to be, and with --fit the regressions that
models/segment/src/muscles/trust.rs holds.
"""

import argparse
import json
from pathlib import Path

import nibabel as nib
import numpy as np
from scipy import ndimage, optimize

# As LEAST_SHARE of models/anatomy/src/muscle.rs.
LEAST_VOLUME_SHARE = 0.3
# CT number of a voxel half of fat and half of muscle, about.
HALF_FAT_HU = -25


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


def doubts(ct, truth, found, uncertainty, muscles):
    """Of each voxel that may be of a muscle, one by label, by truth, or by a doubt: expected chance to be wrong, whether it is, and by what it has its
    label: 0 it is a muscle, 1 it is none, 2 it is none and fat."""
    bones = ~np.isin(found, [0, *muscles]) | ~np.isin(truth, [0, *muscles])
    own = (np.isin(found, muscles) | np.isin(truth, muscles) | (uncertainty > 0)) & ~bones
    return uncertainty[own] / 100, found[own] != truth[own], (found[own] == 0) * np.where(ct[own] < HALF_FAT_HU, 2, 1)


def calibration_error(doubt, wrong, bins=10):
    """Expected calibration error (Guo et al. 2017, ICML) over bins of equal width, and a line for each bin."""
    place = np.minimum((doubt * bins).astype(int), bins - 1)
    total, lines = 0.0, []
    for own in (place == n for n in range(bins)):
        if own.any():
            total += own.mean() * abs(doubt[own].mean() - wrong[own].mean())
            lines.append(f"expected wrong {doubt[own].mean():.2f}: wrong {wrong[own].mean():.2f} of {own.mean():.3f} of the voxels")
    return total, lines


def logit(p):
    p = np.clip(p, 0.005, 0.995)
    return np.log(p / (1 - p))


def logistic(x, is_right):
    """Constant and slope of a logistic regression."""
    sign = np.where(is_right, -1.0, 1.0)
    return optimize.minimize(lambda w: np.logaddexp(0, sign * (w[0] + w[1] * x)).mean(), [0.0, 1.0]).x


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("patients")
    parser.add_argument("cases")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--skip-sides", nargs="*", default=[], help="patient:side pairs to leave out, such as those with metal")
    args = parser.parse_args()
    rows, voxels = [], []
    for case in sorted(Path(args.cases).iterdir()):
        if not (case / "muscles.json").exists():
            continue
        image = nib.load(Path(args.patients) / case.name / "labels.nii.gz")
        truth, found = np.asarray(image.dataobj), np.asarray(nib.load(case / "labels.nii.gz").dataobj)
        ids = {label["name"]: label["id"] for label in json.loads((case / "labels.json").read_text())}
        trust = json.loads((case / "muscles.json").read_text())
        muscles = [ids[one["structure"]] for one in trust if one["structure"] in ids]
        if muscles and (case / "uncertainty.nii.gz").exists():
            ct, uncertainty = (np.asarray(nib.load(path).dataobj) for path in (Path(args.patients) / case.name / "ct.nii.gz", case / "uncertainty.nii.gz"))
            voxels.append(doubts(ct, truth, found, uncertainty, muscles))
        for muscle in trust:
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
    if not rows:
        raise SystemExit(f"{args.cases} holds no case with muscles.json of a patient of {args.patients}")
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
    if voxels:
        doubt, wrong, kind = (np.concatenate(values) for values in zip(*voxels))
        error, lines = calibration_error(doubt, wrong)
        print(f"voxels: {wrong.mean():.3f} wrong where {doubt.mean():.3f} are expected to be, calibration error {error:.3f}", *lines, sep="\n")
    if args.fit:
        label, agreement = np.array([row[6] for row in rows]), np.array([row[3] for row in rows])
        causes = np.stack([np.ones(len(rows)), np.log(label), agreement], axis=1)
        print("DICE =", np.linalg.lstsq(causes, dice, rcond=None)[0].round(4).tolist())
        # A doubt of 0 is of a voxel far from all muscles, which was not judged.
        for number, name in enumerate(["MUSCLE", "NONE", "FAT"] if voxels else []):
            own = (kind == number) & (doubt > 0)
            at_half, growth = logistic(logit(1 - doubt[own]), ~wrong[own])
            print(f"RIGHT_AS_{name}: logit of the chance to be right = {at_half:.3f} + {growth:.3f} times that which was written")


if __name__ == "__main__":
    main()
