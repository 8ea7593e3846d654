//! Pictures of virtual patients.

use super::made::Made;
use anyhow::Result;
use coxa_anatomy::Bone;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Mesh, Point, Side};
use coxa_imaging::isosurface::closed_isosurface;
use coxa_imaging::sample::Sampler;
use coxa_imaging::{Grid, LabelMap, Volume, resample};
use coxa_planner::pictures::{self, Canvas, Solid, View};
use coxa_synthetic::{Phantom, VirtualRadiograph};
use ndarray::Array3;

/// Patients on a contact sheet, and in one of its rows.
pub(super) const MOST_ON_SHEET: usize = 100;
const ROW: usize = 10;

/// Colour of bone.
const BONE: [u8; 3] = [226, 212, 186];
const SACRUM: [u8; 3] = [205, 190, 168];
const VERTEBRA: [u8; 3] = [190, 182, 172];
/// How strongly labels colour a slice.
const TINT: f64 = 0.3;

/// The bones from three sides, slices with labels, and a radiograph, as PNG.
pub(super) fn page(made: &Made) -> Result<Vec<u8>> {
    let (patient, ct) = (&made.phantom, made.shown());
    let (middle, [width, depth, height]) = extent(patient);
    let hips = hips(patient);
    let (bony, tall) = bony_extent(patient, middle, height);
    let front = View::coronal(bony, 380.0, tall, 1.0);
    let side = View::sagittal(bony, depth + 60.0, tall, 1.0);
    let extras = extras(patient);
    let bones = vec![
        ("front".to_owned(), solids(patient, &extras, &front)),
        ("left".to_owned(), solids(patient, &extras, &View { width_mm: 320.0, ..side })),
        ("oblique".to_owned(), solids(patient, &extras, &View { sides: [' ', ' '], ..front.turned(0.7) })),
    ];
    let axial = View::axial(Point::new(middle.x(), middle.y(), hips.z()), width, depth, 1.6);
    let coronal = View::coronal(Point::new(middle.x(), hips.y(), hips.z() + 10.0), width, 330.0, 1.6);
    let labelled = |view: &View| {
        let mut canvas = pictures::slice(ct, view, None, []);
        pictures::tint(&mut canvas, view, &patient.labels, TINT);
        canvas
    };
    let plain = |view: &View| pictures::slice(ct, view, None, []);
    let axials =
        vec![("axial, hip centres".to_owned(), plain(&axial)), ("with labels".to_owned(), labelled(&axial))];
    let coronals = vec![
        ("coronal, hip centres".to_owned(), plain(&coronal)),
        ("with labels".to_owned(), labelled(&coronal)),
        ("radiograph".to_owned(), pictures::radiograph(ct, &coronal, [], [])),
    ];
    let mut rows = vec![bones, axials, coronals];
    if !made.mr.is_empty() {
        rows.push(
            made.mr
                .iter()
                .map(|(c, _, image)| (format!("MR {}", c.name()), magnetic(image, &coronal)))
                .collect(),
        );
    }
    rows.extend(
        made.radiograph.iter().map(|radiograph| vec![("radiograph.dcm".to_owned(), film(radiograph))]),
    );
    Ok(pictures::page(&rows).finish("renderings", "a virtual patient")?.png)
}

/// A radiograph in eight bits.
pub(super) fn film(radiograph: &VirtualRadiograph) -> Canvas {
    let camera = &radiograph.camera;
    let per_mm = 1.0 / radiograph.truth.protocol.pixel_mm;
    let mut canvas = Canvas::plain(camera.columns as u32, camera.rows as u32, per_mm, [0; 3]);
    canvas.fill_from(radiograph.film.pixels.iter().map(|&v| [(v >> 4) as u8; 3]));
    canvas.marks(['R', 'L']);
    canvas
}

/// An MR image in a view, from black to what one voxel in fifty exceeds.
fn magnetic(image: &Volume<i16>, view: &View) -> Canvas {
    let mut values: Vec<i16> = image.as_slice().iter().copied().step_by(17).filter(|&v| v > 60).collect();
    values.sort_unstable();
    let white = values.get(values.len() * 49 / 50).map_or(1000.0, |&v| f64::from(v));
    let mut canvas = Canvas::new(view);
    let sampler = Sampler::new(image);
    let (width, height) = canvas.size();
    let grey = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| {
        let place = view.place(f64::from(x) + 0.5, f64::from(y) + 0.5);
        let value = sampler.linear(image.grid.to_voxel(place).coords()).unwrap_or(0.0);
        [(value / white * 255.0).clamp(0.0, 255.0) as u8; 3]
    });
    canvas.fill_from(grey);
    canvas.marks(view.sides);
    canvas
}

/// A small picture for the contact sheet.
pub(super) fn thumbnail(patient: &Phantom) -> Canvas {
    let hips = hips(patient);
    let view = View::coronal(Point::new(hips.x(), hips.y(), hips.z() + 10.0), 340.0, 330.0, 0.8);
    solids(patient, &extras(patient), &view)
}

