//! Pictures that are shown in panes, each under its name.
//!
//! egui's own textures are made anew with every change, and nothing is drawn where a new one has not reached the graphics card yet: what changes in
//! each frame would be black. These keep what was there until then.

use bevy::asset::RenderAssetUsages;
use bevy::image::ImageSampler;
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, TextureDimension, TextureFormat};
use bevy_egui::egui::TextureId;
use bevy_egui::{EguiContexts, EguiTextureHandle};
use std::collections::HashMap;

/// The pictures that there are.
#[derive(Resource, Default)]
pub(super) struct Pictures(HashMap<String, (Handle<Image>, TextureId)>);

/// What pictures are put on, while a frame is drawn.
pub(super) struct Canvas<'a, 'w, 's> {
    pub(super) pictures: &'a mut Pictures,
    pub(super) images: &'a mut Assets<Image>,
    pub(super) contexts: &'a mut EguiContexts<'w, 's>,
}

impl Canvas<'_, '_, '_> {
    /// Puts a picture in the place of the last one of that name: red, green and blue of each pixel,
    /// multiplied by its opacity, and that, row by row from the top.
    pub(super) fn put(&mut self, name: &str, [width, height]: [usize; 2], rgba: Vec<u8>) {
        let size = Extent3d { width: width as u32, height: height as u32, depth_or_array_layers: 1 };
        let usages = RenderAssetUsages::MAIN_WORLD | RenderAssetUsages::RENDER_WORLD;
        let image = Image {
            sampler: ImageSampler::linear(),
            ..Image::new(size, TextureDimension::D2, rgba, TextureFormat::Rgba8UnormSrgb, usages)
        };
        match self.pictures.0.get(name) {
            Some((handle, _)) => {
                // It is there as long as somebody holds it, as these do.
                let _ = self.images.insert(handle.id(), image);
            }
            None => {
                let handle = self.images.add(image);
                let texture = self.contexts.add_image(EguiTextureHandle::Strong(handle.clone()));
                self.pictures.0.insert(name.to_owned(), (handle, texture));
            }
        }
    }

    /// Puts a grey picture, see [`Canvas::put`].
    pub(super) fn put_grey(&mut self, name: &str, size: [usize; 2], grey: &[u8]) {
        self.put(name, size, grey.iter().flat_map(|&grey| [grey, grey, grey, 255]).collect());
    }

    /// The picture of a name, where one was put.
    pub(super) fn texture(&self, name: &str) -> Option<TextureId> {
        self.pictures.0.get(name).map(|(_, texture)| *texture)
    }
}
