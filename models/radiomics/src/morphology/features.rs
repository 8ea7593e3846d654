//! Morphological features (IBSI reference manual, chapter 3.1).

use super::diameter::diameter;
use super::ellipsoid::{ellipsoid_area, enclosing_ellipsoid};
use super::hull::hull;
use super::oriented_box::smallest_box;
use super::spatial::moran_and_geary;
use super::surface::surface;
use crate::raster::Raster;
use nalgebra::Matrix3;
use std::f64::consts::PI;

/// In the order of the table. `morphological` says where the region is, `intensity` which of its values count.
pub(crate) fn morphology(
    image: &Raster<f64>,
    morphological: &Raster<bool>,
    intensity: &Raster<bool>,
) -> Vec<f64> {
    let ((surface, hull), [moran, geary]) = rayon::join(
        || {
            let surface = surface(morphological);
            let hull = hull(&surface.vertices, morphological.spacing_mm);
            (surface, hull)
        },
        || moran_and_geary(image, intensity),
    );
    let (volume, area) = (surface.volume_mm3, surface.area_mm2);
    let of_sphere = (36.0 * PI * volume * volume).cbrt();
    let axes = axis_lengths(morphological, Moments::Sample);
    let semi = axes.map(|length| 0.5 * length);
    let edges = box_edges(&surface.vertices, morphological.spacing_mm);
    let box_densities = |edges: [f64; 3]| {
        let [a, b, c] = edges;
        [volume / (a * b * c), area / (2.0 * (a * b + b * c + c * a))]
    };
    let ellipsoid_densities = |semi: [f64; 3]| {
        let [a, b, c] = semi;
        [volume / (4.0 / 3.0 * PI * a * b * c), area / ellipsoid_area(semi)]
    };
    const UNKNOWN: [f64; 2] = [f64::NAN; 2];
    // An ellipsoid without thickness has no volume to compare with.
    let equivalent = if semi[2] > 0.0 { ellipsoid_densities(semi) } else { UNKNOWN };
    let oriented = hull.as_ref().and_then(smallest_box).map_or(UNKNOWN, box_densities);
    let enclosing = hull.as_ref().and_then(|hull| enclosing_ellipsoid(&hull.points_mm));
    let enclosing = enclosing.map_or(UNKNOWN, ellipsoid_densities);
    let of_hull = hull.as_ref().map_or(UNKNOWN, |hull| [volume / hull.volume_mm3(), area / hull.area_mm2()]);
    let values =
        || image.values.iter().zip(&intensity.values).filter(|(_, inside)| **inside).map(|(&v, _)| v);
    let mean = values().sum::<f64>() / values().count() as f64;

    let mut all = vec![
        volume,
        morphological.count() as f64 * morphological.voxel_volume_mm3(),
        area,
        area / volume,
        volume / (PI.sqrt() * area.powf(1.5)),
        36.0 * PI * volume * volume / area.powi(3),
        area / of_sphere,
        of_sphere / area,
        area / of_sphere - 1.0,
        centre_shift(image, morphological, intensity),
        diameter(&surface.vertices, morphological.spacing_mm),
        axes[0],
        axes[1],
        axes[2],
        axes[1] / axes[0],
        axes[2] / axes[0],
    ];
    for densities in [box_densities(edges), oriented, equivalent, enclosing, of_hull] {
        all.extend(densities);
    }
    all.extend([mean * volume, moran, geary]);
    all
}

/// Edges of the box along the axes around the vertices, mm.
fn box_edges(vertices: &[[i32; 3]], spacing_mm: [f64; 3]) -> [f64; 3] {
    std::array::from_fn(|axis| {
        let low = vertices.iter().map(|vertex| vertex[axis]).min().unwrap_or(0);
        let high = vertices.iter().map(|vertex| vertex[axis]).max().unwrap_or(0);
        0.5 * f64::from(high - low) * spacing_mm[axis]
    })
}

/// Denominator of second moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moments {
    /// Number of voxels less one, which the consensus values of the IBSI imply.
    Sample,
    /// Number of voxels, as pyradiomics has it.
    Population,
}

/// Lengths of the axes of the ellipsoid with the second moments of the voxel centres, longest first, mm: four standard deviations each.
pub(crate) fn axis_lengths(mask: &Raster<bool>, moments: Moments) -> [f64; 3] {
    // Whole numbers: the order of adding changes nothing.
    let (mut n, mut sums, mut products) = (0_i128, [0_i128; 3], [[0_i128; 3]; 3]);
    for ([y, z], row) in mask.rows() {
        let (mut count, mut x_sum, mut x_squares) = (0_i128, 0_i128, 0_i128);
        for (x, _) in row.iter().enumerate().filter(|(_, inside)| **inside) {
            let x = x as i128;
            count += 1;
            x_sum += x;
            x_squares += x * x;
        }
        let (y, z) = (y as i128, z as i128);
        n += count;
        for (sum, value) in sums.iter_mut().zip([x_sum, y * count, z * count]) {
            *sum += value;
        }
        let row =
            [[x_squares, x_sum * y, x_sum * z], [0, y * y * count, y * z * count], [0, 0, z * z * count]];
        for (sums, values) in products.iter_mut().zip(row) {
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
    }
    let divisor = match moments {
        Moments::Sample => n * (n - 1).max(1),
        Moments::Population => n * n.max(1),
    };
    let covariance = Matrix3::from_fn(|a, b| {
        let (a, b) = (a.min(b), a.max(b));
        let whole = n * products[a][b] - sums[a] * sums[b];
        whole as f64 / divisor as f64 * mask.spacing_mm[a] * mask.spacing_mm[b]
    });
    let mut values: Vec<f64> =
        covariance.symmetric_eigenvalues().iter().map(|value| value.max(0.0)).collect();
    values.sort_by(|a, b| b.total_cmp(a));
    // What is a rounding error beside the longest axis is nothing.
    let least = 1e-14 * values[0];
    std::array::from_fn(|axis| if values[axis] > least { 4.0 * values[axis].sqrt() } else { 0.0 })
}

/// Distance between the centre of the region and that of its values, mm.
fn centre_shift(image: &Raster<f64>, morphological: &Raster<bool>, intensity: &Raster<bool>) -> f64 {
    let (mut places, mut n) = ([0.0; 3], 0.0);
    let (mut weighted, mut weight) = ([0.0; 3], 0.0);
    let [nx, ny, _] = image.dims;
    for (index, (&inside, &counts)) in morphological.values.iter().zip(&intensity.values).enumerate() {
        if !inside && !counts {
            continue;
        }
        let at = [index % nx, index / nx % ny, index / nx / ny].map(|x| x as f64);
        if inside {
            n += 1.0;
            (0..3).for_each(|axis| places[axis] += at[axis]);
        }
        if counts {
            let value = image.values[index];
            weight += value;
            (0..3).for_each(|axis| weighted[axis] += value * at[axis]);
        }
    }
    let way = |axis: usize| (places[axis] / n - weighted[axis] / weight) * image.spacing_mm[axis];
    (0..3).map(|axis| way(axis).powi(2)).sum::<f64>().sqrt()
}
