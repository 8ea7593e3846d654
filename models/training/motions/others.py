"""Stairs, chair, knee bend and one-leg stance as key points: (phase, mean), spread and where they are from.

`found` numbers stand in a source that was read, `unverified` ones are known from the literature and to be looked up.
Angles in degrees, forces in body weights, moments in N m/kg with extensor and abductor positive, centre of pressure as a share
of foot length from the heel and of foot width (a tenth of leg length) outwards.
"""

V, F = "unverified", "found"
PROTOPAPADAKI = "Protopapadaki et al. 2007, Clin Biomech 22:203"
RIENER = "Riener, Rabuffetti and Frigo 2002, Gait Posture 15:32"
NADEAU = "Nadeau, McFadyen and Malouin 2003, Clin Biomech 18:950"
STACOFF = "Stacoff et al. 2005, Gait Posture 21:24"
YOSHIOKA = "Yoshioka et al. 2007, Biomed Eng Online 6:26"
FARQUHAR = "Farquhar, Kaufman and Snyder-Mackler 2009, Gait Posture 30:187"
SCHENKMAN = "Schenkman et al. 1990, Phys Ther 70:638"
OWN = "by symmetry or geometry of the task"


def symmetric(half):
    """A track whose second half is the first with its sign changed, as the pelvis of a symmetric gait."""
    return half + [(phase + 50, -value) for phase, value in half]


STAIRS_UP = {
    "duration": (1.45, 0.13),
    "foot_off": 65,
    "cycle": True,
    "advance": 0.57 / 0.9,  # two treads of 28.5 cm on a leg of 0.9 m
    "rise": 0.36 / 0.9,
    "tracks": {
        "pelvis_tilt": ([(0, -14), (25, -15), (50, -14), (75, -15)], 6, V, RIENER),
        "pelvis_list": (symmetric([(0, -5), (15, -5), (30, -1.5), (40, 2)]), 2.5, V, NADEAU),
        "pelvis_rotation": (symmetric([(0, 4), (25, 0)]), 4, V, NADEAU),
        "hip_flexion": ([(0, 58), (5, 57), (10, 53), (20, 41), (30, 29), (40, 17), (50, 8.5), (56, 6.5), (62, 11.5), (69, 28),
                         (77, 48), (84, 62), (89, 65.1), (95, 62)], 7.2, V, PROTOPAPADAKI + ": greatest 28.1 more than going "
                        "down; the curve between key points unverified"),
        "hip_adduction": ([(0, 1), (10, 6), (20, 8.5), (32, 5.5), (45, 0), (55, -4), (65, -7), (77, -6), (90, -3)], 3.5, V, NADEAU),
        "hip_rotation": ([(0, -4), (25, -4), (50, -5), (75, -3)], 8, V, NADEAU),
        "knee_flexion": ([(0, 64), (5, 64), (10, 60), (20, 46), (30, 31), (40, 19), (50, 11), (56, 11), (61, 20), (66, 38),
                          (71, 62), (76, 84), (81, 93.9), (86, 91), (92, 79), (97, 68)], 7.4, F, PROTOPAPADAKI + ": greatest "
                         "3.4 more than going down; the curve between key points unverified"),
        "ankle_dorsiflexion": ([(0, 11), (8, 16), (16, 17), (25, 15), (40, 9), (50, 5), (56, -5), (62, -19), (66, -24), (71, -16),
                                (78, -2), (85, 8), (93, 11)], 5, V, RIENER + "; " + PROTOPAPADAKI),
        "anterior": ([(0, 0), (4, -0.02), (12, -0.06), (20, -0.04), (30, 0.0), (40, 0.02), (50, 0.06), (56, 0.075), (61, 0.03),
                      (65, 0)], 0.025, V, RIENER),
        "vertical": ([(0, 0), (5, 0.30), (10, 0.72), (17, 1.02), (24, 0.95), (33, 0.80), (42, 0.92), (51, 1.12), (56, 0.92),
                      (61, 0.33), (65, 0)], 0.08, V, STACOFF),
        "lateral": ([(0, 0), (4, 0.0), (12, -0.045), (30, -0.04), (48, -0.05), (58, -0.025), (65, 0)], 0.015, V, STACOFF),
    },
    "pressure": [(0, 0.70), (8, 0.58), (20, 0.55), (40, 0.60), (50, 0.72), (58, 0.85), (65, 0.92)],
    "targets": {
        "extension": ([(8, 0.45), (14, 0.74), (20, 0.70), (28, 0.42), (36, 0.20), (44, 0.05), (52, -0.10), (58, -0.15)], 0.23, V,
                      PROTOPAPADAKI + "; " + RIENER),
        "abduction": ([(8, 0.45), (16, 0.80), (24, 0.72), (34, 0.56), (44, 0.62), (51, 0.66), (57, 0.35)], 0.15, V, NADEAU),
    },
}

