//! The table of measured forces, with the people they are of.

use super::people::landmarks;
use anyhow::{Context, Result, anyhow, bail, ensure};
use coxa_activity::{Activity, LegMotion};
use coxa_muscle::leg::Landmarks;
use nalgebra::Vector3;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

const TABLE: &str = "orthoload_peak_hjf_summary.csv";
/// Name in the table, what is shown, the shipped motion.
pub(super) type Measured = (&'static str, &'static str, &'static str);
/// Activities by which predictions are judged.
pub(super) const ACTIVITIES: [Measured; 2] =
    [("OLS", "one-leg stance", "one_leg_stance"), ("LW", "level walking", "walking")];
/// One that is shown beside them: both legs bear, so that the balance on one leg says nothing of it.
pub(super) const RISING: Measured = ("SU", "standing up", "chair_rise");

/// Why standing up is shown and not judged.
pub(super) const NOT_JUDGED: &str =
    "shown, not judged: the joint moments of this motion are from memory, so that its size is no evidence";

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

/// A measured force.
pub(super) struct Trial {
    /// Who, as the table has it.
    pub(super) subject: String,
    /// Name of the activity in the table.
    pub(super) activity: &'static str,
    pub(super) weight_n: f64,
    /// Percent of body weight in the frame of Bergmann et al. 2016.
    pub(super) measured: Vector3<f64>,
    pub(super) landmarks: Landmarks,
    /// The shipped motion of the activity.
    pub(super) motion: &'static LegMotion,
}

/// All rows of these activities, by activity.
pub(super) fn read(folder: &Path, activities: &[Measured]) -> Result<Vec<Trial>> {
    let table = folder.join(TABLE);
    let mut reader =
        csv::Reader::from_path(&table).with_context(|| format!("cannot read {}", table.display()))?;
    let rows: Vec<TrialRow> =
        reader.deserialize().collect::<Result<_, _>>().with_context(|| table.display().to_string())?;
    let mut people: BTreeMap<String, Landmarks> = BTreeMap::new();
    let mut trials = Vec::new();
    for &(short, _, motion) in activities {
        let motion =
            Activity::named(motion)?.activity.leg().ok_or_else(|| anyhow!("{motion} has no loads"))?;
        for row in rows.iter().filter(|row| row.activity == short) {
            if !people.contains_key(&row.subject) {
                people.insert(row.subject.clone(), landmarks(folder, &row.subject)?);
            }
            let measured = Vector3::new(row.lateral, row.anterior, row.superior);
            ensure!(
                measured.norm() > 0.0 && measured.norm().is_finite(),
                "{}: {} {short} has no force",
                table.display(),
                row.subject
            );
            trials.push(Trial {
                subject: row.subject.clone(),
                activity: short,
                weight_n: row.weight_n,
                measured,
                landmarks: people[&row.subject].clone(),
                motion,
            });
        }
    }
    if trials.is_empty() {
        let names: Vec<&str> = activities.iter().map(|(short, ..)| *short).collect();
        bail!("{} has no row of {}", table.display(), names.join(" or "));
    }
    Ok(trials)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_the_table_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path(), &ACTIVITIES).err().unwrap().to_string().contains(TABLE));
    }
}
