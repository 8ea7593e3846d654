//! Laws of paths on a leg with all surfaces.

use super::super::leg;
use super::super::model::{
    Muscle, MusclePath, PathPlace, PathPoint, PathWrap, Quadrant, WrapMethod, WrapObject, WrapShape,
};
use super::*;
use nalgebra::{Isometry3, Translation3, UnitQuaternion};
use proptest::prelude::*;

/// The leg that ships with muscles that run from pelvis to shank around surfaces on the femur, one around each.
fn model() -> Model {
    let mut model = leg::generic().clone();
    let femur = |x, y, z| {
        let turn = UnitQuaternion::from_euler_angles(0.2, 1.4, 0.1);
        Isometry3::from_parts(Translation3::new(x, y, z), turn)
    };
    let shapes = [
        ("cylinder", WrapShape::Cylinder { radius: 0.03, length: 2.0 }, femur(-0.05, -0.1, 0.0)),
        ("sphere", WrapShape::Sphere { radius: 0.035 }, femur(-0.05, -0.15, 0.0)),
        ("ellipsoid", WrapShape::Ellipsoid { radii: [0.03, 0.02, 0.05].into() }, femur(-0.05, -0.25, 0.01)),
    ];
    let muscle = model.muscles[0].clone();
    let point = |body: &str, at: [f64; 3]| PathPoint {
        name: body.to_owned(),
        body: body.to_owned(),
        place: PathPlace::Fixed(at.into()),
    };
    let wrap =
        |name: &str| PathWrap { object: name.to_owned(), method: WrapMethod::Hybrid, range: [None; 2] };
    let around = |wraps: &[&str]| Muscle {
        name: wraps.join("-"),
        path: MusclePath {
            points: vec![point("pelvis", [-0.13, 0.02, 0.06]), point("tibia_r", [-0.06, -0.1, 0.0])],
            wraps: wraps.iter().map(|name| wrap(name)).collect(),
        },
        ..muscle.clone()
    };
    let sets: [&[&str]; 3] = [&["cylinder"], &["sphere"], &["ellipsoid"]];
    model.muscles.extend(sets.map(around));
    model.wrap_objects.extend(shapes.map(|(name, shape, in_body)| WrapObject {
        name: name.to_owned(),
        body: "femur_r".to_owned(),
        in_body,
        shape,
        quadrant: None,
        is_active: true,
    }));
    model
}

struct Leg {
    skeleton: Skeleton,
    paths: Paths,
    muscles: Vec<usize>,
    posture: Posture,
    workspace: Workspace,
}

impl Leg {
    fn new() -> Leg {
        let model = model();
        let skeleton = Skeleton::new(&model).unwrap();
        let paths = Paths::new(&model, &skeleton).unwrap();
        let muscles = (0..model.muscles.len()).collect();
        Leg { skeleton, paths, muscles, posture: Posture::default(), workspace: Workspace::default() }
    }

    /// Lengths, and arms of each muscle by all coordinates.
    fn at(&mut self, q: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
        self.skeleton.place(q, &mut self.posture);
        let Leg { skeleton, paths, muscles, posture, workspace } = self;
        paths.lengths_and_arms(muscles, skeleton, q, posture, workspace);
        let arms = (0..muscles.len()).map(|n| {
            let mut all = vec![0.0; q.len()];
            workspace.arms(n).iter().for_each(|(coordinate, arm)| all[*coordinate] = *arm);
            all
        });
        (workspace.lengths().to_vec(), arms.collect())
    }
}

fn bend(skeleton: &Skeleton, by: &[f64]) -> Vec<f64> {
    let mut q = skeleton.defaults().to_vec();
    let names = ["hip_flexion_r", "hip_adduction_r", "hip_rotation_r"];
    for (name, by) in names.iter().zip(by) {
        q[skeleton.coordinate(name).unwrap()] += by;
    }
    q
}

