//! Placement: from anatomy to a plan, and from a plan to what follows from it.
//!
//! [`place`] chooses a plan and then calls [`realise`], which computes geometry, numbers and findings from any plan; an
//! edited plan goes through the same function. Both mirror a left hip once on entry and back on exit.

pub(crate) mod canal;
#[cfg(test)]
mod completed_tests;
pub(crate) mod formulas;
pub(crate) mod geometry;
pub(crate) mod hip;
mod judge;
mod levers;
mod pose;
mod prepared;
#[cfg(test)]
mod refused;
pub(crate) mod restore;
pub(crate) mod results;
pub(crate) mod screws;
pub(crate) mod socket;
mod sureness;
#[cfg(test)]
pub(crate) mod synthetic;
pub(crate) mod vessels;

use crate::implants::Catalogue;
use crate::placed::VersionReference;
use crate::plan::{CupPlan, HeadPlan, LinerPlan, Plan, StemPlan, Targets};
use crate::planned::Planned;
use coxa_anatomy::{BoneSurfaces, HipAnatomy, LandmarkKind};
use coxa_geometry::cup::Radiographic;
use coxa_geometry::finding::{self, Code, Finding, Subject};
use coxa_geometry::frame::Gravity;
use coxa_geometry::{Angle, Point, Severity, Side, Vector};
use coxa_imaging::{Grid, LabelMap};
use hip::RightHip;
pub use prepared::{PreparedHip, Sketch};
use serde::{Deserialize, Serialize};
use socket::NoCup;
pub use socket::bone_behind_shell;
use vessels::Vessels;

/// What placement aims at and with which implants.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanOptions {
    /// Angles, leg length and offset.
    pub targets: Targets,
    /// Cup family; the catalogue's first where none is named.
    pub cup_family: Option<String>,
    /// Stem family; the catalogue's first where none is named.
    pub stem_family: Option<String>,
}

impl Default for PlanOptions {
    /// 40 degrees inclination and 15 degrees anteversion, leg length and offset as on the other side, and the first families
    /// of the built-in catalogue.
    fn default() -> Self {
        PlanOptions {
            targets: Targets {
                inclination_deg: Angle::from_degrees(40.0),
                anteversion_deg: Angle::from_degrees(15.0),
                leg_length_change_mm: None,
                offset_change_mm: None,
            },
            cup_family: None,
            stem_family: None,
        }
    }
}

/// The liner of a new plan; another is a matter of editing it.
const FIRST_LINER: &str = "flush";

/// All that planning looks at.
#[derive(Debug, Clone)]
pub struct PlanningInput<'a> {
    /// The grid of the CT: planning asks how large its voxels are, and nothing else of it.
    pub grid: &'a Grid,
    /// Its labels.
    pub labels: &'a LabelMap,
    /// Bone surfaces.
    pub surfaces: &'a BoneSurfaces,
    /// Landmarks, frames and measurements.
    pub anatomy: &'a HipAnatomy,
    /// What earlier stages found, metal above all.
    pub findings: &'a [Finding],
    /// Side to plan.
    pub side: Side,
    /// What to aim at.
    pub options: PlanOptions,
}

/// Why there is no plan: at least one finding of severity refusal.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("the input cannot bear a plan: {}", .findings.iter().map(|f| f.message.as_str()).collect::<Vec<_>>().join(" "))]
pub struct Refusal {
    /// What refuses, and what else was found on the way.
    pub findings: Vec<Finding>,
}

/// Chooses components and their places.
///
/// # Errors
/// Findings that refuse: metal at the joint, a pelvis cut off, bones or axes not found, an acetabulum or canal outside the
/// catalogue, families that do not exist.
pub fn place(input: &PlanningInput<'_>, catalogue: &Catalogue) -> Result<Planned, Refusal> {
    PreparedHip::new(input.clone())?.place(catalogue)
}

