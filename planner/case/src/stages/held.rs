//! The stages of an open case, with what of them is in memory.

use crate::failure::message;
use crate::folder::{Case, Ingredients, Stage, Standing};
use crate::input::{self, ReadAs, Scan};
use crate::progress::Progress;
use crate::request::Request;
use anyhow::{Context, Result, anyhow};
use coxa_anatomy::muscle::MuscleTrust;
use coxa_anatomy::{BoneSurfaces, HipAnatomy};
use coxa_geometry::{Finding, Side};
use coxa_imaging::{CtVolume, Grid, LabelMap};
use coxa_locale::Language;
use coxa_planner::implants::Catalogue;
use coxa_planner::loads::{Loads, OwnMotion};
use coxa_planner::optimise::Optimisation;
use coxa_planner::placement::{PlanOptions, PlanningInput};
use coxa_planner::{Planned, Simulated};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// Under which name it is recorded that muscles were left out.
pub(super) const MUSCLES: &str = "muscles";

/// Bones that change make these untrue; what a person wrote stays.
pub(super) const RESTS_ON_LABELS: [Stage; 6] = [
    Stage::Report,
    Stage::RangeOfMotion,
    Stage::Loads,
    Stage::Evaluation,
    Stage::Optimisation,
    Stage::Anatomy,
];

/// The structures of a scan.
pub struct Labels {
    /// The label map, on the grid of the CT.
    pub map: LabelMap,
    /// How far the labels of muscles are to be trusted, of our own ones.
    pub trust: Vec<MuscleTrust>,
}

/// The stages of an open case, with what of them is in memory.
pub struct Stages<'a> {
    pub(super) case: &'a mut Case,
    pub(super) progress: &'a dyn Progress,
    pub(super) language: Language,
    pub(super) catalogue: Catalogue,
    /// Stages that were looked at: they stand, or were made.
    pub(super) seen: BTreeSet<Stage>,
    pub(super) ct: Option<Arc<CtVolume>>,
    pub(super) labels: Option<Arc<Labels>>,
    pub(super) surfaces: Option<Arc<BoneSurfaces>>,
    pub(super) anatomy: Option<Arc<HipAnatomy>>,
    pub(super) planned: Option<Arc<Planned>>,
    pub(super) simulated: Option<Arc<Simulated>>,
    pub(super) loads: Option<Arc<Loads>>,
    pub(super) optimisation: Option<Arc<Optimisation>>,
    pub(super) motion: Option<OwnMotion>,
}

impl<'a> Stages<'a> {
    /// The stages of a case whose CT is in memory.
    ///
    /// # Errors
    /// Another CT than the case's, implants that cannot be used.
    pub fn of_scan(case: &'a mut Case, scan: Scan, progress: &'a dyn Progress) -> Result<Self> {
        scan.refuse_other(case.request())?;
        let mut stages = Stages::new(case, None, progress)?;
        stages.take_ct(scan)?;
        Ok(stages)
    }

    /// The stages of a case that is there; with implants where they are named anew.
    ///
    /// # Errors
    /// Implants, labels or a calibration that changed since and were not named anew, and what of them cannot be used.
    pub fn of_case(case: &'a mut Case, implants: Option<&Path>, progress: &'a dyn Progress) -> Result<Self> {
        ReadAs::default().apply(case.request_mut())?;
        let request = case.request_mut();
        // Activities that a case of an earlier version names go by their names of today. Names that no activity has are told where they are run.
        let of_motion = request.simulation.as_mut().and_then(|motion| motion.update_names().ok());
        let of_loads = request.loads.as_mut().and_then(|loads| loads.update_names().ok());
        for line in of_motion.into_iter().chain(of_loads).flatten() {
            progress.note(&line);
        }
        Stages::new(case, implants, progress)
    }

    fn new(case: &'a mut Case, implants: Option<&Path>, progress: &'a dyn Progress) -> Result<Self> {
        let (catalogue, source) = input::catalogue(implants, case.request().implants.as_ref())?;
        case.request_mut().implants = source;
        input::calibration(None, case.request().calibration.as_ref())?;
        case.take_notes().iter().for_each(|note| progress.note(note));
        Ok(Stages {
            case,
            progress,
            language: Language::English,
            catalogue,
            seen: BTreeSet::new(),
            ct: None,
            labels: None,
            surfaces: None,
            anatomy: None,
            planned: None,
            simulated: None,
            loads: None,
            optimisation: None,
            motion: None,
        })
    }

    /// The language of the report that is made next. A case does not keep it: without this it is English.
    pub fn speak(&mut self, language: Language) {
        self.language = language;
    }

    /// The open case.
    pub fn case(&self) -> &Case {
        self.case
    }

    /// What is asked; what is changed counts for the stages that are asked for next.
    pub fn request_mut(&mut self) -> &mut Request {
        self.case.request_mut()
    }

    /// Keeps what is asked where nothing had to be made for it.
    ///
    /// # Errors
    /// A record that cannot be written.
    pub fn keep_request(&mut self) -> Result<()> {
        self.case.save_record()?;
        self.case.say_gone();
        self.say_notes();
        Ok(())
    }

    /// Tells what the case has to say.
    fn say_notes(&mut self) {
        self.case.take_notes().iter().for_each(|note| self.progress.note(note));
    }

