//! Mass of a patient's body.

use super::LoadOptions;
use coxa_anatomy::{HipAnatomy, LandmarkKind};
use coxa_geometry::STANDARD_GRAVITY;
use coxa_geometry::{Quantity, Side};

/// Mass with its spread and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BodyMass {
    pub(crate) kg: f64,
    /// One standard deviation.
    pub(crate) spread_kg: f64,
    pub(crate) method: String,
}

/// From the hip's centre to the knee's over the body's height (Drillis and Contini 1966, in Winter 2009: 0.245, to be verified).
const THIGH_OVER_HEIGHT: f64 = 0.245;
/// Body mass index of patients before hip arthroplasty and its spread, kg/m² (to be verified).
const INDEX: [f64; 2] = [28.0, 5.0];
/// Height of somebody of whom nothing is known, and its spread, m.
const HEIGHT_M: [f64; 2] = [1.69, 0.09];
/// Spread of a height that was computed from a femur, m: about 4 cm (Trotter and Gleser 1958, to be verified).
const HEIGHT_FROM_FEMUR_SPREAD_M: f64 = 0.04;

impl BodyMass {
    /// The body's weight.
    pub(crate) fn weight_n(&self) -> f64 {
        self.kg * STANDARD_GRAVITY
    }

    /// As given, else by the length of the femur, else of anybody.
    pub(crate) fn new(options: &LoadOptions, anatomy: &HipAnatomy) -> BodyMass {
        if let Some(kg) = options.body_mass_kg {
            return BodyMass { kg, spread_kg: 0.0, method: "as given".into() };
        }
        let femora = Side::BOTH.map(|side| femur_mm(anatomy, side));
        let known: Vec<f64> = femora.into_iter().flatten().filter(|mm| (250.0..600.0).contains(mm)).collect();
        let (height, spread, from) = if known.is_empty() {
            (HEIGHT_M[0], HEIGHT_M[1], "at mean height, as no whole femur is in the scan")
        } else {
            let mean_mm = known.iter().sum::<f64>() / known.len() as f64;
            (
                mean_mm / 1e3 / THIGH_OVER_HEIGHT,
                HEIGHT_FROM_FEMUR_SPREAD_M,
                "at the height predicted from the femur's length",
            )
        };
        let kg = INDEX[0] * height * height;
        let relative = (INDEX[1] / INDEX[0]).hypot(2.0 * spread / height);
        BodyMass {
            kg,
            spread_kg: kg * relative,
            method: format!(
                "from a body mass index of {:.0} ± {:.0} kg/m2 {from} ({height:.2} m): give the patient's own mass with --weight",
                INDEX[0], INDEX[1]
            ),
        }
    }
}

/// From the head centre to the middle of the epicondyles, seen or completed.
fn femur_mm(anatomy: &HipAnatomy, side: Side) -> Option<f64> {
    let place = |kind| anatomy.landmark(kind, side).map(|landmark| landmark.position_mm);
    let hip = anatomy.side(side);
    let medial = place(LandmarkKind::MedialEpicondyle);
    let seen = medial.zip(place(LandmarkKind::LateralEpicondyle)).zip(hip.head.as_ref());
    let completed =
        || hip.completion.as_ref()?.measurements.get(Quantity::FemurLength).map(|length| length.value);
    seen.map(|((medial, lateral), head)| medial.midpoint(lateral).distance(head.centre_mm)).or_else(completed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_anatomy::{FemoralHead, Landmark};
    use coxa_geometry::Point;

    #[test]
    fn what_is_given_comes_first_and_a_long_femur_is_of_a_heavy_body() {
        let mut anatomy = HipAnatomy::default();
        let mass = |options: LoadOptions, anatomy: &HipAnatomy| BodyMass::new(&options, anatomy);
        let given = mass(LoadOptions { body_mass_kg: Some(91.0), ..Default::default() }, &anatomy);
        assert!(given.kg == 91.0 && given.spread_kg == 0.0);
        let anybody = mass(LoadOptions::default(), &anatomy);
        assert!((75.0..85.0).contains(&anybody.kg) && anybody.spread_kg > 10.0);
        let mut of = |mm: f64| {
            let centre_mm = Point::origin();
            anatomy.left.head =
                Some(FemoralHead { centre_mm, radius_mm: 24.0, residual_mm: 0.2, spread_mm: 0.3 });
            anatomy.landmarks.clear();
            for (kind, x) in
                [(LandmarkKind::MedialEpicondyle, -40.0), (LandmarkKind::LateralEpicondyle, 40.0)]
            {
                let (position_mm, method) = (Point::new(x, 0.0, -mm), String::new());
                anatomy.landmarks.push(Landmark {
                    kind,
                    side: Side::Left,
                    position_mm,
                    spread_mm: 1.0,
                    method,
                });
            }
            mass(LoadOptions::default(), &anatomy)
        };
        let (short, tall) = (of(380.0), of(450.0));
        assert!(short.kg < tall.kg && tall.spread_kg / tall.kg < anybody.spread_kg / anybody.kg);
        assert!((tall.kg - 28.0 * (0.45f64 / 0.245).powi(2)).abs() < 1e-9);
        assert!(of(3.0).method.contains("mean height"));
    }
}
