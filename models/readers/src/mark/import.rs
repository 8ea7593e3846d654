//! Marks of other programs: tables, DICOM structure sets and segmentations.

use super::outline;
use super::shape::{Mark, MarkKind};
use crate::error::ReadersError;
use crate::picture::Picture;
use crate::table::{Row, Table};
use coxa_geometry::Point;
use coxa_imaging::dicom::{read_rtstruct, read_seg};
use coxa_imaging::source::contents;
use std::path::{Path, PathBuf};

/// Columns of a table of marks that say where one is.
const PLACE: [&str; 8] = ["picture", "slice", "points", "x_min", "y_min", "x_max", "y_max", "lesion"];

/// A mark of a table of several readers and cases.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkRow {
    /// Name of the table.
    table: String,
    /// Row of the table, the header being 1.
    pub row: usize,
    /// Who drew it.
    pub reader: String,
    /// With which method.
    pub treatment: String,
    /// On which case.
    pub case: String,
    /// The mark; `None` where a file holds it.
    pub mark: Option<Mark>,
    /// File that holds marks, beside the table.
    pub file: Option<PathBuf>,
    /// Rating of the marks of the file.
    pub rating: Option<f64>,
}

impl MarkRow {
    /// An error about a column of the row.
    pub(crate) fn wrong(&self, column: &str, reason: &str) -> ReadersError {
        let (file, row) = (self.table.clone(), self.row);
        ReadersError::Cell { file, row, column: column.to_owned(), reason: reason.to_owned() }
    }
}

/// Marks of one case from a file: a table (CSV) with columns `picture`, `slice`, `lesion`, `rating` (each may be left out) and either `x_min`, `y_min`,
/// `x_max`, `y_max` or `points` (`x y; x y; ...`); or a DICOM structure set or segmentation of the first picture.
///
/// # Errors
/// What is wrong, with row and column where it is a table.
pub fn import(path: &Path, pictures: &[&Picture]) -> Result<Vec<Mark>, ReadersError> {
    let sizes: Vec<[usize; 3]> = pictures.iter().map(|picture| picture.size).collect();
    let name = path.to_string_lossy().to_lowercase();
    if !(name.ends_with(".csv") || name.ends_with(".tsv") || name.ends_with(".txt")) {
        return dicom(path, pictures);
    }
    let table = Table::read(path)?;
    table.expect(&[], &[&PLACE[..], &["rating"]].concat())?;
    let mut marks = Vec::new();
    for row in table.rows() {
        let mark = mark(row)?;
        if let Some(fault) = mark.misplaced(&sizes) {
            return Err(row.wrong(faulty(row), &fault));
        }
        marks.push(mark);
    }
    Ok(marks)
}

/// Marks of several readers from a table with the columns of [`import`] and `reader`, `treatment` and `case`; a row may name a file of marks in `file`
/// instead of corners.
///
/// # Errors
/// As [`import`].
pub fn mark_rows(path: &Path) -> Result<Vec<MarkRow>, ReadersError> {
    let table = Table::read(path)?;
    table.expect(&["reader", "treatment", "case"], &[&PLACE[..], &["rating", "file"]].concat())?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let of = |row: Row<'_>| {
        let file = Some(row.cell("file")).filter(|file| !file.is_empty()).map(|file| folder.join(file));
        if file.as_ref().is_some_and(|file| !file.is_file()) {
            return Err(row.wrong("file", "there is no such file"));
        }
        Ok(MarkRow {
            table: table.file.clone(),
            row: row.number(),
            reader: row.needed("reader")?.to_owned(),
            treatment: row.needed("treatment")?.to_owned(),
            case: row.needed("case")?.to_owned(),
            mark: if file.is_some() { None } else { Some(mark(row)?) },
            file,
            rating: row.number_in("rating")?,
        })
    };
    table.rows().map(of).collect()
}

