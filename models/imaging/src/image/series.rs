//! DICOM files: one of one or several frames, or a series of slices.

use super::content::{Image, MAX_PIXELS};
use super::orient;
use super::raster::luma;
use crate::Grid;
use crate::dicom::read_pixels_from;
use crate::source::ReadError;
use coxa_geometry::Point;

use dicom_dictionary_std::tags;
use dicom_object::{InMemDicomObject, OpenFileOptions, Tag};
use nalgebra::{Matrix3, Vector3};

/// Distances of slices may differ from their mean by this part.
const UNEVEN: f64 = 0.01;
/// Least cosine between the normals of slices of one stack.
const PARALLEL: f64 = 0.999;

/// One file.
struct Slice {
    /// Its pixels are indices into a colour table.
    is_palette: bool,
    name: String,
    series: String,
    number: f64,
    size: [usize; 2],
    frames: usize,
    values: Vec<f64>,
    window: Option<[f64; 2]>,
    modality: Option<String>,
    view: Option<String>,
    is_inverted: bool,
    spacing_mm: Option<[f64; 2]>,
    /// Directions of rows and columns, and the place of the first pixel.
    plane: Option<([Vector3<f64>; 2], Vector3<f64>)>,
}

/// Reads the files of one image. Files of a folder that are no DICOM images are left out.
pub(super) fn read(files: &[(String, Vec<u8>)]) -> Result<Image, String> {
    let mut slices = Vec::new();
    let mut pixels = 0usize;
    for (name, bytes) in files {
        match slice(name, bytes) {
            Ok(slice) => {
                pixels = pixels.saturating_add(slice.values.len());
                if pixels > MAX_PIXELS {
                    return Err("it has more than 268 million pixels".to_owned());
                }
                slices.push(slice);
            }
            Err(ReadError::NotAnImage { .. }) if files.len() > 1 => {}
            Err(ReadError::NotAnImage { .. }) => {
                return Err("it is no DICOM image, NIfTI file (.nii, .nii.gz), PNG or JPEG".to_owned());
            }
            Err(error) => return Err(error.to_string()),
        }
    }
    let Some(first) = slices.first() else { return Err("it holds no DICOM image".to_owned()) };
    if slices.iter().any(|slice| slice.is_palette) {
        return Err("its pixels are indices into a colour table; export it in grey".to_owned());
    }
    if slices.iter().any(|slice| slice.series != first.series) {
        return Err(
            "its files are of several series; give a folder with one series for each image".to_owned()
        );
    }
    if let Some(other) = slices.iter().find(|slice| slice.size != first.size) {
        let ([columns, rows], [others, heights]) = (first.size, other.size);
        return Err(format!("its slices have {columns} x {rows} and {others} x {heights} pixels"));
    }
    if slices.len() > 1 && slices.iter().any(|slice| slice.frames > 1) {
        return Err(
            "some of its files hold several frames; give each such file as an image of its own".to_owned()
        );
    }
    slices.iter_mut().for_each(upright);
    let distances = sort(&mut slices);
    Ok(joined(&slices, distances))
}

/// Turns a slice of a patient who lay on the front or feet first round, where rows or columns run the other way than usual: to the left of the patient or to the back along a row, to the back or the feet
/// down a column, as volumes of other formats are shown.
fn upright(slice: &mut Slice) {
    let [columns, rows] = slice.size;
    let (Some((directions, place)), Some(spacing)) = (slice.plane.as_mut(), slice.spacing_mm) else { return };
    let is_turned = directions.map(|direction| {
        let axis = direction.iamax();
        if axis == 2 { direction[axis] > 0.0 } else { direction[axis] < 0.0 }
    });
    for (n, count) in [columns, rows].into_iter().enumerate() {
        if is_turned[n] {
            *place += directions[n] * (spacing[n] * count.saturating_sub(1) as f64);
            directions[n] = -directions[n];
        }
    }
    for frame in slice.values.chunks_exact_mut((columns * rows).max(1)) {
        if is_turned[0] {
            frame.chunks_exact_mut(columns.max(1)).for_each(<[f64]>::reverse);
        }
        if is_turned[1] {
            (0..rows / 2).for_each(|row| {
                let (above, below) = frame.split_at_mut((rows - 1 - row) * columns);
                above[row * columns..(row + 1) * columns].swap_with_slice(&mut below[..columns]);
            });
        }
    }
}

