//! One hip, what is asked of it, and everything that does not depend on the design: made once, asked thousands of times.

use super::answer;
use super::bodies::{Bodies, Shelf};
use super::criteria::{Criteria, Subject};
use super::design::{Design, Placement};
use super::error::OptimiseError;
use super::error_model::MeasurementSpread;
use super::facts::{self, Around, Facts, Given, Muscles, Number};
use super::hip::{Miss, Placed, StudyHip};
use super::postures::Spinopelvic;
use super::questions::{Instant, Kind, Question, Stance};
use super::sample::Sample;
use super::screw_lengths::ScrewLengths;
use super::socket_field::SocketField;
use crate::implants::Catalogue;
use crate::loads::{LeverArm, LeverArms, StandingForce};
use crate::placed::Components;
use crate::placement::canal::Fit;
use crate::placement::{PlanningInput, PreparedHip};
use crate::plan::Plan;
use crate::planned::Planned;
use coxa_activity::Activity;
use coxa_activity::posture::{PelvicTilts, SpinalMobility};
use coxa_anatomy::Bone;
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Angle, Quantity};
use nalgebra::{Rotation3, Vector3};
use std::ops::Range;
use std::sync::Arc;

/// Margin of what has no value though it should: as far beyond the limit as the ideal is from it, twice.
const NO_VALUE_MARGIN: f64 = -2.0;

/// How a criterion gets its number.
pub(crate) enum CriterionSource {
    Number(Number),
    /// Instants of this question.
    Question(usize),
}

/// A hip to be planned, under a set of criteria.
pub struct Study<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) hip: StudyHip,
    pub(crate) criteria: Criteria,
    pub(crate) field: Arc<SocketField>,
    /// How sure the numbers are that were measured.
    pub(crate) measurement: MeasurementSpread,
    /// Which criteria can be judged of this patient: those whose number the first plan has. A design that leaves such a number
    /// without a value, a wall that its cup has gone past, does not escape its criterion.
    pub(crate) known: Vec<bool>,
    given: Given,
    shelf: Shelf,
    /// `None` where no criterion asks for it.
    screw_lengths: Option<Arc<ScrewLengths>>,
    /// For each criterion.
    pub(crate) sources: Vec<CriterionSource>,
    pub(crate) questions: Vec<(Kind, Range<usize>)>,
    /// Instants of all questions in a row.
    pub(crate) instants: Vec<Instant>,
    /// Instants of activities whose joint force has been measured.
    pub(crate) loaded: Vec<Instant>,
    /// Those of walking in which the hip is loaded nearly as much as ever.
    walking: Vec<Instant>,
    /// `None` where no criterion asks for it, or there is no head.
    lever_arms: Option<Arc<LeverArms>>,
    /// How far the pelvis is tilted backwards in standing.
    standing: Angle,
    pub(crate) first: First,
    /// Whether the hip is one of those that dislocate: a spine that does not tilt the pelvis, or an abductor that is mostly fat.
    pub(crate) instability_is_foreseen: bool,
}

/// The plan that a study started from.
pub(crate) struct First {
    pub(crate) design: Design,
    pub(crate) parts: Components,
    /// Leg length as [`Study::restoration`] gives it.
    pub(crate) leg_mm: f64,
    /// What the plan leaves of each criterion when it is carried out exactly.
    pub(crate) margins: Vec<Option<f64>>,
}

/// The abductor that holds the pelvis level, and the share of fat from which on it is as much fat as muscle: grade 3 of Goutallier et al.
/// 1994 (Clin Orthop Relat Res 304:78). A hip whose abductor
/// is gone dislocates more often; that this grade is where to plan for it is an assumption.
const ABDUCTOR: &str = "gluteus_medius";
const MOSTLY_FAT: f64 = 0.5;

/// The bone around an acetabulum, made ready for thousands of cups.
struct SocketBone {
    field: Arc<SocketField>,
    screw_lengths: Option<Arc<ScrewLengths>>,
}

/// Instants of walking count as loaded from this part of its greatest force on.
const LOADED: f64 = 0.8;

/// A design with its bodies at hand.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub(crate) design: Design,
    pub(crate) parts: Components,
    pub(crate) bodies: Bodies,
    fit: Fit,
}

