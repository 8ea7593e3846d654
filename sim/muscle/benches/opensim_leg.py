"""What OpenSim and MuJoCo make of our leg in our motion: python3 opensim_leg.py LEG NAME MASS_KG OUT

Needs the wheels of OpenSim and SciPy (`pip install opensim==4.6 scipy`), and, for lengths beside, MuJoCo (`pip install mujoco==4.0.0`). LEG is the folder `as_planned` or
`as_scanned` that `coxa load CASE --activity NAME --weight MASS_KG -o DIR` wrote; OUT is made. Three things are computed and written as tables:

    opensim_muscles.csv    length, moment arms about the hip and the way along which each muscle presses it, and force at full activation, by OpenSim
    opensim_hip.csv        force of the pelvis on the femur along the axes of the pelvis: `tool_` by OpenSim's static optimisation and JointReaction, which spares
                           activations alone; `alone_` the same problem and `both_` that of Coxa, with the square of the hip's force over body weight besides, by SciPy
                           on OpenSim's inverse dynamics, arms and forces
    mujoco_muscles.csv     length and moment arms of the same lines by MuJoCo

`coxa verify leg-peers OUT` computes the same with our own code and compares.
"""

import csv
import os
import shutil
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import opensim
from scipy.optimize import lsq_linear

APART = [f"femur_r_apart_{axis}" for axis in "xyz"]
HIP = ["hip_flexion_r", "hip_adduction_r", "hip_rotation_r"]
# Coordinates that muscles hold; what they cannot bear is dear: N m at a control of one.
BORNE = HIP + ["knee_angle_r", "ankle_angle_r"]
RESERVE_N_M = 1.0
# What stands for the rest of the body, and joints that the activity keeps still: as good as free.
HOLD = 1e5
GRAVITY = 9.80665
# A weight of the hip's force that is as good as none.
FREE = 1e-9


def open_hip(source, target):
    """The leg with a hip that can come apart along three axes, so that the force in it is a generalised force."""
    tree = ET.parse(source)
    joint = next(j for j in tree.iter("CustomJoint") if j.get("name") == "hip_r")
    coordinates = joint.find("coordinates")
    for n, name in enumerate(APART):
        coordinate = ET.SubElement(coordinates, "Coordinate", name=name)
        ET.SubElement(coordinate, "default_value").text = "0"
        ET.SubElement(coordinate, "range").text = "-1 1"
        axis = next(a for a in joint.iter("TransformAxis") if a.get("name") == f"translation{n + 1}")
        axis.find("coordinates").text = name
        axis.remove(axis.find("Constant"))
        function = ET.SubElement(axis, "LinearFunction", name="function")
        ET.SubElement(function, "coefficients").text = "1 0"
    tree.write(target)


def priced(source, target):
    """The leg whose actuators are dear on coordinates that muscles hold and as good as free on all others."""
    tree = ET.parse(source)
    for actuator in tree.iter("CoordinateActuator"):
        is_borne = actuator.find("coordinate").text in BORNE
        actuator.find("optimal_force").text = str(RESERVE_N_M if is_borne else HOLD)
        actuator.find("min_control").text, actuator.find("max_control").text = "-1000", "1000"
    tree.write(target)


def table(path):
    """Columns of a storage file, by name."""
    lines = path.read_text().splitlines()
    start = next(n for n, line in enumerate(lines) if line.strip() == "endheader")
    names = lines[start + 1].split("\t")
    rows = np.array([[float(x) for x in line.split()] for line in lines[start + 2:] if line.strip()])
    return {name.strip(): rows[:, n] for n, name in enumerate(names)}


def inverse_dynamics(out, name, span):
    tool = opensim.InverseDynamicsTool()
    tool.setModelFileName("open.osim")
    tool.setCoordinatesFileName(f"{name}_motion.mot")
    tool.setExternalLoadsFileName(f"{name}_external_loads.xml")
    tool.setLowpassCutoffFrequency(-1)
    tool.setStartTime(span[0])
    tool.setEndTime(span[1])
    tool.setResultsDir(str(out))
    tool.setOutputGenForceFileName("opensim_id.sto")
    nothing = opensim.ArrayStr()
    nothing.append("Muscles")
    nothing.append("Actuators")
    tool.setExcludedForces(nothing)
    tool.run()
    return table(out / "opensim_id.sto")


