//! Moves and turns of components keep what they say they keep.

use super::*;
use crate::Sketch;
use crate::document::{from_toml, to_toml};
use crate::implants::Catalogue;
use crate::placement::synthetic::Case;
use crate::placement::{PlanOptions, PreparedHip};
use coxa_geometry::Quantity;
use coxa_geometry::quantity::CUP_ANGLES;

struct Moved {
    before: Sketch,
    after: Sketch,
}

impl Moved {
    fn change(&self, number: Quantity) -> f64 {
        self.after.results[number].value - self.before.results[number].value
    }
}

/// Adjusts the plan of a right hip and of its mirror image.
fn moved(by: &Adjustment) -> [Moved; 2] {
    let catalogue = Catalogue::builtin();
    [Case::right(), Case::right().mirrored()].map(|case| {
        let plan = case.plan(PlanOptions::default()).sketch.plan;
        let hip = PreparedHip::new(case.input(PlanOptions::default())).unwrap();
        let axes = HipAxes::new(&case.anatomy, plan.side);
        let adjusted = axes.adjusted(&plan, by).unwrap();
        assert_eq!(from_toml(&to_toml(&adjusted), &catalogue).unwrap(), adjusted);
        let sketch = |plan| hip.sketch(plan, &catalogue).unwrap();
        let after = sketch(&adjusted);
        // The stem as the axes see it is the stem as it is placed.
        let own = axes.stem_frame(&adjusted.stem).unwrap();
        let off = own.inverse().then(&after.pose.stem_frame);
        assert!(off.isometry().translation.vector.norm() < 1e-9 && off.isometry().rotation.angle() < 1e-9);
        Moved { before: sketch(&plan), after }
    })
}

#[test]
fn a_cup_moves_along_the_axes_of_the_pelvis() {
    for moved in moved(&Adjustment::MoveCup { medial_mm: 1.5, superior_mm: -2.0, anterior_mm: 0.5 }) {
        for (number, by) in [
            (Quantity::CupCentreShiftMedial, 1.5),
            (Quantity::CupCentreShiftSuperior, -2.0),
            (Quantity::CupCentreShiftAnterior, 0.5),
        ] {
            assert!((moved.change(number) - by).abs() < 0.02, "{number} {}", moved.change(number));
        }
    }
}

#[test]
fn a_cup_turns_by_every_definition_against_every_plane() {
    let definitions = [CupDefinition::Radiographic, CupDefinition::Operative, CupDefinition::Anatomical];
    for (definition, planes) in definitions.into_iter().zip(CUP_ANGLES) {
        for (plane, angles) in [CupPlane::Functional, CupPlane::AnteriorPelvic].into_iter().zip(planes) {
            let turn = Adjustment::TurnCup { definition, plane, inclination_deg: 4.0, anteversion_deg: -3.0 };
            for moved in moved(&turn) {
                for (number, by) in angles.into_iter().zip([4.0, -3.0]) {
                    assert!((moved.change(number) - by).abs() < 0.01, "{number} {}", moved.change(number));
                }
            }
            let set =
                Adjustment::SetCupAngles { definition, plane, inclination_deg: 45.0, anteversion_deg: 21.0 };
            for moved in self::moved(&set) {
                for (number, expected) in angles.into_iter().zip([45.0, 21.0]) {
                    let value = moved.after.results[number].value;
                    assert!((value - expected).abs() < 0.01, "{number} {value}");
                }
            }
        }
    }
}

#[test]
fn a_stem_turns_and_sinks_as_its_numbers_say() {
    for moved in moved(&Adjustment::TurnStem { version_deg: 5.0, varus_deg: 0.0, flexion_deg: 0.0 }) {
        assert!((moved.change(Quantity::StemVersion) - 5.0).abs() < 1e-6);
    }
    for moved in moved(&Adjustment::TurnStem { version_deg: 0.0, varus_deg: 2.0, flexion_deg: 0.0 }) {
        assert!(
            (moved.change(Quantity::StemVarus) - 2.0).abs() < 0.02,
            "{}",
            moved.change(Quantity::StemVarus)
        );
        assert!(moved.change(Quantity::StemFlexion).abs() < 0.1);
    }
    for moved in moved(&Adjustment::TurnStem { version_deg: 0.0, varus_deg: 0.0, flexion_deg: 3.0 }) {
        assert!(
            (moved.change(Quantity::StemFlexion) - 3.0).abs() < 0.02,
            "{}",
            moved.change(Quantity::StemFlexion)
        );
    }
    // A stem that sinks by 3 mm lets the leg up by as much, but for its lean.
    for moved in moved(&Adjustment::MoveStem { deeper_mm: 3.0, medial_mm: 0.0, anterior_mm: 0.0 }) {
        assert!(
            (moved.change(Quantity::LegLengthChange) + 3.0).abs() < 0.1,
            "{}",
            moved.change(Quantity::LegLengthChange)
        );
    }
    for moved in moved(&Adjustment::MoveStem { deeper_mm: 0.0, medial_mm: 1.0, anterior_mm: 0.0 }) {
        assert!(moved.change(Quantity::OffsetChange) > 0.9, "{}", moved.change(Quantity::OffsetChange));
    }
}

#[test]
fn what_cannot_be_is_said() {
    let case = Case::right();
    let plan = case.plan(PlanOptions::default()).sketch.plan;
    let axes = HipAxes::new(&case.anatomy, plan.side);
    let nan = Adjustment::MoveCup { medial_mm: f64::NAN, superior_mm: 0.0, anterior_mm: 0.0 };
    assert_eq!(axes.adjusted(&plan, &nan), Err(AdjustError::NotFinite));
    let mut anatomy = case.anatomy.clone();
    anatomy.pelvis.anterior_plane = None;
    anatomy.pelvis.completion = None;
    let blind = HipAxes::new(&anatomy, plan.side);
    let turn = Adjustment::TurnCup {
        definition: CupDefinition::Radiographic,
        plane: CupPlane::AnteriorPelvic,
        inclination_deg: 1.0,
        anteversion_deg: 0.0,
    };
    assert_eq!(blind.adjusted(&plan, &turn), Err(AdjustError::NoAnteriorPlane));
}

#[test]
fn another_part_takes_with_it_what_no_longer_fits_and_says_so() {
    let catalogue = Catalogue::builtin();
    let plan = Case::right().plan(PlanOptions::default()).sketch.plan;
    let family = plan.cup.family.clone();
    let smallest = catalogue.cup(&family).unwrap().sizes_mm[0];
    let (small, said) = PartChange::Cup { family, size_mm: smallest }.applied(&plan, &catalogue).unwrap();
    assert!(small.head.diameter_mm < plan.head.diameter_mm && said.len() == 1, "{said:?}");
    assert!(said[0].message.contains("head"));
    from_toml(&to_toml(&small), &catalogue).unwrap();
    for stem in &catalogue.stems {
        let change = PartChange::Stem {
            family: stem.name.clone(),
            size: 99,
            neck_shaft_deg: Angle::from_degrees(130.0),
            offset: "high".into(),
        };
        let (other, said) = change.applied(&plan, &catalogue).unwrap();
        assert!(!said.is_empty());
        from_toml(&to_toml(&other), &catalogue).unwrap();
    }
    for liner in &catalogue.liners {
        let change = PartChange::Liner { kind: liner.kind.clone(), lip_direction_deg: None };
        from_toml(&to_toml(&change.applied(&plan, &catalogue).unwrap().0), &catalogue).unwrap();
    }
    assert!(PartChange::Cup { family: "no such".into(), size_mm: 50.0 }.applied(&plan, &catalogue).is_err());
}
