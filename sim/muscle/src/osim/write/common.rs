//! What bodies, joints and forces are written with.

use super::super::super::function::{Function, SplineKind};
use super::super::super::model::{GROUND, Model};
use super::xml::{Document, word};

/// The path of a body in the model.
pub(super) fn frame_path(body: &str) -> String {
    if body == GROUND { "/ground".to_owned() } else { format!("/bodyset/{}", word(body)) }
}

/// The path of a coordinate in the model.
pub(super) fn coordinate_path(model: &Model, name: &str) -> String {
    let holder = model.joints.iter().find(|joint| joint.coordinates.iter().any(|c| c.name == name));
    let name = word(name);
    holder.map_or_else(|| name.clone(), |joint| format!("/jointset/{}/{name}", word(&joint.name)))
}

/// A function; as a property of its own it is called after that.
pub(super) fn function(out: &mut Document, function: &Function) {
    let kind = match function {
        Function::Constant(_) => "Constant",
        Function::Linear(_) => "LinearFunction",
        Function::Polynomial(_) => "PolynomialFunction",
        Function::Spline(spline) => match spline.kind() {
            SplineKind::Linear => "PiecewiseLinearFunction",
            SplineKind::Simm => "SimmSpline",
            SplineKind::Natural(_) => "GCVSpline",
        },
        Function::Steps { .. } => "PiecewiseConstantFunction",
        Function::Sine { .. } => "Sine",
        Function::SmoothStep { .. } => "StepFunction",
        Function::Scaled(..) => "MultiplierFunction",
    };
    out.open(kind, Some("function"));
    match function {
        Function::Constant(value) => out.number("value", *value),
        Function::Linear(coefficients) | Function::Polynomial(coefficients) => {
            out.numbers("coefficients", coefficients);
        }
        Function::Spline(spline) => {
            if let SplineKind::Natural(degree) = spline.kind() {
                out.words("half_order", &degree.div_ceil(2).to_string());
            }
            let (x, y) = spline.points();
            out.numbers("x", x);
            out.numbers("y", y);
        }
        Function::Steps { x, y } => {
            out.numbers("x", x);
            out.numbers("y", y);
        }
        Function::Sine { amplitude, omega, phase, offset } => {
            out.number("amplitude", *amplitude);
            out.number("omega", *omega);
            out.number("phase", *phase);
            out.number("offset", *offset);
        }
        Function::SmoothStep { from_to: [from, to], values: [start, end] } => {
            out.number("start_time", *from);
            out.number("end_time", *to);
            out.number("start_value", *start);
            out.number("end_value", *end);
        }
        Function::Scaled(factor, inner) => {
            out.open("function", None);
            self::function(out, inner);
            out.close();
            out.number("scale", *factor);
        }
    }
    out.close();
}
