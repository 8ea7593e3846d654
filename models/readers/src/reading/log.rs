//! The file of a reader: a line of JSON for each submitted answer, appended and synced, never changed.

use super::answer::Reading;
use crate::error::{ReadersError, name_of};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

/// No file of readings is larger.
const MAX_BYTES: u64 = 1 << 30;

/// A file of readings that is appended to.
#[derive(Debug)]
pub struct Log {
    file: File,
    name: String,
}

/// Readings of a file in their order, and the numbers of lines that a crash tore. A file that is not there has none.
///
/// # Errors
/// A file that cannot be read.
pub fn read_log(path: &Path) -> Result<(Vec<Reading>, Vec<usize>), ReadersError> {
    let io = |error: std::io::Error| ReadersError::io(path, &error);
    if !path.exists() {
        return Ok((Vec::new(), Vec::new()));
    }
    if std::fs::metadata(path).map_err(io)?.len() > MAX_BYTES {
        return Err(ReadersError::file(path, "it is larger than 1 GB"));
    }
    let bytes = std::fs::read(path).map_err(io)?;
    let (mut readings, mut torn) = (Vec::new(), Vec::new());
    for (place, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if line.is_empty() {
            continue;
        }
        match serde_json::from_slice(line) {
            Ok(reading) => readings.push(reading),
            Err(_) => torn.push(place + 1),
        }
    }
    Ok((readings, torn))
}

impl Log {
    /// Opens the file for appending. A line that a crash tore is ended, so that the next stands by itself.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn open(path: &Path) -> Result<Log, ReadersError> {
        let io = |error: std::io::Error| ReadersError::io(path, &error);
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(io)?;
        if file.metadata().map_err(io)?.len() > 0 {
            let mut last = [0];
            file.seek(SeekFrom::End(-1)).map_err(io)?;
            file.read_exact(&mut last).map_err(io)?;
            if last != *b"\n" {
                file.write_all(b"\n").map_err(io)?;
            }
        }
        Ok(Log { file, name: name_of(path) })
    }

    /// Appends a reading; when this returns, it is on the disk.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn append(&mut self, reading: &Reading) -> Result<(), ReadersError> {
        let wrong = |reason: String| ReadersError::File { file: self.name.clone(), reason };
        let mut line = serde_json::to_vec(reading).map_err(|error| wrong(error.to_string()))?;
        line.push(b'\n');
        let written = self.file.write_all(&line).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // What came of it is torn; the next line is to stand by itself.
            let _ = self.file.write_all(b"\n");
            let io = ReadersError::io(Path::new(&self.name), &error);
            return Err(wrong(format!("the answer was not kept ({io})")));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::answer::Answer;
    use super::*;

    fn reading(case: &str) -> Reading {
        Reading {
            reader: "anna".into(),
            session: 1,
            case: case.into(),
            method: "with".into(),
            revision: 0,
            shown_ms: 1,
            submitted_ms: 2,
            answer: Answer { rating: Some(4.0), seconds: 1.5, ..Answer::default() },
        }
    }

    #[test]
    fn a_torn_line_costs_itself_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("anna.jsonl");
        assert_eq!(read_log(&path).unwrap(), (vec![], vec![]));
        let mut log = Log::open(&path).unwrap();
        log.append(&reading("A")).unwrap();
        log.append(&reading("B")).unwrap();
        drop(log);
        let whole = std::fs::read(&path).unwrap();
        for cut in 0..whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let mut log = Log::open(&path).unwrap();
            log.append(&reading("C")).unwrap();
            let (readings, torn) = read_log(&path).unwrap();
            let lines = whole[..cut].iter().filter(|byte| **byte == b'\n').count();
            // A line without its end alone is whole.
            let is_whole = cut + 1 == whole.len() || whole.get(cut) == Some(&b'\n');
            assert_eq!(readings.len(), lines + 1 + usize::from(is_whole), "cut at {cut}");
            assert_eq!(readings.last(), Some(&reading("C")));
            assert!(torn.len() <= 1);
        }
    }
}
