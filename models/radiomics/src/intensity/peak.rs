//! Local and global intensity peak (IBSI reference manual, chapter 3.2).

use crate::prepare::PEAK_RADIUS_MM;
use crate::raster::Raster;
use rayon::prelude::*;

/// A row of the sphere: its way in y and z, and how far it reaches along x to either side.
struct SphereRow {
    y: isize,
    z: isize,
    reach: usize,
}

/// Local peak (mean over the sphere of 1 cm³ around the voxel of highest value; of several such voxels the highest mean) and global
/// peak (highest mean around any voxel of the mask). Voxels outside the mask count within a sphere, those without a value do not.
pub(crate) fn peaks(image: &Raster<f64>, mask: &Raster<bool>) -> [f64; 2] {
    let rows = sphere(image.spacing_mm);
    let [nx, ny, nz] = image.dims;
    // Sums along rows up to each voxel, so that a row of a sphere is a difference of two.
    let mut sums = vec![(0.0_f64, 0_u32); (nx + 1) * ny * nz];
    sums.par_chunks_mut(nx + 1).zip(image.values.par_chunks(nx.max(1))).for_each(|(sums, values)| {
        for (x, &value) in values.iter().enumerate() {
            let (sum, count) = sums[x];
            sums[x + 1] = if value.is_finite() { (sum + value, count + 1) } else { (sum, count) };
        }
    });
    let mean_around = |x: usize, y: usize, z: usize| {
        let (mut sum, mut count) = (0.0, 0_u32);
        for row in &rows {
            let (Some(y), Some(z)) = (y.checked_add_signed(row.y), z.checked_add_signed(row.z)) else {
                continue;
            };
            if y < ny && z < nz {
                let start = (z * ny + y) * (nx + 1);
                let (low, high) =
                    (sums[start + x.saturating_sub(row.reach)], sums[start + (x + row.reach + 1).min(nx)]);
                sum += high.0 - low.0;
                count += high.1 - low.1;
            }
        }
        sum / f64::from(count)
    };
    // Highest value of each row, highest mean around such a voxel, highest mean around any.
    let of_rows: Vec<[f64; 3]> = (0..ny * nz)
        .into_par_iter()
        .map(|row| {
            let mut best = [f64::NEG_INFINITY; 3];
            for x in (0..nx).filter(|x| mask.values[row * nx + x]) {
                let (value, mean) = (image.values[row * nx + x], mean_around(x, row % ny, row / ny));
                if value > best[0] {
                    (best[0], best[1]) = (value, mean);
                } else if value == best[0] {
                    best[1] = best[1].max(mean);
                }
                best[2] = best[2].max(mean);
            }
            best
        })
        .collect();
    let highest = of_rows.iter().fold(f64::NEG_INFINITY, |best, row| best.max(row[0]));
    let local =
        of_rows.iter().filter(|row| row[0] == highest).fold(f64::NEG_INFINITY, |best, row| best.max(row[1]));
    let global = of_rows.iter().fold(f64::NEG_INFINITY, |best, row| best.max(row[2]));
    [local, global]
}

fn sphere(spacing_mm: [f64; 3]) -> Vec<SphereRow> {
    let squared = PEAK_RADIUS_MM * PEAK_RADIUS_MM;
    let [_, y_reach, z_reach] = spacing_mm.map(|mm| (PEAK_RADIUS_MM / mm).floor().min(1e6) as isize);
    let mut rows = Vec::new();
    for z in -z_reach..=z_reach {
        for y in -y_reach..=y_reach {
            let rest = squared - (y as f64 * spacing_mm[1]).powi(2) - (z as f64 * spacing_mm[2]).powi(2);
            if rest >= 0.0 {
                rows.push(SphereRow { y, z, reach: (rest.sqrt() / spacing_mm[0]).floor() as usize });
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sphere_has_a_cubic_centimetre() {
        let voxels: usize = sphere([0.5; 3]).iter().map(|row| 2 * row.reach + 1).sum();
        assert!((voxels as f64 * 0.125 - 1000.0).abs() < 10.0, "{voxels}");
    }

    #[test]
    fn peaks_of_a_step() {
        let dims = [31, 31, 31];
        let mut values = vec![10.0; 31 * 31 * 31];
        for (index, value) in values.iter_mut().enumerate() {
            if index % 31 < 15 {
                *value = 0.0;
            }
        }
        let image = Raster { dims, spacing_mm: [1.0; 3], values };
        let mask = Raster { dims, spacing_mm: [1.0; 3], values: vec![true; 31 * 31 * 31] };
        assert_eq!(peaks(&image, &mask), [10.0, 10.0]);
    }
}
