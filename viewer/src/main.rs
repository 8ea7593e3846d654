//! `coxa-viewer`: a case or the jobs of a study in a window, or pictures of them without a display.

use anyhow::{Context, Result};
use clap::Parser;
use coxa_case::progress::{Listener, Progress, Silent};
use coxa_scenario::store::Store;
use coxa_viewer::opened::{Keeping, Opened};
use coxa_viewer::script::Script;
use coxa_viewer::study::is_study;
use coxa_viewer::window;
use std::path::PathBuf;
use std::process::ExitCode;

/// Shows a case in space and in slices, or lists the jobs of a study to open one from.
///
/// A planning and research tool, not a cleared medical device.
#[derive(Debug, Parser)]
#[command(name = "coxa-viewer", version, arg_required_else_help = true)]
#[command(
    after_help = "Examples:\n  coxa-viewer case\n  coxa-viewer out\n  coxa-viewer case --headless --script viewer/scripts/tour.toml -o pictures\n\n\
                  In space:   drag turns, with shift moves, wheel zooms, a click on cup or stem takes it\n\
                  In a slice: click sets the crosshair, wheel goes through the slices, with control zooms;\n            \
                  right button: grey window (twice: as at first), middle button: move\n\
                  Keys:       1 to 8 standard views, F all bones, H hip, B before or planned, V one view or four,\n            \
                  R radiograph, P panels, X crosshair, G handles of the component,\n            \
                  Ctrl Z back, Ctrl Y forth, Ctrl S save, Escape gives up what is being dragged"
)]
struct Cli {
    /// Folder of a case, as `coxa plan` and `coxa demo` make it, or of a study, as `coxa scenario run` makes it.
    case: PathBuf,
    /// Make the pictures of a script, without a window.
    #[arg(long, requires = "script", requires = "output")]
    headless: bool,
    /// List of views.
    #[arg(long, value_name = "FILE", requires = "headless")]
    script: Option<PathBuf>,
    /// Folder for the pictures; it is made where there is none.
    #[arg(long, short, value_name = "DIR", requires = "headless")]
    output: Option<PathBuf>,
    /// Draw with a graphics card or not at all: for who has other pictures where the processor would draw.
    #[arg(long, requires = "headless")]
    needs_card: bool,
    /// Print only the result and errors.
    #[arg(long, short)]
    quiet: bool,
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("coxa-viewer: {}", coxa_case::failure::message(&error));
            ExitCode::from(2)
        }
    }
}

fn run(cli: &Cli) -> Result<()> {
    // A script that cannot be used is said before the case is read.
    let script = cli.script.as_deref().map(Script::read).transpose()?;
    if cli.needs_card {
        window::check_card()?;
    }
    match (script, &cli.output) {
        (Some(script), Some(out)) => {
            let told = Listener(|line: &str| eprintln!("{line}"));
            let progress: &dyn Progress = if cli.quiet { &Silent } else { &told };
            if is_study(&cli.case) {
                let store = Store::open(&cli.case)?;
                return window::study_pictures(store, &script, out, |path| println!("{}", path.display()));
            }
            let opened = Opened::read(&cli.case, Keeping::Nothing, progress)?;
            window::pictures(opened, &script, out, |path| println!("{}", path.display()))
        }
        _ if is_study(&cli.case) => window::show(&cli.case).context("the study cannot be shown"),
        _ => window::show(&cli.case).context("the case cannot be shown"),
    }
}
