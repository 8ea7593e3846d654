//! `coxa segment`: only bones and muscles, and what can be measured on them.

use super::plan::print_findings;
use crate::cli::SegmentArgs;
use crate::failure::Refused;
use anyhow::Result;
use coxa_anatomy::muscle::{MusclePrior, MuscleTrust};
use coxa_case::folder::Case;
use coxa_case::input::{self, Input};
use coxa_case::pipeline;
use coxa_case::progress::Progress;
use coxa_geometry::Severity;

/// Runs the command.
pub fn run(args: &SegmentArgs, progress: &dyn Progress) -> Result<()> {
    let Input { ct, labels, calibration, record, notes } =
        input::read(&args.ct, &args.input.read_as(), progress)?;
    let mut case = Case::create(&args.output, record)?;
    let (bones, findings) = if args.measure {
        let found = pipeline::measured(&ct, labels, &calibration, notes, &mut case, progress)?;
        case.save_anatomy(&found.anatomy)?;
        (found.bones, found.findings)
    } else {
        let mut bones = pipeline::find_bones(&ct, labels, &mut case, progress)?;
        let findings = notes.into_iter().chain(std::mem::take(&mut bones.findings)).collect();
        (bones, findings)
    };
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
        for label in bones.labels.table.iter().filter(|label| counts[usize::from(label.id)] > 0) {
            let volume_ml = counts[usize::from(label.id)] as f64 * voxel_ml;
            let strand =
                |m: &MuscleTrust| m.structure == label.name && m.prior == MusclePrior::SchematicStrand;
            let is_schematic = bones.trust.iter().any(strand);
            let how = if is_schematic { "   schematic: see muscles.json" } else { "" };
            say!("{:36} {volume_ml:9.1} ml{how}", label.name);
        }
        print_findings(&findings);
        say!("labels: {}", args.output.join("labels.nii.gz").display());
    }
    if findings.iter().any(|f| f.severity == Severity::Refusal) {
        return Err(Refused { what: "segmenting the scan".into(), findings }.into());
    }
    Ok(())
}
