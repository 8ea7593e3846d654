//! Steps that can be taken back.

use coxa_planner::Plan;

/// A plan with its words.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct State {
    pub(super) plan: Plan,
    pub(super) text: String,
}

/// All states of a plan, one of which it is in.
#[derive(Debug, Clone)]
pub(super) struct History {
    states: Vec<State>,
    at: usize,
    /// What a step that is still being made, a drag, took away from those that could be carried out again.
    cut: Vec<State>,
}

impl History {
    pub(super) fn new(state: State) -> Self {
        History { states: vec![state], at: 0, cut: Vec::new() }
    }

    pub(super) fn state(&self) -> &State {
        &self.states[self.at]
    }

    /// One more step. Whether it changes anything.
    pub(super) fn push(&mut self, state: State) -> bool {
        let changes = state.text != self.state().text;
        if changes {
            self.push_always(state);
        }
        changes
    }

    /// One more step, even where it changes nothing yet.
    pub(super) fn push_always(&mut self, state: State) {
        self.cut = self.states.split_off(self.at + 1);
        self.states.push(state);
        self.at += 1;
    }

    /// The last step becomes another.
    pub(super) fn replace(&mut self, state: State) {
        self.states[self.at] = state;
    }

    /// Forgets the last step where it changed nothing in the end.
    pub(super) fn drop_if_unchanged(&mut self) {
        if self.at > 0 && self.states[self.at - 1].text == self.states[self.at].text {
            self.give_up();
        }
        self.cut.clear();
    }

    /// The step that is being made was none.
    pub(super) fn give_up(&mut self) {
        if self.at > 0 {
            self.states.truncate(self.at);
            self.at -= 1;
            self.states.append(&mut self.cut);
        }
    }

    pub(super) fn undo(&mut self) -> bool {
        let can = self.at > 0;
        self.at -= usize::from(can);
        can
    }

    pub(super) fn redo(&mut self) -> bool {
        let can = self.at + 1 < self.states.len();
        self.at += usize::from(can);
        can
    }

    /// Steps back and forth.
    pub(super) fn steps(&self) -> (usize, usize) {
        (self.at, self.states.len() - 1 - self.at)
    }
}
