//! Suite `hip-forces`: forces in the hip that instrumented prostheses measured, against what the same people's landmarks and weight let
//! expect.
//!
//! The folder holds `orthoload_peak_hjf_summary.csv` (subject, activity `OLS` or `LW`, weight_N, Fx, Fy and Fz in percent of body weight
//! on the head in the femoral frame of Bergmann et al. 2016, PLoS One 11:e0155612) and, below `data/OrthoLoad/Landmarks`,
//! `SUBJECT_PelvisLandmarks.fcsv` and `SUBJECT_FemurLandmarks.fcsv` of 3D Slicer. The last letter of a subject is the side.
//!
//! Two predictions are made, neither with a number fitted to these people: the static balance on one leg, which is held against the forces
//! of standing and walking alike, as Fischer et al. 2021 (J Biomech 121:110526) do with all static models, and the muscles of the leg that
//! ships, scaled to the person, in the motions that ship. The first is what verdicts are about, and the force to go by: it is the nearer to
//! what was measured. The second is for what the first cannot do: a whole motion, each muscle, one hip before and after. It was not blind:
//! that it first came out far too great is why the leg, its walk and the criterion were looked over; each change rests on a source of its
//! own (`sim/muscle/data/leg/README.md`, `sim/activity/data/README.md`, [`coxa_muscle::hip_loads`]).

use super::{Check, SuiteReport};
use anyhow::{Context, Result, anyhow, bail, ensure};
use coxa_activity::{Activity, LegMotion};
use coxa_geometry::STANDARD_GRAVITY;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Side};
use coxa_muscle::Skeleton;
use coxa_muscle::activity::{Names, Person};
use coxa_muscle::hip_loads::{HipInstant, LoadedLeg};
use coxa_muscle::leg::{self, Landmark, Landmarks};
use coxa_muscle::optimisation::Settings;
use coxa_muscle::stance::one_leg_stance;
use nalgebra::{Matrix3, Point3, RowVector3, Vector3};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

const TABLE: &str = "orthoload_peak_hjf_summary.csv";
const LANDMARKS: &str = "data/OrthoLoad/Landmarks";
/// A file is read no further than this.
const MOST_BYTES: u64 = 1 << 20;
/// Activities: name in the table, what is shown, the shipped motion.
const ACTIVITIES: [(&str, &str, &str); 2] =
    [("OLS", "one-leg stance", "one_leg_stance"), ("LW", "level walking", "walking")];
/// Steps at which a motion is looked at.
const STEPS: usize = 100;
/// Parts of a stride from which on the first and the second of the two peaks of walking lie, the second until the foot leaves the ground.
const PEAKS: [f64; 2] = [0.0, 0.3];
/// Parts of standing on one leg, from two legs to two, between which the force stays the same.
const PLATEAU: [f64; 2] = [0.4, 0.6];
/// Medians of both activities together, percent of body weight and degrees.
const FORCE: f64 = 15.0;
const DIRECTION_DEG: f64 = 6.0;
/// Mean of one-leg stance.
const STANCE: [f64; 2] = [200.0, 330.0];
/// Mean of walking, and how much people differ: ten instrumented patients of Bergmann et al. 2016.
const WALKING: [f64; 2] = [247.0, 20.0];

/// Names in the landmark files without their side, and what those of the other side are, where they are wanted. Others are left aside.
const NAMES: [(&str, Landmark, Option<Landmark>); 19] = [
    ("HJC", Landmark::HipCentre, Some(Landmark::OppositeHipCentre)),
    ("ASIS", Landmark::Asis, Some(Landmark::OppositeAsis)),
    ("PSIS", Landmark::Psis, Some(Landmark::OppositePsis)),
    ("PT", Landmark::PubicTubercle, None),
    ("AIIS", Landmark::Aiis, None),
    ("IT", Landmark::IliacTubercle, None),
    ("SIC", Landmark::IliacCrest, None),
    ("PIIS", Landmark::Piis, None),
    ("IS", Landmark::IschialSpine, None),
    ("PIT", Landmark::PosteriorIschialTuberosity, None),
    ("IIT", Landmark::InferiorIschialTuberosity, None),
    ("GT", Landmark::GreaterTrochanter, None),
    ("LT", Landmark::LesserTrochanter, None),
    ("P1", Landmark::NeckOnShaft, None),
    ("P2", Landmark::IntercondylarNotch, None),
    ("LEC", Landmark::LateralEpicondyle, None),
    ("MEC", Landmark::MedialEpicondyle, None),
    ("LPC", Landmark::LateralPosteriorCondyle, None),
    ("MPC", Landmark::MedialPosteriorCondyle, None),
];

