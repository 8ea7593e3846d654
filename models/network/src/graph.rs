//! One graph of a segmentation network.

use super::error::NetworkError;
use super::manifest::{Activation, GraphFile, MOST_CLASSES, Manifest};
use super::session::{self, shape};
use ort::session::Session;
use ort::value::Tensor;
use std::path::Path;

/// A graph ready to run, once for each thread.
#[derive(Debug)]
pub(super) struct Graph {
    /// Name of the file, for messages.
    file: String,
    sessions: Vec<Session>,
    patch: [usize; 3],
    classes: usize,
    activation: Activation,
}

impl Graph {
    /// Reads a graph that lies in the manifest's folder.
    pub(super) fn read(folder: &Path, graph: &GraphFile) -> Result<Vec<u8>, NetworkError> {
        session::read(&folder.join(&graph.file), &graph.file)
    }

    /// A graph of these bytes, for use on so many threads.
    pub(super) fn new(
        bytes: &[u8],
        graph: &GraphFile,
        manifest: &Manifest,
        threads: usize,
    ) -> Result<Graph, NetworkError> {
        let file = graph.file.clone();
        let refuse = |reason: String| NetworkError::Graph { file: file.clone(), reason };
        let sessions = session::sessions(bytes, &file, &graph.sha256, threads)?;
        let patch = manifest.input.patch;
        let (inputs, outputs) = sessions.first().map(|s| (s.inputs(), s.outputs())).unwrap_or_default();
        let ([input, masks @ ..], [output]) = (inputs, outputs) else {
            return Err(refuse(format!(
                "it has {} inputs and {} outputs; it must have one input for the CT, those that [dropout] asks for, and one output",
                inputs.len(),
                outputs.len()
            )));
        };
        let wanted: Vec<Vec<i64>> =
            manifest.dropout.iter().map(|dropout| vec![1, dropout.channels as i64]).collect();
        let found: Vec<Vec<i64>> = masks.iter().map(|mask| shape(mask.dtype())).collect();
        if found != wanted {
            return Err(refuse(format!(
                "after the CT its inputs have the shapes {found:?}, but [dropout] of the manifest asks for {wanted:?}"
            )));
        }
        let wanted: Vec<i64> = [1, 1].into_iter().chain(patch.map(|n| n as i64)).collect();
        let found = shape(input.dtype());
        if found != wanted {
            return Err(refuse(format!(
                "its input has the shape {found:?}, but the manifest says {wanted:?}; export the graph with the shape of the manifest; -1 \
                 stands for a size that is not fixed"
            )));
        }
        let found = shape(output.dtype());
        let classes = match found[..] {
            [1, classes, a, b, c] if [a, b, c] == patch.map(|n| n as i64) => usize::try_from(classes).ok(),
            _ => None,
        };
        let listed = manifest.classes().map_err(&refuse)?.len();
        let Some(classes) = classes.filter(|n| (listed.max(2)..=MOST_CLASSES).contains(n)) else {
            return Err(refuse(format!(
                "its output has the shape {found:?}; it must be 1 x classes x patch with at least the {listed} classes of the \
                 manifest, the background among them"
            )));
        };
        Ok(Graph { file, sessions, patch, classes, activation: manifest.activation })
    }

    /// Classes that it tells apart, the background among them.
    pub(super) fn classes(&self) -> usize {
        self.classes
    }

    /// One runner for each thread.
    pub(super) fn runners(&mut self) -> Vec<Runner<'_>> {
        let Graph { file, sessions, patch, activation, classes } = self;
        sessions
            .iter_mut()
            .map(|session| Runner {
                file,
                session,
                patch: *patch,
                activation: *activation,
                classes: *classes,
            })
            .collect()
    }
}

/// A graph on one thread.
pub(super) struct Runner<'a> {
    file: &'a str,
    session: &'a mut Session,
    patch: [usize; 3],
    activation: Activation,
    classes: usize,
}

