//! Lines of the iliofemoral ligament of TLEM 2.0 (Carbone et al. 2015, J Biomech 48:734), read from the tables of the folder: they may not be copied.

use anyhow::{Context, Result, anyhow, ensure};
use nalgebra::Vector3;
use std::io::Read;
use std::path::Path;

const TABLES: &str = "data/TLEM2.0/TLEM 2.0 - Musculoskeletal Model Dataset";
const LIGAMENTS: &str = "TLEM 2.0 - Musculoskeletal Model Dataset - Table A4 - Ligament lines-of-action.xlsx";
const CENTRES: &str = "TLEM 2.0 - Musculoskeletal Model Dataset - Table A6 - Joint Center and Axes.xlsx";
/// Elements are called so; both arms belong to the ligament.
const ILIOFEMORAL: &str = "Iliofemoral";
/// A part of a table is read no further than this.
const MOST_BYTES: u64 = 1 << 24;

/// Ends of a line about the centre of the head, in lengths of the thigh from there to the middle of the epicondyles: forwards, up, right, along the
/// plane of the iliac spines and the axes of the femur of Wu et al. 2002.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Attachment {
    pub(super) origin: Vector3<f64>,
    pub(super) insertion: Vector3<f64>,
}

/// The lines of the ligament; `None` where the folder has no such tables.
pub(super) fn iliofemoral(folder: &Path) -> Result<Option<Vec<Attachment>>> {
    let [ligaments, centres] = [LIGAMENTS, CENTRES].map(|name| folder.join(TABLES).join(name));
    if !(ligaments.exists() && centres.exists()) {
        return Ok(None);
    }
    let read = |file: &Path| rows(file).with_context(|| format!("cannot read {}", file.display()));
    let head = head_in_femur(&read(&centres)?).with_context(|| centres.display().to_string())?;
    lines(&read(&ligaments)?, head).with_context(|| ligaments.display().to_string()).map(Some)
}

/// Centre of the head in the femur, whose origin is in the middle of the epicondyles, m.
fn head_in_femur(rows: &[Vec<String>]) -> Result<Vector3<f64>> {
    let hip = rows.iter().position(|row| row.iter().any(|cell| cell == "Hip"));
    let row = hip.and_then(|n| rows[n..].iter().find(|row| row.iter().any(|cell| cell == "Femur")));
    let row = row.ok_or_else(|| anyhow!("there is no centre of the hip in the femur"))?;
    numbers(row)
}

fn lines(rows: &[Vec<String>], head: Vector3<f64>) -> Result<Vec<Attachment>> {
    let thigh = head.norm();
    ensure!(thigh > 0.1, "the centre of the hip lies {thigh} m from the epicondyles");
    let (mut found, mut origin) = (Vec::new(), None);
    for row in rows {
        let has = |word: &str| row.iter().any(|cell| cell == word);
        if has("Origin") {
            // In the pelvis the hip is at zero.
            let is_own = row.iter().any(|cell| cell.starts_with(ILIOFEMORAL));
            origin = if is_own { Some(numbers(row)? / thigh) } else { None };
        } else if let (true, Some(origin)) = (has("Insertion"), origin) {
            found.push(Attachment { origin, insertion: (numbers(row)? - head) / thigh });
        }
    }
    ensure!(!found.is_empty(), "there are no lines of the {ILIOFEMORAL} ligament");
    Ok(found)
}

/// The first three numbers of a row.
fn numbers(row: &[String]) -> Result<Vector3<f64>> {
    let mut all = row.iter().filter_map(|cell| cell.parse::<f64>().ok()).filter(|value| value.is_finite());
    let mut next = || all.next().ok_or_else(|| anyhow!("a row has fewer than three numbers"));
    Ok(Vector3::new(next()?, next()?, next()?))
}

/// Cells of the first sheet of a workbook that hold something, row by row.
fn rows(file: &Path) -> Result<Vec<Vec<String>>> {
    let mut book = zip::ZipArchive::new(std::fs::File::open(file)?)?;
    let mut text = |name: &str| -> Result<String> {
        let mut text = String::new();
        book.by_name(name)?.take(MOST_BYTES).read_to_string(&mut text)?;
        Ok(text)
    };
    let (shared, sheet) = (text("xl/sharedStrings.xml")?, text("xl/worksheets/sheet1.xml")?);
    let (shared, sheet) = (roxmltree::Document::parse(&shared)?, roxmltree::Document::parse(&sheet)?);
    let all_text = |node: roxmltree::Node<'_, '_>, tag: &str| -> String {
        node.descendants().filter(|n| n.has_tag_name_of(tag)).filter_map(|n| n.text()).collect()
    };
    let words: Vec<String> =
        shared.descendants().filter(|n| n.has_tag_name_of("si")).map(|n| all_text(n, "t")).collect();
    let cell = |node: roxmltree::Node<'_, '_>| -> Option<String> {
        let value = all_text(node, "v");
        let value = match node.attribute("t") {
            Some("s") => words.get(value.parse::<usize>().ok()?)?.clone(),
            _ => value,
        };
        (!value.trim().is_empty()).then(|| value.trim().to_owned())
    };
    let row = |node: roxmltree::Node<'_, '_>| node.children().filter_map(cell).collect();
    Ok(sheet.descendants().filter(|n| n.has_tag_name_of("row")).map(row).collect())
}

/// Names of elements without their namespaces.
trait Named {
    fn has_tag_name_of(&self, name: &str) -> bool;
}

impl Named for roxmltree::Node<'_, '_> {
    fn has_tag_name_of(&self, name: &str) -> bool {
        self.tag_name().name() == name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    }

    #[test]
    fn both_arms_of_the_ligament_are_taken_and_no_other() {
        let all = table(&[
            &["Ischiofemoral", "Ischiofemoral 1", "Origin", "Pelvis", "1", "1", "1"],
            &["Insertion", "Femur", "1", "1", "1"],
            &["Iliofemoral Medial", "Iliofemoral Medial 1", "Origin", "Pelvis", "0.04", "0.08", "0.02"],
            &["Insertion", "Femur", "0.02", "0.36", "0.06"],
            &["Iliofemoral Lateral 1", "Origin", "Pelvis", "0.04", "0.08", "0.02"],
            &["Insertion", "Femur", "0.02", "0.40", "0.08"],
        ]);
        let found = lines(&all, Vector3::new(0.0, 0.4, 0.0)).unwrap();
        assert_eq!(found.len(), 2);
        assert!((found[0].origin - Vector3::new(0.1, 0.2, 0.05)).norm() < 1e-12);
        assert!((found[1].insertion - Vector3::new(0.05, 0.0, 0.2)).norm() < 1e-12);
    }

    #[test]
    fn tables_without_the_ligament_are_refused_with_the_reason() {
        let head = Vector3::new(0.0, 0.4, 0.0);
        assert!(lines(&table(&[&["Origin", "Pelvis", "1", "1", "1"]]), head).is_err());
        let short = table(&[&["Iliofemoral Medial 1", "Origin", "Pelvis", "0.04"]]);
        assert!(lines(&short, head).unwrap_err().to_string().contains("fewer than three numbers"));
        assert!(head_in_femur(&table(&[&["Knee", "Femur", "1", "2", "3"]])).is_err());
        assert_eq!(iliofemoral(Path::new("no such folder")).unwrap(), None);
    }
}
