//! Screws through a shell: how much bone they hold, where they come out, in which quadrant they lie, and how long they may be.
//!
//! Quadrants are those of Wasielewski 1990, in the plane of the cup's face: a line from the anterior superior iliac spine through
//! the centre of the acetabulum parts anterior from posterior, its perpendicular there superior from inferior.

use super::hip::RightHip;
use super::socket::Seat;
use super::vessels::{Away, FAR_MM, Vessels};
use super::walls::crossings;
use crate::implants::{Screw, ScrewHole};
use crate::placed::{Components, Pose, ShellScrew};
use coxa_geometry::frame::{Cup, RightSide};
use coxa_geometry::{Angle, Finding, Mesh, Point, Quantity, Severity, Transform, Vector, finding};
use std::f64::consts::TAU;

/// A quadrant of the acetabulum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quadrant {
    PosteriorSuperior,
    PosteriorInferior,
    AnteriorSuperior,
    AnteriorInferior,
}

impl Quadrant {
    /// Of an angle in the plane of the face, from the line to the spine and positive posteriorly.
    pub(crate) fn of(angle: Angle) -> Self {
        match (angle >= Angle::ZERO, angle.abs() <= Angle::from_degrees(90.0)) {
            (true, true) => Quadrant::PosteriorSuperior,
            (true, false) => Quadrant::PosteriorInferior,
            (false, true) => Quadrant::AnteriorSuperior,
            (false, false) => Quadrant::AnteriorInferior,
        }
    }

    /// In words.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Quadrant::PosteriorSuperior => "posterior-superior",
            Quadrant::PosteriorInferior => "posterior-inferior",
            Quadrant::AnteriorSuperior => "anterior-superior",
            Quadrant::AnteriorInferior => "anterior-inferior",
        }
    }

    /// What lies behind the bone of a quadrant in which screws are dangerous.
    pub(crate) const fn danger(self) -> Option<&'static str> {
        match self {
            Quadrant::AnteriorSuperior => Some("the external iliac vessels"),
            Quadrant::AnteriorInferior => Some("the obturator bundle"),
            Quadrant::PosteriorSuperior | Quadrant::PosteriorInferior => None,
        }
    }
}

/// The axis of a hole in a placed shell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bore {
    /// Counted from 1.
    pub(crate) hole: u32,
    /// Into the bone.
    pub(crate) direction: Vector<RightSide>,
    centre: Point<RightSide>,
    inner_mm: f64,
    outer_mm: f64,
    wall_mm: f64,
}

/// A screw in its hole, seen as of a right hip.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlacedScrew {
    pub(crate) bore: Bore,
    pub(crate) length_mm: f64,
    /// From the centre of the shell's sphere to the tip.
    tip_mm: f64,
}

/// How far a screw may go through a hole.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Corridor {
    /// Counted from 1.
    pub(crate) hole: u32,
    /// Length of the longest screw of the family that stays within the bone over its whole width; `None` where none does.
    pub(crate) longest_mm: Option<f64>,
}

/// The screws of a plan in their holes.
pub(crate) fn place(components: &Components, pose: &Pose<RightSide>) -> Vec<PlacedScrew> {
    let seat = Seat::of(components, pose);
    let placed = components.screws.iter().map(|&ShellScrew { number, hole, length_mm }| {
        let bore = Bore::new(number, &hole, &seat, &pose.cup_frame);
        PlacedScrew { tip_mm: bore.tip_mm(&components.screw, length_mm), bore, length_mm }
    });
    placed.collect()
}

/// The corridors of all holes of a placed shell.
pub(crate) fn corridors(
    hip: &RightHip,
    seat: &Seat<'_>,
    frame: &Transform<Cup, RightSide>,
    screw: &Screw,
) -> Vec<Corridor> {
    let bores = (1..).zip(&seat.family.holes).map(|(number, hole)| Bore::new(number, hole, seat, frame));
    bores.map(|bore| bore.corridor(hip, screw)).collect()
}

impl Bore {
    fn new(number: u32, hole: &ScrewHole, seat: &Seat<'_>, frame: &Transform<Cup, RightSide>) -> Self {
        let (outer_mm, inner_mm) = (seat.size_mm / 2.0, seat.family.inner_radius_mm(seat.size_mm));
        Bore {
            hole: number,
            direction: frame.apply(hole.direction()),
            centre: seat.centre,
            inner_mm,
            outer_mm,
            wall_mm: seat.family.shell_wall_mm,
        }
    }

