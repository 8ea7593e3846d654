"""The people whose muscles make the atlas: how their files name and lay them."""

from dataclasses import dataclass
from pathlib import Path

import trimesh

# Muscle, structure of the program that it belongs to, file, triangles that are kept.
MUSCLES = [
    ("gluteus_maximus", "gluteus_maximus", "GluteusMaximus", 4000),
    ("gluteus_medius", "gluteus_medius", "GluteusMedius", 4000),
    ("gluteus_minimus", "gluteus_minimus", "GluteusMinimus", 3000),
    ("tensor_fasciae_latae", "tensor_fasciae_latae", "TensorFasciaeLatae", 1500),
    ("iliacus", "iliacus", "Illiacus", 3000),
    ("psoas_major", "psoas_major", "PsoasMajor", 3000),
    ("obturator_externus", "obturator_externus", "ObturatorExternus", 2000),
    ("obturator_internus", "obturator_internus", "ObturatorInternus", 2500),
    ("pectineus", "pectineus", "Pectineus", 2000),
    ("piriformis", "piriformis", "Piriformis", 1500),
    ("superior_gemellus", "superior_gemellus", "SuperiorGemellus", 400),
    ("inferior_gemellus", "inferior_gemellus", "InferiorGemellus", 500),
    ("quadratus_femoris", "quadratus_femoris", "QuadratusFemoris", 1000),
    ("adductor_longus", "adductor_longus", "AdductorLongus", 1500),
    ("adductor_brevis", "adductors", "AdductorBrevis", 1500),
    ("adductor_magnus", "adductors", "AdductorMagnus", 3000),
    ("gracilis", "gracilis", "Gracilis", 1500),
    ("sartorius", "sartorius", "Sartorius", 2000),
    ("rectus_femoris", "rectus_femoris", "RectusFemoris", 1500),
    ("vastus_medialis", "vastus_medialis", "VastusMedialis", 2500),
    ("vastus_lateralis", "vastus_lateralis_and_intermedius", "VastusLateralis", 3000),
    ("vastus_intermedius", "vastus_lateralis_and_intermedius", "VastusIntermedius", 3000),
    ("biceps_femoris_long", "biceps_femoris", "BicepsFemorisLong", 1500),
    ("biceps_femoris_short", "biceps_femoris", "BicepsFemorisShort", 1500),
    ("semimembranosus", "semimembranosus", "Semimembranosus", 2000),
    ("semitendinosus", "semitendinosus", "Semitendinosus", 1500),
]


@dataclass
class Member:
    """A person: what the files begin with, and the signs that make a right side in LPS axes of their left one."""

    name: str
    prefix: str
    signs: tuple
    renamed: dict

    def load(self, folder, name):
        """A surface as a right one in LPS axes, mm."""
        mesh = trimesh.load(Path(folder) / f"{self.prefix}_Left_{self.renamed.get(name, name)}_smooth.stl")
        return trimesh.Trimesh(mesh.vertices * self.signs, mesh.faces[:, ::-1], process=False)


MEMBERS = [
    # x to the right, y forwards, z to the head.
    Member("woman", "VHF", (1, -1, 1), {}),
    # x to the left, y forwards, z to the feet.
    Member(
        "man", "VHM", (-1, -1, -1),
        {"Muscle_BicepsFemorisLong": "Muscle_BicepsFemorisLongus", "Muscle_Semitendinosus": "Muscle_Semitendonosus"},
    ),
]


def member_of(folder):
    """Who a folder holds."""
    for member in MEMBERS:
        if any(Path(folder).glob(f"{member.prefix}_Left_*_smooth.stl")):
            return member
    raise SystemExit(f"{folder}: no surfaces of {' or '.join(m.prefix for m in MEMBERS)}, such as VHF_Left_Bone_Sacrum_smooth.stl")
