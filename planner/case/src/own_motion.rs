//! A motion of the user's own with its external loads, as files of OpenSim.

use crate::bounded::read_text;
use crate::request::MotionSources;
use crate::source::Source;
use anyhow::{Context, Result, anyhow, bail};
use coxa_muscle::files::Storage;
use coxa_muscle::osim::read_external_loads;
use coxa_planner::loads::OwnMotion;
use std::path::Path;

/// No motion and no loads have more bytes.
const MOST_BYTES: u64 = 1 << 28;

/// Reads a motion (`.mot`, `.sto`) and external loads (`.xml`), whose table lies where they say, seen from their folder.
///
/// # Errors
/// Where a file cannot be read, or is not what it should be.
pub fn read(motion: &Path, loads: &Path) -> Result<(OwnMotion, MotionSources)> {
    let external_loads =
        read_external_loads(&text(loads)?).map_err(|e| anyhow!("{}: {e}", loads.display()))?;
    let named = external_loads.data_file.as_ref();
    let named = named.with_context(|| format!("{} names no datafile with the forces", loads.display()))?;
    let forces = loads.parent().unwrap_or(Path::new("")).join(named);
    let table = |file: &Path| Storage::read(&text(file)?).map_err(|e| anyhow!("{}: {e}", file.display()));
    let own = OwnMotion { motion: table(motion)?, forces: table(&forces)?, external_loads };
    let sources = MotionSources {
        motion: Source::file(motion)?,
        external_loads: Source::file(loads)?,
        forces: Source::file(&forces)?,
    };
    Ok((own, sources))
}

/// Reads those of a case again.
///
/// # Errors
/// Where one cannot be read, or changed since the case was asked for it.
pub fn reread(of_case: &MotionSources) -> Result<OwnMotion> {
    let (Some(motion), Some(loads)) = (&of_case.motion.path, &of_case.external_loads.path) else {
        bail!(
            "case.toml does not say where the user's own motion is; name it: coxa load CASE --motion FILE --external-loads FILE"
        );
    };
    let (own, sources) = read(motion, loads)?;
    if sources != *of_case {
        bail!(
            "{}, its external loads or their table changed since they were given to the case; name them with coxa load --motion and \
             --external-loads to use them as they are now",
            motion.display()
        );
    }
    Ok(own)
}

fn text(file: &Path) -> Result<String> {
    read_text(file, MOST_BYTES)
}
