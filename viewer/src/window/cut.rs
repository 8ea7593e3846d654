//! Surfaces that can be cut open along a plane, and the face that is seen where they are.

use super::convert;
use super::resources::{Case, State};
use super::space_target::SpaceTarget;
use crate::background::{Background, Pace};
use crate::shown::CutFace;
use bevy::asset::{RenderAssetUsages, embedded_asset};
use bevy::pbr::{ExtendedMaterial, MaterialExtension, MaterialPlugin};
use bevy::prelude::*;
use bevy::render::render_resource::{AsBindGroup, Extent3d, TextureDimension, TextureFormat};
use bevy::shader::ShaderRef;

/// What surfaces are made of.
pub(super) type Cuttable = ExtendedMaterial<StandardMaterial, Cut>;

/// The plane beyond which nothing is drawn.
#[derive(Asset, TypePath, AsBindGroup, Clone, PartialEq)]
pub(super) struct Cut {
    /// Unit normal into what is cut away, and the distance of the plane from the origin along it.
    #[uniform(100)]
    plane: Vec4,
}

impl MaterialExtension for Cut {
    fn fragment_shader() -> ShaderRef {
        "embedded://coxa_viewer/window/cut.wgsl".into()
    }

    // Nothing casts shadows, and nothing is drawn beforehand.
    fn enable_prepass() -> bool {
        false
    }

    fn enable_shadows() -> bool {
        false
    }
}

/// Lets surfaces be cut.
pub(super) fn plugin(app: &mut App) {
    embedded_asset!(app, "cut.wgsl");
    app.add_plugins(MaterialPlugin::<Cuttable>::default());
}

/// Where a case is cut open. Surfaces are cut where the face was drawn last, so that both are of one plane while the next is in work.
#[derive(Resource)]
pub(super) struct CutOpen {
    faces: Background<(usize, CutFace), Vec<u8>>,
    /// Whether the last face is one of what is seen.
    is_open: bool,
}

impl CutOpen {
    pub(super) fn new(pace: Pace) -> Self {
        CutOpen { faces: Background::new(pace), is_open: false }
    }

    fn face(&self) -> Option<&CutFace> {
        self.faces.last().filter(|_| self.is_open).map(|((_, face), _)| face)
    }

    /// The plane beyond which nothing is drawn; without a cut nothing is beyond it.
    pub(super) fn plane(&self) -> Cut {
        let plane = self.face().map_or(Vec4::W, |face| {
            let normal = face.cutaway.removed();
            let off = face.view.centre.coords().coords.dot(&normal.coords());
            Vec4::new(normal.x() as f32, normal.y() as f32, normal.z() as f32, off as f32)
        });
        Cut { plane }
    }

    /// Whether another face is being made.
    pub(super) fn is_in_work(&self) -> bool {
        self.faces.is_in_work()
    }
}

/// The face that is drawn.
#[derive(Component)]
pub(super) struct Face;

/// Lets the cut follow what is seen.
pub(super) fn follow_cut(
    case: Res<'_, Case>,
    state: Res<'_, State>,
    mut cut: ResMut<'_, CutOpen>,
    mut target: ResMut<'_, SpaceTarget>,
) {
    let wanted = state.0.cut_face(&case.0).map(|face| (case.1, face));
    let now = cut.bypass_change_detection();
    let is_new = match &wanted {
        None => now.faces.take_in(),
        Some(key) => now.faces.ask(key, || {
            let (shown, face) = (case.0.clone(), key.1.clone());
            move || face.pixels(&shown).into_flattened()
        }),
    };
    target.pending = wanted.as_ref().map_or("", |key| now.faces.pending(key));
    // The face of another side or another case is none of this.
    let is_of = |(case, face): &(usize, CutFace)| {
        wanted.as_ref().is_some_and(|(own, wanted)| own == case && wanted.cutaway == face.cutaway)
    };
    let is_open = now.faces.last().is_some_and(|(of, _)| is_of(of));
    if is_new || is_open != now.is_open {
        cut.is_open = is_open;
    }
}

/// Draws the face of the cut.
pub(super) fn draw_face(
    mut commands: Commands<'_, '_>,
    cut: Res<'_, CutOpen>,
    there: Query<'_, '_, Entity, With<Face>>,
    mut meshes: ResMut<'_, Assets<Mesh>>,
    mut images: ResMut<'_, Assets<Image>>,
    mut materials: ResMut<'_, Assets<StandardMaterial>>,
    mut target: ResMut<'_, SpaceTarget>,
) {
    if !cut.is_changed() {
        return;
    }
    there.iter().for_each(|entity| commands.entity(entity).despawn());
    target.draw_anew();
    let Some(((_, face), pixels)) = cut.faces.last().filter(|_| cut.is_open) else { return };
    let (width, height) = face.view.size_px();
    let size = Extent3d { width, height, depth_or_array_layers: 1 };
    let format = TextureFormat::Rgba8UnormSrgb;
    let usages = RenderAssetUsages::RENDER_WORLD;
    let image = Image::new(size, TextureDimension::D2, pixels.clone(), format, usages);
    let material = StandardMaterial {
        base_color_texture: Some(images.add(image)),
        unlit: true,
        alpha_mode: AlphaMode::Mask(0.5),
        cull_mode: None,
        ..default()
    };
    let mesh = Mesh3d(meshes.add(convert::picture(&face.view)));
    commands.spawn((Face, mesh, MeshMaterial3d(materials.add(material)), Transform::default()));
}
