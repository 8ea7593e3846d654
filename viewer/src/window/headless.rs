//! Pictures without a display.

use super::app::{build, complete_renderer, log};
use super::install::install;
use super::planning::Desk;
use super::png::write;
use super::space_target::SpaceTarget;
use super::{adapter, film, panes};
use crate::background::Pace;
use crate::opened::Opened;
use crate::planning::Workbench;
use crate::script::{Script, Shot};
use crate::session::{Edit, Snap};
use crate::view::ViewState;
use anyhow::{Context, Result, bail};
use bevy::camera::RenderTarget;
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, PollType, TextureFormat, TextureUsages};
use bevy::render::renderer::RenderDevice;
use bevy::render::view::screenshot::{Screenshot, ScreenshotCaptured};
use bevy::window::ExitCondition;
use bevy::winit::WinitPlugin;
use std::path::Path;
use std::time::Duration;

/// Frames in which egui lays the panes out, and those in which the view in space is then drawn at its size. That is held back until
/// then: without a graphics card it is what takes the time.
const LAYOUT: usize = 3;
const FRAMES: usize = 2;

/// Frames within which a picture must have come back.
const PATIENCE: usize = 50;

/// How long a plan is waited for.
const LONGEST: Duration = Duration::from_secs(600);

/// The picture that was asked for last.
#[derive(Resource, Default)]
struct Taken(Option<Image>);

/// Draws the pictures of a script into a folder and tells each file as it is written.
///
/// # Errors
/// Where there is no graphics adapter, a view asks for something that the case has not, or a file cannot be written.
pub fn pictures(mut opened: Opened, script: &Script, folder: &Path, told: impl Fn(&Path)) -> Result<()> {
    // What can be known to be wrong with the script is said before the first picture.
    let of_shot = |shot: &Shot| {
        ViewState::of_shot(&opened.shown, shot)
            .with_context(|| format!("the view {} cannot be drawn", shot.name))
    };
    let states: Vec<ViewState> = script.shots.iter().map(of_shot).collect::<Result<_>>()?;
    let Some(first) = states.into_iter().next() else { bail!("the script has no view") };
    for shot in &script.shots {
        edit(opened.bench.as_mut(), shot)
            .with_context(|| format!("the view {} cannot be drawn", shot.name))?;
    }
    std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    adapter::check()?;
    let (mut app, target) = offscreen(opened, first, script.size_px);
    for shot in &script.shots {
        let named = || format!("the view {} cannot be drawn", shot.name);
        plan(&mut app, shot).with_context(named)?;
        for (name, state) in film::frames(app.world_mut(), shot).with_context(named)? {
            film::make_ready(app.world_mut(), state)?;
            let size_px = shot.size_px.unwrap_or(script.size_px);
            let image = take(&mut app, &target, size_px, &shot.name)?;
            let path = folder.join(format!("{name}.png"));
            write(&image, &path)?;
            told(&path);
        }
    }
    Ok(())
}

/// All that a window has of a case, drawn into a picture of some size instead.
pub(super) fn offscreen(opened: Opened, state: ViewState, size_px: [u32; 2]) -> (App, Handle<Image>) {
    offscreen_with(size_px, |world| install(world, opened, state, Pace::Waits))
}

/// The same of whatever is put into it.
pub(super) fn offscreen_with(size_px: [u32; 2], put: impl FnOnce(&mut World)) -> (App, Handle<Image>) {
    let mut app = App::new();
    let window = WindowPlugin { primary_window: None, exit_condition: ExitCondition::DontExit, ..default() };
    let plugins = DefaultPlugins.set(window).set(log()).set(complete_renderer()).disable::<WinitPlugin>();
    app.add_plugins(plugins);
    build(&mut app);
    put(app.world_mut());
    app.init_resource::<Taken>();
    let target = {
        let [width, height] = size_px;
        let mut image = Image::new_target_texture(width, height, TextureFormat::Rgba8UnormSrgb, None);
        image.texture_descriptor.usage |= TextureUsages::COPY_SRC;
        app.world_mut().resource_mut::<Assets<Image>>().add(image)
    };
    app.world_mut().spawn((panes::camera(), RenderTarget::from(target.clone())));
    app.finish();
    app.cleanup();
    (app, target)
}

/// Changes the plan as a picture has it.
fn edit(bench: Option<&mut Workbench>, shot: &Shot) -> Result<()> {
    let Some(bench) = bench else {
        if shot.edits.is_empty() && shot.component.is_none() {
            return Ok(());
        }
        bail!("the case has no plan to edit");
    };
    let session = bench.session_mut();
    session.apply(&Edit::Snap(Snap::Saved))?;
    for edit in &shot.edits {
        session.apply(edit)?;
    }
    Ok(())
}

/// Brings the plan to what a picture shows of it, and waits for what it comes to.
fn plan(app: &mut App, shot: &Shot) -> Result<()> {
    let mut desk = app.world_mut().resource_mut::<Desk>();
    desk.has_map = shot.orientation_map;
    edit(desk.bench.as_mut(), shot)?;
    let Some(bench) = &mut desk.bench else { return Ok(()) };
    bench.has_handles = shot.component.is_some();
    bench.component = shot.component.unwrap_or_default();
    let session = bench.session_mut();
    session.set_map_wanted(shot.orientation_map);
    // A plan that is refused is shown with the reason.
    if !session.settle(LONGEST) && session.live().problem.is_none() {
        bail!("the plan was not computed within {} s", LONGEST.as_secs());
    }
    // The case takes it up with the next frame.
    frame(app)
}

/// Draws what is in the world, and takes the picture; `name` says of which view.
pub(super) fn take(app: &mut App, target: &Handle<Image>, size_px: [u32; 2], name: &str) -> Result<Image> {
    let [width, height] = size_px;
    let world = app.world_mut();
    if let Some(mut image) = world.resource_mut::<Assets<Image>>().get_mut(target) {
        image.resize(Extent3d { width, height, depth_or_array_layers: 1 });
    }
    for (frames, is_held) in [(LAYOUT, true), (FRAMES, false)] {
        for _ in 0..frames {
            // It is there after the first frame.
            if let Some(mut space) = app.world_mut().get_resource_mut::<SpaceTarget>() {
                space.is_held = is_held;
            }
            frame(app)?;
        }
    }
    let world = app.world_mut();
    world.resource_mut::<Taken>().0 = None;
    let keep = |captured: On<'_, '_, ScreenshotCaptured>, mut taken: ResMut<'_, Taken>| {
        taken.0 = Some(captured.image.clone());
    };
    world.spawn(Screenshot::image(target.clone())).observe(keep);
    for _ in 0..PATIENCE {
        frame(app)?;
        if let Some(image) = app.world_mut().resource_mut::<Taken>().0.take() {
            return Ok(image);
        }
    }
    bail!("the graphics adapter returned no picture of {name}")
}

/// Draws one frame and waits until it is drawn.
pub(super) fn frame(app: &mut App) -> Result<()> {
    app.update();
    let device = app.world().resource::<RenderDevice>().wgpu_device();
    device
        .poll(PollType::Wait { submission_index: None, timeout: None })
        .context("the graphics adapter failed")?;
    Ok(())
}
