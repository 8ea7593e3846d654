//! Scripts of named views, of which the program makes pictures without a display.

use crate::planning::Component;
use crate::session::Edit;
use crate::shown::{MapKind, MarkKind, Stage};
use crate::view::{Cutaway, Layout, MOST_APART_MM, Page, Standard, Target};
use anyhow::{Context, Result, bail};
use coxa_case::failure::file_error;
use coxa_planner::pictures::{Colour, THICKEST_SLAB_MM};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A script longer than this is none.
const MAX_BYTES: u64 = 1 << 20;

/// The largest picture, pixels along each side.
const MAX_PX: u32 = 8192;

/// The smallest picture that has room for what belongs into it.
const MIN_PX: u32 = 64;

/// One picture.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Shot {
    /// Name of the file, without ending.
    pub name: String,
    /// What the window is turned to.
    pub page: Page,
    /// The module that is seen on that page, by name; absent: the first.
    pub module: Option<String>,
    /// What is seen of the jobs of a study; absent: all of them.
    pub study: Option<StudyShot>,
    /// How the picture is divided.
    pub layout: Layout,
    /// Whether lists and numbers stand beside it.
    pub panels: bool,
    /// Before or as planned.
    pub stage: Stage,
    /// Direction of sight in space.
    pub camera: Standard,
    /// Turned further, degrees: right, then down.
    pub turned_deg: [f64; 2],
    /// What is in the middle of the view in space and of the radiograph.
    pub target: Target,
    /// Another place that is in the middle there, millimetres left, posterior and superior in the patient frame.
    pub middle_mm: Option<[f64; 3]>,
    /// Height of what is seen in space and on the radiograph, millimetres; absent: as much as fits the bones, or the hip.
    pub height_mm: Option<f64>,
    /// Where the planes cross, millimetres right (negative) or left, front or back, down or up of the hip centre.
    pub crosshair_mm: [f64; 3],
    /// Height of what is seen in the planes, millimetres.
    pub slice_height_mm: f64,
    /// Thickness of the slab of which the planes show the brightest of every place, millimetres; 0: a slice.
    pub slab_mm: f64,
    /// Middle and width of the grey window, Hounsfield units.
    pub window_hu: [f64; 2],
    /// The same of the radiograph, as parts of its usual window.
    pub film_window: [f64; 2],
    /// Parts that are shown though they are not at first; a name without its side means both, `soft_tissue` all of it.
    pub show: Vec<String>,
    /// Parts that are not shown.
    pub hide: Vec<String>,
    /// Opacity from 0 to 1 of parts or groups (`bones`, `implants`, `soft_tissue`).
    pub opacity: BTreeMap<String, f32>,
    /// Edits of the plan, one after another; each picture begins with the plan as it was saved.
    pub edits: Vec<Edit>,
    /// The component whose handles are shown and whose numbers stand in the panel.
    pub component: Option<Component>,
    /// What is played of the planned hip, and where it is stopped for the picture.
    pub motion: Option<MotionShot>,
    /// So many pictures of a film instead of one, `NAME_001.png` and so on: all the way of the motion, a whole turn of the camera about the
    /// patient's long axis, or both.
    pub frames: Option<u32>,
    /// Whether the camera goes round in a film.
    pub turntable: bool,
    /// Whether the map of cup orientations is open in the panel.
    pub orientation_map: bool,
    /// Colours of parts or groups, red, green and blue from 0 to 255.
    pub colours: BTreeMap<String, Colour>,
    /// What is cut away in space of a plane through the crosshair.
    pub cutaway: Option<Cutaway>,
    /// How far the femur's side is drawn away from the pelvis in space, along the neck, millimetres.
    pub apart_mm: f64,
    /// What surfaces are coloured by.
    pub colour_map: Option<MapKind>,
    /// What is drawn over surfaces.
    pub marks: BTreeSet<MarkKind>,
    /// Width and height in pixels, if not the script's.
    pub size_px: Option<[u32; 2]>,
}

