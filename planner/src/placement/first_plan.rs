//! The plan that placement chooses for a hip.

use super::hip::RightHip;
use super::input::PlanningInput;
use super::refusal::{Refusal, not_in_catalogue, refuse};
use super::rounding::{rounded, rounded_direction, to_step};
use super::socket::NoCup;
use super::{canal, restore, socket};
use crate::implants::Catalogue;
use crate::placed::VersionReference;
use crate::plan::{CupPlan, HeadPlan, LinerPlan, Plan, StemPlan};
use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::Gravity;
use coxa_geometry::{Angle, finding};

/// The liner of a new plan; another is a matter of editing it.
const FIRST_LINER: &str = "flush";

/// The plan that placement chooses for a hip.
pub(super) fn first_plan(
    input: &PlanningInput<'_>,
    hip: &RightHip,
    catalogue: &Catalogue,
) -> Result<Plan, Refusal> {
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
            centre_mm: side.leave(cup_centre),
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
            origin_mm: side.leave(rounded(chosen.origin)),
            axis: side.leave(axis),
            version_deg: version,
            version_reference: reference.name().into(),
        },
    })
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
