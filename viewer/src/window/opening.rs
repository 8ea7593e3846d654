//! A case is read, or made of a job of a study, while its window is there already: what is being done is told in it, and what went wrong.

use super::resources::Case;
use super::style;
use crate::opened::{Keeping, Opened};
use crate::study::JobOfStudy;
use anyhow::{Result, bail};
use bevy::prelude::*;
use bevy_egui::{EguiContexts, egui};
use coxa_case::progress::{Listener, Progress};
use egui::{Align, Layout, RichText, Spinner, Ui, vec2};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// After so long the way back is offered.
const LONG: Duration = Duration::from_secs(4);

/// How far the reading is.
enum Reading {
    At(String),
    Done(Box<Opened>),
    Failed(String),
}

/// What is opened.
#[derive(Clone)]
pub(super) enum Subject {
    /// The case in a folder.
    Case(PathBuf),
    /// A job of a study, whose case is made first where there is none.
    Job(JobOfStudy),
}

impl Subject {
    fn read(&self, progress: &dyn Progress, is_wanted: impl Fn() -> bool) -> Result<Opened> {
        let folder = match self {
            Subject::Case(folder) => folder,
            Subject::Job(job) => &job.case(progress)?,
        };
        // It would keep others from editing the case.
        if !is_wanted() {
            bail!("it was given up");
        }
        Opened::read(folder, Keeping::Aside, progress)
    }

    fn name(&self) -> String {
        let folder = match self {
            Subject::Case(folder) => folder,
            Subject::Job(job) => return job.title(),
        };
        // Of what is no name, as a point, the folder that it stands for.
        let whole = folder.canonicalize().unwrap_or_else(|_| folder.clone());
        whole.file_name().unwrap_or(whole.as_os_str()).to_string_lossy().into_owned()
    }

    fn folder(&self) -> PathBuf {
        match self {
            Subject::Case(folder) => folder.clone(),
            Subject::Job(job) => job.folder(),
        }
    }
}

/// A case that is being read, or that could not be.
#[derive(Resource)]
pub(super) struct Opening {
    subject: Subject,
    reading: Arc<Mutex<Reading>>,
    thread: Option<JoinHandle<()>>,
    since: Instant,
}

/// What was wrong with the case that was asked for last, as long as none has taken its place.
#[derive(Resource, Clone, Default)]
pub(super) struct Failure(Arc<Mutex<Option<String>>>);

impl Failure {
    pub(super) fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn set(&self, message: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = message;
    }
}

impl Opening {
    /// Begins to read a case.
    pub(super) fn new(subject: Subject) -> Self {
        let reading = Arc::new(Mutex::new(Reading::At("reading the case".into())));
        // Gone when nobody waits any more.
        let (told, of) = (Arc::downgrade(&reading), subject.clone());
        let work = move || {
            let set = |to| {
                if let Some(reading) = told.upgrade() {
                    *reading.lock().unwrap_or_else(PoisonError::into_inner) = to;
                }
            };
            let progress = Listener(|stage: &str| set(Reading::At(stage.to_owned())));
            set(match of.read(&progress, || told.strong_count() > 0) {
                Ok(opened) => Reading::Done(Box::new(opened)),
                Err(error) => Reading::Failed(coxa_case::failure::message(&error)),
            });
        };
        let thread = match std::thread::Builder::new().name("opening".into()).spawn(work) {
            Ok(thread) => Some(thread),
            Err(error) => {
                let failed = Reading::Failed(format!(
                    "the case cannot be read, because no thread could be started: {error}"
                ));
                *reading.lock().unwrap_or_else(PoisonError::into_inner) = failed;
                None
            }
        };
        Opening { subject, reading, thread, since: Instant::now() }
    }

    /// The case, once it is read.
    pub(super) fn take(&mut self) -> Option<Box<Opened>> {
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        // A thread that ended without a result has met an error of the program's own.
        if self.thread.as_ref().is_some_and(JoinHandle::is_finished) && matches!(*reading, Reading::At(_)) {
            *reading = Reading::Failed(
                "the case cannot be read because of a program error; please report it".into(),
            );
        }
        match std::mem::replace(&mut *reading, Reading::At(String::new())) {
            Reading::Done(opened) => {
                self.thread = None;
                Some(opened)
            }
            other => {
                *reading = other;
                None
            }
        }
    }

