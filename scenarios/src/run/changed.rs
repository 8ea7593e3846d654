//! A plan with the changes that the levels of a job ask for.

use crate::design::{hash, unit};
use crate::variable::Placement;
use coxa_anatomy::HipAnatomy;
use coxa_planner::Plan;
use coxa_planner::adjust::{Adjustment, CupDefinition, CupPlane, PartChange};
use coxa_planner::implants::Catalogue;
use coxa_planner::optimise::error_model::{ErrorModel, ErrorTerm};
use coxa_planner::placed::HipAxes;
use statrs::distribution::{ContinuousCDF, Normal};

/// The plan changed: parts first, then places, then what theatre misses.
///
/// # Errors
/// Parts that there are none of, or a place that there is none of, in words.
pub(super) fn changed(
    by_rule: &Plan,
    ask: &Placement,
    anatomy: &HipAnatomy,
    catalogue: &Catalogue,
    seed: u64,
) -> Result<Plan, String> {
    let mut plan = exchanged(by_rule, ask, catalogue)?;
    let axes = HipAxes::new(anatomy, plan.side);
    let mut moves = moves(&plan, ask);
    if let Some(error) = &ask.error {
        moves.extend(missed(error, ask.draw, seed));
    }
    for adjustment in &moves {
        plan = axes.adjusted(&plan, adjustment).map_err(|error| error.to_string())?;
    }
    Ok(plan)
}

/// The plan with other parts, each chosen beside those exchanged before it. A part that is not to be had is refused, not replaced by the nearest
/// one: the table says what was asked for.
fn exchanged(by_rule: &Plan, ask: &Placement, catalogue: &Catalogue) -> Result<Plan, String> {
    let mut plan = by_rule.clone();
    let mut said = Vec::new();
    let mut apply = |plan: &mut Plan, change: PartChange| -> Result<(), String> {
        let (changed, substitutions) = change.applied(plan, catalogue).map_err(|error| error.to_string())?;
        said.extend(substitutions.into_iter().map(|substitution| substitution.message));
        *plan = changed;
        Ok(())
    };
    if ask.cup_family.is_some() || ask.cup_size_change_mm != 0.0 {
        let family = ask.cup_family.clone().unwrap_or_else(|| plan.cup.family.clone());
        let size_mm = plan.cup.size_mm + ask.cup_size_change_mm;
        apply(&mut plan, PartChange::Cup { family, size_mm })?;
    }
    if let Some(kind) = &ask.liner {
        apply(&mut plan, PartChange::Liner { kind: kind.clone(), lip_direction_deg: None })?;
    }
    if ask.head_diameter_mm.is_some() || ask.head_offset_mm.is_some() {
        let diameter_mm = ask.head_diameter_mm.unwrap_or(plan.head.diameter_mm);
        let offset_mm = ask.head_offset_mm.unwrap_or(plan.head.offset_mm);
        apply(&mut plan, PartChange::Head { diameter_mm, offset_mm })?;
    }
    let size = plan.stem.size.checked_add_signed(ask.stem_size_change).unwrap_or(0);
    if ask.stem_offset.is_some() || ask.stem_size_change != 0 {
        let (family, neck_shaft_deg) = (plan.stem.family.clone(), plan.stem.neck_shaft_deg);
        let offset = ask.stem_offset.clone().unwrap_or_else(|| plan.stem.offset.clone());
        apply(&mut plan, PartChange::Stem { family, size, neck_shaft_deg, offset })?;
    }
    let is_head = |wanted: Option<f64>, found: f64| wanted.is_none_or(|wanted| (wanted - found).abs() < 1e-9);
    let is_as_asked = is_head(ask.head_diameter_mm, plan.head.diameter_mm)
        && is_head(ask.head_offset_mm, plan.head.offset_mm)
        && plan.stem.size == size
        && ask.stem_offset.as_ref().is_none_or(|offset| *offset == plan.stem.offset);
    if is_as_asked { Ok(plan) } else { Err(format!("there is no such part; {}", said.join("; "))) }
}

fn moves(plan: &Plan, ask: &Placement) -> Vec<Adjustment> {
    let mut moves = Vec::new();
    let [wanted, more] = [ask.cup_angles_deg, ask.cup_angle_changes_deg.map(Some)];
    if wanted != [None, None] || more != [Some(0.0); 2] {
        let now = [plan.cup.inclination_deg, plan.cup.anteversion_deg].map(coxa_geometry::Angle::degrees);
        let [inclination_deg, anteversion_deg] =
            [0, 1].map(|n| wanted[n].unwrap_or(now[n]) + ask.cup_angle_changes_deg[n]);
        moves.push(Adjustment::SetCupAngles {
            definition: CupDefinition::Radiographic,
            plane: CupPlane::Functional,
            inclination_deg,
            anteversion_deg,
        });
    }
    let [medial_mm, superior_mm, anterior_mm] = ask.cup_shift_mm;
    if ask.cup_shift_mm != [0.0; 3] {
        moves.push(Adjustment::MoveCup { medial_mm, superior_mm, anterior_mm });
    }
    let [version_deg, varus_deg, flexion_deg] = ask.stem_turn_deg;
    if ask.stem_turn_deg != [0.0; 3] {
        moves.push(Adjustment::TurnStem { version_deg, varus_deg, flexion_deg });
    }
    if ask.stem_depth_mm != 0.0 {
        moves.push(Adjustment::MoveStem { deeper_mm: ask.stem_depth_mm, medial_mm: 0.0, anterior_mm: 0.0 });
    }
    moves
}

/// What theatre misses in one draw. Common random numbers: a draw of a patient deviates by as many standard deviations whatever the
/// model, so that models are compared on the same luck. What theatre adds to the leg's length beyond the places of cup and stem, and the
/// diameter that is reamed, do not move a component and are left out.
fn missed(model: &ErrorModel, draw: usize, seed: u64) -> Vec<Adjustment> {
    let normal = Normal::standard();
    let key = hash(seed, draw as u64);
    // Each deviation has a dimension of its own.
    let of = |dimension: u64, term: &ErrorTerm| {
        term.mean + term.sd * normal.inverse_cdf(unit(hash(key, dimension)))
    };
    vec![
        Adjustment::TurnCup {
            definition: CupDefinition::Radiographic,
            plane: CupPlane::Functional,
            inclination_deg: of(0, &model.cup_inclination_deg),
            anteversion_deg: of(1, &model.cup_anteversion_deg),
        },
        Adjustment::MoveCup {
            medial_mm: of(2, &model.cup_centre_medial_mm),
            superior_mm: of(3, &model.cup_centre_superior_mm),
            anterior_mm: of(4, &model.cup_centre_anterior_mm),
        },
        Adjustment::TurnStem {
            version_deg: of(5, &model.stem_version_deg),
            varus_deg: of(6, &model.stem_varus_deg),
            flexion_deg: of(7, &model.stem_flexion_deg),
        },
        Adjustment::MoveStem { deeper_mm: of(8, &model.stem_depth_mm), medial_mm: 0.0, anterior_mm: 0.0 },
    ]
}
