//! The attributes that say how pixels are stored and where they lie.

use super::attributes::Attributes;
use super::file::{self, DicomFile};
use super::layout::PixelSpan;
use super::syntax::{Coding, Syntax};
use crate::source::ReadError;
use dicom_dictionary_std::tags;
use std::borrow::Cow;

/// Most voxels of one volume: 2³¹, which is 4 GiB of `i16`; a whole-body CT at 0.5 mm has about 10⁹.
pub(crate) const MAX_VOXELS: u64 = 1 << 31;
/// A compressed frame beyond this size must not unpack to more than `MAX_COMPRESSION` times its bytes.
const UNCHECKED_FRAME: u64 = 64 << 20;
const MAX_COMPRESSION: u64 = 2000;

/// How the samples of an image are stored (PS3.3 C.7.6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PixelFormat {
    /// Image height.
    pub(crate) rows: usize,
    /// Image width.
    pub(crate) columns: usize,
    /// Number of frames.
    pub(crate) frames: usize,
    /// Samples of one pixel: 1, or 3 for colour.
    pub(crate) samples: usize,
    /// Bits of one stored sample: 1, 8, 16 or 32.
    pub(crate) allocated: u32,
    /// Bits of it that carry the value.
    pub(crate) stored: u32,
    /// The highest of these.
    pub(crate) high: u32,
    /// Two's complement.
    pub(crate) signed: bool,
    /// Colour planes one after the other.
    pub(crate) planar: bool,
    /// What the samples mean.
    pub(crate) photometric: Photometric,
}

/// Photometric interpretation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Photometric {
    /// Low values are white.
    Monochrome1,
    /// Low values are black, and whatever has one sample a pixel without saying.
    Monochrome2,
    /// Indices into a colour table.
    Palette,
    /// Red, green, blue.
    Rgb,
    /// Luminance and colour differences, full range.
    YbrFull,
    /// The same with every second colour difference left out.
    YbrFull422,
    /// JPEG 2000 colour transforms, which its decoder undoes.
    YbrJpeg2000,
}

impl PixelFormat {
    /// Pixels of one frame.
    pub(crate) fn pixels(&self) -> usize {
        self.rows * self.columns
    }

    /// Bits of one frame in native pixel data.
    pub(crate) fn native_bits(&self) -> u64 {
        let samples = if self.photometric == Photometric::YbrFull422 { 2 } else { self.samples };
        self.pixels() as u64 * samples as u64 * u64::from(self.allocated)
    }

    /// The value of a stored sample: bits outside the stored ones, such as old overlays, do not belong to it.
    pub(crate) fn value(&self, raw: u32) -> i64 {
        let unused = 32 - self.stored;
        // `high + 1 >= stored` was checked when the header was read.
        let aligned = raw << (31 - self.high);
        if self.signed { i64::from(aligned as i32 >> unused) } else { i64::from(aligned >> unused) }
    }
}

/// The attributes of an image that this crate uses.
#[derive(Debug, Clone)]
pub(crate) struct ImageHeader {
    /// File name, for messages.
    pub(crate) name: String,
    /// Transfer syntax.
    pub(crate) syntax: Syntax,
    /// Sample format.
    pub(crate) format: PixelFormat,
    /// First byte of the data set in the file.
    pub(crate) dataset: usize,
    /// Where the pixel data lie in the data set.
    pub(crate) span: PixelSpan,
}

impl DicomFile {
    /// The attributes of an image.
    pub(crate) fn image(&self) -> Result<ImageHeader, ReadError> {
        ImageHeader::of(self)
    }
}