STAIRS_DOWN = {
    "duration": (1.30, 0.13),
    "foot_off": 62,
    "cycle": True,
    "advance": 0.57 / 0.9,
    "rise": -0.36 / 0.9,
    "tracks": {
        "pelvis_tilt": ([(0, -10), (25, -9), (50, -10), (75, -9)], 6, V, RIENER),
        "pelvis_list": (symmetric([(0, 4), (12, -1), (25, -3), (40, -4)]), 2.5, V, NADEAU),
        "pelvis_rotation": (symmetric([(0, 3), (25, 1)]), 4, V, NADEAU),
        "hip_flexion": ([(0, 18), (8, 18), (16, 17), (26, 15), (36, 13.5), (46, 15), (54, 19.5), (62, 28), (70, 36), (75, 37),
                         (82, 33.5), (90, 24.5), (96, 18)], 7.8, V, PROTOPAPADAKI + ": greatest 28.1 less than going up; the curve "
                        "between key points unverified"),
        "hip_adduction": ([(0, -4), (8, 1), (16, 4), (28, 4), (40, 3), (50, 0), (60, -5), (72, -7), (86, -6)], 3.5, V, NADEAU),
        "hip_rotation": ([(0, -4), (25, -3), (50, -5), (75, -4)], 8, V, NADEAU),
        "knee_flexion": ([(0, 10), (5, 13), (12, 19), (20, 21.5), (28, 22.5), (36, 27), (44, 38), (51, 54), (58, 74), (64, 87),
                          (68, 90.5), (73, 84), (80, 58), (86, 33), (92, 14), (96, 9)], 7.1, F, PROTOPAPADAKI + ": greatest 3.4 "
                         "less than going up; the curve between key points unverified"),
        "ankle_dorsiflexion": ([(0, -23), (4, -14), (10, 4), (16, 12), (24, 16), (34, 19), (43, 22), (49, 23), (56, 16), (63, 1),
                                (72, -9), (82, -15), (90, -22), (96, -25)], 5, F, PROTOPAPADAKI + ": greatest 9.9 more than "
                               "going up; the curve between key points unverified"),
        "anterior": ([(0, 0), (4, -0.025), (11, -0.095), (18, -0.06), (28, -0.025), (38, 0.03), (50, 0.11), (56, 0.08), (62, 0)], 0.03,
                     V, RIENER),
        "vertical": ([(0, 0), (4, 0.45), (8, 1.05), (12, 1.40), (17, 1.15), (24, 0.85), (34, 0.74), (43, 0.83), (50, 0.88),
                      (56, 0.55), (62, 0)], 0.15, V, STACOFF),
        "lateral": ([(0, 0), (4, -0.02), (11, -0.075), (30, -0.045), (48, -0.055), (56, -0.03), (62, 0)], 0.02, V, STACOFF),
    },
    "pressure": [(0, 0.85), (6, 0.72), (14, 0.52), (25, 0.48), (38, 0.58), (50, 0.75), (57, 0.88), (62, 0.92)],
    "targets": {
        "extension": ([(6, 0.25), (10, 0.35), (16, 0.15), (24, 0.02), (34, -0.08), (44, -0.18), (52, -0.20), (57, -0.15)], 0.25,
                      V, PROTOPAPADAKI + ": 0.25 less than going up"),
        "abduction": ([(6, 0.50), (12, 0.95), (18, 0.85), (28, 0.62), (38, 0.56), (48, 0.60), (55, 0.35)], 0.18, V, NADEAU),
    },
}

# With both feet on the ground all the while, the ankle follows from a foot that lies flat.
_RISE_HIP = [(0, 68), (10, 70), (20, 79), (30, 89), (37, 93), (44, 90), (52, 79), (60, 62), (70, 40), (80, 23), (90, 12), (100, 10)]
_RISE_TILT = [(0, 12), (10, 9), (20, 0), (30, -10), (37, -14), (44, -17), (52, -18), (60, -18), (70, -16), (80, -13), (90, -11),
              (100, -10)]
_RISE_KNEE = [(0, 96), (30, 97), (36, 96), (42, 91), (50, 78), (60, 57), (70, 35), (80, 17), (90, 8), (100, 5)]


def _back(keys):
    return [(100 - phase, value) for phase, value in reversed(keys)]


_BOTH_FEET = {
    "pelvis_list": ([(0, 0), (100, 0)], 1.5, V, OWN),
    "pelvis_rotation": ([(0, 0), (100, 0)], 2, V, OWN),
    "hip_rotation": ([(0, -4), (100, -4)], 8, V, OWN),
}

