"""Makes the virtual patient's template from the Auckland MAP lower-limb shape model (MPL-2.0).

    python make_template.py SHAPE_MODEL_FOLDER OUTPUT_FOLDER [--people 0 1 2 … | --without 3 7 …]

SHAPE_MODEL_FOLDER holds LLP26_rigid_{mean,modes,projectedWeights}.npy (a conversion of the model's pickle) and the
repository's own src/musculoskeletal/models/atlas_meshes. Needs numpy only. Writes one PLY per bone, modes.bin and
template.json; the model card beside them says what they hold. Of some of the 26 people only, it makes patients that a
network trained on the others has not seen (coxa patient --template).

The model's modes mix shape with the pose of the joints, in which the bones overlap. So the 26 training subjects are
rebuilt, pelvis and femur are aligned apart (rigidly: size stays in the shape), and a new joint principal component
analysis is made of both. The bones meet again when a patient is generated.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from fieldwork import read_elements, tessellate

PEOPLE, PELVIS_NODES, FEMUR_NODES, MODES = 26, 1946, 634, 8
PELVIS_DENSITY, FEMUR_DENSITY = 8, 12


def align_all(shapes, rounds=10):
    """Generalised Procrustes alignment without scaling."""
    shapes = [s - s.mean(0) for s in shapes]
    mean = shapes[0]
    for _ in range(rounds):
        aligned = []
        for s in shapes:
            u, _, vt = np.linalg.svd(s.T @ mean)
            aligned.append(s @ (u @ np.diag([1, 1, np.linalg.det(u @ vt)]) @ vt))
        shapes, mean = aligned, np.mean(aligned, 0)
    return np.array(shapes)


def fit_sphere(points):
    a = np.c_[2 * points, np.ones(len(points))]
    solution = np.linalg.lstsq(a, (points**2).sum(1), rcond=None)[0]
    return solution[:3], np.sqrt(solution[3] + (solution[:3] ** 2).sum())


def fit_head(vertices, centre, radius):
    """Sphere and vertices of the head, starting from a rough sphere."""
    for round_ in range(60):
        distance = np.linalg.norm(vertices - centre, axis=1)
        near = np.abs(distance - radius) < (4.0 if round_ < 15 else 1.0)
        centre, radius = fit_sphere(vertices[near])
    return centre, radius, np.flatnonzero(near)


def vertex_normals(vertices, triangles):
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    normals = np.zeros_like(vertices)
    for k in range(3):
        np.add.at(normals, triangles[:, k], face)
    return normals / np.linalg.norm(normals, axis=1, keepdims=True)


def fit_socket(vertices, normals, radius):
    """Centre of the sphere of the given radius that lies best in the socket, and the vertices that support it."""
    # The socket is where many surface normals meet: the start is the best of a coarse grid of centres.
    low, high = vertices.min(0), vertices.max(0)
    best = (-1, None)
    for x in np.arange(low[0], high[0], 4):
        for y in np.arange(low[1], high[1], 4):
            for z in np.arange(low[2], low[2] + 0.7 * (high[2] - low[2]), 4):
                to = np.array([x, y, z]) - vertices
                distance = np.linalg.norm(to, axis=1)
                score = np.count_nonzero((np.abs(distance - radius) < 2.5) & ((to * normals).sum(1) > 0.85 * distance))
                if score > best[0]:
                    best = (score, np.array([x, y, z]))
    centre = best[1]
    for _ in range(60):
        to = centre - vertices
        distance = np.linalg.norm(to, axis=1)
        near = (np.abs(distance - radius) < 3.0) & ((to * normals).sum(1) > 0.7 * distance)
        out = -to[near] / distance[near, None]
        step = np.linalg.lstsq(out, distance[near] - radius, rcond=None)[0]
        centre = centre + step
    return centre, np.flatnonzero(near), (distance[near] - radius).std()


def split(triangles, count):
    """Connected parts as arrays of vertex indices."""
    parent = np.arange(count)
    while True:
        low = parent[triangles].min(1)
        updated = parent.copy()
        for k in range(3):
            np.minimum.at(updated, triangles[:, k], low)
        updated = updated[updated]
        if (updated == parent).all():
            break
        parent = updated
    return [np.flatnonzero(parent == root) for root in np.unique(parent)]


def frame_from(x_axis, z_hint):
    """Rows x, y, z of a right-handed frame with z near the hint."""
    x = x_axis / np.linalg.norm(x_axis)
    y = np.cross(z_hint, x)
    y /= np.linalg.norm(y)
    return np.stack([x, y, np.cross(x, y)])


def pelvis_frame(vertices, right, left):
    """Rotation and origin that lay the anterior pelvic plane in the coronal plane, and the four landmarks."""
    rotation, origin = np.eye(3), vertices.mean(0)
    for _ in range(12):
        q = (vertices - origin) @ rotation.T
        found = {}
        for name, part in (("right", right), ("left", left)):
            z = q[part, 2]
            upper = part[z > z.min() + 0.55 * np.ptp(z)]
            found[f"asis_{name}"] = int(upper[q[upper, 1].argmin()])
            lower = part[(z < z.min() + 0.35 * np.ptp(z)) & (np.abs(q[part, 0]) < 45)]
            found[f"pubic_tubercle_{name}"] = int(lower[q[lower, 1].argmin()])
        at = {name: vertices[index] for name, index in found.items()}
        upper = (at["asis_right"] + at["asis_left"]) / 2
        lower = (at["pubic_tubercle_right"] + at["pubic_tubercle_left"]) / 2
        rotation, origin = frame_from(at["asis_left"] - at["asis_right"], upper - lower), upper
    return rotation, origin, found


def femur_frame(vertices, centre):
    """Rotation that stands a right femur on its mechanical axis with the posterior condyles in the coronal plane."""
    rotation = np.eye(3)
    for _ in range(12):
        q = (vertices - centre) @ rotation.T
        bottom = q[:, 2].min()
        distal = np.flatnonzero(q[:, 2] < bottom + 45)
        middle = (q[distal, 0].min() + q[distal, 0].max()) / 2
        medial = distal[q[distal, 0] > middle + 5]
        lateral = distal[q[distal, 0] < middle - 5]
        found = {
            "medial_posterior_condyle": int(medial[q[medial, 1].argmax()]),
            "lateral_posterior_condyle": int(lateral[q[lateral, 1].argmax()]),
            "medial_epicondyle": int(distal[q[distal, 0].argmax()]),
            "lateral_epicondyle": int(distal[q[distal, 0].argmin()]),
        }
        knee = (vertices[found["medial_epicondyle"]] + vertices[found["lateral_epicondyle"]]) / 2
        z = (centre - knee) / np.linalg.norm(centre - knee)
        x = vertices[found["medial_posterior_condyle"]] - vertices[found["lateral_posterior_condyle"]]
        x = x - z * (x @ z)
        rotation = frame_from(x, z)
    q = (vertices - centre) @ rotation.T
    lateral = np.flatnonzero((q[:, 0] < -25) & (q[:, 2] > -60))
    found["greater_trochanter"] = int(lateral[q[lateral, 2].argmax()])
    # The lesser trochanter points backwards and inwards below the neck.
    below = np.flatnonzero((q[:, 2] < -45) & (q[:, 2] > -90))
    found["lesser_trochanter"] = int(below[(q[below, 0] + q[below, 1]).argmax()])
    return rotation, found


def write_ply(path, vertices, triangles):
    header = (
        "ply\nformat binary_little_endian 1.0\n"
        f"element vertex {len(vertices)}\nproperty float x\nproperty float y\nproperty float z\n"
        f"element face {len(triangles)}\nproperty list uchar int vertex_indices\nend_header\n"
    )
    faces = np.empty(len(triangles), dtype=[("n", "u1"), ("v", "<i4", 3)])
    faces["n"], faces["v"] = 3, triangles
    path.write_bytes(header.encode() + vertices.astype("<f4").tobytes() + faces.tobytes())


def main(source, output, people):
    atlas = source / "src/musculoskeletal/models/atlas_meshes"
    mean = np.load(source / "LLP26_rigid_mean.npy")
    modes, scores = (np.load(source / f"LLP26_rigid_{name}.npy") for name in ("modes", "projectedWeights"))
    subjects = mean[:, None] + modes @ scores
    subjects = [subjects[:, person].reshape(3, -1).T for person in people]
    kept = min(MODES, len(people) - 1)
    pelvis = align_all([s[:PELVIS_NODES] for s in subjects])
    femur = align_all([s[PELVIS_NODES : PELVIS_NODES + FEMUR_NODES] for s in subjects])

    elements = read_elements(atlas / "pelvis_combined_cubic_flat.mesh")
    pelvis_matrix, pelvis_triangles = tessellate(*elements, pelvis.mean(0), PELVIS_DENSITY)
    elements = read_elements(atlas / "femur_left_quartic_flat.mesh")
    femur_matrix, femur_triangles = tessellate(*elements, femur.mean(0), FEMUR_DENSITY)

    # Principal components of the nodes of both bones; the scores are scaled to unit variance.
    data = np.concatenate([pelvis.reshape(len(people), -1), femur.reshape(len(people), -1)], axis=1)
    _, singular, axes = np.linalg.svd(data - data.mean(0), full_matrices=False)
    deviations = singular[:kept, None] / np.sqrt(len(people) - 1) * axes[:kept]
    explained = singular**2 / (singular**2).sum()

    # Pelvis: right, sacrum and left part from right to left (x runs to the left).
    vertices = pelvis_matrix @ pelvis.mean(0)
    parts = sorted(split(pelvis_triangles, len(vertices)), key=lambda p: vertices[p, 0].mean())
    right, sacrum, left = parts
    turn, origin, landmarks = pelvis_frame(vertices, right, left)
    vertices = (vertices - origin) @ turn.T
    split_at = 3 * PELVIS_NODES
    pelvis_modes = [pelvis_matrix @ d[:split_at].reshape(-1, 3) @ turn.T for d in deviations]
    normals = vertex_normals(vertices, pelvis_triangles)

    # Femur: the model has the left one; the template is a right one.
    mirror = np.array([-1.0, 1.0, 1.0])
    femur_vertices = (femur_matrix @ femur.mean(0)) * mirror
    femur_triangles = femur_triangles[:, ::-1]
    femur_modes = [femur_matrix @ d[split_at:].reshape(-1, 3) * mirror for d in deviations]
    top = femur_vertices[femur_vertices[:, 2] > femur_vertices[:, 2].max() - 55]
    start = top[top[:, 0] > np.percentile(top[:, 0], 70)].mean(0)
    centre, radius, head = fit_head(femur_vertices, start, 22.0)
    turn, femur_landmarks = femur_frame(femur_vertices, centre)
    femur_vertices = (femur_vertices - centre) @ turn.T
    femur_modes = [m @ turn.T for m in femur_modes]

    bones, modes, regions = {}, [[] for _ in range(kept)], {}
    for name, part in (("hip_right", right), ("hip_left", left), ("sacrum", sacrum)):
        index = np.full(len(vertices), -1)
        index[part] = np.arange(len(part))
        triangles = index[pelvis_triangles[np.isin(pelvis_triangles[:, 0], part)]]
        bones[name] = (vertices[part], triangles)
        for k in range(kept):
            modes[k].append(pelvis_modes[k][part])
        regions[name] = {"landmarks": {}}
        if name != "sacrum":
            side = name[4:]
            socket, support, scatter = fit_socket(vertices[part], normals[part], radius + 3)
            regions[name]["socket"] = support.tolist()
            print(f"{name}: socket centre {socket.round(1)}, {len(support)} vertices, scatter {scatter:.2f} mm")
            regions[name]["landmarks"] = {
                key.rsplit("_", 1)[0]: int(index[v]) for key, v in landmarks.items() if key.endswith(side)
            }
            posterior = np.flatnonzero(vertices[part, 2] > -70)
            regions[name]["landmarks"]["psis"] = int(posterior[vertices[part][posterior, 1].argmax()])
    bones["femur_right"] = (femur_vertices, femur_triangles)
    for k in range(kept):
        modes[k].append(femur_modes[k])
    regions["femur_right"] = {"head": head.tolist(), "landmarks": femur_landmarks}

    output.mkdir(parents=True, exist_ok=True)
    for name, (v, t) in bones.items():
        write_ply(output / f"{name}.ply", v, t)
        print(f"{name}: {len(v)} vertices, {len(t)} triangles")
    steps, quantised = [], []
    for mode in modes:
        mode = np.concatenate(mode)
        steps.append(float(np.abs(mode).max() / 32767))
        quantised.append(np.round(mode / steps[-1]).astype("<i2"))
    (output / "modes.bin").write_bytes(np.stack(quantised).tobytes())
    template = {
        "people": people, "mode_step_mm": steps, "variance_explained": explained[:kept].round(4).tolist(), "bones": regions,
    }
    (output / "template.json").write_text(json.dumps(template) + "\n")
    print(f"head radius {radius:.2f} mm; {kept} modes explain {explained[:kept].sum():.3f} of the variance")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("output", type=Path)
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--people", type=int, nargs="+", help="of these alone, three at least; 0 is the first")
    group.add_argument("--without", type=int, nargs="+", default=[], help="of all but these")
    given = parser.parse_args()
    people = sorted(set(given.people)) if given.people else [p for p in range(PEOPLE) if p not in given.without]
    if len(people) < 3 or not set(people) <= set(range(PEOPLE)):
        parser.error(f"three people or more, of 0 to {PEOPLE - 1}")
    return given.source, given.output, people


if __name__ == "__main__":
    main(*arguments())
