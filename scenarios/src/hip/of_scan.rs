//! The hip of a CT that was not planned yet.

use super::CohortHip;
use anyhow::{Result, bail};
use coxa_case::failure::file_error;
use coxa_case::folder::Case;
use coxa_case::input::Scan;
use coxa_case::progress::Silent;
use coxa_case::request::Request;
use coxa_case::source::Source;
use coxa_case::stages::Stages;
use coxa_geometry::{Severity, Side};
use std::path::Path;

/// A CT in which nothing can be planned, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct RefusedScan(pub String);

impl CohortHip {
    /// The hip in a CT: bones, muscles and anatomy are found as `coxa plan` finds them, in a folder that is removed again.
    ///
    /// # Errors
    /// What is no CT; a CT that segmentation refuses; a folder for what is passing that cannot be made.
    pub fn of_scan(path: &Path, side: Side) -> Result<CohortHip> {
        let passing = tempfile::tempdir()
            .map_err(|error| file_error("make a folder in", &std::env::temp_dir(), &error))?;
        let folder = passing.path().join("case");
        let scan = Scan::read(path, None, &Silent)?;
        let mut request =
            Request { side: Some(side), ..Request::of_ct(Source { path: None, blake3: String::new() }) };
        (request.ct, request.identity) = (scan.source.clone(), scan.identity.clone());
        let mut case = Case::create(&folder, request)?;
        let mut stages = Stages::of_scan(&mut case, scan, &Silent)?;
        stages.make_anatomy()?;
        let findings = stages.findings_of_scan(true);
        if let Some(refusal) = findings.iter().find(|finding| finding.severity == Severity::Refusal) {
            bail!(RefusedScan(refusal.message.clone()));
        }
        stages.keep_request()?;
        drop(stages);
        drop(case);
        CohortHip::of_case(&folder)
    }
}
