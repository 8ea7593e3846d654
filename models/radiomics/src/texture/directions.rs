//! Directions to neighbours at a Chebyshev distance of 1.

/// The four directions within a slice; their opposites are not named.
pub(crate) const IN_PLANE: [[isize; 3]; 4] = [[1, 0, 0], [1, 1, 0], [0, 1, 0], [-1, 1, 0]];

/// The thirteen directions in space; their opposites are not named.
pub(crate) const IN_SPACE: [[isize; 3]; 13] = [
    [1, 0, 0],
    [1, 1, 0],
    [0, 1, 0],
    [-1, 1, 0],
    [-1, -1, 1],
    [0, -1, 1],
    [1, -1, 1],
    [-1, 0, 1],
    [0, 0, 1],
    [1, 0, 1],
    [-1, 1, 1],
    [0, 1, 1],
    [1, 1, 1],
];

/// A list of directions with their opposites.
pub(crate) fn both_ways(directions: &[[isize; 3]]) -> Vec<[isize; 3]> {
    directions.iter().flat_map(|&way| [way, way.map(|step| -step)]).collect()
}
