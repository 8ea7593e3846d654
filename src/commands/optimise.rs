//! `coxa optimise`: the plan of a case that is most likely to succeed, and why.

use super::findings;
use crate::cli::{OptimiseArgs, OptimiserArgs, OptimiserForm};
use crate::table::Table;
use crate::viewer::Scenes;
use anyhow::{Context, Result, bail};
use coxa_case::failure::file_error;
use coxa_case::folder::{self, Case, CaseRecord, Older, Stage, read_optimisation};
use coxa_case::pipeline::{self, PlanFrom};
use coxa_case::progress::Progress;
use coxa_case::stages::{OptimiseRequest, Stages};
use coxa_geometry::Unit;
use coxa_planner::optimise::criteria::{Criteria, Criterion, Subject};
use coxa_planner::optimise::demographics::Demographics;
use coxa_planner::optimise::error_model::ErrorModel;
use coxa_planner::optimise::postures::PostureInput;
use coxa_planner::optimise::{
    Assessment, Change, Component, CriterionScore, Design, Families, Optimisation, OptimiseOptions,
    SizeProbability, Variable,
};
use coxa_planner::placement::PlanOptions;
use std::path::Path;

/// Runs the command: the case is placed anew by rule, and the plan that is found from there becomes its plan.
pub fn run(args: &OptimiseArgs, progress: &dyn Progress) -> Result<()> {
    if write_form(args)? {
        return Ok(());
    }
    let case = args.case.as_deref().context("optimise needs a case; see coxa optimise --help")?;
    let record = folder::read_record(case)?;
    let earlier = if args.resume { finalists(case, &record)? } else { Vec::new() };
    let options = record.input.options.unwrap_or_default();
    let request = request(&args.optimiser, families(&options), earlier)?;
    let mut open = Case::open(case)?;
    let mut stages = Stages::of_case(&mut open, args.implants.as_deref(), progress)?;
    stages.side()?;
    let plan = PlanFrom::Optimiser(Box::new(request));
    let outcome = pipeline::run(&mut stages, plan, Scenes::default().drawn())?;
    match &outcome.optimisation {
        Some(found) if args.json => say!("{}", serde_json::to_string_pretty(&**found)?),
        Some(found) => {
            print(found);
            findings::print_findings(&outcome.findings);
            say!("report: {}", case.join("report.html").display());
        }
        None => {}
    }
    findings::refused(&outcome)
}

/// Designs of an earlier search for the bones that the case holds now.
fn finalists(case: &Path, record: &CaseRecord) -> Result<Vec<Design>> {
    let Some(found) = read_optimisation(case)? else {
        bail!("{} has no optimise.json to resume from; leave out --resume", case.display());
    };
    if let Some(than) = record.newer_than(Stage::Optimisation, None) {
        bail!("{}, without --resume", Older { file: "optimise.json", than }.in_words(case));
    }
    record.refuse_changed(case, Stage::Optimisation).context("--resume has nothing to resume from")?;
    Ok(found.finalists)
}

/// Writes the form that is asked for; whether one was.
fn write_form(args: &OptimiseArgs) -> Result<bool> {
    let OptimiseArgs { write, output, optimiser, .. } = args;
    let (Some(form), Some(path)) = (write, output) else { return Ok(false) };
    let text = match form {
        OptimiserForm::Criteria => criteria(&optimiser.criteria)?.to_toml(),
        OptimiserForm::ErrorModel => error_model(&optimiser.error_model)?.to_toml(),
        OptimiserForm::Postures => PostureInput::FORM.to_owned(),
    };
    crate::new_file::write(path, &text)?;
    Ok(true)
}

/// Families that the user named when the case was planned.
pub fn families(options: &PlanOptions) -> Families {
    Families { cup: options.cup_family.clone(), stem: options.stem_family.clone() }
}

/// What the optimiser is asked.
pub fn request(args: &OptimiserArgs, families: Families, earlier: Vec<Design>) -> Result<OptimiseRequest> {
    let postures = match &args.postures {
        Some(path) => {
            let unusable = || format!("{} cannot be used", path.display());
            let input = PostureInput::from_toml(&read(path)?).with_context(unusable)?;
            input.spinopelvic().with_context(unusable)?
        }
        None => PostureInput::default().spinopelvic()?,
    };
    Ok(OptimiseRequest {
        criteria: criteria(&args.criteria)?,
        options: OptimiseOptions {
            error_model: error_model(&args.error_model)?,
            postures,
            families,
            held: args.hold.iter().filter_map(|name| held(name)).collect(),
            kept: kept(&args.hold)?,
            demographics: demographics(args)?,
            seed: args.seed,
            samples: args.samples as usize,
        },
        earlier,
        budget: args.budget,
    })
}

