//! Probability of success over the orientation of the cup, all else as in a design.
//!
//! What a sample does to the hip does not depend on where the cup is aimed, but for the cup itself: the positions of the hip, the
//! direction of the neck in them, whether bones and stem meet, and which directions from the cup's centre meet bone are found
//! once for a sample. An orientation is then a matter of scalar products with the cup's axis: a neck is free of the rim where
//! its product is not below the cosine of the free angle, a load is as far from the edge as its product says, and a direction is
//! covered where it lies behind the face.
//!
//! The femur against shell and liner is left out here, a criterion that allows an activity some contact counts as one that allows
//! none, and bones are asked with the hip centre of the design's own orientation, which that of an offset liner leaves by up to
//! the offset times the turn.

use super::criteria::{Group, Subject};
use super::error::OptimiseError;
use super::facts::Facts;
use super::hip::Placed;
use super::questions::Kind;
use super::sample::Sample;
use super::socket_field::Hold;
use super::study::{CriterionSource, Prepared, Study};
use crate::loads::LeverArm;
use crate::placement::socket::Seat;
use coxa_geometry::Quantity;
use nalgebra::{Rotation3, Vector3};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// Inclinations and anteversions of the map, in degrees.
const INCLINATIONS: RangeInclusive<i32> = 15..=75;
const ANTEVERSIONS: RangeInclusive<i32> = -10..=40;

/// Probability that criteria hold, by radiographic inclination and anteversion in the supine functional plane.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrientationMap {
    /// Rising by one degree.
    pub inclinations_deg: Vec<f64>,
    /// Rising by one degree.
    pub anteversions_deg: Vec<f64>,
    /// Samples for each orientation.
    pub samples: usize,
    /// Of all criteria: for each inclination those of all anteversions.
    pub success: Vec<Vec<f64>>,
    /// Of the criteria of motion and stability alone.
    pub motion: Vec<Vec<f64>>,
}

impl OrientationMap {
    /// Maps a design. `is_stopped` is asked now and then; a map that is stopped is `None`.
    pub(crate) fn new(
        study: &Study<'_>,
        prepared: &Prepared,
        samples: &[Sample],
        is_stopped: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<Self>, OptimiseError> {
        let asked = MapCriteria::new(study, prepared);
        let once: Vec<Once> = samples
            .par_iter()
            .map(|sample| asked.once(study, prepared, sample).ok_or(OptimiseError::Incomplete("sample")))
            .collect::<Result<_, _>>()?;
        let cells: Vec<(i32, i32)> =
            INCLINATIONS.flat_map(|ri| ANTEVERSIONS.map(move |ra| (ri, ra))).collect();
        let shares: Vec<Option<[f64; 2]>> = cells
            .par_iter()
            .map(|&(ri, ra)| {
                if is_stopped() {
                    return None;
                }
                Some(asked.shares(study, prepared, &once, [f64::from(ri), f64::from(ra)]))
            })
            .collect();
        let Some(shares) = shares.into_iter().collect::<Option<Vec<_>>>() else { return Ok(None) };
        let rows = |which: usize| -> Vec<Vec<f64>> {
            shares.chunks(ANTEVERSIONS.count()).map(|row| row.iter().map(|s| s[which]).collect()).collect()
        };
        Ok(Some(OrientationMap {
            inclinations_deg: INCLINATIONS.map(f64::from).collect(),
            anteversions_deg: ANTEVERSIONS.map(f64::from).collect(),
            samples: samples.len(),
            success: rows(0),
            motion: rows(1),
        }))
    }

    /// The orientation that is most likely to succeed, and how likely; of several the one nearest to their middle, `None` where none
    /// succeeds in any sample.
    pub fn best(&self) -> Option<([f64; 2], f64)> {
        let all = || {
            self.success.iter().zip(&self.inclinations_deg).flat_map(|(row, &ri)| {
                row.iter().zip(&self.anteversions_deg).map(move |(&share, &ra)| ([ri, ra], share))
            })
        };
        let most = all().map(|(_, share)| share).reduce(f64::max).filter(|most| *most > 0.0)?;
        let best: Vec<[f64; 2]> = all().filter(|(_, share)| *share == most).map(|(at, _)| at).collect();
        let middle = [0, 1].map(|i| best.iter().map(|at| at[i]).sum::<f64>() / best.len() as f64);
        let off = |at: &[f64; 2]| (at[0] - middle[0]).hypot(at[1] - middle[1]);
        best.into_iter().min_by(|a, b| off(a).total_cmp(&off(b))).map(|at| (at, most))
    }
}

/// Directions, component by component for the vector units.
#[derive(Default)]
struct Directions([Vec<f32>; 3]);

/// Products that are formed before one is looked at.
const BLOCK: usize = 64;

impl Directions {
    fn push(&mut self, v: Vector3<f64>) {
        for (axis, value) in self.0.iter_mut().zip(v.iter()) {
            axis.push(*value as f32);
        }
    }

    fn len(&self) -> usize {
        self.0[0].len()
    }

