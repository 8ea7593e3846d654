//! What the optimiser may choose, what that must gain, and how gains add up.

use super::choices::choices;
use super::postures::Spinopelvic;
use super::study::Study;
use super::tests::{HISATOME, criteria, motions, options, study};
use super::*;
use crate::placed::ComponentNames;
use crate::placement::PlanOptions;
use crate::placement::synthetic::Case;
use coxa_activity::posture::SpinalMobility;

#[test]
fn dual_mobility_is_offered_only_where_instability_is_foreseen() {
    let case = Case::right();
    let planned = case.plan(PlanOptions::default());
    let catalogue = Catalogue::builtin();
    let offered = |options: PlanOptions, postures: &Spinopelvic| {
        let hip = PreparedHip::new(case.input(options)).unwrap();
        let study = Study::new(&hip, &planned, &catalogue, motions(&HISATOME), postures).unwrap();
        let families = Families::default();
        let choices = choices(&study, &Freedom { families: &families, held: &[], kept: &[] }).unwrap();
        choices.bearings.iter().any(|design| design.components.liner == "dual_mobility")
    };
    let usual = Spinopelvic::default();
    assert!(!offered(PlanOptions::default(), &usual));
    let mut stiff = PlanOptions::default();
    stiff.targets.spine = Some(SpinalMobility::Stiff);
    assert!(offered(stiff, &usual));
    assert!(offered(
        PlanOptions::default(),
        &Spinopelvic { mobility: Some(SpinalMobility::Stiff), ..Spinopelvic::default() }
    ));
}

#[test]
fn what_is_kept_is_not_chosen_anew_and_a_canal_that_is_not_seen_chooses_no_stem() {
    let case = Case::right();
    let planned = case.plan(PlanOptions::default());
    let catalogue = Catalogue::builtin();
    let of = |case: &Case, kept: &[Component]| {
        let study = study(case, &planned, &catalogue, motions(&HISATOME));
        let families = Families::default();
        choices(&study, &Freedom { families: &families, held: &[], kept }).unwrap()
    };
    let first = &ComponentNames::from(&planned.plan);
    let free = of(&case, &[]);
    for component in Component::ALL {
        let all = [free.bearings.clone(), free.stems.clone()].concat();
        assert!(
            all.iter().any(|d| !component.is_same(&d.components, first)),
            "{component:?} is never chosen"
        );
        let kept = of(&case, &[component]);
        let all = [kept.bearings, kept.stems].concat();
        assert!(all.iter().all(|d| component.is_same(&d.components, first)), "{component:?} is kept");
    }
    let mut blind = Case::right();
    blind.anatomy.right.canal = None;
    let stems = of(&blind, &[]).stems;
    assert!(!stems.is_empty());
    let own = |design: &Design| {
        (&design.components.stem_family, design.components.stem_size) == (&first.stem_family, first.stem_size)
    };
    assert!(stems.iter().all(own));
}

#[test]
fn the_plan_by_rule_costs_nothing_and_departures_what_their_prices_say() {
    let case = Case::right();
    let planned = case.plan(PlanOptions::default());
    let catalogue = Catalogue::builtin();
    let study = study(&case, &planned, &catalogue, motions(&HISATOME));
    let charge = |design: &Design| study.charge(&study.prepare(design, false).unwrap());
    let first = study.first().design.clone();
    assert_eq!(charge(&first), 0.0);
    assert_eq!(study.prices_of(&planned.plan).unwrap(), []);
    let mut steeper = planned.plan.clone();
    steeper.cup.inclination_deg = steeper.cup.inclination_deg + coxa_geometry::Angle::from_degrees(4.0);
    let [price] = study.prices_of(&steeper).unwrap()[..] else { panic!("one part is changed") };
    assert_eq!(price.part, crate::optimise::Part::Place);
    assert!((price.points - 4.0 * study.criteria.points("cup.orientation")).abs() < 1.0, "{}", price.points);
    let points = |name: &str| study.criteria.points(name);
    let mut other = first.clone();
    other.components.liner = "offset".into();
    let moved = study.centre_shift(&study.prepare(&other, false).unwrap().parts, &other.placement);
    assert!(charge(&other) >= points("liner.offset"), "{moved:?}");
    let mut turned = first.clone();
    turned.placement.inclination_deg += 3.0;
    turned.placement.anteversion_deg += 4.0;
    assert!((charge(&turned) - 5.0 * points("cup.orientation")).abs() < 1e-9);
    let mut version = first;
    version.placement.stem_version_deg += 2.0;
    assert!(charge(&version) >= 2.0 * points("stem.version"));
}

#[test]
fn gains_by_criterion_add_up_to_the_difference() {
    let case = Case::right();
    let planned = case.plan(PlanOptions::default());
    let catalogue = Catalogue::builtin();
    let angles = "[[criterion]]\nname = \"cup_inclination\"\n[[criterion]]\nname = \"cup_anteversion\"\n";
    let study = study(&case, &planned, &catalogue, criteria(angles));
    let samples = samples(&options(), &study.measurement, 48, 3);
    let first = study.prepare(&study.first().design, false).unwrap();
    let placement = study.first().design.placement;
    let other = study.moved(&first, placement.with(Variable::Inclination, 52.0));
    let [before, after] = [&first, &other].map(|design| Margins::new(&study, design, &samples));
    let gains = recommend::gains(&study, &before, &after);
    let difference = after.success_without(&[]) - before.success_without(&[]);
    let sum: f64 = gains.iter().map(|gain| gain.success).sum();
    assert!((sum - difference).abs() < 1e-9 && difference != 0.0, "{sum} against {difference}");
}
