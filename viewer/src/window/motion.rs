//! The bar that plays motions, and what is told over the view in space while it does.

use super::style;
use crate::motion::{Moment, Moves, Nearest, Played, Prepared, Stagehand, Track, TrackKind};
use crate::session::CaseData;
use crate::shown::{Shown, Stage};
use crate::view::ViewState;
use anyhow::{Result, bail};
use bevy::prelude::Resource;
use bevy_egui::egui::{
    Align2, Button, Color32, ComboBox, CornerRadius, FontId, Painter, Panel, Pos2, Rect, RichText, Sense,
    Shape, Stroke, Ui, pos2, vec2,
};
use coxa_geometry::Point;
use coxa_geometry::frame::Patient;
use std::sync::Arc;
use std::time::Duration;

/// What is nearer than this is shown before it meets, in mm.
const NEAR_MM: f64 = 3.0;
/// What is as near as this touches, in mm: contact is found to a tenth of a degree.
const TOUCHES_MM: f64 = 0.06;
/// Length of the arrow of the greatest force of an activity, mm.
const ARROW_MM: f64 = 85.0;
/// A picture waits no longer for what is played.
const PATIENCE: Duration = Duration::from_secs(900);

const FREE: Color32 = Color32::from_rgb(86, 160, 110);
const BLOCKED: Color32 = Color32::from_rgb(214, 70, 62);
const FORCE: Color32 = Color32::from_rgb(250, 196, 60);

/// What plays the motions of the plan that is shown.
#[derive(Resource)]
pub(super) struct Player {
    /// Absent where there is no plan.
    case: Option<Arc<CaseData>>,
    /// For which of the plans that were shown.
    hand: Option<(usize, Stagehand)>,
    ready: Prepared,
}

impl Player {
    /// Of a case; nothing is made ready until something is played.
    pub(super) fn new(case: Option<Arc<CaseData>>) -> Self {
        Player { case, hand: None, ready: Prepared::default() }
    }

    /// What is ready.
    pub(super) const fn ready(&self) -> &Prepared {
        &self.ready
    }

    /// The plan's moves and the track that is played.
    pub(super) fn playing<'a>(&'a self, state: &ViewState) -> Option<(&'a Moves, &'a Track)> {
        let played = state.played.as_ref().filter(|_| state.stage == Stage::Planned)?;
        let moves = self.ready.moves.as_deref()?;
        Some((moves, moves.track(&played.track)?))
    }

    /// Where the leg is.
    pub(super) fn moment(&self, state: &ViewState) -> Option<Moment> {
        Some(self.playing(state)?.1.at(state.played.as_ref()?.at))
    }

    /// Whether something is in contact in the position that is seen.
    pub(super) fn is_met(&self, state: &ViewState) -> bool {
        let (Some((_, track)), Some(played), Some(moment)) =
            (self.playing(state), &state.played, self.moment(state))
        else {
            return false;
        };
        let met = self.nearest(&moment).map(|near| near.distance_mm < 0.0);
        met.unwrap_or_else(|| track.is_blocked(played.at))
    }

    /// What is nearest to meeting in the position that is seen, where that is known.
    fn nearest(&self, moment: &Moment) -> Option<Nearest> {
        self.ready.nearest.filter(|nearest| nearest.hip == moment.leg.hip)
    }

    /// Goes on by some seconds and lets the state follow.
    pub(super) fn follow(&mut self, shown: &Shown, state: &mut ViewState, seconds: f64) {
        let planned = shown.planned.as_ref().filter(|_| state.stage == Stage::Planned);
        let (Some(case), Some(planned), Some(played)) = (&self.case, planned, state.played.as_mut()) else {
            state.hip = Default::default();
            return;
        };
        if self.hand.as_ref().is_none_or(|(plan, _)| *plan != shown.plan_count) {
            let hand = Stagehand::new(case.clone(), planned.clone(), &shown.parts);
            self.hand = Some((shown.plan_count, hand));
        }
        let Some((_, hand)) = &self.hand else { return };
        self.ready = hand.ready();
        if played.has_range {
            hand.want_range();
        }
        let Some(moves) = &self.ready.moves else { return };
        let Some(track) = moves.track(&played.track).or(moves.tracks().first()) else { return };
        played.track.clone_from(&track.name);
        played.advance(seconds, track.duration_s, track.is_cycle);
        let moment = track.at(played.at);
        state.hip = moves.pose(&moment);
        // A head that has left its place meets elsewhere than these bodies do.
        if track.kind != TrackKind::LeverOut {
            hand.ask(moment.leg.hip);
        }
    }

    /// Waits until all that a picture shows of a motion is there.
    ///
    /// # Errors
    /// What could not be made ready.
    pub(super) fn wait(&mut self, shown: &Shown, state: &mut ViewState) -> Result<()> {
        self.follow(shown, state, 0.0);
        let is_there = self.hand.as_ref().is_none_or(|(_, hand)| hand.wait(PATIENCE));
        // Once what can be played is known, the position can be asked about.
        self.follow(shown, state, 0.0);
        let is_there = is_there && self.hand.as_ref().is_none_or(|(_, hand)| hand.wait(PATIENCE));
        self.follow(shown, state, 0.0);
        match &self.ready.problem {
            Some(problem) => bail!("{problem}"),
            None if !is_there => bail!("what is played was not ready in {} s", PATIENCE.as_secs()),
            None => Ok(()),
        }
    }

    /// The track of a name.
    ///
    /// # Errors
    /// A name that nothing has, with those there are.
    pub(super) fn track(&self, name: &str) -> Result<&Track> {
        let tracks = self.ready.moves.as_ref().map(|moves| moves.tracks()).unwrap_or_default();
        match tracks.iter().find(|track| track.name == name) {
            Some(track) => Ok(track),
            None => {
                let names: Vec<&str> = tracks.iter().map(|track| track.name.as_str()).collect();
                bail!("nothing that can be played is named {name:?}; there are {}", names.join(", "))
            }
        }
    }
}

