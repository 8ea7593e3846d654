//! The bar that plays motions.

use super::contact::in_contact;
use super::player::Player;
use super::style;
use crate::motion::{Played, Track, TrackKind};
use crate::shown::{Shown, Stage};
use crate::view::ViewState;
use bevy_egui::egui::{
    Button, ComboBox, CornerRadius, FontId, Panel, Rect, RichText, Sense, Stroke, Ui, pos2, vec2,
};

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
            let tracks = player.ready().moves.as_ref().map(|moves| moves.tracks()).unwrap_or_default();
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
        ui.checkbox(&mut played.has_range, "Range")
            .on_hover_text("All reachable hip positions, as a surface");
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
    // Of activities with forces nobody has looked what meets all the way.
    let ground = if track.kind == TrackKind::Load { style::WEAK } else { style::FREE };
    painter.rect_filled(line, CornerRadius::same(3), ground);
    for [from, to] in &track.blocked {
        let span = Rect::from_x_y_ranges(x(*from)..=x(*to).max(x(*from) + 2.0), line.y_range());
        painter.rect_filled(span, CornerRadius::same(3), style::BLOCKED);
    }
    let small = FontId::proportional(11.0);
    let stop = track.stop.map(|stop| {
        let words = format!("{} {}", track.place_in_words(stop.at), stop.cause);
        (stop.at, words, style::BLOCKED)
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
    let colour = if track.is_blocked(played.at) { style::BLOCKED } else { style::MARK };
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
        let words = player.ready().problem.as_deref().unwrap_or("Preparing the joint \u{2026}");
        ui.label(RichText::new(words).color(style::CAUTION));
        return;
    };
    let frame = track.at(played.at);
    let hip = frame.leg.hip;
    for (words, colour) in player.remarks() {
        ui.label(RichText::new(words).color(colour).small());
    }
    ui.horizontal(|ui| {
        if state.is_ahead {
            ui.label(RichText::new("previous plan, updating \u{2026}").color(style::CAUTION));
            ui.set_opacity(0.5);
        }
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
        let (words, colour) = in_contact(track, played.at, player.nearest(&frame));
        ui.label(RichText::new(words).color(colour).strong());
        if track.kind == TrackKind::LeverOut {
            let moved = frame.head_shift_mm.norm();
            ui.separator();
            ui.label(RichText::new(format!("{moved:.1} mm")).strong());
            ui.label(RichText::new("displacement of the head centre").color(style::WEAK));
        }
        if let Some(force) = moves.force(&track.name) {
            ui.separator();
            match force.at(played.at) {
                Some(now) => {
                    let band = now.band_pct_bw.map(|[low, high]| format!(" ({low:.0} to {high:.0})"));
                    let words = format!("{:.0} N", now.on_head_n.norm());
                    ui.label(RichText::new(words).color(style::FORCE).strong());
                    ui.label(format!("{:.0} %BW{}", now.pct_bw, band.unwrap_or_default()));
                    if let Some(rim) = now.to_rim_deg {
                        ui.label(RichText::new(format!("{rim:.0}\u{b0} to the rim")).color(style::WEAK));
                    }
                }
                None => {
                    let words = "the seat bears weight too: hip force not known";
                    ui.label(RichText::new(words).color(style::WEAK));
                }
            }
        }
    });
}
