//! Settings that several filters share.

use serde::{Deserialize, Serialize};

/// Intensities beyond the edge of the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Boundary {
    /// Zeros.
    Zero,
    /// The nearest voxel of the image ("constant" in some programs).
    Nearest,
    /// The image again: `a b c | a b c | a b c`.
    Periodic,
    /// The image mirrored at its edge, with the edge voxel twice: `c b a | a b c | c b a`.
    Mirror,
}

impl Boundary {
    /// The voxel of `length` that stands at `index`, which may be outside; `None` for a zero.
    pub(super) fn index(self, index: isize, length: usize) -> Option<usize> {
        let n = length.cast_signed();
        let inside = match self {
            Boundary::Zero if index < 0 || index >= n => return None,
            Boundary::Zero => index,
            Boundary::Nearest => index.clamp(0, n - 1),
            Boundary::Periodic => index.rem_euclid(n),
            Boundary::Mirror => {
                let place = index.rem_euclid(2 * n);
                if place < n { place } else { 2 * n - 1 - place }
            }
        };
        Some(inside.cast_unsigned())
    }

    /// The offset of a kernel that reads the same voxels of `length` as `offset` and is at most `length`; `None` where it reads
    /// zeros only.
    pub(super) fn fold(self, offset: isize, length: usize) -> Option<isize> {
        let n = length.cast_signed();
        let centred = |period: isize| {
            let place = offset.rem_euclid(period);
            if place > period / 2 { place - period } else { place }
        };
        match self {
            Boundary::Zero => (offset.abs() < n).then_some(offset),
            Boundary::Nearest => Some(offset.clamp(-n, n)),
            Boundary::Periodic => Some(centred(n)),
            Boundary::Mirror => Some(centred(2 * n)),
        }
    }
}

/// Whether a filter looks at slices or at the volume.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dimensions {
    /// Each axial slice by itself.
    #[serde(rename = "2d")]
    Slices,
    /// The volume.
    #[serde(rename = "3d")]
    Volume,
}

impl Dimensions {
    /// Number of axes that are filtered.
    pub(super) fn count(self) -> usize {
        match self {
            Dimensions::Slices => 2,
            Dimensions::Volume => 3,
        }
    }

    /// The axes of an image [z, y, x] that are filtered.
    pub(super) fn axes(self) -> std::ops::Range<usize> {
        3 - self.count()..3
    }
}

/// What becomes of the responses to the rotated kernels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pooling {
    /// Their mean.
    Average,
    /// The largest.
    Max,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_continue_the_image() {
        let read = |boundary: Boundary| -> String {
            let letter = |i| boundary.index(i, 3).map_or('0', |at| ['a', 'b', 'c'][at]);
            (-7..10).map(letter).collect()
        };
        assert_eq!(read(Boundary::Zero), "0000000abc0000000");
        assert_eq!(read(Boundary::Nearest), "aaaaaaaabcccccccc");
        assert_eq!(read(Boundary::Periodic), "cabcabcabcabcabca");
        assert_eq!(read(Boundary::Mirror), "aabccbaabccbaabcc");
    }

    #[test]
    fn a_folded_offset_reads_the_same_voxels() {
        for boundary in [Boundary::Zero, Boundary::Nearest, Boundary::Periodic, Boundary::Mirror] {
            for length in 1..5 {
                for offset in -20..20 {
                    let folded = boundary.fold(offset, length);
                    assert!(folded.is_none_or(|folded| folded.unsigned_abs() <= length));
                    for i in 0..length.cast_signed() {
                        let found = folded.and_then(|folded| boundary.index(i - folded, length));
                        assert_eq!(
                            found,
                            boundary.index(i - offset, length),
                            "{boundary:?} {length} {offset} {i}"
                        );
                    }
                }
            }
        }
    }
}
