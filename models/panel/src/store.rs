//! A panel is put into its case whole or not at all.
//!
//! It is written beside its place and synced; the one before is renamed, this one takes its name, and the one before is cleared. Whatever ends the program in
//! between, a whole panel can be read. What a person put into the folder stays in it; what a person changed goes to `kept/`.

use crate::check::wrong_with;
use crate::document::{Document, OverlayForm, PictureForm};
use crate::folder::{
    DOCUMENT, FOLDER, OLD, SUMS, bytes, is_own, overlay_name, picture_name, refuse_link, sha256, sums,
};
use crate::panel::Panel;
use crate::pixels::{grey_png, overlay_png};
use crate::problem::{PanelError, failed};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where a case keeps what stood in the way of Coxa's files and was not its own.
const KEPT: &str = "kept";
/// Files of a person that are larger are not hashed; they are kept.
const MOST_HASHED: u64 = 1 << 27;

/// Writes the panel of a module into a case, in the place of the one before, and gives its folder. Who calls it holds the case
/// (`coxa_case::folder::hold`).
///
/// # Errors
/// A panel that no case can hold; links, and files where folders are needed; whatever else the system refuses.
///
/// # Examples
/// The [crate's page](crate) writes one and reads it.
pub fn write(case: &Path, panel: &Panel) -> Result<PathBuf, PanelError> {
    let unfit = |what: String| PanelError::Unfit { module: panel.module.clone(), what };
    if let Some(what) = wrong_with(panel) {
        return Err(unfit(what));
    }
    let files = files(panel).map_err(unfit)?;
    let modules = case.join(FOLDER);
    for folder in [&modules, &case.join(KEPT), &case.join(KEPT).join(FOLDER)] {
        refuse_link(folder)?;
    }
    fs::create_dir_all(&modules).map_err(failed("create", &modules))?;
    let place = modules.join(&panel.module);
    refuse_link(&place)?;
    if place.is_file() {
        return Err(PanelError::InTheWay { path: place, what: "a file" });
    }
    let old = modules.join(format!("{OLD}{}", panel.module));
    refuse_link(&old)?;
    clear(case, &place, &old)?;
    let staged = staged(&modules)?;
    for (name, bytes) in &files {
        put(&staged.path().join(name), bytes)?;
    }
    sync_folder(staged.path())?;
    if place.exists() {
        rename(&place, &old)?;
    }
    // Until here it is removed again by itself.
    rename(&staged.keep(), &place)?;
    sync_folder(&modules)?;
    clear(case, &place, &old)?;
    Ok(place)
}

/// Names and bytes of the files of a panel.
fn files(panel: &Panel) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut document = Document::of(panel);
    let mut files = Vec::new();
    for (n, picture) in panel.pictures.iter().enumerate() {
        files.push((picture_name(n), grey_png(picture.size_px, &picture.grey)?));
        let overlay = match &picture.overlay {
            None => None,
            Some(overlay) => {
                let (png, [value_at_1, value_at_65535]) = overlay_png(picture.size_px, &overlay.values)?;
                files.push((overlay_name(n), png));
                let (title, unit) = (overlay.title.clone(), overlay.unit.clone());
                let (low, high, ramp) = (overlay.low, overlay.high, overlay.ramp);
                Some(OverlayForm { title, unit, low, high, ramp, value_at_1, value_at_65535 })
            }
        };
        let [width_px, height_px] = picture.size_px;
        let caption = picture.caption.clone();
        document.pictures.push(PictureForm { caption, width_px, height_px, sides: picture.sides, overlay });
    }
    let mut text = serde_json::to_vec_pretty(&document).map_err(|error| error.to_string())?;
    text.push(b'\n');
    files.push((DOCUMENT.to_owned(), text));
    let line = |(name, bytes): &(String, Vec<u8>)| format!("{}  {name}\n", sha256(bytes));
    let sums: String = files.iter().map(line).collect();
    files.push((SUMS.to_owned(), sums.into_bytes()));
    Ok(files)
}

/// Completes what a run left: what was before goes, but for what is a person's. Where nothing came in its place it comes back.
fn clear(case: &Path, place: &Path, old: &Path) -> Result<(), PanelError> {
    if !old.exists() {
        return Ok(());
    }
    if !place.exists() {
        return rename(old, place);
    }
    let written = sums(old)?;
    let entries = fs::read_dir(old).map_err(failed("read", old))?;
    for entry in entries {
        let entry = entry.map_err(failed("read", old))?;
        let (name, path) = (entry.file_name(), entry.path());
        let of_coxa = name.to_str().filter(|name| is_own(name));
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        let Some(own) = of_coxa.filter(|_| is_file) else {
            let stays = place.join(&name);
            match stays.exists() || stays.is_symlink() {
                true => keep(case, place, &path, "")?,
                false => rename(&path, &stays)?,
            }
            continue;
        };
        let hash = bytes(&path, MOST_HASHED).map(|bytes| sha256(&bytes)).unwrap_or_default();
        match own == SUMS || written.get(own) == Some(&hash) {
            true => fs::remove_file(&path).map_err(failed("remove", &path))?,
            false => keep(case, place, &path, &hash)?,
        }
    }
    fs::remove_dir(old).map_err(failed("remove", old))
}

/// Moves a file to `kept/modules/NAME/`, with the first digits of its hash.
fn keep(case: &Path, place: &Path, path: &Path, hash: &str) -> Result<(), PanelError> {
    let kept = case.join(KEPT).join(FOLDER).join(place.file_name().unwrap_or_default());
    refuse_link(&kept)?;
    fs::create_dir_all(&kept).map_err(failed("create", &kept))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let (stem, ending) = name.split_at(name.find('.').unwrap_or(name.len()));
    let hash = hash.get(..8).map(|hash| format!("-{hash}")).unwrap_or_default();
    for number in 1.. {
        let number = if number == 1 { String::new() } else { format!("-{number}") };
        let to = kept.join(format!("{stem}{hash}{number}{ending}"));
        if !to.exists() && !to.is_symlink() {
            return rename(path, &to);
        }
    }
    Ok(())
}

/// A folder beside the panels, with the usual permissions.
fn staged(modules: &Path) -> Result<tempfile::TempDir, PanelError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".partial-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    builder.tempdir_in(modules).map_err(failed("write into", modules))
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), PanelError> {
    let written = File::create(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(failed("write", path))
}

fn rename(from: &Path, to: &Path) -> Result<(), PanelError> {
    fs::rename(from, to).map_err(failed("write", to))
}

/// Waits until the disk knows what a folder holds, where the system can say so.
fn sync_folder(path: &Path) -> Result<(), PanelError> {
    #[cfg(unix)]
    match File::open(path).and_then(|folder| folder.sync_all()) {
        // Some network file systems sync no folders.
        Err(error)
            if !matches!(
                error.kind(),
                std::io::ErrorKind::InvalidInput | std::io::ErrorKind::Unsupported
            ) =>
        {
            return Err(failed("write into", path)(error));
        }
        _ => {}
    }
    Ok(())
}
