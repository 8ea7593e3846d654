//! The view in space: surfaces, lights and camera, drawn into a picture of its own.

use super::convert;
use super::cut::{Cut, CutOpen, Cuttable};
use super::paint::Paint;
use super::resources::{Case, State};
use super::space_target::{PartOf, SpaceTarget};
use crate::shown::Group;
use crate::view::{Camera as OurCamera, Look, ViewState};
use bevy::camera::visibility::RenderLayers;
use bevy::camera::{ClearColorConfig, RenderTarget, ScalingMode};
use bevy::core_pipeline::tonemapping::Tonemapping;
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, Face, TextureFormat, TextureUsages};
use bevy::render::renderer::RenderAdapterInfo;
use bevy_egui::{EguiTextureHandle, EguiUserTextures, egui};
use wgpu::DeviceType;

/// How far in front of what is in the middle the camera stands. It is parallel, so this changes only what is cut off.
const DISTANCE_MM: f32 = 3000.0;

/// Behind the surfaces, red, green, blue.
const BACKGROUND: [u8; 3] = [24, 28, 34];

/// Light from the viewer's upper left, from the lower right, where cups open to, and from above behind: direction in the axes of
/// the camera, and illuminance in lux.
const LIGHTS: [([f32; 3], f32); 3] =
    [([0.75, -0.7, -0.8], 3000.0), ([-0.7, 0.45, -0.7], 1150.0), ([0.1, -0.9, 0.55], 1100.0)];

/// Light from everywhere.
const AMBIENT: f32 = 170.0;

/// The camera in space.
#[derive(Component)]
pub(super) struct Eye;

/// Camera and lights.
pub(super) fn set_up(
    mut commands: Commands<'_, '_>,
    mut images: ResMut<'_, Assets<Image>>,
    mut textures: ResMut<'_, EguiUserTextures>,
) {
    let mut image = Image::new_target_texture(8, 8, TextureFormat::Rgba8UnormSrgb, None);
    image.texture_descriptor.usage |= TextureUsages::COPY_SRC;
    let [image, aside] = [image.clone(), image].map(|image| images.add(image));
    let texture = textures.add_image(EguiTextureHandle::Strong(image.clone()));
    let [r, g, b] = BACKGROUND;
    let clear_color = ClearColorConfig::Custom(Color::srgb_u8(r, g, b));
    let eye = (
        Eye,
        Camera3d::default(),
        Camera { order: -1, clear_color, ..default() },
        RenderTarget::from(image.clone()),
        RenderLayers::default(),
        Transform::default(),
        Tonemapping::KhronosPbrNeutral,
        AmbientLight { brightness: AMBIENT, ..default() },
        Msaa::Sample4,
    );
    commands.spawn(eye).with_children(|eye| {
        for (direction, illuminance) in LIGHTS {
            let turned = Transform::default().looking_to(Vec3::from_array(direction), Vec3::Y);
            eye.spawn((DirectionalLight { illuminance, ..default() }, turned));
        }
    });
    commands.insert_resource(SpaceTarget {
        image,
        aside,
        texture,
        wanted_px: [64, 64],
        pane: egui::Rect::NOTHING,
        told_to: 0.0,
        legend: String::new(),
        pending: "",
        is_held: false,
        frames: 0,
    });
}

