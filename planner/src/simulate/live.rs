//! The joint of plans that follow one another, as while a component is dragged: bodies that stay what they are are not made again,
//! they are mounted where the new plan has them.
//!
//! A cup that is moved or turned leaves all bodies as they are. A stem that is moved is a new resection, so that the femur is
//! made anew, but nothing of the pelvis is, which takes most of the time; other parts make their own bodies anew.

use super::error::SimulateError;
use super::frames::JointFrames;
use super::joint::{JointParts, PlannedJoint};
use super::neck::NeckOnLiner;
use super::pair::ContactPair;
use super::surfaces::{JointSurfaces, reach_mm};
use crate::Sketch;
use crate::implants::Catalogue;
use crate::placement::{PreparedHip, Refusal};
use crate::plan::{CupPlan, Plan, StemPlan};
use coxa_geometry::frame::{Cup, Femur, Gravity, Stem};
use coxa_geometry::{Point, Transform, Vector};
use coxa_rom::contact::{ContactModel, FixedSide, Mount, Mounted};
use nalgebra::Isometry3;
use rayon::prelude::*;
use std::sync::Arc;

/// How far head and cup may be moved from where bodies were made before these are made anew: further than anybody drags at
/// a time, and little enough that bodies stay small.
const PLAY_MM: f64 = 15.0;

/// Why there is no joint of a plan.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// The plan cannot be carried out.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The joint cannot be simulated.
    #[error(transparent)]
    Simulate(#[from] SimulateError),
}

/// Bodies of earlier plans of one hip.
#[derive(Default)]
pub struct LiveJoint {
    kept: [Option<KeptBodies>; 3],
    sides: Vec<KeptSide>,
    last: Option<Last>,
}

/// What of the plan whose bodies were made last says how far down femur and stem reach.
struct Last {
    femur_reach_mm: f64,
    stem: Vec<Point<Femur>>,
    place: Place,
}

/// Bodies of a pair with the places in which they were made.
struct KeptBodies {
    key: String,
    model: Arc<ContactModel<Gravity>>,
    made: Made,
}

/// What of the pelvis belongs to some pair, with the place in which it was made.
#[derive(Clone)]
struct KeptSide {
    key: String,
    side: Arc<FixedSide<Gravity>>,
    place: Place,
}

/// Where the pelvis' side and the femur's were made.
#[derive(Clone, Copy)]
struct Made {
    pelvis: Place,
    femur: Place,
}

/// Where a plan puts what belongs to the joint.
#[derive(Clone, Copy)]
struct Place {
    /// The hip centre in the pelvis' axes, from a point that all plans have in common.
    centre: Vector<Gravity>,
    cup: Transform<Cup, Gravity>,
    /// The scanned femur's step to the reduced hip, seen from the hip centre, in the femur's axes.
    femur: Vector<Femur>,
    stem: Transform<Stem, Femur>,
}

