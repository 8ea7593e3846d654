//! Laws of ways around surfaces.

use super::*;
use proptest::prelude::*;
use std::f64::consts::PI;

const CYLINDER: WrapShape = WrapShape::Cylinder { radius: 0.03, length: 0.2 };

fn way(quadrant: Option<Quadrant>, from: [f64; 3], to: [f64; 3]) -> Option<Detour> {
    around(&CYLINDER, quadrant, &Point3::from(from), &Point3::from(to))
}

#[test]
fn the_way_around_a_cylinder_is_straight_when_unrolled() {
    // Across the middle: tangents of sqrt(d2 - r2) and an arc of pi - 2 acos(r / d).
    let found = way(None, [-0.05, 0.0, 0.0], [0.05, 0.0, 0.0]).unwrap();
    let across = 2.0 * 0.04 + 0.03 * (PI - 2.0 * 0.6_f64.acos());
    let (from, to) = (Point3::new(-0.05, 0.0, 0.0), Point3::new(0.05, 0.0, 0.0));
    assert!((found.length(&from, &to) - across).abs() < 1e-12);
    // The same with a rise of 30 mm: the hypotenuse.
    let to = Point3::new(0.05, 0.0, 0.03);
    let risen = way(None, [-0.05, 0.0, 0.0], [0.05, 0.0, 0.03]).unwrap();
    assert!((risen.length(&from, &to) - across.hypot(0.03)).abs() < 1e-12);
    for touch in risen.touches {
        assert!((touch.coords.xy().norm() - 0.03).abs() < 1e-12);
    }
}

#[test]
fn ways_that_are_free_or_pass_the_ends_go_straight() {
    assert_eq!(way(None, [-0.05, 0.031, 0.0], [0.05, 0.031, 0.0]), None);
    assert_eq!(way(None, [-0.05, 0.0, 0.2], [0.05, 0.0, 0.2]), None);
    assert_eq!(way(None, [-0.05, 0.0, 0.0], [0.01, 0.0, 0.0]), None, "a point within");
    assert_eq!(way(None, [0.05, 0.01, 0.0], [0.2, 0.01, 0.0]), None, "the surface lies behind");
}

#[test]
fn a_quadrant_sends_the_way_over_its_half() {
    let (from, to) = ([-0.05, -0.005, 0.0], [0.05, -0.005, 0.0]);
    let middle = |quadrant| {
        let [a, b] = way(quadrant, from, to).unwrap().touches;
        (a.y + b.y) / 2.0
    };
    assert!(middle(None) < 0.0, "the shorter way");
    let positive = Quadrant { axis: 1, is_positive: true };
    assert!(middle(Some(positive)) > 0.0);
    assert!(middle(Some(Quadrant { is_positive: false, ..positive })) < 0.0);
    assert_eq!(way(Some(positive), [-0.05, 0.04, 0.0], [0.05, 0.04, 0.0]), None);
}

#[test]
fn length_goes_on_without_a_jump_where_a_way_begins_to_wrap() {
    let length = |y: f64| {
        let (from, to) = (Point3::new(-0.05, y, -0.01), Point3::new(0.06, y, 0.02));
        around(&CYLINDER, None, &from, &to).map_or((to - from).norm(), |found| found.length(&from, &to))
    };
    let steps: Vec<f64> = (0..2000).map(|n| length(0.02 + 1e-5 * f64::from(n))).collect();
    assert!(steps.windows(2).all(|pair| (pair[1] - pair[0]).abs() < 2e-5));
}

#[test]
fn the_way_around_a_sphere_is_a_great_circle() {
    let sphere = WrapShape::Sphere { radius: 0.03 };
    let (from, to) = (Point3::new(-0.05, 0.0, 0.0), Point3::new(0.05, 0.0, 0.0));
    let across = 2.0 * 0.04 + 0.03 * (PI - 2.0 * 0.6_f64.acos());
    let found = around(&sphere, None, &from, &to).unwrap();
    assert!((found.length(&from, &to) - across).abs() < 1e-12);
    let low = Point3::new(0.05, -0.01, 0.0);
    let near = around(&sphere, None, &from, &low).unwrap();
    assert!(near.touches.iter().all(|touch| touch.y < 0.0));
    let over = around(&sphere, Some(Quadrant { axis: 1, is_positive: true }), &from, &low).unwrap();
    assert!(
        over.touches.iter().all(|touch| touch.y > 0.0) && over.length(&from, &low) > near.length(&from, &low)
    );
}

