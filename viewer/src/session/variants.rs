//! Plans side by side, each with its own name, notes and history.

use super::error::EditError;
use super::history::State;
use super::side_file::Recovery;
use super::variant::{MOST_VARIANTS, Variant};
use super::{Session, VariantHistory, edit};
use coxa_planner::Plan;
use coxa_planner::Sketch;
use coxa_planner::optimise::PartPrice;
use coxa_planner::simulate::MotionLimit;
use std::sync::Arc;

/// A plan among others that it is compared with.
#[derive(Debug, Clone)]
pub struct Compared {
    /// What the user calls it.
    pub name: String,
    /// What the user notes of it.
    pub notes: String,
    /// The plan.
    pub plan: Plan,
    /// What it comes to; `None` where it was not looked at since it was changed.
    pub sketch: Option<Arc<Sketch>>,
    /// How far its required motions go, likewise.
    pub limits: Option<Arc<Vec<MotionLimit>>>,
    /// What it costs over the plan by rule, likewise.
    pub prices: Option<Arc<Vec<PartPrice>>>,
}

impl Session {
    /// All variants, in their order.
    pub fn variants(&self) -> Vec<Variant> {
        let variant = |kept: &VariantHistory| Variant {
            name: kept.name.clone(),
            notes: kept.notes.clone(),
            document: kept.history.state().text.clone(),
        };
        self.variants.iter().map(variant).collect()
    }

    /// All variants with what is known of them.
    pub fn compared(&self) -> Vec<Compared> {
        let compared = |kept: &VariantHistory| {
            let plan = &kept.history.state().plan;
            let sketch = kept.sketch.clone().filter(|sketch| sketch.plan == *plan);
            let limits = sketch.as_ref().and(kept.limits.clone());
            let prices = sketch.as_ref().and(kept.prices.clone());
            Compared {
                name: kept.name.clone(),
                notes: kept.notes.clone(),
                plan: plan.clone(),
                sketch,
                limits,
                prices,
            }
        };
        self.variants.iter().map(compared).collect()
    }

    /// The variant that is being worked on.
    pub fn current_variant(&self) -> usize {
        self.current
    }

    /// A copy of the plan as it stands, which becomes the one that is worked on.
    ///
    /// # Errors
    /// More variants than can be kept.
    pub fn add_variant(&mut self, name: &str) -> Result<usize, EditError> {
        self.end_drag();
        let state = self.state().clone();
        self.push_variant(VariantHistory::new(name, "", state))?;
        self.select_variant(self.variants.len() - 1)?;
        Ok(self.current)
    }

    fn push_variant(&mut self, kept: VariantHistory) -> Result<(), EditError> {
        if self.variants.len() >= MOST_VARIANTS {
            let text = format!("at most {MOST_VARIANTS} variants are allowed: remove one first");
            return Err(EditError::NotThere(text));
        }
        self.variants.push(kept);
        Ok(())
    }

    /// Goes on with another variant.
    ///
    /// # Errors
    /// One that is not there.
    pub fn select_variant(&mut self, index: usize) -> Result<(), EditError> {
        self.end_drag();
        self.existing(index)?;
        self.current = index;
        self.changed();
        Ok(())
    }

    /// Removes a variant. The last one stays.
    ///
    /// # Errors
    /// One that is not there, the last one.
    pub fn remove_variant(&mut self, index: usize) -> Result<(), EditError> {
        self.end_drag();
        self.existing(index)?;
        if self.variants.len() == 1 {
            return Err(EditError::NotThere("the last variant cannot be removed".into()));
        }
        self.variants.remove(index);
        if self.current > index || self.current == self.variants.len() {
            self.current -= 1;
        }
        self.changed();
        Ok(())
    }

    /// Names a variant.
    ///
    /// # Errors
    /// One that is not there.
    pub fn name_variant(&mut self, index: usize, name: &str) -> Result<(), EditError> {
        self.existing(index)?.name = name.into();
        self.keep_aside();
        Ok(())
    }

    /// Notes of a variant.
    ///
    /// # Errors
    /// One that is not there.
    pub fn note(&mut self, index: usize, notes: &str) -> Result<(), EditError> {
        self.existing(index)?.notes = notes.into();
        self.keep_aside();
        Ok(())
    }

    fn existing(&mut self, index: usize) -> Result<&mut VariantHistory, EditError> {
        let there = self.variants.len();
        let text = format!("there is no variant {}: the session has {there}", index + 1);
        self.variants.get_mut(index).ok_or(EditError::NotThere(text))
    }

    /// What an earlier session left unsaved, until it is taken up or dropped.
    pub fn recovery(&self) -> Option<&Recovery> {
        self.recovery.as_ref()
    }

    /// Takes up what an earlier session left unsaved, as variants beside the plan, or in its place where nothing was done to that; the one
    /// that was worked on is gone on with. One that was made of another `plan.toml` is not saved over that unasked.
    ///
    /// # Errors
    /// Nothing to take up, or plans that cannot be carried out any more: the others are taken up, these stay to be decided about.
    pub fn take_up_recovery(&mut self) -> Result<(), EditError> {
        let nothing = || EditError::NotThere("no earlier session left anything unsaved".into());
        let recovery = self.recovery.as_ref().ok_or_else(nothing)?;
        let (left, is_of_this_plan) = (recovery.clone(), recovery.is_of_this_plan());
        self.end_drag();
        let own = &self.variants[0];
        let is_untouched = self.variants.len() == 1 && own.notes.is_empty() && own.history.steps() == (0, 0);
        let (mut kept, mut unread, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
        let mut current = 0;
        for (n, variant) in left.variants().iter().enumerate() {
            let Variant { name, notes, document } = variant.clone();
            // One that is there already says nothing new.
            let is_there = !is_untouched
                && notes.is_empty()
                && self.variants.iter().any(|own| own.history.state().text == document);
            if n == left.current() {
                current = kept.len();
            }
            match edit::read(&document, &self.data) {
                Ok(_) if is_there => {}
                Ok(plan) => kept.push(VariantHistory::new(&name, &notes, State { plan, text: document })),
                Err(error) => {
                    reasons.push(format!("{name} can no longer be applied: {error}"));
                    unread.push(variant.clone());
                }
            }
        }
        let first = if is_untouched && !kept.is_empty() { 0 } else { self.variants.len() };
        if first + kept.len() > MOST_VARIANTS {
            let text = format!("at most {MOST_VARIANTS} variants are allowed: remove some first");
            return Err(EditError::NotThere(text));
        }
        self.variants.truncate(first);
        self.variants.extend(kept);
        if !is_of_this_plan {
            // As if somebody had changed it while it was open: saving asks.
            self.saved.clear();
        }
        self.recovery = Recovery::of(unread);
        self.select_variant((first + current).min(self.variants.len() - 1))?;
        match reasons.is_empty() {
            true => Ok(()),
            false => Err(EditError::NotThere(reasons.join("; "))),
        }
    }

    /// Drops what an earlier session left unsaved.
    pub fn drop_recovery(&mut self) {
        if self.recovery.take().is_some() {
            self.keep_aside();
        }
    }
}
