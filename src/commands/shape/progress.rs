//! `coxa shape progress`: how measures change with the grade of a disease, from a table of people.

use super::files::write;
use crate::cli::shape::ProgressArgs;
use crate::table::Table;
use anyhow::{Context, Result, bail};
use coxa_case::progress::Progress;
use coxa_measure::osteoarthritis::progression::{Cohort, Progression, ProgressionOptions};
use std::path::Path;

/// Largest table that is read, in bytes.
const LARGEST: u64 = 64 << 20;
/// Highest grade that is believed.
const HIGHEST_GRADE: usize = 9;

/// Runs the command.
pub(super) fn run(args: &ProgressArgs, progress: &dyn Progress) -> Result<()> {
    super::files::check_ending(&args.output, "json")?;
    let cohort = read(&args.cohort)?;
    let options = ProgressionOptions { seed: args.seed, ..ProgressionOptions::default() };
    let found = progress
        .stage("fitting", |_| Progression::fit(&cohort, &options))
        .with_context(|| format!("no progression can be fitted to {}", args.cohort.display()))?;
    let json = serde_json::to_string_pretty(&found)?;
    write(&args.output, json.as_bytes())?;
    if args.json {
        say!("{json}");
        return Ok(());
    }
    print(&found);
    let left_out = cohort.measures.iter().filter(|m| !found.trends.iter().any(|t| &t.measure == *m));
    for measure in left_out {
        say!("{measure}: left out; too few people have it, or all values are equal");
    }
    say!("model: {}", args.output.display());
    Ok(())
}

fn print(found: &Progression) {
    let counts: Vec<String> =
        found.people_by_grade.iter().enumerate().map(|(grade, n)| format!("{n} of grade {grade}")).collect();
    say!("{} people: {}", found.people, counts.join(", "));
    let mut table =
        Table::new().left("").right("per grade").right("95 % interval").right("skill").right("by chance");
    for t in &found.trends {
        let [low, high] = t.interval_95;
        table.row(&[
            &t.measure,
            &format_args!("{:.3}", t.change_per_grade),
            &format_args!("{low:.3} to {high:.3}"),
            &format_args!("{:.0} %", 100.0 * t.skill),
            &format_args!("{:.1} %", 100.0 * t.p_shuffled),
        ]);
    }
    say!("{table}");
    match &found.together {
        Some(all) => {
            say!(
                "all measures together, {} people: skill {:.0} %; with shuffled grades mean {:.0} %, 95th percentile {:.0} % (as good by chance in {:.0} %)",
                all.people,
                100.0 * all.skill,
                100.0 * all.skill_shuffled[0],
                100.0 * all.skill_shuffled[1],
                100.0 * all.p_shuffled
            );
            let (own, null) = (&all.agreement, &all.agreement_shuffled);
            say!(
                "  exact grade in {:.0} %, within one grade in {:.0} %, quadratically weighted kappa {:.2}; shuffled {:.0} %, {:.0} %, {:.2}",
                100.0 * own.exact_fraction,
                100.0 * own.within_one_fraction,
                own.weighted_kappa,
                100.0 * null.exact_fraction,
                100.0 * null.within_one_fraction,
                null.weighted_kappa
            );
        }
        None => say!("too few people have all measures to predict the grade from them together"),
    }
}

/// A table with a column `grade`, perhaps one `id`, and a column for each measure; an empty field is a measure that is missing.
fn read(path: &Path) -> Result<Cohort> {
    let file = path.display();
    let size = std::fs::metadata(path).with_context(|| format!("cannot read {file}"))?.len();
    if size > LARGEST {
        bail!("{file} has more than {} MiB; a table of people is smaller", LARGEST >> 20);
    }
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(path)
        .with_context(|| format!("cannot read {file}"))?;
    let headers = reader.headers().with_context(|| format!("{file} is not a table"))?.clone();
    let Some(grade_column) = headers.iter().position(|h| h == "grade") else {
        bail!("{file} has no column 'grade'; see coxa shape progress --help");
    };
    let columns: Vec<usize> =
        (0..headers.len()).filter(|&c| c != grade_column && &headers[c] != "id").collect();
    let (mut grades, mut rows) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.with_context(|| format!("{file} is damaged"))?;
        let line = record.position().map_or(0, csv::Position::line);
        let Ok(grade) = record[grade_column].parse::<usize>() else {
            bail!("{file}, line {line}: the grade must be a whole number from 0 to {HIGHEST_GRADE}");
        };
        if grade > HIGHEST_GRADE {
            bail!("{file}, line {line}: the grade must be a whole number from 0 to {HIGHEST_GRADE}");
        }
        let number = |&c: &usize| -> Result<Option<f64>> {
            let field = &record[c];
            if field.is_empty() {
                return Ok(None);
            }
            match field.parse::<f64>() {
                Ok(value) if value.is_finite() => Ok(Some(value)),
                _ => bail!("{file}, line {line}: column '{}' must contain numbers or be empty", &headers[c]),
            }
        };
        grades.push(grade);
        rows.push(columns.iter().map(number).collect::<Result<_>>()?);
    }
    let measures = columns.into_iter().map(|c| headers[c].to_owned()).collect();
    Ok(Cohort { measures, grades, rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Result<Cohort> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cohort.csv");
        std::fs::write(&path, text).unwrap();
        read(&path)
    }

    #[test]
    fn a_table_is_read_with_what_is_missing() {
        let found = table("id,grade,volume_cm3,fat_share\na,0,310.5,\nb, 3 ,250,0.2\n").unwrap();
        assert_eq!(found.measures, ["volume_cm3", "fat_share"]);
        assert_eq!(found.grades, [0, 3]);
        assert_eq!(found.rows[0], [Some(310.5), None]);
        assert_eq!(found.rows[1], [Some(250.0), Some(0.2)]);
    }

    #[test]
    fn a_table_that_is_wrong_names_line_and_column() {
        for (text, expected) in [
            ("volume\n3\n", "no column 'grade'"),
            ("grade,volume\n1,2\n1.5,2\n", "line 3: the grade"),
            ("grade,volume\n99,2\n", "line 2: the grade"),
            ("grade,volume\n1,much\n", "line 2: column 'volume'"),
            ("grade,volume\n1,inf\n", "column 'volume'"),
            ("grade,volume\n1\n", "is damaged"),
        ] {
            let message = format!("{:#}", table(text).unwrap_err());
            assert!(message.contains(expected), "{message}");
        }
    }
}
