//! Which components are worth placing: shells, liners and heads with the plan by rule's stem, and stems and necks with its bearing.

use super::design::{Design, Variable};
use super::error::OptimiseError;
use super::part::Component;
use super::study::Study;
use crate::implants::{CupFamily, Head, Liner, StemFamily};
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

/// What a search may choose from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Freedom<'a> {
    pub(crate) families: &'a Families,
    /// Variables that keep what the first plan has.
    pub(crate) held: &'a [Variable],
    /// Components that stay as in the first plan.
    pub(crate) kept: &'a [Component],
}

/// Designs that differ from the first plan in one respect.
pub(crate) struct Choices {
    /// Other shells, liners and heads.
    pub(crate) bearings: Vec<Design>,
    /// Other stems and necks.
    pub(crate) stems: Vec<Design>,
}

/// Shells that are looked at on either side of the first plan's.
const SHELLS: usize = 1;
/// Heads that are looked at of those that a shell and liner take, from the largest down.
const HEADS: usize = 3;
/// Necks that are looked at for one stem, and for one bearing.
const NECKS: usize = 3;
/// A neck's cost for every millimetre that the stem must stand off the usual height, squared, as in restoration by rule.
const HEIGHT_COST: f64 = 0.15;
/// A neck that is not the plan by rule's costs as much as two millimetres, squared.
const OTHER_NECK_COST: f64 = 4.0;
/// A lip guards against posterior dislocation, and stands up and back.
const LIP_DEG: f64 = -45.0;

/// All choices, each with the placement of the first plan and the stem at the height that restores leg length.
pub(crate) fn choices(study: &Study<'_>, freedom: &Freedom<'_>) -> Result<Choices, OptimiseError> {
    let first = &study.first().design;
    let mut bearings = Vec::new();
    for (base, heads) in bearings_of(study, freedom)? {
        let stem = study.catalogue.stem(&base.stem_family)?;
        bearings.extend(necks(study, freedom, &base, stem, &heads)?.into_iter().next());
    }
    let head = study.catalogue.head(first.components.head_mm)?;
    let mut stems = Vec::new();
    for (stem, stem_size) in stems_of(study, freedom)? {
        let base = ComponentNames { stem_family: stem.name.clone(), stem_size, ..first.components.clone() };
        let found = necks(study, freedom, &base, stem, &head.offsets_mm)?;
        stems.extend(found.into_iter().take(NECKS));
    }
    Ok(Choices { bearings, stems })
}

/// The bearing of one design with the stem and neck of another; `None` where its head has no such length.
pub(crate) fn crossed(study: &Study<'_>, bearing: &Design, stem: &Design) -> Option<Design> {
    let first = &study.first().design;
    let (b, s) = (&bearing.components, &stem.components);
    study.catalogue.head(b.head_mm).ok()?.offset(s.head_offset_mm).ok()?;
    let components = ComponentNames {
        cup_family: b.cup_family.clone(),
        cup_size_mm: b.cup_size_mm,
        liner: b.liner.clone(),
        lip_direction_deg: b.lip_direction_deg,
        head_mm: b.head_mm,
        ..s.clone()
    };
    let height =
        stem.placement.stem_height_mm + bearing.placement.stem_height_mm - first.placement.stem_height_mm;
    let (low, high) = Variable::StemHeight.bounds();
    let placement = bearing.placement.with(Variable::StemHeight, height.clamp(low, high));
    Some(Design { components, placement })
}

/// Every shell, liner and head that may do, and the lengths of the head.
fn bearings_of(
    study: &Study<'_>,
    freedom: &Freedom<'_>,
) -> Result<Vec<(ComponentNames, Vec<f64>)>, OptimiseError> {
    let catalogue = study.catalogue;
    let first = &study.first().design.components;
    let is_kept = |component| freedom.kept.contains(&component);
    let cups: Vec<&CupFamily> = match &freedom.families.cup {
        _ if is_kept(Component::Cup) => vec![catalogue.cup(&first.cup_family)?],
        Some(name) => vec![catalogue.cup(name)?],
        None => catalogue.cups.iter().map(Arc::as_ref).collect(),
    };
    let liners: Vec<&Liner> = catalogue.liners.iter().map(Arc::as_ref).collect();
    let is_liner = |liner: &&&Liner| {
        liner.kind == first.liner
            || !is_kept(Component::Liner) && (liner.mobile.is_none() || study.instability_is_foreseen)
    };
    let mut all = Vec::new();
    for cup in cups {
        for size in shells(cup, first.cup_size_mm, if is_kept(Component::Cup) { 0 } else { SHELLS }) {
            for liner in liners.iter().filter(is_liner) {
                let heads = catalogue.heads_for(cup, size, liner).into_iter().rev().take(HEADS);
                let is_head = |head: &&Head| {
                    !is_kept(Component::Head) || (head.diameter_mm - first.head_mm).abs() < 1e-6
                };
                for head in heads.map(|head| head as &Head).filter(is_head) {
                    let lip = (liner.lip > Angle::ZERO).then(|| Angle::from_degrees(LIP_DEG));
                    let same = liner.kind == first.liner;
                    let names = ComponentNames {
                        cup_family: cup.name.clone(),
                        cup_size_mm: size,
                        liner: liner.kind.clone(),
                        lip_direction_deg: if same { first.lip_direction_deg } else { lip },
                        head_mm: head.diameter_mm,
                        ..first.clone()
                    };
                    all.push((names, head.offsets_mm.clone()));
                }
            }
        }
    }
    Ok(all)
}

