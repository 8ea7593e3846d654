//! Reading an activity from TOML, and what may be wrong with it.

use crate::activity::{Activity, ActivityFrame};
use crate::file_error::{FORMAT, FileError, MOST_BYTES};
use crate::joint_force::{JointForce, MeasuredForce};
use crate::leg_motion::{Channel, LegMotion, LegText};
use crate::mark::{Evidence, Mark};
use crate::posture::{PelvicTilts, Posture, joint_angles};
use coxa_geometry::Angle;
use coxa_geometry::joint::HipAngles;
use serde::Deserialize;

/// More key positions than any activity has.
const MOST_POSITIONS: usize = 1001;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    format: u32,
    name: String,
    title: String,
    #[serde(default)]
    former_names: Vec<String>,
    posture: Posture,
    is_cycle: bool,
    source: String,
    joint_force: Option<JointForceText>,
    #[serde(default)]
    key: Vec<KeyText>,
    leg: Option<LegText>,
    /// Of a leg motion in which the posture changes.
    #[serde(default)]
    posture_at: Vec<PostureText>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct JointForceText {
    of: MeasuredForce,
    from_percent: f64,
    to_percent: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PostureText {
    phase_percent: f64,
    posture: Posture,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyText {
    phase_percent: f64,
    posture: Posture,
    flexion_from: FlexionZero,
    flexion_deg: MarkedText,
    adduction_deg: MarkedText,
    internal_rotation_deg: MarkedText,
    /// Posterior from supine; that of the posture where it is not given.
    pelvic_tilt_deg: Option<MarkedText>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct MarkedText {
    mean: f64,
    mark: Mark,
}

/// What flexion is counted from.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FlexionZero {
    /// The joint in upright standing.
    UprightStanding,
    /// The thigh upright in the laboratory.
    VerticalThigh,
}

impl Activity {
    /// Reads an activity; `sim/activity/data/README.md` describes the form.
    ///
    /// # Errors
    /// [`FileError`], with the field or track and what must be there.
    ///
    /// # Examples
    /// ```
    /// use coxa_activity::Activity;
    ///
    /// let key = |percent: u32, flexion: u32| {
    ///     format!(
    ///         "[[key]]\nphase_percent = {percent}\nposture = \"standing\"\nflexion_from = \"upright_standing\"\n\
    ///          flexion_deg = {{ mean = {flexion}, mark = \"derived\" }}\nadduction_deg = {{ mean = 0, mark = \"derived\" }}\n\
    ///          internal_rotation_deg = {{ mean = 0, mark = \"derived\" }}\n"
    ///     )
    /// };
    /// let head = "format = 2\nname = \"step\"\ntitle = \"A step\"\nposture = \"standing\"\nis_cycle = false\nsource = \"made up\"\n";
    /// let step = Activity::parse(&format!("{head}{}{}", key(0, 0), key(100, 60))).unwrap();
    /// let [start, end] = [0.0, 1.0].map(|fraction| step.at(fraction).angles.flexion.degrees());
    /// assert!((end - start - 60.0).abs() < 1e-9);
    /// ```
    pub fn parse(text: &str) -> Result<Activity, FileError> {
        if text.len() > MOST_BYTES {
            return Err(FileError::TooLong(text.len()));
        }
        let file: FileText = toml::from_str(text).map_err(|error| FileError::Toml(error.to_string()))?;
        if file.format != FORMAT {
            return Err(FileError::Format(file.format));
        }
        let joint_force = file.joint_force.map(JointForceText::force).transpose()?;
        let mut activity = Activity {
            name: file.name,
            title: file.title,
            former_names: file.former_names,
            posture: file.posture,
            is_cycle: file.is_cycle,
            source: file.source,
            evidence: Evidence::default(),
            frames: Vec::new(),
            postures: Vec::new(),
            joint_force,
            leg: None,
            tilts: PelvicTilts::default(),
        };
        match (file.leg, file.key.is_empty()) {
            (Some(leg), true) => {
                let loaded = file.joint_force.iter().flat_map(|force| [force.from_percent, force.to_percent]);
                activity.take_leg(leg.motion(file.is_cycle)?, &file.posture_at, loaded)?;
            }
            (None, false) if file.posture_at.is_empty() => activity.take_keys(&file.key)?,
            _ => return Err(FileError::Kinematics),
        }
        Ok(activity)
    }

    fn take_keys(&mut self, keys: &[KeyText]) -> Result<(), FileError> {
        let phases: Vec<f64> = keys.iter().map(|key| key.phase_percent).collect();
        check_phases("key.phase_percent", &phases)?;
        for key in keys {
            key.check()?;
            key.count(&mut self.evidence);
        }
        self.frames = keys.iter().map(|key| key.frame(self.joint_force.as_ref())).collect();
        self.postures = keys.iter().map(|key| (key.phase_percent / 100.0, key.posture)).collect();
        Ok(())
    }

    /// Key frames are wherever hip or pelvis has a key, the posture changes, or the joint force begins or ends.
    fn take_leg(
        &mut self,
        leg: LegMotion,
        postures: &[PostureText],
        loaded: impl Iterator<Item = f64>,
    ) -> Result<(), FileError> {
        let changes: Vec<f64> = postures.iter().map(|text| text.phase_percent).collect();
        if !changes.is_empty() {
            check_phases("posture_at.phase_percent", &changes)?;
        }
        let hip = [Channel::PelvisTilt, Channel::HipFlexion, Channel::HipAdduction, Channel::HipRotation];
        let mut phases = vec![0.0, 100.0];
        phases.extend(changes);
        phases.extend(loaded);
        for keys in hip.into_iter().filter_map(|channel| leg.keys(channel)) {
            phases.extend(&keys.phase);
            self.evidence.add(keys.mark, keys.phase.len());
        }
        phases.sort_by(f64::total_cmp);
        phases.dedup();
        self.postures = match postures {
            [] => vec![(0.0, self.posture)],
            _ => postures.iter().map(|text| (text.phase_percent / 100.0, text.posture)).collect(),
        };
        self.leg = Some(leg);
        self.frames = phases.into_iter().map(|phase| self.at(phase / 100.0)).collect();
        Ok(())
    }
}

fn check_phases(field: &'static str, phases: &[f64]) -> Result<(), FileError> {
    let rises = phases.windows(2).all(|pair| pair[0] < pair[1]);
    let ends = (phases.first(), phases.last()) == (Some(&0.0), Some(&100.0));
    if rises && ends && phases.len() <= MOST_POSITIONS { Ok(()) } else { Err(FileError::Phases { field }) }
}

impl JointForceText {
    fn force(self) -> Result<JointForce, FileError> {
        let span = [self.from_percent, self.to_percent];
        if !(0.0 <= span[0] && span[0] <= span[1] && span[1] <= 100.0) {
            return Err(FileError::Phases { field: "joint_force" });
        }
        Ok(JointForce { of: self.of, span: span.map(|percent| percent / 100.0) })
    }
}

impl KeyText {
    fn check(&self) -> Result<(), FileError> {
        let tilt = self.pelvic_tilt_deg.map(|tilt| ("pelvic_tilt_deg", tilt));
        let angles = [
            ("flexion_deg", self.flexion_deg),
            ("adduction_deg", self.adduction_deg),
            ("internal_rotation_deg", self.internal_rotation_deg),
        ];
        for (field, MarkedText { mean, .. }) in angles.into_iter().chain(tilt) {
            if !(-180.0..=180.0).contains(&mean) {
                let must = "an angle between -180 and 180 degrees";
                return Err(FileError::Number { field: field.into(), value: mean, must });
            }
        }
        Ok(())
    }

    fn frame(&self, joint_force: Option<&JointForce>) -> ActivityFrame {
        let own_tilt = self.pelvic_tilt_deg.map(|tilt| Angle::from_degrees(tilt.mean));
        let pelvic_tilt = own_tilt.unwrap_or_else(|| self.posture.pelvic_tilt());
        let zero = match self.flexion_from {
            FlexionZero::UprightStanding => Posture::Standing.pelvic_tilt(),
            FlexionZero::VerticalThigh => pelvic_tilt,
        };
        let given = HipAngles::from_degrees(
            self.flexion_deg.mean,
            self.adduction_deg.mean,
            self.internal_rotation_deg.mean,
        );
        let fraction = self.phase_percent / 100.0;
        let force = joint_force.and_then(|force| force.at(fraction));
        ActivityFrame { fraction, angles: joint_angles(given, zero), pelvic_tilt, force }
    }

    fn count(&self, evidence: &mut Evidence) {
        for number in [self.flexion_deg, self.adduction_deg, self.internal_rotation_deg] {
            evidence.add(number.mark, 1);
        }
        let usual = match self.posture {
            // How far a pelvis rolls back on a chair is a choice of ours.
            Posture::Sitting => Mark::Unverified,
            Posture::FlexedSeated => Mark::Found,
            Posture::Supine | Posture::Standing => Mark::Derived,
        };
        evidence.add(self.pelvic_tilt_deg.map_or(usual, |tilt| tilt.mark), 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_positions_that_are_missing_or_impossible_are_named() {
        let text = include_str!("../data/squat.toml");
        assert!(Activity::parse(text).unwrap().leg().is_none());
        for (from, to, says) in [
            ("phase_percent = 100", "phase_percent = 90", "must rise from 0 to 100"),
            ("phase_percent = 0", "phase_percent = 100", "must rise from 0 to 100"),
            ("mean = 99.7", "mean = 999.7", "`flexion_deg` is 999.7"),
            ("mean = 99.7", "mean = nan", "`flexion_deg` is NaN"),
            ("\"upright_standing\"", "\"headstand\"", "headstand"),
            (
                "[[key]]",
                "[[posture_at]]\nphase_percent = 0\nposture = \"sitting\"\n[[key]]",
                "either key positions",
            ),
            (
                "[[key]]",
                "[joint_force]\nof = \"walking\"\nfrom_percent = 60\nto_percent = 40\n[[key]]",
                "`joint_force` must rise",
            ),
        ] {
            assert!(text.contains(from), "{from}");
            let error = Activity::parse(&text.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(error.contains(says), "{from} -> {error}");
        }
        let head = &text[..text.find("[[key]]").unwrap()];
        assert_eq!(Activity::parse(head).unwrap_err(), FileError::Kinematics);
    }
}
