//! Fits the femur model that ships to the upper half of a femur and says how well it completes the rest
//! (evidence: synthetic-new-anatomy).
//!
//!     cargo run --example fit_shape

use coxa_anatomy::Bone;
use coxa_geometry::Side;
use coxa_shape::shape_model::{FitOptions, fit, shipped};
use coxa_synthetic::{VirtualPatientOptions, generate};

fn main() -> anyhow::Result<()> {
    let patient = generate(&VirtualPatientOptions { spacing_mm: 3.0, ..Default::default() })?;
    let mut seen = patient.surfaces[&Bone::FemurRight].clone();
    let head = patient.truth.side(Side::Right).head_centre_mm;
    // A scan that ends 150 mm below the head.
    let end = head.z() - 150.0;
    let triangles = std::mem::take(&mut seen.triangles);
    seen.triangles =
        triangles.into_iter().filter(|t| t.iter().all(|&v| seen.vertices[v as usize].z() > end)).collect();
    let model =
        shipped::femur().ok_or_else(|| anyhow::anyhow!("the femur model that ships cannot be read"))?;
    let fitted = fit(model, &seen, Side::Right, &FitOptions::default())?;
    let spread = fitted.vertex_sd();
    let (least, most) = spread.iter().fold((f64::MAX, 0.0_f64), |(a, b), &sd| (a.min(sd), b.max(sd)));
    println!("{} of {} vertices seen", fitted.seen.iter().filter(|seen| **seen).count(), fitted.seen.len());
    println!("mean distance of what is seen {:.2} mm", fitted.residual_mm);
    println!("standard deviation of a vertex {least:.2} to {most:.2} mm");
    Ok(())
}
