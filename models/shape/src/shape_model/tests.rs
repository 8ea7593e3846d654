//! Laws of shape models, and a small one to test on.

use super::model::{coordinates, points};
use super::{Provenance, ShapeModel, build};
use coxa_geometry::Mesh;
use coxa_geometry::frame::Template;
use nalgebra::{DVector, Isometry3, Point3, Vector3};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// An elongated ball of 30 x 40 x 80 mm radii, `rings` from pole to pole.
pub(super) fn ball(rings: u32) -> Mesh<Template> {
    let around = 2 * rings;
    let radii = [30.0, 40.0, 80.0];
    let at = |polar: f64, azimuth: f64| {
        coxa_geometry::Point::new(
            radii[0] * polar.sin() * azimuth.cos(),
            radii[1] * polar.sin() * azimuth.sin(),
            radii[2] * polar.cos(),
        )
    };
    let mut vertices = vec![at(0.0, 0.0)];
    for i in 1..rings {
        for j in 0..around {
            let (i, j) = (f64::from(i) / f64::from(rings), f64::from(j) / f64::from(around));
            vertices.push(at(std::f64::consts::PI * i, std::f64::consts::TAU * j));
        }
    }
    let south = vertices.len() as u32;
    vertices.push(at(std::f64::consts::PI, 0.0));
    let index = |ring: u32, j: u32| 1 + (ring - 1) * around + j % around;
    let mut triangles = Vec::new();
    for j in 0..around {
        triangles.push([0, index(1, j), index(1, j + 1)]);
        for i in 1..rings - 1 {
            triangles.push([index(i, j), index(i + 1, j), index(i + 1, j + 1)]);
            triangles.push([index(i, j), index(i + 1, j + 1), index(i, j + 1)]);
        }
        triangles.push([south, index(rings - 1, j + 1), index(rings - 1, j)]);
    }
    Mesh { vertices, triangles }
}

/// Balls that differ in size, in a bump on one side and in a bend, each in a pose of its own.
pub(super) fn bumpy(count: usize, rings: u32, seed: u64) -> Vec<Vec<Point3<f64>>> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut draw = |spread: f64| spread * super::model::standard_normal(&mut rng);
    (0..count)
        .map(|_| {
            let (size, bump, bend) = (1.0 + draw(0.05), draw(4.0), draw(5.0));
            let turn = Vector3::new(draw(0.3), draw(0.3), draw(0.3));
            let pose = Isometry3::new(Vector3::new(draw(100.0), draw(100.0), draw(100.0)), turn);
            let deform = |p: Point3<f64>| {
                let bump = bump * (-(p - Point3::new(30.0, 0.0, 20.0)).norm_squared() / 800.0).exp();
                let bend = bend * (p.z / 80.0).powi(2);
                pose * Point3::new(size * p.x + bump + bend, size * p.y, size * p.z)
            };
            ball(rings).vertices.iter().map(|p| deform(p.coords())).collect()
        })
        .collect()
}

/// A model of such balls.
pub(super) fn bumps(count: usize) -> ShapeModel {
    build("ball", ball(12).triangles, &bumpy(count, 12, 1), usize::MAX, Provenance::default()).unwrap()
}

#[test]
fn modes_are_orthonormal_and_variances_fall() {
    let model = bumps(8);
    let gram = model.modes.tr_mul(&model.modes);
    assert!((gram - nalgebra::DMatrix::identity(model.mode_count(), model.mode_count())).amax() < 1e-6);
    assert!(model.variances.as_slice().windows(2).all(|w| w[0] >= w[1]));
}

#[test]
fn total_variance_is_that_of_the_aligned_shapes_and_pose_does_not_matter() {
    let shapes = bumpy(9, 12, 3);
    let faces = ball(12).triangles;
    let model = build("ball", faces.clone(), &shapes, usize::MAX, Provenance::default()).unwrap();
    let motion = Isometry3::new(Vector3::new(30.0, -200.0, 7.0), Vector3::new(0.4, 1.0, -0.3));
    let mut moved = shapes;
    for p in &mut moved[4] {
        *p = motion * *p;
    }
    let again = build("ball", faces, &moved, usize::MAX, Provenance::default()).unwrap();
    assert!((&model.variances - &again.variances).amax() < 1e-6 * model.variances[0]);
    assert!((model.noise_variance - again.noise_variance).abs() < 1e-6 * model.noise_variance);
    // Truncation moves variance into the noise and loses none.
    let total = |m: &ShapeModel| m.variances.sum() + m.noise_variance * m.mean.len() as f64;
    assert!((total(&model) - total(&model.truncated(2))).abs() < 1e-9 * total(&model));
}

