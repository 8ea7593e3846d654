//! `coxa scenario power`: how many patients a difference needs.

use crate::cli::scenario::PowerArgs;
use crate::table::Table;
use anyhow::{Result, bail};
use coxa_scenario::analysis::{Data, LEVEL, comparisons};
use coxa_scenario::output::Output;
use coxa_scenario::store::Store;
use coxa_statistics::{PairsNeeded, pairs_needed};

/// More patients than this are not asked for.
const MOST: usize = 1_000_000;

/// Runs the command.
pub(super) fn run(args: &PowerArgs) -> Result<()> {
    if !(1.0..100.0).contains(&args.power) {
        bail!("--power {} is outside 1 to 99", args.power);
    }
    if args.difference.is_some_and(|difference| difference == 0.0 || !difference.is_finite()) {
        bail!("--difference is a number other than 0");
    }
    let store = Store::open(&args.folder)?;
    if !store.study.is_enumerated() {
        bail!("the study is a design of samples: power is of differences between levels");
    }
    let outputs = store.study.outputs()?;
    let wanted = match &args.quantity {
        Some(name) => Output::named(name)?,
        None => outputs.clone(),
    };
    if let Some(missing) = wanted.iter().find(|output| !outputs.contains(output)) {
        bail!("the study does not keep {}: add it to keep", missing.name());
    }
    let data = Data::read(&store, &store.merge(true)?)?;
    let mut table = Table::new()
        .left("quantity")
        .left("levels")
        .right("difference")
        .right("SD")
        .left("unit")
        .right("patients");
    for one in comparisons(&store.study, &data, &outputs)? {
        let Some(found) = one.found.filter(|_| wanted.contains(&one.output)) else { continue };
        let difference = args.difference.unwrap_or(found.difference.value);
        let sd = found.standard_deviation;
        let needed = match found.p {
            None if difference == 0.0 => "no difference".into(),
            None => "no spread".into(),
            Some(_) => needed(difference / sd, args.power / 100.0),
        };
        let levels = format!("{}: {} to {}", one.factor, one.from, one.to);
        table.row(&[
            &one.output.name(),
            &levels,
            &format!("{difference:.2}"),
            &format!("{sd:.2}"),
            &one.output.unit(),
            &needed,
        ]);
    }
    say!(
        "Patients in whom each difference is found with a probability of {:.0} %, by a paired t test at 5 % without adjustment for other comparisons",
        args.power
    );
    say!("{table}");
    Ok(())
}

/// Patients for a difference in standard deviations of the differences.
fn needed(effect: f64, power: f64) -> String {
    match pairs_needed(effect, power, LEVEL, MOST) {
        Ok(PairsNeeded::Pairs(pairs)) => pairs.to_string(),
        Ok(PairsNeeded::MoreThan(most)) => format!("> {most}"),
        Err(_) => "no difference".into(),
    }
}
