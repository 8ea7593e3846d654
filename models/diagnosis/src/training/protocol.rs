//! How settings are chosen.

use crate::manifest::{Manifest, Output, Scale};
use coxa_learning::{Criterion, Protocol};

/// How settings are chosen: of ordered classes by the ranked probability score, else by what is usual.
pub(super) fn protocol(manifest: &Manifest, output: &Output) -> Protocol {
    let criterion = matches!(output.scale, Scale::Ordered(_)).then_some(Criterion::RankedProbability);
    let (inner_folds, seed) = (manifest.evaluation.inner_folds, manifest.evaluation.seed);
    Protocol { inner_folds, criterion, one_standard_error: false, seed }
}
