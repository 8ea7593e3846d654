//! The plan that placement chooses for a hip.

use super::hip::RightHip;
use super::input::PlanningInput;
use super::refusal::{Refusal, not_in_catalogue, refuse};
use super::rounding::{rounded, rounded_direction, to_step};
use super::socket::NoCup;
use super::{canal, restore, socket};
use crate::implants::Catalogue;
use crate::placed::VersionReference;
use crate::plan::{CupPlan, HeadPlan, LinerPlan, Plan, StemPlan, Targets};
use coxa_activity::posture::SpinalMobility;
use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::Gravity;
use coxa_geometry::{Angle, Quantity, finding};

/// The liner of a new plan; another is a matter of editing it.
const FIRST_LINER: &str = "flush";
/// Least and most that a cup is anteverted to make up for the stem: what is ideal for a cup by itself.
const CUP_ANTEVERSION_DEG: (f64, f64) = match Quantity::CupAnteversionRadiographicFunctional.ideal() {
    Some(ideal) => (ideal.least, ideal.most),
    None => (USUAL_CUP_ANTEVERSION_DEG, USUAL_CUP_ANTEVERSION_DEG),
};
/// A stem is turned only where the combined anteversion would miss its target by more than this, downwards and upwards: 25 to 45
/// degrees about 37.
const COMBINED_WITHIN_DEG: (f64, f64) = (12.0, 8.0);
/// A straight stem comes to lie within this of the native version, one standard deviation (Worlicek 2016, BMC Musculoskelet Disord
/// 17:399: 1.9 and 9.5 degrees), so that no more turn than this is planned.
const STEM_TURNS_DEG: f64 = 10.0;
/// What the combined anteversion is raised by for a stiff spine, which opens no cup in sitting, and lowered by for a hypermobile one.
/// An assumption of this program: published rules ask for up to a degree for each degree of mobility below 20, and disagree (Sevick
/// 2025, J Bone Joint Surg Open Access 10:2).
const SPINE_DEG: f64 = 5.0;
/// Of a cup whose stem's version is not known: the middle of Lewinnek's zone.
const USUAL_CUP_ANTEVERSION_DEG: f64 = 15.0;

/// The plan that placement chooses for a hip.
pub(super) fn first_plan(
    input: &PlanningInput<'_>,
    hip: &RightHip,
    catalogue: &Catalogue,
) -> Result<Plan, Refusal> {
    let options = &input.options;
    let stocked = options.stock.as_ref().map(|stock| catalogue.of_stock(stock));
    let catalogue = stocked.as_ref().unwrap_or(catalogue);
    let named =
        |name: &Option<String>, first: Option<&String>| name.as_ref().or(first).cloned().unwrap_or_default();
    let cup_name = named(&options.cup_family, catalogue.cups.first().map(|c| &c.name));
    let stem_name = named(&options.stem_family, catalogue.stems.first().map(|s| &s.name));
    let cup_family = catalogue.cup(&cup_name).map_err(not_in_catalogue)?;
    let stem_family = catalogue.stem(&stem_name).map_err(not_in_catalogue)?;
    let liner = match (catalogue.liner(FIRST_LINER), catalogue.liners.first()) {
        (Ok(liner), _) | (Err(_), Some(liner)) => liner,
        (Err(none), None) => return Err(not_in_catalogue(none)),
    };

    let (on_axis, axis) = canal::stem_axis(hip);
    let axis = rounded_direction(axis);
    let reference = if hip.condyles.is_some() {
        VersionReference::PosteriorCondylarLine
    } else {
        VersionReference::NativeNeck
    };
    let native = hip.head_version(on_axis, axis, reference).unwrap_or_default();
    let version = stem_version(&options.targets, reference, native);
    let medial = hip.axes.neck_direction(axis, reference, version);

    let angles = cup_angles(&options.targets, reference, version);
    let seat =
        socket::choose(hip, cup_family, hip.axes.direction_of(angles.axis())).map_err(beyond_catalogue)?;
    let Some(head) = catalogue.heads_for(cup_family, seat.size_mm, liner).into_iter().next_back() else {
        let none = finding::NoHeadFits { liner: liner.kind.clone(), shell_mm: seat.size_mm };
        return Err(refuse(none.finding()));
    };
    let cup_centre = rounded(seat.centre);
    let hip_centre = cup_centre + seat.axis * liner.offset_mm;

    let aims = restore::Aims::new(input, hip);
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
            inclination_deg: angles.inclination,
            anteversion_deg: angles.anteversion,
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

/// The version of the native head, turned where no cup could make up for it, by as much as a stem turns in its canal.
fn stem_version(targets: &Targets, reference: VersionReference, native: Angle) -> Angle {
    let native = native.degrees();
    let wanted = match reference {
        VersionReference::PosteriorCondylarLine => {
            let [least, most] = combined_range(targets);
            native.clamp(least - CUP_ANTEVERSION_DEG.1, most - CUP_ANTEVERSION_DEG.0)
        }
        VersionReference::NativeNeck | VersionReference::Table => native,
    };
    Angle::from_degrees(to_step(wanted.clamp(native - STEM_TURNS_DEG, native + STEM_TURNS_DEG), 10.0))
}

/// What cup and stem together come to where neither can do more.
fn combined_range(targets: &Targets) -> [f64; 2] {
    let target = combined_target(targets);
    [target - COMBINED_WITHIN_DEG.0, target + COMBINED_WITHIN_DEG.1]
}

fn combined_target(targets: &Targets) -> f64 {
    let spine = match targets.spine {
        Some(SpinalMobility::Stiff) => SPINE_DEG,
        Some(SpinalMobility::Hypermobile) => -SPINE_DEG,
        Some(SpinalMobility::Normal) | None => 0.0,
    };
    targets.combined_anteversion_deg.degrees() + spine
}

/// The cup in the supine functional plane: the anteversion that the stem's version leaves of the combined one, within what a cup is
/// given, or the usual one where nothing tells the stem's version, in the pelvis as the patient stands.
fn cup_angles(targets: &Targets, reference: VersionReference, stem: Angle) -> Radiographic<Gravity> {
    let by_stem = || match reference {
        VersionReference::PosteriorCondylarLine => {
            let left = combined_target(targets) - stem.degrees();
            left.clamp(CUP_ANTEVERSION_DEG.0, CUP_ANTEVERSION_DEG.1)
        }
        VersionReference::NativeNeck | VersionReference::Table => USUAL_CUP_ANTEVERSION_DEG,
    };
    let anteversion = targets.anteversion_deg.unwrap_or_else(|| Angle::from_degrees(by_stem()));
    let standing = Radiographic::<Gravity>::new(targets.inclination_deg, anteversion);
    let [inclination, anteversion] = match targets.standing_tilt_deg {
        // The supine pelvis stands here where the anterior pelvic plane does elsewhere: what is tilted from it.
        Some(tilt) => {
            let supine = standing.untilted(tilt);
            [supine.inclination, supine.anteversion]
        }
        None => [standing.inclination, standing.anteversion],
    };
    let step = |angle: Angle| Angle::from_degrees(to_step(angle.degrees(), 10.0));
    Radiographic::new(step(inclination), step(anteversion))
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
