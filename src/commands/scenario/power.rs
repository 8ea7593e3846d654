//! `coxa scenario power`: how many patients a difference needs.

use super::kept;
use crate::cli::scenario::PowerArgs;
use crate::table::Table;
use anyhow::{Result, bail};
use coxa_scenario::analysis::{Data, LEVEL, comparisons};
use coxa_scenario::store::Store;
use coxa_statistics::{Level, Paired, PairsNeeded, pairs_needed, standard_deviation_at_most};

/// More patients than this are not asked for.
const MOST: usize = 1_000_000;

/// Level of the upper limit of a standard deviation, as is usual for planning from a pilot.
const CAREFUL: f64 = 0.8;

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
        Some(name) => kept::named(name, &outputs)?,
        None => outputs.clone(),
    };
    let missing = store.pending().count();
    let data = Data::read(&store, &store.merge(true)?)?;
    let all = comparisons(&store.study, &data, &outputs)?;
    // Those for which Holm adjusts in the report.
    let tested = all.iter().filter(|one| one.adjusted_p.is_some()).count().max(1);
    let mut table = Table::new()
        .left("quantity")
        .left("levels")
        .right("difference")
        .right("SD")
        .left("unit")
        .right("patients")
        .right("adjusted")
        .right("careful");
    for one in &all {
        if !wanted.contains(&one.output) {
            continue;
        }
        let levels = format!("{}: {} to {}", one.factor, one.from, one.to);
        let Some(found) = &one.found else {
            let few = format!("{} patients are too few", one.pairs);
            table.row(&[&one.output.name(), &levels, &few, &"", &one.output.unit(), &"", &"", &""]);
            continue;
        };
        let difference = args.difference.unwrap_or(found.difference.value);
        let [alone, adjusted, careful] =
            patients(found, difference, args.power / 100.0, LEVEL.simultaneous(tested))?;
        table.row(&[
            &one.output.name(),
            &levels,
            &format!("{difference:.2}"),
            &format!("{:.2}", found.standard_deviation),
            &one.output.unit(),
            &alone,
            &adjusted,
            &careful,
        ]);
    }
    explain(args.power, tested);
    if missing > 0 {
        say!(
            "{missing} of {} blocks of the pilot are not made yet: this rests on the others",
            store.block_count()
        );
    }
    say!("{table}");
    Ok(())
}

/// Says what the columns are.
fn explain(power: f64, comparisons: usize) {
    say!(
        "Patients in whom each difference is found with a probability of {power:.0} %, by a paired t test at 5 %"
    );
    say!("  patients  for this comparison alone, with the SD of the pilot");
    say!(
        "  adjusted  for each of the {comparisons} comparisons of the study, at 5 % / {comparisons} (Bonferroni; Holm needs no more)"
    );
    say!(
        "  careful   as adjusted, with the upper 80 % limit of the SD, since a small pilot often shows too small a one"
    );
}

/// Patients for a difference: for its comparison alone, at the level adjusted for all, and there with the standard deviation at its upper limit.
fn patients(found: &Paired, difference: f64, power: f64, adjusted: Level) -> Result<[String; 3]> {
    if found.p.is_none() {
        let why = if difference == 0.0 { "no difference" } else { "no spread" };
        return Ok([why; 3].map(String::from));
    }
    let sd = found.standard_deviation;
    let most = standard_deviation_at_most(sd, found.difference.n, Level::new(CAREFUL)?)?;
    Ok([(sd, LEVEL), (sd, adjusted), (most, adjusted)]
        .map(|(sd, level)| needed(difference / sd, power, level)))
}

/// Patients for a difference in standard deviations of the differences.
fn needed(effect: f64, power: f64, level: Level) -> String {
    match pairs_needed(effect, power, level, MOST) {
        Ok(PairsNeeded::Pairs(pairs)) => pairs.to_string(),
        Ok(PairsNeeded::MoreThan(most)) => format!("> {most}"),
        Err(_) => "no difference".into(),
    }
}
