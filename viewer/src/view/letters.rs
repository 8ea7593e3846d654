//! Which way a direction of a picture points in the patient.

use coxa_geometry::Vector;
use coxa_geometry::frame::Patient;

/// What a further letter needs of the largest component: the tangent of 22.5 degrees, as radiographs are marked.
const SECOND: f64 = 0.414;

/// The letters of a direction, that of its largest component first: `L`, `RA`; empty for no direction.
///
/// They come from the direction in which the picture is drawn and from nothing else, so they are right whatever the
/// camera, the side or the stage.
pub fn letters(direction: Vector<Patient>) -> String {
    let Some(d) = direction.normalised() else { return String::new() };
    let mut parts = [(d.x(), 'L', 'R'), (d.y(), 'P', 'A'), (d.z(), 'S', 'I')];
    parts.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let largest = parts[0].0.abs();
    parts
        .into_iter()
        .filter(|(along, ..)| along.abs() >= SECOND * largest)
        .take(2)
        .map(|(along, positive, negative)| if along > 0.0 { positive } else { negative })
        .collect()
}

/// The letters at the left, right, upper and lower edge of a picture, from the directions in which it is drawn.
pub fn edges(right: Vector<Patient>, down: Vector<Patient>) -> [String; 4] {
    [letters(-right), letters(right), letters(-down), letters(down)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_axes_have_one_letter_and_what_lies_between_has_two() {
        let said = |x, y, z| letters(Vector::new(x, y, z));
        assert_eq!([said(1.0, 0.0, 0.0), said(0.0, -2.0, 0.1), said(0.0, 0.0, -1.0)], ["L", "A", "I"]);
        assert_eq!([said(-1.0, -0.9, 0.0), said(0.0, 0.0, 0.0)], ["RA", ""]);
    }

    proptest! {
        #[test]
        fn the_opposite_direction_has_the_opposite_letters(x in -1.0..1.0, y in -1.0..1.0, z in -1.0..1.0) {
            let opposite = |letter| match letter {
                'L' => 'R', 'R' => 'L', 'P' => 'A', 'A' => 'P', 'S' => 'I', _ => 'S',
            };
            let forth = letters(Vector::new(x, y, z));
            let back = letters(Vector::new(-x, -y, -z));
            prop_assert_eq!(forth.chars().map(opposite).collect::<String>(), back);
        }
    }
}
