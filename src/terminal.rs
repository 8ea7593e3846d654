//! What a person sees while long work runs: a bar on a terminal, plain lines elsewhere, nothing with `--quiet`. Ctrl-C stops a search with
//! its best so far, and ends anything else without half-written files.

use anyhow::{Context, Result};
use coxa_case::folder;
use coxa_case::progress::{Progress, Running, Silent};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Steps of a bar.
const STEPS: u64 = 1000;

/// Reports stages of a command on standard error.
#[derive(Debug, Clone, Copy)]
pub enum Terminal {
    /// Bars, for a person.
    Bars,
    /// A line a stage, for a file.
    Lines,
    /// Nothing.
    Silent,
}

impl Terminal {
    /// Bars on a terminal, lines otherwise; silent on request.
    pub fn new(quiet: bool) -> Self {
        match quiet {
            true => Terminal::Silent,
            false if std::io::stderr().is_terminal() => Terminal::Bars,
            false => Terminal::Lines,
        }
    }
}

impl Progress for Terminal {
    fn begin(&self, name: &str) -> Box<dyn Running + '_> {
        match self {
            Terminal::Silent => Box::new(Silent),
            Terminal::Lines => Box::new(Line::new(name)),
            Terminal::Bars => Box::new(Bar::new(name, "{spinner} {prefix} {wide_bar:.dim} {elapsed}")),
        }
    }

    fn begin_search(&self, name: &str) -> Box<dyn Running + '_> {
        let shown: Box<dyn Running> = match self {
            Terminal::Silent => Box::new(Silent),
            Terminal::Lines => Box::new(Line::new(name)),
            Terminal::Bars => Box::new(Bar::new(name, "{prefix} {wide_bar} {msg} {elapsed}")),
        };
        CAN_STOP.store(true, Ordering::SeqCst);
        Box::new(Search(shown))
    }

    fn note(&self, line: &str) {
        if !matches!(self, Terminal::Silent) {
            eprintln!("{line}");
        }
    }
}

/// A stage that is told when it ended; of a search a line each tenth of the way.
struct Line {
    name: String,
    start: Instant,
    tenths: AtomicUsize,
}

impl Line {
    fn new(name: &str) -> Self {
        Line { name: name.to_owned(), start: Instant::now(), tenths: AtomicUsize::new(0) }
    }
}

impl Running for Line {
    fn tell(&self, done: f64, words: &str) {
        let tenth = (done * 10.0) as usize;
        if !words.is_empty() && self.tenths.fetch_max(tenth, Ordering::Relaxed) < tenth {
            eprintln!("{}: {:.0} %, {words}", self.name, 100.0 * done);
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        ended(&self.name, self.start);
    }
}

struct Bar {
    name: String,
    start: Instant,
    bar: ProgressBar,
}

impl Bar {
    fn new(name: &str, template: &str) -> Self {
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new_spinner().with_style(style);
        bar.set_prefix(name.to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        Bar { name: name.to_owned(), start: Instant::now(), bar }
    }
}

impl Running for Bar {
    fn tell(&self, done: f64, words: &str) {
        self.bar.set_length(STEPS);
        self.bar.set_position((STEPS as f64 * done) as u64);
        if !words.is_empty() {
            self.bar.set_message(words.to_owned());
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        ended(&self.name, self.start);
    }
}

fn ended(name: &str, start: Instant) {
    eprintln!("{name}: {:.1} s", start.elapsed().as_secs_f64());
}

// Work that can end early with something to show, and whether it is asked to.
static CAN_STOP: AtomicBool = AtomicBool::new(false);
static IS_STOPPED: AtomicBool = AtomicBool::new(false);

/// A search, which the first Ctrl-C stops instead of the program.
struct Search<'a>(Box<dyn Running + 'a>);

impl Running for Search<'_> {
    fn tell(&self, done: f64, words: &str) {
        self.0.tell(done, words);
    }

    fn is_stopped(&self) -> bool {
        IS_STOPPED.load(Ordering::SeqCst)
    }
}

impl Drop for Search<'_> {
    fn drop(&mut self) {
        CAN_STOP.store(false, Ordering::SeqCst);
    }
}

/// Ends the program on Ctrl-C without leaving half-written files. Finished stages stay and are taken up again.
///
/// # Errors
/// Where the system does not let interrupts be watched.
pub fn clean_up_on_interrupt() -> Result<()> {
    ctrlc::set_handler(|| {
        if CAN_STOP.load(Ordering::SeqCst) && !IS_STOPPED.swap(true, Ordering::SeqCst) {
            eprintln!("stopping; what was found so far will be kept. Interrupt again to quit at once.");
            return;
        }
        if folder::abandon_open() {
            eprintln!("interrupted; run the same command again to continue");
        }
        std::process::exit(130);
    })
    .context("cannot watch for Ctrl-C")
}
