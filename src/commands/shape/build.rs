//! `coxa shape build`: a model from surfaces.

use super::files::check_ending;
use crate::cli::shape::BuildArgs;
use anyhow::{Context, Result, bail};
use coxa_case::failure::file_error;
use coxa_case::progress::Progress;
use coxa_geometry::frame::Patient;
use coxa_geometry::mesh::{self, validate};
use coxa_geometry::{Mesh, Point, Side};
use coxa_shape::shape_model::{self, Metrics, Provenance, Registered, ShapeModel, Source, file, metrics};
use nalgebra::Point3;
use std::path::{Path, PathBuf};

/// Most surfaces that are taken.
const MAX_SURFACES: usize = 1000;

/// A template laid worse than this, in mm on average, is said.
const POOR_MM: f64 = 0.5;

/// Shapes in correspondence, as right bones.
#[derive(Default)]
struct Examples {
    faces: Vec<[u32; 3]>,
    shapes: Vec<Vec<Point3<f64>>>,
    registered: Vec<(PathBuf, Registered)>,
}

/// Runs the command.
pub(super) fn run(args: &BuildArgs, progress: &dyn Progress) -> Result<()> {
    check_ending(&args.output, "npz")?;
    let side: Side = args.side.parse()?;
    if args.bone.is_empty() || !args.bone.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
        bail!("--bone must be a name in lower-case letters, such as femur or hip_bone");
    }
    let examples = examples(args, side, progress)?;
    let said = |words: &[String], n: usize| words.get(n).cloned().unwrap_or_default();
    let sources = (0..args.source.len())
        .map(|n| Source {
            name: said(&args.source, n),
            licence: said(&args.licence, n),
            attribution: said(&args.attribution, n),
        })
        .collect();
    let provenance = Provenance { sources, recipe: recipe(args), ..Provenance::default() };
    let mut model = progress.stage("principal components", |_| {
        shape_model::build(&args.bone, examples.faces, &examples.shapes, args.modes, provenance)
    })?;
    // Leaving one out of three leaves too few for a model.
    if examples.shapes.len() > 3 {
        let measured =
            progress.stage("leave-one-out test", |_| metrics::measure(&model, &examples.shapes))?;
        model.provenance.metrics = Some(measured);
    }
    file::write(&model, &args.output)?;
    report(args, &model, &examples.registered)
}

/// The command in words that hold elsewhere too: names without their folders.
fn recipe(args: &BuildArgs) -> String {
    let name = |p: &PathBuf| p.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let mut words = vec!["coxa shape build".to_owned()];
    words.extend(args.input.iter().map(name));
    words.push(format!("--bone {} --side {} --modes {}", args.bone, args.side, args.modes));
    if !args.without.is_empty() {
        let numbers: Vec<String> = args.without.iter().map(usize::to_string).collect();
        words.push(format!("--without {}", numbers.join(",")));
    }
    words.extend(args.template.iter().map(|t| format!("--template {}", name(t))));
    words.join(" ")
}

/// All that was named, in correspondence: the first point-distribution model as it is, surfaces and the shapes of further ones by
/// laying a template on them.
fn examples(args: &BuildArgs, side: Side, progress: &dyn Progress) -> Result<Examples> {
    let (distributions, others): (Vec<&PathBuf>, Vec<&PathBuf>) =
        args.input.iter().partition(|path| path.join("modes.npy").is_file());
    let mut paths = Vec::new();
    for input in others {
        match input.is_dir() {
            true => paths.extend(surfaces_in(input)?),
            false => paths.push(input.clone()),
        }
    }
    if paths.len() > MAX_SURFACES {
        bail!("{} surfaces were given; at most {MAX_SURFACES} are allowed", paths.len());
    }
    let mut surfaces = Vec::new();
    for path in &paths {
        surfaces.push((path.clone(), mesh::file::read::<Patient>(path)?));
    }
    let (mut examples, template) = match &distributions[..] {
        [] => (Examples::default(), template_of(args, side, &paths)?),
        [folder, ..] if args.template.is_some() => {
            bail!("the shapes of {} have their own template; leave --template out", folder.display())
        }
        [folder, further @ ..] => {
            let examples = of_point_distribution(folder, side)?;
            for folder in further {
                let Examples { faces, shapes, .. } = of_point_distribution(folder, Side::Right)?;
                let kept = shapes.into_iter().enumerate().filter(|(n, _)| !args.without.contains(n));
                let shapes = kept.map(|(n, shape)| {
                    let vertices = shape.into_iter().map(Point::from_coords).collect();
                    (folder.join(format!("shape {n}")), Mesh { vertices, triangles: faces.clone() })
                });
                surfaces.extend(shapes);
            }
            let provenance = Provenance::default();
            let faces = examples.faces.clone();
            let model = shape_model::build(&args.bone, faces, &examples.shapes, usize::MAX, provenance)?;
            // What these shapes do not know of others, the kernel of a template knows.
            (examples, model.as_template())
        }
    };
    if !surfaces.is_empty() {
        lay(&mut examples, &template, &surfaces, side, progress)?;
    }
    examples.faces = template.faces;
    Ok(examples)
}

