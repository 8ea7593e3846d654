"""Exports the pelves of the 26 people of the Auckland MAP lower-limb shape model (MPL-2.0) for `coxa shape build`.

    python export_subjects.py SHAPE_MODEL_FOLDER OUTPUT_FOLDER

SHAPE_MODEL_FOLDER is as for ../virtual_patient/make_template.py, whose readers are used. Writes a point-distribution
model as `coxa shape build` takes it: mean.npy, modes.npy, projectedWeights.npy and mean.ply, in which right hip bone,
left hip bone and sacrum are three closed pieces in this order. Millimetres; x to the left, y backwards, z up. Needs
numpy only.

The surfaces are evaluated from the same Lagrange elements, so they are in correspondence and nothing is registered.
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "virtual_patient"))
from fieldwork import read_elements, tessellate  # noqa: E402
from make_template import PELVIS_NODES, align_all, pelvis_frame, split, write_ply  # noqa: E402

# Steps along each element's side: edges of about 3 mm.
DENSITY = 6


def main(source, output):
    source, output = Path(source), Path(output)
    mean = np.load(source / "LLP26_rigid_mean.npy")
    modes, scores = (np.load(source / f"LLP26_rigid_{name}.npy") for name in ("modes", "projectedWeights"))
    subjects = (mean[:, None] + modes @ scores).T
    nodes = align_all([s.reshape(3, -1).T[:PELVIS_NODES] for s in subjects])
    atlas = source / "src/musculoskeletal/models/atlas_meshes"
    elements = read_elements(atlas / "pelvis_combined_cubic_flat.mesh")
    matrix, triangles = tessellate(*elements, nodes.mean(0), DENSITY)
    middle = matrix @ nodes.mean(0)
    # From right to left: x runs to the left.
    right, sacrum, left = sorted(split(triangles, len(middle)), key=lambda part: middle[part, 0].mean())
    turn, origin, _ = pelvis_frame(middle, right, left)
    order = np.concatenate([right, left, sacrum])
    place = np.empty(len(order), int)
    place[order] = np.arange(len(order))
    triangles = place[triangles]
    triangles = triangles[np.argsort(triangles.min(1), kind="stable")]
    shapes = np.array([(matrix[order] @ n - origin) @ turn.T for n in nodes])

    output.mkdir(parents=True, exist_ok=True)
    flat = shapes.reshape(len(shapes), -1)
    center = flat.mean(0)
    u, singular, axes = np.linalg.svd(flat - center, full_matrices=False)
    np.save(output / "mean.npy", center)
    np.save(output / "modes.npy", axes.T)
    np.save(output / "projectedWeights.npy", (u * singular).T)
    write_ply(output / "mean.ply", center.reshape(-1, 3), triangles)
    print(f"{len(order)} vertices ({len(right)} right, {len(left)} left, {len(sacrum)} sacrum), {len(triangles)} triangles")


if __name__ == "__main__":
    main(*sys.argv[1:3])