/// The way through a stack: across its slices, from the right, the front or the feet on.
fn through([row, column]: [Vector3<f64>; 2]) -> Vector3<f64> {
    let normal = row.cross(&column);
    normal * if normal[normal.iamax()] < 0.0 { -1.0 } else { 1.0 }
}

/// Sorts slices by their place on the way through the stack, which is given back where all have one; else by instance number, then name.
fn sort(slices: &mut [Slice]) -> Option<Vec<f64>> {
    let normal = slices[0].plane.map(|(directions, _)| through(directions));
    let along = |slice: &Slice| {
        let ([row, column], place) = slice.plane?;
        let is_parallel = row.cross(&column).dot(&normal?).abs() > PARALLEL;
        is_parallel.then_some(place.dot(&normal?))
    };
    if slices.iter().all(|slice| along(slice).is_some()) && slices.len() > 1 {
        slices.sort_by(|a, b| along(a).unwrap_or(0.0).total_cmp(&along(b).unwrap_or(0.0)));
        return slices.iter().map(along).collect();
    }
    slices.sort_by(|a, b| a.number.total_cmp(&b.number).then_with(|| a.name.cmp(&b.name)));
    None
}

fn joined(slices: &[Slice], distances: Option<Vec<f64>>) -> Image {
    let first = &slices[0];
    let [columns, rows] = first.size;
    let depth = if slices.len() > 1 { slices.len() } else { first.frames };
    let values: Vec<f64> = slices.iter().flat_map(|slice| slice.values.iter().copied()).collect();
    let mut image = Image::new([columns, rows, depth], values);
    // Of the middle slice: those at the ends of a scan are often empty.
    image.window = slices[slices.len() / 2].window;
    image.is_inverted = first.is_inverted;
    image.modality.clone_from(&first.modality);
    image.view.clone_from(&first.view);
    image.spacing_mm = first.spacing_mm;
    if let (Some(([along_row, along_column], origin)), Some([x, y])) = (first.plane, first.spacing_mm) {
        // Marks of other programs find their slice by its distance; a single slice has one of its own thickness.
        let step = match &distances {
            Some(all) => (all[all.len() - 1] - all[0]) / (all.len() - 1) as f64,
            None => 1.0,
        };
        let normal = through([along_row, along_column]);
        let step = Matrix3::from_columns(&[along_row * x, along_column * y, normal * step]);
        let is_stack =
            depth == slices.len() && (depth == 1 || distances.as_ref().is_some_and(|all| is_even(all)));
        let grid = Grid { dims: image.size, origin: Point::from_coords(origin.into()), step };
        if step.iter().all(|part| part.is_finite()) && step.determinant().abs() > 1e-9 {
            image.edges = Some(orient::edges(&grid));
            image.grid = is_stack.then_some(grid);
        }
    }
    image
}

/// Whether slices follow each other at one distance, to within a hundredth: where one is missing, nothing is known of where the voxels lie.
fn is_even(distances: &[f64]) -> bool {
    let step = (distances[distances.len() - 1] - distances[0]) / (distances.len() - 1) as f64;
    distances.windows(2).all(|pair| (pair[1] - pair[0] - step).abs() <= UNEVEN * step.abs())
}