    /// Implants there are.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// A motion of the user's own among the loads, which is in memory already.
    pub fn set_motion(&mut self, motion: Option<OwnMotion>) {
        self.motion = motion;
    }

    /// The side that is planned.
    ///
    /// # Errors
    /// A case of which only bones were asked.
    pub fn side(&self) -> Result<Side> {
        self.case
            .request()
            .side
            .context("this case was only segmented; plan it first: coxa plan CT --side SIDE -o CASE")
    }

    /// The CT, read when a stage first needs its voxels.
    ///
    /// # Errors
    /// A CT that is gone, or another.
    pub fn ct(&mut self) -> Result<Arc<CtVolume>> {
        if self.ct.is_none() {
            let scan = Scan::again(self.case.request(), self.progress)?;
            self.take_ct(scan)?;
        }
        self.ct.clone().context("there is no CT")
    }

    fn take_ct(&mut self, scan: Scan) -> Result<()> {
        let from = Ingredients::default().with("voxels", &*scan.source.blake3);
        if self.case.standing(Stage::Ct, &from)? != Standing::Stands || self.case.record().grid.is_none() {
            self.case.set_scan(from, &scan.ct.grid, &scan.notes)?;
        }
        self.ct = Some(scan.ct);
        Ok(())
    }

    /// The grid of the CT, as the record keeps it.
    ///
    /// # Errors
    /// A CT that has to be read and cannot be.
    pub fn grid(&mut self) -> Result<Grid> {
        if self.case.record().grid.is_none() {
            self.ct()?;
        }
        self.case.record().grid.clone().context("the grid of the CT is not known")
    }

    /// Whether a stage stands; where it was made from something else that is said in a line.
    pub(super) fn stands(&mut self, stage: Stage, from: &Ingredients) -> Result<bool> {
        self.say_notes();
        let standing = self.case.standing(stage, from)?;
        self.seen.insert(stage);
        if let Standing::Differs(why) = &standing {
            self.progress.note(&format!("{stage}: rebuilt ({why})"));
        }
        Ok(standing == Standing::Stands)
    }

    /// Whether a stage has not been looked at yet.
    pub(super) fn is_new(&self, stage: Stage) -> bool {
        !self.seen.contains(&stage)
    }

    /// What everything in the scan rests on.
    pub(super) fn of_scan_ingredients(&self) -> Ingredients {
        Ingredients::default().with("voxels", &*self.case.request().ct.blake3)
    }

    /// All that planning looks at.
    ///
    /// # Errors
    /// What cannot be read or made.
    pub fn hip(&mut self) -> Result<Hip> {
        let (labels, surfaces, anatomy) = (self.labels()?, self.surfaces()?, self.anatomy()?);
        Ok(Hip {
            grid: self.grid()?,
            labels,
            surfaces,
            anatomy,
            findings: self.findings_of(&[Stage::Ct, Stage::Labels, Stage::Anatomy]),
            side: self.side()?,
            options: self.case.request().options.clone().unwrap_or_default(),
        })
    }

    /// Whether the case holds a plan that is carried out.
    pub fn is_planned(&self) -> bool {
        self.case.done(Stage::Planned).is_some_and(|done| !done.files.is_empty())
    }

    /// What reading and segmenting found, and measuring where that was asked for.
    pub fn findings_of_scan(&self, is_measured: bool) -> Vec<Finding> {
        let stages = [Stage::Ct, Stage::Labels, Stage::Anatomy];
        self.findings_of(&stages[..if is_measured { 3 } else { 2 }])
    }

    /// Findings of all that the case holds, worst first.
    pub fn findings(&self) -> Vec<Finding> {
        let plan = if self.case.done(Stage::Planned).is_some() { Stage::Planned } else { Stage::Plan };
        let stages = [
            Stage::Ct,
            Stage::Labels,
            Stage::Anatomy,
            plan,
            Stage::Optimisation,
            Stage::RangeOfMotion,
            Stage::Loads,
        ];
        let mut findings = self.findings_of(&stages);
        findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
        findings.dedup();
        findings
    }

    /// Findings of some stages, in their order.
    pub(super) fn findings_of(&self, stages: &[Stage]) -> Vec<Finding> {
        stages.iter().flat_map(|stage| self.case.findings(*stage)).cloned().collect()
    }
}

/// A hip in its scan, as planning needs it.
pub struct Hip {
    grid: Grid,
    labels: Arc<Labels>,
    surfaces: Arc<BoneSurfaces>,
    anatomy: Arc<HipAnatomy>,
    findings: Vec<Finding>,
    side: Side,
    options: PlanOptions,
}

impl Hip {
    /// What planning looks at.
    pub fn planning(&self) -> PlanningInput<'_> {
        PlanningInput {
            grid: &self.grid,
            labels: &self.labels.map,
            surfaces: &self.surfaces,
            anatomy: &self.anatomy,
            findings: &self.findings,
            side: self.side,
            options: self.options.clone(),
        }
    }
}

/// What a file of the case is damaged by, where its hash was right: a newer form, for instance.
pub(super) fn unreadable(error: &anyhow::Error, file: &str) -> anyhow::Error {
    anyhow!("{file} of this case cannot be used: {}", message(error))
}