/// The plan that placement chooses for a hip.
fn first_plan(input: &PlanningInput<'_>, hip: &RightHip, catalogue: &Catalogue) -> Result<Plan, Refusal> {
    let options = &input.options;
    let named =
        |name: &Option<String>, first: Option<&String>| name.as_ref().or(first).cloned().unwrap_or_default();
    let cup_name = named(&options.cup_family, catalogue.cups.first().map(|c| &c.name));
    let stem_name = named(&options.stem_family, catalogue.stems.first().map(|s| &s.name));
    let cup_family = catalogue.cup(&cup_name).map_err(not_in_catalogue)?;
    let stem_family = catalogue.stem(&stem_name).map_err(not_in_catalogue)?;
    let liner = catalogue.liner(FIRST_LINER).map_err(not_in_catalogue)?;

    let angles =
        Radiographic::<Gravity>::new(options.targets.inclination_deg, options.targets.anteversion_deg);
    let seat =
        socket::choose(hip, cup_family, hip.axes.direction_of(angles.axis())).map_err(beyond_catalogue)?;
    let Some(head) = catalogue.heads_for(cup_family, seat.size_mm, liner).into_iter().next_back() else {
        let none = finding::NoHeadFits { liner: liner.kind.clone(), shell_mm: seat.size_mm };
        return Err(refuse(none.finding()));
    };
    let cup_centre = rounded(seat.centre);
    let hip_centre = cup_centre + seat.axis * liner.offset_mm;

    let (on_axis, axis) = canal::stem_axis(hip);
    let axis = rounded_direction(axis);
    let reference = if hip.condyles.is_some() {
        VersionReference::PosteriorCondylarLine
    } else {
        VersionReference::NativeNeck
    };
    let version = hip.axes.version_of(hip.neck.axis, axis, reference).unwrap_or_default();
    let version = Angle::from_degrees(to_step(version.degrees(), 10.0));
    let medial = hip.axes.neck_direction(axis, reference, version);
    let aims = restore::Aims::new(input);
    let chosen = restore::choose(
        hip,
        catalogue,
        stem_family,
        head,
        &aims,
        restore::Line { on_axis, axis, medial },
        hip_centre,
    )
    .map_err(|e| match e {
        restore::NoStem::Catalogue(e) => not_in_catalogue(e),
        restore::NoStem::CanalTooNarrow { beyond_mm } => {
            let (stem, limit_mm) = (stem_family.name.clone(), canal::CORTICAL_CONTACT_MM);
            refuse(finding::CanalTooNarrow { stem, beyond_mm, limit_mm }.finding())
        }
    })?;

    let side = input.side;
    Ok(Plan {
        format: crate::document::FORMAT,
        side,
        targets: options.targets.clone(),
        cup: CupPlan {
            family: cup_family.name.clone(),
            size_mm: seat.size_mm,
            centre_mm: side.to_right(cup_centre),
            inclination_deg: options.targets.inclination_deg,
            anteversion_deg: options.targets.anteversion_deg,
            // Press fit: screws are a matter of editing the plan.
            screws: Vec::new(),
        },
        liner: LinerPlan {
            kind: liner.kind.clone(),
            // A lip guards against posterior dislocation: it stands up and back.
            lip_direction_deg: (liner.lip > Angle::ZERO).then(|| Angle::from_degrees(-45.0)),
        },
        head: HeadPlan { diameter_mm: head.diameter_mm, offset_mm: chosen.head_offset_mm },
        stem: StemPlan {
            family: stem_family.name.clone(),
            size: chosen.size,
            neck_shaft_deg: chosen.neck_shaft,
            offset: chosen.offset.name().into(),
            origin_mm: side.to_right(rounded(chosen.origin)),
            axis: side.to_right(axis),
            version_deg: version,
            version_reference: reference.name().into(),
        },
    })
}

/// Computes geometry, numbers and findings of a plan. A plan read back from its document gives the same again.
///
/// # Errors
/// As [`place`]; also a plan for parts that the catalogue does not have or that do not fit each other, one for another side
/// than the input's, and one whose cup or stem is not in its bone.
pub fn realise(plan: &Plan, input: &PlanningInput<'_>, catalogue: &Catalogue) -> Result<Planned, Refusal> {
    if plan.side != input.side {
        return Err(of_other_side(plan, input.side));
    }
    PreparedHip::new(input.clone())?.realise(plan, catalogue)
}

