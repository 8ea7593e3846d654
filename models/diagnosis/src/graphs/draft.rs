//! A manifest to be filled in, drafted from an ONNX file.

use super::error::GraphError;
use coxa_network::{NamedGraph, Port};
use std::fmt::Write as _;
use std::path::Path;

/// More numbers of one input or output are not written down one by one.
const MOST_NUMBERS: i64 = 1000;

/// Mark of what only the author of a network knows.
pub const FILL_IN: &str = "FILL IN";

/// Drafts the manifest of a module around a graph: its names and shapes are filled in, and each place where only the author knows what stands there is marked by `FILL IN`. The draft
/// is a manifest that can be read as it is.
///
/// # Errors
/// A file that cannot be read or run, a graph without an image or without an output of numbers, names that a manifest cannot hold.
pub fn draft(path: &Path) -> Result<String, GraphError> {
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let (graph, sha256) = NamedGraph::inspect(path)?;
    let refuse = |what: &str| GraphError::Form { file: file.clone(), what: what.into() };
    let image = graph.inputs().iter().find_map(image_of);
    let (image, [channels, rows, columns]) = image.ok_or_else(|| {
        refuse("it has no input of 1 x channels x rows x columns, all fixed; export it with a fixed shape")
    })?;
    let beside: Vec<&Port> = graph.inputs().iter().filter(|port| port.name != image.name).collect();
    let numbers: Vec<(&Port, i64)> = graph.outputs().iter().filter_map(|port| answers_of(port)).collect();
    if numbers.is_empty() {
        return Err(refuse("it has no output of 1 x numbers"));
    }
    let all = graph.inputs().iter().chain(graph.outputs());
    if all.clone().any(|port| port.name.is_empty() || port.name.contains(['"', '\\', '\n'])) {
        return Err(refuse(
            "a name of an input or output is empty or has quotation marks; export it with others",
        ));
    }
    let mut text = head(&name_of(&file), &file);
    let mut ids = Vec::new();
    for (place, width) in beside.iter().filter_map(|port| answers_of(port)) {
        for number in 1..=width {
            let id = format!("{}_{number}", plain(&place.name));
            let _ = write!(
                text,
                "\n[[input]]\nid = \"{id}\"\ntitle = \"FILL IN\"\nkind = \"number\" # FILL IN: or \"flag\", \"classes\"\nunit = \"FILL IN\"\nrange = [0, 100] # FILL IN\n"
            );
            ids.push(format!("\"{id}\""));
        }
    }
    steps_of(&mut text, [channels, rows, columns]);
    graph_of(&mut text, &file, &sha256, &image.name, &beside, &ids, &numbers);
    for (port, width) in &numbers {
        output_of(&mut text, port, *width);
    }
    if let [(port, _), ..] = numbers[..] {
        let maps = graph.outputs().iter().filter(|port| port.shape.len() == 4);
        for maps in maps {
            let _ = write!(
                text,
                "\n# {} may hold class activation maps: then add to [[graph]]\n# maps = {{ {} = \"{}\" }}\n",
                maps.name,
                plain(&port.name),
                maps.name
            );
        }
    }
    text.push_str(
        "\n[explain]\nmethod = \"occlusion\"\n\n[evaluation]\nbaselines = [\"constant\"]\n\n[card]\ntrained_on = \"FILL IN\"\nmethod = \"FILL IN\"\nfails_on = [\"FILL IN\"]\n",
    );
    Ok(text)
}

/// Steps as most networks have them.
fn steps_of(text: &mut String, [channels, rows, columns]: [i64; 3]) {
    let _ = write!(
        text,
        "\n[[preprocess]]\nstep = \"monochrome2\"\n[[preprocess]]\nstep = \"window_percentiles\" # FILL IN: as in the training of the network, or \"window\", \"normalise\"\nlow = 1\nhigh = 99\n[[preprocess]]\nstep = \"fit\"\nsize = [{rows}, {columns}]\n"
    );
    if channels > 1 {
        let _ = write!(
            text,
            "[[preprocess]]\nstep = \"repeat\" # FILL IN: or \"middle_slices\" with `count`, of a stack\nchannels = {channels}\n"
        );
    }
}

fn head(name: &str, file: &str) -> String {
    format!(
        "# Drafted from {file}. FILL IN marks what only its author knows.\nformat = 1\nname = \"{name}\"\ntitle = \"FILL IN\"\nquestion = \"FILL IN\"\nevidence = \"real-reference\" # FILL IN\nlicence = {{ weights = \"FILL IN\", data = \"FILL IN\" }}\nintended_use = \"research only\"\n\n[[input]]\nid = \"image\"\nkind = \"image\"\nmodality = [\"DX\", \"CR\"] # FILL IN\n"
    )
}

fn graph_of(
    text: &mut String,
    file: &str,
    sha256: &str,
    image: &str,
    beside: &[&Port],
    ids: &[String],
    numbers: &[(&Port, i64)],
) {
    let outputs: Vec<String> =
        numbers.iter().map(|(port, _)| format!("{} = \"{}\"", plain(&port.name), port.name)).collect();
    let _ = write!(text, "\n[[graph]]\nfile = \"{file}\"\nsha256 = \"{sha256}\"\nimage = \"{image}\"\n");
    if let [port] = beside {
        let _ = writeln!(text, "covariates = {{ name = \"{}\", ids = [{}] }}", port.name, ids.join(", "));
    }
    let _ = writeln!(text, "outputs = {{ {} }}", outputs.join(", "));
    text.push_str("activation = \"logits\" # FILL IN: or \"probabilities\", where the network ends in a sigmoid or softmax\n");
}

fn output_of(text: &mut String, port: &Port, width: i64) {
    let _ = write!(text, "\n[[output]]\nid = \"{}\"\ntitle = \"FILL IN\"\n", plain(&port.name));
    if width == 1 {
        text.push_str("kind = \"binary\" # or \"number\" with `unit` and `range`\n");
    } else {
        let classes: Vec<String> = (1..=width).map(|class| format!("\"class {class}\"")).collect();
        let _ = writeln!(
            text,
            "kind = \"classes\" # or \"ordered\", from least to most\nclasses = [{}] # FILL IN",
            classes.join(", ")
        );
    }
}

fn image_of(port: &Port) -> Option<(&Port, [i64; 3])> {
    match port.shape[..] {
        [1, channels, rows, columns] if channels > 0 && rows > 0 && columns > 0 => {
            Some((port, [channels, rows, columns]))
        }
        _ => None,
    }
}

fn answers_of(port: &Port) -> Option<(&Port, i64)> {
    match port.shape[..] {
        [1, width] if (1..=MOST_NUMBERS).contains(&width) => Some((port, width)),
        _ => None,
    }
}

/// A name for a manifest: small letters, digits and underlines.
fn plain(name: &str) -> String {
    let letters = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
    letters.collect()
}

/// A name at the command line, from that of a file.
fn name_of(file: &str) -> String {
    let name = plain(file.split('.').next().unwrap_or_default()).replace('_', "-");
    if name.is_empty() { "module".into() } else { name }
}
