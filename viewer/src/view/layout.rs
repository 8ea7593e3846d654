//! How a window or a picture is divided, and what it is turned to.

use super::Plane;
use serde::Deserialize;

/// How far a joint can be drawn apart, in mm.
pub const MOST_APART_MM: f64 = 200.0;

/// How a picture is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// Space and the three planes, all four of the same size.
    #[default]
    Four,
    /// The view in space alone.
    Space,
    /// One plane alone.
    Axial,
    /// One plane alone.
    Coronal,
    /// One plane alone.
    Sagittal,
    /// The simulated AP radiograph alone.
    Radiograph,
}

impl Layout {
    /// All.
    pub const ALL: [Layout; 6] =
        [Layout::Four, Layout::Space, Layout::Axial, Layout::Coronal, Layout::Sagittal, Layout::Radiograph];

    /// What a button says.
    pub const fn title(self) -> &'static str {
        match self {
            Layout::Four => "Four views",
            Layout::Space => "3D",
            Layout::Axial => "Axial",
            Layout::Coronal => "Coronal",
            Layout::Sagittal => "Sagittal",
            Layout::Radiograph => "Radiograph",
        }
    }

    /// The plane that is seen alone.
    pub const fn plane(self) -> Option<Plane> {
        match self {
            Layout::Axial => Some(Plane::Axial),
            Layout::Coronal => Some(Plane::Coronal),
            Layout::Sagittal => Some(Plane::Sagittal),
            Layout::Four | Layout::Space | Layout::Radiograph => None,
        }
    }

    /// Whether the view in space is seen.
    pub const fn has_space(self) -> bool {
        matches!(self, Layout::Four | Layout::Space)
    }
}

/// What the window is turned to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// The case in space and in slices.
    #[default]
    Views,
    /// What diagnostic modules say of it.
    Modules,
    /// The cases beside it.
    Cases,
    /// The jobs of the study that was opened.
    Study,
}

impl Page {
    /// Those that a window can be turned to, which lists the jobs of a study or does not.
    pub const fn of_window(has_study: bool) -> &'static [Page] {
        match has_study {
            true => &[Page::Views, Page::Modules, Page::Cases, Page::Study],
            false => &[Page::Views, Page::Modules, Page::Cases],
        }
    }

    /// What a button says.
    pub const fn title(self) -> &'static str {
        match self {
            Page::Views => "Views",
            Page::Modules => "Modules",
            Page::Cases => "Cases",
            Page::Study => "Study",
        }
    }
}

/// Where the camera looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Middle of the bones.
    #[default]
    Pelvis,
    /// Centre of the planned hip.
    Hip,
}
