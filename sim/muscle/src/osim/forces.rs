//! Muscles with their paths, and other actuators.

use super::error::OsimError;
use super::frames::Frames;
use super::functions::function_in;
use super::xml::Element;
use crate::model::{
    ActsOn, Actuator, GROUND, MillardCurves, Muscle, MuscleCurves, MusclePath, PathPlace, PathPoint,
    PathWrap, WrapMethod,
};
use nalgebra::Point3;

/// What of a set of forces is a muscle or an actuator.
pub(super) enum Force {
    /// A muscle.
    Muscle(Box<Muscle>),
    /// Another actuator.
    Actuator(Actuator),
    /// Something that is switched off.
    None,
    /// Something that is neither and acts on the model.
    Unsupported,
}

/// A force by its element.
pub(super) fn force(element: Element<'_>, frames: &Frames) -> Result<Force, OsimError> {
    let is_on = element.is_on("appliesForce")?;
    let curves = match element.kind() {
        // The older one has the same numbers; it was computed with less care for its singular places.
        "Thelen2003Muscle" | "Thelen2003Muscle_Deprecated" => thelen(element)?,
        "Millard2012EquilibriumMuscle" => millard(element)?,
        "DeGrooteFregly2016Muscle" => de_groote(element)?,
        "CoordinateActuator" | "PointActuator" | "TorqueActuator" => {
            return if is_on { actuator(element, frames).map(Force::Actuator) } else { Ok(Force::None) };
        }
        class if class.contains("Muscle") && geometry_path(element).is_some() => {
            MuscleCurves::Other { class: class.to_owned() }
        }
        _ if !is_on => return Ok(Force::None),
        _ => return Ok(Force::Unsupported),
    };
    Ok(Force::Muscle(Box::new(Muscle {
        name: element.name()?,
        path: path(element, frames)?,
        max_isometric_force: element.positive("max_isometric_force")?,
        optimal_fibre_length: element.positive("optimal_fiber_length")?,
        tendon_slack_length: element.positive("tendon_slack_length")?,
        pennation: element.number("pennation_angle_at_optimal", element.number("pennation_angle", 0.0)?)?,
        max_contraction_velocity: element
            .number("max_contraction_velocity", element.number("Vmax", 10.0)?)?,
        min_activation: element.number("minimum_activation", 0.01)?,
        applies_force: is_on,
        curves,
    })))
}

fn thelen(element: Element<'_>) -> Result<MuscleCurves, OsimError> {
    Ok(MuscleCurves::Thelen2003 {
        tendon_strain: element.number("FmaxTendonStrain", 0.04)?,
        passive_strain: element.number("FmaxMuscleStrain", 0.6)?,
        active_shape: element.number("KshapeActive", 0.45)?,
        passive_shape: element.number("KshapePassive", 5.0)?,
        velocity_shape: element.number("Af", 0.25)?,
        lengthening_force: element.number("Flen", 1.4)?,
    })
}

