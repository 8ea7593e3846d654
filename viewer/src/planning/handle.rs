//! What one takes hold of in space to move or turn a component: arrows along its axes and arcs that a point of it draws when it is
//! turned. An arc is drawn by carrying the edit out, so that a hand on it turns exactly what its number says.

use super::control::StemAxes;
use super::{Component, Control, CupAngles};
use crate::session::Edit;
use crate::view::Camera;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Transform, Unit, Vector};
use coxa_planner::Plan;
use coxa_planner::placed::HipAxes;

/// Of the height of what is seen: where arrows begin and end, and how far out arcs run.
const ARROW: [f64; 2] = [0.13, 0.24];
const ARC: f64 = 0.19;

/// Either way, in degrees: how much of an arc is drawn, and how far it can be followed.
const ARC_SEEN_DEG: f64 = 22.0;
const ARC_REACH_DEG: f64 = 60.0;
const ARC_STEP_DEG: f64 = 2.0;

/// How far an arrow can be followed either way, of the height of what is seen.
const ARROW_REACH: f64 = 1.0;

/// A line on which a number rises.
#[derive(Debug, Clone, PartialEq)]
pub struct Handle {
    /// The number.
    pub control: Control,
    /// Changes of the number with the place of each, rising; further than what is drawn.
    track: Vec<(f64, Point<Patient>)>,
    /// What of it is drawn.
    seen: [f64; 2],
}

impl Handle {
    /// The part that is drawn, from its lower to its upper end.
    pub fn drawn(&self) -> Vec<Point<Patient>> {
        let inner = self.track.iter().filter(|(by, _)| *by > self.seen[0] && *by < self.seen[1]);
        std::iter::once(self.at(self.seen[0]))
            .chain(inner.map(|(_, place)| *place))
            .chain([self.at(self.seen[1])])
            .collect()
    }

    fn at(&self, by: f64) -> Point<Patient> {
        let after = self.track.partition_point(|(value, _)| *value < by).clamp(1, self.track.len() - 1);
        let ((low, from), (high, to)) = (self.track[after - 1], self.track[after]);
        from + (to - from) * ((by - low) / (high - low))
    }

    /// How far from the drawn part a place of the picture is, in millimetres right and down from its middle.
    pub fn distance_mm(&self, camera: &Camera, at: [f64; 2]) -> f64 {
        let drawn: Vec<[f64; 2]> = self.drawn().iter().map(|&p| flat(camera, p)).collect();
        drawn.windows(2).map(|w| nearest(w[0], w[1], at).1).fold(f64::INFINITY, f64::min)
    }

    /// The change of the number at which the track passes nearest to a place of the picture.
    pub fn value_at(&self, camera: &Camera, at: [f64; 2]) -> f64 {
        let mut best = (f64::INFINITY, 0.0);
        for pair in self.track.windows(2) {
            let ((low, from), (high, to)) = (pair[0], pair[1]);
            let (part, off) = nearest(flat(camera, from), flat(camera, to), at);
            if off < best.0 {
                best = (off, low + part * (high - low));
            }
        }
        best.1
    }
}

fn flat(camera: &Camera, place: Point<Patient>) -> [f64; 2] {
    let [right, down, _] = camera.project(place);
    [right, down]
}

/// Where along a segment it is nearest to a place, from 0 to 1, and how far that is.
fn nearest(from: [f64; 2], to: [f64; 2], at: [f64; 2]) -> (f64, f64) {
    let along = [to[0] - from[0], to[1] - from[1]];
    let square = along[0] * along[0] + along[1] * along[1];
    let off = [at[0] - from[0], at[1] - from[1]];
    let part =
        if square > 0.0 { ((off[0] * along[0] + off[1] * along[1]) / square).clamp(0.0, 1.0) } else { 0.0 };
    (part, (off[0] - part * along[0]).hypot(off[1] - part * along[1]))
}

/// A handle in the hand, with the camera as it was when it was taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Grab {
    handle: Handle,
    camera: Camera,
    from: f64,
}

impl Grab {
    /// Takes a handle at a place of the picture.
    pub fn new(handle: Handle, camera: Camera, at: [f64; 2]) -> Self {
        let from = handle.value_at(&camera, at);
        Grab { handle, camera, from }
    }

    /// The number that is changed.
    pub fn control(&self) -> Control {
        self.handle.control
    }

