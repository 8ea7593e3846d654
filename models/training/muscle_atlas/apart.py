"""Muscles that overlap are moved apart.

The mean of two people, vertex by vertex, is no person: where a muscle of the one lies otherwise against its neighbour than of the other, the mean surfaces
of the two may cross.
"""

import numpy as np
import trimesh
from scipy.spatial import cKDTree

ROUNDS = 12
# Part of an overlap that each of the two muscles gives up in one round.
GIVEN_UP = 0.35
# Reach in mm over which neighbours of a vertex go with it.
SMOOTH_MM = 6.0
# What lies deeper than this in another muscle, in mm, is beyond it: the side that it is taken for is wrong.
DEEPEST_MM = 15.0


def depth_in(mesh, points):
    """How deep points lie in a closed surface, and the nearest places on it; negative outside."""
    on, distance, triangle = trimesh.proximity.closest_point(mesh, points)
    # On an edge a face's own normal may look away from a point outside: that between the vertices' does not.
    weights = trimesh.triangles.points_to_barycentric(mesh.triangles[triangle], on)
    normals = (weights[..., None] * mesh.vertex_normals[mesh.faces[triangle]]).sum(1)
    inside = ((points - on) * normals).sum(1) < 0
    return np.where(inside, distance, -distance), on


def meets(a, b):
    return (a.bounds[0] < b.bounds[1]).all() and (b.bounds[0] < a.bounds[1]).all()


def apart(surfaces):
    """Vertices of surfaces (vertices, faces) moved until they hardly overlap."""
    places = [np.array(vertices) for vertices, _ in surfaces]
    for _ in range(ROUNDS):
        meshes = [trimesh.Trimesh(v, faces, process=False) for v, (_, faces) in zip(places, surfaces)]
        moves, deepest = [np.zeros_like(v) for v in places], 0.0
        for n, mesh in enumerate(meshes):
            for other in (m for k, m in enumerate(meshes) if k != n and meets(mesh, m)):
                near = np.flatnonzero(((places[n] > other.bounds[0]) & (places[n] < other.bounds[1])).all(1))
                if len(near) == 0:
                    continue
                depth, on = depth_in(other, places[n][near])
                within = (depth > 0) & (depth < DEEPEST_MM)
                deepest = max(deepest, depth[within].max(initial=0))
                moves[n][near[within]] += GIVEN_UP * (on[within] - places[n][near[within]])
        for n, move in enumerate(moves):
            if not move.any():
                continue
            distance, nearest = cKDTree(places[n]).query(places[n], k=min(24, len(move)))
            weight = np.exp(-0.5 * (distance / (0.5 * SMOOTH_MM)) ** 2)
            smooth = (weight[..., None] * move[nearest]).sum(1) / weight.sum(1, keepdims=True)
            # What overlaps goes its way; its neighbours follow.
            own = np.linalg.norm(move, axis=1, keepdims=True) > 0
            places[n] += np.where(own, 0.5 * (move + smooth), smooth)
        print(f"  deepest overlap {deepest:.1f} mm")
    return places
