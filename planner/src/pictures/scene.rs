//! Shaded views of bones and implants, by a depth buffer on the CPU.

use super::mask::for_each_pixel;
use super::{Canvas, Colour, View};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Mesh, Vector};

/// A surface in a scene.
#[derive(Debug, Clone, Copy)]
pub struct Solid<'a> {
    /// Its shape.
    pub mesh: &'a Mesh<Patient>,
    /// Its colour.
    pub colour: Colour,
}

/// Background of the scenes.
const GROUND: Colour = [24, 27, 32];

/// Samples per pixel and axis.
const SAMPLES: usize = 2;

/// Renders solids, nearest first, lit from beside the viewer.
pub fn scene(view: &View, solids: &[Solid<'_>]) -> Canvas {
    let fine = View { px_per_mm: view.px_per_mm * SAMPLES as f64, ..*view };
    let mut canvas = Canvas::new(view);
    let (columns, rows) = canvas.size();
    let (width, height) = (columns as usize * SAMPLES, rows as usize * SAMPLES);
    let mut depth = vec![f64::INFINITY; width * height];
    let mut colour = vec![GROUND; width * height];
    let towards_viewer = -view.into_picture();
    let light =
        (towards_viewer - view.down * 0.45 - view.right * 0.35).normalised().unwrap_or(towards_viewer);
    for solid in solids {
        let projected: Vec<[f64; 3]> = solid.mesh.vertices.iter().map(|&v| fine.project(v)).collect();
        let shades: Vec<f64> =
            solid.mesh.vertex_normals().into_iter().map(|n| shade(n, light, towards_viewer)).collect();
        for triangle in &solid.mesh.triangles {
            let corners = triangle.map(|v| projected[v as usize]);
            let shade = triangle.map(|v| shades[v as usize]);
            for_each_pixel(corners, width, height, |at, weights| {
                let mix = |values: [f64; 3]| weights.iter().zip(values).map(|(w, v)| w * v).sum::<f64>();
                let z = mix(corners.map(|c| c[2]));
                if z < depth[at] {
                    depth[at] = z;
                    let light = mix(shade);
                    colour[at] = solid.colour.map(|c| (f64::from(c) * light).clamp(0.0, 255.0) as u8);
                }
            });
        }
    }
    canvas.fill_from((0..rows as usize * columns as usize).map(|at| {
        let (x, y) = (at % columns as usize, at / columns as usize);
        let samples = (0..SAMPLES * SAMPLES)
            .map(|s| colour[(y * SAMPLES + s / SAMPLES) * width + x * SAMPLES + s % SAMPLES]);
        let sum = samples.fold([0u32; 3], |sum, c| std::array::from_fn(|i| sum[i] + u32::from(c[i])));
        sum.map(|s| (s / (SAMPLES * SAMPLES) as u32) as u8)
    }));
    canvas.marks(view.sides);
    canvas
}

/// Brightness of a surface by its normal: some ambient light, one lamp, darker towards the silhouette. Both faces
/// are lit alike, so that open surfaces show.
fn shade(normal: Vector<Patient>, light: Vector<Patient>, towards_viewer: Vector<Patient>) -> f64 {
    let facing = normal.dot(towards_viewer);
    let normal = if facing < 0.0 { -normal } else { normal };
    0.22 + 0.63 * normal.dot(light).max(0.0) + 0.2 * facing.abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Point;

    fn square(y: f64, half: f64) -> Mesh<Patient> {
        let corner = |x: f64, z: f64| Point::new(x * half, y, z * half);
        Mesh {
            vertices: vec![corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)],
            triangles: vec![[0, 1, 2], [0, 2, 3]],
        }
    }

    #[test]
    fn the_nearer_surface_hides_the_farther() {
        let view = View::coronal(Point::origin(), 40.0, 40.0, 1.0);
        let (near, far) = (square(-5.0, 6.0), square(5.0, 15.0));
        let solids = [Solid { mesh: &near, colour: [200, 0, 0] }, Solid { mesh: &far, colour: [0, 200, 0] }];
        let reversed = [solids[1], solids[0]];
        let picture = scene(&view, &solids).finish("a", "").unwrap();
        assert_eq!(picture, scene(&view, &reversed).finish("a", "").unwrap());
        assert!(picture.png.len() > 100);
    }
}