#[test]
fn a_round_ellipsoid_is_a_sphere_and_a_long_one_a_cylinder() {
    let sphere = WrapShape::Sphere { radius: 0.03 };
    let round = WrapShape::Ellipsoid { radii: Vector3::repeat(0.03) };
    let (from, to) = (Point3::new(-0.05, 0.003, 0.01), Point3::new(0.06, 0.002, -0.02));
    let length =
        |shape: &WrapShape, quadrant| around(shape, quadrant, &from, &to).unwrap().length(&from, &to);
    for quadrant in
        [None, Some(Quadrant { axis: 1, is_positive: false }), Some(Quadrant { axis: 2, is_positive: true })]
    {
        let (one, other) = (length(&sphere, quadrant), length(&round, quadrant));
        assert!((one - other).abs() < 1e-9, "{quadrant:?}: {one} {other}");
    }
    let long = WrapShape::Ellipsoid { radii: Vector3::new(0.03, 0.03, 3000.0) };
    assert!((length(&long, None) - length(&CYLINDER, None)).abs() < 1e-8);
}

/// Lengths of OpenSim 4.6 for these surfaces and ends, in m. Around a cylinder its touching points lie in a plane. Around an ellipsoid its
/// path is a curve in a plane that its method chooses: longer than ours, by little where the method suits.
#[test]
fn lengths_are_those_of_opensim() {
    let (sphere, [a, b]) = (
        WrapShape::Sphere { radius: 0.03 },
        [Point3::new(-0.05, 0.01, 0.02), Point3::new(0.06, -0.01, -0.03)],
    );
    let half = |axis, is_positive| Some(Quadrant { axis, is_positive });
    for (quadrant, length) in [
        (None, 0.135_106_298_680),
        (half(2, false), 0.135_106_298_680),
        (half(2, true), 0.140_470_273_183),
        (half(1, false), 0.140_470_273_183),
        (half(0, true), 0.140_470_273_183),
    ] {
        assert!((whole(&sphere, quadrant, &a, &b) - length).abs() < 1e-11, "sphere {quadrant:?}");
    }
    let ellipsoid = WrapShape::Ellipsoid { radii: Vector3::new(0.02, 0.03, 0.04) };
    let own = whole(&ellipsoid, None, &a, &b);
    for (method, length, most) in [
        ("hybrid", 0.136_030_493_261, 3e-5),
        ("axial", 0.136_026_075_859, 3e-5),
        ("midpoint", 0.140_961_073_261, 6e-3),
    ] {
        assert!((0.0..most).contains(&(length - own)), "{method} {own}");
    }
    let round = |quadrant, a: &Point3<f64>, b: &Point3<f64>| {
        let way = around(&CYLINDER, quadrant, a, b).unwrap();
        cylinder::through_apex(0.03, 0.2, a, b, &way).unwrap().length(a, b)
    };
    let [low, high] = [Point3::new(-0.05, -0.01, 0.02), Point3::new(0.06, 0.01, -0.03)];
    let [above, below] = [Point3::new(-0.02, 0.05, 0.02), Point3::new(-0.01, -0.06, -0.03)];
    for (quadrant, a, b, length) in [
        (None, &a, &b, 0.136_998_897_676),
        (half(1, true), &low, &high, 0.138_808_400_138),
        (half(1, false), &low, &high, 0.136_998_897_676),
        (half(0, false), &above, &below, 0.124_911_135_385),
    ] {
        assert!((round(quadrant, a, b) - length).abs() < 1e-11, "cylinder {quadrant:?}");
    }
}

#[test]
fn a_path_is_held_in_the_hole_of_a_torus() {
    let torus = WrapShape::Torus { inner_radius: 0.01, outer_radius: 0.04 };
    let way = |from: [f64; 3], to: [f64; 3]| around(&torus, None, &Point3::from(from), &Point3::from(to));
    assert_eq!(way([0.0, 0.0, -0.1], [0.01, 0.0, 0.1]), None, "free");
    // In a plane through the axis the tube is a circle about (0.04, 0), and the way around it is that of a cylinder.
    for x in [0.035, 0.045, 0.06] {
        let (from, to) = (Point3::new(x, 0.0, -0.1), Point3::new(x, 0.0, 0.1));
        let found = around(&torus, None, &from, &to).unwrap();
        let (far, off) = ((x - 0.04_f64).hypot(0.1), x - 0.04);
        let swept = 2.0 * ((0.1_f64).atan2(-off) - (0.01 / far).acos());
        let flat = 2.0 * (far * far - 1e-4_f64).sqrt() + 0.01 * swept;
        assert!((found.length(&from, &to) - flat).abs() < 1e-9, "{x}");
        assert!(found.touches.iter().all(|touch| touch.x < 0.04));
    }
}

