//! Tables of numbers in the order in which a hip is planned: leg length and offset, cup, stem, both together.

use super::numbers::{change, spread, value};
use super::speech::{listed, say};
use super::words::{capitalised, lower, sides, split_side, titled};
use coxa_anatomy::{HipAnatomy, Missing};
use coxa_geometry::Quantity::*;
use coxa_geometry::quantity::{CUP_ANGLES, Site};
use coxa_geometry::{Measured, Measurements, Quantity, Side};
use coxa_locale::Language;
use serde::Serialize;

type Contents = &'static [(&'static str, &'static [Quantity])];

/// Numbers of a plan: heading by its message, then what stands under it.
const PLAN: Contents = &[
    (
        "report-group-leg-length",
        &[
            LegLengthDifferencePlanned,
            LegLengthChange,
            NerveLengtheningChance,
            OffsetDifferencePlanned,
            OffsetChange,
            FemoralOffset,
            FemoralOffsetNative,
            FemurShiftAnterior,
        ],
    ),
    (
        "report-group-lever-arms",
        &[
            AbductorLeverArm,
            AbductorLeverArmChange,
            AbductorLeverArmDifference,
            StanceForce,
            StanceForceChange,
        ],
    ),
    (
        "report-group-cup",
        &[
            CupCoverage,
            RimOverhang,
            CupCentreEdgeAngle,
            CupTeardropDistance,
            MedialWall,
            AnteriorWall,
            PosteriorWall,
            MedialWallHole,
            AnteriorWallHole,
            PosteriorWallHole,
            VesselDistance,
            VesselChance,
            AnteriorRetractorVesselDistance,
            PosteriorRetractorNerveDistance,
            HipCentreShiftMedial,
            HipCentreShiftSuperior,
            HipCentreShiftAnterior,
            CupCentreShiftMedial,
            CupCentreShiftSuperior,
            CupCentreShiftAnterior,
        ],
    ),
    (
        "report-group-stem",
        &[
            CanalFill,
            CorticalContact,
            CortexLeft,
            ResectionLevel,
            StemShoulderToTrochanter,
            StemVarus,
            StemFlexion,
            StemVersion,
            FemoralVersionNative,
            StemVersionChange,
        ],
    ),
    ("report-group-together", &[CombinedAnteversion, CombinedAnteversionWidmer]),
];

/// Measurements as scanned.
const SCAN: Contents = &[
    (
        "report-group-leg-length",
        &[LegLengthDifference, HipLength, OffsetDifference, HipOffset, FemoralOffset],
    ),
    ("report-group-pelvis", &[PelvicTilt, InterAsisDistance]),
    (
        "report-group-acetabulum",
        &[
            AcetabularInclinationSupine,
            AcetabularAnteversionSupine,
            AcetabularInclinationApp,
            AcetabularAnteversionApp,
            CentreEdgeAngle,
            SharpAngle,
            AcetabularRoofAngle,
        ],
    ),
    (
        "report-group-joint",
        &[
            JointSpaceMinimum,
            JointSpaceMean,
            JointSpaceSuperior,
            JointSpaceMedial,
            JointSpaceAnterior,
            HeadAsphericity,
            HeadAsphericalFraction,
            HeadMigrationSuperior,
            HeadMigrationLateral,
            CroweRatio,
            OsteophyteHeight,
            SubchondralSclerosis,
            SubchondralCysts,
        ],
    ),
    (
        "report-group-femur",
        &[
            HeadDiameter,
            NeckShaftAngle,
            FemoralVersion,
            FemurLength,
            FemurLengthDifference,
            FemoralHeadDensity,
            ShaftCortex,
        ],
    ),
];

/// What no heading claims is shown all the same.
const REST: &str = "report-group-rest";

/// A part of a table under its own heading.
#[derive(Debug, Serialize)]
pub struct Group<R> {
    /// What the rows are about.
    pub heading: String,
    /// In the order in which they are read.
    pub rows: Vec<R>,
}

