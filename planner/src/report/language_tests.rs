//! That the report speaks the language it is asked for, and that English is whole.

use super::input::{Provenance, ReportInput};
use super::words::{capitalised, motion, source, title};
use super::{loads, optimisation, render};
use crate::loads::Loads;
use crate::optimise::criteria::{Known, Subject};
use crate::optimise::{Optimisation, Part, Variable};
use crate::placement::synthetic::Case;
use crate::simulate::{ContactPair, Simulated, SimulationOptions, simulate};
use crate::{Planned, placement::PlanOptions};
use coxa_activity::Activity;
use coxa_activity::posture::Posture;
use coxa_anatomy::muscle::MuscleMeasure;
use coxa_anatomy::{HipAnatomy, LandmarkKind, Missing, label_names};
use coxa_geometry::{Finding, Measured, Quantity, Side, Unit, finding};
use coxa_locale::{Language, english, slug};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// All that a page can show, of a hip that is known by construction.
struct Whole {
    case: Case,
    anatomy: HipAnatomy,
    planned: Planned,
    simulated: Simulated,
    loads: Loads,
    optimisation: Optimisation,
    findings: Vec<Finding>,
    provenance: Provenance,
}

const METHOD: &str = "by a method whose sentence is English";

impl Whole {
    fn new() -> Self {
        let case = Case::right();
        let mut planned = case.plan(PlanOptions::default());
        planned.results.insert(Quantity::LegLengthDifferencePlanned, 0.4, 0.4, METHOD);
        planned.results.insert(Quantity::ScrewPurchase.of_screw(2), 20.0, 0.5, METHOD);
        let options = SimulationOptions {
            posture: Posture::Standing,
            activities: vec!["chair_rise".into(), "walking".into()],
            map: true,
            ..SimulationOptions::default()
        };
        let simulated = simulate(&planned, &case.anatomy, &options, &|_| {}).unwrap();
        let mut optimisation = optimisation::fixture::optimisation();
        optimisation.slips = optimisation.prices.clone();
        let mut findings = vec![
            finding::LowResolution { voxel_mm: 2.46, limit_mm: 1.5 }.finding(),
            finding::MedialWallThin { value: 1.0, limit: 3.0 }.finding(),
            finding::HipMissing { side: Side::Left }.finding(),
            finding::MetalAtJointRefuses { side: Side::Left }.finding(),
            finding::MetalInFemurRefuses { side: Side::Left }.finding(),
        ];
        findings.extend(planned.findings.iter().chain(&simulated.findings).cloned());
        let anatomy = measured(&case.anatomy);
        let provenance = Provenance { program_version: "1.2.3".into(), inputs: Vec::new(), seed: Some(3) };
        let loads = loads::fixture::loads();
        Whole { case, anatomy, planned, simulated, loads, optimisation, findings, provenance }
    }

    fn page(&self, language: Language, is_refused: bool) -> String {
        let input = self.case.input(PlanOptions::default());
        let input = ReportInput {
            language,
            grid: input.grid,
            surfaces: input.surfaces,
            anatomy: &self.anatomy,
            side: input.side,
            planned: (!is_refused).then_some(&self.planned),
            simulation: (!is_refused).then_some(&self.simulated),
            loads: (!is_refused).then_some(&self.loads),
            optimisation: (!is_refused).then_some(&self.optimisation),
            modules: &[],
            findings: &self.findings,
            provenance: &self.provenance,
        };
        render(&input, &self.case.ct).unwrap().html
    }

    /// Texts that stay English: methods, reasons and sources.
    fn english(&self) -> Vec<String> {
        let mut all: Vec<String> = vec![METHOD.into()];
        all.extend(self.planned.results.iter().map(|(_, m)| m.method.clone()));
        all.extend(self.anatomy.measurements.iter().map(|(_, m)| m.method.clone()));
        all.extend(self.anatomy.landmarks.iter().map(|l| l.method.clone()));
        all.extend(self.simulated.results.activities.iter().map(|a| source(&a.source)));
        all.extend(self.optimisation.criteria.list.iter().map(|c| c.source.clone()));
        let postures = &self.optimisation.options.postures;
        all.extend([&postures.standing, &postures.sitting, &postures.flexed_seated].map(|p| p.how.clone()));
        all.extend(self.findings.iter().map(|f| f.source.clone()));
        all.extend(self.loads.activities.iter().flat_map(|a| [source(&a.source), a.title.clone()]));
        // The muscle of a model of one's own.
        all.push("gluteus medius anterior".into());
        all.push(self.loads.model.body_mass_method.clone());
        all.extend(self.loads.model.attachments_method.clone());
        all.extend(self.loads.stance.iter().map(|s| s.after.method.clone()));
        all.extend(all.clone().iter().map(|text| capitalised(text)));
        all.retain(|text| !text.is_empty());
        // The longest first, as one may stand in another.
        all.sort_by_key(|text| std::cmp::Reverse(text.len()));
        all
    }
}

