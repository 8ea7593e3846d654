//! Names of segments and regions of interest as labels.

use crate::Label;
use std::collections::HashSet;

/// Gives labels unique snake_case names.
#[derive(Debug, Default)]
pub(crate) struct Namer {
    used: HashSet<String>,
}

impl Namer {
    /// A label by its written name; without one it is `label_ID`.
    pub(crate) fn label(&mut self, id: u8, written: &str, snomed: Option<String>) -> Label {
        let mut label = Label::unnamed(id);
        let name = snake_case(written);
        if !name.is_empty() {
            label.name = name;
        }
        let plain = label.name.clone();
        let mut copy = 1;
        while !self.used.insert(label.name.clone()) {
            copy += 1;
            label.name = format!("{plain}_{copy}");
        }
        label.snomed = snomed;
        label
    }
}

/// Lower case words joined by underscores, at most 64 characters.
fn snake_case(written: &str) -> String {
    let words = written.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_lowercase().chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_snake_case_and_unique() {
        let mut namer = Namer::default();
        assert_eq!(namer.label(1, "Hip bone, right", None).name, "hip_bone_right");
        assert_eq!(namer.label(2, "Hip Bone (Right)", None).name, "hip_bone_right_2");
        assert_eq!(namer.label(3, " - ", None).name, "label_3");
    }
}
