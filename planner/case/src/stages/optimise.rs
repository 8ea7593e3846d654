//! Anatomy to the plan that is most likely to succeed.

use super::held::Stages;
use crate::folder::{Ingredients, Older, Stage, Standing, read_optimisation};
use crate::source::text_hash;
use anyhow::{Result, bail};
use coxa_planner::document;
use coxa_planner::optimise::criteria::Criteria;
use coxa_planner::optimise::{
    self, Design, Evaluation, Optimisation, OptimiseError, OptimiseOptions, Stop, Study,
};
use coxa_planner::placement::{PreparedHip, Refusal};
use coxa_planner::{Plan, Planned};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What the optimiser is asked.
pub struct OptimiseRequest {
    /// What plans are judged by.
    pub criteria: Criteria,
    /// Error, postures, families, seed and samples.
    pub options: OptimiseOptions,
    /// Designs of an earlier search to go on from.
    pub earlier: Vec<Design>,
    /// All the time there is, from placing by rule to the last figure.
    pub budget: Option<Duration>,
}

/// Parts of the time after which the search ends, and the decision about what it found; the rest is for the figures of the plans.
const SEARCHING: f64 = 0.5;
const DECIDING: f64 = 0.75;

impl Stages<'_> {
    /// Places components by rule, searches from there, and makes what is recommended the plan of the case.
    ///
    /// # Errors
    /// A plan that a person edited and nobody carried out: it would be lost. What cannot be read or made.
    pub fn optimise(&mut self, asked: OptimiseRequest) -> Result<()> {
        let start = Instant::now();
        self.case.refuse_to_lose_edits(None)?;
        let hip = self.hip()?;
        let placed = self.progress.stage("planning", |_| {
            let prepared = PreparedHip::new(hip.planning())?;
            let first = prepared.place(&self.catalogue)?;
            Ok((prepared, first))
        });
        let (prepared, first) = match placed {
            Ok(placed) => placed,
            Err(Refusal { findings }) => {
                let options = self.case.request().options.clone().unwrap_or_default();
                let from = self.planning_ingredients()?.with_value("options", &options)?;
                return self.refuse_plan(&findings, from.with("placed", "by rule"));
            }
        };
        let found = self.search(&prepared, &first, asked, start)?;
        // A session in a window may have saved another plan meanwhile.
        self.case.refuse_to_lose_edits(None)?;
        let from = self.planning_ingredients()?;
        self.case.begin(Stage::Optimisation);
        self.case.discard(Stage::Report)?;
        self.case.put("plan_by_rule.toml", document::to_toml(&first.plan).as_bytes())?;
        self.case.put_json("optimise.json", &found)?;
        self.case.finish(Stage::Optimisation, from, None)?;
        self.optimisation = read_optimisation(self.case.folder())?.map(Arc::new);
        // Carried out with the hip that is prepared already; a plan that is refused is met again, with its reasons, where it is carried out.
        self.planned = prepared.realise(&found.recommended.plan, &self.catalogue).ok().map(Arc::new);
        let from = Ingredients::default().with_stages(self.case, &[Stage::Optimisation]);
        self.write_plan(&document::to_toml(&found.recommended.plan), from)
    }

    fn search(
        &self,
        hip: &PreparedHip<'_>,
        first: &Planned,
        asked: OptimiseRequest,
        start: Instant,
    ) -> Result<Optimisation> {
        let stock = self.case.request().options.as_ref().and_then(|options| options.stock.as_ref());
        let stocked = stock.map(|stock| self.catalogue.of_stock(stock));
        let catalogue = stocked.as_ref().unwrap_or(&self.catalogue);
        let study = self.progress.stage("preparing the optimiser", |_| {
            Study::new(hip, first, catalogue, asked.criteria, &asked.options.postures)
        })?;
        let is_over = |part: f64| asked.budget.is_some_and(|budget| start.elapsed() > budget.mul_f64(part));
        let found = self.progress.search("optimising", |tell, is_stopped| {
            let stop = Stop {
                search: &|| is_stopped() || is_over(SEARCHING),
                everything: &|| is_stopped() || is_over(DECIDING),
            };
            optimise::optimise(hip, &study, &asked.options, &asked.earlier, &stop, tell)
        })?;
        Ok(found)
    }

    /// What the optimiser found for these bones, if it was asked. It is never asked again by itself: what it found of others is said
    /// and left out.
    ///
    /// # Errors
    /// A file that is damaged or of a newer program.
    pub fn optimisation(&mut self) -> Result<Option<Arc<Optimisation>>> {
        if self.optimisation.is_none() && self.is_new(Stage::Optimisation) {
            self.make_anatomy()?;
            let from = self.planning_ingredients()?;
            self.seen.insert(Stage::Optimisation);
            match self.case.standing(Stage::Optimisation, &from)? {
                Standing::Stands => {
                    self.optimisation = read_optimisation(self.case.folder())?.map(Arc::new);
                }
                Standing::Absent => {}
                Standing::Differs(why) => self.progress.note(&format!(
                    "optimise.json: not used ({why}); coxa optimise {} rebuilds it",
                    self.case.folder().display()
                )),
            }
        }
        Ok(self.optimisation.clone())
    }

    /// What the optimiser found for these bones, whatever implants are named now.
    ///
    /// # Errors
    /// As [`Stages::optimisation`], and one of other bones.
    pub fn optimisation_of_these_bones(&mut self) -> Result<Option<Optimisation>> {
        self.make_anatomy()?;
        let (record, folder) = (self.case.record(), self.case.folder());
        if let Some(than) = record.newer_than(Stage::Optimisation, None) {
            bail!(Older { file: "optimise.json", than }.in_words(folder));
        }
        record.refuse_changed(folder, Stage::Optimisation)?;
        read_optimisation(folder)
    }

    /// Scores plans by what the optimiser was asked, as they lie, and keeps the scores; `planned` is the text of the case's plan among them.
    ///
    /// # Errors
    /// Plans that cannot be carried out.
    pub fn evaluate(
        &mut self,
        found: &Optimisation,
        plans: &[(&str, &Plan)],
        planned: Option<&str>,
    ) -> Result<Result<Evaluation, OptimiseError>> {
        let hip = self.hip()?;
        let evaluation = self.progress.stage("evaluating", |_| {
            let hip = PreparedHip::new(hip.planning())?;
            optimise::evaluate(&hip, &self.catalogue, &found.criteria, &found.options, plans)
        });
        if let Ok(evaluation) = &evaluation {
            let from = self.planning_ingredients()?.with_stages(self.case, &[Stage::Optimisation]);
            let from = match planned {
                Some(text) => from.with("plan", text_hash(text)),
                None => from,
            };
            self.case.begin(Stage::Evaluation);
            self.case.put_json("evaluation.json", evaluation)?;
            self.case.finish(Stage::Evaluation, from.with_value("plans", &plans)?, None)?;
        }
        Ok(evaluation)
    }
}
