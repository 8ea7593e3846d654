"""Makes the muscle atlas, `models/weights/muscles.npz`, from the hip muscles of one woman.

    python make_atlas.py MUSCLES_FOLDER PELVIS_NPZ FEMUR_NPZ OUTPUT_NPZ

MUSCLES_FOLDER holds VHF_Left_*_smooth.stl (muscles-vhf, CC BY 4.0). Needs numpy, scipy, trimesh and fast_simplification.

Her hip bones and femur are not published with the muscles. The shape models of pelvis and femur are fitted to what shows
them: sacrum, cartilage of the joint, and the faces of the muscles that lie on bone or must stay out of it. The fitted bones then
carry the muscles to the models' means, by the same warp that the program carries them to a patient with.
"""

import io
import json
import sys
import zipfile
from pathlib import Path

import fast_simplification
import numpy as np
import trimesh
from bones import Model, Seen, fit

# Label of the program, file, triangles that are kept.
MUSCLES = [
    ("gluteus_maximus", "GluteusMaximus", 4000),
    ("gluteus_medius", "GluteusMedius", 4000),
    ("gluteus_minimus", "GluteusMinimus", 3000),
    ("tensor_fasciae_latae", "TensorFasciaeLatae", 1500),
    ("iliacus", "Illiacus", 3000),
    ("psoas_major", "PsoasMajor", 3000),
    ("obturator_externus", "ObturatorExternus", 2000),
    ("obturator_internus", "ObturatorInternus", 2500),
    ("pectineus", "Pectineus", 2000),
    ("piriformis", "Piriformis", 1500),
    ("adductor_longus", "AdductorLongus", 1500),
    ("rectus_femoris", "RectusFemoris", 1500),
    ("quadratus_femoris", "QuadratusFemoris", 1000),
    ("superior_gemellus", "SuperiorGemellus", 400),
    ("inferior_gemellus", "InferiorGemellus", 500),
]
CONTROL_PELVIS, CONTROL_FEMUR = 260, 120
# Vertices of the pelvis model: right hip bone, left one, sacrum.
HIP, SACRUM = np.arange(2160), np.arange(4320, 7778)


def load(folder, name):
    """A surface as a right one in LPS axes: the files have x to the right, y forwards and a left side."""
    mesh = trimesh.load(folder / f"VHF_Left_{name}_smooth.stl")
    return trimesh.Trimesh(mesh.vertices * [1, -1, 1], mesh.faces[:, ::-1], process=False)


def sphere(points):
    solution = np.linalg.lstsq(np.c_[2 * points, np.ones(len(points))], (points**2).sum(1), rcond=None)[0]
    return solution[:3], np.sqrt(solution[3] + (solution[:3] ** 2).sum())


def facing(mesh, centre, outwards):
    along = (mesh.vertex_normals * (mesh.vertices - centre)).sum(1)
    kept = along > 0 if outwards else along < 0
    return mesh.vertices[kept], mesh.vertex_normals[kept]


