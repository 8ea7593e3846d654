//! The simulated AP radiograph, to scale, with the silhouettes of implants.

use super::mask::Mask;
use super::{Canvas, Colour, View};
use coxa_geometry::Mesh;
use coxa_geometry::frame::Patient;
use coxa_imaging::CtVolume;
use coxa_imaging::drr::{self, Camera, Projection, Source, WATER_60_KEV_PER_MM, Window};

/// How far behind the view's plane the detector stands: behind every patient.
const DETECTOR_MM: f64 = 2000.0;

/// Opacity of the borders and of the tint inside implants: bone stays in sight below.
const BONE_BORDER: f64 = 0.6;
const BORDER: f64 = 0.85;
const TINT: f64 = 0.12;

/// Parallel projection of the CT along a view, by Beer and Lambert, with silhouettes over it: bones as outlines,
/// implants tinted.
///
/// Parallel rays keep one scale over the whole picture, unlike the cone of a real radiograph.
///
/// # Examples
/// ```
/// use coxa_geometry::Point;
/// use coxa_imaging::phantom;
/// use coxa_planner::pictures::{View, radiograph};
///
/// let ct = phantom::sheets([40, 40, 40]);
/// let view = View::coronal(Point::new(0.0, 0.0, 200.0), 300.0, 200.0, 0.5);
/// let picture = radiograph(&ct, &view, [], []).finish("radiograph", "AP radiograph").unwrap();
/// assert_eq!((picture.width, picture.height), (150, 100));
/// assert!(picture.png.starts_with(b"\x89PNG"));
/// ```
pub fn radiograph<'a>(
    ct: &CtVolume,
    view: &View,
    bones: impl IntoIterator<Item = (&'a Mesh<Patient>, Colour)>,
    implants: impl IntoIterator<Item = (&'a Mesh<Patient>, Colour)>,
) -> Canvas {
    let mut canvas = Canvas::new(view);
    let film = projection(ct, view);
    canvas.fill_from(film.to_display(usual_window(&film)).into_iter().map(|grey| [grey; 3]));
    for (mesh, colour) in bones {
        Mask::new(view, mesh).draw(&mut canvas, colour, 0.0, BONE_BORDER);
    }
    for (mesh, colour) in implants {
        Mask::new(view, mesh).draw(&mut canvas, colour, TINT, BORDER);
    }
    canvas.marks(view.sides);
    canvas
}

/// Attenuation along the rays of a radiograph, to be shown in a window of one's choice.
pub fn projection(ct: &CtVolume, view: &View) -> Projection {
    let (width, height) = view.size_px();
    let into = view.into_picture();
    let camera = Camera {
        source: Source::Parallel(into),
        first_pixel: view.place(0.5, 0.5) + into * DETECTOR_MM,
        column_step: view.right * view.px_per_mm.recip(),
        row_step: view.down * view.px_per_mm.recip(),
        columns: width as usize,
        rows: height as usize,
    };
    drr::project(ct, &camera, WATER_60_KEV_PER_MM)
}

/// The window in which a radiograph is shown at first: dense parts are bright.
pub fn usual_window(film: &Projection) -> Window {
    // Darker than the bone window at the low end, so that thighs and trochanters do not drown beside the pelvis.
    let window = film.bone_window();
    Window { black: window.black * 0.6, ..window }
}
