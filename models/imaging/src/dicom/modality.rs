//! Modalities in words.

/// A modality in words.
pub(crate) fn named(modality: &str) -> String {
    let words = match modality {
        "CR" | "DX" | "RF" | "RG" | "XA" | "PX" => "a radiograph",
        "MR" => "a magnetic resonance image",
        "US" => "an ultrasound image",
        "PT" | "NM" => "a nuclear medicine image",
        "SEG" => "a segmentation",
        "RTDOSE" => "a dose distribution",
        "OT" | "SC" => "a secondary capture",
        "?" => return "an image without modality".to_owned(),
        _ => "an image",
    };
    format!("{words} (modality {modality})")
}
