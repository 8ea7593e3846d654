//! `coxa segment`: only bones and muscles, and what can be measured on them.

use super::findings::print_findings;
use crate::cli::SegmentArgs;
use crate::failure::Refused;
use crate::table::Table;
use anyhow::Result;
use coxa_case::folder::Case;
use coxa_case::input::Scan;
use coxa_case::progress::Progress;
use coxa_case::request::Request;
use coxa_case::source::Source;
use coxa_case::stages::Stages;
use coxa_geometry::Severity;

/// Runs the command.
pub fn run(args: &SegmentArgs, progress: &dyn Progress) -> Result<()> {
    Case::check_folder(&args.output)?;
    let mut request = Request::of_ct(Source { path: None, blake3: String::new() });
    args.input.read_as().apply(&mut request)?;
    let scan = Scan::read(&args.ct, request.series.as_deref(), progress)?;
    (request.ct, request.identity) = (scan.source.clone(), scan.identity.clone());
    let mut case = Case::create(&args.output, request)?;
    let mut stages = Stages::of_scan(&mut case, scan, progress)?;
    stages.make_surfaces()?;
    if args.measure {
        stages.make_anatomy()?;
    }
    stages.keep_request()?;
    let (labels, grid) = (stages.labels()?, stages.grid()?);
    let findings = stages.findings_of_scan(args.measure);
    let voxel_ml = grid.voxel_volume_mm3() / 1000.0;
    let mut counts = [0u64; 256];
    for &id in labels.map.volume.as_slice() {
        counts[usize::from(id)] += 1;
    }
    if args.json {
        let volumes: std::collections::BTreeMap<&str, f64> = labels
            .map
            .table
            .iter()
            .map(|l| (l.name.as_str(), counts[usize::from(l.id)] as f64 * voxel_ml))
            .collect();
        let json = serde_json::json!({ "case": args.output, "volume_ml": volumes, "findings": findings });
        say!("{}", serde_json::to_string_pretty(&json)?);
    } else {
        let mut table = Table::new().left("").right("");
        for label in labels.map.table.iter().filter(|label| counts[usize::from(label.id)] > 0) {
            let volume_ml = counts[usize::from(label.id)] as f64 * voxel_ml;
            table.row(&[&label.name, &format_args!("{volume_ml:.1} ml")]);
        }
        say!("{table}");
        print_findings(&findings);
        say!("labels: {}", args.output.join("labels.nii.gz").display());
    }
    if findings.iter().any(|f| f.severity == Severity::Refusal) {
        return Err(Refused { what: "segmenting the scan".into(), findings }.into());
    }
    Ok(())
}
