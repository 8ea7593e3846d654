"""Subjects: reading, resampling, folds that keep people apart, and augmentation."""

import csv
import json
import multiprocessing
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import nibabel as nib
import numpy as np
import torch
from scipy import ndimage
from torch.nn import functional

AIR_HU = -1024
# Largest standard deviation of bent places, in voxels.
BENT_VOXELS = 3.0
# Bones, from which soft tissue grows or wastes.
BONES = ("hip_left", "hip_right", "femur_left", "femur_right", "sacrum")
# Standard deviations of the logarithm of how far soft tissue lies from bone over what it is: of a window, and between its places.
GROWTH = (0.25, 0.12)


@dataclass
class Subject:
    """A CT in Hounsfield units and its labels, both (S, A, R): head, front and right outermost first."""

    name: str
    source: str
    ct: np.ndarray
    labels: np.ndarray


def structure_names(folder, without=()):
    """Names of all structures in the folder's tables but those that match a pattern, sorted: class n + 1 is the n-th."""
    names = set()
    for table in sorted(Path(folder).glob("*/labels.json")):
        names |= {label["name"] for label in json.loads(table.read_text())}
    if not names:
        raise SystemExit(f"{folder}: no subject with a labels.json; each subject is a folder with ct.nii.gz, labels.nii.gz, labels.json")
    return sorted(name for name in names if not any(fnmatch(name, pattern) for pattern in without))


def read_sources(folder):
    """Who belongs together, by subject."""
    path = Path(folder) / "sources.csv"
    if not path.exists():
        return {}
    with path.open(newline="") as file:
        return {row["subject"]: row["source"] for row in csv.DictReader(file)}


def read(path, spacing, order):
    """A volume in canonical orientation on the network's grid, axes outermost first as a tensor has them: S, A, R."""
    image = nib.as_closest_canonical(nib.load(path))
    zooms = np.array(image.header.get_zooms()[:3], float)
    values = np.asarray(image.dataobj)
    values = values.astype(np.float32) if order else values.astype(np.uint8)
    if order:
        # What is finer than the grid must not come back as a pattern.
        sigma = 0.5 * np.sqrt(np.maximum((spacing / zooms) ** 2 - 1, 0))
        values = ndimage.gaussian_filter(values, sigma)
    values = ndimage.zoom(values, zooms / spacing, order=order, grid_mode=True, mode="nearest")
    return np.ascontiguousarray(values.transpose(2, 1, 0))


def load_one(path, spacing, names, source):
    """A subject in a folder."""
    ids = {label["name"]: label["id"] for label in json.loads((path / "labels.json").read_text())}
    classes = np.zeros(256, np.uint8)
    for number, name in enumerate(names, 1):
        if name in ids:
            classes[ids[name]] = number
    ct = read(path / "ct.nii.gz", spacing, 1).clip(-1024, 3071).astype(np.int16)
    labels = classes[read(path / "labels.nii.gz", spacing, 0)]
    if ct.shape != labels.shape:
        raise SystemExit(f"{path}: CT and labels are not of one grid")
    return Subject(path.name, source, ct, labels)


def load(folder, spacing, names, workers=0):
    """All subjects of a folder, by so many processes."""
    sources = read_sources(folder)
    paths = sorted(p for p in Path(folder).iterdir() if (p / "labels.json").exists())
    jobs = [(path, spacing, names, sources.get(path.name, path.name)) for path in paths]
    if workers == 0:
        return [load_one(*job) for job in jobs]
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        return pool.starmap(load_one, jobs, chunksize=1)


def split(subjects, folds, fold):
    """Subjects to train on and those held out: sources are dealt out in their order, never divided."""
    sources = sorted({subject.source for subject in subjects})
    if len(sources) < folds:
        raise SystemExit(f"{len(sources)} sources cannot be dealt out to {folds} folds; take fewer folds")
    held = set(sources[fold::folds])
    return [s for s in subjects if s.source not in held], [s for s in subjects if s.source in held]


def mirrored_classes(names):
    """Class of the other side's structure, by class."""
    number = {name: n for n, name in enumerate(names, 1)}
    classes = np.arange(len(names) + 1, dtype=np.uint8)
    for name, n in number.items():
        for side, other in (("_left", "_right"), ("_right", "_left")):
            if name.endswith(side):
                classes[n] = number.get(name.removesuffix(side) + other, n)
    return classes


def smooth_fields(count, patch, grain, random):
    """Fields of mean zero and deviation one on a window, that change over this many voxels."""
    coarse = random.normal(0, 1, (1, count, *(np.ceil(np.array(patch) / grain).astype(int) + 2)))
    fields = functional.interpolate(torch.from_numpy(coarse).float(), size=tuple(patch), mode="trilinear")[0].numpy()
    return fields / max(fields.std(), 1e-3)


