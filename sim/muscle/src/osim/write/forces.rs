//! Muscles with their paths, and other actuators.

use super::common::{coordinate_path, frame_path, function};
use super::xml::{Document, word};
use crate::model::{
    ActsOn, Actuator, MillardCurves, Model, Muscle, MuscleCurves, MusclePath, PathPlace, PathPoint,
    WrapMethod,
};

/// A muscle.
pub(super) fn muscle(out: &mut Document, model: &Model, muscle: &Muscle) {
    let kind = match &muscle.curves {
        MuscleCurves::Thelen2003 { .. } => "Thelen2003Muscle",
        MuscleCurves::Millard2012(_) => "Millard2012EquilibriumMuscle",
        MuscleCurves::DeGroote2016 { .. } => "DeGrooteFregly2016Muscle",
        MuscleCurves::Other { class } => class,
    };
    out.open(kind, Some(&muscle.name));
    out.flag("appliesForce", muscle.applies_force);
    path(out, model, &muscle.path);
    out.number("max_isometric_force", muscle.max_isometric_force);
    out.number("optimal_fiber_length", muscle.optimal_fibre_length);
    out.number("tendon_slack_length", muscle.tendon_slack_length);
    out.number("pennation_angle_at_optimal", muscle.pennation);
    out.number("max_contraction_velocity", muscle.max_contraction_velocity);
    out.number("minimum_activation", muscle.min_activation);
    curves(out, &muscle.curves);
    out.close();
}

fn curves(out: &mut Document, curves: &MuscleCurves) {
    match curves {
        MuscleCurves::Thelen2003 {
            tendon_strain,
            passive_strain,
            active_shape,
            passive_shape,
            velocity_shape,
            lengthening_force,
        } => {
            out.number("FmaxTendonStrain", *tendon_strain);
            out.number("FmaxMuscleStrain", *passive_strain);
            out.number("KshapeActive", *active_shape);
            out.number("KshapePassive", *passive_shape);
            out.number("Af", *velocity_shape);
            out.number("Flen", *lengthening_force);
        }
        MuscleCurves::Millard2012(numbers) => millard(out, numbers),
        MuscleCurves::DeGroote2016 { tendon_strain, passive_strain, active_width_scale } => {
            out.number("tendon_strain_at_one_norm_force", *tendon_strain);
            out.number("passive_fiber_strain_at_one_norm_force", *passive_strain);
            out.number("active_force_width_scale", *active_width_scale);
        }
        MuscleCurves::Other { .. } => {}
    }
}

fn millard(out: &mut Document, of: &MillardCurves) {
    out.flag("ignore_tendon_compliance", of.ignores_tendon_compliance);
    out.number("fiber_damping", of.fibre_damping);
    let [lengths, strains] = [&of.active_lengths[..], &of.passive_strain[..]];
    let curves: [(&str, &[(&str, f64)]); 4] = [
        (
            "ActiveForceLengthCurve",
            &[
                ("min_norm_active_fiber_length", lengths[0]),
                ("transition_norm_fiber_length", lengths[1]),
                ("max_norm_active_fiber_length", lengths[2]),
                ("shallow_ascending_slope", of.active_slope),
                ("minimum_value", of.active_least),
            ],
        ),
        (
            "ForceVelocityCurve",
            &[
                ("concentric_slope_at_vmax", of.shortening_slopes[0]),
                ("concentric_slope_near_vmax", of.shortening_slopes[1]),
                ("isometric_slope", of.isometric_slope),
                ("eccentric_slope_at_vmax", of.lengthening_slopes[0]),
                ("eccentric_slope_near_vmax", of.lengthening_slopes[1]),
                ("max_eccentric_velocity_force_multiplier", of.lengthening_force),
                ("concentric_curviness", of.velocity_curviness[0]),
                ("eccentric_curviness", of.velocity_curviness[1]),
            ],
        ),
        (
            "FiberForceLengthCurve",
            &[
                ("strain_at_zero_force", strains[0]),
                ("strain_at_one_norm_force", strains[1]),
                ("stiffness_at_low_force", of.passive_stiffness[0]),
                ("stiffness_at_one_norm_force", of.passive_stiffness[1]),
                ("curviness", of.passive_curviness),
            ],
        ),
        (
            "TendonForceLengthCurve",
            &[
                ("strain_at_one_norm_force", of.tendon_strain),
                ("stiffness_at_one_norm_force", of.tendon_stiffness),
                ("norm_force_at_toe_end", of.tendon_toe_force),
                ("curviness", of.tendon_curviness),
            ],
        ),
    ];
    for (kind, numbers) in curves {
        out.open(kind, Some(kind));
        for (property, number) in numbers {
            out.number(property, *number);
        }
        out.close();
    }
}