    /// Distance of the tip of a screw from the centre of the shell's sphere.
    fn tip_mm(&self, screw: &Screw, length_mm: f64) -> f64 {
        self.inner_mm + screw.head_depth_mm(self.wall_mm) + length_mm
    }

    /// The longest screw that stays within bone.
    fn corridor(&self, hip: &RightHip, screw: &Screw) -> Corridor {
        let end = thread_ends_mm(hip, self.centre, self.direction, self.outer_mm, screw);
        let stays = |length: &&f64| self.tip_mm(screw, **length) <= end;
        Corridor { hole: self.hole, longest_mm: screw.lengths_mm.iter().rev().find(stays).copied() }
    }
}

/// Bone along a line from a shell's outer surface: distances from the sphere's centre at which it begins and ends, in turn.
fn bone_behind(
    hip: &RightHip,
    centre: Point<RightSide>,
    direction: Vector<RightSide>,
    outer_mm: f64,
) -> Vec<[f64; 2]> {
    let found = crossings(&hip.pelvis, centre + direction * outer_mm, direction, REACH_MM);
    found.chunks_exact(2).map(|pair| [pair[0] + outer_mm, pair[1] + outer_mm]).collect()
}

/// Distance from a sphere's centre at which a screw comes out of bone over its axis or one of six lines along its thread; zero
/// where the bone does not begin at the shell.
pub(crate) fn thread_ends_mm(
    hip: &RightHip,
    centre: Point<RightSide>,
    direction: Vector<RightSide>,
    outer_mm: f64,
    screw: &Screw,
) -> f64 {
    let (u, v) = direction.across();
    let radius = screw.diameter_mm / 2.0;
    let around = (0..LINES).map(|i| {
        let (sin, cos) = (TAU * f64::from(i) / f64::from(LINES)).sin_cos();
        (u * cos + v * sin) * radius
    });
    let ends = std::iter::once(Vector::new(0.0, 0.0, 0.0)).chain(around).map(|beside| {
        let bone = bone_behind(hip, centre + beside, direction, outer_mm);
        let first = bone.first().filter(|[begins, _]| *begins <= outer_mm + MOST_GAP_MM);
        first.map_or(0.0, |[_, ends]| *ends)
    });
    ends.fold(f64::INFINITY, f64::min)
}

/// Angle in the plane of a cup's face from the line to the anterior superior iliac spine, positive posteriorly; `None` along the
/// cup's axis.
pub(crate) fn angle_in_face(
    hip: &RightHip,
    cup_axis: Vector<RightSide>,
    direction: Vector<RightSide>,
) -> Option<Angle> {
    let flat = |v: Vector<RightSide>| v - cup_axis * cup_axis.dot(v);
    let to_spine = flat(hip.asis? - hip.socket.centre_mm).normalised()?;
    let across = cup_axis.cross(to_spine);
    let behind = if across.dot(hip.axes.anterior) > 0.0 { -across } else { across };
    let along = flat(direction);
    (along.norm() > 1e-6).then(|| Angle::from_radians(along.dot(behind).atan2(along.dot(to_spine))))
}

/// Beyond the shell, bone is looked for so far.
const REACH_MM: f64 = 120.0;
/// Lines along the thread.
const LINES: u32 = 6;
/// A shell that stands further from the bone gives a screw no hold at once.
pub(crate) const MOST_GAP_MM: f64 = 3.0;

/// What a screw does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ScrewNumbers {
    /// Of its length, how much lies in bone.
    pub(crate) purchase_mm: f64,
    /// How far the tip is beyond the cortex behind which it lies; negative where bone is left before it.
    pub(crate) beyond_cortex_mm: f64,
    /// Angle from the line to the anterior superior iliac spine, positive posteriorly.
    pub(crate) angle: Option<Angle>,
    /// Distance from the nearest labelled iliac vessel, where one is labelled.
    pub(crate) vessel: Option<Away>,
}

impl ScrewNumbers {
    pub(crate) fn quadrant(&self) -> Option<Quadrant> {
        self.angle.map(Quadrant::of)
    }
}

impl PlacedScrew {
    /// The numbers of a screw in a hip.
    pub(crate) fn numbers(
        &self,
        hip: &RightHip,
        cup_axis: Vector<RightSide>,
        screw: &Screw,
        vessels: Option<&Vessels>,
    ) -> ScrewNumbers {
        let bone = bone_behind(hip, self.bore.centre, self.bore.direction, self.bore.outer_mm);
        let held = bone.iter().map(|[begins, ends]| (ends.min(self.tip_mm) - begins).max(0.0));
        let inside = bone.iter().find(|[begins, ends]| *begins <= self.tip_mm && self.tip_mm <= *ends);
        let left = bone.iter().rev().find(|[_, ends]| *ends < self.tip_mm);
        ScrewNumbers {
            purchase_mm: held.sum(),
            beyond_cortex_mm: match (inside, left) {
                (Some([_, ends]), _) => self.tip_mm - ends,
                (None, Some([_, ends])) => self.tip_mm - ends,
                (None, None) => self.tip_mm - self.bore.outer_mm,
            },
            angle: angle_in_face(hip, cup_axis, self.bore.direction),
            vessel: vessels.map(|vessels| self.vessel(screw, vessels)),
        }
    }

