//! The jobs of a study, to open a patient with its plan from.

use super::opening::Opening;
use super::resources::Case;
use super::style;
use crate::study::{Cell, Column, Order, StudyList, Table, Tone};
use bevy::prelude::{Res, Resource};
use bevy_egui::egui::{
    Align, CentralPanel, Color32, CornerRadius, CursorIcon, Label, Layout, Rect, RichText, ScrollArea, Sense,
    TextEdit, Ui, UiBuilder, pos2, vec2,
};
use coxa_scenario::listing::ListedJob;
use std::path::Path;
use std::sync::Arc;

/// Heights of a row and of the headings, in points.
const ROW: f32 = 22.0;
const HEADINGS: f32 = 40.0;

/// Width of a character as a rule, and between two columns.
const CHARACTER: f32 = 7.2;
const GAP: f32 = 20.0;

/// The list of the study that was opened.
#[derive(Resource)]
pub(super) struct StudyPage(pub(super) StudyList);

/// Whether there is the list of a study alone: none of its jobs is shown or being opened.
pub(super) fn is_alone(
    study: Option<Res<'_, StudyPage>>,
    case: Option<Res<'_, Case>>,
    opening: Option<Res<'_, Opening>>,
) -> bool {
    study.is_some() && case.is_none() && opening.is_none()
}

/// Draws the page; `shown`: folder of the case that is shown.
pub(super) fn show(ui: &mut Ui, page: &mut StudyPage, shown: Option<&Path>) {
    let list = &mut page.0;
    CentralPanel::default().show(ui, |ui| {
        let table = match list.table() {
            None => {
                ui.label(RichText::new("Listing jobs \u{2026}").color(style::CAUTION));
                return;
            }
            Some(Err(problem)) => {
                ui.label(RichText::new(problem).color(style::REFUSAL));
                list_again(ui, list);
                return;
            }
            Some(Ok(table)) => table,
        };
        let places = list.places(&table);
        head(ui, list, &table, places.len());
        ui.add_space(8.0);
        let shown = shown.and_then(|folder| std::path::absolute(folder).ok());
        rows(ui, list, &table, &places, shown.as_deref());
    });
}

fn head(ui: &mut Ui, list: &mut StudyList, table: &Table, found: usize) {
    let listing = &table.listing;
    ui.horizontal(|ui| {
        ui.heading(&listing.title).on_hover_text(list.folder().display().to_string());
        let all = listing.rows.len();
        let jobs = if all == 1 { "job" } else { "jobs" };
        let count = if found == all { format!("{all} {jobs}") } else { format!("{found} of {all} {jobs}") };
        ui.label(RichText::new(count).color(style::WEAK));
        for (count, words) in [(listing.left_out, "more are not listed"), (table.not_run, "not run yet")] {
            if count > 0 {
                ui.label(RichText::new(format!("{count} {words}")).color(style::CAUTION));
            }
        }
        list_again(ui, list);
        ui.add(TextEdit::singleline(&mut list.choice.words).hint_text("Find").desired_width(160.0));
        ui.label(RichText::new("A click on a job opens its patient with the plan.").color(style::WEAK));
    });
}

fn list_again(ui: &mut Ui, list: &mut StudyList) {
    if list.is_listing() {
        ui.label(RichText::new("updating \u{2026}").color(style::CAUTION));
    } else if ui.button("List again").clicked() {
        list.list_again();
    }
}

/// The rows that are in sight, and the headings above them, which stay there.
fn rows(ui: &mut Ui, list: &mut StudyList, table: &Arc<Table>, places: &[usize], shown: Option<&Path>) {
    ScrollArea::both().auto_shrink([false; 2]).show_viewport(ui, |ui, viewport| {
        let width = table.columns.iter().map(width).sum::<f32>().max(viewport.width());
        ui.set_min_size(vec2(width, HEADINGS + ROW * places.len() as f32));
        let corner = ui.min_rect().min;
        let first = (viewport.top() / ROW).max(0.0) as usize;
        let in_sight = (viewport.height() / ROW) as usize + 2;
        for (at, &place) in places.iter().enumerate().skip(first).take(in_sight) {
            let top = corner.y + HEADINGS + ROW * at as f32;
            let line = Rect::from_min_size(pos2(corner.x, top), vec2(width, ROW));
            row(ui, list, table, &table.listing.rows[place], (line, at), shown);
        }
        let top = corner.y + viewport.top();
        let line = Rect::from_min_size(pos2(corner.x, top), vec2(width, HEADINGS));
        headings(ui, list, table, line);
    });
}

