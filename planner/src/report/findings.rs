//! Findings as the page shows them: what refuses leads, what must be weighed follows, what is worth knowing comes last.

use super::numbers::number;
use super::speech::{listed, say};
use super::words::{lower, with_side_first};
use coxa_geometry::{Finding, Severity};
use coxa_locale::Language;
use serde::Serialize;

/// A finding in words.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Said {
    pub(super) about: String,
    pub(super) message: String,
    pub(super) figure: String,
    pub(super) source: String,
}

/// Findings by what they ask of the reader.
#[derive(Debug, Default, Serialize)]
pub(super) struct Findings {
    pub(super) refusals: Vec<Said>,
    pub(super) cautions: Vec<Said>,
    pub(super) notes: Vec<Said>,
}

/// The number that was found with the limit it was held against, in English: `1.8 mm, limit 3.0 mm`; nothing where there is none.
pub fn figure_in_words(finding: &Finding) -> String {
    figure(finding, Language::English)
}

fn figure(finding: &Finding, language: Language) -> String {
    let number = |value, unit| number(language, value, unit);
    match (finding.value, finding.limit, finding.unit) {
        (Some(v), Some(l), Some(u)) => say(
            language,
            "report-against-limit",
            [("value", number(v, u).into()), ("limit", number(l, u).into())],
        ),
        (Some(v), None, Some(u)) => number(v, u),
        _ => String::new(),
    }
}

/// Sorts findings; one that is said of two things in the same words is said once, of both.
pub(super) fn sorted(findings: &[Finding], language: Language) -> Findings {
    let mut all = Findings::default();
    for f in findings {
        let list = match f.severity {
            Severity::Refusal => &mut all.refusals,
            Severity::Caution => &mut all.cautions,
            Severity::Note => &mut all.notes,
        };
        let (figure, message) = (figure(f, language), f.in_language(language));
        let about = with_side_first(language, &f.about.to_string());
        match list.iter_mut().find(|said| said.message == message && said.figure == figure) {
            Some(said) if said.about == about => {}
            Some(said) => said.about = listed(language, [std::mem::take(&mut said.about), lower(&about)]),
            None => list.push(Said { about, message, figure, source: f.source.clone() }),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::{Side, finding};

    #[test]
    fn each_goes_to_its_list_and_twins_are_said_once() {
        let found = [
            finding::NiftiUnitMissing {}.finding(),
            finding::MetalAtJointRefuses { side: Side::Left }.finding(),
            finding::MetalInFemurRefuses { side: Side::Left }.finding(),
            finding::MedialWallThin { value: 1.0, limit: 3.0 }.finding(),
            finding::MedialWallThin { value: 2.0, limit: 3.0 }.finding(),
        ];
        let found = sorted(&found, Language::English);
        assert_eq!(found.refusals.len(), 1);
        assert_eq!(found.refusals[0].about, "Left hip, left femur");
        let figures: Vec<&str> = found.cautions.iter().map(|s| s.figure.as_str()).collect();
        assert_eq!(figures, ["1.0 mm, limit 3.0 mm", "2.0 mm, limit 3.0 mm"]);
        assert_eq!(found.notes.len(), 1);
    }
}
