//! Pictures, turntables and films of what is seen in the window, as numbered PNG files in the case.

use super::cut::CutOpen;
use super::film::course;
use super::paint::Paint;
use super::player::Player;
use super::png::write;
use super::resources::{Case, State};
use super::slices::Slices;
use super::style;
use crate::view::{Layout, ViewState};
use anyhow::{Context, Result};
use bevy::prelude::*;
use bevy::render::view::screenshot::{Screenshot, ScreenshotCaptured};
use bevy_egui::egui::{self, Align2, Area, Frame, Label, RichText, Ui, vec2};
use std::path::{Path, PathBuf};

/// In the case; its folder `pictures` is the report's, which keeps nothing else there.
const FOLDER: &str = "exported";

/// Pictures of a turn of the camera, and of all the way of what is played.
const TURNTABLE: u32 = 36;
const FILM: u32 = 48;
/// Frames that a view is given to be drawn as it is to be.
const SETTLING: usize = 5;

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Picture,
    Turntable,
    Film,
}

/// What was asked for, what is being taken, and what is to be said of it.
#[derive(Resource, Default)]
pub(super) struct Export {
    wanted: Option<Wanted>,
    recording: Option<Recording>,
    said: Option<std::result::Result<String, String>>,
}

/// Pictures that are being taken.
struct Recording {
    /// Each with its file.
    left: Vec<(PathBuf, ViewState)>,
    count: usize,
    written: usize,
    folder: PathBuf,
    /// Frames since the present view was set; `None` before it is.
    settled: Option<usize>,
    /// What was seen before, to be seen again.
    before: ViewState,
}

/// Of a window that takes pictures.
pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Export>();
    app.add_systems(Update, follow.run_if(super::opening::is_shown));
}

/// The menu.
pub(super) fn menu(ui: &mut Ui, state: &ViewState, export: &mut Export) {
    let menu = ui.menu_button("Export \u{23f7}", |ui| {
        let mut choice = |words: &str, hint: &str, is_there: bool, wanted: Wanted| {
            let button = ui.add_enabled(is_there, bevy_egui::egui::Button::new(words));
            if button.on_hover_text(hint).clicked() {
                (export.wanted, export.said) = (Some(wanted), None);
                ui.close();
            }
        };
        choice("Picture", "The window as it is", true, Wanted::Picture);
        choice(
            "Turntable",
            "A full turn about the patient's long axis, 3D view only",
            true,
            Wanted::Turntable,
        );
        let is_played = state.played.is_some();
        choice("Film", "The whole motion that is played, without side panels", is_played, Wanted::Film);
    });
    menu.response.on_hover_text(format!("Writes PNG files into the folder {FOLDER} of the case"));
    let (words, colour) = match &export.said {
        Some(Ok(words)) => (words, style::GOOD),
        Some(Err(words)) => (words, style::REFUSAL),
        None => return,
    };
    // All of it where the mouse rests.
    ui.add(Label::new(RichText::new(words).small().color(colour)).truncate());
}

/// Says how far an export is, over everything but the pictures themselves.
pub(super) fn progress(context: &egui::Context, export: &Export) {
    let Some(recording) = export.recording.as_ref().filter(|recording| recording.count > 1) else { return };
    if recording.is_being_taken() {
        return;
    }
    let words = format!("picture {} of {}; press Escape to stop", recording.written + 1, recording.count);
    Area::new("export".into()).anchor(Align2::CENTER_BOTTOM, vec2(0.0, -24.0)).interactable(false).show(
        context,
        |ui| {
            Frame::popup(ui.style()).show(ui, |ui| ui.label(RichText::new(words).color(style::CAUTION)));
        },
    );
}

