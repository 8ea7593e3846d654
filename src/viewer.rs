//! The 3D viewer, a program of its own: where it is, and the scenes of a report as it draws them.

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use coxa_case::stages::{DrawScenes, DrawnScene};
use coxa_planner::pictures::Colour;
use coxa_planner::report::Scene;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

const PROGRAM: &str = "coxa-viewer";

/// No report waits longer for its scenes.
const PATIENCE: Duration = Duration::from_secs(300);

/// Who draws bones and implants in space for a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Scenes {
    /// The viewer, where there is one and a graphics card; else the report.
    #[default]
    Auto,
    /// The report itself: the same bytes on every machine.
    Own,
    /// The viewer, with or without a card.
    Viewer,
}

impl Scenes {
    /// What draws them so.
    pub fn drawn(self) -> DrawScenes {
        match self {
            Scenes::Auto => {
                DrawScenes { name: "auto", draw: |case, scenes| draw(case, scenes, Scenes::Auto) }
            }
            Scenes::Own => DrawScenes::OWN,
            Scenes::Viewer => {
                DrawScenes { name: "viewer", draw: |case, scenes| draw(case, scenes, Scenes::Viewer) }
            }
        }
    }
}

/// The program.
///
/// # Errors
/// Where it is not to be found, with what to do.
pub fn program() -> Result<PathBuf> {
    let beside = std::env::current_exe().ok().and_then(|own| own.parent().map(Path::to_owned));
    let Some(program) = find(beside, std::env::var_os("PATH").as_deref()) else {
        bail!(
            "the viewer, {PROGRAM}, is neither beside this program nor on the PATH; build it with \
             `cargo build --release -p coxa-viewer` and copy it beside coxa"
        );
    };
    Ok(program)
}

/// Scenes of a case that is whole, as the viewer draws them; none where the report is to draw them itself.
///
/// # Errors
/// Where the viewer was asked for and draws none.
pub fn draw(case: &Path, scenes: &[Scene], who: Scenes) -> Result<Option<Vec<DrawnScene>>> {
    let drawn = match who {
        Scenes::Own => return Ok(None),
        Scenes::Auto => program().and_then(|program| draw_with(&program, case, scenes, true)),
        Scenes::Viewer => program().and_then(|program| draw_with(&program, case, scenes, false)),
    };
    wanted(drawn, who)
}

/// What was drawn, if it has to be: the report has its own.
fn wanted(drawn: Result<Vec<DrawnScene>>, who: Scenes) -> Result<Option<Vec<DrawnScene>>> {
    match drawn {
        Ok(drawn) => Ok(Some(drawn)),
        Err(error) if who == Scenes::Viewer => {
            Err(error.context("the viewer drew no pictures for the report"))
        }
        Err(_) => Ok(None),
    }
}

/// A script, as the viewer reads them.
#[derive(Serialize)]
struct Script<'a> {
    view: Vec<Shot<'a>>,
}

#[derive(Serialize)]
struct Shot<'a> {
    name: &'a str,
    layout: &'static str,
    stage: &'static str,
    turned_deg: [f64; 2],
    middle_mm: [f64; 3],
    height_mm: f64,
    size_px: [u32; 2],
    colours: &'a BTreeMap<String, Colour>,
}

impl<'a> Shot<'a> {
    /// The scene from the front, turned.
    fn of(scene: &'a Scene) -> Self {
        let (view, (width, height)) = (&scene.view, scene.view.size_px());
        // The patient's right comes to the front where the right of the picture goes into it.
        let turn = view.right.y().atan2(view.right.x());
        Shot {
            name: &scene.name,
            layout: "space",
            stage: scene.stage.name(),
            turned_deg: [-turn.to_degrees(), 0.0],
            middle_mm: [view.centre.x(), view.centre.y(), view.centre.z()],
            height_mm: view.height_mm,
            size_px: [width, height],
            colours: &scene.colours,
        }
    }
}

fn draw_with(program: &Path, case: &Path, scenes: &[Scene], needs_card: bool) -> Result<Vec<DrawnScene>> {
    let folder = tempfile::tempdir().context("cannot make a folder for pictures")?;
    let (script, out) = (folder.path().join("scenes.toml"), folder.path().join("drawn"));
    let text = toml::to_string(&Script { view: scenes.iter().map(Shot::of).collect() })?;
    std::fs::write(&script, text).context("cannot write the picture script")?;
    let mut command = Command::new(program);
    command.arg(case).args(["--headless", "--quiet", "--script"]).arg(&script).arg("-o").arg(&out);
    if needs_card {
        command.arg("--needs-card");
    }
    // A file, lest a viewer that says much waits for who reads it.
    let said = folder.path().join("said");
    let to = std::fs::File::create(&said).context("cannot write the viewer's messages")?;
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(to);
    if !ended(command, PATIENCE)?.success() {
        bail!("{}", std::fs::read_to_string(&said).unwrap_or_default().trim());
    }
    let read = |scene: &Scene| {
        let png = std::fs::read(out.join(format!("{}.png", scene.name)))
            .with_context(|| format!("the viewer wrote no picture {}", scene.name))?;
        let reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info();
        let reader = reader.with_context(|| format!("the viewer wrote a damaged picture {}", scene.name))?;
        let (width, height) = (reader.info().width, reader.info().height);
        Ok((scene.name.clone(), [width, height], png))
    };
    scenes.iter().map(read).collect()
}

