//! What is known of a patient's pelvis, as a user gives it, and what follows from it.

use super::{
    FLEXED_SEATED_SPREAD_DEG, PelvicPosture, STANDING_SPREAD_DEG, Spinopelvic, Usual, standing_to_sitting,
};
use crate::lines::{FormMistake, shortened};
use crate::simulate::MOST_TILT_DEG;
use coxa_activity::posture::{PelvicTilts, SpinalMobility};
use coxa_geometry::{Angle, Finding, finding};
use serde::{Deserialize, Serialize};

/// No posture file comes near this.
const MAX_BYTES: usize = 1 << 16;
/// Sacral slopes of any posture.
const SACRAL_SLOPES_DEG: (f64, f64) = (0.0, 90.0);
/// A tilt from two images is sure to about this, where the user does not know better; to be verified.
const MEASURED_SPREAD_DEG: f64 = 3.0;
const MOST_SPREAD_DEG: f64 = 20.0;
/// A class that is named may differ from the measured change by this much: both are measured with error.
const CLASS_TOLERANCE_DEG: f64 = 5.0;

/// What is known of the pelvis: tilts from supine, backwards positive, or sacral slopes; degrees. All of it may be absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PostureInput {
    /// Sacral slope lying supine, needed with any other.
    pub supine_sacral_slope_deg: Option<f64>,
    /// Tilt from supine, standing.
    pub standing_tilt_deg: Option<f64>,
    /// Sacral slope standing.
    pub standing_sacral_slope_deg: Option<f64>,
    /// Tilt from supine, sitting relaxed.
    pub sitting_tilt_deg: Option<f64>,
    /// Sacral slope sitting relaxed.
    pub sitting_sacral_slope_deg: Option<f64>,
    /// Tilt from supine, seated and leaning forwards.
    pub flexed_seated_tilt_deg: Option<f64>,
    /// Sacral slope seated and leaning forwards.
    pub flexed_seated_sacral_slope_deg: Option<f64>,
    /// Mobility class: `stiff`, `normal` or `hypermobile`.
    pub mobility: Option<SpinalMobility>,
    /// How sure measured tilts are, one standard deviation.
    pub measured_spread_deg: Option<f64>,
}

/// Why postures cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PostureError {
    /// Not TOML, a field unknown or of the wrong kind.
    #[error("line {line}: {message}")]
    Form {
        /// Counted from 1.
        line: usize,
        /// What is wrong and what is allowed.
        message: String,
    },
    /// A number outside what a pelvis does.
    #[error("{field} is {value}; it must be {least} to {most} degrees")]
    Range {
        /// The field.
        field: String,
        /// What stands there.
        value: f64,
        /// Least that is allowed.
        least: f64,
        /// Most that is allowed.
        most: f64,
    },
    /// A sacral slope that nothing can be taken from.
    #[error(
        "{posture}_sacral_slope_deg gives no tilt without supine_sacral_slope_deg: give that too, or \
         {posture}_tilt_deg"
    )]
    NoSupineSlope {
        /// Of the slope that is there.
        posture: &'static str,
    },
    /// A posture is given twice.
    #[error("{posture}_tilt_deg and {posture}_sacral_slope_deg both give the tilt: give only one of them")]
    Twice {
        /// The posture.
        posture: &'static str,
    },
    /// The slopes of a posture give a tilt that no pelvis has.
    #[error(
        "the sacral slopes give a tilt of {tilt:.1} degrees from supine to {posture}, outside {} to {}: check both slopes",
        -MOST_TILT_DEG,
        MOST_TILT_DEG
    )]
    SlopesTilt {
        /// The posture.
        posture: &'static str,
        /// What the slopes give.
        tilt: f64,
    },
    /// The class that is named is not that of the measured change.
    #[error(
        "mobility is {named}, but the pelvis tilts back by {change:.1} degrees from standing to sitting, which is {measured}: \
         correct or leave out one of them"
    )]
    Mobility {
        /// The class that is named.
        named: &'static str,
        /// From standing to sitting.
        change: f64,
        /// The class that it means.
        measured: &'static str,
    },
    /// Larger than any.
    #[error("line 1: the file has {0} bytes, too many for a posture file")]
    TooLarge(usize),
}

impl From<FormMistake> for PostureError {
    fn from(mistake: FormMistake) -> Self {
        PostureError::Form { line: mistake.line, message: mistake.message }
    }
}

