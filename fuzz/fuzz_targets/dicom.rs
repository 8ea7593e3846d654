//! DICOM from arbitrary bytes: pixels, radiograph, segmentation, structure set, and a series of up to four slices that the
//! input is split into. Either something that agrees with itself, or a reason.
#![no_main]

use coxa_geometry::Point;
use coxa_imaging::{Grid, dicom, source};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((&slices, bytes)) = input.split_first() else { return };
    if let Ok(pixels) = dicom::read_pixels_from(bytes) {
        assert_eq!(pixels.values.len(), pixels.shape.iter().product::<usize>());
    }
    let _ = dicom::read_radiograph_from(bytes);
    if let Ok((labels, _)) = dicom::read_seg_from(bytes) {
        assert_eq!(labels.volume.as_slice().len(), labels.volume.grid.len());
    }
    let grid = Grid::axis_aligned([8, 8, 4], Point::origin(), [1.0; 3]);
    let _ = dicom::read_rtstruct_from(bytes, &grid);
    let files =
        bytes.chunks(bytes.len().div_ceil(usize::from(slices % 4) + 1).max(1)).map(<[u8]>::to_vec).collect();
    if let Ok(opened) = source::open_bytes(files, &source::ReadOptions::default()) {
        assert_eq!(opened.ct.as_slice().len(), opened.ct.grid.len());
        assert!(opened.ct.grid.voxel_volume_mm3() > 0.0);
    }
});
