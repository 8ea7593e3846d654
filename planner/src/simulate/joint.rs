//! The planned joint as pairs of bodies, prepared once and asked many times.

use super::error::SimulateError;
use super::frames::{JointFrames, cup_in_posture};
use super::neck::NeckOnLiner;
use super::pair::{ContactPair, PairClearance, Reach};
use super::surfaces::{JointSurfaces, reach_mm};
use crate::planned::{MotionSpread, Planned};
use coxa_anatomy::HipAnatomy;
use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::Gravity;
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Angle, Point, Vector};
use coxa_rom::contact::{Clearance, ContactLimit, Mounted};
use coxa_rom::edge_loading::LoadPlace;
use coxa_rom::map::Pair;
use coxa_rom::path::{Path, PathPlace};
use coxa_rom::stability::{Rim, jumping_distance};
use coxa_rom::{Limit, Motion};
use rayon::prelude::*;

/// The joint of a plan: what may touch what, about the planned centre of rotation.
pub struct PlannedJoint {
    parts: JointParts,
}

/// What makes a joint.
pub(super) struct JointParts {
    pub(super) frames: JointFrames,
    pub(super) neck: NeckOnLiner,
    /// Femur on pelvis, stem on pelvis, femur on cup, in the order of [`ContactPair::ALL`].
    pub(super) surfaces: [Mounted<Gravity>; 3],
    /// How far below the hip centre femur and stem reach.
    pub(super) femur_reach_mm: f64,
    pub(super) stem_reach_mm: f64,
    pub(super) spread: MotionSpread,
}

impl PlannedJoint {
    /// Prepares the surfaces of a plan.
    ///
    /// Stem and head in the cup are the closed form's; head and liner touch by design and are not looked at.
    ///
    /// # Errors
    /// Components and surfaces without sense.
    pub fn new(planned: &Planned, anatomy: &HipAnatomy) -> Result<Self, SimulateError> {
        let frames = JointFrames::new(planned.plan.side, planned.pose.hip_centre, anatomy);
        let neck = NeckOnLiner::new(&planned.components, &planned.pose, &frames)?;
        let surfaces = JointSurfaces::new(planned, &frames)?;
        let model = |pair| match surfaces.model(pair) {
            Some(model) => Ok(Mounted::centred(model?)),
            None => Err(SimulateError::Incomplete("joint")),
        };
        let (femur_on_pelvis, (stem_on_pelvis, femur_on_cup)) = rayon::join(
            || model(ContactPair::FemurOnPelvis),
            || rayon::join(|| model(ContactPair::StemOnPelvis), || model(ContactPair::FemurOnCup)),
        );
        Ok(PlannedJoint::of(JointParts {
            femur_reach_mm: reach_mm(&surfaces.femur.vertices),
            stem_reach_mm: reach_mm(&surfaces.stem.vertices),
            frames,
            neck,
            surfaces: [femur_on_pelvis?, stem_on_pelvis?, femur_on_cup?],
            spread: planned.motion_spread,
        }))
    }

    pub(super) const fn of(parts: JointParts) -> Self {
        PlannedJoint { parts }
    }

    /// How sure that is from which motion is computed.
    pub(super) fn spread(&self) -> &MotionSpread {
        &self.parts.spread
    }

    /// How far below the hip centre the femur is in the scan, where it ends above the tip of the stem: what is missing of it
    /// cannot meet anything, and the stem stands bare there.
    pub fn femur_cut_at_mm(&self) -> Option<f64> {
        (self.parts.femur_reach_mm < self.parts.stem_reach_mm).then_some(self.parts.femur_reach_mm)
    }

    /// Whether a contact is of a part of the stem that stands bare only because the femur is cut off in the scan.
    pub(super) fn is_bare_stem(&self, pair: ContactPair, angles: HipAngles, at: Point<Gravity>) -> bool {
        let in_femur = angles.rotation().inverse() * at.coords();
        pair == ContactPair::StemOnPelvis && self.femur_cut_at_mm().is_some_and(|cut_mm| -in_femur.y > cut_mm)
    }

    /// Where the joint turns.
    pub fn frames(&self) -> &JointFrames {
        &self.parts.frames
    }

    /// Head, neck and liner.
    pub(super) fn neck(&self) -> &NeckOnLiner {
        &self.parts.neck
    }

    /// How far each motion goes until each pair of [`ContactPair::ALL`] meets.
    pub fn reaches(&self, motions: &[Motion]) -> Vec<[Reach; 4]> {
        let [femur_on_pelvis, stem_on_pelvis, femur_on_cup] =
            self.parts.surfaces.each_ref().map(|model| model.limits(motions));
        let surfaces = femur_on_pelvis.into_iter().zip(stem_on_pelvis).zip(femur_on_cup);
        motions
            .iter()
            .zip(surfaces)
            .map(|(motion, ((a, b), c))| [self.neck_reach(motion), reach(a), reach(b), reach(c)])
            .collect()
    }

    fn neck_reach(&self, motion: &Motion) -> Reach {
        let limit = match self.parts.neck.limit(motion) {
            // Beyond its range nothing else is followed either.
            Limit::At(angle) if angle <= motion.range => angle,
            Limit::Blocked => Angle::ZERO,
            Limit::At(_) | Limit::Unlimited => return Reach { limit: None, at: None },
        };
        Reach { limit: Some(limit), at: self.parts.neck.clearance(motion.at(limit)).map(|(_, at)| at) }
    }

