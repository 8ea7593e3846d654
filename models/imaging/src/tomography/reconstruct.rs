//! Back-projection of filtered views.

use super::project::{detectors, direction};
use std::f64::consts::PI;

/// Attenuation per millimetre in every pixel from filtered views over half a turn.
pub(super) fn back_project(sinogram: &[f32], views: usize, columns: usize, rows: usize) -> Vec<f32> {
    let detectors = detectors(columns, rows);
    let mut image = vec![0.0f32; columns * rows];
    let middle = |n: usize| (n as f64 - 1.0) / 2.0;
    for (view, values) in sinogram.chunks(detectors).take(views).enumerate() {
        let (sin, cos) = direction(view, views);
        for (j, row) in image.chunks_mut(columns.max(1)).enumerate() {
            // Every pixel is within the outermost detectors but one.
            let start = (j as f64 - middle(rows)) * sin - middle(columns) * cos + middle(detectors);
            for (i, value) in row.iter_mut().enumerate() {
                let t = (start + cos * i as f64) as f32;
                let at = t as usize;
                let weight = t - at as f32;
                if let [a, b] = values[at..at + 2] {
                    *value += a + (b - a) * weight;
                }
            }
        }
    }
    let scale = (PI / views as f64) as f32;
    for value in &mut image {
        *value *= scale;
    }
    image
}
