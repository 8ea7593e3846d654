//! `coxa patient`: virtual patients in folders.

mod folder;
mod renderings;
mod table;

use crate::case::ResultFolder;
use crate::cli::patient::PatientArgs;
use crate::progress::Progress;
use anyhow::{Context, Result};
use coxa_anatomy::virtual_patient::{self, VirtualPatientOptions};
use coxa_geometry::Side;

/// Runs the command.
pub fn run(args: &PatientArgs, progress: &Progress) -> Result<()> {
    let first = options(args, args.seed)?;
    first.check()?;
    let results = ResultFolder::create(&args.output)?;
    let mut rows = Vec::with_capacity(args.count as usize);
    let mut sheet = Vec::with_capacity(args.count as usize);
    for n in 0..args.count {
        let seed = args.seed.saturating_add(u64::from(n));
        let options = VirtualPatientOptions { seed, ..first.clone() };
        let name = format!("patient_{seed:04}");
        let patient = progress.stage(&format!("making {name}"), |_| virtual_patient::generate(&options))?;
        progress.stage(&format!("writing {name}"), |_| {
            results.put(&name, |folder| folder::write(folder, &patient, &options, args.dicom))
        })?;
        // A sheet of a hundred is as much as anybody looks at.
        if args.count > 1 && sheet.len() < renderings::MOST_ON_SHEET {
            sheet.push((name.clone(), renderings::thumbnail(&patient)));
        }
        rows.push(table::Row::new(name, &options, &patient.truth));
    }
    if args.count > 1 {
        let sheet = renderings::contact_sheet(sheet)?;
        results.put("contact_sheet.png", |path| folder::write_file(path, &sheet))?;
        let text = table::csv(&rows)?;
        results.put("patients.csv", |path| folder::write_file(path, &text))?;
    }
    if args.json {
        say!("{}", serde_json::to_string_pretty(&rows).context("the table cannot be written as JSON")?);
    } else {
        for row in &rows {
            say!("{}", args.output.join(&row.patient).display());
        }
    }
    Ok(())
}

fn options(args: &PatientArgs, seed: u64) -> Result<VirtualPatientOptions> {
    Ok(VirtualPatientOptions {
        seed,
        spacing_mm: args.spacing,
        noise_hu: args.noise,
        disease: args.disease.parse()?,
        grade: args.grade,
        affected: args.side.as_deref().map(str::parse::<Side>).transpose()?,
        bmi_kg_per_m2: args.bmi,
        above_hips_mm: args.above,
        below_hips_mm: args.below,
        ..VirtualPatientOptions::default()
    })
}
