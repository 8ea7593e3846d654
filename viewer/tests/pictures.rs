//! Pictures of a virtual patient, held against those beside this file. Skipped where there is no graphics adapter.
//!
//! Drivers round colours and edges of triangles differently: a picture is the same if a channel of a pixel differs by at most
//! [`MEAN`] grey levels of 255 in the mean, and by more than [`STEP`] in at most the part [`SHARE`] of them. After a change that is meant,
//! look at the new pictures and keep them: `COXA_KEEP_PICTURES=1 cargo test -p coxa-viewer --test pictures`.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use coxa_geometry::{Point, Side};
use coxa_panel::{Card, Overlay, Panel, Ramp, Table, TableRow};
use coxa_viewer::view::{Camera, Plane, Standard, letters};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const MEAN: f64 = 1.5;
const STEP: u8 = 40;
const SHARE: f64 = 0.01;

struct Picture {
    size: (u32, u32),
    rgb: Vec<u8>,
}

fn read(path: &Path) -> Picture {
    let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut rgb).unwrap();
    rgb.truncate(info.buffer_size());
    assert_eq!(info.color_type, png::ColorType::Rgb, "{}", path.display());
    Picture { size: (info.width, info.height), rgb }
}

/// Mean difference in grey levels, and part of the channels that differ by more than a step.
fn difference(a: &Picture, b: &Picture) -> (f64, f64) {
    assert_eq!(a.size, b.size);
    let differences = || a.rgb.iter().zip(&b.rgb).map(|(a, b)| a.abs_diff(*b));
    let count = a.rgb.len() as f64;
    let mean = differences().map(f64::from).sum::<f64>() / count;
    (mean, differences().filter(|d| *d > STEP).count() as f64 / count)
}

fn are_alike(a: &Picture, b: &Picture) -> bool {
    let (mean, share) = difference(a, b);
    mean <= MEAN && share <= SHARE
}

fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures")
}

/// Draws the pictures of a script of a case of the right hip into a folder `drawn` beside it; false where there is nothing to draw with.
fn draw(folder: &Path, script: &Path) -> bool {
    let case = folder.join("case");
    common::write_case(&case, 2.0);
    was_drawn(&run(&case, script, &folder.join("drawn")))
}

/// Lets the viewer draw the pictures of a script of a case or a study.
fn run(shown: &Path, script: &Path, drawn: &Path) -> Output {
    let mut viewer = Command::new(env!("CARGO_BIN_EXE_coxa-viewer"));
    viewer.arg(shown).args(["--headless", "--quiet", "--script"]).arg(script).arg("-o").arg(drawn);
    viewer.output().unwrap()
}

/// Whether there was something to draw with.
fn was_drawn(run: &Output) -> bool {
    let said = String::from_utf8_lossy(&run.stderr);
    if !run.status.success() && said.contains("no graphics adapter") {
        coxa_test_support::skip(&format!("no graphics adapter: {said}"));
        return false;
    }
    assert!(run.status.success(), "{said}");
    true
}

