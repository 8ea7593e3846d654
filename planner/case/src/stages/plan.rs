//! Anatomy to a plan: by rule, or as a person wrote it.

use super::held::Stages;
use crate::bounded::read_text;
use crate::failure::message;
use crate::folder::{Ingredients, PLAN_FILE, Stage};
use crate::source::text_hash;
use anyhow::{Result, bail};
use coxa_geometry::{Finding, Side};
use coxa_planner::document::DocumentError;
use coxa_planner::implants::Catalogue;
use coxa_planner::placement::{self, Refusal};
use coxa_planner::{Plan, Targets, document};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A plan is a page.
const MOST_BYTES: u64 = 1 << 20;

/// A plan as the user wrote it.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenPlan {
    /// What it says.
    pub plan: Plan,
    /// Its words, which stay the user's own.
    pub text: String,
}

impl GivenPlan {
    /// Reads a plan document; `of_case` is the side of the case in which it lies.
    ///
    /// # Errors
    /// A document that cannot be carried out, or plans the other hip.
    pub fn read(path: &Path, catalogue: &Catalogue, of_case: Option<Side>) -> Result<Self, UnusablePlan> {
        let text = read_text(path, MOST_BYTES).map_err(|e| UnusablePlan::Unreadable(message(&e)))?;
        let plan = document::from_toml(&text, catalogue)
            .map_err(|source| UnusablePlan::Document { path: path.to_owned(), source: Box::new(source) })?;
        match of_case {
            Some(side) if side != plan.side => {
                Err(UnusablePlan::OtherSide { path: path.to_owned(), planned: plan.side, side })
            }
            _ => Ok(GivenPlan { plan, text }),
        }
    }
}

/// Why a plan document cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum UnusablePlan {
    /// The file cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// It is no plan that the catalogue has parts for.
    #[error("{} cannot be carried out", .path.display())]
    Document {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its line.
        source: Box<DocumentError>,
    },
    /// It plans the other hip.
    #[error(
        "{} plans the {planned} hip, but its case is of the {side} hip; set side = \"{side}\", or plan the other hip \
         into a case of its own", .path.display()
    )]
    OtherSide {
        /// The file.
        path: PathBuf,
        /// What it plans.
        planned: Side,
        /// That of the case.
        side: Side,
    },
}

impl UnusablePlan {
    /// The reason without the file, which whoever shows it names.
    pub fn reason(&self) -> String {
        match self {
            UnusablePlan::Unreadable(text) => text.clone(),
            UnusablePlan::Document { source, .. } => source.to_string(),
            UnusablePlan::OtherSide { planned, side, .. } => {
                format!("it plans the {planned} hip, but the case is of the {side} hip")
            }
        }
    }
}

