//! Suite `made-scans`: CTs made of people's bone surfaces in many poses and fields of view, segmented and measured as by the product.
//!
//! A person's folder is one of `people`. What is true of a scan is known: which hip is whole in the field of view, which
//! voxel is of which bone, and the joint space and head as measured on the surfaces that the scan was made of.

mod body;
mod condition;
mod posed;
mod seen;
mod voxels;

use super::people::people;
use super::{Check, SuiteReport};
use anyhow::{Context, Result, bail};
use condition::Condition;
use coxa_anatomy::Bone;
use coxa_imaging::nifti;
use posed::Posed;
use seen::{Joint, Seen};
use std::path::PathBuf;

/// Conditions for each person where nothing else is asked for.
const FEW: usize = 3;
/// Least Dice of hip bones, femora and sacrum, in voxels no larger than this.
const DICE: [(&[Bone], f64, &str); 3] = [
    (&[Bone::HipRight, Bone::HipLeft], 0.98, "hip bones"),
    (&[Bone::FemurRight, Bone::FemurLeft], 0.985, "femora"),
    (&[Bone::Sacrum], 0.93, "sacrum"),
];
const JUDGED_VOXEL_MM: f64 = 1.25;
/// Most that joint spaces may be off in the mean, and their errors over stated spreads.
const BIAS_MM: f64 = 0.2;
const OVER_SPREAD: f64 = 1.2;
/// A refused scan is refused within this.
const REFUSED_WITHIN_S: f64 = 15.0;

/// What to run.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Names of conditions; `all` is all of them. Without any, each person gets a few, so that the people together have all.
    pub conditions: Vec<String>,
    /// Write the scans and their labels, as made and as found, into this folder.
    pub write: Option<PathBuf>,
}

/// Runs the suite on the folder of one person or of several.
///
/// # Errors
/// A folder that is not of this form, a condition that there is none of, files that cannot be written.
pub fn run(folder: &std::path::Path, choice: &Choice) -> Result<SuiteReport> {
    let mut checks = Vec::new();
    let mut all = Vec::new();
    for (n, person) in people(folder)?.into_iter().enumerate() {
        for how in chosen(choice, n)? {
            let name = format!("{} {}", person.name, how.name);
            let posed = Posed::new(&person.surfaces, &how).with_context(|| name.clone())?;
            let seed = n as u64 * 1000 + all.len() as u64;
            let Some(scan) = voxels::scan(&posed, &how, seed) else { continue };
            let seen = seen::look(&posed, &scan, &how)?;
            if let Some(folder) = &choice.write {
                std::fs::create_dir_all(folder)?;
                let stem = name.replace(' ', "_");
                nifti::write_ct(&scan.ct, &folder.join(format!("{stem}.nii.gz")))?;
                nifti::write_labels(&scan.labels.volume, &folder.join(format!("{stem}_true.nii.gz")))?;
                nifti::write_labels(&seen.labels.volume, &folder.join(format!("{stem}_found.nii.gz")))?;
            }
            let wrong = f64::from(u8::from(!seen.wrong.is_empty()));
            checks.push(Check::at_most(name, &[wrong], 0.0, "").with_note(seen.words()));
            all.push((how, seen));
        }
    }
    checks.extend(over_all(&all));
    Ok(SuiteReport { suite: "made-scans", evidence: "synthetic-new-anatomy", checks })
}

/// The conditions of a person: those that were named, or a few that go on where the person before left off.
fn chosen(choice: &Choice, person: usize) -> Result<Vec<Condition>> {
    if choice.conditions.iter().any(|name| name == "all") {
        return Ok(condition::ALL.to_vec());
    }
    if choice.conditions.is_empty() {
        let own = (0..FEW).map(|n| condition::ALL[(person * FEW + n) % condition::ALL.len()]);
        return Ok(own.collect());
    }
    choice
        .conditions
        .iter()
        .map(|name| {
            let found = condition::ALL.iter().find(|how| how.name == name);
            let names = || condition::ALL.map(|how| how.name).join(", ");
            match found {
                Some(how) => Ok(*how),
                None => bail!("there is no condition '{name}'; there are: all, {}", names()),
            }
        })
        .collect()
}

