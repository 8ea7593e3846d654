//! Suite `segmentation`: a label map against one that another program made of the same CT.
//!
//! Both are label files as `--labels` takes them: NIfTI with a `labels.json` beside it, else with TotalSegmentator's ids,
//! or a DICOM segmentation; the reference may also be a structure set. The reference is a prediction itself, not the
//! truth, which the evidence tag says; labels of a virtual patient, with `truth.json` beside them, are the truth of a model.

use super::{Check, SuiteReport};
use anyhow::{Context, Result};
use coxa_anatomy::Bone;
use coxa_anatomy::label_names::{self, METAL, Mapping};
use coxa_geometry::Side;
use coxa_geometry::finding::Code;
use coxa_imaging::compare::compare;
use coxa_imaging::{LabelMap, Volume};
use std::io::Read;
use std::path::Path;

/// Least Dice of hip bones and femora.
const BONE_DICE: f64 = 0.90;
/// Least Dice of the sacrum, whose borders to the fifth lumbar vertebra and coccyx are a matter of convention.
const SACRUM_DICE: f64 = 0.80;
/// Less metal than this in a bone cannot move its Dice by more than about a hundredth.
const METAL_MATTERS_MM3: f64 = 1000.0;
/// A longer `truth.json` is none of ours.
const MOST_TRUTH_BYTES: u64 = 1 << 24;

/// Runs the suite: `path` is judged, `against` is the reference.
///
/// Bones with metal in them are shown without a verdict, because programs differ in whether metal is bone, and so are
/// structures that one of the maps lacks, because maps may be made for different purposes. Iliacus and psoas major are taken together
/// where the other map has them as iliopsoas.
///
/// # Errors
/// Where one of the files cannot be read, holds none of the bones, or they do not overlap.
pub fn run(path: &Path, against: &Path) -> Result<SuiteReport> {
    let mapping = Mapping::default();
    let (mut labels, _) = label_names::read_file(path, &mapping)
        .with_context(|| format!("cannot verify {}", path.display()))?;
    let (mut reference, notes) = label_names::import_on(against, &labels.volume.grid, &mapping)
        .with_context(|| format!("cannot verify against {}", against.display()))?;
    let resampled = notes.iter().any(|note| note.code == Code::LabelsResampled);
    let resampled = resampled.then(|| "the reference was resampled by the nearest voxel".to_owned());

    let joined: Vec<Option<&str>> = Side::BOTH
        .into_iter()
        .map(|side| join_iliopsoas(&mut labels, &mut reference, side).then(|| side.name()))
        .collect();

    let mut checks = Vec::new();
    for label in label_names::structures() {
        let name = label.name;
        let bone = Bone::ALL.into_iter().find(|bone| bone.name() == name);
        let note =
            |reasons: [Option<String>; 2]| reasons.into_iter().flatten().collect::<Vec<_>>().join("; ");
        let (id, reference_id) = match (labels.id(&name), reference.id(&name)) {
            (Some(id), Some(reference_id)) => (id, reference_id),
            (found, wanted) => {
                if bone.is_some() && (found.is_some() || wanted.is_some()) {
                    let lacking = if found.is_some() { "the reference" } else { "the label map" };
                    let check = Check::shown(format!("{name} Dice"), &[0.0], "");
                    checks.push(check.with_note(format!("no verdict: {lacking} has no {name}")));
                }
                continue;
            }
        };
        let found = compare(&labels.volume, id, &reference.volume, reference_id)
            .with_context(|| format!("cannot compare {name}"))?;
        let metal = bone.and(metal_note(&labels, id, &reference.volume, reference_id));
        let dice = format!("{name} Dice");
        let dice = match bone {
            Some(bone) if metal.is_none() => {
                let least = if bone == Bone::Sacrum { SACRUM_DICE } else { BONE_DICE };
                Check::at_least(dice, &[found.dice], least, "")
            }
            _ => Check::shown(dice, &[found.dice], ""),
        };
        let parts = joined.iter().flatten().any(|side| name == format!("iliopsoas_{side}"));
        let parts = parts.then(|| "iliacus and psoas major taken together".to_owned());
        checks.push(dice.with_note(note([metal.or(parts), resampled.clone()])));
        let average = format!("{name} average surface distance");
        checks.push(Check::shown(average, &[found.average_surface_mm], "mm"));
        checks.push(Check::shown(format!("{name} 95 % Hausdorff"), &[found.hausdorff95_mm], "mm"));
    }
    Ok(SuiteReport { suite: "segmentation", evidence: evidence(against), checks })
}

/// How the reference came about: labels beside the `truth.json` of a virtual patient are of a model.
///
/// Virtual patients and our own search for muscles are made from the same atlas of muscles and the same shape models.
fn evidence(against: &Path) -> &'static str {
    let read = || -> Option<serde_json::Value> {
        let file = std::fs::File::open(against.with_file_name("truth.json")).ok()?;
        let mut text = Vec::new();
        file.take(MOST_TRUTH_BYTES).read_to_end(&mut text).ok()?;
        serde_json::from_slice(&text).ok()
    };
    let is_virtual =
        |document: serde_json::Value| document["truth"].is_object() && document["options"]["seed"].is_u64();
    if read().is_some_and(is_virtual) { "synthetic-same-anatomy" } else { "real-pseudo-label" }
}

