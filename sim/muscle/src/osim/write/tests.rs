//! What is written reads back as it was.

use super::write;
use crate::function::{Function, Spline};
use crate::model::*;
use crate::osim::read;
use nalgebra::{Isometry3, Matrix3, Point3, Translation3, UnitQuaternion, Vector3};
use proptest::collection::vec;
use proptest::prelude::*;

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), -1.0..1.0_f64, -1e-7..1e-7_f64, -4e3..4e3_f64]
}

fn positive() -> impl Strategy<Value = f64> {
    prop_oneof![1e-6..1.0_f64, 1.0..5e3_f64]
}

fn vector() -> impl Strategy<Value = Vector3<f64>> {
    [number(), number(), number()].prop_map(Vector3::from)
}

fn direction() -> impl Strategy<Value = Vector3<f64>> {
    [-1.0..1.0_f64, -1.0..1.0_f64, -1.0..1.0_f64]
        .prop_filter_map("it has no direction", |v| Vector3::from(v).try_normalize(1e-3))
}

/// Any place and turn, right angles about y among them, where three angles are no longer told apart.
fn frame() -> impl Strategy<Value = Isometry3<f64>> {
    let turn = prop_oneof![
        Just(UnitQuaternion::identity()),
        vector().prop_map(UnitQuaternion::from_scaled_axis),
        (-4.0..4.0_f64).prop_map(|x| UnitQuaternion::from_euler_angles(x, std::f64::consts::FRAC_PI_2, 0.3)),
    ];
    (vector(), turn).prop_map(|(at, turn)| Isometry3::from_parts(Translation3::from(at), turn))
}

fn function() -> impl Strategy<Value = Function> {
    let points =
        (4..8_usize).prop_flat_map(|n| (vec(1e-3..1.0_f64, n), vec(number(), n))).prop_map(|(steps, y)| {
            let mut at = -1.0;
            let x: Vec<f64> = steps
                .iter()
                .map(|step| {
                    at += step;
                    at
                })
                .collect();
            (x, y)
        });
    let spline = (points, 0..4_usize).prop_map(|((x, y), kind)| match kind {
        0 => Function::Spline(Spline::linear(&x, &y).unwrap()),
        1 => Function::Spline(Spline::simm(&x, &y).unwrap()),
        2 => Function::Spline(Spline::natural(5, &x, &y).unwrap()),
        _ => Function::Steps { x, y },
    });
    let plain = prop_oneof![
        number().prop_map(Function::Constant),
        [number(), number()].prop_map(|c| Function::Linear(c.to_vec())),
        vec(number(), 1..5).prop_map(Function::Polynomial),
        [number(), number(), number(), number()].prop_map(|[amplitude, omega, phase, offset]| {
            Function::Sine { amplitude, omega, phase, offset }
        }),
        (number(), positive(), number(), number()).prop_map(|(from, width, start, end)| {
            Function::SmoothStep { from_to: [from, from + width], values: [start, end] }
        }),
        spline,
    ];
    (plain, proptest::option::of(number())).prop_map(|(inner, factor)| match factor {
        Some(factor) => Function::Scaled(factor, Box::new(inner)),
        None => inner,
    })
}

/// A custom joint of two coordinates, a slider with a range open upwards, or a joint that does not move.
fn joint(n: usize, parent: String) -> impl Strategy<Value = Joint> {
    let kind = (0..3_usize, [frame(), frame()], vec((direction(), function()), 6), [number(), number()]);
    kind.prop_map(move |(kind, [in_parent, in_child], driven, [default, low])| {
        let unit = [Vector3::x(), Vector3::y(), Vector3::z()];
        let mut axes: [JointAxis; 6] = std::array::from_fn(|n| JointAxis {
            axis: unit[n % 3],
            coordinates: Vec::new(),
            function: Function::Constant(0.0),
        });
        let coordinate = |name: &str, motion| Coordinate {
            name: format!("{name}_{n}"),
            motion,
            default_value: default,
            range: [low, f64::INFINITY],
            is_locked: default > 0.0,
            is_clamped: default > 0.0,
        };
        let coordinates = match kind {
            0 => {
                for (place, (axis, (along, function))) in axes.iter_mut().zip(driven).enumerate() {
                    *axis = JointAxis { axis: along, coordinates: vec![place % 2], function };
                }
                // Both drive rotations and translations by what is no plain angle.
                axes[0].function = Function::Linear(vec![1.0, 0.0]);
                axes[1].function = Function::Polynomial(vec![1.0, 0.5]);
                axes[2].function = Function::Constant(0.25);
                axes[2].coordinates = Vec::new();
                vec![coordinate("a", Motion::Rotation), coordinate("b", Motion::Coupled)]
            }
            1 => {
                axes[3].coordinates = vec![0];
                axes[3].function = Function::Linear(vec![1.0, 0.0]);
                vec![coordinate("slide", Motion::Translation)]
            }
            _ => Vec::new(),
        };
        Joint {
            name: format!("joint_{n}"),
            parent: parent.clone(),
            child: format!("body_{n}"),
            in_parent,
            in_child,
            coordinates,
            axes,
        }
    })
}

