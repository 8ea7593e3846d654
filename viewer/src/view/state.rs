//! All that decides what is seen, apart from the case itself.

use super::{Camera, Cutaway, Layout, Page, Plane, Standard, Target};
use crate::motion::{HipPose, Played};
use crate::script::Shot;
use crate::shown::{Group, MapKind, MarkKind, Poses, Shown, ShownPart, Stage};
use anyhow::{Result, bail};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Vector};
use coxa_planner::Planned;
use coxa_planner::pictures::{Colour, GreyWindow};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How one part is seen in space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// Whether at all.
    pub is_shown: bool,
    /// From 0 to 1.
    pub opacity: f32,
    /// Another colour than it has at first.
    pub colour: Option<Colour>,
}

impl Look {
    /// As a part looks at first.
    pub fn of(part: &ShownPart) -> Self {
        Look { is_shown: part.is_shown, opacity: 1.0, colour: None }
    }

    /// Whether nothing is seen through it.
    pub fn is_solid(&self) -> bool {
        self.is_shown && self.opacity >= SOLID
    }
}

/// What is less opaque is looked through.
const SOLID: f32 = 0.99;

/// What is seen and from where.
#[derive(Debug, Clone, PartialEq)]
pub struct ViewState {
    /// What the window is turned to.
    pub page: Page,
    /// The diagnostic module that is seen, by name; absent: the first.
    pub module: Option<String>,
    /// How the views are divided.
    pub layout: Layout,
    /// Whether lists and numbers stand beside the views.
    pub has_panels: bool,
    /// As scanned or as planned.
    pub stage: Stage,
    /// Of the view in space.
    pub camera: Camera,
    /// Where the three planes cross.
    pub crosshair: Point<Patient>,
    /// Whether the lines of the other planes are drawn.
    pub has_crosshair: bool,
    /// What is in the middle of the slices; it moves with the crosshair only across their planes.
    pub slice_centre: Point<Patient>,
    /// Height of what is seen in the slices.
    pub slice_height_mm: f64,
    /// Of the slices.
    pub window: GreyWindow,
    /// Middle and width of that of the radiograph, as parts of its usual one.
    pub film_window: [f64; 2],
    /// How thick the slab is of which slices show the brightest; 0: a slice. Outlines are those of its middle.
    pub slab_mm: f64,
    /// Of each part, in the order of the case.
    pub looks: Vec<Look>,
    /// Where the bodies are that move.
    pub poses: Poses,
    /// Whether the plan in the hand is another than that of which surfaces, colours and motions are.
    pub is_ahead: bool,
    /// What is played, where something is.
    pub played: Option<Played>,
    /// How that moves stem, head and femur from where they are planned.
    pub hip: HipPose,
    /// What is cut away in space, along a plane through the crosshair.
    pub cutaway: Option<Cutaway>,
    /// How far the femur's side is drawn away from the pelvis in space, along the neck.
    pub apart_mm: f64,
    /// What surfaces are coloured by.
    pub map: Option<MapKind>,
    /// What is drawn over them.
    pub marks: BTreeSet<MarkKind>,
}

/// Width of the narrowest usual pane by its height: bones that are wider than they are high fit into it too.
const NARROWEST: f64 = 0.9;

/// What is seen around the hip, and how much more than the bones is seen of all of them.
const HIP_HEIGHT_MM: f64 = 230.0;
const MARGIN: f64 = 1.12;

impl ViewState {
    /// Gives the slices the grey window that they have at first.
    pub fn reset_window(&mut self) {
        self.window = window(Shot::default().window_hu);
    }

    /// Gives the radiograph the grey window that it has at first.
    pub fn reset_film_window(&mut self) {
        self.film_window = Shot::default().film_window;
    }

