//! Thickness of the cortex along the normals of a bone's surface.
//!
//! A CT of 1 mm voxels blurs a thin cortex into a low bump, so that half-height widths are far too large. After Treece, Gee, Mayhew
//! and Poole 2010 (Med Image Anal 14:276) a profile across the cortex is fitted by two steps blurred by a normal distribution,
//! with the CT number of dense cortex held at that of the bone's thickest parts: what a thin cortex loses in height then tells how
//! thin it is.
//!
//! HU(t) = o + (c - o) P((t - a) / s) + (i - c) P((t - b) / s) with P the normal distribution, o and i the CT numbers outside and
//! inside, c that of dense cortex, a and b the outer and inner surface of the cortex, and s the blur.

use coxa_anatomy::thresholds::PROFILE_BELOW_HU;
use coxa_geometry::Mesh;
use coxa_geometry::frame::Patient;
use coxa_imaging::CtVolume;
use coxa_imaging::sample::Sampler;
use nalgebra::{SMatrix, SVector};
use rayon::prelude::*;
use statrs::function::erf::erf;
use std::f64::consts::{PI, SQRT_2};

/// A profile begins so far outside of the surface and ends so far inside, in mm.
const OUTSIDE_MM: f64 = 5.0;
const INSIDE_MM: f64 = 12.0;
/// Step along a profile.
const STEP_MM: f64 = 0.25;
/// Points of a profile.
const POINTS: usize = ((OUTSIDE_MM + INSIDE_MM) / STEP_MM) as usize + 1;
/// Profiles by which the CT number of dense cortex is estimated.
const SURVEYED: usize = 2000;
/// Part of the surveyed profiles whose highest value is below that of dense cortex: the thickest tenth reaches it.
const DENSE_PART: f64 = 0.9;
/// A fit that is further from its profile than this, root mean square over the height of the cortex, is none.
const MOST_MISFIT: f64 = 0.12;
/// Steps of the fit.
const MOST_STEPS: usize = 60;

/// The cortex under one vertex.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cortex {
    /// From the outer to the inner surface.
    pub thickness_mm: f64,
    /// Depth of its outer surface under the vertex, negative where it lies outside.
    pub depth_mm: f64,
    /// CT number beneath it.
    pub inside_hu: f64,
}

/// The cortex under every `step`th vertex of a bone's surface, whose normals point outwards; `None` where the profile leaves the
/// scan, meets metal or does not look like a cortex.
pub fn measure_cortex(ct: &CtVolume, surface: &Mesh<Patient>, step: usize) -> Vec<Option<Cortex>> {
    let normals = surface.vertex_normals();
    let sampler = Sampler::new(ct);
    let profile = |vertex: usize| -> Option<Profile> {
        let (place, inward) = (surface.vertices[vertex], -normals[vertex]);
        let mut hu = [0.0; POINTS];
        for (value, t) in hu.iter_mut().zip(depths()) {
            let at = ct.grid.to_voxel(place + inward * t);
            *value = sampler.linear(at.coords())?;
        }
        hu.iter().all(|hu| *hu < PROFILE_BELOW_HU).then_some(hu)
    };
    let vertices = (0..surface.vertices.len()).into_par_iter().step_by(step.max(1));
    let profiles: Vec<Option<Profile>> = vertices.map(profile).collect();
    let Some(dense_hu) = dense_cortex(&profiles) else { return vec![None; profiles.len()] };
    let voxel_mm = ct.grid.voxel_volume_mm3().cbrt();
    profiles.par_iter().map(|profile| fit(profile.as_ref()?, dense_hu, voxel_mm)).collect()
}

/// CT numbers along a profile.
type Profile = [f64; POINTS];

fn depths() -> impl Iterator<Item = f64> {
    (0..POINTS).map(|i| i as f64 * STEP_MM - OUTSIDE_MM)
}

/// The CT number that the thickest parts of a bone's cortex reach.
fn dense_cortex(profiles: &[Option<Profile>]) -> Option<f64> {
    let every = profiles.len().div_ceil(SURVEYED).max(1);
    let highest = |profile: &Profile| profile.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut peaks: Vec<f64> = profiles.iter().step_by(every).flatten().map(highest).collect();
    peaks.sort_by(f64::total_cmp);
    peaks.get((DENSE_PART * peaks.len() as f64) as usize).copied()
}

/// Outside, inside, outer surface, inner surface, logarithm of the blur.
type Parameters = SVector<f64, 5>;

