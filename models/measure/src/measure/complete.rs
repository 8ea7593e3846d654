//! Cut femora completed by the shipped shape model, with the spread of what is not seen.
//!
//! The model with its kernel is fitted to what is seen of the femur. Where the pelvis gives the axes of the table, the posterior
//! is also given that the leg lies on it: the knee below the hip, the condyles across. Samples of that posterior go through the
//! landmark code of patients, and their scatter about the likeliest femur is the spread.

use super::femur::{isb_frame, version};
use super::prepared::is_at_image_edge;
use coxa_anatomy::Completion;
use coxa_anatomy::thresholds::METAL_HU;
use coxa_anatomy::{Bone, BoneSurfaces, HipAnatomy, Missing, Shaft};
use coxa_geometry::frame::{Patient, RightSide};
use coxa_geometry::{Measurements, Mesh, Point, Quantity, Side, Transform, Unit, Vector, finding};
use coxa_imaging::CtVolume;
use coxa_shape::landmarks::axes::Axes;
use coxa_shape::landmarks::ball::{Facing, Sphere, find_sphere};
use coxa_shape::landmarks::distal_femur::{self, DistalFemur};
use coxa_shape::landmarks::proximal_femur::{self, ShaftFit};
use coxa_shape::landmarks::rocking::Found;
use coxa_shape::landmarks::shape::Shape;
use coxa_shape::shape_model::{Fit, FitOptions, ShapeModel, Sighting, fit_prepared, shipped};
use nalgebra::Vector3;
use rayon::prelude::*;
use std::sync::OnceLock;

/// Modes of the model and its kernel.
const MODES: usize = 60;
/// The model's factor of completion was measured without the Gaussian-process kernel that lets the fit depart from them, which explains a part of what the modes leave: femora of ten people,
/// each cut at the lesser trochanter and completed by the other nine, have with the kernel 0.77 times the ratio of error to
/// foreseen spread that they have without it (version 2.2 against 3.2, shaft axis 1.6 against 1.9).
const FACTOR_WITH_KERNEL: f64 = 0.77;
/// Samples of the posterior: their scatter is known to a seventh.
const SAMPLES: u64 = 24;
/// A femur that the model does not come nearer to than this is none that it knows.
const MOST_RESIDUAL_MM: f64 = 1.5;
/// Surface this near to metal is not bone.
const BESIDE_METAL_MM: f64 = 3.0;
/// Adduction and flexion of the mechanical axis of a leg that lies on the table, perhaps with a roll under the knee, and rotation
/// of its condyles, one standard deviation about zero. Assumptions of this program, not a study.
const ADDUCTION_DEG: f64 = 5.0;
const FLEXION_DEG: f64 = 8.0;
const ROTATION_DEG: f64 = 12.0;
/// No completed version, rotation of the condyles or length is known to be surer than this, whatever the posterior says.
///
/// Version and rotation: root mean square errors of the ten people whose femora were measured (`models/weights/femur.md`), each cut at
/// four heights and completed by a model of the nine others. Nothing of version is foreseen there (the correlation is nil), and the
/// spread is that of a population: 9.6 degrees in 1,070 CTs (Hartel et al. 2016, PLoS One 11:e0149480, quartiles 7.4 and 20.4).
const LEAST_VERSION_DEG: f64 = 10.3;
const LEAST_ROTATION_DEG: f64 = 7.7;
/// Length: the spread of adults of both sexes. Left out, the people of the model are foreseen to 9 to 13 mm, but they are of one place
/// and ten at heart: how long a femur is for its upper end differs between populations by more. Of 443 dry femora, those of women
/// have 402.5 mm with a standard deviation of 20.5, those of men 34 mm more (J Clin Med Res 2019;11:740).
const LEAST_LENGTH_MM: f64 = 27.0;
/// Root mean square errors of the shaft's and the mechanical axis as shares of what the posterior's samples scatter: of the same ten
/// people, each left out of the ten (1.31, 1.94) and of all 26 (1.89, 2.09), where the other sixteen know something of them; the
/// root mean square of both.
const SHAFT_FACTOR: f64 = 1.6;
const LEAN_FACTOR: f64 = 2.0;
/// Vertices so near to a landmark of the mean stand for it.
const BESIDE_LANDMARK_MM: f64 = 6.0;

/// Completes the femora that are cut off above their condyles, see [`Completion`]; with the CT, surface beside metal is left
/// out. What cannot be completed is missing, with the reason.
pub fn complete_femora(anatomy: &mut HipAnatomy, surfaces: &BoneSurfaces, ct: Option<&CtVolume>) {
    if let Some(template) = FemurTemplate::shipped() {
        complete_femora_by(template, anatomy, surfaces, ct);
    }
}

