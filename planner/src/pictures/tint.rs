//! Labels laid over a slice in their colours.

use super::{Canvas, View};
use coxa_imaging::LabelMap;

/// Mixes the colour of the structure that each pixel's place belongs to into a canvas of a view.
pub fn tint(canvas: &mut Canvas, view: &View, labels: &LabelMap, opacity: f64) {
    let mut colours = [None; 256];
    for label in &labels.table {
        colours[usize::from(label.id)] = Some(label.colour);
    }
    let grid = &labels.volume.grid;
    let (width, height) = canvas.size();
    for y in 0..height {
        for x in 0..width {
            let place = view.place(f64::from(x) + 0.5, f64::from(y) + 0.5);
            let at = grid.to_voxel(place).coords().map(f64::round);
            // Negative indices become large ones.
            let index = [at.z, at.y, at.x].map(|c| if c < 0.0 { usize::MAX } else { c as usize });
            let id = labels.volume.voxels.get(index).copied().unwrap_or(0);
            if let Some(colour) = colours[usize::from(id)] {
                canvas.blend(i64::from(x), i64::from(y), colour, opacity);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Point;
    use coxa_imaging::{Grid, Label, Volume};
    use ndarray::Array3;

    #[test]
    fn a_structure_shows_where_it_is_and_nowhere_else() {
        let grid = Grid::axis_aligned([10, 10, 10], Point::new(-4.5, -4.5, -4.5), [1.0; 3]);
        let volume = Volume::new(grid, Array3::from_shape_fn((10, 10, 10), |(_, _, i)| u8::from(i >= 5) * 7));
        let label = Label { colour: [10, 200, 30], ..Label::unnamed(7) };
        let labels = LabelMap { volume, table: vec![label] };
        let view = View::coronal(Point::origin(), 40.0, 8.0, 4.0);
        let mut canvas = Canvas::new(&view);
        tint(&mut canvas, &view, &labels, 1.0);
        let at = |x_mm: f64| canvas.pixel(((x_mm + 20.0) * 4.0) as i64, 16);
        assert_eq!((at(-2.0), at(2.0)), ([0; 3], [10, 200, 30]));
        // Outside the grid.
        assert_eq!((at(-12.0), at(12.0)), ([0; 3], [0; 3]));
    }
}