/// Height of the blurred steps at a depth, and how it answers to the parameters.
fn model(p: &Parameters, dense_hu: f64, t: f64) -> (f64, Parameters) {
    let [outside, inside, outer, inner, log_blur] = [p[0], p[1], p[2], p[3], p[4]];
    let blur = log_blur.exp();
    let (a, b) = ((t - outer) / blur, (t - inner) / blur);
    let below = |x: f64| 0.5 * (1.0 + erf(x / SQRT_2));
    let bell = |x: f64| (-0.5 * x * x).exp() / (2.0 * PI).sqrt();
    let (up, down) = (dense_hu - outside, inside - dense_hu);
    let value = outside + up * below(a) + down * below(b);
    let slopes = [
        1.0 - below(a),
        below(b),
        -up * bell(a) / blur,
        -down * bell(b) / blur,
        -(up * bell(a) * a + down * bell(b) * b),
    ];
    (value, Parameters::from(slopes))
}

/// Levenberg-Marquardt on the part of the profile up to a little past the first cortex.
fn fit(profile: &Profile, dense_hu: f64, voxel_mm: f64) -> Option<Cortex> {
    let t: Vec<f64> = depths().collect();
    // The highest value near the surface is the cortex; what follows further in may be the other side of a thin bone.
    let near = t.iter().position(|&t| t >= -2.0 * voxel_mm)?..t.iter().position(|&t| t >= 4.0)?;
    let peak = near.max_by(|&i, &j| profile[i].total_cmp(&profile[j]))?;
    let low = (0..peak).min_by(|&i, &j| profile[i].total_cmp(&profile[j]))?;
    let end = second_rise(profile, peak);
    let used = low..end;
    if used.len() < 12 || dense_hu - profile[low] < 200.0 {
        return None;
    }
    let inside = profile[end - 1].min(0.8 * dense_hu);
    let bump = (profile[peak] - profile[low]) / (dense_hu - profile[low]);
    let thickness = (2.0 * voxel_mm * bump.clamp(0.1, 1.0)).max(0.4);
    let middle = t[peak];
    let start =
        [profile[low], inside, middle - thickness / 2.0, middle + thickness / 2.0, (0.6 * voxel_mm).ln()];
    let blur_limits = [(0.25 * voxel_mm).ln(), (1.2 * voxel_mm).ln()];
    let error =
        |p: &Parameters| used.clone().map(|i| (model(p, dense_hu, t[i]).0 - profile[i]).powi(2)).sum::<f64>();

    let mut p = Parameters::from(start);
    let (mut best, mut damping) = (error(&p), 1e-3);
    for _ in 0..MOST_STEPS {
        let (mut normal, mut right) = (SMatrix::<f64, 5, 5>::zeros(), Parameters::zeros());
        for i in used.clone() {
            let (value, slopes) = model(&p, dense_hu, t[i]);
            normal += slopes * slopes.transpose();
            right += slopes * (profile[i] - value);
        }
        for d in 0..5 {
            normal[(d, d)] += damping * normal[(d, d)] + 1e-9;
        }
        let step = normal.cholesky().map(|c| c.solve(&right))?;
        let mut next = p + step;
        next[4] = next[4].clamp(blur_limits[0], blur_limits[1]);
        next[3] = next[3].max(next[2]);
        let error = error(&next);
        if error < best {
            let gained = best - error;
            (p, best, damping) = (next, error, damping / 5.0);
            if gained < 1e-6 * best {
                break;
            }
        } else {
            damping *= 5.0;
            if damping > 1e8 {
                break;
            }
        }
    }
    let misfit = (best / used.len() as f64).sqrt() / (dense_hu - p[0]);
    let (outer, inner) = (p[2], p[3]);
    let is_within = outer > -OUTSIDE_MM && inner < INSIDE_MM && p[1] < dense_hu;
    (misfit < MOST_MISFIT && is_within).then_some(Cortex {
        thickness_mm: inner - outer,
        depth_mm: outer,
        inside_hu: p[1],
    })
}

