//! A new study: the folder is put in place whole or not at all.

use super::cases::{CaseRow, CaseTable};
use super::folder::{
    CASES, Cases, HIDDEN, Help, Hidden, LINKS, Link, Links, READINGS, SETTINGS, Study, StudyCase,
    StudyPicture, WORKLISTS, Worklists, hash,
};
use super::hidden::HiddenCase;
use super::settings::StudySettings;
use super::worklist::{Stream, random, worklists};
use crate::error::{ReadersError, name_of};
use crate::mark;
use crate::picture::Picture;
use coxa_imaging::image;
use rand::RngExt;
use rand::TryRng;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Letters and digits of pseudonyms, without those that look alike and without vowels, which make words.
const LETTERS: &[u8] = b"23456789BCDFGHJKMNPQRSTVWXZ";

/// What a study is made from.
#[derive(Debug, Clone)]
pub struct NewStudy<'a> {
    /// Table of the cases.
    pub table: &'a Path,
    /// Settings.
    pub settings: &'a StudySettings,
    /// Text of `study.toml`; without one, the settings are written with comments.
    pub text: Option<&'a str>,
    /// Folder of the study, which must not be there or be empty.
    pub folder: &'a Path,
    /// Leave pictures where they are instead of copying them.
    pub link: bool,
}

/// A study that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Created {
    /// The study.
    pub study: Study,
    /// What the researcher is to know.
    pub notes: Vec<String>,
}

/// Makes a study.
///
/// # Errors
/// The first mistake of the table or of a picture, with row and column; nothing is left behind.
pub fn create(new: &NewStudy<'_>) -> Result<Created, ReadersError> {
    let io = |error: std::io::Error| ReadersError::io(new.folder, &error);
    if new.folder.exists() {
        let is_empty = std::fs::read_dir(new.folder).map_err(io)?.next().is_none();
        if !is_empty {
            return Err(ReadersError::file(new.folder, "the folder is not empty; give a new one"));
        }
    }
    let table = CaseTable::read(new.table, new.settings)?;
    let parent =
        new.folder.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).map_err(io)?;
    let partial = tempfile::Builder::new().prefix(".partial-").tempdir_in(parent).map_err(io)?;
    fill(new, &table, partial.path())?;
    if new.folder.exists() {
        std::fs::remove_dir(new.folder).map_err(io)?;
    }
    std::fs::rename(partial.path(), new.folder).map_err(io)?;
    // The folder has moved away from its guard.
    let _ = partial.keep();
    Ok(Created { study: Study::open(new.folder)?, notes: table.notes })
}

fn fill(new: &NewStudy<'_>, table: &CaseTable, folder: &Path) -> Result<(), ReadersError> {
    let settings = new.settings;
    let ids = pseudonyms(table.cases.len(), settings.seed);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let (mut cases, mut hidden) = (Vec::new(), Vec::new());
    for (case, id) in table.cases.iter().zip(&ids) {
        let (shown, kept) = one_case(new, table, case, id, folder, &mut seen)?;
        cases.push(shown);
        hidden.push(kept);
    }
    // By pseudonym: the order of the table may tell the truth.
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    hidden.sort_by(|a, b| a.id.cmp(&b.id));
    let truths: Vec<(String, String)> =
        hidden.iter().map(|case| (case.id.clone(), case.truth.clone())).collect();
    let methods: Vec<String> = settings.methods.iter().map(|method| method.name.clone()).collect();
    let worklists = worklists(&truths, &settings.readers, &methods, settings.seed);
    let links = settings.readers.iter().map(|reader| Ok(Link { reader: reader.clone(), token: token()? }));
    let links = links.collect::<Result<Vec<_>, ReadersError>>()?;
    for name in ["hidden", READINGS] {
        make(&folder.join(name))?;
    }
    let text = new.text.map_or_else(|| settings.text(), str::to_owned);
    put(&folder.join(SETTINGS), text.as_bytes())?;
    put_json(folder, CASES, &Cases { format: 1, cases })?;
    put_json(folder, WORKLISTS, &Worklists { format: 1, settings: settings.fixed(), worklists })?;
    put_json(folder, HIDDEN, &Hidden { format: 1, cases: hidden })?;
    put_json(folder, LINKS, &Links { format: 1, links })?;
    private(&folder.join("hidden"))
}