    pub(super) fn failed(&self) -> Option<String> {
        match &*self.reading.lock().unwrap_or_else(PoisonError::into_inner) {
            Reading::Failed(message) => Some(message.clone()),
            Reading::At(_) | Reading::Done(_) => None,
        }
    }

    pub(super) fn name(&self) -> String {
        self.subject.name()
    }

    /// The job that is opened, where it is one of a study.
    pub(super) fn job(&self) -> Option<u64> {
        match &self.subject {
            Subject::Case(_) => None,
            Subject::Job(job) => Some(job.number),
        }
    }
}

/// Whether there is a case to show and no other one is being opened.
pub(super) fn is_shown(case: Option<Res<'_, Case>>, opening: Option<Res<'_, Opening>>) -> bool {
    case.is_some() && opening.is_none()
}

/// Says what is being read, or what went wrong and what can be done.
pub(super) fn draw(
    mut commands: Commands<'_, '_>,
    mut contexts: EguiContexts<'_, '_>,
    opening: Res<'_, Opening>,
    case: Option<Res<'_, Case>>,
    failure: Res<'_, Failure>,
    mut exit: MessageWriter<'_, AppExit>,
) -> bevy::ecs::error::Result {
    let context = contexts.ctx_mut()?.clone();
    style::apply(&context);
    let layer = egui::LayerId::background();
    let all = context.viewport_rect();
    let mut root = Ui::new(context, "opening".into(), egui::UiBuilder::new().layer_id(layer).max_rect(all));
    root.painter().rect_filled(all, 0.0, style::PANEL);
    let middle = egui::Rect::from_center_size(all.center(), vec2(all.width().min(640.0), all.height() * 0.6));
    let builder = egui::UiBuilder::new().max_rect(middle).layout(Layout::top_down(Align::Center));
    root.scope_builder(builder, |ui| match opening.failed() {
        None => {
            progress(ui, &opening);
            // A folder far away may not answer: whoever waits no longer need not.
            if opening.since.elapsed() > LONG {
                ui.add_space(18.0);
                leave(ui, &mut commands, &failure, way_back(&opening, case.is_some()), &mut exit);
                if opening.job().is_some() {
                    let words = "A case that is given up is still made; it opens sooner the next time.";
                    ui.label(RichText::new(words).color(style::WEAK));
                }
            }
        }
        Some(message) => {
            ui.label(
                RichText::new(format!("{} cannot be shown", opening.name())).size(19.0).color(style::REFUSAL),
            );
            ui.add_space(10.0);
            ui.label(RichText::new(message).size(15.0));
            ui.add_space(4.0);
            ui.label(RichText::new(opening.subject.folder().display().to_string()).color(style::WEAK));
            ui.add_space(18.0);
            if ui.button("Try again").clicked() {
                commands.insert_resource(Opening::new(opening.subject.clone()));
            }
            leave(ui, &mut commands, &failure, way_back(&opening, case.is_some()), &mut exit);
        }
    });
    Ok(())
}

/// What there is to go back to; nothing before the first case. The list of a study is seen again as it was left.
fn way_back(opening: &Opening, has_case: bool) -> Option<&'static str> {
    match (&opening.subject, has_case) {
        (Subject::Job(_), _) => Some("Back to the list"),
        (Subject::Case(_), true) => Some("Back to the previous case"),
        (Subject::Case(_), false) => None,
    }
}

/// The way back, or out.
fn leave(
    ui: &mut Ui,
    commands: &mut Commands<'_, '_>,
    failure: &Failure,
    back: Option<&str>,
    exit: &mut MessageWriter<'_, AppExit>,
) {
    if let Some(back) = back {
        if ui.button(back).clicked() {
            failure.set(None);
            commands.remove_resource::<Opening>();
        }
    } else if ui.button("Close").clicked() {
        exit.write(AppExit::Success);
    }
}

fn progress(ui: &mut Ui, opening: &Opening) {
    ui.label(RichText::new(opening.name()).size(19.0));
    ui.add_space(14.0);
    ui.add(Spinner::new().size(34.0));
    ui.add_space(14.0);
    let reading = opening.reading.lock().unwrap_or_else(PoisonError::into_inner);
    if let Reading::At(stage) = &*reading {
        let seconds = opening.since.elapsed().as_secs();
        let words =
            format!("{stage} \u{2026} {}", if seconds > 1 { format!("{seconds} s") } else { String::new() });
        ui.label(RichText::new(words).color(style::WEAK));
    }
}