impl<'a> Study<'a> {
    /// Prepares a hip for which there is a plan.
    ///
    /// # Errors
    /// Anatomy that cannot bear a plan, criteria about what cannot be asked.
    pub fn new(
        hip: &PreparedHip<'_>,
        planned: &Planned,
        catalogue: &'a Catalogue,
        criteria: Criteria,
        postures: &Spinopelvic,
    ) -> Result<Self, OptimiseError> {
        let bones = hip.right_hip();
        let asks_for_screws = asks_for(&criteria, &|quantity| quantity == Quantity::ScrewLength);
        let screw_lengths =
            asks_for_screws.then(|| ScrewLengths::new(bones, &catalogue.screw, bones.vessels.as_ref()));
        let bone = SocketBone {
            field: Arc::new(SocketField::new(bones)),
            screw_lengths: screw_lengths.map(Arc::new),
        };
        Self::about(hip, planned, catalogue, criteria, postures, bone)
    }

    /// Another plan of the same hip, with what this study found of its bone.
    ///
    /// # Errors
    /// As [`Study::new`].
    pub(crate) fn of_plan(
        &self,
        hip: &PreparedHip<'_>,
        planned: &Planned,
        postures: &Spinopelvic,
    ) -> Result<Self, OptimiseError> {
        let bone = SocketBone { field: self.field.clone(), screw_lengths: self.screw_lengths.clone() };
        Self::about(hip, planned, self.catalogue, self.criteria.clone(), postures, bone)
    }

    fn about(
        hip: &PreparedHip<'_>,
        planned: &Planned,
        catalogue: &'a Catalogue,
        criteria: Criteria,
        postures: &Spinopelvic,
        SocketBone { field, screw_lengths }: SocketBone,
    ) -> Result<Self, OptimiseError> {
        let (input, bones) = (hip.input(), hip.right_hip().clone());
        let lever_arms =
            asks_for(&criteria, &facts::is_of_muscles).then(|| hip.lever_arms().cloned()).flatten();
        let hip_bone =
            input.surfaces.get(&Bone::hip(input.side)).ok_or(OptimiseError::Incomplete("hip bone"))?;
        let hip = StudyHip::new(bones, hip_bone, input.anatomy, &planned.plan)
            .ok_or(OptimiseError::Incomplete("stem axis"))?;
        let tilts = postures.tilts();
        let Questions { sources, questions, instants } = Questions::of(&criteria, &tilts)?;
        let loaded = loaded_instants(&tilts)?;
        let walking = walking_instants(&tilts)?;
        let given = Given::new(input, &hip, tilts.standing, planned.plan.targets.standing_tilt_deg);
        let known = vec![true; sources.len()];
        let measurement = measurement(planned, &hip);
        let design = hip.first(catalogue)?;
        let parts = Components::new(&design.components, &[], catalogue)?;
        let instability_is_foreseen = is_unstable(input, postures) || parts.liner.mobile.is_some();
        let first = First { design, parts, leg_mm: 0.0, margins: Vec::new() };
        let mut study = Study {
            catalogue,
            hip,
            criteria,
            field,
            measurement,
            known,
            given,
            shelf: Shelf::default(),
            screw_lengths,
            sources,
            questions,
            instants,
            loaded,
            walking,
            lever_arms,
            standing: tilts.standing,
            first,
            instability_is_foreseen,
        };
        let first = study.prepare(&study.first.design, false)?;
        study.known = study.respond(&first, &Sample::default()).iter().map(Option::is_some).collect();
        study.first.margins = study.exact_margins(&first);
        let leg = study.restoration(&first.parts, &first.design.placement);
        study.first.leg_mm = leg.map_or(0.0, |[leg, _]| leg);
        Ok(study)
    }

    /// The plan that the study started from.
    pub(crate) const fn first(&self) -> &First {
        &self.first
    }

    /// A design as a plan document holds it.
    pub(crate) fn plan(&self, design: &Design) -> Result<Plan, OptimiseError> {
        Ok(self.hip.plan(design, self.catalogue)?)
    }