    /// The edit of a hand that has come to a place, to be carried out on the plan as it was when the handle was taken.
    pub fn edit(&self, at: [f64; 2], angles: CupAngles) -> Edit {
        let by = self.handle.value_at(&self.camera, at) - self.from;
        self.handle.control.edit(by, angles)
    }
}

/// The handles of a component as it stands, sized for a picture of so many millimetres height. `reduction` brings the scanned femur
/// to the reduced hip. Those that point at the viewer are left out: a hand would find no hold on them.
pub fn handles(
    component: Component,
    plan: &Plan,
    axes: &HipAxes,
    angles: CupAngles,
    reduction: &Transform<Patient, Patient>,
    camera: &Camera,
) -> Vec<Handle> {
    let all = component.controls().iter().filter_map(|&control| match control.unit() {
        Unit::Degree => arc(control, plan, axes, angles, reduction, camera.height_mm),
        _ => arrow(control, plan, axes, reduction, camera.height_mm),
    });
    all.filter(|handle| is_holdable(handle, camera)).collect()
}

/// Whether a handle is seen from the side rather than from its end.
fn is_holdable(handle: &Handle, camera: &Camera) -> bool {
    const LEAST: f64 = 0.2;
    let drawn = handle.drawn();
    let (Some(&first), Some(&last)) = (drawn.first(), drawn.last()) else { return false };
    let [a, b] = [first, last].map(|p| flat(camera, p));
    (b[0] - a[0]).hypot(b[1] - a[1]) > LEAST * first.distance(last)
}

fn arrow(
    control: Control,
    plan: &Plan,
    axes: &HipAxes,
    reduction: &Transform<Patient, Patient>,
    height_mm: f64,
) -> Option<Handle> {
    let (from, along) = match control.component() {
        Component::Cup => {
            let [medial, superior, anterior] = axes.of_pelvis();
            let along = match control {
                Control::CupMedial => medial,
                Control::CupSuperior => superior,
                _ => anterior,
            };
            (plan.cup.centre_mm, along)
        }
        Component::Stem => {
            let frame = axes.stem_frame(&plan.stem)?;
            let own = StemAxes::new(|v| frame.apply(v), plan.side);
            let along = match control {
                Control::StemDeeper => -own.proximal,
                Control::StemMedial => own.medial,
                _ => own.anterior,
            };
            (reduction.apply(plan.stem.origin_mm), reduction.apply(along))
        }
    };
    // Millimetres of the arrow are those of the component: it follows the hand.
    let [near, far] = ARROW.map(|part| part * height_mm);
    let (low, high) = (-ARROW_REACH * height_mm, ARROW_REACH * height_mm);
    let track = [low, high].map(|by| (by, from + along * by)).to_vec();
    Some(Handle { control, track, seen: [near, far] })
}

fn arc(
    control: Control,
    plan: &Plan,
    axes: &HipAxes,
    angles: CupAngles,
    reduction: &Transform<Patient, Patient>,
    height_mm: f64,
) -> Option<Handle> {
    let radius = ARC * height_mm;
    let tip = |plan: &Plan| {
        Some(match control {
            Control::CupInclination | Control::CupAnteversion => {
                plan.cup.centre_mm + axes.cup_axis(&plan.cup) * radius
            }
            _ => {
                let frame = axes.stem_frame(&plan.stem)?;
                let towards: Vector<Patient> = match control {
                    Control::StemVersion => frame.apply(Vector::new(1.0, 0.0, 0.0)),
                    _ => frame.apply(Vector::new(0.0, -1.0, 0.0)),
                };
                reduction.apply(plan.stem.origin_mm + towards * radius)
            }
        })
    };
    let count = (ARC_REACH_DEG / ARC_STEP_DEG) as i32;
    let track: Vec<(f64, Point<Patient>)> = (-count..=count)
        .filter_map(|n| {
            let by = f64::from(n) * ARC_STEP_DEG;
            let Edit::Adjust(adjustment) = control.edit(by, angles) else { return None };
            Some((by, tip(&axes.adjusted(plan, &adjustment).ok()?)?))
        })
        .collect();
    let (low, high) = (track.first()?.0, track.last()?.0);
    (low < high).then(|| Handle { control, seen: [low.max(-ARC_SEEN_DEG), high.min(ARC_SEEN_DEG)], track })
}
