//! Tables of numbers in the order in which a hip is planned: leg length and offset, cup, stem, both together.

use super::words::{capitalised, change, lower, sides, split_side, spread, title, value};
use crate::plan::SCREW_PREFIX;
use coxa_anatomy::{HipAnatomy, Missing};
use coxa_geometry::{Measured, Side};
use serde::Serialize;
use std::collections::BTreeMap;

type Contents = &'static [(&'static str, &'static [(&'static str, &'static str)])];

/// Numbers of a plan: heading, then name and what it is called.
const PLAN: Contents = &[
    (
        "Leg length and offset",
        &[
            ("leg_length_difference_planned", "Leg length, operated less other side"),
            ("leg_length_change", "Change of leg length"),
            ("offset_difference_planned", "Global offset, operated less other side"),
            ("offset_change", "Change of global offset"),
            ("femoral_offset", "Femoral offset of the stem"),
            ("femoral_offset_native", "Femoral offset, native"),
            ("femur_shift_anterior", "Anterior shift of the femur"),
        ],
    ),
    (
        "Levers",
        &[
            ("abductor_lever_arm", "Lever arm of the abductors"),
            ("abductor_lever_arm_change", "Change of their lever arm"),
            ("abductor_lever_arm_difference", "Their lever arm, operated less other side"),
            ("stance_force", "Force on one leg, of body weight"),
            ("stance_force_change", "Change of the force on one leg, of body weight"),
        ],
    ),
    (
        "Cup",
        &[
            ("cup_coverage", "Bone coverage"),
            ("cup_centre_edge_angle", "Centre-edge angle of the cup"),
            ("medial_wall", "Medial wall left"),
            ("anterior_wall", "Anterior wall left"),
            ("posterior_wall", "Posterior wall left"),
            ("vessel_distance", "Shell to labelled vessels"),
            ("hip_centre_shift_medial", "Hip centre, medial shift"),
            ("hip_centre_shift_superior", "Hip centre, superior shift"),
            ("hip_centre_shift_anterior", "Hip centre, anterior shift"),
            ("cup_centre_shift_medial", "Shell centre, medial shift"),
            ("cup_centre_shift_superior", "Shell centre, superior shift"),
            ("cup_centre_shift_anterior", "Shell centre, anterior shift"),
        ],
    ),
    (
        "Stem",
        &[
            ("canal_fill", "Canal fill"),
            ("cortical_contact", "Reach beyond the endosteum"),
            ("cortex_left", "Least cortex left"),
            ("resection_level", "Resection above the lesser trochanter"),
            ("stem_varus", "Varus"),
            ("stem_flexion", "Flexion"),
            ("stem_version", "Version"),
            ("femoral_version_native", "Version of the native neck about the stem"),
            ("stem_version_change", "Change of version"),
        ],
    ),
    (
        "Cup and stem together",
        &[
            ("combined_anteversion", "Combined anteversion"),
            ("combined_anteversion_widmer", "Combined anteversion (Widmer)"),
        ],
    ),
];

/// Measurements as scanned, without their side.
const SCAN: Contents = &[
    (
        "Leg length and offset",
        &[
            ("leg_length_difference", "Leg length, right less left"),
            ("hip_length", "Hip length"),
            ("hip_length_completed", "Hip length, completed femur"),
            ("offset_difference", "Global offset, right less left"),
            ("hip_offset", "Global offset"),
            ("femoral_offset", "Femoral offset"),
        ],
    ),
    (
        "Pelvis",
        &[
            ("pelvic_tilt", "Pelvic tilt"),
            ("pelvic_tilt_completed", "Pelvic tilt, completed pelvis"),
            ("inter_asis_distance", "Distance between the ASIS"),
        ],
    ),
    (
        "Acetabulum",
        &[
            ("acetabular_inclination_supine", "Inclination, supine functional plane"),
            ("acetabular_anteversion_supine", "Anteversion, supine functional plane"),
            ("acetabular_inclination_app", "Inclination, anterior pelvic plane"),
            ("acetabular_anteversion_app", "Anteversion, anterior pelvic plane"),
            ("acetabular_inclination_app_completed", "Inclination, completed anterior pelvic plane"),
            ("acetabular_anteversion_app_completed", "Anteversion, completed anterior pelvic plane"),
            ("centre_edge_angle", "Lateral centre-edge angle"),
            ("sharp_angle", "Sharp angle"),
            ("acetabular_roof_angle", "Roof angle (T\u{f6}nnis)"),
        ],
    ),
    (
        "Joint",
        &[
            ("joint_space_minimum", "Joint space, least"),
            ("joint_space_mean", "Joint space, loaded part"),
            ("joint_space_superior", "Joint space, superior"),
            ("joint_space_medial", "Joint space, medial"),
            ("joint_space_anterior", "Joint space, anterior"),
            ("head_asphericity", "Head, distance from a sphere"),
            ("head_aspherical_share", "Head, share that is aspherical"),
            ("head_migration_superior", "Head, superior migration"),
            ("head_migration_lateral", "Head, lateral migration"),
            ("crowe_ratio", "Head, risen (Crowe)"),
            ("osteophyte_height", "Osteophytes or cam of the head"),
            ("subchondral_sclerosis", "Density under the roof over that above"),
            ("subchondral_cysts", "Subchondral cysts"),
        ],
    ),
    (
        "Femur",
        &[
            ("head_diameter", "Head diameter"),
            ("neck_shaft_angle", "Neck-shaft angle"),
            ("femoral_version", "Version (Murphy)"),
            ("neck_shaft_angle_completed", "Neck-shaft angle, completed femur"),
            ("femoral_version_completed", "Version (Murphy), completed femur"),
            ("femoral_offset_completed", "Femoral offset, completed femur"),
            ("femur_length_completed", "Length of the completed femur"),
            ("femur_length_difference_completed", "Length of the completed femora, right less left"),
            ("femoral_head_density", "Density of the head"),
            ("shaft_cortex", "Cortex of the shaft"),
        ],
    ),
];