fn of_other_side(plan: &Plan, asked: Side) -> Refusal {
    refuse(finding::OtherSide { planned: plan.side, asked }.finding())
}

fn not_in_catalogue(error: impl std::fmt::Display) -> Refusal {
    refuse(finding::NotInCatalogue { error: error.to_string() }.finding())
}

/// The hip, unless something refuses.
pub(crate) fn gather(input: &PlanningInput<'_>) -> Result<RightHip, Refusal> {
    let side = input.side;
    let mut refusals = Vec::new();
    for finding in input.findings.iter().chain(&input.anatomy.findings) {
        // The same may have been found by several stages, or in an earlier run.
        let is_known = |f: &Finding| f.code == finding.code && f.about == finding.about;
        if let Some(refusal) = reason_against(finding, side)
            && !refusals.iter().any(is_known)
        {
            refusals.push(refusal);
        }
    }
    let voxel_mm = input.grid.voxel_volume_mm3().cbrt();
    let hip = RightHip::gather(input.surfaces, input.anatomy, side, voxel_mm);
    for (kind, landmark) in [
        (LandmarkKind::Asis, "anterior superior iliac spine"),
        (LandmarkKind::PubicTubercle, "pubic tubercle"),
    ] {
        if input.anatomy.landmark(kind, side).is_none() && input.anatomy.pelvis.completion.is_none() {
            refusals.push(finding::PelvisCutOff { side, landmark }.finding());
        }
    }
    match hip {
        Ok(mut hip) if refusals.is_empty() => {
            hip.vessels = Vessels::new(input.labels, &hip);
            Ok(hip)
        }
        Ok(_) => Err(Refusal { findings: refusals }),
        Err(missing) => Err(Refusal { findings: refusals.into_iter().chain(missing).collect() }),
    }
}

/// The finding as a refusal, where no hip is planned of which this was found.
fn reason_against(found: &Finding, side: Side) -> Option<Finding> {
    let is_here = found.side() == Some(side);
    let refusal = match found.code {
        Code::MetalAtJoint if is_here => finding::MetalAtJointRefuses { side }.finding(),
        Code::MetalInFemur if is_here => finding::MetalInFemurRefuses { side }.finding(),
        Code::FemoralHeadCut if is_here => finding::FemoralHeadCutRefuses { side }.finding(),
        Code::FemoralHeadSmall if is_here => finding::FemoralHeadSmallRefuses { side }.finding(),
        _ => {
            let is_of_scan = found.severity == Severity::Refusal && found.about == Subject::Scan;
            return is_of_scan.then(|| found.clone());
        }
    };
    Some(found.clone().weighed_as(refusal))
}

fn refuse(finding: Finding) -> Refusal {
    Refusal { findings: vec![finding] }
}

fn beyond_catalogue(no_cup: NoCup) -> Refusal {
    refuse(match no_cup {
        NoCup::Larger { wanted_mm, largest_mm } => {
            finding::AcetabulumTooLarge { wanted_mm, largest_mm }.finding()
        }
        NoCup::Smaller { wanted_mm, smallest_mm } => {
            finding::AcetabulumTooSmall { wanted_mm, smallest_mm }.finding()
        }
    })
}

/// The nearest multiple of a fraction; zero has no sign, so that no plan says -0.0.
pub(crate) fn to_step(x: f64, steps_per_unit: f64) -> f64 {
    (x * steps_per_unit).round() / steps_per_unit + 0.0
}

/// Plans hold hundredths of a millimetre: less than anyone can carry out, and short enough to edit.
pub(crate) fn rounded<F: coxa_geometry::frame::Frame>(p: Point<F>) -> Point<F> {
    let round = |x: f64| to_step(x, 100.0);
    Point::new(round(p.x()), round(p.y()), round(p.z()))
}

/// Directions to a millionth, 0.0001 degree.
pub(crate) fn rounded_direction<F: coxa_geometry::frame::Frame>(v: Vector<F>) -> Vector<F> {
    let round = |x: f64| to_step(x, 1e6);
    Vector::new(round(v.x()), round(v.y()), round(v.z()))
}
