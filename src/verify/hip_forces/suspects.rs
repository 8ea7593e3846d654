//! Why the muscles' force is too great: each suspect switched alone, with its effect on the peaks of all people.

use super::other_legs::{as_before, with_strengths_of_volumes};
use super::passive::{Iliofemoral, Passive, Stiffness};
use super::prediction::{Compared, Variation, course, peaks, typical};
use super::tlem::{self, Attachment};
use super::trials::{self, ACTIVITIES, Trial};
use crate::table::Table;
use anyhow::{Context, Result, anyhow};
use coxa_activity::LegMotion;
use coxa_muscle::model::Model;
use coxa_muscle::optimisation::Settings;
use coxa_statistics::median;
use serde::Serialize;
use std::fmt;
use std::path::Path;

/// Places of tracks among the deviates of [`LegMotion::varied`], which has five for each after the pace; the first of the five shifts the whole track.
const TRACKS: [(&str, usize); 8] = [
    ("pelvic tilt", 0),
    ("pelvic list", 1),
    ("hip flexion", 3),
    ("hip adduction", 4),
    ("internal hip rotation", 5),
    ("knee flexion", 6),
    ("line of the ground's push, anterior", 14),
    ("line of the ground's push, lateral", 15),
];
/// Muscles that run as Dostal and Andrews have them: what is shown, and the beginning of their names.
const LINES: [(&str, &str); 6] = [
    ("gluteus medius", "glut_med"),
    ("gluteus minimus", "glut_min"),
    ("tensor fasciae latae", "tfl"),
    ("piriformis", "peri"),
    ("rectus femoris", "rect_fem"),
    ("all of these", ""),
];
/// Muscles over two joints of the thigh.
const TWO_JOINTS: [&str; 7] =
    ["semimem_r", "semiten_r", "bifemlh_r", "sar_r", "tfl_r", "grac_r", "rect_fem_r"];
/// The iliofemoral ligament: what is shown, where it flexes with 5 N m against the plane of the iliac spines (12 degrees of extension from one zero or the
/// other, which lie 10 degrees apart), how stiff it is.
const LIGAMENTS: [(&str, f64, Stiffness); 3] = [
    ("taut before 12 degrees of extension from the iliac spines' plane", 12.0, Stiffness::OfHip),
    ("the same from upright standing", 2.0, Stiffness::OfHip),
    ("the same, as soft as excised ones", 2.0, Stiffness::OfTissue),
];
/// A weight that makes the joint's force as good as free.
const FREE: f64 = 1e-9;
/// Steps of a hundredth of a stride to either side of a peak: 25 ms of a stride of 1.1 s.
const AROUND: usize = 2;

/// One suspect.
#[derive(Debug, Clone, Serialize)]
pub struct SuspectRow {
    /// What was changed.
    pub change: String,
    /// Median error over all peaks, percent of body weight.
    pub median_error: f64,
    /// Median angle between both forces, degrees.
    pub median_angle_deg: f64,
    /// Mean of standing on one leg, percent of body weight.
    pub stance: f64,
    /// Means of both peaks of walking.
    pub walking: [f64; 2],
}

/// All suspects.
#[derive(Debug, Clone, Serialize)]
pub struct Suspects {
    /// Peaks that they are judged by.
    pub peaks: usize,
    /// Measured means: standing, and walking, where the table has the mean of both peaks alone.
    pub measured: [f64; 2],
    /// What ships first.
    pub rows: Vec<SuspectRow>,
}

impl fmt::Display for Suspects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new()
            .left("changed alone")
            .right("median error")
            .right("direction")
            .right("one-leg stance")
            .right("walking, first peak")
            .right("second peak");
        for row in &self.rows {
            let [first, second] = row.walking.map(|value| format!("{value:.0}"));
            table.row(&[
                &row.change,
                &format_args!("{:.1}", row.median_error),
                &format_args!("{:.1}", row.median_angle_deg),
                &format_args!("{:.0}", row.stance),
                &first,
                &second,
            ]);
        }
        let [stance, walking] = self.measured;
        writeln!(
            f,
            "{} peaks, percent of body weight and degrees; measured: {stance:.0} and {walking:.0}",
            self.peaks
        )?;
        write!(f, "{table}")
    }
}

/// A change of model, motion or criterion.
struct Suspect {
    name: String,
    motion: Box<dyn Fn(&LegMotion) -> LegMotion>,
    settings: Settings,
    joint_weight: f64,
    model: Box<dyn Fn(&mut Model)>,
    passive: Passive,
    around: usize,
}

impl Suspect {
    fn named(name: &str) -> Suspect {
        Suspect {
            name: name.into(),
            motion: Box::new(LegMotion::clone),
            settings: Settings::default(),
            joint_weight: 1.0,
            model: Box::new(|_| {}),
            passive: Passive::Nothing,
            around: 0,
        }
    }

    fn with_model(name: &str, change: impl Fn(&mut Model) + 'static) -> Suspect {
        Suspect { model: Box::new(change), ..Suspect::named(name) }
    }

    /// The motion with one deviate set.
    fn with_deviate(name: &str, place: usize, deviate: f64) -> Suspect {
        let vary = move |motion: &LegMotion| {
            let mut deviates = vec![0.0; place + 1];
            deviates[place] = deviate;
            motion.varied(&deviates)
        };
        Suspect { motion: Box::new(vary), ..Suspect::named(name) }
    }
}