fn width(column: &Column) -> f32 {
    CHARACTER * column.characters as f32 + GAP
}

/// The places of the columns' cells in a line.
fn cells(table: &Table, line: Rect) -> impl Iterator<Item = (&Column, Rect)> {
    table.columns.iter().scan(line.left(), move |left, column| {
        let size = vec2(width(column) - GAP, line.height());
        let cell = Rect::from_min_size(pos2(*left + GAP / 2.0, line.top()), size);
        *left += width(column);
        Some((column, cell))
    })
}

/// What the columns are headed with; a click on one that can be sorted by does so.
fn headings(ui: &mut Ui, list: &mut StudyList, table: &Table, line: Rect) {
    ui.painter().rect_filled(line, 0.0, style::PANEL);
    // Lest the rows beneath are clicked.
    ui.interact(line, ui.id().with("headings"), Sense::click());
    for (column, cell) in cells(table, line) {
        let Order { by, is_descending } = list.choice.order;
        let key = column.key();
        let response = key.map(|_| ui.interact(cell, ui.id().with(&column.title), Sense::click()));
        let is_pointed_at = response.as_ref().is_some_and(|response| response.hovered());
        let (colour, sign) = match (key == Some(by), is_descending) {
            (true, true) => (style::HEADING, " \u{23f7}"),
            (true, false) => (style::HEADING, " \u{23f6}"),
            (false, _) => (if is_pointed_at { style::TEXT } else { style::WEAK }, ""),
        };
        let (upper, lower) = cell.split_top_bottom_at_fraction(0.5);
        let title = RichText::new(format!("{}{sign}", column.title)).color(colour);
        let unit = RichText::new(column.unit).color(style::WEAK).small();
        for (half, words) in [(upper, title), (lower, unit)] {
            label(ui, half, column, words, key.is_none());
        }
        let (Some(key), Some(response)) = (key, response) else { continue };
        let response = response.on_hover_cursor(CursorIcon::PointingHand);
        if response.on_hover_text(format!("Sort by {}", column.title)).clicked() {
            list.choice.turn_to(key);
        }
    }
}