/// As [`complete_femora`], by a model of one's own.
pub fn complete_femora_by(
    template: &FemurTemplate,
    anatomy: &mut HipAnatomy,
    surfaces: &BoneSurfaces,
    ct: Option<&CtVolume>,
) {
    let found: Vec<_> = Side::BOTH
        .par_iter()
        .filter_map(|&side| Some((side, complete(template, anatomy, surfaces, ct, side)?)))
        .collect();
    for (side, found) in found {
        match found {
            Ok(completion) => anatomy.side_mut(side).completion = Some(completion),
            Err(NotCompleted::Missing(why)) => {
                anatomy.missing.push(Missing { what: format!("completed_femur_{side}"), why: why.into() });
            }
            Err(NotCompleted::Unlike(residual_mm)) => {
                let unlike = finding::FemurNotCompleted { side, residual_mm, limit_mm: MOST_RESIDUAL_MM };
                anatomy.findings.push(unlike.finding());
            }
        }
    }
}

pub(super) enum NotCompleted {
    Missing(&'static str),
    Unlike(f64),
}

/// `None` where the femur is not there, whole, or without a head.
fn complete(
    template: &FemurTemplate,
    anatomy: &HipAnatomy,
    surfaces: &BoneSurfaces,
    ct: Option<&CtVolume>,
    side: Side,
) -> Option<Result<Completion, NotCompleted>> {
    let hip = anatomy.side(side);
    let surface = surfaces.get(&Bone::femur(side))?;
    if hip.femur_frame.is_some() || hip.head.is_none() {
        return None;
    }
    if hip.neck.is_none() {
        return Some(Err(NotCompleted::Missing(
            "the femoral neck was not found, so the femur cannot be completed",
        )));
    }
    let seen = ct.map_or_else(|| surface.clone(), |ct| without_metal(surface, ct));
    let voxel_mm = ct.map_or(0.0, |ct| ct.grid.voxel_volume_mm3().cbrt());
    let is_at_edge = |p: Point<RightSide>| ct.is_some_and(|ct| is_at_image_edge(&ct.grid, side.leave(p)));
    let Some(shape) = Shape::new(&side.enter(seen), voxel_mm, &is_at_edge) else {
        return Some(Err(NotCompleted::Missing("too little of the femur is free of metal to complete it")));
    };
    let Ok(fit) = fit_prepared(&template.model, &shape, side, &FitOptions::default()) else {
        return Some(Err(NotCompleted::Missing("the shape model could not be fitted to the femur")));
    };
    if fit.residual_mm > MOST_RESIDUAL_MM {
        return Some(Err(NotCompleted::Unlike(fit.residual_mm)));
    }
    let table = anatomy.pelvis.functional.map(|frame| {
        let axis = |v: Vector<_>| side.enter(frame.apply(v)).coords();
        let (anterior, superior) = (axis(Vector::new(1.0, 0.0, 0.0)), axis(Vector::new(0.0, 1.0, 0.0)));
        Axes::new(anterior, superior, anterior.cross(&superior))
    });
    let given = table.and_then(|axes| fit.given(&template.sightings(&axes)));
    let by_table = given.is_some();
    let fit = given.unwrap_or(fit);
    Some(
        completion(&fit, &shape, by_table)
            .ok_or(NotCompleted::Missing("the completed femur has no landmarks: its shape is too uncertain")),
    )
}

/// The surface without what lies beside metal.
pub(super) fn without_metal(surface: &Mesh<Patient>, ct: &CtVolume) -> Mesh<Patient> {
    let is_metal = |p: &Point<Patient>| {
        ct.grid
            .voxels_near(*p, BESIDE_METAL_MM)
            .any(|index| ct.voxels.get(index).is_some_and(|hu| *hu >= METAL_HU))
    };
    let beside: Vec<bool> = surface.vertices.par_iter().map(is_metal).collect();
    Mesh {
        vertices: surface.vertices.clone(),
        triangles: surface
            .triangles
            .iter()
            .filter(|t| !t.iter().any(|&v| beside.get(v as usize).copied().unwrap_or(true)))
            .copied()
            .collect(),
    }
}

/// A model of femora with its kernel, and where its landmarks are.
pub struct FemurTemplate {
    model: ShapeModel,
    head: Vec<usize>,
    knee: Vec<usize>,
    medial: Vec<usize>,
    lateral: Vec<usize>,
}

impl FemurTemplate {
    /// Of the model that comes with the program.
    fn shipped() -> Option<&'static FemurTemplate> {
        static TEMPLATE: OnceLock<Option<FemurTemplate>> = OnceLock::new();
        TEMPLATE.get_or_init(|| FemurTemplate::new(shipped::femur()?)).as_ref()
    }