#[test]
fn samples_have_the_covariance_of_the_model() {
    let model = bumps(8);
    let vertex = 40;
    let exact = model.vertex_covariance(vertex).trace() - 3.0 * model.noise_variance;
    let count = 4000;
    let sampled: f64 = (0..count)
        .map(|seed| (model.sample(seed).vertices[vertex] - model.mean_mesh().vertices[vertex]).norm().powi(2))
        .sum::<f64>()
        / count as f64;
    // The relative spread of a variance from 4000 samples is at most sqrt(2 / 4000), when one mode rules: 2.2 %.
    assert!((sampled / exact - 1.0).abs() < 0.08, "{sampled} against {exact}");
    assert_eq!(model.sample(5), model.sample(5));
}

#[test]
fn projecting_undoes_reconstructing() {
    let model = bumps(8);
    let wanted: Vec<f64> = (0..model.mode_count()).map(|j| 0.3 * j as f64 - 1.0).collect();
    let found = model.project(&model.reconstruct(&wanted).vertices).unwrap();
    assert!(wanted.iter().zip(&found).all(|(a, b)| (a - b).abs() < 1e-6));
    assert!(model.project(&[]).is_none());
}

#[test]
fn the_marginal_is_the_model_seen_at_some_vertices() {
    let model = bumps(8);
    let kept = [3, 50, 51, 90, 200];
    let part = model.marginal(&kept);
    for (new, &old) in kept.iter().enumerate() {
        assert!((part.vertex_covariance(new) - model.vertex_covariance(old)).amax() < 1e-8);
        assert!(part.mean_mesh().vertices[new].distance(model.mean_mesh().vertices[old]) < 1e-12);
    }
}

#[test]
fn a_kernel_adds_its_variance_everywhere() {
    let model = bumps(8);
    let kernel = super::Kernel::new(&[(60.0, 4.0), (20.0, 1.0)]);
    let wide = model.extended_by(&kernel, 900);
    for vertex in [0, 33, 170] {
        let added = wide.vertex_covariance(vertex).trace() - 3.0 * wide.noise_variance;
        let own = model.vertex_covariance(vertex).trace() - 3.0 * model.noise_variance;
        assert!((added - own - 15.0).abs() < 0.4, "{added} {own}");
    }
    assert_eq!(model.extended_by(&super::Kernel::default(), 900), model);
}

#[test]
fn a_kernel_is_estimated_from_fields_that_it_made() {
    // Fields of one reach: the estimate must put most of its variance near it.
    let mesh = ball(16);
    let places: Vec<Point3<f64>> = mesh.vertices.iter().map(|v| v.coords()).collect();
    let factor = super::Kernel::new(&[(25.0, 1.0)]).low_rank(&places, 300, 1e-4);
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let fields = nalgebra::DMatrix::from_columns(
        &(0..40)
            .map(|_| {
                let axes: Vec<DVector<f64>> = (0..3)
                    .map(|_| {
                        &factor
                            * DVector::from_fn(factor.ncols(), |_, _| super::model::standard_normal(&mut rng))
                    })
                    .collect();
                DVector::from_fn(3 * places.len(), |r, _| axes[r % 3][r / 3])
            })
            .collect::<Vec<_>>(),
    );
    let kernel = super::Kernel::estimate(&coordinates(&mesh.vertices), &fields, 1.0);
    assert!((kernel.variance() - 1.0).abs() < 1e-9);
    for distance in [10.0, 25.0, 50.0] {
        let exact = (-0.5 * (distance / 25.0_f64).powi(2)).exp();
        assert!((kernel.at(distance) - exact).abs() < 0.1, "{distance}: {} for {exact}", kernel.at(distance));
    }
}