fn demographics(args: &OptimiserArgs) -> Result<Option<Demographics>> {
    let (Some(sex), Some(height_cm), Some(weight_kg)) = (args.sex, args.height, args.weight) else {
        return Ok(None);
    };
    let known = Demographics { sex: sex.into(), height_cm, weight_kg };
    known.check()?;
    Ok(Some(known))
}

fn held(name: &str) -> Option<Variable> {
    Variable::ALL.into_iter().find(|variable| variable.name() == name)
}

/// Components among what is held, whose names are neither numbers.
fn kept(names: &[String]) -> Result<Vec<Component>> {
    let component = |name: &String| Component::ALL.into_iter().find(|part| part.name() == name);
    if let Some(unknown) = names.iter().find(|name| held(name).is_none() && component(name).is_none()) {
        let parts = Component::ALL.into_iter().map(Component::name);
        let names: Vec<&str> = parts.chain(Variable::ALL.into_iter().map(Variable::name)).collect();
        bail!("there is no `{unknown}` to hold fixed; choose one of {}", names.join(", "));
    }
    Ok(names.iter().filter_map(component).collect())
}

fn criteria(name: &str) -> Result<Criteria> {
    if Criteria::presets().contains(&name) || !is_file(name) {
        return Ok(Criteria::preset(name)?);
    }
    let text = read(Path::new(name))?;
    let criteria = Criteria::from_toml(&text).with_context(|| format!("{name} cannot be used"))?;
    for line in Criteria::notices(&text) {
        eprintln!("{name}: {line}");
    }
    Ok(criteria)
}

fn error_model(name: &str) -> Result<ErrorModel> {
    if ErrorModel::presets().contains(&name) || !is_file(name) {
        return Ok(ErrorModel::preset(name)?);
    }
    ErrorModel::from_toml(&read(Path::new(name))?).with_context(|| format!("{name} cannot be used"))
}

/// Whether somebody means a file rather than a name.
fn is_file(name: &str) -> bool {
    Path::new(name).exists() || name.contains(['/', '\\', '.'])
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| file_error("read", path, &e))
}

/// Prints what was found, as tables.
pub fn print(found: &Optimisation) {
    let (first, best) = (&found.first.assessment, &found.recommended.assessment);
    let postures = &found.options.postures;
    say!(
        "{} of {} criteria assessed ({}), error model {}, {} samples, {} plans tried{}",
        best.judged(),
        found.criteria.list.len(),
        found.criteria.preset,
        found.options.error_model.name,
        best.samples,
        found.tried,
        if found.is_stopped { "; stopped early: best plan so far" } else { "" }
    );
    say!(
        "  pelvic tilt: standing {} ({}), sitting {} ({})",
        postures.standing.tilt,
        postures.standing.how,
        postures.sitting.tilt,
        postures.sitting.how
    );
    say!("  chance that all criteria hold: {} by rule, {} recommended", success(first), success(best));
    if let Some(baseline) = &found.baseline {
        let gain = 100.0 * (best.success - baseline.assessment.success);
        say!(
            "  a plan from sex, height and weight alone: {}; gain over it: {gain:+.1} points",
            success(&baseline.assessment)
        );
    }
    if let Some(binding) = &best.binding {
        say!("  limiting criterion: {}", plain(binding));
    }
    let shares = |shares: &[SizeProbability]| {
        let likely = shares.iter().filter(|share| share.probability >= 0.005);
        likely.map(|s| format!("{}: {:.0} %", s.size, 100.0 * s.probability)).collect::<Vec<_>>().join(", ")
    };
    say!("  probable cup sizes: {}", shares(&found.cup_sizes));
    if !found.stem_sizes.is_empty() {
        say!("  probable stem sizes: {}", shares(&found.stem_sizes));
    }
    let mut table = Table::new().left("plan").right("by rule").left("").left("recommended");
    for (what, before, after) in parts(&found.first.design, &found.recommended.design) {
        let changed = if before == after { "" } else { "*" };
        table.row(&[&what, &before, &changed, &after]);
    }
    say!("\n{table}");
    changes(found);
    let mut table = Table::new()
        .left("criterion")
        .right("limit")
        .right("by rule")
        .right("holds")
        .right("recommended")
        .right("holds");
    for (criterion, (before, after)) in
        found.criteria.list.iter().zip(first.criteria.iter().zip(&best.criteria))
    {
        table.row(&[
            &plain(&criterion.subject),
            &limit(criterion),
            &reached(criterion, before),
            &holds(before),
            &reached(criterion, after),
            &holds(after),
        ]);
    }
    say!("\n{table}");
    steps(found);
}