/// An anatomy with everything that the page has a table for.
fn measured(of: &HipAnatomy) -> HipAnatomy {
    let mut anatomy = of.clone();
    for &quantity in Quantity::ALL {
        anatomy.measurements.insert(quantity.of(Side::Right), 10.0, 0.4, METHOD);
        anatomy.measurements.insert(quantity.of(Side::Left), 10.0, 0.4, "by another method");
    }
    anatomy.measurements.insert(Quantity::LegLengthDifference, -5.0, 0.4, METHOD);
    anatomy.missing.push(Missing { what: "canal_right".into(), why: METHOD.into() });
    anatomy.missing.push(Missing { what: "canal_left".into(), why: METHOD.into() });
    anatomy.missing.push(Missing { what: "femoral_version_left".into(), why: METHOD.into() });
    let number = |unit| Measured { value: 10.0, spread: 1.0, unit, method: String::new() };
    anatomy.muscles = muscles()
        .map(|name| MuscleMeasure {
            name,
            side: Side::Right,
            is_cut: true,
            volume: number(Unit::CubicCentimetre),
            mean: number(Unit::Hounsfield),
            fat_fraction: number(Unit::Ratio),
            lean_mass: number(Unit::Gram),
            predicted_dice: Some(0.874),
        })
        .collect();
    anatomy
}

/// Muscles that labels can hold.
fn muscles() -> impl Iterator<Item = String> {
    let others = ["artery", "vein", "vena", "vertebrae", "metal", "hip", "femur", "sacrum"];
    let names = label_names::structures().into_iter().filter_map(|label| {
        let name = label.name.strip_suffix("_right")?.to_owned();
        (!others.iter().any(|other| name.split('_').any(|word| word == *other))).then_some(name)
    });
    names.collect::<Vec<_>>().into_iter()
}

/// What a reader sees of a page: texts between tags, and attributes that are shown or read out.
fn visible(html: &str) -> Vec<String> {
    let (head, body) = html.split_once("<style>").unwrap();
    let body = body.split_once("</style>").unwrap().1;
    let mut texts = Vec::new();
    for piece in [head, body].iter().flat_map(|part| part.split('<')) {
        let (tag, text) = piece.split_once('>').unwrap_or(("", piece));
        texts.push(text.to_owned());
        for attribute in ["alt=\"", "aria-label=\"", "data-of=\""] {
            texts
                .extend(tag.split(attribute).skip(1).filter_map(|rest| Some(rest.split('"').next()?.into())));
        }
    }
    let texts = texts.into_iter().map(|text| unescaped(text.trim()));
    texts.filter(|text| !text.is_empty()).collect()
}

fn unescaped(text: &str) -> String {
    let signs =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x2f;", "/"), ("&amp;", "&")];
    signs.iter().fold(text.to_owned(), |text, (escaped, sign)| text.replace(escaped, sign))
}

/// Words of three letters or more of which the disguise would have changed one.
fn plain_words(text: &str) -> Vec<&str> {
    let words = text.split(|letter: char| !letter.is_alphabetic());
    let is_plain = |word: &&str| {
        word.len() >= 3
            && word.is_ascii()
            && word.contains(['a', 'e', 'i', 'o', 'u', 'y', 'A', 'E', 'I', 'O', 'U', 'Y'])
    };
    words.filter(is_plain).collect()
}

/// Texts of a page with plain words that are not among those that stay English.
fn left_in_english(html: &str, allowed: &[String]) -> Vec<String> {
    let without = |text: String| allowed.iter().fold(text, |text, own| text.replace(own.as_str(), ""));
    let mut left: Vec<String> =
        visible(html).into_iter().map(without).filter(|text| !plain_words(text).is_empty()).collect();
    left.sort();
    left.dedup();
    left
}

#[test]
fn no_english_is_left_in_a_report_in_disguise() {
    let whole = Whole::new();
    let allowed = whole.english();
    for is_refused in [false, true] {
        let disguised = whole.page(Language::Pseudo, is_refused);
        let left = left_in_english(&disguised, &allowed);
        for text in &left {
            println!("in English: {text}");
        }
        assert!(left.is_empty(), "{} texts are left in English", left.len());
        // Both pages have as many texts, and the same eyes find English in the English one.
        let plain = whole.page(Language::English, is_refused);
        let found = left_in_english(&plain, &allowed);
        assert_eq!(visible(&plain).len(), visible(&disguised).len());
        assert!(found.len() > if is_refused { 80 } else { 350 }, "{}", found.len());
        assert!(disguised.contains("<html lang=\"en-XA\">"));
    }
    let page = whole.page(Language::Pseudo, false);
    for section in [
        "report-components",
        "report-before-and-after",
        "report-cup-orientation",
        "report-range-of-motion",
        "report-activities",
        "report-after-contact",
        "report-all-positions",
        "report-what-stops",
        "report-chance-of-success",
        "report-slips",
        "report-alternative-plans",
        "report-what-a-degree-costs",
        "report-muscles-and-loads",
        "report-what-plan-does-to-muscles",
        "report-muscles-mean",
        "report-not-seen",
        "report-landmarks",
    ] {
        assert!(page.contains(&Language::Pseudo.text(section)), "{section}");
    }
}