fn follow(
    mut export: ResMut<'_, Export>,
    mut state: ResMut<'_, State>,
    case: Res<'_, Case>,
    player: Res<'_, Player>,
    (slices, paint, cut): (Res<'_, Slices>, Res<'_, Paint>, Res<'_, CutOpen>),
    pressed: Res<'_, ButtonInput<KeyCode>>,
    mut commands: Commands<'_, '_>,
) {
    if let Some(wanted) = export.wanted.take() {
        let is_cycle = player.playing(&state.0).is_some_and(|(_, track)| track.is_cycle);
        match Recording::new(wanted, &state.0, is_cycle, &case.0.folder) {
            Ok(recording) => export.recording = Some(recording),
            Err(error) => export.said = Some(Err(format!("{error:#}"))),
        }
    }
    let Some(recording) = &mut export.recording else { return };
    if pressed.just_pressed(KeyCode::Escape) {
        recording.left.clear();
    }
    let Some((path, view)) = recording.left.first() else {
        let words = match recording.count {
            1 => format!("{} written", recording.folder.display()),
            _ => format!("{} pictures in {}", recording.written, recording.folder.display()),
        };
        let before = state.0.seen_as(&recording.before);
        state.0 = before;
        export.said.get_or_insert(Ok(words));
        export.recording = None;
        return;
    };
    // What is still being computed belongs into the picture.
    let is_waiting = slices.is_in_work()
        || paint.is_in_work()
        || cut.is_in_work()
        || (state.0.played.is_some() && player.is_making_ready(&state.0));
    match recording.settled {
        // Whatever a hand does meanwhile, each picture is of its own view.
        Some(frames) if frames <= SETTLING => {
            let own = state.0.seen_as(view);
            if state.0 != own {
                state.0 = own;
            }
            if frames < SETTLING {
                recording.settled = Some(if is_waiting { frames } else { frames + 1 });
                return;
            }
            recording.settled = Some(frames + 1);
            let path = path.clone();
            let keep = move |captured: On<'_, '_, ScreenshotCaptured>, mut export: ResMut<'_, Export>| {
                export.taken(&path, &captured.image);
            };
            commands.spawn(Screenshot::primary_window()).observe(keep);
        }
        None => {
            let own = state.0.seen_as(view);
            state.0 = own;
            recording.settled = Some(0);
        }
        // The picture is on its way.
        Some(_) => {}
    }
}

impl Export {
    /// Whether there are pictures still to be taken.
    pub(super) const fn is_in_work(&self) -> bool {
        self.wanted.is_some() || self.recording.is_some()
    }

    /// A picture has come back. One that nobody waits for any more is of another case, or of an export that was stopped.
    fn taken(&mut self, path: &Path, image: &Image) {
        let Some(recording) = &mut self.recording else { return };
        if recording.left.first().is_none_or(|(own, _)| own != path) {
            return;
        }
        recording.settled = None;
        match write(image, path) {
            Ok(()) => {
                recording.written += 1;
                recording.left.drain(..1);
            }
            Err(error) => {
                recording.left.clear();
                self.said = Some(Err(format!("{error:#}")));
            }
        }
    }
}

impl Recording {
    /// Whether the next frame is the picture.
    fn is_being_taken(&self) -> bool {
        self.settled.is_some_and(|frames| frames > SETTLING)
    }

    /// Into a file or a folder of its own among the pictures of the case.
    ///
    /// # Errors
    /// A folder that cannot be made.
    fn new(wanted: Wanted, state: &ViewState, is_cycle: bool, case: &Path) -> Result<Self> {
        let pictures = case.join(FOLDER);
        let free = |stem: &str, ending: &str| {
            let all = (1..).map(|n| pictures.join(format!("{stem}_{n:03}{ending}")));
            all.into_iter().find(|path| !path.exists()).unwrap_or_default()
        };
        let bare = ViewState { has_panels: false, ..state.clone() };
        let (folder, states) = match wanted {
            Wanted::Picture => (free("window", ".png"), vec![state.clone()]),
            Wanted::Turntable => {
                let alone = ViewState { layout: Layout::Space, ..bare };
                (free("turntable", ""), course(&alone, TURNTABLE, None, true))
            }
            Wanted::Film => (free("film", ""), course(&bare, FILM, Some(is_cycle), false)),
        };
        let made = if wanted == Wanted::Picture { &pictures } else { &folder };
        std::fs::create_dir_all(made).with_context(|| format!("cannot create {}", made.display()))?;
        let file = |n: usize| match wanted {
            Wanted::Picture => folder.clone(),
            Wanted::Turntable | Wanted::Film => folder.join(format!("{n:03}.png")),
        };
        let left: Vec<_> = states.into_iter().enumerate().map(|(n, state)| (file(n + 1), state)).collect();
        let count = left.len();
        Ok(Recording { left, count, written: 0, folder, settled: None, before: state.clone() })
    }
}
