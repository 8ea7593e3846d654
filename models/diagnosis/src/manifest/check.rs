//! What hangs together in a manifest: names that must be there, and settings that must fit each other.

use super::form::{Baseline, CalibrationMethod, ExplainMethod};
use super::graph::Preprocess;
use super::input::{Input, Value, family_of};
use super::module::{Manifest, Mistake};
use super::network::tensor_shape;
use super::output::{Output, Scale};

/// Columns of every table of cases.
const OWN_COLUMNS: [&str; 3] = ["patient", "study", "date"];

/// All mistakes between parts that are right by themselves; `lines` are those of inputs, then outputs.
pub(super) fn check(manifest: &Manifest, lines: &[Option<usize>], mistakes: &mut Vec<Mistake>) {
    let mut at = |line: Option<usize>, what: String| mistakes.push(Mistake { line, what });
    if !coxa_panel::is_name(&manifest.name) {
        at(None, format!("name {:?} is not of small letters, digits and hyphens, at most 64", manifest.name));
    }
    if manifest.title.trim().is_empty() {
        at(None, "the title is empty".into());
    }
    let films = manifest.preprocess.iter().map(|step| matches!(step, Preprocess::Monochrome2));
    if films.skip(1).any(|is_film| is_film) {
        at(
            None,
            "monochrome2 must be the first step and occur once: it would invert padding added before it"
                .into(),
        );
    }
    for (what, wrong) in names(manifest) {
        at(lines.get(what).copied().flatten(), wrong);
    }
    for (place, input) in manifest.inputs.iter().enumerate() {
        for wrong in input_needs(manifest, input) {
            at(lines.get(place).copied().flatten(), format!("input {}: {wrong}", input.id));
        }
    }
    let parts =
        [purpose(manifest), graphs(manifest), network(manifest), evaluation(manifest), means(manifest)];
    for wrong in parts.concat() {
        at(None, wrong);
    }
}

/// Ids and columns that are taken twice, by the place of the input or output.
fn names(manifest: &Manifest) -> Vec<(usize, String)> {
    let ids = manifest.inputs.iter().map(|one| (&one.id, &one.column));
    let ids: Vec<(&String, &String)> =
        ids.chain(manifest.outputs.iter().map(|one| (&one.id, &one.column))).collect();
    let mut wrong = Vec::new();
    for (place, (id, column)) in ids.iter().enumerate() {
        if ids[..place].iter().any(|(other, _)| other == id) {
            wrong.push((place, format!("{id} is the id of two inputs or outputs")));
        }
        // Two outputs may be made of one column: the number, and whether it reaches a limit.
        let before = &ids[..place.min(manifest.inputs.len())];
        if before.iter().any(|(other, theirs)| theirs == column && other != id) {
            wrong.push((place, format!("{id} has the column {column} of another input")));
        }
        if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
            wrong.push((place, format!("{id:?} is no id: letters, digits, _ and -")));
        }
        if OWN_COLUMNS.contains(&column.as_str()) {
            wrong.push((place, format!("{id} has the column {column}, which every table has for itself")));
        }
    }
    wrong
}

/// Other inputs that an input names and that are not there, or of another kind.
fn input_needs(manifest: &Manifest, input: &Input) -> Vec<String> {
    let is = |id: &str, wanted: &str, fits: fn(&Value) -> bool| match manifest.input(id) {
        Some(other) if fits(&other.value) => None,
        _ => Some(format!("there is no input {id} that is {wanted}")),
    };
    let image = |value: &Value| matches!(value, Value::Image { .. });
    let found = match &input.value {
        Value::Feature(of, _) => {
            let mask = |value: &Value| matches!(value, Value::Mask { .. });
            let unknown = family_of(&of.feature).is_none();
            let unknown = unknown.then(|| format!("the IBSI knows no feature {:?}", of.feature));
            vec![is(&of.image, "an image", image), is(&of.mask, "a mask", mask), unknown]
        }
        Value::Mask { of } => vec![is(of, "an image", image)],
        Value::Muscle(of, _) => {
            let case = |value: &Value| matches!(value, Value::Case);
            let side = |value: &Value| matches!(value, Value::Classes(sides) if sides.len() == 2 && ["right", "left"].iter().all(|side| sides.iter().any(|own| own == side)));
            vec![is(&of.case, "a case", case), is(&of.side, "of the classes right and left", side)]
        }
        _ => Vec::new(),
    };
    found.into_iter().flatten().collect()
}

