//! From pixel data to values: frames found, decoded, and turned into whole numbers.

use super::codec;
use super::file::DicomFile;
use super::image::{ImageHeader, Photometric, PixelFormat};
use super::layout::{self, LayoutError};
use super::syntax::Coding;
use crate::source::{Blob, ReadError};
use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

/// The pixels of any DICOM image as they are stored, before rescaling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PixelValues {
    /// Number of frames, rows, columns and samples of a pixel (1, or 3 for red, green and blue).
    pub shape: [usize; 4],
    /// The values in the order of `shape`, last fastest. Palette images give indices.
    pub values: Vec<i64>,
}

/// Reads the pixels of one DICOM file of any kind.
///
/// # Errors
/// A file without pixels, a broken one or one that is not decoded here is refused; see [`ReadError`].
pub fn read_pixels(path: &Path) -> Result<PixelValues, ReadError> {
    let blob = Blob::file(path)?;
    pixels_of(blob.name(), &blob.bytes()?)
}

/// Reads the pixels of one DICOM file in memory; otherwise as [`read_pixels`].
///
/// # Errors
/// As [`read_pixels`].
pub fn read_pixels_from(bytes: &[u8]) -> Result<PixelValues, ReadError> {
    pixels_of("file", bytes)
}

fn pixels_of(name: &str, bytes: &[u8]) -> Result<PixelValues, ReadError> {
    let header = DicomFile::from_bytes(name, bytes)?.image()?;
    read_frames(&header, bytes)
}

/// All frames of a file in memory.
fn read_frames(header: &ImageHeader, bytes: &[u8]) -> Result<PixelValues, ReadError> {
    let PixelFormat { rows, columns, frames, samples, .. } = header.format;
    let dataset = header.dataset(bytes)?;
    let split = Frames::new(header, &dataset)?;
    let mut values = Vec::new();
    for index in 0..frames {
        values.append(&mut split.frame(index)?.values());
    }
    Ok(PixelValues { shape: [frames, rows, columns, samples], values })
}

/// The pixel data of one file, split into frames.
#[derive(Debug)]
pub(crate) struct Frames<'a> {
    header: &'a ImageHeader,
    dataset: &'a [u8],
    /// The fragments of each frame of encapsulated pixel data; empty for native.
    fragments: Vec<Vec<Range<usize>>>,
}

/// Native samples of one frame.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    format: PixelFormat,
    bytes: Cow<'a, [u8]>,
    /// Bits of one sample as it lies in `bytes`.
    bits: u32,
    /// First bit of the frame in `bytes`, for frames of single bits or swapped bytes.
    first_bit: usize,
    big_endian: bool,
    /// 8-bit samples written as big-endian words: neighbours are swapped.
    swapped: bool,
    /// A decoder gave these: no unused bits, colours interleaved and not subsampled.
    decoded: bool,
}

impl<'a> Frames<'a> {
    /// Finds the frames. `dataset` is the whole data set that `header` was read from.
    pub(crate) fn new(header: &'a ImageHeader, dataset: &'a [u8]) -> Result<Self, ReadError> {
        header.check_size(dataset.len() as u64)?;
        let coding = header.syntax.coding();
        if coding == Coding::Unsupported {
            return Err(ReadError::UnsupportedSyntax {
                file: header.name.clone(),
                uid: header.syntax.uid.clone(),
                name: header.syntax.name(),
            });
        }
        let fragments = match (header.span.len, coding) {
            (Some(_), Coding::Native) => Vec::new(),
            (Some(_), _) => {
                let reason = "its pixel data are not encapsulated, as compressed ones must be".to_owned();
                return Err(ReadError::Malformed { file: header.name.clone(), reason });
            }
            (None, _) => encapsulated(header, dataset)?,
        };
        Ok(Frames { header, dataset, fragments })
    }