def grown(bone, random):
    """Where a window of a body with more or less flesh comes from, in voxels from each place: nothing moves on bone, and what is far from it comes
    from nearer by or farther off."""
    distance = ndimage.distance_transform_edt(~bone)
    # Between two bones the way away from them turns: smoothly.
    away = np.array(np.gradient(ndimage.gaussian_filter(distance, 2.0)))
    by = GROWTH[0] * random.normal() + GROWTH[1] * smooth_fields(1, bone.shape, random.uniform(8, 16), random)[0]
    return away * distance * (np.exp(-np.clip(by, -0.6, 0.6)) - 1)


def augmented(subject, patch, mirror, bones, random):
    """A window of one subject as another scanner might have seen it, in a body of other form and tissue.

    `mirror`: the class of the other side's structure, by class. `bones`: whether a class is bone.
    """
    patch = np.array(patch)
    # Pose and size: a random affine about a place where a sliding window may have its middle, two times in three near a structure.
    inside = np.argwhere(subject.labels > 0) if random.random() < 0.67 else []
    shape = np.array(subject.ct.shape)
    centre = random.choice(inside) if len(inside) else random.uniform(0, shape)
    centre = np.where(shape > patch, np.clip(centre, patch / 2, shape - patch / 2), shape / 2)
    centre = centre + random.uniform(-0.12, 0.12, 3) * patch
    turn = np.eye(3)
    for first, second in ((0, 1), (0, 2), (1, 2)):
        angle = np.deg2rad(random.normal(0, 8))
        step = np.eye(3)
        step[[first, second], [first, second]] = np.cos(angle)
        step[first, second], step[second, first] = -np.sin(angle), np.sin(angle)
        turn = turn @ step
    matrix = turn * np.exp(random.normal(0, 0.08, 3))
    is_mirrored = random.random() < 0.5
    if is_mirrored:
        matrix[:, 2] *= -1
    places = np.indices(tuple(patch)).reshape(3, -1) - patch[:, None] / 2
    places = (matrix @ places + centre[:, None]).reshape(3, *patch).astype(np.float32)
    # Another person: more or less flesh about the bones, then all of it bent.
    if random.random() < 0.7:
        bone = bones[ndimage.map_coordinates(subject.labels, places, order=0, mode="constant")]
        if bone.any():
            places += np.einsum("ij,jklm->iklm", matrix, grown(bone, random)).astype(np.float32)
    if random.random() < 0.8:
        places += random.uniform(0, BENT_VOXELS) * smooth_fields(3, patch, random.uniform(9, 24), random)
    ct = ndimage.map_coordinates(subject.ct.astype(np.float32), places, order=1, mode="constant", cval=AIR_HU)
    labels = ndimage.map_coordinates(subject.labels, places, order=0, mode="constant")
    if is_mirrored:
        labels = mirror[labels]
    # Tissue: every structure a little denser or less so than in the subject, unevenly; soft tissue alone is uneven.
    shifts = random.normal(0, 10, 256)
    shifts[0] = 0
    soft = (ct > -200) & (ct < 200)
    ct = ct + np.where(soft, ndimage.gaussian_filter(shifts[labels].astype(np.float32), 0.5), 0)
    if random.random() < 0.5:
        ct = ct + np.where(soft, random.uniform(0, 15) * smooth_fields(1, patch, random.uniform(2, 12), random)[0], 0)
    # Field of view: what lies beyond an end of the scan, or beside its circle, is air.
    if random.random() < 0.3:
        end = random.integers(0, patch[0] // 2)
        part = slice(0, end) if random.random() < 0.5 else slice(patch[0] - end, patch[0])
        ct[part], labels[part] = AIR_HU, 0
    if random.random() < 0.2:
        end = random.integers(0, patch[2] // 5)
        part = slice(0, end) if random.random() < 0.5 else slice(patch[2] - end, patch[2])
        ct[:, :, part], labels[:, :, part] = AIR_HU, 0
    # Resolution, focus, noise of its grain, calibration.
    if random.random() < 0.5:
        ct = ndimage.gaussian_filter(ct, random.uniform(0, 1.2, 3) * [1, 0.6, 0.6])
    if random.random() < 0.7:
        noise = random.normal(0, random.uniform(5, 60), ct.shape)
        ct = ct + ndimage.gaussian_filter(noise, random.uniform(0, 0.8))
    ct = ct * random.normal(1, 0.05) + random.normal(0, 12)
    return ct.astype(np.float32), labels.astype(np.int64)
