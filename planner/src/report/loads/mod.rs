//! Loads as the page shows them: force in the joint, where it meets the liner, and what the plan does to muscles.

mod cycle;
#[cfg(test)]
pub(super) mod fixture;
mod liner;
mod table;
mod tiles;

use super::comparison::Tile;
use super::numbers::{fixed, number, signed_bare};
use super::speech::say;
use super::words::capitalised;
use crate::loads::{ActivityLoad, Loads};
use coxa_geometry::Unit;
use coxa_locale::{Argument, Language};
use cycle::Course;
use liner::{Place, body_weights};
use serde::Serialize;
use table::MuscleLoadRow;

/// The part of the page on loads.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    tiles: Vec<Tile>,
    activities: Vec<Activity>,
    muscles: Vec<MuscleLoadRow>,
    /// The activity whose greatest forces the table of muscles shows.
    of_activity: String,
    has_before: bool,
    /// Mass with its spread and where it comes from.
    mass: String,
    attachments: Option<String>,
    samples: usize,
    /// The balance on one leg: force, and by which one.
    stance: Option<(String, String)>,
}

/// An activity with its drawings.
#[derive(Debug, Serialize)]
struct Activity {
    title: String,
    source: String,
    cycle: String,
    liner: String,
    peak: String,
    /// The same of the hip as scanned, and the change.
    before: Option<(String, String)>,
    /// Least angle and arc from the force to the rim, and the share of the activity at the edge.
    edge: String,
}

impl Section {
    pub(super) fn new(loads: &Loads, language: Language) -> Self {
        let first = loads.activities.first();
        let model = &loads.model;
        let stance = loads.stance.as_ref().map(|stance| &stance.after);
        let spread = model.attachment_spread_mm.map(|mm| number(language, mm, Unit::Millimetre));
        let attachments = model.attachments_method.as_ref().zip(spread);
        Section {
            tiles: tiles::tiles(loads, language),
            activities: loads.activities.iter().map(|one| Activity::new(one, language)).collect(),
            muscles: table::rows(&loads.muscles, first, language),
            of_activity: first.map(|one| language.word(&one.title).into_owned()).unwrap_or_default(),
            has_before: loads.options.before_after,
            mass: say(
                language,
                "report-body-mass",
                [
                    ("mass", fixed(model.body_mass_kg, 0)),
                    ("spread", fixed(model.body_mass_spread_kg, 0)),
                    ("method", model.body_mass_method.as_str().into()),
                ],
            ),
            attachments: attachments.map(|(method, spread)| {
                let of = [("method", capitalised(method).into()), ("spread", spread.into())];
                say(language, "report-attachments", of)
            }),
            samples: loads.activities.iter().map(|activity| activity.samples).min().unwrap_or(0),
            stance: stance.map(|stance| (body_weights(language, stance.force_pct_bw), stance.method.clone())),
        }
    }
}

/// A change of a force with its sign, in per cent of body weight.
fn signed_body_weights(language: Language, pct_bw: f64) -> String {
    let number = signed_bare(language, pct_bw, Unit::Percent);
    say(language, "report-body-weights", [("percent", Argument::from(number))])
}

