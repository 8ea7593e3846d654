//! A network ready to segment: windows of a CT through its graphs.

use super::error::NetworkError;
use super::graph::{self, Graph};
use super::manifest::{self, Dropout, GraphFile, Manifest, TensorAxis};
use super::vote::Vote;
use super::windows::{self, Decision, Layer};
use coxa_anatomy::label_names::structures;
use coxa_anatomy::thresholds::AIR_BELOW_HU;
use coxa_imaging::{CtVolume, Grid, LabelMap, Volume, resample};
use ndarray::{Array3, ArrayView3};
use rayon::prelude::*;
use std::io::Read;
use std::path::Path;
use std::sync::Mutex;

/// More memory than this for the probabilities of one layer of windows is refused.
const MOST_LAYER_BYTES: u64 = 3 << 30;
/// More copies of a graph than this do not pay for their memory.
const MOST_THREADS: usize = 8;

/// A network ready to segment.
#[derive(Debug)]
pub struct Network {
    pub(super) manifest: Manifest,
    pub(super) axes: [TensorAxis; 3],
    /// Our id by class.
    pub(super) classes: Vec<Option<u8>>,
    /// Masks of Monte-Carlo dropout; none of a network that takes none.
    masks: Vec<Vec<f32>>,
    /// One session answers one window at a time.
    graphs: Mutex<Vec<Graph>>,
}

/// One graph with one mask.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member<'a> {
    graph: usize,
    mask: Option<&'a [f32]>,
}

/// A CT on the network's grid.
pub(super) struct Prepared {
    /// Along the patient's axes.
    pub(super) grid: Grid,
    /// CT numbers along the axes of the tensor.
    pub(super) tensor: Array3<f32>,
}

impl Network {
    /// Loads a manifest and the graphs that lie beside it.
    ///
    /// # Errors
    /// Where a file cannot be read, the manifest is wrong, a graph is not the one that the manifest means, or it cannot be run.
    pub fn load(path: &Path) -> Result<Network, NetworkError> {
        let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let mut text = String::new();
        std::fs::File::open(path)
            .and_then(|opened| opened.take(manifest::MAX_BYTES).read_to_string(&mut text))
            .map_err(|source| NetworkError::Io { file: file.clone(), reason: source.to_string() })?;
        let manifest = Manifest::from_toml(&text, &file)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Self::new(manifest, &file, |graph| Graph::read(folder, graph))
    }

    /// A network whose graphs `read` gives; `file` is the manifest's name in messages.
    pub(super) fn new(
        manifest: Manifest,
        file: &str,
        read: impl Fn(&GraphFile) -> Result<Vec<u8>, NetworkError>,
    ) -> Result<Network, NetworkError> {
        let threads = rayon::current_num_threads().min(MOST_THREADS);
        let graphs = manifest
            .graph
            .iter()
            .map(|graph| Graph::new(&read(graph)?, graph, &manifest, threads))
            .collect::<Result<Vec<_>, _>>()?;
        let refuse = |reason| NetworkError::Manifest { file: file.to_owned(), reason };
        if let Some(other) = graphs.iter().find(|graph| graph.classes() != graphs[0].classes()) {
            return Err(refuse(format!(
                "its graphs have {} and {} classes; members of an ensemble must have the same number",
                graphs[0].classes(),
                other.classes()
            )));
        }
        let axes = manifest.axes().map_err(refuse)?;
        let mut classes = manifest.classes().map_err(refuse)?;
        classes.resize(graphs.first().map_or(0, Graph::classes), None);
        let masks = manifest.dropout.as_ref().map(Dropout::masks).unwrap_or_default();
        Ok(Network { manifest, axes, classes, masks, graphs: Mutex::new(graphs) })
    }

    /// What the network says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Structure and uncertainty, 0 to 100, of every voxel of a CT.
    ///
    /// # Errors
    /// Where a graph cannot be run, or the CT is too large for its windows.
    pub fn label(
        &self,
        ct: &CtVolume,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<(LabelMap, Volume<u8>), NetworkError> {
        let ct_along_patient = resample::to_patient_axes(ct);
        let grid = resample::grid_with_spacing(&ct_along_patient.grid, self.spacing_mm());
        let Prepared { grid, tensor } = self.prepared(&ct_along_patient, grid);
        drop(ct_along_patient);
        let decision = self.decide(&tensor.view(), &self.members(), &[], progress)?;
        let vote = Vote { decision: &decision, grid: &grid, axes: self.axes, ids: &self.classes };
        let (labels, uncertainty) = vote.on(&ct.grid);
        let listed = |id: u8| self.classes.contains(&Some(id));
        let table = structures().into_iter().filter(|label| listed(label.id)).collect();
        Ok((LabelMap { volume: labels, table }, uncertainty))
    }

    /// All graphs with all masks.
    pub(super) fn members(&self) -> Vec<Member<'_>> {
        (0..self.manifest.graph.len())
            .flat_map(|graph| {
                let bare = self.masks.is_empty().then_some(Member { graph, mask: None });
                bare.into_iter().chain(self.masks.iter().map(move |mask| Member { graph, mask: Some(mask) }))
            })
            .collect()
    }