#[test]
fn the_pivoted_factor_gives_back_the_kernel() {
    let mesh = ball(8);
    let places: Vec<Point3<f64>> = mesh.vertices.iter().map(|v| v.coords()).collect();
    let kernel = super::Kernel::new(&[(40.0, 2.0)]);
    let factor = kernel.low_rank(&places, 500, 1e-8);
    let product = &factor * factor.transpose();
    for (i, j) in [(0, 0), (3, 90), (17, 44)] {
        assert!((product[(i, j)] - kernel.at((places[i] - places[j]).norm())).abs() < 1e-4);
    }
}

#[test]
fn shapes_that_make_no_model_are_refused() {
    let shapes = bumpy(4, 6, 1);
    let faces = ball(6).triangles;
    let make = |shapes: &[Vec<Point3<f64>>]| build("ball", faces.clone(), shapes, 9, Provenance::default());
    assert!(matches!(make(&shapes[..2]), Err(super::BuildError::TooFewShapes(2))));
    let mut short = shapes.clone();
    short[2].pop();
    assert!(matches!(make(&short), Err(super::BuildError::NotInCorrespondence { shape: 2, .. })));
    let mut broken = shapes.clone();
    broken[1][0].x = f64::NAN;
    assert!(matches!(make(&broken), Err(super::BuildError::NotFinite(1))));
    assert!(matches!(make(&vec![shapes[0].clone(); 4]), Err(super::BuildError::NoVariation)));
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let face = rng.random_range(0..faces.len());
    let mut bad = faces.clone();
    bad[face][1] = 100_000;
    let refused = build("ball", bad, &shapes, 9, Provenance::default());
    assert_eq!(refused.unwrap_err(), super::BuildError::Face(face));
    assert_eq!(points::<Template>(&coordinates(&ball(6).vertices)), ball(6).vertices);
}

#[test]
fn a_sighting_turns_what_was_not_seen_and_makes_it_surer() {
    use super::fit::{FitOptions, Sighting, fit};
    use coxa_geometry::frame::Patient;
    use coxa_geometry::{Side, Transform};
    let shapes = bumpy(8, 24, 1);
    let model = build("ball", ball(24).triangles, &shapes, usize::MAX, Provenance::default()).unwrap();
    let whole: Mesh<Patient> = Transform::identity().apply(&model.mean_mesh());
    // The upper part is seen, from which the bend of the lower one follows poorly.
    let is_seen = |v: &u32| whole.vertices[*v as usize].z() > 20.0;
    let seen = Mesh {
        vertices: whole.vertices.clone(),
        triangles: whole.triangles.iter().filter(|t| t.iter().all(is_seen)).copied().collect(),
    };
    let options = FitOptions { correlation_mm: 40.0, ..FitOptions::default() };
    let found = fit(&model, &seen, Side::Right, &options).unwrap();
    let (north, south) = (vec![0], vec![model.vertex_count() - 1]);
    let across = |mesh: &Mesh<Patient>| {
        let line = mesh.vertices[north[0]] - mesh.vertices[south[0]];
        line.normalised().unwrap().x()
    };
    let scatter = |fit: &super::Fit<'_>| {
        let own = across(&fit.mesh());
        let squares: f64 = (0..200).map(|seed| (across(&fit.sample(seed)) - own).powi(2)).sum();
        (squares / 200.0).sqrt()
    };
    let (before, wanted) = (scatter(&found), across(&found.mesh()) + 0.02);
    let sighting = |sd| {
        vec![Sighting { to: north.clone(), from: south.clone(), along: Vector3::x(), component: wanted, sd }]
    };
    // A sure sighting is obeyed, one as sure as the fit meets it halfway, one of nothing leaves it alone.
    let sure = found.given(&sighting(1e-4)).unwrap();
    assert!((across(&sure.mesh()) - wanted).abs() < 1e-3 && scatter(&sure) < 0.2 * before + 1e-4);
    let equal = found.given(&sighting(before)).unwrap();
    let moved = (across(&equal.mesh()) - across(&found.mesh())) / 0.02;
    assert!((moved - 0.5).abs() < 0.1, "moved by {moved} of the way");
    assert!((scatter(&equal) / before - 0.5_f64.sqrt()).abs() < 0.12);
    let vague = found.given(&sighting(100.0)).unwrap();
    assert!((across(&vague.mesh()) - across(&found.mesh())).abs() < 1e-5);
    let nothing = Sighting { to: vec![usize::MAX], ..sighting(1.0).remove(0) };
    assert!(found.given(&[nothing]).is_none());
}