    /// One frame, counted from 0.
    pub(crate) fn frame(&self, index: usize) -> Result<Frame<'a>, ReadError> {
        let header = self.header;
        let format = header.format;
        let coding = header.syntax.coding();
        if self.fragments.is_empty() {
            let bits = format.native_bits();
            let first_bit = index as u64 * bits;
            let big_endian = header.syntax.uid == layout::EXPLICIT_VR_BIG_ENDIAN;
            let swapped = big_endian && !header.span.bytes && format.allocated <= 8;
            // Swapped bytes need both bytes of their words.
            let unit = if swapped { 16 } else { 8 };
            let start = (first_bit / unit * unit / 8) as usize;
            let end = ((first_bit + bits).div_ceil(unit) * unit / 8) as usize;
            let range = header.span.start + start..header.span.start + end;
            return Ok(Frame {
                format,
                bytes: Cow::Borrowed(self.dataset.get(range).ok_or_else(|| self.short(index))?),
                bits: format.allocated,
                first_bit: (first_bit % unit) as usize,
                big_endian,
                swapped,
                decoded: false,
            });
        }
        let bytes = match self.fragments.get(index).map(Vec::as_slice) {
            Some([whole]) => Cow::Borrowed(&self.dataset[whole.clone()]),
            Some(parts) => {
                Cow::Owned(parts.iter().flat_map(|part| &self.dataset[part.clone()]).copied().collect())
            }
            None => return Err(self.short(index)),
        };
        let mut frame = Frame {
            format,
            bytes,
            bits: format.allocated,
            first_bit: 0,
            big_endian: false,
            swapped: false,
            decoded: false,
        };
        if coding == Coding::Native {
            if (frame.bytes.len() as u64) < format.native_bits().div_ceil(8) {
                return Err(self.short(index));
            }
            return Ok(frame);
        }
        let decoded = codec::decode(coding, &frame.bytes, &format).map_err(|reason| ReadError::Decode {
            file: header.name.clone(),
            syntax: header.syntax.name(),
            reason,
        })?;
        (frame.bytes, frame.bits, frame.decoded) = (Cow::Owned(decoded.bytes), decoded.bits, true);
        Ok(frame)
    }

    fn short(&self, index: usize) -> ReadError {
        let reason = format!("frame {} of {} is missing", index + 1, self.header.format.frames);
        ReadError::Malformed { file: self.header.name.clone(), reason }
    }
}

/// Assigns the fragments to frames (PS3.5 section A.4).
fn encapsulated(header: &ImageHeader, dataset: &[u8]) -> Result<Vec<Vec<Range<usize>>>, ReadError> {
    let file = || header.name.clone();
    let malformed = |reason: &str| ReadError::Malformed { file: file(), reason: reason.to_owned() };
    let mut all = layout::fragments(dataset, header.span.start).map_err(|error| match error {
        LayoutError::Malformed(reason) => malformed(reason),
        _ => ReadError::Truncated {
            file: file(),
            what: "its compressed pixel data",
            expected: dataset.len() as u64 + 1,
            found: dataset.len() as u64,
        },
    })?;
    let frames = header.format.frames;
    if all.len() < 2 {
        return Err(malformed("it holds no compressed frame"));
    }
    let parts = all.split_off(1);
    if parts.len() == frames {
        return Ok(parts.into_iter().map(|part| vec![part]).collect());
    }
    if frames == 1 {
        return Ok(vec![parts]);
    }
    if parts.len() < frames {
        return Err(malformed("it holds fewer compressed frames than its header says"));
    }
    // Several fragments a frame: the offset table says where frames start, else the marker that starts a
    // stream.
    let table: Vec<usize> = dataset[all[0].clone()]
        .chunks_exact(4)
        .map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]) as usize)
        .collect();
    let base = parts[0].start - 8;
    let starts = |part: &Range<usize>| {
        if table.len() == frames {
            table.contains(&(part.start - 8 - base))
        } else {
            matches!(dataset[part.clone()], [0xFF, 0xD8, 0xFF, ..] | [0xFF, 0x4F, 0xFF, 0x51, ..])
        }
    };
    let mut grouped: Vec<Vec<Range<usize>>> = Vec::with_capacity(frames);
    for part in parts {
        match grouped.last_mut() {
            Some(frame) if !starts(&part) => frame.push(part),
            _ => grouped.push(vec![part]),
        }
    }
    if grouped.len() == frames {
        Ok(grouped)
    } else {
        Err(malformed("its compressed fragments cannot be assigned to frames"))
    }
}