/// A module predicts, by a graph or by models of its table, or it compares.
fn purpose(manifest: &Manifest) -> Vec<String> {
    let mut wrong = Vec::new();
    match (&manifest.association, manifest.outputs.is_empty()) {
        (None, true) => wrong.push("the module has neither an [[output]] nor an [association]".into()),
        (Some(_), false) => wrong.push("a module has either [[output]] or [association], not both".into()),
        (None, false) => match (manifest.graphs.is_empty(), manifest.candidates.is_empty()) {
            (true, true) if manifest.network.is_none() => {
                wrong.push("nothing predicts: add a [[candidate]], a [[graph]] or a [network]".into());
            }
            (false, false) => wrong.push("a module has either [[candidate]] or [[graph]], not both".into()),
            _ => {}
        },
        (Some(association), true) => {
            if manifest.network.is_some() {
                wrong.push("a module with an [association] has no [network]".into());
            }
            if association.scores.is_empty() {
                wrong.push("[association] has no `scores`".into());
            }
            if !(99..=1_000_000).contains(&association.permutations) {
                wrong.push("[association] has 99 to 1000000 `permutations`".into());
            }
            for score in association
                .scores
                .iter()
                .filter(|score| score.range[0].is_nan() || score.range[0] >= score.range[1])
            {
                wrong.push(format!("score {} has a `range` that holds no number", score.column));
            }
            for id in association.adjust_for.iter().filter(|id| !has_value(manifest, id)) {
                wrong.push(format!("[association] adjusts for {id}, which is no value among the inputs"));
            }
        }
    }
    if !manifest.inputs.iter().any(Input::is_value) && !manifest.candidates.is_empty() {
        wrong.push("a [[candidate]] needs inputs that are values".into());
    }
    for candidate in manifest.candidates.iter().filter(|candidate| candidate.grid.is_empty()) {
        wrong.push(format!("candidate {:?} has an empty `grid`", candidate.name));
    }
    wrong
}

fn has_value(manifest: &Manifest, id: &str) -> bool {
    manifest.input(id).is_some_and(Input::is_value)
}

fn graphs(manifest: &Manifest) -> Vec<String> {
    let mut wrong = Vec::new();
    for graph in &manifest.graphs {
        let path = std::path::Path::new(&graph.file);
        let is_plain = path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
        if graph.file.is_empty() || !is_plain {
            wrong.push(format!("graph {:?} does not lie in the folder of the manifest", graph.file));
        }
        if graph.sha256.len() != 64 || !graph.sha256.chars().all(|c| c.is_ascii_hexdigit()) {
            wrong.push(format!("graph {}: `sha256` is 64 hexadecimal digits", graph.file));
        }
        let covariates = graph.covariates.iter().flat_map(|covariates| &covariates.ids);
        for id in covariates.filter(|id| !has_value(manifest, id)) {
            wrong.push(format!("graph {} takes {id}, which is no value among the inputs", graph.file));
        }
        for output in manifest.outputs.iter().filter(|output| !graph.outputs.contains_key(&output.id)) {
            wrong.push(format!("graph {} does not say which of its outputs is {}", graph.file, output.id));
        }
        let named = graph.outputs.keys().chain(graph.maps.keys());
        for id in named.filter(|id| !manifest.outputs.iter().any(|output| output.id == **id)) {
            wrong.push(format!("graph {} gives {id}, which is no [[output]]", graph.file));
        }
    }
    let images = manifest.inputs.iter().filter(|input| matches!(input.value, Value::Image { .. })).count();
    if !manifest.graphs.is_empty() && images != 1 {
        wrong.push(format!("a graph looks at one image, and the inputs have {images}"));
    }
    wrong
}

