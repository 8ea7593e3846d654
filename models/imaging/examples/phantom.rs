//! Writes the synthetic CT of the benchmarks to a folder, for `benches/peers.py`.

use coxa_imaging::{dicom, nifti, phantom};
use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("give the folder to write to")?);
    std::fs::create_dir_all(&folder)?;
    let ct = phantom::sheets([512, 512, 400]);
    nifti::write_ct(&ct, &folder.join("sheets_512x512x400.nii"))?;
    nifti::write_ct(&phantom::sheets([256; 3]), &folder.join("sheets_256.nii"))?;
    dicom::write_series(&ct, &folder.join("series"))?;
    Ok(())
}
