//! One hip of a virtual patient with all that is known of it by construction, and no more of a scan than planning looks at: for
//! simulations of thousands.

use super::composition::Composition;
use super::error::VirtualPatientError;
use super::options::VirtualPatientOptions;
use super::person::Person;
use super::phantom::Drawn;
use super::scan::Tissues;
use super::template::Template;
use coxa_anatomy::BoneSurfaces;
use coxa_anatomy::muscle::{LEAN_G_CM3, MUSCLES, MuscleMeasure};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Measured, Mesh, Point, Side, Unit};
use coxa_imaging::{CtVolume, Grid, LabelMap};
use nalgebra::Vector3;

/// Voxels reach from the centre of the head so far to each side, forwards and backwards; upwards; downwards, past the tip of a stem.
const ACROSS_MM: f64 = 80.0;
const ABOVE_MM: f64 = 75.0;
const BELOW_MM: f64 = 260.0;
/// Slices lie so much farther apart than voxels across, as in the scan of a patient.
const SLICE_RATIO: f64 = 1.25;

/// One hip of a virtual patient.
#[derive(Debug, Clone)]
pub struct VirtualHip {
    /// Which one.
    pub side: Side,
    /// CT numbers without noise, about this hip alone.
    pub hu: CtVolume,
    /// The structures on the same grid.
    pub labels: LabelMap,
    /// All bones of the patient, whole.
    pub surfaces: BoneSurfaces,
    /// The muscles of that side that have surfaces of their own, by these: volume, fat and lean mass are exact.
    pub muscles: Vec<MuscleMeasure>,
    /// Who the patient is.
    pub person: Person,
    /// Grade of what that hip suffers from, where it has one.
    pub grade: Option<u8>,
}

impl VirtualHip {
    /// Makes the patient that [`Phantom::new`](super::Phantom::new) makes of these options, with voxels about one hip and muscle everywhere around
    /// bones and vessels. Metal and the field of view in the options have no effect.
    ///
    /// # Errors
    /// As [`Phantom::new`](super::Phantom::new).
    pub fn new(
        template: &Template,
        options: &VirtualPatientOptions,
        side: Side,
    ) -> Result<VirtualHip, VirtualPatientError> {
        let drawn = Drawn::new(template, options, &[side])?;
        let grid = about(drawn.anatomy.side(side).head_centre_mm, options.spacing_mm);
        let muscles = MUSCLES
            .into_iter()
            .filter_map(|name| {
                let surfaces = drawn.muscles.surfaces_of(name, side);
                (!surfaces.is_empty()).then(|| known(name, side, &surfaces, &drawn.composition))
            })
            .collect();
        let Tissues { hu, labels, .. } = drawn.bones(options, &grid);
        let (person, grade) = (drawn.person, drawn.anatomy.side(side).disease.grade());
        Ok(VirtualHip { side, hu, labels, surfaces: drawn.anatomy.into_surfaces(), muscles, person, grade })
    }
}

/// Voxels about a hip.
fn about(centre: Point<Patient>, spacing_mm: f64) -> Grid {
    let spacing = Vector3::new(spacing_mm, spacing_mm, spacing_mm * SLICE_RATIO);
    let extent = Vector3::new(2.0 * ACROSS_MM, 2.0 * ACROSS_MM, ABOVE_MM + BELOW_MM);
    let dims = extent.component_div(&spacing).map(|n| n.ceil() as usize);
    let origin = Point::from_coords(centre.coords() - Vector3::new(ACROSS_MM, ACROSS_MM, BELOW_MM));
    Grid::axis_aligned(dims.into(), origin, spacing.into())
}

/// A muscle by its surfaces, as if it had been measured without error.
fn known(name: &str, side: Side, surfaces: &[&Mesh<Patient>], composition: &Composition) -> MuscleMeasure {
    let fat_fraction = composition.muscle(name, side).fat_fraction;
    let [lean_hu, fat_hu] = [composition.lean_muscle_hu, composition.fat_hu];
    let volume_cm3 = surfaces.iter().map(|surface| surface.signed_volume().abs()).sum::<f64>() / 1000.0;
    let exact = |value, unit, method: &str| Measured { value, spread: 0.0, unit, method: method.into() };
    let lean_g = volume_cm3 * (1.0 - fat_fraction) * LEAN_G_CM3;
    MuscleMeasure {
        name: name.into(),
        side,
        is_cut: false,
        volume: exact(volume_cm3, Unit::CubicCentimetre, "surface of the virtual muscle"),
        mean: exact(
            lean_hu + (fat_hu - lean_hu) * fat_fraction,
            Unit::Hounsfield,
            "mixture of its muscle and fat",
        ),
        fat_fraction: exact(fat_fraction, Unit::Ratio, "drawn with the virtual patient"),
        lean_mass: exact(lean_g, Unit::Gram, "surface of the virtual muscle without its fat"),
        predicted_dice: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choices::Disease;

    /// The other side's muscles and vessels reach nothing that is looked at, also where the head has gone inwards.
    #[test]
    fn one_side_alone_gives_the_same_hip() {
        let template = Template::shipped().unwrap();
        let options = VirtualPatientOptions {
            seed: 3,
            spacing_mm: 3.0,
            disease: Disease::Protrusio,
            grade: Some(3),
            affected: Some(Side::Left),
            ..VirtualPatientOptions::default()
        };
        let hip = VirtualHip::new(&template, &options, Side::Left).unwrap();
        let both = Drawn::new(&template, &options, &Side::BOTH).unwrap();
        let Tissues { hu, labels, .. } = both.bones(&options, &hip.hu.grid);
        assert!(hip.hu == hu && hip.labels == labels, "the other side shows");
        assert_eq!(hip.grade, Some(3));
        for muscle in &hip.muscles {
            let surfaces = both.muscles.surfaces_of(&muscle.name, Side::Left);
            assert_eq!(*muscle, known(&muscle.name, Side::Left, &surfaces, &both.composition));
        }
        assert!(hip.muscles.len() > 10);
    }
}
