//! `coxa diagnose read-study`: studies with human readers.

use crate::cli::read_study::{AnalyseArgs, NewArgs, ReadStudyCommand, ServeArgs};
use crate::table::Table;
use anyhow::{Context, Result, bail};
use coxa_readers::analysis::{
    Analysis, Areas, Tests, analyse, from_study, from_table, html, with_marks, with_module,
};
use coxa_readers::server::{Server, system_clock};
use coxa_readers::study::{NewStudy, StudySettings, create};
use coxa_statistics::Estimate;
use std::fmt::Display;
use std::path::Path;

/// Seed of the made-up films.
const EXAMPLE_SEED: u64 = 1;

/// Runs the command.
pub fn run(command: &ReadStudyCommand) -> Result<()> {
    match command {
        ReadStudyCommand::New(args) => new(args),
        ReadStudyCommand::Serve(args) => serve(args),
        ReadStudyCommand::Analyse(args) => analysed(args),
    }
}

fn new(args: &NewArgs) -> Result<()> {
    if let Some(folder) = &args.example {
        coxa_readers::example::write(folder, EXAMPLE_SEED)?;
        say!("{}", folder.join("cases.csv").display());
        return Ok(());
    }
    let (settings, text) = match &args.settings {
        Some(path) => (StudySettings::read(path)?, Some(std::fs::read_to_string(path)?)),
        None => (by_flags(args)?, None),
    };
    if let Some(path) = &args.write_settings {
        if path.exists() {
            bail!("{} exists already; give a new file", path.display());
        }
        coxa_imaging::atomic::write(path, settings.text().as_bytes())
            .with_context(|| path.display().to_string())?;
        say!("{}", path.display());
        return Ok(());
    }
    let (Some(table), Some(folder)) = (&args.table, &args.output) else {
        bail!("a table of cases and a folder (-o) are needed");
    };
    let made =
        create(&NewStudy { table, settings: &settings, text: text.as_deref(), folder, link: args.link })?;
    let study = &made.study;
    say!("{}", study.folder().display());
    say!(
        "  {} cases, {} readers, {} sessions of each",
        study.cases.len(),
        study.settings.readers.len(),
        study.settings.methods.len()
    );
    made.notes.iter().for_each(|note| say!("  note: {note}"));
    say!("next: coxa diagnose read-study serve {}", study.folder().display());
    Ok(())
}

fn by_flags(args: &NewArgs) -> Result<StudySettings> {
    if args.readers.is_empty() {
        bail!("no readers are named; give --readers anna,ben or --settings FILE");
    }
    let settings = StudySettings::new(args.title.as_deref().unwrap_or("Reader study"), &args.readers);
    // Checked as if it had been read.
    StudySettings::parse(&settings.text()).map_err(anyhow::Error::msg)
}

fn serve(args: &ServeArgs) -> Result<()> {
    let server = Server::bind(&args.folder, args.listen, system_clock())?;
    for link in server.links() {
        say!("{}  {}", link.reader, link.url);
    }
    if !args.listen.ip().is_loopback() {
        eprintln!("coxa: the connection is not encrypted, and others in this network can reach it");
    }
    if args.listen.ip().is_unspecified() {
        eprintln!(
            "coxa: readers put the name or address of this machine in the place of {}",
            args.listen.ip()
        );
    }
    server.run();
    Ok(())
}

fn analysed(args: &AnalyseArgs) -> Result<()> {
    let is_study = args.input.is_dir();
    let mut data = if is_study { from_study(&args.input)? } else { from_table(&args.input)? };
    match &args.marks {
        Some(_) if !is_study => bail!("--marks wants the folder of a study, whose cases have true marks"),
        Some(path) => with_marks(&mut data, &args.input, path)?,
        None => {}
    }
    if let Some(path) = &args.module {
        with_module(&mut data, path)?;
    }
    let analysis = analyse(&data)?;
    let own = is_study.then(|| args.input.join("report.html"));
    let report = args.output.as_ref().or(own.as_ref());
    if let Some(path) = report {
        coxa_imaging::atomic::write(path, html(&analysis).as_bytes())
            .with_context(|| path.display().to_string())?;
    }
    if args.json {
        say!("{}", serde_json::to_string_pretty(&analysis)?);
        return Ok(());
    }
    print(&analysis, report.map(std::path::PathBuf::as_path))
}

