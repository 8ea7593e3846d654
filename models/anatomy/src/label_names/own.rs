//! The structures that label maps of this program hold.

use crate::Bone;
use coxa_imaging::Label;

/// Name, SNOMED CT code and colour of each structure; its id is its place, counted from 1.
///
/// The bones come first, in the order of [`crate::Bone::ALL`]. Codes say what the structure is without its side, as
/// TotalSegmentator writes them to DICOM segmentations; vessels that it has no label for have that of DICOM
/// PS3.16, muscles go without. They are those of Hiasa et al.
/// 2020 (IEEE Trans Med Imaging 39:1030), of which `adductors` are one, and the gemelli, quadratus femoris and adductor longus. The colours of the bones are those of Okabe and Ito, which
/// colour-blind readers can tell apart.
const STRUCTURES: [(&str, Option<&str>, [u8; 3]); 77] = [
    ("hip_right", Some("29836001"), [230, 159, 0]),
    ("hip_left", Some("29836001"), [86, 180, 233]),
    ("femur_right", Some("71341001"), [0, 158, 115]),
    ("femur_left", Some("71341001"), [240, 228, 66]),
    ("sacrum", Some("54735007"), [204, 121, 167]),
    ("metal", None, [213, 94, 0]),
    ("gluteus_maximus_right", Some("181674001"), [150, 60, 50]),
    ("gluteus_maximus_left", Some("181674001"), [150, 60, 50]),
    ("gluteus_medius_right", Some("78333006"), [176, 84, 66]),
    ("gluteus_medius_left", Some("78333006"), [176, 84, 66]),
    ("gluteus_minimus_right", Some("75297007"), [200, 112, 90]),
    ("gluteus_minimus_left", Some("75297007"), [200, 112, 90]),
    ("iliopsoas_right", Some("68455001"), [130, 72, 88]),
    ("iliopsoas_left", Some("68455001"), [130, 72, 88]),
    ("iliac_artery_right", Some("73634005"), [216, 36, 36]),
    ("iliac_artery_left", Some("73634005"), [216, 36, 36]),
    ("iliac_vena_right", Some("46027005"), [40, 70, 190]),
    ("iliac_vena_left", Some("46027005"), [40, 70, 190]),
    ("tensor_fasciae_latae_right", None, [214, 138, 92]),
    ("tensor_fasciae_latae_left", None, [214, 138, 92]),
    ("iliacus_right", None, [150, 84, 112]),
    ("iliacus_left", None, [150, 84, 112]),
    ("psoas_major_right", None, [112, 62, 96]),
    ("psoas_major_left", None, [112, 62, 96]),
    ("obturator_externus_right", None, [188, 132, 70]),
    ("obturator_externus_left", None, [188, 132, 70]),
    ("obturator_internus_right", None, [206, 156, 96]),
    ("obturator_internus_left", None, [206, 156, 96]),
    ("pectineus_right", None, [168, 108, 52]),
    ("pectineus_left", None, [168, 108, 52]),
    ("piriformis_right", None, [222, 116, 116]),
    ("piriformis_left", None, [222, 116, 116]),
    ("adductors_right", None, [140, 96, 60]),
    ("adductors_left", None, [140, 96, 60]),
    ("gracilis_right", None, [196, 160, 128]),
    ("gracilis_left", None, [196, 160, 128]),
    ("rectus_femoris_right", None, [190, 66, 74]),
    ("rectus_femoris_left", None, [190, 66, 74]),
    ("sartorius_right", None, [228, 150, 134]),
    ("sartorius_left", None, [228, 150, 134]),
    ("vastus_medialis_right", None, [160, 50, 80]),
    ("vastus_medialis_left", None, [160, 50, 80]),
    ("vastus_lateralis_and_intermedius_right", None, [184, 72, 104]),
    ("vastus_lateralis_and_intermedius_left", None, [184, 72, 104]),
    ("biceps_femoris_right", None, [122, 74, 46]),
    ("biceps_femoris_left", None, [122, 74, 46]),
    ("semimembranosus_right", None, [146, 92, 74]),
    ("semimembranosus_left", None, [146, 92, 74]),
    ("semitendinosus_right", None, [170, 110, 94]),
    ("semitendinosus_left", None, [170, 110, 94]),
    ("superior_gemellus_right", None, [232, 178, 120]),
    ("superior_gemellus_left", None, [232, 178, 120]),
    ("inferior_gemellus_right", None, [236, 192, 146]),
    ("inferior_gemellus_left", None, [236, 192, 146]),
    ("quadratus_femoris_right", None, [206, 96, 58]),
    ("quadratus_femoris_left", None, [206, 96, 58]),
    ("adductor_longus_right", None, [156, 112, 66]),
    ("adductor_longus_left", None, [156, 112, 66]),
    ("vertebrae_L5", Some("49668003"), [170, 136, 200]),
    ("vertebrae_L4", Some("11994002"), [150, 150, 206]),
    ("vertebrae_L3", Some("36470004"), [132, 162, 210]),
    ("external_iliac_artery_right", Some("113269004"), [216, 36, 36]),
    ("external_iliac_artery_left", Some("113269004"), [216, 36, 36]),
    ("external_iliac_vein_right", Some("63507001"), [40, 70, 190]),
    ("external_iliac_vein_left", Some("63507001"), [40, 70, 190]),
    ("common_femoral_artery_right", Some("181347005"), [228, 70, 56]),
    ("common_femoral_artery_left", Some("181347005"), [228, 70, 56]),
    ("common_femoral_vein_right", Some("397363009"), [62, 96, 206]),
    ("common_femoral_vein_left", Some("397363009"), [62, 96, 206]),
    ("superficial_femoral_artery_right", Some("181349008"), [236, 104, 84]),
    ("superficial_femoral_artery_left", Some("181349008"), [236, 104, 84]),
    ("superficial_femoral_vein_right", Some("397364003"), [88, 124, 220]),
    ("superficial_femoral_vein_left", Some("397364003"), [88, 124, 220]),
    ("obturator_artery_right", None, [196, 60, 90]),
    ("obturator_artery_left", None, [196, 60, 90]),
    ("obturator_vein_right", None, [84, 64, 180]),
    ("obturator_vein_left", None, [84, 64, 180]),
];

