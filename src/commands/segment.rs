//! `coxa segment`: only bones and muscles.

use super::plan::print_findings;
use crate::case::Case;
use crate::cli::SegmentArgs;
use crate::input::{self, Input};
use crate::pipeline;
use crate::progress::Progress;
use anyhow::Result;

/// Runs the command.
pub fn run(args: &SegmentArgs, progress: &Progress) -> Result<()> {
    let Input { ct, labels, record, notes, .. } = input::read(&args.ct, &args.input, progress)?;
    let mut case = Case::create(&args.output, record)?;
    let bones = pipeline::find_bones(&ct, labels, &mut case, progress)?;
    let findings: Vec<_> = notes.into_iter().chain(bones.findings).collect();
    let voxel_ml = ct.grid.voxel_volume_mm3() / 1000.0;
    let mut counts = [0u64; 256];
    for &id in bones.labels.volume.as_slice() {
        counts[usize::from(id)] += 1;
    }
    if args.json {
        let volumes: std::collections::BTreeMap<&str, f64> = bones
            .labels
            .table
            .iter()
            .map(|l| (l.name.as_str(), counts[usize::from(l.id)] as f64 * voxel_ml))
            .collect();
        let json = serde_json::json!({ "case": args.output, "volume_ml": volumes, "findings": findings });
        say!("{}", serde_json::to_string_pretty(&json)?);
    } else {
        for label in &bones.labels.table {
            say!("{:36} {:9.1} ml", label.name, counts[usize::from(label.id)] as f64 * voxel_ml);
        }
        print_findings(&findings);
        say!("labels: {}", args.output.join("labels.nii.gz").display());
    }
    Ok(())
}