/// The rows of each quantity under its heading, in their order; empty headings are left out. `others` are quantities that may
/// have rows without a heading of their own.
fn grouped<R>(
    language: Language,
    contents: Contents,
    others: impl Iterator<Item = Quantity>,
    rows: impl Fn(Quantity) -> Vec<R>,
) -> Vec<Group<R>> {
    let claimed = |quantity: &Quantity| contents.iter().any(|(_, entries)| entries.contains(quantity));
    let mut rest: Vec<Quantity> = others.filter(|quantity| !claimed(quantity)).collect();
    rest.sort_unstable_by_key(|quantity| quantity.name());
    rest.dedup();
    let named = contents.iter().map(|&(heading, entries)| (heading, entries));
    let mut groups: Vec<Group<R>> = named
        .chain([(REST, rest.as_slice())])
        .map(|(heading, entries)| Group {
            heading: language.text(heading),
            rows: entries.iter().flat_map(|&q| rows(q)).collect(),
        })
        .collect();
    groups.retain(|g| !g.rows.is_empty());
    groups
}

/// A number of the plan with how it was obtained.
#[derive(Debug, Serialize)]
pub struct NumberRow {
    /// What it is called.
    pub name: String,
    /// Value with its unit; changes and differences with their sign.
    pub value: String,
    /// One standard deviation, `± 0.5 mm`; empty where it has none.
    pub spread: String,
    /// How it was obtained.
    pub method: String,
}

/// The numbers of a plan in English, in the order in which a hip is planned, without the cup's angles, which have a table of their own.
pub fn numbers_of_plan(results: &Measurements) -> Vec<Group<NumberRow>> {
    of_plan(results, Language::English)
}

/// The same in a language.
pub(super) fn of_plan(results: &Measurements, language: Language) -> Vec<Group<NumberRow>> {
    let row = |name: String, quantity: Quantity, m: &Measured| NumberRow {
        name,
        value: shown(language, quantity, m),
        spread: spread(language, m),
        method: capitalised(&m.method),
    };
    let is_angle = |quantity: Quantity| CUP_ANGLES.as_flattened().as_flattened().contains(&quantity);
    let whole = results.keys().filter(|key| key.site == Site::Whole).map(|key| key.quantity);
    let title = |quantity: Quantity| language.word(quantity.title()).into_owned();
    let mut groups = grouped(language, PLAN, whole.filter(|&quantity| !is_angle(quantity)), |quantity| {
        results.get(quantity).map(|m| row(title(quantity), quantity, m)).into_iter().collect()
    });
    let screws: Vec<NumberRow> = results
        .iter()
        .filter_map(|(key, m)| match key.site {
            Site::Screw(hole) => {
                let of = [("quantity", title(key.quantity).into()), ("hole", hole.to_string().into())];
                Some(row(say(language, "report-of-hole", of), key.quantity, m))
            }
            Site::Whole | Site::Side(_) => None,
        })
        .collect();
    if !screws.is_empty() {
        groups.push(Group { heading: language.text("report-group-screws"), rows: screws });
    }
    groups
}

/// A value; what compares two states or sides with its sign.
fn shown(language: Language, quantity: Quantity, m: &Measured) -> String {
    if quantity.is_relative() { change(language, m) } else { value(language, m) }
}

/// A measurement of both sides, or of the whole.
#[derive(Debug, Serialize)]
pub(super) struct SidedRow {
    pub(super) name: String,
    /// Value and spread; empty where that side was not measured.
    pub(super) right: (String, String),
    pub(super) left: (String, String),
    pub(super) whole: Option<(String, String)>,
    pub(super) method: String,
}

/// What a shape model completed of femora and pelvis, by side.
pub(super) fn completed(anatomy: &HipAnatomy) -> Measurements {
    let mut all = Measurements::new();
    for side in Side::BOTH {
        for (key, m) in anatomy.side(side).completion.iter().flat_map(|c| c.measurements.iter()) {
            all.insert(key.quantity.of(side), m.value, m.spread, m.method.clone());
        }
    }
    for (key, m) in anatomy.pelvis.completion.iter().flat_map(|c| c.measurements.iter()) {
        all.insert(key, m.value, m.spread, m.method.clone());
    }
    let length = |side| all.get(Quantity::FemurLength.of(side));
    if let (Some(right), Some(left)) = (length(Side::Right), length(Side::Left)) {
        // Both sides of a patient err alike, so this is on the wide side.
        let (value, spread) = (right.value - left.value, right.spread.hypot(left.spread));
        let method = "What the femora are expected to add to a difference of leg length. Both femora are completed by a shape model; their errors are taken as independent.";
        all.insert(Quantity::FemurLengthDifference, value, spread, method);
    }
    all
}