/// A network has one image of one size, and is alone.
fn network(manifest: &Manifest) -> Vec<String> {
    let Some(network) = &manifest.network else { return Vec::new() };
    let mut wrong: Vec<String> = tensor_shape(&manifest.preprocess).err().into_iter().collect();
    if !manifest.candidates.is_empty() {
        wrong.push("a module has either [[candidate]] or a [network], not both".into());
    }
    let images = manifest.inputs.iter().filter(|input| matches!(input.value, Value::Image { .. })).count();
    if images != 1 {
        wrong.push(format!("a [network] looks at one image, and the inputs have {images}"));
    }
    for id in network.covariates.iter().flatten().filter(|id| !has_value(manifest, id)) {
        wrong.push(format!("[network] takes {id}, which is no value among the inputs"));
    }
    wrong
}

fn evaluation(manifest: &Manifest) -> Vec<String> {
    let mut wrong = Vec::new();
    let evaluation = &manifest.evaluation;
    for (what, folds) in [("folds", evaluation.folds), ("inner_folds", evaluation.inner_folds)] {
        if !(2..=50).contains(&folds) {
            wrong.push(format!("[evaluation] has 2 to 50 `{what}`"));
        }
    }
    for baseline in &evaluation.baselines {
        match baseline {
            Baseline::Constant | Baseline::Shuffled => {}
            Baseline::Inputs(ids) => {
                for id in ids.iter().filter(|id| !has_value(manifest, id)) {
                    wrong.push(format!("a baseline takes {id}, which is no value among the inputs"));
                }
            }
            Baseline::CarryForward(id) => match manifest.input(id) {
                Some(input) if manifest.outputs.iter().any(|output| carries(input, output)) => {}
                Some(_) => wrong
                    .push(format!("{id} has the classes of no output, so that it cannot be carried forward")),
                None => wrong.push(format!("a baseline carries {id} forward, which is no input")),
            },
        }
    }
    for subgroup in &evaluation.subgroups {
        let (id, limit) =
            subgroup.split_once(':').map_or((subgroup.as_str(), None), |(id, limit)| (id, Some(limit)));
        let is_number = matches!(
            manifest.input(id).map(|input| &input.value),
            Some(Value::Number(_) | Value::Feature(..) | Value::Muscle(..))
        );
        let fits = match limit {
            Some(limit) => is_number && limit.parse::<f64>().is_ok_and(f64::is_finite),
            None => has_value(manifest, id) && !is_number,
        };
        if !fits {
            wrong.push(format!("subgroup {subgroup:?} is neither an input with classes nor, as `age:65`, a number with a limit"));
        }
    }
    wrong
}

/// Whether the value of an input says an output as it is.
fn carries(input: &Input, output: &Output) -> bool {
    match (&input.value, &output.scale) {
        (Value::Classes(own) | Value::Ordered(own), Scale::Classes(theirs) | Scale::Ordered(theirs)) => {
            own == theirs
        }
        (Value::Number(_) | Value::Feature(..), Scale::Number(_)) | (Value::Flag, Scale::Flag) => true,
        _ => false,
    }
}

/// Calibration and explanation that the module's predictions allow.
fn means(manifest: &Manifest) -> Vec<String> {
    let mut wrong = Vec::new();
    let are_binary = manifest.outputs.iter().all(Output::is_binary);
    match manifest.calibration.method {
        CalibrationMethod::Platt | CalibrationMethod::Isotonic if !are_binary => {
            wrong.push("[calibration] of this method is for binary outputs alone; take temperature".into());
        }
        _ => {}
    }
    if let Some(explain) = &manifest.explain {
        let fits = match explain.method {
            ExplainMethod::Shapley => !manifest.candidates.is_empty(),
            _ if manifest.network.is_some() => true,
            ExplainMethod::Cam => manifest.graphs.iter().any(|graph| !graph.maps.is_empty()),
            ExplainMethod::Occlusion => !manifest.graphs.is_empty(),
        };
        if !fits {
            wrong.push("[explain] shapley is for a [[candidate]]; cam for a [[graph]] with `maps` or a [network], occlusion for any [[graph]] or a [network]".into());
        }
    }
    wrong
}
