//! What a panel must be to be kept, and to be believed when it is read.

use crate::panel::Panel;
use crate::picture::Picture;

/// Letters of a name.
const MOST_LETTERS: usize = 64;
/// Pictures of a panel.
pub(crate) const MOST_PICTURES: usize = 64;
/// Pixels along a side of a picture: no graphics card is asked for more.
const MOST_SIDE: usize = 8192;
/// Pixels of one picture.
pub(crate) const MOST_PIXELS: usize = 1 << 24;
/// Pixels of all pictures of a panel together.
pub(crate) const MOST_PIXELS_TOGETHER: usize = 1 << 26;
/// Columns of a table.
const MOST_COLUMNS: usize = 200;
/// Rows of a table.
const MOST_ROWS: usize = 10_000;
/// Bytes of all words of a panel together.
pub(crate) const MOST_WORDS: usize = 4 << 20;

/// Whether a name is one of a module: small letters, digits and hyphens, at most 64, the first a letter or digit.
///
/// ```
/// assert!(coxa_panel::is_name("hip-function"));
/// assert!(!coxa_panel::is_name("../hip") && !coxa_panel::is_name(""));
/// ```
pub fn is_name(name: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.len() <= MOST_LETTERS
        && name.starts_with(is_letter)
        && name.chars().all(|c| is_letter(c) || c == '-')
}

/// What is wrong with a panel.
pub(crate) fn wrong_with(panel: &Panel) -> Option<String> {
    if !is_name(&panel.module) {
        return Some("a name has small letters, digits and hyphens, at most 64".into());
    }
    if panel.title.is_empty() {
        return Some("it has no title".into());
    }
    if panel.texts.iter().any(String::is_empty) {
        return Some("one of its texts is empty".into());
    }
    let (columns, rows) = (panel.table.columns.len(), panel.table.rows.len());
    if columns > MOST_COLUMNS || rows > MOST_ROWS {
        return Some(format!("its table has more than {MOST_COLUMNS} columns or {MOST_ROWS} rows"));
    }
    if let Some(row) = panel.table.rows.iter().position(|row| row.cells.len() != columns) {
        return Some(format!("row {} of its table has not one cell for each column", row + 1));
    }
    if words(panel) > MOST_WORDS {
        return Some(format!("its words have more than {} MiB", MOST_WORDS >> 20));
    }
    if panel.pictures.len() > MOST_PICTURES {
        return Some(format!("it has more than {MOST_PICTURES} pictures"));
    }
    let of_picture = |(n, picture): (usize, &Picture)| {
        wrong_with_picture(picture).map(|what| format!("picture {}: {what}", n + 1))
    };
    if let Some(what) = panel.pictures.iter().enumerate().find_map(of_picture) {
        return Some(what);
    }
    let pixels: usize = panel.pictures.iter().map(|picture| picture.grey.len()).sum();
    (pixels > MOST_PIXELS_TOGETHER).then(|| format!("its pictures have {}", more_than(MOST_PIXELS_TOGETHER)))
}

/// What is wrong with a size in pixels.
pub(crate) fn wrong_with_size([width, height]: [usize; 2]) -> Option<String> {
    if width > MOST_SIDE || height > MOST_SIDE {
        return Some(format!("it has more than {MOST_SIDE} pixels along a side"));
    }
    match width.checked_mul(height) {
        Some(1..=MOST_PIXELS) => None,
        Some(0) => Some("it has no pixels".into()),
        _ => Some(format!("it has {}", more_than(MOST_PIXELS))),
    }
}

fn more_than(pixels: usize) -> String {
    format!("more than {} million pixels", pixels >> 20)
}

fn wrong_with_picture(picture: &Picture) -> Option<String> {
    if let Some(what) = wrong_with_size(picture.size_px) {
        return Some(what);
    }
    let pixels = picture.size_px[0] * picture.size_px[1];
    if picture.grey.len() != pixels {
        return Some("it has not one brightness for each pixel".into());
    }
    if picture.sides.iter().any(|side| side.is_control()) {
        return Some("what stands at its sides is no letter".into());
    }
    let overlay = picture.overlay.as_ref()?;
    if overlay.values.len() != pixels {
        return Some("its overlay has not one value for each pixel".into());
    }
    let is_range = overlay.low.is_finite() && overlay.high.is_finite() && overlay.low <= overlay.high;
    (!is_range).then(|| "the ends of its overlay are no range".into())
}

/// Bytes of all its words.
fn words(panel: &Panel) -> usize {
    let table = &panel.table;
    let rows = table.rows.iter().flat_map(|row| row.cells.iter().chain([&row.name, &row.method]));
    let pictures = panel.pictures.iter().flat_map(|picture| {
        let overlay = picture.overlay.iter().flat_map(|overlay| [&overlay.title, &overlay.unit]);
        overlay.chain([&picture.caption])
    });
    let card = panel.card.iter().flat_map(|card| card.lines()).map(|(_, words)| words.len()).sum::<usize>();
    let all = [&panel.title, &panel.evidence].into_iter().chain(&panel.texts).chain(&table.columns);
    card + all.chain(rows).chain(pictures).map(String::len).sum::<usize>()
}