    /// A design with its bodies; `thorough` cuts the femur just for it, and also looks at the femur against the cup.
    pub(crate) fn prepare(&self, design: &Design, thorough: bool) -> Result<Prepared, OptimiseError> {
        let parts = Components::new(&design.components, &[], self.catalogue)?;
        let bodies = self.shelf.bodies(&self.hip, design, &parts, thorough)?;
        let mut prepared = Prepared { design: design.clone(), parts, bodies, fit: Fit::default() };
        prepared.fit = self.fit(&prepared);
        Ok(prepared)
    }

    /// The same components elsewhere.
    pub(crate) fn moved(&self, prepared: &Prepared, placement: Placement) -> Prepared {
        let mut moved = prepared.clone();
        moved.design.placement = placement;
        moved.fit = self.fit(&moved);
        moved
    }

    /// Leg length and global offset of the operated less the other side, for a placement that is carried out exactly.
    pub(crate) fn restoration(&self, parts: &Components, placement: &Placement) -> Option<[f64; 2]> {
        let placed = self.hip.place(parts, placement, &Miss::default())?;
        Some(self.given.restoration(&self.hip, &placed))
    }

    fn fit(&self, prepared: &Prepared) -> Fit {
        let placed = self.hip.place(&prepared.parts, &prepared.design.placement, &Miss::default());
        placed.map_or(Fit::default(), |placed| {
            prepared.bodies.outlines.fit(&self.hip.bones.canal, &placed.pose.stem_frame)
        })
    }

    /// The margin of a criterion at a value, which may be missing; `None` where it is not judged.
    pub(crate) fn margin(&self, index: usize, value: Option<f64>) -> Option<f64> {
        let margin = || value.and_then(|value| self.criteria.list[index].margin(value));
        self.known[index].then(|| margin().unwrap_or(NO_VALUE_MARGIN))
    }

    /// The value of every criterion when a design turns out so; `None` where it is not known, or degenerate places make it no
    /// finite number.
    pub(crate) fn respond(&self, prepared: &Prepared, sample: &Sample) -> Vec<Option<f64>> {
        let Some(placed) = self.hip.place(&prepared.parts, &prepared.design.placement, &sample.miss) else {
            return vec![None; self.sources.len()];
        };
        let facts = self.facts(prepared, &placed, sample);
        let answers = self.answers(prepared, &placed, &sample.stance);
        let value = |source: &CriterionSource| match source {
            CriterionSource::Number(number) => number(&facts),
            CriterionSource::Question(index) => answers[*index],
        };
        self.sources.iter().map(|source| value(source).filter(|value| value.is_finite())).collect()
    }

    /// What a design leaves of each criterion when it is carried out exactly.
    pub(crate) fn exact_margins(&self, prepared: &Prepared) -> Vec<Option<f64>> {
        let values = self.respond(prepared, &Sample::default());
        values.into_iter().enumerate().map(|(index, value)| self.margin(index, value)).collect()
    }

    fn facts(&self, prepared: &Prepared, placed: &Placed, sample: &Sample) -> Facts {
        let lever_arm = self.lever_arm(placed);
        let mut facts = self.facts_without(prepared, placed, sample, lever_arm.as_ref());
        let Prepared { parts, bodies, .. } = prepared;
        facts.hold = Some(self.field.hold(
            &self.hip.bones,
            &parts.cup,
            parts.cup_size_mm,
            placed,
            sample.bone_outside_mm,
        ));
        let to_rim_mm = |instant: &Instant| {
            let force = instant.force_in_pelvis(&sample.stance)?;
            bodies.opening.load_to_rim_mm(placed.cup.inverse() * force)
        };
        facts.edge_mm = self.loaded.iter().filter_map(to_rim_mm).reduce(f64::min);
        facts
    }

    /// Lever arms of the hip in this place, where a criterion asks for them.
    pub(crate) fn lever_arm(&self, placed: &Placed) -> Option<LeverArm> {
        Some(
            self.lever_arms
                .as_ref()?
                .at(placed.pose.hip_centre, placed.pose.hip_centre - placed.pose.reduction),
        )
    }

