//! What must be known of a scan whose labels another program made: metal, bones that the scan cuts, and whether they lie as the
//! header says.

use super::findings::{about_metal, cut_off};
use super::liver;
use super::misread::turned_labels;
use super::scan::Scan;
use super::segmentation::Metal;
use coxa_anatomy::Bone;
use coxa_anatomy::thresholds::METAL_HU;
use coxa_geometry::{Finding, Side};
use coxa_imaging::{CtVolume, LabelMap};

/// Metal this far from a bone belongs to it.
const BESIDE_BONE_MM: f64 = 6.0;
/// Metal beside the hip bone is at the joint where the femur is this near.
const NEAR_FEMUR_MM: f64 = 25.0;

/// Metal and findings on labels that were given rather than found: without them a hip with metal, or one that the scan cuts,
/// would be planned as if it were whole. The labels must lie on the grid of the CT.
pub fn judge_given(ct: &CtVolume, labels: &LabelMap) -> (Vec<Metal>, Vec<Finding>) {
    let metal = metal(ct, labels);
    let mut findings: Vec<Finding> = metal.iter().flat_map(about_metal).collect();
    let scan = Scan::centred(ct);
    findings.extend(cut_off(&scan, labels.volume.as_slice()));
    findings.extend(turned_labels(labels));
    findings.extend(liver::on_the_left(&scan, labels));
    (metal, findings)
}

fn metal(ct: &CtVolume, labels: &LabelMap) -> Vec<Metal> {
    let ids = Side::BOTH.map(|side| [Bone::hip(side), Bone::femur(side)].map(|bone| labels.id(bone.name())));
    let [ni, nj, _] = ct.grid.dims;
    let voxel = ct.grid.voxel_volume_mm3();
    let near = Neighbourhood { labels, spacing: ct.grid.spacing_mm() };
    let mut found =
        Side::BOTH.map(|side| Metal { side, volume_mm3: 0.0, in_femur_mm3: 0.0, at_joint_mm3: 0.0 });
    for (n, _) in ct.as_slice().iter().enumerate().filter(|(_, hu)| **hu >= METAL_HU) {
        let at = [n % ni, n / ni % nj, n / (ni * nj)];
        for (metal, [hip, femur]) in found.iter_mut().zip(ids) {
            let in_femur = near.holds(at, femur, BESIDE_BONE_MM);
            let in_hip = near.holds(at, hip, BESIDE_BONE_MM);
            if in_femur || in_hip {
                metal.volume_mm3 += voxel;
            }
            if in_femur {
                metal.in_femur_mm3 += voxel;
            }
            if in_hip && near.holds(at, femur, NEAR_FEMUR_MM) {
                metal.at_joint_mm3 += voxel;
            }
        }
    }
    found.into_iter().filter(|metal| metal.volume_mm3 > 0.0).collect()
}

struct Neighbourhood<'a> {
    labels: &'a LabelMap,
    spacing: [f64; 3],
}

impl Neighbourhood<'_> {
    /// Whether a box of half-width `reach_mm` around a voxel holds a label.
    fn holds(&self, at: [usize; 3], id: Option<u8>, reach_mm: f64) -> bool {
        let Some(id) = id else { return false };
        let dims = self.labels.volume.grid.dims;
        let range = |axis: usize| {
            let reach = (reach_mm / self.spacing[axis]).ceil() as usize;
            at[axis].saturating_sub(reach)..(at[axis] + reach + 1).min(dims[axis])
        };
        let ids = self.labels.volume.as_slice();
        range(2).any(|k| {
            range(1).any(|j| {
                let row = (k * dims[1] + j) * dims[0];
                ids[row + range(0).start..row + range(0).end].contains(&id)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_synthetic::{VirtualPatientOptions, generate};

    #[test]
    fn a_nail_is_found_under_true_labels_and_a_whole_hip_has_none() {
        let options =
            VirtualPatientOptions { spacing_mm: 3.0, below_hips_mm: Some(150.0), ..Default::default() };
        let codes = |metal| {
            let patient = generate(&VirtualPatientOptions { metal, ..options.clone() }).unwrap();
            let (_, findings) = judge_given(&patient.ct, &patient.labels);
            findings.into_iter().map(|f| format!("{} {}", f.code, f.about)).collect::<Vec<_>>()
        };
        assert!(codes(None).iter().all(|c| !c.contains("metal")));
        let nailed = codes(Some(Side::Left));
        assert!(nailed.iter().any(|c| c.starts_with("metal_in_femur") && c.ends_with("left")), "{nailed:?}");
        assert!(nailed.iter().all(|c| !c.contains("metal") || c.ends_with("left")), "{nailed:?}");
    }
}
