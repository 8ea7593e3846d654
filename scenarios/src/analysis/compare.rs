//! Levels of a factor against its first level, within patients, in all and in subgroups of them.

use super::data::{Data, LEVEL};
use super::subgroup::Trait;
use crate::output::Output;
use crate::study::{Factor, Study};
use crate::variable::Stage;
use anyhow::Result;
use coxa_statistics::{Estimate, Paired, StatisticsError, holm, mean, paired, unpaired};

/// Patients that a subgroup has at least to be compared.
pub const LEAST_SUBGROUP: usize = 5;

/// A level against the first level of its factor.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The quantity.
    pub output: Output,
    /// The factor.
    pub factor: String,
    /// Its first level.
    pub from: String,
    /// The level that is compared with it.
    pub to: String,
    /// Patients with a value at both.
    pub pairs: usize,
    /// The difference within patients, the mean over the levels of the other factors; `None` of fewer than two of them.
    pub found: Option<Paired>,
    /// The p value, adjusted by Holm for all comparisons of the study that have one.
    pub adjusted_p: Option<f64>,
    /// The difference in subgroups of the patients.
    pub subgroups: Vec<Subgroups>,
}

impl Comparison {
    /// From which level to which: `bearing: 28 mm → 32 mm`.
    pub fn change(&self) -> String {
        format!("{}: {} \u{2192} {}", self.factor, self.from, self.to)
    }
}

/// The difference in the two subgroups of a trait.
#[derive(Debug, Clone, PartialEq)]
pub struct Subgroups {
    /// What parts the patients.
    pub by: Trait,
    /// The mean difference in each.
    pub found: [Estimate; 2],
    /// The p value of Welch's test between the two, adjusted by Holm for all such tests of the study.
    pub adjusted_p: Option<f64>,
}

/// All comparisons of a study; none of designs of samples.
///
/// # Errors
/// A study that was not checked.
pub fn comparisons(study: &Study, data: &Data, outputs: &[Output]) -> Result<Vec<Comparison>> {
    let mut all = Vec::new();
    for (factor, varied) in study.factors.iter().enumerate() {
        if !study.is_enumerated() || is_draw(varied)? {
            continue;
        }
        let first = varied.level(0)?.value.to_string();
        for level in 1..varied.level_count().unwrap_or(0) {
            let to = varied.level(level)?.value.to_string();
            let is_of_patient = is_of_patient(varied)?;
            let partners = partners(study, data.rows, factor, level);
            for (place, output) in outputs.iter().enumerate() {
                // The patient as scanned is the same at all levels that are no patient's.
                if matches!(output, Output::Patient(_)) && !is_of_patient {
                    continue;
                }
                let [a, b] = pairs(data, &partners, place);
                let found = paired(&a, &b, LEVEL).ok();
                // What differs by rounding alone differs in no subgroup.
                let is_tested = !is_of_patient && found.as_ref().is_some_and(|found| found.p.is_some());
                let subgroups = if is_tested { subgroups(data, &a, &b) } else { Vec::new() };
                all.push(Comparison {
                    output: output.clone(),
                    factor: varied.name.clone(),
                    from: first.clone(),
                    to: to.clone(),
                    pairs: a.iter().zip(&b).filter(|(a, b)| !a.is_nan() && !b.is_nan()).count(),
                    found,
                    adjusted_p: None,
                    subgroups,
                });
            }
        }
    }
    let p: Vec<Option<f64>> = all.iter().map(|one| one.found.as_ref().and_then(|found| found.p)).collect();
    for (one, adjusted) in all.iter_mut().zip(adjusted(&p)?) {
        one.adjusted_p = adjusted;
    }
    let of_all = || all.iter().flat_map(|one| &one.subgroups);
    let p: Vec<Option<f64>> = of_all().map(|one| one.adjusted_p).collect();
    for (one, adjusted) in all.iter_mut().flat_map(|one| &mut one.subgroups).zip(adjusted(&p)?) {
        one.adjusted_p = adjusted;
    }
    Ok(all)
}

/// Whether a factor only numbers draws: one is as good as another.
pub(super) fn is_draw(factor: &Factor) -> Result<bool> {
    Ok(factor.variables()?.iter().all(|variable| variable.name() == "draw"))
}

pub(super) fn is_of_patient(factor: &Factor) -> Result<bool> {
    Ok(factor.variables()?.iter().any(|variable| variable.stage() == Stage::Patient))
}

