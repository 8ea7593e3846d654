//! The graphs of a manifest are loaded, and their inputs and outputs held against it.

use super::error::GraphError;
use crate::cases::columns_of;
use crate::manifest::{GraphFile, Manifest, Output, size_of};
use coxa_network::{NamedGraph, Port};
use std::path::Path;

/// The graphs of a module, ready to run.
#[derive(Debug)]
pub struct Graphs {
    pub(super) outputs: Vec<Output>,
    pub(super) members: Vec<Member>,
}

/// One graph.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) graph: NamedGraph,
    pub(super) file: GraphFile,
    /// Channels, rows and columns of the image.
    pub(super) size: [usize; 3],
}

impl Graphs {
    /// Loads the graphs of a manifest from the folder where it lies.
    ///
    /// # Errors
    /// A file that is not there or not the one that is meant; a graph whose inputs or outputs do not fit the manifest.
    pub fn load(folder: &Path, manifest: &Manifest) -> Result<Graphs, GraphError> {
        let mut members = Vec::new();
        for file in &manifest.graphs {
            let graph = NamedGraph::load(folder, &file.file, &file.sha256)?;
            let ids = file.covariates.iter().flat_map(|covariates| &covariates.ids);
            let covariates = ids.filter_map(|id| manifest.input(id)).map(columns_of).sum();
            let size = fits(&graph, file, manifest, covariates)
                .map_err(|what| GraphError::Form { file: file.file.clone(), what })?;
            members.push(Member { graph, file: file.clone(), size });
        }
        Ok(Graphs { outputs: manifest.outputs.clone(), members })
    }
}

/// The size of the image, or what does not fit.
fn fits(
    graph: &NamedGraph,
    file: &GraphFile,
    manifest: &Manifest,
    covariates: usize,
) -> Result<[usize; 3], String> {
    let image = port(graph.inputs(), &file.image, "input")?;
    let size = match image.shape[..] {
        [1, c, h, w] if c > 0 && h > 0 && w > 0 => [c, h, w].map(|length| length as usize),
        _ => {
            return Err(format!(
                "the input {} has the shape {:?}; it must be 1 x channels x rows x columns, all fixed (-1 stands for a size that is not)",
                file.image, image.shape
            ));
        }
    };
    if let Some(made) = size_of(&manifest.preprocess).filter(|made| *made != size) {
        return Err(format!(
            "the input {} has the shape {:?}, and the steps [[preprocess]] make {} x {} x {}",
            file.image, image.shape, made[0], made[1], made[2]
        ));
    }
    let mut named = vec![file.image.as_str()];
    if let Some(beside) = &file.covariates {
        let found = port(graph.inputs(), &beside.name, "input")?;
        if found.shape != [1, covariates as i64] {
            return Err(format!(
                "the input {} has the shape {:?}, and its ids make 1 x {covariates} numbers",
                beside.name, found.shape
            ));
        }
        named.push(&beside.name);
    }
    if let Some(other) = graph.inputs().iter().find(|input| !named.contains(&input.name.as_str())) {
        return Err(format!("the input {} of the graph is not named in the manifest", other.name));
    }
    for output in &manifest.outputs {
        let name = file.outputs.get(&output.id).map_or("", String::as_str);
        let (found, wanted) = (port(graph.outputs(), name, "output")?, output.width() as i64);
        if !matches!(found.shape[..], [1, width] if width == wanted) {
            return Err(format!(
                "the output {name} has the shape {:?}; {} needs 1 x {wanted}",
                found.shape, output.id
            ));
        }
        if let Some(maps) = file.maps.get(&output.id) {
            let found = port(graph.outputs(), maps, "output")?;
            if !matches!(found.shape[..], [1, width, h, w] if width == wanted && h > 0 && w > 0) {
                return Err(format!(
                    "the output {maps} has the shape {:?}; maps of {} have 1 x {wanted} x rows x columns",
                    found.shape, output.id
                ));
            }
        }
    }
    Ok(size)
}

fn port<'a>(all: &'a [Port], name: &str, what: &str) -> Result<&'a Port, String> {
    all.iter().find(|port| port.name == name).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|port| port.name.as_str()).collect();
        format!("the graph has no {what} {name:?}; it has {}", names.join(", "))
    })
}
