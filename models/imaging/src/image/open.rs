//! An image from a path: DICOM file or folder, NIfTI, PNG or JPEG.

use super::content::{Image, MAX_PIXELS};
use super::error::{ImageError, name_of};
use super::orient::{View, edges};
use super::{raster, series};
use std::path::{Path, PathBuf};

/// Most files of a series.
const MAX_FILES: usize = 5000;
/// Most bytes of one image, all files together.
const MAX_BYTES: u64 = 4 << 30;

/// The files of an image: the file itself, or those of a folder by name, without its subfolders and hidden files.
///
/// # Errors
/// Where the system refuses, a folder is empty, or the files are too many or too large.
pub fn files_of(path: &Path) -> Result<Vec<PathBuf>, ImageError> {
    let io = |error: std::io::Error| ImageError::io(path, error);
    let metadata = std::fs::metadata(path).map_err(io)?;
    let mut files = vec![path.to_owned()];
    if metadata.is_dir() {
        let entries = std::fs::read_dir(path).map_err(io)?;
        let all = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>();
        files = all.map_err(io)?;
        files.retain(|file| file.is_file() && !name_of(file).starts_with('.'));
        files.sort();
    }
    if files.is_empty() {
        return Err(ImageError::unusable(path, "the folder holds no files"));
    }
    if files.len() > MAX_FILES {
        return Err(ImageError::unusable(path, format!("the folder holds more than {MAX_FILES} files")));
    }
    let mut bytes = 0;
    for file in &files {
        let metadata = std::fs::metadata(file).map_err(|error| ImageError::io(file, error))?;
        if !metadata.is_file() {
            return Err(ImageError::unusable(path, "it is neither a file nor a folder"));
        }
        bytes += metadata.len();
    }
    if bytes > MAX_BYTES {
        return Err(ImageError::unusable(path, "it is larger than 4 GB"));
    }
    Ok(files)
}

/// Whether a file has the name of a NIfTI file.
pub fn is_nifti(path: &Path) -> bool {
    let name = name_of(path).to_lowercase();
    name.ends_with(".nii") || name.ends_with(".nii.gz")
}

/// Opens an image.
///
/// # Errors
/// A path that holds no image, with the reason.
pub fn open(path: &Path) -> Result<Image, ImageError> {
    let files = files_of(path)?;
    let wrong = |reason: String| ImageError::unusable(path, reason);
    let read = |file: &PathBuf| std::fs::read(file).map_err(|error| ImageError::io(file, error));
    let first = read(&files[0])?;
    if files.len() == 1 {
        if is_nifti(&files[0]) {
            return nifti(&files[0]).map_err(wrong);
        }
        if first.starts_with(b"\x89PNG\r\n\x1a\n") {
            return raster::png(&first).map_err(wrong);
        }
        if first.starts_with(b"\xFF\xD8\xFF") {
            return raster::jpeg(&first).map_err(wrong);
        }
    }
    let mut all = vec![(name_of(&files[0]), first)];
    for file in &files[1..] {
        all.push((name_of(file), read(file)?));
    }
    series::read(&all).map_err(wrong)
}

