//! Prominences of the hip bones and the anterior pelvic plane.
//!
//! The rough axes of the pelvis come from the bones: both hip joints give the right, the symphysis the front. The
//! pelvis is then laid face down until it lies still, and the spines and tubercles are the tips of what stands out there
//! (`tip`): the axes say only where to look. The PSIS alone is sought along them.

use super::axes::Axes;
use super::ball::Sphere;
use super::rocking::{Found, NotFound, contact};
use super::shape::Shape;
use super::tip::Tip;
use coxa_geometry::frame::{Patient, RightSide};
use coxa_geometry::{Point, Side};
use nalgebra::{Point3, Rotation3, Unit, Vector3};

/// Joint radius that the lengths of this module are given for; they scale with the patient's own.
const NOMINAL_RADIUS_MM: f64 = 24.0;

/// In the anterior pelvic plane's frame, the line from between the hip joints to the symphysis falls off by about
/// this angle; the search starts from it.
const SYMPHYSIS_BELOW_ANTERIOR_DEG: f64 = 45.0;

/// The anterior superior spine lies 64 to 91 mm above the joint in the 26 people of the shipped model, the inferior one 39 mm on average:
/// in a pelvis that is cut off between them the inferior one would be taken for it.
const LEAST_ASIS_MM: f64 = 52.0;

/// The ends of the iliac crest and of the border below it stand out from the wing of the ilium within this distance.
const CREST_MM: f64 = 30.0;

/// The tubercle and the ischial spine are smaller.
const SMALL_PROCESS_MM: f64 = 20.0;

/// Planes touch a process within this angle of the direction in which it stands out.
const HELD_DEG: f64 = 30.0;

/// Size of the tips of spines and tubercles; the summits of the long posterior border are smaller.
const TIP_MM: f64 = 10.0;
const BORDER_TIP_MM: f64 = 8.0;

/// A pelvis that is laid on its face lies still after a few turns.
const ROUNDS_ON_THE_TABLE: usize = 8;

/// The axes say only where tips are sought: the second round looks where the first has turned them.
const ROUNDS_OF_TIPS: usize = 2;

/// A hip bone with the joint that its landmarks are sought around, both seen as of a right hip.
pub struct HipBone<'a> {
    /// Side of the patient.
    pub side: Side,
    /// The bone.
    pub shape: &'a Shape,
    /// Sphere of head or socket.
    pub joint: Sphere,
}

/// How the axes of the pelvis were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AxesFrom {
    /// Plane through both ASIS and the pubic tubercles.
    AnteriorPlane,
    /// Hip joints and symphysis.
    Bones,
    /// The axes of the scanner: too little of the pelvis is seen.
    Scanner,
}

/// Rough or final axes of the pelvis.
#[derive(Debug, Clone, Copy)]
pub struct PelvisAxes {
    /// The axes.
    pub axes: Axes<Patient>,
    /// Midline point between the joints; `None` with one hip only.
    pub middle: Option<Point<Patient>>,
    /// What they rest on.
    pub from: AxesFrom,
}

/// The landmarks of one hip bone, seen as a right one.
#[derive(Debug, Clone, Copy)]
pub struct Prominences {
    /// Anterior superior iliac spine.
    pub asis: Result<Found, NotFound>,
    /// Pubic tubercle.
    pub pubic_tubercle: Result<Found, NotFound>,
    /// Posterior superior iliac spine.
    pub psis: Result<Found, NotFound>,
    /// Anterior inferior iliac spine.
    pub aiis: Result<Found, NotFound>,
    /// Ischial spine.
    pub ischial_spine: Result<Found, NotFound>,
}