    /// How far a path goes until each pair of [`ContactPair::ALL`] meets; zero where it already meets at the start.
    pub(super) fn limits_on(&self, path: &Path) -> [Option<Angle>; 4] {
        let [a, b, c] = self
            .parts
            .surfaces
            .each_ref()
            .map(|model| model.first_contact(path).map(|met| met.place.travelled));
        [self.parts.neck.first_contact(path).map(|place| place.travelled), a, b, c]
    }

    /// The first pair of [`ContactPair::ALL`] that is in contact in a position.
    pub fn contact(&self, angles: HipAngles) -> Option<ContactPair> {
        if !self.parts.neck.is_free(angles) {
            return Some(ContactPair::NeckOnLiner);
        }
        let rotation = angles.rotation();
        let met = self.parts.surfaces.iter().position(|model| !model.is_free(&rotation))?;
        ContactPair::ALL.get(met + 1).copied()
    }

    /// The pair that is deepest in contact in a position.
    pub fn deepest_contact(&self, angles: HipAngles) -> Option<ContactPair> {
        let first = self.contact(angles)?;
        let deepest =
            self.clearances(&[angles]).pop().flatten().filter(|clearance| clearance.distance_mm <= 0.0);
        Some(deepest.map_or(first, |clearance| clearance.pair))
    }

    /// What a path first meets, and where on it; `None` where all of it is free.
    pub fn first_contact(&self, path: &Path) -> Option<(ContactPair, PathPlace)> {
        let neck = self.parts.neck.first_contact(path).map(|place| (ContactPair::NeckOnLiner, place));
        let surfaces = self.parts.surfaces.iter().zip(&ContactPair::ALL[1..]);
        let met = surfaces.filter_map(|(model, &pair)| Some((pair, model.first_contact(path)?.place)));
        neck.into_iter().chain(met).reduce(|a, b| if b.1.travelled < a.1.travelled { b } else { a })
    }

    /// The least clearance between the bodies in each position.
    pub fn clearances(&self, positions: &[HipAngles]) -> Vec<Option<PairClearance>> {
        let nearer = |(a, b): (Option<PairClearance>, Option<PairClearance>)| match (a, b) {
            (Some(a), Some(b)) => Some(if b.distance_mm < a.distance_mm { b } else { a }),
            (a, b) => a.or(b),
        };
        let all = ContactPair::ALL.into_iter().map(|pair| self.clearances_of(pair, positions));
        all.reduce(|least, more| least.into_iter().zip(more).map(nearer).collect()).unwrap_or_default()
    }

    /// The clearance between the bodies of one pair in each position.
    pub(super) fn clearances_of(
        &self,
        pair: ContactPair,
        positions: &[HipAngles],
    ) -> Vec<Option<PairClearance>> {
        let surfaces = match pair {
            ContactPair::NeckOnLiner => {
                let clearance = |&angles: &HipAngles| {
                    let (distance_mm, at) = self.parts.neck.clearance(angles)?;
                    Some(PairClearance { pair, distance_mm, at })
                };
                return positions.par_iter().map(clearance).collect();
            }
            ContactPair::FemurOnPelvis => &self.parts.surfaces[0],
            ContactPair::StemOnPelvis => &self.parts.surfaces[1],
            ContactPair::FemurOnCup => &self.parts.surfaces[2],
        };
        let clearance =
            |c: Clearance<Gravity>| PairClearance { pair, distance_mm: c.distance_mm, at: c.on_fixed };
        surfaces.clearances(positions).into_iter().map(|found| found.map(clearance)).collect()
    }

    /// Where a force of the cup on the head, in the pelvis, meets the bearing.
    pub fn load_place(&self, force_on_head: Vector<Gravity>) -> Option<LoadPlace> {
        self.parts.neck.load_place(force_on_head)
    }

    /// The pairs for a map, in the order of [`ContactPair::ALL`]; `None` of a joint whose bodies were made for an earlier plan.
    pub(super) fn pairs(&self) -> Option<Vec<Pair<'_, Gravity>>> {
        let surfaces = self.parts.surfaces.iter().map(|model| model.model_if_centred().map(Pair::Surfaces));
        std::iter::once(Some(self.parts.neck.pair())).chain(surfaces).collect()
    }

    /// Full cone of the neck in the flush part of the rim.
    pub fn oscillation(&self) -> Angle {
        self.parts.neck.oscillation()
    }

    /// The cup against gravity, pelvis tilted backwards by so much from supine.
    pub fn cup(&self, posterior_tilt: Angle) -> Radiographic<Gravity> {
        cup_in_posture(self.parts.neck.cup(), posterior_tilt)
    }

    /// How far the head centre moves sideways before the head leaves the liner, away from any lip (Sariali 2009).
    ///
    /// # Errors
    /// A head that the opening does not hold.
    pub fn jumping_distance_mm(&self, posterior_tilt: Angle) -> Result<f64, SimulateError> {
        let bearing = self.parts.neck.bearing();
        let depth_mm = match bearing.rim {
            Rim::Bevelled { depth_mm, .. } => depth_mm,
            Rim::Sharp { inset_mm } => inset_mm,
        };
        Ok(jumping_distance(bearing.head_diameter_mm, self.cup(posterior_tilt), -depth_mm)?)
    }
}

fn reach(limit: ContactLimit<Gravity>) -> Reach {
    match limit {
        ContactLimit::At { angle, touch } => Reach { limit: Some(angle), at: Some(touch.at) },
        ContactLimit::Free => Reach { limit: None, at: None },
        ContactLimit::BlockedAtStart(touch) => Reach { limit: Some(Angle::ZERO), at: Some(touch.at) },
    }
}