fn body(n: usize) -> impl Strategy<Value = Body> {
    (positive(), vector(), [positive(), positive(), positive()], vector()).prop_map(
        move |(mass, at, i, j)| Body {
            name: format!("body_{n}"),
            mass,
            mass_centre: Point3::from(at),
            inertia: Matrix3::new(i[0], j.x, j.y, j.x, i[1], j.z, j.y, j.z, i[2]),
        },
    )
}

fn wrap_object(body: String) -> impl Strategy<Value = WrapObject> {
    let quadrant = (0..3_usize, any::<bool>()).prop_map(|(axis, is_positive)| Quadrant { axis, is_positive });
    (frame(), [positive(), positive(), positive()], 0..4_usize, proptest::option::of(quadrant)).prop_map(
        move |(in_body, [a, b, c], kind, quadrant)| WrapObject {
            name: format!("around_{body}"),
            body: body.clone(),
            in_body,
            shape: match kind {
                0 => WrapShape::Cylinder { radius: a, length: b },
                1 => WrapShape::Sphere { radius: a },
                2 => WrapShape::Ellipsoid { radii: Vector3::new(a, b, c) },
                _ => WrapShape::Torus { inner_radius: a, outer_radius: a + b },
            },
            quadrant,
            is_active: a > 0.5,
        },
    )
}

fn curves() -> impl Strategy<Value = MuscleCurves> {
    vec(positive(), 6).prop_flat_map(|p| {
        prop_oneof![
            Just(MuscleCurves::Thelen2003 {
                tendon_strain: p[0],
                passive_strain: p[1],
                active_shape: p[2],
                passive_shape: p[3],
                velocity_shape: p[4],
                lengthening_force: p[5],
            }),
            Just(MuscleCurves::Millard2012(Box::new(MillardCurves {
                ignores_tendon_compliance: p[0] > 1.0,
                fibre_damping: p[1],
                active_lengths: [p[2], p[3], p[4]],
                shortening_slopes: [p[5], p[0]],
                lengthening_slopes: [p[1], p[2]],
                velocity_curviness: [p[3], p[4]],
                passive_strain: [p[5], p[0]],
                passive_stiffness: [p[1], p[2]],
                tendon_strain: p[3],
                tendon_stiffness: p[4],
                tendon_toe_force: p[5],
                ..MillardCurves::default()
            }))),
            Just(MuscleCurves::DeGroote2016 {
                tendon_strain: p[0],
                passive_strain: p[1],
                active_width_scale: p[2],
            }),
            Just(MuscleCurves::Other { class: "Schutte1993Muscle_Deprecated".into() }),
        ]
    })
}

/// A muscle over two bodies; over a coordinate too, where there is one.
fn muscle(bodies: [String; 2], object: String, coordinate: Option<String>) -> impl Strategy<Value = Muscle> {
    let places = (vec(vector(), 3), [function(), function(), function()]);
    (places, vec(positive(), 6), curves(), any::<bool>()).prop_map(
        move |((at, along), p, curves, applies_force)| {
            let [first, second] = bodies.clone();
            let point =
                |n: usize, body: &str, place| PathPoint { name: format!("P<{n}>"), body: body.into(), place };
            let mut points = vec![
                point(0, &first, PathPlace::Fixed(Point3::from(at[0]))),
                point(1, &second, PathPlace::Fixed(Point3::from(at[1]))),
            ];
            if let Some(name) = &coordinate {
                let at = Point3::from(at[2]);
                let conditional =
                    PathPlace::Conditional { at, coordinate: name.clone(), range: [-1.5, 0.25] };
                points.push(point(2, &first, conditional));
                let moving = along.map(|function| (name.clone(), function));
                points.push(point(3, &second, PathPlace::Moving(Box::new(moving))));
            }
            let wrap = PathWrap { object: object.clone(), method: WrapMethod::Axial, range: [None, Some(2)] };
            Muscle {
                name: "hip&<knee>_\"flexor\"".into(),
                path: MusclePath { points, wraps: vec![wrap] },
                max_isometric_force: p[0],
                optimal_fibre_length: p[1],
                tendon_slack_length: p[2],
                pennation: p[3],
                max_contraction_velocity: p[4],
                min_activation: p[5],
                applies_force,
                curves,
            }
        },
    )
}

