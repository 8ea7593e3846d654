//! Loads as the page shows them: force in the joint, where it meets the liner, and what the plan does to muscles.

mod cycle;
#[cfg(test)]
pub(super) mod fixture;
mod liner;
mod table;

use super::comparison::Tile;
use super::words::{capitalised, number, signed};
use crate::loads::{ActivityLoad, BeforeAfter, Loads};
use coxa_geometry::{Quantity, Unit};
use cycle::Course;
use liner::Place;
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
    pub(super) fn new(loads: &Loads) -> Self {
        let first = loads.activities.first();
        let model = &loads.model;
        let stance = loads.stance.as_ref().map(|stance| &stance.after);
        let spread = model.attachment_spread_mm.map(|mm| number(mm, Unit::Millimetre));
        let attachments = model.attachments_method.as_ref().zip(spread);
        Section {
            tiles: tiles(loads),
            activities: loads.activities.iter().map(Activity::new).collect(),
            muscles: table::rows(&loads.muscles, first),
            of_activity: first.map(|activity| activity.title.clone()).unwrap_or_default(),
            has_before: loads.options.before_after,
            mass: format!(
                "{:.0} \u{b1} {:.0} kg ({})",
                model.body_mass_kg, model.body_mass_spread_kg, model.body_mass_method
            ),
            attachments: attachments
                .map(|(method, spread)| format!("{} (\u{b1} {spread} each)", capitalised(method))),
            samples: loads.activities.iter().map(|activity| activity.samples).min().unwrap_or(0),
            stance: stance.map(|stance| (body_weights(stance.force_pct_bw), stance.method.clone())),
        }
    }
}

/// A force in per cent of body weight.
pub(super) fn body_weights(pct_bw: f64) -> String {
    format!("{pct_bw:.0} %BW")
}

fn tiles(loads: &Loads) -> Vec<Tile> {
    let mut tiles = Vec::new();
    // What comes nearest to forces that were measured leads.
    if let Some(stance) = &loads.stance {
        let before = stance.before.as_ref().map(|before| format!(", as scanned {:.0}", before.force_pct_bw));
        tiles.push(Tile {
            name: Quantity::StanceForce.title(),
            figure: body_weights(stance.after.force_pct_bw),
            detail: format!("no model of muscles{}", before.unwrap_or_default()),
        });
    }
    if let Some(first) = loads.activities.first() {
        let peak = &first.joint.after.peak;
        let range = peak.percentiles_pct_bw.map_or_else(String::new, |[low, middle, high]| {
            format!("; samples {low:.0}, {middle:.0} and {high:.0} (5, 50, 95 %)")
        });
        tiles.push(Tile {
            name: "Peak by muscles",
            figure: body_weights(peak.force_pct_bw),
            detail: format!("{}: {:.0} N{range}", first.title, peak.force_n),
        });
    }
    if let Some(abductors) = &loads.abductors {
        let (figure, detail) = with_change(abductors, |abductors| abductors.lever_arm_mm, Unit::Millimetre);
        tiles.push(Tile { name: "Abductor lever arm", figure, detail });
        let after = &abductors.after;
        if let (Some(reserve), Some(drop)) = (after.reserve, after.drop_in_words()) {
            tiles.push(Tile {
                name: "Abductor reserve",
                figure: number(reserve, Unit::Ratio),
                detail: format!(
                    "of {:.0} N m, left over by standing on this leg; the pelvis may drop by {drop}",
                    after.moment_n_m
                ),
            });
        }
    }
    let nearest = loads.activities.iter().filter_map(|one| Some((&one.title, one.nearest_rim()?)));
    if let Some((title, nearest)) = nearest.min_by(|(_, a), (_, b)| a.to_rim_deg.total_cmp(&b.to_rim_deg)) {
        tiles.push(Tile {
            name: "Force to rim, least",
            figure: number(nearest.to_rim_deg, Unit::Degree),
            detail: format!(
                "{title}: {} from the middle of the contact to the rim",
                number(nearest.centre_to_rim_mm, Unit::Millimetre)
            ),
        });
    }
    tiles
}

/// A number as planned, and how it changes from the scan where that is known.
fn with_change<T>(both: &BeforeAfter<T>, get: impl Fn(&T) -> f64, unit: Unit) -> (String, String) {
    let after = get(&both.after);
    let detail = both.before.as_ref().map_or_else(String::new, |before| {
        let before = get(before);
        format!("{} as scanned, {}", number(before, unit), signed(after - before, unit))
    });
    (number(after, unit), detail)
}

impl Activity {
    fn new(activity: &ActivityLoad) -> Self {
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
            let share = activity.edge_loading_fraction.map(|share| number(share, Unit::Ratio));
            let share = share.map(|share| format!(", contact at the edge in {share} of the time"));
            format!("Least {} to the rim{}", number(nearest, Unit::Degree), share.unwrap_or_default())
        });
        Activity {
            title: activity.title.clone(),
            source: super::words::source(&activity.source),
            cycle: cycle::draw(&activity.title, &course),
            liner: liner::draw("On the liner", &places, &activity.rim_deg, peak),
            peak: body_weights(after.peak.force_pct_bw),
            before: joint.before.as_ref().map(|before| {
                let change = after.peak.force_pct_bw - before.peak.force_pct_bw;
                let in_bw = |value: f64| signed(value, Unit::Percent).replace(" %", " %BW");
                let band = activity.change_percentiles_pct_bw.map_or_else(String::new, |[low, _, high]| {
                    format!(" (samples {} to {})", in_bw(low), in_bw(high))
                });
                (body_weights(before.peak.force_pct_bw), in_bw(change) + &band)
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
    use crate::loads::Abductors;

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
        let (figure, detail) = with_change(&both, arm, Unit::Millimetre);
        assert_eq!((figure.as_str(), detail.as_str()), ("55.5 mm", "52.0 mm as scanned, +3.5 mm"));
        let alone = BeforeAfter { before: None, after: of(55.5) };
        assert_eq!(with_change(&alone, arm, Unit::Millimetre).1, "");
    }

    #[test]
    fn the_page_shows_both_hips_and_where_the_force_goes() {
        let section = Section::new(&fixture::loads());
        assert_eq!(
            section.activities[0].before,
            Some(("259 %BW".into(), "\u{2212}19 %BW (samples \u{2212}30 %BW to \u{2212}6 %BW)".into()))
        );
        assert!(section.activities[0].cycle.contains("class=\"before\""));
        assert!(section.activities[0].liner.contains("class=\"peak\""));
        assert!(section.activities[0].edge.starts_with("Least 40.0\u{b0} to the rim"));
        assert_eq!(section.muscles.len(), 2);
        let figures: Vec<&str> = section.tiles.iter().map(|tile| tile.figure.as_str()).collect();
        assert_eq!(figures, ["251 %BW", "240 %BW", "53.0 mm", "28 %", "40.0\u{b0}"]);
    }

    #[test]
    fn what_a_scan_does_not_bear_leaves_no_gap() {
        let all = fixture::loads();
        let figures = |loads: &Loads| -> Vec<String> {
            Section::new(loads).tiles.into_iter().map(|tile| tile.figure).collect()
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