/// A job, which a click opens; where there is no plan, the reason is told.
fn row(
    ui: &mut Ui,
    list: &mut StudyList,
    table: &Table,
    row: &ListedJob,
    (line, at): (Rect, usize),
    shown: Option<&Path>,
) {
    let response = ui.interact(line, ui.id().with(("job", row.job)), Sense::click());
    let case = list.case_of(row);
    // The list may name cases from where the program was started.
    let is_shown =
        shown.is_some() && case.and_then(|case| std::path::absolute(case).ok()).as_deref() == shown;
    let can_open = row.refusal.is_none();
    let visuals = ui.visuals();
    let fill = match () {
        () if is_shown => visuals.selection.bg_fill,
        () if can_open && response.hovered() => visuals.widgets.hovered.weak_bg_fill,
        () if at % 2 == 1 => visuals.faint_bg_color,
        () => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(line, CornerRadius::same(2), fill);
    for (column, place) in cells(table, line) {
        let Cell { words, tone } = table.cell(column, row, case);
        label(ui, place, column, RichText::new(words).color(colour(tone)), can_open);
    }
    let response = match &row.refusal {
        Some(reason) => response.on_hover_text_at_pointer(format!("There is no plan to open: {reason}")),
        None => response.on_hover_cursor(CursorIcon::PointingHand),
    };
    if response.clicked() {
        list.want(row);
    }
}

/// Words in a cell, as far as they have room; with `has_rest` the whole is told under the pointer. Numbers stand at its right edge.
fn label(ui: &mut Ui, cell: Rect, column: &Column, words: RichText, has_rest: bool) {
    let layout = match column.is_number() {
        true => Layout::right_to_left(Align::Center),
        false => Layout::left_to_right(Align::Center),
    };
    let builder = UiBuilder::new().max_rect(cell).layout(layout);
    ui.new_child(builder)
        .add(Label::new(words).truncate().selectable(false).show_tooltip_when_elided(has_rest));
}

fn colour(tone: Tone) -> Color32 {
    match tone {
        Tone::Usual => style::TEXT,
        Tone::Weak => style::WEAK,
        Tone::Good => style::GOOD,
        Tone::Refusal => style::REFUSAL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::background::Pace;
    use crate::study::Key;
    use bevy_egui::egui::{Context, Event, Modifiers, PointerButton, Pos2, RawInput};
    use coxa_scenario::{engine, store::Store};

    const SIZE: [f32; 2] = [1200.0, 700.0];

    /// The list of a study of one patient, whose second job is refused.
    fn page(folder: &Path) -> StudyPage {
        let file = folder.join("study.toml");
        let text = "format = 1\ntitle = \"t\"\nkeep = [\"leg_length_change\"]\n[cohort]\nkind = \"virtual\"\ncount = 1\nvoxel_mm = 3.0\n\
                    [[factor]]\nname = \"head_offset\"\nlevels = [0, 1.5]\n";
        std::fs::write(&file, text).unwrap();
        let store = Store::start(&file, &folder.join("out"), |_| Ok(()), &|_, _| {}).unwrap();
        engine::run(&store, 0..1, &|_| {}, &|| false).unwrap();
        StudyPage(StudyList::new(store, Pace::Waits))
    }

    /// Draws a frame; the texts in it, with the middle of each.
    fn frame(context: &Context, page: &mut StudyPage, events: Vec<Event>) -> Vec<(String, Pos2)> {
        let screen = Rect::from_min_size(Pos2::ZERO, SIZE.into());
        let input = RawInput { screen_rect: Some(screen), events, ..RawInput::default() };
        style::apply(context);
        let drawn = context.run_ui(input, |ui| show(ui, page, None));
        let texts = drawn.shapes.iter().filter_map(|shape| match &shape.shape {
            bevy_egui::egui::Shape::Text(text) => {
                Some((text.galley.text().to_owned(), text.visual_bounding_rect().center()))
            }
            _ => None,
        });
        let texts = texts.collect();
        drawn.drop_without_applying_deltas();
        texts
    }

    /// Clicks on a text that is drawn.
    fn click(context: &Context, page: &mut StudyPage, words: &str) {
        let texts = frame(context, page, Vec::new());
        let found = texts.iter().find(|(text, _)| text.starts_with(words));
        let Some(&(_, pos)) = found else { panic!("{words} is not drawn: {texts:?}") };
        let button = |pressed| Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        for events in [vec![Event::PointerMoved(pos)], vec![button(true)], vec![button(false)]] {
            frame(context, page, events);
        }
    }

    #[test]
    fn headings_sort_and_rows_open() {
        let folder = tempfile::tempdir().unwrap();
        let (context, mut page) = (Context::default(), page(folder.path()));
        frame(&context, &mut page, Vec::new());
        for is_descending in [false, true] {
            click(&context, &mut page, "leg_length_change");
            assert_eq!(page.0.choice.order, Order { by: Key::Quantity(0), is_descending });
        }
        // The reason stands in the row without a plan, which opens nothing.
        click(&context, &mut page, "there is no such part");
        assert!(page.0.wanted.is_none());
        click(&context, &mut page, "planned");
        assert_eq!(page.0.wanted.take().unwrap().number, 0);
        page.0.choice.words = "no plan".into();
        let texts = frame(&context, &mut page, Vec::new());
        assert!(texts.iter().any(|(text, _)| text == "1 of 2 jobs"), "{texts:?}");
        assert!(!texts.iter().any(|(text, _)| text == "planned"), "{texts:?}");
    }
}
