//! What a model holds, and what of it is not supported.

use super::text::text;
use crate::cli::osim::InfoArgs;
use crate::table::Table;
use anyhow::{Result, anyhow};
use coxa_muscle::model::{ActsOn, Model, Motion, MuscleCurves, PathPlace};
use coxa_muscle::osim::{self, Survey};
use coxa_muscle::{Paths, Skeleton};
use serde_json::{Value, json};
use std::path::Path;

/// Runs the action.
pub(super) fn run(model: &Path, args: &InfoArgs) -> Result<()> {
    let survey = osim::survey(&text(model)?).map_err(|error| anyhow!("{}: {error}", model.display()))?;
    let unsupported = unsupported(&survey);
    if args.json {
        say!("{}", serde_json::to_string_pretty(&all(&survey, &unsupported))?);
    } else {
        print(&survey, &unsupported);
    }
    Ok(())
}

/// Whatever stands in the way of computing with a model.
fn unsupported(survey: &Survey) -> Vec<String> {
    let named = survey.problems.iter().chain(&survey.unsupported_forces);
    let mut found: Vec<String> = named.map(ToString::to_string).collect();
    if survey.problems.is_empty() {
        // Bodies and paths show only in a whole model whether they fit together.
        match Skeleton::new(&survey.model) {
            Err(error) => found.push(error.to_string()),
            Ok(skeleton) => found.extend(Paths::new(&survey.model, &skeleton).err().map(|e| e.to_string())),
        }
        let others = survey.model.muscles.iter().filter_map(|muscle| match &muscle.curves {
            MuscleCurves::Other { class } => Some(format!(
                "the force of the muscle `{}`, a {class}, is not supported; its length and moment arms are",
                muscle.name
            )),
            _ => None,
        });
        found.extend(others);
    }
    found
}

/// Parts of a kind with how many there are, in words.
pub(super) fn counted(parts: &[(&str, usize)]) -> String {
    parts.iter().map(|(called, count)| format!("{called} ({count})")).collect::<Vec<_>>().join(", ")
}

fn class(curves: &MuscleCurves) -> &str {
    match curves {
        MuscleCurves::Thelen2003 { .. } => "Thelen 2003",
        MuscleCurves::Millard2012(_) => "Millard 2012",
        MuscleCurves::DeGroote2016 { .. } => "De Groote 2016",
        MuscleCurves::Other { class } => class,
    }
}

fn points(path: &coxa_muscle::model::MusclePath) -> [usize; 3] {
    let count = |is: fn(&PathPlace) -> bool| path.points.iter().filter(|p| is(&p.place)).count();
    [
        count(|place| matches!(place, PathPlace::Fixed(_))),
        count(|place| matches!(place, PathPlace::Conditional { .. })),
        count(|place| matches!(place, PathPlace::Moving(_))),
    ]
}

