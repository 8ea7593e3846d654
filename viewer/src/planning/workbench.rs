//! The hand that plans: a session with what is being held, and what there is to say of the last thing that was done. Everything a
//! window does to a plan goes through here, so that it can be tried without one.

use super::{Component, Control, CupAngles, Grab, Handle, handles};
use crate::session::{Answers, Edit, Notice, Session};
use crate::view::Camera;
use coxa_geometry::Transform;
use coxa_geometry::frame::Patient;
use coxa_planner::Plan;
use std::path::Path;
use std::sync::Arc;

/// A session in somebody's hands.
pub struct Workbench {
    session: Session,
    answers: Answers,
    /// What is worked on.
    pub component: Component,
    /// Whether its handles are shown.
    pub has_handles: bool,
    /// How cup angles are told.
    pub angles: CupAngles,
    held: Option<Held>,
    said: Option<Said>,
    notices: Vec<Notice>,
    /// Those that were put aside, lest the next look at the disk brings them again.
    aside: Vec<Notice>,
    /// Whether what was held was given up though the hand has not let go.
    is_given_up: bool,
}

/// What is being held.
enum Held {
    /// A number, which was so much when it was taken, and the plan then.
    Slider(Control, f64, Box<Plan>),
    Handle(Box<Grab>),
}

/// What there is to say of the last thing that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// In words, for a person.
    pub text: String,
    /// Whether it was not done.
    pub is_refusal: bool,
}

impl Workbench {
    /// Begins with the cup.
    pub fn new(mut session: Session) -> Self {
        let notices = session.take_notices();
        let answers = session.live();
        Workbench {
            session,
            answers,
            component: Component::Cup,
            has_handles: false,
            angles: CupAngles::default(),
            held: None,
            said: None,
            notices,
            aside: Vec::new(),
            is_given_up: false,
        }
    }

    /// The session.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The session, for what needs no saying.
    pub fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// What the plan comes to, as it was when [`Workbench::follow`] last looked.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// Looks for new answers and notices. Whether there are any that were not there before.
    pub fn follow(&mut self) -> bool {
        let found = self.session.live();
        let is_new = !same(&self.answers, &found);
        self.answers = found;
        for notice in self.session.take_notices() {
            self.note(notice);
        }
        is_new
    }

    /// Looks whether somebody else changed the case. What is no longer so is not said any more.
    pub fn look_at_disk(&mut self) {
        let found = self.session.check_disk();
        let is_so = |notice: &Notice| !notice.is_of_disk() || found.contains(notice);
        self.notices.retain(is_so);
        self.aside.retain(is_so);
        for notice in found {
            self.note(notice);
        }
    }

    fn note(&mut self, notice: Notice) {
        if !self.notices.contains(&notice) && !self.aside.contains(&notice) {
            self.notices.push(notice);
        }
    }

    /// What the user should know and has not yet put aside.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Puts a notice aside.
    pub fn put_aside(&mut self, notice: &Notice) {
        self.notices.retain(|n| n != notice);
        self.aside.push(notice.clone());
    }

    /// What there is to say of the last thing that was done.
    pub fn said(&self) -> Option<&Said> {
        self.said.as_ref()
    }

    /// Whether something is being held.
    pub fn is_holding(&self) -> bool {
        self.held.is_some()
    }

    /// The number whose handle is being held.
    pub fn held_control(&self) -> Option<Control> {
        match self.held.as_ref()? {
            Held::Slider(control, ..) => Some(*control),
            Held::Handle(grab) => Some(grab.control()),
        }
    }

    /// Makes a number larger by so much, as one step.
    pub fn step(&mut self, control: Control, by: f64) {
        self.edit(&control.edit_as_told(by, self.session.plan(), &self.session, self.angles));
    }

    /// Carries out an edit as one step.
    pub fn edit(&mut self, edit: &Edit) {
        self.held = None;
        let done = self.session.apply(edit).map(|said| {
            said.into_iter().map(|substitution| substitution.message).collect::<Vec<_>>().join("; ")
        });
        self.say(done);
    }

    /// Brings a number to a value while its slider is held; [`Workbench::let_go`] ends that.
    pub fn slide(&mut self, control: Control, to: f64) {
        if self.is_given_up {
            return;
        }
        let (from, plan) = match &self.held {
            Some(Held::Slider(held, from, plan)) if *held == control => (*from, plan.clone()),
            _ => {
                self.session.end_drag();
                let Some(from) = control.value(&self.session, self.angles) else { return };
                let plan = Box::new(self.session.plan().clone());
                self.held = Some(Held::Slider(control, from, plan.clone()));
                (from, plan)
            }
        };
        let edit = control.edit_as_told(to - from, &plan, &self.session, self.angles);
        let done = self.session.drag(&edit).map(|_| String::new());
        self.say(done);
    }

    /// The handles of the component as it stands; none while they are hidden or the plan is not carried out.
    pub fn handles(&self, camera: &Camera) -> Vec<Handle> {
        let Some(sketch) = self.answers.sketch.value.as_ref().filter(|_| self.has_handles) else {
            return Vec::new();
        };
        let reduction: &Transform<Patient, Patient> = &sketch.pose.reduced();
        handles(self.component, self.session.plan(), self.session.axes(), self.angles, reduction, camera)
    }

