//! `coxa demo`: the main job on the built-in virtual patient.

use super::plan;
use crate::case::CaseInput;
use crate::cli::DemoArgs;
use crate::input::{Input, content_hash};
use crate::progress::Progress;
use anyhow::Result;
use coxa_anatomy::virtual_patient::{self, VirtualPatientOptions};
use coxa_geometry::Side;
use coxa_planner::placement::PlanOptions;

/// Runs the command.
pub fn run(args: &DemoArgs, progress: &Progress) -> Result<()> {
    let side = args.side.parse()?;
    let catalogue = plan::catalogue(None)?;
    let input = virtual_input(args.seed, side, progress)?;
    plan::carry_out(input, side, None, PlanOptions::default(), &catalogue, &args.output, args.json, progress)
}

/// The CT of a virtual patient with a worn hip on one side, as if it had been read from files.
pub fn virtual_input(seed: u64, worn: Side, progress: &Progress) -> Result<Input> {
    let options = VirtualPatientOptions { seed, worn: Some(worn), ..VirtualPatientOptions::default() };
    let patient = progress.stage("making a virtual patient", |_| virtual_patient::generate(&options))?;
    let record = CaseInput {
        path: None,
        series: None,
        labels: None,
        label_mapping: None,
        seed: Some(seed),
        side: None,
        blake3: content_hash(&patient.ct),
    };
    Ok(Input { ct: patient.ct, labels: None, record, notes: Vec::new() })
}
