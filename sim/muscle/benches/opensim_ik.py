"""What OpenSim's Scale Tool and inverse kinematics make of made-up marker trials: python3 opensim_ik.py MODELS OUT

Needs the wheel of OpenSim (`pip install opensim==4.6`). MODELS is a folder with the model files of opensim-org/opensim-models that `TRIALS` names; OUT is made. For each model a
static trial of a person with other proportions and a moving trial with noise, a slow drift and gaps are computed from its own markers, and OpenSim's tools run on them.
`coxa verify opensim-ik OUT` runs ours on the same files and compares.
"""

import os
import sys
from pathlib import Path

import numpy as np
import opensim

RATE_HZ = 60.0
FRAMES = 120
NOISE_MM = 3.0
DRIFT_MM = 8.0
STATIC_FRAMES = 30
# Name, model, model whose markers are taken where it has none of its own, bodies with the markers between which each is measured.
TRIALS = [
    ("gait2392", "generic/gait2392_thelen2003muscle.osim", "gait2392-inverse-dynamics/subject01_simbody.osim", {
        "pelvis": ("R.ASIS L.ASIS", "X Y Z", 1.06),
        "femur_r": ("R.ASIS R.Knee.Lat", "Y", 0.94),
        "femur_l": ("L.ASIS L.Knee.Lat", "Y", 0.94),
        "tibia_r": ("R.Knee.Lat R.Ankle.Lat", "X Y Z", 1.05),
        "tibia_l": ("L.Knee.Lat L.Ankle.Lat", "X Y Z", 1.05),
        "torso": ("R.Acromium L.Acromium", "X Z", 1.08),
    }),
    ("rajagopal", "generic/Rajagopal2016.osim", None, {
        "pelvis": ("RASI LASI", "X Y Z", 0.95),
        "femur_r": ("RASI RLFC", "Y", 1.07),
        "femur_l": ("LASI LLFC", "Y", 1.07),
        "tibia_r": ("RLFC RLMAL", "X Y Z", 0.93),
        "tibia_l": ("LLFC LLMAL", "X Y Z", 0.93),
        "torso": ("RACR LACR", "X Z", 1.04),
    }),
]
# Coordinates that are held near a value, with their weight; where the model has them.
HELD = {"subtalar_angle_r": 0.1, "subtalar_angle_l": 0.1, "mtp_angle_r": 1.0, "mtp_angle_l": 1.0}
MANUAL = {"lumbar_bending": (0.05, 0.02)}


def markers_of(model):
    return [model.getMarkerSet().get(n) for n in range(model.getMarkerSet().getSize())]


def places(model, state):
    model.realizePosition(state)
    return {m.getName(): np.array([m.getLocationInGround(state)[axis] for axis in range(3)]) for m in markers_of(model)}


def write_trc(path, names, frames):
    head = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{RATE_HZ}\t{RATE_HZ}\t{len(frames)}\t{len(names)}\tmm\t{RATE_HZ}\t1\t{len(frames)}",
        "Frame#\tTime\t" + "\t".join(f"{name}\t\t" for name in names),
        "\t\t" + "\t".join(f"X{n}\tY{n}\tZ{n}" for n in range(1, len(names) + 1)),
        "",
    ]
    for n, frame in enumerate(frames):
        cells = [str(n + 1), f"{n / RATE_HZ:.6f}"]
        for name in names:
            at = frame.get(name)
            cells += ["", "", ""] if at is None else [f"{1000 * x:.5f}" for x in at]
        head.append("\t".join(cells))
    path.write_text("\n".join(head) + "\n")


def pose(model, state, random, phase):
    """Coordinates within their ranges, moving with a phase; those that follow others are put there by the model."""
    for n in range(model.getCoordinateSet().getSize()):
        c = model.getCoordinateSet().get(n)
        if c.getLocked(state) or c.isDependent(state):
            continue
        amplitude = random.uniform(0.05, 0.35)
        turn = 2 * np.pi * random.uniform()
        low, high = max(c.getRangeMin(), -2.0), min(c.getRangeMax(), 2.0)
        middle = c.getDefaultValue()
        value = middle + amplitude * np.sin(2 * np.pi * phase + turn)
        c.setValue(state, float(np.clip(value, low + 0.02, high - 0.02)), False)
    model.assemble(state)


def tasks(model, weights):
    text = ""
    for name, weight in weights.items():
        text += f'<IKMarkerTask name="{name}"><apply>true</apply><weight>{weight}</weight></IKMarkerTask>\n'
    names = {model.getCoordinateSet().get(n).getName() for n in range(model.getCoordinateSet().getSize())}
    for name, weight in HELD.items():
        if name in names:
            text += f'<IKCoordinateTask name="{name}"><apply>true</apply><weight>{weight}</weight><value_type>default_value</value_type></IKCoordinateTask>\n'
    for name, (weight, value) in MANUAL.items():
        if name in names:
            text += f'<IKCoordinateTask name="{name}"><apply>true</apply><weight>{weight}</weight><value_type>manual_value</value_type><value>{value}</value></IKCoordinateTask>\n'
    return f"<IKTaskSet><objects>\n{text}</objects></IKTaskSet>"