/// What a number of a plan is called in its table.
pub(super) fn called(name: &str) -> Option<&'static str> {
    let planned = format!("{name}_planned");
    let mut entries = PLAN.iter().flat_map(|(_, entries)| entries.iter());
    entries.find(|(entry, _)| *entry == name || *entry == planned).map(|(_, called)| *called)
}

/// What no heading claims is shown all the same.
const REST: &str = "Further numbers";

/// A part of a table under its own heading.
#[derive(Debug, Serialize)]
pub struct Group<R> {
    /// What the rows are about.
    pub heading: &'static str,
    /// In the order in which they are read.
    pub rows: Vec<R>,
}

/// Sorts names into headings, in their order; empty headings are left out.
fn grouped<R>(
    contents: Contents,
    names: impl Iterator<Item = String>,
    row: impl Fn(&str, String) -> R,
) -> Vec<Group<R>> {
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    names.dedup();
    let mut groups: Vec<Group<R>> = Vec::new();
    for &(heading, entries) in contents {
        let mut rows = Vec::new();
        for &(name, called) in entries {
            if let Ok(at) = names.binary_search_by(|n| n.as_str().cmp(name)) {
                names.remove(at);
                rows.push(row(name, called.into()));
            }
        }
        groups.push(Group { heading, rows });
    }
    let rows = names.iter().map(|name| row(name, title(name))).collect();
    groups.push(Group { heading: REST, rows });
    groups.retain(|g| !g.rows.is_empty());
    groups
}

/// A number of the plan with how it was obtained.
#[derive(Debug, Serialize)]
pub struct Row {
    /// What it is called.
    pub name: String,
    /// Value with its unit; changes and differences with their sign.
    pub value: String,
    /// One standard deviation, `± 0.5 mm`; empty where it has none.
    pub spread: String,
    /// How it was obtained.
    pub method: String,
}

/// Prefixes of the cup angles, which have a table of their own.
pub(super) const CUP_ANGLES: [&str; 2] = ["cup_inclination_", "cup_anteversion_"];

/// The numbers of a plan in the order in which a hip is planned, without the cup's angles, which have a table of their own.
pub fn of_plan(results: &BTreeMap<String, Measured>) -> Vec<Group<Row>> {
    let row = |name: &str, called: String| {
        let m = &results[name];
        let relative = ["change", "difference", "shift"].iter().any(|word| name.contains(word));
        let value = if relative { change(m) } else { value(m) };
        Row { name: called, value, spread: spread(m), method: capitalised(&m.method) }
    };
    let names = results.keys().filter(|name| !CUP_ANGLES.iter().any(|prefix| name.starts_with(prefix)));
    let (screws, others): (Vec<&String>, Vec<&String>) =
        names.partition(|name| name.starts_with(SCREW_PREFIX));
    let mut groups = grouped(PLAN, others.into_iter().cloned(), row);
    if !screws.is_empty() {
        let rows = screws.into_iter().map(|name| row(name, title(name))).collect();
        groups.push(Group { heading: "Screws", rows });
    }
    groups
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

/// The measurements as scanned, and those of femora and pelvis that a shape model completed.
pub(super) fn with_completions(anatomy: &HipAnatomy) -> BTreeMap<String, Measured> {
    let mut all = anatomy.measurements.clone();
    for side in Side::BOTH {
        let completed = anatomy.side(side).completion.iter().flat_map(|c| &c.measurements);
        all.extend(completed.map(|(name, m)| (format!("{name}_completed_{side}"), m.clone())));
    }
    for (name, m) in anatomy.pelvis.completion.iter().flat_map(|c| &c.measurements) {
        let (stem, side) = split_side(name);
        let side = side.map_or(String::new(), |side| format!("_{side}"));
        all.insert(format!("{stem}_completed{side}"), m.clone());
    }
    let length = |side| {
        let completion = anatomy.side(side).completion.as_ref()?;
        completion.measurements.get("femur_length")
    };
    if let (Some(right), Some(left)) = (length(Side::Right), length(Side::Left)) {
        let difference = Measured {
            value: right.value - left.value,
            // Both sides of a patient err alike, so this is on the wide side.
            spread: right.spread.hypot(left.spread),
            unit: right.unit,
            method: "What the femora are expected to add to a difference of leg length, both completed, their errors taken as independent.".into(),
        };
        all.insert("femur_length_difference_completed".into(), difference);
    }
    all
}

/// The measurements as scanned, right and left side by side.
pub(super) fn of_scan(measurements: &BTreeMap<String, Measured>) -> Vec<Group<SidedRow>> {
    let names = measurements.keys().map(|name| split_side(name).0.to_owned());
    grouped(SCAN, names, |name, called| {
        let of = |side: Side| measurements.get(&format!("{name}_{side}"));
        let whole = measurements.get(name);
        let shown = |m: Option<&Measured>| m.map(|m| (value(m), spread(m)));
        let (right, left) = (of(Side::Right), of(Side::Left));
        let mut methods: Vec<&str> = Vec::new();
        for m in [whole, right, left].into_iter().flatten() {
            if !methods.contains(&m.method.as_str()) {
                methods.push(&m.method);
            }
        }
        // The methods of both sides differ where one side had to do with less.
        let method = match (methods.as_slice(), whole) {
            (&[of_right, of_left], None) => format!("Right: {of_right} Left: {of_left}"),
            _ => methods.join(" "),
        };
        SidedRow {
            name: called,
            right: shown(right).unwrap_or_default(),
            left: shown(left).unwrap_or_default(),
            whole: shown(whole).map(|(_, spread)| {
                (
                    whole
                        .map(|m| if name.contains("difference") { change(m) } else { value(m) })
                        .unwrap_or_default(),
                    spread,
                )
            }),
            method,
        }
    })
}

/// Names, each with the sides it stands for.
type Things<'a> = Vec<(&'a str, Vec<Side>)>;

