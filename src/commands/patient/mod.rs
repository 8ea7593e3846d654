//! `coxa patient`: virtual patients in folders.

mod folder;
mod made;
mod renderings;
mod table;
mod truth;

use crate::cli::patient::{ContrastArg, ImplantArg, PatientArgs, PhysicsArg};
use anyhow::{Context, Result, bail};
use coxa_case::folder::ResultFolder;
use coxa_case::progress::Progress;
use coxa_geometry::Side;
use coxa_shape::muscle_atlas::MuscleAtlas;
use coxa_synthetic::{ContrastPhase, CtPhysics, Disease, ImplantKind, Template, VirtualPatientOptions};
use made::Made;

/// Runs the command.
pub fn run(args: &PatientArgs, progress: &dyn Progress) -> Result<()> {
    let first = options(args)?;
    first.check()?;
    let mut template = args.template.as_deref().map_or_else(Template::shipped, Template::read)?;
    if let Some(file) = &args.muscle_atlas {
        template = template.with_muscles(MuscleAtlas::read(file)?);
    }
    let results = ResultFolder::create(&args.output)?;
    let mut rows = Vec::with_capacity(args.count as usize);
    let mut sheet = Vec::with_capacity(args.count as usize);
    for n in 0..args.count {
        let seed = args.seed.saturating_add(u64::from(n));
        let options = VirtualPatientOptions { seed, ..first.clone() };
        let name = format!("patient_{seed:04}");
        let made =
            progress.stage(&format!("making {name}"), |_| Made::new(&template, options, &args.modality))?;
        progress.stage(&format!("writing {name}"), |_| {
            results.put(&name, |folder| folder::write(folder, &made, args.dicom))
        })?;
        // A sheet of a hundred is as much as anybody looks at.
        if args.count > 1 && sheet.len() < renderings::MOST_ON_SHEET {
            sheet.push((name.clone(), renderings::thumbnail(&made.phantom)));
        }
        rows.push(table::PatientRow::new(name, &made.options, &made.phantom.truth));
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

fn options(args: &PatientArgs) -> Result<VirtualPatientOptions> {
    let side = args.side.as_deref().map(str::parse::<Side>).transpose()?;
    let disease: Disease = args.disease.parse()?;
    if side.is_some() && disease == Disease::None && args.implant.is_none() {
        bail!("--side says which hip is affected or carries metal; name --disease or --implant too");
    }
    let (metal, implant) = match args.implant {
        None => (None, ImplantKind::default()),
        Some(ImplantArg::Nail) => (Some(side.unwrap_or(Side::Right)), ImplantKind::Nail),
        Some(ImplantArg::Hip) => (Some(side.unwrap_or(Side::Right)), ImplantKind::HipReplacement),
    };
    Ok(VirtualPatientOptions {
        seed: args.seed,
        spacing_mm: args.spacing,
        noise_hu: args.noise,
        disease,
        grade: args.grade,
        affected: side.or(metal),
        femur: args.femur.parse()?,
        bmi_kg_per_m2: args.bmi,
        contrast: args.contrast.map(|phase| match phase {
            ContrastArg::Native => ContrastPhase::Native,
            ContrastArg::Arterial => ContrastPhase::Arterial,
            ContrastArg::Venous => ContrastPhase::Venous,
        }),
        metal,
        implant,
        physics: match args.physics {
            PhysicsArg::Quick => CtPhysics::Quick,
            PhysicsArg::Sinogram => CtPhysics::Sinogram,
        },
        above_hips_mm: args.above,
        below_hips_mm: args.below,
        ..VirtualPatientOptions::default()
    })
}