fn suspects() -> Vec<Suspect> {
    let settings = |exponent, uses_physiology| Settings { exponent, uses_physiology, ..Settings::default() };
    let passive = Settings { uses_passive_force: true, ..Settings::default() };
    let stronger = |factor: f64| {
        move |model: &mut Model| {
            model.muscles.iter_mut().for_each(|muscle| muscle.max_isometric_force *= factor);
        }
    };
    let mut all = vec![
        Suspect::named("nothing"),
        Suspect { joint_weight: FREE, ..Suspect::named("criterion: activations alone") },
        Suspect { joint_weight: 4.0, ..Suspect::named("criterion: joint's force four times as dear") },
        Suspect { joint_weight: 16.0, ..Suspect::named("criterion: joint's force sixteen times as dear") },
        Suspect { settings: settings(3.0, true), ..Suspect::named("criterion: cubes of activations") },
        Suspect { settings: settings(2.0, false), ..Suspect::named("strength whatever length and velocity") },
        Suspect { settings: passive, ..Suspect::named("passive fibres bear first") },
        Suspect::with_model("all muscles half as strong again", stronger(1.5)),
        Suspect::with_model("all muscles a third weaker", stronger(2.0 / 3.0)),
        Suspect::with_model("strengths of Rajagopal et al. 2016", with_strengths_of_volumes),
        Suspect::with_model("muscles over two joints of the thigh off", |model| {
            model.muscles.retain(|muscle| !TWO_JOINTS.contains(&muscle.name.as_str()));
        }),
        Suspect { around: AROUND, ..Suspect::named("peaks as means over 50 ms") },
        Suspect::with_deviate("pace slower by one SD", 0, 1.0),
        Suspect::with_deviate("pace slower by two SD", 0, 2.0),
    ];
    for (name, beginning) in LINES {
        let before = move |model: &mut Model| as_before(model, beginning);
        all.push(Suspect::with_model(&format!("as before: {name}"), before));
    }
    for (name, track) in TRACKS {
        for (sign, deviate) in [("+1 SD", 1.0), ("-1 SD", -1.0)] {
            all.push(Suspect::with_deviate(&format!("{name} {sign}"), 1 + 5 * track, deviate));
        }
    }
    all
}

/// Tissues beside muscles: the iliofemoral ligament where its lines are known, and all of them.
fn passive_suspects(lines: Option<Vec<Attachment>>) -> Vec<Suspect> {
    let mut all = Vec::new();
    for (name, extension_deg, stiffness) in lines.iter().flat_map(|_| LIGAMENTS) {
        let lines = lines.clone().unwrap_or_default();
        let passive = Passive::Iliofemoral(Iliofemoral { lines, extension_deg, stiffness });
        all.push(Suspect { passive, ..Suspect::named(&format!("iliofemoral ligament, {name}")) });
    }
    let tissues = "passive tissues of relaxed people, pressing nothing";
    all.push(Suspect { passive: Passive::Tissues, ..Suspect::named(tissues) });
    all
}

/// Switches each suspect alone.
///
/// # Errors
/// As the suite.
pub fn run(folder: &Path) -> Result<Suspects> {
    let trials = trials::read(folder, &ACTIVITIES)?;
    let all = suspects().into_iter().chain(passive_suspects(tlem::iliofemoral(folder)?));
    let rows = all.map(|suspect| row(&suspect, &trials)).collect::<Result<Vec<_>>>()?;
    let measured = ["OLS", "LW"].map(|activity| {
        mean(trials.iter().filter(|trial| trial.activity == activity).map(|trial| trial.measured.norm()))
    });
    Ok(Suspects { peaks: trials.len(), measured, rows })
}

fn row(suspect: &Suspect, trials: &[Trial]) -> Result<SuspectRow> {
    let (mut errors, mut angles, mut stance) = (Vec::new(), Vec::new(), Vec::new());
    let mut walking = [Vec::new(), Vec::new()];
    for trial in trials {
        let varied = Variation {
            motion: (suspect.motion)(trial.motion),
            settings: suspect.settings,
            joint_weight: suspect.joint_weight,
            change: &suspect.model,
            passive: &suspect.passive,
        };
        let course =
            course(&trial.landmarks, trial.weight_n, &varied).with_context(|| trial.subject.clone())?;
        let none = || anyhow!("the motion has no moment");
        let force = typical(&varied.motion, &course, suspect.around).ok_or_else(none)?;
        let compared = Compared::of(&force, &trial.measured);
        errors.push(compared.error());
        angles.push(compared.angle_deg);
        match varied.motion.is_cycle {
            true => {
                let both = peaks(&varied.motion, &course, suspect.around).ok_or_else(none)?;
                walking.iter_mut().zip(both).for_each(|(all, peak)| all.push(peak.norm()));
            }
            false => stance.push(compared.predicted),
        }
    }
    Ok(SuspectRow {
        change: suspect.name.clone(),
        median_error: median(&errors)?,
        median_angle_deg: median(&angles)?,
        stance: mean(stance.into_iter()),
        walking: walking.map(|all| mean(all.into_iter())),
    })
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let all: Vec<f64> = values.collect();
    all.iter().sum::<f64>() / all.len().max(1) as f64
}
