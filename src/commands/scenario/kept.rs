//! Quantities that a study keeps, by the name that somebody gives.

use anyhow::{Result, bail};
use coxa_scenario::output::Output;

/// The quantities of a name, among those that a study keeps.
///
/// # Errors
/// A name that no quantity has; one that the study does not keep.
pub(super) fn named(name: &str, kept: &[Output]) -> Result<Vec<Output>> {
    let wanted = Output::named(name)?;
    if let Some(missing) = wanted.iter().find(|output| !kept.contains(output)) {
        let names: Vec<String> = kept.iter().map(Output::name).collect();
        bail!(
            "the study does not keep {}; it keeps {}: another quantity needs a study in a folder of its own",
            missing.name(),
            names.join(", ")
        );
    }
    Ok(wanted)
}
