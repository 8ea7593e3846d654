//! A musculoskeletal model as a file describes it: bodies, joints, muscles with their paths, in the file's own order and frames.
//!
//! Lengths in metres, angles in radians, masses in kilograms, forces in newtons, as OpenSim has them; nothing here is scaled or checked
//! against a patient. [`super::Skeleton`] and [`super::Paths`] make of it what can be computed with.

use super::function::Function;
use nalgebra::{Isometry3, Matrix3, Point3, Vector3};

/// The name of the frame that does not move.
pub const GROUND: &str = "ground";

/// A model.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Model {
    /// Its name.
    pub name: String,
    /// Acceleration of gravity in ground, m/s².
    pub gravity: Vector3<f64>,
    /// Bodies without ground, in the file's order.
    pub bodies: Vec<Body>,
    /// Joints, one for each body.
    pub joints: Vec<Joint>,
    /// Coordinates that follow others.
    pub couplers: Vec<Coupler>,
    /// Muscles.
    pub muscles: Vec<Muscle>,
    /// Actuators that are no muscles: reserves and residuals.
    pub actuators: Vec<Actuator>,
    /// Surfaces around which paths wrap.
    pub wrap_objects: Vec<WrapObject>,
    /// Places of markers on the skin.
    pub markers: Vec<Marker>,
}

/// The place of a marker on the skin.
#[derive(Debug, Clone, PartialEq)]
pub struct Marker {
    /// Its name.
    pub name: String,
    /// The body, or [`GROUND`].
    pub body: String,
    /// Where in the body, m.
    pub at: Point3<f64>,
    /// Whether it stays where it is when markers are put to where a person has them.
    pub is_fixed: bool,
}

/// A rigid body.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    /// Its name.
    pub name: String,
    /// Mass in kg.
    pub mass: f64,
    /// Centre of mass in the body, m.
    pub mass_centre: Point3<f64>,
    /// Inertia about the centre of mass along the body's axes, kg m².
    pub inertia: Matrix3<f64>,
}

/// How a body moves against another.
#[derive(Debug, Clone, PartialEq)]
pub struct Joint {
    /// Its name.
    pub name: String,
    /// The body that carries it, or [`GROUND`].
    pub parent: String,
    /// The body that it moves.
    pub child: String,
    /// Place and turn of the joint's frame in the parent.
    pub in_parent: Isometry3<f64>,
    /// Place and turn of the joint's frame in the child.
    pub in_child: Isometry3<f64>,
    /// Its coordinates.
    pub coordinates: Vec<Coordinate>,
    /// Three rotations, one after the other about axes that move along, then three translations along axes of the joint's frame in the
    /// parent. A joint of another kind is written as one of these.
    pub axes: [JointAxis; 6],
}

/// One rotation or translation of a joint.
#[derive(Debug, Clone, PartialEq)]
pub struct JointAxis {
    /// Its axis, of length one.
    pub axis: Vector3<f64>,
    /// Coordinates of this joint that it depends on, by their places in the joint.
    pub coordinates: Vec<usize>,
    /// By how much, in radians or metres.
    pub function: Function,
}

/// A degree of freedom.
#[derive(Debug, Clone, PartialEq)]
pub struct Coordinate {
    /// Its name, unique in the model.
    pub name: String,
    /// Radians or metres.
    pub motion: Motion,
    /// Value where nothing else is said.
    pub default_value: f64,
    /// Least and greatest value.
    pub range: [f64; 2],
    /// Whether it is held at its default.
    pub is_locked: bool,
    /// Whether it cannot leave its range.
    pub is_clamped: bool,
}

/// What a coordinate measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// Radians.
    Rotation,
    /// Metres.
    Translation,
    /// Several axes at once: its unit is that of the functions it drives, radians where degrees are read.
    Coupled,
}

/// A coordinate that is a function of others.
#[derive(Debug, Clone, PartialEq)]
pub struct Coupler {
    /// Its name.
    pub name: String,
    /// The coordinate that follows.
    pub dependent: String,
    /// What it follows.
    pub independent: Vec<String>,
    /// By what, before the scale.
    pub function: Function,
    /// Factor of the function.
    pub scale: f64,
}

