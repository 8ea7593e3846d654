//! What the labels of another program mean here.

use super::own::{structure_id, structures};
use super::totalsegmentator;
use crate::Bone;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use toml::Spanned;

/// A mapping file longer than this is none.
const MAX_BYTES: u64 = 1 << 20;

/// Which of our structures a label of another program stands for.
///
/// The default knows the ids and names of TotalSegmentator, version 2, whose names are also ours; its separate first
/// sacral vertebra is part of the sacrum.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// Our id by the id in the file, for files whose labels have no names.
    by_id: BTreeMap<u16, u8>,
    /// Our id by the written name, see [`plain`].
    by_name: BTreeMap<String, u8>,
    /// Whether ids mean something even where labels have names: so it is where the user gave them.
    ids_count_first: bool,
}

/// Why a mapping file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    /// The operating system refused.
    #[error("cannot read {file}: {source}")]
    Io {
        /// File name.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error(
        "{file}, line {line}: {reason}; a mapping file is TOML with one label a line, `77 = \"hip_left\"` by id or \
         `\"Os coxae left\" = \"hip_left\"` by name"
    )]
    Line {
        /// File name.
        file: String,
        /// Line, counted from 1.
        line: usize,
        /// What is wrong there.
        reason: String,
    },
}

impl Default for Mapping {
    fn default() -> Self {
        let by_id =
            totalsegmentator::all().filter_map(|(id, name)| Some((id, structure_id(whole(name))?))).collect();
        Mapping { by_id, by_name: known_names(), ids_count_first: false }
    }
}

impl Mapping {
    /// Reads a mapping file: TOML with one label a line, `77 = "hip_left"` by id or `"Os coxae left" = "hip_left"`
    /// by name. Several labels may stand for one structure. The ids of the file replace those of TotalSegmentator; our own
    /// names need no line.
    ///
    /// # Errors
    /// Where the file cannot be read or a line is wrong; the message names the line.
    pub fn from_file(path: &Path) -> Result<Self, MappingError> {
        let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let mut text = String::new();
        std::fs::File::open(path)
            .and_then(|file| file.take(MAX_BYTES).read_to_string(&mut text))
            .map_err(|source| MappingError::Io { file: file.clone(), source })?;
        Self::from_toml(&text, &file)
    }

    /// Reads the text of a mapping file; `file` is its name in messages.
    ///
    /// # Errors
    /// As [`Mapping::from_file`].
    pub fn from_toml(text: &str, file: &str) -> Result<Self, MappingError> {
        #[derive(Deserialize)]
        #[serde(transparent)]
        struct Lines(BTreeMap<String, Spanned<String>>);

        let refuse = |start: usize, reason: String| {
            let before = text.get(..start).unwrap_or(text);
            MappingError::Line { file: file.to_owned(), line: before.matches('\n').count() + 1, reason }
        };
        let Lines(lines) = toml::from_str(text).map_err(|error| {
            refuse(error.span().map_or(0, |span| span.start), error.message().replace('\n', ", "))
        })?;
        let mut mapping = Mapping { by_id: BTreeMap::new(), by_name: known_names(), ids_count_first: true };
        let mut given = BTreeMap::new();
        for (key, value) in &lines {
            let refuse = |reason: String| refuse(value.span().start, reason);
            let name = value.as_ref();
            let Some(own) = structure_id(name) else {
                let known: Vec<String> = structures().into_iter().map(|label| label.name).collect();
                return Err(refuse(format!(
                    "`{name}` is not one of the names used here: {}",
                    known.join(", ")
                )));
            };
            let twice = || refuse(format!("the label `{key}` occurs twice"));
            if !key.is_empty() && key.bytes().all(|b| b.is_ascii_digit()) {
                let id = key.parse().ok().filter(|id| *id > 0);
                let id: u16 =
                    id.ok_or_else(|| refuse(format!("the id {key} must be from 1 to {}", u16::MAX)))?;
                if mapping.by_id.insert(id, own).is_some() {
                    return Err(twice());
                }
            } else if plain(key).is_empty() {
                return Err(refuse(format!("`{key}` is not a label name")));
            } else if given.insert(plain(key), own).is_some() {
                return Err(twice());
            }
        }
        mapping.by_name.extend(given);
        Ok(mapping)
    }

