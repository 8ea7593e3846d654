//! The first modes of a model as a line drawing: the mean, and two standard deviations to either side.

use coxa_geometry::frame::Template;
use coxa_geometry::{Mesh, Vector};
use coxa_shape::shape_model::ShapeModel;
use std::collections::HashMap;
use std::fmt::Write;

/// Modes that are drawn, and how far to either side.
const MODES: usize = 4;
const DEVIATIONS: f64 = 2.0;

/// Room around a view, and for words, in mm.
const MARGIN: f64 = 15.0;
const WORDS: f64 = 24.0;

/// Views: from the front with the right bone's lateral side on the left, and from its lateral side with the front on the right.
const VIEWS: [(&str, [f64; 3], [f64; 3]); 2] = [
    ("from the front", [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]),
    ("from lateral", [0.0, -1.0, 0.0], [1.0, 0.0, 0.0]),
];

/// Colours of less, mean and more: told apart by lightness too.
const STROKES: [(f64, &str, f64); 3] =
    [(-DEVIATIONS, "#2166ac", 0.6), (0.0, "#000000", 0.9), (DEVIATIONS, "#e08214", 0.6)];

/// An SVG with a row for each view and a column for each mode, in millimetres.
pub(super) fn modes(model: &ShapeModel) -> String {
    let columns = model.mode_count().min(MODES);
    let shape = |mode: usize, amount: f64| {
        let mut coefficients = vec![0.0; mode + 1];
        coefficients[mode] = amount;
        model.reconstruct(&coefficients)
    };
    let shapes: Vec<Vec<Mesh<Template>>> =
        (0..columns).map(|mode| STROKES.iter().map(|(amount, ..)| shape(mode, *amount)).collect()).collect();
    let extent = shapes
        .iter()
        .flatten()
        .filter_map(Mesh::bounds)
        .map(|(low, high)| (low.coords(), high.coords()))
        .reduce(|a, b| (a.0.inf(&b.0), a.1.sup(&b.1)));
    let Some((low, high)) = extent else { return String::new() };
    let across = (high.x - low.x).max(high.y - low.y) + 2.0 * MARGIN;
    let height = high.z - low.z + 2.0 * MARGIN;
    let (width, total) = (across * columns as f64, WORDS + VIEWS.len() as f64 * height);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {total:.0}\" font-family=\"sans-serif\" font-size=\"8\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    let shares = model.compactness();
    for (mode, row) in shapes.iter().enumerate() {
        let share = 100.0 * (shares[mode] - mode.checked_sub(1).map_or(0.0, |m| shares[m]));
        let left = across * mode as f64;
        let _ = writeln!(
            svg,
            "<text x=\"{:.0}\" y=\"10\">mode {}: {share:.0} % of the variance</text>",
            left + MARGIN,
            mode + 1
        );
        for (view, (name, right, towards)) in VIEWS.iter().enumerate() {
            let top = WORDS + height * view as f64;
            if mode == 0 {
                let _ = writeln!(
                    svg,
                    "<text x=\"{MARGIN}\" y=\"{:.0}\" fill=\"#555555\">{name}</text>",
                    top + 4.0
                );
            }
            let (right, towards) = (vector(right), vector(towards));
            let (a, b) = (corner(&low, right), corner(&high, right));
            let place = (left + across / 2.0 - (a + b) / 2.0, top + MARGIN + high.z);
            for (mesh, (_, colour, stroke)) in row.iter().zip(STROKES) {
                let path = outline(mesh, right, towards, place);
                let _ = writeln!(
                    svg,
                    "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{stroke}\" stroke-linecap=\"round\"/>"
                );
            }
        }
    }
    let _ = writeln!(
        svg,
        "<text x=\"{MARGIN}\" y=\"20\" fill=\"#555555\">black: mean; blue: 2 standard deviations less; orange: 2 more</text>\n</svg>"
    );
    svg
}

fn vector(v: &[f64; 3]) -> Vector<Template> {
    Vector::new(v[0], v[1], v[2])
}

fn corner(point: &nalgebra::Point3<f64>, right: Vector<Template>) -> f64 {
    right.coords().dot(&point.coords)
}

/// The edges between triangles that face the viewer and triangles that do not, as an SVG path.
fn outline(
    mesh: &Mesh<Template>,
    right: Vector<Template>,
    towards: Vector<Template>,
    place: (f64, f64),
) -> String {
    let mut edges: HashMap<(u32, u32), (bool, bool)> = HashMap::with_capacity(mesh.triangles.len() * 3 / 2);
    for (t, triangle) in mesh.triangles.iter().enumerate() {
        let [a, b, c] = mesh.corners(t);
        // `towards` points away from the viewer.
        let is_facing = (b - a).cross(c - a).dot(towards) < 0.0;
        for k in 0..3 {
            let (u, v) = (triangle[k], triangle[(k + 1) % 3]);
            let seen = edges.entry((u.min(v), u.max(v))).or_default();
            match is_facing {
                true => seen.0 = true,
                false => seen.1 = true,
            }
        }
    }
    let mut drawn: Vec<(u32, u32)> =
        edges.into_iter().filter(|(_, seen)| seen.0 && seen.1).map(|(e, _)| e).collect();
    drawn.sort_unstable();
    let mut path = String::new();
    for (u, v) in drawn {
        let at = |i: u32| {
            let p = mesh.vertices[i as usize].coords();
            (place.0 + right.coords().dot(&p.coords), place.1 - p.z)
        };
        let ((x, y), (z, w)) = (at(u), at(v));
        let _ = write!(path, "M{x:.1} {y:.1}L{z:.1} {w:.1}");
    }
    path
}
