//! The folder of a study, opened.

use super::hidden::HiddenCase;
use super::settings::{StudySettings, is_plain};
use super::worklist::Worklist;
use crate::error::ReadersError;
use crate::mark::Mark;
use crate::picture::Picture;
use coxa_imaging::image;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Names of the files of a study.
pub(super) const SETTINGS: &str = "study.toml";
pub(super) const CASES: &str = "cases.json";
pub(super) const WORKLISTS: &str = "worklists.json";
pub(super) const HIDDEN: &str = "hidden/truth.json";
pub(super) const LINKS: &str = "hidden/links.json";
pub(super) const READINGS: &str = "readings";

/// Version of the files.
const FORMAT: u32 = 1;
/// No file of a study but its pictures is larger.
const MAX_BYTES: u64 = 256 << 20;

/// A picture of the study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyPicture {
    /// File or folder, relative to the study or, where it was linked, absolute.
    pub path: PathBuf,
    /// Hash of its files (BLAKE3 over their bytes in order of their names), 64 hexadecimal digits.
    pub blake3: String,
    /// Columns, rows and slices as shown.
    pub size: [usize; 3],
}

/// What the module says of a case.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Help {
    /// In words.
    #[serde(default)]
    pub text: String,
    /// A picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<StudyPicture>,
    /// Marks.
    #[serde(default)]
    pub marks: Vec<Mark>,
}

