//! What follows from a state for what is drawn: which parts are seen, where, in which colour, and what a place of the picture shows.

use super::{Camera, Standard, ViewState};
use crate::shown::{Body, CutFace, Group, Poses, Shown, Stage};
use coxa_geometry::Point;
use coxa_geometry::frame::Patient;
use coxa_planner::pictures::Colour;

impl ViewState {
    /// Where bodies are drawn in space: as they are, the joint drawn apart.
    pub fn drawn(&self, shown: &Shown) -> Poses {
        let bodies = self.bodies();
        if self.apart_mm <= 0.0 {
            return bodies;
        }
        let away = shown.away_from_joint(self.stage);
        let away = if self.stage == Stage::Planned { bodies.of(Body::Femur).apply(away) } else { away };
        bodies.parted(away * self.apart_mm)
    }

    /// The colour of a part's surface.
    pub fn colour(&self, shown: &Shown, index: usize) -> Colour {
        self.looks.get(index).and_then(|look| look.colour).unwrap_or(shown.parts[index].colour)
    }

    /// The colour of a part's outline: those of bones and implants are the report's, and always the same.
    pub fn outline(&self, shown: &Shown, index: usize) -> Colour {
        match shown.parts[index].group {
            Group::SoftTissue => self.colour(shown, index),
            Group::Bones | Group::Implants => shown.parts[index].outline,
        }
    }

    /// The face along which the case is cut open.
    pub fn cut_face(&self, shown: &Shown) -> Option<CutFace> {
        let cutaway = self.cutaway?;
        let view = CutFace::view(shown, cutaway, self.crosshair, self.apart_mm);
        let colour = |index: usize| {
            let is_solid = self.is_seen(shown, index) && self.looks[index].is_solid();
            // Soft tissue that goes along with a motion is not where its label is.
            let is_bent = self.played.is_some() && shown.parts[index].group == Group::SoftTissue;
            (is_solid && !is_bent).then(|| self.colour(shown, index))
        };
        let colours = (0..shown.parts.len()).map(colour).collect();
        let (window, poses, plan) = (self.window, self.drawn(shown), shown.plan_count);
        Some(CutFace { cutaway, view, window, colours, poses, plan })
    }

    /// Whether a part is seen in space.
    pub fn is_seen(&self, shown: &Shown, index: usize) -> bool {
        let (Some(part), Some(look)) = (shown.parts.get(index), self.looks.get(index)) else { return false };
        look.is_shown && look.opacity > 0.0 && part.stage.is_none_or(|stage| stage == self.stage)
    }

    /// The part that is seen at a place of the picture, in millimetres right and down from its middle, and where it is met. What is
    /// seen through is looked through, and what is cut away is not there.
    pub fn part_at(&self, shown: &Shown, [right, down]: [f64; 2]) -> Option<(usize, Point<Patient>)> {
        const BEFORE_MM: f64 = 3000.0;
        let camera = &self.camera;
        let eye = camera.target + camera.right() * right - camera.up * down - camera.into * BEFORE_MM;
        let left = match self.cutaway {
            Some(cutaway) => cutaway.left_of_ray(self.crosshair, eye, camera.into)?,
            None => [0.0, f64::INFINITY],
        };
        let poses = self.drawn(shown);
        let solid = (0..shown.parts.len())
            .filter(|&index| self.is_seen(shown, index) && self.looks[index].is_solid());
        let hit = solid.filter_map(|index| {
            let part = &shown.parts[index];
            let distance = part.surface.seen_from(eye, camera.into, left, &poses.of(part.body))?;
            Some((index, distance))
        });
        let (index, distance) = hit.min_by(|a, b| a.1.total_cmp(&b.1))?;
        Some((index, eye + camera.into * distance))
    }

    /// From where the radiograph is taken: from the front, of what is in the middle of the view in space.
    pub fn radiograph(&self, shown: &Shown) -> Camera {
        Camera::standard(Standard::Anterior, shown.side, self.camera.target, self.camera.height_mm)
    }
}
