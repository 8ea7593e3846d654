//! Shape models on real bones. Skips what it has no data for.

use coxa_anatomy::shape_model::{self, FitOptions, Provenance, ShapeModel, fit, register, surface_distance};
use coxa_anatomy::{Bone, BoneSurfaces, HipAnatomy, LandmarkKind, measure};
use coxa_geometry::frame::Patient;
use coxa_geometry::mesh::file;
use coxa_geometry::{Mesh, Point, Side};
use nalgebra::Point3;
use std::path::{Path, PathBuf};

fn reference_data(what: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("COXA_REFERENCE_DATA").map_or(beside, PathBuf::from);
    let path = folder.join(what);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: no reference data at {} (COXA_REFERENCE_DATA names the folder)", path.display());
    None
}

/// The ten femora of the point-distribution model as right ones, with their triangles.
struct Femora {
    faces: Vec<[u32; 3]>,
    shapes: Vec<Vec<Point3<f64>>>,
}

impl Femora {
    fn read() -> Option<Femora> {
        let folder = reference_data("shape-femur-gias")?;
        let mean: Mesh<Patient> = file::read(&folder.join("femur_mean.ply")).ok()?;
        let shapes = shape_model::file::read_point_distribution(&folder).ok()?;
        let right = |s: &nalgebra::DVector<f64>| {
            s.as_slice().chunks_exact(3).map(|c| Point3::new(-c[0], c[1], c[2])).collect()
        };
        Some(Femora {
            faces: Side::Left.to_right(mean).triangles,
            shapes: shapes.iter().map(right).collect(),
        })
    }

    /// Model of all but one.
    fn model(&self, left_out: Option<usize>) -> ShapeModel {
        let kept = (0..self.shapes.len()).filter(|&i| Some(i) != left_out);
        let shapes: Vec<_> = kept.map(|i| self.shapes[i].clone()).collect();
        shape_model::build("femur", self.faces.clone(), &shapes, 99, Provenance::default())
            .expect("the shapes are in correspondence")
    }

    fn mesh(&self, shape: usize) -> Mesh<Patient> {
        let vertices = self.shapes[shape].iter().map(|&p| Point::from_coords(p)).collect();
        Mesh { vertices, triangles: self.faces.clone() }
    }
}

/// Whole femora of two people who are not in the model.
fn whole_femora() -> Vec<(Mesh<Patient>, Side)> {
    [
        ("test-only/vsd/vsd_z013_Femur_R.ply", Side::Right),
        ("test-only/vsd/vsd_z013_Femur_L.ply", Side::Left),
        ("test-only/staple/staple_LHDL_CT_femur_r.ply", Side::Right),
    ]
    .into_iter()
    .filter_map(|(name, side)| Some((file::read(&reference_data(name)?).ok()?, side)))
    .collect()
}

fn proximal_femora() -> Vec<(Mesh<Patient>, Side)> {
    [("femur-libhip/m3/m3_rfemur_mm.stl", Side::Right), ("femur-libhip/m3/m3_lfemur_mm.stl", Side::Left)]
        .into_iter()
        .filter_map(|(name, side)| Some((file::read(&reference_data(name)?).ok()?, side)))
        .collect()
}

#[test]
fn a_femur_left_out_is_described_by_the_others() {
    let Some(femora) = Femora::read() else { return };
    for left_out in [0, 6] {
        let (model, target) = (femora.model(Some(left_out)), femora.mesh(left_out));
        let distance = |model: &ShapeModel| {
            let found = fit(model, &target, Side::Right, &FitOptions::default()).expect("it fits");
            surface_distance(&target, &found.mesh(), |_| true).mean_mm
        };
        let (modes, extended) = (distance(&model), distance(&model.extended(100)));
        println!("femur {left_out}: {modes:.2} mm by the modes, {extended:.2} mm with the kernel");
        assert!(modes < 1.5 && extended < 0.7 && extended < modes);
    }
}