/// The template that was named, or the first surface.
fn template_of(args: &BuildArgs, side: Side, paths: &[PathBuf]) -> Result<ShapeModel> {
    let Some(path) = args.template.as_ref().or(paths.first()) else {
        bail!("the input has no PLY or STL file");
    };
    let mesh = side.enter(mesh::file::read::<Patient>(path)?);
    if let Some(defect) = validate::first_defect(&mesh) {
        bail!(
            "{} cannot be used as template: {defect}; name a sound surface with --template",
            path.display()
        );
    }
    Ok(ShapeModel::template(&args.bone, &mesh))
}

/// The shapes of a point-distribution model and the faces of the one PLY beside it.
fn of_point_distribution(folder: &Path, side: Side) -> Result<Examples> {
    let shapes = file::read_point_distribution(folder)?;
    let [surface] = &surfaces_in(folder)?[..] else {
        bail!(
            "{} needs exactly one PLY file, the mean, whose faces are those of all shapes",
            folder.display()
        );
    };
    let mean = mesh::file::read::<Patient>(surface)?;
    let vertices = mean.vertices.len();
    let shapes = shapes
        .iter()
        .map(|shape| {
            let points = shape.as_slice().chunks_exact(3);
            let points: Vec<Point<Patient>> = points.map(|c| Point::new(c[0], c[1], c[2])).collect();
            side.enter(points).into_iter().map(Point::coords).collect::<Vec<_>>()
        })
        .collect::<Vec<_>>();
    if shapes.first().is_some_and(|s| s.len() != vertices) {
        bail!(
            "{} has {vertices} vertices, but the arrays beside it have a different number",
            surface.display()
        );
    }
    Ok(Examples { faces: side.enter(mean).triangles, shapes, registered: Vec::new() })
}

/// Adds surfaces, brought into correspondence with the template.
fn lay(
    examples: &mut Examples,
    template: &ShapeModel,
    surfaces: &[(PathBuf, Mesh<Patient>)],
    side: Side,
    progress: &dyn Progress,
) -> Result<()> {
    progress.stage("fitting the template", |done| {
        for (n, (path, surface)) in surfaces.iter().enumerate() {
            done(n, surfaces.len());
            let laid = shape_model::register(template, surface, side)
                .with_context(|| format!("{}", path.display()))?;
            let right = side.enter(laid.mesh.vertices.clone());
            examples.shapes.push(right.into_iter().map(Point::coords).collect());
            examples.registered.push((path.clone(), laid));
        }
        Ok(())
    })
}

/// PLY and STL files of a folder, by name.
fn surfaces_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(|e| file_error("read", folder, &e))?;
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|p| {
            p.extension().is_some_and(|e| e.eq_ignore_ascii_case("ply") || e.eq_ignore_ascii_case("stl"))
        })
        .collect();
    found.sort();
    Ok(found)
}

fn report(args: &BuildArgs, model: &ShapeModel, registered: &[(PathBuf, Registered)]) -> Result<()> {
    let metrics: Option<&Metrics> = model.provenance.metrics.as_ref();
    if args.json {
        let laid: Vec<_> = registered
            .iter()
            .map(|(path, r)| {
                serde_json::json!({
                    "surface": path, "to_surface": r.to_surface, "from_surface": r.from_surface, "flipped_share": r.flipped_fraction,
                })
            })
            .collect();
        let json = serde_json::json!({
            "model": args.output, "shapes": model.provenance.shapes, "modes": model.mode_count(), "registered": laid,
            "noise_sd_mm": model.noise_variance.sqrt(), "compactness": model.compactness(), "metrics": metrics,
        });
        say!("{}", serde_json::to_string_pretty(&json)?);
        return Ok(());
    }
    for (path, r) in registered {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let poor = if r.from_surface.mean_mm.max(r.to_surface.mean_mm) > POOR_MM { "  poor" } else { "" };
        say!(
            "{name:32} template to bone {:6.3} mm, bone to template {:6.3} mm, {:.3} % folded{poor}",
            r.to_surface.mean_mm,
            r.from_surface.mean_mm,
            100.0 * r.flipped_fraction
        );
    }
    say!("{} shapes, {} modes", model.provenance.shapes, model.mode_count());
    if let Some(last) = metrics.and_then(|m| m.generalisation_mm.last()) {
        say!("leave-one-out error: {last:.2} mm");
    }
    say!("model: {}", args.output.display());
    Ok(())
}
