//! Size, depth and neck of the stem: the combination that holds in the canal and comes nearest to the leg length and
//! offset aimed at.

use super::PlanningInput;
use super::canal::{CORTICAL_CONTACT_MM, Outlines};
use super::formulas;
use super::hip::RightHip;
use super::rounding::rounded;
use crate::implants::{Catalogue, CatalogueError, Head, NeckOffset, StemFamily, StemSize, Taper};
use coxa_geometry::frame::{RightSide, Stem};
use coxa_geometry::{Angle, Measured, Point, Quantity, Side, Transform, Vector};

/// Height of the resection over the lesser trochanter at the medial edge of the stem.
const CALCAR_MM: f64 = 12.0;
/// Where the lesser trochanter is not seen, the resection passes the neck axis this far below the isthmus.
const BELOW_ISTHMUS_MM: f64 = 8.0;
/// The stem may sit this much higher or lower.
const DEPTH_RANGE_MM: f64 = 8.0;
/// A femur is not lengthened, or its offset changed, by more than this without being asked to.
const MOST_UNASKED_MM: f64 = 20.0;

/// What the reduced hip should differ by from the scanned one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Aims {
    pub(crate) leg_length_mm: f64,
    pub(crate) offset_mm: f64,
}

impl Aims {
    /// The plan's own targets; else what makes this side equal to the other where it is the shorter; else no change. Nobody shortens a leg,
    /// or takes away offset, to match the other side without being asked to, unless the hip has risen from its acetabulum.
    pub(crate) fn new(input: &PlanningInput<'_>, hip: &RightHip) -> Self {
        let targets = &input.options.targets;
        let restore = |quantity, least: f64| {
            operated_minus_other(input, quantity).map_or(0.0, |d| (-d.value).clamp(least, MOST_UNASKED_MM))
        };
        // A hip that has risen stands out by as much as its acetabulum lies further in.
        let least_offset = if hip.has_risen() { f64::NEG_INFINITY } else { 0.0 };
        Aims {
            leg_length_mm: targets
                .leg_length_change_mm
                .unwrap_or_else(|| restore(Quantity::LegLengthDifference, 0.0)),
            offset_mm: targets
                .offset_change_mm
                .unwrap_or_else(|| restore(Quantity::OffsetDifference, least_offset)),
        }
    }
}

/// A difference between the sides, which is measured as right less left, as operated less other.
pub(crate) fn operated_minus_other(input: &PlanningInput<'_>, difference: Quantity) -> Option<Measured> {
    let measured = input.anatomy.measurements.get(difference)?.clone();
    Some(match input.side {
        Side::Right => measured,
        Side::Left => Measured { value: -measured.value, ..measured },
    })
}

/// Line and direction that a stem follows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    /// A point on the stem axis.
    pub(crate) on_axis: Point<RightSide>,
    /// Proximal.
    pub(crate) axis: Vector<RightSide>,
    /// Direction of the neck, normal to the axis.
    pub(crate) medial: Vector<RightSide>,
}

/// The stem chosen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chosen {
    pub(crate) size: u32,
    pub(crate) neck_shaft: Angle,
    pub(crate) offset: NeckOffset,
    pub(crate) head_offset_mm: f64,
    pub(crate) origin: Point<RightSide>,
}

/// Why there is none.
#[derive(Debug)]
pub(crate) enum NoStem {
    Catalogue(CatalogueError),
    /// Even the smallest stem goes this far into the cortex.
    CanalTooNarrow {
        beyond_mm: f64,
    },
}

/// A stem that goes further than this into the cortex breaks it.
const MOST_INTO_CORTEX_MM: f64 = 3.0;

/// A size at a depth at which it holds.
struct Seated<'a> {
    size: &'a StemSize,
    /// How many sizes it is from the one that the canal takes at the usual height.
    sizes_off: f64,
    origin: Point<RightSide>,
    frame: Transform<Stem, RightSide>,
    depth_mm: f64,
    /// How far the fit is from light cortical contact.
    misfit_mm: f64,
}

pub(crate) fn choose(
    hip: &RightHip,
    catalogue: &Catalogue,
    family: &StemFamily,
    head: &Head,
    aims: &Aims,
    line: Line,
    hip_centre: Point<RightSide>,
) -> Result<Chosen, NoStem> {
    let taper = catalogue.taper(&family.taper).map_err(NoStem::Catalogue)?;
    let outlines: Vec<(&StemSize, Outlines)> =
        family.sizes.iter().map(|size| (size, Outlines::new(family, size, taper))).collect();
    let seated = seated(hip, family, &outlines, line)?;

    let mut best: Option<(f64, Chosen)> = None;
    for seat in &seated {
        for &neck_shaft in &family.neck_shaft {
            for &offset in family.offsets() {
                let neck = family.neck(seat.size, neck_shaft, offset);
                for &head_offset_mm in &head.offsets_mm {
                    let reduction = hip_centre - seat.frame.apply(neck.head_centre(head_offset_mm));
                    let [leg_mm, offset_mm] = formulas::leg_and_offset_change(hip, reduction);
                    let (leg, side) = (leg_mm - aims.leg_length_mm, offset_mm - aims.offset_mm);
                    let cost = restoration_cost(leg, side) + habit_cost(seat, head, head_offset_mm, taper);
                    if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                        let size = seat.size.size;
                        best = Some((
                            cost,
                            Chosen { size, neck_shaft, offset, head_offset_mm, origin: seat.origin },
                        ));
                    }
                }
            }
        }
    }
    let no_neck = || {
        NoStem::Catalogue(CatalogueError::NoNeck { family: family.name.clone(), head_mm: head.diameter_mm })
    };
    best.map(|(_, chosen)| chosen).ok_or_else(no_neck)
}

