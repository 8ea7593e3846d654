"""The surface of a muscle laid on the same muscle of another person, vertex by vertex."""

import numpy as np
import trimesh
from scipy.spatial import cKDTree

SLABS = 9
# Reach of the displacements in mm from round to round, and how much of a gap is closed in one round.
REACHES = [60, 60, 40, 40, 25, 25, 16, 16, 10, 10, 10, 7, 7, 7, 7]
CLOSED = 0.7


def slabs(points, axis, low, high):
    """Middle and width of slabs across an axis: those of the ends are the ends' own."""
    along = (points - points.mean(0)) @ axis
    levels = np.linspace(low, high, SLABS)
    half = (high - low) / (SLABS - 1)
    middles, widths = [], []
    for level in levels:
        own = points[np.abs(along - level) < half]
        middles.append(own.mean(0))
        widths.append(np.sqrt(((own - own.mean(0)) ** 2).sum(1).mean()))
    return np.array(middles), np.array(widths)


def by_slabs(source, target):
    """Vertices of the source in the slabs of the target, of their width: where the match begins."""
    axis = np.linalg.svd(source.vertices - source.vertices.mean(0), full_matrices=False)[2][0]
    other = np.linalg.svd(target.vertices - target.vertices.mean(0), full_matrices=False)[2][0]
    # A muscle as broad as it is long has no axis of its own: both are cut alike.
    other = other * np.sign(other @ axis) if abs(other @ axis) > 0.8 else axis
    ends = lambda points, along: np.percentile((points - points.mean(0)) @ along, [0.5, 99.5])
    # Vertices are dense where a surface is curved: slabs are of points spread evenly.
    even = trimesh.sample.sample_surface_even(source, 4000, seed=1)[0], trimesh.sample.sample_surface_even(target, 4000, seed=1)[0]
    first, second = ends(even[0], axis), ends(even[1], other)
    (a, widths), (b, others) = slabs(even[0], axis, *first), slabs(even[1], other, *second)
    at = np.clip(((source.vertices - even[0].mean(0)) @ axis - first[0]) / (first[1] - first[0]), 0, 1) * (SLABS - 1)
    low = np.minimum(at.astype(int), SLABS - 2)
    part = (at - low)[:, None]
    between = lambda values: values[low] * (1 - part) + values[low + 1] * part
    return between(b) + (source.vertices - between(a)) * between((others / widths)[:, None])


def smoothed(points, places, moves, reach):
    """Displacements at points as the weighted mean of those at places nearby."""
    tree = cKDTree(places)
    distance, near = tree.query(points, k=min(60, len(places)))
    weight = np.exp(-0.5 * (distance / (0.5 * reach)) ** 2) + 1e-9
    return (weight[..., None] * moves[near]).sum(1) / weight.sum(1, keepdims=True)


def matched(source, target):
    """Vertices of `source` moved onto `target`: closest points both ways along like normals, closed smoothly and ever more locally."""
    vertices = by_slabs(source, target)
    even, faces = trimesh.sample.sample_surface_even(target, 6000, seed=2)
    normals = target.face_normals[faces]
    tree = cKDTree(even)
    for reach in REACHES:
        mesh = trimesh.Trimesh(vertices, source.faces, process=False)
        own = mesh.vertex_normals
        # From the source to the target: the nearest of a few whose normals agree.
        distance, near = tree.query(vertices, k=12)
        distance = distance + 40 * ((own[:, None] * normals[near]).sum(2) < 0.3)
        best = near[np.arange(len(vertices)), distance.argmin(1)]
        move = even[best] - vertices
        fits = distance.min(1) < 40
        # And from the target to the source, so that its ends are reached.
        back = cKDTree(vertices).query(even)[1]
        agree = (own[back] * normals).sum(1) > 0.3
        places = np.r_[vertices[fits], vertices[back[agree]]]
        moves = np.r_[move[fits], even[agree] - vertices[back[agree]]]
        # A subset spread evenly keeps the neighbours of `smoothed` within the reach.
        kept = np.random.default_rng(3).permutation(len(places))[: max(60, int(len(places) * min(1.0, (12 / reach) ** 2)))]
        vertices = vertices + CLOSED * smoothed(vertices, places[kept], moves[kept], reach)
    # Flat triangles cut the corners of a round muscle: its surface goes outwards until the volume is the muscle's own.
    for _ in range(3):
        mesh = trimesh.Trimesh(vertices, source.faces, process=False)
        vertices = vertices + (target.volume - mesh.volume) / mesh.area * mesh.vertex_normals
    return vertices
