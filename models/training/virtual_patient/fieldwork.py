"""Surfaces of Fieldwork meshes: Lagrange elements on quadrilaterals and triangles with equally spaced nodes."""

import json
from pathlib import Path

import numpy as np

# Order along the two element coordinates; None marks a triangle, whose nodes run in rows of falling length.
BASES = {"quad44": (3, 3), "quad55": (4, 4), "quad54": (4, 3), "tri10": (3, None), "tri15": (4, None)}


def lagrange(order, x):
    """Values of the 1D Lagrange polynomials at x in [0, 1]; shape (len(x), order + 1)."""
    nodes = np.linspace(0, 1, order + 1)
    values = np.ones((len(x), order + 1))
    for i in range(order + 1):
        for j in range(order + 1):
            if i != j:
                values[:, i] *= (x - nodes[j]) / (nodes[i] - nodes[j])
    return values


def quadrilateral(orders, u, v):
    """Tensor product basis, u fastest."""
    a, b = lagrange(orders[0], u), lagrange(orders[1], v)
    return (b[:, :, None] * a[:, None, :]).reshape(len(u), -1)


def triangle(order, u, v):
    """Lagrange basis of the triangle u, v >= 0, u + v <= 1, u fastest."""

    def rising(count, x):
        product = np.ones_like(x)
        for i in range(count):
            product = product * (order * x - i) / (i + 1)
        return product

    return np.stack(
        [
            rising(i, u) * rising(j, v) * rising(order - i - j, 1 - u - v)
            for j in range(order + 1)
            for i in range(order + 1 - j)
        ],
        axis=1,
    )


def read_elements(path):
    """Element types and the global node of every local node, numbered as the nodal parameters are."""
    mesh = json.loads(Path(path).read_text())
    types = [mesh["elements"][str(e)].split()[1] for e in range(mesh["element_counter"])]
    numbers, elements, count = {}, [], 0
    for e, kind in enumerate(types):
        p, q = BASES[kind]
        size = (p + 1) * (q + 1) if q else (p + 1) * (p + 2) // 2
        for local in range(size):
            shared = [tuple(map(int, s.split("_"))) for s in mesh["connectivity"][f"{e}_{local}"].split()]
            known = [numbers[s] for s in shared if s in numbers]
            numbers[e, local] = min(known) if known else count
            count += not known
        elements.append([numbers[e, local] for local in range(size)])
    if count != mesh["number_of_points"]:
        raise ValueError(f"{path}: {count} nodes numbered, {mesh['number_of_points']} declared")
    return types, elements


def tessellate(types, elements, nodes, density):
    """A matrix (vertices x nodes) that evaluates the surface, and its triangles; shared vertices are joined.

    The vertices are linear in the nodes, so the same matrix carries shape modes to the vertices.
    """
    rows, triangles, offset = [], [], 0
    for kind, ids in zip(types, elements):
        p, q = BASES[kind]
        if q:
            u, v = (a.ravel() for a in np.meshgrid(*[np.linspace(0, 1, density + 1)] * 2))
            basis = quadrilateral((p, q), u, v)
            grid = np.arange((density + 1) ** 2).reshape(density + 1, density + 1)
            a, b, c, d = (g.ravel() for g in (grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]))
            local = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
        else:
            index = {}
            for j in range(density + 1):
                for i in range(density + 1 - j):
                    index[i, j] = len(index)
            u, v = (np.array([key[axis] / density for key in index]) for axis in (0, 1))
            basis = triangle(p, u, v)
            local = []
            for j in range(density):
                for i in range(density - j):
                    local.append([index[i, j], index[i + 1, j], index[i, j + 1]])
                    if i + j < density - 1:
                        local.append([index[i + 1, j], index[i + 1, j + 1], index[i, j + 1]])
            local = np.array(local)
        full = np.zeros((len(basis), len(nodes)))
        np.add.at(full, (slice(None), ids), basis)
        rows.append(full)
        triangles.append(local + offset)
        offset += len(basis)
    matrix, triangles = np.concatenate(rows), np.concatenate(triangles)
    # Vertices on element edges occur once per element: join those at one place in the given shape.
    _, first, joined = np.unique(np.round(matrix @ nodes, 3), axis=0, return_index=True, return_inverse=True)
    triangles = joined.ravel()[triangles]
    a, b, c = triangles.T
    return matrix[first], triangles[(a != b) & (b != c) & (c != a)]
