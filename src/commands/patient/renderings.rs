//! Pictures of virtual patients.

use anyhow::Result;
use coxa_anatomy::Bone;
use coxa_anatomy::virtual_patient::VirtualPatient;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Side};
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
pub(super) fn page(patient: &VirtualPatient) -> Result<Vec<u8>> {
    let (middle, [width, depth, height]) = extent(patient);
    let hips = hips(patient);
    let front = View::coronal(middle, width, height, 1.0);
    let side = View::sagittal(middle, depth + 60.0, height, 1.0);
    let bones = vec![
        ("front".to_owned(), bones(patient, &front)),
        ("left".to_owned(), bones(patient, &View { width_mm: 320.0, ..side })),
        ("oblique".to_owned(), bones(patient, &View { sides: [' ', ' '], ..front.turned(0.7) })),
    ];
    let axial = View::axial(Point::new(middle.x(), middle.y(), hips.z()), width, depth, 1.6);
    let coronal = View::coronal(Point::new(middle.x(), hips.y(), hips.z() + 10.0), width, 330.0, 1.6);
    let labelled = |view: &View| {
        let mut canvas = pictures::slice(&patient.ct, view, None, []);
        pictures::tint(&mut canvas, view, &patient.labels, TINT);
        canvas
    };
    let plain = |view: &View| pictures::slice(&patient.ct, view, None, []);
    let axials =
        vec![("axial, hip centres".to_owned(), plain(&axial)), ("with labels".to_owned(), labelled(&axial))];
    let coronals = vec![
        ("coronal, hip centres".to_owned(), plain(&coronal)),
        ("with labels".to_owned(), labelled(&coronal)),
        ("radiograph".to_owned(), pictures::radiograph(&patient.ct, &coronal, [], [])),
    ];
    let name = "renderings";
    Ok(pictures::page(&[bones, axials, coronals]).finish(name, "a virtual patient")?.png)
}

/// A small picture for the contact sheet.
pub(super) fn thumbnail(patient: &VirtualPatient) -> Canvas {
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

fn bones(patient: &VirtualPatient, view: &View) -> Canvas {
    let solids: Vec<Solid<'_>> = patient
        .surfaces
        .iter()
        .map(|(bone, mesh)| Solid { mesh, colour: if *bone == Bone::Sacrum { SACRUM } else { BONE } })
        .collect();
    pictures::scene(view, &solids)
}

/// Middle of the scan and its extent.
fn extent(patient: &VirtualPatient) -> (Point<Patient>, [f64; 3]) {
    let grid = &patient.ct.grid;
    let size: [f64; 3] = std::array::from_fn(|a| grid.dims[a] as f64 * grid.spacing_mm()[a]);
    let middle = grid.to_patient(Point::from_coords(grid.dims.map(|n| (n as f64 - 1.0) / 2.0).into()));
    (middle, size)
}

fn hips(patient: &VirtualPatient) -> Point<Patient> {
    let centre = |side| patient.truth.side(side).head_centre_mm;
    centre(Side::Right).midpoint(centre(Side::Left))
}
