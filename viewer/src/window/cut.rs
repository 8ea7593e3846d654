//! Surfaces that can be cut open along a plane, and the face that is seen where they are.

use super::space::SpaceTarget;
use super::{Case, State, convert};
use crate::shown::CutFace;
use crate::view::ViewState;
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

impl Cut {
    /// The cut of a view; nothing is beyond that of one without a cut.
    pub(super) fn of(state: &ViewState) -> Self {
        let plane = state.cutaway.map_or(Vec4::W, |cutaway| {
            let (normal, at) = (cutaway.removed(), state.crosshair);
            let off = at.coords().coords.dot(&normal.coords());
            Vec4::new(normal.x() as f32, normal.y() as f32, normal.z() as f32, off as f32)
        });
        Cut { plane }
    }
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

/// The face that is drawn.
#[derive(Component)]
pub(super) struct Face(CutFace);

/// Draws the face of the cut anew where it has changed.
pub(super) fn follow_cut(
    mut commands: Commands<'_, '_>,
    case: Res<'_, Case>,
    state: Res<'_, State>,
    there: Query<'_, '_, (Entity, &Face)>,
    mut meshes: ResMut<'_, Assets<Mesh>>,
    mut images: ResMut<'_, Assets<Image>>,
    mut materials: ResMut<'_, Assets<StandardMaterial>>,
    mut target: ResMut<'_, SpaceTarget>,
) {
    if !state.is_changed() && !case.is_changed() {
        return;
    }
    let wanted = state.0.cut_face(&case.0);
    let mut is_there = false;
    for (entity, face) in &there {
        if wanted.as_ref() == Some(&face.0) {
            is_there = true;
        } else {
            commands.entity(entity).despawn();
            target.draw_anew();
        }
    }
    let Some(face) = wanted.filter(|_| !is_there) else { return };
    let (width, height) = face.view.size_px();
    let size = Extent3d { width, height, depth_or_array_layers: 1 };
    let pixels = face.pixels(&case.0).into_flattened();
    let format = TextureFormat::Rgba8UnormSrgb;
    let image = Image::new(size, TextureDimension::D2, pixels, format, RenderAssetUsages::RENDER_WORLD);
    let material = StandardMaterial {
        base_color_texture: Some(images.add(image)),
        unlit: true,
        alpha_mode: AlphaMode::Mask(0.5),
        cull_mode: None,
        ..default()
    };
    let mesh = Mesh3d(meshes.add(convert::picture(&face.view)));
    commands.spawn((Face(face), mesh, MeshMaterial3d(materials.add(material)), Transform::default()));
    target.draw_anew();
}