impl Runner<'_> {
    /// Probabilities of a window, class by class, each in the order of the window.
    pub(super) fn run(&mut self, window: Vec<f32>, mask: Option<&[f32]>) -> Result<Vec<f32>, NetworkError> {
        let failed = |error: ort::Error| NetworkError::Graph {
            file: self.file.to_owned(),
            reason: format!("it could not be run: {error}"),
        };
        let [a, b, c] = self.patch;
        let input = Tensor::from_array(([1, 1, a, b, c], window.into_boxed_slice())).map_err(failed)?;
        let outputs = match mask {
            Some(mask) => {
                let mask = Tensor::from_array(([1, mask.len()], mask.to_vec())).map_err(failed)?;
                self.session.run(ort::inputs![input, mask])
            }
            None => self.session.run(ort::inputs![input]),
        }
        .map_err(failed)?;
        let (_, values) = outputs[0].try_extract_tensor::<f32>().map_err(failed)?;
        if values.len() != self.classes * a * b * c {
            return Err(NetworkError::Graph {
                file: self.file.to_owned(),
                reason: format!("it returned {} values, which does not fit its output shape", values.len()),
            });
        }
        let mut values = values.to_vec();
        if self.activation == Activation::Logits {
            softmax(&mut values, self.classes);
        }
        Ok(values)
    }
}

/// Voxels whose classes are taken together, so that values are read in the order in which they lie in memory.
const TOGETHER: usize = 1024;

/// Softmax over the classes, which are the outermost axis. What is not finite counts as nothing known: all classes alike.
fn softmax(values: &mut [f32], classes: usize) {
    let voxels = values.len() / classes.max(1);
    let (mut most, mut sums) = ([0.0f32; TOGETHER], [0.0f32; TOGETHER]);
    for first in (0..voxels).step_by(TOGETHER) {
        let count = TOGETHER.min(voxels - first);
        let of = |class: usize| class * voxels + first..class * voxels + first + count;
        most[..count].fill(f32::NEG_INFINITY);
        sums[..count].fill(0.0);
        for class in 0..classes {
            most.iter_mut().zip(&values[of(class)]).for_each(|(most, value)| *most = most.max(*value));
        }
        for class in 0..classes {
            for ((value, most), sum) in values[of(class)].iter_mut().zip(&most).zip(&mut sums) {
                *value = (*value - most).exp();
                *sum += *value;
            }
        }
        for class in 0..classes {
            for (value, sum) in values[of(class)].iter_mut().zip(&sums) {
                let share = *value / sum;
                *value = if share.is_finite() { share } else { 1.0 / classes as f32 };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softmax_of_many_voxels_is_that_of_each() {
        let (classes, voxels) = (3, 2 * TOGETHER + 452);
        let value = |class: usize, voxel: usize| ((class * 7 + voxel * 13) % 29) as f32 / 5.0;
        let mut values: Vec<f32> =
            (0..classes).flat_map(|class| (0..voxels).map(move |voxel| value(class, voxel))).collect();
        softmax(&mut values, classes);
        for voxel in 0..voxels {
            let sum: f32 = (0..classes).map(|class| value(class, voxel).exp()).sum();
            for class in 0..classes {
                let found = values[class * voxels + voxel];
                assert!((found - value(class, voxel).exp() / sum).abs() < 1e-6, "{class} {voxel}");
            }
        }
    }

    #[test]
    fn softmax_sums_to_one_and_survives_what_is_not_finite() {
        let mut values = vec![0.0, f32::NAN, 1e30, 0.0, 1.0, -1e30];
        softmax(&mut values, 2);
        assert_eq!(values[..2], [0.5, 0.5]);
        assert_eq!((values[2], values[5]), (1.0, 0.0));
        for voxel in 0..3 {
            assert!((values[voxel] + values[voxel + 3] - 1.0).abs() < 1e-6);
        }
    }
}
