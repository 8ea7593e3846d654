//! What is asked of a simulation.

use coxa_activity::posture::{PelvicTilts, Posture, SpinalMobility};
use coxa_activity::{Activity, ActivityError};
use coxa_geometry::Angle;
use serde::{Deserialize, Serialize};

/// What to simulate.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimulationOptions {
    /// Posture of the patient, which sets the pelvic tilt.
    pub posture: Posture,
    /// Tilt of the pelvis from supine instead of the posture's own, backwards positive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pelvic_tilt_deg: Option<Angle>,
    /// How far the spine lets the pelvis roll back in sitting; else the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spine: Option<SpinalMobility>,
    /// Names of the activities to run; none are all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub activities: Vec<String>,
    /// Whether to map the whole range of motion.
    pub map: bool,
}

/// Why a simulation cannot be what was asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum OptionsError {
    /// There is no such activity.
    #[error(transparent)]
    Activity(#[from] ActivityError),
    /// Outside what a pelvis does.
    #[error("a pelvic tilt of {degrees:.1} degrees is outside {} to {}", -MOST_TILT_DEG, MOST_TILT_DEG)]
    Tilt {
        /// What was asked for.
        degrees: f64,
    },
    /// Tilts count from supine.
    #[error(
        "tilt is measured from supine, so a supine pelvis has none; name another posture, such as standing or sitting"
    )]
    SupineTilt,
}

/// Largest tilt from supine, either way: hypermobile and fused spines stay within.
pub(crate) const MOST_TILT_DEG: f64 = 60.0;

impl SimulationOptions {
    /// The tilt of the pelvis from supine, backwards positive.
    pub fn tilt(&self) -> Angle {
        self.pelvic_tilt_deg.unwrap_or_else(|| self.usual_tilts().in_posture(self.posture))
    }

    fn usual_tilts(&self) -> PelvicTilts {
        PelvicTilts::usual(self.spine.unwrap_or_default())
    }

    /// Tilts of this patient's pelvis: the one named, and what is usual in the other postures.
    pub fn tilts(&self) -> PelvicTilts {
        let mut tilts = self.usual_tilts();
        match self.posture {
            Posture::Supine => {}
            Posture::Standing => tilts.standing = self.tilt(),
            Posture::Sitting => tilts.sitting = self.tilt(),
            Posture::FlexedSeated => tilts.flexed_seated = self.tilt(),
        }
        tilts
    }

    /// The activities to run.
    ///
    /// # Errors
    /// A name that no activity has.
    pub fn activities(&self) -> Result<Vec<&'static Activity>, ActivityError> {
        if self.activities.is_empty() {
            return Ok(Activity::catalogue().iter().collect());
        }
        self.activities.iter().map(|name| Ok(Activity::named(name)?.activity)).collect()
    }

    /// Replaces former names of activities by those of today, with a line for each.
    ///
    /// # Errors
    /// A name that no activity has.
    pub fn update_names(&mut self) -> Result<Vec<String>, ActivityError> {
        let mut notices = Vec::new();
        for name in &mut self.activities {
            let found = Activity::named(name)?;
            notices.extend(found.notice());
            name.clone_from(&found.activity.name);
        }
        Ok(notices)
    }

    /// Checks what a user may have asked for.
    ///
    /// # Errors
    /// Any [`OptionsError`].
    pub fn check(&self) -> Result<(), OptionsError> {
        self.activities()?;
        match self.pelvic_tilt_deg.map(Angle::degrees) {
            // Degrees come back from radians with a rounding error; the bounds themselves are allowed.
            Some(degrees) if degrees.is_nan() || degrees.abs() > MOST_TILT_DEG + 1e-9 => {
                Err(OptionsError::Tilt { degrees })
            }
            Some(_) if self.posture == Posture::Supine => Err(OptionsError::SupineTilt),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_posture_has_its_usual_tilt_unless_another_is_named() {
        let tilt = |posture, degrees: Option<f64>| {
            let pelvic_tilt_deg = degrees.map(Angle::from_degrees);
            SimulationOptions { posture, pelvic_tilt_deg, ..Default::default() }.tilt().degrees()
        };
        assert_eq!(tilt(Posture::Supine, None), 0.0);
        assert_eq!(tilt(Posture::Sitting, None), Posture::Sitting.pelvic_tilt().degrees());
        assert!((tilt(Posture::Sitting, Some(-7.0)) + 7.0).abs() < 1e-12);
    }

    #[test]
    fn activities_are_all_unless_some_are_named() {
        let of = |names: &[&str]| {
            let activities = names.iter().map(|name| (*name).to_owned()).collect();
            SimulationOptions { activities, ..Default::default() }
        };
        assert_eq!(of(&[]).activities().unwrap().len(), Activity::catalogue().len());
        assert_eq!(of(&["squat"]).activities().unwrap()[0].name, "squat");
        let message = of(&["squat", "walkin"]).check().unwrap_err().to_string();
        assert!(message.contains("`walkin`") && message.contains("nearest are walking, "), "{message}");
        let mut former = of(&["level-walking", "squat", "chair"]);
        assert_eq!(former.update_names().unwrap().len(), 2);
        assert_eq!(former, of(&["walking", "squat", "chair_rise"]));
    }

    #[test]
    fn a_tilt_that_is_named_is_that_of_its_posture_alone() {
        let tilts = SimulationOptions {
            posture: Posture::Sitting,
            pelvic_tilt_deg: Some(Angle::from_degrees(3.0)),
            ..Default::default()
        };
        let usual = PelvicTilts::default();
        assert!((tilts.tilts().sitting.degrees() - 3.0).abs() < 1e-12);
        assert_eq!(tilts.tilts().standing, usual.standing);
        assert_eq!(SimulationOptions::default().tilts(), usual);
    }

    #[test]
    fn tilts_that_no_pelvis_has_are_refused() {
        let check = |degrees: f64| {
            let pelvic_tilt_deg = Some(Angle::from_degrees(degrees));
            SimulationOptions { posture: Posture::Standing, pelvic_tilt_deg, ..Default::default() }.check()
        };
        let supine = SimulationOptions { pelvic_tilt_deg: Some(Angle::ZERO), ..Default::default() };
        assert_eq!(supine.check(), Err(OptionsError::SupineTilt));
        assert!(check(-60.0).is_ok() && check(60.0).is_ok());
        for wrong in [61.0, -90.0, f64::NAN, f64::INFINITY] {
            let message = check(wrong).unwrap_err().to_string();
            assert!(message.contains("-60 to 60"), "{message}");
        }
    }

    #[test]
    fn options_come_back_from_a_file_and_need_not_be_all_there() {
        let options = SimulationOptions {
            spine: None,
            posture: Posture::Standing,
            pelvic_tilt_deg: Some(Angle::from_degrees(4.5)),
            activities: vec!["squat".into()],
            map: true,
        };
        let text = toml::to_string(&options).unwrap();
        assert_eq!(toml::from_str::<SimulationOptions>(&text).unwrap(), options);
        assert_eq!(toml::from_str::<SimulationOptions>("").unwrap(), SimulationOptions::default());
    }
}
