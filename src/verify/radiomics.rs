//! `coxa verify radiomics`: features against the consensus values of the Image Biomarker Standardisation Initiative.

use super::{Check, SuiteReport};
use coxa_radiomics::{ConformanceRow, DataSet, Verdict, conformance};
use std::path::Path;

/// Compares every row of the digital phantom and, with the folder of the CT phantom, of configurations A to E.
pub fn run(path: &Path, ct: Option<&Path>) -> anyhow::Result<SuiteReport> {
    let rows = conformance(path, ct)?;
    let mut checks = Vec::new();
    for set in [DataSet::DigitalPhantom].into_iter().chain(DataSet::CT) {
        let of_set: Vec<&ConformanceRow> = rows.iter().filter(|row| row.set == set).collect();
        let standardised: Vec<f64> = of_set
            .iter()
            .filter(|row| row.verdict != Verdict::NotStandardised)
            .map(|row| f64::from(u8::from(row.verdict == Verdict::Outside)))
            .collect();
        if of_set.iter().all(|row| row.verdict == Verdict::Skipped) {
            let skipped = Check::shown(format!("{}, skipped", set.name()), &vec![0.0; of_set.len()], "rows");
            checks.push(skipped.with_note("not computed: --ct names the folder of the CT phantom"));
            continue;
        }
        let names: Vec<&str> =
            of_set.iter().filter(|row| row.verdict == Verdict::Outside).map(|row| row.tag.as_str()).collect();
        let left_out = of_set.len() - standardised.len();
        let note = match names.as_slice() {
            [] => format!("{left_out} further rows have no consensus"),
            names => format!("outside: {}", names.join(", ")),
        };
        let name = format!("{}, outside tolerance", set.name());
        checks.push(Check::at_most(name, &standardised, 0.0, "rows").with_note(note));
    }
    Ok(SuiteReport { suite: "radiomics", evidence: "real-reference", checks })
}
