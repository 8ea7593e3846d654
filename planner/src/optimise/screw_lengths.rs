//! Lengths of screws behind thousands of shells.
//!
//! Seen from the centre of the native acetabulum, bone ends at some distance in every direction. A screw through a shell that
//! lies a few millimetres elsewhere ends at the same far surface, which is met by following the screw's axis to where it is as far
//! from that centre as the surface is. The surface is kept for directions on a grid, nearer where the thread would come out
//! beside the axis or where a labelled vessel is near. A plan's own corridors are found on the bone itself (`placement::screws`).

use super::hip::Placed;
use crate::implants::Screw;
use crate::placed::Components;
use crate::placement::hip::RightHip;
use crate::placement::screws::{
    LEAST_VESSEL_MM, MOST_GAP_MM, MOST_POSTERIOR_INFERIOR_MM, Quadrant, angle_in_face, thread_ends_mm,
};
use crate::placement::vessels::Vessels;
use coxa_geometry::frame::RightSide;
use coxa_geometry::{Point, Vector};
use rayon::prelude::*;
use std::f64::consts::{PI, TAU};

/// Rows from pole to pole and columns around, 3 degrees apart.
const ROWS: usize = 61;
const COLUMNS: usize = 120;
/// Each goes on to where the surface would be met if it were a sphere from there; a shell 10 mm off needs three to 0.1 mm.
const STEPS: usize = 4;

/// How far bone for screws reaches from the centre of the native acetabulum.
pub(crate) struct ScrewLengths {
    centre: Point<RightSide>,
    /// Polar angles are from the first, azimuths from the second to the third.
    axes: [Vector<RightSide>; 3],
    /// Where bone begins.
    radius_mm: f64,
    /// By row and column; zero where a screw finds no bone.
    ends_mm: Vec<f64>,
}

impl ScrewLengths {
    pub(crate) fn new(hip: &RightHip, screw: &Screw, vessels: Option<&Vessels>) -> Self {
        let (centre, axes) = (hip.socket.centre_mm, [hip.axes.superior, hip.axes.anterior, hip.axes.lateral]);
        let outer_mm = hip.socket.radius_mm;
        let least_mm = LEAST_VESSEL_MM + screw.diameter_mm / 2.0;
        let end_mm = |index: usize| {
            let polar = PI * (index / COLUMNS) as f64 / (ROWS - 1) as f64;
            let azimuth = TAU * (index % COLUMNS) as f64 / COLUMNS as f64;
            let flat = axes[1] * azimuth.cos() + axes[2] * azimuth.sin();
            let direction = axes[0] * polar.cos() + flat * polar.sin();
            let bone_mm = thread_ends_mm(hip, centre, direction, outer_mm, screw);
            let surface = centre + direction * outer_mm;
            let clear_mm =
                vessels.map_or(f64::INFINITY, |v| v.clear_way_mm(surface, direction, least_mm) + outer_mm);
            bone_mm.min(clear_mm)
        };
        let ends_mm = (0..ROWS * COLUMNS).into_par_iter().map(end_mm).collect();
        ScrewLengths { centre, axes, radius_mm: outer_mm, ends_mm }
    }

    /// Distance of the far surface from the centre, in a direction: linear between directions.
    fn end_mm(&self, direction: Vector<RightSide>) -> f64 {
        let [up, ahead, out] = self.axes.map(|axis| axis.dot(direction));
        let row = up.clamp(-1.0, 1.0).acos() / PI * (ROWS - 1) as f64;
        let column = out.atan2(ahead).rem_euclid(TAU) / TAU * COLUMNS as f64;
        let (i, j) = ((row as usize).min(ROWS - 2), column as usize);
        let (down, round) = (row - i as f64, column - j as f64);
        let at = |i: usize, j: usize| self.ends_mm[i * COLUMNS + j % COLUMNS];
        let along = |i: usize| at(i, j) * (1.0 - round) + at(i, j + 1) * round;
        along(i) * (1.0 - down) + along(i + 1) * down
    }

    /// How far from a shell's centre a screw may end, along a direction; zero where the shell stands off the bone.
    fn reach_mm(&self, shell: Point<RightSide>, direction: Vector<RightSide>, start_mm: f64) -> f64 {
        if (shell + direction * start_mm).distance(self.centre) < self.radius_mm - MOST_GAP_MM {
            return 0.0;
        }
        let mut at_mm = start_mm;
        for _ in 0..STEPS {
            let from_centre = shell + direction * at_mm - self.centre;
            let away_mm = from_centre.norm();
            at_mm = (at_mm + self.end_mm(from_centre * (1.0 / away_mm.max(1e-9))) - away_mm).max(0.0);
        }
        at_mm
    }