#[test]
fn a_workspace_holds_what_single_lengths_are() {
    let mut leg = Leg::new();
    let q = bend(&leg.skeleton, &[0.4, -0.1, 0.2]);
    let (lengths, arms) = leg.at(&q);
    let mut single = vec![0.0; q.len()];
    let mut bare = model();
    bare.muscles.iter_mut().for_each(|muscle| muscle.path.wraps.clear());
    let bare = Paths::new(&bare, &leg.skeleton).unwrap();
    for (n, &muscle) in leg.muscles.iter().enumerate() {
        let length = leg.paths.length(muscle, &leg.skeleton, &q, &leg.posture, Some(&mut single));
        assert_eq!((length, &single), (lengths[n], &arms[n]));
        OpenSimLengths::new(&leg.paths).lengths(&[muscle], &q, &leg.posture, &mut leg.workspace);
        assert!(leg.workspace.lengths()[0] >= length - 1e-12, "no way is shorter than the shortest");
        let straight = bare.length(muscle, &leg.skeleton, &q, &leg.posture, None);
        assert_eq!(
            length > straight,
            !leg.paths.muscles[muscle].wraps.is_empty(),
            "{n}: {length} {straight}"
        );
    }
    assert_eq!(leg.workspace.arms(0), &[], "lengths alone");
}

#[test]
fn a_path_meets_surfaces_between_the_points_that_their_range_names() {
    let mut model = model();
    let mut path = model.muscles.last().unwrap().path.clone();
    let between = PathPoint {
        name: "femur".to_owned(),
        body: "femur_r".to_owned(),
        place: PathPlace::Fixed(Point3::new(-0.07, -0.2, 0.01)),
    };
    path.points.insert(1, between);
    let wrap = |name: &str, range| PathWrap { object: name.to_owned(), method: WrapMethod::Hybrid, range };
    // The second surface is nearer to the first part of the path, which its range excludes.
    let sets = [
        (vec![wrap("sphere", [Some(1), Some(2)]), wrap("ellipsoid", [Some(2), Some(3)])], vec![0, 0, 1, 1]),
        (vec![wrap("ellipsoid", [None, Some(2)]), wrap("sphere", [Some(2), None])], vec![]),
        (vec![wrap("sphere", [None; 2]), wrap("ellipsoid", [Some(1), Some(2)])], vec![0, 0]),
    ];
    for (wraps, expected) in sets {
        let path = MusclePath { points: path.points.clone(), wraps };
        model.muscles.last_mut().unwrap().path = path;
        let skeleton = Skeleton::new(&model).unwrap();
        let paths = Paths::new(&model, &skeleton).unwrap();
        let mut posture = Posture::default();
        let q = bend(&skeleton, &[0.4, -0.1, 0.2]);
        skeleton.place(&q, &mut posture);
        let mut stops = Vec::new();
        paths.muscles.last().unwrap().lead(&q, &posture, &mut stops);
        let met: Vec<usize> = stops.iter().filter_map(|stop| stop.wrap).collect();
        assert_eq!(met, expected);
    }
}