#[test]
fn what_is_on_the_right_is_drawn_where_the_letter_is() {
    let folder = tempfile::tempdir().unwrap();
    // The bones of the right side alone, and in slices and on the radiograph the outlines of the implants in it.
    let space = ["anterior", "posterior", "superior", "inferior"];
    let flat = ["axial", "coronal", "radiograph"];
    let mut script = String::from("size_px = [320, 240]\n");
    for name in space {
        script += &format!(
            "[[view]]\nname = \"{name}\"\nlayout = \"space\"\ncamera = \"{name}\"\nstage = \"before\"\n\
             hide = [\"hip_left\", \"femur_left\", \"sacrum\"]\n"
        );
    }
    for name in flat {
        script += &format!(
            "[[view]]\nname = \"{name}\"\nlayout = \"{name}\"\nhide = [\"bones\"]\ncrosshair_mm = [70.0, 0.0, 0.0]\n\
             slice_height_mm = 240.0\nheight_mm = 400.0\n"
        );
    }
    let path = folder.path().join("script.toml");
    std::fs::write(&path, script).unwrap();
    if !draw(folder.path(), &path) {
        return;
    }
    let read = |name: &str| read(&folder.path().join("drawn").join(format!("{name}.png")));
    // Pixels left and right of the middle that are so; letters and cube are grey.
    let halves = |picture: &Picture, is_so: &dyn Fn([i32; 3]) -> bool| {
        let width = picture.size.0 as usize;
        let mut halves = [0; 2];
        for (at, pixel) in picture.rgb.chunks_exact(3).enumerate() {
            let rgb = [pixel[0], pixel[1], pixel[2]].map(i32::from);
            halves[usize::from(at % width >= width / 2)] += i32::from(is_so(rgb));
        }
        halves
    };
    let is_bone = |[r, _, b]: [i32; 3]| r > 60 && r - b > 18;
    // Green of the shell; no line of the crosshair is as blue.
    let is_shell = |[r, g, b]: [i32; 3]| g - r > 60 && b - r > 30;
    let at_right = |camera: &Camera| usize::from(letters(camera.right()) == "R");
    let camera = |view| Camera::standard(view, Side::Right, Point::origin(), 100.0);
    let views = [Standard::Anterior, Standard::Posterior, Standard::Superior, Standard::Inferior];
    for (name, view) in space.into_iter().zip(views) {
        let (halves, half) = (halves(&read(name), &is_bone), at_right(&camera(view)));
        assert!(
            halves[half] > 400 && halves[half] > 10 * halves[1 - half],
            "{name}: {halves:?}, R at {half}"
        );
    }
    for name in flat {
        let halves = halves(&read(name), &is_shell);
        let view =
            if name == "axial" { Plane::Axial } else { Plane::Coronal }.view(Point::origin(), 1.0, 1.0, 1.0);
        let half = usize::from(letters(view.right) == "R");
        assert!(halves[half] > 20 && halves[half] > 10 * halves[1 - half], "{name}: {halves:?}, R at {half}");
    }
}

#[test]
fn the_list_of_a_study_is_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let store = common::write_study(folder.path());
    coxa_scenario::engine::run(&store, 0..1, &|_| {}, &|| false).unwrap();
    let script = folder.path().join("script.toml");
    let drawn = |text: &str| {
        std::fs::write(&script, text).unwrap();
        run(store.folder(), &script, &folder.path().join("drawn"))
    };
    for (text, said) in [
        ("[[view]]\nname = \"a\"\n", "only page = \"study\""),
        (
            "[[view]]\nname = \"a\"\npage = \"study\"\nstudy = { sort_by = \"x\" }\n",
            "no quantity named \"x\"",
        ),
    ] {
        let refused = drawn(text);
        let words = String::from_utf8_lossy(&refused.stderr);
        assert!(!refused.status.success() && words.contains(said), "{words}");
    }
    let both = "[[view]]\nname = \"all\"\npage = \"study\"\n[[view]]\nname = \"planned\"\npage = \"study\"\nstudy = { find = \"head_offset=0\" }\n";
    if !was_drawn(&drawn(both)) {
        return;
    }
    // The reason of the job that was refused is red, and nothing else.
    let red = |name: &str| {
        let picture = read(&folder.path().join("drawn").join(format!("{name}.png")));
        picture.rgb.chunks_exact(3).filter(|rgb| rgb[0] > 150 && rgb[1] < 100 && rgb[2] < 100).count()
    };
    assert!(red("all") > 100 && red("planned") == 0, "{} and {}", red("all"), red("planned"));
}

/// A panel with a picture, grey at the left and below its overlay at the right.
fn panel(module: &str) -> Panel {
    let [width, height] = [120, 90];
    let values = (0..width * height).map(|at| (at % width >= width / 2).then_some(1.0)).collect();
    let overlay = Overlay {
        title: "attention".into(),
        unit: String::new(),
        low: 0.0,
        high: 1.0,
        ramp: Ramp::Viridis,
        values,
    };
    Panel {
        module: module.into(),
        title: "Fracture of the hip".into(),
        evidence: "Research only.".into(),
        texts: vec!["Is there a fracture of the hip?".into()],
        table: Table {
            columns: vec!["prediction".into()],
            rows: vec![TableRow {
                name: "Fracture".into(),
                cells: vec!["yes 82.0 %".into()],
                method: "made up".into(),
            }],
        },
        pictures: vec![coxa_panel::Picture {
            caption: "Radiograph of the pelvis: attention".into(),
            size_px: [width, height],
            grey: vec![100; width * height],
            sides: ['R', 'L'],
            overlay: Some(overlay),
        }],
        card: Some(Card { intended_use: "research only".into(), ..Card::default() }),
    }
}

