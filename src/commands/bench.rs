//! `coxa bench`: speed on this machine.

use crate::bench;
use crate::cli::{BenchArgs, Benchmark};
use anyhow::{Result, bail};

/// Runs the command.
pub fn run(args: &BenchArgs) -> Result<()> {
    let report = match args.name {
        Benchmark::Imaging => bench::imaging::run()?,
        Benchmark::Plan => bench::plan::run()?,
        Benchmark::Optimise => bench::optimise::run(u64::from(args.patients))?,
        Benchmark::Scenario => bench::scenario::run(u64::from(args.patients))?,
        Benchmark::Radiomics => bench::radiomics::run()?,
        Benchmark::Loads => bench::loads::run(args.path.as_deref())?,
        Benchmark::Stages => bench::stages::run(args.path.as_deref())?,
        Benchmark::Rom => match &args.path {
            Some(folder) => bench::rom::run(folder)?,
            None => bail!("bench rom needs a folder; see coxa bench --help"),
        },
    };
    if args.json {
        say!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        say!("{report}");
    }
    Ok(())
}