impl LiveJoint {
    /// Nothing made yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The joint of a plan.
    ///
    /// # Errors
    /// A plan that cannot be carried out, components without sense.
    pub fn joint(
        &mut self,
        hip: &PreparedHip<'_>,
        sketch: &Sketch,
        catalogue: &Catalogue,
    ) -> Result<PlannedJoint, LiveError> {
        let plan = &sketch.plan;
        let frames = JointFrames::new(plan.side, sketch.pose.hip_centre, hip.input().anatomy);
        let neck = NeckOnLiner::new(&sketch.components, &sketch.pose, &frames)?;
        let place = Place::new(sketch, &frames)?;
        let keys = Keys::of(plan);
        let pairs = [ContactPair::FemurOnPelvis, ContactPair::StemOnPelvis, ContactPair::FemurOnCup];
        let missing: Vec<ContactPair> = pairs
            .into_iter()
            .zip(&self.kept)
            .filter(|(pair, kept)| {
                !kept
                    .as_ref()
                    .is_some_and(|kept| kept.key == keys.of_pair(*pair) && kept.takes(*pair, &place))
            })
            .map(|(pair, _)| pair)
            .collect();
        if !missing.is_empty() {
            let planned = hip.realise(plan, catalogue)?;
            let surfaces = JointSurfaces::new(&planned, &frames)?;
            self.make_sides(&missing, &keys, &surfaces, &place)?;
            let made: Vec<_> = missing
                .into_par_iter()
                .filter_map(|pair| {
                    let side = self.side(pair, &keys, &place)?;
                    let model = surfaces.against(pair, side.side.clone(), PLAY_MM)?;
                    Some((pair, side.place, model))
                })
                .collect();
            for (pair, pelvis, model) in made {
                let model = Arc::new(model.map_err(SimulateError::from)?);
                let made = Made { pelvis, femur: place };
                let kept = KeptBodies { key: keys.of_pair(pair).to_owned(), model, made };
                if let Some(slot) = pairs.iter().position(|p| *p == pair) {
                    self.kept[slot] = Some(kept);
                }
            }
            self.last = Some(Last {
                femur_reach_mm: reach_mm(&surfaces.femur.vertices),
                stem: surfaces.stem.vertices,
                place,
            });
        }
        let mounted = pairs.into_iter().zip(&self.kept).map(|(pair, kept)| {
            let kept = kept.as_ref().ok_or(SimulateError::Incomplete("joint"))?;
            Ok(Mounted::new(kept.model.clone(), kept.made.mount(pair, &place))?)
        });
        let mounted: Vec<Mounted<Gravity>> = mounted.collect::<Result<_, SimulateError>>()?;
        let surfaces = mounted.try_into().map_err(|_| SimulateError::Incomplete("joint"))?;
        let (femur_reach_mm, stem_reach_mm) = self.reaches(&place);
        Ok(PlannedJoint::of(JointParts {
            frames,
            neck,
            surfaces,
            femur_reach_mm,
            stem_reach_mm,
            spread: sketch.motion_spread,
        }))
    }

    /// What of the pelvis is kept that serves a pair.
    fn side(&self, pair: ContactPair, keys: &Keys, now: &Place) -> Option<&KeptSide> {
        let serves = |side: &&KeptSide| side.key == keys.of_pelvis(pair) && side.takes(pair, now);
        self.sides.iter().find(serves)
    }

    /// Makes what of the pelvis is missing for some pairs, and drops what none of these has any use for.
    fn make_sides(
        &mut self,
        pairs: &[ContactPair],
        keys: &Keys,
        surfaces: &JointSurfaces,
        place: &Place,
    ) -> Result<(), SimulateError> {
        let mut missing: Vec<ContactPair> = Vec::new();
        for &pair in pairs {
            let is_new = missing.iter().all(|&other| keys.of_pelvis(other) != keys.of_pelvis(pair));
            if self.side(pair, keys, place).is_none() && is_new {
                missing.push(pair);
            }
        }
        let made: Vec<_> =
            missing.into_par_iter().filter_map(|pair| Some((pair, surfaces.fixed(pair)?))).collect();
        let asked = pairs.iter().filter_map(|&pair| self.side(pair, keys, place));
        let mut kept: Vec<KeptSide> = asked.cloned().collect();
        for (pair, side) in made {
            let side = Arc::new(side.map_err(SimulateError::from)?);
            kept.push(KeptSide { key: keys.of_pelvis(pair).to_owned(), side, place: *place });
        }
        // Of the pairs that are not asked for now, what may be asked for next.
        let others = std::mem::take(&mut self.sides).into_iter();
        let others: Vec<KeptSide> = others
            .filter(|side| keys.has_pelvis(&side.key) && kept.iter().all(|k| k.key != side.key))
            .collect();
        kept.extend(others);
        self.sides = kept;
        Ok(())
    }