impl HipBone<'_> {
    /// A place on the bone, in the patient.
    fn in_patient(&self, at: Point<RightSide>) -> Point<Patient> {
        self.side.leave(at)
    }

    /// A place in the patient, seen from this bone.
    fn seen(&self, at: Point<Patient>) -> Point<RightSide> {
        self.side.enter(at)
    }

    fn scale(&self) -> f64 {
        self.joint.radius / NOMINAL_RADIUS_MM
    }

    /// Vertices whose (anterior, superior, lateral) position from the joint, in nominal millimetres, fits.
    fn region(&self, axes: &Axes<RightSide>, inside: impl Fn([f64; 3]) -> bool) -> Vec<usize> {
        let scale = self.scale();
        self.shape
            .select(|p| inside(axes.components(Point::from_coords(*p), self.joint.centre).map(|c| c / scale)))
    }

    /// The tip of a process in a region, approached from `towards`, in the bone within `around_mm`.
    fn tip(
        &self,
        region: &[usize],
        [towards, across]: [Vector3<f64>; 2],
        around_mm: f64,
        normal_to: Option<Vector3<f64>>,
    ) -> Result<Found, NotFound> {
        let (around_mm, size_mm) = (Some(around_mm * self.scale()), TIP_MM * self.scale());
        Tip { region, towards, across, around_mm, normal_to, held_deg: HELD_DEG, size_mm }.find(self.shape)
    }

    /// On the long and flat posterior border nothing stands out of the bone around: there the pelvis lies on the table.
    fn psis(&self, axes: &Axes<RightSide>) -> Result<Found, NotFound> {
        let behind = self.region(axes, |[a, s, _]| s > 20.0 && a < -30.0);
        let (towards, across, size_mm) = (-axes.anterior, axes.superior, BORDER_TIP_MM * self.scale());
        let tip = Tip {
            region: &behind,
            towards,
            across,
            around_mm: None,
            normal_to: None,
            held_deg: HELD_DEG,
            size_mm,
        };
        tip.find(self.shape)
    }

    fn asis_region(&self, axes: &Axes<RightSide>) -> Vec<usize> {
        self.region(axes, |[a, s, l]| s > 30.0 && a > 0.0 && l > -40.0)
    }

    /// `middle` is that between both joints. Of a hip that has risen the other one says where the joint belongs, by the scanner's
    /// vertical: axes through the heads lean with it.
    fn asis(&self, axes: &Axes<RightSide>, middle: Option<Point<RightSide>>) -> Result<Found, NotFound> {
        let region = self.asis_region(axes);
        let found = self.tip(&region, [axes.anterior, axes.superior], CREST_MM, Some(axes.lateral))?;
        let height = |p: Point<RightSide>| axes.components(p, self.joint.centre)[1] / self.scale();
        let own = height(found.point);
        let other_joint = middle.map_or(f64::INFINITY, |middle| 2.0 * middle.z() - self.joint.centre.z());
        let over_lower_joint = (found.point.z() - self.joint.centre.z().min(other_joint)) / self.scale();
        let is_cut_above = || {
            self.shape
                .points
                .iter()
                .zip(&self.shape.cut)
                .any(|(p, cut)| *cut && height(Point::from_coords(*p)) > own)
        };
        if own.max(over_lower_joint) < LEAST_ASIS_MM && is_cut_above() {
            Err(NotFound::OnCut)
        } else {
            Ok(found)
        }
    }

    fn tubercle(&self, axes: &Axes<RightSide>, middle: Point<RightSide>) -> Result<Found, NotFound> {
        let region = self.tubercle_region(axes, middle);
        self.tip(&region, [tubercle_direction(axes), axes.superior], SMALL_PROCESS_MM, None)
    }

    /// The pubic body between its symphyseal edge and its ramus.
    fn tubercle_region(&self, axes: &Axes<RightSide>, middle: Point<RightSide>) -> Vec<usize> {
        let offset = axes.components(self.joint.centre, middle)[2] / self.scale();
        self.region(axes, |[a, s, l]| s < 10.0 && a > 0.0 && (5.0..45.0).contains(&(l + offset)))
    }
}

