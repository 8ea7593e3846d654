"""Makes the muscle atlas, `models/weights/muscles.npz`, from the muscles of hip and thigh of one person or of two.

    python make_atlas.py MUSCLES_FOLDER [MUSCLES_FOLDER] --pelvis PELVIS_NPZ --femur FEMUR_NPZ -o OUTPUT_NPZ

A MUSCLES_FOLDER holds VHF_Left_*_smooth.stl or VHM_Left_*_smooth.stl (muscles-vhf, muscles-vhm, CC BY 4.0). Needs numpy, scipy, trimesh, rtree and
fast_simplification.

Hip bones and femora of these people are not published with the muscles: `person_bones.py` fits the shape models to what shows them. The
fitted bones then carry the muscles to the models' means, by the same warp that the program carries them to a patient with. The muscles of a second
person are those of the first moved onto them (`match.py`): the atlas holds, vertex by vertex, a person
halfway between both, whose muscles are moved apart where the mean ones cross (`apart.py`), half their difference, and from that person to the mean.
"""

import argparse
import io
import json
import zipfile

import fast_simplification
import numpy as np
import trimesh
from apart import apart
from bones import Model
from match import matched
from members import MUSCLES, member_of
from person_bones import HIP, SACRUM, fit_bones
from usual import usual