    /// Length of the longest screw, of any length, that stays in bone through a hole over one of the posterior quadrants; zero
    /// where none does, `None` where quadrants are not known. The bone may truly reach `outside_mm` further out than was measured.
    pub(crate) fn longest_mm(
        &self,
        hip: &RightHip,
        parts: &Components,
        placed: &Placed,
        screw: &Screw,
        outside_mm: f64,
    ) -> Option<f64> {
        // Without the spine no quadrant is known.
        hip.asis?;
        let axis = placed.pose.cup_axis;
        let Some(up) = (hip.axes.superior - axis * axis.dot(hip.axes.superior)).normalised() else {
            return Some(0.0);
        };
        let ahead = up.cross(axis);
        let size_mm = parts.cup_size_mm;
        let under_head_mm = parts.cup.inner_radius_mm(size_mm) + screw.head_depth_mm(parts.cup.shell_wall_mm);
        let longest = parts.cup.holes.iter().filter_map(|hole| {
            let along = hole.direction();
            let direction = ahead * along.x() + up * along.y() + axis * along.z();
            let most_mm = match angle_in_face(hip, axis, direction).map(Quadrant::of) {
                Some(quadrant) if quadrant.danger().is_some() => return None,
                Some(Quadrant::PosteriorInferior) => MOST_POSTERIOR_INFERIOR_MM,
                _ => f64::INFINITY,
            };
            let end_mm = self.reach_mm(placed.pose.cup_centre, direction, size_mm / 2.0) + outside_mm;
            Some((end_mm - under_head_mm).min(most_mm))
        });
        Some(longest.fold(0.0, f64::max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::implants::Catalogue;
    use crate::optimise::hip::{Miss, StudyHip};
    use crate::placement::PlanOptions;
    use crate::placement::gather::gather;
    use crate::placement::synthetic::Case;
    use coxa_anatomy::Bone;
    use coxa_geometry::Angle;

    /// Shells elsewhere and turned: what the table says against rays through the bone itself.
    #[test]
    fn a_screw_ends_where_rays_through_the_bone_say() {
        let (case, catalogue) = (Case::right(), Catalogue::builtin());
        let planned = case.plan(PlanOptions::default());
        let input = case.input(PlanOptions::default());
        let bone = &input.surfaces[&Bone::HipRight];
        let hip =
            StudyHip::new(std::sync::Arc::new(gather(&input).unwrap()), bone, input.anatomy, &planned.plan)
                .unwrap();
        let screw = &catalogue.screw;
        let lengths = ScrewLengths::new(&hip.bones, screw, None);
        let mut design = hip.first(&catalogue).unwrap();
        let usual = design.placement;
        for (medial, superior, incline) in
            [(0.0, 0.0, 0.0), (4.0, 0.0, 0.0), (-2.0, 5.0, 8.0), (1.0, -6.0, -12.0)]
        {
            design.placement = usual;
            design.placement.cup_medial_mm += medial;
            design.placement.cup_superior_mm += superior;
            design.placement.inclination_deg += incline;
            let parts = Components::new(&design.components, &[], &catalogue).unwrap();
            let placed = hip.place(&parts, &design.placement, &Miss::default()).unwrap();
            let found = lengths.longest_mm(&hip.bones, &parts, &placed, screw, 0.0).unwrap();
            let radius = parts.cup_size_mm / 2.0;
            let under =
                parts.cup.inner_radius_mm(parts.cup_size_mm) + screw.head_depth_mm(parts.cup.shell_wall_mm);
            let by_rays = parts.cup.holes.iter().map(|hole| {
                let direction = placed.pose.cup_frame.apply(hole.direction());
                thread_ends_mm(&hip.bones, placed.pose.cup_centre, direction, radius, screw) - under
            });
            let exact = by_rays.fold(0.0, f64::max);
            assert!((found - exact).abs() < 0.6, "{medial} {superior} {incline}: {found} against {exact}");
            let thicker = lengths.longest_mm(&hip.bones, &parts, &placed, screw, 1.5).unwrap();
            assert!((thicker - found - if found > 0.0 { 1.5 } else { 0.0 }).abs() < 1e-9);
        }
    }

    #[test]
    fn a_vessel_behind_the_bone_shortens_the_screws_near_it_alone() {
        let (case, catalogue) = (Case::right(), Catalogue::builtin());
        let hip = gather(&case.input(PlanOptions::default())).unwrap();
        let screw = &catalogue.screw;
        let without = ScrewLengths::new(&hip, screw, None);
        let into = (hip.medial() + hip.axes.superior).normalised().unwrap();
        let place = hip.socket.centre_mm + into * 36.0;
        let case = case.with_vessel(hip.side.leave(place), "iliac_artery_right");
        let input = case.input(PlanOptions::default());
        let vessels = Vessels::new(input.labels, hip.side, hip.socket.centre_mm);
        let with = ScrewLengths::new(&hip, screw, vessels.as_ref());
        let least = LEAST_VESSEL_MM + screw.diameter_mm / 2.0 + 0.5;
        assert!((with.end_mm(into) - (36.0 - least)).abs() < 0.6, "{}", with.end_mm(into));
        let aside = Angle::from_degrees(40.0);
        let away = (into * aside.cos() + hip.axes.anterior * -aside.sin()).normalised().unwrap();
        assert!(without.end_mm(away) > 30.0);
        assert_eq!(with.end_mm(away), without.end_mm(away));
        assert!(with.ends_mm.iter().zip(&without.ends_mm).all(|(a, b)| a <= b));
    }
}
