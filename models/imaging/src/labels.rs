//! Label maps: which structure each voxel belongs to.

use crate::Volume;
use ndarray::Axis;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::io::{Read, Write};
use std::path::Path;

/// A `labels.json` longer than this is no table of at most 255 labels.
const MAX_TABLE_BYTES: u64 = 1 << 20;

/// One structure of a label map; `labels.json` is a list of these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// The voxel value; 0 is background and never listed.
    pub id: u8,
    /// snake_case name as TotalSegmentator's: `hip_right`, `femur_left`, `sacrum`, ...
    pub name: String,
    /// SNOMED CT code, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snomed: Option<String>,
    /// Colour for pictures, red, green, blue.
    pub colour: [u8; 3],
}

impl Label {
    /// An entry for an id that has no name: `label_ID`, in a colour of its own.
    pub fn unnamed(id: u8) -> Self {
        // Steps of the golden angle around the colour circle keep neighbouring ids apart.
        let hue = f64::from(id) * 137.507_764_f64 % 360.0 / 60.0;
        let channel = |shift: f64| {
            let distance = ((hue + shift) % 6.0 - 3.0).abs();
            (70.0 + 170.0 * (distance - 1.0).clamp(0.0, 1.0)).round() as u8
        };
        Label {
            id,
            name: format!("label_{id}"),
            snomed: None,
            colour: [channel(0.0), channel(4.0), channel(2.0)],
        }
    }
}

/// Why a table of label names could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The operating system refused.
    #[error("cannot read or write {file}: {source}")]
    Io {
        /// File name.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The text is not what it should be.
    #[error(
        "{file} is not a table of labels: {reason}; it must be a JSON list of {{\"id\", \"name\", \"colour\"}} with \
         unique ids from 1 to 255 and unique names"
    )]
    Content {
        /// File name.
        file: String,
        /// What is wrong.
        reason: String,
    },
}

/// Reads a table of labels (`labels.json`), sorted by id.
///
/// # Errors
/// Where the file cannot be read, is no such table, or lists an id or name twice.
pub fn read_table(path: &Path) -> Result<Vec<Label>, TableError> {
    let content = |reason: String| TableError::Content { file: file_name(path), reason };
    let mut text = String::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MAX_TABLE_BYTES).read_to_string(&mut text))
        .map_err(|source| TableError::Io { file: file_name(path), source })?;
    let mut table: Vec<Label> = serde_json::from_str(&text).map_err(|error| content(error.to_string()))?;
    table.sort_by_key(|label| label.id);
    let mut names = HashSet::new();
    for label in &table {
        if label.id == 0 {
            return Err(content("id 0 is reserved for the background".into()));
        }
        if !names.insert(label.name.as_str()) {
            return Err(content(format!("the name {} occurs twice", label.name)));
        }
    }
    if let Some(pair) = table.windows(2).find(|pair| pair[0].id == pair[1].id) {
        return Err(content(format!("the id {} occurs twice", pair[0].id)));
    }
    Ok(table)
}

/// Writes a table of labels as JSON; the file appears whole or not at all.
///
/// # Errors
/// Where the system refuses.
pub fn write_table(table: &[Label], path: &Path) -> Result<(), TableError> {
    let io = |source| TableError::Io { file: path.display().to_string(), source };
    let text = serde_json::to_string_pretty(table)
        .map_err(|error| TableError::Content { file: file_name(path), reason: error.to_string() })?;
    let mut file = crate::atomic::beside(path).map_err(io)?;
    writeln!(file, "{text}").map_err(io)?;
    file.persist(path).map_err(|failed| io(failed.error))?;
    Ok(())
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// A multi-label map: every voxel has one structure or 0 for none.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelMap {
    /// Label ids on the grid of the CT they were made from.
    pub volume: Volume<u8>,
    /// The structures, ids unique, in ascending order.
    pub table: Vec<Label>,
}

impl LabelMap {
    /// The id of a structure by name; `None` where the table does not list it.
    pub fn id(&self, name: &str) -> Option<u8> {
        self.table.iter().find(|label| label.name == name).map(|label| label.id)
    }

    /// Which ids have a voxel in the outermost two layers of the grid, and may go on beyond it: labels that were smoothed end one layer short
    /// of an edge that cuts them.
    pub fn at_edge(&self) -> [bool; 256] {
        let mut found = [false; 256];
        let voxels = &self.volume.voxels;
        for axis in (0..3).map(Axis) {
            let count = voxels.len_of(axis);
            for layer in (0..count).filter(|&layer| layer < 2 || layer + 2 >= count) {
                voxels.index_axis(axis, layer).iter().for_each(|&id| found[usize::from(id)] = true);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Grid;
    use coxa_geometry::Point;
    use ndarray::Array3;

    #[test]
    fn labels_at_the_edge_are_told_from_those_within() {
        let grid = Grid::axis_aligned([6, 7, 8], Point::origin(), [1.0; 3]);
        let mut voxels = Array3::zeros((8, 7, 6));
        for (at, id) in
            [((4, 3, 2), 1), ((7, 3, 2), 2), ((1, 3, 3), 3), ((3, 5, 2), 4), ((4, 3, 0), 5), ((4, 3, 5), 6)]
        {
            voxels[at] = id;
        }
        let labels = LabelMap { volume: Volume::new(grid, voxels), table: Vec::new() };
        let found: Vec<usize> = (1..256).filter(|&id| labels.at_edge()[id]).collect();
        assert_eq!(found, [2, 3, 4, 5, 6]);
        let grid = Grid::axis_aligned([0; 3], Point::origin(), [1.0; 3]);
        let none = LabelMap { volume: Volume::new(grid, Array3::zeros((0, 0, 0))), table: Vec::new() };
        assert_eq!(none.at_edge(), [false; 256]);
    }

    #[test]
    fn a_table_comes_back_sorted_and_a_broken_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("labels.json");
        let table: Vec<Label> = [7, 3].map(Label::unnamed).into();
        write_table(&table, &path).unwrap();
        let read = read_table(&path).unwrap();
        assert_eq!(read, [3, 7].map(Label::unnamed));

        write_table(&[Label::unnamed(4), Label { name: "other".into(), ..Label::unnamed(4) }], &path)
            .unwrap();
        assert!(read_table(&path).unwrap_err().to_string().contains("the id 4 occurs twice"));
        write_table(&[Label::unnamed(4), Label { id: 5, ..Label::unnamed(4) }], &path).unwrap();
        assert!(read_table(&path).unwrap_err().to_string().contains("label_4 occurs twice"));
        for text in ["", "{}", "[{\"id\": 300}]", "[{\"id\": 0, \"name\": \"air\", \"colour\": [0, 0, 0]}]"] {
            std::fs::write(&path, text).unwrap();
            assert!(read_table(&path).is_err(), "{text}");
        }
    }
}
