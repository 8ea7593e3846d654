//! Grades of a hip from what was measured: probabilities, never a verdict.

use super::ordinal::Ordinal;
use super::progression::Together;
use coxa_anatomy::osteoarthritis::GradeProbabilities;
use statrs::function::erf::erf;
use std::sync::OnceLock;

/// Share of the probability that is always spread evenly over the grades: readers of radiographs agree on the grade of Kellgren and
/// Lawrence in no more than nine of ten hips, and no model of grades is surer than those who set them. Assumption.
const READERS_SHARE: f64 = 0.1;
/// The measures that the shipped model was fitted to.
const MEASURES: [&str; 3] = ["joint_space_share", "osteophyte_mm", "sclerosis_hu"];
/// Crowe 1979: shares of the height of the head by which it has risen, between grades I to IV.
const CROWE_LIMITS: [f64; 3] = [0.5, 0.75, 1.0];

/// What the grade of osteoarthritis is judged by: value and one standard deviation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Signs {
    /// Least joint space over the radius of the head.
    pub(crate) joint_space: (f64, f64),
    /// Height of osteophytes in mm.
    pub(crate) osteophyte_mm: (f64, f64),
    /// CT number under the roof over that of the bone above, HU.
    pub(crate) sclerosis_hu: (f64, f64),
}

/// The model of grades 0 to 4, of the measures in [`Signs`]; `models/weights/osteoarthritis.md` is its card, `models/training/osteoarthritis`
/// the recipe. `None` only if the program was built with a damaged file, which a test rules out.
pub(crate) fn model() -> Option<&'static Ordinal> {
    static MODEL: OnceLock<Option<Ordinal>> = OnceLock::new();
    let load = || {
        let fitted: Together =
            serde_json::from_str(include_str!("../../../weights/osteoarthritis.json")).ok()?;
        (fitted.measures == MEASURES).then_some(fitted.model)
    };
    MODEL.get_or_init(load).as_ref()
}

/// Probabilities of the grades of Kellgren and Lawrence; `None` as for [`model`].
pub(crate) fn kellgren_lawrence(signs: &Signs) -> Option<GradeProbabilities> {
    let all = [signs.joint_space, signs.osteophyte_mm, signs.sclerosis_hu];
    let probabilities = model()?.probabilities(&all.map(|s| s.0), &all.map(|s| s.1));
    Some(GradeProbabilities {
        from: 0,
        probabilities: softened(probabilities),
        method: "Proportional-odds model of minimum joint space, osteophytes and subchondral density, fitted to virtual patients of known grade (synthetic-same-anatomy): its accuracy in real patients is not known.".into(),
    })
}

/// Probabilities of Crowe's grades, from the share of the head's height by which it has risen and its spread.
pub(crate) fn crowe(share: f64, spread: f64) -> GradeProbabilities {
    let below =
        |limit: f64| 0.5 * (1.0 + erf((limit - share) / (spread.max(1e-6) * std::f64::consts::SQRT_2)));
    let mut last = 0.0;
    let probabilities = CROWE_LIMITS
        .map(below)
        .into_iter()
        .chain([1.0])
        .map(|b| {
            let p = (b - last).max(0.0);
            last = b;
            p
        })
        .collect();
    GradeProbabilities {
        from: 1,
        probabilities,
        method: "Limits of Crowe 1979 (50, 75 and 100 % of the height of the head) applied to the measured ratio and its spread; grade I includes hips without migration.".into(),
    }
}

fn softened(probabilities: Vec<f64>) -> Vec<f64> {
    let even = READERS_SHARE / probabilities.len().max(1) as f64;
    probabilities.into_iter().map(|p| (1.0 - READERS_SHARE) * p + even).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_model_is_whole_and_was_held_against_shuffled_grades() {
        assert_eq!(model().unwrap().slopes.len(), MEASURES.len());
        let fitted: Together =
            serde_json::from_str(include_str!("../../../weights/osteoarthritis.json")).unwrap();
        assert!(fitted.skill > 0.5 && fitted.skill_shuffled[1] < 0.1);
        assert!(fitted.agreement_shuffled.weighted_kappa < 0.1);
    }

    #[test]
    fn crowe_follows_its_limits_and_is_unsure_at_them() {
        assert_eq!(crowe(0.1, 0.05).likeliest().0, 1);
        assert_eq!(crowe(0.62, 0.03).likeliest().0, 2);
        assert_eq!(crowe(1.3, 0.05).likeliest().0, 4);
        let at = crowe(0.75, 0.05);
        assert!((at.probabilities[1] - at.probabilities[2]).abs() < 1e-6 && at.likeliest().1 < 0.51);
    }

    #[test]
    fn a_worse_joint_has_a_higher_grade_and_none_is_certain() {
        let signs = |joint: f64, bone: f64, hu: f64| Signs {
            joint_space: (joint, 0.02),
            osteophyte_mm: (bone, 0.4),
            sclerosis_hu: (hu, 30.0),
        };
        let worse = [signs(0.13, 0.2, 500.0), signs(0.07, 1.5, 550.0), signs(0.01, 5.0, 640.0)];
        let means = worse.map(|s| kellgren_lawrence(&s).unwrap().mean());
        assert!(means[0] < means[1] && means[1] < means[2], "{means:?}");
        for s in worse {
            let found = kellgren_lawrence(&s).unwrap();
            assert!((found.probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            assert!(found.likeliest().1 <= 0.92);
        }
    }
}