impl Activity {
    fn new(activity: &ActivityLoad, language: Language) -> Self {
        let joint = &activity.joint;
        let after = &joint.after;
        // While a seat bears weight too nothing is known of the force.
        let known: Vec<usize> = activity.known().collect();
        let at =
            |values: &[f64]| -> Vec<f64> { known.iter().filter_map(|&n| values.get(n).copied()).collect() };
        let [low, high] =
            [0, 1].map(|end| at(&after.band_pct_bw.iter().map(|band| band[end]).collect::<Vec<_>>()));
        let (share, force) = (at(&activity.fractions), at(&after.force_pct_bw));
        let unknown = spans_without(&activity.fractions, &known);
        let before = joint.before.as_ref().map(|before| at(&before.force_pct_bw));
        let course = Course {
            share: &share,
            after: &force,
            band: (!low.is_empty()).then_some([&low, &high]),
            before: before.as_deref(),
            unknown: &unknown,
        };
        let place = |&n: &usize| {
            let at = activity.on_liner.get(n)?.as_ref()?;
            Some(Place {
                share: *activity.fractions.get(n)?,
                from_pole_deg: at.from_pole_deg,
                azimuth_deg: at.azimuth_deg,
                force_pct_bw: *after.force_pct_bw.get(n)?,
            })
        };
        let places: Vec<Place> = known.iter().filter_map(place).collect();
        let peak = places.iter().max_by(|a, b| a.force_pct_bw.total_cmp(&b.force_pct_bw));
        let nearest = activity.nearest_rim().map(|place| place.to_rim_deg);
        let edge = nearest.map_or_else(String::new, |nearest| {
            let angle = ("angle", number(language, nearest, Unit::Degree).into());
            match activity.edge_loading_fraction.map(|share| number(language, share, Unit::Ratio)) {
                Some(share) => say(language, "report-least-to-rim-contact", [angle, ("share", share.into())]),
                None => say(language, "report-least-to-rim", [angle]),
            }
        });
        let title = language.word(&activity.title);
        Activity {
            source: super::words::source(&activity.source),
            cycle: cycle::draw(language, &title, &course),
            title: title.into_owned(),
            liner: liner::draw(language, &places, &activity.rim_deg, peak),
            peak: body_weights(language, after.peak.force_pct_bw),
            before: joint.before.as_ref().map(|before| {
                let in_bw = |value| signed_body_weights(language, value);
                let change = in_bw(after.peak.force_pct_bw - before.peak.force_pct_bw);
                let change = match activity.change_percentiles_pct_bw {
                    None => change,
                    Some([low, _, high]) => {
                        let of = [
                            ("change", change.into()),
                            ("low", in_bw(low).into()),
                            ("high", in_bw(high).into()),
                        ];
                        say(language, "report-change-samples", of)
                    }
                };
                (body_weights(language, before.peak.force_pct_bw), change)
            }),
            edge,
        }
    }
}

/// Spans of shares in which nothing is known, from the last moment that is to the next.
fn spans_without(share: &[f64], known: &[usize]) -> Vec<[f64; 2]> {
    let Some(last) = share.len().checked_sub(1) else { return Vec::new() };
    let mut ends = vec![0];
    ends.extend(known.iter().copied());
    ends.push(last);
    let apart = ends.windows(2).enumerate().filter(|(n, pair)| {
        // The first and the last moment stand for the ends alone where they are not known themselves.
        let is_end =
            (*n == 0 && known.first() != Some(&0)) || (*n + 2 == ends.len() && known.last() != Some(&last));
        pair[1] > pair[0] + 1 || (is_end && pair[1] > pair[0])
    });
    apart.map(|(_, pair)| [share[pair[0]], share[pair[1]]]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_both_hips_and_where_the_force_goes() {
        let section = Section::new(&fixture::loads(), Language::English);
        assert_eq!(
            section.activities[0].before,
            Some(("259 %BW".into(), "\u{2212}19 %BW (samples \u{2212}30 %BW to \u{2212}6 %BW)".into()))
        );
        assert!(section.activities[0].cycle.contains("class=\"before\""));
        assert!(section.activities[0].liner.contains("class=\"peak\""));
        assert!(section.activities[0].edge.starts_with("Least angle to the rim 40.0\u{b0}"));
        assert_eq!(section.muscles.len(), 2);
        let figures: Vec<&str> = section.tiles.iter().map(|tile| tile.figure.as_str()).collect();
        assert_eq!(figures, ["251 %BW", "240 %BW", "53.0 mm", "28 %", "40.0\u{b0}"]);
    }

    #[test]
    fn what_a_scan_does_not_bear_leaves_no_gap() {
        let all = fixture::loads();
        let figures = |loads: &Loads| -> Vec<String> {
            Section::new(loads, Language::English).tiles.into_iter().map(|tile| tile.figure).collect()
        };
        let no_balance = Loads { stance: None, ..all.clone() };
        assert_eq!(figures(&no_balance)[0], "240 %BW");
        let (muscles, activities) = (Vec::new(), Vec::new());
        let no_muscles = Loads { muscles, activities, abductors: None, ..all };
        assert_eq!(figures(&no_muscles), ["251 %BW"]);
    }

    #[test]
    fn what_is_not_known_is_told_as_spans() {
        let share = [0.0, 0.25, 0.5, 0.75, 1.0];
        assert!(spans_without(&share, &[0, 1, 2, 3, 4]).is_empty());
        assert_eq!(spans_without(&share, &[2, 3, 4]), [[0.0, 0.5]]);
        assert_eq!(spans_without(&share, &[0, 1, 2]), [[0.5, 1.0]]);
        assert_eq!(spans_without(&share, &[0, 1, 4]), [[0.25, 1.0]]);
        assert!(spans_without(&[], &[]).is_empty());
    }
}