/// Makes the surfaces of parts that are new: all at first, those of a plan whenever that was carried out, and what gets other colours.
pub(super) fn follow_plan(
    mut commands: Commands<'_, '_>,
    case: Res<'_, Case>,
    state: Res<'_, State>,
    (paint, cut): (Res<'_, Paint>, Res<'_, CutOpen>),
    there: Query<'_, '_, (Entity, &PartOf)>,
    mut meshes: ResMut<'_, Assets<Mesh>>,
    mut materials: ResMut<'_, Assets<Cuttable>>,
    mut target: ResMut<'_, SpaceTarget>,
) {
    if !case.is_changed() && !paint.is_changed() {
        return;
    }
    target.draw_anew();
    let mut made = vec![false; case.0.parts.len()];
    for (entity, of) in &there {
        let is_still = of.part(&case.0).is_some_and(|part| of.colours.as_ref() == paint.of(&part.surface));
        match made.get_mut(of.index) {
            Some(made) if is_still => *made = true,
            _ => commands.entity(entity).despawn(),
        }
    }
    let poses = state.0.drawn(&case.0);
    for (index, part) in case.0.parts.iter().enumerate() {
        if made[index] || part.surface.mesh.is_empty() {
            continue;
        }
        let colours = paint.of(&part.surface).cloned();
        let of_vertices = colours.as_deref().map(Vec::as_slice);
        let mesh = match part.group {
            Group::Implants => convert::edged(&part.surface.mesh, of_vertices),
            _ => convert::smooth(&part.surface.mesh, of_vertices),
        };
        let of = PartOf { index, surface: part.surface.clone(), colours };
        let visibility = visibility(&case, &state.0, index);
        let material = materials.add(material(&case, &state.0, &of, cut.plane()));
        let pose = convert::pose(&poses.of(part.body));
        commands.spawn((of, Mesh3d(meshes.add(mesh)), MeshMaterial3d(material), visibility, pose));
    }
}

/// Lets surfaces look as the state says, and be where it says.
pub(super) fn follow_parts(
    case: Res<'_, Case>,
    state: Res<'_, State>,
    cut: Res<'_, CutOpen>,
    mut materials: ResMut<'_, Assets<Cuttable>>,
    mut parts: Query<'_, '_, (&PartOf, &MeshMaterial3d<Cuttable>, &mut Visibility, &mut Transform)>,
) {
    if !state.is_changed() && !case.is_changed() && !cut.is_changed() {
        return;
    }
    let poses = state.0.drawn(&case.0);
    for (of, handle, mut visible, mut at) in &mut parts {
        let Some(part) = of.part(&case.0) else { continue };
        visible.set_if_neq(visibility(&case, &state.0, of.index));
        at.set_if_neq(convert::pose(&poses.of(part.body)));
        let wanted = material(&case, &state.0, of, cut.plane());
        let is_other = |now: &Cuttable| {
            now.base.base_color != wanted.base.base_color || now.extension != wanted.extension
        };
        if materials.get(&handle.0).is_some_and(is_other)
            && let Some(mut now) = materials.get_mut(&handle.0)
        {
            *now = wanted;
        }
    }
}

/// Lets camera and picture follow the state and the size of the pane.
pub(super) fn follow_camera(
    case: Res<'_, Case>,
    state: Res<'_, State>,
    adapter: Res<'_, RenderAdapterInfo>,
    mut target: ResMut<'_, SpaceTarget>,
    mut images: ResMut<'_, Assets<Image>>,
    mut eye: Query<
        '_,
        '_,
        (&mut Transform, &mut Projection, &mut RenderTarget, &mut RenderLayers),
        With<Eye>,
    >,
) {
    let [width, height] = target.wanted_px;
    let size = images.get(&target.image).map(|image| image.texture_descriptor.size);
    if size.is_some_and(|size| (size.width, size.height) != (width, height))
        && let Some(mut image) = images.get_mut(&target.image)
    {
        image.resize(Extent3d { width, height, depth_or_array_layers: 1 });
        target.draw_anew();
    }
    if state.is_changed() || case.is_changed() {
        target.draw_anew();
    }
    // With a graphics card it is drawn in every frame.
    let is_due = target.frames > 0 || adapter.device_type != DeviceType::Cpu;
    let is_drawn = is_due && !target.is_held && state.0.layout.has_space();
    target.frames = target.frames.saturating_sub(u8::from(is_drawn));
    let wanted = if is_drawn { &target.image } else { &target.aside };
    for (mut at, mut seen, mut into, mut layers) in &mut eye {
        if state.is_changed() {
            *at = convert::transform(&state.0.camera, DISTANCE_MM);
            *seen = projection(&state.0.camera);
        }
        if into.as_image() != Some(wanted) {
            *into = RenderTarget::from(wanted.clone());
            *layers = if is_drawn { RenderLayers::default() } else { RenderLayers::none() };
            // Its size is asked for again.
            seen.set_changed();
        }
    }
}