/// A case as readers may see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyCase {
    /// Its pseudonym.
    pub id: String,
    /// Its pictures.
    pub pictures: Vec<StudyPicture>,
    /// What the module says, to be shown by methods with help alone.
    pub help: Help,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cases {
    pub(super) format: u32,
    pub(super) cases: Vec<StudyCase>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Worklists {
    pub(super) format: u32,
    /// The settings that these lists rest on.
    pub(super) settings: String,
    pub(super) worklists: Vec<Worklist>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hidden {
    pub(super) format: u32,
    pub(super) cases: Vec<HiddenCase>,
}

/// The secret part of a reader's link.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The reader.
    pub reader: String,
    /// Sixteen random bytes in hexadecimal digits.
    pub token: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Links {
    pub(super) format: u32,
    pub(super) links: Vec<Link>,
}

/// A study, without what is hidden.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    folder: PathBuf,
    /// Its settings.
    pub settings: StudySettings,
    /// Its cases.
    pub cases: Vec<StudyCase>,
    /// A list for each reader, in the order of the settings.
    pub worklists: Vec<Worklist>,
}

impl Study {
    /// Opens a folder that `create` made.
    ///
    /// # Errors
    /// A folder that is no study, files that are damaged, and settings that no longer fit the worklists.
    pub fn open(folder: &Path) -> Result<Study, ReadersError> {
        let settings = folder.join(SETTINGS);
        if !settings.is_file() {
            let reason = "it holds no study.toml; `coxa diagnose read-study new` makes a study";
            return Err(ReadersError::file(folder, reason));
        }
        let settings = StudySettings::read(&settings)?;
        let Cases { cases, format } = load(folder, CASES)?;
        check_format(CASES, format)?;
        let lists: Worklists = load(folder, WORKLISTS)?;
        check_format(WORKLISTS, lists.format)?;
        if lists.settings != settings.fixed() {
            let reason = "readers, seed, marks, scale or methods are not those that the worklists were made with; \
                          put them back, or make a new study";
            return Err(ReadersError::file(&folder.join(SETTINGS), reason));
        }
        let study = Study { folder: folder.to_owned(), settings, cases, worklists: lists.worklists };
        study.check()?;
        Ok(study)
    }

    /// Whether the files fit each other.
    fn check(&self) -> Result<(), ReadersError> {
        let wrong = |file: &str, reason: String| Err(ReadersError::File { file: file.to_owned(), reason });
        for case in &self.cases {
            let pictures = case.pictures.iter().chain(&case.help.picture);
            let is_sound =
                pictures.clone().count() > 0 && pictures.clone().all(|picture| !picture.size.contains(&0));
            if !is_plain(&case.id) || !is_sound {
                return wrong(CASES, "a case has no pictures, or an id that is none".to_owned());
            }
        }
        let names: Vec<&str> = self.worklists.iter().map(|list| list.reader.as_str()).collect();
        if names != self.settings.readers.iter().map(String::as_str).collect::<Vec<_>>() {
            return wrong(WORKLISTS, "its readers are not those of study.toml".to_owned());
        }
        for item in self.worklists.iter().flat_map(|list| list.sessions.iter().flatten()) {
            if self.case(&item.case).is_none() || self.settings.method(&item.method).is_none() {
                return wrong(WORKLISTS, "it names a case or method that the study does not have".to_owned());
            }
        }
        Ok(())
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Folder of the readings.
    pub fn readings(&self) -> PathBuf {
        self.folder.join(READINGS)
    }

    /// A case by its pseudonym.
    pub fn case(&self, id: &str) -> Option<&StudyCase> {
        self.cases.iter().find(|case| case.id == id)
    }

    /// What is hidden from readers.
    ///
    /// # Errors
    /// A file that is missing or damaged.
    pub fn hidden(&self) -> Result<Vec<HiddenCase>, ReadersError> {
        let Hidden { cases, format } = load(&self.folder, HIDDEN)?;
        check_format(HIDDEN, format)?;
        Ok(cases)
    }

    /// The secret parts of the readers' links.
    ///
    /// # Errors
    /// A file that is missing or damaged.
    pub fn links(&self) -> Result<Vec<Link>, ReadersError> {
        let Links { links, format } = load(&self.folder, LINKS)?;
        check_format(LINKS, format)?;
        let is_token =
            |link: &Link| link.token.len() == 32 && link.token.bytes().all(|b| b.is_ascii_hexdigit());
        let is_whole =
            self.settings.readers.iter().all(|reader| links.iter().any(|link| link.reader == *reader));
        if !links.iter().all(is_token) || !is_whole {
            let reason = "a reader has no token of 32 hexadecimal digits".to_owned();
            return Err(ReadersError::File { file: LINKS.to_owned(), reason });
        }
        Ok(links)
    }

    /// Opens a picture and holds it against its hash.
    ///
    /// # Errors
    /// A picture that is gone, unreadable or not the one that the study was made with.
    pub fn picture(&self, picture: &StudyPicture) -> Result<Picture, ReadersError> {
        let path = self.folder.join(&picture.path);
        if hash(&path)? != picture.blake3 {
            let reason = "the picture is not the one that the study was made with; put the file back";
            return Err(ReadersError::file(&path, reason));
        }
        let opened = Picture::open(&path)?;
        if opened.size != picture.size {
            let reason = "the picture has another size than when the study was made; use the version of Coxa it was made with";
            return Err(ReadersError::file(&path, reason));
        }
        Ok(opened)
    }
}

/// Hash of the files of a picture, in the order of their names.
pub(super) fn hash(path: &Path) -> Result<String, ReadersError> {
    let mut hasher = blake3::Hasher::new();
    for file in image::files_of(path)? {
        let io = |error: std::io::Error| ReadersError::io(&file, &error);
        let bytes = std::fs::File::open(&file).map_err(io)?;
        let mut one = blake3::Hasher::new();
        one.update_reader(bytes).map_err(io)?;
        hasher.update(one.finalize().as_bytes());
    }
    Ok(hasher.finalize().to_hex().to_string())
}

fn load<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<T, ReadersError> {
    let path = folder.join(name);
    let wrong = |reason: String| ReadersError::File { file: name.to_owned(), reason };
    let size = std::fs::metadata(&path).map_err(|error| ReadersError::io(&path, &error))?.len();
    if size > MAX_BYTES {
        return Err(wrong("it is larger than 256 MB".to_owned()));
    }
    let bytes = std::fs::read(&path).map_err(|error| ReadersError::io(&path, &error))?;
    serde_json::from_slice(&bytes).map_err(|error| wrong(format!("it is damaged: {error}")))
}

fn check_format(name: &str, found: u32) -> Result<(), ReadersError> {
    if found == FORMAT {
        return Ok(());
    }
    let reason = format!("format {found} is unknown; this version reads format {FORMAT}");
    Err(ReadersError::File { file: name.to_owned(), reason })
}
