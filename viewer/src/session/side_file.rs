//! What is not saved yet, kept beside the plan so that nothing is lost when the program ends without asking.

use super::error::{Notice, SaveError};
use super::variant::{MOST_VARIANTS, Variant};
use coxa_case::source::text_hash;
use serde::{Deserialize, Serialize};
use std::fs::{File, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Version of the form of the side file.
const FORMAT: u32 = 1;
const NAME: &str = "plan_unsaved.toml";
/// Many times what all variants of a plan take.
const MOST_BYTES: u64 = 4 << 20;

/// What an earlier session left unsaved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    variants: Vec<Variant>,
    current: usize,
    is_of_this_plan: bool,
}

impl Recovery {
    /// Of variants that are left; nothing of none.
    pub(super) fn of(variants: Vec<Variant>) -> Option<Self> {
        (!variants.is_empty()).then_some(Recovery { variants, current: 0, is_of_this_plan: true })
    }

    /// Its variants.
    pub fn variants(&self) -> &[Variant] {
        &self.variants
    }

    /// Which of them was worked on.
    pub fn current(&self) -> usize {
        self.current
    }

    /// Whether they were made from `plan.toml` as it is now.
    pub fn is_of_this_plan(&self) -> bool {
        self.is_of_this_plan
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnsavedEdits {
    format: u32,
    /// Hash of the `plan.toml` that they were made from.
    plan: String,
    current: usize,
    variants: Vec<Variant>,
    /// What a still earlier session left, about which nobody has decided.
    #[serde(default)]
    earlier: Vec<Variant>,
}

/// The side file of a case; where that cannot be written, one in a folder of the user's own.
pub(super) struct SideFile {
    /// The case, then the user's own folder; empty where nothing is to be kept.
    places: Vec<PathBuf>,
    /// The file in the user's own folder.
    elsewhere: PathBuf,
    is_elsewhere_said: bool,
    written: Option<(PathBuf, String)>,
    /// The folder of the case, locked as long as this session has it; where folders cannot be locked, nobody is kept out.
    lock: Option<File>,
}

impl SideFile {
    /// What was left for a case whose plan has these words.
    pub(super) fn open(folder: &Path, plan: &str) -> (Self, Option<Recovery>, Vec<Notice>) {
        SideFile::open_with(folder, plan, &own_folder())
    }

    /// The same with the folder of the user's own, which need not be there yet.
    fn open_with(folder: &Path, plan: &str, own_folder: &Path) -> (Self, Option<Recovery>, Vec<Notice>) {
        let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let hash = text_hash(&absolute.to_string_lossy());
        let short = hash.get(..16).unwrap_or(&hash);
        let elsewhere = own_folder.join(format!("coxa-{short}-{NAME}"));
        let Ok(lock) = lock(folder) else {
            // What is kept there is the other session's.
            return (SideFile::none(), None, vec![Notice::OpenElsewhere]);
        };
        let places = vec![folder.join(NAME), elsewhere.clone()];
        let mut side_file = SideFile { places, elsewhere, is_elsewhere_said: false, written: None, lock };
        let mut notices = Vec::new();
        let mut found: Vec<(Option<SystemTime>, Recovery)> = Vec::new();
        for place in side_file.places.clone() {
            match read(&place) {
                Ok(None) => {}
                Ok(Some(kept)) => {
                    let is_of_this_plan = kept.plan == text_hash(plan);
                    let UnsavedEdits { current, mut variants, earlier, .. } = kept;
                    variants.extend(earlier);
                    let is_news = |v: &Variant| v.document != plan || !v.notes.is_empty();
                    if variants.iter().any(is_news) {
                        let when = std::fs::metadata(&place).and_then(|found| found.modified()).ok();
                        found.push((when, Recovery { variants, current, is_of_this_plan }));
                    }
                }
                Err(Unread::Newer(message)) => {
                    // It is another program's: neither touched nor written over.
                    side_file.places.retain(|other| *other != place);
                    notices.push(Notice::NotRecovered { name: place.display().to_string(), message });
                }
                Err(Unread::Damaged(message)) => {
                    let aside = place.with_extension("damaged.toml");
                    let name = aside.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    // Where it cannot be moved, it is not written over either: see `keep`.
                    let message = match std::fs::rename(place, &aside) {
                        Ok(()) => message,
                        Err(error) => format!("{message}; it cannot be moved: {error}"),
                    };
                    notices.push(Notice::NotRecovered { name, message });
                }
            }
        }
        // Of two, as where a disk was full in between, the later is gone on with.
        found.sort_by_key(|(when, _)| std::cmp::Reverse(*when));
        let recovery = found.into_iter().map(|(_, recovery)| recovery).reduce(|mut later, earlier| {
            later.variants.extend(earlier.variants);
            later
        });
        (side_file, recovery, notices)
    }

    /// One that keeps nothing.
    pub(super) fn none() -> Self {
        SideFile {
            places: Vec::new(),
            elsewhere: PathBuf::new(),
            is_elsewhere_said: false,
            written: None,
            lock: None,
        }
    }

    /// Lets another session have the case, as one that opens it anew. It is this one's again when something is kept next, unless
    /// another has it by then.
    pub(super) fn release(&mut self) {
        self.lock = None;
    }

    /// Whether it keeps anything.
    pub(super) fn is_kept(&self) -> bool {
        !self.places.is_empty()
    }

    /// Keeps all variants, whole or not at all.
    pub(super) fn keep(
        &mut self,
        plan: &str,
        current: usize,
        variants: &[Variant],
        earlier: &[Variant],
    ) -> Result<Option<Notice>, SaveError> {
        let kept = UnsavedEdits {
            format: FORMAT,
            plan: plan.into(),
            current,
            variants: variants.to_vec(),
            earlier: earlier.iter().take(MOST_VARIANTS).cloned().collect(),
        };
        let text = toml::to_string(&kept)
            .map_err(|e| SaveError::Failed { message: format!("edits cannot be kept: {e}") })?;
        let Some(here) = self.places.first() else { return Ok(None) };
        if self.written.as_ref().is_some_and(|(_, written)| *written == text) {
            return Ok(None);
        }
        if self.lock.is_none() {
            match here.parent().map_or(Ok(None), lock) {
                Ok(held) => self.lock = held,
                Err(Taken) => {
                    self.places.clear();
                    return Ok(Some(Notice::OpenElsewhere));
                }
            }
        }
        match self.put(here, &text) {
            Ok(()) => {
                self.written = Some((here.clone(), text));
                Ok(None)
            }
            Err(error) => {
                let Some(elsewhere) = self.places.get(1) else { return Err(error) };
                // Where that cannot be written either, the first reason is told.
                self.put(elsewhere, &text).map_err(|_| error)?;
                self.written = Some((elsewhere.clone(), text));
                let is_said = std::mem::replace(&mut self.is_elsewhere_said, true);
                Ok((!is_said).then(|| Notice::ReadOnly { path: elsewhere.clone() }))
            }
        }
    }

    /// Writes the file in one of its places. Nobody made the folder of the user's own before the first time.
    fn put(&self, place: &Path, text: &str) -> Result<(), SaveError> {
        if place == self.elsewhere
            && let Some(folder) = place.parent()
        {
            std::fs::create_dir_all(folder).map_err(|e| SaveError::of("create", folder, &e))?;
        }
        put(place, text.as_bytes(), false)
    }

    /// All is saved: there is nothing to keep.
    pub(super) fn remove(&mut self) -> Result<Option<Notice>, SaveError> {
        self.written = None;
        let mut failed = None;
        for place in &self.places {
            // Of what is not there a folder that is read-only says that it cannot be removed.
            if let Err(error) = std::fs::remove_file(place)
                && place.symlink_metadata().is_ok()
            {
                failed.get_or_insert(SaveError::of("remove", place, &error));
            }
        }
        failed.map_or(Ok(None), Err)
    }
}

/// Another session has the case.
struct Taken;

/// The folder of a case, locked; nothing where folders cannot be locked.
fn lock(folder: &Path) -> Result<Option<File>, Taken> {
    let lock = File::open(folder).ok();
    match lock.as_ref().map(File::try_lock) {
        Some(Err(TryLockError::WouldBlock)) => Err(Taken),
        _ => Ok(lock),
    }
}

/// A folder of the user's own for what cannot be kept in a case; that for temporary files where they have none.
fn own_folder() -> PathBuf {
    let state = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let state = state.or_else(|| Some(std::env::home_dir()?.join(".local").join("state")));
    state.map_or_else(std::env::temp_dir, |state| state.join("coxa"))
}

/// Why a side file is not read.
enum Unread {
    Damaged(String),
    /// A newer program wrote it.
    Newer(String),
}

impl From<String> for Unread {
    fn from(message: String) -> Self {
        Unread::Damaged(message)
    }
}

fn read(path: &Path) -> Result<Option<UnsavedEdits>, Unread> {
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string().into()),
    };
    let mut text = String::new();
    file.take(MOST_BYTES + 1).read_to_string(&mut text).map_err(|e| e.to_string())?;
    if text.len() as u64 > MOST_BYTES {
        return Err("it is too large for a file of unsaved edits".to_owned().into());
    }
    parse(&text).map(Some)
}

