//! Head and neck against the liner, as surfaces of revolution.
//!
//! In a half plane through the cup's axis, with s the distance from the axis and h the height along it out of the
//! opening, the liner is an arc about the origin (the bearing), then perhaps a straight bevel, then the contact circle of
//! the rim, seen as a point. The point of such a surface that is nearest to a point p lies in the half plane of p, so the
//! penetration of a ball is exact. It is a distance, hence continuous with unit gradient, and k/2 penetration² is a
//! potential: without friction and damping the contact keeps energy.
//!
//! The neck is a cone of revolution from the head centre on, without end. It meets the rim where a point of the contact
//! circle lies deepest in it.

use crate::stability::{Bearing, Rim};
use nalgebra::{Vector2, Vector3};

/// The liner's section and what moves in it, in mm.
pub(super) struct Liner {
    head_radius: f64,
    bearing_radius: f64,
    /// Where the arc ends, as (s, h).
    arc_end: Vector2<f64>,
    /// The rim's contact circle, as (s, h); the same as the arc's end where there is no bevel.
    rim: Vector2<f64>,
    neck_radius: f64,
    neck_taper: (f64, f64),
    pub(super) friction: f64,
    /// Cosines and sines of the first look around the rim.
    azimuths: [(f64, f64); NECK_SAMPLES],
}

/// One place where the femur touches the liner, in the pelvis' axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Touch {
    /// On the liner, in mm from the bearing's centre.
    pub(super) point: Vector3<f64>,
    /// Away from the liner, into the head or neck; unit length.
    pub(super) normal: Vector3<f64>,
    /// Penetration in mm, positive in contact.
    pub(super) depth: f64,
}

/// Samples around the rim that find the neck's deepest point before it is refined.
const NECK_SAMPLES: usize = 32;
const NECK_SPACING: f64 = std::f64::consts::TAU / NECK_SAMPLES as f64;
/// Golden sections after that: an arc of a fifth of a radian shrinks to 1e-8 rad, an error of the depth below 1e-14 mm.
const NECK_SECTIONS: usize = 36;

impl Liner {
    pub(super) fn new(bearing: &Bearing, clearance: f64, friction: f64) -> Liner {
        let head_radius = bearing.head_diameter_mm / 2.0;
        let bearing_radius = head_radius + clearance;
        let (arc_end, rim) = match bearing.rim {
            Rim::Sharp { inset_mm } => {
                let edge = Vector2::new((bearing_radius.powi(2) - inset_mm.powi(2)).sqrt(), inset_mm);
                (edge, edge)
            }
            Rim::Bevelled { radius_mm, depth_mm } => {
                let rim = Vector2::new(radius_mm, depth_mm);
                // A contact circle below the equator or within the bearing's sphere ends the arc itself.
                if depth_mm <= 0.0 || rim.norm() <= bearing_radius {
                    (rim.normalize() * bearing_radius, rim)
                } else {
                    (Vector2::new(bearing_radius, 0.0), rim)
                }
            }
        };
        let (sine, cosine) = bearing.neck_half_taper.radians().sin_cos();
        Liner {
            head_radius,
            bearing_radius,
            arc_end,
            rim,
            neck_radius: bearing.neck_diameter_mm / 2.0,
            neck_taper: (sine, cosine),
            friction,
            azimuths: std::array::from_fn(|sample| {
                let (sine, cosine) = (NECK_SPACING * sample as f64).sin_cos();
                (cosine, sine)
            }),
        }
    }

    /// Height of the rim's contact circle over the bearing's centre, along the cup's axis.
    pub(super) fn rim_height(&self) -> f64 {
        self.rim.y
    }

