//! Surfaces of a case in the colours of a map.

use super::{MapKind, Shown, Surface};
use coxa_planner::pictures::Colour;
use std::sync::Arc;

/// Colours of the vertices of one surface.
pub type Colours = Arc<Vec<Colour>>;

/// The surfaces that a map has values of, and what is said beside them.
pub struct Painted {
    surfaces: Vec<(Arc<Surface>, Colours)>,
    /// What is coloured and its unit, or why nothing is.
    pub title: String,
}

impl Painted {
    /// Computes the values of a map on all parts of a case. What has no value keeps the colour of its part.
    pub fn new(map: MapKind, shown: &Shown) -> Self {
        let of_part = |index: usize| {
            let (values, part) = (map.of_part(shown, index)?, &shown.parts[index]);
            let colours = values.into_iter().map(|value| value.map_or(part.colour, |v| map.colour(v)));
            Some((part.surface.clone(), Arc::new(colours.collect())))
        };
        let surfaces: Vec<_> = (0..shown.parts.len()).filter_map(of_part).collect();
        let damaged = (map == MapKind::Uncertainty).then(|| shown.uncertainty().as_ref().err()).flatten();
        let title = match damaged {
            Some(problem) => problem.clone(),
            None if surfaces.is_empty() => format!("{}: not available for this case", map.title()),
            None => format!("{}, {}", map.title(), map.unit()),
        };
        Painted { surfaces, title }
    }

    /// The colours of a surface; none where the map has no values of it, or it was made later.
    pub fn of(&self, surface: &Arc<Surface>) -> Option<&Colours> {
        self.surfaces.iter().find(|(own, _)| Arc::ptr_eq(own, surface)).map(|(_, colours)| colours)
    }
}