/// The button that opens and closes the bar.
pub(super) fn button(ui: &mut Ui, shown: &Shown, state: &mut ViewState) {
    if shown.planned.is_none() {
        return;
    }
    let mut is_open = state.played.is_some();
    if ui.toggle_value(&mut is_open, "Motion").changed() {
        state.played = is_open.then(|| Played::new("flexion"));
        if is_open {
            state.stage = Stage::Planned;
        }
    }
}

/// Draws the bar where something is played.
pub(super) fn show(ui: &mut Ui, state: &mut ViewState, player: &Player) {
    if state.played.is_none() {
        return;
    }
    Panel::bottom("motion").show(ui, |ui| {
        ui.add_space(3.0);
        controls(ui, state, player);
        told(ui, state, player);
        ui.add_space(3.0);
    });
}

fn controls(ui: &mut Ui, state: &mut ViewState, player: &Player) {
    let Some(mut played) = state.played.clone() else { return };
    if played.is_running {
        // The window is drawn only when something happens: here that is time.
        ui.ctx().request_repaint();
    }
    let mut is_open = true;
    ui.horizontal(|ui| {
        let words = if played.is_running { "\u{23f8}" } else { "\u{25b6}" };
        if ui.add_sized(vec2(30.0, 22.0), Button::new(RichText::new(words).size(15.0))).clicked() {
            played.is_running = !played.is_running;
        }
        let track = player.playing(state).map(|(_, track)| track);
        let title = track.map_or_else(|| "making ready \u{2026}".to_owned(), |track| track.title.clone());
        ComboBox::from_id_salt("track").width(380.0).selected_text(title).height(520.0).show_ui(ui, |ui| {
            let tracks = player.ready.moves.as_ref().map(|moves| moves.tracks()).unwrap_or_default();
            let mut kind = None;
            for track in tracks {
                if kind.replace(track.kind) != Some(track.kind) {
                    ui.label(RichText::new(track.kind.title()).color(style::HEADING).strong());
                }
                if ui.selectable_label(track.name == played.track, &track.title).clicked() {
                    played = Played { at: 0.0, is_back: false, ..played.clone() };
                    played.track.clone_from(&track.name);
                }
            }
        });
        let right = 262.0;
        let width = (ui.available_width() - right).max(80.0);
        if let Some(track) = track {
            scrub(ui, track, &mut played, width);
        } else {
            ui.add_space(width);
        }
        let speed = format!("{}\u{d7}", played.speed);
        ComboBox::from_id_salt("speed").width(58.0).selected_text(speed).show_ui(ui, |ui| {
            for speed in Played::SPEEDS {
                ui.selectable_value(&mut played.speed, speed, format!("{speed}\u{d7}"));
            }
        });
        ui.checkbox(&mut played.has_lines, "Lines")
            .on_hover_text("Lines of action of the muscles that cross the hip");
        ui.checkbox(&mut played.has_range, "Range").on_hover_text("All that the hip reaches, as a surface");
        is_open = !ui.button("\u{2716}").on_hover_text("As planned").clicked();
    });
    state.played = is_open.then_some(played);
}