/// A muscle: a path and what pulls along it.
#[derive(Debug, Clone, PartialEq)]
pub struct Muscle {
    /// Its name.
    pub name: String,
    /// Where it runs.
    pub path: MusclePath,
    /// Greatest isometric force of its fibres, N.
    pub max_isometric_force: f64,
    /// Fibre length at which they have it, m.
    pub optimal_fibre_length: f64,
    /// Length of the tendon without force, m.
    pub tendon_slack_length: f64,
    /// Angle between fibres and tendon at the optimal length, radians.
    pub pennation: f64,
    /// Fastest shortening in optimal lengths per second.
    pub max_contraction_velocity: f64,
    /// Least activation.
    pub min_activation: f64,
    /// Whether it pulls at all.
    pub applies_force: bool,
    /// How its fibres and tendon bear force.
    pub curves: MuscleCurves,
}

/// Families of muscle models with the numbers that differ from muscle to muscle.
#[derive(Debug, Clone, PartialEq)]
pub enum MuscleCurves {
    /// Thelen 2003 (J Biomech Eng 125:70).
    Thelen2003 {
        /// Strain of the tendon at the greatest isometric force.
        tendon_strain: f64,
        /// Strain of the passive fibres at the same.
        passive_strain: f64,
        /// Width of the active force-length curve.
        active_shape: f64,
        /// Steepness of the passive curve.
        passive_shape: f64,
        /// Shape of the force-velocity curve.
        velocity_shape: f64,
        /// Greatest force while lengthening, over the isometric one.
        lengthening_force: f64,
    },
    /// Millard et al. 2013 (J Biomech Eng 135:021005), OpenSim's `Millard2012EquilibriumMuscle`.
    Millard2012(Box<MillardCurves>),
    /// De Groote et al. 2016 (Ann Biomed Eng 44:2922).
    DeGroote2016 {
        /// Strain of the tendon at the greatest isometric force.
        tendon_strain: f64,
        /// Strain of the passive fibres at the same.
        passive_strain: f64,
        /// Factor on the width of the active force-length curve.
        active_width_scale: f64,
    },
    /// A muscle whose curves are not known here: it has a length and lever arms, and no force can be computed of it.
    Other {
        /// What the file calls it.
        class: String,
    },
}

/// Numbers of the four curves of `Millard2012EquilibriumMuscle`. Its default is OpenSim's.
#[derive(Debug, Clone, PartialEq)]
pub struct MillardCurves {
    /// Whether the tendon is taken as rigid.
    pub ignores_tendon_compliance: bool,
    /// Damping of the fibres.
    pub fibre_damping: f64,
    /// Lengths of the active curve: where it begins, where it becomes shallow, where it ends.
    pub active_lengths: [f64; 3],
    /// Slope of its shallow part.
    pub active_slope: f64,
    /// Its least value.
    pub active_least: f64,
    /// Slopes of the force-velocity curve at the fastest shortening, and near it.
    pub shortening_slopes: [f64; 2],
    /// Its slope without motion.
    pub isometric_slope: f64,
    /// Its slopes at the fastest lengthening, and near it.
    pub lengthening_slopes: [f64; 2],
    /// Its value at the fastest lengthening.
    pub lengthening_force: f64,
    /// How round it is in shortening and lengthening, 0 to 1.
    pub velocity_curviness: [f64; 2],
    /// Strain of the passive fibres where they begin to bear force, and at the greatest isometric force.
    pub passive_strain: [f64; 2],
    /// Their stiffness at both.
    pub passive_stiffness: [f64; 2],
    /// How round their curve is, 0 to 1.
    pub passive_curviness: f64,
    /// Strain of the tendon at the greatest isometric force.
    pub tendon_strain: f64,
    /// Its stiffness there.
    pub tendon_stiffness: f64,
    /// Force at which it becomes linear.
    pub tendon_toe_force: f64,
    /// How round its toe is, 0 to 1.
    pub tendon_curviness: f64,
}

impl MillardCurves {
    /// OpenSim's stiffness of passive fibres with these strains.
    pub fn usual_passive_stiffness([zero, one]: [f64; 2]) -> [f64; 2] {
        [0.2, 2.0 / (one - zero)]
    }

    /// OpenSim's stiffness of a tendon with this strain.
    pub fn usual_tendon_stiffness(strain: f64) -> f64 {
        1.375 / strain
    }
}

impl Default for MillardCurves {
    fn default() -> Self {
        let (passive_strain, tendon_strain) = ([0.0, 0.7], 0.049);
        MillardCurves {
            ignores_tendon_compliance: false,
            fibre_damping: 0.1,
            active_lengths: [0.4441, 0.73, 1.8123],
            active_slope: 0.8616,
            active_least: 0.1,
            shortening_slopes: [0.0, 0.25],
            isometric_slope: 5.0,
            lengthening_slopes: [0.0, 0.15],
            lengthening_force: 1.4,
            velocity_curviness: [0.6, 0.9],
            passive_strain,
            passive_stiffness: MillardCurves::usual_passive_stiffness(passive_strain),
            passive_curviness: 0.75,
            tendon_strain,
            tendon_stiffness: MillardCurves::usual_tendon_stiffness(tendon_strain),
            tendon_toe_force: 2.0 / 3.0,
            tendon_curviness: 0.5,
        }
    }
}

