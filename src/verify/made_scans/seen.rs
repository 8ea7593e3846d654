//! What the product sees in a made scan, against what is true of it.

use super::condition::{Condition, Lie};
use super::posed::{Head, Posed};
use super::voxels::MadeScan;
use anyhow::Result;
use coxa_anatomy::{Bone, HipAnatomy};
use coxa_geometry::finding::Code;
use coxa_geometry::{Finding, Point, Quantity, Severity, Side};
use coxa_imaging::{Grid, LabelMap, compare::compare};
use coxa_measure::measure;
use coxa_measure::surfaces::bone_surfaces;
use coxa_segment::{SegmentOptions, segment};
use std::time::Instant;

/// A head is found where its centre is no further off than this.
const FOUND_MM: f64 = 3.0;
/// Bones of which less is in the scan are not compared.
const LEAST_BONE_MM3: f64 = 20_000.0;
/// A head is whole in the field of view, or cut, where so much of its diameter is in it; between it may be either.
const WHOLE_MM: f64 = 2.0;

/// What there is of a hip in the field of view.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Field {
    Whole,
    /// Cut so little or so much that either answer is right.
    Cut,
    Absent,
}

/// A hip that was found: what is off, with the spread that is stated.
pub(super) struct Joint {
    mean_space: Option<[f64; 2]>,
    least_space: Option<[f64; 2]>,
    diameter: Option<[f64; 2]>,
}

impl Joint {
    pub(super) fn mean_space(&self) -> Option<[f64; 2]> {
        self.mean_space
    }

    pub(super) fn least_space(&self) -> Option<[f64; 2]> {
        self.least_space
    }

    pub(super) fn diameter(&self) -> Option<[f64; 2]> {
        self.diameter
    }
}

/// What was seen.
pub(super) struct Seen {
    pub(super) labels: LabelMap,
    pub(super) dice: Vec<(Bone, f64)>,
    pub(super) joints: Vec<Joint>,
    pub(super) refused_after_s: Option<f64>,
    /// What is wrong; empty where every hip was found or refused for a true reason.
    pub(super) wrong: Vec<String>,
    said: Vec<String>,
}

impl Seen {
    /// What was seen, in a line.
    pub(super) fn words(&self) -> String {
        let wrong = self.wrong.iter().map(|w| format!("WRONG: {w}"));
        wrong.chain(self.said.iter().cloned()).collect::<Vec<_>>().join("; ")
    }
}

/// Segments and measures a scan.
///
/// # Errors
/// A scan that cannot be segmented at all.
pub(super) fn look(posed: &Posed, scan: &MadeScan, how: &Condition) -> Result<Seen> {
    let start = Instant::now();
    let found = segment(&scan.ct, &SegmentOptions::default(), &|_, _| {})?;
    let took = start.elapsed().as_secs_f64();
    let mut seen = Seen {
        labels: found.labels,
        dice: Vec::new(),
        joints: Vec::new(),
        refused_after_s: None,
        wrong: Vec::new(),
        said: vec![format!("bones in {took:.1} s")],
    };
    let refusal = found.findings.iter().find(|f| f.severity == Severity::Refusal);
    if let Some(refusal) = refusal {
        seen.refused_after_s = Some(took);
        seen.said.push(format!("refused: {:?}", refusal.code));
    }
    if matches!(how.lie, Lie::Untrue(_)) {
        if refusal.is_none_or(|f| f.code != Code::ScanTurned) {
            seen.wrong.push("the header turns the patient and this is not said".into());
        }
        return Ok(seen);
    }
    let surfaces = bone_surfaces(&scan.ct, &seen.labels);
    let anatomy = measure(&surfaces, Some((&scan.ct, &seen.labels)));
    let truth = measure(&posed.surfaces(), None);
    for (n, side) in Side::BOTH.into_iter().enumerate() {
        let Some(head) = posed.heads[n] else { continue };
        judge_hip(&mut seen, side, &head, &scan.ct.grid, (&anatomy, &truth), &found.findings);
    }
    for (n, bone) in Bone::ALL.into_iter().enumerate() {
        let id = n as u8 + 1;
        let voxels = scan.labels.volume.as_slice().iter().filter(|&&v| v == id).count();
        if voxels as f64 * scan.ct.grid.voxel_volume_mm3() < LEAST_BONE_MM3 || refusal.is_some() {
            continue;
        }
        let dice = compare(&seen.labels.volume, id, &scan.labels.volume, id).map_or(0.0, |a| a.dice);
        seen.said.push(format!("{} {dice:.3}", bone.name()));
        seen.dice.push((bone, dice));
        if anatomy.missing.iter().any(|m| m.what == bone.name()) {
            seen.wrong.push(format!("{} is in the scan and was not found", bone.name()));
        }
    }
    Ok(seen)
}