fn over_all(all: &[(Condition, Seen)]) -> Vec<Check> {
    let mut checks = Vec::new();
    for (bones, least, words) in DICE {
        for is_fine in [true, false] {
            let dice: Vec<f64> = all
                .iter()
                .filter(|(how, _)| how.voxel_mm.iter().all(|v| *v <= JUDGED_VOXEL_MM) == is_fine)
                .flat_map(|(_, seen)| {
                    seen.dice.iter().filter(|(bone, _)| bones.contains(bone)).map(|(_, d)| *d)
                })
                .collect();
            if !dice.is_empty() {
                let name = format!("Dice of {words}, {} voxels", if is_fine { "fine" } else { "coarse" });
                let judge = if is_fine {
                    Check::at_least
                } else {
                    |name, values: &[f64], _, unit| Check::shown(name, values, unit)
                };
                checks.push(judge(name, &dice, least, ""));
            }
        }
    }
    let joints: Vec<&Joint> = all.iter().flat_map(|(_, seen)| &seen.joints).collect();
    for (value, words) in [
        (Joint::mean_space as fn(&Joint) -> Option<[f64; 2]>, "joint space, mean"),
        (Joint::least_space, "joint space, least"),
        (Joint::diameter, "head diameter"),
    ] {
        let found: Vec<[f64; 2]> = joints.iter().filter_map(|joint| value(joint)).collect();
        if found.is_empty() {
            continue;
        }
        let count = found.len() as f64;
        let bias = found.iter().map(|[error, _]| error).sum::<f64>() / count;
        let ratio =
            (found.iter().map(|[error, spread]| (error / spread).powi(2)).sum::<f64>() / count).sqrt();
        let errors: Vec<f64> = found.iter().map(|[error, _]| error.abs()).collect();
        checks.push(Check::shown(format!("{words}, error"), &errors, "mm"));
        checks.push(
            Check::at_most(format!("{words}, bias"), &[bias.abs()], BIAS_MM, "mm")
                .with_note(format!("{bias:+.2} mm over {count} hips")),
        );
        checks.push(
            Check::at_most(format!("{words}, error over stated spread"), &[ratio], OVER_SPREAD, "")
                .with_note("root mean square"),
        );
    }
    let refused: Vec<f64> = all.iter().filter_map(|(_, seen)| seen.refused_after_s).collect();
    if !refused.is_empty() {
        checks.push(
            Check::at_most("time to refusal", &refused, REFUSED_WITHIN_S, "s")
                .with_note("as the machine was while it ran"),
        );
    }
    checks
}

#[cfg(test)]
mod tests {
    use super::*;
    use condition::{ALL, Lie};
    use coxa_anatomy::BoneSurfaces;
    use coxa_geometry::Side;
    use coxa_synthetic::{Phantom, VirtualPatientOptions};
    use std::sync::LazyLock;

    /// Bones that ship: those of a virtual person.
    static BONES: LazyLock<BoneSurfaces> = LazyLock::new(|| {
        let options = VirtualPatientOptions { spacing_mm: 4.0, ..VirtualPatientOptions::default() };
        Phantom::new(&options).unwrap().surfaces
    });

    /// Seen in a scan of voxels large enough to be quick.
    fn seen(name: &str, voxel_mm: f64, change: impl Fn(&mut Condition)) -> Seen {
        let mut how = *ALL.iter().find(|how| how.name == name).unwrap();
        how.voxel_mm = [voxel_mm; 3];
        change(&mut how);
        let posed = Posed::new(&BONES, &how).unwrap();
        let scan = voxels::scan(&posed, &how, 3).unwrap();
        seen::look(&posed, &scan, &how).unwrap()
    }

    #[test]
    fn whole_heads_just_below_the_end_of_a_scan_are_found() {
        for above in [6.0, 13.0] {
            let seen = seen("cut-13-above", 2.0, |how| how.above_heads_mm = Some(above));
            assert!(seen.wrong.is_empty() && seen.joints.len() == 2, "{above} mm above: {}", seen.words());
        }
    }

