//! Which components are worth placing: of every shell, liner, head and stem that may do, the necks that restore the hip best.

use super::design::{Design, Variable};
use super::error::OptimiseError;
use super::study::Study;
use crate::implants::{CupFamily, StemFamily};
use crate::placed::{ComponentNames, Components};
use crate::placement::canal::{CORTICAL_CONTACT_MM, Outlines};
use crate::placement::rounding::to_step;
use coxa_geometry::Angle;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Families that may be chosen; none are all of the catalogue.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Families {
    /// Shell family.
    pub cup: Option<String>,
    /// Stem family.
    pub stem: Option<String>,
}

/// Heads that are looked at of those that a shell and liner take, from the largest down.
const HEADS: usize = 2;
/// Necks that are looked at for one stem, shell, liner and head.
const NECKS: usize = 2;
/// A neck's cost for every millimetre that the stem must stand off the usual height, squared, as in restoration by rule.
const HEIGHT_COST: f64 = 0.15;
/// A lip guards against posterior dislocation, and stands up and back.
const LIP_DEG: f64 = -45.0;

/// All choices of components, each with the placement of the first plan and the stem at the height that restores leg length.
pub(crate) fn choices(
    study: &Study<'_>,
    first: &Design,
    families: &Families,
    held: &[Variable],
) -> Result<Vec<Design>, OptimiseError> {
    let catalogue = study.catalogue;
    let cups: Vec<&CupFamily> = match &families.cup {
        Some(name) => vec![catalogue.cup(name)?],
        None => catalogue.cups.iter().map(Arc::as_ref).collect(),
    };
    let stems: Vec<&StemFamily> = match &families.stem {
        Some(name) => vec![catalogue.stem(name)?],
        None => catalogue.stems.iter().map(Arc::as_ref).collect(),
    };
    let mut stem_sizes: Vec<(&StemFamily, u32)> = Vec::new();
    for &stem in &stems {
        stem_sizes.extend(sizes(study, first, stem)?.into_iter().map(|size| (stem, size)));
    }
    let mut all = Vec::new();
    for cup in cups {
        let mut near: Vec<f64> = cup.sizes_mm.clone();
        let wanted = first.components.cup_size_mm;
        near.sort_by(|a, b| (a - wanted).abs().total_cmp(&(b - wanted).abs()));
        near.truncate(3);
        for &cup_size_mm in &near {
            for liner in &catalogue.liners {
                for head in catalogue.heads_for(cup, cup_size_mm, liner).into_iter().rev().take(HEADS) {
                    for &(stem, stem_size) in &stem_sizes {
                        let base = ComponentNames {
                            cup_family: cup.name.clone(),
                            cup_size_mm,
                            liner: liner.kind.clone(),
                            lip_direction_deg: (liner.lip > Angle::ZERO)
                                .then(|| Angle::from_degrees(LIP_DEG)),
                            head_mm: head.diameter_mm,
                            stem_family: stem.name.clone(),
                            stem_size,
                            ..first.components.clone()
                        };
                        all.extend(necks(study, first, &base, stem, &head.offsets_mm, held)?);
                    }
                }
            }
        }
    }
    Ok(all)
}

/// The largest size that the canal takes, and its neighbours; where no canal is seen, the first plan's size or the middle one.
fn sizes(study: &Study<'_>, first: &Design, stem: &StemFamily) -> Result<Vec<u32>, OptimiseError> {
    let middle = || stem.sizes.get(stem.sizes.len() / 2).map(|size| size.size);
    let own = (first.components.stem_family == stem.name).then_some(first.components.stem_size);
    let canal = &study.hip.bones.canal;
    if canal.is_empty() {
        return Ok(own.or_else(middle).into_iter().collect());
    }
    let taper = study.catalogue.taper(&stem.taper)?;
    let mut largest = None;
    for (index, size) in stem.sizes.iter().enumerate() {
        let outlines = Outlines::new(stem, size, taper);
        let Some(frame) = study.hip.usual_stem(stem, size) else { continue };
        let fit = outlines.fit(canal, &frame);
        if fit.sections > 0 && fit.into_cortex_mm <= CORTICAL_CONTACT_MM {
            largest = Some(index);
        }
    }
    let centre = largest.unwrap_or(0);
    let near = &stem.sizes[centre.saturating_sub(1)..(centre + 2).min(stem.sizes.len())];
    let mut sizes: Vec<u32> = near.iter().map(|size| size.size).collect();
    sizes.extend(own.filter(|own| !sizes.contains(own)));
    Ok(sizes)
}

/// The necks of one stem that restore leg length and offset best.
fn necks(
    study: &Study<'_>,
    first: &Design,
    base: &ComponentNames,
    stem: &StemFamily,
    head_offsets: &[f64],
    held: &[Variable],
) -> Result<Vec<Design>, OptimiseError> {
    let (lowest, highest) = Variable::StemHeight.bounds();
    let mut found: Vec<(f64, Design)> = Vec::new();
    for &neck_shaft_deg in &stem.neck_shaft {
        for neck_offset in stem.offsets() {
            for &head_offset_mm in head_offsets {
                let components = ComponentNames {
                    neck_shaft_deg,
                    neck_offset: neck_offset.name().into(),
                    head_offset_mm,
                    ..base.clone()
                };
                let parts = Components::new(&components, &[], study.catalogue)?;
                let level = first.placement.with(Variable::StemHeight, 0.0);
                // A stem that stands higher lengthens the leg by as much.
                let Some([leg, _]) = study.restoration(&parts, &level) else { continue };
                let height = if held.contains(&Variable::StemHeight) {
                    first.placement.stem_height_mm
                } else {
                    to_step((-leg).clamp(lowest, highest), 10.0)
                };
                let placement = level.with(Variable::StemHeight, height);
                let Some([leg, offset]) = study.restoration(&parts, &placement) else { continue };
                let skirt = if parts.head.skirt(head_offset_mm, &parts.taper).is_some() { 9.0 } else { 0.0 };
                let cost = leg * leg + offset * offset + HEIGHT_COST * height * height + skirt;
                found.push((cost, Design { components, placement }));
            }
        }
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok(found.into_iter().take(NECKS).map(|(_, design)| design).collect())
}
