"""Exports the femora of the 26 people of the Auckland MAP lower-limb shape model (MPL-2.0), for `coxa verify completion`.

    python export_subjects.py SHAPE_MODEL_FOLDER OUTPUT_FOLDER [PERSON …]

SHAPE_MODEL_FOLDER is as for ../virtual_patient/make_template.py, whose readers are used. Writes a point-distribution
model as `coxa shape build` takes it: mean.npy, modes.npy, projectedWeights.npy and mean.ply. The model has left femora;
they are mirrored, so that these are right ones. Millimetres; x to the left, y backwards, z up. Needs numpy only.

Of all 26, or of the people named. 1 3 4 5 7 12 13 14 15 17 are the ten whose femora vary as measured ones do; those
of the other sixteen have five or six ways to vary among them (models/weights/femur.md).

The surfaces are evaluated from the same Lagrange elements, so they are in correspondence and nothing is registered.
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "virtual_patient"))
from fieldwork import read_elements, tessellate  # noqa: E402
from make_template import FEMUR_NODES, PELVIS_NODES, align_all, write_ply  # noqa: E402

# Steps along each element's side: edges of about 3 mm.
DENSITY = 8


def main(source, output, *people):
    source, output = Path(source), Path(output)
    mean = np.load(source / "LLP26_rigid_mean.npy")
    modes, scores = (np.load(source / f"LLP26_rigid_{name}.npy") for name in ("modes", "projectedWeights"))
    subjects = (mean[:, None] + modes @ scores).T
    subjects = subjects[[int(person) for person in people]] if people else subjects
    nodes = align_all([s.reshape(3, -1).T[PELVIS_NODES : PELVIS_NODES + FEMUR_NODES] for s in subjects])
    atlas = source / "src/musculoskeletal/models/atlas_meshes"
    matrix, triangles = tessellate(*read_elements(atlas / "femur_left_quartic_flat.mesh"), nodes.mean(0), DENSITY)
    shapes = np.array([matrix @ n for n in nodes]) * np.array([-1.0, 1.0, 1.0])
    triangles = triangles[:, ::-1]

    output.mkdir(parents=True, exist_ok=True)
    flat = shapes.reshape(len(shapes), -1)
    center = flat.mean(0)
    u, singular, axes = np.linalg.svd(flat - center, full_matrices=False)
    np.save(output / "mean.npy", center)
    np.save(output / "modes.npy", axes.T)
    np.save(output / "projectedWeights.npy", (u * singular).T)
    write_ply(output / "mean.ply", center.reshape(-1, 3), triangles)
    print(f"{len(shapes)} people, {len(matrix)} vertices, {len(triangles)} triangles")


if __name__ == "__main__":
    main(*sys.argv[1:])
