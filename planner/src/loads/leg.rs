//! A patient's leg, compiled: lengths, lever arms and strength of its muscles in one position.

use super::results::{Abductors, DropReserve, MOST_DROP_DEG, MuscleState};
use super::strength::is_abductor;
use coxa_muscle::model::Model;
use coxa_muscle::{Musculotendon, MusculotendonError, PathError, Paths, Posture, Skeleton, SkeletonError};
use nalgebra::Vector3;

/// Names of the hip's coordinates in the model, without side: flexion, adduction and internal rotation positive.
const HIP: [&str; 3] = ["hip_flexion", "hip_adduction", "hip_rotation"];
/// A muscle whose lever arms are all smaller does not cross the hip, m.
const NO_ARM_M: f64 = 1e-6;
/// The steps in which a pelvis drops.
const DROP_STEP_DEG: f64 = 0.25;
/// Parts of the greatest drop whose reserve is told.
const SHOWN_DROPS: usize = 4;

/// Why a model is not that of a leg.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LegError {
    /// It has no such coordinate.
    #[error("the model has no coordinate that begins with `{0}`")]
    NoCoordinate(&'static str),
    /// Its joints make no tree.
    #[error(transparent)]
    Skeleton(#[from] SkeletonError),
    /// A path refers to what is not there.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A muscle without sense.
    #[error(transparent)]
    Muscle(#[from] MusculotendonError),
}

/// A leg that can be asked.
#[derive(Debug, Clone)]
pub(crate) struct PatientLeg {
    pub(crate) model: Model,
    pub(crate) skeleton: Skeleton,
    paths: Paths,
    muscles: Vec<Musculotendon>,
    /// Places of the hip's coordinates.
    hip: [usize; 3],
}

/// A muscle in one position: length in m, lever arms of flexion, adduction and internal rotation in m.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Reading {
    pub(crate) length: f64,
    pub(crate) arms: Vector3<f64>,
}

impl PatientLeg {
    /// Compiles a model.
    ///
    /// # Errors
    /// Any [`LegError`].
    pub(crate) fn new(model: &Model) -> Result<Self, LegError> {
        let model = model.clone();
        let skeleton = Skeleton::new(&model)?;
        let paths = Paths::new(&model, &skeleton)?;
        let muscles = model.muscles.iter().map(Musculotendon::new).collect::<Result<_, _>>()?;
        let place = |name: &'static str| {
            let found = skeleton.coordinates().iter().position(|own| own.starts_with(name));
            found.ok_or(LegError::NoCoordinate(name))
        };
        let [flexion, adduction, rotation] = HIP.map(place);
        let hip = [flexion?, adduction?, rotation?];
        Ok(PatientLeg { model, skeleton, paths, muscles, hip })
    }

    /// The paths of its muscles.
    pub(crate) fn paths(&self) -> &Paths {
        &self.paths
    }

    /// Places of the hip's coordinates: flexion, adduction, internal rotation.
    pub(crate) fn hip(&self) -> [usize; 3] {
        self.hip
    }

    /// Every muscle with the hip at these angles in radians (flexion, adduction, internal rotation), everything else as the model stands.
    pub(crate) fn readings(&self, hip: [f64; 3]) -> Vec<Reading> {
        let mut q = self.skeleton.defaults().to_vec();
        for (place, value) in self.hip.into_iter().zip(hip) {
            q[place] = value;
        }
        self.skeleton.couple(&mut q);
        let mut posture = Posture::default();
        self.skeleton.place(&q, &mut posture);
        let mut arms = vec![0.0; q.len()];
        (0..self.muscles.len())
            .map(|n| {
                let length = self.paths.length(n, &self.skeleton, &q, &posture, Some(&mut arms));
                Reading { length, arms: Vector3::from(self.hip.map(|place| arms[place])) }
            })
            .collect()
    }

    /// Whether each muscle has a lever arm about the hip, standing upright.
    pub(crate) fn crosses_hip(&self) -> Vec<bool> {
        self.readings([0.0; 3]).iter().map(|reading| reading.arms.amax() > NO_ARM_M).collect()
    }

    /// Length of a muscle's fibres over that at which they are strongest, tendon rigid, at a length with tendon in m.
    pub(crate) fn fibre_ratio(&self, muscle: usize, length: f64) -> f64 {
        let at_rest = self.muscles[muscle].with_rigid_tendon(0.0, length, 0.0);
        at_rest.fibre_length / self.model.muscles[muscle].optimal_fibre_length
    }

    /// A muscle as results have it.
    pub(crate) fn state(&self, muscle: usize, reading: &Reading) -> MuscleState {
        let [flexion_arm_mm, adduction_arm_mm, internal_rotation_arm_mm] =
            reading.arms.map(|m| 1e3 * m).into();
        MuscleState {
            length_mm: 1e3 * reading.length,
            fibre_length_ratio: self.fibre_ratio(muscle, reading.length),
            flexion_arm_mm,
            adduction_arm_mm,
            internal_rotation_arm_mm,
        }
    }

    /// Greatest moment of abduction of the abductors with the hip in some adduction, N m, at full activation with passive force.
    fn abduction_moment(&self, adduction: f64) -> f64 {
        let readings = self.readings([0.0, adduction, 0.0]);
        let moment = |(n, reading): (usize, &Reading)| {
            let pulls = self.muscles[n].with_rigid_tendon(1.0, reading.length, 0.0);
            -reading.arms.y * pulls.tendon_force.max(0.0)
        };
        let abductors =
            readings.iter().enumerate().filter(|(n, _)| is_abductor(&self.model.muscles[*n].name));
        abductors.map(moment).sum()
    }

    /// Mean lever arm of the abductors, standing, weighted by strength, of this leg on a skeleton of its own form: that of the leg, or one
    /// whose hip was moved.
    pub(crate) fn abductor_arm_mm(&self, skeleton: &Skeleton) -> f64 {
        let mut q = skeleton.defaults().to_vec();
        for place in self.hip {
            q[place] = 0.0;
        }
        skeleton.couple(&mut q);
        let mut posture = Posture::default();
        skeleton.place(&q, &mut posture);
        let mut arms = vec![0.0; q.len()];
        let (mut lever, mut strength) = (0.0, 0.0);
        for (n, muscle) in self.model.muscles.iter().enumerate().filter(|(_, m)| is_abductor(&m.name)) {
            self.paths.length(n, skeleton, &q, &posture, Some(&mut arms));
            lever -= arms[self.hip[1]] * muscle.max_isometric_force;
            strength += muscle.max_isometric_force;
        }
        if strength > 0.0 { 1e3 * lever / strength } else { 0.0 }
    }

    /// How much of an error of one muscle's arm, the same in size and independent in each, is left in the mean of the abductors.
    pub(crate) fn abductor_share(&self) -> f64 {
        let abductors = self.model.muscles.iter().filter(|muscle| is_abductor(&muscle.name));
        let (sum, squares) = abductors.fold((0.0, 0.0), |(sum, squares), muscle| {
            let strength = muscle.max_isometric_force;
            (sum + strength, squares + strength * strength)
        });
        if sum > 0.0 { squares.sqrt() / sum } else { 0.0 }
    }

    /// The abductors together, where standing on this leg asks a moment of abduction of them, N m; without it nothing is known of what it
    /// leaves.
    ///
    /// As the pelvis drops to the other side with the trunk upright over its middle, the weight comes nearer to the hip by the cosine of
    /// the drop, and the abductors grow longer: their moment is that at this adduction.
    pub(crate) fn abductors(&self, asked_n_m: Option<f64>) -> Abductors {
        let steps = (MOST_DROP_DEG / DROP_STEP_DEG) as usize;
        let at = |step: usize| DROP_STEP_DEG * step as f64;
        let reserve = |drop_deg: f64| {
            let drop = drop_deg.to_radians();
            let moment = self.abduction_moment(drop);
            (moment > 0.0).then_some(1.0 - asked_n_m? * drop.cos() / moment)
        };
        let limit = |_| {
            let fails = (0..=steps).find(|&step| reserve(at(step)).is_none_or(|reserve| reserve < 0.0));
            fails.map_or(MOST_DROP_DEG, |step| at(step.saturating_sub(1)))
        };
        let shown = (0..=SHOWN_DROPS).map(|n| MOST_DROP_DEG * n as f64 / SHOWN_DROPS as f64);
        Abductors {
            lever_arm_mm: self.abductor_arm_mm(&self.skeleton),
            moment_n_m: self.abduction_moment(0.0),
            needed_n_m: asked_n_m,
            reserve: reserve(0.0),
            pelvic_drop_limit_deg: asked_n_m.map(limit),
            reserve_by_drop: shown
                .filter_map(|drop_deg| Some(DropReserve { drop_deg, reserve: reserve(drop_deg)? }))
                .collect(),
        }
    }
}
