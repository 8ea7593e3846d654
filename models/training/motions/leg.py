"""A leg of three segments by which tracks are checked and lines of action found.

Frames and signs as in coxa-geometry: X anterior, Y superior, Z to the right, a right leg. Proportions of the leg by stature
(Drillis and Contini 1966), masses, mass centres and radii of gyration (Dempster 1955), both as tabulated by Winter 2009,
Biomechanics and Motor Control of Human Movement, 4th ed., chapter 4.
"""

import numpy as np

LEG = 0.9  # hip centre to floor, m: the one for which durations are given
STATURE = LEG / (0.245 + 0.246 + 0.039)
THIGH, SHANK, ANKLE, FOOT = (STATURE * share for share in (0.245, 0.246, 0.039, 0.152))
HEEL = 0.25 * FOOT  # how far the heel lies behind the ankle
HALF = 0.0945 * LEG  # from the middle between the hips to the hip
MASS = {"thigh": 0.100, "shank": 0.0465, "foot": 0.0145}  # of body mass
CENTRE = {"thigh": 0.433, "shank": 0.433, "foot": 0.5}  # from the proximal end
GYRATION = {"thigh": 0.323, "shank": 0.302, "foot": 0.475}  # of the length, about the mass centre
G = 9.81


def turn(axis, degrees):
    a = np.radians(degrees)
    c, s, one, zero = np.cos(a), np.sin(a), np.ones_like(a), np.zeros_like(a)
    rows = {
        "x": [[one, zero, zero], [zero, c, -s], [zero, s, c]],
        "y": [[c, zero, s], [zero, one, zero], [-s, zero, c]],
        "z": [[c, -s, zero], [s, c, zero], [zero, zero, one]],
    }[axis]
    return np.moveaxis(np.array(rows), -1, 0)


def pose(q, mid_hip):
    """Turns and places of the segments at each moment; `q` maps tracks in degrees."""
    pelvis = turn("z", q["pelvis_tilt"]) @ turn("x", q["pelvis_list"]) @ turn("y", q["pelvis_rotation"])
    first = pelvis @ turn("z", q["hip_flexion"])
    second = first @ turn("x", q["hip_adduction"])
    thigh = second @ turn("y", q["hip_rotation"])
    shank = thigh @ turn("z", -q["knee_flexion"])
    foot = shank @ turn("z", q["ankle_dorsiflexion"])
    hip = mid_hip + pelvis @ np.array([0, 0, HALF])
    knee = hip + thigh @ np.array([0, -THIGH, 0])
    ankle = knee + shank @ np.array([0, -SHANK, 0])
    axes = {"flexion": pelvis[:, :, 2], "adduction": first[:, :, 0], "rotation": thigh[:, :, 1]}
    places = {"hip": hip, "knee": knee, "ankle": ankle}
    return {"pelvis": pelvis, "thigh": thigh, "shank": shank, "foot": foot}, places, axes


def rate(values, step, is_cycle):
    if is_cycle:
        return (np.roll(values, -1, 0) - np.roll(values, 1, 0)) / (2 * step)
    return np.gradient(values, step, axis=0)


def spin(turns, step, is_cycle):
    """Angular velocity in the room."""
    skew = rate(turns, step, is_cycle) @ np.swapaxes(turns, 1, 2)
    return np.stack([skew[:, 2, 1], skew[:, 0, 2], skew[:, 1, 0]], -1)


def moments(q, mid_hip, force, point, free, step, is_cycle):
    """Net internal moments in N m/kg along the coordinates (flexion, adduction, internal rotation of the hip; flexion of the
    knee; dorsiflexion of the ankle), and the force of the pelvis on the thigh in N/kg, by Newton and Euler from the foot up.

    `force` in N/kg acts at `point` in the room, `free` N m/kg about the vertical. `mid_hip` may leave out a constant velocity.
    """
    turns, at, axes = pose(q, mid_hip)
    forward = turns["foot"] @ np.array([1.0, 0, 0])
    down = lambda name: -turns[name][:, :, 1]
    centres = {
        "thigh": at["hip"] + CENTRE["thigh"] * THIGH * down("thigh"),
        "shank": at["knee"] + CENTRE["shank"] * SHANK * down("shank"),
        "foot": at["ankle"] + (CENTRE["foot"] * FOOT - HEEL) * forward + ANKLE / 2 * down("foot"),
    }
    lengths = {"thigh": THIGH, "shank": SHANK, "foot": FOOT}
    force_on, moment_on, acts_at = force.copy(), np.zeros_like(force), point
    moment_on[:, 1] = free
    out = {}
    for name, joint in (("foot", "ankle"), ("shank", "knee"), ("thigh", "hip")):
        centre, mass = centres[name], MASS[name]
        acceleration = rate(rate(centre, step, is_cycle), step, is_cycle)
        omega = spin(turns[name], step, is_cycle)
        inertia = mass * (GYRATION[name] * lengths[name]) ** 2  # slender: none about its own axis
        along = forward if name == "foot" else down(name)
        across = omega - np.sum(omega * along, 1, keepdims=True) * along
        momentum = inertia * rate(across, step, is_cycle)
        # What holds the segment at its upper joint.
        up = mass * (acceleration + np.array([0, G, 0])) - force_on
        moment = momentum - moment_on - np.cross(acts_at - at[joint], force_on) + np.cross(
            centre - at[joint], mass * (acceleration + np.array([0, G, 0]))
        )
        out[joint] = moment
        force_on, moment_on, acts_at = -up, -moment, at[joint]
    result = {f"hip_{name}": np.sum(out["hip"] * axis, 1) for name, axis in axes.items()}
    result["knee_flexion"] = -np.sum(out["knee"] * turns["thigh"][:, :, 2], 1)
    result["ankle_dorsiflexion"] = np.sum(out["ankle"] * turns["shank"][:, :, 2], 1)
    return result, up, at, turns
