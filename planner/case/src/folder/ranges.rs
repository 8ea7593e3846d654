//! Whether numbers of a file can be what their names say: a probability is at most 1, and no bone lies ten metres away.

use serde_json::Value;

/// The largest magnitudes that numbers of a unit can have, by how their names end. Differences of probabilities are negative.
const BY_ENDING: [(&str, f64); 16] = [
    ("success", 1.0),
    ("success_interval", 1.0),
    ("probability", 1.0),
    ("probabilities", 1.0),
    ("share", 1.0),
    ("desirability", 1.0),
    ("dice", 1.0),
    ("agreement", 1.0),
    ("gain", 100.0),
    ("_deg", 720.0),
    ("_mm", 10_000.0),
    ("_hu", 65_536.0),
    ("_percent", 10_000.0),
    ("_kg", 1000.0),
    ("_cm3", 1e6),
    ("_n", 1e6),
];

/// Of these there are no differences, as there are of chances.
const NEVER_NEGATIVE: [&str; 1] = ["dice"];

/// No field nests deeper.
const MOST_DEPTH: usize = 64;

/// Refuses a number that its name does not allow; the first of them in words.
pub(super) fn check(value: &Value) -> Result<(), String> {
    check_at(value, "", "", 0)
}

fn check_at(value: &Value, name: &str, place: &str, depth: usize) -> Result<(), String> {
    if depth > MOST_DEPTH {
        return Err(format!("{place} is nested too deeply"));
    }
    match value {
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| {
            let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
            check_at(value, name, &place, depth + 1)
        }),
        Value::Array(values) => values.iter().try_for_each(|value| check_at(value, name, place, depth + 1)),
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or(f64::INFINITY);
            let most = BY_ENDING.iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, most)| *most);
            let most = most.unwrap_or(f64::MAX);
            let is_positive = NEVER_NEGATIVE.iter().any(|ending| name.ends_with(ending));
            let least = if is_positive || name.starts_with("spread") || name == "sd" { 0.0 } else { -most };
            match (least..=most).contains(&number) {
                true => Ok(()),
                false => Err(format!("{place} is {number}, outside {least} to {most}")),
            }
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_held_to_what_their_names_say() {
        let good =
            json!({ "plan": [{ "success": 0.75, "cup_mm": [-3.0, 12.5], "spread_deg": 1.0, "size": 5000 }] });
        assert_eq!(check(&good), Ok(()));
        for (bad, place) in [
            (
                json!({ "recommended": { "assessment": { "success": 7.5 } } }),
                "recommended.assessment.success",
            ),
            (json!({ "a": [{ "centre_mm": [0.0, 1e5, 0.0] }] }), "a.centre_mm"),
            (json!({ "spread": -1.0 }), "spread"),
            (json!({ "predicted_dice": -0.5 }), "predicted_dice"),
            (json!({ "flexion_deg": -1e4 }), "flexion_deg"),
        ] {
            let said = check(&bad).unwrap_err();
            assert!(said.starts_with(place) && said.contains("outside"), "{said}");
        }
        let mut deep = json!(1.0);
        (0..100).for_each(|_| deep = json!([deep.take()]));
        assert!(check(&deep).is_err());
    }
}
