//! A leg made another person's: bones by their landmarks, muscles by the bones, strength by mass.

use super::super::function::Function;
use super::super::model::{Joint, Model, Motion, PathPlace, WrapShape};
use super::super::{PathError, Paths, Skeleton, SkeletonError};
use super::warp::Warp;
use super::{Landmark, Landmarks};
use nalgebra::{Isometry3, Matrix3, Point3, Rotation3, Translation3, UnitQuaternion, Vector3};
use std::collections::BTreeMap;

/// Bodies to which landmarks belong.
const PELVIS: &str = "pelvis";
const FEMUR: &str = "femur_r";
const MM: f64 = 1e-3;
/// A map that stretches a length at a landmark by more than this, or shrinks it as much, folds a bone: landmarks are mixed up.
const MOST_STRETCH: f64 = 3.0;
const STEP_MM: f64 = 1.0;

/// A leg with the person's bones.
#[derive(Debug, Clone)]
pub struct Scaled {
    /// The model.
    pub model: Model,
    /// The person's landmarks in the frames of the model's bodies, mm.
    pub landmarks: Landmarks,
    /// From the frame in which the landmarks of the pelvis were given to that of its body, mm.
    pub pelvis: Isometry3<f64>,
    /// The same of the femur.
    pub femur: Isometry3<f64>,
    /// Length of the femur over that of the model, by which the leg below it is scaled.
    pub length_ratio: f64,
}