#[test]
fn femora_of_other_people_are_fitted_and_registered() {
    let Some(femora) = Femora::read() else { return };
    let model = femora.model(None).extended(100);
    for (target, side) in whole_femora().into_iter().chain(proximal_femora()) {
        let found = fit(&model, &target, side, &FitOptions::default()).expect("it fits");
        let fitted = surface_distance(&found.mesh(), &target, |v| found.seen[v]).mean_mm;
        let registered = register(&model, &target, side).expect("it is registered");
        println!(
            "fitted to {fitted:.2} mm, registered to {:.3} and {:.3} mm, {:.4} flipped",
            registered.to_surface.mean_mm, registered.from_surface.mean_mm, registered.flipped_share
        );
        assert!(fitted < 0.8);
        assert!(registered.to_surface.mean_mm < 0.5 && registered.from_surface.mean_mm < 0.5);
        assert!(registered.flipped_share < 1e-3);
    }
}

fn anatomy(mesh: &Mesh<Patient>, side: Side) -> HipAnatomy {
    measure::measure(&BoneSurfaces::from([(Bone::femur(side), mesh.clone())]), None)
}

/// The part of a femur above the apex of its lesser trochanter, less `below_mm`, across its shaft.
fn cut(mesh: &Mesh<Patient>, whole: &HipAnatomy, side: Side, below_mm: f64) -> Mesh<Patient> {
    let lesser =
        whole.landmark(LandmarkKind::LesserTrochanter, side).expect("the lesser trochanter is found");
    let axis = whole.side(side).shaft.as_ref().expect("a shaft").axis;
    let kept = |v: &u32| (mesh.vertices[*v as usize] - lesser.position_mm).dot(axis) > -below_mm;
    Mesh {
        vertices: mesh.vertices.clone(),
        triangles: mesh.triangles.iter().filter(|t| t.iter().all(kept)).copied().collect(),
    }
}

fn version(anatomy: &HipAnatomy, side: Side) -> Option<f64> {
    Some(anatomy.measurements.get(&format!("femoral_version_{side}"))?.value)
}

#[test]
fn a_femur_cut_at_the_lesser_trochanter_is_completed_with_its_spread() {
    let Some(femora) = Femora::read() else { return };
    let model = femora.model(None).extended(100);
    for (target, side) in whole_femora() {
        let whole = anatomy(&target, side);
        for below in [0.0, 30.0] {
            let seen = cut(&target, &whole, side, below);
            let found = fit(&model, &seen, side, &FitOptions::default()).expect("it fits");
            let completed = anatomy(&found.mesh(), side);
            let samples: Vec<HipAnatomy> = (0..24).map(|seed| anatomy(&found.sample(seed), side)).collect();
            let versions: Vec<f64> = samples.iter().filter_map(|a| version(a, side)).collect();
            let mean = versions.iter().sum::<f64>() / versions.len() as f64;
            let sd = (versions.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (versions.len() - 1) as f64)
                .sqrt();
            let (a, b) = (
                completed.side(side).shaft.as_ref().unwrap().axis,
                whole.side(side).shaft.as_ref().unwrap().axis,
            );
            let axes: Vec<f64> = samples
                .iter()
                .map(|s| s.side(side).shaft.as_ref().unwrap().axis.angle_to(a).degrees())
                .collect();
            let head = completed
                .side(side)
                .head
                .as_ref()
                .unwrap()
                .centre_mm
                .distance(whole.side(side).head.as_ref().unwrap().centre_mm);
            println!(
                "below {below} fit {:.2} head {head:.2} shaft {:.2} deg (samples rms {:.2}) version {:?} completed {:?} samples {mean:.1} sd {sd:.1} n {}, error {:.2} mm scale {}",
                found.residual_mm,
                a.angle_to(b).degrees(),
                (axes.iter().map(|a| a * a).sum::<f64>() / axes.len() as f64).sqrt(),
                version(&whole, side),
                version(&completed, side),
                versions.len(),
                surface_distance(&target, &found.mesh(), |_| true).mean_mm,
                found.scale_mm
            );
            let sds = found.vertex_sd();
            println!("sd {:?}", sds.iter().step_by(1000).collect::<Vec<_>>());
        }
    }
}