fn nifti(path: &Path) -> Result<Image, String> {
    let (volume, _) = crate::nifti::read_values(path).map_err(|error| error.problem.to_string())?;
    if volume.grid.is_empty() || volume.grid.len() > MAX_PIXELS {
        return Err("it has no voxels, or more than 268 million".to_owned());
    }
    let view = View::of(&volume.grid);
    let [columns, rows, slices] = view.grid.dims;
    let places = (0..slices).flat_map(|slice| {
        (0..rows).flat_map(move |row| (0..columns).map(move |column| [column, row, slice]))
    });
    let values: Vec<f64> = places
        .map(|place| {
            let [i, j, k] = view.source(place);
            volume.voxels[[k, j, i]]
        })
        .collect();
    let [x, y, _] = view.grid.spacing_mm();
    Ok(Image {
        spacing_mm: Some([x, y]),
        edges: Some(edges(&view.grid)),
        grid: Some(view.grid.clone()),
        ..Image::new(view.grid.dims, values)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::{RadiographImage, write_radiograph, write_series};
    use crate::{CtVolume, Grid, nifti};
    use coxa_geometry::Point;
    use ndarray::Array3;

    fn volume() -> CtVolume {
        let grid = Grid::axis_aligned([6, 5, 4], Point::origin(), [1.0, 1.5, 3.0]);
        let voxels = Array3::from_shape_fn((4, 5, 6), |(k, j, i)| (100 * k + 10 * j + i) as i16 - 50);
        CtVolume::new(grid, voxels)
    }

    #[test]
    fn a_series_and_a_nifti_file_are_the_same_picture() {
        let folder = tempfile::tempdir().unwrap();
        let ct = volume();
        write_series(&ct, &folder.path().join("series")).unwrap();
        nifti::write_ct(&ct, &folder.path().join("ct.nii.gz")).unwrap();
        let [series, single] = ["series", "ct.nii.gz"].map(|name| open(&folder.path().join(name)).unwrap());
        for image in [&series, &single] {
            assert_eq!(image.size, [6, 5, 4]);
            assert_eq!(image.edges, Some(['R', 'L', 'A', 'P']));
            assert_eq!(image.spacing_mm, Some([1.0, 1.5]));
            let at = |slice: usize, row: usize, column: usize| image.values[(slice * 5 + row) * 6 + column];
            assert_eq!((at(0, 0, 0), at(2, 3, 4)), (-50.0, 184.0));
            assert_eq!(image.volume().unwrap().voxels[[2, 3, 4]], 184.0);
            assert!(image.grid.as_ref().unwrap().matches(&ct.grid, 1e-6));
        }
        assert_eq!(series.values, single.values);
        assert_eq!((series.modality.as_deref(), single.modality), (Some("CT"), None));
    }

    #[test]
    fn a_sagittal_series_and_its_nifti_file_show_the_same_slices() {
        let folder = tempfile::tempdir().unwrap();
        // Columns to the back, rows to the feet, slices to the right: as scanners write them.
        let step = nalgebra::Matrix3::new(0.0, 0.0, -4.0, 1.0, 0.0, 0.0, 0.0, -1.0, 0.0);
        let grid = Grid { dims: [6, 5, 4], origin: Point::new(8.0, -3.0, 2.0), step };
        let voxels = Array3::from_shape_fn((4, 5, 6), |(k, j, i)| (100 * k + 10 * j + i) as i16);
        let ct = CtVolume::new(grid, voxels);
        write_series(&ct, &folder.path().join("series")).unwrap();
        nifti::write_ct(&ct, &folder.path().join("ct.nii.gz")).unwrap();
        let [series, single] = ["series", "ct.nii.gz"].map(|name| open(&folder.path().join(name)).unwrap());
        assert_eq!((series.edges, series.size), (Some(['A', 'P', 'H', 'F']), [6, 5, 4]));
        assert_eq!((series.edges, series.size), (single.edges, single.size));
        assert_eq!(series.values, single.values);
        assert!(series.grid.unwrap().matches(&single.grid.unwrap(), 1e-6));
    }

    fn write_film([columns, rows]: [usize; 2], pixels: &[u16], path: &Path) {
        let image = RadiographImage {
            columns,
            rows,
            pixels,
            detector_spacing_mm: 0.5,
            source_to_detector_mm: 1150.0,
            source_to_patient_mm: 1000.0,
            orientation: ["L", "F"],
            view: "AP",
        };
        write_radiograph(&image, path).unwrap();
    }

    #[test]
    fn radiographs_and_rasters_open() {
        let folder = tempfile::tempdir().unwrap();
        let pixels: Vec<u16> = (0..12 * 8).map(|n| n * 40).collect();
        let path = folder.path().join("film.dcm");
        write_film([12, 8], &pixels, &path);
        let film = open(&path).unwrap();
        assert_eq!((film.size, film.window, film.is_inverted), ([12, 8, 1], Some([2048.0, 4096.0]), false));
        assert_eq!((film.modality.as_deref(), film.view.as_deref()), (Some("DX"), Some("AP")));
        assert!(film.values.iter().zip(&pixels).all(|(value, pixel)| *value == f64::from(*pixel)));

        let path = folder.path().join("grey.png");
        let mut encoder = png::Encoder::new(std::fs::File::create(&path).unwrap(), 3, 2);
        encoder.set_color(png::ColorType::Rgb);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&[255; 18]).unwrap();
        drop(writer);
        let white = open(&path).unwrap();
        assert_eq!((white.size, &white.values), ([3, 2, 1], &vec![255.0; 6]));
    }

    #[test]
    fn what_is_no_picture_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        for path in [
            put("text.dcm", b"no image"),
            put("cut.png", b"\x89PNG\r\n\x1a\n\0\0"),
            put("cut.jpg", b"\xFF\xD8\xFF\xE0"),
            put("cut.nii", b"12345"),
            folder.path().join("none.dcm"),
        ] {
            let message = open(&path).unwrap_err().to_string();
            assert!(message.contains(&name_of(&path)), "{message}");
        }
        std::fs::create_dir(folder.path().join("empty")).unwrap();
        let message = open(&folder.path().join("empty")).unwrap_err().to_string();
        assert!(message.contains("holds no files"), "{message}");
    }

    /// Bytes of a small PNG and of a small radiograph.
    fn whole() -> [(&'static str, Vec<u8>); 2] {
        let mut raster = Vec::new();
        let mut encoder = png::Encoder::new(&mut raster, 4, 3);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Sixteen);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&[7; 24]).unwrap();
        drop(writer);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("film.dcm");
        write_film([4, 3], &[9; 12], &path);
        [("p.png", raster), ("p.dcm", std::fs::read(path).unwrap())]
    }

    proptest::proptest! {
        #[test]
        fn damaged_images_are_refused_or_read(kind in 0..2usize, at in 0.0..1.0f64, cut in 0.0..1.0f64, byte in 0u8..=255) {
            let (name, mut bytes) = whole()[kind].clone();
            let place = (at * bytes.len() as f64) as usize;
            bytes[place] = byte;
            // Half of the files are cut, too.
            if cut < 0.5 {
                bytes.truncate((2.0 * cut * bytes.len() as f64) as usize);
            }
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(name);
            std::fs::write(&path, &bytes).unwrap();
            if let Ok(image) = open(&path) {
                let [columns, rows, slices] = image.size;
                proptest::prop_assert_eq!(image.values.len(), columns * rows * slices);
            }
        }
    }
}
