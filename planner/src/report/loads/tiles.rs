//! The first figures of the loads: stance, peak, abductors, and how near the force comes to the rim.

use super::super::comparison::Tile;
use super::super::numbers::{fixed, number, signed};
use super::super::speech::say;
use super::liner::body_weights;
use crate::loads::{Abductors, ActivityLoad, BeforeAfter, Loads};
use coxa_geometry::{Quantity, Unit};
use coxa_locale::Language;

/// All of them.
pub(super) fn tiles(loads: &Loads, language: Language) -> Vec<Tile> {
    let text = |id: &str| language.text(id);
    let mut tiles = Vec::new();
    // What comes nearest to forces that were measured leads.
    if let Some(stance) = &loads.stance {
        let before = stance.before.as_ref().map(|before| [("force", fixed(before.force_pct_bw, 0))]);
        tiles.push(Tile {
            name: language.word(Quantity::StanceForce.title()).into_owned(),
            figure: body_weights(language, stance.after.force_pct_bw),
            detail: before.map_or_else(
                || text("report-no-muscle-model"),
                |before| say(language, "report-no-muscle-model-before", before),
            ),
        });
    }
    tiles.extend(loads.activities.first().map(|first| peak(first, language)));
    if let Some(abductors) = &loads.abductors {
        let arm = |abductors: &Abductors| abductors.lever_arm_mm;
        let (figure, detail) = with_change(abductors, arm, Unit::Millimetre, language);
        tiles.push(Tile { name: text("report-abductor-lever-arm"), figure, detail });
        tiles.extend(reserve(&abductors.after, language));
    }
    let nearest = loads.activities.iter().filter_map(|one| Some((&one.title, one.nearest_rim()?)));
    if let Some((title, nearest)) = nearest.min_by(|(_, a), (_, b)| a.to_rim_deg.total_cmp(&b.to_rim_deg)) {
        let distance = number(language, nearest.centre_to_rim_mm, Unit::Millimetre);
        let of = [("activity", language.word(title).into_owned().into()), ("distance", distance.into())];
        tiles.push(Tile {
            name: text("report-force-to-rim-least"),
            figure: number(language, nearest.to_rim_deg, Unit::Degree),
            detail: say(language, "report-contact-to-rim", of),
        });
    }
    tiles
}

/// The greatest force of an activity.
fn peak(activity: &ActivityLoad, language: Language) -> Tile {
    let peak = &activity.joint.after.peak;
    let title = || ("activity", language.word(&activity.title).into_owned().into());
    let force = || ("force", fixed(peak.force_n, 0));
    Tile {
        name: language.text("report-peak-by-muscles"),
        figure: body_weights(language, peak.force_pct_bw),
        detail: match peak.percentiles_pct_bw {
            None => say(language, "report-peak-force", [title(), force()]),
            Some([low, middle, high]) => {
                let range = [("low", fixed(low, 0)), ("middle", fixed(middle, 0)), ("high", fixed(high, 0))];
                let [low, middle, high] = range;
                say(language, "report-peak-force-samples", [title(), force(), low, middle, high])
            }
        },
    }
}

/// What the abductors have left over in standing on the leg; `None` where that is not known.
fn reserve(abductors: &Abductors, language: Language) -> Option<Tile> {
    let reserve = abductors.reserve?;
    let (limit, more) = abductors.drop()?;
    let limit = ("drop", fixed(limit, 0));
    let drop = match more {
        None => say(language, "report-pelvic-drop", [limit]),
        Some(left) => {
            say(language, "report-pelvic-drop-or-more", [limit, ("percent", fixed(100.0 * left, 0))])
        }
    };
    let of = [("moment", fixed(abductors.moment_n_m, 0)), ("drop", drop.into())];
    Some(Tile {
        name: language.text("report-abductor-reserve"),
        figure: number(language, reserve, Unit::Ratio),
        detail: say(language, "report-reserve-of", of),
    })
}

/// A number as planned, and how it changes from the scan where that is known.
fn with_change<T>(
    both: &BeforeAfter<T>,
    get: impl Fn(&T) -> f64,
    unit: Unit,
    language: Language,
) -> (String, String) {
    let after = get(&both.after);
    let detail = both.before.as_ref().map_or_else(String::new, |before| {
        let before = get(before);
        let of = [
            ("before", number(language, before, unit).into()),
            ("change", signed(language, after - before, unit).into()),
        ];
        say(language, "report-as-scanned-and-change", of)
    });
    (number(language, after, unit), detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_stands_beside_the_number_where_the_hip_before_is_known() {
        let of = |lever_arm_mm| Abductors {
            lever_arm_mm,
            moment_n_m: 90.0,
            needed_n_m: None,
            reserve: None,
            pelvic_drop_limit_deg: None,
            reserve_by_drop: Vec::new(),
        };
        let arm = |abductors: &Abductors| abductors.lever_arm_mm;
        let both = BeforeAfter { before: Some(of(52.0)), after: of(55.5) };
        let (figure, detail) = with_change(&both, arm, Unit::Millimetre, Language::English);
        assert_eq!((figure.as_str(), detail.as_str()), ("55.5 mm", "52.0 mm as scanned, +3.5 mm"));
        let alone = BeforeAfter { before: None, after: of(55.5) };
        assert_eq!(with_change(&alone, arm, Unit::Millimetre, Language::English).1, "");
    }
}