impl PostureInput {
    /// A file in which nothing is known yet, to be filled in.
    pub const FORM: &str = "\
# How this patient's pelvis tilts. Remove the # before what was measured on lateral images; what is not given has its usual value, with
# its spread. Degrees. A posture has a tilt from supine (posterior tilt positive) or a sacral slope, not both; slopes need the supine one.
# supine_sacral_slope_deg = 40.0
# standing_tilt_deg = 0.0
# standing_sacral_slope_deg = 40.0
# sitting_tilt_deg = 20.0                 # relaxed
# sitting_sacral_slope_deg = 20.0
# flexed_seated_tilt_deg = 5.0            # leaning forwards, as before rising
# flexed_seated_sacral_slope_deg = 35.0
# mobility = \"normal\"                   # stiff, normal or hypermobile; checked against standing and sitting where both are given
# measured_spread_deg = 3.0               # one standard deviation of each of these
";

    /// Reads a file of these fields.
    ///
    /// # Errors
    /// [`PostureError`] of the form; what the numbers say is checked by [`PostureInput::spinopelvic`].
    pub fn from_toml(text: &str) -> Result<Self, PostureError> {
        if text.len() > MAX_BYTES {
            return Err(PostureError::TooLarge(text.len()));
        }
        Ok(toml::from_str(text).map_err(|error| FormMistake::from((text, error)))?)
    }

    /// How the pelvis is held, with what is usual in place of what was not measured.
    ///
    /// # Errors
    /// Numbers out of range, sacral slopes without the supine one, a class that the measured change contradicts.
    pub fn spinopelvic(&self) -> Result<Spinopelvic, PostureError> {
        self.check_ranges()?;
        let standing = self.tilt("standing", self.standing_tilt_deg, self.standing_sacral_slope_deg)?;
        let sitting = self.tilt("sitting", self.sitting_tilt_deg, self.sitting_sacral_slope_deg)?;
        let flexed =
            self.tilt("flexed_seated", self.flexed_seated_tilt_deg, self.flexed_seated_sacral_slope_deg)?;
        let change = standing.as_ref().zip(sitting.as_ref()).map(|(a, b)| (b.tilt - a.tilt).degrees());
        if let (Some(named), Some(change)) = (self.mobility, change)
            && !holds(named, change)
        {
            let measured = class_name(class_of(change));
            return Err(PostureError::Mobility { named: class_name(named), change, measured });
        }
        let mobility = self.mobility.or(change.map(class_of));
        let findings = match (self.mobility, mobility, change) {
            (None, Some(SpinalMobility::Stiff), Some(change)) => vec![stiff_by_sitting(change)],
            _ => Vec::new(),
        };
        let (standing, sitting) = upright(standing, sitting, mobility);
        let flexed_seated = flexed.unwrap_or_else(usual_flexed_seated);
        Ok(Spinopelvic { standing, sitting, flexed_seated, mobility, findings })
    }

    fn check_ranges(&self) -> Result<(), PostureError> {
        let tilt = (-MOST_TILT_DEG, MOST_TILT_DEG);
        for (field, value, (least, most)) in [
            ("supine_sacral_slope_deg", self.supine_sacral_slope_deg, SACRAL_SLOPES_DEG),
            ("standing_tilt_deg", self.standing_tilt_deg, tilt),
            ("standing_sacral_slope_deg", self.standing_sacral_slope_deg, SACRAL_SLOPES_DEG),
            ("sitting_tilt_deg", self.sitting_tilt_deg, tilt),
            ("sitting_sacral_slope_deg", self.sitting_sacral_slope_deg, SACRAL_SLOPES_DEG),
            ("flexed_seated_tilt_deg", self.flexed_seated_tilt_deg, tilt),
            ("flexed_seated_sacral_slope_deg", self.flexed_seated_sacral_slope_deg, SACRAL_SLOPES_DEG),
            ("measured_spread_deg", self.measured_spread_deg, (0.0, MOST_SPREAD_DEG)),
        ] {
            if let Some(value) = value
                && !(least..=most).contains(&value)
            {
                return Err(PostureError::Range { field: shortened(field), value, least, most });
            }
        }
        Ok(())
    }

    /// A posture that was measured.
    fn tilt(
        &self,
        posture: &'static str,
        tilt: Option<f64>,
        slope: Option<f64>,
    ) -> Result<Option<PelvicPosture>, PostureError> {
        let (tilt, how) = match (tilt, slope, self.supine_sacral_slope_deg) {
            (Some(_), Some(_), _) => return Err(PostureError::Twice { posture }),
            (Some(tilt), None, _) => (tilt, "measured: pelvic tilt from supine".to_owned()),
            (None, Some(_), None) => return Err(PostureError::NoSupineSlope { posture }),
            (None, Some(slope), Some(supine)) => {
                let tilt = supine - slope;
                if tilt.abs() > MOST_TILT_DEG {
                    return Err(PostureError::SlopesTilt { posture, tilt });
                }
                (tilt, format!("measured: sacral slope {slope:.1} degrees, supine {supine:.1}"))
            }
            (None, None, _) => return Ok(None),
        };
        let spread = self.measured_spread_deg.unwrap_or(MEASURED_SPREAD_DEG);
        Ok(Some(posture_of(Angle::from_degrees(tilt), spread, 0.0, how)))
    }
}

