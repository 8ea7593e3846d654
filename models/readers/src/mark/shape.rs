//! Marks on pictures: boxes and contours, with a rating each.

use serde::{Deserialize, Serialize};

/// Most marks of one case.
pub const MAX_MARKS: usize = 200;
/// Most corners of a contour.
pub const MAX_POINTS: usize = 4000;

/// Marks that readers of a study draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarksWanted {
    /// None.
    #[default]
    None,
    /// Boxes.
    Boxes,
    /// Contours.
    Contours,
    /// Boxes and contours.
    Both,
}

impl MarksWanted {
    /// As it is written in `study.toml`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            MarksWanted::None => "none",
            MarksWanted::Boxes => "boxes",
            MarksWanted::Contours => "contours",
            MarksWanted::Both => "both",
        }
    }

    fn allows(self, kind: MarkKind) -> bool {
        match self {
            MarksWanted::None => false,
            MarksWanted::Boxes => kind == MarkKind::Box,
            MarksWanted::Contours => kind == MarkKind::Contour,
            MarksWanted::Both => true,
        }
    }
}

/// The form of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// Two opposite corners.
    Box,
    /// Corners of a closed line.
    Contour,
}

/// A mark on one picture of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// Picture of the case, from 1.
    pub picture: usize,
    /// Slice of the picture as shown, from 1.
    pub slice: usize,
    /// Its form.
    pub kind: MarkKind,
    /// Corners as column and row in pixels as shown; the middle of the first pixel is (0, 0).
    pub points: Vec<[f64; 2]>,
    /// Rating on the scale of the study; `None` where marks are not rated.
    #[serde(default)]
    pub rating: Option<f64>,
    /// Marks with the same number are one lesion over several slices.
    #[serde(default)]
    pub lesion: Option<usize>,
}

impl Mark {
    /// Least and greatest column and row.
    pub fn bounds(&self) -> [[f64; 2]; 2] {
        let start = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
        self.points.iter().fold(start, |[low, high], point| {
            [[low[0].min(point[0]), low[1].min(point[1])], [high[0].max(point[0]), high[1].max(point[1])]]
        })
    }

    /// Middle of its bounds.
    pub fn centre(&self) -> [f64; 2] {
        let [low, high] = self.bounds();
        [(low[0] + high[0]) / 2.0, (low[1] + high[1]) / 2.0]
    }

    /// Whether a place of the same slice lies in it, or on the edge of a box.
    pub fn contains(&self, [x, y]: [f64; 2]) -> bool {
        if self.kind == MarkKind::Box {
            let [low, high] = self.bounds();
            return (low[0]..=high[0]).contains(&x) && (low[1]..=high[1]).contains(&y);
        }
        let count = self.points.len();
        let crossings = (0..count).filter(|place| {
            let ([ax, ay], [bx, by]) = (self.points[*place], self.points[(place + 1) % count]);
            (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)
        });
        crossings.count() % 2 == 1
    }

    /// What is wrong with a mark on pictures of these sizes (columns, rows, slices).
    pub(crate) fn fault(&self, wanted: MarksWanted, sizes: &[[usize; 3]]) -> Option<String> {
        if !wanted.allows(self.kind) {
            return Some(format!("the study asks for marks \"{}\"", wanted.word()));
        }
        self.misplaced(sizes)
    }

    /// What is wrong with the place of a mark on pictures of these sizes (columns, rows, slices).
    pub(crate) fn misplaced(&self, sizes: &[[usize; 3]]) -> Option<String> {
        let picture = self.picture.checked_sub(1).and_then(|place| sizes.get(place));
        let Some([columns, rows, slices]) = picture else {
            return Some(format!("the case has {} pictures and no picture {}", sizes.len(), self.picture));
        };
        if self.slice < 1 || self.slice > *slices {
            return Some(format!("the picture has {slices} slices and no slice {}", self.slice));
        }
        let (least, what) = match self.kind {
            MarkKind::Box => (2, "a box has two corners"),
            MarkKind::Contour => (3, "a contour has three corners or more"),
        };
        let is_fit = match self.kind {
            MarkKind::Box => self.points.len() == least,
            MarkKind::Contour => (least..=MAX_POINTS).contains(&self.points.len()),
        };
        if !is_fit {
            return Some(format!("{what}, and this has {}", self.points.len()));
        }
        let within = |value: f64, size: usize| value >= -0.5 && value <= size as f64 - 0.5;
        let outside = self.points.iter().find(|[x, y]| !within(*x, *columns) || !within(*y, *rows));
        outside.map(|[x, y]| {
            format!("the corner ({x}, {y}) is outside the picture of {columns} x {rows} pixels")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contour(points: &[[f64; 2]]) -> Mark {
        let kind = MarkKind::Contour;
        Mark { picture: 1, slice: 1, kind, points: points.to_vec(), rating: None, lesion: None }
    }

    #[test]
    fn what_lies_in_a_contour_is_told_from_what_does_not() {
        // An L.
        let mark = contour(&[[0.0, 0.0], [4.0, 0.0], [4.0, 1.0], [1.0, 1.0], [1.0, 4.0], [0.0, 4.0]]);
        assert!(mark.contains([3.0, 0.5]) && mark.contains([0.5, 3.0]));
        assert!(!mark.contains([3.0, 3.0]) && !mark.contains([-0.1, 0.5]) && !mark.contains([5.0, 0.5]));
        assert_eq!((mark.bounds(), mark.centre()), ([[0.0, 0.0], [4.0, 4.0]], [2.0, 2.0]));
    }

    #[test]
    fn marks_are_held_to_the_picture() {
        let sizes = [[10, 8, 3]];
        let good = Mark { kind: MarkKind::Box, points: vec![[-0.5, 0.0], [9.5, 7.5]], ..contour(&[]) };
        assert_eq!(good.fault(MarksWanted::Boxes, &sizes), None);
        for (wrong, wanted, expected) in [
            (good.clone(), MarksWanted::Contours, "asks for marks"),
            (Mark { picture: 0, ..good.clone() }, MarksWanted::Both, "no picture 0"),
            (Mark { slice: 4, ..good.clone() }, MarksWanted::Both, "no slice 4"),
            (Mark { points: vec![[0.0; 2]], ..good.clone() }, MarksWanted::Both, "two corners"),
            (Mark { points: vec![[0.0; 2], [10.0, 0.0]], ..good.clone() }, MarksWanted::Both, "outside"),
            (Mark { points: vec![[0.0; 2], [f64::NAN, 0.0]], ..good }, MarksWanted::Both, "outside"),
            (contour(&[[0.0; 2], [1.0; 2]]), MarksWanted::Both, "three corners"),
        ] {
            let found = wrong.fault(wanted, &sizes).unwrap();
            assert!(found.contains(expected), "{found}");
        }
    }
}