    /// What is seen of a case at first: four views, the hip in the middle of the slices, the bones from the front.
    pub fn new(shown: &Shown) -> Self {
        let looks = shown.parts.iter().map(Look::of).collect();
        let hip = shown.hip_centre();
        let usual = Shot::default();
        ViewState {
            page: Page::Views,
            module: None,
            layout: Layout::Four,
            has_panels: true,
            stage: if shown.planned.is_some() { Stage::Planned } else { Stage::Before },
            camera: camera(shown, Standard::Anterior, Target::Pelvis, None),
            crosshair: hip,
            has_crosshair: true,
            slice_centre: hip,
            slice_height_mm: usual.slice_height_mm,
            window: window(usual.window_hu),
            film_window: usual.film_window,
            slab_mm: usual.slab_mm,
            looks,
            poses: Poses::default(),
            is_ahead: false,
            played: None,
            hip: HipPose::default(),
            cutaway: None,
            apart_mm: 0.0,
            map: None,
            marks: BTreeSet::new(),
        }
    }

    /// Where the bodies are that are seen: of the plan, moved by what is played.
    pub fn bodies(&self) -> Poses {
        self.poses.swung(&self.hip.motion)
    }

    /// Another view of the same case: what parts there are, where they are and how they look stays.
    #[must_use]
    pub fn seen_as(&self, view: &Self) -> Self {
        let ViewState { looks, poses, is_ahead, hip, .. } = self.clone();
        ViewState { looks, poses, is_ahead, hip, ..view.clone() }
    }

    /// Takes up a plan that was carried out: parts that were there keep their looks.
    pub fn follow(&mut self, shown: &mut Shown, planned: Arc<Planned>) {
        let old: Vec<(String, Option<Stage>)> =
            shown.parts.iter().map(|part| (part.name.clone(), part.stage)).collect();
        shown.follow(planned);
        let looks = shown.parts.iter().map(|part| {
            let was = old.iter().position(|(name, stage)| *name == part.name && *stage == part.stage);
            was.and_then(|at| self.looks.get(at)).copied().unwrap_or(Look::of(part))
        });
        self.looks = looks.collect();
        self.poses = Poses::default();
    }

    /// What a picture of a script shows.
    ///
    /// # Errors
    /// Names that no part and no group of the case has, a plan that the case has not, and the list of a study.
    pub fn of_shot(shown: &Shown, shot: &Shot) -> Result<Self> {
        if shot.page == Page::Study {
            bail!("a case has no page \"study\": name the folder of a study in place of the case");
        }
        let mut state = ViewState::new(shown);
        (state.page, state.module, state.layout) = (shot.page, shot.module.clone(), shot.layout);
        state.has_panels = shot.panels;
        state.stage = match shown.planned {
            Some(_) => shot.stage,
            None => Stage::Before,
        };
        let [right, down] = shot.turned_deg.map(f64::to_radians);
        let mut from = camera(shown, shot.camera, shot.target, shot.height_mm);
        if let Some([x, y, z]) = shot.middle_mm {
            from.target = Point::new(x, y, z);
        }
        state.camera = from.orbited(right, down);
        let [x, y, z] = shot.crosshair_mm;
        state.crosshair = state.crosshair + Vector::new(x, y, z);
        state.slice_centre = state.crosshair;
        state.slice_height_mm = shot.slice_height_mm;
        (state.window, state.film_window) = (window(shot.window_hu), shot.film_window);
        state.slab_mm = shot.slab_mm;
        state.played = shot.motion.as_ref().filter(|_| shown.planned.is_some()).map(|motion| Played {
            has_lines: motion.lines,
            has_range: motion.range,
            ..Played::new(&motion.name)
        });
        if state.played.is_none() && shot.motion.is_some() {
            bail!("nothing can be played: the case has no usable plan");
        }
        if state.played.is_some() && state.stage == Stage::Before {
            bail!("motions need the planned hip: leave out stage = \"before\"");
        }
        state.cutaway = shot.cutaway;
        state.apart_mm = shot.apart_mm;
        state.map = shot.colour_map;
        state.marks = shot.marks.clone();
        for name in &shot.show {
            state.change(shown, name, |look| look.is_shown = true)?;
        }
        for (name, &opacity) in &shot.opacity {
            state.change(shown, name, |look| look.opacity = opacity)?;
        }
        for (name, &colour) in &shot.colours {
            state.change(shown, name, |look| look.colour = Some(colour))?;
        }
        for name in &shot.hide {
            state.change(shown, name, |look| look.is_shown = false)?;
        }
        Ok(state)
    }

