//! Suite `shape`: the bones that a point-distribution model was made of, each left out once.
//!
//! The folder holds `mean.npy`, `modes.npy`, `projectedWeights.npy` and one PLY of the mean. Each bone is described by a model of
//! the others, which is fitted to its surface without knowing the correspondence; and the first bone, as a template, is laid on
//! each of the others.

use super::{Check, SuiteReport};
use anyhow::{Context, Result, bail};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Mesh, Point, Side, mesh};
use coxa_shape::shape_model::{self, FitOptions, Provenance, ShapeModel, file, surface_distance};
use nalgebra::Point3;
use std::path::Path;

/// Mean surface error of a bone left out, with at most ten modes, in mm.
const GENERALISATION_MM: f64 = 1.5;

/// Modes of the models compared.
const MODES: usize = 10;

/// Modes with the kernel.
const EXTENDED_MODES: usize = 100;

/// Mean distance of a template laid on a bone, either way, in mm, and share of triangles that may be folded.
const REGISTRATION_MM: f64 = 0.5;
const FOLDED_SHARE: f64 = 0.001;

/// Runs the suite. Bones of either side are compared as they are: a mirror image has the same distances.
pub fn run(folder: &Path) -> Result<SuiteReport> {
    let Examples { faces, shapes } = examples(folder)?;
    let bone = |shape: usize| Mesh::<Patient> {
        vertices: shapes[shape].iter().map(|&p| Point::from_coords(p)).collect(),
        triangles: faces.clone(),
    };
    let (mut by_modes, mut by_kernel) = (Vec::new(), Vec::new());
    for left_out in 0..shapes.len() {
        let others: Vec<_> =
            shapes.iter().enumerate().filter(|(i, _)| *i != left_out).map(|(_, s)| s.clone()).collect();
        let model = shape_model::build("bone", faces.clone(), &others, MODES, Provenance::default())
            .with_context(|| format!("{}", folder.display()))?;
        let target = bone(left_out);
        let distance = |model: &ShapeModel| -> Result<f64> {
            let found = shape_model::fit(model, &target, Side::Right, &FitOptions::default())?;
            Ok(surface_distance(&target, &found.mesh(), |_| true).mean_mm)
        };
        by_modes.push(distance(&model)?);
        by_kernel.push(distance(&model.extended(EXTENDED_MODES))?);
    }
    let template = ShapeModel::template("bone", &Side::Right.enter(bone(0)));
    let (mut to, mut from, mut folded) = (Vec::new(), Vec::new(), Vec::new());
    for shape in 1..shapes.len() {
        let laid = shape_model::register(&template, &bone(shape), Side::Right)?;
        to.push(laid.to_surface.mean_mm);
        from.push(laid.from_surface.mean_mm);
        folded.push(laid.flipped_fraction);
    }
    let mean = |errors: &[f64]| vec![errors.iter().sum::<f64>() / errors.len().max(1) as f64];
    let note = format!("mean over {} bones, each left out, at most {MODES} modes", shapes.len());
    let checks = vec![
        Check::at_most("generalisation", &mean(&by_modes), GENERALISATION_MM, "mm").with_note(note),
        Check::shown("bone left out", &by_modes, "mm"),
        Check::at_most("generalisation with kernel", &mean(&by_kernel), GENERALISATION_MM, "mm"),
        Check::shown("bone left out, with kernel", &by_kernel, "mm"),
        Check::at_most("template to bone", &to, REGISTRATION_MM, "mm"),
        Check::at_most("bone to template", &from, REGISTRATION_MM, "mm"),
        Check::at_most("folded triangles", &folded, FOLDED_SHARE, ""),
    ];
    Ok(SuiteReport { suite: "shape", evidence: "real-reference", checks })
}

/// Bones in correspondence.
pub(super) struct Examples {
    pub(super) faces: Vec<[u32; 3]>,
    pub(super) shapes: Vec<Vec<Point3<f64>>>,
}

/// The bones that the folder of a point-distribution model holds.
pub(super) fn examples(folder: &Path) -> Result<Examples> {
    let faces = mesh::file::read::<Patient>(&the_one_ply(folder)?)?.triangles;
    let shapes = file::read_point_distribution(folder)?
        .iter()
        .map(|s| s.as_slice().chunks_exact(3).map(|c| Point3::new(c[0], c[1], c[2])).collect())
        .collect();
    Ok(Examples { faces, shapes })
}

fn the_one_ply(folder: &Path) -> Result<std::path::PathBuf> {
    let entries =
        std::fs::read_dir(folder).map_err(|e| coxa_case::failure::file_error("read", folder, &e))?;
    let mut found: Vec<_> = entries
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e.eq_ignore_ascii_case("ply")))
        .collect();
    match (found.pop(), found.is_empty()) {
        (Some(path), true) => Ok(path),
        _ => bail!("{} needs exactly one PLY file, the mean with its faces", folder.display()),
    }
}