/// Surfaces without and with a half.
fn surfaces() -> impl Strategy<Value = (WrapShape, Option<Quadrant>)> {
    let radius = 0.015..0.04;
    let shape = prop_oneof![
        radius.clone().prop_map(|radius| WrapShape::Cylinder { radius, length: 10.0 }),
        radius.clone().prop_map(|radius| WrapShape::Sphere { radius }),
        [radius.clone(), radius.clone(), radius].prop_map(|r| WrapShape::Ellipsoid { radii: r.into() }),
        (0.008..0.015, 0.03..0.05)
            .prop_map(|(inner_radius, outer_radius)| WrapShape::Torus { inner_radius, outer_radius }),
    ];
    let half = (0..2_usize, any::<bool>()).prop_map(|(axis, is_positive)| Quadrant { axis, is_positive });
    // Ellipsoids with a half are held against spheres alone.
    (shape, proptest::option::of(half)).prop_map(|(shape, half)| match shape {
        WrapShape::Ellipsoid { .. } => (shape, None),
        _ => (shape, half),
    })
}

fn places() -> impl Strategy<Value = Point3<f64>> {
    [-0.1..0.1, -0.1..0.1, -0.1..0.1].prop_map(Point3::from)
}

fn whole(shape: &WrapShape, quadrant: Option<Quadrant>, from: &Point3<f64>, to: &Point3<f64>) -> f64 {
    around(shape, quadrant, from, to).map_or((to - from).norm(), |found| found.length(from, to))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Touching points lie on the surface, and straight parts touch it there.
    #[test]
    fn straight_parts_are_tangents((shape, quadrant) in surfaces(), from in places(), to in places()) {
        if let Some(found) = around(&shape, quadrant, &from, &to) {
            for (touch, end) in found.touches.iter().zip([&from, &to]) {
                let normal = match shape {
                    WrapShape::Cylinder { .. } => touch.coords.xy().push(0.0).normalize(),
                    WrapShape::Sphere { .. } => touch.coords.normalize(),
                    WrapShape::Ellipsoid { radii } => {
                        touch.coords.component_div(&radii.component_mul(&radii)).normalize()
                    }
                    WrapShape::Torus { outer_radius, .. } => {
                        let ring = touch.coords.xy().normalize().push(0.0) * outer_radius;
                        (touch.coords - ring).normalize()
                    }
                };
                prop_assert!((touch - end).dot(&normal).abs() < 1e-9, "{found:?}");
            }
            // No way is shorter than the straight one.
            prop_assert!(found.length(&from, &to) >= (to - from).norm() - 1e-12);
        }
    }

    /// The change of a length with its ends is that of the straight parts: what makes moment arms exact.
    #[test]
    fn the_slope_of_a_length_is_its_first_direction((shape, quadrant) in surfaces(), from in places(), to in places(), by in places()) {
        if let Some(found) = around(&shape, quadrant, &from, &to) {
            let step = by.coords.normalize() * 1e-6;
            let ahead = whole(&shape, quadrant, &(from + step), &to);
            let behind = whole(&shape, quadrant, &(from - step), &to);
            let slope = (ahead - behind) / 2e-6;
            let exact = direction(&found.touches[0], &from).dot(&step) * 1e6;
            // A jump is for the law of continuity; close to a surface directions turn within the step.
            if (found.touches[0] - from).norm() > 2e-3 && (ahead - behind).abs() < 4e-6 {
                prop_assert!((slope - exact).abs() < 2e-5, "{slope} {exact} {found:?}");
            }
        }
    }

    /// A mirrored surface has the mirrored way.
    #[test]
    fn ways_are_mirrored((shape, quadrant) in surfaces(), from in places(), to in places()) {
        if let WrapShape::Torus { inner_radius, outer_radius } = shape {
            // A path far outside the ring has several ways into the hole.
            let middle = from + (to - from) * (from.z / (from.z - to.z));
            prop_assume!(middle.coords.xy().norm() < outer_radius + inner_radius);
        }
        let mirrored = |p: &Point3<f64>| Point3::new(-p.x, p.y, p.z);
        let other = quadrant.map(|q| Quadrant { is_positive: q.is_positive != (q.axis == 0), ..q });
        let (one, two) = (whole(&shape, quadrant, &from, &to), whole(&shape, other, &mirrored(&from), &mirrored(&to)));
        prop_assert!((one - two).abs() < 1e-8, "{one} {two}");
        let back = whole(&shape, quadrant, &to, &from);
        prop_assert!((one - back).abs() < 1e-8, "{one} {back}");
    }

    /// Along a motion of its ends a length changes by no more than these move, over every surface.
    #[test]
    fn lengths_do_not_jump((shape, _) in surfaces(), from in places(), to in places(), by in places()) {
        let is_out = |p: &Point3<f64>| match shape {
            WrapShape::Cylinder { radius, .. } => p.coords.xy().norm() > radius,
            WrapShape::Sphere { radius } => p.coords.norm() > radius,
            WrapShape::Ellipsoid { radii } => p.coords.component_div(&radii).norm() > 1.0,
            WrapShape::Torus { .. } => false,
        };
        let steps = 200;
        let at = |n: i32| from + by.coords * (f64::from(n) / f64::from(steps));
        let mut before = whole(&shape, None, &at(0), &to);
        for n in 1..=steps {
            let now = whole(&shape, None, &at(n), &to);
            if is_out(&at(n - 1)) && is_out(&at(n)) && is_out(&to) {
                let bound = (at(n) - at(n - 1)).norm() + 1e-7;
                prop_assert!((now - before).abs() <= bound, "{n}: {before} {now}");
            }
            before = now;
        }
    }

    /// So it does around a cylinder with a half, as long as no end crosses the half plane that no way may cross.
    #[test]
    fn lengths_over_a_half_do_not_jump(radius in 0.015..0.04, is_positive: bool, axis in 0..2_usize, from in places(), to in places(), by in places()) {
        let shape = WrapShape::Cylinder { radius, length: 10.0 };
        let quadrant = Quadrant { axis, is_positive };
        let sign = if is_positive { 1.0 } else { -1.0 };
        let steps = 200;
        let at = |n: i32| from + by.coords * (f64::from(n) / f64::from(steps));
        let side = |p: &Point3<f64>| p.coords[1 - axis] >= 0.0;
        let mut before = whole(&shape, Some(quadrant), &at(0), &to);
        for n in 1..=steps {
            let (one, other) = (at(n - 1), at(n));
            let now = whole(&shape, Some(quadrant), &other, &to);
            let out = [one, other, to].iter().all(|p| p.coords.xy().norm() > radius);
            let crosses = side(&one) != side(&other) && (sign * one[axis]).min(sign * other[axis]) < 0.0;
            if out && !crosses {
                prop_assert!((now - before).abs() <= (other - one).norm() + 1e-9, "{n}: {before} {now}");
            }
            before = now;
        }
    }

    /// Over ellipsoids from flat to long: the same way back, never shorter than straight on or than over the sphere within, and not longer
    /// than over the sphere without.
    #[test]
    fn ways_over_ellipsoids_lie_between_spheres(radii in [0.008..0.06, 0.008..0.06, 0.008..0.06], from in places(), to in places()) {
        let shape = WrapShape::Ellipsoid { radii: radii.into() };
        let sphere = |radius: f64| whole(&WrapShape::Sphere { radius }, None, &from, &to);
        let own = whole(&shape, None, &from, &to);
        let back = whole(&shape, None, &to, &from);
        prop_assert!((own - back).abs() < 1e-6, "{own} {back}");
        prop_assert!(own >= (to - from).norm() - 1e-12);
        let [least, most] = [f64::min as fn(f64, f64) -> f64, f64::max].map(|f| radii.into_iter().reduce(f).unwrap());
        let is_out = |p: &Point3<f64>, radius: f64| p.coords.norm() > radius;
        let is_free = |p: &Point3<f64>| p.coords.component_div(&Vector3::from(radii)).norm() > 1.0;
        if is_free(&from) && is_free(&to) {
            prop_assert!(own >= sphere(least) - 1e-9);
            if is_out(&from, most) && is_out(&to, most) {
                prop_assert!(own <= sphere(most) + 1e-9);
            }
        }
    }

    /// A number of one size times all lengths makes the way so much longer.
    #[test]
    fn ways_over_ellipsoids_scale(radii in [0.01..0.05, 0.01..0.05, 0.01..0.05], from in places(), to in places(), by in 0.1..10.0_f64) {
        let own = whole(&WrapShape::Ellipsoid { radii: radii.into() }, None, &from, &to);
        let larger = WrapShape::Ellipsoid { radii: Vector3::from(radii) * by };
        let scaled = whole(&larger, None, &(from * by), &(to * by));
        prop_assert!((scaled - own * by).abs() < 1e-8 * by, "{own} {scaled}");
    }
}