    /// Changes the looks of a part, of both sides of it, or of a group.
    fn change(&mut self, shown: &Shown, name: &str, change: impl Fn(&mut Look)) -> Result<()> {
        let group = match name {
            "bones" => Some(Group::Bones),
            "implants" => Some(Group::Implants),
            "soft_tissue" => Some(Group::SoftTissue),
            _ => None,
        };
        let mut is_known = group.is_some();
        for (part, look) in shown.parts.iter().zip(&mut self.looks) {
            let (left, right) = (part.name.strip_suffix("_left"), part.name.strip_suffix("_right"));
            if Some(part.group) == group || [Some(part.name.as_str()), left, right].contains(&Some(name)) {
                change(look);
                is_known = true;
            }
        }
        if !is_known {
            let mut names: Vec<&str> = shown.parts.iter().map(|part| part.name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            bail!(
                "this case has nothing named {name}; it has bones, implants, soft_tissue, {}",
                names.join(", ")
            );
        }
        Ok(())
    }

    /// Looks from a standard direction at what is in the middle already.
    pub fn look_from(&mut self, shown: &Shown, view: Standard) {
        let Camera { target, height_mm, .. } = self.camera;
        self.camera = Camera { target, height_mm, ..camera(shown, view, Target::Pelvis, None) };
    }

    /// Puts something else into the middle, in full.
    pub fn look_at(&mut self, shown: &Shown, target: Target) {
        let new = camera(shown, Standard::Anterior, target, None);
        self.camera = Camera { target: new.target, height_mm: new.height_mm, ..self.camera };
    }

    /// Moves the crosshair to a place of one plane; the other two planes follow, and what is in the middle of this one stays.
    pub fn point_at(&mut self, plane: Plane, place: Point<Patient>) {
        self.crosshair = place;
        let mut centre = self.slice_centre.coords();
        let axis = plane.normal_axis();
        centre[axis] = place.coords()[axis];
        self.slice_centre = Point::from_coords(centre);
    }

    /// Moves through the slices of a plane.
    pub fn scroll(&mut self, plane: Plane, mm: f64) {
        let mut to = self.crosshair.coords();
        to[plane.normal_axis()] += mm;
        self.crosshair = Point::from_coords(to);
    }

    /// The middle of a slice: on its plane through the crosshair.
    pub fn centre_of(&self, plane: Plane) -> Point<Patient> {
        let mut centre = self.slice_centre.coords();
        centre[plane.normal_axis()] = self.crosshair.coords()[plane.normal_axis()];
        Point::from_coords(centre)
    }
}

fn window([middle, width]: [f64; 2]) -> GreyWindow {
    GreyWindow { black_hu: middle - width / 2.0, white_hu: middle + width / 2.0 }
}

fn camera(shown: &Shown, view: Standard, target: Target, height_mm: Option<f64>) -> Camera {
    let [low, high] = shown.bounds();
    let (middle, fitting) = match target {
        Target::Pelvis => {
            let size = high - low;
            (low.midpoint(high), size.z().max(size.x().max(size.y()) / NARROWEST) * MARGIN)
        }
        Target::Hip => (shown.hip_centre(), HIP_HEIGHT_MM),
    };
    let camera = Camera::standard(view, shown.side, middle, height_mm.unwrap_or(fitting));
    // Into the cup as it is planned, not as cups are.
    let axis = shown.planned.as_ref().filter(|_| view == Standard::IntoCup);
    let into = axis.map(|planned| planned.pose.cup_frame.apply(Vector::new(0.0, 0.0, -1.0)));
    into.and_then(|into| camera.looking(into)).unwrap_or(camera)
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_anatomy::Bone;
    use coxa_anatomy::BoneSurfaces;
    use coxa_geometry::{Mesh, Side};
    use coxa_imaging::{Grid, LabelMap, Volume};
    use ndarray::Array3;

    fn shown() -> Shown {
        let grid = Grid::axis_aligned([4, 4, 4], Point::new(10.0, 20.0, 30.0), [2.0; 3]);
        let surfaces: BoneSurfaces =
            [(Bone::FemurLeft, -50.0), (Bone::FemurRight, 20.0), (Bone::Sacrum, 0.0)]
                .into_iter()
                .map(|(bone, x)| (bone, Mesh::cuboid([x, 0.0, 0.0], [x + 30.0, 40.0, 100.0])))
                .collect();
        let labels =
            LabelMap { volume: Volume::new(grid.clone(), Array3::zeros((4, 4, 4))), table: Vec::new() };
        let side = Side::Left;
        let parts = crate::shown::scanned(side, &surfaces, false, &labels);
        let ct = Volume::new(grid, Array3::zeros((4, 4, 4)));
        Shown::of_scan(side, ct, surfaces, parts)
    }

    #[test]
    fn a_shot_names_parts_groups_and_both_sides() {
        let shown = shown();
        let shot = Shot {
            hide: vec!["femur".into()],
            opacity: [("bones".into(), 0.5), ("sacrum".into(), 0.2)].into(),
            ..Shot::default()
        };
        let state = ViewState::of_shot(&shown, &shot).unwrap();
        let looks: Vec<(&str, bool, f32)> = shown
            .parts
            .iter()
            .zip(&state.looks)
            .map(|(part, look)| (part.name.as_str(), look.is_shown, look.opacity))
            .collect();
        assert_eq!(looks, [("femur_right", false, 0.5), ("femur_left", false, 0.5), ("sacrum", true, 0.2)]);
        // Without a plan there is nothing but the scan.
        assert_eq!(state.stage, Stage::Before);
        let played = Shot { motion: Some(crate::script::MotionShot::default()), ..Shot::default() };
        let error = ViewState::of_shot(&shown, &played).unwrap_err().to_string();
        assert!(error.contains("no usable plan"), "{error}");
        let typo = Shot { show: vec!["femor".into()], ..Shot::default() };
        let error = ViewState::of_shot(&shown, &typo).unwrap_err().to_string();
        assert!(error.contains("femor") && error.contains("sacrum"), "{error}");
    }

    #[test]
    fn the_planes_are_linked_by_the_crosshair() {
        let shown = shown();
        let mut state = ViewState::new(&shown);
        let middle = state.slice_centre;
        state.point_at(Plane::Axial, Point::new(1.0, 2.0, middle.z()));
        assert_eq!(state.centre_of(Plane::Axial), middle);
        assert_eq!(state.centre_of(Plane::Coronal), Point::new(middle.x(), 2.0, middle.z()));
        assert_eq!(state.centre_of(Plane::Sagittal), Point::new(1.0, middle.y(), middle.z()));
        state.scroll(Plane::Coronal, -5.0);
        assert_eq!(state.crosshair, Point::new(1.0, -3.0, middle.z()));
    }

    #[test]
    fn the_first_view_holds_all_bones_in_a_narrow_pane() {
        let shown = shown();
        let camera = ViewState::new(&shown).camera;
        let [low, high] = shown.bounds();
        assert!(high.x() - low.x() > NARROWEST * (high.z() - low.z()), "wider than high");
        for corner in [low, high] {
            let [right, down, _] = camera.project(corner);
            assert!(down.abs() <= camera.height_mm / 2.0);
            assert!(right.abs() <= NARROWEST * camera.height_mm / 2.0);
        }
    }
}
