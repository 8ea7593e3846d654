//! Parts exchanged for others of the catalogue. What no longer fits with the new part is replaced by what is nearest to it, and
//! said.

use crate::implants::{Catalogue, CatalogueError, StemFamily, list};
use crate::plan::{Plan, ScrewPlan};
use coxa_geometry::Angle;
use serde::{Deserialize, Serialize};

/// A change of what is implanted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PartChange {
    /// Another shell.
    Cup {
        /// Family in the catalogue.
        family: String,
        /// Outer diameter.
        size_mm: f64,
    },
    /// Another liner.
    Liner {
        /// Kind in the catalogue.
        kind: String,
        /// Direction of the lip from superior towards anterior; lipped liners only.
        lip_direction_deg: Option<Angle>,
    },
    /// Another head.
    Head {
        /// Diameter.
        diameter_mm: f64,
        /// Along the neck.
        offset_mm: f64,
    },
    /// Another stem.
    Stem {
        /// Family in the catalogue.
        family: String,
        /// Size in the family.
        size: u32,
        /// Neck-shaft angle.
        neck_shaft_deg: Angle,
        /// `standard` or `high`.
        offset: String,
    },
    /// Other screws.
    Screws(Vec<ScrewPlan>),
}

/// What else had to change with a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Substitution {
    /// In words, for a person.
    pub message: String,
}

impl PartChange {
    /// A plan with the part exchanged, and what else that took.
    ///
    /// # Errors
    /// A part that the catalogue does not have; a head that does not fit shell and liner.
    pub fn applied(
        &self,
        plan: &Plan,
        catalogue: &Catalogue,
    ) -> Result<(Plan, Vec<Substitution>), CatalogueError> {
        let mut plan = plan.clone();
        let mut said = Vec::new();
        match self {
            PartChange::Cup { family, size_mm } => {
                catalogue.cup_of_size(family, *size_mm)?;
                (plan.cup.family, plan.cup.size_mm) = (family.clone(), *size_mm);
                fit_screws(&mut plan, catalogue, &mut said)?;
                fit_head(&mut plan, catalogue, &mut said)?;
            }
            PartChange::Liner { kind, lip_direction_deg } => {
                let liner = catalogue.liner(kind)?;
                plan.liner.kind.clone_from(kind);
                let has_lip = liner.lip > Angle::ZERO;
                // A lip guards against posterior dislocation: unless it is said, it stands up and back.
                let usual = plan.liner.lip_direction_deg.unwrap_or(Angle::from_degrees(-45.0));
                plan.liner.lip_direction_deg = has_lip.then(|| lip_direction_deg.unwrap_or(usual));
                fit_head(&mut plan, catalogue, &mut said)?;
            }
            PartChange::Head { diameter_mm, offset_mm } => {
                let head = catalogue.head(*diameter_mm)?;
                plan.head.diameter_mm = head.diameter_mm;
                plan.head.offset_mm = nearest(&head.offsets_mm, *offset_mm);
                if (plan.head.offset_mm - offset_mm).abs() > 1e-9 {
                    say(
                        &mut said,
                        format!("head offset {:+.1} mm, the nearest of this head", plan.head.offset_mm),
                    );
                }
            }
            PartChange::Stem { family, size, neck_shaft_deg, offset } => {
                let stem = catalogue.stem(family)?;
                plan.stem.family.clone_from(family);
                plan.stem.size = nearest_size(stem, *size);
                if plan.stem.size != *size {
                    say(&mut said, format!("stem size {}, the nearest of {family}", plan.stem.size));
                }
                let angles: Vec<f64> = stem.neck_shaft.iter().map(|a| a.degrees()).collect();
                let wanted = neck_shaft_deg.degrees();
                let own = stem
                    .neck_shaft_angle(*neck_shaft_deg)
                    .unwrap_or_else(|_| Angle::from_degrees(nearest(&angles, wanted)));
                if (own.degrees() - wanted).abs() > 1e-6 {
                    say(
                        &mut said,
                        format!("neck-shaft angle {:.0} degrees, the nearest of {family}", own.degrees()),
                    );
                }
                plan.stem.neck_shaft_deg = own;
                plan.stem.offset = match stem.offset(offset) {
                    Ok(own) => own.name().to_owned(),
                    Err(error) => {
                        let first = stem.offsets().first().ok_or(error)?.name().to_owned();
                        say(&mut said, format!("{first} offset, as {family} has no {offset} offset"));
                        first
                    }
                };
            }
            PartChange::Screws(screws) => {
                let cup = catalogue.cup_of_size(&plan.cup.family, plan.cup.size_mm)?;
                for screw in screws {
                    cup.hole(screw.hole)?;
                    catalogue.screw.length(screw.length_mm)?;
                }
                plan.cup.screws.clone_from(screws);
            }
        }
        Ok((plan, said))
    }
}

fn say(said: &mut Vec<Substitution>, message: String) {
    said.push(Substitution { message });
}

/// Heads that a shell no longer takes make way for the largest that it does.
fn fit_head(
    plan: &mut Plan,
    catalogue: &Catalogue,
    said: &mut Vec<Substitution>,
) -> Result<(), CatalogueError> {
    let cup = catalogue.cup_of_size(&plan.cup.family, plan.cup.size_mm)?;
    let liner = catalogue.liner(&plan.liner.kind)?;
    let fitting = catalogue.heads_for(cup, plan.cup.size_mm, liner);
    if fitting.iter().any(|head| head.diameter_mm == plan.head.diameter_mm) {
        return Ok(());
    }
    // Where none fits, the document says so.
    let Some(head) = fitting.iter().max_by(|a, b| a.diameter_mm.total_cmp(&b.diameter_mm)) else {
        return Ok(());
    };
    plan.head.diameter_mm = head.diameter_mm;
    plan.head.offset_mm = nearest(&head.offsets_mm, plan.head.offset_mm);
    let sizes = list(fitting.iter().map(|h| h.diameter_mm));
    say(
        said,
        format!(
            "head {} mm, {:+.1} mm: a {} liner in a {} mm shell takes {sizes} mm",
            plan.head.diameter_mm, plan.head.offset_mm, plan.liner.kind, plan.cup.size_mm
        ),
    );
    Ok(())
}

/// Screws in holes that another shell does not have go.
fn fit_screws(
    plan: &mut Plan,
    catalogue: &Catalogue,
    said: &mut Vec<Substitution>,
) -> Result<(), CatalogueError> {
    let cup = catalogue.cup_of_size(&plan.cup.family, plan.cup.size_mm)?;
    let before = plan.cup.screws.len();
    plan.cup.screws.retain(|screw| cup.hole(screw.hole).is_ok());
    let gone = before - plan.cup.screws.len();
    if gone > 0 {
        say(said, format!("screws removed: {gone}, as {} has no such holes", cup.name));
    }
    Ok(())
}

fn nearest(offered: &[f64], wanted: f64) -> f64 {
    let off = |x: &f64| (x - wanted).abs();
    offered.iter().copied().min_by(|a, b| off(a).total_cmp(&off(b))).unwrap_or(wanted)
}

fn nearest_size(stem: &StemFamily, wanted: u32) -> u32 {
    stem.sizes.iter().map(|s| s.size).min_by_key(|size| size.abs_diff(wanted)).unwrap_or(wanted)
}
