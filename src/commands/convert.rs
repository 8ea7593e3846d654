//! `coxa convert`: a CT in another format, voxel for voxel.

use super::findings::print_findings;
use crate::cli::ConvertArgs;
use anyhow::{Result, bail};
use coxa_case::progress::Progress;
use coxa_imaging::source::{self, ReadOptions};
use coxa_imaging::{dicom, nifti};
use std::path::Path;

/// Runs the command.
pub fn run(args: &ConvertArgs, progress: &dyn Progress) -> Result<()> {
    let options = ReadOptions { series: args.series.clone() };
    let output = &args.output;
    if output.exists() {
        bail!("{} exists already; choose another name, or remove it", output.display());
    }
    if let Some(parent) = output.parent().filter(|p| !p.as_os_str().is_empty() && !p.is_dir()) {
        bail!("cannot write {}: there is no folder {}", output.display(), parent.display());
    }
    let form = Form::named(output)?;
    let opened = progress.stage("reading", |_| source::open(&args.input, &options))?;
    let [columns, rows, slices] = opened.ct.grid.dims;
    let written = progress.stage("writing", |_| -> Result<&str> {
        match form {
            Form::Nifti => nifti::write_ct(&opened.ct, output)?,
            Form::DicomFolder => dicom::write_series(&opened.ct, output)?,
        }
        Ok(form.name())
    })?;
    print_findings(&opened.notes);
    say!("{}: {written} of {columns} x {rows} x {slices} voxels", output.display());
    Ok(())
}

/// Formats that can be written.
enum Form {
    Nifti,
    DicomFolder,
}

impl Form {
    /// The format that a name asks for. A name with an ending is a file, and only NIfTI is written as one.
    fn named(output: &Path) -> Result<Form> {
        let name = output.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        if name.ends_with(".nii") || name.ends_with(".nii.gz") {
            return Ok(Form::Nifti);
        }
        match output.extension() {
            None => Ok(Form::DicomFolder),
            Some(ending) => bail!(
                "cannot write {}: files ending in .{} are not written; name a file ending in .nii or .nii.gz, or a folder \
                 without an ending for a DICOM series",
                output.display(),
                ending.to_string_lossy()
            ),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Form::Nifti => "NIfTI",
            Form::DicomFolder => "DICOM series",
        }
    }
}
