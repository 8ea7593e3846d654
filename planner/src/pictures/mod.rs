//! Pictures of the patient and the plan, drawn on the CPU, to scale, with orientation letters.

mod canvas;
mod mask;
mod radiograph;
mod scene;
mod slice;
mod view;

pub use canvas::{Canvas, Colour};
pub use radiograph::radiograph;
pub use scene::{Solid, scene};
pub use slice::slice;
pub use view::View;

use coxa_anatomy::Bone;

/// A finished picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// File name without ending, snake_case.
    pub name: String,
    /// What it shows, for a reader and for those who cannot see it.
    pub caption: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The PNG file.
    pub png: Vec<u8>,
}

/// Colour of a bone in every picture; left and right differ in shade only.
pub const fn bone_colour(bone: Bone) -> Colour {
    match bone {
        Bone::HipRight | Bone::HipLeft => [255, 196, 87],
        Bone::FemurRight | Bone::FemurLeft => [94, 200, 255],
        Bone::Sacrum => [214, 160, 255],
    }
}

/// Colour of an implant part in every picture.
pub fn implant_colour(part: &str) -> Colour {
    match part {
        "shell" => [66, 230, 149],
        "liner" => [190, 255, 190],
        "head" => [255, 128, 171],
        _ => [255, 92, 92],
    }
}