/// The way of a track, red where something is in contact, with a knob.
fn scrub(ui: &mut Ui, track: &Track, played: &mut Played, width: f32) {
    let (all, response) = ui.allocate_exact_size(vec2(width, 34.0), Sense::click_and_drag());
    let line = Rect::from_min_max(
        pos2(all.left() + 10.0, all.bottom() - 13.0),
        pos2(all.right() - 10.0, all.bottom() - 7.0),
    );
    let x = |part: f64| line.left() + line.width() * part.clamp(0.0, 1.0) as f32;
    if let Some(at) = response.interact_pointer_pos() {
        played.at = f64::from(((at.x - line.left()) / line.width().max(1.0)).clamp(0.0, 1.0));
        played.is_running = false;
    }
    let painter = ui.painter();
    painter.rect_filled(line, CornerRadius::same(3), FREE);
    for [from, to] in &track.blocked {
        let span = Rect::from_x_y_ranges(x(*from)..=x(*to).max(x(*from) + 2.0), line.y_range());
        painter.rect_filled(span, CornerRadius::same(3), BLOCKED);
    }
    let small = FontId::proportional(11.0);
    let stop = track.stop.map(|stop| {
        let words = format!("{} {}", track.place_in_words(stop.at), stop.cause);
        (stop.at, words, BLOCKED)
    });
    let marks = track.marks.iter().map(|mark| (mark.at, mark.words.clone(), style::WEAK));
    let mut taken: Vec<Rect> = Vec::new();
    for (at, words, colour) in stop.into_iter().chain(marks) {
        painter.vline(x(at), line.top() - 4.0..=line.bottom() + 2.0, Stroke::new(1.5, colour));
        let text = painter.layout_no_wrap(words, small.clone(), colour);
        let left =
            (x(at) - text.size().x / 2.0).clamp(all.left(), (all.right() - text.size().x).max(all.left()));
        let place = Rect::from_min_size(pos2(left, all.top() + 1.0), text.size());
        // A word that another one stands on is left out; where the mouse rests it is told.
        if taken.iter().all(|other| !other.expand(4.0).intersects(place)) {
            painter.galley(place.min, text, colour);
            taken.push(place);
        }
    }
    let colour = if track.is_blocked(played.at) { BLOCKED } else { style::MARK };
    let knob = pos2(x(played.at), line.center().y);
    painter.circle(knob, 8.0, colour, Stroke::new(1.5, style::GAP));
    let all_marks: Vec<&str> = track.marks.iter().map(|mark| mark.words.as_str()).collect();
    if !all_marks.is_empty() {
        response.on_hover_text(all_marks.join("\n"));
    }
}

/// Angles, what is nearest to meeting, and the force.
fn told(ui: &mut Ui, state: &ViewState, player: &Player) {
    let (Some((moves, track)), Some(played)) = (player.playing(state), &state.played) else {
        let words = player.ready.problem.as_deref().unwrap_or("The joint is made ready \u{2026}");
        ui.label(RichText::new(words).color(style::CAUTION));
        return;
    };
    let moment = track.at(played.at);
    let hip = moment.leg.hip;
    ui.horizontal(|ui| {
        ui.label(RichText::new(track.place_in_words(played.at)).strong().size(16.0));
        ui.separator();
        for (degrees, positive, negative) in [
            (hip.flexion.degrees(), "flexion", "extension"),
            (hip.adduction.degrees(), "adduction", "abduction"),
            (hip.internal_rotation.degrees(), "internal rotation", "external rotation"),
        ] {
            let name = if degrees.round() < 0.0 { negative } else { positive };
            ui.label(RichText::new(format!("{:.0}\u{b0}", degrees.abs())).strong());
            ui.label(RichText::new(name).color(style::WEAK));
        }
        ui.separator();
        let (words, colour) = in_contact(track, played.at, player.nearest(&moment));
        ui.label(RichText::new(words).color(colour).strong());
        if track.kind == TrackKind::LeverOut {
            let moved = moment.head_shift_mm.norm();
            ui.separator();
            ui.label(RichText::new(format!("{moved:.1} mm")).strong());
            ui.label(RichText::new("head centre from its place").color(style::WEAK));
        }
        if let Some(force) = moves.force(&track.name) {
            ui.separator();
            match force.at(played.at) {
                Some(now) => {
                    let band = now.band_pct_bw.map(|[low, high]| format!(" ({low:.0} to {high:.0})"));
                    let words = format!("{:.0} N", now.on_head_n.norm());
                    ui.label(RichText::new(words).color(FORCE).strong());
                    ui.label(format!("{:.0} %BW{}", now.pct_bw, band.unwrap_or_default()));
                    if let Some(rim) = now.to_rim_deg {
                        ui.label(RichText::new(format!("{rim:.0}\u{b0} to the rim")).color(style::WEAK));
                    }
                }
                None => {
                    let words = "a seat bears weight too: the force is not known";
                    ui.label(RichText::new(words).color(style::WEAK));
                }
            }
        }
    });
}

