//! CT and label volumes from arbitrary bytes: either a volume that agrees with its grid, or a reason.
#![no_main]

use coxa_imaging::nifti;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((ct, _)) = nifti::read_ct_from(bytes) {
        assert_eq!(ct.as_slice().len(), ct.grid.len());
        assert!(ct.grid.voxel_volume_mm3() > 0.0);
    }
    if let Ok((ids, _)) = nifti::read_label_ids_from(bytes) {
        assert_eq!(ids.as_slice().len(), ids.grid.len());
    }
});
