//! Pictures, turntables and films of what is seen in the window, as numbered PNG files in the case.

use super::cut::CutOpen;
use super::film::course;
use super::headless::write;
use super::paint::Paint;
use super::player::Player;
use super::slices::Slices;
use super::{Case, State, style};
use crate::view::{Layout, ViewState};
use anyhow::{Context, Result};
use bevy::prelude::*;
use bevy::render::view::screenshot::{Screenshot, ScreenshotCaptured};
use bevy_egui::egui::{RichText, Ui};
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
    folder: PathBuf,
    /// Frames since the present view was set; `None` before it is.
    settled: Option<usize>,
    /// What was seen before, to be seen again.
    before: ViewState,
}

/// Of a window that takes pictures.
pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Export>();
    app.add_systems(Update, follow.run_if(super::is_shown));
}

/// The menu.
pub(super) fn menu(ui: &mut Ui, state: &ViewState, export: &mut Export) {
    if let Some(recording) = export.recording.as_ref().filter(|recording| recording.count > 1) {
        let done = recording.count - recording.left.len();
        ui.label(RichText::new(format!("picture {} of {}", done + 1, recording.count)).color(style::CAUTION));
        if ui.button("Stop").clicked()
            && let Some(recording) = &mut export.recording
        {
            recording.left.clear();
        }
        return;
    }
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
            "A whole turn about the patient's long axis, the view in space alone",
            true,
            Wanted::Turntable,
        );
        let is_played = state.played.is_some();
        choice("Film", "All the way of what is played, without lists", is_played, Wanted::Film);
    });
    menu.response.on_hover_text(format!("PNG files into the folder {FOLDER} of the case"));
    match &export.said {
        Some(Ok(words)) => ui.label(RichText::new(words).small().color(style::GOOD)),
        Some(Err(words)) => ui.label(RichText::new(words).small().color(style::REFUSAL)),
        None => return,
    };
}

fn follow(
    mut export: ResMut<'_, Export>,
    mut state: ResMut<'_, State>,
    case: Res<'_, Case>,
    player: Res<'_, Player>,
    (slices, paint, cut): (Res<'_, Slices>, Res<'_, Paint>, Res<'_, CutOpen>),
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
    let Some((path, view)) = recording.left.first() else {
        let words = match recording.count {
            1 => format!("{} written", recording.folder.display()),
            count => format!("{count} pictures in {}", recording.folder.display()),
        };
        state.0 = recording.before.clone();
        export.said.get_or_insert(Ok(words));
        export.recording = None;
        return;
    };
    match &mut recording.settled {
        None => {
            state.0 = view.clone();
            recording.settled = Some(0);
        }
        // What is still being computed belongs into the picture.
        Some(_) if slices.is_in_work() || paint.is_in_work() || cut.is_in_work() => {}
        Some(frames) if *frames < SETTLING => *frames += 1,
        Some(frames) if *frames == SETTLING => {
            *frames += 1;
            let path = path.clone();
            let keep = move |captured: On<'_, '_, ScreenshotCaptured>, mut export: ResMut<'_, Export>| {
                export.taken(write(&captured.image, &path));
            };
            commands.spawn(Screenshot::primary_window()).observe(keep);
        }
        // The picture is on its way.
        Some(_) => {}
    }
}

impl Export {
    /// A picture has come back, and was written or not.
    fn taken(&mut self, written: Result<()>) {
        let Some(recording) = &mut self.recording else { return };
        recording.settled = None;
        match written {
            Ok(()) => drop(recording.left.drain(..1.min(recording.left.len()))),
            Err(error) => {
                recording.left.clear();
                self.said = Some(Err(format!("{error:#}")));
            }
        }
    }
}

impl Recording {
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
        Ok(Recording { left, count, folder, settled: None, before: state.clone() })
    }
}
