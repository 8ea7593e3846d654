//! From virtual cases to a judged model, to predictions of others and back.

use coxa_diagnosis::cases::{Encoding, Truth};
use coxa_diagnosis::evaluation::{Evaluated, Measure, PredictorKind};
use coxa_diagnosis::manifest::{Manifest, Module, shipped, shipped_names};
use coxa_diagnosis::report::html;
use coxa_diagnosis::run::{self, ModuleRun, RunKind, read_predictions};
use coxa_diagnosis::virtual_cases::{Law, VirtualCases, draw};
use coxa_diagnosis::{
    ExternalInput, Prepared, TableOptions, apply, evaluation_run, external, prepare, train_module,
};
use std::collections::BTreeSet;
use std::path::Path;

fn drawn(module: &Module, count: usize, seed: u64) -> (Prepared, VirtualCases) {
    let law =
        Law::from_toml(module.law.as_deref().expect("modules that ship have one")).expect("it is right");
    let drawn = draw(&law, &module.manifest, count, seed).expect("it has every output");
    (prepared(module, &drawn.csv).expect("they are right"), drawn)
}

fn prepared(module: &Module, table: &[u8]) -> Result<Prepared, String> {
    let asking = TableOptions { encoding: Encoding::Unicode, images: Path::new(""), truth: Truth::Wanted };
    prepare(&module.manifest, table, asking, &mut |_| {}).map_err(|error| error.to_string())
}

fn trained(name: &str, count: usize) -> (Module, ModuleRun) {
    let module = shipped(name).expect("it ships");
    let (cases, drawn) = drawn(&module, count, 7);
    let kept =
        train_module(&module, &cases, Some(&drawn.ceiling), "test", &|_| {}).expect("it can be trained");
    (module, kept)
}

/// Value and interval of a measure of a predictor.
fn of(
    evaluated: &Evaluated,
    predictor: impl Fn(PredictorKind, &str) -> bool,
    measure: Measure,
) -> (f64, [f64; 2]) {
    let found =
        evaluated.predictors.iter().find(|one| predictor(one.kind, &one.name)).expect("it was compared");
    let value = found.measures.iter().find(|value| value.measure == measure).expect("it was measured");
    let interval = value.interval.expect("it has an interval");
    (value.value.expect("it is known"), [interval.low, interval.high])
}

#[test]
fn a_binary_module_comes_near_the_best_possible_and_shuffled_outcomes_teach_nothing() {
    let (module, kept) = trained("laminoplasty-outcome", 2000);
    let found = &kept.results.outputs[0];
    let (own, _) = of(found, |kind, _| kind == PredictorKind::Module, Measure::Area);
    let (best, _) = of(found, |kind, _| kind == PredictorKind::Ceiling, Measure::Area);
    assert!(own <= best + 0.01 && own >= best - 0.02, "{own} of {best}");
    let (_, [low, high]) = of(found, |kind, _| kind == PredictorKind::Chance, Measure::Area);
    assert!(low <= 0.5 && 0.5 <= high, "{low} to {high}");
    let (slope, _) = of(found, |kind, _| kind == PredictorKind::Module, Measure::CalibrationSlope);
    assert!((slope - 1.0).abs() < 0.15, "{slope}");
    let page = html(&module.manifest, &kept, &["tripod-ai".into(), "stard".into(), "claim".into()])
        .expect("it fills");
    for word in ["Virtual cases", "best possible", "<svg", "TRIPOD+AI", "for the author", "Decision curve"] {
        assert!(page.contains(word), "{word}");
    }
    // The name of the namespace of SVG is no address that is loaded.
    assert!(!page.replace("http://www.w3.org/2000/svg", "").contains("http"), "a page loads nothing");
}

#[test]
fn ordered_and_other_classes_come_near_the_best_possible() {
    for (name, measure, least) in [
        ("hip-fracture-mobility", Measure::RankedProbability, 0.01),
        ("cord-injury-prognosis", Measure::RankedProbability, 0.01),
        ("metastasis-primary-site", Measure::TopOne, 0.03),
    ] {
        let (_, kept) = trained(name, 800);
        let found = &kept.results.outputs[0];
        let (own, _) = of(found, |kind, _| kind == PredictorKind::Module, measure);
        let (best, _) = of(found, |kind, _| kind == PredictorKind::Ceiling, measure);
        assert!((own - best).abs() <= least, "{name}: {own} of {best}");
        let (constant, _) = of(found, |_, name| name == "the same for all", measure);
        assert!((constant - best).abs() > 3.0 * (own - best).abs(), "{name}: {constant}, {own}, {best}");
    }
}

