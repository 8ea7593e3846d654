//! What of a design a person would call changed: its parts one by one, and its place.

use super::design::Design;
use crate::placed::ComponentNames;
use serde::{Deserialize, Serialize};

/// Something of a design that is chosen for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Family of the stem.
    Stem,
    /// Family of the shell.
    Cup,
    /// Liner, and the diameter of the head in it.
    Bearing,
    /// Neck-shaft angle and offset of the stem.
    Neck,
    /// Size of the stem within its family.
    StemSize,
    /// Size of the shell.
    CupSize,
    /// Offset of the head along the neck.
    HeadLength,
    /// The seven numbers of a placement.
    Place,
}

impl Part {
    /// All, what matters most first: families, bearing and neck, then sizes, then the place.
    pub const ALL: [Part; 8] = [
        Part::Stem,
        Part::Cup,
        Part::Bearing,
        Part::Neck,
        Part::StemSize,
        Part::CupSize,
        Part::HeadLength,
        Part::Place,
    ];

    /// What a person calls it.
    pub const fn title(self) -> &'static str {
        match self {
            Part::Stem => "stem family",
            Part::Cup => "shell family",
            Part::Bearing => "liner and head",
            Part::Neck => "neck",
            Part::StemSize => "stem size",
            Part::CupSize => "shell size",
            Part::HeadLength => "head length",
            Part::Place => "position",
        }
    }

    /// Whether two designs differ in it.
    pub fn differs(self, a: &Design, b: &Design) -> bool {
        match self {
            Part::Place => a.placement != b.placement,
            _ => self.in_words(&a.components) != self.in_words(&b.components),
        }
    }

    /// A design with this part of another one.
    #[must_use]
    pub fn put_back(self, mut design: Design, other: &Design) -> Design {
        let (own, c) = (&mut design.components, &other.components);
        match self {
            // Numbers of sizes are those of a family.
            Part::Stem => {
                own.stem_family.clone_from(&c.stem_family);
                own.stem_size = c.stem_size;
            }
            Part::Cup => own.cup_family.clone_from(&c.cup_family),
            Part::Bearing => {
                own.liner.clone_from(&c.liner);
                own.lip_direction_deg = c.lip_direction_deg;
                own.head_mm = c.head_mm;
            }
            Part::Neck => {
                own.neck_shaft_deg = c.neck_shaft_deg;
                own.neck_offset.clone_from(&c.neck_offset);
            }
            Part::StemSize => own.stem_size = c.stem_size,
            Part::CupSize => own.cup_size_mm = c.cup_size_mm,
            Part::HeadLength => own.head_offset_mm = c.head_offset_mm,
            Part::Place => design.placement = other.placement,
        }
        design
    }

    /// What is chosen of it, in words; empty of a place.
    pub fn in_words(self, c: &ComponentNames) -> String {
        match self {
            Part::Stem => c.stem_family.replace('_', " "),
            Part::Cup => c.cup_family.replace('_', " "),
            Part::Bearing => {
                let lip = c.lip_direction_deg.map(|lip| format!(" at {:.0}\u{b0}", lip.degrees()));
                format!("{}{}, {} mm", c.liner.replace('_', " "), lip.unwrap_or_default(), c.head_mm)
            }
            Part::Neck => format!("{:.0}\u{b0}, {}", c.neck_shaft_deg.degrees(), c.neck_offset),
            Part::StemSize => c.stem_size.to_string(),
            Part::CupSize => format!("{:.0} mm", c.cup_size_mm),
            Part::HeadLength => format!("{:+.1} mm", c.head_offset_mm),
            Part::Place => String::new(),
        }
    }
}

/// A component that the optimiser is told to leave as placement by rule chose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Component {
    /// Family and size of the shell.
    Cup,
    /// Kind of the liner.
    Liner,
    /// Diameter and length of the head.
    Head,
    /// Family, size and neck of the stem.
    Stem,
}

impl Component {
    /// All.
    pub const ALL: [Component; 4] = [Component::Cup, Component::Liner, Component::Head, Component::Stem];

    /// Its name in options: `cup`.
    pub const fn name(self) -> &'static str {
        match self {
            Component::Cup => "cup",
            Component::Liner => "liner",
            Component::Head => "head",
            Component::Stem => "stem",
        }
    }

    /// Whether two designs have the same.
    pub fn is_same(self, a: &ComponentNames, b: &ComponentNames) -> bool {
        match self {
            Component::Cup => (&a.cup_family, a.cup_size_mm) == (&b.cup_family, b.cup_size_mm),
            Component::Liner => (&a.liner, a.lip_direction_deg) == (&b.liner, b.lip_direction_deg),
            Component::Head => (a.head_mm, a.head_offset_mm) == (b.head_mm, b.head_offset_mm),
            Component::Stem => {
                (&a.stem_family, a.stem_size, a.neck_shaft_deg, &a.neck_offset)
                    == (&b.stem_family, b.stem_size, b.neck_shaft_deg, &b.neck_offset)
            }
        }
    }
}