def fit_bones(folder, muscles, pelvis, femur):
    """Vertices of her pelvis and femur, with the models' vertex order, the relative turn of femur to pelvis, and the head's vertices."""
    sacrum, head, socket = (
        load(folder, n) for n in ("Bone_Sacrum", "Cartilage_FemurHead", "Cartilage_PelvisAcetabulum")
    )
    centre, _ = sphere(head.vertices)
    for _ in range(10):
        centre, radius = sphere(facing(head, centre, False)[0])
    print(f"head: radius {radius:.1f} mm under the cartilage")
    every = lambda a, b, count: (a[:: max(1, len(a) // count)], b[:: max(1, len(b) // count)])
    seen = [
        Seen(*every(sacrum.vertices, sacrum.vertex_normals, 4000), 1, 6, 1.5, SACRUM, 600),
        Seen(*every(*facing(socket, centre, True), 3000), -1, 6, 1.0, HIP, 600),
    ]
    for name, m in muscles.items():
        only = SACRUM if name == "piriformis" else HIP
        seen.append(Seen(*every(m.vertices, m.vertex_normals, 1500), -1, 6, 2.0, only, 500))
    start = sacrum.vertices.mean(0) - pelvis.mean[SACRUM].mean(0)
    pelvis_turn, shift, c = fit(pelvis, seen, np.eye(3), start, rounds=60, first_scale=12)
    pelvis_vertices = pelvis.shape(c) @ pelvis_turn.T + shift

    top = femur.mean[:, 2].max()
    proximal = femur.mean[femur.mean[:, 2] > top - 60]
    middle, size = sphere(proximal[proximal[:, 0] > 25])
    for _ in range(20):
        middle, size = sphere(proximal[np.abs(np.linalg.norm(proximal - middle, axis=1) - size) < 1.5])
    off = np.linalg.norm(femur.mean - middle, axis=1)
    near_head = np.flatnonzero(off < size + 4)[::3]
    elsewhere = np.flatnonzero((off > size + 6) & (femur.mean[:, 2] > femur.mean[:, 2].min() + 80))[::3]
    seen = [Seen(*every(*facing(head, centre, False), 1000), -1, 8, 0.5, near_head, 100)]
    for name, m in muscles.items():
        # These pass the femur and do not touch it.
        reach = 0 if name in ("rectus_femoris", "tensor_fasciae_latae") else 5
        seen.append(Seen(*every(m.vertices, m.vertex_normals, 800), -1, reach, 2.0, elsewhere, 20))
    turn, shift, c = fit(femur, seen, np.eye(3), centre - middle, rounds=35, first_scale=8)
    femur_vertices = femur.shape(c) @ turn.T + shift

    # The mean femur is turned to the mean pelvis as hers is to hers, its head in the socket.
    in_socket = HIP[np.abs(np.linalg.norm(pelvis_vertices[HIP] - centre, axis=1) - radius) < 5]
    socket_centre, _ = sphere(pelvis.mean[in_socket])
    relative = pelvis_turn.T @ turn
    pose = np.c_[relative, socket_centre - relative @ middle]
    return pelvis_vertices, femur_vertices, pose


def spread(points, count, first):
    """Indices of points far from one another, taking the farthest next."""
    chosen, distance = [first], np.linalg.norm(points - points[first], axis=1)
    while len(chosen) < count:
        chosen.append(int(distance.argmax()))
        distance = np.minimum(distance, np.linalg.norm(points - points[chosen[-1]], axis=1))
    return np.array(chosen)


def warp(source, target):
    """The biharmonic spline in three dimensions, kernel |r|, with a linear part, that takes source to target."""
    count = len(source)
    kernel = np.linalg.norm(source[:, None] - source[None], axis=2)
    linear = np.c_[np.ones(count), source]
    system = np.block([[kernel, linear], [linear.T, np.zeros((4, 4))]])
    solution = np.linalg.solve(system, np.r_[target, np.zeros((4, 3))])

    def apply(points):
        moved = np.linalg.norm(points[:, None] - source[None], axis=2) @ solution[:count]
        return moved + np.c_[np.ones(len(points)), points] @ solution[count:]

    return apply


def push_out(mesh, bones, gap=0.2):
    """Moves vertices that lie in bone to just outside its surface."""
    vertices = np.array(mesh.vertices)
    inside = 0
    for bone in bones:
        query = trimesh.proximity.ProximityQuery(bone)
        near = np.flatnonzero(
            ((vertices > bone.bounds[0] - 1) & (vertices < bone.bounds[1] + 1)).all(1)
        )
        if len(near) == 0:
            continue
        depth = query.signed_distance(vertices[near])
        within = near[depth > -gap]
        inside += (depth > 0).sum()
        if len(within):
            on, _, triangle = query.on_surface(vertices[within])
            vertices[within] = on + gap * bone.face_normals[triangle]
    return trimesh.Trimesh(vertices, mesh.faces, process=False), inside / len(vertices)


def main(folder, pelvis_path, femur_path, output):
    folder = Path(folder)
    pelvis, femur = Model(pelvis_path), Model(femur_path)
    muscles = {name: load(folder, f"Muscle_{file}") for name, file, _ in MUSCLES}
    wide = Model(pelvis_path)
    wide.with_kernel([(40, 2.5)], 60)
    pelvis_vertices, femur_vertices, pose = fit_bones(folder, muscles, wide, femur)
    posed = femur.mean @ pose[:, :3].T + pose[:, 3]
    upper = np.flatnonzero(femur.mean[:, 2] > femur.mean[:, 2].max() - 330)
    on_hip = np.r_[HIP, SACRUM]
    control_pelvis = on_hip[spread(pelvis.mean[on_hip], CONTROL_PELVIS, 0)]
    control_femur = upper[spread(femur.mean[upper], CONTROL_FEMUR, 0)]
    source = np.r_[pelvis_vertices[control_pelvis], femur_vertices[control_femur]]
    target = np.r_[pelvis.mean[control_pelvis], posed[control_femur]]
    to_mean = warp(source, target)
    part = lambda ids: trimesh.Trimesh(pelvis.mean, pelvis.faces[np.isin(pelvis.faces[:, 0], ids)], process=False)
    bones = [part(HIP), part(SACRUM), trimesh.Trimesh(posed, femur.faces, process=False)]
    vertices, faces, ends = [], [], []
    for name, _, count in MUSCLES:
        mesh = muscles[name]
        points, triangles = fast_simplification.simplify(
            np.array(mesh.vertices, "f4"), np.array(mesh.faces, "i4"), target_count=min(count, len(mesh.faces))
        )
        carried = trimesh.Trimesh(to_mean(points.astype(float)), triangles, process=False)
        carried, inside = push_out(carried, bones)
        print(
            f"{name}: {len(carried.faces)} triangles, closed {carried.is_watertight}, {mesh.volume / 1000:.1f} cm3, "
            f"on the mean {carried.volume / 1000:.1f} cm3, {100 * inside:.1f} % of vertices were in bone"
        )
        if not carried.is_watertight or carried.volume <= 0:
            raise SystemExit(f"{name} is not closed")
        faces.append(carried.faces + sum(len(v) for v in vertices))
        vertices.append(carried.vertices)
        ends.append([sum(len(v) for v in vertices), sum(len(f) for f in faces)])
    arrays = {
        "vertices": np.concatenate(vertices).astype("<f4"),
        "faces": np.concatenate(faces).astype("<i4"),
        "ends": np.array(ends, "<i4"),
        "control_pelvis": control_pelvis.astype("<i4"),
        "control_femur": control_femur.astype("<i4"),
        "femur_pose": pose.astype("<f8"),
    }
    about = {"format": 1, "side": "right", "length_unit": "mm", "muscles": [name for name, *_ in MUSCLES]}
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as zipped:
        # A fixed date: the same muscles give the same bytes.
        put = lambda name, data: zipped.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
        put("atlas.json", json.dumps(about))
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.save(buffer, array)
            put(f"{name}.npy", buffer.getvalue())


if __name__ == "__main__":
    main(*sys.argv[1:5])
