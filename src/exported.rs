//! Folders outside a case into which a command writes results, under names of its own and again whenever it is asked to.

use anyhow::{Context, Result, bail};
use coxa_case::bounded;
use coxa_case::failure::file_error;
use coxa_case::folder::{is_inside, kept_name, refuse_linked_folder};
use coxa_case::source::{hash_if_there, text_hash};
use coxa_imaging::atomic;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Hashes of what Coxa wrote into a folder, by names in it.
const RECORD_FILE: &str = ".coxa-results.json";
const MOST_RECORD_BYTES: u64 = 4 << 20;

/// Writes files, of names and texts, into a folder that is made where it is missing, each whole or not at all. A file in the way that Coxa did not
/// write, or that was changed since, is moved to `kept/` in the folder, with a line for the user. Files that an earlier run left beside these stay;
/// [`others`] names them.
///
/// # Errors
/// Whatever the system refuses; a subfolder that is a link, for it leads out of the folder.
pub fn write(folder: &Path, files: &[(String, String)]) -> Result<Vec<PathBuf>> {
    make(folder)?;
    let record = folder.join(RECORD_FILE);
    // A record that cannot be read vouches for no file: each is kept.
    let text = bounded::read_text(&record, MOST_RECORD_BYTES).ok();
    let mut written: BTreeMap<String, String> =
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    for (name, _) in files {
        if !is_inside(name) {
            bail!(
                "{name:?} lies outside the results folder {}; give a file name without folders",
                folder.display()
            );
        }
        refuse_linked_folder(folder, name)?;
    }
    let result = write_all(folder, files, &mut written);
    written.retain(|name, _| folder.join(name).exists());
    // What was written before an error is Coxa's too.
    put(&record, &(serde_json::to_string_pretty(&written).context("cannot write hashes as JSON")? + "\n"))?;
    result
}

fn write_all(
    folder: &Path,
    files: &[(String, String)],
    written: &mut BTreeMap<String, String>,
) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        make(path.parent().context("a file of results needs a name")?)?;
        keep_other(folder, name, [Some(&text_hash(text)), written.get(name)])?;
        put(&path, text)?;
        written.insert(name.clone(), text_hash(text));
        paths.push(path);
    }
    Ok(paths)
}

/// Moves what is in the way of a file to `kept/`, unless it has one of the hashes.
fn keep_other(folder: &Path, name: &str, known: [Option<&String>; 2]) -> Result<()> {
    let path = folder.join(name);
    let Some(hash) = hash_if_there(&path)? else { return Ok(()) };
    if known.contains(&Some(&hash)) {
        return Ok(());
    }
    let kept = kept_name(folder, name, &hash)?;
    let to = folder.join(&kept);
    refuse_linked_folder(folder, &kept)?;
    make(to.parent().unwrap_or(folder))?;
    std::fs::rename(&path, &to).map_err(|e| file_error("move", &path, &e))?;
    eprintln!("note: {} was changed since Coxa wrote it; it is kept as {}", path.display(), to.display());
    Ok(())
}

/// A line that names files of an earlier run that lie beside these in a folder; `None` where there are none.
pub fn others(folder: &Path, files: &[(String, String)]) -> Option<String> {
    let text = bounded::read_text(&folder.join(RECORD_FILE), MOST_RECORD_BYTES).ok()?;
    let written: BTreeMap<String, String> = serde_json::from_str(&text).ok()?;
    let others: Vec<&String> =
        written.keys().filter(|name| files.iter().all(|(file, _)| file != *name)).collect();
    let first = others.first()?;
    Some(format!(
        "note: {} also holds files of an earlier run ({} in all), among them {first}",
        folder.display(),
        others.len()
    ))
}

fn put(path: &Path, text: &str) -> Result<()> {
    atomic::write(path, text.as_bytes()).map_err(|e| file_error("write", path, &e))
}

fn make(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|e| file_error("create", folder, &e))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(text: &str) -> Vec<(String, String)> {
        ["a.sto", "gait/b.mot"].map(|name| (name.to_owned(), text.to_owned())).to_vec()
    }

    fn kept(folder: &Path) -> Vec<String> {
        let list = std::fs::read_dir(folder.join("kept")).into_iter().flatten();
        list.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
    }

    #[test]
    fn what_coxa_wrote_is_replaced_and_anything_else_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("results");
        write(&folder, &files("one")).unwrap();
        write(&folder, &files("two")).unwrap();
        assert_eq!(kept(&folder), [""; 0]);
        std::fs::write(folder.join("a.sto"), "a hand's").unwrap();
        write(&folder, &files("two")).unwrap();
        assert_eq!(kept(&folder), ["a hand's"]);
        assert_eq!(std::fs::read_to_string(folder.join("a.sto")).unwrap(), "two");
        // Without a record nothing is known to be Coxa's; the same bytes again lose nothing.
        std::fs::write(folder.join(RECORD_FILE), "{").unwrap();
        write(&folder, &files("two")).unwrap();
        assert_eq!(kept(&folder).len(), 1);
        // What an earlier run left stays.
        write(&folder, &files("three")[..1]).unwrap();
        assert_eq!(std::fs::read_to_string(folder.join("gait/b.mot")).unwrap(), "two");
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("gait")).unwrap();
        let error = write(folder.path(), &files("one")).unwrap_err().to_string();
        assert!(error.contains("is a link"), "{error}");
        let out = [("../a.sto".to_owned(), String::new())];
        assert!(write(folder.path(), &out).unwrap_err().to_string().contains("lies outside"));
        assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
    }
}