def trial(models, out, name, file, markers_from, measurements):
    folder = out / name
    folder.mkdir(parents=True)
    # Its tools look for files from here.
    os.chdir(folder)
    model = opensim.Model(str(models / file))
    if markers_from:
        donor = opensim.Model(str(models / markers_from))
        for marker in markers_of(donor):
            copy = marker.clone()
            model.addMarker(copy)
    model.finalizeConnections()
    model.printToXML(str(folder / "model.osim"))
    model = opensim.Model(str(folder / "model.osim"))
    state = model.initSystem()
    random = np.random.default_rng(7)
    names = [m.getName() for m in markers_of(model)]
    weights = {n: [1, 2, 5, 10][k % 4] for k, n in enumerate(names) if k % 9 != 8}

    # A moving trial: each coordinate has a phase and an amplitude of its own.
    frames = []
    for n in range(FRAMES):
        pose(model, state, np.random.default_rng(3), n / FRAMES)
        drift = DRIFT_MM * 1e-3 * np.sin(2 * np.pi * n / FRAMES)
        found = places(model, state)
        frame = {}
        for k, (marker, at) in enumerate(found.items()):
            is_gap = k % 7 == 1 and 40 <= n < 60
            frame[marker] = None if is_gap else at + random.normal(0, NOISE_MM * 1e-3, 3) + drift * np.array([k % 3 == a for a in range(3)])
        frames.append(frame)
    write_trc(folder / "trial.trc", names, frames)
    (folder / "ik.xml").write_text(
        f'<OpenSimDocument Version="40000"><InverseKinematicsTool name="{name}">\n<model_file>model.osim</model_file><constraint_weight>Inf</constraint_weight><accuracy>1e-9</accuracy>\n'
        f"{tasks(model, weights)}\n<marker_file>trial.trc</marker_file><coordinate_file></coordinate_file><time_range>0.1 1.8</time_range><report_errors>true</report_errors>\n"
        "<output_motion_file>opensim_ik.mot</output_motion_file></InverseKinematicsTool></OpenSimDocument>\n")
    opensim.InverseKinematicsTool("ik.xml").run()

    # A static trial of a person of other proportions: the markers of each body are moved away from its middle.
    state = model.initSystem()
    pose(model, state, np.random.default_rng(5), 0.1)
    found = places(model, state)
    person = opensim.Model(str(folder / "model.osim"))
    factors = {body: factor for body, (_, _, factor) in measurements.items()}
    for marker in markers_of(person):
        factor = factors.get(marker.getParentFrame().getName(), 1.0)
        at = marker.get_location()
        marker.set_location(opensim.Vec3(*[float(at[axis]) * factor for axis in range(3)]))
    state = person.initSystem()
    pose(person, state, np.random.default_rng(5), 0.1)
    found = places(person, state)
    statics = [{m: at + random.normal(0, 1e-3, 3) for m, at in found.items()} for _ in range(STATIC_FRAMES)]
    write_trc(folder / "static.trc", names, statics)
    measured = "".join(
        f'<Measurement name="{body}"><apply>true</apply><MarkerPairSet><objects><MarkerPair><markers> {pair} </markers></MarkerPair></objects></MarkerPairSet>'
        f'<BodyScaleSet><objects><BodyScale name="{body}"><axes> {axes} </axes></BodyScale></objects></BodyScaleSet></Measurement>\n'
        for body, (pair, axes, _) in measurements.items())
    (folder / "scale.xml").write_text(
        f'<OpenSimDocument Version="40000"><ScaleTool name="{name}_person"><mass>68.5</mass><height>-1</height>\n<GenericModelMaker><model_file>model.osim</model_file></GenericModelMaker>\n'
        f"<ModelScaler><apply>true</apply><scaling_order> measurements manualScale</scaling_order><MeasurementSet><objects>\n{measured}</objects></MeasurementSet>\n"
        "<ScaleSet><objects><Scale><scales> 1.1 1.02 0.97</scales><segment>calcn_r</segment><apply>true</apply></Scale></objects></ScaleSet>\n"
        "<marker_file>static.trc</marker_file><time_range> 0.05 0.4</time_range><preserve_mass_distribution>true</preserve_mass_distribution>\n"
        "<output_model_file>opensim_scaled_only.osim</output_model_file></ModelScaler>\n"
        f"<MarkerPlacer><apply>true</apply>{tasks(model, weights)}<marker_file>static.trc</marker_file><time_range> 0.05 0.4</time_range>\n"
        "<output_motion_file>opensim_static.mot</output_motion_file><output_model_file>opensim_scaled.osim</output_model_file><max_marker_movement>-1</max_marker_movement></MarkerPlacer>\n"
        "</ScaleTool></OpenSimDocument>\n")
    opensim.ScaleTool("scale.xml").run()

    # Its MarkerPlacer stops before it is at the minimum; here the same pose by the tool that can be told to go on.
    inside = [s for n, s in enumerate(statics) if 0.05 - 1e-9 <= n / RATE_HZ <= 0.4 + 1e-9]
    mean = {m: np.mean([frame[m] for frame in inside], axis=0) for m in names}
    write_trc(folder / "static_mean.trc", names, [mean, mean])
    (folder / "static_ik.xml").write_text(
        f'<OpenSimDocument Version="40000"><InverseKinematicsTool name="{name}_static">\n<model_file>opensim_scaled_only.osim</model_file><constraint_weight>Inf</constraint_weight>'
        f"<accuracy>1e-9</accuracy>\n{tasks(model, weights)}\n<marker_file>static_mean.trc</marker_file><coordinate_file></coordinate_file><time_range>0 0.02</time_range>\n"
        "<report_errors>false</report_errors><output_motion_file>opensim_static_ik.mot</output_motion_file></InverseKinematicsTool></OpenSimDocument>\n")
    opensim.InverseKinematicsTool("static_ik.xml").run()


def main():
    models, out = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    opensim.Logger.setLevelString("error")
    for name, file, markers_from, measurements in TRIALS:
        trial(models, out, name, file, markers_from, measurements)
        print(name, flush=True)


if __name__ == "__main__":
    main()
