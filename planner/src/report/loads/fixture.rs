//! Loads made up for tests of the page.

use crate::loads::*;
use coxa_geometry::Side;

/// Walking with two peaks, before and after, and two muscles.
pub(in crate::report) fn loads() -> Loads {
    let share: Vec<f64> = (0..=50).map(|n| f64::from(n) / 50.0).collect();
    Loads {
        format: FORMAT,
        program_version: "0".into(),
        side: Side::Right,
        options: LoadOptions { before_after: true, ..Default::default() },
        model: ModelSummary {
            body_mass_kg: 78.0,
            body_mass_spread_kg: 5.0,
            body_mass_method: "made up".into(),
            attachments_method: Some("Attachments are made up".into()),
            attachment_spread_mm: Some(4.0),
            samples: 200,
        },
        muscles: vec![
            muscle("gluteus_medius_anterior", StrengthSource::LeanVolume),
            muscle("piriformis", StrengthSource::Generic),
        ],
        abductors: Some(BeforeAfter { before: Some(abductors(50.0)), after: abductors(53.0) }),
        stance: Some(BeforeAfter { before: Some(stance(262.0)), after: stance(251.0) }),
        activities: vec![ActivityLoad {
            name: "walking".into(),
            title: "Level walking".into(),
            source: "Made up.".into(),
            joint: BeforeAfter { before: Some(joint(&share, 1.08, false)), after: joint(&share, 1.0, true) },
            on_liner: share.iter().map(place).collect(),
            rim_deg: vec![92.0; 72],
            is_seated: Vec::new(),
            change_percentiles_pct_bw: Some([-30.0, -18.0, -6.0]),
            samples: 200,
            fractions: share,
            duration_s: 1.1,
            edge_loading_fraction: Some(0.0),
            edge_loading_percentiles: None,
            muscles: vec![peak("gluteus_medius_anterior")],
        }],
        findings: Vec::new(),
    }
}

/// Force on the joint with two peaks, and a band about it.
fn joint(share: &[f64], scale: f64, band: bool) -> JointLoad {
    let bump = |s: f64, at: f64| (-((s - at) / 0.09).powi(2)).exp();
    let force = |&s: &f64| scale * (40.0 + 200.0 * bump(s, 0.16) + 190.0 * bump(s, 0.48));
    let force_pct_bw: Vec<f64> = share.iter().map(force).collect();
    JointLoad {
        band_pct_bw: match band {
            true => force_pct_bw.iter().map(|f| [0.85 * f, 1.2 * f]).collect(),
            false => Vec::new(),
        },
        on_head_in_pelvis_n: Vec::new(),
        on_head_in_cup_n: Vec::new(),
        on_head_in_femur_n: Vec::new(),
        peak: JointPeak {
            fraction: 0.16,
            force_n: scale * 1_840.0,
            force_pct_bw: scale * 240.0,
            percentiles_pct_bw: band.then_some([204.0, 240.0, 288.0]),
        },
        force_pct_bw,
    }
}

fn place(s: &f64) -> Option<LinerPlace> {
    Some(LinerPlace {
        from_pole_deg: 38.0 + 12.0 * (6.3 * s).sin(),
        azimuth_deg: 20.0 + 35.0 * (6.3 * s).cos(),
        to_rim_deg: 52.0 - 12.0 * (6.3 * s).sin(),
        centre_to_rim_mm: 14.0,
    })
}

fn muscle(name: &str, from: StrengthSource) -> MuscleLoad {
    let state = |longer: f64| MuscleState {
        length_mm: 120.0 + longer,
        fibre_length_ratio: 1.0 + longer / 80.0,
        flexion_arm_mm: 4.0,
        adduction_arm_mm: -50.0 - longer / 2.0,
        internal_rotation_arm_mm: -3.0,
    };
    MuscleLoad {
        name: name.into(),
        title: name.replace('_', " "),
        structure: None,
        strength_n: 900.0,
        strength_from: from,
        upright: BeforeAfter { before: Some(state(0.0)), after: state(6.0) },
    }
}

fn abductors(lever_arm_mm: f64) -> Abductors {
    Abductors {
        lever_arm_mm,
        moment_n_m: 96.0,
        needed_n_m: Some(69.0),
        reserve: Some(0.28),
        pelvic_drop_limit_deg: Some(9.0),
        reserve_by_drop: vec![DropReserve { drop_deg: 0.0, reserve: 0.28 }],
    }
}

fn stance(force_pct_bw: f64) -> StanceForce {
    StanceForce { force_pct_bw, on_head_in_pelvis_pct_bw: [0.0; 3], method: "made up".into() }
}

fn peak(name: &str) -> MusclePeak {
    MusclePeak {
        name: name.into(),
        force_n: BeforeAfter { before: Some(512.0), after: 481.0 },
        activation: BeforeAfter { before: Some(0.6), after: 0.55 },
        work: None,
    }
}