    /// Where a head whose centre is at `centre` comes nearest to the liner.
    pub(super) fn head_touch(&self, cup: &Vector3<f64>, centre: &Vector3<f64>) -> Touch {
        let (radial, p) = section(cup, centre);
        let on_arc = {
            // The arc runs from the pole (0, -1) to the direction of its end.
            let end = self.arc_end / self.bearing_radius;
            let distance = p.norm();
            let polar = |v: &Vector2<f64>| v.x.atan2(-v.y);
            if distance > 0.0 && polar(&p) <= polar(&end) {
                let out = p / distance;
                (out * self.bearing_radius, distance + self.head_radius - self.bearing_radius, -out)
            } else if distance > 0.0 {
                self.ball_on_point(&p, &self.arc_end)
            } else {
                let pole = Vector2::new(0.0, -1.0);
                (pole * self.bearing_radius, self.head_radius - self.bearing_radius, -pole)
            }
        };
        let bevel = self.rim - self.arc_end;
        let length = bevel.norm_squared();
        let along =
            if length > 0.0 { ((p - self.arc_end).dot(&bevel) / length).clamp(0.0, 1.0) } else { 0.0 };
        let on_bevel = self.ball_on_point(&p, &(self.arc_end + bevel * along));
        let (point, depth, normal) = if on_bevel.1 > on_arc.1 { on_bevel } else { on_arc };
        let lift = |v: Vector2<f64>| radial * v.x + cup * v.y;
        Touch { point: lift(point), normal: lift(normal), depth }
    }

    /// Nearest point, penetration and normal of the head against a point of the section.
    fn ball_on_point(&self, p: &Vector2<f64>, point: &Vector2<f64>) -> (Vector2<f64>, f64, Vector2<f64>) {
        let from = p - point;
        let distance = from.norm();
        let normal = if distance > 0.0 { from / distance } else { Vector2::y() };
        (*point, self.head_radius - distance, normal)
    }

    /// Where the rim lies deepest in a neck along `neck` from `centre`; `None` where they are well apart.
    pub(super) fn neck_touch(
        &self,
        cup: &Vector3<f64>,
        centre: &Vector3<f64>,
        neck: &Vector3<f64>,
    ) -> Option<Touch> {
        let (e1, e2) = across(cup);
        let rim_point =
            |(cosine, sine): (f64, f64)| (e1 * cosine + e2 * sine) * self.rim.x + cup * self.rim.y;
        let depth_at = |azimuth: (f64, f64)| self.neck_depth(&(rim_point(azimuth) - centre), neck);
        let (mut best, mut deepest) = (0, f64::NEG_INFINITY);
        for (sample, azimuth) in self.azimuths.iter().enumerate() {
            let depth = depth_at(*azimuth);
            if depth > deepest {
                (best, deepest) = (sample, depth);
            }
        }
        // Between samples the depth cannot grow by more than half a spacing of the rim's arc.
        if deepest <= -self.rim.x * NECK_SPACING / 2.0 {
            return None;
        }
        let best = NECK_SPACING * best as f64;
        let turned = |azimuth: f64| (azimuth.cos(), azimuth.sin());
        let azimuth =
            golden_maximum(best - NECK_SPACING, best + NECK_SPACING, |azimuth| depth_at(turned(azimuth)));
        let point = rim_point(turned(azimuth));
        let from_centre = point - centre;
        let along = from_centre.dot(neck);
        let out = (from_centre - neck * along).try_normalize(f64::MIN_POSITIVE)?;
        let (sine, cosine) = self.neck_taper;
        let depth = self.neck_depth(&from_centre, neck);
        depth.is_finite().then(|| Touch { point, normal: -(out * cosine - neck * sine), depth })
    }

    /// How deep a point, given from the head centre, lies in the neck. Behind the head centre the cone is rounded off, inside the
    /// head, so that the depth has no jump.
    fn neck_depth(&self, from_centre: &Vector3<f64>, neck: &Vector3<f64>) -> f64 {
        let along = from_centre.dot(neck);
        let (sine, cosine) = self.neck_taper;
        if along <= 0.0 {
            return (self.neck_radius - from_centre.norm()) * cosine;
        }
        let away = (from_centre - neck * along).norm();
        (self.neck_radius - away) * cosine + along * sine
    }
}

