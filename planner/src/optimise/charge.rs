//! What the parts and departures of a design must gain before they are worth it: their prices, less those of the plan by rule.

use super::criteria::Criteria;
use super::design::{Design, Placement};
use super::error::OptimiseError;
use super::hip::Miss;
use super::part::Part;
use super::study::{Prepared, Study};
use crate::implants::{Head, Liner, StemFamily};
use crate::placed::Components;
use crate::placement::formulas;
use crate::plan::Plan;

/// Lateral and superior shift of the hip's centre that has no price.
const FREE_LATERAL_MM: f64 = 2.0;
const FREE_SUPERIOR_MM: f64 = 3.0;
/// A stem whose middle size is shorter than this keeps to the metaphysis. Between the generic families, 85 and 118 mm or more.
const SHORT_STEM_MM: f64 = 100.0;
/// Heads that have a price of their own.
const HEADS: [(f64, &str); 5] =
    [(22.0, "head.22"), (28.0, "head.28"), (32.0, "head.32"), (36.0, "head.36"), (40.0, "head.40")];

/// What a part of a plan that is not the rule's costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PartPrice {
    /// The part.
    pub part: Part,
    /// Percentage points of success that it must gain to be worth it; negative where it does without something dear.
    pub points: f64,
}

impl Study<'_> {
    /// What a plan of this hip costs over the one that the study started from, part by part, by the prices of the criteria; empty for
    /// that plan itself. How its stem leans has no price.
    ///
    /// # Errors
    /// Components that the catalogue does not have or that do not fit each other.
    pub fn prices_of(&self, plan: &Plan) -> Result<Vec<PartPrice>, OptimiseError> {
        let design = self.hip.design(plan, self.catalogue)?;
        let parts = Components::new(&design.components, &[], self.catalogue)?;
        let price = |part| PartPrice { part, points: self.charge_of(part, &design, &parts) };
        Ok(Part::ALL.into_iter().map(price).filter(|price| price.points != 0.0).collect())
    }

    /// Points that a design must gain over the plan by rule; negative where it does without something dear that the rule's has.
    pub(crate) fn charge(&self, prepared: &Prepared) -> f64 {
        Part::ALL.into_iter().map(|part| self.charge_of(part, &prepared.design, &prepared.parts)).sum()
    }

    /// The same of one part.
    pub(crate) fn charge_of(&self, part: Part, design: &Design, parts: &Components) -> f64 {
        let first = self.first();
        if !part.differs(design, &first.design) {
            return 0.0;
        }
        let criteria = &self.criteria;
        let [of_design, of_first] = [parts, &first.parts].map(|parts| standing(criteria, part, parts));
        of_design - of_first
            + match part {
                Part::Cup => criteria.points("cup.family"),
                Part::Stem => criteria.points("stem.family"),
                Part::Neck => criteria.points("neck"),
                // Sizes of another family are other sizes.
                Part::CupSize => criteria.points("cup.size") * size_steps(&first.parts, parts),
                Part::StemSize if parts.stem.name == first.parts.stem.name => {
                    criteria.points("stem.size") * f64::from(parts.size.size.abs_diff(first.parts.size.size))
                }
                Part::Place => self.departure(design, parts),
                Part::StemSize | Part::Bearing | Part::HeadLength => 0.0,
            }
    }

    /// Points of a place that is not the rule's.
    fn departure(&self, design: &Design, parts: &Components) -> f64 {
        let first = self.first();
        let criteria = &self.criteria;
        let (a, b) = (&design.placement, &first.design.placement);
        let shift = |p: &Placement| [p.cup_medial_mm, p.cup_superior_mm, p.cup_anterior_mm];
        let way: f64 = shift(a).iter().zip(shift(b)).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
        let turn = (a.inclination_deg - b.inclination_deg).hypot(a.anteversion_deg - b.anteversion_deg);
        let version = (a.stem_version_deg - b.stem_version_deg).abs();
        let [of_design, of_first] =
            [(parts, a), (&first.parts, b)].map(|(parts, placement)| self.off_centre(parts, placement));
        let leg = self.restoration(parts, a).map_or(0.0, |[leg, _]| (leg - first.leg_mm).abs());
        criteria.points("cup.position") * way
            + criteria.points("cup.orientation") * turn
            + criteria.points("stem.version") * version
            + criteria.points("leg") * leg
            + of_design
            - of_first
    }

    /// How far the hip's centre moves medially, superiorly and anteriorly when a design is carried out exactly, mm.
    pub(crate) fn centre_shift(&self, parts: &Components, placement: &Placement) -> [f64; 3] {
        let Some(placed) = self.hip.place(parts, placement, &Miss::default()) else { return [0.0; 3] };
        let bones = &self.hip.bones;
        formulas::centre_shift(bones, placed.pose.hip_centre - bones.centre_to_restore())
    }

    /// Points of a hip centre that lies laterally or superiorly of the native one.
    fn off_centre(&self, parts: &Components, placement: &Placement) -> f64 {
        let [medial, superior, _] = self.centre_shift(parts, placement);
        self.criteria.points("cup.lateral") * (-medial - FREE_LATERAL_MM).max(0.0)
            + self.criteria.points("cup.high") * (superior - FREE_SUPERIOR_MM).max(0.0)
    }
}

/// Points of a part for what it is, whatever the plan by rule has.
fn standing(criteria: &Criteria, part: Part, parts: &Components) -> f64 {
    match part {
        Part::Bearing => liner(criteria, &parts.liner) + head(criteria, &parts.liner, &parts.head),
        Part::HeadLength => {
            let shortest = parts.head.offsets_mm.first() == Some(&parts.head_offset_mm);
            let shortest = shortest && parts.head.offsets_mm.len() > 1;
            let skirt = parts.head.skirt(parts.head_offset_mm, &parts.taper).is_some();
            f64::from(shortest) * criteria.points("head.shortest")
                + f64::from(skirt) * criteria.points("head.skirt")
        }
        Part::Stem => f64::from(is_short(&parts.stem)) * criteria.points("stem.short"),
        _ => 0.0,
    }
}

fn liner(criteria: &Criteria, liner: &Liner) -> f64 {
    let is = [
        (liner.lip.degrees() > 0.0, "liner.lipped"),
        (liner.offset_mm != 0.0, "liner.offset"),
        (liner.mobile.is_some(), "liner.dual_mobility"),
    ];
    is.into_iter().filter(|(is, _)| *is).map(|(_, name)| criteria.points(name)).sum()
}

/// A head that moves in a mobile bearing is always a small one, and its joint with the pelvis a large one.
fn head(criteria: &Criteria, liner: &Liner, head: &Head) -> f64 {
    if liner.mobile.is_some() {
        return 0.0;
    }
    let off = |entry: &(f64, &str)| (entry.0 - head.diameter_mm).abs();
    let nearest = HEADS.iter().min_by(|a, b| off(a).total_cmp(&off(b)));
    nearest.map_or(0.0, |(_, name)| criteria.points(name))
}

fn is_short(stem: &StemFamily) -> bool {
    stem.sizes.get(stem.sizes.len() / 2).is_some_and(|middle| middle.length_mm < SHORT_STEM_MM)
}

/// Sizes between the shells of two plans, counted in the family of the second.
fn size_steps(first: &Components, parts: &Components) -> f64 {
    let (low, high) = (first.cup_size_mm.min(parts.cup_size_mm), first.cup_size_mm.max(parts.cup_size_mm));
    parts.cup.sizes_mm.iter().filter(|&&size| size > low && size <= high).count() as f64
}
