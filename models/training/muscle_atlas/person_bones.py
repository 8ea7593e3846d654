"""Hip bone, sacrum and femur of a person of whom only muscles, sacrum and cartilage are published."""

import numpy as np
from bones import Model, Seen, fit, rotation

# Vertices of the pelvis model: right hip bone, sacrum (the left hip bone lies between them).
HIP, SACRUM = np.arange(2160), np.arange(4320, 7778)
# Muscles that lie on no hip bone, or on no femur: there they only must stay out of the bone.
OFF_HIP = {"biceps_femoris_long", "biceps_femoris_short", "sartorius", "semimembranosus", "semitendinosus", "vastus_medialis", "vastus_lateralis", "vastus_intermedius"}
OFF_FEMUR = {"rectus_femoris", "tensor_fasciae_latae", "sartorius", "gracilis", "semimembranosus", "semitendinosus", "biceps_femoris_long", "iliacus", "piriformis"}


def sphere(points):
    solution = np.linalg.lstsq(np.c_[2 * points, np.ones(len(points))], (points**2).sum(1), rcond=None)[0]
    return solution[:3], np.sqrt(solution[3] + (solution[:3] ** 2).sum())


def facing(mesh, centre, outwards):
    along = (mesh.vertex_normals * (mesh.vertices - centre)).sum(1)
    kept = along > 0 if outwards else along < 0
    return mesh.vertices[kept], mesh.vertex_normals[kept]


def every(points, normals, count):
    step = max(1, len(points) // count)
    return points[::step], normals[::step]


def fit_pelvis(pelvis, muscles, sacrum, socket, centre):
    """Vertices of the person's pelvis, and its turn."""
    seen = [
        Seen(*every(sacrum.vertices, sacrum.vertex_normals, 4000), 1, 6, 1.5, SACRUM, 600),
        Seen(*every(*facing(socket, centre, True), 3000), -1, 6, 1.0, HIP, 600),
    ]
    for name, m in muscles.items():
        if name not in OFF_HIP:
            only = SACRUM if name == "piriformis" else HIP
            seen.append(Seen(*every(m.vertices, m.vertex_normals, 1500), -1, 6, 2.0, only, 500))
    start = sacrum.vertices.mean(0) - pelvis.mean[SACRUM].mean(0)
    turn, shift, c = fit(pelvis, seen, np.eye(3), start, first_scale=12)
    return pelvis.shape(c) @ turn.T + shift, turn


def model_head(femur):
    """Centre and radius of the mean femur's head."""
    proximal = femur.mean[femur.mean[:, 2] > femur.mean[:, 2].max() - 60]
    middle, size = sphere(proximal[proximal[:, 0] > 25])
    for _ in range(20):
        middle, size = sphere(proximal[np.abs(np.linalg.norm(proximal - middle, axis=1) - size) < 1.5])
    return middle, size


def fit_femur(femur, muscles, head, distal, centre):
    """Vertices of the person's femur, and its turn."""
    middle, size = model_head(femur)
    off = np.linalg.norm(femur.mean - middle, axis=1)
    near_head = np.flatnonzero(off < size + 4)[::3]
    elsewhere = np.flatnonzero(off > size + 6)[::2]
    above_end = femur.mean[:, 2] - femur.mean[:, 2].min()
    knee = np.flatnonzero(above_end < 80)[::2]
    # It begins with the line from head to knee.
    a, b = femur.mean[above_end < 40].mean(0) - middle, distal.vertices.mean(0) - centre
    axis = np.cross(a / np.linalg.norm(a), b / np.linalg.norm(b))
    turn = rotation(axis / np.linalg.norm(axis) * np.arcsin(np.linalg.norm(axis)))
    seen = [
        Seen(*every(*facing(head, centre, False), 1000), -1, 8, 0.5, near_head, 100),
        Seen(*every(distal.vertices, distal.vertex_normals, 3000), -1, 8, 1.0, knee, 300),
    ]
    for name, m in muscles.items():
        on_bone = name not in OFF_FEMUR
        seen.append(Seen(*every(m.vertices, m.vertex_normals, 2500), -1, 5 if on_bone else 0, 2.0, elsewhere, 120 if on_bone else 20))
    turn, shift, c = fit(femur, seen, turn, centre - turn @ middle, first_scale=8)
    return femur.shape(c) @ turn.T + shift, turn


def fit_bones(load, muscles, pelvis_path, femur_path):
    """Vertices of the person's pelvis and femur in the models' order, and the pose of the mean femur to the mean pelvis that is theirs."""
    sacrum, head, socket, distal = (
        load(n) for n in ("Bone_Sacrum", "Cartilage_FemurHead", "Cartilage_PelvisAcetabulum", "Cartilage_FemurDistal")
    )
    centre, _ = sphere(head.vertices)
    for _ in range(10):
        centre, radius = sphere(facing(head, centre, False)[0])
    print(f"head: radius {radius:.1f} mm under the cartilage")
    pelvis, femur = Model(pelvis_path), Model(femur_path)
    pelvis.with_kernel([(40, 2.5)], 60)
    femur.with_kernel([(60, 3.0), (20, 1.0)], 60)
    pelvis_vertices, pelvis_turn = fit_pelvis(pelvis, muscles, sacrum, socket, centre)
    femur_vertices, femur_turn = fit_femur(femur, muscles, head, distal, centre)
    # The mean femur is turned to the mean pelvis as the person's is to theirs, its head in the socket.
    in_socket = HIP[np.abs(np.linalg.norm(pelvis_vertices[HIP] - centre, axis=1) - radius) < 5]
    socket_centre, _ = sphere(pelvis.mean[in_socket])
    relative = pelvis_turn.T @ femur_turn
    return pelvis_vertices, femur_vertices, np.c_[relative, socket_centre - relative @ model_head(femur)[0]]
