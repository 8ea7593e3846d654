//! Scans that are no adult lying as the header says: turned upside down or back to front, or too small.
//!
//! A joint shows which way is up, for its socket covers the head from above, and what joins the hips lies behind them.
//! Left and right are each other's image: a scan whose sides are exchanged cannot be told by its bones, and only `liver` may tell it.

use super::field::{Field, Lattice, OUTSIDE};
use super::heads::{self, Head};
use super::joint;
use super::levels::Levels;
use super::midplane::Midplane;
use super::scan::Scan;
use coxa_anatomy::Bone;
use coxa_anatomy::LEAST_ADULT_HEAD_MM;
use coxa_anatomy::thresholds::METAL_HU;
use coxa_geometry::{Finding, Point, finding};
use coxa_imaging::{Grid, LabelMap};
use nalgebra::{Matrix3, Vector3};

/// Heads that look so much like heads (two at best give 2.1) are not looked for the other way up.
const SURE: f64 = 1.0;
/// The other way up, or enlarged, they must look better by this; condyles look like heads by 0.25.
const BETTER: f64 = 0.3;
/// A single head the other way up, where there is none as it is, must look like one by this.
const LONE: f64 = 0.6;
/// A child's hips are looked for at this magnification: heads of 21 to 39 mm in diameter become those of adults.
const CHILD: f64 = 1.6;
/// Voxel size at which bone between the hips is looked for.
const STEP_MM: f64 = 3.0;
/// Between the hips: this far from the midplane and from here to there above the hip centres, in half hip distances.
const CENTRAL: f64 = 0.3;
const ABOVE_HIPS: (f64, f64) = (0.3, 1.3);
/// The symphysis lies so far below the hip centres, in the same, and has at least so much bone.
const BELOW_HIPS: (f64, f64) = (-0.8, -0.1);
const LEAST_PUBIS_MM3: f64 = 4000.0;
/// Labels of bones: their middles must lie this far on the wrong side of each other.
const WRONG_SIDE_MM: f64 = 15.0;
/// Less bone tells nothing, and if so little of it lies behind the hips, they are seen from behind.
const LEAST_SACRUM_MM3: f64 = 8000.0;
const LEAST_BEHIND: f64 = 0.2;

/// Why the bones of a scan are not looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Misread {
    /// The header turns the patient.
    Turned { is_upside_down: bool, is_back_to_front: bool },
    /// Heads of this diameter were found.
    Small { diameter_mm: f64 },
}

/// The femoral heads of an adult who lies as the header says; none, and the reason, where anatomy contradicts it.
pub(super) fn heads(ct: &Scan<'_>, levels: &Levels) -> (Vec<Head>, Option<Misread>) {
    let find = |scan: &Scan<'_>| heads::find(scan, f64::from(levels.weak_bone), f64::from(METAL_HU));
    let score = |heads: &[Head]| heads.iter().map(|head| head.score).sum::<f64>();
    let found = find(ct);
    // Another reading holds where it shows a pair of heads that look so much more like heads.
    let pair = |scan: &Scan<'_>| match find(scan)[..] {
        [a, b] if a.score + b.score > score(&found) + BETTER => Some([a, b]),
        _ => None,
    };
    if score(&found) < SURE {
        let turned = seen(ct, [1.0, 1.0, -1.0]);
        let lone = || match find(&turned)[..] {
            [only] if found.is_empty() && only.score > LONE => Some(vec![only]),
            _ => None,
        };
        if let Some(other) = pair(&turned).map(Vec::from).or_else(lone) {
            let is_back_to_front = is_back_to_front(&turned, levels, &other);
            return (Vec::new(), Some(Misread::Turned { is_upside_down: true, is_back_to_front }));
        }
    }
    if is_back_to_front(ct, levels, &found) {
        return (Vec::new(), Some(Misread::Turned { is_upside_down: false, is_back_to_front: true }));
    }
    if found.len() < 2 {
        let enlarged = seen(ct, [CHILD; 3]);
        if let Some(mut heads) = pair(&enlarged) {
            // The search alone gives heads too wide where the joint gap is below a voxel.
            joint::place_native(&enlarged, &mut heads, levels.weak_bone);
            let diameter_mm = heads.iter().map(|head| head.radius).sum::<f64>() / CHILD;
            if diameter_mm < LEAST_ADULT_HEAD_MM {
                return (Vec::new(), Some(Misread::Small { diameter_mm }));
            }
        }
    }
    (found, None)
}

/// The same voxels in a patient who is stretched, or mirrored, along the axes.
fn seen<'a>(ct: &Scan<'a>, factors: [f64; 3]) -> Scan<'a> {
    let factors = Vector3::from(factors);
    let step = Matrix3::from_diagonal(&factors) * ct.grid.step;
    let origin = Point::from_coords(ct.grid.origin.coords().coords.component_mul(&factors).into());
    Scan { grid: Grid { dims: ct.grid.dims, origin, step }, voxels: ct.voxels }
}