    /// Our id for a label with an id and, where its file has names, a name.
    pub(super) fn of(&self, id: Option<u16>, name: Option<&str>) -> Option<u8> {
        let by_id = || self.by_id.get(&id?).copied();
        match name {
            Some(name) => {
                let by_name = self.by_name.get(&plain(name)).copied();
                if self.ids_count_first { by_id().or(by_name) } else { by_name }
            }
            None => by_id(),
        }
    }
}

fn known_names() -> BTreeMap<String, u8> {
    let own = structures().into_iter().map(|label| (plain(&label.name), label.id));
    let part = structure_id(whole(FIRST_SACRAL_VERTEBRA)).map(|id| (plain(FIRST_SACRAL_VERTEBRA), id));
    own.chain(part).collect()
}

/// TotalSegmentator labels the first sacral vertebra apart from the rest of the sacrum; here they are one bone.
const FIRST_SACRAL_VERTEBRA: &str = "vertebrae_S1";

/// The structure that a label of TotalSegmentator is part of.
fn whole(name: &str) -> &str {
    if name == FIRST_SACRAL_VERTEBRA { Bone::Sacrum.name() } else { name }
}

/// A name without what spellings differ in: letters in lower case and digits, words joined by underscores.
fn plain(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totalsegmentator_is_known_by_id_and_by_name() {
        let mapping = Mapping::default();
        for (id, name) in [(77, "hip_left"), (76, "femur_right"), (25, "sacrum"), (88, "iliopsoas_left")] {
            assert_eq!(mapping.of(Some(id), None), structure_id(name));
            assert_eq!(mapping.of(None, Some(name)), structure_id(name));
        }
        for (id, name) in [(Some(26), None), (None, Some("vertebrae_S1"))] {
            assert_eq!(mapping.of(id, name), structure_id("sacrum"));
        }
        // A name outweighs what TotalSegmentator means by the id.
        assert_eq!(mapping.of(Some(77), Some("femur right")), structure_id("femur_right"));
        assert_eq!(mapping.of(Some(77), Some("bladder")), None);
        assert_eq!(mapping.of(Some(1), None), None);
        assert_eq!(mapping.of(Some(999), None), None);
    }

    #[test]
    fn a_file_maps_ids_and_names() {
        let text = "# Another program\n77 = \"femur_left\"\n300 = \"femur_left\"\n\"Os coxae, LEFT\" = \"hip_left\"\n";
        let mapping = Mapping::from_toml(text, "map.toml").unwrap();
        assert_eq!(mapping.of(Some(77), None), structure_id("femur_left"));
        assert_eq!(mapping.of(Some(300), Some("Femur distal")), structure_id("femur_left"));
        assert_eq!(mapping.of(None, Some("os_coxae_left")), structure_id("hip_left"));
        assert_eq!(mapping.of(Some(5), Some("sacrum")), structure_id("sacrum"));
        // The ids of TotalSegmentator no longer count.
        assert_eq!(mapping.of(Some(78), None), None);
    }

    #[test]
    fn wrong_lines_are_named() {
        for (text, line, part) in [
            ("77 = \"hip_left\"\n78 = \"hip_rihgt\"", 2, "`hip_rihgt` is not one of the names"),
            ("\n\n0 = \"sacrum\"", 3, "the id 0"),
            ("70000 = \"sacrum\"", 1, "the id 70000"),
            ("77 = 3", 1, "expected a string"),
            ("a = \"sacrum\"\nb = \n", 2, ""),
            ("7 = \"sacrum\"\n07 = \"hip_left\"", 1, "twice"),
            ("\"a b\" = \"sacrum\"\n\"A-B\" = \"hip_left\"", 1, "twice"),
            ("\"\" = \"sacrum\"", 1, "is not a label name"),
            ("77 = \"sacrum\"\n77 = \"sacrum\"", 2, "duplicate"),
        ] {
            let error = Mapping::from_toml(text, "map.toml").unwrap_err().to_string();
            assert!(error.starts_with("map.toml, line ") && error.contains(part), "{text:?}: {error}");
            // Of two lines for one label either may be named.
            let either = part == "twice" && error.starts_with("map.toml, line 2");
            assert!(either || error.starts_with(&format!("map.toml, line {line}:")), "{text:?}: {error}");
        }
        assert!(matches!(Mapping::from_file(Path::new("nowhere/map.toml")), Err(MappingError::Io { .. })));
    }
}