/// Axes of the pelvis from its bones as far as they show; patient frame.
pub fn find_axes(hips: &[HipBone<'_>]) -> PelvisAxes {
    let scanner = PelvisAxes { axes: Axes::of_patient(), middle: None, from: AxesFrom::Scanner };
    let side = |side| hips.iter().find(|h| h.side == side);
    let (Some(right), Some(left)) = (side(Side::Right), side(Side::Left)) else { return scanner };
    let centres = [right, left].map(|h| h.in_patient(h.joint.centre));
    let middle = centres[0].midpoint(centres[1]);
    let scanner = PelvisAxes { middle: Some(middle), ..scanner };
    let Some(rough) = rough_axes(right, left, centres, middle) else { return scanner };
    let rough = PelvisAxes { axes: rough, middle: Some(middle), from: AxesFrom::Bones };
    match anterior_plane(right, left, rough) {
        Some(axes) => PelvisAxes { axes, from: AxesFrom::AnteriorPlane, ..rough },
        None => rough,
    }
}

fn rough_axes(
    right: &HipBone<'_>,
    left: &HipBone<'_>,
    centres: [Point<Patient>; 2],
    middle: Point<Patient>,
) -> Option<Axes<Patient>> {
    let rightwards = Unit::try_new((centres[0] - centres[1]).coords(), 1.0)?;
    let scanner = Axes::of_patient();
    let across = Axes::new(scanner.anterior, scanner.superior, rightwards.into_inner());
    let symphysis = [right, left].map(|hip| medial_end(hip, across.seen_from(hip.side).lateral));
    let (right_end, left_end) = (symphysis[0]?, symphysis[1]?);
    // The two halves of a pelvis meet at the symphysis; if their medial ends do not, it is not in the scan.
    let gap = (right_end - left_end).coords().dot(&rightwards);
    if gap.abs() > 30.0 * right.scale() || (right_end - left_end).norm() > 45.0 * right.scale() {
        return None;
    }
    let down_front = (right_end.midpoint(left_end) - middle).coords();
    let down_front = down_front - rightwards.into_inner() * rightwards.dot(&down_front);
    let turn = Rotation3::from_axis_angle(&rightwards, SYMPHYSIS_BELOW_ANTERIOR_DEG.to_radians());
    let anterior = turn * down_front.try_normalize(5.0)?;
    Some(Axes::new(anterior, rightwards.cross(&anterior), rightwards.into_inner()))
}

/// Middle of the most medial part, in the patient; `None` where the scan ends there.
fn medial_end(hip: &HipBone<'_>, lateral: Vector3<f64>) -> Option<Point<Patient>> {
    let shape = hip.shape;
    let least = shape.points.iter().map(|p| lateral.dot(&p.coords)).min_by(f64::total_cmp)?;
    let end = shape.select(|p| lateral.dot(&p.coords) < least + 6.0 * hip.scale());
    if end.iter().filter(|&&i| shape.cut[i]).count() * 3 > end.len() {
        return None;
    }
    let area: f64 = end.iter().map(|&i| shape.areas[i]).sum();
    let sum = end.iter().map(|&i| shape.points[i].coords * shape.areas[i]).sum::<Vector3<f64>>();
    (area > 0.0).then(|| hip.in_patient(Point::from_coords(Point3::from(sum / area))))
}

/// Axes of the plane through the tips of both anterior superior spines and tubercles; the pelvis lies on its face to begin with.
fn anterior_plane(right: &HipBone<'_>, left: &HipBone<'_>, rough: PelvisAxes) -> Option<Axes<Patient>> {
    let middle = rough.middle?;
    let mut axes = rough.axes;
    for _ in 0..ROUNDS_ON_THE_TABLE {
        let next = plane_by(right, left, |hip| {
            let seen = axes.seen_from(hip.side);
            let asis = contact(hip.shape, &hip.asis_region(&seen), seen.anterior)?;
            let region = hip.tubercle_region(&seen, hip.seen(middle));
            let tubercle = contact(hip.shape, &region, tubercle_direction(&seen))?;
            Some([asis, tubercle].map(Point::from_coords))
        })?;
        let lies_still = (next.anterior - axes.anterior).norm() < 1e-12;
        axes = next;
        if lies_still {
            break;
        }
    }
    for _ in 0..ROUNDS_OF_TIPS {
        axes = plane_by(right, left, |hip| {
            let (seen, middle) = (axes.seen_from(hip.side), hip.seen(middle));
            let asis = hip.asis(&seen, Some(middle)).ok()?;
            Some([asis.point, hip.tubercle(&seen, middle).ok()?.point])
        })?;
    }
    Some(axes)
}

/// The plane through an ASIS and a tubercle of each side.
fn plane_by(
    right: &HipBone<'_>,
    left: &HipBone<'_>,
    places: impl Fn(&HipBone<'_>) -> Option<[Point<RightSide>; 2]>,
) -> Option<Axes<Patient>> {
    let [asis_right, pubis_right] = places(right)?.map(|p| right.in_patient(p));
    let [asis_left, pubis_left] = places(left)?.map(|p| left.in_patient(p));
    plane_axes(asis_right, asis_left, pubis_right, pubis_left)
}

/// Roughly where the tubercle stands out, the lateral corner of the pubic crest: in front, lateral and below. The bone around it decides.
fn tubercle_direction(axes: &Axes<RightSide>) -> Vector3<f64> {
    axes.anterior - axes.superior * 0.3 + axes.lateral * 0.5
}

/// Anterior pelvic plane: through both ASIS and the middle of the pubic tubercles.
pub fn plane_axes(
    asis_right: Point<Patient>,
    asis_left: Point<Patient>,
    pubis_right: Point<Patient>,
    pubis_left: Point<Patient>,
) -> Option<Axes<Patient>> {
    let up = asis_right.midpoint(asis_left) - pubis_right.midpoint(pubis_left);
    Axes::from_right_and_superior((asis_right - asis_left).coords(), up.coords())
}

/// The prominences of one hip bone, given the axes of the pelvis.
pub fn find_prominences(hip: &HipBone<'_>, pelvis: &PelvisAxes) -> Prominences {
    let axes = pelvis.axes.seen_from(hip.side);
    let Axes { anterior, superior, lateral, .. } = axes;
    let middle = pelvis.middle.map(|middle| hip.seen(middle));
    let asis = hip.asis(&axes, middle);
    let pubic_tubercle = middle.ok_or(NotFound::NoMidline).and_then(|middle| hip.tubercle(&axes, middle));
    let psis = hip.psis(&axes);
    let top = asis.map_or(60.0, |f| axes.components(f.point, hip.joint.centre)[1] / hip.scale() - 20.0);
    let below_asis =
        hip.region(&axes, |[a, s, l]| a > 0.0 && (15.0..top).contains(&s) && (-10.0..40.0).contains(&l));
    let aiis = hip.tip(&below_asis, [anterior - superior * 0.25, superior], CREST_MM, None);
    let at_joint = hip.region(&axes, |[a, s, l]| a < -30.0 && l < 0.0 && (-22.0..22.0).contains(&s));
    let ischial_spine = hip.tip(&at_joint, [-lateral - anterior, superior], SMALL_PROCESS_MM, None);
    Prominences { asis, pubic_tubercle, psis, aiis, ischial_spine }
}
