//! `coxa shape info`: what a model holds, how good it is, and its modes drawn.

use super::draw;
use super::files::{check_ending, write};
use crate::cli::shape::InfoArgs;
use crate::table::Table;
use anyhow::Result;
use coxa_shape::shape_model::file;

/// Modes that are listed.
const LISTED: usize = 10;

/// Runs the command.
pub(super) fn run(args: &InfoArgs) -> Result<()> {
    if let Some(path) = &args.output {
        check_ending(path, "svg")?;
    }
    let model = file::read(&args.model)?;
    if let Some(path) = &args.output {
        write(path, draw::modes(&model).as_bytes())?;
    }
    let compactness = model.compactness();
    let sd = model.vertex_sd();
    let mean_sd = sd.iter().sum::<f64>() / sd.len().max(1) as f64;
    let metrics = model.provenance.metrics.clone().unwrap_or_default();
    if args.json {
        let json = serde_json::json!({
            "bone": model.bone, "vertices": model.vertex_count(), "triangles": model.faces.len(), "modes": model.mode_count(),
            "mode_sd_mm": model.variances.iter().map(|v| v.sqrt()).collect::<Vec<_>>(), "noise_sd_mm": model.noise_variance.sqrt(),
            "mean_vertex_sd_mm": mean_sd, "kernel": model.kernel, "compactness": compactness, "provenance": model.provenance,
        });
        say!("{}", serde_json::to_string_pretty(&json)?);
        return Ok(());
    }
    say!("bone           {}, right (left bones are mirrored)", model.bone);
    say!("surface        {} vertices, {} triangles", model.vertex_count(), model.faces.len());
    say!(
        "made from      {} shapes, by version {}",
        model.provenance.shapes,
        model.provenance.program_version
    );
    for source in &model.provenance.sources {
        say!("source         {}", source.name);
        say!("licence        {} {}", source.licence, source.attribution);
    }
    say!("recipe         {}", model.provenance.recipe);
    say!(
        "spread         {mean_sd:.1} mm, of which {:.2} mm per axis is not explained by the modes",
        model.noise_variance.sqrt()
    );
    for term in &model.kernel.terms {
        say!("kernel         {:.2} mm over {:.0} mm", term.variance_mm2.sqrt(), term.reach_mm);
    }
    if metrics.specificity_mm > 0.0 {
        say!("specificity    {:.2} mm", metrics.specificity_mm);
    }
    if metrics.completion_mm > 0.0 {
        say!(
            "completion     error {:.1} mm where a part is not seen; its spread is multiplied by {:.1}",
            metrics.completion_mm,
            metrics.completion_factor
        );
    }
    let mut table = Table::new().right("mode").right("compactness").right("generalisation");
    for (mode, share) in compactness.iter().take(LISTED).enumerate() {
        let left_out =
            metrics.generalisation_mm.get(mode).map_or_else(String::new, |mm| format!("{mm:.2} mm"));
        table.row(&[&(mode + 1), &format_args!("{:.1} %", 100.0 * share), &left_out]);
    }
    say!("{table}");
    if let Some(path) = &args.output {
        say!("drawing: {}", path.display());
    }
    Ok(())
}