def analyse(out, name, span, what, forces=None):
    """OpenSim's own static optimisation, or the reaction in the hip under given forces."""
    if forces is None:
        analysis = ("<StaticOptimization name='so'><on>true</on><step_interval>1</step_interval><use_model_force_set>true</use_model_force_set>"
                    "<activation_exponent>2</activation_exponent><use_muscle_physiology>true</use_muscle_physiology>"
                    "<optimizer_convergence_criterion>1e-6</optimizer_convergence_criterion><optimizer_max_iterations>500</optimizer_max_iterations></StaticOptimization>")
    else:
        analysis = (f"<JointReaction name='jr'><on>true</on><forces_file>{forces}</forces_file><joint_names>hip_r</joint_names>"
                    "<apply_on_bodies>child</apply_on_bodies><express_in_frame>parent</express_in_frame></JointReaction>")
    (out / f"{what}.xml").write_text(
        f"<OpenSimDocument Version='40000'><AnalyzeTool name='{what}'><model_file>priced.osim</model_file><replace_force_set>false</replace_force_set>"
        f"<results_directory>.</results_directory><initial_time>{span[0]}</initial_time><final_time>{span[1]}</final_time>"
        f"<solve_for_equilibrium_for_auxiliary_states>false</solve_for_equilibrium_for_auxiliary_states><AnalysisSet><objects>{analysis}</objects></AnalysisSet>"
        f"<external_loads_file>{name}_external_loads.xml</external_loads_file><coordinates_file>{name}_motion.mot</coordinates_file></AnalyzeTool></OpenSimDocument>")
    opensim.AnalyzeTool(f"{what}.xml").run()


def share(weight, activations, effects_hip, needed_hip, effects, needed):
    """Least sum of squared activations, reserves over their unit and, with `weight` (N), of the hip's force over it."""
    rows = [np.eye(len(activations)), effects / RESERVE_N_M, effects_hip / weight]
    wanted = [np.zeros(len(activations)), needed / RESERVE_N_M, needed_hip / weight]
    found = lsq_linear(np.vstack(rows), np.concatenate(wanted), bounds=np.array(activations).T, method="bvls", tol=1e-14, max_iter=2000)
    return needed_hip - effects_hip @ found.x


class Walk:
    """The leg with an open hip in OpenSim, at the instants of a motion."""

    def __init__(self, name, weight):
        self.weight = weight
        self.model = opensim.Model("open.osim")
        self.state = self.model.initSystem()
        self.curves = opensim.GCVSplineSet(5, opensim.Storage(f"{name}_motion.mot"))
        named = [self.model.getCoordinateSet().get(n) for n in range(self.model.getCoordinateSet().getSize())]
        self.coordinates = {c.getName(): c for c in named}
        self.muscles = [self.model.getMuscles().get(n) for n in range(self.model.getMuscles().getSize())]

    def go_to(self, time):
        order = opensim.StdVectorInt()
        order.append(0)
        at = opensim.Vector(1, time)
        for name, coordinate in self.coordinates.items():
            if name not in APART:
                scale = np.pi / 180 if coordinate.getMotionType() == opensim.Coordinate.Rotational else 1.0
                curve = self.curves.get(name)
                coordinate.setValue(self.state, curve.calcValue(at) * scale, False)
                coordinate.setSpeedValue(self.state, curve.calcDerivative(order, at) * scale)
        self.model.realizeVelocity(self.state)

    def hip_angles(self):
        return [self.coordinates[c].getValue(self.state) for c in HIP]

    def share(self, needed):
        """Rows of the muscles, and the force in the hip by activations alone and by both terms."""
        rows, effects, bounds = [], [], []
        for muscle in self.muscles:
            path = muscle.getGeometryPath()
            arms = {c: path.computeMomentArm(self.state, self.coordinates[c]) for c in BORNE + APART}
            force = opensim.Thelen2003Muscle.safeDownCast(muscle).calcInextensibleTendonActiveFiberForce(self.state, 1.0)
            effects.append([force * arms[c] for c in BORNE + APART])
            bounds.append((muscle.get_min_control(), muscle.get_max_control()))
            rows.append([muscle.getName(), muscle.getLength(self.state), *[arms[c] for c in HIP + APART], force])
        effects, split = np.array(effects).T, len(BORNE)
        wanted = np.array([needed[c] for c in BORNE + APART])
        hip = [share(self.weight / np.sqrt(w), bounds, effects[split:], wanted[split:], effects[:split], wanted[:split]) for w in (FREE, 1.0)]
        return rows, hip


def mujoco_version():
    try:
        import mujoco
    except ImportError:
        print("MuJoCo is not installed: mujoco_muscles.csv is left out")
        return None
    return mujoco.__version__