fn all(survey: &Survey, unsupported: &[String]) -> Value {
    let model = &survey.model;
    let coordinate = |c: &coxa_muscle::model::Coordinate| {
        json!({
            "name": c.name,
            "motion": match c.motion { Motion::Rotation => "rotation", Motion::Translation => "translation", Motion::Coupled => "coupled" },
            "default_value": c.default_value, "range": c.range.map(|end| end.is_finite().then_some(end)), "locked": c.is_locked, "clamped": c.is_clamped,
        })
    };
    json!({
        "name": model.name, "version": survey.version, "mass_kg": mass(model),
        "bodies": model.bodies.iter().map(|b| json!({ "name": b.name, "mass_kg": b.mass })).collect::<Vec<_>>(),
        "joints": model.joints.iter().map(|j| json!({
            "name": j.name, "parent": j.parent, "child": j.child,
            "coordinates": j.coordinates.iter().map(coordinate).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "couplers": model.couplers.iter().map(|c| json!({ "dependent": c.dependent, "independent": c.independent })).collect::<Vec<_>>(),
        "muscles": model.muscles.iter().map(|m| {
            let [fixed, conditional, moving] = points(&m.path);
            json!({
                "name": m.name, "class": class(&m.curves), "max_isometric_force_n": m.max_isometric_force,
                "optimal_fibre_length_m": m.optimal_fibre_length, "tendon_slack_length_m": m.tendon_slack_length,
                "pennation_rad": m.pennation, "applies_force": m.applies_force, "fixed_points": fixed,
                "conditional_points": conditional, "moving_points": moving,
                "wraps": m.path.wraps.iter().map(|w| &w.object).collect::<Vec<_>>(),
            })
        }).collect::<Vec<_>>(),
        "actuators": model.actuators.iter().map(|a| json!({ "name": a.name, "optimal_force": a.optimal_force })).collect::<Vec<_>>(),
        "wrap_objects": model.wrap_objects.iter().map(|w| json!({ "name": w.name, "body": w.body })).collect::<Vec<_>>(),
        "markers": model.markers.iter().map(|m| json!({ "name": m.name, "body": m.body, "fixed": m.is_fixed })).collect::<Vec<_>>(),
        "left_aside": survey.left_aside.iter().map(|(called, count)| json!({ "kind": called, "count": count })).collect::<Vec<_>>(),
        "unsupported": unsupported,
    })
}

fn mass(model: &Model) -> f64 {
    model.bodies.iter().map(|body| body.mass).sum()
}

fn print(survey: &Survey, unsupported: &[String]) {
    let model = &survey.model;
    say!("model          {} (file version {})", model.name, survey.version);
    say!("bodies         {}, {:.2} kg", model.bodies.len(), mass(model));
    let reserves = model.actuators.iter().filter(|a| matches!(a.on, ActsOn::Coordinate(_))).count();
    say!("actuators      {}, {reserves} of them on coordinates", model.actuators.len());
    say!("wrap objects   {}", model.wrap_objects.len());
    say!("markers        {}", model.markers.len());
    say!();
    let mut table =
        Table::new().left("coordinate").right("default").right("least").right("greatest").left("");
    for coordinate in model.joints.iter().flat_map(|joint| &joint.coordinates) {
        let (scale, unit) = match coordinate.motion {
            Motion::Rotation => (1.0_f64.to_degrees(), "deg"),
            Motion::Translation => (1000.0, "mm"),
            Motion::Coupled => (1.0, "rad or m"),
        };
        let follows = if model.couplers.iter().any(|c| c.dependent == coordinate.name) {
            ", follows"
        } else if coordinate.is_locked {
            ", locked"
        } else {
            ""
        };
        let [least, greatest] = coordinate.range.map(|end| end * scale);
        let default = coordinate.default_value * scale;
        let shown = |value: f64| format!("{value:.1}");
        table.row(&[
            &coordinate.name,
            &shown(default),
            &shown(least),
            &shown(greatest),
            &format_args!("{unit}{follows}"),
        ]);
    }
    say!("{table}\n");
    let mut table = Table::new()
        .left("muscle")
        .right("force N")
        .right("fibre mm")
        .right("tendon mm")
        .right("pennation")
        .left("class")
        .left("path");
    for muscle in &model.muscles {
        let [fixed, conditional, moving] = points(&muscle.path);
        let parts = [
            (fixed, "fixed"),
            (conditional, "conditional"),
            (moving, "moving"),
            (muscle.path.wraps.len(), "wraps"),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, of)| format!("{count} {of}"));
        table.row(&[
            &muscle.name,
            &format_args!("{:.0}", muscle.max_isometric_force),
            &format_args!("{:.1}", 1000.0 * muscle.optimal_fibre_length),
            &format_args!("{:.1}", 1000.0 * muscle.tendon_slack_length),
            &format_args!("{:.1}\u{b0}", muscle.pennation.to_degrees()),
            &class(&muscle.curves),
            &parts.collect::<Vec<_>>().join(", "),
        ]);
    }
    say!("{table}");
    say!();
    if !survey.left_aside.is_empty() {
        say!("ignored, because they do not affect paths and dynamics: {}", counted(&survey.left_aside));
    }
    for problem in &survey.unread_markers {
        say!("marker not read: {problem}");
    }
    if unsupported.is_empty() {
        say!("all {} is supported", if survey.left_aside.is_empty() { "of it" } else { "else" });
    }
    for problem in unsupported {
        say!("not supported: {problem}");
    }
}