#[test]
fn a_run_is_written_whole_read_back_and_judged_on_others() {
    let (module, kept) = trained("laminoplasty-outcome", 300);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("run");
    run::write(&path, &kept).expect("it can be written");
    assert!(run::write(&path, &kept).expect_err("it is there").to_string().contains("exists already"));
    let back = run::read(&path).expect("it can be read");
    assert_eq!((&back.models, &back.results, &back.settings), (&kept.models, &kept.results, &kept.settings));
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("it is there").collect();
    assert_eq!(left.len(), 1, "nothing but the run is left");

    let (others, _) = drawn(&module, 200, 8);
    let applied = apply(&module.manifest, &back, &others, true).expect("it predicts");
    let output = &module.manifest.outputs[0];
    let all: Vec<usize> = (0..others.cases.len()).collect();
    let csv = run::predictions_csv(&others.cases, &all, output, None, &applied[0].predictions, None);
    let predicted = read_predictions(&csv, output).expect("it reads its own");
    let frozen = &back.models[0].thresholds;
    let judged = ExternalInput { output, predicted: &predicted, frozen, seen: &BTreeSet::new() };
    let found = external(&module.manifest, &others, &judged).expect("it is judged");
    let points = &found.evaluated.binary.as_ref().expect("it is binary").thresholds;
    assert_eq!(
        points.iter().map(|one| one.point.threshold).collect::<Vec<_>>(),
        frozen.iter().map(|one| one.1).collect::<Vec<_>>()
    );

    // Baselines of these cases stand beside it, and chance, which nobody trained, does not.
    let kinds: Vec<PredictorKind> = found.evaluated.predictors.iter().map(|one| one.kind).collect();
    assert_eq!(
        kinds,
        [PredictorKind::Module, PredictorKind::Baseline, PredictorKind::Baseline, PredictorKind::Baseline]
    );
    let (own, _) = of(&found.evaluated, |kind, _| kind == PredictorKind::Module, Measure::Area);
    let (constant, _) = of(&found.evaluated, |_, name| name == "the same for all", Measure::Area);
    assert!(own > constant + 0.1, "{own} against {constant}");
    let kind = RunKind::Evaluation { external: true, frozen_thresholds: true };
    let kept = evaluation_run(&module.manifest, &module.text, &others, &[found], kind, "test");
    let path = folder.path().join("judged");
    run::write(&path, &kept).expect("it can be written");
    let back = run::read(&path).expect("it can be read");
    assert_eq!((&back.results, &back.settings), (&kept.results, &kept.settings));
    let page = html(&module.manifest, &back, &["tripod-ai".into()]).expect("it fills");
    assert!(page.contains("favours them") && page.contains("set in the training"), "{page}");
    assert!(!page.contains("when all models are refitted"), "nothing was fitted again");
    let few = others.cases.at(&(0..8).collect::<Vec<_>>());
    let few = Prepared { cases: few, table_sha256: String::new() };
    let found = external(&module.manifest, &few, &judged).expect("it is judged");
    assert_eq!(found.evaluated.predictors.len(), 1);
    assert!(found.without_baselines.is_some_and(|why| why.contains("and there are 8")));

    let seen = BTreeSet::from([others.cases.patients[3].clone()]);
    let said = external(&module.manifest, &others, &ExternalInput { seen: &seen, ..judged })
        .expect_err("a patient was seen");
    assert_eq!(said.to_string(), "row 5: the model was trained on this patient");
}