    /// Takes a handle at a place of the picture, in millimetres right and down from its middle.
    pub fn take(&mut self, handle: Handle, camera: &Camera, at: [f64; 2]) {
        self.session.end_drag();
        self.held = Some(Held::Handle(Box::new(Grab::new(handle, *camera, at))));
    }

    /// The hand has come to another place.
    pub fn pull(&mut self, at: [f64; 2]) {
        let Some(Held::Handle(grab)) = &self.held else { return };
        let edit = grab.edit(at, self.angles);
        let done = self.session.drag(&edit).map(|_| String::new());
        self.say(done);
    }

    /// Lets go: what was changed is one step.
    pub fn let_go(&mut self) {
        self.is_given_up = false;
        if self.held.take().is_some() {
            self.session.end_drag();
        }
    }

    /// Gives up what is held: the plan stands as before, whatever the hand does until it lets go.
    pub fn give_up(&mut self) {
        if self.held.take().is_some() {
            self.is_given_up = true;
            self.session.cancel_drag();
        }
    }

    /// Takes back the last step.
    pub fn undo(&mut self) {
        self.held = None;
        self.said = None;
        self.session.undo();
    }

    /// Carries out again what was taken back.
    pub fn redo(&mut self) {
        self.held = None;
        self.said = None;
        self.session.redo();
    }

    /// Saves the plan; one that somebody else changed is a notice, not overwritten.
    pub fn save(&mut self) {
        self.let_go();
        self.look_at_disk();
        let done = self.session.save().map(|()| "Saved.".to_owned());
        self.say(done);
    }

    /// Saves over what somebody else wrote.
    pub fn save_over(&mut self) {
        self.let_go();
        let done = self.session.save_over().map(|()| "Saved.".to_owned());
        self.settled(&done);
        self.say(done);
    }

    /// Saves the plan somewhere else.
    pub fn save_copy(&mut self, path: &Path) {
        let done = self.session.save_copy(path).map(|()| format!("A copy was saved as {}.", path.display()));
        self.say(done);
    }

    /// Takes up what somebody else wrote, as one more step.
    pub fn take_up_disk(&mut self) {
        self.held = None;
        let done = self.session.take_up_disk().map(|()| String::new());
        self.settled(&done);
        self.say(done);
    }

    /// The plan on disk is no news any more once it was decided about.
    fn settled<E>(&mut self, done: &Result<String, E>) {
        if done.is_ok() {
            self.notices.retain(|n| !matches!(n, Notice::PlanChangedOnDisk | Notice::PlanGone));
        }
    }

    /// Takes up, or drops, what an earlier session left unsaved.
    pub fn decide_recovery(&mut self, is_taken_up: bool) {
        self.held = None;
        let done = match is_taken_up {
            true => self.session.take_up_recovery().map(|()| String::new()),
            false => {
                self.session.drop_recovery();
                Ok(String::new())
            }
        };
        if self.session.recovery().is_none() {
            self.notices.retain(|n| !matches!(n, Notice::Recoverable { .. }));
        }
        self.say(done);
    }

    /// A copy of the plan beside it, which is worked on from now.
    pub fn add_variant(&mut self) {
        self.held = None;
        let there: Vec<String> = self.session.variants().into_iter().map(|variant| variant.name).collect();
        let names = (1..).map(|n| format!("variant {n}"));
        let name = names.into_iter().find(|name| !there.contains(name)).unwrap_or_default();
        let done = self.session.add_variant(&name).map(|_| String::new());
        self.say(done);
    }

    /// Goes on with another variant.
    pub fn select_variant(&mut self, index: usize) {
        self.held = None;
        let done = self.session.select_variant(index).map(|()| String::new());
        self.say(done);
    }

    /// Removes a variant.
    pub fn remove_variant(&mut self, index: usize) {
        self.held = None;
        let done = self.session.remove_variant(index).map(|()| String::new());
        self.say(done);
    }

    fn say<E: std::fmt::Display>(&mut self, done: Result<String, E>) {
        self.said = match done {
            Ok(text) if text.is_empty() => None,
            Ok(text) => Some(Said { text, is_refusal: false }),
            Err(error) => Some(Said { text: error.to_string(), is_refusal: true }),
        };
        // Handles and numbers are told from the answers: they are to follow at once.
        self.follow();
    }
}

/// Whether two looks at the answers found the same ones.
fn same(a: &Answers, b: &Answers) -> bool {
    fn one<T>(a: &crate::session::Answer<T>, b: &crate::session::Answer<T>) -> bool {
        a.is_stale == b.is_stale
            && match (&a.value, &b.value) {
                (Some(a), Some(b)) => Arc::ptr_eq(a, b),
                (None, None) => true,
                _ => false,
            }
    }
    one(&a.sketch, &b.sketch)
        && one(&a.required_limits, &b.required_limits)
        && one(&a.limits, &b.limits)
        && one(&a.planned, &b.planned)
        && one(&a.orientation_map, &b.orientation_map)
        && a.problem == b.problem
        && a.orientation_problem == b.orientation_problem
}
