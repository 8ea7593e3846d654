//! Whether what patients are made from is still what it was.

use coxa_case::source::text_hash;
use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

/// Hash of a small file; empty of one that cannot be read.
pub(super) fn file_hash(path: &Path) -> String {
    fs::read_to_string(path).map(|text| text_hash(&text)).unwrap_or_default()
}

/// Hash of names, lengths and times of a file, or of the files of a folder: a cohort of CTs is opened often and has no time to be read whole.
pub(super) fn folder_hash(path: &Path) -> String {
    let mut seen = Vec::new();
    look(path, &mut seen);
    seen.sort();
    if seen.is_empty() { String::new() } else { text_hash(&seen.join("\n")) }
}

fn look(path: &Path, seen: &mut Vec<String>) {
    let Ok(found) = fs::metadata(path) else { return };
    if found.is_dir() {
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        entries.for_each(|entry| look(&entry.path(), seen));
        return;
    }
    let since = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    seen.push(format!("{name} {} {}", found.len(), since.unwrap_or_default().as_nanos()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_changes_has_another_hash_and_one_that_is_gone_has_none() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("one"), "1").unwrap();
        let before = folder_hash(folder.path());
        assert_eq!(folder_hash(folder.path()), before);
        fs::write(folder.path().join("two"), "2").unwrap();
        assert_ne!(folder_hash(folder.path()), before);
        assert_eq!(folder_hash(&folder.path().join("three")), "");
        assert_eq!(file_hash(&folder.path().join("three")), "");
    }
}
