//! Slices of the CT with outlines, kept until something changes that they show.

use super::radiograph::Films;
use crate::shown::{Poses, Shown, Stage};
use crate::view::{Plane, ViewState};
use bevy::prelude::Resource;
use bevy_egui::egui::{
    Color32, ColorImage, Painter, Pos2, Rect, Shape, Stroke, TextureHandle, TextureOptions, pos2, vec2,
};
use coxa_planner::pictures::{GreyWindow, View};
use rayon::prelude::*;
use std::collections::HashMap;

/// Width of an outline in points.
const LINE: f32 = 1.6;

/// What a slice depends on.
#[derive(Clone, PartialEq)]
struct Key {
    view: View,
    stage: Stage,
    window: GreyWindow,
    slab_mm: f64,
    seen: Vec<bool>,
    poses: Poses,
    /// Counts the plans whose surfaces were shown.
    plan: usize,
}

/// Outlines of one part, in millimetres from the middle.
type Outlines = Vec<Vec<[f64; 2]>>;

struct Drawn {
    key: Key,
    grey: TextureHandle,
    outlines: Vec<(usize, Outlines)>,
}

/// The slices as they were last drawn.
#[derive(Resource, Default)]
pub(super) struct Slices {
    drawn: HashMap<Plane, Drawn>,
    /// The radiograph.
    pub(super) films: Films,
}

impl Slices {
    /// Paints the slice of a plane into its pane.
    pub(super) fn paint(
        &mut self,
        painter: &Painter,
        pane: Rect,
        shown: &Shown,
        state: &ViewState,
        plane: Plane,
        view: &View,
    ) {
        let seen = (0..shown.parts.len()).map(|index| state.is_seen(shown, index)).collect();
        let (poses, plan) = (state.bodies(), shown.plan_count);
        let (stage, window, slab_mm) = (state.stage, state.window, state.slab_mm);
        let key = Key { view: *view, stage, window, slab_mm, seen, poses, plan };
        let drawn = match self.drawn.remove(&plane) {
            Some(drawn) if drawn.key == key => drawn,
            // While a component is dragged outlines move and the grey stays.
            Some(drawn) if (Key { poses, ..drawn.key.clone() }) == key => {
                Drawn { outlines: outlines(shown, &key), grey: drawn.grey, key }
            }
            earlier => draw(painter, shown, key, plane, earlier.map(|drawn| drawn.grey)),
        };
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        painter.image(drawn.grey.id(), pane, whole, Color32::WHITE);
        let points_per_mm = (f64::from(pane.height()) / view.height_mm) as f32;
        let place = |&[x, y]: &[f64; 2]| -> Pos2 { pane.center() + vec2(x as f32, y as f32) * points_per_mm };
        for (index, lines) in &drawn.outlines {
            let [r, g, b] = state.outline(shown, *index);
            let stroke = Stroke::new(LINE, Color32::from_rgb(r, g, b));
            for line in lines {
                painter.add(Shape::line(line.iter().map(place).collect(), stroke));
            }
        }
        self.drawn.insert(plane, drawn);
    }
}

fn draw(painter: &Painter, shown: &Shown, key: Key, plane: Plane, earlier: Option<TextureHandle>) -> Drawn {
    let (width, height) = key.view.size_px();
    let grey = shown.slice(&key.view, key.stage, key.window, key.slab_mm);
    let image = ColorImage::from_gray([width as usize, height as usize], &grey);
    let grey = match earlier {
        // What was there is shown until the new has reached the graphics card.
        Some(mut grey) => {
            grey.set(image, TextureOptions::LINEAR);
            grey
        }
        None => painter.ctx().load_texture(plane.title(), image, TextureOptions::LINEAR),
    };
    Drawn { outlines: outlines(shown, &key), key, grey }
}

fn outlines(shown: &Shown, key: &Key) -> Vec<(usize, Outlines)> {
    shown
        .parts
        .par_iter()
        .enumerate()
        .filter(|&(index, _)| key.seen[index])
        .map(|(index, part)| (index, part.surface.outlines(&key.view, &key.poses.of(part.body))))
        .collect()
}
