//! `coxa view`: starts the 3D viewer, a program of its own, so that the command line builds without a graphics stack.

use crate::case;
use crate::cli::ViewArgs;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

const PROGRAM: &str = "coxa-viewer";

/// Runs the command, until the viewer is closed.
pub fn run(args: &ViewArgs, quiet: bool) -> Result<()> {
    // What is no case is said here, whether or not there is a viewer.
    case::read_record(&args.case)?;
    let beside = std::env::current_exe().ok().and_then(|own| own.parent().map(Path::to_owned));
    let Some(program) = find(beside, std::env::var_os("PATH").as_deref()) else {
        bail!(
            "the viewer, {PROGRAM}, is neither beside this program nor on the PATH; build it with \
             `cargo build --release -p coxa-viewer` and copy it beside coxa"
        );
    };
    let mut command = Command::new(&program);
    command.arg(&args.case).args(&args.rest);
    if quiet {
        command.arg("--quiet");
    }
    let status = command.status().with_context(|| format!("cannot start {}", program.display()))?;
    // It said itself why.
    if !status.success() {
        bail!("the viewer ended with {status}");
    }
    Ok(())
}

/// The viewer in the folder of this program, else in the first folder of the search path that has it.
fn find(beside: Option<PathBuf>, path: Option<&std::ffi::OsStr>) -> Option<PathBuf> {
    let name = format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX);
    let searched = path.map(std::env::split_paths).into_iter().flatten();
    beside.into_iter().chain(searched).map(|folder| folder.join(&name)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_viewer_beside_the_program_comes_before_that_on_the_path() {
        let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
        let [own, empty, searched] = folders.each_ref().map(|folder| folder.path().to_owned());
        let path = std::env::join_paths([&empty, &searched]).unwrap();
        assert_eq!(find(Some(own.clone()), Some(&path)), None);
        let program = format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX);
        std::fs::write(searched.join(&program), "").unwrap();
        assert_eq!(find(Some(own.clone()), Some(&path)), Some(searched.join(&program)));
        std::fs::write(own.join(&program), "").unwrap();
        assert_eq!(find(Some(own.clone()), Some(&path)), Some(own.join(&program)));
    }
}
