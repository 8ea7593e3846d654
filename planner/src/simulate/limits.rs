//! How far single motions go, what stops them and where, and how much that leaves over what is commonly required.

use super::joint::PlannedJoint;
use super::pair::{ContactPair, Reach};
use super::spread::{self, LimitSpread};
use coxa_activity::posture::Posture;
use coxa_geometry::frame::Patient;
use coxa_geometry::joint::HipAngles;
use coxa_geometry::quantity::MotionNeed;
use coxa_geometry::{Angle, Finding, Point, finding};
use coxa_rom::{Direction, JointAxis, Motion};
use serde::{Deserialize, Serialize};

/// What a motion is looked at for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MotionGroup {
    /// The motions of an examination of the hip.
    Examination,
    /// Flexion with adduction and internal rotation, in which heads leave backwards.
    PosteriorDislocation,
    /// Extension with external rotation, in which heads leave forwards.
    AnteriorDislocation,
}

/// How far one motion goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MotionLimit {
    /// The motion, from its start in the posture; its angles are of the femur against the pelvis as it lay supine.
    #[serde(flatten)]
    pub motion: Motion,
    /// What it is looked at for.
    pub group: MotionGroup,
    /// Turn from the start to the first contact; `None` where nothing meets. Not above zero where something already meets at
    /// the start.
    pub limit_deg: Option<Angle>,
    /// What meets first.
    pub cause: Option<ContactPair>,
    /// Where, in the patient (LPS, pelvis as scanned).
    pub place_mm: Option<Point<Patient>>,
    /// One standard deviation of the limit; `None` where nothing meets or the start is blocked.
    #[serde(default)]
    pub spread_deg: Option<Angle>,
    /// Whether it is the stem that meets, where it stands bare only because the femur is cut off in the scan.
    #[serde(default)]
    pub is_bare_stem: bool,
    /// How far each pair alone lets the motion go.
    pub pairs: Vec<PairLimit>,
    /// Turn commonly required, where reference criteria name one.
    pub required_deg: Option<Angle>,
    /// Who requires it.
    pub required_source: Option<String>,
    /// Limit less required turn; `None` where nothing meets or nothing is required.
    pub margin_deg: Option<Angle>,
    /// What that says of the plan; `None` where nothing is required.
    #[serde(default)]
    pub verdict: Option<Verdict>,
}

/// Whether a motion goes as far as is required.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// By more than the spread of its limit.
    Met,
    /// The margin, either way, is within the spread.
    Undecided,
    /// It stops short by more than the spread.
    Short,
    /// What meets is not there in the patient: a stem that is bare in the scan alone.
    NotJudged,
}

impl Verdict {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Verdict::Met => "met",
            Verdict::Undecided => "undecided",
            Verdict::Short => "short",
            Verdict::NotJudged => "not judged",
        }
    }

    /// Of what is left over a required turn; `None` for no contact at all.
    fn of(margin: Option<Angle>, spread: Angle) -> Verdict {
        match margin {
            Some(margin) if margin.abs() < spread => Verdict::Undecided,
            Some(margin) if margin < Angle::ZERO => Verdict::Short,
            _ => Verdict::Met,
        }
    }
}

/// How far one pair lets a motion go.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PairLimit {
    /// The pair.
    pub pair: ContactPair,
    /// Turn to its contact; `None` where it does not meet within the motion's range.
    pub limit_deg: Option<Angle>,
    /// One standard deviation of the limit; `None` where it does not meet or the start is blocked.
    #[serde(default)]
    pub spread_deg: Option<Angle>,
}

impl MotionLimit {
    /// Limit by one pair alone.
    pub fn of_pair(&self, pair: ContactPair) -> Option<Angle> {
        self.pairs.iter().find(|limit| limit.pair == pair)?.limit_deg
    }

    /// Whether something already meets where the motion starts.
    pub fn is_blocked(&self) -> bool {
        self.limit_deg.is_some_and(|limit| limit <= Angle::ZERO)
    }

    /// The position in which the first contact was found.
    pub fn position(&self) -> Option<HipAngles> {
        Some(self.motion.at(self.limit_deg?))
    }

    /// Whether the motion stops short of what is required, by more than the spread of its limit.
    pub fn is_short(&self) -> bool {
        self.verdict == Some(Verdict::Short)
    }
}

impl PlannedJoint {
    /// How far the motions of an examination and those in which hips dislocate go, the pelvis tilted backwards by so much
    /// from supine, each with its spread. What is required is so of an examination and of standing; of somebody who sits it is not.
    pub fn limits(&self, posture: Posture, posterior_tilt: Angle) -> Vec<MotionLimit> {
        let planned = asked(posture, posterior_tilt);
        let motions: Vec<Motion> = planned.iter().map(|examined| examined.motion.clone()).collect();
        let reaches = self.reaches(&motions);
        let spreads = spread::spreads(self, &motions, &reaches);
        let all = planned.into_iter().zip(&reaches).zip(spreads);
        all.map(|((examined, reaches), spread)| limit(self, examined, reaches, &spread)).collect()
    }