fn path(out: &mut Document, model: &Model, path: &MusclePath) {
    out.open("GeometryPath", Some("geometrypath"));
    out.open("PathPointSet", None);
    out.open("objects", None);
    for p in &path.points {
        point(out, model, p);
    }
    out.close();
    out.close();
    out.open("PathWrapSet", None);
    out.open("objects", None);
    for (n, wrap) in path.wraps.iter().enumerate() {
        out.open("PathWrap", Some(&format!("pathwrap_{n}")));
        out.words("wrap_object", &word(&wrap.object));
        out.words(
            "method",
            match wrap.method {
                WrapMethod::Hybrid => "hybrid",
                WrapMethod::Midpoint => "midpoint",
                WrapMethod::Axial => "axial",
            },
        );
        let end = |end: Option<usize>| end.map_or_else(|| "-1".to_owned(), |point| point.to_string());
        out.words("range", &wrap.range.map(end).join(" "));
        out.close();
    }
    out.close();
    out.close();
    out.close();
}

fn point(out: &mut Document, model: &Model, point: &PathPoint) {
    let kind = match &point.place {
        PathPlace::Fixed(_) => "PathPoint",
        PathPlace::Conditional { .. } => "ConditionalPathPoint",
        PathPlace::Moving(_) => "MovingPathPoint",
    };
    out.open(kind, Some(&point.name));
    out.words("socket_parent_frame", &frame_path(&point.body));
    match &point.place {
        PathPlace::Fixed(at) => out.numbers("location", at.coords.as_slice()),
        PathPlace::Conditional { at, coordinate, range } => {
            out.numbers("location", at.coords.as_slice());
            out.words("socket_coordinate", &coordinate_path(model, coordinate));
            out.numbers("range", range);
        }
        PathPlace::Moving(axes) => {
            for (axis, (coordinate, along)) in ["x", "y", "z"].iter().zip(axes.iter()) {
                out.words(&format!("socket_{axis}_coordinate"), &coordinate_path(model, coordinate));
                out.open(&format!("{axis}_location"), None);
                function(out, along);
                out.close();
            }
        }
    }
    out.close();
}

/// An actuator that is no muscle.
pub(super) fn actuator(out: &mut Document, actuator: &Actuator) {
    let kind = match &actuator.on {
        ActsOn::Coordinate(_) => "CoordinateActuator",
        ActsOn::Point { .. } => "PointActuator",
        ActsOn::Torque { .. } => "TorqueActuator",
    };
    out.open(kind, Some(&actuator.name));
    out.numbers("min_control", &actuator.control[..1]);
    out.numbers("max_control", &actuator.control[1..]);
    out.number("optimal_force", actuator.optimal_force);
    match &actuator.on {
        ActsOn::Coordinate(name) => out.words("coordinate", &word(name)),
        ActsOn::Point { body, at, direction, point_is_global, force_is_global } => {
            out.words("body", &word(body));
            out.numbers("point", at.coords.as_slice());
            out.flag("point_is_global", *point_is_global);
            out.numbers("direction", direction.as_slice());
            out.flag("force_is_global", *force_is_global);
        }
        ActsOn::Torque { bodies: [first, second], axis, axis_is_global } => {
            out.words("bodyA", &word(first));
            out.words("bodyB", &word(second));
            out.flag("torque_is_global", *axis_is_global);
            out.numbers("axis", axis.as_slice());
        }
    }
    out.close();
}