    /// Of a model of right femora, standing upright with z up; `None` where its mean has no landmarks.
    pub fn new(model: &ShapeModel) -> Option<FemurTemplate> {
        let mut model = model.extended(MODES);
        if let Some(metrics) = &mut model.provenance.metrics {
            metrics.completion_factor *= FACTOR_WITH_KERNEL;
        }
        let mean: Mesh<RightSide> = Transform::identity().apply(&model.mean_mesh());
        let whole = Whole::find(mean.clone())?;
        let near = |found: &Found| -> Vec<usize> {
            let is_near =
                |v: &usize| (mean.vertices[*v].coords() - found.point.coords()).norm() < BESIDE_LANDMARK_MM;
            (0..mean.vertices.len()).filter(is_near).collect()
        };
        let (head, distal) = (whole.head, &whole.distal);
        let on_head = |v: &usize| {
            ((mean.vertices[*v].coords() - head.centre.coords()).norm() - head.radius).abs() < 1.0
        };
        // Halfway between the epicondyles: as many vertices of each.
        let (mut medial, mut lateral) = (near(&distal.medial_epicondyle), near(&distal.lateral_epicondyle));
        let count = medial.len().min(lateral.len());
        medial.truncate(count);
        lateral.truncate(count);
        Some(FemurTemplate {
            head: (0..mean.vertices.len()).filter(on_head).collect(),
            knee: [medial, lateral].concat(),
            medial: near(&distal.medial_posterior),
            lateral: near(&distal.lateral_posterior),
            model,
        })
    }

    /// The leg lies on the table, seen from one side.
    fn sightings(&self, axes: &Axes<RightSide>) -> Vec<Sighting> {
        let mechanical = |along: Vector3<f64>, degrees: f64| Sighting {
            to: self.head.clone(),
            from: self.knee.clone(),
            along,
            component: 0.0,
            sd: degrees.to_radians(),
        };
        let condyles = Sighting {
            to: self.medial.clone(),
            from: self.lateral.clone(),
            along: axes.anterior,
            component: 0.0,
            sd: ROTATION_DEG.to_radians(),
        };
        vec![mechanical(axes.lateral, ADDUCTION_DEG), mechanical(axes.anterior, FLEXION_DEG), condyles]
    }
}

/// Landmarks of a whole femur, seen as a right one.
struct Whole {
    head: Sphere,
    shaft: ShaftFit,
    neck: Vector3<f64>,
    lesser: Found,
    distal: DistalFemur,
    version: f64,
}

impl Whole {
    fn find(mesh: Mesh<RightSide>) -> Option<Whole> {
        let shape = Shape::whole(mesh)?;
        let head = find_sphere(&shape, Facing::Ball)?;
        let proximal = proximal_femur::find(&shape, &head, Vector3::z())?;
        let (shaft, lesser) = (proximal.shaft.ok()?, proximal.lesser.ok()?);
        let distal = distal_femur::find(&shape, &head, proximal.up, proximal.medial).ok()?;
        let version = version(&head, &shaft, &lesser, &distal).0;
        Some(Whole { head, shaft, neck: proximal.neck?.axis.coords(), lesser, distal, version })
    }

    fn knee(&self) -> Point<RightSide> {
        self.distal.medial_epicondyle.point.midpoint(self.distal.lateral_epicondyle.point)
    }

    fn mechanical(&self) -> Vector3<f64> {
        (self.head.centre - self.knee()).coords().normalize()
    }

    fn length(&self) -> f64 {
        (self.head.centre - self.knee()).norm()
    }

    fn neck_shaft(&self) -> f64 {
        self.neck.angle(&-self.shaft.axis.coords())
    }

    fn offset(&self) -> f64 {
        let arm = self.head.centre - self.shaft.point;
        (arm - self.shaft.axis * arm.dot(self.shaft.axis)).norm()
    }

    /// Turn about the mechanical axis of another, by the epicondyles.
    fn rotation_from(&self, other: &Whole) -> f64 {
        let up = other.mechanical();
        let across = |whole: &Whole| {
            let line =
                (whole.distal.medial_epicondyle.point - whole.distal.lateral_epicondyle.point).coords();
            line - up * up.dot(&line)
        };
        let (own, theirs) = (across(self), across(other));
        theirs.cross(&own).dot(&up).atan2(theirs.dot(&own))
    }
}