/// Where a muscle runs: through points, around surfaces.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MusclePath {
    /// From origin to insertion.
    pub points: Vec<PathPoint>,
    /// Surfaces, in the order in which they are looked at.
    pub wraps: Vec<PathWrap>,
}

/// A point of a path, in a body.
#[derive(Debug, Clone, PartialEq)]
pub struct PathPoint {
    /// Its name.
    pub name: String,
    /// The body, or [`GROUND`].
    pub body: String,
    /// Where in the body.
    pub place: PathPlace,
}

/// Place of a point in its body.
#[derive(Debug, Clone, PartialEq)]
pub enum PathPlace {
    /// It stays.
    Fixed(Point3<f64>),
    /// It stays, and is a part of the path only while a coordinate is in a range.
    Conditional {
        /// Where.
        at: Point3<f64>,
        /// The coordinate.
        coordinate: String,
        /// Least and greatest value.
        range: [f64; 2],
    },
    /// Each of x, y and z follows a coordinate.
    Moving(Box<[(String, Function); 3]>),
}

/// A surface that a path may run around.
#[derive(Debug, Clone, PartialEq)]
pub struct PathWrap {
    /// Name of the object.
    pub object: String,
    /// How the way over an ellipsoid is found.
    pub method: WrapMethod,
    /// First and last point of the part of the path that may touch it, counted from 1; `None` where it is any.
    pub range: [Option<usize>; 2],
}

/// OpenSim's ways over an ellipsoid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WrapMethod {
    /// Midpoint, and axial where that is nearly the same.
    #[default]
    Hybrid,
    /// In the plane through both points and the nearest place on the surface to their middle.
    Midpoint,
    /// In the plane along the longest axis.
    Axial,
}

/// A surface fixed to a body.
#[derive(Debug, Clone, PartialEq)]
pub struct WrapObject {
    /// Its name.
    pub name: String,
    /// The body, or [`GROUND`].
    pub body: String,
    /// Place and turn in the body.
    pub in_body: Isometry3<f64>,
    /// Its form.
    pub shape: WrapShape,
    /// The half of it over which paths may run; `None` where all of it is.
    pub quadrant: Option<Quadrant>,
    /// Whether paths mind it.
    pub is_active: bool,
}

/// Form of a wrap surface, about its own frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum WrapShape {
    /// About z.
    Cylinder {
        /// Radius, m.
        radius: f64,
        /// Length along z, its middle at the origin, m.
        length: f64,
    },
    /// About the origin.
    Sphere {
        /// Radius, m.
        radius: f64,
    },
    /// Half axes along x, y and z.
    Ellipsoid {
        /// m.
        radii: Vector3<f64>,
    },
    /// About z; paths run through its hole.
    Torus {
        /// Of the tube, m.
        inner_radius: f64,
        /// Of the circle along the middle of the tube, m.
        outer_radius: f64,
    },
}

/// The half of a wrap surface on one side of the plane across an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quadrant {
    /// 0 for x, 1 for y, 2 for z.
    pub axis: usize,
    /// Whether it is the positive side.
    pub is_positive: bool,
}

/// What acts beside muscles.
#[derive(Debug, Clone, PartialEq)]
pub struct Actuator {
    /// Its name.
    pub name: String,
    /// Force or torque at a control of one, N or N m.
    pub optimal_force: f64,
    /// Least and greatest control.
    pub control: [f64; 2],
    /// On what it acts.
    pub on: ActsOn,
}

/// On what an actuator acts.
#[derive(Debug, Clone, PartialEq)]
pub enum ActsOn {
    /// A coordinate.
    Coordinate(String),
    /// A force at a point of a body along a direction.
    Point {
        /// The body.
        body: String,
        /// Where in the body, or in ground.
        at: Point3<f64>,
        /// Along what, of length one.
        direction: Vector3<f64>,
        /// Whether place is given in ground.
        point_is_global: bool,
        /// Whether direction is given in ground.
        force_is_global: bool,
    },
    /// A torque between two bodies.
    Torque {
        /// On this body, and back on the second.
        bodies: [String; 2],
        /// About what, of length one.
        axis: Vector3<f64>,
        /// Whether the axis is given in ground.
        axis_is_global: bool,
    },
}
