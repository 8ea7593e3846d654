//! ONNX graphs on the engine: tract, through the interface of ort.

use super::error::NetworkError;
use ort::environment::Environment;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::ValueType;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::OnceLock;

/// Larger files are refused before they are read.
const MAX_BYTES: u64 = 1 << 31;

/// A graph of these bytes, ready to run on so many threads; `file` names it in messages.
///
/// # Errors
/// Another SHA-256 than expected, or a graph that the engine cannot run.
pub(super) fn sessions(
    bytes: &[u8],
    file: &str,
    sha256: &str,
    threads: usize,
) -> Result<Vec<Session>, NetworkError> {
    let refuse = |reason: String| NetworkError::Graph { file: file.to_owned(), reason };
    let found = self::sha256(bytes);
    let expected = sha256.to_ascii_lowercase();
    if found != expected {
        return Err(NetworkError::Hash { file: file.to_owned(), expected, found });
    }
    let environment = environment().map_err(&refuse)?;
    (0..threads.max(1))
        .map(|_| {
            // Without being asked to, tract optimises nothing.
            let builder = Session::builder(environment)?;
            let mut builder = builder.with_optimization_level(GraphOptimizationLevel::Level3)?;
            builder.commit_from_memory(bytes)
        })
        .collect::<ort::Result<Vec<Session>>>()
        .map_err(|error| {
            refuse(format!("it is damaged, no ONNX file, or a graph that cannot be run: {error}"))
        })
}

/// Lengths along the axes of a tensor; -1 where one is not fixed. Of anything else none.
pub(super) fn shape(value: &ValueType) -> Vec<i64> {
    value.tensor_shape().map(|shape| shape.to_vec()).unwrap_or_default()
}

/// The process has one environment; the engine is chosen before it is made.
fn environment() -> Result<&'static Environment, String> {
    static ENVIRONMENT: OnceLock<Result<Environment, String>> = OnceLock::new();
    ENVIRONMENT
        .get_or_init(|| {
            ort::set_api(ort_tract::api());
            ort::init().build().map_err(|error| error.to_string())
        })
        .as_ref()
        .map_err(|error| format!("the inference engine did not start: {error}"))
}

/// The bytes of a graph.
///
/// # Errors
/// Where it cannot be read, is no file, or is larger than 2 GB.
pub(super) fn read(path: &Path, file: &str) -> Result<Vec<u8>, NetworkError> {
    let io = |source: std::io::Error| NetworkError::Io { file: file.to_owned(), reason: source.to_string() };
    let found = std::fs::metadata(path).map_err(io)?;
    if !found.is_file() {
        return Err(NetworkError::Graph { file: file.to_owned(), reason: "it is not a file".into() });
    }
    if found.len() > MAX_BYTES {
        return Err(NetworkError::Graph { file: file.to_owned(), reason: "it is larger than 2 GB".into() });
    }
    std::fs::read(path).map_err(io)
}

/// SHA-256 in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
