//! How whoever runs a case learns how far it is, and may stop what can be stopped.

use coxa_planner::optimise::Progress as Searching;

/// Told of stages as they run: a terminal, a window, a log.
pub trait Progress: Sync {
    /// A stage begins; it ends when what is returned is dropped.
    fn begin(&self, name: &str) -> Box<dyn Running + '_>;

    /// A search begins, which may be stopped and then gives the best so far.
    fn begin_search(&self, name: &str) -> Box<dyn Running + '_> {
        self.begin(name)
    }

    /// Something that the user should know, in one line.
    fn note(&self, line: &str);
}

/// A stage that runs.
pub trait Running: Sync {
    /// The part of it that is done, from 0 to 1, and what there is to say of it; may be called from any thread.
    fn tell(&self, done: f64, words: &str);

    /// Whether it is to stop with what it has.
    fn is_stopped(&self) -> bool {
        false
    }
}

/// What a stage tells how much of it is done: so many steps of so many.
pub type Tick<'a> = dyn Fn(usize, usize) + Sync + 'a;

/// What a search tells how far it is and how good its best is.
pub type Tell<'a> = dyn Fn(Searching) + Sync + 'a;

impl dyn Progress + '_ {
    /// Runs one stage under its name. The closure may report how much of it is done.
    pub fn stage<T>(&self, name: &str, work: impl FnOnce(&Tick<'_>) -> T) -> T {
        let running = self.begin(name);
        work(&|done, total| running.tell(done as f64 / total.max(1) as f64, ""))
    }

    /// Runs a search under its name, which tells how far it is, and asks whether it is to stop.
    pub fn search<T>(&self, name: &str, work: impl FnOnce(&Tell<'_>, &(dyn Fn() -> bool + Sync)) -> T) -> T {
        let running = self.begin_search(name);
        let told = |p: Searching| {
            let words = format!("{} plans tried, best success so far {:.0} %", p.tried, 100.0 * p.best);
            running.tell(p.done, &words);
        };
        work(&told, &|| running.is_stopped())
    }
}

/// Nobody is told.
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str) -> Box<dyn Running + '_> {
        Box::new(Silent)
    }

    fn note(&self, _: &str) {}
}

impl Running for Silent {
    fn tell(&self, _: f64, _: &str) {}
}

/// A function is told each stage and search by name as it begins, and every note.
pub struct Listener<F>(pub F);

impl<F: Fn(&str) + Sync> Progress for Listener<F> {
    fn begin(&self, name: &str) -> Box<dyn Running + '_> {
        (self.0)(name);
        Box::new(Silent)
    }

    fn note(&self, line: &str) {
        (self.0)(line);
    }
}