/// Whether bone between the hips lies on the wrong side of them: sacrum and coccyx lie behind, the symphysis in front. Where a scan shows
/// both they must agree, for a bladder full of contrast medium lies in front and is as bright.
fn is_back_to_front(ct: &Scan<'_>, levels: &Levels, heads: &[Head]) -> bool {
    let [_, _] = heads else { return false };
    let field = Field::sample(ct, Lattice::around(&ct.grid, STEP_MM, 1 << 25));
    let Some(midplane) = Midplane::of(&field, heads) else { return false };
    let mut sacrum = Depth::default();
    let mut pubis = Depth::default();
    for (n, &value) in field.data.iter().enumerate() {
        if value == OUTSIDE || value <= levels.weak_bone || value >= METAL_HU {
            continue;
        }
        let at = midplane.relative(field.lattice.place(n)) / midplane.half_mm;
        if at.x.abs() >= CENTRAL {
            continue;
        }
        if (ABOVE_HIPS.0..ABOVE_HIPS.1).contains(&at.z) {
            sacrum.count(at.y > 0.0);
        } else if (BELOW_HIPS.0..BELOW_HIPS.1).contains(&at.z) {
            pubis.count(at.y > 0.0);
        }
    }
    let voxel = field.lattice.step.powi(3);
    let sacrum = sacrum.share_behind(voxel, LEAST_SACRUM_MM3);
    let pubis = pubis.share_behind(voxel, LEAST_PUBIS_MM3);
    match (sacrum.map(|share| share < LEAST_BEHIND), pubis.map(|share| share > 1.0 - LEAST_BEHIND)) {
        (Some(sacrum), Some(pubis)) => sacrum && pubis,
        (one, other) => one.or(other).unwrap_or(false),
    }
}

/// How much bone was seen, and how much of it behind the hips.
#[derive(Default)]
struct Depth {
    all: usize,
    behind: usize,
}

impl Depth {
    fn count(&mut self, is_behind: bool) {
        self.all += 1;
        self.behind += usize::from(is_behind);
    }

    /// The share behind; `None` where there is too little.
    fn share_behind(&self, voxel_mm3: f64, least_mm3: f64) -> Option<f64> {
        (self.all as f64 * voxel_mm3 >= least_mm3).then(|| self.behind as f64 / self.all as f64)
    }
}

/// Whether labels contradict the header: femora above the pelvis, sacrum in front of it, right on the left. Labels of a CT that
/// another program saw rightly do so where its header is read otherwise here.
pub(super) fn turned_labels(labels: &LabelMap) -> Option<Finding> {
    let [right, left, femur_right, femur_left, sacrum] =
        [Bone::HipRight, Bone::HipLeft, Bone::FemurRight, Bone::FemurLeft, Bone::Sacrum]
            .map(|bone| middle(labels, bone));
    let beyond = |axis: usize, [first, second]: [Option<Vector3<f64>>; 2]| {
        first.zip(second).map(|(a, b)| a[axis] > b[axis] + WRONG_SIDE_MM)
    };
    // A network may take something else for the femur of one side, but hardly for that of both.
    let both = |known: [Option<bool>; 2]| known.contains(&Some(true)) && !known.contains(&Some(false));
    let is_upside_down = both([beyond(2, [femur_right, right]), beyond(2, [femur_left, left])]);
    let is_back_to_front = both([right, left].map(|hip| beyond(1, [hip, sacrum])));
    let sides = [beyond(0, [right, left]), beyond(0, [femur_right, femur_left])].contains(&Some(true));
    match (is_upside_down || is_back_to_front, sides) {
        (true, _) => {
            let how = how_turned(is_upside_down, is_back_to_front);
            Some(finding::LabelsTurned { how }.finding())
        }
        (false, true) => Some(finding::SidesExchanged {}.finding()),
        (false, false) => None,
    }
}

fn how_turned(is_upside_down: bool, is_back_to_front: bool) -> &'static str {
    match (is_upside_down, is_back_to_front) {
        (true, true) => "upside down and back to front",
        (true, false) => "upside down",
        (false, _) => "back to front",
    }
}

/// The median of a bone's voxels along each axis: specks that a network takes for bone elsewhere hardly move it.
fn middle(labels: &LabelMap, bone: Bone) -> Option<Vector3<f64>> {
    let id = labels.id(bone.name())?;
    let [ni, nj, nk] = labels.volume.grid.dims;
    let mut counts = [vec![0usize; ni], vec![0; nj], vec![0; nk]];
    for (n, _) in labels.volume.as_slice().iter().enumerate().filter(|(_, label)| **label == id) {
        for (counts, at) in counts.iter_mut().zip([n % ni, n / ni % nj, n / (ni * nj)]) {
            counts[at] += 1;
        }
    }
    let median = |counts: &[usize]| {
        let half = counts.iter().sum::<usize>().div_ceil(2);
        let mut below = 0;
        counts.iter().position(|count| {
            below += count;
            half > 0 && below >= half
        })
    };
    let [i, j, k] = counts.each_ref().map(|counts| median(counts));
    let index = Point::new(i? as f64, j? as f64, k? as f64);
    Some(labels.volume.grid.to_patient(index).coords().coords)
}