    fn get(&self, i: usize) -> Vector3<f64> {
        Vector3::new(f64::from(self.0[0][i]), f64::from(self.0[1][i]), f64::from(self.0[2][i]))
    }

    /// The first block in which a product with an axis is below a bound, beginning with a block that failed before.
    fn first_below(&self, axis: [f32; 3], bound: f32, likely: usize) -> Option<usize> {
        let blocks = self.len().div_ceil(BLOCK);
        let fails = |block: &usize| {
            let range = block * BLOCK..((block + 1) * BLOCK).min(self.len());
            let [x, y, z] = [0, 1, 2].map(|i| &self.0[i][range.clone()]);
            let least = x
                .iter()
                .zip(y)
                .zip(z)
                .map(|((x, y), z)| x * axis[0] + y * axis[1] + z * axis[2])
                .fold(f32::INFINITY, |a, b| if b < a { b } else { a });
            least < bound
        };
        if likely < blocks && fails(&likely) {
            return Some(likely);
        }
        (0..blocks).find(fails)
    }

    fn count_below(&self, axis: [f32; 3], bound: f32, weights: &[f32]) -> f32 {
        let [x, y, z] = &self.0;
        let product = x.iter().zip(y).zip(z).map(|((x, y), z)| x * axis[0] + y * axis[1] + z * axis[2]);
        product.zip(weights).map(|(p, w)| if p <= bound { *w } else { 0.0 }).sum()
    }
}

/// Necks that must keep the same angle off the rim.
struct Clear {
    /// Beyond contact.
    angle: f64,
    /// Instants of the study.
    instants: Vec<usize>,
}

/// The criteria as the map asks them.
struct MapCriteria {
    clear: Vec<Clear>,
    /// Where surfaces must be apart.
    apart: Vec<usize>,
    /// Loads must have this product with the cup's axis.
    load_bound: Option<f32>,
    /// Of the plan's numbers, those that the map computes by their definitions, and those of the cup in bone.
    numbers: Vec<usize>,
    in_bone: Vec<usize>,
    /// Directions about the cup's centre, in the pelvis.
    directions: Directions,
}

/// What a sample is, whatever the orientation.
struct Once {
    sample: Sample,
    is_apart: bool,
    necks: Vec<Directions>,
    loads: Directions,
    touched: Vec<f32>,
    lever_arm: Option<LeverArm>,
}

/// The numbers that the cup's hold in bone gives.
const IN_BONE: [Quantity; 3] = [Quantity::CupCoverage, Quantity::PressFitContact, Quantity::RimOverhang];

impl MapCriteria {
    fn new(study: &Study<'_>, prepared: &Prepared) -> Self {
        let opening = &prepared.bodies.opening;
        let mut clear: Vec<Clear> = Vec::new();
        let (mut apart, mut numbers, mut in_bone) = (Vec::new(), Vec::new(), Vec::new());
        let mut load_bound = None;
        for (index, (criterion, source)) in study.criteria.list.iter().zip(&study.sources).enumerate() {
            let quantity = match criterion.subject {
                Subject::Plan(quantity) => Some(quantity),
                _ => None,
            };
            match source {
                CriterionSource::Number(_) if quantity == Some(Quantity::EdgeLoading) => {
                    let angle = criterion.least.map(|least| opening.edge - 2.0 * least / opening.bearing_mm);
                    load_bound = angle.map(|angle| angle.max(0.0).cos() as f32);
                }
                CriterionSource::Number(_)
                    if quantity.is_some_and(|quantity| IN_BONE.contains(&quantity)) =>
                {
                    in_bone.push(index);
                }
                CriterionSource::Number(_) => numbers.push(index),
                CriterionSource::Question(question) => {
                    let Some(least) = criterion.least else { continue };
                    let (kind, range) = &study.questions[*question];
                    let (instants, degrees): (Vec<usize>, f64) = match kind {
                        Kind::Motion => {
                            let needed = |i: &usize| study.instants[*i].turn_deg <= least + 1e-9;
                            (range.clone().filter(needed).collect(), 0.0)
                        }
                        Kind::Activity => (range.clone().collect(), least.max(0.0)),
                    };
                    apart.extend(&instants);
                    match clear.iter_mut().find(|c| c.angle == degrees.to_radians()) {
                        Some(same) => same.instants.extend(instants),
                        None => clear.push(Clear { angle: degrees.to_radians(), instants }),
                    }
                }
            }
        }
        let mut directions = Directions::default();
        for &direction in study.field.directions() {
            directions.push(study.hip.in_pelvis(direction));
        }
        MapCriteria { clear, apart, load_bound, numbers, in_bone, directions }
    }