/// What is found in samples of a posterior, by their seed; `None` where that is less than half of them: such a posterior is not to be
/// trusted.
pub(super) fn sampled<T: Send>(find: impl Fn(u64) -> Option<T> + Sync + Send) -> Option<Vec<T>> {
    let found: Vec<Option<T>> = (0..SAMPLES).into_par_iter().map(find).collect();
    let found: Vec<T> = found.into_iter().flatten().collect();
    (found.len() >= SAMPLES as usize / 2).then_some(found)
}

/// Root mean square of what samples are away.
pub(super) fn root_mean_square<T>(samples: &[T], away: impl Fn(&T) -> f64) -> f64 {
    let squares: f64 = samples.iter().map(|sample| away(sample).powi(2)).sum();
    (squares / samples.len() as f64).sqrt()
}

/// What samples of the posterior make of a fit.
fn completion(fit: &Fit<'_>, seen: &Shape, by_table: bool) -> Option<Completion> {
    let side = fit.side;
    let whole = Whole::find(side.enter(fit.mesh()))?;
    let samples = sampled(|seed| Whole::find(side.enter(fit.sample(seed))))?;
    let spread = |away: &dyn Fn(&Whole) -> f64| root_mean_square(&samples, away);
    let per_axis = |away: &dyn Fn(&Whole) -> f64| spread(away) / std::f64::consts::SQRT_2;
    let people = fit.model().provenance.shapes;
    let how = format!("Shape model of {people} people, fitted to the part of this femur in the scan");
    let how = if by_table { format!("{how}, assuming that the leg lies on the table") } else { how };
    type Number<'a> = &'a dyn Fn(&Whole) -> f64;
    let numbers: [(Quantity, Number<'_>, &str); 4] = [
        (
            Quantity::FemoralVersion,
            &|s| s.version,
            "Anteversion (Murphy 1987) against the completed posterior condyles",
        ),
        (Quantity::NeckShaftAngle, &Whole::neck_shaft, "Angle between the neck axis and the completed shaft"),
        (
            Quantity::FemoralOffset,
            &Whole::offset,
            "Distance from head centre to the axis of the completed shaft",
        ),
        (
            Quantity::FemurLength,
            &Whole::length,
            "Distance from head centre to the midpoint of the completed epicondyles",
        ),
    ];
    let mut measurements = Measurements::new();
    for (quantity, of, what) in numbers {
        let value = of(&whole);
        let spread = spread(&|s| of(s) - value);
        let [value, spread] = match quantity.unit() {
            Unit::Degree => [value.to_degrees(), spread.to_degrees()],
            _ => [value, spread],
        };
        measurements.insert(quantity, value, spread, format!("{what}. {how}."));
    }
    measurements.widen(Quantity::FemoralVersion, LEAST_VERSION_DEG);
    measurements.widen(Quantity::FemurLength, LEAST_LENGTH_MM);
    let lowest = seen
        .points
        .iter()
        .map(|p| (whole.head.centre.coords() - p).dot(&whole.shaft.axis.coords()))
        .fold(0.0, f64::max);
    Some(Completion {
        obtained_by: format!("{how}."),
        seen_mm: lowest,
        residual_mm: fit.residual_mm,
        samples: samples.len(),
        shaft: Shaft {
            point_mm: side.leave(whole.shaft.point),
            axis: side.leave(whole.shaft.axis),
            seen_mm: 0.0,
            spread_deg: SHAFT_FACTOR
                * per_axis(&|s| s.shaft.axis.coords().angle(&whole.shaft.axis.coords())).to_degrees(),
        },
        femur_frame: isb_frame(side, &whole.head, &whole.distal)?,
        rotation_spread_deg: spread(&|s| s.rotation_from(&whole)).to_degrees().max(LEAST_ROTATION_DEG),
        lean_spread_deg: LEAN_FACTOR * per_axis(&|s| s.mechanical().angle(&whole.mechanical())).to_degrees(),
        medial_posterior_condyle_mm: side.leave(whole.distal.medial_posterior.point),
        lateral_posterior_condyle_mm: side.leave(whole.distal.lateral_posterior.point),
        lesser_trochanter_mm: side.leave(whole.lesser.point),
        lesser_trochanter_spread_mm: spread(&|s| (s.lesser.point - whole.lesser.point).norm())
            / 3.0_f64.sqrt(),
        measurements,
    })
}