CHAIR_RISE = {
    "duration": (2.0, 0.3),
    "seat": [0, 37],
    "planted": True,
    "tracks": {
        **_BOTH_FEET,
        "pelvis_tilt": (_RISE_TILT, 8, V, SCHENKMAN),
        "hip_flexion": (_RISE_HIP, 9, V, FARQUHAR + ": greatest 87 to 91; the curve between key points unverified"),
        "hip_adduction": ([(0, -5), (40, -5), (100, -2)], 4, V, OWN),
        "knee_flexion": (_RISE_KNEE, 8, V, FARQUHAR + ": 84; here the feet are drawn back"),
        "anterior": ([(0, 0), (25, 0.01), (32, 0.02), (38, -0.015), (45, -0.05), (55, -0.03), (75, 0), (100, 0)], 0.015, V, SCHENKMAN),
        "vertical": ([(0, 0.10), (22, 0.11), (30, 0.24), (36, 0.48), (42, 0.60), (50, 0.55), (60, 0.48), (70, 0.45), (80, 0.47),
                      (90, 0.50), (100, 0.50)], 0.04, V, SCHENKMAN),
        "lateral": ([(0, 0), (30, -0.01), (42, -0.03), (60, -0.025), (100, -0.015)], 0.015, V, OWN),
    },
    "pressure": [(0, 0.35), (30, 0.30), (38, 0.27), (48, 0.38), (60, 0.45), (100, 0.45)],
    "targets": {
        "extension": ([(38, 0.92), (43, 0.95), (50, 0.78), (60, 0.48), (70, 0.24), (80, 0.11), (90, 0.05), (100, 0.03)], 0.25, V,
                      YOSHIOKA + ": hip and knee 1.53 together at least; Arch Phys Med Rehabil 1993 74:1095: hip 0.7 at least"),
        "abduction": ([(38, 0.05), (50, 0.05), (70, 0.02), (100, 0.0)], 0.15, V, OWN),
    },
}

SITTING_DOWN = {
    "duration": (2.2, 0.4),
    "seat": [66, 100],
    "planted": True,
    "tracks": {
        **_BOTH_FEET,
        "pelvis_tilt": (_back(_RISE_TILT), 8, V, SCHENKMAN),
        "hip_flexion": (_back(_RISE_HIP), 9, V, FARQUHAR),
        "hip_adduction": (_back([(0, -5), (40, -5), (100, -2)]), 4, V, OWN),
        "knee_flexion": (_back(_RISE_KNEE), 8, V, FARQUHAR),
        "anterior": ([(0, 0), (25, -0.005), (45, -0.03), (58, -0.035), (66, -0.015), (80, 0), (100, 0)], 0.015, V, OWN),
        "vertical": ([(0, 0.50), (10, 0.49), (22, 0.46), (34, 0.47), (46, 0.51), (56, 0.54), (63, 0.50), (70, 0.28), (78, 0.13),
                      (100, 0.10)], 0.04, V, OWN),
        "lateral": ([(0, -0.015), (40, -0.025), (58, -0.03), (70, -0.01), (100, 0)], 0.015, V, OWN),
    },
    "pressure": [(0, 0.45), (40, 0.44), (52, 0.38), (64, 0.28), (75, 0.32), (100, 0.35)],
    "targets": {
        "extension": ([(0, 0.03), (10, 0.05), (20, 0.10), (30, 0.22), (40, 0.46), (50, 0.70), (57, 0.82), (63, 0.80)], 0.25, V,
                      YOSHIOKA),
        "abduction": ([(0, 0), (30, 0.02), (50, 0.05), (62, 0.05)], 0.15, V, OWN),
    },
}

_BEND_HIP = [(0, 10), (10, 20), (20, 42), (30, 65), (40, 82), (50, 88)]
_BEND_TILT = [(0, -10), (10, -13), (20, -18), (30, -21), (40, -22), (50, -22)]
_BEND_KNEE = [(0, 5), (10, 17), (20, 41), (30, 67), (40, 88), (50, 95)]


def _there_and_back(keys):
    return keys + _back(keys)[1:]


