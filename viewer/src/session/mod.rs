//! A planning session: a case that is open, the plan as it is being changed, and what that plan comes to.
//!
//! Nothing here knows of a window. Edits are values ([`Edit`]); each is checked as a plan document is before it counts, so
//! that what stands in a session can always be saved. What a plan comes to is computed on a thread of its own
//! ([`Session::live`]); what it last found is shown as stale until the new is there.
//!
//! Nothing is lost: every edit is kept in a side file in the case until it is saved ([`Recovery`]), saving replaces
//! `plan.toml` whole or not at all, and never one that somebody else changed in between.

mod answers;
mod data;
mod edit;
mod error;
mod history;
mod live;
mod side_file;
mod variant;
mod variants;

pub use answers::{Answer, Answers, Problem};
pub use data::CaseData;
pub use edit::{Edit, Snap};
pub use error::{EditError, Notice, OpenError, SaveError};
pub use side_file::Recovery;
pub use variant::Variant;
pub use variants::Compared;

use coxa_case::failure::message;
use coxa_case::folder::{self, Lock};
use coxa_case::source::text_hash;
use coxa_case::stages::GivenPlan;
use coxa_planner::Plan;
use coxa_planner::Sketch;
use coxa_planner::adjust::Substitution;
use coxa_planner::optimise::PartPrice;
use coxa_planner::placed::HipAxes;
use coxa_planner::simulate::MotionLimit;
use data::PLAN_FILE;
use history::{History, State};
use live::Live;
use side_file::SideFile;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A case that is open.
pub struct Session {
    data: Arc<CaseData>,
    axes: HipAxes,
    variants: Vec<VariantHistory>,
    current: usize,
    /// Words of `plan.toml` as it was read or last saved.
    saved: String,
    side_file: SideFile,
    /// Whether the side file could be written last.
    is_kept: bool,
    recovery: Option<Recovery>,
    notices: Vec<Notice>,
    live: Option<Live>,
    /// The plan before a drag began.
    dragged_from: Option<State>,
}

/// A variant with its history.
struct VariantHistory {
    name: String,
    notes: String,
    history: History,
    /// What it came to when it was looked at last.
    sketch: Option<Arc<Sketch>>,
    /// How far the required motions of that sketch go.
    limits: Option<Arc<Vec<MotionLimit>>>,
    /// What that sketch costs over the plan by rule.
    prices: Option<Arc<Vec<PartPrice>>>,
}

impl VariantHistory {
    fn new(name: &str, notes: &str, state: State) -> Self {
        VariantHistory {
            name: name.into(),
            notes: notes.into(),
            history: History::new(state),
            sketch: None,
            limits: None,
            prices: None,
        }
    }
}

