//! A plan carried out: implants and cut bones, numbers and findings.

use super::held::Stages;
use super::plan::GivenPlan;
use super::surfaces::put_mesh;
use crate::folder::Stage;
use crate::source::text_hash;
use anyhow::{Context, Result};
use coxa_planner::Planned;
use coxa_planner::placement::{self, Refusal};
use std::sync::Arc;

impl Stages<'_> {
    /// Sees to it that the plan of the case is carried out.
    ///
    /// # Errors
    /// A plan that is no document, and what cannot be read or made. A plan that is refused is no error.
    pub fn make_planned(&mut self) -> Result<()> {
        if !self.is_new(Stage::Planned) {
            return Ok(());
        }
        self.make_anatomy()?;
        let Some(GivenPlan { plan, text }) = self.plan_of_case()? else {
            self.seen.insert(Stage::Planned);
            return Ok(());
        };
        let from = self.planning_ingredients()?.with("plan", text_hash(&text));
        let stands = self.stands(Stage::Planned, &from)?;
        // What the optimiser said of its plan is not true of one that was edited since.
        let found = self.optimisation()?;
        let said = found.filter(|found| found.recommends(&plan)).map(|found| found.findings());
        self.case.set_findings(Stage::Optimisation, said.as_deref());
        if stands {
            return Ok(());
        }
        let findings = match self.carry_out(&plan)? {
            Ok(planned) => {
                self.case.begin(Stage::Planned);
                for (name, mesh) in &planned.implants {
                    put_mesh(self.case, &format!("implant_{name}"), mesh)?;
                }
                for (bone, mesh) in &planned.bones {
                    put_mesh(self.case, &format!("planned_{}", bone.name()), mesh)?;
                }
                planned.findings.clone()
            }
            Err(Refusal { findings }) => {
                self.case.begin(Stage::Planned);
                // There is nothing to simulate.
                for stage in [Stage::RangeOfMotion, Stage::Loads] {
                    self.case.discard(stage)?;
                }
                findings
            }
        };
        self.case.finish(Stage::Planned, from, Some(&findings))
    }

    /// The plan with its geometry and numbers; `None` where it was refused. It is carried out again from labels, surfaces and anatomy: that is
    /// quicker than reading it would be.
    ///
    /// # Errors
    /// As [`Stages::make_planned`].
    pub fn planned(&mut self) -> Result<Option<Arc<Planned>>> {
        self.make_planned()?;
        if !self.is_planned() {
            return Ok(None);
        }
        let given = self.plan_of_case()?.context("the plan of this case is missing")?;
        Ok(self.carry_out(&given.plan)?.ok())
    }

    /// Carries a plan out, unless that is in memory.
    fn carry_out(&mut self, plan: &coxa_planner::Plan) -> Result<Result<Arc<Planned>, Refusal>> {
        if let Some(planned) = self.planned.as_ref().filter(|planned| planned.plan == *plan) {
            return Ok(Ok(planned.clone()));
        }
        let hip = self.hip()?;
        let carried = self
            .progress
            .stage("carrying out the plan", |_| placement::realise(plan, &hip.planning(), &self.catalogue));
        Ok(carried.map(|planned| self.planned.insert(Arc::new(planned)).clone()))
    }
}
