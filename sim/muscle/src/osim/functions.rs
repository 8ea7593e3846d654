//! Functions of coordinates.

use super::error::OsimError;
use super::xml::Element;
use crate::function::{Function, Spline};

/// The function that an element holds, directly or as its own first function.
pub(super) fn function_in(holder: Element<'_>) -> Result<Function, OsimError> {
    let mut functions = holder.children().filter(|child| is_function(child.kind()));
    functions.next().map(function).ok_or_else(|| holder.error("it contains no supported function"))?
}

/// Whether an element holds something that looks like a function, supported or not.
pub(super) fn holds_function(holder: Element<'_>) -> bool {
    holder.children().any(|child| is_function(child.kind()))
}

fn is_function(kind: &str) -> bool {
    kind.ends_with("Function") || kind.ends_with("Spline") || matches!(kind, "Constant" | "Sine")
}

/// A function by its element.
pub(super) fn function(element: Element<'_>) -> Result<Function, OsimError> {
    let spline = |found: Result<Spline, _>| {
        found.map(Function::Spline).map_err(|e: crate::function::SplineError| element.error(e.to_string()))
    };
    let points = || Ok::<_, OsimError>((element.numbers("x")?, element.numbers("y")?));
    match element.kind() {
        "Constant" => Ok(Function::Constant(element.number("value", 0.0)?)),
        "LinearFunction" => Ok(Function::Linear(element.numbers("coefficients")?)),
        "PolynomialFunction" => Ok(Function::Polynomial(element.numbers("coefficients")?)),
        "SimmSpline" => {
            let (x, y) = points()?;
            spline(Spline::simm(&x, &y))
        }
        "PiecewiseLinearFunction" => {
            let (x, y) = points()?;
            spline(Spline::linear(&x, &y))
        }
        "PiecewiseConstantFunction" => {
            let (x, y) = points()?;
            spline(Spline::linear(&x, &y)).map(|_| Function::Steps { x, y })
        }
        "GCVSpline" => {
            if element.number("error_variance", 0.0)? != 0.0 {
                return Err(
                    element.error("a smoothing spline (`error_variance` other than 0) is not supported")
                );
            }
            let (x, y) = points()?;
            // OpenSim writes the half order in some versions and the degree in others; degrees are odd.
            let degree = element.number("half_order", 0.0)?.mul_add(2.0, -1.0);
            let degree = if degree > 0.0 { degree } else { element.number("degree", 5.0)? };
            spline(Spline::natural(degree as usize, &x, &y))
        }
        "MultiplierFunction" => {
            let inner = element.find("function").ok_or_else(|| element.error("`function` is missing"))?;
            Ok(Function::Scaled(element.number("scale", 1.0)?, Box::new(function_in(inner)?)))
        }
        "Sine" => Ok(Function::Sine {
            amplitude: element.number("amplitude", 1.0)?,
            omega: element.number("omega", 1.0)?,
            phase: element.number("phase", 0.0)?,
            offset: element.number("offset", 0.0)?,
        }),
        "StepFunction" => {
            let from_to = [element.number("start_time", 0.0)?, element.number("end_time", 1.0)?];
            if from_to[0] >= from_to[1] {
                return Err(element.error("it ends before it begins"));
            }
            let values = [element.number("start_value", 0.0)?, element.number("end_value", 1.0)?];
            Ok(Function::SmoothStep { from_to, values })
        }
        other => Err(element.error(format!("the function `{other}` is not supported"))),
    }
}