/// The half plane of a point: the unit vector across the axis towards it, and (s, h).
fn section(cup: &Vector3<f64>, p: &Vector3<f64>) -> (Vector3<f64>, Vector2<f64>) {
    let height = p.dot(cup);
    let off = p - cup * height;
    let distance = off.norm();
    let radial = if distance > 0.0 { off / distance } else { across(cup).0 };
    (radial, Vector2::new(distance, height))
}

/// Two unit vectors across an axis and each other.
fn across(axis: &Vector3<f64>) -> (Vector3<f64>, Vector3<f64>) {
    let least = if axis.x.abs() < 0.6 { Vector3::x() } else { Vector3::y() };
    let first = axis.cross(&least).normalize();
    (first, axis.cross(&first))
}

/// The argument at which a function with one maximum between the bounds has it, by golden sections.
fn golden_maximum(mut low: f64, mut high: f64, function: impl Fn(f64) -> f64) -> f64 {
    const RATIO: f64 = 0.618_033_988_749_894_9;
    let (mut a, mut b) = (high - RATIO * (high - low), low + RATIO * (high - low));
    let (mut at_a, mut at_b) = (function(a), function(b));
    for _ in 0..NECK_SECTIONS {
        if at_a > at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - RATIO * (high - low);
            at_a = function(a);
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + RATIO * (high - low);
            at_b = function(b);
        }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Angle;
    use proptest::prelude::*;
    use std::f64::consts::{PI, TAU};

    fn liner(rim: Rim, taper: f64) -> Liner {
        let bearing =
            Bearing { rim, neck_half_taper: Angle::from_degrees(taper), ..Bearing::flush(28.0, 12.0) };
        Liner::new(&bearing, 0.05, 0.0)
    }

    fn rims() -> impl Strategy<Value = Rim> {
        prop_oneof![
            (-3.0..3.0f64).prop_map(|inset_mm| Rim::Sharp { inset_mm }),
            (14.2..17.0f64, 0.0..4.0f64)
                .prop_map(|(radius_mm, depth_mm)| Rim::Bevelled { radius_mm, depth_mm }),
        ]
    }

    fn vectors(size: f64) -> impl Strategy<Value = Vector3<f64>> {
        (-size..size, -size..size, -size..size).prop_map(|(x, y, z)| Vector3::new(x, y, z))
    }

    /// The section of the liner as many points: pole to end of the arc, then the bevel.
    fn section_points(liner: &Liner) -> Vec<Vector2<f64>> {
        let end = liner.arc_end.x.atan2(-liner.arc_end.y);
        let arc = (0..=4000).map(|i| {
            let (sine, cosine) = (end * f64::from(i) / 4000.0).sin_cos();
            Vector2::new(sine, -cosine) * liner.bearing_radius
        });
        let bevel = (0..=1000).map(|i| liner.arc_end.lerp(&liner.rim, f64::from(i) / 1000.0));
        arc.chain(bevel).collect()
    }

    proptest! {
        #[test]
        fn the_head_touches_where_the_liner_is_nearest(rim in rims(), axis in vectors(1.0), centre in vectors(12.0)) {
            // Farther out a centre would lie in the liner's wall.
            prop_assume!(axis.norm() > 0.1 && centre.norm() < 13.0);
            let (liner, cup) = (liner(rim, 0.0), axis.normalize());
            let touch = liner.head_touch(&cup, &centre);
            let (_, p) = section(&cup, &centre);
            let nearest = section_points(&liner).iter().map(|q| (q - p).norm()).fold(f64::MAX, f64::min);
            prop_assert!((touch.depth - (14.0 - nearest)).abs() < 1e-2, "{} {}", touch.depth, 14.0 - nearest);
            // Exact in itself: the point is that far away, along the normal.
            prop_assert!(((centre - touch.point).norm() - (14.0 - touch.depth)).abs() < 1e-12);
            prop_assert!((centre - touch.point - touch.normal * (14.0 - touch.depth)).norm() < 1e-9);
        }

        #[test]
        fn the_normal_is_the_gradient_of_the_penetration(rim in rims(), centre in vectors(12.0), neck in vectors(1.0)) {
            prop_assume!(neck.norm() > 0.1 && centre.norm() > 0.5 && centre.xy().norm() > 0.1);
            let (liner, cup, neck) = (liner(rim, 2.0), Vector3::z(), neck.normalize());
            let step = 1e-5;
            let slope = |depth: &dyn Fn(&Vector3<f64>) -> f64| {
                Vector3::from_fn(|i, _| {
                    let by = Vector3::ith(i, step);
                    (depth(&(centre + by)) - depth(&(centre - by))) / (2.0 * step)
                })
            };
            let touch = liner.head_touch(&cup, &centre);
            prop_assert!((slope(&|c| liner.head_touch(&cup, c).depth) + touch.normal).norm() < 1e-3);
            let touching = |touch: &Touch| touch.depth > 0.0 && (touch.point - centre).dot(&neck) > 0.1;
            if let Some(touch) = liner.neck_touch(&cup, &centre, &neck).filter(touching) {
                let found = slope(&|c| liner.neck_touch(&cup, c, &neck).map_or(f64::NAN, |t| t.depth));
                // Where two places of the rim lie equally deep, there is no gradient.
                prop_assume!((found.norm() - 1.0).abs() < 1e-2);
                prop_assert!((found + touch.normal).norm() < 1e-2, "{found} {}", touch.normal);
            }
        }

        #[test]
        fn the_neck_touches_where_the_rim_lies_deepest(rim in rims(), taper in -3.0..6.0f64, centre in vectors(8.0), neck in vectors(1.0)) {
            prop_assume!(neck.norm() > 0.1);
            let (liner, cup, neck) = (liner(rim, taper), Vector3::y(), neck.normalize());
            // The rim cannot be in the head, so the head is pushed out first.
            let deep = liner.head_touch(&cup, &centre);
            let centre = centre + deep.normal * (deep.depth - 0.5).max(0.0);
            prop_assume!(liner.head_touch(&cup, &centre).depth < 1.0);
            let deepest = (0..20_000)
                .map(|i| {
                    let (sine, cosine) = (TAU * f64::from(i) / 20_000.0).sin_cos();
                    let point = Vector3::new(sine, 0.0, cosine) * liner.rim.x + cup * liner.rim.y;
                    liner.neck_depth(&(point - centre), &neck)
                })
                .fold(f64::NEG_INFINITY, f64::max);
            match liner.neck_touch(&cup, &centre, &neck) {
                Some(touch) => {
                    // Near the neck's axis the depth has a cusp, which the samples miss by half their spacing.
                    let spacing = liner.rim.x * TAU / 20_000.0;
                    let missed = if deepest < 3.0 { 1e-5 } else { spacing / 2.0 };
                    prop_assert!(touch.depth > deepest - 1e-9, "{} {deepest}", touch.depth);
                    prop_assert!(touch.depth < deepest + missed, "{} {deepest}", touch.depth);
                    prop_assert!((touch.point.dot(&cup) - liner.rim.y).abs() < 1e-12);
                }
                None => prop_assert!(deepest <= 0.0, "{deepest}"),
            }
        }
    }

    #[test]
    fn a_head_on_the_axis_and_at_the_origin_has_a_place_too() {
        let liner = liner(Rim::Sharp { inset_mm: 0.0 }, 0.0);
        for height in [-0.3, 0.0, 9.0] {
            let touch = liner.head_touch(&Vector3::y(), &Vector3::new(0.0, height, 0.0));
            assert!((touch.normal.norm() - 1.0).abs() < 1e-12 && touch.depth.is_finite());
        }
        let turned = golden_maximum(0.3, 0.3 + PI, f64::sin);
        assert!((turned - PI / 2.0).abs() < 1e-7);
    }
}
