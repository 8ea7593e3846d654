//! CT to labels.

use super::held::{Labels, MUSCLES, RESTS_ON_LABELS, Stages};
use super::surfaces::save_surfaces;
use crate::folder::{Ingredients, Stage, Standing, read_labels, read_trust};
use crate::input;
use crate::source::Source;
use anyhow::{Context, Result};
use coxa_anatomy::BoneSurfaces;
use coxa_anatomy::label_names::{self, Mapping};
use coxa_geometry::finding::{Code, Subject};
use coxa_geometry::{Finding, Severity};
use coxa_imaging::{CtVolume, LabelMap, Volume, nifti};
use coxa_measure::{complete, measure, surfaces};
use coxa_network::Network;
use coxa_planner::placement::{self, PlanningInput};
use coxa_segment::muscles::MuscleAtlas;
use coxa_segment::muscles::{Finders, FoundMuscles, add_muscles};
use coxa_segment::{Segmentation, Segmenter, ThresholdSegmenter};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Labels from one of their sources, before muscles are looked for.
struct Segmented {
    labels: LabelMap,
    uncertainty: Option<Volume<u8>>,
    without_streaks: Option<CtVolume>,
    findings: Vec<Finding>,
}

/// Where a file of the request lies.
fn path_of(source: &Option<Source>) -> Option<PathBuf> {
    source.as_ref().and_then(|source| source.path.clone())
}