impl Misread {
    /// What the user must know.
    pub(super) fn finding(self) -> Finding {
        match self {
            Misread::Turned { is_upside_down, is_back_to_front } => {
                finding::ScanTurned { how: how_turned(is_upside_down, is_back_to_front) }.finding()
            }
            Misread::Small { diameter_mm } => {
                finding::HipsOfAChild { diameter_mm, limit_mm: LEAST_ADULT_HEAD_MM }.finding()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SegmentOptions, Segmentation, judge_given, segment};
    use coxa_geometry::finding::{Code, Severity, Subject};
    use coxa_imaging::CtVolume;
    use coxa_synthetic::{VirtualPatient, VirtualPatientOptions, generate};

    fn hips(spacing_mm: f64) -> VirtualPatient {
        let reach = Some(70.0);
        let options = VirtualPatientOptions {
            spacing_mm,
            above_hips_mm: reach,
            below_hips_mm: reach,
            ..VirtualPatientOptions::default()
        };
        generate(&options).unwrap()
    }

    /// The same voxels under a header that mirrors or stretches the axes.
    fn misread<T: Copy>(volume: &coxa_imaging::Volume<T>, factors: [f64; 3]) -> coxa_imaging::Volume<T> {
        let mut wrong = volume.clone();
        wrong.grid.step = Matrix3::from_diagonal(&factors.into()) * volume.grid.step;
        wrong
    }

    fn segmented(ct: &CtVolume) -> Segmentation {
        segment(ct, &SegmentOptions::default(), &|_, _| {}).unwrap()
    }

    #[test]
    fn a_scan_whose_header_turns_it_is_refused_with_the_way() {
        let patient = hips(3.0);
        for (factors, words) in [
            ([1.0, 1.0, -1.0], "is upside down:"),
            ([-1.0, -1.0, 1.0], "is back to front:"),
            ([1.0, -1.0, -1.0], "is upside down and back to front:"),
        ] {
            let found = segmented(&misread(&patient.ct, factors));
            assert!(found.labels.volume.as_slice().iter().all(|&id| id == 0), "{factors:?}");
            let refusal = found.findings.iter().find(|f| f.severity == Severity::Refusal).unwrap();
            assert_eq!((refusal.code, &refusal.about), (Code::ScanTurned, &Subject::Scan));
            assert!(refusal.message.contains(words), "{factors:?}: {}", refusal.message);
        }
    }

    #[test]
    fn bones_of_a_childs_size_are_refused_with_their_size() {
        let patient = hips(3.0);
        let found = segmented(&misread(&patient.ct, [0.6; 3]));
        assert!(found.labels.volume.as_slice().iter().all(|&id| id == 0));
        let refusal = found.findings.iter().find(|f| f.severity == Severity::Refusal).unwrap();
        assert_eq!(refusal.code, Code::HipsOfAChild);
        let truth = 1.2 * patient.truth.right.head_radius_mm;
        assert!((refusal.value.unwrap() - truth).abs() < 2.0, "{:?} for {truth}", refusal.value);
    }

    #[test]
    fn labels_that_contradict_the_header_are_refused() {
        let patient = hips(4.0);
        let codes = |factors| {
            let labels = LabelMap {
                volume: misread(&patient.labels.volume, factors),
                table: patient.labels.table.clone(),
            };
            let (_, findings) = judge_given(&misread(&patient.ct, factors), &labels);
            findings
                .into_iter()
                .filter(|f| f.severity == Severity::Refusal)
                .map(|f| f.code)
                .collect::<Vec<_>>()
        };
        assert!(codes([1.0; 3]).is_empty());
        assert_eq!(codes([-1.0, 1.0, 1.0]), [Code::SidesExchanged]);
        let mut labels = patient.labels.clone();
        let [right, left] = [Bone::HipRight, Bone::HipLeft].map(|bone| labels.id(bone.name()).unwrap());
        labels.volume = labels.volume.map(|&id| match id {
            id if id == right => left,
            id if id == left => right,
            id => id,
        });
        assert_eq!(turned_labels(&labels).unwrap().code, Code::SidesExchanged, "of the hip bones alone");
        // Most of one femur's voxels somewhere in the trunk are a network's error, not the header's.
        let mut labels = patient.labels.clone();
        let femur = labels.id("femur_right").unwrap();
        let count = labels.volume.as_slice().iter().filter(|&&id| id == femur).count();
        for id in labels.volume.as_mut_slice().iter_mut().rev().filter(|id| **id == 0).take(2 * count) {
            *id = femur;
        }
        assert_eq!(turned_labels(&labels), None);
        for factors in [[1.0, 1.0, -1.0], [1.0, -1.0, 1.0], [-1.0, 1.0, -1.0], [-1.0; 3]] {
            assert_eq!(codes(factors), [Code::ScanTurned], "{factors:?}");
        }
    }
}