impl Stages<'_> {
    /// Places components by rule, unless that is what the case holds.
    ///
    /// # Errors
    /// A plan that a person edited and nobody carried out: it would be lost. What cannot be read or made.
    pub fn place(&mut self) -> Result<()> {
        self.case.refuse_to_lose_edits(None)?;
        self.make_anatomy()?;
        let options = self.case.request().options.clone().unwrap_or_default();
        let from = self.planning_ingredients()?.with_value("options", &options)?.with("placed", "by rule");
        if self.stands(Stage::Plan, &from)? {
            return Ok(());
        }
        let hip = self.hip()?;
        let placed = self.progress.stage("planning", |_| placement::place(&hip.planning(), &self.catalogue));
        match placed {
            Ok(planned) => {
                let text = document::to_toml(&planned.plan);
                self.planned = Some(Arc::new(planned));
                self.write_plan(&text, from)
            }
            Err(Refusal { findings }) => self.refuse_plan(&findings, from),
        }
    }

    /// Takes a plan in its author's own words for that of the case.
    ///
    /// # Errors
    /// Another edited plan in the case, which would be lost.
    pub fn take_plan(&mut self, given: &GivenPlan) -> Result<()> {
        self.case.refuse_to_lose_edits(Some(&given.text))?;
        let hash = text_hash(&given.text);
        let done = self.case.done(Stage::Plan).and_then(|done| done.files.get(PLAN_FILE)).cloned();
        let on_disk = std::fs::read_to_string(self.case.folder().join(PLAN_FILE)).ok();
        if done.as_ref() == Some(&hash) && on_disk.as_deref() == Some(given.text.as_str()) {
            return Ok(());
        }
        self.say_idle_targets(&given.plan);
        let from = Ingredients::default().with("given", hash);
        if on_disk.as_deref() != Some(given.text.as_str()) {
            return self.write_plan(&given.text, from);
        }
        // It stands where its author wrote it; what was computed of the one before is older from now on.
        if done.is_some() {
            self.progress.note(&format!(
                "{PLAN_FILE}: edited by hand, and used; results based on the plan are rebuilt"
            ));
        }
        self.case.begin(Stage::Plan);
        self.case.put_plan(&given.text)?;
        self.case.finish(Stage::Plan, from, None)
    }

    /// Says so where aims were changed: who edits them expects the implants to move.
    fn say_idle_targets(&self, given: &Plan) {
        let before =
            self.case.carried_out().and_then(|text| document::from_toml(&text, &self.catalogue).ok());
        let Some(before) = before.map(|plan| plan.targets) else { return };
        // How the pelvis stands and the spine bends is no aim: readings in the standing pelvis follow it.
        let Targets { standing_tilt_deg, spine, .. } = given.targets.clone();
        if (Targets { standing_tilt_deg, spine, ..before }) != given.targets {
            let folder = self.case.folder().display();
            self.progress.note(&format!(
                "{PLAN_FILE}: [targets] was edited, which moves no implant. Edit [cup], [head] and [stem] instead, or place the implants again: coxa plan CT --side SIDE -o {folder} with options such as --inclination"
            ));
        }
    }

    /// Keeps to the plan of the case, edited or not; a case whose plan was refused is asked the same again.
    ///
    /// # Errors
    /// As [`GivenPlan::read`] and [`Stages::place`].
    pub fn keep_plan(&mut self) -> Result<()> {
        match self.plan_of_case()? {
            Some(given) => self.take_plan(&given),
            // Who removed it may have lost it: another one is not put in its place unasked.
            None if self.case.done(Stage::Plan).is_some_and(|done| done.files.contains_key(PLAN_FILE)) => {
                let folder = self.case.folder().display();
                bail!(
                    "{PLAN_FILE} is missing from {folder}: coxa undo {folder} restores it, coxa plan CT --side SIDE -o {folder} makes a new plan"
                )
            }
            None => self.place(),
        }
    }

    /// The plan of the case; `None` where it was refused.
    ///
    /// # Errors
    /// As [`GivenPlan::read`].
    pub fn plan_of_case(&self) -> Result<Option<GivenPlan>> {
        let path = self.case.folder().join(PLAN_FILE);
        if !path.exists() {
            return Ok(None);
        }
        Ok(Some(GivenPlan::read(&path, &self.catalogue, self.case.request().side)?))
    }

    /// What every plan rests on.
    pub(super) fn planning_ingredients(&self) -> Result<Ingredients> {
        let scan = [Stage::Ct, Stage::Labels, Stage::Surfaces, Stage::Anatomy];
        let from = Ingredients::default().with_stages(self.case, &scan).with("side", self.side()?.name());
        Ok(match &self.case.request().implants {
            Some(source) => from.with("implants", &*source.blake3),
            None => from,
        })
    }

    /// Writes the plan; the report of the one before goes with it, so that no report lies beside a plan that it does not tell of.
    pub(super) fn write_plan(&mut self, text: &str, from: Ingredients) -> Result<()> {
        self.case.begin(Stage::Plan);
        self.case.discard(Stage::Report)?;
        self.case.put_plan(text)?;
        self.case.finish(Stage::Plan, from, None)
    }

    /// There is no plan: what there was of an earlier one goes.
    pub(super) fn refuse_plan(&mut self, findings: &[Finding], from: Ingredients) -> Result<()> {
        self.case.begin(Stage::Plan);
        for stage in [Stage::Report, Stage::RangeOfMotion, Stage::Loads, Stage::Planned] {
            self.case.discard(stage)?;
        }
        self.case.finish(Stage::Plan, from, Some(findings))
    }
}