/// What is played.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MotionShot {
    /// Name of a motion (`flexion`), an activity (`chair_rise`), one with forces (`loads.walking`) or a lever-out
    /// (`lever_out_internal_rotation_at_90_adducted_10_muscles`).
    pub name: String,
    /// Turned so far from the start of a motion, degrees.
    pub at_deg: Option<f64>,
    /// Part of the way or the activity, 0 to 1. Where neither is said: at first contact, else at the start.
    #[serde(alias = "at_share")]
    pub at_fraction: Option<f64>,
    /// Whether the lines of action of muscles are drawn.
    pub lines: bool,
    /// Whether the surface of the range of motion stands beside it.
    pub range: bool,
}

/// What is seen of the jobs of a study.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StudyShot {
    /// Words that a row holds.
    pub find: String,
    /// The quantity that rows are sorted by; absent: their numbers.
    pub sort_by: Option<String>,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// The longest film.
const MAX_FRAMES: u32 = 1000;

impl Default for Shot {
    fn default() -> Self {
        Shot {
            name: String::new(),
            page: Page::default(),
            module: None,
            study: None,
            layout: Layout::default(),
            panels: false,
            stage: Stage::default(),
            camera: Standard::default(),
            turned_deg: [0.0; 2],
            target: Target::default(),
            middle_mm: None,
            height_mm: None,
            crosshair_mm: [0.0; 3],
            slice_height_mm: 180.0,
            slab_mm: 0.0,
            window_hu: [370.0, 1060.0],
            film_window: [0.5, 1.0],
            show: Vec::new(),
            hide: Vec::new(),
            opacity: BTreeMap::new(),
            edits: Vec::new(),
            component: None,
            motion: None,
            frames: None,
            turntable: false,
            orientation_map: false,
            colours: BTreeMap::new(),
            cutaway: None,
            apart_mm: 0.0,
            colour_map: None,
            marks: BTreeSet::new(),
            size_px: None,
        }
    }
}

/// A list of pictures.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// Width and height in pixels.
    #[serde(default = "size")]
    pub size_px: [u32; 2],
    /// The pictures, in order.
    #[serde(rename = "view")]
    pub shots: Vec<Shot>,
}