    /// Voxel size along the patient's axes, in mm.
    pub(super) fn spacing_mm(&self) -> [f64; 3] {
        let mut spacing = [0.0; 3];
        for (axis, mm) in self.axes.iter().zip(self.manifest.input.spacing_mm) {
            spacing[axis.patient] = mm;
        }
        spacing
    }

    /// The CT on a grid along the patient's axes.
    pub(super) fn prepared(&self, ct: &CtVolume, grid: Grid) -> Prepared {
        let voxels = resample::linear_smoothed(ct, &grid).map(|&hu| f32::from(hu)).voxels;
        // Volumes are stored with the head outermost: the patient's axis p is the array's axis 2 - p.
        let mut view = voxels.view().permuted_axes(self.axes.map(|axis| 2 - axis.patient));
        for (n, _) in self.axes.iter().enumerate().filter(|(_, axis)| axis.reversed) {
            view.invert_axis(ndarray::Axis(n));
        }
        Prepared { grid, tensor: view.to_owned() }
    }

    /// Runs all windows over a volume in the tensor's orientation, through members whose probabilities are averaged; those of the
    /// classes in `keep` are kept.
    pub(super) fn decide(
        &self,
        volume: &ArrayView3<'_, f32>,
        members: &[Member<'_>],
        keep: &[usize],
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Decision, NetworkError> {
        let (patch, overlap) = (self.manifest.input.patch, self.manifest.input.overlap);
        let dims = [volume.dim().0, volume.dim().1, volume.dim().2];
        let classes = self.classes.len();
        let needed = Layer::bytes(dims, patch, classes);
        if needed > MOST_LAYER_BYTES {
            return Err(NetworkError::Memory { needed_gb: needed as f64 / 1e9 });
        }
        let starts: [Vec<usize>; 3] =
            std::array::from_fn(|axis| windows::starts(dims[axis], patch[axis], overlap));
        let total = starts.iter().map(Vec::len).product();
        let plane: Vec<[usize; 2]> =
            starts[1].iter().flat_map(|&b| starts[2].iter().map(move |&c| [b, c])).collect();
        // A thread that panicked while it held the graphs left nothing half-done in them: they are only run.
        let mut graphs = self.graphs.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let share = 1.0 / members.len().max(1) as f32;
        let mut runners: Vec<Vec<_>> = graphs.iter_mut().map(Graph::runners).collect();
        let threads = runners.iter().map(Vec::len).min().unwrap_or(1);
        // One set of all graphs for each thread.
        let mut sets: Vec<Vec<_>> =
            (0..threads).map(|_| runners.iter_mut().filter_map(Vec::pop).collect()).collect();
        let normalisation = self.manifest.normalisation;
        let mut layer = Layer::new(dims, patch, classes, keep);
        let mut done = 0;
        for (n, &a) in starts[0].iter().enumerate() {
            for batch in plane.chunks(threads) {
                let said: Vec<Option<Vec<f32>>> = sets
                    .par_iter_mut()
                    .zip(batch)
                    .map(|(set, &[b, c])| {
                        let voxels = windows::window(volume, [a, b, c], patch, f32::from(i16::MIN));
                        // Air alone.
                        if voxels.iter().all(|&hu| hu < f32::from(AIR_BELOW_HU)) {
                            return Ok(None);
                        }
                        let input: Vec<f32> = voxels.iter().map(|&hu| normalisation.apply(hu)).collect();
                        let mut mean = vec![0.0; classes * input.len()];
                        for member in members {
                            let runner: &mut graph::Runner<'_> = &mut set[member.graph];
                            for (sum, value) in mean.iter_mut().zip(runner.run(input.clone(), member.mask)?) {
                                *sum += share * value;
                            }
                        }
                        Ok(Some(mean))
                    })
                    .collect::<Result<_, NetworkError>>()?;
                // In their order, so that sums do not depend on the number of threads.
                for (&[b, c], said) in batch.iter().zip(&said) {
                    layer.add([a, b, c], said.as_deref());
                }
                done += batch.len();
                progress(done, total);
            }
            layer.decide(starts[0].get(n + 1).copied().unwrap_or(dims[0]));
        }
        Ok(layer.finish())
    }
}