/// A row of the table.
#[derive(Debug, Deserialize)]
struct TrialRow {
    subject: String,
    activity: String,
    #[serde(rename = "weight_N")]
    weight_n: f64,
    #[serde(rename = "Fx_pctBW")]
    lateral: f64,
    #[serde(rename = "Fy_pctBW")]
    anterior: f64,
    #[serde(rename = "Fz_pctBW")]
    superior: f64,
}

/// A prediction against what was measured.
struct Compared {
    /// Percent of body weight.
    predicted: f64,
    measured: f64,
    angle_deg: f64,
}

impl Compared {
    fn of(predicted: &Vector3<f64>, measured: &Vector3<f64>) -> Compared {
        let angle_deg = predicted.angle(measured).to_degrees();
        Compared { predicted: predicted.norm(), measured: measured.norm(), angle_deg }
    }

    fn error(&self) -> f64 {
        (self.predicted - self.measured).abs()
    }
}

impl std::fmt::Display for Compared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let off = self.predicted - self.measured;
        let share = 100.0 * off / self.measured;
        write!(f, "{:.0} ({off:+.0}, {share:+.0} %, {:.1} deg)", self.predicted, self.angle_deg)
    }
}

/// Runs the suite.
///
/// # Errors
/// Where the folder lacks the table or landmarks, or they cannot be read.
pub fn run(folder: &Path) -> Result<SuiteReport> {
    let table = folder.join(TABLE);
    let mut reader =
        csv::Reader::from_path(&table).with_context(|| format!("cannot read {}", table.display()))?;
    let rows: Vec<TrialRow> =
        reader.deserialize().collect::<Result<_, _>>().with_context(|| table.display().to_string())?;
    let mut people: BTreeMap<String, Landmarks> = BTreeMap::new();
    let (mut checks, mut all) = (Vec::new(), [Vec::new(), Vec::new()]);
    for (short, shown, motion) in ACTIVITIES {
        let activity =
            Activity::named(motion)?.activity.leg().ok_or_else(|| anyhow!("{motion} has no loads"))?;
        for row in rows.iter().filter(|row| row.activity == short) {
            if !people.contains_key(&row.subject) {
                people.insert(row.subject.clone(), landmarks(folder, &row.subject)?);
            }
            let person = &people[&row.subject];
            let measured = Vector3::new(row.lateral, row.anterior, row.superior);
            ensure!(
                measured.norm() > 0.0 && measured.norm().is_finite(),
                "{}: {} {short} has no force",
                table.display(),
                row.subject
            );
            let who = || format!("{} of {}", row.subject, table.display());
            let still = Compared::of(&by_balance(person, row.weight_n).with_context(who)?, &measured);
            let moving =
                Compared::of(&by_muscles(person, row.weight_n, activity).with_context(who)?, &measured);
            let note = format!("measured {:.0}: balance {still}, muscles {moving}", still.measured);
            let check = Check::shown(format!("{} {shown}", row.subject), &[still.error()], "%BW");
            checks.push(check.with_note(note));
            all[0].push((short, still));
            all[1].push((short, moving));
        }
    }
    if all[0].is_empty() {
        bail!("{} has no row of OLS or LW", table.display());
    }
    for (name, found, is_judged) in [("balance", &all[0], true), ("muscles", &all[1], false)] {
        checks.extend(summary(name, found, is_judged));
    }
    Ok(SuiteReport { suite: "hip-forces", evidence: "real-reference", checks })
}

/// Medians and means of one way of predicting.
fn summary(name: &str, found: &[(&str, Compared)], is_judged: bool) -> Vec<Check> {
    let of = |activity: Option<&str>, get: &dyn Fn(&Compared) -> f64| -> Vec<f64> {
        found.iter().filter(|(own, _)| activity.is_none_or(|a| a == *own)).map(|(_, c)| get(c)).collect()
    };
    let median = |values: &[f64]| Check::shown("", values, "").median;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let judged = |name: String, value: Option<f64>, bound: f64, unit: &'static str| match is_judged {
        true => Check::at_most(name, value.as_slice(), bound, unit),
        false => Check::shown(name, value.as_slice(), unit),
    };
    let count = found.len();
    let mut checks = vec![
        judged(format!("{name}, median error"), median(&of(None, &Compared::error)), FORCE, "%BW")
            .with_note(format!("both activities, {count} peaks")),
        judged(
            format!("{name}, median direction"),
            median(&of(None, &|c| c.angle_deg)),
            DIRECTION_DEG,
            "deg",
        )
        .with_note(format!("both activities, {count} peaks")),
    ];
    for (short, shown, _) in ACTIVITIES {
        let (errors, angles) = (of(Some(short), &Compared::error), of(Some(short), &|c| c.angle_deg));
        let (predicted, measured) = (of(Some(short), &|c| c.predicted), of(Some(short), &|c| c.measured));
        let (predicted, measured) = (mean(&predicted), mean(&measured));
        checks.push(Check::shown(format!("{name}, {shown}, error"), &errors, "%BW"));
        checks.push(Check::shown(format!("{name}, {shown}, direction"), &angles, "deg"));
        let note = format!("mean force {predicted:.0}, measured {measured:.0} %BW");
        let title = format!("{name}, {shown}, mean");
        checks.push(match short {
            "OLS" if is_judged => {
                let [least, most] = STANCE;
                let off = (predicted - (least + most) / 2.0).abs();
                Check::at_most(title, &[off], (most - least) / 2.0, "%BW")
                    .with_note(format!("{note}; from the middle of {least} to {most}"))
            }
            _ if is_judged => {
                let [expected, spread] = WALKING;
                Check::at_most(title, &[(predicted - expected).abs()], spread, "%BW")
                    .with_note(format!("{note}; from {expected} of ten patients"))
            }
            _ => Check::shown(title, &[predicted], "%BW").with_note(note),
        });
    }
    checks
}