/// Why a leg cannot be made a person's.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ScaleError {
    /// A landmark without which a bone has no frame.
    #[error("the {bone} has no landmark {landmark:?}: it is needed to fit the model to the bone")]
    Missing {
        /// The bone.
        bone: &'static str,
        /// The landmark.
        landmark: Landmark,
    },
    /// Landmarks that say nothing of one direction.
    #[error("landmarks of the {0} lie in one plane, or there are fewer than four: add one off that plane")]
    Flat(&'static str),
    /// Landmarks that contradict one another.
    #[error(
        "landmarks of the {bone} stretch the model {stretch:.1}-fold at {landmark:?}: check for swapped landmarks or swapped sides"
    )]
    Folded {
        /// The bone.
        bone: &'static str,
        /// Where.
        landmark: Landmark,
        /// By how much.
        stretch: f64,
    },
    /// A mass that is none.
    #[error("a body mass of {0} kg is not possible")]
    Mass(f64),
    /// A body without which there is no leg.
    #[error("the model has no body `{0}`")]
    Body(&'static str),
    /// The model.
    #[error(transparent)]
    Skeleton(#[from] SkeletonError),
    /// Its paths.
    #[error(transparent)]
    Path(#[from] PathError),
}

/// Makes a model the leg of a person of `mass_kg`, whose landmarks are `person`; `own` are those of the model, in its bodies' frames, and
/// `own_mass_kg` the mass of the body that it belongs to. Both are of right hips.
///
/// Pelvis and femur with all that is fixed to them follow a smooth map that takes each landmark known of both exactly to the person's; the
/// leg below the knee keeps its form at the ratio of femoral lengths. Fibres and tendons keep their share of the whole length at neutral.
/// Greatest forces follow muscle volume, which goes with body mass, over fibre length (Correa and Pandy 2011, J Biomech 44:2782), masses of
/// segments the mass of the body, their inertia its product with length squared.
///
/// # Errors
/// Where landmarks are missing or contradict one another, or the mass is not possible.
///
/// # Examples
/// ```
/// use coxa_muscle::leg::{generic, generic_landmarks, generic_mass_kg, scaled};
///
/// // The same bones under a heavier body: stronger muscles of the same length.
/// let (own, mass_kg) = (generic_landmarks(), generic_mass_kg());
/// let heavier = scaled(generic(), own, mass_kg, own, 1.2 * mass_kg).unwrap().model;
/// let [before, after] = [generic(), &heavier].map(|model| model.muscles[0].max_isometric_force);
/// assert!(after > before);
/// ```
pub fn scaled(
    model: &Model,
    own: &Landmarks,
    own_mass_kg: f64,
    person: &Landmarks,
    mass_kg: f64,
) -> Result<Scaled, ScaleError> {
    for mass in [mass_kg, own_mass_kg] {
        if !(mass.is_finite() && mass > 0.0) {
            return Err(ScaleError::Mass(mass));
        }
    }
    let pelvis = Bone::new("pelvis", &own.pelvis, &person.pelvis, pelvis_frame)?;
    let femur = Bone::new("femur", &own.femur, &person.femur, femur_frame)?;
    let length = |places: &Places| -> Result<f64, ScaleError> {
        Ok((knee(places)? - find("femur", places, Landmark::HipCentre)?).norm())
    };
    let ratio = length(&person.femur)? / length(&own.femur)?;
    let mass_ratio = mass_kg / own_mass_kg;
    for body in [PELVIS, FEMUR] {
        if !model.bodies.iter().any(|known| known.name == body) {
            return Err(ScaleError::Body(if body == PELVIS { PELVIS } else { FEMUR }));
        }
    }
    // Metres to metres.
    let carried = |body: &str, at: &Point3<f64>| match body {
        PELVIS => pelvis.warp.point(&(at / MM)) * MM,
        FEMUR => femur.warp.point(&(at / MM)) * MM,
        _ => at * ratio,
    };
    let mut scaled = model.clone();
    for body in &mut scaled.bodies {
        body.mass_centre = carried(&body.name, &body.mass_centre);
        body.mass *= mass_ratio;
        body.inertia *= mass_ratio * ratio * ratio;
    }
    for joint in &mut scaled.joints {
        carry_joint(joint, &carried, ratio);
    }
    for muscle in &mut scaled.muscles {
        for point in &mut muscle.path.points {
            match &mut point.place {
                PathPlace::Fixed(at) | PathPlace::Conditional { at, .. } => *at = carried(&point.body, at),
                PathPlace::Moving(axes) => {
                    for (_, function) in axes.iter_mut() {
                        *function = function.clone().times(ratio);
                    }
                }
            }
        }
    }
    for object in &mut scaled.wrap_objects {
        let place = Point3::from(object.in_body.translation.vector);
        object.in_body.translation = Translation3::from(carried(&object.body, &place).coords);
        object.shape = scaled_shape(object.shape, ratio);
    }
    let (before, after) = (lengths(model)?, lengths(&scaled)?);
    for (muscle, (before, after)) in scaled.muscles.iter_mut().zip(before.into_iter().zip(after)) {
        let longer = if before > 0.0 { after / before } else { ratio };
        muscle.optimal_fibre_length *= longer;
        muscle.tendon_slack_length *= longer;
        muscle.max_isometric_force *= mass_ratio / longer;
    }
    let landmarks = Landmarks {
        pelvis: person.pelvis.iter().map(|(&name, at)| (name, pelvis.to_body * at)).collect(),
        femur: person.femur.iter().map(|(&name, at)| (name, femur.to_body * at)).collect(),
    };
    Ok(Scaled { model: scaled, landmarks, pelvis: pelvis.to_body, femur: femur.to_body, length_ratio: ratio })
}

/// Takes a joint to where the bones are carried to; `ratio` is that of lengths.
fn carry_joint(joint: &mut Joint, carried: &impl Fn(&str, &Point3<f64>) -> Point3<f64>, ratio: f64) {
    let shift = Vector3::from_fn(|axis, _| shift_at_default(joint, axis));
    let place = Point3::from(joint.in_parent.translation.vector);
    let turn = joint.in_parent.rotation;
    // The joint goes where the bone is carried to; how far it slides goes with length.
    let carried_place = carried(&joint.parent, &(place + turn * shift));
    joint.in_parent.translation = Translation3::from(carried_place.coords - turn * shift * ratio);
    let in_child = Point3::from(joint.in_child.translation.vector);
    joint.in_child.translation = Translation3::from(carried(&joint.child, &in_child).coords);
    for axis in &mut joint.axes[3..] {
        if axis.function != Function::Constant(0.0) && !is_free(axis, &joint.coordinates) {
            axis.function = axis.function.clone().times(ratio);
        }
    }
    for coordinate in joint.coordinates.iter_mut().filter(|c| c.motion == Motion::Translation) {
        coordinate.default_value *= ratio;
        coordinate.range = coordinate.range.map(|x| x * ratio);
    }
}

/// A wrapping surface with its lengths at a ratio.
fn scaled_shape(shape: WrapShape, ratio: f64) -> WrapShape {
    match shape {
        WrapShape::Cylinder { radius, length } => {
            WrapShape::Cylinder { radius: radius * ratio, length: length * ratio }
        }
        WrapShape::Sphere { radius } => WrapShape::Sphere { radius: radius * ratio },
        WrapShape::Ellipsoid { radii } => WrapShape::Ellipsoid { radii: radii * ratio },
        WrapShape::Torus { inner_radius, outer_radius } => {
            WrapShape::Torus { inner_radius: inner_radius * ratio, outer_radius: outer_radius * ratio }
        }
    }
}

impl Scaled {
    /// Turns a direction along the axes of the model's femur to those of the person's femoral frame (Wu et al. 2002, J Biomech 35:543).
    ///
    /// # Errors
    /// Where head or epicondyles are missing, or lie in a line.
    pub fn femur_to_isb(&self) -> Result<UnitQuaternion<f64>, ScaleError> {
        Ok(femur_frame(&self.landmarks.femur, &self.landmarks.femur)?.rotation.inverse())
    }
}

/// The frame of a bone by its landmarks, of those that the second places know too.
type FrameOf = fn(&Places, &Places) -> Result<Isometry3<f64>, ScaleError>;
type Places = BTreeMap<Landmark, Point3<f64>>;

/// A bone of the model and the person's.
struct Bone {
    /// From the model's place to the person's, both in the frame of the body, mm.
    warp: Warp,
    to_body: Isometry3<f64>,
}

impl Bone {
    fn new(name: &'static str, own: &Places, person: &Places, frame: FrameOf) -> Result<Bone, ScaleError> {
        // Frames rest on landmarks that both know, so that a model laid on itself does not turn.
        let to_body = frame(own, person)? * frame(person, own)?.inverse();
        let both =
            own.iter().filter_map(|(landmark, at)| Some((*landmark, *at, to_body * person.get(landmark)?)));
        let both: Vec<_> = both.collect();
        let pairs: Vec<_> = both.iter().map(|&(_, from, to)| (from, to)).collect();
        let warp = Warp::new(&pairs).ok_or(ScaleError::Flat(name))?;
        for (landmark, from, _) in both {
            let stretches = warp.stretch(&from, STEP_MM);
            let turned = stretches.determinant() < 0.0;
            for stretch in stretches.singular_values().iter() {
                if turned || !(1.0 / MOST_STRETCH..=MOST_STRETCH).contains(stretch) {
                    return Err(ScaleError::Folded { bone: name, landmark, stretch: *stretch });
                }
            }
        }
        Ok(Bone { warp, to_body })
    }
}

fn find(bone: &'static str, places: &Places, landmark: Landmark) -> Result<Point3<f64>, ScaleError> {
    let found = places.get(&landmark).filter(|at| at.iter().all(|x| x.is_finite()));
    found.copied().ok_or(ScaleError::Missing { bone, landmark })
}

/// From the pelvic frame to that of its landmarks: origin between the anterior superior iliac spines, z along them, y across the plane
/// through them and the posterior ones (Wu et al. 2002, J Biomech 35:543), or through the pubic tubercle where these are not known of both.
fn pelvis_frame(places: &Places, other: &Places) -> Result<Isometry3<f64>, ScaleError> {
    let find = |landmark| find("pelvis", places, landmark);
    let (asis, opposite) = (find(Landmark::Asis)?, find(Landmark::OppositeAsis)?);
    let middle = nalgebra::center(&asis, &opposite);
    let z = asis - opposite;
    let knows = |landmark| places.contains_key(&landmark) && other.contains_key(&landmark);
    let x = if knows(Landmark::Psis) && knows(Landmark::OppositePsis) {
        middle - nalgebra::center(&find(Landmark::Psis)?, &find(Landmark::OppositePsis)?)
    } else {
        // The tubercle lies below the spines: up and sideways make forwards.
        let up = middle - find(Landmark::PubicTubercle)?;
        up.cross(&z)
    };
    axes("pelvis", middle, x, z)
}

/// From the femoral frame to that of its landmarks: origin in the head, y from the middle of the epicondyles, z in the plane with both (Wu
/// et al. 2002).
fn femur_frame(places: &Places, _: &Places) -> Result<Isometry3<f64>, ScaleError> {
    let head = find("femur", places, Landmark::HipCentre)?;
    let across = find("femur", places, Landmark::LateralEpicondyle)?
        - find("femur", places, Landmark::MedialEpicondyle)?;
    let y = head - knee(places)?;
    let x = y.cross(&across);
    axes("femur", head, x, x.cross(&y))
}

fn knee(places: &Places) -> Result<Point3<f64>, ScaleError> {
    let [lateral, medial] =
        [Landmark::LateralEpicondyle, Landmark::MedialEpicondyle].map(|l| find("femur", places, l));
    Ok(nalgebra::center(&lateral?, &medial?))
}

/// A frame by its z axis and a direction that is forwards.
fn axes(
    bone: &'static str,
    origin: Point3<f64>,
    forwards: Vector3<f64>,
    z: Vector3<f64>,
) -> Result<Isometry3<f64>, ScaleError> {
    let z = z.try_normalize(1e-9).ok_or(ScaleError::Flat(bone))?;
    let y = z.cross(&forwards).try_normalize(1e-9).ok_or(ScaleError::Flat(bone))?;
    let turn = Rotation3::from_matrix_unchecked(Matrix3::from_columns(&[y.cross(&z), y, z]));
    Ok(Isometry3::from_parts(Translation3::from(origin.coords), UnitQuaternion::from_rotation_matrix(&turn)))
}

/// Whether a translation is a coordinate of its own, which is scaled where it is.
fn is_free(axis: &super::super::model::JointAxis, coordinates: &[super::super::model::Coordinate]) -> bool {
    axis.coordinates.iter().any(|&n| coordinates.get(n).is_some_and(|c| c.motion == Motion::Translation))
}

/// How far a joint has slid along an axis of ground, where its coordinates are at their defaults and are no translations themselves.
fn shift_at_default(joint: &super::super::model::Joint, along: usize) -> f64 {
    let slides = joint.axes[3..].iter().filter(|axis| !is_free(axis, &joint.coordinates));
    slides
        .map(|axis| {
            let q: Vec<f64> = axis
                .coordinates
                .iter()
                .filter_map(|&n| Some(joint.coordinates.get(n)?.default_value))
                .collect();
            axis.axis[along] * axis.function.value(&q)
        })
        .sum()
}

/// Lengths of all muscles with coordinates at their defaults, m.
fn lengths(model: &Model) -> Result<Vec<f64>, ScaleError> {
    let skeleton = Skeleton::new(model)?;
    Ok(Paths::new(model, &skeleton)?.at_defaults(&skeleton))
}