    /// Lever arms as criteria ask for them, with the way of the patient's own force to the rim.
    fn muscles(
        &self,
        prepared: &Prepared,
        placed: &Placed,
        sample: &Sample,
        lever_arm: &LeverArm,
    ) -> Muscles {
        let Some(lever_arms) = &self.lever_arms else { return Muscles::default() };
        Muscles {
            arm_mm: lever_arm.arm_mm,
            arm_before_mm: lever_arms.arm_before_mm,
            arm_other_mm: lever_arms.arm_other_mm,
            force_pct_bw: lever_arm.force_pct_bw(),
            force_before_pct_bw: lever_arms.force_before_pct_bw,
            edge_margin_deg: lever_arm
                .standing
                .and_then(|force| self.edge_margin_deg(prepared, placed, sample, &force)),
        }
    }

    /// The least angle from the patient's own force to the rim, standing and walking; `None` where one of them has no direction.
    fn edge_margin_deg(
        &self,
        prepared: &Prepared,
        placed: &Placed,
        sample: &Sample,
        force: &StandingForce,
    ) -> Option<f64> {
        let to_cup = placed.cup.inverse();
        let to_rim = |force: Vector3<f64>| prepared.bodies.opening.load_to_rim_deg(to_cup * force);
        let tilt = self.standing + sample.stance.tilts[0] + sample.stance.supine;
        // In the laboratory the force stays where it is, whatever the tilt of the pelvis.
        let standing =
            HipAngles::new(tilt, Angle::ZERO, Angle::ZERO).rotation().inverse() * force.in_laboratory;
        let mut walking =
            self.walking.iter().map(|instant| to_rim(instant.in_pelvis(&sample.stance, force.in_femur)));
        walking.try_fold(to_rim(standing)?, |least, next| Some(next?.min(least)))
    }

    /// All numbers but the cup's hold in bone and the way of loads to the rim.
    pub(crate) fn facts_without(
        &self,
        prepared: &Prepared,
        placed: &Placed,
        sample: &Sample,
        lever_arm: Option<&LeverArm>,
    ) -> Facts {
        let Prepared { bodies, fit, design, parts } = prepared;
        let [medial, superior, anterior] = sample.miss.cup_centre_mm;
        let (walls_mm, vessel_mm) = bodies.walls.at([
            design.placement.cup_medial_mm + medial,
            design.placement.cup_superior_mm + superior,
            design.placement.cup_anterior_mm + anterior,
        ]);
        let screw_mm = self.screw_lengths.as_ref().and_then(|lengths| {
            let screw = &self.catalogue.screw;
            lengths.longest_mm(&self.hip.bones, parts, placed, screw, sample.bone_outside_mm)
        });
        let muscles = lever_arm
            .map_or_else(Muscles::default, |lever_arm| self.muscles(prepared, placed, sample, lever_arm));
        let around = Around { walls_mm, vessel_mm, screw_mm, muscles };
        self.given.facts(&self.hip, placed, sample, &bodies.opening, *fit, around)
    }

    /// What every question finds.
    fn answers(&self, prepared: &Prepared, placed: &Placed, stance: &Stance) -> Vec<Option<f64>> {
        let rotations: Vec<Rotation3<f64>> = self.instants.iter().map(|m| m.rotation(stance)).collect();
        let to_cup = placed.cup.inverse();
        let margins: Vec<f64> = rotations
            .iter()
            .map(|r| prepared.bodies.opening.margin(&(to_cup * (r * placed.neck))).to_degrees())
            .collect();
        // Where the neck already stands in the rim, nothing is gained by looking at surfaces.
        let looked_at: Vec<usize> = (0..rotations.len()).filter(|&i| margins[i] >= 0.0).collect();
        let positions: Vec<Rotation3<f64>> = looked_at.iter().map(|&i| rotations[i]).collect();
        let mut is_free = vec![false; rotations.len()];
        for (&i, free) in looked_at.iter().zip(prepared.bodies.are_free(placed, &positions)) {
            is_free[i] = free;
        }
        let between = |i: usize, part: f64| {
            let rotation = self.instants[i].towards(&self.instants[i + 1], part).rotation(stance);
            prepared.bodies.are_free(placed, &[rotation])[0]
        };
        self.questions
            .iter()
            .map(|(kind, range)| {
                let asked = answer::SampledQuestion {
                    instants: &self.instants[range.clone()],
                    margins_deg: &margins[range.clone()],
                    is_free: &is_free[range.clone()],
                };
                match kind {
                    Kind::Motion => asked.reach(|i, part| between(range.start + i, part)),
                    Kind::Activity => asked.clearance(),
                }
            })
            .collect()
    }
}

