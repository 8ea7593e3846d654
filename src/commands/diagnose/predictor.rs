//! What predicts: a run of `coxa diagnose train`, or a module with networks of its own.

use super::module;
use anyhow::{Result, bail};
use coxa_case::progress::Progress;
use coxa_diagnosis::manifest::{ExplainMethod, Manifest, Output};
use coxa_diagnosis::run::{ModuleRun, is_complete};
use coxa_diagnosis::training::FittedOutput;
use coxa_diagnosis::{Applied, Explained, ImagePrediction, Prepared, WorkflowError, apply, predict_images};
use std::path::{Path, PathBuf};

/// A module and what it predicts with.
pub(super) struct Predictor {
    pub(super) manifest: Manifest,
    /// The manifest as it is written.
    pub(super) text: String,
    pub(super) folder: PathBuf,
    /// The run in which it was trained, where that was one of this program.
    pub(super) run: Option<ModuleRun>,
}

impl Predictor {
    /// The run in a folder, or the module of this name or folder; [`Predictor::has_weights`] says whether it can predict.
    pub(super) fn named(name: &str) -> Result<Predictor> {
        let folder = Path::new(name);
        let (manifest, text, run) = if is_complete(folder) {
            let (manifest, run) = module::trained(folder)?;
            (manifest, run.manifest.clone(), Some(run))
        } else {
            let named = module::named(name)?;
            module::filled_in(folder, &named.text)?;
            (named.manifest, named.text, None)
        };
        if manifest.outputs.is_empty() {
            bail!("{} is an association module and makes no predictions", manifest.name);
        }
        Ok(Predictor { manifest, text, folder: folder.to_owned(), run })
    }

    /// Whether it can predict.
    pub(super) fn has_weights(&self) -> bool {
        self.run.is_some() || !self.manifest.graphs.is_empty()
    }

    /// What was fitted in training, by output; nothing of networks that came without a run.
    pub(super) fn fitted(&self) -> &[FittedOutput] {
        self.run.as_ref().map_or(&[][..], |run| &run.models)
    }

    /// Values of the thresholds that were set in training; nothing of networks that came without a run.
    pub(super) fn thresholds(&self, output: &Output) -> &[(String, f64)] {
        let fitted = self.fitted().iter().find(|fitted| fitted.output == output.id);
        fitted.map_or(&[][..], |fitted| &fitted.thresholds)
    }

    /// Predicts each output of all cases, and explains that by a method; `explained` is given the explanations of images.
    pub(super) fn predict(
        &self,
        prepared: &Prepared,
        images: &Path,
        explain: Option<ExplainMethod>,
        explained: &mut dyn FnMut(Explained),
        progress: &dyn Progress,
    ) -> Result<Vec<Applied>, WorkflowError> {
        let Predictor { manifest, folder, run, .. } = self;
        if let (true, Some(run)) = (manifest.graphs.is_empty(), run) {
            if !matches!(explain, None | Some(ExplainMethod::Shapley)) {
                return Err(WorkflowError::Explain("the module has no network: take --explain shapley"));
            }
            return apply(manifest, run, prepared, explain.is_some());
        }
        if explain == Some(ExplainMethod::Shapley) {
            return Err(WorkflowError::Explain("the module is a network: take --explain cam or occlusion"));
        }
        let asked = ImagePrediction { manifest, folder, images, fitted: self.fitted(), explain };
        let (running, count) = (progress.begin("predicting from images"), prepared.cases.len());
        let mut done = |case: usize| {
            running.tell((case + 1) as f64 / count as f64, &format!("{} of {count}", case + 1));
        };
        predict_images(&asked, prepared, explained, &mut done)
    }
}
