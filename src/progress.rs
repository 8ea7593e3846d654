//! What a person sees while long work runs: a bar on a terminal, plain lines elsewhere, nothing with `--quiet`.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// Reports stages of a command on standard error.
pub struct Progress {
    style: Style,
}

enum Style {
    Bars,
    Lines,
    Silent,
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

    /// Runs one stage under its name. The closure may report how much of it is done.
    pub fn stage<T>(&self, name: &str, work: impl FnOnce(&(dyn Fn(usize, usize) + Sync)) -> T) -> T {
        let start = Instant::now();
        match self.style {
            Style::Silent => work(&|_, _| {}),
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