/// A chain of bodies with all that a model may hold.
fn model() -> impl Strategy<Value = Model> {
    let limbs = (1..4_usize).prop_flat_map(|count| {
        let name = |n: usize| if n == 0 { GROUND.to_owned() } else { format!("body_{}", n - 1) };
        let joints: Vec<_> = (0..count).map(|n| joint(n, name(n)).boxed()).collect();
        let bodies: Vec<_> = (0..count).map(|n| body(n).boxed()).collect();
        let objects: Vec<_> = (0..=count).map(|n| wrap_object(name(n)).boxed()).collect();
        (joints, bodies, objects)
    });
    (limbs, vector(), [direction(), direction()], function()).prop_flat_map(
        |((joints, bodies, wrap_objects), gravity, [along, about], follows)| {
            let names: Vec<String> =
                joints.iter().flat_map(|joint| &joint.coordinates).map(|c| c.name.clone()).collect();
            let last = bodies[bodies.len() - 1].name.clone();
            let object = wrap_objects[0].name.clone();
            let muscle = muscle([GROUND.to_owned(), last.clone()], object, names.first().cloned());
            muscle.prop_map(move |muscle| Model {
                name: "law".into(),
                gravity,
                bodies: bodies.clone(),
                joints: joints.clone(),
                couplers: names
                    .windows(2)
                    .take(1)
                    .map(|pair| Coupler {
                        name: "follows".into(),
                        dependent: pair[0].clone(),
                        independent: vec![pair[1].clone()],
                        function: follows.clone(),
                        scale: -0.5,
                    })
                    .collect(),
                muscles: vec![muscle],
                actuators: names
                    .iter()
                    .take(1)
                    .map(|name| ActsOn::Coordinate(name.clone()))
                    .chain([
                        ActsOn::Point {
                            body: last.clone(),
                            at: Point3::from(gravity),
                            direction: along,
                            point_is_global: true,
                            force_is_global: false,
                        },
                        ActsOn::Torque {
                            bodies: [last.clone(), GROUND.into()],
                            axis: about,
                            axis_is_global: false,
                        },
                    ])
                    .enumerate()
                    .map(|(n, on)| Actuator {
                        name: format!("reserve_{n}"),
                        optimal_force: 3.0,
                        control: [f64::NEG_INFINITY, 0.5],
                        on,
                    })
                    .collect(),
                wrap_objects: wrap_objects.clone(),
                markers: [last.as_str(), GROUND]
                    .iter()
                    .enumerate()
                    .map(|(n, body)| Marker {
                        name: format!("marker.{n}"),
                        body: (*body).to_string(),
                        at: Point3::from(gravity),
                        is_fixed: n == 0,
                    })
                    .collect(),
            })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_model_that_is_written_reads_back_to_the_bit(model in model()) {
        let text = write(&model);
        let back = read(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        prop_assert_eq!(&back, &model);
        prop_assert_eq!(write(&back), text);
    }

    #[test]
    fn the_three_angles_of_a_frame_say_the_same_as_its_quaternion(place in frame()) {
        let [x, y, z] = super::turns_of(&place);
        let about = |axis, angle| UnitQuaternion::from_axis_angle(&axis, angle);
        let turn = about(Vector3::x_axis(), x) * about(Vector3::y_axis(), y) * about(Vector3::z_axis(), z);
        prop_assert!(turn.angle_to(&place.rotation) < 1e-7, "{} {}", turn, place.rotation);
    }
}

#[test]
fn an_edited_angle_counts_more_than_the_quaternion_beside_it() {
    let joint = Joint {
        name: "weld".into(),
        parent: GROUND.into(),
        child: "rod".into(),
        in_parent: Isometry3::rotation(Vector3::x() * 0.25),
        in_child: Isometry3::identity(),
        coordinates: Vec::new(),
        axes: std::array::from_fn(|n| JointAxis {
            axis: [Vector3::x(), Vector3::y(), Vector3::z()][n % 3],
            coordinates: Vec::new(),
            function: Function::Constant(0.0),
        }),
    };
    let rod =
        Body { name: "rod".into(), mass: 1.0, mass_centre: Point3::origin(), inertia: Matrix3::identity() };
    let model = Model { bodies: vec![rod], joints: vec![joint], ..Model::default() };
    let text = write(&model);
    assert!(
        text.contains("<WeldJoint name=\"weld\">") && text.contains(">0.25 0.0 0.0</orientation>"),
        "{text}"
    );
    let edited = read(&text.replace(">0.25 0.0 0.0</orientation>", ">0.5 0 0</orientation>")).unwrap();
    assert!((edited.joints[0].in_parent.rotation.angle() - 0.5).abs() < 1e-12);
}