/// Whether instability is foreseen.
fn is_unstable(input: &PlanningInput<'_>, postures: &Spinopelvic) -> bool {
    let stiff = Some(SpinalMobility::Stiff);
    let abductor =
        input.anatomy.muscles.iter().find(|muscle| muscle.side == input.side && muscle.name == ABDUCTOR);
    postures.mobility == stiff
        || input.options.targets.spine == stiff
        || abductor.is_some_and(|muscle| muscle.fat_fraction.value > MOSTLY_FAT)
}

/// What criteria ask.
struct Questions {
    sources: Vec<CriterionSource>,
    questions: Vec<(Kind, Range<usize>)>,
    instants: Vec<Instant>,
}

impl Questions {
    fn of(criteria: &Criteria, tilts: &PelvicTilts) -> Result<Self, OptimiseError> {
        let mut sources = Vec::new();
        let (mut questions, mut instants) = (Vec::new(), Vec::new());
        for criterion in &criteria.list {
            let question = match &criterion.subject {
                Subject::Plan(quantity) => {
                    let number = facts::number(*quantity).ok_or(OptimiseError::Incomplete("number"))?;
                    sources.push(CriterionSource::Number(number));
                    continue;
                }
                Subject::Motion { motion, posture } => {
                    // Further than the ideal nothing is gained.
                    let bounds =
                        [criterion.least, criterion.ideal_least, criterion.most, criterion.ideal_most];
                    let turns: Vec<f64> = bounds.into_iter().flatten().collect();
                    Question::motion(motion, *posture, tilts, &turns)?
                }
                Subject::Activity(name) => Question::activity(name, tilts)?,
            };
            sources.push(CriterionSource::Question(questions.len()));
            let from = instants.len();
            instants.extend(question.instants);
            questions.push((question.kind, from..instants.len()));
        }
        Ok(Questions { sources, questions, instants })
    }
}

/// Whether a criterion is about such a number of a plan.
fn asks_for(criteria: &Criteria, wanted: &dyn Fn(Quantity) -> bool) -> bool {
    criteria.list.iter().any(|c| matches!(c.subject, Subject::Plan(quantity) if wanted(quantity)))
}

fn loaded_instants(tilts: &PelvicTilts) -> Result<Vec<Instant>, OptimiseError> {
    let mut loaded = Vec::new();
    for activity in Activity::catalogue() {
        let question = Question::activity(&activity.name, tilts)?;
        loaded.extend(question.instants.into_iter().filter(|instant| instant.force.is_some()));
    }
    Ok(loaded)
}

/// Instants of walking in which the measured force is great.
fn walking_instants(tilts: &PelvicTilts) -> Result<Vec<Instant>, OptimiseError> {
    let mut instants = Question::activity("walking", tilts)?.instants;
    let size = |instant: &Instant| instant.force.map_or(0.0, |force| force.norm());
    let most = instants.iter().map(size).fold(0.0, f64::max);
    instants.retain(|instant| most > 0.0 && size(instant) >= LOADED * most);
    Ok(instants)
}

/// The spreads of a plan's numbers, as what may be wrong with the measurements.
fn measurement(planned: &Planned, hip: &StudyHip) -> MeasurementSpread {
    let spread = |quantities: &[Quantity]| {
        quantities
            .iter()
            .find_map(|&quantity| planned.results.get(quantity))
            .map_or(0.0, |measured| measured.spread)
    };
    let surface_mm = planned.motion_spread.bone_surface_mm;
    MeasurementSpread {
        functional_deg: spread(&[Quantity::CupInclinationRadiographicFunctional]),
        femoral_version_deg: spread(&[Quantity::StemVersion]),
        surface_mm,
        leg_length_mm: spread(&[Quantity::LegLengthDifferencePlanned, Quantity::LegLengthChange]),
        offset_mm: spread(&[Quantity::OffsetDifferencePlanned, Quantity::OffsetChange]),
        // Both walls of the socket, and how far it is from round.
        socket_diameter_mm: (2.0 * surface_mm).hypot(hip.bones.socket.residual_mm),
    }
}