    /// As [`PlannedJoint::limits`], of the motions of which something is required alone and without spreads: what can be had while
    /// a component is dragged.
    pub fn required_limits(&self, posture: Posture, posterior_tilt: Angle) -> Vec<MotionLimit> {
        let required: Vec<Examined> = asked(posture, posterior_tilt)
            .into_iter()
            .filter(|examined| examined.required.is_some())
            .collect();
        let motions: Vec<Motion> = required.iter().map(|examined| examined.motion.clone()).collect();
        let reaches = self.reaches(&motions);
        let all = required.into_iter().zip(&reaches);
        all.map(|(examined, reaches)| limit(self, examined, reaches, &LimitSpread::default())).collect()
    }
}

fn asked(posture: Posture, posterior_tilt: Angle) -> Vec<Examined> {
    let mut planned: Vec<Examined> = motions(posterior_tilt);
    if matches!(posture, Posture::Sitting | Posture::FlexedSeated) {
        planned.iter_mut().for_each(|examined| examined.required = None);
    }
    planned
}

fn limit(
    joint: &PlannedJoint,
    examined: Examined,
    reaches: &[Reach; 4],
    spread: &LimitSpread,
) -> MotionLimit {
    let Examined { motion, group, required } = examined;
    let pairs = ContactPair::ALL.into_iter().zip(reaches);
    let first = pairs
        .clone()
        .filter_map(|(pair, reach)| Some((pair, reach.limit?, reach.at)))
        .reduce(|a, b| if b.1 < a.1 { b } else { a });
    let margin = first.zip(required).map(|((_, limit, _), required)| limit - required.turn);
    let is_bare_stem = first
        .is_some_and(|(pair, limit, at)| at.is_some_and(|at| joint.is_bare_stem(pair, motion.at(limit), at)));
    let verdict = match is_bare_stem {
        true => Verdict::NotJudged,
        false => Verdict::of(margin, spread.first.unwrap_or_default()),
    };
    MotionLimit {
        limit_deg: first.map(|(_, limit, _)| limit),
        cause: first.map(|(pair, ..)| pair),
        place_mm: first.and_then(|(_, _, at)| at).map(|at| joint.frames().in_patient(at)),
        spread_deg: spread.first,
        is_bare_stem,
        pairs: pairs
            .zip(spread.pairs)
            .map(|((pair, reach), spread_deg)| PairLimit { pair, limit_deg: reach.limit, spread_deg })
            .collect(),
        required_deg: required.map(|required| required.turn),
        required_source: required.map(|required| required.source.into()),
        margin_deg: margin,
        verdict: required.map(|_| verdict),
        motion,
        group,
    }
}

/// A motion that is followed, with what is required of it.
struct Examined {
    motion: Motion,
    group: MotionGroup,
    required: Option<Required>,
}

#[derive(Clone, Copy)]
struct Required {
    turn: Angle,
    source: &'static str,
}

/// The motions of the range-of-motion table and further ones in which hips dislocate, in the order in which they are read:
/// examination, then backward, then forward dislocation.
///
/// Motions start from the leg's position in the laboratory; a pelvis tilted backwards is that much nearer to extension.
fn motions(posterior_tilt: Angle) -> Vec<Examined> {
    let mut all = Motion::table();
    for (name, flexion, adduction, direction) in [
        // The position of sleep on the side, in which hips dislocate backwards.
        ("internal_rotation_at_45_adducted_15", 45.0, 15.0, Direction::Positive),
        // Pivoting on the leg.
        ("external_rotation_extended_10_adducted_10", -10.0, 10.0, Direction::Negative),
    ] {
        let start = HipAngles::from_degrees(flexion, adduction, 0.0);
        let range = Angle::from_degrees(120.0);
        all.push(Motion::new(name, start, JointAxis::InternalRotation, direction, range));
    }
    let mut examined: Vec<Examined> = all
        .into_iter()
        .map(|mut motion| {
            motion.start.flexion = motion.start.flexion - posterior_tilt;
            let (group, required) = (group(&motion.name), required(&motion.name));
            Examined { motion, group, required }
        })
        .collect();
    examined.sort_by_key(|e| e.group);
    examined
}

/// A motion by name, from its start with the pelvis tilted backwards by so much.
pub(crate) fn examined_motion(name: &str, posterior_tilt: Angle) -> Option<Motion> {
    motions(posterior_tilt).into_iter().map(|examined| examined.motion).find(|motion| motion.name == name)
}

/// The names of all motions that are followed, in their order.
pub fn motion_names() -> Vec<String> {
    motions(Angle::ZERO).into_iter().map(|examined| examined.motion.name).collect()
}

fn group(motion: &str) -> MotionGroup {
    match motion {
        "internal_rotation_at_90"
        | "internal_rotation_at_90_adducted_10"
        | "internal_rotation_at_45_adducted_15" => MotionGroup::PosteriorDislocation,
        "external_rotation_extended_10" | "external_rotation_extended_10_adducted_10" => {
            MotionGroup::AnteriorDislocation
        }
        _ => MotionGroup::Examination,
    }
}