/// Runs a program that may take so long.
fn ended(mut command: Command, most: Duration) -> Result<ExitStatus> {
    const LOOK: Duration = Duration::from_millis(20);
    let start = Instant::now();
    let mut running = command.spawn().context("the viewer cannot be started")?;
    loop {
        if let Some(status) = running.try_wait().context("cannot wait for the viewer")? {
            return Ok(status);
        }
        if start.elapsed() > most {
            // One that has just ended needs no end.
            let _ = running.kill();
            let _ = running.wait();
            bail!("the viewer did not end within {} s", most.as_secs());
        }
        std::thread::sleep(LOOK);
    }
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

    /// A program that stands for the viewer: a shell script, with the script of pictures in `$script` and the folder in `$out`.
    #[cfg(unix)]
    fn stand_in(folder: &Path, body: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let program = folder.join(PROGRAM);
        let text = format!("#!/bin/sh\nscript=\"$5\"\nout=\"$7\"\n{body}\n");
        std::fs::write(&program, text).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        program
    }

    #[cfg(unix)]
    #[test]
    fn scenes_come_from_the_viewer_or_the_report_keeps_its_own() {
        use coxa_geometry::Point;
        use coxa_planner::pictures::{Canvas, View};
        use coxa_planner::report::{Scene, Stage};
        let folder = tempfile::tempdir().unwrap();
        let view = View::coronal(Point::new(1.0, 2.0, 3.0), 30.0, 20.0, 2.0).turned(0.9);
        let png = Canvas::new(&view).finish("x", "").unwrap().png;
        std::fs::write(folder.path().join("x.png"), &png).unwrap();
        let scene = |name: &str| Scene::new(name, view, Stage::Before);
        let scenes = [scene("front_before"), scene("oblique_before")];
        let draw = |body: &str| draw_with(&stand_in(folder.path(), body), Path::new("case"), &scenes, true);

        let copy = format!("cp {} \"$out/$name.png\"", folder.path().join("x.png").display());
        let names = "sed -n 's/^name = \"\\(.*\\)\"/\\1/p' \"$script\"";
        let all = format!(
            "[ \"$1 $2 $4 $6 $8\" = \"case --headless --script -o --needs-card\" ] || exit 3\n\
                           cp \"$script\" {}/kept.toml\nmkdir \"$out\"\nfor name in $({names}); do {copy}; done",
            folder.path().display()
        );
        let drawn = draw(&all).unwrap();
        let told: Vec<(&str, [u32; 2])> =
            drawn.iter().map(|(name, size, _)| (name.as_str(), *size)).collect();
        assert_eq!(told, [("front_before", [60, 40]), ("oblique_before", [60, 40])]);
        assert_eq!(drawn[1].2, png);
        let script = std::fs::read_to_string(folder.path().join("kept.toml")).unwrap();
        assert!(
            script.contains("middle_mm = [1.0, 2.0, 3.0]") && script.contains("turned_deg = [51.56"),
            "{script}"
        );

        // Nothing is left of a viewer that fails, and why is said to who asked for it.
        let failed = "echo 'no graphics card was found' >&2; exit 1";
        assert!(wanted(draw(failed), Scenes::Auto).unwrap().is_none());
        let said = format!("{:#}", wanted(draw(failed), Scenes::Viewer).unwrap_err());
        assert!(said.contains("no graphics card was found"), "{said}");
        let one = format!("mkdir \"$out\"; name=front_before; {copy}");
        assert!(format!("{:#}", draw(&one).unwrap_err()).contains("oblique_before"));
        let damaged = format!("mkdir \"$out\"; for name in $({names}); do echo x > \"$out/$name.png\"; done");
        assert!(format!("{:#}", draw(&damaged).unwrap_err()).contains("damaged"));
    }

    #[cfg(unix)]
    #[test]
    fn a_viewer_that_hangs_is_ended() {
        let mut command = Command::new("sleep");
        command.arg("100");
        let start = Instant::now();
        assert!(
            ended(command, Duration::from_millis(50)).is_err() && start.elapsed() < Duration::from_secs(50)
        );
    }
}