fn slice(name: &str, bytes: &[u8]) -> Result<Slice, ReadError> {
    let pixels = read_pixels_from(bytes)?;
    let object = OpenFileOptions::new().read_until(tags::PIXEL_DATA).from_reader(bytes).ok();
    let header = object.map(|object| object.into_inner());
    let header = header.as_ref();
    let photometric = header.and_then(|of| text(of, tags::PHOTOMETRIC_INTERPRETATION)).unwrap_or_default();
    let one = |tag, default| header.and_then(|of| numbers(of, tag)?.first().copied()).unwrap_or(default);
    // Of multi-frame images it stands among what all frames share.
    let rescaled = |tag, default| {
        let shared = header.and_then(|of| numbers(shared_rescale(of)?, tag)?.first().copied());
        one(tag, shared.unwrap_or(default))
    };
    let (slope, intercept) = (rescaled(tags::RESCALE_SLOPE, 1.0), rescaled(tags::RESCALE_INTERCEPT, 0.0));
    let [frames, rows, columns, samples] = pixels.shape;
    let values = pixels.values.chunks_exact(samples.max(1)).map(|pixel| {
        let value = match pixel {
            [red, green, blue, ..] => luma([*red as f64, *green as f64, *blue as f64]),
            _ => pixel[0] as f64,
        };
        value * slope + intercept
    });
    let several = |tag| header.and_then(|of| numbers(of, tag)).unwrap_or_default();
    let pair = |tag| match several(tag)[..] {
        [row, column, ..] if row > 0.0 && column > 0.0 => Some([column, row]),
        _ => None,
    };
    let window = match (several(tags::WINDOW_CENTER).first(), several(tags::WINDOW_WIDTH).first()) {
        (Some(centre), Some(width)) if *width > 0.0 => Some([*centre, *width]),
        _ => None,
    };
    let known = |tag| header.and_then(|of| text(of, tag)).filter(|text| !text.is_empty());
    let plane =
        match (&several(tags::IMAGE_ORIENTATION_PATIENT)[..], &several(tags::IMAGE_POSITION_PATIENT)[..]) {
            ([a, b, c, d, e, f], [x, y, z]) => {
                Some(([Vector3::new(*a, *b, *c), Vector3::new(*d, *e, *f)], Vector3::new(*x, *y, *z)))
            }
            _ => None,
        };
    Ok(Slice {
        is_palette: photometric == "PALETTE COLOR",
        name: name.to_owned(),
        series: header.and_then(|of| text(of, tags::SERIES_INSTANCE_UID)).unwrap_or_default(),
        number: one(tags::INSTANCE_NUMBER, 0.0),
        size: [columns, rows],
        frames,
        values: values.collect(),
        modality: known(tags::MODALITY),
        view: known(tags::VIEW_POSITION),
        window,
        is_inverted: photometric == "MONOCHROME1",
        spacing_mm: pair(tags::PIXEL_SPACING).or_else(|| pair(tags::IMAGER_PIXEL_SPACING)),
        plane,
    })
}

/// The rescaling that all frames of a multi-frame image share.
fn shared_rescale(object: &InMemDicomObject) -> Option<&InMemDicomObject> {
    fn first(of: &InMemDicomObject, tag: Tag) -> Option<&InMemDicomObject> {
        of.element(tag).ok()?.items()?.first()
    }
    first(first(object, tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE)?, tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE)
}

fn text(object: &InMemDicomObject, tag: Tag) -> Option<String> {
    let text = object.element(tag).ok()?.to_str().ok()?;
    Some(text.trim_matches(|c: char| c == '\0' || c.is_whitespace()).to_owned())
}

/// Numbers of an element that are all finite.
fn numbers(object: &InMemDicomObject, tag: Tag) -> Option<Vec<f64>> {
    let numbers = object.element(tag).ok()?.to_multi_float64().ok()?;
    numbers.iter().all(|number| number.is_finite()).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lying(directions: [Vector3<f64>; 2]) -> Slice {
        Slice {
            is_palette: false,
            name: String::new(),
            series: String::new(),
            number: 0.0,
            size: [3, 2],
            frames: 1,
            values: (0..6).map(f64::from).collect(),
            window: None,
            modality: None,
            view: None,
            is_inverted: false,
            spacing_mm: Some([0.5, 2.0]),
            plane: Some((directions, Vector3::new(10.0, 20.0, 30.0))),
        }
    }

    #[test]
    fn a_slice_of_a_patient_on_the_front_is_shown_as_of_one_on_the_back() {
        let (x, y, z) = (Vector3::x(), Vector3::y(), Vector3::z());
        let mut prone = lying([-x, -y]);
        upright(&mut prone);
        assert_eq!(prone.values, [5.0, 4.0, 3.0, 2.0, 1.0, 0.0]);
        // The first pixel is where the last one was, and every pixel stays where it is in the patient.
        assert_eq!(prone.plane, Some(([x, y], Vector3::new(10.0 - 2.0 * 0.5, 20.0 - 2.0, 30.0))));
        for (directions, values) in [
            ([x, y], [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
            ([y, -z], [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
            ([-y, -z], [2.0, 1.0, 0.0, 5.0, 4.0, 3.0]),
            ([x, z], [3.0, 4.0, 5.0, 0.0, 1.0, 2.0]),
        ] {
            let mut slice = lying(directions);
            upright(&mut slice);
            assert_eq!(slice.values, values, "{directions:?}");
        }
    }
}