/// What is in contact or nearest, in words.
fn in_contact(track: &Track, part: f64, nearest: Option<Nearest>) -> (String, Color32) {
    let bare = if track.stop.is_some_and(|stop| stop.is_bare_stem) {
        " (of a stem that is bare only because the femur is cut off in the scan)"
    } else {
        ""
    };
    match nearest {
        Some(near) if near.distance_mm.abs() < TOUCHES_MM => {
            (format!("{} touches{bare}", near.pair), BLOCKED)
        }
        Some(near) if near.distance_mm < 0.0 => {
            (format!("{} by {:.1} mm{bare}", near.pair, -near.distance_mm), BLOCKED)
        }
        Some(near) => {
            let colour = if near.distance_mm < NEAR_MM { style::CAUTION } else { FREE };
            (format!("{:.1} mm free, {}", near.distance_mm, near.pair), colour)
        }
        None if track.is_blocked(part) => match track.stop {
            Some(stop) => (format!("{}{bare}", stop.cause), BLOCKED),
            None => ("in contact".into(), BLOCKED),
        },
        None => ("free".into(), FREE),
    }
}

/// Draws over the view in space where something meets, and the force.
pub(super) fn paint(painter: &Painter, pane: Rect, state: &ViewState, player: &Player) {
    let (Some((moves, track)), Some(played)) = (player.playing(state), &state.played) else { return };
    let points_per_mm = pane.height() / state.camera.height_mm.max(1.0) as f32;
    let flat = |place: Point<Patient>| -> Pos2 {
        let [right, down, _] = state.camera.project(place);
        pane.center() + vec2(right as f32, down as f32) * points_per_mm
    };
    let moment = track.at(played.at);
    if let Some(now) = moves.force(&track.name).and_then(|force| Some((force, force.at(played.at)?))) {
        let (force, now) = now;
        let size = now.on_head_n.norm();
        if let (Some(tip), Some(along)) = (now.on_liner_mm, now.on_head_n.normalised()) {
            let length = ARROW_MM * size / force.peak_n().max(1.0);
            arrow(painter, flat(tip - along * length), flat(tip));
            let words = format!("{size:.0} N");
            let beside = flat(tip - along * (length + 8.0));
            label(painter, beside, Align2::CENTER_CENTER, &words, FORCE);
        }
    }
    let nearest = player.nearest(&moment).filter(|near| near.distance_mm < NEAR_MM);
    let at_stop = track.stop.filter(|_| track.is_blocked(played.at));
    let place = match (nearest, at_stop) {
        (Some(near), _) => {
            Some((near.place_mm, near.pair, near.distance_mm < TOUCHES_MM || at_stop.is_some()))
        }
        (None, Some(stop)) => stop.place_mm.map(|place| (place, stop.cause, true)),
        (None, None) => None,
    };
    if !state.has_panels {
        let (words, colour) = in_contact(track, played.at, player.nearest(&moment));
        let title = format!("{}, {}", track.title, track.place_in_words(played.at));
        // Below the title of the view.
        let drawn = label(painter, pane.left_top() + vec2(10.0, 34.0), Align2::LEFT_TOP, &title, style::MARK);
        label(painter, drawn.left_bottom() + vec2(4.0, 6.0), Align2::LEFT_TOP, &words, colour);
    }
    if let Some((place, pair, is_met)) = place {
        let colour = if is_met { BLOCKED } else { style::CAUTION };
        let at = flat(place);
        let radius = (6.0 * points_per_mm).clamp(9.0, 40.0);
        painter.circle_stroke(at, radius, Stroke::new(5.0, Color32::from_black_alpha(150)));
        painter.circle_stroke(at, radius, Stroke::new(2.6, colour));
        painter.circle_filled(at, 2.6, colour);
        let words = pair.to_string();
        let beside = at + vec2(radius + 6.0, 0.0);
        label(painter, beside, Align2::LEFT_CENTER, &words, colour);
    }
}

/// Words that can be read over bone: on a ground that lets little through.
fn label(painter: &Painter, at: Pos2, align: Align2, words: &str, colour: Color32) -> Rect {
    let drawn = painter.layout_no_wrap(words.to_owned(), FontId::proportional(13.5), colour);
    let place = align.anchor_size(at, drawn.size());
    painter.rect_filled(place.expand2(vec2(5.0, 2.0)), CornerRadius::same(3), Color32::from_black_alpha(205));
    painter.galley(place.min, drawn, colour);
    place
}

fn arrow(painter: &Painter, from: Pos2, tip: Pos2) {
    let along = (tip - from).normalized();
    if !along.is_finite() || along.length() < 0.5 {
        return;
    }
    let (neck, across) = (tip - along * 16.0, along.rot90() * 7.0);
    for (grow, colour) in [(3.0, Color32::from_black_alpha(160)), (0.0, FORCE)] {
        painter.line_segment([from, neck + along * 2.0], Stroke::new(5.0 + grow, colour));
        let head = vec![
            tip + along * grow,
            neck + across + across.normalized() * grow,
            neck - across - across.normalized() * grow,
        ];
        painter.add(Shape::convex_polygon(head, colour, Stroke::NONE));
    }
}