fn print(analysis: &Analysis, report: Option<&Path>) -> Result<()> {
    say!("{}", analysis.title);
    let disease = analysis.diseased.map_or(String::new(), |with| format!(", {with} with disease"));
    say!("  {} cases{disease}, {} readings", analysis.cases, analysis.readings);
    if let Some(areas) = &analysis.areas {
        print_areas(analysis, areas);
    }
    for row in &analysis.uncrossed {
        let what = row.from.as_ref().map_or(row.to.clone(), |from| format!("{} less {from}", row.to));
        say!("  all readings, {what}: {}", with_interval(&row.found.estimate));
    }
    for row in &analysis.module {
        let difference = with_interval(&row.comparison.difference.estimate);
        say!("  module {:.4}, less mean reader {}: {difference}", row.comparison.module, row.treatment);
    }
    if let Some(marks) = &analysis.marks {
        for figure in &marks.figures {
            let means = analysis.treatments.iter().zip(&figure.means);
            let means: Vec<String> = means.map(|(name, mean)| format!("{name} {:.4}", mean.value)).collect();
            say!(
                "  marks, {}: {}",
                serde_json::to_value(figure.figure)?.as_str().unwrap_or_default(),
                means.join(", ")
            );
        }
    }
    for row in &analysis.classes {
        let kappa = row.kappa.as_ref().map_or("-".to_owned(), |kappa| format!("{:.3}", kappa.value));
        say!("  {} {}: right {:.3}, kappa {kappa}", row.treatment, row.reader, row.accuracy.value);
    }
    for row in analysis.time.iter().flat_map(|time| &time.by_method).filter(|row| row.reader.is_none()) {
        say!("  time per case, {}: median {:.1} s", row.treatment, row.quartiles_s[1]);
    }
    analysis.notes.iter().for_each(|note| say!("  note: {note}"));
    if let Some(path) = report {
        say!("{}", path.display());
    }
    Ok(())
}

fn print_areas(analysis: &Analysis, areas: &Areas) {
    let mut table = Table::new().indented().left("area");
    for treatment in &analysis.treatments {
        table = table.right(treatment);
    }
    let mut row = |name: &str, values: Vec<String>| {
        let cells: Vec<&dyn Display> = std::iter::once(&name as &dyn Display)
            .chain(values.iter().map(|value| value as &dyn Display))
            .collect();
        table.row(&cells);
    };
    for reader in &analysis.readers {
        let of = |treatment: &String| {
            let found = areas.areas.iter().find(|one| one.reader == *reader && one.treatment == *treatment);
            found.map_or("-".to_owned(), |one| format!("{:.4}", one.area.value))
        };
        row(reader, analysis.treatments.iter().map(of).collect());
    }
    row("mean", areas.means.iter().map(|mean| format!("{mean:.4}")).collect());
    say!("{table}");
    for (name, tests) in [("jackknife", &areas.jackknife), ("DeLong", &areas.delong)] {
        if let Some(tests) = tests {
            print_test(name, tests);
        }
    }
}

/// A value with its interval.
fn with_interval(estimate: &Estimate) -> String {
    let interval = estimate.interval.as_ref();
    let ends = interval.map_or(String::new(), |found| format!(" ({:.4} to {:.4})", found.low, found.high));
    format!("{:.4}{ends}", estimate.value)
}

fn print_test(name: &str, tests: &Tests) {
    let test = &tests.random;
    let df2 = test.df2.map_or("infinite".to_owned(), |df2| format!("{df2:.2}"));
    say!(
        "  methods alike? ({name}, other readers and cases) F {:.4}, df {} and {df2}, p {:.4}",
        test.f,
        test.df1,
        test.p
    );
    for difference in &test.differences {
        say!("    {} less {}: {}", difference.to, difference.from, with_interval(&difference.difference));
    }
}