/// Adjusted by Holm for all that have a p value: what had no spread could not be tested, and is claimed by nobody.
pub(super) fn adjusted(p: &[Option<f64>]) -> Result<Vec<Option<f64>>, StatisticsError> {
    let known: Vec<Option<f64>> = p.iter().filter(|p| p.is_some()).copied().collect();
    let mut adjusted = holm(&known)?.into_iter();
    Ok(p.iter().map(|p| p.and_then(|_| adjusted.next().flatten())).collect())
}

/// Rows at the first level of a factor, each with the row that differs from it in having another level there.
fn partners(study: &Study, rows: u64, factor: usize, level: usize) -> Vec<[u64; 2]> {
    (0..rows)
        .filter(|row| study.level_at(*row, factor) == Some(0))
        .filter_map(|row| Some([row, study.row_with(row, factor, level)?]))
        .collect()
}

/// For each patient the mean at the first level and at another, over the combinations of the other factors in which both have a value.
fn pairs(data: &Data, partners: &[[u64; 2]], output: usize) -> [Vec<f64>; 2] {
    // A value that its partner lacks counts as missing too.
    [[1.0, 0.0], [0.0, 1.0]].map(|weights| data.contrasts(output, partners, weights))
}

/// The difference in the subgroups that have five patients at least, fewer tell nothing.
fn subgroups(data: &Data, a: &[f64], b: &[f64]) -> Vec<Subgroups> {
    let of = |(place, by): (usize, Trait)| {
        let differences = [0u8, 1].map(|which| -> Vec<f64> {
            let members = data.groups.iter().zip(a.iter().zip(b));
            members
                .filter(|(groups, _)| groups[place] == Some(which))
                .map(|(_, (a, b))| b - a)
                .filter(|difference| !difference.is_nan())
                .collect()
        });
        let [one, other] = [0, 1]
            .map(|which| mean(&differences[which], LEVEL).ok().filter(|found| found.n >= LEAST_SUBGROUP));
        let between = unpaired(&differences[0], &differences[1], LEVEL).ok();
        Some(Subgroups { by, found: [one?, other?], adjusted_p: between.and_then(|found| found.p) })
    };
    Trait::ALL.into_iter().enumerate().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The larger head gives women 4 mm and men 1 mm; of the age nothing is known.
    #[test]
    fn subgroups_show_who_gains() {
        let text = "format = 1\ntitle = \"t\"\nkeep = [\"jumping_distance\"]\n[cohort]\nkind = \"virtual\"\ncount = 1\n[[factor]]\nname = \"head_diameter\"\nlevels = [28, 36]\n";
        let study = Study::from_toml(text).unwrap();
        let outputs = study.outputs().unwrap();
        let gains = |patient: usize| if patient.is_multiple_of(2) { 4.0 } else { 1.0 };
        let noise = |patient: usize| (patient as f64 * 1.7).sin();
        let column =
            (0..40).flat_map(|n| [10.0 + noise(n), 10.0 + noise(n) + gains(n) + 0.3 * noise(n + 50)]);
        let names = (0..40).map(|n| n.to_string()).collect();
        let mut data = Data::of_columns(names, 2, vec![column.collect()]);
        for (patient, groups) in data.groups.iter_mut().enumerate() {
            *groups = [Some((patient % 2) as u8), None, Some(u8::from(patient < 3))];
        }
        let compared = comparisons(&study, &data, &outputs).unwrap();
        // Three obese patients are too few.
        let [by_sex] = compared[0].subgroups.as_slice() else { panic!("{:?}", compared[0].subgroups) };
        assert_eq!((by_sex.by, by_sex.found[0].n), (Trait::Sex, 20));
        assert!(by_sex.found[0].interval.unwrap().contains(4.0), "{by_sex:?}");
        assert!(by_sex.found[1].interval.unwrap().contains(1.0), "{by_sex:?}");
        assert!(by_sex.adjusted_p.unwrap() < 1e-6);
        // Differences of rounding are those of nobody.
        let groups = data.groups.clone();
        let column = (0..40).flat_map(|n| [10.0, 10.0 + 1e-15 * noise(n)]);
        data = Data::of_columns(data.patients, 2, vec![column.collect()]);
        data.groups = groups;
        assert!(comparisons(&study, &data, &outputs).unwrap()[0].subgroups.is_empty());
    }
}