fn size() -> [u32; 2] {
    [1280, 800]
}

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    /// A file that cannot be read, is no script, or asks for pictures without a name, twice of one name, or of a size that
    /// cannot be.
    pub fn read(path: &Path) -> Result<Self> {
        let named = || format!("{} cannot be used as a script", path.display());
        let unreadable = |e: &std::io::Error| file_error("read", path, e).context(named());
        let bytes = std::fs::metadata(path).map_err(|e| unreadable(&e))?.len();
        if bytes > MAX_BYTES {
            bail!("{} has {bytes} bytes; a script has at most {MAX_BYTES}", path.display());
        }
        let text = std::fs::read_to_string(path).map_err(|e| unreadable(&e))?;
        Script::parse(&text).with_context(named)
    }

    /// A script from its text.
    ///
    /// # Errors
    /// As [`Script::read`].
    pub fn parse(text: &str) -> Result<Self> {
        let script: Script = toml::from_str(text)?;
        let mut names = std::collections::BTreeSet::new();
        for shot in &script.shots {
            let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            if shot.name.is_empty() || !shot.name.chars().all(allowed) {
                bail!("{:?} cannot be a file name; use letters, digits, _ and -", shot.name);
            }
            if !names.insert(shot.name.clone()) {
                bail!("two views are named {}", shot.name);
            }
            let [width, height] = shot.size_px.unwrap_or(script.size_px);
            if ![width, height].iter().all(|px| (MIN_PX..=MAX_PX).contains(px)) {
                bail!("{}: {width} x {height} pixels; each must be from {MIN_PX} to {MAX_PX}", shot.name);
            }
            let widths = [shot.window_hu[1], shot.film_window[1]];
            let lengths = [shot.slice_height_mm, shot.height_mm.unwrap_or(1.0)];
            if !lengths.iter().chain(&widths).all(|v| v.is_finite() && *v > 0.0) {
                bail!("{}: heights and window widths must be greater than 0", shot.name);
            }
            let places = shot
                .crosshair_mm
                .iter()
                .chain(&shot.turned_deg)
                .chain(&shot.window_hu)
                .chain(&shot.film_window);
            let places = places.chain(shot.middle_mm.iter().flatten());
            if !places.into_iter().all(|v| v.is_finite()) {
                bail!("{}: a number is not finite", shot.name);
            }
            if !(0.0..=THICKEST_SLAB_MM).contains(&shot.slab_mm) {
                bail!("{}: slab_mm must be from 0 to {THICKEST_SLAB_MM}", shot.name);
            }
            if shot.slab_mm > 0.0 && shot.layout == Layout::Radiograph {
                bail!("{}: slab_mm applies to slices; leave it out for a radiograph", shot.name);
            }
            if !(0.0..=MOST_APART_MM).contains(&shot.apart_mm) {
                bail!("{}: apart_mm must be from 0 to {MOST_APART_MM}", shot.name);
            }
            check_motion(shot)?;
            if shot.study.is_some() && shot.page != Page::Study {
                bail!("{}: what is seen of a study needs page = \"study\"", shot.name);
            }
            if let Some((name, _)) = shot.opacity.iter().find(|(_, o)| !(0.0..=1.0).contains(*o)) {
                bail!("{}: the opacity of {name} must be from 0 to 1", shot.name);
            }
        }
        for shot in script.shots.iter().filter(|shot| shot.frames.is_some()) {
            let is_frame = |name: &&String| {
                let number = name.strip_prefix(&shot.name).and_then(|rest| rest.strip_prefix('_'));
                number.is_some_and(|number| number.chars().all(|c| c.is_ascii_digit()))
            };
            if let Some(other) = names.iter().find(is_frame) {
                bail!("{other} has the name of a frame of the film {}: rename one of them", shot.name);
            }
        }
        Ok(script)
    }
}