    /// How far below the hip centre femur and stem reach.
    fn reaches(&self, place: &Place) -> (f64, f64) {
        let Some(Last { femur_reach_mm, stem, place: then }) = &self.last else { return (0.0, 0.0) };
        let moved = then.stem.inverse().then(&place.stem);
        let stem = stem.iter().map(|v| -moved.apply(*v).y()).fold(0.0, f64::max);
        ((femur_reach_mm - (place.femur - then.femur).y()).max(0.0), stem)
    }
}

impl KeptBodies {
    fn takes(&self, pair: ContactPair, now: &Place) -> bool {
        self.made.mount(pair, now).off_mm() <= PLAY_MM
    }
}

impl KeptSide {
    fn takes(&self, pair: ContactPair, now: &Place) -> bool {
        Made { pelvis: self.place, femur: *now }.mount(pair, now).off_mm() <= PLAY_MM
    }
}

impl Place {
    fn new(sketch: &Sketch, frames: &JointFrames) -> Result<Self, SimulateError> {
        Ok(Place {
            centre: frames.centre_in_pelvis(),
            cup: frames.cup(&sketch.pose.cup_frame).ok_or(SimulateError::Incomplete("cup"))?,
            femur: frames.femur_step(&sketch.pose.reduced()),
            stem: frames
                .stem(&sketch.pose.stem_frame, &sketch.pose.reduced())
                .ok_or(SimulateError::Incomplete("stem"))?,
        })
    }
}

impl Made {
    /// How bodies that were made there stand at a joint that is here now.
    fn mount(&self, pair: ContactPair, now: &Place) -> Mount<Gravity> {
        let pelvis = Transform::from_isometry(translation((now.centre - self.pelvis.centre).coords()));
        let femur = Transform::from_isometry(translation((now.femur - self.femur.femur).coords()));
        match pair {
            // The neck has no surfaces; it is never asked.
            ContactPair::NeckOnLiner => Mount::centred(),
            ContactPair::FemurOnPelvis => Mount::new(pelvis, femur),
            ContactPair::StemOnPelvis => {
                let stem = match self.femur.stem == now.stem {
                    true => Transform::identity(),
                    false => self.femur.stem.inverse().then(&now.stem),
                };
                Mount::new(pelvis, stem)
            }
            ContactPair::FemurOnCup => {
                let cup = match self.pelvis.cup == now.cup {
                    true => Transform::identity(),
                    false => now.cup.inverse().then(&self.pelvis.cup),
                };
                Mount::new(cup, femur)
            }
        }
    }
}

fn translation(by: nalgebra::Vector3<f64>) -> Isometry3<f64> {
    Isometry3::from_parts(by.into(), nalgebra::UnitQuaternion::identity())
}

/// What the bodies of a plan depend on, but for where cup and head are.
struct Keys {
    /// The femur after its resection.
    cut: String,
    stem_on_pelvis: String,
    femur_on_cup: String,
    /// Screws in the pelvis.
    pinned: String,
    cup: String,
}

impl Keys {
    fn of(plan: &Plan) -> Self {
        let StemPlan {
            family,
            size,
            neck_shaft_deg,
            offset,
            origin_mm,
            axis,
            version_deg,
            version_reference,
        } = &plan.stem;
        let cut = format!("{family} {size} {origin_mm:?} {axis:?} {version_deg:?} {version_reference}");
        let stem = format!("{family} {size} {neck_shaft_deg:?} {offset}");
        // Screws move with the cup, so that they make other bodies of the pelvis.
        let pinned = if plan.cup.screws.is_empty() {
            String::new()
        } else {
            format!("{:?} {:?}", plan.cup, plan.liner)
        };
        let CupPlan { family, size_mm, screws, .. } = &plan.cup;
        let cup = format!("cup {family} {size_mm} {:?} {screws:?} {}", plan.liner, plan.head.diameter_mm);
        Keys {
            stem_on_pelvis: format!("{stem} {pinned}"),
            femur_on_cup: format!("{cut} {cup}"),
            cut,
            pinned,
            cup,
        }
    }