impl Frame<'_> {
    /// All samples of the frame as stored, colours interleaved and as RGB.
    pub(crate) fn values(&self) -> Vec<i64> {
        let PixelFormat { samples, photometric, .. } = self.format;
        let count = self.format.pixels() * samples;
        let mut values: Vec<i64> = match photometric {
            Photometric::YbrFull422 if !self.decoded => self.widen_422(),
            _ => (0..count).map(|index| self.sample(index)).collect(),
        };
        if self.format.planar && !self.decoded && samples > 1 {
            let plane = self.format.pixels();
            values = (0..count).map(|i| values[i % samples * plane + i / samples]).collect();
        }
        // JPEG and JPEG 2000 decoders undo their own transforms.
        let ybr = matches!(photometric, Photometric::YbrFull | Photometric::YbrFull422);
        if ybr && !self.decoded {
            values.chunks_exact_mut(3).for_each(ybr_to_rgb);
        }
        values
    }

    fn sample(&self, index: usize) -> i64 {
        let raw = match self.bits {
            1 => {
                let bit = self.first_bit + index;
                return i64::from(self.bytes[self.swap(bit / 8)] >> (bit % 8) & 1);
            }
            8 => u32::from(self.bytes[self.swap(self.first_bit / 8 + index)]),
            16 => u32::from(self.word(&self.bytes[2 * index..2 * index + 2])),
            _ => {
                let bytes = &self.bytes[4 * index..4 * index + 4];
                let bytes = [bytes[0], bytes[1], bytes[2], bytes[3]];
                if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
            }
        };
        self.effective().value(raw)
    }

    /// The byte at which an 8-bit sample lies.
    fn swap(&self, at: usize) -> usize {
        if self.swapped { at ^ 1 } else { at }
    }

    fn word(&self, bytes: &[u8]) -> u16 {
        let bytes = [bytes[0], bytes[1]];
        if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
    }

    /// The sample format of `bytes`: decoders right-align.
    fn effective(&self) -> PixelFormat {
        if !self.decoded {
            return self.format;
        }
        let stored = self.format.stored.min(self.bits);
        PixelFormat { stored, high: stored - 1, ..self.format }
    }

    /// Y Y Cb Cr groups to Y Cb Cr pixels.
    fn widen_422(&self) -> Vec<i64> {
        let groups = self.format.pixels() / 2;
        (0..groups)
            .flat_map(|group| {
                let [y0, y1, cb, cr] = [0, 1, 2, 3].map(|i| self.sample(4 * group + i));
                [y0, cb, cr, y1, cb, cr]
            })
            .collect()
    }

    /// Calls `put(index, stored value)` for a monochrome frame.
    pub(crate) fn for_each(&self, mut put: impl FnMut(usize, i64)) {
        for index in 0..self.format.pixels() {
            put(index, self.sample(index));
        }
    }

    /// The bytes of a monochrome frame of 16-bit little-endian samples, and their format; the fast way to CT.
    pub(crate) fn words(&self) -> Option<(&[u8], PixelFormat)> {
        let plain = self.bits == 16 && !self.big_endian && self.format.samples == 1;
        plain.then(|| (&self.bytes[..2 * self.format.pixels()], self.effective()))
    }
}

/// Full-range YBR to RGB (PS3.3 C.7.6.3.1.2), 8 bits.
fn ybr_to_rgb(pixel: &mut [i64]) {
    let [y, cb, cr] = [pixel[0] as f64, pixel[1] as f64 - 128.0, pixel[2] as f64 - 128.0];
    let rgb = [y + 1.402 * cr, y - 0.114 * 1.772 / 0.587 * cb - 0.299 * 1.402 / 0.587 * cr, y + 1.772 * cb];
    for (slot, value) in pixel.iter_mut().zip(rgb) {
        *slot = value.round().clamp(0.0, 255.0) as i64;
    }
}
