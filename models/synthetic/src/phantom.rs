//! A virtual patient before any machine has looked.

use super::blood::Blood;
use super::body::Body;
use super::composition::Composition;
use super::couch::Couch;
use super::error::VirtualPatientError;
use super::flesh::MuscleTruth;
use super::flesh::Muscles;
use super::metal::Implant;
use super::options::VirtualPatientOptions;
use super::person::Person;
use super::shape::Anatomy;
use super::spine::Spine;
use super::template::Template;
use super::truth::Truth;
use super::vessels::Vessels;
use super::{bone, scan};
use coxa_anatomy::BoneSurfaces;
use coxa_geometry::Side;
use coxa_imaging::tomography::Material;
use coxa_imaging::{CtVolume, Grid, LabelMap, Volume};

/// Tissue in every voxel, of which CT, radiographs and MR are made.
#[derive(Debug, Clone)]
pub struct Phantom {
    /// CT numbers without noise; metal has the largest that scanners give.
    pub hu: CtVolume,
    /// Codes of [`super::Tissue`].
    pub tissue: Volume<u8>,
    /// The structures on the same grid.
    pub labels: LabelMap,
    /// The bones; not cut at the end of the grid.
    pub surfaces: BoneSurfaces,
    /// The muscles as they lie in the grid.
    pub muscles: Vec<MuscleTruth>,
    /// What is known by construction.
    pub truth: Truth,
    /// The metal, if any, as an X-ray sees it.
    pub(super) metal: Option<Material>,
}

impl Phantom {
    /// Makes the tissue of a patient. The same options give the same bytes on any number of threads.
    ///
    /// # Errors
    /// An option outside its range; bones that do not fit together.
    pub fn new(options: &VirtualPatientOptions) -> Result<Phantom, VirtualPatientError> {
        Phantom::of(&Template::shipped()?, options)
    }

    /// The same with bones drawn from another template than the embedded one.
    ///
    /// # Errors
    /// As [`Phantom::new`].
    pub fn of(template: &Template, options: &VirtualPatientOptions) -> Result<Phantom, VirtualPatientError> {
        let drawn = Drawn::new(template, options, &Side::BOTH)?;
        let around = drawn.around(options.seed);
        let grid = scan::grid(options, &drawn.anatomy, &around.body, &around.couch);
        Ok(drawn.filled(template, options, around, &grid))
    }
}

/// A patient without voxels, and without the body around bones, muscles and vessels.
pub(super) struct Drawn {
    pub(super) anatomy: Anatomy,
    pub(super) composition: Composition,
    pub(super) muscles: Muscles,
    pub(super) person: Person,
    spine: Spine,
    blood: Blood,
    vessels: Vessels,
}

/// A body around them, and the table under it.
struct Around {
    body: Body,
    couch: Couch,
}

impl Drawn {
    /// With muscles and vessels of these sides.
    pub(super) fn new(
        template: &Template,
        options: &VirtualPatientOptions,
        sides: &[Side],
    ) -> Result<Drawn, VirtualPatientError> {
        options.check()?;
        let anatomy = Anatomy::draw(template, options)?;
        let person = Person::draw(options, &anatomy);
        let hips = Side::BOTH.map(|side| &anatomy.side(side).disease);
        let composition = Composition::draw(options.seed, &person, hips);
        let muscles = Muscles::on(&anatomy, template.muscles(), &composition, sides);
        let spine = Spine::on(&anatomy, options.seed);
        let blood = Blood::draw(options.seed, options.contrast);
        let vessels = Vessels::along(&anatomy, &spine, &muscles, &person, &blood, options.seed, sides);
        Ok(Drawn { anatomy, composition, muscles, person, spine, blood, vessels })
    }

    fn around(&self, seed: u64) -> Around {
        let body = Body::around(&self.anatomy, &self.person, &self.composition, &self.muscles, seed);
        let couch = Couch::under(body.bounds(), seed);
        Around { body, couch }
    }

    /// Bones and vessels in the voxels of a grid, with muscle everywhere around them.
    pub(super) fn bones(&self, options: &VirtualPatientOptions, grid: &Grid) -> scan::Tissues {
        let bones = bone::rasterise(&self.anatomy, &self.person, options.femur, grid);
        let contents = scan::Contents {
            bones: &bones,
            vertebra: bone::vertebra(&self.person),
            soft: None,
            spine: &self.spine,
            vessels: &self.vessels,
            soft_hu: [self.composition.lean_muscle_hu, self.composition.fat_hu],
            implant: None,
        };
        scan::fill(options, grid, &contents)
    }

    /// With tissue in the voxels of a grid.
    fn filled(
        self,
        template: &Template,
        options: &VirtualPatientOptions,
        Around { body, couch }: Around,
        grid: &Grid,
    ) -> Phantom {
        let Drawn { anatomy, composition, muscles, person, spine, blood, vessels } = self;
        let no_muscles = muscles.missing();
        let bones = bone::rasterise(&anatomy, &person, options.femur, grid);
        let flesh = muscles.rasterise(grid, &composition, options.seed);
        let implant = Implant::new(options, &anatomy);
        let contents = scan::Contents {
            bones: &bones,
            vertebra: bone::vertebra(&person),
            soft: Some(scan::Soft { body: &body, flesh: &flesh, couch: &couch }),
            spine: &spine,
            vessels: &vessels,
            soft_hu: [composition.lean_muscle_hu, composition.fat_hu],
            implant: implant.as_ref(),
        };
        let scan::Tissues { hu, tissue, labels, muscles } = scan::fill(options, grid, &contents);
        let metal = implant.as_ref().map(Implant::material);
        Phantom {
            hu,
            tissue,
            labels,
            metal,
            muscles,
            truth: Truth {
                people: template.people.clone(),
                right: anatomy.side(Side::Right).clone(),
                left: anatomy.side(Side::Left).clone(),
                posterior_tilt_deg: anatomy.posterior_tilt,
                person,
                composition,
                no_muscles,
                blood,
                vessels: vessels.truth(),
                couch,
            },
            surfaces: anatomy.into_surfaces(),
        }
    }
}