fn millard(element: Element<'_>) -> Result<MuscleCurves, OsimError> {
    let of = |curve: &str, property: &str, default: f64| {
        element.find(curve).map_or(Ok(default), |curve| curve.number(property, default))
    };
    let (active, velocity) = ("ActiveForceLengthCurve", "ForceVelocityCurve");
    let (passive, tendon) = ("FiberForceLengthCurve", "TendonForceLengthCurve");
    let usual = MillardCurves::default();
    let passive_strain = [
        of(passive, "strain_at_zero_force", usual.passive_strain[0])?,
        of(passive, "strain_at_one_norm_force", usual.passive_strain[1])?,
    ];
    let passive_stiffness = MillardCurves::usual_passive_stiffness(passive_strain);
    let tendon_strain = of(tendon, "strain_at_one_norm_force", usual.tendon_strain)?;
    Ok(MuscleCurves::Millard2012(Box::new(MillardCurves {
        ignores_tendon_compliance: element
            .flag("ignore_tendon_compliance", usual.ignores_tendon_compliance)?,
        fibre_damping: element.number("fiber_damping", usual.fibre_damping)?,
        active_lengths: [
            of(active, "min_norm_active_fiber_length", usual.active_lengths[0])?,
            of(active, "transition_norm_fiber_length", usual.active_lengths[1])?,
            of(active, "max_norm_active_fiber_length", usual.active_lengths[2])?,
        ],
        active_slope: of(active, "shallow_ascending_slope", usual.active_slope)?,
        active_least: of(active, "minimum_value", usual.active_least)?,
        shortening_slopes: [
            of(velocity, "concentric_slope_at_vmax", usual.shortening_slopes[0])?,
            of(velocity, "concentric_slope_near_vmax", usual.shortening_slopes[1])?,
        ],
        isometric_slope: of(velocity, "isometric_slope", usual.isometric_slope)?,
        lengthening_slopes: [
            of(velocity, "eccentric_slope_at_vmax", usual.lengthening_slopes[0])?,
            of(velocity, "eccentric_slope_near_vmax", usual.lengthening_slopes[1])?,
        ],
        lengthening_force: of(velocity, "max_eccentric_velocity_force_multiplier", usual.lengthening_force)?,
        velocity_curviness: [
            of(velocity, "concentric_curviness", usual.velocity_curviness[0])?,
            of(velocity, "eccentric_curviness", usual.velocity_curviness[1])?,
        ],
        passive_strain,
        passive_stiffness: [
            of(passive, "stiffness_at_low_force", passive_stiffness[0])?,
            of(passive, "stiffness_at_one_norm_force", passive_stiffness[1])?,
        ],
        passive_curviness: of(passive, "curviness", usual.passive_curviness)?,
        tendon_strain,
        tendon_stiffness: of(
            tendon,
            "stiffness_at_one_norm_force",
            MillardCurves::usual_tendon_stiffness(tendon_strain),
        )?,
        tendon_toe_force: of(tendon, "norm_force_at_toe_end", usual.tendon_toe_force)?,
        tendon_curviness: of(tendon, "curviness", usual.tendon_curviness)?,
    })))
}

fn de_groote(element: Element<'_>) -> Result<MuscleCurves, OsimError> {
    Ok(MuscleCurves::DeGroote2016 {
        tendon_strain: element.number("tendon_strain_at_one_norm_force", 0.049)?,
        passive_strain: element.number("passive_fiber_strain_at_one_norm_force", 0.6)?,
        active_width_scale: element.number("active_force_width_scale", 1.0)?,
    })
}