fn judge_hip(
    seen: &mut Seen,
    side: Side,
    head: &Head,
    grid: &Grid,
    (anatomy, truth): (&HipAnatomy, &HipAnatomy),
    findings: &[Finding],
) {
    let field = field(head, grid);
    let found = anatomy.side(side).head.as_ref();
    let off = found.map(|h| (h.centre_mm.coords() - head.centre).norm());
    let joint_is_missing = anatomy.side(side).joint_space.is_empty();
    let is_said_cut =
        anatomy.findings.iter().any(|f| f.code == Code::FemoralHeadCut && f.side() == Some(side));
    match (field, off) {
        (Field::Whole, Some(off)) if off <= FOUND_MM => {
            if joint_is_missing {
                seen.wrong.push(format!("{side} joint space not measured"));
            }
        }
        (Field::Whole, _) => {
            let why: Vec<String> = findings
                .iter()
                .filter(|f| f.severity > Severity::Note && f.side().is_none_or(|s| s == side))
                .map(|f| format!("{:?}", f.code))
                .collect();
            let off = off.map_or("not found".into(), |off| format!("{off:.1} mm off"));
            seen.wrong.push(format!("{side} head whole in the field, {off}: {}", why.join(" ")));
            return;
        }
        (Field::Absent, Some(off)) if !is_said_cut || off > head.radius => {
            seen.wrong.push(format!("{side} head found where there is none"));
            return;
        }
        (Field::Absent, Some(_)) => {
            seen.said.push(format!("{side} head all but beyond the scan, said to be cut"));
            return;
        }
        (Field::Absent, None) => return,
        (Field::Cut, off) => {
            if off.is_some() && !is_said_cut {
                seen.wrong.push(format!("{side} head is cut and this is not said"));
            }
            seen.said.push(format!("{side} head cut, {}", if off.is_some() { "said" } else { "not found" }));
            return;
        }
    }
    let error = |quantity: Quantity| {
        let own = anatomy.measurements.get(quantity.of(side))?;
        let true_value = truth.measurements.get(quantity.of(side))?.value;
        Some((own.value, true_value, own.spread))
    };
    let [mean, least, diameter] =
        [Quantity::JointSpaceMean, Quantity::JointSpaceMinimum, Quantity::HeadDiameter].map(error);
    for (words, value) in [("mean space", mean), ("least", least), ("head", diameter)] {
        if let Some((own, true_value, spread)) = value {
            seen.said.push(format!("{side} {words} {own:.2} +- {spread:.2} for {true_value:.2}"));
        }
    }
    let pair =
        |value: Option<(f64, f64, f64)>| value.map(|(own, true_value, spread)| [own - true_value, spread]);
    seen.joints.push(Joint { mean_space: pair(mean), least_space: pair(least), diameter: pair(diameter) });
}

/// How much of a head the scan shows.
fn field(head: &Head, grid: &Grid) -> Field {
    let inside = |margin: f64| {
        [0, 1, 2].iter().flat_map(|&axis| [-1.0, 1.0].map(|sign| (axis, sign))).all(|(axis, sign)| {
            let mut at = head.centre;
            at[axis] += sign * (head.radius + margin);
            let index = grid.to_voxel(Point::from_coords(at)).coords();
            (0..3).all(|a| index[a] >= -0.5 && index[a] <= grid.dims[a] as f64 - 0.5)
        })
    };
    let outside = [0, 1, 2].iter().any(|&axis| {
        let index = |sign: f64| {
            let mut at = head.centre;
            at[axis] += sign * 0.3 * head.radius;
            grid.to_voxel(Point::from_coords(at)).coords()
        };
        let (a, b) = (index(-1.0), index(1.0));
        (0..3).any(|n| a[n].max(b[n]) < 0.0 || a[n].min(b[n]) > grid.dims[n] as f64 - 1.0)
    });
    match (inside(WHOLE_MM), outside) {
        (true, _) => Field::Whole,
        (false, true) => Field::Absent,
        (false, false) => Field::Cut,
    }
}