    /// Distance of the screw's surface from the nearest vessel, at most [`FAR_MM`].
    fn vessel(&self, screw: &Screw, vessels: &Vessels) -> Away {
        let [from, tip] = self.ends();
        let radius = screw.diameter_mm / 2.0;
        let away = vessels.to_segment(from, tip - from, FAR_MM + radius);
        Away { mm: away.mm - radius, ..away }
    }

    /// Chance, 0 to 1, that a vessel is nearer to the screw's surface than it may be. `own_sd_mm` is the standard deviation of the screw's place.
    pub(crate) fn vessel_chance(&self, screw: &Screw, vessels: &Vessels, own_sd_mm: f64) -> f64 {
        vessels.chance_near_segment(self.ends(), LEAST_VESSEL_MM + screw.diameter_mm / 2.0, own_sd_mm)
    }

    /// Where it leaves the shell, and its tip.
    fn ends(&self) -> [Point<RightSide>; 2] {
        [self.bore.outer_mm, self.tip_mm].map(|along| self.bore.centre + self.bore.direction * along)
    }

    /// Its surface.
    pub(crate) fn mesh(&self, screw: &Screw, tolerance_mm: f64) -> Option<Mesh<RightSide>> {
        let (x, y) = self.bore.direction.across();
        let top = self.bore.centre + self.bore.direction * self.bore.inner_mm;
        // Right-handed: x, y and the direction of the screw.
        let frame = Transform::<Cup, RightSide>::from_axes(top, x, y)?;
        Some(frame.apply(&screw.mesh(self.length_mm, self.bore.wall_mm, tolerance_mm)))
    }
}

/// Screws of the posterior-inferior quadrant are to be no longer than this.
pub(crate) const MOST_POSTERIOR_INFERIOR_MM: f64 = 25.0;
/// A vessel is to be no nearer than this.
pub(crate) const LEAST_VESSEL_MM: f64 = Quantity::ScrewVesselDistance.least(Severity::Caution);

/// What must be known of a plan's screws.
pub(crate) fn findings(screws: &[(PlacedScrew, ScrewNumbers)], corridors: &[Corridor]) -> Vec<Finding> {
    let longest = |hole: u32| corridors.iter().find(|c| c.hole == hole).and_then(|c| c.longest_mm);
    screws.iter().flat_map(|(placed, numbers)| of_screw(placed, numbers, longest(placed.bore.hole))).collect()
}