/// What one more millimetre or degree of each number does.
fn steps(found: &Optimisation) {
    let per_sample = 100.0 / found.price_samples.max(1) as f64;
    let mut table = Table::new()
        .left("change in chance of success, points")
        .right("one mm or degree more")
        .right("one less");
    for variable in Variable::ALL {
        let price = |step: f64| {
            let found = found.prices.iter().find(|p| p.variable == variable && p.step == step);
            // Less than three samples are chance.
            found
                .filter(|p| 100.0 * p.success.abs() > 2.5 * per_sample)
                .map_or("no detectable change".into(), |p| format!("{:+.1}", 100.0 * p.success))
        };
        table.row(&[&variable.title(), &price(1.0), &price(-1.0)]);
    }
    say!("\n{table}\n");
}

/// What each change gains and had to, which criteria the difference is made of, and what a missed orientation loses.
fn changes(found: &Optimisation) {
    if found.changes.is_empty() && found.out_of_reach.is_none() {
        say!(
            "no change was found whose gain exceeds its price by more than sampling error: the plan by rule is recommended\n"
        );
    }
    if !found.changes.is_empty() {
        let mut table = Table::new().left("change").right("gain, points").right("price");
        for Change { part, from, to, gain, gain_error, price } in &found.changes {
            let what = if from.is_empty() {
                part.title().to_owned()
            } else {
                format!("{}: {from} to {to}", part.title())
            };
            table.row(&[&what, &format!("{gain:+.1} \u{b1} {gain_error:.1}"), &format!("{price:.1}")]);
        }
        say!("{table}");
        let gains =
            found.gains.iter().map(|gain| format!("{} {:+.1}", plain(&gain.subject), 100.0 * gain.success));
        say!("the difference by criterion, in points: {}\n", gains.collect::<Vec<_>>().join(", "));
    }
    for slip in &found.slips {
        say!("{} {:+.0}\u{b0}: {:+.1} points", slip.variable.title(), slip.step, 100.0 * slip.success);
    }
    say!("");
}

/// Components and places of both plans, in words.
fn parts(first: &Design, best: &Design) -> Vec<(&'static str, String, String)> {
    let both = |what, of: &dyn Fn(&Design) -> String| (what, of(first), of(best));
    let mut rows = vec![
        both("shell", &|d| format!("{} {:.0} mm", d.components.cup_family, d.components.cup_size_mm)),
        both("liner", &|d| d.components.liner.clone()),
        both("head", &|d| format!("{} mm, {:+.1} mm", d.components.head_mm, d.components.head_offset_mm)),
        both("stem", &|d| format!("{} size {}", d.components.stem_family, d.components.stem_size)),
        both("neck", &|d| format!("{:.0}, {}", d.components.neck_shaft_deg, d.components.neck_offset)),
    ];
    rows.extend(Variable::ALL.into_iter().map(|variable| {
        both(variable.title(), &|d| {
            // What is shown as nothing has no sign.
            let value = (d.placement.get(variable) * 10.0).round() / 10.0 + 0.0;
            match variable.unit() {
                Unit::Degree => format!("{value:.1}\u{b0}"),
                unit => format!("{value:.1} {unit}"),
            }
        })
    }));
    rows
}

/// The number of a criterion in its unit; a motion is followed no further than its ideal.
pub(super) fn reached(criterion: &Criterion, score: &CriterionScore) -> String {
    let Some(value) = score.planned else { return "-".into() };
    let or_more = if criterion.is_followed_no_further(value) { "\u{2265}" } else { "" };
    let value = (value * 10.0).round() / 10.0 + 0.0;
    let unit = match criterion.unit {
        Unit::Degree => "\u{b0}".into(),
        Unit::Ratio => return format!("{:.2}", score.planned.unwrap_or_default()),
        unit => format!(" {unit}"),
    };
    format!("{or_more}{value:.1}{unit}")
}

/// The chance that a criterion holds.
pub(super) fn holds(score: &CriterionScore) -> String {
    score.probability.map_or("-".into(), |p| format!("{:.0} %", 100.0 * p))
}

/// A chance with its interval.
pub(super) fn success(assessment: &Assessment) -> String {
    let [low, high] = assessment.success_interval.map(|share| 100.0 * share);
    format!("{:.1} % ({low:.1} to {high:.1})", 100.0 * assessment.success)
}

/// A name as a person reads it.
pub(super) fn plain(subject: &Subject) -> String {
    subject.name().replace(['_', '.'], " ").replace('@', ", ")
}

/// From where to where a criterion holds.
pub(super) fn limit(criterion: &Criterion) -> String {
    match (criterion.least, criterion.most) {
        (Some(least), Some(most)) => format!("{least} to {most}"),
        (Some(least), None) => format!("> {least}"),
        (None, Some(most)) => format!("< {most}"),
        (None, None) => String::new(),
    }
}