fn parse(text: &str) -> Result<UnsavedEdits, Unread> {
    #[derive(Deserialize)]
    struct Form {
        format: u32,
    }
    let form: Form = toml::from_str(text).map_err(|_| "it is not a file of unsaved edits".to_owned())?;
    if form.format > FORMAT {
        return Err(Unread::Newer(format!(
            "it has format {}, but this program reads formats up to {FORMAT}: use a newer Coxa; the file is kept",
            form.format
        )));
    }
    let mut kept: UnsavedEdits = toml::from_str(text).map_err(|e| e.message().to_owned())?;
    if kept.variants.is_empty() || kept.variants.len() > MOST_VARIANTS || kept.earlier.len() > MOST_VARIANTS {
        return Err("it holds no variants, or too many".to_owned().into());
    }
    kept.current = kept.current.min(kept.variants.len() - 1);
    Ok(kept)
}

/// Writes a file whole or not at all, safe from a power cut once this returns.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), SaveError> {
    put(path, bytes, true)
}

/// Writes a file where there is none, whole or not at all.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), SaveError> {
    partial(path, bytes, true)?.persist_noclobber(path).map_err(|e| match e.error.kind() {
        std::io::ErrorKind::AlreadyExists => SaveError::IsThere { path: path.to_owned() },
        _ => SaveError::of("write", path, &e.error),
    })?;
    sync_name(path)
}

