//! A virtual patient before any machine has looked.

use super::blood::Blood;
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
use super::{body, bone, scan};
use coxa_anatomy::BoneSurfaces;
use coxa_geometry::Side;
use coxa_imaging::tomography::Material;
use coxa_imaging::{CtVolume, LabelMap, Volume};

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
        options.check()?;
        let anatomy = Anatomy::draw(template, options)?;
        let person = Person::draw(options, &anatomy);
        let hips = Side::BOTH.map(|side| &anatomy.side(side).disease);
        let composition = Composition::draw(options.seed, &person, hips);
        let muscles = Muscles::on(&anatomy, &composition);
        let no_muscles = muscles.missing();
        let spine = Spine::on(&anatomy, options.seed);
        let blood = Blood::draw(options.seed, options.contrast);
        let vessels = Vessels::along(&anatomy, &spine, &muscles, &person, &blood, options.seed);
        let body = body::Body::around(&anatomy, &person, &composition, &muscles, options.seed);
        let couch = Couch::under(body.bounds(), options.seed);
        let grid = scan::grid(options, &anatomy, &body, &couch);
        let bones = bone::rasterise(&anatomy, &person, options.femur, &grid);
        let flesh = muscles.rasterise(&grid, &composition, options.seed);
        let implant = Implant::new(options, &anatomy);
        let contents = scan::Contents {
            bones: &bones,
            spine: &spine,
            vertebra: bone::vertebra(&person),
            body: &body,
            flesh: &flesh,
            vessels: &vessels,
            couch: &couch,
            implant: implant.as_ref(),
        };
        let scan::Tissues { hu, tissue, labels, muscles } = scan::fill(options, &grid, &contents);
        let metal = implant.as_ref().map(Implant::material);
        Ok(Phantom {
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
        })
    }
}