/// What holds a muscle's points: in the first files of OpenSim 2 itself.
fn geometry_path(muscle: Element<'_>) -> Option<Element<'_>> {
    let inner = || muscle.find("path").and_then(|p| p.find("GeometryPath"));
    let itself = || muscle.find("PathPointSet").map(|_| muscle);
    muscle.find("GeometryPath").or_else(inner).or_else(itself)
}

fn path(muscle: Element<'_>, frames: &Frames) -> Result<MusclePath, OsimError> {
    let path = geometry_path(muscle).ok_or_else(|| muscle.error("`GeometryPath` is missing"))?;
    let points: Vec<PathPoint> =
        path.objects("PathPointSet").map(|p| point(p, frames)).collect::<Result<_, _>>()?;
    if points.len() < 2 {
        return Err(path.error(format!("it has {} points but needs two", points.len())));
    }
    let wraps = path.objects("PathWrapSet").map(|w| wrap(w, points.len())).collect::<Result<_, _>>()?;
    Ok(MusclePath { points, wraps })
}

fn point(element: Element<'_>, frames: &Frames) -> Result<PathPoint, OsimError> {
    let holder = element.socket("parent_frame").or_else(|| element.text("body"));
    let holder = holder.ok_or_else(|| element.error("`socket_parent_frame` is missing or empty"))?;
    let (body, frame) = frames.resolve(holder, "", element)?;
    let coordinate = |socket: &str| -> Result<String, OsimError> {
        let name = element.socket(socket).or_else(|| element.text(socket));
        let name = name.ok_or_else(|| element.error(format!("`socket_{socket}` is missing or empty")))?;
        Ok(name.rsplit('/').next().unwrap_or_default().to_owned())
    };
    let place = match element.kind() {
        "PathPoint" => PathPlace::Fixed(frame * element.place("location")?),
        "ConditionalPathPoint" => PathPlace::Conditional {
            at: frame * element.place("location")?,
            coordinate: coordinate("coordinate")?,
            range: element.array("range")?.ok_or_else(|| element.error("`range` is missing or empty"))?,
        },
        "MovingPathPoint" => {
            if frame != nalgebra::Isometry3::identity() {
                return Err(element.error("a moving point is supported only in the frame of a body"));
            }
            let along = |axis: &str| {
                let old = || element.find(&format!("{}Attachment", axis.to_uppercase()));
                let holder = element.find(&format!("{axis}_location")).or_else(old);
                let holder = holder.ok_or_else(|| element.error(format!("`{axis}_location` is missing")))?;
                Ok::<_, OsimError>((coordinate(&format!("{axis}_coordinate"))?, function_in(holder)?))
            };
            PathPlace::Moving(Box::new([along("x")?, along("y")?, along("z")?]))
        }
        other => return Err(element.error(format!("the point `{other}` is not supported"))),
    };
    Ok(PathPoint { name: element.name()?, body, place })
}

fn wrap(element: Element<'_>, points: usize) -> Result<PathWrap, OsimError> {
    let method = match element.text("method").unwrap_or("hybrid").to_ascii_lowercase().as_str() {
        "hybrid" | "unassigned" => WrapMethod::Hybrid,
        "midpoint" => WrapMethod::Midpoint,
        "axial" => WrapMethod::Axial,
        other => return Err(element.error(format!("the method `{other}` is not known"))),
    };
    let range = element.array("range")?.unwrap_or([-1.0, -1.0]);
    let end = |number: f64| match number {
        n if n < 1.0 => Ok(None),
        n if n.fract() == 0.0 && n as usize <= points => Ok(Some(n as usize)),
        n => Err(element.error(format!("`range` names point {n}, but there are only {points}"))),
    };
    let object = element.needed("wrap_object")?.rsplit('/').next().unwrap_or_default().to_owned();
    Ok(PathWrap { object, method, range: [end(range[0])?, end(range[1])?] })
}

fn actuator(element: Element<'_>, frames: &Frames) -> Result<Actuator, OsimError> {
    let body = |property: &str| match element.text(property) {
        None => Ok(GROUND.to_owned()),
        Some(body) => frames.resolve(body, "", element).map(|(body, _)| body),
    };
    let on = match element.kind() {
        "CoordinateActuator" => ActsOn::Coordinate(element.needed("coordinate")?.to_owned()),
        "PointActuator" => ActsOn::Point {
            body: body("body")?,
            at: element.array("point")?.map_or_else(Point3::origin, Point3::from),
            direction: element.direction("direction")?,
            point_is_global: element.flag("point_is_global", false)?,
            force_is_global: element.flag("force_is_global", true)?,
        },
        _ => ActsOn::Torque {
            bodies: [body("bodyA")?, body("bodyB")?],
            axis: element.direction("axis")?,
            axis_is_global: element.flag("torque_is_global", true)?,
        },
    };
    Ok(Actuator {
        name: element.name()?,
        optimal_force: element.number("optimal_force", 1.0)?,
        control: [
            element.limit("min_control", f64::NEG_INFINITY)?,
            element.limit("max_control", f64::INFINITY)?,
        ],
        on,
    })
}
