//! The simulated AP radiograph with silhouettes, kept until something changes that it shows.

use super::canvas::Canvas;
use super::resources::MOST_PX;
use super::wheel::nearer;
use super::{marks, overlays};
use crate::background::{Background, Pace};
use crate::shown::{Film, Shown, Silhouettes, Stage};
use crate::view::{ViewState, edges};
use bevy_egui::egui::{Color32, PointerButton, Rect, Sense, Ui, pos2, vec2};
use coxa_planner::pictures::View;

/// Pixels of the silhouettes for each pixel of the screen: their borders come out smooth.
const FINER: f64 = 1.4;

/// Names of both pictures on the canvas.
const FILM: &str = "film";
const SILHOUETTES: &str = "silhouettes";

/// Part of the usual grey window for each point that the mouse is dragged.
const WINDOW: f64 = 0.004;

/// Pictures as they were last drawn.
pub(super) struct Films {
    film: Background<(), Film>,
    silhouettes: Background<Silhouettes, Vec<u8>>,
    /// What was put on the canvas of these two: the grey window of the one, and what the other is of.
    window: Option<[f64; 2]>,
    drawn: Option<Silhouettes>,
}

impl Films {
    pub(super) fn new(pace: Pace) -> Self {
        let (film, silhouettes) = (Background::new(pace), Background::new(pace));
        Films { film, silhouettes, window: None, drawn: None }
    }

    /// Takes in what was computed and is not asked for any more.
    pub(super) fn take_in(&mut self) {
        self.film.take_in();
        self.silhouettes.take_in();
    }

    /// Whether another one is being made.
    pub(super) fn is_in_work(&self) -> bool {
        self.film.is_in_work() || self.silhouettes.is_in_work()
    }

    /// Takes up what is there by now.
    fn follow(
        &mut self,
        canvas: &mut Canvas<'_, '_, '_>,
        shown: &Shown,
        wanted: &Silhouettes,
        window: [f64; 2],
    ) {
        self.film.ask(&(), || {
            let (ct, middle) = (shown.ct.clone(), shown.hip_centre());
            move || Film::new(&ct, middle)
        });
        if let Some(((), film)) = self.film.last()
            && self.window != Some(window)
        {
            self.window = Some(window);
            canvas.put_grey(FILM, size(&film.view), &film.grey(window));
        }
        self.silhouettes.ask(wanted, || {
            let (shown, wanted) = (shown.clone(), wanted.clone());
            move || wanted.overlay(&shown).into_flattened()
        });
        if let Some((of, overlay)) = self.silhouettes.last()
            && self.drawn.as_ref() != Some(of)
        {
            self.drawn = Some(of.clone());
            let pixel = |p: &[u8]| Color32::from_rgba_unmultiplied(p[0], p[1], p[2], p[3]).to_array();
            canvas.put(SILHOUETTES, size(&of.view), overlay.chunks_exact(4).flat_map(pixel).collect());
        }
    }
}

fn size(view: &View) -> [usize; 2] {
    let (width, height) = view.size_px();
    [width as usize, height as usize]
}

/// Draws it: dragging moves it, with the second button changes the grey window, the wheel brings it nearer, a click puts the crosshair there and leaves its depth.
pub(super) fn show(
    ui: &mut Ui,
    pane: Rect,
    shown: &Shown,
    state: &mut ViewState,
    films: &mut Films,
    canvas: &mut Canvas<'_, '_, '_>,
) {
    let response = ui.interact(pane, ui.id().with("radiograph"), Sense::click_and_drag());
    let points_per_mm = |state: &ViewState| f64::from(pane.height().max(1.0)) / state.camera.height_mm;
    let camera = state.radiograph(shown);
    if response.double_clicked_by(PointerButton::Secondary) {
        state.reset_film_window();
    } else if response.dragged_by(PointerButton::Secondary) {
        let (by, [middle, width]) = (response.drag_delta(), &mut state.film_window);
        *middle = (*middle + f64::from(by.y) * WINDOW).clamp(-1.0, 2.0);
        *width = (*width + f64::from(by.x) * WINDOW).clamp(0.05, 5.0);
    } else if response.dragged() {
        let (by, scale) = (response.drag_delta(), points_per_mm(state).recip());
        state.camera.target = camera.panned(f64::from(by.x) * scale, f64::from(by.y) * scale).target;
    }
    state.camera = state.camera.zoomed(state.camera.height_mm * nearer(ui, &response));
    if response.clicked()
        && let Some(at) = response.interact_pointer_pos()
    {
        let off = (at - pane.center()) / points_per_mm(state) as f32;
        let place = camera.target + camera.right() * f64::from(off.x) - camera.up * f64::from(off.y);
        let depth = (state.crosshair - place).dot(camera.into);
        state.crosshair = place + camera.into * depth;
        state.slice_centre = state.crosshair;
    }

    let camera = state.radiograph(shown);
    let (right, down) = (camera.right(), -camera.up);
    let points_per_mm = points_per_mm(state);
    let px_per_mm = points_per_mm * f64::from(ui.ctx().pixels_per_point()) * FINER;
    let longest_mm = f64::from(pane.width().max(pane.height()).max(1.0)) / points_per_mm;
    let view = View {
        width_mm: f64::from(pane.width()) / points_per_mm,
        px_per_mm: px_per_mm.min(f64::from(MOST_PX) / longest_mm),
        ..View::coronal(camera.target, 1.0, camera.height_mm, 1.0)
    };
    let painter = ui.painter_at(pane);
    painter.rect_filled(pane, 0.0, Color32::BLACK);
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    let seen = (0..shown.parts.len()).map(|index| state.is_seen(shown, index)).collect();
    let (poses, plan) = (state.bodies(), shown.plan_count);
    let wanted = Silhouettes { view, stage: state.stage, seen, poses, plan };
    films.follow(canvas, shown, &wanted, state.film_window);
    // Each where it is of: silhouettes may still be those of another view.
    let of = [films.film.last().map(|(_, film)| film.view), films.silhouettes.last().map(|(of, _)| of.view)];
    for (name, of) in [FILM, SILHOUETTES].into_iter().zip(of) {
        let (Some(texture), Some(of)) = (canvas.texture(name), of) else { continue };
        let [x, y, _] = camera.project(of.centre);
        let middle = pane.center() + vec2(x as f32, y as f32) * points_per_mm as f32;
        let size = vec2(of.width_mm as f32, of.height_mm as f32) * points_per_mm as f32;
        painter.image(texture, Rect::from_center_size(middle, size), whole, Color32::WHITE);
    }

    overlays::paint(&painter, pane, shown, state, &camera, &poses);
    marks::edge_letters(&painter, pane, edges(right, down));
    marks::scale_bar(&painter, pane, 1.0 / points_per_mm);
    let stage = match (state.stage, shown.planned.is_some()) {
        (Stage::Planned, true) => "implants as planned",
        _ => "as scanned",
    };
    let pending = match films.film.pending(&()) {
        "" => films.silhouettes.pending(&wanted),
        pending => pending,
    };
    let [middle, width] = state.film_window;
    marks::window(&painter, pane, &format!("L {middle:.2}  W {width:.2}"));
    let note = format!("{stage}; parallel rays, no magnification{pending}");
    marks::heading(&painter, pane, "Simulated AP radiograph", "", &note);
}
