//! External loads as a set-up names them.

use super::text::text;
use super::trial::{Trial, beside};
use anyhow::{Result, anyhow, bail};
use coxa_muscle::files::Storage;
use coxa_muscle::osim::{self, AppliedLoads};

/// Rounding of times in files, s.
const ROUNDING_S: f64 = 1e-6;

/// What the set-up of a trial says that pushes on the bodies.
pub(super) fn external_loads(trial: &Trial) -> Result<Option<AppliedLoads>> {
    let Some((setup, in_file)) = &trial.setup else { return Ok(None) };
    let Some(named) = &setup.external_loads else { return Ok(None) };
    let file = beside(in_file, named);
    let loads = osim::read_external_loads(&text(&file)?).map_err(|e| anyhow!("{}: {e}", file.display()))?;
    let Some(named) = &loads.data_file else { bail!("{} names no datafile", file.display()) };
    let data = beside(&file, named);
    for force in &loads.forces {
        if let Some(own) = force.data_source.as_ref().filter(|own| *own != named) {
            let (file, force) = (file.display(), &force.name);
            eprintln!(
                "note: {file}: `{force}` names {own} as its data_source_name; the datafile {named} is used instead, as in OpenSim"
            );
        }
    }
    let table = Storage::read(&text(&data)?).map_err(|e| anyhow!("{}: {e}", data.display()))?;
    let loads =
        AppliedLoads::new(&loads, &table, &trial.skeleton).map_err(|e| anyhow!("{}: {e}", file.display()))?;
    let [from, until] = loads.span();
    let mut times = trial.motion.iter().flat_map(|motion| &motion.times);
    if times.any(|time| *time < from - ROUNDING_S || *time > until + ROUNDING_S) {
        let data = data.display();
        eprintln!(
            "note: {data} has loads from {from} to {until} s only; at other times the nearest are used"
        );
    }
    Ok(Some(loads))
}