/// The measurements as scanned, and those that a shape model completed, right and left side by side.
pub(super) fn of_scan(
    seen: &Measurements,
    completed: &Measurements,
    language: Language,
) -> Vec<Group<SidedRow>> {
    let quantities = seen.keys().chain(completed.keys()).map(|key| key.quantity);
    grouped(language, SCAN, quantities, |quantity| {
        let whose = match quantity {
            Quantity::PelvicTilt
            | Quantity::AcetabularInclinationApp
            | Quantity::AcetabularAnteversionApp => "report-of-completed-pelvis",
            _ => "report-of-completed-femur",
        };
        let title = language.word(quantity.title()).into_owned();
        let of_completed = say(language, whose, [("quantity", title.clone().into())]);
        let rows =
            [sided(language, seen, quantity, title), sided(language, completed, quantity, of_completed)];
        rows.into_iter().flatten().collect()
    })
}

/// The row of a quantity under a name; `None` where it was not measured.
fn sided(
    language: Language,
    measurements: &Measurements,
    quantity: Quantity,
    name: String,
) -> Option<SidedRow> {
    let [right, left] = [Side::Right, Side::Left].map(|side| measurements.get(quantity.of(side)));
    let whole = measurements.get(quantity);
    let cell = |m: Option<&Measured>| m.map(|m| (shown(language, quantity, m), spread(language, m)));
    let mut methods: Vec<&str> = Vec::new();
    for m in [whole, right, left].into_iter().flatten() {
        if !methods.contains(&m.method.as_str()) {
            methods.push(&m.method);
        }
    }
    // The methods of both sides differ where one side had to do with less.
    let method = match (methods.as_slice(), whole) {
        ([], _) => return None,
        (&[of_right, of_left], None) => {
            say(language, "report-methods-of-sides", [("right", of_right.into()), ("left", of_left.into())])
        }
        _ => methods.join(" "),
    };
    let (right, left) = (cell(right).unwrap_or_default(), cell(left).unwrap_or_default());
    Some(SidedRow { name, right, left, whole: cell(whole), method })
}

/// The name of a thing that was to be measured. Other languages have the titles of quantities.
fn named(language: Language, name: &str) -> String {
    match name.parse::<Quantity>() {
        Ok(quantity) if language != Language::English => language.word(quantity.title()).into_owned(),
        _ => titled(language, name),
    }
}

/// Names, each with the sides it stands for.
type Things<'a> = Vec<(&'a str, Vec<Side>)>;