CONTROL_PELVIS, CONTROL_FEMUR = 260, 200


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
        parts = np.array_split(points, max(1, len(points) // 4000))
        moved = [np.linalg.norm(p[:, None] - source[None], axis=2) @ solution[:count] for p in parts]
        return np.concatenate(moved) + np.c_[np.ones(len(points)), points] @ solution[count:]

    return apply


def push_out(vertices, bones, gap=0.2):
    """Vertices that lie in bone moved to just outside its surface, and the share of them that did."""
    vertices, inside = np.array(vertices), 0
    for bone in bones:
        query = trimesh.proximity.ProximityQuery(bone)
        near = np.flatnonzero(((vertices > bone.bounds[0] - 1) & (vertices < bone.bounds[1] + 1)).all(1))
        if len(near) == 0:
            continue
        depth = query.signed_distance(vertices[near])
        within = near[depth > -gap]
        inside += (depth > 0).sum()
        if len(within):
            on, _, triangle = query.on_surface(vertices[within])
            vertices[within] = on + gap * bone.face_normals[triangle]
    return vertices, inside / len(vertices)


def read_people(folders, pelvis_path, femur_path):
    """Of each person: muscles, pelvis, femur, and the pose of the mean femur that is theirs."""
    people = []
    for folder in folders:
        member = member_of(folder)
        print(f"the {member.name}:")
        load = lambda name: member.load(folder, name)
        muscles = {name: load(f"Muscle_{file}") for name, _, file, _ in MUSCLES}
        people.append((member.name, muscles, *fit_bones(load, muscles, pelvis_path, femur_path)))
    return people


def mean_pose(poses):
    """Their mean turn and shift."""
    u, _, v = np.linalg.svd(sum(pose[:, :3] for pose in poses))
    return np.c_[u @ np.diag([1, 1, np.linalg.det(u @ v)]) @ v, sum(pose[:, 3] for pose in poses) / len(poses)]


def surfaces(people, warps, bones):
    """Of each muscle: faces, and the vertices about the mean bones of each person."""
    for name, structure, _, count in MUSCLES:
        mesh = people[0][1][name]
        points, faces = fast_simplification.simplify(
            np.array(mesh.vertices, "f4"), np.array(mesh.faces, "i4"), target_count=min(count, len(mesh.faces))
        )
        carried = [trimesh.Trimesh(to_mean(m[1][name].vertices), m[1][name].faces, process=False) for m, to_mean in zip(people, warps)]
        first = trimesh.Trimesh(warps[0](points.astype(float)), faces, process=False)
        placed = [first.vertices] + [matched(first, other) for other in carried[1:]]
        shares = []
        for n, vertices in enumerate(placed):
            placed[n], inside = push_out(vertices, bones)
            shares.append(f"{100 * inside:.1f} %")
            closed = trimesh.Trimesh(placed[n], faces, process=False)
            if not closed.is_watertight or closed.volume <= 0:
                raise SystemExit(f"{name} is not closed")
        print(
            f"{name}: {len(faces)} triangles; on the mean bones {', '.join(f'{c.volume / 1000:.1f}' for c in carried)} cm3, kept "
            f"{', '.join(f'{trimesh.Trimesh(v, faces, process=False).volume / 1000:.1f}' for v in placed)} cm3; in bone were {', '.join(shares)}"
        )
        yield structure, faces, placed


def write(output, about, arrays):
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as zipped:
        # A fixed date: the same muscles give the same bytes.
        put = lambda name, data: zipped.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
        put("atlas.json", json.dumps(about))
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.save(buffer, array)
            put(f"{name}.npy", buffer.getvalue())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--pelvis", required=True)
    parser.add_argument("--femur", required=True)
    parser.add_argument("-o", "--output", required=True)
    args = parser.parse_args()
    if len(args.folders) > 2:
        raise SystemExit("an atlas has one member or two")
    pelvis, femur = Model(args.pelvis), Model(args.femur)
    people = read_people(args.folders, args.pelvis, args.femur)
    pose = mean_pose([person[4] for person in people])
    posed = femur.mean @ pose[:, :3].T + pose[:, 3]
    on_hip = np.r_[HIP, SACRUM]
    control_pelvis = on_hip[spread(pelvis.mean[on_hip], CONTROL_PELVIS, 0)]
    control_femur = spread(femur.mean, CONTROL_FEMUR, 0)
    target = np.r_[pelvis.mean[control_pelvis], posed[control_femur]]
    warps = [warp(np.r_[p[2][control_pelvis], p[3][control_femur]], target) for p in people]
    part = lambda ids: trimesh.Trimesh(pelvis.mean, pelvis.faces[np.isin(pelvis.faces[:, 0], ids)], process=False)
    bones = [part(HIP), part(SACRUM), trimesh.Trimesh(posed, femur.faces, process=False)]
    found = list(surfaces(people, warps, bones))
    means = [sum(placed) / len(placed) for _, _, placed in found]
    middles = apart([(mean, triangles) for mean, (_, triangles, _) in zip(means, found)]) if len(people) > 1 else means
    vertices, differences, bows, faces, ends = [], [], [], [], []
    for (_, triangles, placed), mean, middle in zip(found, means, middles):
        middle, _ = push_out(middle, bones)
        faces.append(triangles + sum(len(v) for v in vertices))
        vertices.append(middle)
        differences.append((placed[-1] - placed[0]) / 2)
        bows.append(mean - middle)
        ends.append([sum(len(v) for v in vertices), sum(len(f) for f in faces)])
    names = [name for name, *_ in MUSCLES]
    places = usual(names, vertices, differences, bows, [triangles for _, triangles, _ in found]) if len(people) > 1 else [0.0] * len(names)
    print("usual:", ", ".join(f"{name} {place}" for name, place in zip(names, places)))
    about = {
        "format": 3, "side": "right", "length_unit": "mm", "members": [person[0] for person in people],
        "muscles": [{"name": name, "structure": structure, "usual": float(place)} for (name, structure, *_), place in zip(MUSCLES, places)],
    }
    write(args.output, about, {
        "vertices": np.concatenate(vertices).astype("<f4"),
        "difference": np.concatenate(differences).astype("<f4"),
        "bow": np.concatenate(bows).astype("<f4"),
        "faces": np.concatenate(faces).astype("<i4"),
        "ends": np.array(ends, "<i4"),
        "control_pelvis": control_pelvis.astype("<i4"),
        "control_femur": control_femur.astype("<i4"),
        "femur_pose": pose.astype("<f8"),
    })


if __name__ == "__main__":
    main()