    fn once(&self, study: &Study<'_>, prepared: &Prepared, sample: &Sample) -> Option<Once> {
        let placed = study.hip.place(&prepared.parts, &prepared.design.placement, &sample.miss)?;
        let rotation = |&i: &usize| study.instants[i].rotation(&sample.stance);
        let positions: Vec<Rotation3<f64>> = self.apart.iter().map(rotation).collect();
        let is_apart = prepared.bodies.bones_are_free(&placed, &positions).into_iter().all(|free| free);
        let necks = self.clear.iter().map(|clear| {
            let mut necks = Directions::default();
            clear.instants.iter().map(rotation).for_each(|r| necks.push(r * placed.neck));
            necks
        });
        let mut loads = Directions::default();
        for instant in &study.loaded {
            let force = instant.force_in_pelvis(&sample.stance);
            if let Some(force) = force.and_then(|force| force.try_normalize(0.0)) {
                loads.push(force);
            }
        }
        let radius = prepared.parts.cup_size_mm / 2.0;
        let touched = study.field.touched(placed.pose.cup_centre, radius, sample.bone_outside_mm);
        Some(Once {
            sample: *sample,
            is_apart,
            necks: necks.collect(),
            loads,
            lever_arm: study.lever_arm(&placed),
            touched: touched.into_iter().map(|touches| if touches { 1.0 } else { 0.0 }).collect(),
        })
    }

    /// Parts of the samples in which all criteria hold, and those of motion and stability.
    fn shares(&self, study: &Study<'_>, prepared: &Prepared, once: &[Once], [ri, ra]: [f64; 2]) -> [f64; 2] {
        let mut placement = prepared.design.placement;
        (placement.inclination_deg, placement.anteversion_deg) = (ri, ra);
        let mut likely = vec![0; self.clear.len()];
        let mut counts = [0usize; 2];
        for one in once.iter().filter(|one| one.is_apart) {
            let Some(placed) = study.hip.place(&prepared.parts, &placement, &one.sample.miss) else {
                continue;
            };
            let axis = placed.cup * Vector3::z();
            let axis = [axis.x as f32, axis.y as f32, axis.z as f32];
            if !self.is_clear(prepared, one, &placed.cup, axis, &mut likely) {
                continue;
            }
            if self.load_bound.is_some_and(|bound| one.loads.first_below(axis, bound, 0).is_some()) {
                continue;
            }
            let mut facts = study.facts_without(prepared, &placed, &one.sample, one.lever_arm.as_ref());
            if !self.hold(study, &facts, &self.numbers, |group| group == Group::Stability) {
                continue;
            }
            counts[1] += 1;
            if !self.hold(study, &facts, &self.numbers, |group| group != Group::Stability) {
                continue;
            }
            if !self.in_bone.is_empty() {
                facts.hold = Some(self.cup_in_bone(study, prepared, one, axis, &placed));
                if !self.hold(study, &facts, &self.in_bone, |_| true) {
                    continue;
                }
            }
            counts[0] += 1;
        }
        counts.map(|count| count as f64 / once.len().max(1) as f64)
    }

    /// Whether no neck is too near to the rim.
    fn is_clear(
        &self,
        prepared: &Prepared,
        one: &Once,
        cup: &Rotation3<f64>,
        axis: [f32; 3],
        likely: &mut [usize],
    ) -> bool {
        let opening = &prepared.bodies.opening;
        let (narrow, wide) = opening.half_angles();
        self.clear.iter().zip(&one.necks).zip(likely).all(|((clear, necks), likely)| {
            // Within the narrowest part of the rim all are free, beyond the widest none.
            match necks.first_below(axis, (narrow - clear.angle).max(0.0).cos() as f32, *likely) {
                None => true,
                Some(block) => {
                    let surely_met =
                        necks.first_below(axis, (wide - clear.angle).max(0.0).cos() as f32, block);
                    *likely = surely_met.unwrap_or(block);
                    let to_cup = cup.inverse();
                    surely_met.is_none()
                        && (0..necks.len()).all(|i| opening.margin(&(to_cup * necks.get(i))) >= clear.angle)
                }
            }
        })
    }

    fn hold(&self, study: &Study<'_>, facts: &Facts, which: &[usize], group: impl Fn(Group) -> bool) -> bool {
        which.iter().all(|&index| {
            let criterion = &study.criteria.list[index];
            let CriterionSource::Number(number) = study.sources[index] else { return true };
            !group(criterion.group) || study.margin(index, number(facts)).is_none_or(|margin| margin >= 0.0)
        })
    }

    fn cup_in_bone(
        &self,
        study: &Study<'_>,
        prepared: &Prepared,
        one: &Once,
        axis: [f32; 3],
        placed: &Placed,
    ) -> Hold {
        let (top, edge) = Seat::belt(&prepared.parts.cup, prepared.parts.cup_size_mm);
        let ones = vec![1.0; one.touched.len()];
        let count = |bound: f64, weights: &[f32]| self.directions.count_below(axis, bound as f32, weights);
        let (all, touched) = (count(top, &ones), count(top, &one.touched));
        let (low, low_touched) = (count(edge, &ones), count(edge, &one.touched));
        let share = |touched: f32, of: f32| f64::from(touched) / f64::from(of.max(1.0));
        Hold {
            coverage: share(touched, all),
            press_fit: share(touched - low_touched, all - low),
            overhang_mm: study.field.overhang(
                &study.hip.bones,
                &prepared.parts.cup,
                prepared.parts.cup_size_mm,
                placed,
                one.sample.bone_outside_mm,
            ),
        }
    }
}
