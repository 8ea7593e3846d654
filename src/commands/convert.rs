//! `coxa convert`: a CT in another format, voxel for voxel.

use crate::cli::ConvertArgs;
use crate::progress::Progress;
use anyhow::{Result, bail};
use coxa_imaging::source::{self, ReadOptions};
use coxa_imaging::{dicom, nifti};

/// Runs the command.
pub fn run(args: &ConvertArgs, progress: &Progress) -> Result<()> {
    let options = ReadOptions { series: args.series.clone() };
    let output = &args.output;
    if output.exists() {
        bail!("{} exists already; choose another name, or remove it", output.display());
    }
    let opened = progress.stage("reading", |_| source::open(&args.input, &options))?;
    let name = output.to_string_lossy();
    progress.stage("writing", |_| -> Result<()> {
        if name.ends_with(".nii") || name.ends_with(".nii.gz") {
            nifti::write_ct(&opened.ct, output)?;
        } else {
            dicom::write_series(&opened.ct, output)?;
        }
        Ok(())
    })
}
