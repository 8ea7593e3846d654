//! Leg motions of the catalogue: what they say, and how people differ.

use super::*;
use crate::{Activity, FileError};
use proptest::prelude::*;

fn motion(name: &str) -> &'static LegMotion {
    Activity::named(name).unwrap().activity.leg().unwrap()
}

fn all() -> impl Iterator<Item = (&'static str, &'static LegMotion)> {
    Activity::catalogue().iter().filter_map(|activity| Some((activity.name.as_str(), activity.leg()?)))
}

#[test]
fn every_track_says_where_it_is_from() {
    assert_eq!(all().count(), 8);
    for (name, leg) in all() {
        assert!(leg.sources().all(|(_, _, source)| source.len() > 8), "{name}");
        assert!(leg.sources().count() >= 12, "{name}");
    }
}

#[test]
fn over_a_cycle_both_feet_bear_the_weight() {
    for (name, leg) in all().filter(|(_, leg)| leg.is_cycle) {
        let mean = (0..400).map(|n| leg.at(0.25 * f64::from(n)).ground_bw[1]).sum::<f64>() / 400.0;
        assert!((mean - 0.5).abs() < 0.012, "{name}: {mean}");
        let off = leg.foot_off_percent.unwrap();
        assert!((0..20).all(|n| leg.at(off + 1.5 * f64::from(n)).ground_bw == [0.0; 3]), "{name}");
    }
    assert!((motion("one_leg_stance").at(50.0).ground_bw[1] - 1.0).abs() < 1e-12);
}

#[test]
fn what_is_missing_or_impossible_is_named() {
    let text = include_str!("../../data/brisk_walking.toml");
    for (from, to, says) in [
        ("format = 2", "format = 3", "format 3"),
        ("duration_s = 1.1", "duration_s = nan", "duration_s"),
        ("duration_s = 1.1", "", "duration_s"),
        ("hip_flexion_deg]", "hip_bending_deg]", "`hip_flexion_deg` is missing"),
        (
            "[leg.tracks.hip_flexion_deg]",
            "[leg.tracks.toe_deg]\nmark = \"found\"\nsource = \"\"\nphase_percent = [0]\nmean = [0]\nspread = [0]\n[leg.tracks.hip_flexion_deg]",
            "unknown track `toe_deg`",
        ),
        ("phase_percent = [0, 4,", "phase_percent = [0, -4,", "increasing phases"),
        ("phase_percent = [0, 4,", "phase_percent = [4,", "one mean per phase"),
        ("spread = [0.003]", "spread = [-0.1]", "spread"),
        ("is_cycle = true", "is_cycle = false", "end at 100"),
        ("mean = [-10.7", "mean = [-1000.7", "mean"),
        ("mean = [0, 0.562", "mean = [0, -0.562", "negative force"),
    ] {
        assert!(text.contains(from), "{from}");
        let error = Activity::parse(&text.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(says), "{from} -> {error}");
    }
    assert!(matches!(Activity::parse(&" ".repeat(2 << 20)), Err(FileError::TooLong(_))));
}

/// Numbers that are near enough to normal: sums of twelve uniform ones.
fn normals(seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut uniform = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    (0..DEVIATES).map(|_| (0..12).map(|_| uniform()).sum::<f64>() - 6.0).collect()
}

#[test]
fn people_differ_by_the_spread_of_the_track() {
    let walk = motion("walking");
    let people: Vec<LegMotion> = (1..600).map(|seed| walk.varied(&normals(seed))).collect();
    for phase in [0.0, 16.0, 52.0, 80.0] {
        for channel in [Channel::HipFlexion, Channel::PelvisList, Channel::KneeFlexion] {
            let values: Vec<f64> = people.iter().map(|p| p.at(phase).joint(channel).value).collect();
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let spread =
                (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt();
            let (should, within) = (walk.at(phase).joint(channel).value, walk.joint_spread(channel, phase));
            assert!((mean - should).abs() < 0.15 * within, "{channel:?} at {phase}: {mean} {should}");
            assert!((spread / within - 1.0).abs() < 0.1, "{channel:?} at {phase}: {spread} {within}");
        }
    }
}

proptest! {
    #[test]
    fn whoever_walks_bears_the_weight_and_never_hangs_on_the_ground(
        deviates in prop::collection::vec(-6.0..6.0f64, 0..DEVIATES + 3),
        which in 0..8usize,
    ) {
        let (_, leg) = all().nth(which).unwrap();
        let other = leg.varied(&deviates);
        let frames: Vec<LegFrame> = (0..200).map(|n| other.at(0.5 * f64::from(n))).collect();
        prop_assert!(frames.iter().all(|i| i.ground_bw[1] >= 0.0 && i.ground_bw.iter().all(|f| f.is_finite())));
        if leg.is_cycle {
            let mean = |a: &LegMotion| (0..400).map(|n| a.at(0.25 * f64::from(n)).ground_bw[1]).sum::<f64>() / 400.0;
            prop_assert!((mean(&other) - mean(leg)).abs() < 1e-9);
            let off = leg.foot_off_percent.unwrap();
            prop_assert_eq!(other.at(off + 10.0).ground_bw, [0.0; 3]);
        }
        prop_assert_eq!(leg.varied(&[]).at(31.4), leg.at(31.4));
    }
}
