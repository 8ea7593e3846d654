//! `coxa verify radiomics`: features against the consensus values of the Image Biomarker Standardisation Initiative.

use super::{Check, SuiteReport};
use coxa_radiomics::{DataSet, Verdict, conformance, filters};
use std::path::Path;

/// What is told of rows that were not computed.
const WITHOUT_CT: &str = "not computed: --ct names the folder of the CT phantom";

/// Rows of the reference table of IBSI 2.
const FILTER_ROWS: usize = 324;

/// Compares every row of the digital phantom and, with the folder of the CT phantom, of configurations A to E and of the filters of IBSI 2.
pub fn run(path: &Path, ct: Option<&Path>) -> anyhow::Result<SuiteReport> {
    let rows = conformance(path, ct)?;
    let mut checks = Vec::new();
    for set in [DataSet::DigitalPhantom].into_iter().chain(DataSet::CT) {
        let of_set = rows.iter().filter(|row| row.set == set);
        checks.push(check(set.name(), &of_set.map(|row| (row.tag.clone(), row.verdict)).collect::<Vec<_>>()));
    }
    checks.push(match ct {
        Some(ct) => {
            let rows = filters::conformance(path, ct)?;
            let tagged = rows.iter().map(|row| (format!("{} {}", row.set, row.tag), row.verdict));
            check("IBSI 2, filters", &tagged.collect::<Vec<_>>())
        }
        None => check("IBSI 2, filters", &vec![(String::new(), Verdict::Skipped); FILTER_ROWS]),
    });
    Ok(SuiteReport { suite: "radiomics", evidence: "real-reference", checks })
}

/// That no row with a consensus is outside of its tolerance.
fn check(name: &str, rows: &[(String, Verdict)]) -> Check {
    if rows.iter().all(|(_, verdict)| *verdict == Verdict::Skipped) {
        let skipped = Check::shown(format!("{name}, skipped"), &vec![0.0; rows.len()], "rows");
        return skipped.with_note(WITHOUT_CT);
    }
    let outside: Vec<f64> = rows
        .iter()
        .filter(|(_, verdict)| *verdict != Verdict::NotStandardised)
        .map(|(_, verdict)| f64::from(u8::from(*verdict == Verdict::Outside)))
        .collect();
    let names: Vec<&str> = rows
        .iter()
        .filter(|(_, verdict)| *verdict == Verdict::Outside)
        .map(|(tag, _)| tag.as_str())
        .collect();
    let left_out = rows.len() - outside.len();
    let note = match names.as_slice() {
        [] => format!("{left_out} further rows have no consensus"),
        names => format!("outside: {}", names.join(", ")),
    };
    Check::at_most(format!("{name}, outside tolerance"), &outside, 0.0, "rows").with_note(note)
}