/// Squared misses; a leg or an offset too short weighs more than one too long, because it slackens the hip.
fn restoration_cost(leg_mm: f64, offset_mm: f64) -> f64 {
    let leg = if leg_mm < 0.0 { 1.5 } else { 1.0 } * leg_mm * leg_mm;
    leg + if offset_mm < 0.0 { 1.0 } else { 0.5 } * offset_mm * offset_mm
}

/// What a size costs for every one that it is from the size of the canal, in mm squared of leg length: the canal says the size, and
/// depth and neck restore the hip. Assumption.
const SIZE_COST: f64 = 3.0;

/// What the shortest head costs, in mm squared of leg length: another neck that is off by up to 2.5 mm is taken before it. Assumption.
const SHORTEST_HEAD_COST: f64 = 6.0;

/// What is preferred where restoration does not decide.
fn habit_cost(seat: &Seated<'_>, head: &Head, head_offset_mm: f64, taper: &Taper) -> f64 {
    let skirt = if head.skirt(head_offset_mm, taper).is_some() { 9.0 } else { 0.0 };
    // The shortest leaves none for a hip that comes out tighter than planned.
    let is_shortest = head.offsets_mm.iter().all(|&other| other >= head_offset_mm);
    let shortest = if is_shortest { SHORTEST_HEAD_COST } else { 0.0 };
    let middle = (head_offset_mm - 1.75).abs() / 3.5;
    0.15 * seat.depth_mm * seat.depth_mm
        + SIZE_COST * seat.sizes_off
        + middle * middle
        + skirt
        + shortest
        + 4.0 * seat.misfit_mm * seat.misfit_mm
}

/// For every depth the largest size that the canal takes there.
fn seated<'a>(
    hip: &RightHip,
    family: &'a StemFamily,
    outlines: &[(&'a StemSize, Outlines)],
    line: Line,
) -> Result<Vec<Seated<'a>>, NoStem> {
    // Where no canal is seen, nothing speaks for any size: the middle one stands for all, and a finding says so.
    let middle = outlines.len() / 2;
    let offered = if hip.canal.is_empty() { &outlines[middle..=middle] } else { outlines };
    let mut all = Vec::new();
    let mut usual = None;
    let mut least_contact = f64::INFINITY;
    let steps = (2.0 * DEPTH_RANGE_MM) as i32;
    // From the usual height outwards, so that the size at the first that holds is the canal's.
    for step in (0..=steps).map(|k| if k % 2 == 0 { k / 2 } else { -(k + 1) / 2 }) {
        let depth_mm = f64::from(step);
        let fits = offered.iter().filter_map(|(size, outline)| {
            let origin = rounded(nominal_origin(hip, family, size, line) + line.axis * depth_mm);
            let frame = Transform::<Stem, RightSide>::from_axes(origin, line.medial, line.axis)?;
            let fit = outline.fit(&hip.canal, &frame);
            (fit.sections > 0 || hip.canal.is_empty()).then_some((*size, origin, frame, fit.into_cortex_mm))
        });
        let fits: Vec<_> = fits.collect();
        least_contact = fits.iter().map(|f| f.3).fold(least_contact, f64::min);
        // The largest that fits; where even the smallest touches too much, the smallest, if it does not break out.
        let taken = fits
            .iter()
            .rev()
            .find(|f| f.3 <= CORTICAL_CONTACT_MM)
            .or_else(|| fits.first().filter(|f| f.3 <= MOST_INTO_CORTEX_MM));
        if let Some(&(size, origin, frame, contact)) = taken {
            let misfit_mm = (contact - CORTICAL_CONTACT_MM).max(0.0);
            let place = family.sizes.iter().position(|other| other.size == size.size).unwrap_or_default();
            let sizes_off = place.abs_diff(*usual.get_or_insert(place)) as f64;
            all.push(Seated { size, sizes_off, origin, frame, depth_mm, misfit_mm });
        }
    }
    if all.is_empty() {
        return Err(NoStem::CanalTooNarrow { beyond_mm: least_contact });
    }
    Ok(all)
}

/// Where the stem's origin would lie for the usual resection.
pub(crate) fn nominal_origin(
    hip: &RightHip,
    family: &StemFamily,
    size: &StemSize,
    line: Line,
) -> Point<RightSide> {
    let along = |p: Point<RightSide>| (p - line.on_axis).dot(line.axis);
    let level = match hip.lesser_trochanter {
        Some((apex, _)) => along(apex) + CALCAR_MM + size.medial_mm * family.resection.tan(),
        None => {
            let through = hip.neck.isthmus_mm - hip.neck.axis * BELOW_ISTHMUS_MM;
            along(through) + (through - line.on_axis).dot(line.medial) * family.resection.tan()
        }
    };
    line.on_axis + line.axis * level
}