fn posture_of(tilt: Angle, spread_deg: f64, of_standing: f64, how: impl Into<String>) -> PelvicPosture {
    PelvicPosture { tilt, spread: Angle::from_degrees(spread_deg), of_standing, how: how.into() }
}

const PIERREPONT: &str = "not measured: mean of 1,517 patients (Pierrepont 2017); spread from their range";

/// Standing and sitting, one from the other where only one of them was measured.
fn upright(
    standing: Option<PelvicPosture>,
    sitting: Option<PelvicPosture>,
    mobility: Option<SpinalMobility>,
) -> (PelvicPosture, PelvicPosture) {
    let change = standing_to_sitting(mobility);
    let of_whom = mobility.map_or("all patients".to_owned(), |m| format!("{} patients", class_name(m)));
    let usual = Usual { mean: PelvicTilts::default().standing, spread_deg: STANDING_SPREAD_DEG };
    let standing = match (standing, &sitting) {
        (Some(standing), _) => standing,
        (None, None) => posture_of(usual.mean, usual.spread_deg, 0.0, PIERREPONT),
        // The mean of standing, given what sitting was: both normal, sitting their sum with the change.
        (None, Some(sitting)) => {
            let own = usual.spread_deg.powi(2);
            let sum = own + change.spread_deg.powi(2) + sitting.spread.degrees().powi(2);
            let surprise = sitting.tilt - usual.mean - change.mean;
            let spread = (own - own * own / sum).max(0.0).sqrt();
            let how = format!("not measured: estimated from sitting and the mean change in {of_whom}");
            posture_of(usual.mean + surprise * (own / sum), spread, 0.0, how)
        }
    };
    let sitting = sitting.unwrap_or_else(|| {
        let how = format!("not measured: estimated from standing and the mean change in {of_whom}");
        let spread = standing.spread.degrees().hypot(change.spread_deg);
        posture_of(standing.tilt + change.mean, spread, 1.0, how)
    });
    (standing, sitting)
}

fn usual_flexed_seated() -> PelvicPosture {
    posture_of(PelvicTilts::default().flexed_seated, FLEXED_SEATED_SPREAD_DEG, 0.0, PIERREPONT)
}

/// Changes from standing to sitting that divide the classes (Haffer et al. 2021, Arch Orthop Trauma Surg).
const STIFF_BELOW_DEG: f64 = 10.0;
const HYPERMOBILE_ABOVE_DEG: f64 = 30.0;

fn class_of(change_deg: f64) -> SpinalMobility {
    if change_deg < STIFF_BELOW_DEG {
        SpinalMobility::Stiff
    } else if change_deg <= HYPERMOBILE_ABOVE_DEG {
        SpinalMobility::Normal
    } else {
        SpinalMobility::Hypermobile
    }
}

/// Whether a change may be that of a class. A normal spine may show any smaller change, which also comes of a hip that bends well
/// when sitting relaxed (Sharma et al. 2023).
fn holds(class: SpinalMobility, change_deg: f64) -> bool {
    match class {
        SpinalMobility::Stiff => change_deg < STIFF_BELOW_DEG + CLASS_TOLERANCE_DEG,
        SpinalMobility::Normal => change_deg <= HYPERMOBILE_ABOVE_DEG + CLASS_TOLERANCE_DEG,
        SpinalMobility::Hypermobile => change_deg > HYPERMOBILE_ABOVE_DEG - CLASS_TOLERANCE_DEG,
    }
}

fn class_name(class: SpinalMobility) -> &'static str {
    match class {
        SpinalMobility::Stiff => "stiff",
        SpinalMobility::Normal => "normal",
        SpinalMobility::Hypermobile => "hypermobile",
    }
}

fn stiff_by_sitting(change_deg: f64) -> Finding {
    finding::StiffBySitting { change_deg, limit_deg: STIFF_BELOW_DEG }.finding()
}

impl Default for Spinopelvic {
    /// A patient of whom nothing but the supine pelvis is known.
    fn default() -> Self {
        let (standing, sitting) = upright(None, None, None);
        let flexed_seated = usual_flexed_seated();
        Spinopelvic { standing, sitting, flexed_seated, mobility: None, findings: Vec::new() }
    }
}