impl Session {
    /// Opens a case that holds a plan.
    ///
    /// # Errors
    /// Any [`OpenError`]; each says what to do.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        Session::new(Arc::new(CaseData::open(folder)?))
    }

    /// A session with a case that was opened already.
    ///
    /// # Errors
    /// A case without a plan.
    pub fn new(data: Arc<CaseData>) -> Result<Self, OpenError> {
        let folder = data.folder().to_owned();
        let GivenPlan { text, .. } = saved_plan(&data)?;
        let (side_file, recovery, notices) = SideFile::open(&folder, &text);
        let mut session = Session::with(data, side_file)?;
        session.notices = notices;
        if let Some(recovery) = recovery {
            let (edits, is_of_this_plan) = (recovery.variants().len(), recovery.is_of_this_plan());
            session.notices.push(Notice::Recoverable { edits, is_of_this_plan });
            session.recovery = Some(recovery);
        }
        Ok(session)
    }

    /// A session that keeps nothing aside, as for pictures: what it changes is gone with it unless it is saved.
    ///
    /// # Errors
    /// A case without a plan.
    pub fn passing(data: Arc<CaseData>) -> Result<Self, OpenError> {
        Session::with(data, SideFile::none())
    }

    fn with(data: Arc<CaseData>, side_file: SideFile) -> Result<Self, OpenError> {
        let GivenPlan { plan, text } = saved_plan(&data)?;
        let axes = HipAxes::new(data.anatomy(), data.side());
        let first = VariantHistory::new("plan", "", State { plan, text: text.clone() });
        Ok(Session {
            data,
            axes,
            variants: vec![first],
            current: 0,
            saved: text,
            side_file,
            is_kept: true,
            recovery: None,
            notices: Vec::new(),
            live: None,
            dragged_from: None,
        })
    }

    /// What the case holds.
    pub fn data(&self) -> &Arc<CaseData> {
        &self.data
    }

    /// The anatomical axes along which components are moved.
    pub fn axes(&self) -> &HipAxes {
        &self.axes
    }

    /// The plan as it stands.
    pub fn plan(&self) -> &Plan {
        &self.state().plan
    }

    /// The plan as `plan.toml` would hold it: the user's own words where nothing was changed.
    pub fn document(&self) -> &str {
        &self.state().text
    }

    fn state(&self) -> &State {
        self.variants[self.current].history.state()
    }

    fn history(&mut self) -> &mut History {
        &mut self.variants[self.current].history
    }

    /// Whether `plan.toml` says what stands here.
    pub fn is_saved(&self) -> bool {
        self.document() == self.saved
    }

    /// What the user should know; once said they are gone.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }

    /// Carries out an edit as one step that can be undone. What else had to change with it is returned, to be said.
    ///
    /// # Errors
    /// An edit that leaves no plan; the plan then stands as it was.
    pub fn apply(&mut self, edit: &Edit) -> Result<Vec<Substitution>, EditError> {
        self.end_drag();
        let (state, said) = edit::carried_out(edit, self.state(), &self.data, &self.axes)?;
        if self.history().push(state) {
            self.changed();
        }
        Ok(said)
    }

    /// Carries out an edit on the plan as it was when the drag began: moves of one drag replace each other and are undone
    /// together. The first call begins the drag.
    ///
    /// # Errors
    /// As [`Session::apply`]; the drag then stays where it was.
    pub fn drag(&mut self, edit: &Edit) -> Result<Vec<Substitution>, EditError> {
        let from = self.dragged_from.clone().unwrap_or_else(|| self.state().clone());
        let (state, said) = edit::carried_out(edit, &from, &self.data, &self.axes)?;
        let history = &mut self.variants[self.current].history;
        match self.dragged_from {
            Some(_) => history.replace(state),
            None => {
                history.push_always(state);
                self.dragged_from = Some(from);
            }
        }
        // What a hand still holds is kept aside when it lets go.
        self.ask();
        Ok(said)
    }

    /// The drag is over; what is done next is another step.
    pub fn end_drag(&mut self) {
        if self.dragged_from.take().is_some() {
            self.history().drop_if_unchanged();
            self.keep_aside();
        }
    }

    /// Gives the drag up: the plan stands as before it.
    pub fn cancel_drag(&mut self) {
        if self.dragged_from.take().is_some() {
            self.history().give_up();
            self.changed();
        }
    }

    /// Takes back the last step. Whether there was one.
    pub fn undo(&mut self) -> bool {
        self.end_drag();
        let undone = self.history().undo();
        if undone {
            self.changed();
        }
        undone
    }

    /// Carries out again what was taken back. Whether there was anything.
    pub fn redo(&mut self) -> bool {
        self.end_drag();
        let redone = self.history().redo();
        if redone {
            self.changed();
        }
        redone
    }

    /// Steps that can be taken back, and those that can be carried out again.
    pub fn steps(&self) -> (usize, usize) {
        self.variants[self.current].history.steps()
    }

    /// Saves the plan as `plan.toml`, whole or not at all.
    ///
    /// # Errors
    /// A plan that somebody else changed since it was read, a folder that cannot be written; the edits stay where they are.
    pub fn save(&mut self) -> Result<(), SaveError> {
        let held = self.hold()?;
        match self.on_disk()? {
            Some(text) if text == self.saved => self.put_plan(held),
            Some(_) => Err(SaveError::ChangedOnDisk { path: self.plan_path() }),
            None => Err(SaveError::Gone { path: self.plan_path() }),
        }
    }

    /// As [`Session::save`], whatever is there now.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn save_over(&mut self) -> Result<(), SaveError> {
        let held = self.hold()?;
        self.put_plan(held)
    }

    /// The case, while a plan is saved; `None` of one that may only be read, which says so when it is written.
    fn hold(&self) -> Result<Option<Lock>, SaveError> {
        folder::hold(self.data.folder()).map_err(|e| SaveError::Failed { message: message(&e) })
    }

    fn put_plan(&mut self, held: Option<Lock>) -> Result<(), SaveError> {
        self.end_drag();
        let text = self.document().to_owned();
        // Whoever wrote what is there now: it can be taken up again.
        if held.is_some()
            && let Some(words) = self.on_disk()?.filter(|words| *words != text)
        {
            let kept = folder::keep_words(self.data.folder(), &words);
            kept.map_err(|e| SaveError::Failed { message: message(&e) })?;
        }
        side_file::replace(&self.plan_path(), text.as_bytes())?;
        self.saved = text;
        self.keep_aside();
        Ok(())
    }

    /// Saves the plan somewhere else, as where the case cannot be written. It stays unsaved in its case.
    ///
    /// # Errors
    /// A place that cannot be written, or where something is already.
    pub fn save_copy(&self, path: &Path) -> Result<(), SaveError> {
        side_file::write_new(path, self.document().as_bytes())
    }

    /// Whether something would be lost if the session ended now: edits that are neither saved nor kept aside.
    pub fn would_lose(&self) -> bool {
        let is_aside = self.side_file.is_kept() && self.is_kept && self.dragged_from.is_none();
        !self.is_all_saved() && !is_aside
    }

    /// Lets another session open the case anew, with what this one keeps aside.
    pub fn release(&mut self) {
        self.end_drag();
        self.side_file.release();
    }

    /// Whether there is nothing beside what `plan.toml` says.
    fn is_all_saved(&self) -> bool {
        let own = self.variants();
        self.is_saved() && own.len() == 1 && own[0].notes.is_empty()
    }

    /// Looks whether somebody else changed the case since it was opened.
    pub fn check_disk(&self) -> Vec<Notice> {
        let mut notices = Vec::new();
        match self.on_disk() {
            Ok(Some(text)) if text == self.saved => {}
            Ok(Some(_)) => notices.push(Notice::PlanChangedOnDisk),
            Ok(None) => notices.push(Notice::PlanGone),
            Err(error) => notices.push(Notice::Unreadable { message: error.to_string() }),
        }
        notices.extend(self.data.check_disk());
        notices
    }

    /// Takes up `plan.toml` as it is on disk now, as one more step that can be undone.
    ///
    /// # Errors
    /// A plan that is gone or cannot be carried out; what stands here stays.
    pub fn take_up_disk(&mut self) -> Result<(), EditError> {
        let path = self.plan_path();
        let gone =
            || EditError::NotThere(format!("{} was removed: save again to recreate it", path.display()));
        let text = self.on_disk().map_err(|e| EditError::NotThere(e.to_string()))?.ok_or_else(gone)?;
        let plan = edit::read(&text, &self.data)?;
        self.end_drag();
        self.saved.clone_from(&text);
        if self.history().push(State { plan, text }) {
            self.changed();
        }
        Ok(())
    }

    fn on_disk(&self) -> Result<Option<String>, SaveError> {
        match std::fs::read_to_string(self.plan_path()) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(SaveError::of("read", &self.plan_path(), &error)),
        }
    }

    fn plan_path(&self) -> PathBuf {
        self.data.folder().join(PLAN_FILE)
    }

    /// What the plan comes to, as far as it is known; the first call begins to compute.
    pub fn live(&mut self) -> Answers {
        let answers = self.running().answers();
        let kept = &mut self.variants[self.current];
        if !answers.sketch.is_stale {
            kept.sketch.clone_from(&answers.sketch.value);
            // Without a fresh answer those that are kept are of another plan.
            let limits = &answers.required_limits;
            kept.limits = limits.value.clone().filter(|_| !limits.is_stale);
            kept.prices = answers.prices.value.clone().filter(|_| !answers.prices.is_stale);
        }
        answers
    }

    /// Waits until what can be had while dragging is there for the plan as it stands: numbers, and where `limits` the limits of the
    /// required motions. Whether it came in time.
    pub fn wait(&mut self, limits: bool, most: Duration) -> bool {
        self.running().wait(limits, most)
    }

    /// Waits until nothing is left to compute for the plan as it stands, or it has no further answers. Whether it came in time.
    pub fn settle(&mut self, most: Duration) -> bool {
        self.running().settle(most)
    }

    /// Whether the map of cup orientations is computed when nothing has changed for a while.
    pub fn set_map_wanted(&mut self, is_wanted: bool) {
        self.running().set_map_wanted(is_wanted);
    }

    fn running(&mut self) -> &Live {
        let (data, plan) = (&self.data, &self.variants[self.current].history.state().plan);
        self.live.get_or_insert_with(|| Live::new(data.clone(), plan.clone()))
    }

    fn changed(&mut self) {
        self.ask();
        self.keep_aside();
    }

    fn ask(&mut self) {
        let plan = &self.variants[self.current].history.state().plan;
        if let Some(live) = &self.live {
            live.ask(plan.clone());
        }
    }

    /// Keeps what is not saved in the side file.
    fn keep_aside(&mut self) {
        // What is offered from an earlier session is not overwritten before somebody has decided about it.
        let own = self.variants();
        let is_all_saved = self.is_all_saved();
        let earlier = self.recovery.as_ref().map(Recovery::variants).unwrap_or_default();
        let kept = if is_all_saved && earlier.is_empty() {
            self.side_file.remove()
        } else {
            self.side_file.keep(&text_hash(&self.saved), self.current, &own, earlier)
        };
        self.is_kept = kept.is_ok();
        let said = match kept {
            Ok(said) => said,
            Err(error) => Some(Notice::NotKept { message: error.to_string() }),
        };
        if let Some(said) = said
            && !self.notices.contains(&said)
        {
            self.notices.push(said);
        }
    }
}

impl Drop for Session {
    /// What a hand still holds is kept as the rest is.
    fn drop(&mut self) {
        self.end_drag();
    }
}

fn saved_plan(data: &CaseData) -> Result<GivenPlan, OpenError> {
    data.plan().cloned().ok_or_else(|| {
        OpenError::Incomplete(format!(
            "{} holds no plan.toml: it was only segmented, or its plan was refused; plan it first: coxa plan CT --side SIDE -o {0}",
            data.folder().display()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_case_is_refused_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let error = Session::open(folder.path()).err().unwrap();
        assert!(matches!(&error, OpenError::NotACase(text) if text.contains("case.toml")), "{error}");
        std::fs::write(folder.path().join("case.toml"), "format = 99\n").unwrap();
        let error = Session::open(folder.path()).err().unwrap();
        assert!(matches!(error, OpenError::Newer(_)) && error.to_string().contains("99"), "{error}");
    }
}
