//! `coxa verify`: the installed program against reference data.

use crate::cli::{Suite, VerifyArgs};
use crate::verify;
use crate::verify::rom_cone::Engine;
use anyhow::{Result, bail};

/// Runs the command; fails where a check does not hold.
pub fn run(args: &VerifyArgs) -> Result<()> {
    let path = &args.path;
    if args.engine.is_some() && args.suite != Suite::RomCone {
        bail!("--engine is for rom-cone; leave it out");
    }
    if args.ct.is_some() && args.suite != Suite::Radiomics {
        bail!("--ct is for radiomics; leave it out");
    }
    if args.courses {
        return courses(args);
    }
    let is_of_scans = !args.conditions.is_empty() || args.output.is_some();
    if is_of_scans && args.suite != Suite::MadeScans {
        bail!("--conditions and -o are for made-scans; leave them out");
    }
    if args.suspects {
        return suspects(args);
    }
    let report = match args.suite {
        Suite::CupAngles => verify::cup_angles::run(path),
        Suite::RomCone => verify::rom_cone::run(path, args.engine.unwrap_or(Engine::Cone)),
        Suite::RomWorkload => verify::rom_workload::run(path),
        Suite::OscillationAngle => verify::oscillation_angle::run(path),
        Suite::JumpingDistance => verify::jumping_distance::run(path),
        Suite::Landmarks => verify::landmarks::run(path),
        Suite::MadeScans => {
            let (conditions, write) = (args.conditions.clone(), args.output.clone());
            let choice = verify::made_scans::Choice { conditions, write };
            verify::made_scans::run(path, &choice)
        }
        Suite::Shape => verify::shape::run(path),
        Suite::Radiomics => verify::radiomics::run(path, args.ct.as_deref()),
        Suite::Pelvis => verify::pelvis::run(path),
        Suite::Completion => verify::completion::run(path),
        Suite::HipForces => verify::hip_forces::run(path),
        Suite::LegPeers => verify::leg_peers::run(path),
        Suite::OpensimPaths => verify::opensim_paths::run(path),
        Suite::OpensimId => verify::opensim_id::run(path),
        Suite::OpensimIk => verify::opensim_ik::run(path),
        Suite::OpensimJr => verify::opensim_jr::run(path),
        Suite::OpensimSo => verify::opensim_so::run(path),
        Suite::Segmentation => match &args.against {
            Some(against) => verify::segmentation::run(path, against),
            None => bail!("segmentation needs --against FILE, the label map to judge against"),
        },
        Suite::Vessels => match &args.against {
            Some(against) => verify::vessels::run(path, against),
            None => bail!("vessels needs --against, a virtual patient's folder or a label map of vessels"),
        },
    }?;
    if args.json {
        say!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        say!("{report}");
    }
    if report.holds() { Ok(()) } else { Err(crate::failure::Unproven(report.suite).into()) }
}

/// The force over whole motions: tables and a picture without a verdict.
fn courses(args: &VerifyArgs) -> Result<()> {
    if args.suite != Suite::HipForces {
        bail!("--courses is for hip-forces; leave it out");
    }
    if !args.conditions.is_empty() {
        bail!("--conditions is for made-scans; leave it out");
    }
    let found = verify::hip_forces::run_courses(&args.path)?;
    if let Some(file) = &args.output {
        crate::new_file::write(file, &found.svg()?)?;
    }
    if args.json {
        say!("{}", serde_json::to_string_pretty(&found)?);
    } else {
        say!("{found}");
    }
    Ok(())
}

/// Why a prediction is off: a table without a verdict.
fn suspects(args: &VerifyArgs) -> Result<()> {
    if args.suite != Suite::HipForces {
        bail!("--suspects is for hip-forces; leave it out");
    }
    let found = verify::hip_forces::run_suspects(&args.path)?;
    if args.json {
        say!("{}", serde_json::to_string_pretty(&found)?);
    } else {
        say!("{found}");
    }
    Ok(())
}