/// The column that a fault of a place is told of.
fn faulty(row: Row<'_>) -> &'static str {
    if row.cell("points").is_empty() { "x_min" } else { "points" }
}

fn mark(row: Row<'_>) -> Result<Mark, ReadersError> {
    let (kind, points) = match row.cell("points") {
        "" => {
            let corner = |column: &str| {
                row.number_in(column)?
                    .ok_or_else(|| row.wrong(column, "it is empty, and so is the column points"))
            };
            let points = vec![[corner("x_min")?, corner("y_min")?], [corner("x_max")?, corner("y_max")?]];
            (MarkKind::Box, points)
        }
        text => (MarkKind::Contour, corners(text).map_err(|reason| row.wrong("points", &reason))?),
    };
    let from_one = |column: &str| match row.count_in(column)? {
        Some(0) => Err(row.wrong(column, "it counts from 1")),
        count => Ok(count),
    };
    Ok(Mark {
        picture: from_one("picture")?.unwrap_or(1),
        slice: from_one("slice")?.unwrap_or(1),
        kind,
        points,
        rating: row.number_in("rating")?,
        lesion: from_one("lesion")?,
    })
}

/// Corners from a text like `1 2; 3.5 4; 5 6`.
fn corners(text: &str) -> Result<Vec<[f64; 2]>, String> {
    let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let numbers: Vec<f64> = part.split_whitespace().map_while(|word| word.parse().ok()).collect();
            match numbers[..] {
                [x, y] if part.split_whitespace().count() == 2 && x.is_finite() && y.is_finite() => {
                    Ok([x, y])
                }
                _ => Err(format!("\"{}\" is no corner like \"12.5 40\"", crate::table::short(part))),
            }
        })
        .collect()
}

fn dicom(path: &Path, pictures: &[&Picture]) -> Result<Vec<Mark>, ReadersError> {
    let wrong = |reason: String| ReadersError::file(path, reason);
    let Some((picture, grid)) = pictures.first().and_then(|picture| Some((picture, picture.grid.as_ref()?)))
    else {
        let reason = "the picture does not say where it lies in the patient, so that only marks in a table (.csv) fit it";
        return Err(wrong(reason.to_owned()));
    };
    let found = contents(path).map_err(|error| wrong(error.to_string()))?;
    if found.labels.is_empty() {
        return Err(wrong(
            "it is neither a table (.csv) nor a DICOM structure set or segmentation".to_owned(),
        ));
    }
    let [columns, rows, slices] = picture.size;
    let is_seg = found.labels.iter().any(|object| object.kind == "segmentation");
    let ids: Vec<u16> = if is_seg {
        let (map, _) = read_seg(path).map_err(|error| wrong(error.to_string()))?;
        let [ni, nj, nk] = map.volume.grid.dims;
        let places = (0..slices).flat_map(|slice| {
            (0..rows).flat_map(move |row| (0..columns).map(move |column| [column, row, slice]))
        });
        let id = |place: [usize; 3]| {
            let at = grid.to_patient(Point::from_coords(place.map(|n| n as f64).into()));
            let index = map.volume.grid.to_voxel(at).coords().map(f64::round);
            let is_in = |value: f64, size: usize| value >= 0.0 && value < size as f64;
            let inside = is_in(index.x, ni) && is_in(index.y, nj) && is_in(index.z, nk);
            let voxels = &map.volume.voxels;
            if inside { u16::from(voxels[[index.z as usize, index.y as usize, index.x as usize]]) } else { 0 }
        };
        places.map(id).collect()
    } else {
        let (map, _) = read_rtstruct(path, grid).map_err(|error| wrong(error.to_string()))?;
        map.volume.as_slice().iter().map(|id| u16::from(*id)).collect()
    };
    let marks = outline::marks(&ids, picture.size, 1, 1);
    if marks.is_empty() {
        return Err(wrong("nothing of it lies in the picture".to_owned()));
    }
    Ok(marks)
}