fn check_motion(shot: &Shot) -> Result<()> {
    let name = &shot.name;
    if let Some(motion) = &shot.motion {
        if motion.at_deg.is_some() && motion.at_fraction.is_some() {
            bail!("{name}: give at_deg or at_fraction, not both");
        }
        if motion.at_deg.is_some_and(|deg| !(0.0..=360.0).contains(&deg)) {
            bail!("{name}: at_deg must be from 0 to 360");
        }
        if motion.at_fraction.is_some_and(|part| !(0.0..=1.0).contains(&part)) {
            bail!("{name}: at_fraction must be from 0 to 1");
        }
    }
    if shot.frames.is_some_and(|frames| !(2..=MAX_FRAMES).contains(&frames)) {
        bail!("{name}: a film has from 2 to {MAX_FRAMES} frames");
    }
    if shot.frames.is_some() && shot.motion.is_none() && !shot.turntable {
        bail!("{name}: a film needs a motion or turntable = true");
    }
    if shot.turntable && shot.frames.is_none() {
        bail!("{name}: a turntable needs a number of frames, such as frames = 36");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_says_what_differs_from_the_usual() {
        let text = "[[view]]\nname = \"front\"\n[[view]]\nname = \"cup\"\nlayout = \"space\"\ncamera = \"into_cup\"\n\
                    stage = \"before\"\nopacity = { bones = 0.4 }\nsize_px = [800, 600]\n";
        let script = Script::parse(text).unwrap();
        assert_eq!(script.size_px, [1280, 800]);
        assert_eq!(script.shots[0], Shot { name: "front".into(), ..Shot::default() });
        let cup = &script.shots[1];
        assert_eq!((cup.layout, cup.camera, cup.stage), (Layout::Space, Standard::IntoCup, Stage::Before));
        assert_eq!(cup.opacity["bones"], 0.4);
        // By its name of today and by its former one.
        for name in ["at_fraction", "at_share"] {
            let text = format!("[[view]]\nname = \"a\"\nmotion = {{ name = \"flexion\", {name} = 0.5 }}\n");
            let script = Script::parse(&text).unwrap();
            assert_eq!(script.shots[0].motion.as_ref().unwrap().at_fraction, Some(0.5));
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_refused_with_the_reason() {
        for (text, said) in [
            ("[[view]]\n", "file name"),
            ("[[view]]\nname = \"../a\"\n", "file name"),
            ("[[view]]\nname = \"a\"\n[[view]]\nname = \"a\"\n", "two views"),
            ("[[view]]\nname = \"a\"\nsize_px = [1, 99999]\n", "pixels"),
            ("[[view]]\nname = \"a\"\nheight_mm = -1\n", "greater than 0"),
            ("[[view]]\nname = \"a\"\nturned_deg = [nan, 0]\n", "not finite"),
            ("[[view]]\nname = \"a\"\nopacity = { stem = 2.0 }\n", "from 0 to 1"),
            ("[[view]]\nname = \"a\"\nzoom = 1\n", "zoom"),
            ("[[view]]\nname = \"a\"\nslab_mm = nan\n", "slab_mm must be from 0 to 200"),
            ("[[view]]\nname = \"a\"\napart_mm = -1\n", "apart_mm must be from 0 to 200"),
            ("[[view]]\nname = \"a\"\ncutaway = \"front\"\n", "anterior"),
            ("[[view]]\nname = \"a\"\ncolours = { stem = [1, 2, 300] }\n", "300"),
            (
                "[[view]]\nname = \"a\"\nmotion = { name = \"flexion\", at_deg = 3, at_fraction = 0.5 }\n",
                "not both",
            ),
            ("[[view]]\nname = \"a\"\nmotion = { name = \"flexion\", at_fraction = 2 }\n", "from 0 to 1"),
            ("[[view]]\nname = \"a\"\nmotion = { nam = \"flexion\" }\n", "nam"),
            ("[[view]]\nname = \"a\"\nframes = 12\n", "needs a motion"),
            ("[[view]]\nname = \"a\"\nstudy = { find = \"36\" }\n", "page = \"study\""),
            ("[[view]]\nname = \"a\"\nstudy = { sort = \"motion.flexion\" }\n", "sort"),
            ("[[view]]\nname = \"a\"\nframes = 1\nturntable = true\n", "2 to 1000"),
            ("[[view]]\nname = \"a\"\nturntable = true\n", "frames = 36"),
            (
                "[[view]]\nname = \"a\"\nframes = 12\nturntable = true\n[[view]]\nname = \"a_001\"\n",
                "a_001 has the name of a frame",
            ),
            ("size_px = [800, 600]\n", "view"),
        ] {
            let error = format!("{:#}", Script::parse(text).unwrap_err());
            assert!(error.contains(said), "{text}: {error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_a_script_is_changed_to_is_read_or_refused(at in 0_usize..6000, cut in 0_usize..40, put in "\\PC{0,8}") {
            let mut text: Vec<char> = include_str!("../scripts/tour.toml").chars().collect();
            let at = at.min(text.len());
            let end = (at + cut).min(text.len());
            text.splice(at..end, put.chars());
            if let Ok(script) = Script::parse(&text.iter().collect::<String>()) {
                let names: BTreeSet<&String> = script.shots.iter().map(|shot| &shot.name).collect();
                proptest::prop_assert_eq!(names.len(), script.shots.len());
            }
        }
    }

    #[test]
    fn the_script_that_is_shipped_can_be_read() {
        let shipped = Script::parse(include_str!("../scripts/tour.toml")).unwrap();
        assert!(shipped.shots.len() >= 8);
    }
}