/// Around two cylinders on the pelvis; numbers of OpenSim 4.6 for this path.
#[test]
fn opensim_adds_parts_of_two_ways() {
    let mut model = model();
    let cylinder = |name: &str, radius, at: [f64; 3], turn: f64, quadrant| WrapObject {
        name: name.to_owned(),
        body: "pelvis".to_owned(),
        in_body: Isometry3::from_parts(
            Translation3::from(at),
            UnitQuaternion::from_euler_angles(0.0, turn, 0.0),
        ),
        shape: WrapShape::Cylinder { radius, length: 1.0 },
        quadrant,
        is_active: true,
    };
    let behind = Some(Quadrant { axis: 0, is_positive: false });
    for (first, second, expected) in [
        (
            cylinder("one", 0.05, [0.02, -0.1, 0.0], 0.1, behind),
            cylinder("two", 0.03, [0.0, -0.02, 0.0], 0.0, None),
            0.397_940_462_253,
        ),
        (
            cylinder("one", 0.03, [0.01, -0.02, 0.0], 0.0, None),
            cylinder("two", 0.05, [0.02, -0.12, 0.0], 0.1, behind),
            0.400_901_733_232,
        ),
    ] {
        let point = |at: [f64; 3]| PathPoint {
            name: "point".to_owned(),
            body: "pelvis".to_owned(),
            place: PathPlace::Fixed(at.into()),
        };
        let wrap = |object: &WrapObject| PathWrap {
            object: object.name.clone(),
            method: WrapMethod::Hybrid,
            range: [None; 2],
        };
        let own = model.muscles.len() - 1;
        model.muscles[own].path = MusclePath {
            points: vec![point([0.0, 0.05, 0.0]), point([0.0, -0.35, 0.02])],
            wraps: vec![wrap(&first), wrap(&second)],
        };
        model.wrap_objects = [model.wrap_objects.clone(), vec![first, second]].concat();
        let skeleton = Skeleton::new(&model).unwrap();
        let paths = Paths::new(&model, &skeleton).unwrap();
        let (mut posture, mut workspace) = (Posture::default(), Workspace::default());
        skeleton.place(skeleton.defaults(), &mut posture);
        OpenSimLengths::new(&paths).lengths(&[own], skeleton.defaults(), &posture, &mut workspace);
        // Its touching points are tangent to a tenth of a degree.
        assert!((workspace.lengths()[0] - expected).abs() < 2e-5, "{} {expected}", workspace.lengths()[0]);
        model.wrap_objects.retain(|object| object.body != "pelvis");
    }
}

#[test]
fn surfaces_without_size_are_errors() {
    let mut model = model();
    let skeleton = Skeleton::new(&model).unwrap();
    model.wrap_objects.last_mut().unwrap().shape = WrapShape::Ellipsoid { radii: [0.1, 0.0, 0.1].into() };
    let error = Paths::new(&model, &skeleton).unwrap_err();
    assert!(matches!(&error, PathError::Surface { object, .. } if object == "ellipsoid"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Moment arms are minus the slope of lengths, and along a motion lengths change by no more than arms allow.
    #[test]
    fn arms_are_slopes_and_lengths_do_not_jump(from in [-0.4..1.4, -0.4..0.3, -0.4..0.4], to in [-0.4..1.4, -0.4..0.3, -0.4..0.4]) {
        let mut leg = Leg::new();
        let steps = 40;
        let at = |n: i32| std::array::from_fn::<f64, 3, _>(|i| from[i] + (to[i] - from[i]) * f64::from(n) / f64::from(steps));
        // No lever is longer than the leg.
        let bound: f64 = (0..3).map(|i| f64::abs(to[i] - from[i]) / f64::from(steps) * 0.6).sum();
        let mut before: Option<Vec<f64>> = None;
        for n in 0..=steps {
            let q = bend(&leg.skeleton, &at(n));
            let (lengths, arms) = leg.at(&q);
            if let Some(before) = &before {
                // Conditional points of the others make theirs jump.
                for (m, (one, other)) in before.iter().zip(&lengths).enumerate().skip(lengths.len() - 3) {
                    prop_assert!((other - one).abs() <= bound + 1e-9, "{m}: {one} {other}");
                }
            }
            if n % 20 == 10 {
                for coordinate in 0..q.len() {
                    let mut shifted = |by: f64| {
                        let mut q = q.clone();
                        q[coordinate] += by;
                        leg.at(&q).0
                    };
                    let (ahead, behind) = (shifted(1e-6), shifted(-1e-6));
                    for (m, arms) in arms.iter().enumerate() {
                        let slope = (ahead[m] - behind[m]) / 2e-6;
                        prop_assert!((slope + arms[coordinate]).abs() < 1e-6, "{m} by {coordinate}: {slope} {}", arms[coordinate]);
                    }
                }
            }
            before = Some(lengths);
        }
    }
}
