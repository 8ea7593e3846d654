//! The colour map of surfaces, computed while they are seen already.

use super::resources::{Case, State};
use super::space_target::SpaceTarget;
use crate::background::{Background, Pace};
use crate::shown::{Colours, MapKind, Painted, Surface};
use bevy::prelude::*;
use std::sync::Arc;

/// What colours are of: the map, and how many cases and plans were shown before.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Key {
    map: MapKind,
    case: usize,
    plan: usize,
}

/// The colours that there are.
#[derive(Resource)]
pub(super) struct Paint {
    painted: Background<Key, Painted>,
    wanted: Option<Key>,
}

impl Paint {
    pub(super) fn new(pace: Pace) -> Self {
        Paint { painted: Background::new(pace), wanted: None }
    }

    /// Colours of the map that is wanted, of the plan that is shown or an earlier one.
    fn painted(&self) -> Option<&Painted> {
        let wanted = self.wanted?;
        let (of, painted) = self.painted.last()?;
        (Key { plan: wanted.plan, ..*of } == wanted).then_some(painted)
    }

    /// The colours of a surface, as far as they are there.
    pub(super) fn of(&self, surface: &Arc<Surface>) -> Option<&Colours> {
        self.painted()?.of(surface)
    }

    /// What the legend says; `is_ahead` where the plan in the hand is another than that which is shown.
    pub(super) fn title(&self, is_ahead: bool) -> String {
        let Some(wanted) = &self.wanted else { return String::new() };
        let name = wanted.map.title();
        match self.painted() {
            Some(painted) if self.painted.is_fresh(wanted) && !is_ahead => painted.title.clone(),
            _ if self.painted.is_lost(wanted) => {
                format!("{name}: not available because of a program error; please report it")
            }
            Some(painted) => format!("{} (previous plan, updating \u{2026})", painted.title),
            None => format!("{name} \u{2026}"),
        }
    }

    /// Whether something is being computed.
    pub(super) fn is_in_work(&self) -> bool {
        self.painted.is_in_work()
    }
}

/// Asks for the colours of the map that is wanted.
pub(super) fn follow_map(
    case: Res<'_, Case>,
    state: Res<'_, State>,
    mut paint: ResMut<'_, Paint>,
    mut target: ResMut<'_, SpaceTarget>,
) {
    let wanted = state.0.map.map(|map| Key { map, case: case.1, plan: case.0.plan_count });
    if wanted != paint.wanted {
        paint.wanted = wanted;
    }
    let Some(key) = wanted else {
        paint.bypass_change_detection().painted.take_in();
        return;
    };
    let is_new = paint.bypass_change_detection().painted.ask(&key, || {
        let shown = case.0.clone();
        move || Painted::new(key.map, &shown)
    });
    if is_new {
        paint.set_changed();
    }
    target.legend = paint.title(state.0.is_ahead);
}
