//! `coxa bench`: speed on this machine.

use crate::bench;
use crate::cli::{BenchArgs, Benchmark};
use anyhow::Result;

/// Runs the command.
pub fn run(args: &BenchArgs) -> Result<()> {
    let report = match args.name {
        Benchmark::Imaging => bench::imaging::run()?,
        Benchmark::Plan => bench::plan::run()?,
    };
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        println!("{report}");
    }
    Ok(())
}
