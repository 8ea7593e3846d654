//! How the levels of the factors of a study are combined.

use super::fields::none_of;
use serde::{Deserialize, Serialize};

/// How the levels of the factors are combined. Every patient gets every combination, so that levels are compared within patients.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", try_from = "DesignFields")]
pub enum Design {
    /// Every level with every other.
    #[default]
    Factorial,
    /// The first level of all, and each other level alone.
    OneAtATime,
    /// Samples of which each factor has one in each of as many equally likely parts.
    LatinHypercube {
        /// Samples of each patient.
        samples: usize,
    },
    /// A scrambled Sobol' sequence.
    Sobol {
        /// Samples of each patient.
        samples: usize,
    },
    /// The matrices of Saltelli 2010, for Sobol' indices: samples times two more than there are factors.
    SobolIndices {
        /// Rows of each matrix.
        samples: usize,
    },
    /// Trajectories of Morris 1991, for elementary effects: trajectories times one more than there are factors.
    Morris {
        /// Trajectories of each patient.
        trajectories: usize,
    },
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DesignKind {
    Factorial,
    OneAtATime,
    LatinHypercube,
    Sobol,
    SobolIndices,
    Morris,
}

/// All fields that `[design]` may have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DesignFields {
    kind: DesignKind,
    samples: Option<usize>,
    trajectories: Option<usize>,
}

impl TryFrom<DesignFields> for Design {
    type Error = String;

    fn try_from(fields: DesignFields) -> Result<Self, String> {
        let DesignFields { kind, samples, trajectories } = fields;
        let [of_samples, of_morris] =
            [("samples", samples.is_some()), ("trajectories", trajectories.is_some())];
        match kind {
            DesignKind::Factorial => none_of("design", "factorial", [&of_samples, &of_morris])?,
            DesignKind::OneAtATime => none_of("design", "one_at_a_time", [&of_samples, &of_morris])?,
            DesignKind::LatinHypercube => none_of("design", "latin_hypercube", [&of_morris])?,
            DesignKind::Sobol => none_of("design", "sobol", [&of_morris])?,
            DesignKind::SobolIndices => none_of("design", "sobol_indices", [&of_morris])?,
            DesignKind::Morris => none_of("design", "morris", [&of_samples])?,
        }
        let samples = || samples.ok_or("[design] lacks samples");
        Ok(match kind {
            DesignKind::Factorial => Design::Factorial,
            DesignKind::OneAtATime => Design::OneAtATime,
            DesignKind::LatinHypercube => Design::LatinHypercube { samples: samples()? },
            DesignKind::Sobol => Design::Sobol { samples: samples()? },
            DesignKind::SobolIndices => Design::SobolIndices { samples: samples()? },
            DesignKind::Morris => {
                Design::Morris { trajectories: trajectories.ok_or("[design] lacks trajectories")? }
            }
        })
    }
}