/// What the scan does not show: reasons, each with all that it keeps from being measured.
pub(super) fn not_seen(missing: &[Missing]) -> Vec<(String, String)> {
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
        let listed = things.into_iter().map(|(name, of)| match sides(&of) {
            of if of.is_empty() => lower(&title(name)),
            of => format!("{} ({of})", lower(&title(name))),
        });
        capitalised(&listed.collect::<Vec<_>>().join(", "))
    };
    reasons.into_iter().map(|(why, things)| (words(things), capitalised(why))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Unit;

    fn table(names: &[&str]) -> BTreeMap<String, Measured> {
        let unit = Unit::Millimetre;
        let m = |value| Measured { value, spread: 0.5, unit, method: "held against the wall".into() };
        names.iter().enumerate().map(|(n, name)| ((*name).to_owned(), m(n as f64))).collect()
    }

    #[test]
    fn groups_come_in_surgical_order_and_nothing_is_lost() {
        let results = table(&[
            "canal_fill",
            "combined_anteversion",
            "cup_coverage",
            "leg_length_change",
            "zeta",
            "cup_inclination_operative_app",
        ]);
        let groups = of_plan(&results);
        let headings: Vec<&str> = groups.iter().map(|g| g.heading).collect();
        assert_eq!(headings, ["Leg length and offset", "Cup", "Stem", "Cup and stem together", REST]);
        assert_eq!(groups.iter().map(|g| g.rows.len()).sum::<usize>(), results.len() - 1);
        assert_eq!((groups[0].rows[0].value.as_str(), groups[4].rows[0].name.as_str()), ("+3.0 mm", "Zeta"));
    }

    #[test]
    fn every_number_of_a_real_plan_has_its_heading() {
        let planned = crate::placement::synthetic::Case::right().plan(Default::default());
        let groups = of_plan(&planned.results);
        let rest: Vec<&str> = groups
            .iter()
            .filter(|g| g.heading == REST)
            .flat_map(|g| &g.rows)
            .map(|r| r.name.as_str())
            .collect();
        assert!(rest.is_empty(), "without a heading: {rest:?}");
    }

    #[test]
    fn both_sides_stand_in_one_row() {
        let mut measurements = table(&["head_diameter_left", "head_diameter_right", "pelvic_tilt"]);
        let groups = of_scan(&measurements);
        assert_eq!(groups.iter().map(|g| g.heading).collect::<Vec<_>>(), ["Pelvis", "Femur"]);
        let head = &groups[1].rows[0];
        assert_eq!((head.right.0.as_str(), head.left.0.as_str()), ("1.0 mm", "0.0 mm"));
        assert_eq!(head.method, "held against the wall");
        assert!(groups[0].rows[0].whole.is_some());
        measurements.remove("head_diameter_left");
        assert_eq!(of_scan(&measurements)[1].rows[0].left.0, "");
    }

    #[test]
    fn one_reason_is_given_once() {
        let missing = |what: &str, why: &str| Missing { what: what.into(), why: why.into() };
        let seen = not_seen(&[
            missing("shaft_axis_right", "too short"),
            missing("canal_right", "it needs the shaft axis"),
            missing("shaft_axis_left", "too short"),
            missing("femoral_version_right", "it needs the shaft axis"),
        ]);
        assert_eq!(seen.len(), 2);
        assert_eq!(seen[0], ("Shaft axis (right and left)".into(), "Too short".into()));
        assert_eq!(seen[1].0, "Canal (right), femoral version (right)");
    }
}