/// `longest_mm` is the longest screw that stays in bone through the same hole.
fn of_screw(placed: &PlacedScrew, numbers: &ScrewNumbers, longest_mm: Option<f64>) -> Vec<Finding> {
    let (hole, length_mm) = (placed.bore.hole, placed.length_mm);
    let mut found = Vec::new();
    let quadrant = numbers.quadrant();
    if let Some((quadrant, danger)) = quadrant.and_then(|q| Some((q, q.danger()?))) {
        let (quadrant, angle_deg) = (quadrant.words(), numbers.angle.map_or(0.0, Angle::degrees));
        let anterior =
            finding::ScrewAnterior { hole, length_mm, quadrant, danger, angle_deg, limit_deg: 0.0 };
        found.push(anterior.finding());
    }
    if quadrant == Some(Quadrant::PosteriorInferior) && placed.length_mm > MOST_POSTERIOR_INFERIOR_MM {
        let limit_mm = MOST_POSTERIOR_INFERIOR_MM;
        found.push(finding::ScrewLong { hole, length_mm, limit_mm }.finding());
    }
    let beyond =
        |quantity: Quantity, value: f64| Some((value, quantity.limit(Severity::Caution)?.crossed_by(value)?));
    if let Some((beyond_mm, limit_mm)) = beyond(Quantity::ScrewBeyondCortex, numbers.beyond_cortex_mm) {
        found.push(match longest_mm {
            Some(longest_mm) => {
                finding::ScrewBeyondCortex { hole, length_mm, longest_mm, beyond_mm, limit_mm }.finding()
            }
            None => finding::NoScrewStaysInBone { hole, length_mm, beyond_mm, limit_mm }.finding(),
        });
    }
    if let Some((purchase_mm, limit_mm)) = beyond(Quantity::ScrewPurchase, numbers.purchase_mm) {
        found.push(finding::ScrewPurchaseShort { hole, length_mm, purchase_mm, limit_mm }.finding());
    }
    let vessel = numbers.vessel.and_then(|away| beyond(Quantity::ScrewVesselDistance, away.mm));
    if let Some((vessel_mm, limit_mm)) = vessel {
        found.push(finding::ScrewNearVessel { hole, length_mm, vessel_mm, limit_mm }.finding());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::implants::Catalogue;
    use crate::placement::gather::gather;
    use crate::placement::geometry::Assembly;
    use crate::placement::synthetic::Case;
    use crate::placement::{PlanOptions, realise};
    use crate::plan::{Plan, ScrewPlan};
    use crate::planned::Planned;
    use coxa_geometry::finding::Code;
    use coxa_geometry::mesh::validate::defects;
    use coxa_geometry::quantity::Site;
    use coxa_geometry::side::{KeptAxes, Mirror};
    use coxa_imaging::{Grid, Label, LabelMap, Volume};
    use ndarray::Array3;
    use std::sync::Arc;

    /// A shell of 52 mm about the centre of the socket of the synthetic hip, whose bone ends 39 mm below that centre.
    const FLOOR_MM: f64 = 39.0;
    const OUTER_MM: f64 = 26.0;

    fn with_screws(case: &Case, screws: &[(u32, f64)], catalogue: &Catalogue) -> Planned {
        let plan = case.plan(PlanOptions::default()).sketch.plan;
        let centre = case.anatomy.side(plan.side).head.as_ref().unwrap().centre_mm;
        let screws = screws.iter().map(|&(hole, length_mm)| ScrewPlan { hole, length_mm }).collect();
        let cup = crate::plan::CupPlan { size_mm: 52.0, centre_mm: centre, screws, ..plan.cup };
        let head = crate::plan::HeadPlan { diameter_mm: 32.0, ..plan.head };
        realise(&Plan { cup, head, ..plan }, &case.input(PlanOptions::default()), catalogue).unwrap()
    }

    #[test]
    fn purchase_and_depth_are_those_of_the_block_and_the_corridor_keeps_the_thread_in_it() {
        let catalogue = Catalogue::builtin();
        let case = Case::right();
        for (hole, length) in [(1, 15.0), (1, 30.0), (2, 30.0), (3, 50.0)] {
            let planned = with_screws(&case, &[(hole, length)], &catalogue);
            let polar = catalogue.cups[0].hole(hole).unwrap().polar;
            let (tip, end) = (OUTER_MM + length, FLOOR_MM / polar.cos());
            let value = |what: Quantity| planned.results[what.of_screw(hole)].value;
            assert!((value(Quantity::ScrewBeyondCortex) - (tip - end)).abs() < 1e-6, "{hole} {length}");
            assert!(
                (value(Quantity::ScrewPurchase) - (tip.min(end) - OUTER_MM)).abs() < 1e-3,
                "{hole} {length}"
            );
            let codes: Vec<Code> = planned.findings.iter().map(|f| f.code).collect();
            assert_eq!(codes.contains(&Code::ScrewBeyondCortex), tip > end, "{hole} {length}");
            assert!(!codes.contains(&Code::ScrewAnterior) && !codes.contains(&Code::ScrewPurchaseShort));
        }
        let hip = gather(&case.input(PlanOptions::default())).unwrap();
        let family = &catalogue.cups[0];
        let planned = with_screws(&case, &[], &catalogue);
        let frame = hip.side.enter_frame(&planned.pose.cup_frame, KeptAxes::YZ);
        let axis = frame.apply(Vector::new(0.0, 0.0, 1.0));
        let seat = Seat { family, size_mm: 52.0, centre: hip.socket.centre_mm, axis };
        let screw = &catalogue.screw;
        for corridor in corridors(&hip, &seat, &frame, screw) {
            let polar = family.hole(corridor.hole).unwrap().polar;
            let end = FLOOR_MM / polar.cos() - screw.diameter_mm / 2.0 * polar.radians().tan();
            let longest = screw.lengths_mm.iter().copied().filter(|length| OUTER_MM + length <= end);
            assert_eq!(corridor.longest_mm, longest.reduce(f64::max), "hole {}", corridor.hole);
        }
    }

    #[test]
    fn quadrants_are_counted_from_the_line_to_the_spine() {
        let mut catalogue = Catalogue::builtin();
        let case = Case::right();
        let mut seen = Vec::new();
        for azimuth in [-15.0, -100.0, 70.0, 150.0] {
            Arc::make_mut(&mut catalogue.cups[0]).holes[0].azimuth = Angle::from_degrees(azimuth);
            let planned = with_screws(&case, &[(1, 15.0)], &catalogue);
            let to_spine = planned.pose.cup_frame.inverse().apply(Point::new(-120.0, -60.0, 110.0));
            // Azimuths grow towards anterior, quadrants towards posterior.
            let expected = to_spine.x().atan2(to_spine.y()).to_degrees() - azimuth;
            let found = &planned.results[Quantity::ScrewDirection.of_screw(1)];
            let off = (found.value - expected).rem_euclid(360.0);
            assert!(off.min(360.0 - off) < 1e-6, "{} against {expected}", found.value);
            seen.push(found.method.split(' ').next().unwrap().to_owned());
            let is_dangerous = planned.findings.iter().any(|f| f.code == Code::ScrewAnterior);
            assert_eq!(is_dangerous, found.method.starts_with("anterior"), "{}", found.method);
        }
        assert_eq!(
            seen,
            ["posterior-superior", "posterior-inferior", "anterior-superior", "anterior-inferior"]
        );
    }

    #[test]
    fn a_left_hip_has_the_same_numbers_and_mirrored_screws() {
        let catalogue = Catalogue::builtin();
        let screws = [(1, 15.0), (3, 35.0)];
        let right = with_screws(&Case::right(), &screws, &catalogue);
        let left = with_screws(&Case::right().mirrored(), &screws, &catalogue);
        assert!(right.results.contains(Quantity::ScrewDirection.of_screw(3)));
        for (key, measured) in right.results.iter().filter(|(key, _)| matches!(key.site, Site::Screw(_))) {
            assert_eq!(left.results[key].value, measured.value, "{key}");
        }
        for name in ["screw_1", "screw_3"] {
            assert_eq!(defects(&right.implants[name]), [], "{name}");
            assert_eq!(defects(&left.implants[name]), [], "{name}");
            let mirrored = right.implants[name].clone().mirror();
            for (a, b) in left.implants[name].vertices.iter().zip(&mirrored.vertices) {
                assert!(a.distance(*b) < 1e-9, "{name}");
            }
        }
    }

    #[test]
    fn the_distance_to_a_vessel_is_that_of_its_nearest_voxel() {
        let catalogue = Catalogue::builtin();
        let case = Case::right();
        let planned = with_screws(&case, &[(1, 30.0)], &catalogue);
        let hip = gather(&case.input(PlanOptions::default())).unwrap();
        let screw = &catalogue.screw;
        let placed = Assembly::new(&planned.plan, &hip, &catalogue).unwrap().screws.remove(0);
        let tip = placed.bore.centre + placed.bore.direction * placed.tip_mm;
        let labels = |voxel: Option<[usize; 3]>, name: &str| {
            let origin = hip.side.leave(tip) - Vector::new(20.0, 20.0, 20.0);
            let grid = Grid::axis_aligned([41, 41, 41], origin, [1.0; 3]);
            let mut voxels = Array3::<u8>::zeros((41, 41, 41));
            if let Some([i, j, k]) = voxel {
                voxels[(k, j, i)] = 9;
            }
            let label = Label { id: 9, name: name.into(), snomed: None, colour: [0; 3] };
            LabelMap { volume: Volume::new(grid, voxels), table: vec![label] }
        };
        let distance = |labels: &LabelMap| {
            Vessels::new(labels, hip.side, hip.socket.centre_mm)
                .map(|vessels| placed.vessel(screw, &vessels).mm)
        };
        // Straight on from the tip, so that the nearest point is the tip itself.
        let ahead = placed.bore.direction * 8.0;
        let [i, j, k] = [ahead.x(), ahead.y(), ahead.z()].map(|c| (20.0 + c.round()) as usize);
        let exact = [ahead.x(), ahead.y(), ahead.z()].map(|c| c.round().powi(2)).iter().sum::<f64>().sqrt();
        let found = distance(&labels(Some([i, j, k]), "iliac_vena_right")).unwrap();
        let expected = exact - 0.5 - 3.25;
        assert!((found - expected).abs() < 0.15, "{found} against {expected}");
        assert_eq!(distance(&labels(Some([i, j, k]), "iliac_vena_left")), None);
        assert_eq!(distance(&labels(None, "iliac_artery_right")), None);
    }
}