/// Force on the head by the balance on one leg, percent of body weight in Bergmann's frame.
fn by_balance(person: &Landmarks, weight_n: f64) -> Result<Vector3<f64>> {
    let stance = one_leg_stance(person, weight_n, 0.0)?;
    let turn = bergmann_axes(&person.femur)? * isb_axes(&person.femur)?.transpose();
    Ok(turn * stance.on_head_in_femur * (100.0 / weight_n))
}

/// The force of the motion by muscles, likewise.
fn by_muscles(person: &Landmarks, weight_n: f64, motion: &LegMotion) -> Result<Vector3<f64>> {
    let mass_kg = weight_n / STANDARD_GRAVITY;
    let own = leg::generic_landmarks();
    let scaled = leg::scaled(leg::generic(), own, leg::generic_mass_kg(), person, mass_kg)?;
    let skeleton = Skeleton::new(&scaled.model)?;
    let person = Person::of_leg(&skeleton, &Names::default(), &scaled.landmarks, mass_kg)?;
    let mut leg = LoadedLeg::new(&scaled.model, weight_n, Settings::default())?;
    let shares: Vec<f64> = (0..=STEPS).map(|n| n as f64 / STEPS as f64).collect();
    let (_, instants) = leg.loads(motion, &person, &shares)?;
    let force = typical(motion, &instants).ok_or_else(|| anyhow!("the motion has no moment"))?;
    Ok(bergmann_axes(&scaled.landmarks.femur)? * force * (100.0 / weight_n))
}

/// What the table holds of an activity, per-subject averages of Bergmann et al. 2016 (PLoS ONE 11:e0155612): of walking the mean of both peaks, of
/// standing on one leg the mean of the plateau.
fn typical(motion: &LegMotion, instants: &[HipInstant]) -> Option<Vector3<f64>> {
    let within = |from: f64, until: f64| {
        instants.iter().filter(move |i| (from..=until).contains(&i.fraction)).map(|i| i.on_head_in_femur)
    };
    if motion.is_cycle {
        let peak = |from, until| within(from, until).max_by(|a, b| a.norm().total_cmp(&b.norm()));
        let ([from, between], until) =
            (PEAKS, motion.foot_off_percent.map_or(1.0, |percent| percent / 100.0));
        return Some((peak(from, between)? + peak(between, until)?) / 2.0);
    }
    let [from, until] = PLATEAU;
    let count = within(from, until).count();
    (count > 0).then(|| within(from, until).sum::<Vector3<f64>>() / count as f64)
}

fn find(places: &BTreeMap<Landmark, Point3<f64>>, name: Landmark) -> Result<Point3<f64>> {
    places.get(&name).copied().ok_or_else(|| anyhow!("the landmark {name:?} is missing"))
}

/// Rows lateral, anterior, superior of the frame of Bergmann et al. 2016: up along the line from the notch to where neck and shaft meet,
/// lateral along the posterior condyles.
fn bergmann_axes(femur: &BTreeMap<Landmark, Point3<f64>>) -> Result<Matrix3<f64>> {
    let up = find(femur, Landmark::NeckOnShaft)? - find(femur, Landmark::IntercondylarNotch)?;
    let across =
        find(femur, Landmark::LateralPosteriorCondyle)? - find(femur, Landmark::MedialPosteriorCondyle)?;
    let [forwards, up, right] = axes(up, across)?;
    Ok(Matrix3::from_rows(&[right, forwards, up]))
}

/// Rows forwards, up, right of the frame of Wu et al. 2002.
fn isb_axes(femur: &BTreeMap<Landmark, Point3<f64>>) -> Result<Matrix3<f64>> {
    let (lateral, medial) =
        (find(femur, Landmark::LateralEpicondyle)?, find(femur, Landmark::MedialEpicondyle)?);
    let up = find(femur, Landmark::HipCentre)? - nalgebra::center(&lateral, &medial);
    Ok(Matrix3::from_rows(&axes(up, lateral - medial)?))
}

