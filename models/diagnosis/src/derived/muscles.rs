//! Muscles of both sides of a case folder.

use crate::manifest::{MuscleMeasure, MuscleOf};
use coxa_anatomy::HipAnatomy;
use coxa_geometry::Side;
use std::path::{Path, PathBuf};

/// An `anatomy.json` is no larger.
const MOST_BYTES: u64 = 1 << 28;
/// Less fat than this share cannot be told from none, so that no ratio is made of it.
const LEAST_FAT: f64 = 0.01;

/// The anatomy of one case at a time: all of its muscles come one after the other.
#[derive(Default)]
pub(super) struct Anatomies {
    last: Option<(PathBuf, Result<HipAnatomy, String>)>,
}

impl Anatomies {
    /// A muscle of the affected side over that of the other; `None` where one side does not have it whole.
    pub(super) fn compare(
        &mut self,
        case: PathBuf,
        side: Option<&str>,
        of: &MuscleOf,
    ) -> Result<Option<f64>, String> {
        let affected = match side {
            Some("right") => Side::Right,
            Some("left") => Side::Left,
            _ => return Ok(None),
        };
        if self.last.as_ref().is_none_or(|(last, _)| *last != case) {
            let found = read(&case);
            self.last = Some((case, found));
        }
        match &self.last {
            Some((_, Ok(anatomy))) => Ok(ratio(anatomy, affected, of)),
            Some((_, Err(wrong))) => Err(wrong.clone()),
            None => Ok(None),
        }
    }
}

fn read(case: &Path) -> Result<HipAnatomy, String> {
    let path = case.join("anatomy.json");
    let size = std::fs::metadata(&path).map_err(|_| "the case folder has no anatomy.json".to_owned())?.len();
    if size > MOST_BYTES {
        return Err("anatomy.json of the case is too large to be one".into());
    }
    let bytes = std::fs::read(&path).map_err(|_| "anatomy.json of the case cannot be read".to_owned())?;
    serde_json::from_slice(&bytes).map_err(|_| "anatomy.json of the case is of another form".to_owned())
}

fn ratio(anatomy: &HipAnatomy, affected: Side, of: &MuscleOf) -> Option<f64> {
    let muscle = |side: Side| {
        anatomy
            .muscles
            .iter()
            .find(|muscle| muscle.name == of.muscle && muscle.side == side && !muscle.is_cut)
    };
    let (own, other) = (muscle(affected)?, muscle(affected.other())?);
    let (above, below, least) = match of.measure {
        MuscleMeasure::VolumeRatio => (own.volume.value, other.volume.value, f64::MIN_POSITIVE),
        MuscleMeasure::FatRatio => (own.fat_fraction.value, other.fat_fraction.value, LEAST_FAT),
    };
    (below >= least && above.is_finite()).then(|| above / below)
}
