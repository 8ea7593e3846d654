//! `--stock`: what a hospital has, as CSV.

use anyhow::{Context, Result, bail};
use coxa_case::failure::file_error;
use coxa_planner::implants::{Catalogue, Stock, StockEntry, StockedPart};
use serde::Deserialize;
use std::path::Path;

/// More lines than any stock has.
const MOST_LINES: usize = 10_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    part: StockedPart,
    family: Option<String>,
    size: Option<f64>,
}

/// A stock whose every line the catalogue has: columns `part` (cup, liner, head, stem), `family` and `size`, of which a family
/// without a size stands for all its sizes.
///
/// # Errors
/// The first line that cannot be used, and why; a stock that leaves no cup, head or stem.
pub fn read(path: &Path, catalogue: &Catalogue) -> Result<Stock> {
    let file = std::fs::File::open(path).map_err(|e| file_error("read", path, &e))?;
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(file);
    let mut lines = Vec::new();
    for line in reader.deserialize() {
        // The header is line 1.
        let at = || format!("{}, line {}", path.display(), lines.len() + 2);
        if lines.len() >= MOST_LINES {
            bail!("{} has more than {MOST_LINES} lines, too many for a stock list", path.display());
        }
        let Line { part, family, size } = line.map_err(|error| {
            anyhow::anyhow!(
                "{}: {}; the columns must be part (cup, liner, head or stem), family and size",
                at(),
                reason(&error)
            )
        })?;
        let entry = StockEntry { part, family: family.filter(|name| !name.is_empty()), size };
        if part != StockedPart::Head && entry.family.is_none() {
            bail!("{}: give the family; coxa implant list shows them", at());
        }
        entry.check(catalogue).with_context(at)?;
        lines.push(entry);
    }
    if lines.is_empty() {
        bail!("{} lists no parts: give lines such as cup,hemispherical,52", path.display());
    }
    Ok(Stock(lines))
}

fn reason(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => err.kind().to_string(),
        csv::ErrorKind::Utf8 { .. } => "not text".into(),
        csv::ErrorKind::UnequalLengths { .. } => "different number of columns from the header".into(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Stock> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        read(file.path(), &Catalogue::builtin())
    }

    #[test]
    fn lines_are_read_and_what_is_wrong_with_one_is_said() {
        let stock = of("part,family,size\ncup,hemispherical,52\nstem, tapered_wedge,\nhead,,32\n").unwrap();
        assert_eq!(stock.0.len(), 3);
        assert_eq!((stock.0[1].part, stock.0[1].size), (StockedPart::Stem, None));
        for (text, word) in [
            ("part,family,size\n", "lists no parts"),
            ("part,family,size\ncup,hemispherical,51\n", "line 2"),
            ("part,family,size\nhead,,32\nplate,x,3\n", "line 3"),
            ("part,family,size\ncup,,52\n", "give the family"),
            ("part,family,size\ncup,hemispherical,large\n", "line 2"),
            ("part,family,size,maker\ncup,hemispherical,52,x\n", "part (cup, liner, head or stem)"),
            ("part,family,size\ncup,hemispherical\n", "line 2"),
        ] {
            let error = format!("{:#}", of(text).unwrap_err());
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