    #[test]
    fn narrow_joints_of_flexed_legs_in_a_turned_pelvis_are_parted() {
        let seen = seen("narrow-flexed-turned", 1.5, |_| ());
        assert!(seen.wrong.is_empty() && seen.joints.len() == 2, "{}", seen.words());
        let worst = seen.dice.iter().filter(|(bone, _)| *bone != Bone::Sacrum).map(|(_, dice)| *dice);
        assert!(worst.fold(1.0, f64::min) > 0.9, "{}", seen.words());
    }

    #[test]
    fn a_pelvis_that_is_tilted_keeps_its_hip_bones() {
        let seen = seen("tilted-30", 2.0, |_| ());
        assert!(seen.wrong.is_empty() && seen.joints.len() == 2, "{}", seen.words());
        let worst = seen.dice.iter().filter(|(bone, _)| *bone != Bone::Sacrum).map(|(_, dice)| *dice);
        assert!(worst.fold(1.0, f64::min) > 0.9, "{}", seen.words());
    }

    #[test]
    fn a_scan_that_is_turned_is_refused_however_much_of_the_pelvis_it_shows() {
        for axis in 0..3 {
            for above in [None, Some(15.0)] {
                let seen = seen("plain", 3.0, |how| {
                    how.lie = Lie::Untrue(axis);
                    how.above_heads_mm = above;
                });
                assert!(seen.wrong.is_empty(), "axis {axis}, {above:?} above: {}", seen.words());
            }
        }
    }

    #[test]
    fn how_voxels_are_stored_changes_nothing() {
        for lie in [Lie::Supine, Lie::Prone, Lie::FeetFirst] {
            let seen = seen("plain", 3.0, |how| how.lie = lie);
            assert!(seen.wrong.is_empty() && seen.dice.len() == 5, "{lie:?}: {}", seen.words());
        }
    }

    #[test]
    fn one_leg_and_thighs_are_refused_for_what_is_not_there() {
        let one = seen("one-leg", 2.0, |_| ());
        assert!(one.wrong.is_empty() && one.joints.len() == 1, "{}", one.words());
        let none = seen("below-the-hips", 3.0, |_| ());
        assert!(none.wrong.is_empty() && none.refused_after_s.is_some(), "{}", none.words());
    }

    #[test]
    fn the_joint_space_asked_for_is_there_and_the_same_seed_gives_the_same_scan() {
        for gap_mm in [[1.5, 3.0], [2.0, 4.0]] {
            let how = Condition { gap_mm, voxel_mm: [4.0; 3], ..ALL[0] };
            let posed = Posed::new(&BONES, &how).unwrap();
            let truth = coxa_measure::measure(&posed.surfaces(), None);
            for (n, side) in Side::BOTH.into_iter().enumerate() {
                let mean = truth.measurements.get(coxa_geometry::Quantity::JointSpaceMean.of(side)).unwrap();
                // Bones do not overlap, whatever mean is asked for.
                let floor = gap_mm[n] - 0.4;
                assert!(
                    mean.value > floor && mean.value < gap_mm[n] + 2.5,
                    "{side}: {} of {}",
                    mean.value,
                    gap_mm[n]
                );
            }
            let [a, b] = [7, 7].map(|seed| voxels::scan(&posed, &how, seed).unwrap().ct);
            assert!(a.as_slice() == b.as_slice());
            let other = voxels::scan(&posed, &how, 8).unwrap().ct;
            assert!(a.as_slice() != other.as_slice());
        }
    }

    #[test]
    fn an_unknown_condition_is_refused_with_those_there_are() {
        let choice = Choice { conditions: vec!["sideways".into()], write: None };
        let message = chosen(&choice, 0).unwrap_err().to_string();
        assert!(message.contains("sideways") && message.contains("narrow-flexed-turned"), "{message}");
        // People together have all of them.
        let few = Choice::default();
        let names: std::collections::BTreeSet<&str> =
            (0..8).flat_map(|n| chosen(&few, n).unwrap()).map(|how| how.name).collect();
        assert_eq!(names.len(), ALL.len());
    }
}
