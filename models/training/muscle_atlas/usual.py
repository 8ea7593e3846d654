"""Where a usual person lies between the two of the atlas, muscle by muscle.

Of two people, one may have a large minimus and the other a small one for their size. Halfway between them is no usual person; many people have been
measured, whose muscles have the parts below of all of the leg's.
"""

import numpy as np
import trimesh

# Part of the volume of all muscles of the leg, mean of 24 people (Handsfield 2014, J Biomech 47:631, supplement, as quoted by public programs).
PARTS = {
    "gluteus_maximus": 0.1193,
    "gluteus_medius": 0.0454,
    "gluteus_minimus": 0.0147,
    "tensor_fasciae_latae": 0.0089,
    "iliacus": 0.0248,
    "psoas_major": 0.0380,
    "piriformis": 0.0061,
    "adductor_longus": 0.0226,
    "adductor_brevis": 0.0147,
    "adductor_magnus": 0.0786,
    "gracilis": 0.0146,
    "sartorius": 0.0229,
    "rectus_femoris": 0.0379,
    "vastus_medialis": 0.0606,
    "vastus_lateralis": 0.1166,
    "vastus_intermedius": 0.0384,
    "biceps_femoris_long": 0.0292,
    "biceps_femoris_short": 0.0140,
    "semimembranosus": 0.0346,
    "semitendinosus": 0.0260,
}


def usual(names, middles, differences, bows, triangles):
    """Of each muscle, where between the first person (-1) and the second (1) it has its usual part of what all measured ones have halfway between."""
    def volume(n, member):
        vertices = middles[n] + member * differences[n] + member**2 * bows[n]
        return trimesh.Trimesh(vertices, triangles[n], process=False).volume

    known = [n for n, name in enumerate(names) if name in PARTS]
    whole = sum(volume(n, 0) for n in known) / sum(PARTS[names[n]] for n in known)
    members = np.linspace(-1, 1, 21)
    places = np.zeros(len(names))
    for n in known:
        off = [abs(volume(n, member) - whole * PARTS[names[n]]) for member in members]
        places[n] = members[int(np.argmin(off))]
    return places.round(1)
