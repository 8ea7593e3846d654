//! A hip that many plans are tried on one after another, as while a component is dragged: what does not depend on the plan is
//! found once.

use super::first_plan::first_plan;
use super::gather::gather;
use super::geometry::Assembly;
use super::hip::RightHip;
use super::input::PlanningInput;
use super::judge;
use super::numbers::Numbers;
use super::reasons::reasons;
use super::refusal::{Refusal, not_in_catalogue, of_other_side};
use crate::implants::Catalogue;
use crate::loads::LeverArms;
use crate::plan::Plan;
use crate::planned::{Planned, Sketch};
use coxa_geometry::Finding;
use std::sync::{Arc, OnceLock};

/// A hip with what planning needs of it.
pub struct PreparedHip<'a> {
    input: PlanningInput<'a>,
    hip: Arc<RightHip>,
    /// The leg with its muscles, laid on the landmarks when numbers are first asked for.
    lever_arms: OnceLock<Option<Arc<LeverArms>>>,
}

impl<'a> PreparedHip<'a> {
    /// Gathers what planning needs.
    ///
    /// # Errors
    /// What speaks against any plan of this hip.
    pub fn new(input: PlanningInput<'a>) -> Result<Self, Refusal> {
        let hip = Arc::new(gather(&input)?);
        Ok(PreparedHip { input, hip, lever_arms: OnceLock::new() })
    }

    /// What planning looks at.
    pub fn input(&self) -> &PlanningInput<'a> {
        &self.input
    }

    /// A plan in its place with its numbers and findings. A component that has left its bone is a finding that refuses, not an
    /// error: who moves it sees how far it is off, and moves it back.
    ///
    /// # Errors
    /// A plan for parts that the catalogue does not have or that do not fit each other, or one for another side.
    pub fn sketch(&self, plan: &Plan, catalogue: &Catalogue) -> Result<Sketch, Refusal> {
        self.of_this_side(plan)?;
        let assembly = assembled(plan, &self.hip, catalogue)?;
        let numbers = self.numbers(&assembly);
        let mut findings = judge::misplaced(&assembly, &self.hip, &numbers);
        findings.extend(judge::judge(&assembly, &self.hip, &numbers));
        findings.extend(reasons(plan, &assembly, &self.hip, &numbers));
        Ok(self.sketched(plan, &assembly, numbers, findings))
    }

    /// As [`super::realise`].
    ///
    /// # Errors
    /// As [`super::realise`].
    pub fn realise(&self, plan: &Plan, catalogue: &Catalogue) -> Result<Planned, Refusal> {
        self.of_this_side(plan)?;
        let assembly = assembled(plan, &self.hip, catalogue)?;
        let numbers = self.numbers(&assembly);
        let refusals = judge::misplaced(&assembly, &self.hip, &numbers);
        if !refusals.is_empty() {
            return Err(Refusal { findings: refusals });
        }
        let mut findings = judge::judge(&assembly, &self.hip, &numbers);
        findings.extend(reasons(plan, &assembly, &self.hip, &numbers));
        Ok(assembly.planned(self.sketched(plan, &assembly, numbers, findings), &self.hip, &self.input))
    }

    /// Chooses components and their places, as [`super::place`].
    ///
    /// # Errors
    /// As [`super::place`].
    pub fn place(&self, catalogue: &Catalogue) -> Result<Planned, Refusal> {
        self.realise(&first_plan(&self.input, &self.hip, catalogue)?, catalogue)
    }

    /// The hip itself, mirrored to a right one.
    pub(crate) fn right_hip(&self) -> &Arc<RightHip> {
        &self.hip
    }

    /// Its lever arms; `None` where it has no head.
    pub(crate) fn lever_arms(&self) -> Option<&Arc<LeverArms>> {
        let laid = || LeverArms::new(self.input.anatomy, self.input.side).map(Arc::new);
        self.lever_arms.get_or_init(laid).as_ref()
    }

    /// A plan back on the patient's own side, with what there is to say of it.
    fn sketched(&self, plan: &Plan, assembly: &Assembly, numbers: Numbers, findings: Vec<Finding>) -> Sketch {
        Sketch {
            plan: plan.clone(),
            components: assembly.components.clone(),
            pose: assembly.pose.of_side(self.hip.side),
            motion_spread: numbers.motion_spread(&self.hip, self.input.anatomy),
            results: numbers.into_results(),
            findings,
        }
    }

    fn numbers(&self, assembly: &Assembly) -> Numbers {
        Numbers::new(assembly, &self.hip, &self.input, self.lever_arms().map(Arc::as_ref))
    }

    fn of_this_side(&self, plan: &Plan) -> Result<(), Refusal> {
        let side = self.input.side;
        if plan.side == side { Ok(()) } else { Err(of_other_side(plan, side)) }
    }
}

fn assembled(plan: &Plan, hip: &RightHip, catalogue: &Catalogue) -> Result<Assembly, Refusal> {
    Assembly::new(plan, hip, catalogue).map_err(not_in_catalogue)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::synthetic::Case;
    use crate::placement::{PlanOptions, realise};
    use coxa_geometry::finding::{Code, Subject};
    use coxa_geometry::{Severity, Vector};

    #[test]
    fn a_sketch_says_of_a_moved_plan_what_carrying_it_out_says() {
        let catalogue = Catalogue::builtin();
        for case in [Case::right(), Case::right().mirrored()] {
            let input = case.input(PlanOptions::default());
            let first = case.plan(PlanOptions::default()).sketch.plan;
            let prepared = PreparedHip::new(input.clone()).unwrap();
            for step in 0..4 {
                let mut plan = first.clone();
                plan.cup.centre_mm = plan.cup.centre_mm + Vector::new(0.5, -0.3, 0.8) * f64::from(step);
                plan.stem.version_deg =
                    plan.stem.version_deg + coxa_geometry::Angle::from_degrees(f64::from(step));
                let sketch = prepared.sketch(&plan, &catalogue).unwrap();
                let planned = realise(&plan, &input, &catalogue).unwrap();
                assert_eq!(sketch.results, planned.results);
                assert_eq!(sketch.findings, planned.findings);
                assert_eq!(sketch.pose, planned.pose);
                assert_eq!(sketch.components, planned.components);
                assert_eq!(sketch.motion_spread, planned.motion_spread);
            }
        }
    }

    #[test]
    fn a_cup_off_its_bone_is_sketched_with_what_refuses_it() {
        let case = Case::right();
        let prepared = PreparedHip::new(case.input(PlanOptions::default())).unwrap();
        let mut plan = case.plan(PlanOptions::default()).sketch.plan;
        plan.cup.centre_mm = plan.cup.centre_mm + Vector::new(0.0, -200.0, 0.0);
        let catalogue = Catalogue::builtin();
        let sketch = prepared.sketch(&plan, &catalogue).unwrap();
        assert!(sketch.findings.iter().any(|f| f.severity == Severity::Refusal && f.about == Subject::Cup));
        assert!(prepared.realise(&plan, &catalogue).is_err());
        plan.side = plan.side.other();
        let refused = prepared.sketch(&plan, &catalogue).unwrap_err();
        assert_eq!(refused.findings[0].code, Code::OtherSide);
    }
}
