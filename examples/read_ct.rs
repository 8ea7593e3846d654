//! Reads a CT: a DICOM folder, a zip or a NIfTI file.
//!
//!     cargo run --example read_ct -- scan.nii.gz
//!
//! Without a path it writes the scan of a virtual patient into a temporary folder and reads that.

use coxa_imaging::nifti;
use coxa_imaging::source::{self, ReadOptions};
use coxa_synthetic::{VirtualPatientOptions, generate};
use std::path::PathBuf;

fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = match std::env::args_os().nth(1) {
        Some(path) => PathBuf::from(path),
        None => {
            let patient = generate(&VirtualPatientOptions { spacing_mm: 3.0, ..Default::default() })?;
            let path = folder.path().join("scan.nii.gz");
            nifti::write_ct(&patient.ct, &path)?;
            path
        }
    };
    let opened = source::open(&path, &ReadOptions::default())?;
    let grid = &opened.ct.grid;
    println!("{} x {} x {} voxels, origin {:?}", grid.dims[0], grid.dims[1], grid.dims[2], grid.origin);
    for note in &opened.notes {
        println!("note: {}", note.message);
    }
    Ok(())
}
