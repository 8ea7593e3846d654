//! A picture of a module: what lies over it, the letters at its sides, and what the colours stand for.

use super::canvas::Canvas;
use super::pages::Pages;
use super::style;
use bevy_egui::egui::{
    Align2, Color32, FontId, Mesh, Rect, RichText, Sense, Shape, TextureId, Ui, pos2, vec2,
};
use coxa_panel::{Overlay, Picture};

/// Height of a picture at most, in points.
const HIGHEST: f32 = 380.0;
const LEGEND: [f32; 2] = [140.0, 11.0];
const STEPS: usize = 48;

/// Which picture is drawn.
pub(super) struct Drawn {
    /// Name of the module, and which of its pictures.
    pub(super) key: (String, usize),
    /// Of which reading of the case.
    pub(super) reading: usize,
}

/// Draws a picture no wider than there is room, with its caption.
pub(super) fn show(
    ui: &mut Ui,
    pages: &mut Pages,
    canvas: &mut Canvas<'_, '_, '_>,
    of: Drawn,
    picture: &Picture,
    room: f32,
) {
    let [width, height] = picture.size_px;
    let name = format!("module {:?}", of.key);
    let is_now = (of.reading, pages.opacity);
    if pages.drawn.insert(of.key, is_now) != Some(is_now) {
        let rgb = picture.rgb(pages.opacity);
        let rgba = rgb.chunks_exact(3).flat_map(|rgb| [rgb[0], rgb[1], rgb[2], 255]).collect();
        canvas.put(&name, [width, height], rgba);
    }
    let scale = (HIGHEST / height as f32).min(room / width as f32).min(2.5);
    paint(ui, canvas.texture(&name), vec2(width as f32, height as f32) * scale, picture.sides);
    ui.set_max_width(room);
    ui.label(RichText::new(&picture.caption).small().color(style::WEAK));
    if let Some(overlay) = &picture.overlay {
        legend(ui, overlay);
    }
}

fn paint(ui: &mut Ui, texture: Option<TextureId>, size: bevy_egui::egui::Vec2, sides: [char; 2]) {
    let (place, _) = ui.allocate_exact_size(size, Sense::hover());
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    let painter = ui.painter_at(place);
    painter.rect_filled(place, 0.0, style::GAP);
    if let Some(texture) = texture {
        painter.image(texture, place, whole, Color32::WHITE);
    }
    let ends = [
        (place.left_center() + vec2(8.0, 0.0), Align2::LEFT_CENTER),
        (place.right_center() - vec2(8.0, 0.0), Align2::RIGHT_CENTER),
    ];
    for ((at, align), letter) in ends.into_iter().zip(sides) {
        painter.text(at, align, letter, FontId::proportional(16.0), style::MARK);
    }
}

/// What the colours stand for.
fn legend(ui: &mut Ui, overlay: &Overlay) {
    ui.horizontal(|ui| {
        let [low, high] = overlay.ends();
        ui.label(RichText::new(&overlay.title).small());
        ui.label(RichText::new(low).small().color(style::WEAK));
        let (bar, _) = ui.allocate_exact_size(vec2(LEGEND[0], LEGEND[1]), Sense::hover());
        let mut mesh = Mesh::default();
        for step in 0..STEPS {
            let [r, g, b] = overlay.ramp.colour((step as f32 + 0.5) / STEPS as f32);
            let wide = bar.width() / STEPS as f32;
            let cell =
                Rect::from_min_size(bar.min + vec2(step as f32 * wide, 0.0), vec2(wide + 0.5, bar.height()));
            mesh.add_colored_rect(cell, Color32::from_rgb(r, g, b));
        }
        ui.painter().add(Shape::mesh(mesh));
        ui.label(RichText::new(high).small().color(style::WEAK));
    });
}