#[test]
fn a_language_that_nobody_reviewed_says_so_and_english_does_not() {
    let whole = Whole::new();
    let warning = Language::English.text("report-unreviewed");
    let japanese = whole.page(Language::Japanese, true);
    assert!(japanese.contains(&warning) && japanese.contains("<html lang=\"ja\">"));
    assert!(!whole.page(Language::English, true).contains(&warning));
}

#[test]
fn the_posture_is_said_as_elsewhere() {
    let whole = Whole::new();
    let html = whole.page(Language::English, false);
    assert!(html.contains(&format!("<p>Pelvis {}. Cup", whole.simulated.results.posture_in_words())));
}

/// Rust files of the report, and its template.
fn sources() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = vec![root.join("templates/report.html")];
    let mut folders = vec![root.join("src/report")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.extension() {
                Some(extension) if extension == "rs" && !path.ends_with("language_tests.rs") => {
                    found.push(path);
                }
                Some(_) => {}
                None => folders.push(path),
            }
        }
    }
    found
}

/// Names of messages that a text names.
fn named(text: &str) -> BTreeSet<String> {
    let quoted = text.split('"').filter(|part| part.starts_with("report-"));
    quoted.filter(|id| id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')).map(str::to_owned).collect()
}

#[test]
fn english_has_every_message_of_the_report_and_no_other() {
    let read = |path: &PathBuf| std::fs::read_to_string(path).unwrap();
    let used: BTreeSet<String> = sources().iter().flat_map(|path| named(&read(path))).collect();
    let there: BTreeSet<String> =
        english().into_iter().filter(|message| message.file == "report").map(|message| message.id).collect();
    let missing: Vec<_> = used.difference(&there).collect();
    let unused: Vec<_> = there.difference(&used).collect();
    assert!(missing.is_empty() && unused.is_empty(), "missing: {missing:?}; unused: {unused:?}");
    assert!(used.len() > 300, "{}", used.len());
}

#[test]
fn what_the_template_says_has_no_markup() {
    let template = named(&std::fs::read_to_string(&sources()[0]).unwrap());
    for language in [Language::English, Language::Japanese] {
        for message in coxa_locale::messages(language).iter().filter(|m| template.contains(&m.id)) {
            assert!(!message.text.contains(['<', '&', '"']), "{language}: {}", message.id);
            assert!(!message.text.replace("->", "").contains('>'), "{language}: {}", message.id);
        }
    }
}

#[test]
fn closed_sets_have_their_words() {
    let catalogue = crate::implants::Catalogue::builtin();
    let mut all: Vec<String> = Quantity::ALL.iter().map(|quantity| quantity.title().to_owned()).collect();
    let known = Known::all().into_iter().filter(|known| matches!(known.subject, Subject::Plan(_)));
    all.extend(known.map(|known| optimisation::criterion_name(&known.subject)));
    all.extend(Activity::catalogue().iter().map(|activity| activity.title.clone()));
    // On the page, and in findings.
    all.extend(
        crate::simulate::motion_names().iter().flat_map(|name| [motion(name), name.replace('_', " ")]),
    );
    all.extend(ContactPair::ALL.map(|pair| pair.to_string()));
    all.extend(
        [Posture::Supine, Posture::Standing, Posture::Sitting, Posture::FlexedSeated]
            .map(|p| p.name().to_owned()),
    );
    all.extend(LandmarkKind::ALL.map(|kind| title(kind.name())));
    all.extend(muscles().map(|name| title(&name)));
    all.extend(Variable::ALL.map(|variable| variable.title().to_owned()));
    all.extend(Part::ALL.map(|part| part.title().to_owned()));
    all.extend(Side::BOTH.map(|side| side.name().to_owned()));
    all.extend(["refusal", "caution", "note"].map(str::to_owned));
    all.extend(
        ["shell", "liner", "mobile_bearing", "stem", "head", "hip_bone", "femur", "sacrum"].map(title),
    );
    all.extend(catalogue.stems.iter().map(|stem| title(&stem.name)));
    all.extend(catalogue.cups.iter().map(|cup| title(&cup.name)));
    let words: BTreeSet<String> = coxa_locale::ids(Language::English).into_iter().collect();
    let without: Vec<&String> =
        all.iter().filter(|phrase| !words.contains(&format!("word-{}", slug(phrase)))).collect();
    assert!(without.is_empty(), "without a word: {without:?}");
    assert!(all.len() > 200, "{}", all.len());
}