impl ImageHeader {
    /// Reads and checks them. Nothing is allocated by what the header says before these checks.
    pub(crate) fn of(file: &DicomFile) -> Result<Self, ReadError> {
        let object = &file.object;
        let not_image = |reason: &str| ReadError::NotAnImage {
            file: file.name.clone(),
            reason: match object.text(tags::MODALITY) {
                Some(modality) if modality.len() <= 16 => format!("{reason} (modality {modality})"),
                _ => reason.to_owned(),
            },
        };
        let malformed = |reason: String| ReadError::Malformed { file: file.name.clone(), reason };
        let span = file.pixels.ok_or_else(|| not_image("it holds no pixel data"))?;
        if span.float {
            return Err(not_image("its pixels are floating-point values of a parametric map, not an image"));
        }
        let required = |tag, name: &str| {
            object
                .count(tag)
                .filter(|&n| n > 0)
                .ok_or_else(|| malformed(format!("{name} is missing or zero")))
        };
        let rows = required(tags::ROWS, "Rows")?;
        let columns = required(tags::COLUMNS, "Columns")?;
        let frames = match object.text(tags::NUMBER_OF_FRAMES) {
            None => 1,
            Some(text) => (text.parse().ok().filter(|&n| n > 0))
                .ok_or_else(|| malformed("Number of Frames is not a positive whole number".to_owned()))?,
        };
        let voxels = (rows as u64).saturating_mul(columns as u64).saturating_mul(frames as u64);
        if voxels > MAX_VOXELS {
            let what = format!("{columns} x {rows} x {frames} voxels");
            return Err(ReadError::TooLarge { file: file.name.clone(), what, limit: MAX_VOXELS });
        }
        let allocated = required(tags::BITS_ALLOCATED, "Bits Allocated")? as u32;
        if ![1, 8, 16, 32].contains(&allocated) {
            return Err(malformed(format!("{allocated} bits per sample are not allowed")));
        }
        let stored = object.count(tags::BITS_STORED).map_or(allocated, |bits| bits as u32);
        let high = object.count(tags::HIGH_BIT).map_or(stored.saturating_sub(1), |bit| bit as u32);
        if stored == 0 || stored > allocated || high >= allocated || high + 1 < stored {
            return Err(malformed(format!(
                "Bits Stored {stored} and High Bit {high} do not fit into Bits Allocated {allocated}"
            )));
        }
        let samples = object.count(tags::SAMPLES_PER_PIXEL).unwrap_or(1);
        let name = object.text(tags::PHOTOMETRIC_INTERPRETATION).unwrap_or_default();
        let photometric = match (samples, name.as_str()) {
            (1, "MONOCHROME1") => Photometric::Monochrome1,
            (1, "PALETTE COLOR") => Photometric::Palette,
            (1, _) => Photometric::Monochrome2,
            (3, "YBR_FULL") => Photometric::YbrFull,
            (3, "YBR_FULL_422") => Photometric::YbrFull422,
            (3, "YBR_RCT" | "YBR_ICT") => Photometric::YbrJpeg2000,
            (3, "RGB" | "") => Photometric::Rgb,
            _ => {
                return Err(not_image(&format!(
                    "it has {samples} samples per pixel with an unsupported photometric interpretation"
                )));
            }
        };
        let format = PixelFormat {
            rows,
            columns,
            frames,
            samples,
            allocated,
            stored,
            high,
            signed: object.count(tags::PIXEL_REPRESENTATION) == Some(1),
            planar: object.count(tags::PLANAR_CONFIGURATION) == Some(1),
            photometric,
        };
        Ok(ImageHeader {
            name: file.name.clone(),
            syntax: file.syntax.clone(),
            format,
            dataset: file.dataset,
            span,
        })
    }

    /// The data set in the bytes of the whole file.
    pub(crate) fn dataset<'a>(&self, bytes: &'a [u8]) -> Result<Cow<'a, [u8]>, ReadError> {
        file::dataset(&self.name, &self.syntax, self.dataset, bytes)
    }

    /// Holds the size of the pixel data against what is there, before anything is allocated for them. `len`
    /// is the
    /// length of the data set, or an upper bound.
    pub(crate) fn check_size(&self, len: u64) -> Result<(), ReadError> {
        let there = len.saturating_sub(self.span.start as u64);
        let needed = (self.format.native_bits() * self.format.frames as u64).div_ceil(8);
        let file = self.name.clone();
        let what = "its pixel data";
        match self.span.len {
            Some(claimed) if (claimed as u64) < needed => {
                Err(ReadError::Truncated { file, what, expected: needed, found: claimed as u64 })
            }
            _ if self.syntax.coding() == Coding::Native => {
                // Encapsulated uncompressed frames carry item headers on top.
                if there >= needed || self.syntax.deflated() {
                    return Ok(());
                }
                Err(ReadError::Truncated { file, what, expected: needed, found: there })
            }
            _ if needed > UNCHECKED_FRAME && needed / there.max(1) > MAX_COMPRESSION => {
                Err(ReadError::TooLarge {
                    file,
                    what: format!("pixels compressed by a factor of {}", needed / there.max(1)),
                    limit: MAX_COMPRESSION,
                })
            }
            _ => Ok(()),
        }
    }
}