impl Stages<'_> {
    /// Sees to it that labels stand.
    ///
    /// # Errors
    /// A CT, labels or a network that cannot be used.
    pub fn make_labels(&mut self) -> Result<()> {
        if !self.is_new(Stage::Labels) {
            return Ok(());
        }
        // What reading had to say is not believed where somebody changed it.
        let read_from = self.of_scan_ingredients();
        if self.case.standing(Stage::Ct, &read_from)? != Standing::Stands {
            self.ct()?;
        }
        let mut from = self.label_ingredients();
        if self.take_up_edited_labels(&from)? {
            self.seen.insert(Stage::Labels);
            return Ok(());
        }
        // Labels without muscles stand for the plan that was refused, and for no other.
        let left_out =
            self.case.request().side.map(|side| format!("left out, because the {side} hip is refused"));
        let has_none =
            self.case.done(Stage::Labels).and_then(|done| done.from.get(MUSCLES)) == left_out.as_ref();
        if let (true, Some(left_out)) = (has_none, &left_out) {
            from = from.with(MUSCLES, left_out);
        }
        if self.stands(Stage::Labels, &from)? {
            return Ok(());
        }
        let mut from = self.label_ingredients();
        let ct = self.ct()?;
        // What is wrong with a calibration is said before long work.
        input::calibration(None, self.case.request().calibration.as_ref())?.0.calibrate(&ct)?;
        let Segmented { mut labels, mut uncertainty, without_streaks, mut findings } = self.segmented(&ct)?;
        let bones = self.progress.stage("making surfaces", |_| surfaces::bone_surfaces(&ct, &labels));
        // Other programs' labels say themselves which muscles there are.
        let mut trust = Vec::new();
        let request = self.case.request();
        let has_own = request.labels.is_none() && request.network.is_none();
        let is_refused = has_own && self.is_refused(&ct, &labels, &bones, &findings);
        if let (true, Some(left_out)) = (is_refused, left_out) {
            from = from.with(MUSCLES, left_out);
        }
        if has_own && !is_refused {
            let seen = without_streaks.as_ref().unwrap_or(&ct);
            let found = self.with_muscles(seen, &mut labels, uncertainty.as_mut(), &bones)?;
            findings.extend(found.findings);
            trust = found.trust;
        }
        self.case.begin(Stage::Labels);
        for stage in RESTS_ON_LABELS {
            self.case.discard(stage)?;
        }
        self.case.put_with("labels.nii.gz", |path| Ok(nifti::write_labels(&labels.volume, path)?))?;
        self.case.put_json("labels.json", &labels.table)?;
        if let Some(uncertainty) = &uncertainty {
            self.case.put_with("uncertainty.nii.gz", |path| Ok(nifti::write_labels(uncertainty, path)?))?;
        }
        if !trust.is_empty() {
            self.case.put_json("muscles.json", &trust)?;
        }
        self.case.finish(Stage::Labels, from, Some(&findings))?;
        save_surfaces(self.case, &bones)?;
        (self.labels, self.surfaces) = (Some(Arc::new(Labels { map: labels, trust })), Some(Arc::new(bones)));
        Ok(())
    }

    /// Adds muscles to labels of bones.
    fn with_muscles(
        &self,
        ct: &CtVolume,
        labels: &mut LabelMap,
        uncertainty: Option<&mut Volume<u8>>,
        bones: &BoneSurfaces,
    ) -> Result<FoundMuscles> {
        let request = self.case.request();
        let atlas = path_of(&request.muscle_atlas).map(|file| MuscleAtlas::read(&file)).transpose()?;
        let network = match path_of(&request.muscle_network) {
            Some(manifest) => Network::load(&manifest)?,
            None => Network::muscles()?,
        };
        let by = Finders { atlas: atlas.as_ref(), network: Some(&network) };
        Ok(self
            .progress
            .stage("finding muscles", |tick| add_muscles(ct, labels, uncertainty, bones, by, tick)))
    }

    /// Whether what is asked for is refused whatever the muscles are like: nobody waits for those. A scan that shows no hip, or lies otherwise
    /// than it says; a hip whose plan is refused, which is looked into where something already speaks against it.
    fn is_refused(
        &self,
        ct: &CtVolume,
        labels: &LabelMap,
        bones: &BoneSurfaces,
        findings: &[Finding],
    ) -> bool {
        if findings.iter().any(|f| f.severity == Severity::Refusal && f.about == Subject::Scan) {
            return true;
        }
        let speaks_against = |f: &Finding| {
            let codes = [
                Code::BoneCutOff,
                Code::HipMissing,
                Code::HeadNotFound,
                Code::MetalAtJoint,
                Code::MetalInFemur,
            ];
            codes.contains(&f.code)
        };
        let request = self.case.request();
        let Some(side) = request.side.filter(|_| findings.iter().any(speaks_against)) else { return false };
        self.progress.stage("judging bones", |_| {
            let mut anatomy = measure(bones, Some((ct, labels)));
            complete(&mut anatomy, bones, Some(ct));
            let options = request.options.clone().unwrap_or_default();
            let input = PlanningInput {
                grid: &ct.grid,
                labels,
                surfaces: bones,
                anatomy: &anatomy,
                findings,
                side,
                options,
            };
            placement::refusal(&input).is_some()
        })
    }

    /// The labels.
    ///
    /// # Errors
    /// As [`Stages::make_labels`], and files that cannot be read.
    pub fn labels(&mut self) -> Result<Arc<Labels>> {
        self.make_labels()?;
        if self.labels.is_none() {
            let folder = self.case.folder().to_owned();
            let mut map = self.progress.stage("reading labels", |_| read_labels(&folder))?;
            // NIfTI keeps fewer digits of the grid than the record.
            map.volume.grid = self.grid()?;
            self.labels = Some(Arc::new(Labels { map, trust: read_trust(&folder)? }));
        }
        self.labels.clone().context("there are no labels")
    }

    fn label_ingredients(&self) -> Ingredients {
        let request = self.case.request();
        let from = self.of_scan_ingredients();
        match (&request.labels, &request.network) {
            (Some(labels), _) => {
                let from = from.with("segmenter", "given").with("labels file", &*labels.blake3);
                match &request.label_mapping {
                    Some(mapping) => from.with("label mapping", &*mapping.blake3),
                    None => from,
                }
            }
            (None, Some(network)) => from.with("segmenter", "network").with("network", &*network.blake3),
            (None, None) => {
                let given =
                    [("muscle atlas", &request.muscle_atlas), ("muscle network", &request.muscle_network)];
                let named = given.into_iter().filter_map(|(name, source)| Some((name, source.as_ref()?)));
                named.fold(from.with("segmenter", "own"), |from, (name, source)| {
                    from.with(name, &*source.blake3)
                })
            }
        }
    }

    fn segmented(&mut self, ct: &CtVolume) -> Result<Segmented> {
        let request = self.case.request();
        let (labels, mapping, network) =
            (path_of(&request.labels), path_of(&request.label_mapping), path_of(&request.network));
        if let Some(file) = labels {
            return self.given(ct, &file, mapping.as_deref());
        }
        let network = network.map(|manifest| Network::load(&manifest)).transpose()?;
        let own = ThresholdSegmenter::default();
        let segmenter: &dyn Segmenter = match &network {
            Some(network) => network,
            None => &own,
        };
        let found = self.progress.stage("finding bones", |tick| segmenter.segment(ct, tick))?;
        let Segmentation { labels, uncertainty, without_streaks, findings, metal: _ } = found;
        Ok(Segmented { labels, uncertainty: Some(uncertainty), without_streaks, findings })
    }

    /// Labels of another program, whose notes belong to those of reading.
    fn given(&mut self, ct: &CtVolume, file: &Path, mapping: Option<&Path>) -> Result<Segmented> {
        let mapping = match mapping {
            Some(mapping) => Mapping::from_file(mapping)?,
            None => Mapping::default(),
        };
        let (labels, said) = label_names::import_file(file, ct, &mapping)?;
        if !said.is_empty() {
            let from = self.of_scan_ingredients();
            let mut notes = self.case.findings(Stage::Ct).to_vec();
            notes.extend(said.into_iter().filter(|note| !self.case.findings(Stage::Ct).contains(note)));
            self.case.set_scan(from, &ct.grid, &notes)?;
        }
        let (_, findings) = coxa_segment::judge_given(ct, &labels);
        Ok(Segmented { labels, uncertainty: None, without_streaks: None, findings })
    }
}