def in_mujoco(points, angles):
    """Lengths and arms about the hip by MuJoCo of lines through fixed points of pelvis and femur, given about the hip, at its three angles."""
    import mujoco
    root = ET.Element("mujoco")
    ET.SubElement(root, "compiler", angle="radian", autolimits="false")
    world = ET.SubElement(root, "worldbody")
    femur = ET.SubElement(world, "body", name="femur")
    ET.SubElement(femur, "inertial", pos="0 0 0", mass="1", diaginertia="1 1 1")
    # As OpenSim's hip: flexion about z, then adduction about x, then rotation about y.
    for name, axis in zip(HIP, ["0 0 1", "1 0 0", "0 1 0"]):
        ET.SubElement(femur, "joint", name=name, type="hinge", axis=axis)
    tendons = ET.SubElement(root, "tendon")
    for name, line in points.items():
        spatial = ET.SubElement(tendons, "spatial", name=name)
        for n, (is_femur, at) in enumerate(line):
            ET.SubElement(femur if is_femur else world, "site", name=f"{name}_{n}", pos=" ".join(repr(float(x)) for x in at))
            ET.SubElement(spatial, "site", site=f"{name}_{n}")
    model = mujoco.MjModel.from_xml_string(ET.tostring(root, encoding="unicode"))
    data = mujoco.MjData(model)
    data.qpos[:] = angles
    mujoco.mj_forward(model, data)
    jacobian = np.zeros((model.ntendon, model.nv))
    # Version 4 keeps where the sparse numbers are in the model.
    mujoco.mju_sparse2dense(jacobian, data.ten_J, model.ten_J_rownnz, model.ten_J_rowadr, model.ten_J_colind)
    return [[name, float(data.ten_length[n]), *[-float(x) for x in jacobian[n]]] for n, name in enumerate(points)]


def lines_about_the_hip(model, state):
    """Points of each muscle that crosses the hip at this state, along the axes of the bone: those beyond the femur go with it."""
    joint = model.getJointSet().get("hip_r")
    hip = {True: joint.getChildFrame(), False: joint.getParentFrame()}
    found = {}
    muscles = model.getMuscles()
    for n in range(muscles.getSize()):
        path = muscles.get(n).getGeometryPath().getCurrentPath(state)
        points, sides = [], set()
        for k in range(path.getSize()):
            point = path.get(k)
            frame = point.getParentFrame()
            is_femur = frame.getName() != "pelvis"
            sides.add(is_femur)
            at = frame.findStationLocationInAnotherFrame(state, point.getLocation(state), hip[is_femur])
            points.append((is_femur, [at[axis] for axis in range(3)]))
        if len(sides) == 2:
            found[muscles.get(n).getName()] = points
    return found


def write(path, names, rows):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([[x if isinstance(x, str) else repr(float(x)) for x in row] for row in rows])


def main():
    leg, name, mass, out = Path(sys.argv[1]).resolve(), sys.argv[2], float(sys.argv[3]), Path(sys.argv[4]).resolve()
    opensim.Logger.setLevelString("error")
    out.mkdir(parents=True)
    for file in ["leg.osim", f"{name}_motion.mot", f"{name}_ground.mot", f"{name}_external_loads.xml"]:
        shutil.copy(leg / file, out / file)
    (out / "leg_peers.toml").write_text(f'motion = "{name}"\nweight_n = {mass * GRAVITY!r}\n')
    # OpenSim's tools look for files from here.
    os.chdir(out)
    open_hip("leg.osim", "open.osim")
    priced("leg.osim", "priced.osim")
    motion = table(out / f"{name}_motion.mot")
    times = motion["time"]
    span = (times[0], times[-1])
    needed = inverse_dynamics(out, name, span)
    analyse(out, name, span, "so")
    analyse(out, name, span, "jr", forces="so_so_force.sto")
    reaction = table(out / "jr_jr_ReactionLoads.sto")

    version = mujoco_version()
    walk = Walk(name, mass * GRAVITY)
    muscle_rows, hip_rows, mujoco_rows = [], [], []
    for n, time in enumerate(needed["time"]):
        walk.go_to(float(time))
        rows, forces = walk.share({c: needed[f"{c}_{'force' if c in APART else 'moment'}"][n] for c in BORNE + APART})
        muscle_rows += [[float(time), *row] for row in rows]
        k = int(np.argmin(np.abs(reaction["time"] - time)))
        if abs(reaction["time"][k] - time) < 1e-6:
            hip_rows.append([float(time), *[reaction[f"hip_r_on_femur_r_in_pelvis_f{axis}"][k] for axis in "xyz"], *forces[0], *forces[1]])
        if version:
            mujoco_rows += [[float(time), *row] for row in in_mujoco(lines_about_the_hip(walk.model, walk.state), walk.hip_angles())]
    arms = ["time", "muscle", "length_m"] + [f"{c}_arm_m" for c in HIP]
    write(out / "opensim_muscles.csv", arms + [f"{c}_way" for c in APART] + ["force_n"], muscle_rows)
    write(out / "opensim_hip.csv", ["time"] + [f"{who}_{axis}_n" for who in ("tool", "alone", "both") for axis in "xyz"], hip_rows)
    if version:
        write(out / "mujoco_muscles.csv", arms, mujoco_rows)
    print(f"OpenSim {opensim.GetVersion()}, MuJoCo {version}: {len(hip_rows)} instants of {len(walk.muscles)} muscles in {out}")


if __name__ == "__main__":
    main()
