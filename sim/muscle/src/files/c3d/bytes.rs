//! Numbers in the byte order of the processor that wrote the file.

use super::error::{C3dError, error};

/// Bytes of a block.
pub(super) const BLOCK: usize = 512;

/// A file and how its numbers are kept.
pub(super) struct Bytes<'a> {
    file: &'a [u8],
    order: Order,
}

/// Processors.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    Intel,
    /// As Intel, with floating point of its own.
    Dec,
    /// The greatest byte first.
    Mips,
}

impl<'a> Bytes<'a> {
    /// A file whose parameters begin at a byte, the fourth of which names the processor.
    pub(super) fn of(file: &'a [u8], start: usize) -> Result<Bytes<'a>, C3dError> {
        let order = match file.get(start.saturating_add(3)) {
            // Files without it are of the first writers, on Intel.
            Some(84) | Some(0) => Order::Intel,
            Some(85) => Order::Dec,
            Some(86) => Order::Mips,
            Some(other) => return error(format!("its processor type is {other}, not 84, 85 or 86")),
            None => return error("it is truncated before its parameters"),
        };
        Ok(Bytes { file, order })
    }

    /// A part of the file.
    pub(super) fn part(&self, at: usize, length: usize) -> Result<&'a [u8], C3dError> {
        let part = at.checked_add(length).and_then(|end| self.file.get(at..end));
        part.map_or_else(|| error(format!("it is truncated at byte {at}")), Ok)
    }

    fn array<const N: usize>(&self, at: usize) -> Result<[u8; N], C3dError> {
        let mut array = [0; N];
        array.copy_from_slice(self.part(at, N)?);
        Ok(array)
    }

    /// One byte.
    pub(super) fn byte(&self, at: usize) -> Result<u8, C3dError> {
        Ok(self.array::<1>(at)?[0])
    }

    /// A whole number of two bytes without sign.
    pub(super) fn word(&self, at: usize) -> Result<u16, C3dError> {
        let array = self.array(at)?;
        Ok(if self.order == Order::Mips { u16::from_be_bytes(array) } else { u16::from_le_bytes(array) })
    }

    /// One with a sign.
    pub(super) fn integer(&self, at: usize) -> Result<i16, C3dError> {
        Ok(self.word(at)? as i16)
    }

    /// A number in floating point.
    pub(super) fn real(&self, at: usize) -> Result<f64, C3dError> {
        let array: [u8; 4] = self.array(at)?;
        Ok(f64::from(match self.order {
            Order::Intel => f32::from_le_bytes(array),
            Order::Mips => f32::from_be_bytes(array),
            // DEC's F format: halves exchanged, and an exponent that is two greater.
            Order::Dec => f32::from_le_bytes([array[2], array[3], array[0], array[1]]) / 4.0,
        }))
    }
}