/// Thumbnails on a sheet, as PNG.
pub(super) fn contact_sheet(thumbnails: Vec<(String, Canvas)>) -> Result<Vec<u8>> {
    let mut rows: Vec<Vec<(String, Canvas)>> = Vec::new();
    // No row longer than the others by much: four are two rows of two.
    let row = (thumbnails.len() as f64).sqrt().ceil().clamp(1.0, ROW as f64) as usize;
    for (n, thumbnail) in thumbnails.into_iter().enumerate() {
        if n % row == 0 {
            rows.push(Vec::with_capacity(row));
        }
        if let Some(last) = rows.last_mut() {
            last.push(thumbnail);
        }
    }
    Ok(pictures::page(&rows).finish("contact_sheet", "virtual patients")?.png)
}

/// Bones, the part of the spine that is in the scan, and vessels.
fn solids(patient: &Phantom, extras: &[(Mesh<Patient>, [u8; 3])], view: &View) -> Canvas {
    let bones = patient
        .surfaces
        .iter()
        .map(|(bone, mesh)| Solid { mesh, colour: if *bone == Bone::Sacrum { SACRUM } else { BONE } });
    let extras = extras.iter().map(|(mesh, colour)| Solid { mesh, colour: *colour });
    pictures::scene(view, &bones.chain(extras).collect::<Vec<_>>())
}

/// Surfaces of the spine and of vessels, with their colours.
fn extras(patient: &Phantom) -> Vec<(Mesh<Patient>, [u8; 3])> {
    let table = &patient.labels.table;
    let vertebrae = table.iter().filter(|label| label.name.starts_with("vertebrae_"));
    let spine = vertebrae.filter_map(|label| Some((surface_of(&patient.labels, label.id)?, VERTEBRA)));
    let colour = |name: &str| table.iter().find(|label| label.name == name).map(|label| label.colour);
    let vessels = patient.truth.vessels.iter().filter_map(|vessel| {
        // Those that the scan does not hold have no label.
        Some((vessel.surface(), colour(&format!("{}_{}", vessel.name, vessel.side))?))
    });
    spine.chain(vessels).collect()
}

/// The smoothed surface of a label.
fn surface_of(labels: &LabelMap, id: u8) -> Option<Mesh<Patient>> {
    let (volume, grid) = (&labels.volume, &labels.volume.grid);
    let mut bounds: Option<[[usize; 3]; 2]> = None;
    for ((k, j, i), _) in volume.voxels.indexed_iter().filter(|(_, label)| **label == id) {
        let at = [i, j, k];
        let [low, high] = bounds.unwrap_or([at, at]);
        bounds = Some([0, 1].map(|end| {
            std::array::from_fn(|a| if end == 0 { low[a].min(at[a]) } else { high[a].max(at[a]) })
        }));
    }
    let [low, high] = bounds?;
    const AROUND: usize = 3;
    let first = low.map(|n| n.saturating_sub(AROUND));
    let dims: [usize; 3] = std::array::from_fn(|a| (high[a] + AROUND + 1).min(grid.dims[a]) - first[a]);
    let origin = grid.to_patient(Point::from_coords(first.map(|n| n as f64).into()));
    let own = Grid::axis_aligned(dims, origin, grid.spacing_mm());
    let mask = Array3::from_shape_fn((dims[2], dims[1], dims[0]), |(k, j, i)| {
        f32::from(u8::from(volume.voxels[[first[2] + k, first[1] + j, first[0] + i]] == id))
    });
    Some(closed_isosurface(&resample::smooth(&Volume::new(own, mask), [0.7; 3]), 0.5))
}

/// Middle of the scan and its extent.
fn extent(patient: &Phantom) -> (Point<Patient>, [f64; 3]) {
    let grid = &patient.hu.grid;
    let size: [f64; 3] = std::array::from_fn(|a| grid.dims[a] as f64 * grid.spacing_mm()[a]);
    let middle = grid.to_patient(Point::from_coords(grid.dims.map(|n| (n as f64 - 1.0) / 2.0).into()));
    (middle, size)
}

/// Middle and height of the bones, which go on where the scan ends.
fn bony_extent(patient: &Phantom, middle: Point<Patient>, height: f64) -> (Point<Patient>, f64) {
    let bounds = patient.surfaces.values().filter_map(|mesh| mesh.bounds());
    let extent = bounds.map(|(low, high)| (low.z(), high.z())).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    let Some((low, high)) = extent else { return (middle, height) };
    (Point::new(middle.x(), middle.y(), (low + high) / 2.0), high - low + 30.0)
}

fn hips(patient: &Phantom) -> Point<Patient> {
    let centre = |side| patient.truth.side(side).head_centre_mm;
    centre(Side::Right).midpoint(centre(Side::Left))
}