#[test]
fn a_comparison_finds_the_muscle_that_the_law_weakens() {
    let (_, kept) = trained("hip-function", 150);
    let found = kept.results.association.expect("it compares");
    assert_eq!((found.pairs.len(), found.cases), (76, 150));
    let strongest = found.pairs.iter().filter(|pair| pair.score == "womac").max_by(|a, b| {
        let size = |pair: &coxa_diagnosis::association::Pair| {
            pair.plain.correlation.as_ref().map_or(0.0, |one| one.estimate.value.abs())
        };
        size(a).total_cmp(&size(b))
    });
    let strongest = strongest.expect("there are comparisons");
    assert_eq!(strongest.measure, "gluteus_medius_volume");
    assert!(strongest.plain.p_family.is_some_and(|p| p < 0.05));
}

#[test]
fn tables_with_mistakes_are_told_with_row_and_column() {
    let module = shipped("laminoplasty-outcome").expect("it ships");
    let (_, drawn) = drawn(&module, 20, 3);
    let text = String::from_utf8(drawn.csv).expect("it is text");
    let lines: Vec<&str> = text.lines().collect();
    let header: Vec<&str> = lines[0].split(',').collect();
    let place = |name: &str| header.iter().position(|own| *own == name).expect("it is a column");
    let with = |line: usize, name: &str, cell: &str| {
        let mut cells: Vec<&str> = lines[line - 1].split(',').collect();
        cells[place(name)] = cell;
        let mut all: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        all[line - 1] = cells.join(",");
        all.join("\n")
    };
    for (table, said) in [
        (with(4, "age", "seventy"), "row 4, column age: text where a number is asked"),
        (with(4, "age", "700"), "row 4, column age: the number lies outside 18 to 110 (years)"),
        (with(4, "age", ""), "row 4, column age: no value (Age)"),
        (with(5, "sex", "w"), "row 5, column sex: not one of: female, male"),
        (with(6, "diabetes", "?"), "row 6, column diabetes: neither yes nor no (1 or 0, true or false)"),
        (
            text.replace("cord_area", "cord_aera"),
            "column cord_area: the table does not have it (Cross-section of the cord where it is narrowest); is it \"cord_aera\"?",
        ),
        (
            with(3, "patient", "V00000"),
            "row 3: conflicting truths: good_recovery differs from row 2, which has the same patient and study",
        ),
    ] {
        let found = prepared(&module, table.as_bytes()).expect_err("it has a mistake");
        assert!(
            found.lines().any(|line| line == said)
                || found.contains("the same patient and study as in row 2"),
            "{found}"
        );
    }
    for name in shipped_names() {
        let module = shipped(name).expect("it ships");
        let found = prepared(&module, b"patient,study\n1,1\n").expect_err("columns are not there");
        assert!(found.contains("the table does not have it"), "{name}: {found}");
    }
}

#[test]
fn a_manifest_of_ones_own_is_checked_whole() {
    let module = shipped("laminoplasty-outcome").expect("it ships");
    let wrong = module
        .text
        .replace("range = [18, 110]", "range = [110, 18]")
        .replace("at_least = 50", "at_least = 500")
        .replace("id = \"sex\"", "id = \"sex\"\nunit = \"m\"");
    let found = Manifest::from_toml(&wrong).expect_err("three mistakes").to_string();
    let lines: Vec<&str> = found.lines().collect();
    assert_eq!(lines.len(), 3, "{found}");
    assert!(lines[0].starts_with("line ") && lines[0].contains("input age: `range` is 110 to 18"), "{found}");
    assert!(lines[1].contains("input sex: `unit` is not allowed for this kind"), "{found}");
    assert!(lines[2].contains("output good_recovery: `at_least` lies outside of the `range`"), "{found}");
    let wrong = module
        .text
        .replace("\"disease\"]", "\"diseases\"]")
        .replace("\"joa_before\", \"age\"", "\"joa\", \"age\"");
    let found = Manifest::from_toml(&wrong).expect_err("two mistakes").to_string();
    let cord = shipped("cord-injury-prognosis").expect("it ships");
    let unknown =
        Manifest::from_toml(&cord.text.replace("\"stat_cov\"", "\"stat_cof\"")).expect_err("no such feature");
    assert!(unknown.to_string().contains("the IBSI knows no feature \"stat_cof\""), "{unknown}");
    assert!(found.contains("subgroup \"diseases\"") && found.contains("a baseline takes joa"), "{found}");
}
