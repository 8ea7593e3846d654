//! Speed, for `coxa bench`.

pub mod imaging;
pub mod loads;
pub mod optimise;
pub mod plan;
pub mod radiomics;
pub mod rom;
mod rom_growth;
pub mod scenario;
pub mod stages;

use serde::Serialize;
use std::fmt;

/// One measured quantity.
#[derive(Debug, Clone, Serialize)]
pub struct Measure {
    /// Name with its unit, such as `isosurface_wall_seconds`.
    pub name: String,
    /// Value in that unit.
    pub value: f64,
}

/// Result of one benchmark.
#[derive(Debug, Clone, Serialize)]
pub struct BenchReport {
    /// Benchmark name as on the command line.
    pub bench: &'static str,
    /// What was measured on.
    pub workload: String,
    /// Quantities in order.
    pub measures: Vec<Measure>,
}

impl BenchReport {
    /// An empty report.
    pub fn new(bench: &'static str, workload: impl Into<String>) -> Self {
        BenchReport { bench, workload: workload.into(), measures: Vec::new() }
    }

    /// Adds a quantity.
    pub fn push(&mut self, name: impl Into<String>, value: f64) {
        self.measures.push(Measure { name: name.into(), value });
    }
}

impl fmt::Display for BenchReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.bench, self.workload)?;
        let width = self.measures.iter().map(|m| m.name.len()).max().unwrap_or(0);
        for m in &self.measures {
            write!(f, "\n  {:width$}  {:.3}", m.name, m.value)?;
        }
        Ok(())
    }
}