/// What the scan does not show: reasons, each with all that it keeps from being measured.
pub(super) fn not_seen(missing: &[Missing], language: Language) -> Vec<(String, String)> {
    let mut reasons: Vec<(&str, Things<'_>)> = Vec::new();
    for m in missing {
        let (name, side) = split_side(&m.what);
        let at = reasons.iter().position(|(why, _)| *why == m.why).unwrap_or_else(|| {
            reasons.push((&m.why, Vec::new()));
            reasons.len() - 1
        });
        let things = &mut reasons[at].1;
        match things.iter_mut().find(|(n, _)| *n == name) {
            Some((_, sides)) => sides.extend(side),
            None => things.push((name, side.into_iter().collect())),
        }
    }
    let words = |things: Things<'_>| {
        let things = things.into_iter().map(|(name, of)| {
            let name = lower(&named(language, name));
            match sides(language, &of) {
                of if of.is_empty() => name,
                of => say(language, "report-thing-of-sides", [("thing", name.into()), ("sides", of.into())]),
            }
        });
        capitalised(&listed(language, things))
    };
    reasons.into_iter().map(|(why, things)| (words(things), capitalised(why))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::quantity::Scope;

    #[test]
    fn groups_come_in_surgical_order_and_nothing_is_lost() {
        let mut results = Measurements::new();
        for (n, quantity) in [
            Quantity::CanalFill,
            Quantity::CombinedAnteversion,
            Quantity::CupCoverage,
            Quantity::LegLengthChange,
            Quantity::PressFitContact,
            Quantity::CupInclinationOperativeApp,
        ]
        .into_iter()
        .enumerate()
        {
            results.insert(quantity, n as f64, 0.5, "held against the wall");
        }
        results.insert(Quantity::ScrewPurchase.of_screw(2), 20.0, 0.5, "");
        let groups = of_plan(&results, Language::English);
        let headings: Vec<&str> = groups.iter().map(|g| g.heading.as_str()).collect();
        let expected =
            ["Leg length and offset", "Cup", "Stem", "Cup and stem together", "Further numbers", "Screws"];
        assert_eq!(headings, expected);
        assert_eq!(groups.iter().map(|g| g.rows.len()).sum::<usize>(), results.len() - 1);
        assert_eq!(groups[0].rows[0].value, "+3.0 mm");
        assert_eq!(groups[4].rows[0].name, "Press-fit contact");
        assert_eq!(groups[5].rows[0].name, "Screw purchase, hole 2");
    }

    #[test]
    fn every_number_of_a_real_plan_has_its_heading() {
        let planned = crate::placement::synthetic::Case::right().plan(Default::default());
        let groups = of_plan(&planned.results, Language::English);
        let rest: Vec<&str> = groups
            .iter()
            .filter(|g| g.heading == "Further numbers")
            .flat_map(|g| &g.rows)
            .map(|r| r.name.as_str())
            .collect();
        assert!(rest.is_empty(), "without a heading: {rest:?}");
    }

    #[test]
    fn every_measurement_of_a_side_has_its_heading() {
        let mut seen = Measurements::new();
        for &quantity in Quantity::ALL.iter().filter(|quantity| quantity.scope() == Scope::Side) {
            seen.insert(quantity.of(Side::Left), 1.0, 0.5, "");
        }
        let groups = of_scan(&seen, &Measurements::new(), Language::English);
        assert!(groups.iter().all(|group| group.heading != "Further numbers"));
        assert_eq!(groups.iter().map(|group| group.rows.len()).sum::<usize>(), seen.len());
    }

    #[test]
    fn both_sides_stand_in_one_row() {
        let mut seen = Measurements::new();
        seen.insert(Quantity::HeadDiameter.of(Side::Left), 0.0, 0.5, "held against the wall");
        seen.insert(Quantity::HeadDiameter.of(Side::Right), 1.0, 0.5, "held against the wall");
        seen.insert(Quantity::PelvicTilt, 2.0, 0.5, "held against the wall");
        let mut completed = Measurements::new();
        completed.insert(Quantity::PelvicTilt, 3.0, 0.5, "by a model");
        let groups = of_scan(&seen, &completed, Language::English);
        assert_eq!(groups.iter().map(|g| g.heading.as_str()).collect::<Vec<_>>(), ["Pelvis", "Femur"]);
        let head = &groups[1].rows[0];
        assert_eq!((head.right.0.as_str(), head.left.0.as_str()), ("1.0 mm", "0.0 mm"));
        assert_eq!(head.method, "held against the wall");
        let names: Vec<&str> = groups[0].rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["Pelvic tilt", "Pelvic tilt, completed pelvis"]);
        assert!(groups[0].rows.iter().all(|row| row.whole.is_some()));
        seen.remove(Quantity::HeadDiameter.of(Side::Left));
        assert_eq!(of_scan(&seen, &completed, Language::English)[1].rows[0].left.0, "");
    }

    #[test]
    fn one_reason_is_given_once() {
        let missing = |what: &str, why: &str| Missing { what: what.into(), why: why.into() };
        let seen = [
            missing("shaft_axis_right", "too short"),
            missing("canal_right", "the shaft axis was not found"),
            missing("shaft_axis_left", "too short"),
            missing("femoral_version_right", "the shaft axis was not found"),
        ];
        let seen = not_seen(&seen, Language::English);
        assert_eq!(seen.len(), 2);
        assert_eq!(seen[0], ("Shaft axis (right and left)".into(), "Too short".into()));
        assert_eq!(seen[1].0, "Canal (right), femoral version (right)");
    }
}