/// Name of the label of metal: nails, screws, plates and implants.
pub const METAL: &str = "metal";

/// All structures that a label map of this program can hold, in ascending order of their ids.
pub fn structures() -> Vec<Label> {
    (1..)
        .zip(STRUCTURES)
        .map(|(id, (name, snomed, colour))| Label {
            id,
            name: name.to_owned(),
            snomed: snomed.map(str::to_owned),
            colour,
        })
        .collect()
}

/// The table of our own segmentation: the five bones and metal.
pub fn our_table() -> Vec<Label> {
    structures().into_iter().take(Bone::ALL.len() + 1).collect()
}

/// The id of a structure in label maps of this program; `None` for names that it does not know.
pub fn structure_id(name: &str) -> Option<u8> {
    (1..).zip(STRUCTURES).find(|(_, (own, ..))| *own == name).map(|(id, _)| id)
}

/// The name of a structure by its id.
pub(super) fn structure_name(id: u8) -> Option<&'static str> {
    STRUCTURES.get(usize::from(id).checked_sub(1)?).map(|(name, ..)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bones_come_first_and_every_name_once() {
        let table = structures();
        for (bone, label) in Bone::ALL.iter().zip(&table) {
            assert_eq!(bone.name(), label.name);
        }
        for label in &table {
            assert_eq!(structure_id(&label.name), Some(label.id));
            assert_eq!(structure_name(label.id), Some(label.name.as_str()));
        }
        assert_eq!(our_table().last().map(|label| label.name.as_str()), Some(METAL));
        assert_eq!((structure_id("spleen"), structure_name(0), structure_name(200)), (None, None, None));
    }
}
