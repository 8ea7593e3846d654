//! Panels of a case folder: `modules/NAME/` holds the panel of the module NAME.
//!
//! Everything there is foreign: sizes are looked at before anything is read, links are refused, names of files follow from their place and never from what a
//! file says.

use crate::check::{MOST_PICTURES, MOST_PIXELS_TOGETHER, MOST_WORDS, is_name, wrong_with, wrong_with_size};
use crate::document::{Document, FORMAT, OverlayForm, PictureForm};
use crate::overlay::Overlay;
use crate::panel::Panel;
use crate::picture::Picture;
use crate::pixels::{grey_of, overlay_of};
use crate::problem::{PanelError, damaged, failed};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Folder of the panels in a case folder.
pub const FOLDER: &str = "modules";
/// All of a panel but its pixels.
pub(crate) const DOCUMENT: &str = "panel.json";
/// Hashes of its files, as `sha256sum -c` reads them.
pub(crate) const SUMS: &str = "SHA256SUMS";
/// Before the name of a panel that is being replaced.
pub(crate) const OLD: &str = ".old-";

/// Panels of a case that are looked at.
const MOST_PANELS: usize = 200;
/// Bytes of `panel.json`: its words, written with escapes.
const MOST_DOCUMENT: u64 = 4 * MOST_WORDS as u64;
/// Bytes of one picture.
const MOST_PNG: u64 = 1 << 26;
/// Bytes of the hashes.
const MOST_SUMS: u64 = 1 << 16;

/// Panels that a case holds.
#[derive(Debug, Default)]
pub struct Found {
    /// Those that can be used, by name.
    pub panels: Vec<Stored>,
    /// Why others cannot.
    pub problems: Vec<PanelError>,
}

/// A panel as a case holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// The panel.
    pub panel: Panel,
    /// Its files that are not as Coxa wrote them, by their names in the folder of the case.
    pub changed: Vec<String>,
    /// SHA-256 of all of them as they are, 64 hexadecimal digits.
    pub sha256: String,
}

/// All panels of a case. Of a folder without any there are none.
///
/// # Examples
/// The [crate's page](crate) writes one and reads it.
pub fn read_all(case: &Path) -> Found {
    let mut found = Found::default();
    match names(case) {
        Ok(names) => {
            for name in names {
                match read(case, &name) {
                    Ok(stored) => found.panels.push(stored),
                    Err(problem) => found.problems.push(problem),
                }
            }
        }
        Err(problem) => found.problems.push(problem),
    }
    found
}

/// Names of the panels of a case, in their order.
fn names(case: &Path) -> Result<BTreeSet<String>, PanelError> {
    let folder = case.join(FOLDER);
    refuse_link(&folder)?;
    let entries = match fs::read_dir(&folder) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(BTreeSet::new());
        }
        entries => entries.map_err(failed("read", &folder))?,
    };
    let mut names = BTreeSet::new();
    for entry in entries {
        let entry = entry.map_err(failed("read", &folder))?;
        // What is no folder is a person's; a link is refused when it is read.
        if entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let Ok(name) = entry.file_name().into_string() else { continue };
        let name = name.strip_prefix(OLD).unwrap_or(&name);
        if is_name(name) {
            names.insert(name.to_owned());
        }
        if names.len() > MOST_PANELS {
            return Err(damaged(&folder, format!("it holds more than {MOST_PANELS} panels")));
        }
    }
    Ok(names)
}

/// The panel of a module.
///
/// # Errors
/// A case without it; files that are damaged, too large or links; a panel of a newer program.
pub fn read(case: &Path, name: &str) -> Result<Stored, PanelError> {
    if !is_name(name) {
        let what = "a name has small letters, digits and hyphens, at most 64".into();
        return Err(PanelError::Unfit { module: name.into(), what });
    }
    refuse_link(&case.join(FOLDER))?;
    let mut folder = case.join(FOLDER).join(name);
    let old = case.join(FOLDER).join(format!("{OLD}{name}"));
    // A run that was ended between its two last steps left the panel under this name.
    if !folder.exists() && old.exists() {
        folder = old;
    }
    refuse_link(&folder)?;
    let path = folder.join(DOCUMENT);
    let mut hashes = BTreeMap::new();
    let mut bytes = |name: &str, most| {
        let bytes = bytes(&folder.join(name), most)?;
        hashes.insert(name.to_owned(), sha256(&bytes));
        Ok(bytes)
    };
    let document: Document = serde_json::from_slice(&bytes(DOCUMENT, MOST_DOCUMENT)?)
        .map_err(|error| damaged(&path, error.to_string()))?;
    if document.format != FORMAT {
        let what = format!("its format is {}, and this program reads {FORMAT}", document.format);
        return Err(damaged(&path, what));
    }
    if document.module != name {
        return Err(damaged(&path, format!("it is of the module {:?}, not of {name:?}", document.module)));
    }
    if document.pictures.len() > MOST_PICTURES {
        return Err(damaged(&path, format!("it has more than {MOST_PICTURES} pictures")));
    }
    // Before anything is decoded: small files may hold large pictures.
    let mut pixels = 0;
    for (n, form) in document.pictures.iter().enumerate() {
        if let Some(what) = wrong_with_size([form.width_px, form.height_px]) {
            return Err(damaged(&path, format!("picture {}: {what}", n + 1)));
        }
        pixels += form.width_px * form.height_px;
    }
    if pixels > MOST_PIXELS_TOGETHER {
        return Err(damaged(&path, "its pictures have too many pixels together"));
    }
    let mut pictures = Vec::new();
    for (n, form) in document.pictures.into_iter().enumerate() {
        pictures.push(picture(n, form, &path, &mut bytes)?);
    }
    let Document { module, title, evidence, texts, table, card, .. } = document;
    let panel = Panel { module, title, evidence, texts, table, pictures, card };
    if let Some(what) = wrong_with(&panel) {
        return Err(damaged(&path, what));
    }
    let written = sums(&folder)?;
    let is_changed = |(name, hash): &(&String, &String)| written.get(*name) != Some(*hash);
    let changed = hashes.iter().filter(is_changed);
    let changed = changed.map(|(file, _)| format!("{FOLDER}/{name}/{file}")).collect();
    let all: String = hashes.iter().map(|(name, hash)| format!("{hash}  {name}\n")).collect();
    Ok(Stored { panel, changed, sha256: sha256(all.as_bytes()) })
}

