//! Pictures of virtual patients.

use super::made::Made;
use anyhow::Result;
use coxa_anatomy::Bone;
use coxa_anatomy::virtual_patient::{Phantom, VirtualRadiograph};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Side};
use coxa_imaging::Volume;
use coxa_imaging::sample::Sampler;
use coxa_planner::pictures::{self, Canvas, Solid, View};

/// Patients on a contact sheet, and in one of its rows.
pub(super) const MOST_ON_SHEET: usize = 100;
const ROW: usize = 10;

/// Colour of bone.
const BONE: [u8; 3] = [226, 212, 186];
const SACRUM: [u8; 3] = [205, 190, 168];
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
    let bones = vec![
        ("front".to_owned(), bones(patient, &front)),
        ("left".to_owned(), bones(patient, &View { width_mm: 320.0, ..side })),
        ("oblique".to_owned(), bones(patient, &View { sides: [' ', ' '], ..front.turned(0.7) })),
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
    bones(patient, &View::coronal(Point::new(hips.x(), hips.y(), hips.z() + 10.0), 340.0, 330.0, 0.8))
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

fn bones(patient: &Phantom, view: &View) -> Canvas {
    let solids: Vec<Solid<'_>> = patient
        .surfaces
        .iter()
        .map(|(bone, mesh)| Solid { mesh, colour: if *bone == Bone::Sacrum { SACRUM } else { BONE } })
        .collect();
    pictures::scene(view, &solids)
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