    /// What of the pelvis belongs to a pair. Without screws it is the same of femur and stem.
    fn of_pelvis(&self, pair: ContactPair) -> &str {
        match pair {
            ContactPair::NeckOnLiner | ContactPair::FemurOnPelvis => "",
            ContactPair::StemOnPelvis => &self.pinned,
            ContactPair::FemurOnCup => &self.cup,
        }
    }

    fn has_pelvis(&self, key: &str) -> bool {
        ContactPair::ALL.iter().any(|&pair| self.of_pelvis(pair) == key)
    }

    fn of_pair(&self, pair: ContactPair) -> &str {
        match pair {
            ContactPair::NeckOnLiner | ContactPair::FemurOnPelvis => &self.cut,
            ContactPair::StemOnPelvis => &self.stem_on_pelvis,
            ContactPair::FemurOnCup => &self.femur_on_cup,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::PlanOptions;
    use crate::placement::synthetic::Case;
    use coxa_activity::posture::Posture;
    use coxa_geometry::Angle;

    /// Cup moved and turned, head changed, stem turned: the live joint against one made from nothing.
    #[test]
    fn a_moved_joint_has_the_limits_of_one_made_anew() {
        let catalogue = Catalogue::builtin();
        for case in [Case::right(), Case::right().mirrored()] {
            let hip = PreparedHip::new(case.input(PlanOptions::default())).unwrap();
            let mut plan = case.plan(PlanOptions::default()).sketch.plan;
            let mut live = LiveJoint::new();
            let mut models: Option<[*const ContactModel<Gravity>; 3]> = None;
            for step in 0..5 {
                match step {
                    1 => plan.cup.centre_mm = plan.cup.centre_mm + Vector::new(2.0, -1.5, 3.0),
                    2 => {
                        plan.cup.inclination_deg = plan.cup.inclination_deg + Angle::from_degrees(12.0);
                        plan.cup.anteversion_deg = plan.cup.anteversion_deg - Angle::from_degrees(9.0);
                    }
                    3 => plan.head.offset_mm = if plan.head.offset_mm < 3.0 { 3.5 } else { 0.0 },
                    4 => plan.stem.version_deg = plan.stem.version_deg + Angle::from_degrees(6.0),
                    _ => {}
                }
                let sketch = hip.sketch(&plan, &catalogue).unwrap();
                let joint = live.joint(&hip, &sketch, &catalogue).unwrap();
                let planned = hip.realise(&plan, &catalogue).unwrap();
                let anew = PlannedJoint::new(&planned, &case.anatomy).unwrap();
                let [moved, anew_limits] =
                    [&joint, &anew].map(|j| j.required_limits(Posture::Supine, Angle::ZERO));
                assert!(moved.iter().any(|limit| limit.limit_deg.is_some()));
                for (a, b) in moved.iter().zip(&anew_limits) {
                    let name = &a.motion.name;
                    for (a, b) in a.pairs.iter().zip(&b.pairs) {
                        assert_eq!(
                            a.limit_deg.is_some(),
                            b.limit_deg.is_some(),
                            "{step} {name} {:?}",
                            a.pair
                        );
                        let off = a.limit_deg.zip(b.limit_deg).map_or(0.0, |(a, b)| (a - b).abs().degrees());
                        assert!(off <= 0.12, "step {step} {name} {:?}: {off}", a.pair);
                    }
                    assert_eq!(a.verdict, b.verdict, "{step} {name}");
                }
                assert!((joint.femur_cut_at_mm().is_some()) == (anew.femur_cut_at_mm().is_some()));
                // The cup's moves and the head's leave the bodies; the stem's takes those of the femur.
                let now = live.kept.each_ref().map(|kept| Arc::as_ptr(&kept.as_ref().unwrap().model));
                if let Some(before) = models {
                    let same: Vec<bool> = now.iter().zip(before).map(|(a, b)| *a == b).collect();
                    assert_eq!(same, [step != 4, true, step != 4], "{step}");
                }
                models = Some(now);
            }
        }
    }
}