/// The size nearest to a wanted one and its neighbours.
fn shells(cup: &CupFamily, wanted: f64, neighbours: usize) -> Vec<f64> {
    let mut near: Vec<f64> = cup.sizes_mm.clone();
    near.sort_by(|a, b| (a - wanted).abs().total_cmp(&(b - wanted).abs()));
    near.truncate(1 + 2 * neighbours);
    near
}

/// Every stem that may do. A canal that is not seen judges none, so that only the first plan's is left.
fn stems_of<'a>(
    study: &Study<'a>,
    freedom: &Freedom<'_>,
) -> Result<Vec<(&'a StemFamily, u32)>, OptimiseError> {
    let catalogue = study.catalogue;
    let first = &study.first().design.components;
    if study.hip.bones.canal.is_empty() || freedom.kept.contains(&Component::Stem) {
        return Ok(vec![(catalogue.stem(&first.stem_family)?.as_ref(), first.stem_size)]);
    }
    let stems: Vec<&StemFamily> = match &freedom.families.stem {
        Some(name) => vec![catalogue.stem(name)?],
        None => catalogue.stems.iter().map(Arc::as_ref).collect(),
    };
    let mut all = Vec::new();
    for stem in stems {
        all.extend(sizes(study, stem)?.into_iter().map(|size| (stem, size)));
    }
    Ok(all)
}

/// The largest size that the canal takes and its neighbours, and the first plan's.
fn sizes(study: &Study<'_>, stem: &StemFamily) -> Result<Vec<u32>, OptimiseError> {
    let first = &study.first().design.components;
    let own = (first.stem_family == stem.name).then_some(first.stem_size);
    let canal = &study.hip.bones.canal;
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

/// The necks of one stem by how well they restore leg length and offset, best first.
fn necks(
    study: &Study<'_>,
    freedom: &Freedom<'_>,
    base: &ComponentNames,
    stem: &StemFamily,
    head_offsets: &[f64],
) -> Result<Vec<Design>, OptimiseError> {
    let first = &study.first().design;
    let (lowest, highest) = Variable::StemHeight.bounds();
    let mut found: Vec<(f64, Design)> = Vec::new();
    for components in neck_names(freedom, base, stem, head_offsets, &first.components) {
        let parts = Components::new(&components, &[], study.catalogue)?;
        let level = first.placement.with(Variable::StemHeight, 0.0);
        // A stem that stands higher lengthens the leg by as much.
        let Some([leg, _]) = study.restoration(&parts, &level) else { continue };
        let height = if freedom.held.contains(&Variable::StemHeight) {
            first.placement.stem_height_mm
        } else {
            to_step((study.first().leg_mm - leg).clamp(lowest, highest), 10.0)
        };
        let placement = level.with(Variable::StemHeight, height);
        let Some([leg, offset]) = study.restoration(&parts, &placement) else { continue };
        let leg = leg - study.first().leg_mm;
        let skirt =
            if parts.head.skirt(components.head_offset_mm, &parts.taper).is_some() { 9.0 } else { 0.0 };
        let is_other = !Component::Stem.is_same(&components, &first.components)
            || components.head_offset_mm != first.components.head_offset_mm;
        let other = if is_other { OTHER_NECK_COST } else { 0.0 };
        let cost = leg * leg + offset * offset + HEIGHT_COST * height * height + skirt + other;
        found.push((cost, Design { components, placement }));
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok(found.into_iter().map(|(_, design)| design).collect())
}

/// Necks and lengths of the head that are left to choose.
fn neck_names(
    freedom: &Freedom<'_>,
    base: &ComponentNames,
    stem: &StemFamily,
    head_offsets: &[f64],
    first: &ComponentNames,
) -> Vec<ComponentNames> {
    let mut all = Vec::new();
    for &neck_shaft_deg in &stem.neck_shaft {
        for neck_offset in stem.offsets() {
            for &head_offset_mm in head_offsets {
                all.push(ComponentNames {
                    neck_shaft_deg,
                    neck_offset: neck_offset.name().into(),
                    head_offset_mm,
                    ..base.clone()
                });
            }
        }
    }
    let is_kept = |component| freedom.kept.contains(&component);
    all.retain(|names| {
        (!is_kept(Component::Stem) || Component::Stem.is_same(names, first))
            && (!is_kept(Component::Head) || (names.head_offset_mm - first.head_offset_mm).abs() < 1e-6)
    });
    all
}