/// What is shown of a case and what is hidden, its pictures in place.
fn one_case(
    new: &NewStudy<'_>,
    table: &CaseTable,
    case: &CaseRow,
    id: &str,
    folder: &Path,
    seen: &mut BTreeMap<String, usize>,
) -> Result<(StudyCase, HiddenCase), ReadersError> {
    let cell = |row: usize, column: &str, reason: String| ReadersError::Cell {
        file: table.file.clone(),
        row,
        column: column.to_owned(),
        reason,
    };
    let (mut pictures, mut opened) = (Vec::new(), Vec::new());
    for (place, (row, path)) in case.pictures.iter().enumerate() {
        let picture = Picture::open(path).map_err(|error| cell(*row, "image", error.to_string()))?;
        let digest = hash(path)?;
        if let Some(first) = seen.insert(digest.clone(), *row) {
            let what =
                if first == *row { "twice in this row".to_owned() } else { format!("also in row {first}") };
            return Err(cell(*row, "image", format!("the same picture is {what}; each is read once")));
        }
        let path = placed(new, path, folder, &format!("images/{id}/{}", place + 1))?;
        pictures.push(StudyPicture { path, blake3: digest, size: picture.size });
        opened.push(picture);
    }
    let opened: Vec<&Picture> = opened.iter().collect();
    let marks = |file: &Option<PathBuf>, column: &str| match file {
        Some(file) => mark::import(file, &opened).map_err(|error| cell(case.row, column, error.to_string())),
        None => Ok(Vec::new()),
    };
    let picture = match &case.help_image {
        None => None,
        Some(file) => {
            let help =
                Picture::open(file).map_err(|error| cell(case.row, "help_image", error.to_string()))?;
            if help.size != opened[0].size {
                let ([w, h, n], [columns, rows, slices]) = (help.size, opened[0].size);
                let reason =
                    format!("it has {w} x {h} x {n} pixels and the picture {columns} x {rows} x {slices}");
                return Err(cell(case.row, "help_image", reason));
            }
            let path = placed(new, file, folder, &format!("images/{id}/help"))?;
            Some(StudyPicture { path, blake3: hash(file)?, size: help.size })
        }
    };
    let help = Help { text: case.help.clone(), picture, marks: marks(&case.help_marks, "help_marks")? };
    let hidden = HiddenCase {
        id: id.to_owned(),
        case: case.case.clone(),
        patient: case.patient.clone(),
        truth: case.truth.clone(),
        score: case.score,
        marks: marks(&case.truth_marks, "truth_marks")?,
    };
    Ok((StudyCase { id: id.to_owned(), pictures, help }, hidden))
}

/// Copies a picture under a name that tells nothing, and gives its path in the study; linked, the path it has.
fn placed(new: &NewStudy<'_>, path: &Path, folder: &Path, name: &str) -> Result<PathBuf, ReadersError> {
    if new.link {
        return std::fs::canonicalize(path).map_err(|error| ReadersError::io(path, &error));
    }
    let files = image::files_of(path)?;
    let copy = |from: &Path, to: &Path| {
        std::fs::copy(from, to).map(drop).map_err(|error| ReadersError::io(from, &error))
    };
    if path.is_dir() {
        let name = PathBuf::from(name);
        make(&folder.join(&name))?;
        for (place, file) in files.iter().enumerate() {
            copy(file, &folder.join(&name).join(format!("{:05}.dcm", place + 1)))?;
        }
        return Ok(name);
    }
    let given = name_of(path).to_lowercase();
    let endings = ["nii.gz", "nii", "png", "jpg", "jpeg"];
    let ending = endings.into_iter().find(|ending| given.ends_with(&format!(".{ending}"))).unwrap_or("dcm");
    let name = PathBuf::from(format!("{name}.{ending}"));
    if let Some(parent) = name.parent() {
        make(&folder.join(parent))?;
    }
    copy(path, &folder.join(&name))?;
    Ok(name)
}

/// Different names of five letters and digits.
fn pseudonyms(count: usize, seed: u64) -> Vec<String> {
    let mut random = random(seed, Stream::Names);
    let mut used = BTreeSet::new();
    let mut names = Vec::new();
    while names.len() < count {
        let name: String =
            (0..5).map(|_| char::from(LETTERS[random.random_range(0..LETTERS.len())])).collect();
        if used.insert(name.clone()) {
            names.push(name);
        }
    }
    names
}

/// Sixteen bytes of the system's random numbers: no seed may tell them.
fn token() -> Result<String, ReadersError> {
    let mut bytes = [0u8; 16];
    rand::rngs::SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(|_| ReadersError::Study("the system gives no random numbers for links".to_owned()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn make(folder: &Path) -> Result<(), ReadersError> {
    std::fs::create_dir_all(folder).map_err(|error| ReadersError::io(folder, &error))
}

/// Writes a file that appears whole or not at all.
fn put(path: &Path, bytes: &[u8]) -> Result<(), ReadersError> {
    coxa_imaging::atomic::write(path, bytes).map_err(|error| ReadersError::io(path, &error))
}

fn put_json(folder: &Path, name: &str, value: &impl Serialize) -> Result<(), ReadersError> {
    let path = folder.join(name);
    let mut text = serde_json::to_string_pretty(value)
        .map_err(|error| ReadersError::file(&path, format!("it cannot be written: {error}")))?;
    text.push('\n');
    put(&path, text.as_bytes())
}

/// Takes a folder from other users of the machine, where the system can.
fn private(folder: &Path) -> Result<(), ReadersError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let only_owner = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(folder, only_owner).map_err(|error| ReadersError::io(folder, &error))?;
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