/// Rows forwards, up and right of the frame that stands along `up`.
fn axes(up: Vector3<f64>, lateral: Vector3<f64>) -> Result<[RowVector3<f64>; 3]> {
    let flat = || anyhow!("landmarks of the femur lie on one line");
    let y = up.try_normalize(1e-9).ok_or_else(flat)?;
    let x = up.cross(&lateral).try_normalize(1e-9).ok_or_else(flat)?;
    Ok([x, y, x.cross(&y)].map(|axis| axis.transpose()))
}

/// A subject's landmarks.
fn landmarks(folder: &Path, subject: &str) -> Result<Landmarks> {
    ensure!(subject.chars().all(char::is_alphanumeric), "`{subject}` is no subject");
    let side = match subject.chars().last() {
        Some('R') => Side::Right,
        Some('L') => Side::Left,
        _ => bail!("the subject `{subject}` ends neither with L nor with R, its side"),
    };
    let read = |bone: &str| -> Result<Vec<(Landmark, Point<Patient>)>> {
        let file = folder.join(LANDMARKS).join(format!("{subject}_{bone}Landmarks.fcsv"));
        let size = std::fs::metadata(&file).with_context(|| format!("cannot read {}", file.display()))?.len();
        ensure!(size <= MOST_BYTES, "{} is larger than any file of this kind", file.display());
        let text =
            std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        fiducials(&text, side).with_context(|| file.display().to_string())
    };
    Ok(Landmarks::of_patient(side, read("Pelvis")?, read("Femur")?))
}

/// Places of a fiducial list of 3D Slicer that belong to a hip of one side, in the patient's frame (LPS).
fn fiducials(text: &str, side: Side) -> Result<Vec<(Landmark, Point<Patient>)>> {
    // Version 4.11 names the system, earlier ones count it.
    let system = text.lines().find_map(|line| line.strip_prefix("# CoordinateSystem = ")).map(str::trim);
    let sign = match system {
        Some("RAS" | "0") => -1.0,
        Some("LPS" | "1") => 1.0,
        other => bail!("its coordinate system is {}, and RAS or LPS is read", other.unwrap_or("not named")),
    };
    let [own, other] = if side == Side::Right { ["R", "L"] } else { ["L", "R"] };
    let mut found = Vec::new();
    for (n, line) in
        text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty())
    {
        let columns: Vec<&str> = line.split(',').collect();
        let number = |column: usize| -> Result<f64> {
            let word = columns.get(column).copied().unwrap_or_default().trim();
            let value: Option<f64> = word.parse().ok().filter(|x: &f64| x.is_finite());
            value.ok_or_else(|| anyhow!("line {}: `{word}` is no coordinate", n + 1))
        };
        let label = columns.get(11).copied().unwrap_or_default().trim();
        let (name, letter) = label.rsplit_once('_').unwrap_or((label, ""));
        let Some((_, here, there)) = NAMES.iter().find(|(known, ..)| *known == name) else { continue };
        let landmark = match letter {
            _ if letter == own => Some(*here),
            _ if letter == other => *there,
            _ => None,
        };
        if let Some(landmark) = landmark {
            found.push((landmark, Point::new(sign * number(1)?, sign * number(2)?, number(3)?)));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "# Markups fiducial file version = 4.11\n# CoordinateSystem = RAS\n# columns = id,x,y,z\n\
        a,10,20,30,0,0,0,1,1,0,1,HJC_R,,\nb,-10,20,30,0,0,0,1,1,0,1,HJC_L,,\nc,1,2,3,0,0,0,1,1,0,1,PS,,\n";

    #[test]
    fn fiducials_are_those_of_the_side_in_the_patients_frame() {
        let found = fiducials(LIST, Side::Left).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], (Landmark::OppositeHipCentre, Point::new(-10.0, -20.0, 30.0)));
        assert_eq!(found[1], (Landmark::HipCentre, Point::new(10.0, -20.0, 30.0)));
        let as_lps = fiducials(&LIST.replace("RAS", "LPS"), Side::Right).unwrap();
        assert_eq!(as_lps[0], (Landmark::HipCentre, Point::new(10.0, 20.0, 30.0)));
    }

    #[test]
    fn bad_lists_are_refused_with_the_reason() {
        let error = |text: &str| format!("{:#}", fiducials(text, Side::Right).unwrap_err());
        assert_eq!(
            error(&LIST.replace("= RAS", "= XYZ")),
            "its coordinate system is XYZ, and RAS or LPS is read"
        );
        assert_eq!(error(&LIST.replace("a,10", "a,ten")), "line 4: `ten` is no coordinate");
        let folder = tempfile::tempdir().unwrap();
        assert!(run(folder.path()).unwrap_err().to_string().contains(TABLE));
    }
}
