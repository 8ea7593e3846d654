//! `coxa shape sample`: bones that a model holds for likely.

use super::files::{make_folder, write_ply};
use crate::cli::shape::SampleArgs;
use anyhow::Result;
use coxa_shape::shape_model::file;

/// Runs the command.
pub(super) fn run(args: &SampleArgs) -> Result<()> {
    let model = file::read(&args.model)?;
    make_folder(&args.output)?;
    for seed in args.seed..args.seed.saturating_add(args.count) {
        let path = args.output.join(format!("{}_{seed}.ply", model.bone));
        write_ply(&model.sample(seed), &path)?;
        say!("{}", path.display());
    }
    Ok(())
}