/// Makes iliopsoas of iliacus and psoas major in the map that tells them apart, where the other has iliopsoas; whether it did.
fn join_iliopsoas(labels: &mut LabelMap, reference: &mut LabelMap, side: Side) -> bool {
    let whole = format!("iliopsoas_{side}");
    let parted = match (labels.id(&whole), reference.id(&whole)) {
        (None, Some(_)) => labels,
        (Some(_), None) => reference,
        _ => return false,
    };
    let parts = ["iliacus", "psoas_major"].map(|part| parted.id(&format!("{part}_{side}")));
    let Some(&first) = parts.iter().flatten().next() else { return false };
    for id in parted.volume.as_mut_slice() {
        if parts.contains(&Some(*id)) {
            *id = first;
        }
    }
    parted.table.retain(|label| label.id == first || !parts.contains(&Some(label.id)));
    for label in parted.table.iter_mut().filter(|label| label.id == first) {
        label.name.clone_from(&whole);
    }
    true
}

/// Why a bone with metal in it has no verdict; `None` where there is no metal worth mention.
///
/// Metal belongs to a bone where the reference calls it that bone, or where it touches the bone in the map.
fn metal_note(labels: &LabelMap, id: u8, reference: &Volume<u8>, reference_id: u8) -> Option<String> {
    let metal = labels.id(METAL)?;
    let [ni, nj, nk] = labels.volume.grid.dims;
    let (own, reference) = (labels.volume.as_slice(), reference.as_slice());
    let plane = ni * nj;
    let touches = |at: usize| {
        let (i, j, k) = (at % ni, at / ni % nj, at / plane);
        let is_bone = |possible: bool, neighbour: usize| possible && own[neighbour] == id;
        is_bone(i > 0, at.wrapping_sub(1))
            || is_bone(i + 1 < ni, at + 1)
            || is_bone(j > 0, at.wrapping_sub(ni))
            || is_bone(j + 1 < nj, at + ni)
            || is_bone(k > 0, at.wrapping_sub(plane))
            || is_bone(k + 1 < nk, at + plane)
    };
    let in_bone = |&(at, (&own, &reference)): &(usize, (&u8, &u8))| {
        own == metal && (reference == reference_id || touches(at))
    };
    let count = own.iter().zip(reference).enumerate().filter(in_bone).count();
    let volume = count as f64 * labels.volume.grid.voxel_volume_mm3();
    (volume >= METAL_MATTERS_MM3).then(|| {
        format!(
            "no verdict: {:.1} cm3 of metal in or at this bone, which the two maps may count differently",
            volume / 1000.0
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::Bound;
    use coxa_geometry::Point;
    use coxa_imaging::{Grid, labels, nifti};
    use ndarray::Array3;
    use std::path::PathBuf;

    /// A map of 20 mm cubes in a row along i, each with one own id, the last `shift` voxels further on.
    fn write(folder: &Path, ids: &[u8], shift: usize) -> PathBuf {
        std::fs::create_dir_all(folder).unwrap();
        let grid = Grid::axis_aligned([10 * ids.len() + 5, 10, 10], Point::new(1.0, 2.0, 3.0), [2.0; 3]);
        let voxels = Array3::from_shape_fn((10, 10, grid.dims[0]), |(_, _, i)| {
            let place = i.checked_sub(if i >= 10 * ids.len() - 10 { shift } else { 0 });
            place.and_then(|i| ids.get(i / 10)).copied().unwrap_or(0)
        });
        let path = folder.join("labels.nii.gz");
        nifti::write_labels(&Volume::new(grid, voxels), &path).unwrap();
        labels::write_table(&label_names::structures(), &folder.join("labels.json")).unwrap();
        path
    }

    fn ids<const N: usize>(names: [&str; N]) -> [u8; N] {
        names.map(|name| label_names::structure_id(name).unwrap())
    }

    fn find<'a>(report: &'a SuiteReport, name: &str) -> &'a Check {
        report
            .checks
            .iter()
            .find(|check| check.name == name)
            .unwrap_or_else(|| panic!("no {name} in {report}"))
    }

    #[test]
    fn equal_bones_hold_and_a_shifted_one_fails() {
        let folder = tempfile::tempdir().unwrap();
        let row = ids(["hip_right", "gluteus_medius_left", "sacrum"]);
        let reference = write(&folder.path().join("reference"), &row, 0);
        let report = run(&reference, &reference).unwrap();
        assert!(report.holds(), "{report}");
        assert_eq!(find(&report, "hip_right Dice").worst, Some(1.0));
        assert_eq!(find(&report, "gluteus_medius_left Dice").bound, Bound::Shown);
        // Three of ten voxels off: Dice 0.7 for the sacrum.
        let shifted = write(&folder.path().join("shifted"), &row, 3);
        let report = run(&shifted, &reference).unwrap();
        let sacrum = find(&report, "sacrum Dice");
        assert!(
            !report.holds() && !sacrum.holds() && (sacrum.worst.unwrap() - 0.7).abs() < 1e-12,
            "{report}"
        );
        assert!(find(&report, "hip_right Dice").holds());
        assert!(find(&report, "sacrum average surface distance").worst.unwrap() > 0.5);
        assert_eq!(find(&report, "sacrum 95 % Hausdorff").unit, "mm");
    }

    #[test]
    fn labels_of_a_virtual_patient_are_no_pseudo_labels() {
        let folder = tempfile::tempdir().unwrap();
        let labels = write(&folder.path().join("a"), &ids(["hip_right", "sacrum"]), 0);
        let tag = |truth: &str| {
            std::fs::write(labels.with_file_name("truth.json"), truth).unwrap();
            run(&labels, &labels).unwrap().evidence
        };
        assert_eq!(run(&labels, &labels).unwrap().evidence, "real-pseudo-label");
        assert_eq!(tag(r#"{"options": {"seed": 7}, "truth": {}}"#), "synthetic-same-anatomy");
        for other in ["", "[1]", r#"{"truth": "in me"}"#] {
            assert_eq!(tag(other), "real-pseudo-label", "{other}");
        }
    }

    #[test]
    fn bones_that_one_map_lacks_are_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = write(&folder.path().join("a"), &ids(["hip_right", "sacrum"]), 0);
        let against = write(&folder.path().join("b"), &ids(["hip_right", "femur_right"]), 0);
        let report = run(&path, &against).unwrap();
        assert!(report.holds(), "{report}");
        assert!(find(&report, "sacrum Dice").note.contains("the reference has no sacrum"));
        assert!(find(&report, "femur_right Dice").note.contains("the label map has no femur_right"));
        assert_eq!(report.checks.len(), 5);
        let other = write(&folder.path().join("c"), &ids(["femur_left"]), 0);
        let report = run(&path, &other).unwrap();
        assert!(!report.holds(), "nothing was compared, yet it holds: {report}");
    }

    #[test]
    fn iliacus_and_psoas_are_compared_with_iliopsoas_together() {
        let folder = tempfile::tempdir().unwrap();
        let parted = ids(["hip_right", "iliacus_right", "psoas_major_right", "iliacus_left"]);
        let whole = ids(["hip_right", "iliopsoas_right", "iliopsoas_right", "sacrum"]);
        let parted = write(&folder.path().join("a"), &parted, 0);
        let whole = write(&folder.path().join("b"), &whole, 0);
        for (path, against) in [(&parted, &whole), (&whole, &parted)] {
            let report = run(path, against).unwrap();
            let check = find(&report, "iliopsoas_right Dice");
            assert_eq!(check.worst, Some(1.0), "{report}");
            assert!(check.note.contains("together"), "{report}");
        }
        // Maps that both tell them apart are compared apart.
        let report = run(&parted, &parted).unwrap();
        assert_eq!(find(&report, "psoas_major_right Dice").worst, Some(1.0));
    }

    #[test]
    fn a_bone_with_metal_in_it_has_no_verdict() {
        let folder = tempfile::tempdir().unwrap();
        let path = write(&folder.path().join("a"), &ids(["hip_left", "femur_left", "metal"]), 0);
        let against = write(&folder.path().join("b"), &ids(["hip_left", "femur_left", "femur_left"]), 0);
        let report = run(&path, &against).unwrap();
        let femur = find(&report, "femur_left Dice");
        assert!(femur.bound == Bound::Shown && femur.note.contains("8.0 cm3 of metal"), "{report}");
        assert!((femur.worst.unwrap() - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(find(&report, "hip_left Dice").bound, Bound::AtLeast);
        assert!(report.holds());
        // The metal touches the femur in the map; that is enough where the reference leaves it out.
        let against = write(&folder.path().join("c"), &ids(["hip_left", "femur_left", "sacrum"]), 0);
        let report = run(&path, &against).unwrap();
        assert_eq!(find(&report, "femur_left Dice").bound, Bound::AtLeast, "0.8 cm3 touch: {report}");
    }

    #[test]
    fn a_reference_on_another_grid_is_resampled() {
        let folder = tempfile::tempdir().unwrap();
        let row = ids(["hip_right", "femur_right"]);
        let path = write(&folder.path().join("a"), &row, 0);
        let against = write(&folder.path().join("b"), &row, 0);
        let (mut map, _) = nifti::read_label_ids(&against).unwrap();
        map.grid.origin = Point::new(1.0, 2.0, 3.5);
        nifti::write_labels(&map.map(|&id| id as u8), &against).unwrap();
        let report = run(&path, &against).unwrap();
        assert!(find(&report, "hip_right Dice").note.contains("resampled"), "{report}");
        assert!(report.holds());
    }
}