/// Gives the bytes of a file of a panel, of at most so many.
type ReadFile<'a> = dyn FnMut(&str, u64) -> Result<Vec<u8>, PanelError> + 'a;

fn picture(
    n: usize,
    form: PictureForm,
    document: &Path,
    bytes: &mut ReadFile<'_>,
) -> Result<Picture, PanelError> {
    let PictureForm { caption, width_px, height_px, sides, overlay } = form;
    let size_px = [width_px, height_px];
    let beside = |name: &str| document.with_file_name(name);
    let name = picture_name(n);
    let grey = grey_of(&bytes(&name, MOST_PNG)?, size_px).map_err(|error| damaged(&beside(&name), error))?;
    let overlay = match overlay {
        None => None,
        Some(form) => {
            let OverlayForm { title, unit, low, high, ramp, value_at_1, value_at_65535 } = form;
            if !(value_at_1.is_finite() && value_at_65535.is_finite()) {
                return Err(damaged(
                    document,
                    format!("picture {}: its overlay has no range of values", n + 1),
                ));
            }
            let name = overlay_name(n);
            let values = overlay_of(&bytes(&name, MOST_PNG)?, size_px, [value_at_1, value_at_65535]);
            let values = values.map_err(|error| damaged(&beside(&name), error))?;
            Some(Overlay { title, unit, low, high, ramp, values })
        }
    };
    Ok(Picture { caption, size_px, grey, sides, overlay })
}

/// File of a picture, counted from 0.
pub(crate) fn picture_name(n: usize) -> String {
    format!("picture_{}.png", n + 1)
}

/// File of what lies over a picture, counted from 0.
pub(crate) fn overlay_name(n: usize) -> String {
    format!("overlay_{}.png", n + 1)
}

/// Whether a file of the folder of a panel has a name of Coxa's.
pub(crate) fn is_own(name: &str) -> bool {
    let is_numbered = |start: &str| {
        let number = name.strip_prefix(start).and_then(|rest| rest.strip_suffix(".png"));
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|c| c.is_ascii_digit()))
    };
    [DOCUMENT, SUMS].contains(&name) || is_numbered("picture_") || is_numbered("overlay_")
}

/// Hashes that the files of a folder had when they were written; none where that is not known.
pub(crate) fn sums(folder: &Path) -> Result<BTreeMap<String, String>, PanelError> {
    let path = folder.join(SUMS);
    if matches!(fs::symlink_metadata(&path), Err(error) if error.kind() == ErrorKind::NotFound) {
        return Ok(BTreeMap::new());
    }
    let text = String::from_utf8_lossy(&bytes(&path, MOST_SUMS)?).into_owned();
    let line = |line: &str| line.split_once("  ").map(|(hash, name)| (name.to_owned(), hash.to_owned()));
    Ok(text.lines().filter_map(line).collect())
}

/// The bytes of a file of at most so many: of nothing that is a link, a folder or a pipe.
pub(crate) fn bytes(path: &Path, most: u64) -> Result<Vec<u8>, PanelError> {
    refuse_link(path)?;
    let kind = fs::metadata(path).map_err(failed("read", path))?;
    if !kind.is_file() {
        return Err(damaged(path, "it is no file"));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed("read", path))?;
    file.take(most + 1).read_to_end(&mut bytes).map_err(failed("read", path))?;
    match bytes.len() as u64 > most {
        true => Err(damaged(path, format!("it is larger than {} KiB", most >> 10))),
        false => Ok(bytes),
    }
}

/// Refuses a link.
pub(crate) fn refuse_link(path: &Path) -> Result<(), PanelError> {
    match path.is_symlink() {
        true => Err(PanelError::InTheWay { path: PathBuf::from(path), what: "a link" }),
        false => Ok(()),
    }
}

/// SHA-256 in hexadecimal, 64 digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