fn projection(camera: &OurCamera) -> Projection {
    Projection::Orthographic(OrthographicProjection {
        near: 1.0,
        far: 2.0 * DISTANCE_MM,
        scaling_mode: ScalingMode::FixedVertical { viewport_height: camera.height_mm as f32 },
        ..OrthographicProjection::default_3d()
    })
}

fn visibility(case: &Case, state: &ViewState, index: usize) -> Visibility {
    if state.is_seen(&case.0, index) { Visibility::Visible } else { Visibility::Hidden }
}

fn material(case: &Case, state: &ViewState, of: &PartOf, cut: Cut) -> Cuttable {
    let part = &case.0.parts[of.index];
    let look = state.looks.get(of.index).copied().unwrap_or_else(|| Look::of(part));
    let is_opaque = look.opacity >= 1.0;
    let has_inside = is_opaque || state.cutaway.is_some();
    // Bone is dull, titanium brushed, ceramic and polyethylene polished.
    let (metallic, perceptual_roughness, reflectance) = match (part.group, part.name.as_str()) {
        (Group::Bones, _) => (0.0, 0.72, 0.32),
        (Group::SoftTissue, _) => (0.0, 0.6, 0.35),
        (Group::Implants, "head") => (0.0, 0.18, 0.55),
        (Group::Implants, "liner") => (0.0, 0.35, 0.45),
        (Group::Implants, _) => (0.35, 0.42, 0.5),
    };
    let colour = if of.colours.is_some() { [255; 3] } else { state.colour(&case.0, of.index) };
    let base = StandardMaterial {
        base_color: convert::colour(colour, look.opacity),
        metallic,
        perceptual_roughness,
        reflectance,
        alpha_mode: if is_opaque { AlphaMode::Opaque } else { AlphaMode::Blend },
        // Of what is seen through, the far side would only blur the near one; where that is cut away, it is all there is.
        double_sided: has_inside,
        cull_mode: if has_inside { None } else { Some(Face::Back) },
        ..default()
    };
    Cuttable { base, extension: cut }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{Standard, edges};
    use coxa_geometry::{Point, Side};

    #[test]
    fn the_screen_has_left_and_right_where_the_letters_say() {
        let target = Point::new(-80.0, 20.0, 700.0);
        for side in Side::BOTH {
            for view in Standard::ALL {
                let camera = OurCamera::standard(view, side, target, 200.0);
                let mut seen = projection(&camera);
                seen.update(640.0, 400.0);
                let clip = seen.get_clip_from_view()
                    * convert::transform(&camera, DISTANCE_MM).to_matrix().inverse();
                let right = edges(camera.right(), -camera.up)[1].clone();
                let up = edges(camera.right(), -camera.up)[2].clone();
                for (letter, axis) in [('L', Vec3::X), ('P', Vec3::Y), ('S', Vec3::Z)] {
                    let place =
                        Vec3::new(target.x() as f32, target.y() as f32, target.z() as f32) + axis * 50.0;
                    // X of the screen goes right, Y up; the whole picture is from -1 to 1.
                    let on_screen = clip.project_point3(place);
                    for (told, along) in [(&right, on_screen.x * 1.6), (&up, on_screen.y)] {
                        if told.contains(letter) {
                            assert!(along > 0.1, "{view:?} {side}: {letter} is told at {told}, {on_screen}");
                        }
                        if along > 0.47 {
                            assert!(
                                told.starts_with(letter),
                                "{view:?} {side}: {letter} at {told}, {on_screen}"
                            );
                        }
                    }
                }
            }
        }
    }
}