KNEE_BEND = {
    "duration": (4.0, 0.8),
    "planted": True,
    "tracks": {
        **_BOTH_FEET,
        "pelvis_tilt": (_there_and_back(_BEND_TILT), 8, V, "Lorenzetti et al. 2018, BMC Sports Sci Med Rehabil 10:14"),
        "hip_flexion": (_there_and_back(_BEND_HIP), 9, V, "Lorenzetti et al. 2018; to a thigh a third above the level"),
        "hip_adduction": (_there_and_back([(0, -3), (25, -6), (50, -8)]), 4, V, OWN),
        "knee_flexion": (_there_and_back(_BEND_KNEE), 9, V, "Lorenzetti et al. 2018; to a thigh a third above the level"),
        "anterior": ([(0, 0), (100, 0)], 0.01, V, OWN),
        "vertical": ([(0, 0.50), (8, 0.47), (18, 0.47), (32, 0.505), (50, 0.535), (68, 0.515), (80, 0.49), (90, 0.485), (100, 0.50)],
                     0.03, V, OWN),
        "lateral": (_there_and_back([(0, -0.015), (25, -0.03), (50, -0.04)]), 0.015, V, OWN),
    },
    "pressure": _there_and_back([(0, 0.45), (25, 0.46), (50, 0.46)]),
    "targets": {
        "extension": (_there_and_back([(0, 0.03), (10, 0.06), (20, 0.18), (30, 0.42), (40, 0.62), (50, 0.70)]), 0.20, V,
                      "Lorenzetti et al. 2018"),
        "abduction": (_there_and_back([(0, 0), (25, 0.02), (50, 0.05)]), 0.15, V, OWN),
    },
}

# Bergmann's "standing on two, one, two legs": the weight goes over to this leg, is held there, and goes back.
ONE_LEG_STANCE = {
    "duration": (6.7, 1.0),
    "planted": True,
    "tracks": {
        "pelvis_tilt": ([(0, -10), (100, -10)], 6, V, OWN),
        "pelvis_list": ([(0, 0), (26, -0.9), (36, -1), (50, -1), (64, -1), (74, -0.9), (100, 0)], 2, V, OWN),
        "pelvis_rotation": ([(0, 0), (100, 0)], 3, V, OWN),
        "hip_flexion": ([(0, 9), (100, 9)], 5, V, OWN),
        "hip_adduction": ([(0, -2), (14, 2), (26, 5.5), (32, 6), (50, 6), (68, 6), (74, 5.5), (86, 2), (100, -2)], 3, V, OWN),
        "hip_rotation": ([(0, -4), (100, -4)], 8, V, OWN),
        "knee_flexion": ([(0, 4), (28, 4), (72, 4), (100, 4)], 4, V, OWN),
        "anterior": ([(0, 0), (100, 0)], 0.005, V, OWN),
        "vertical": ([(0, 0.50), (6, 0.50), (16, 0.82), (26, 1.0), (50, 1.0), (74, 1.0), (84, 0.82), (94, 0.50), (100, 0.50)], 0.01, V,
                     "all of the weight is on one leg"),
        "lateral": ([(0, -0.015), (14, -0.01), (28, 0), (72, 0), (86, -0.01), (100, -0.015)], 0.01, V, OWN),
    },
    "pressure": [(0, 0.45), (28, 0.48), (72, 0.48), (100, 0.45)],
    "targets": {
        "extension": ([(0, 0.03), (28, 0.05), (72, 0.05), (100, 0.03)], 0.15, V, OWN),
        "abduction": ([(0, 0.05), (26, 0.76), (50, 0.76), (74, 0.76), (100, 0.05)], 0.12, V, "the weight less that of the leg, from "
                      "the middle of the body"),
    },
}

ALL = {
    "stairs_up": STAIRS_UP,
    "stairs_down": STAIRS_DOWN,
    "chair_rise": CHAIR_RISE,
    "sitting_down": SITTING_DOWN,
    "knee_bend": KNEE_BEND,
    "one_leg_stance": ONE_LEG_STANCE,
}

# Level walking beside what `walking.py` holds.
WALKING = {
    "duration": (1.10, 0.08),
    "foot_off": 63,
    "cycle": True,
    "advance": 1.32 / 0.9,  # 1.2 m/s on a leg of 0.9 m
    "rise": 0.0,
    "tracks": {
        "anterior": ([(0, 0), (3, -0.04), (8, -0.13), (12, -0.17), (16, -0.145), (20, -0.10), (24, -0.065), (28, -0.035), (32, -0.01),
                      (36, 0.02), (40, 0.06), (44, 0.11), (48, 0.165), (52, 0.20), (55, 0.18), (58, 0.10), (61, 0.02), (63, 0)], 0.03,
                     V, "Winter 1991; the shape as in the walk of OpenSim's subject01"),
        "lateral": ([(0, 0), (3, 0.02), (7, -0.02), (12, -0.05), (20, -0.05), (30, -0.04), (40, -0.045), (48, -0.055), (54, -0.04),
                     (59, -0.01), (63, 0)], 0.015, V, "Winter 1991; the shape as in the walk of OpenSim's subject01"),
    },
    "pressure": [(0, 0.05), (5, 0.15), (12, 0.30), (20, 0.40), (30, 0.50), (40, 0.62), (50, 0.75), (58, 0.87), (63, 0.95)],
}
