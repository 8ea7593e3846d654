//! A graph whose inputs and outputs are known by their names.

use super::error::NetworkError;
use super::session::{read, sessions, sha256, shape};
use ort::session::Session;
use ort::value::{Outlet, Tensor, TensorElementType};
use rayon::prelude::*;
use std::path::Path;

/// More copies of a graph than this do not pay for their memory.
const MOST_THREADS: usize = 8;

/// A graph with named inputs and outputs of fixed shapes, all of 32-bit floating-point numbers.
#[derive(Debug)]
pub struct NamedGraph {
    file: String,
    /// One for each thread.
    sessions: Vec<Session>,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
}

/// An input or output of a graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// Its name in the graph.
    pub name: String,
    /// Length along each axis; -1 where it is not fixed.
    pub shape: Vec<i64>,
}

/// Numbers of one input, the last axis fastest.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedTensor<'a> {
    /// Name of the input.
    pub name: &'a str,
    /// Length along each axis.
    pub shape: Vec<usize>,
    /// The numbers.
    pub values: Vec<f32>,
}

impl NamedGraph {
    /// Loads a graph that lies in a folder.
    ///
    /// # Errors
    /// A file that cannot be read, has another SHA-256, or cannot be run.
    pub fn load(folder: &Path, file: &str, sha256: &str) -> Result<NamedGraph, NetworkError> {
        let bytes = read(&folder.join(file), file)?;
        NamedGraph::of(&bytes, file, sha256, rayon::current_num_threads().min(MOST_THREADS))
    }

    /// Loads a graph of which nothing is known, to see what it takes; its SHA-256 in hexadecimal beside it.
    ///
    /// # Errors
    /// A file that cannot be read or run.
    pub fn inspect(path: &Path) -> Result<(NamedGraph, String), NetworkError> {
        let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let bytes = read(path, &file)?;
        let sha256 = sha256(&bytes);
        Ok((NamedGraph::of(&bytes, &file, &sha256, 1)?, sha256))
    }

    fn of(bytes: &[u8], file: &str, sha256: &str, threads: usize) -> Result<NamedGraph, NetworkError> {
        let sessions = sessions(bytes, file, sha256, threads)?;
        let all = sessions.first().map(|first| first.inputs().iter().chain(first.outputs()));
        let other = all
            .into_iter()
            .flatten()
            .find(|port| port.dtype().tensor_type() != Some(TensorElementType::Float32));
        if let Some(port) = other {
            let reason =
                format!("{} has no 32-bit floating-point numbers; export it with float32", port.name());
            return Err(NetworkError::Graph { file: file.to_owned(), reason });
        }
        let ports = |of: &[Outlet]| {
            of.iter().map(|port| Port { name: port.name().to_owned(), shape: shape(port.dtype()) }).collect()
        };
        let (inputs, outputs) = match sessions.first() {
            Some(first) => (ports(first.inputs()), ports(first.outputs())),
            None => (Vec::new(), Vec::new()),
        };
        Ok(NamedGraph { file: file.to_owned(), sessions, inputs, outputs })
    }

    /// Its inputs.
    pub fn inputs(&self) -> &[Port] {
        &self.inputs
    }

    /// Its outputs.
    pub fn outputs(&self) -> &[Port] {
        &self.outputs
    }

    /// Runs it on each of several sets of inputs, on all threads; of each set the outputs named, in that order.
    ///
    /// # Errors
    /// Inputs or outputs that the graph does not have, numbers that do not fill their shape, and what the engine refuses.
    pub fn run_all(
        &mut self,
        sets: &[Vec<NamedTensor<'_>>],
        outputs: &[&str],
    ) -> Result<Vec<Vec<Vec<f32>>>, NetworkError> {
        let (file, share) = (&self.file, sets.len().div_ceil(self.sessions.len().max(1)).max(1));
        let parts: Vec<Result<Vec<_>, NetworkError>> = self
            .sessions
            .par_iter_mut()
            .zip(sets.par_chunks(share))
            .map(|(session, sets)| sets.iter().map(|set| run(session, file, set, outputs)).collect())
            .collect();
        Ok(parts.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }
}

fn run(
    session: &mut Session,
    file: &str,
    set: &[NamedTensor<'_>],
    outputs: &[&str],
) -> Result<Vec<Vec<f32>>, NetworkError> {
    let failed = |error: &dyn std::fmt::Display| NetworkError::Graph {
        file: file.to_owned(),
        reason: format!("it could not be run: {error}"),
    };
    let mut inputs = Vec::new();
    for tensor in set {
        let value = Tensor::from_array((tensor.shape.clone(), tensor.values.clone().into_boxed_slice()));
        inputs.push((tensor.name.to_owned(), value.map_err(|error| failed(&error))?));
    }
    let found = session.run(inputs).map_err(|error| failed(&error))?;
    let mut all = Vec::new();
    for name in outputs {
        let value = found.get(*name).ok_or_else(|| failed(&format!("it has no output {name}")))?;
        let (_, values) = value.try_extract_tensor::<f32>().map_err(|error| failed(&error))?;
        all.push(values.to_vec());
    }
    Ok(all)
}