fn put(path: &Path, bytes: &[u8], is_synced: bool) -> Result<(), SaveError> {
    partial(path, bytes, is_synced)?.persist(path).map_err(|e| SaveError::of("write", path, &e.error))?;
    if is_synced { sync_name(path) } else { Ok(()) }
}

/// Waits until the disk knows a file by its name.
fn sync_name(path: &Path) -> Result<(), SaveError> {
    coxa_case::folder::sync_folder(folder_of(path))
        .map_err(|e| SaveError::Failed { message: coxa_case::failure::message(&e) })
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file beside the one that it will be.
fn partial(path: &Path, bytes: &[u8], is_synced: bool) -> Result<tempfile::NamedTempFile, SaveError> {
    let failed = |e: &std::io::Error| SaveError::of("write", path, e);
    let parent = folder_of(path);
    let mut builder = tempfile::Builder::new();
    builder.prefix(".coxa-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any other file of a case: what the user's mask leaves of it.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut partial = builder.tempfile_in(parent).map_err(|e| failed(&e))?;
    partial.write_all(bytes).map_err(|e| failed(&e))?;
    if is_synced {
        partial.as_file().sync_all().map_err(|e| failed(&e))?;
    }
    Ok(partial)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Opens the side file of a case with a folder of the user's own below `home`, which is not there at first.
    fn open(folder: &Path, plan: &str, home: &Path) -> (SideFile, Option<Recovery>, Vec<Notice>) {
        SideFile::open_with(folder, plan, &home.join("state").join("coxa"))
    }

    fn variant(document: &str) -> Variant {
        Variant { name: "a".into(), notes: String::new(), document: document.into() }
    }

    #[test]
    fn what_was_kept_is_found_again_and_what_was_saved_is_not() {
        let home = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (mut side_file, nothing, _) = open(folder.path(), "plan", home.path());
        assert_eq!(nothing, None);
        let edited = [variant("edited\n\"\"\" = '''\\ \u{e4}"), variant("plan")];
        side_file.keep(&text_hash("plan"), 1, &edited, &[]).unwrap();
        drop(side_file);
        let (again, found, notices) = open(folder.path(), "plan", home.path());
        let found = found.unwrap();
        assert_eq!((found.variants(), found.current(), found.is_of_this_plan()), (&edited[..], 1, true));
        assert!(notices.is_empty());
        drop(again);
        assert!(!open(folder.path(), "another", home.path()).1.unwrap().is_of_this_plan());
        let (mut again, ..) = open(folder.path(), "plan", home.path());
        again.remove().unwrap();
        drop(again);
        assert_eq!(open(folder.path(), "plan", home.path()).1, None);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_damaged_side_file_is_set_aside_and_said() {
        let home = tempfile::tempdir().unwrap();
        for (text, word) in [("\u{0}", "not a file of unsaved edits"), ("format = 1\n", "missing")] {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(NAME), text).unwrap();
            let (_, found, notices) = open(folder.path(), "plan", home.path());
            assert_eq!(found, None);
            assert!(notices.len() == 1 && notices[0].to_string().contains(word), "{notices:?}");
            let aside = folder.path().join("plan_unsaved.damaged.toml");
            assert_eq!(std::fs::read_to_string(aside).unwrap(), text);
        }
    }

    #[test]
    fn a_side_file_of_a_newer_program_stays_and_is_not_written_over() {
        let home = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let newer = "format = 99\n";
        std::fs::write(folder.path().join(NAME), newer).unwrap();
        let (mut side_file, found, notices) = open(folder.path(), "plan", home.path());
        assert!(
            found.is_none() && notices.len() == 1 && notices[0].to_string().contains("99"),
            "{notices:?}"
        );
        side_file.keep("", 0, &[variant("edited")], &[]).unwrap();
        assert_eq!(std::fs::read_to_string(folder.path().join(NAME)).unwrap(), newer);
        side_file.remove().unwrap();
        assert_eq!(std::fs::read_to_string(folder.path().join(NAME)).unwrap(), newer);
    }

    #[test]
    fn of_edits_in_two_places_the_later_ones_come_first_and_both_are_offered() {
        let home = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (mut side_file, ..) = open(folder.path(), "plan", home.path());
        side_file.keep("", 0, &[variant("first")], &[]).unwrap();
        // The disk is full from now on: a folder stands where the file is to be made.
        let here = folder.path().join(NAME);
        let text = std::fs::read(&here).unwrap();
        std::fs::remove_file(&here).unwrap();
        std::fs::create_dir_all(here.join("x")).unwrap();
        let said = side_file.keep("", 0, &[variant("second")], &[]).unwrap();
        assert!(matches!(said, Some(Notice::ReadOnly { .. })), "{said:?}");
        std::fs::remove_dir_all(&here).unwrap();
        std::fs::write(&here, text).unwrap();
        let old = SystemTime::now() - std::time::Duration::from_secs(3600);
        std::fs::File::options().write(true).open(&here).unwrap().set_modified(old).unwrap();
        drop(side_file);
        let (mut again, found, _) = open(folder.path(), "plan", home.path());
        let found = found.unwrap();
        let documents: Vec<&str> = found.variants().iter().map(|v| v.document.as_str()).collect();
        assert_eq!((documents, found.current()), (vec!["second", "first"], 0));
        again.remove().unwrap();
        drop(again);
        assert_eq!(open(folder.path(), "plan", home.path()).1, None);
    }

    #[test]
    fn edits_of_a_case_that_cannot_be_written_are_kept_elsewhere_and_found_there() {
        let home = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        // In a folder that is not there nobody can write.
        let (mut side_file, ..) = open(&folder.path().join("missing"), "plan", home.path());
        let said = side_file.keep("", 0, &[variant("edited")], &[]).unwrap();
        assert!(matches!(said, Some(Notice::ReadOnly { .. })), "{said:?}");
        assert_eq!(side_file.keep("", 0, &[variant("edited twice")], &[]).unwrap(), None);
        let (mut again, found, _) = open(&folder.path().join("missing"), "plan", home.path());
        assert_eq!(found.unwrap().variants()[0].document, "edited twice");
        again.remove().unwrap();
    }
}
