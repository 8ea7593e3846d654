//! What a person sees while long work runs: a bar on a terminal, plain lines elsewhere, nothing with `--quiet`.

use coxa_planner::optimise::Progress as Searching;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Reports stages of a command on standard error.
pub struct Progress {
    style: Style,
}

enum Style {
    Bars,
    Lines,
    Silent,
    Told(Box<dyn Fn(&str) + Send + Sync>),
}

impl Progress {
    /// Bars on a terminal, lines otherwise; silent on request.
    pub fn new(quiet: bool) -> Self {
        let style = match quiet {
            true => Style::Silent,
            false if std::io::stderr().is_terminal() => Style::Bars,
            false => Style::Lines,
        };
        Progress { style }
    }

    /// Tells each stage and search by name as it begins, to a window for instance.
    pub fn told(tell: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Progress { style: Style::Told(Box::new(tell)) }
    }

    /// Runs a search under its name, which tells how far it is and how good its best is.
    pub fn search<T>(&self, name: &str, work: impl FnOnce(&(dyn Fn(Searching) + Sync)) -> T) -> T {
        let start = Instant::now();
        let told = |p: &Searching| format!("{} designs tried, best so far {:.0} %", p.tried, 100.0 * p.best);
        match &self.style {
            Style::Silent => work(&|_| {}),
            Style::Told(tell) => {
                tell(name);
                work(&|_| {})
            }
            Style::Lines => {
                // A line each tenth of the way.
                let tenths = AtomicUsize::new(0);
                let result = work(&|p: Searching| {
                    let tenth = (p.done * 10.0) as usize;
                    if tenths.fetch_max(tenth, Ordering::Relaxed) < tenth {
                        eprintln!("{name}: {:.0} %, {}", 100.0 * p.done, told(&p));
                    }
                });
                eprintln!("{name}: {:.1} s", start.elapsed().as_secs_f64());
                result
            }
            Style::Bars => {
                let bar = ProgressBar::new(1000).with_style(
                    ProgressStyle::with_template("{prefix} {wide_bar} {msg} {elapsed}")
                        .unwrap_or_else(|_| ProgressStyle::default_bar()),
                );
                bar.set_prefix(name.to_owned());
                bar.enable_steady_tick(Duration::from_millis(200));
                let result = work(&|p: Searching| {
                    bar.set_position((1000.0 * p.done) as u64);
                    bar.set_message(told(&p));
                });
                bar.finish_and_clear();
                eprintln!("{name}: {:.1} s", start.elapsed().as_secs_f64());
                result
            }
        }
    }

    /// Runs one stage under its name. The closure may report how much of it is done.
    pub fn stage<T>(&self, name: &str, work: impl FnOnce(&(dyn Fn(usize, usize) + Sync)) -> T) -> T {
        let start = Instant::now();
        match &self.style {
            Style::Silent => work(&|_, _| {}),
            Style::Told(tell) => {
                tell(name);
                work(&|_, _| {})
            }
            Style::Lines => {
                let result = work(&|_, _| {});
                eprintln!("{name}: {:.1} s", start.elapsed().as_secs_f64());
                result
            }
            Style::Bars => {
                let bar = ProgressBar::new_spinner().with_style(
                    ProgressStyle::with_template("{spinner} {prefix} {wide_bar:.dim} {elapsed}")
                        .unwrap_or_else(|_| ProgressStyle::default_bar()),
                );
                bar.set_prefix(name.to_owned());
                bar.enable_steady_tick(Duration::from_millis(100));
                let result = work(&|done, total| {
                    bar.set_length(total as u64);
                    bar.set_position(done as u64);
                });
                bar.finish_and_clear();
                eprintln!("{name}: {:.1} s", start.elapsed().as_secs_f64());
                result
            }
        }
    }
}