/// Motion that a plan should allow.
fn required(motion: &str) -> Option<Required> {
    let limit = MotionNeed::of(motion)?.limit;
    Some(Required { turn: Angle::from_degrees(limit.least), source: limit.source })
}

/// Motions that stop short of what is commonly required, as cautions, and those of which that is not known, as notes.
pub fn findings(limits: &[MotionLimit], posture: Posture) -> Vec<Finding> {
    limits.iter().filter_map(|limit| finding(limit, posture)).collect()
}

fn finding(limit: &MotionLimit, posture: Posture) -> Option<Finding> {
    let (reached, required, cause) = (limit.limit_deg?, limit.required_deg?, limit.cause?);
    let (motion, posture, cause) = (limit.motion.name.replace('_', " "), posture.name(), cause.to_string());
    let (reached_deg, required_deg) = (f64::from(reached), f64::from(required));
    let source = limit.required_source.clone().unwrap_or_default();
    let spread = limit.spread_deg.map(|spread| format!(" (\u{b1} {spread})")).unwrap_or_default();
    Some(match limit.verdict? {
        Verdict::Met => return None,
        Verdict::Short => {
            finding::MotionShort { motion, posture, cause, spread, reached_deg, required_deg, source }
                .finding()
        }
        Verdict::Undecided => {
            finding::MotionUndecided { motion, posture, cause, spread, reached_deg, required_deg, source }
                .finding()
        }
        Verdict::NotJudged => {
            finding::MotionNotJudged { motion, posture, cause, reached_deg, required_deg, source }.finding()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimise::criteria::Subject;
    use crate::placement::PlanOptions;
    use crate::placement::synthetic::Case;
    use coxa_geometry::finding::{Code, Severity};

    #[test]
    fn dislocation_prone_motions_follow_the_examination_and_start_where_the_posture_puts_them() {
        let tilt = Angle::from_degrees(12.0);
        let (supine, tilted) = (motions(Angle::ZERO), motions(tilt));
        assert!(supine.is_sorted_by_key(|e| e.group));
        let of = |group| supine.iter().filter(|e| e.group == group).count();
        assert_eq!([of(MotionGroup::PosteriorDislocation), of(MotionGroup::AnteriorDislocation)], [3, 2]);
        for (a, b) in supine.iter().zip(&tilted) {
            assert_eq!(a.motion.name, b.motion.name);
            assert!((a.motion.start.flexion - tilt - b.motion.start.flexion).abs().degrees() < 1e-12);
        }
        assert_eq!(supine.iter().filter(|e| e.required.is_some()).count(), 6);
    }

    #[test]
    fn the_optimiser_asks_for_the_same_motion() {
        let criteria = crate::optimise::criteria::Criteria::preset("patient_specific").unwrap();
        for examined in motions(Angle::ZERO) {
            let motion = examined.motion.name.clone();
            let asked = Subject::Motion { motion, posture: Posture::Supine };
            let asked = criteria.get(asked).and_then(|c| c.least);
            let required = examined.required.map(|required| f64::from(required.turn));
            assert_eq!(asked, required, "{}", examined.motion.name);
        }
    }

    #[test]
    fn a_margin_within_its_spread_is_undecided() {
        let of = |margin: Option<f64>, spread: f64| {
            Verdict::of(margin.map(Angle::from_degrees), Angle::from_degrees(spread))
        };
        assert_eq!([of(Some(2.0), 1.0), of(Some(0.5), 1.0)], [Verdict::Met, Verdict::Undecided]);
        assert_eq!([of(Some(-0.5), 1.0), of(Some(-2.0), 1.0)], [Verdict::Undecided, Verdict::Short]);
        assert_eq!([of(None, 1.0), of(Some(0.0), 0.0)], [Verdict::Met, Verdict::Met]);
    }

    #[test]
    fn what_is_short_is_a_caution_what_is_undecided_a_note_and_a_bare_stem_no_verdict() {
        let case = Case::right();
        let planned = case.plan(PlanOptions::default());
        let joint = PlannedJoint::new(&planned, &case.anatomy).unwrap();
        let row = joint.limits(Posture::Supine, Angle::ZERO).swap_remove(0);
        assert!(row.spread_deg.is_some_and(|spread| spread > Angle::ZERO));
        let said = |verdict| {
            let row = MotionLimit { verdict: Some(verdict), ..row.clone() };
            findings(&[row], Posture::Supine).pop().map(|f| (f.severity, f.code))
        };
        assert_eq!(said(Verdict::Met), None);
        assert_eq!(said(Verdict::Short), Some((Severity::Caution, Code::MotionShort)));
        assert_eq!(said(Verdict::Undecided), Some((Severity::Note, Code::MotionUndecided)));
        assert_eq!(said(Verdict::NotJudged), Some((Severity::Note, Code::MotionNotJudged)));
    }
}