#[test]
fn what_a_module_left_in_the_case_is_drawn_and_one_that_is_damaged_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let case = folder.path().join("case");
    common::write_case(&case, 2.0);
    for module in ["made-up", "torn"] {
        coxa_panel::write(&case, &panel(module)).unwrap();
    }
    std::fs::write(case.join("modules/torn/picture_1.png"), "no picture").unwrap();
    let script = folder.path().join("script.toml");
    let views = "size_px = [1280, 800]\n[[view]]\nname = \"modules\"\npage = \"modules\"\nmodule = \"made-up\"\n\
                 [[view]]\nname = \"first\"\npage = \"modules\"\n";
    std::fs::write(&script, views).unwrap();
    let drawn = folder.path().join("drawn");
    if !was_drawn(&run(&case, &script, &drawn)) {
        return;
    }
    let [modules, first] = ["modules", "first"].map(|name| read(&drawn.join(format!("{name}.png"))));
    // 60 % of the ramp's last colour over grey, and the grey beside it, as many of the one as of the other.
    let like = |picture: &Picture, colour: [u8; 3]| {
        let is_like = |rgb: &&[u8]| rgb.iter().zip(colour).all(|(a, b)| a.abs_diff(b) <= 2);
        picture.rgb.chunks_exact(3).filter(is_like).count()
    };
    let (under, beside) = (like(&modules, [192, 179, 62]), like(&modules, [100, 100, 100]));
    assert!(under > 10_000 && under.abs_diff(beside) < under / 20, "{under} and {beside}");
    assert_eq!(like(&first, [192, 179, 62]), 0);
    // Why the other cannot be shown is red.
    let red = modules.rgb.chunks_exact(3).filter(|rgb| rgb[0] > 150 && rgb[1] < 110 && rgb[2] < 110).count();
    assert!(red > 100, "{red}");
    if let Some(place) = std::env::var_os("COXA_LOOK_AT") {
        std::fs::copy(drawn.join("modules.png"), place).unwrap();
    }
}

#[test]
fn pictures_are_those_that_were_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let drawn = folder.path().join("drawn");
    if !draw(folder.path(), &kept().join("script.toml")) {
        return;
    }
    let mut names: Vec<String> = std::fs::read_dir(&drawn)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 8);
    if std::env::var_os("COXA_KEEP_PICTURES").is_some() {
        for name in &names {
            std::fs::copy(drawn.join(name), kept().join(name)).unwrap();
        }
    }
    let changed: Vec<String> = names
        .iter()
        .filter_map(|name| {
            let (new, old) = (read(&drawn.join(name)), read(&kept().join(name)));
            let (mean, share) = difference(&new, &old);
            eprintln!(
                "{name}: {mean:.2} grey levels in the mean, {:.2} % by more than {STEP}",
                100.0 * share
            );
            (!are_alike(&new, &old)).then(|| format!("{name}: {mean:.2}, {:.2} %", 100.0 * share))
        })
        .collect();
    if !changed.is_empty() {
        panic!("not as they were: {changed:#?}\nthe new ones lie in {}", folder.keep().display());
    }
}

#[test]
fn what_has_moved_a_little_is_not_alike() {
    let picture = read(&kept().join("before.png"));
    let moved = |px: usize| {
        let row = picture.size.0 as usize * 3;
        let rgb = picture.rgb.chunks(row).flat_map(|line| {
            let (end, start) = line.split_at(row - px * 3);
            start.iter().chain(end).copied().collect::<Vec<u8>>()
        });
        Picture { size: picture.size, rgb: rgb.collect() }
    };
    assert!(are_alike(&picture, &moved(0)));
    assert!(!are_alike(&picture, &moved(2)), "{:?}", difference(&picture, &moved(2)));
}