/// Where a profile, past its peak and the valley behind it, rises again by a quarter of the peak's height over the valley: the
/// bottom of that valley, or the end.
fn second_rise(profile: &Profile, peak: usize) -> usize {
    let mut valley = peak;
    for i in peak..POINTS {
        if profile[i] < profile[valley] {
            valley = i;
        }
        if profile[i] - profile[valley] > 0.25 * (profile[peak] - profile[valley]) + 60.0 {
            return valley + 1;
        }
    }
    POINTS
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Point;
    use coxa_imaging::{Grid, Volume};
    use ndarray::Array3;

    /// A slab whose outer surface is x = 0 with a cortex that grows along y, from thin to thick, as a scanner of this voxel size
    /// with noise shows it; and points of its surface with the thickness there.
    fn slab(voxel_mm: f64, noise_hu: f64) -> (CtVolume, Mesh<Patient>, Vec<f64>) {
        let thickness = |y: f64| 0.6 + 0.1 * y;
        let dims = [40.0, 80.0, 12.0].map(|mm: f64| (mm / voxel_mm) as usize);
        let origin = Point::new(-15.0, -5.0, 0.0);
        let grid = Grid::axis_aligned(dims, origin, [voxel_mm; 3]);
        let blur = 0.6 * voxel_mm;
        let below = |x: f64| 0.5 * (1.0 + erf(x / SQRT_2));
        let mut state = 1u64;
        let mut noise = || {
            let mut sum = -6.0;
            for _ in 0..12 {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                sum += (state >> 11) as f64 / (1u64 << 53) as f64;
            }
            sum * noise_hu
        };
        let voxels = Array3::from_shape_fn((dims[2], dims[1], dims[0]), |(_, j, i)| {
            let (x, y) = (origin.x() + i as f64 * voxel_mm, origin.y() + j as f64 * voxel_mm);
            let hu = 40.0 + 1460.0 * below(x / blur) - 1300.0 * below((x - thickness(y)) / blur);
            (hu + noise()).round() as i16
        });
        // Two triangles a cell, normals to -x.
        let rows = 60;
        let vertices: Vec<Point<Patient>> = (0..rows * 2)
            .map(|i| Point::new(0.0, 2.0 + (i / 2) as f64, if i % 2 == 0 { 4.0 } else { 7.0 }))
            .collect();
        let triangles = (0..rows as u32 - 1)
            .flat_map(|r| {
                let [a, b, c, d] = [2 * r, 2 * r + 1, 2 * r + 2, 2 * r + 3];
                [[a, b, c], [c, b, d]]
            })
            .collect();
        let truth = vertices.iter().map(|v| thickness(v.y())).collect();
        (Volume::new(grid, voxels), Mesh { vertices, triangles }, truth)
    }

    #[test]
    fn thin_and_thick_cortex_are_told_at_clinical_voxel_sizes() {
        for (voxel, noise, allowed) in [(0.8, 0.0, 0.1), (0.8, 25.0, 0.3), (1.5, 15.0, 0.5)] {
            let (ct, mesh, truth) = slab(voxel, noise);
            assert!(mesh.vertex_normals()[0].x() < -0.99);
            let found = measure_cortex(&ct, &mesh, 1);
            let errors: Vec<f64> =
                found.iter().zip(&truth).filter_map(|(f, truth)| Some((*f)?.thickness_mm - truth)).collect();
            assert!(errors.len() > 110, "{voxel}: {}", errors.len());
            let rms = (errors.iter().map(|e| e * e).sum::<f64>() / errors.len() as f64).sqrt();
            let bias = errors.iter().sum::<f64>() / errors.len() as f64;
            assert!(
                rms < allowed && bias.abs() < 0.6 * allowed,
                "{voxel} mm, {noise} HU: rms {rms}, bias {bias}"
            );
            let depth = found.iter().flatten().map(|f| f.depth_mm.abs()).fold(0.0, f64::max);
            assert!(depth < 0.6 * voxel, "{depth}");
        }
    }

    #[test]
    fn a_thicker_cortex_measures_thicker() {
        let (ct, mesh, truth) = slab(1.0, 0.0);
        let found: Vec<(f64, f64)> = measure_cortex(&ct, &mesh, 1)
            .into_iter()
            .zip(truth)
            .filter_map(|(f, truth)| Some((truth, f?.thickness_mm)))
            .collect();
        assert!(found.windows(2).all(|w| w[1].0 <= w[0].0 + 1e-9 || w[1].1 > w[0].1 - 0.02));
    }

    #[test]
    fn where_no_cortex_is_nothing_is_measured() {
        let (ct, mesh, _) = slab(1.0, 0.0);
        let blank = ct.map(|_| 40);
        assert!(measure_cortex(&blank, &mesh, 1).iter().all(Option::is_none));
        let far = Mesh {
            vertices: mesh.vertices.iter().map(|v| Point::new(v.x() + 500.0, v.y(), v.z())).collect(),
            triangles: mesh.triangles.clone(),
        };
        assert!(measure_cortex(&ct, &far, 1).iter().all(Option::is_none));
    }
}
