//! The plan of somebody who knows only sex, height and weight: parts of the size that these let one expect, where a socket and a
//! canal are for everybody.

use super::demographics::Demographics;
use super::design::{Design, Placement};
use super::error::OptimiseError;
use super::study::Study;
use crate::placed::ComponentNames;
use coxa_geometry::Angle;

/// What is set without looking at the patient: 40 degrees inclination and 15 degrees anteversion.
const INCLINATION_DEG: f64 = 40.0;
const ANTEVERSION_DEG: f64 = 15.0;

/// The design: families of the first plan, the likeliest sizes, a flush liner with the largest head it takes, a standard neck, the
/// cup in the centre of the native socket and the stem at the usual height in the native neck's version, as one finds them in
/// theatre.
pub(super) fn design(
    study: &Study<'_>,
    first: &Design,
    known: &Demographics,
) -> Result<Design, OptimiseError> {
    let catalogue = study.catalogue;
    let cup = catalogue.cup(&first.components.cup_family)?;
    let expected = known.cup_mm().mean;
    let off = |size: &f64| (size - expected).abs();
    let cup_size_mm = cup
        .sizes_mm
        .iter()
        .copied()
        .min_by(|a, b| off(a).total_cmp(&off(b)))
        .ok_or(OptimiseError::Incomplete("cup"))?;
    let liner = catalogue.liner("flush")?;
    let head = catalogue.heads_for(cup, cup_size_mm, liner).pop().ok_or(OptimiseError::Incomplete("head"))?;
    let stem = catalogue.stem(&first.components.stem_family)?;
    let place = known.stem_place().mean * (stem.sizes.len().max(1) - 1) as f64;
    let size = stem.sizes.get(place.round() as usize).ok_or(OptimiseError::Incomplete("stem"))?;
    let nearest_to_none = |a: &&f64, b: &&f64| a.abs().total_cmp(&b.abs());
    Ok(Design {
        components: ComponentNames {
            cup_family: cup.name.clone(),
            cup_size_mm,
            liner: liner.kind.clone(),
            lip_direction_deg: None,
            head_mm: head.diameter_mm,
            head_offset_mm: head.offsets_mm.iter().min_by(nearest_to_none).copied().unwrap_or_default(),
            stem_family: stem.name.clone(),
            stem_size: size.size,
            neck_shaft_deg: stem.neck_shaft.last().copied().unwrap_or(Angle::from_degrees(135.0)),
            neck_offset: "standard".into(),
        },
        placement: Placement {
            cup_medial_mm: 0.0,
            cup_superior_mm: 0.0,
            cup_anterior_mm: 0.0,
            inclination_deg: INCLINATION_DEG,
            anteversion_deg: ANTEVERSION_DEG,
            stem_version_deg: study.hip.native_version().degrees(),
            stem_height_mm: 0.0,
        }
        .rounded(),
    })
}
