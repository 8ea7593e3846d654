"""Shape models as NumPy sees them, fitted to what the muscles of a person show of bones that were not scanned with them."""

import io
import zipfile

import numpy as np
from scipy.spatial import cKDTree


# Standard deviation of a person's size, over the mean.
SIZE_SD = 0.08
# Size and modes of people that find where a bone lies, before all of them and smooth displacements say how it looks.
FEW = 4


class Model:
    """A shape model (`coxa shape info`): `mean + sum sqrt(variance) c mode`, one row a vertex, subdivided once for closest points."""

    def __init__(self, path):
        with zipfile.ZipFile(path) as zipped:
            load = lambda name: np.load(io.BytesIO(zipped.read(f"{name}.npy")))
            self.mean = load("mean").astype(float)
            self.faces = load("faces").astype(int)
            modes, variances = load("modes").astype(float), load("variances").astype(float)
        # Size first: a person beyond those that the model was made of is a larger one before anything else.
        centred = self.mean - self.mean.mean(0)
        self.basis = np.concatenate([[SIZE_SD * centred], modes * np.sqrt(variances)[:, None, None]])
        self.of_people = len(self.basis)
        self.count = len(self.mean)

    def with_kernel(self, terms, rank):
        """Adds smooth displacements of (reach, standard deviation) in mm, as `ShapeModel::extended_by` does."""
        columns, left = [], np.full(self.count, sum(sd**2 for _, sd in terms))
        kernel = lambda d: sum(sd**2 * np.exp(-0.5 * (d / reach) ** 2) for reach, sd in terms)
        while len(columns) < rank:
            pivot = left.argmax()
            column = kernel(np.linalg.norm(self.mean - self.mean[pivot], axis=1))
            for earlier in columns:
                column = column - earlier * earlier[pivot]
            columns.append(column / np.sqrt(left[pivot]))
            left = np.maximum(left - columns[-1] ** 2, 0)
        added = [np.outer(column, axis) for column in columns for axis in np.eye(3)]
        self.basis = np.concatenate([self.basis, np.array(added)])

    def shape(self, coefficients):
        return self.mean + np.tensordot(coefficients, self.basis[: len(coefficients)], 1)


def vertex_normals(vertices, faces):
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    sums = np.zeros_like(vertices)
    for k in range(3):
        np.add.at(sums, faces[:, k], normal)
    return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)


def rotation(w):
    angle = np.linalg.norm(w)
    if angle < 1e-12:
        return np.eye(3)
    k = w / angle
    cross = np.array([[0, -k[2], k[1]], [k[2], 0, -k[0]], [-k[1], k[0], 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


class Seen:
    """Points with normals that a surface shows of a bone.

    `facing` is 1 where the points are bone surface and -1 where they are of what touches bone from outside. `reach` is how far
    they may lie from the bone to count, `sd` how well they show it, both in mm. `only` names the bone's vertices they may meet,
    and all points together count as `worth` independent ones.
    """

    def __init__(self, points, normals, facing, reach, sd, only, worth):
        self.points, self.normals, self.facing = points, normals, facing
        self.reach, self.sd, self.only, self.worth = reach, sd, only, worth


def fit(model, seen, turn, shift, first_scale=6.0):
    """Pose and coefficients: size and few modes first, then all of people, then smooth displacements.

    All at once, a bone may take the outer face of a muscle that lies on it for its own.
    """
    coefficients = np.zeros(0)
    for count, rounds, scale in ((FEW, 60, first_scale), (model.of_people, 30, 3.0), (len(model.basis), 30, 2.0)):
        coefficients = np.r_[coefficients, np.zeros(count - len(coefficients))]
        turn, shift, coefficients = closer(model, seen, turn, shift, coefficients, rounds, scale)
    return turn, shift, coefficients


def closer(model, seen, turn, shift, coefficients, rounds, first_scale):
    """The same with the first modes alone, from coefficients of these.

    By closest points along the bone's normals, weighted by Student's t with four degrees of freedom. What lies inside the bone from outside is
    believed three times as much as a gap: muscles do not pass through bone.
    """
    basis = model.basis[: len(coefficients)]
    for round_ in range(rounds):
        scale = max(first_scale * 0.9**round_, 0.7)
        vertices = model.shape(coefficients) @ turn.T + shift
        normals = vertex_normals(vertices, model.faces)
        pivot = vertices.mean(0)
        size = 6 + len(basis)
        system, pull = np.zeros((size, size)), np.zeros(size)
        system[range(6, size), range(6, size)] += 1
        pull[6:] -= coefficients
        for s in seen:
            tree = cKDTree(vertices[s.only])
            distance, nearest = tree.query(s.points, distance_upper_bound=s.reach + 3 * scale + 6)
            hit = np.isfinite(distance)
            v = s.only[nearest[hit]]
            n = normals[v]
            gap = ((s.points[hit] - vertices[v]) * n).sum(1)
            aside = np.sqrt(np.maximum(distance[hit] ** 2 - gap**2, 0))
            kept = ((n * s.normals[hit]).sum(1) * s.facing > 0.5) & (np.abs(gap) < s.reach + 2 * scale) & (aside < 6)
            v, n, gap = v[kept], n[kept], gap[kept]
            sd = np.hypot(s.sd, scale)
            weight = 5 / (4 + (gap / sd) ** 2) / sd**2
            if s.facing < 0:
                weight = np.where(gap < -1, 3 * weight, weight)
            # Points are many and their errors go together.
            weight = weight * min(1.0, s.worth / max(len(v), 1))
            rows = np.empty((len(v), size))
            rows[:, :3] = np.cross(vertices[v] - pivot, n)
            rows[:, 3:6] = n
            rows[:, 6:] = np.einsum("kvi,vi->vk", basis[:, v], n @ turn)
            system += rows.T @ (weight[:, None] * rows)
            pull += rows.T @ (weight * gap)
        step = np.linalg.solve(system + 1e-9 * np.eye(size), pull)
        by = rotation(step[:3])
        turn, shift = by @ turn, by @ (shift - pivot) + pivot + step[3:6]
        coefficients = coefficients + step[6:]
    return turn, shift, coefficients
