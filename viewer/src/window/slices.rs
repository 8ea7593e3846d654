//! Slices of the CT with outlines, kept until something changes that they show.

use super::canvas::Canvas;
use super::radiograph::Films;
use crate::background::{Background, Pace};
use crate::shown::{Poses, Shown, Stage};
use crate::view::{Plane, ViewState};
use bevy::prelude::Resource;
use bevy_egui::egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};
use coxa_planner::pictures::{GreyWindow, View};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::collections::HashMap;

/// Width of an outline in points.
const LINE: f32 = 1.6;

/// What the grey of a slice depends on.
#[derive(Clone, PartialEq)]
struct GreyKey {
    view: View,
    stage: Stage,
    window: GreyWindow,
    slab_mm: f64,
    /// Counts the plans whose surfaces were shown.
    plan: usize,
}

impl GreyKey {
    fn grey(&self, shown: &Shown) -> Vec<u8> {
        shown.slice(&self.view, self.stage, self.window, self.slab_mm)
    }
}

/// What outlines depend on.
#[derive(Clone, PartialEq)]
struct OutlineKey {
    view: View,
    seen: Vec<bool>,
    poses: Poses,
    plan: usize,
}

/// Outlines of one part, in millimetres from the middle.
type Outlines = Vec<Vec<[f64; 2]>>;

/// The slice of one plane as it was last drawn.
#[derive(Default)]
struct Drawn {
    grey: Option<GreyKey>,
    outlines: Option<(OutlineKey, Vec<(usize, Outlines)>)>,
    /// Slabs take longer than a frame may.
    slab: Background<GreyKey, Vec<u8>>,
}

/// The slices as they were last drawn.
#[derive(Resource)]
pub(super) struct Slices {
    drawn: HashMap<Plane, Drawn>,
    pace: Pace,
    /// Threads that nothing but frames are drawn with: in the pool of all a frame would wait for what is computed in the background. Absent where
    /// the system gives none.
    threads: Option<ThreadPool>,
    /// The radiograph.
    pub(super) films: Films,
}

impl Slices {
    pub(super) fn new(pace: Pace) -> Self {
        let threads = ThreadPoolBuilder::new().thread_name(|n| format!("frame {n}")).build().ok();
        Slices { drawn: HashMap::new(), pace, threads, films: Films::new(pace) }
    }

    /// Takes in what was computed and is not asked for any more.
    pub(super) fn follow(&mut self) {
        self.films.take_in();
        for drawn in self.drawn.values_mut() {
            drawn.slab.take_in();
        }
    }

    /// Whether something is being computed.
    pub(super) fn is_in_work(&self) -> bool {
        self.films.is_in_work() || self.drawn.values().any(|drawn| drawn.slab.is_in_work())
    }

    /// Paints the slice of a plane into its pane. What is said as long as it is of something else: a slab comes after a while.
    pub(super) fn paint(
        &mut self,
        painter: &Painter,
        pane: Rect,
        canvas: &mut Canvas<'_, '_, '_>,
        shown: &Shown,
        state: &ViewState,
        plane: Plane,
        view: &View,
    ) -> &'static str {
        let pace = self.pace;
        let fresh = || Drawn { slab: Background::new(pace), ..Drawn::default() };
        let mut drawn = self.drawn.remove(&plane).unwrap_or_else(fresh);
        let (view, plan) = (*view, shown.plan_count);
        let (stage, window, slab_mm) = (state.stage, state.window, state.slab_mm);
        let key = GreyKey { view, stage, window, slab_mm, plan };
        drawn.follow_grey(canvas, shown, &key, plane.title(), self.threads.as_ref());
        let seen = (0..shown.parts.len()).map(|index| state.is_seen(shown, index)).collect();
        let outline_key = OutlineKey { view, seen, poses: state.bodies(), plan };
        if drawn.outlines.as_ref().is_none_or(|(of, _)| *of != outline_key) {
            let lines = within(self.threads.as_ref(), || outlines(shown, &outline_key));
            drawn.outlines = Some((outline_key, lines));
        }

        let points_per_mm = (f64::from(pane.height()) / view.height_mm) as f32;
        if let (Some(of), Some(texture)) = (&drawn.grey, canvas.texture(plane.title())) {
            // A slab that was made of another place stays where that is.
            let off = of.view.centre - view.centre;
            let off = vec2(off.dot(view.right) as f32, off.dot(view.down) as f32) * points_per_mm;
            let size = vec2(of.view.width_mm as f32, of.view.height_mm as f32) * points_per_mm;
            let place = match of.view == view {
                true => pane,
                false => Rect::from_center_size(pane.center() + off, size),
            };
            painter.rect_filled(pane, 0.0, Color32::BLACK);
            let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
            painter.image(texture, place, whole, Color32::WHITE);
        }
        let place = |&[x, y]: &[f64; 2]| -> Pos2 { pane.center() + vec2(x as f32, y as f32) * points_per_mm };
        for (index, lines) in drawn.outlines.iter().flat_map(|(_, outlines)| outlines) {
            let [r, g, b] = state.outline(shown, *index);
            let stroke = Stroke::new(LINE, Color32::from_rgb(r, g, b));
            for line in lines {
                painter.add(Shape::line(line.iter().map(place).collect(), stroke));
            }
        }
        let pending = if slab_mm > 0.0 { drawn.slab.pending(&key) } else { "" };
        self.drawn.insert(plane, drawn);
        pending
    }
}

impl Drawn {
    fn follow_grey(
        &mut self,
        canvas: &mut Canvas<'_, '_, '_>,
        shown: &Shown,
        key: &GreyKey,
        name: &str,
        threads: Option<&ThreadPool>,
    ) {
        if self.grey.as_ref() == Some(key) {
            return;
        }
        if key.slab_mm <= 0.0 {
            let grey = within(threads, || key.grey(shown));
            self.show(canvas, key.clone(), &grey, name);
            return;
        }
        self.slab.ask(key, || {
            let (shown, key) = (shown.clone(), key.clone());
            move || key.grey(&shown)
        });
        if let Some((of, grey)) = self.slab.last().filter(|(of, _)| self.grey.as_ref() != Some(of)).cloned() {
            self.show(canvas, of, &grey, name);
        }
    }

    fn show(&mut self, canvas: &mut Canvas<'_, '_, '_>, key: GreyKey, grey: &[u8], name: &str) {
        let (width, height) = key.view.size_px();
        canvas.put_grey(name, [width as usize, height as usize], grey);
        self.grey = Some(key);
    }
}

/// On threads of their own, where there are any.
fn within<R: Send>(threads: Option<&ThreadPool>, work: impl FnOnce() -> R + Send) -> R {
    match threads {
        Some(threads) => threads.install(work),
        None => work(),
    }
}

fn outlines(shown: &Shown, key: &OutlineKey) -> Vec<(usize, Outlines)> {
    shown
        .parts
        .par_iter()
        .enumerate()
        .filter(|&(index, _)| key.seen[index])
        .map(|(index, part)| (index, part.surface.outlines(&key.view, &key.poses.of(part.body))))
        .collect()
}
