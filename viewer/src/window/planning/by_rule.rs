//! The plan by rule.

use crate::background::Background;
use crate::planning::Workbench;
use crate::session::{Edit, Snap};

/// The plan by rule, which may have to be placed anew, and whether it is to be taken up when it is there.
#[derive(Default)]
pub(super) struct ByRule {
    placed: Background<(), ()>,
    pub(super) is_wanted: bool,
}

impl ByRule {
    /// Takes it up once it is there.
    pub(super) fn follow(&mut self, bench: &mut Workbench) {
        if !self.is_wanted {
            return;
        }
        self.placed.ask(&(), || {
            let case = bench.session().data().clone();
            move || case.place_by_rule()
        });
        // Where placing met an error of its own, the edit says so again.
        if !self.placed.is_in_work() {
            self.is_wanted = false;
            bench.edit(&Edit::Snap(Snap::RuleBased));
        }
    }
}
