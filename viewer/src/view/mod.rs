//! From where one looks: cameras in space, slices, and the letters that say which way is which.

mod camera;
mod cutaway;
mod layout;
mod letters;
#[cfg(test)]
pub(crate) mod letters_tests;
mod seen;
mod state;

pub use camera::{Camera, Standard};
pub use cutaway::Cutaway;
pub use layout::{Layout, MOST_APART_MM, Page, Target};
pub use letters::{edges, letters};
pub use state::{Look, ViewState};

use coxa_geometry::Point;
use coxa_geometry::frame::Patient;
use coxa_planner::pictures::View;
use serde::{Deserialize, Serialize};

/// The three planes in which a CT is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plane {
    /// Seen from the feet.
    Axial,
    /// Seen from the front.
    Coronal,
    /// Seen from the patient's left.
    Sagittal,
}

impl Plane {
    /// All three.
    pub const ALL: [Plane; 3] = [Plane::Axial, Plane::Coronal, Plane::Sagittal];

    /// What a pane is headed with.
    pub const fn title(self) -> &'static str {
        match self {
            Plane::Axial => "Axial",
            Plane::Coronal => "Coronal",
            Plane::Sagittal => "Sagittal",
        }
    }

    /// The colour of its line in the other planes, red, green, blue.
    pub const fn colour(self) -> [u8; 3] {
        match self {
            Plane::Axial => [235, 96, 88],
            Plane::Coronal => [92, 196, 110],
            Plane::Sagittal => [240, 196, 70],
        }
    }

    /// The view of this plane through a place.
    pub fn view(self, centre: Point<Patient>, width_mm: f64, height_mm: f64, px_per_mm: f64) -> View {
        match self {
            Plane::Axial => View::axial(centre, width_mm, height_mm, px_per_mm),
            Plane::Coronal => View::coronal(centre, width_mm, height_mm, px_per_mm),
            Plane::Sagittal => View::sagittal(centre, width_mm, height_mm, px_per_mm),
        }
    }

    /// Which coordinate of the patient frame is the same all over the plane: 0 is x, 2 is z.
    pub const fn normal_axis(self) -> usize {
        match self {
            Plane::Axial => 2,
            Plane::Coronal => 1,
            Plane::Sagittal => 0,
        }
    }

    /// The plane's place as a reader of CT says it: `L 12 mm` of the scan's origin.
    pub fn place_in_words(self, at: Point<Patient>) -> String {
        let mm = at.coords()[self.normal_axis()];
        let (positive, negative) = [("L", "R"), ("P", "A"), ("S", "I")][self.normal_axis()];
        format!("{} {:.1} mm", if mm < 0.0 { negative } else { positive }, mm.abs())
    }
}

/// A round length that a scale bar may have, no longer than so many millimetres.
pub fn scale_bar_mm(at_most: f64) -> f64 {
    [200.0, 100.0, 50.0, 20.0, 10.0, 5.0, 2.0].into_iter().find(|&mm| mm <= at_most).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_says_where_it_is() {
        let at = Point::new(-12.0, 3.25, 40.0);
        let said = Plane::ALL.map(|plane| plane.place_in_words(at));
        assert_eq!(said, ["S 40.0 mm", "P 3.2 mm", "R 12.0 mm"]);
        for plane in Plane::ALL {
            let normal = plane.view(at, 1.0, 1.0, 1.0).into_picture().coords();
            assert!(normal[plane.normal_axis()].abs() > 0.999);
        }
    }

    #[test]
    fn a_scale_bar_is_round_and_fits() {
        assert_eq!([350.0, 99.0, 7.0, 0.4].map(scale_bar_mm), [200.0, 50.0, 5.0, 1.0]);
    }
}
