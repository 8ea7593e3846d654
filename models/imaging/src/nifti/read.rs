//! NIfTI-1 in.
//!
//! The `nifti` crate parses the header; the voxels are read here, because the crate scales in f32, trusts the
//! header when it reserves memory and does not check the gzip checksum.

use super::error::Problem;
use super::orientation;
use crate::{CtVolume, Grid, Volume};
use coxa_geometry::{Finding, finding};
use flate2::bufread::MultiGzDecoder;
use ndarray::Array3;
use nifti::{Endianness, NiftiHeader, NiftiType};
use std::io::{BufRead, ErrorKind, Read};

/// No CT has more voxels: 1024 x 1024 x 1024.
const MAX_VOXELS: u64 = 1 << 30;

/// Deflate cannot pack more than this many bytes into one.
const MAX_DEFLATE_RATIO: u64 = 1032;

/// Header extensions longer than this are taken for an error of the header.
const MAX_OFFSET: f32 = (64 << 20) as f32;

/// Bytes that may fill up a file behind its voxels.
const MOST_BEHIND: usize = 16;

/// Bytes converted at a time.
const CHUNK: usize = 1 << 18;

/// What is put where a file has not-a-number: air.
const MISSING_HU: i16 = -1024;

/// Reads CT numbers. `size` is the length of the input in bytes; it bounds what is allocated.
pub(super) fn ct(input: impl BufRead, size: u64) -> Result<(CtVolume, Vec<Finding>), Problem> {
    let mut file = OpenFile::new(input, size)?;
    let (mut missing, mut saturated) = (0_usize, 0_usize);
    let voxels = file.voxels(|_, value| {
        // Rounds half away from zero; the cast saturates.
        let rounded = value + 0.5_f64.copysign(value);
        if value.is_nan() {
            missing += 1;
            return Ok(MISSING_HU);
        }
        if !(rounded > f64::from(i16::MIN) - 1.0 && rounded < f64::from(i16::MAX) + 1.0) {
            saturated += 1;
        }
        Ok(rounded as i16)
    })?;
    let mut notes = file.notes;
    if missing > 0 {
        notes.push(finding::CtMissingVoxels { count: missing, set_hu: MISSING_HU }.finding());
    }
    if saturated > 0 {
        let (count, least_hu, most_hu) = (saturated, i16::MIN, i16::MAX);
        notes.push(finding::CtSaturatedVoxels { count, least_hu, most_hu }.finding());
    }
    Ok((Volume::new(file.grid, voxels), notes))
}

/// Reads values as they stand.
pub(super) fn values(input: impl BufRead, size: u64) -> Result<(Volume<f64>, Vec<Finding>), Problem> {
    let mut file = OpenFile::new(input, size)?;
    let voxels = file.voxels(|_, value| Ok(value))?;
    Ok((Volume::new(file.grid, voxels), file.notes))
}

/// Reads label ids, which must be whole numbers that fit `T`.
pub(super) fn labels<T: TryFrom<u32> + Default>(
    input: impl BufRead,
    size: u64,
    largest: u32,
) -> Result<(Volume<T>, Vec<Finding>), Problem> {
    let mut file = OpenFile::new(input, size)?;
    let voxels = file.voxels(|index, value| {
        // Made only where it is needed: there are tens of millions of voxels.
        let refused = || Problem::NotALabel { index, value, largest };
        if value == 0.0 {
            return Ok(T::default());
        }
        // Scaling in f64 of what was stored in f32 leaves traces behind the point.
        if !((value - value.round()).abs() < 1e-3 && value > -0.5 && value.round() <= f64::from(largest)) {
            return Err(refused());
        }
        T::try_from(value.round() as u32).map_err(|_| refused())
    })?;
    Ok((Volume::new(file.grid, voxels), file.notes))
}

/// A file whose header is checked and whose reader stands at the first voxel.
struct OpenFile<R: BufRead> {
    reader: Reader<R>,
    header: NiftiHeader,
    grid: Grid,
    notes: Vec<Finding>,
}

impl<R: BufRead> OpenFile<R> {
    fn new(input: R, size: u64) -> Result<Self, Problem> {
        let mut reader = Reader::new(input)?;
        let header = read_header(&mut reader)?;
        let dims = dims(&header)?;
        let voxel_bytes = voxel_bytes(&header)?;
        let offset = header.vox_offset;
        if !(348.0..=MAX_OFFSET).contains(&offset) {
            return Err(Problem::field("vox_offset", offset, "not between 348 bytes and 64 MiB"));
        }
        let available = if reader.is_compressed() { size.saturating_mul(MAX_DEFLATE_RATIO) } else { size };
        let expected: u64 = dims.iter().map(|&n| n as u64).product();
        let found = available.saturating_sub(offset as u64) / voxel_bytes;
        if found < expected {
            return Err(Problem::Truncated { expected, found });
        }
        let (grid, notes) = orientation::grid(&header, dims)?;
        reader.skip(offset as u64 - 348)?;
        Ok(OpenFile { reader, header, grid, notes })
    }

    /// Reads all voxels, scaled by slope and intercept, and converts each with its index.
    fn voxels<T>(
        &mut self,
        convert: impl FnMut(usize, f64) -> Result<T, Problem>,
    ) -> Result<Array3<T>, Problem> {
        match data_type(&self.header)? {
            NiftiType::Uint8 => {
                self.voxels_of(|[byte]: [u8; 1]| f64::from(byte), |[byte]| f64::from(byte), convert)
            }
            NiftiType::Int8 => self.voxels_of(
                |bytes| f64::from(i8::from_le_bytes(bytes)),
                |bytes| f64::from(i8::from_be_bytes(bytes)),
                convert,
            ),
            NiftiType::Int16 => self.voxels_of(
                |bytes| f64::from(i16::from_le_bytes(bytes)),
                |bytes| f64::from(i16::from_be_bytes(bytes)),
                convert,
            ),
            NiftiType::Uint16 => self.voxels_of(
                |bytes| f64::from(u16::from_le_bytes(bytes)),
                |bytes| f64::from(u16::from_be_bytes(bytes)),
                convert,
            ),
            NiftiType::Int32 => self.voxels_of(
                |bytes| f64::from(i32::from_le_bytes(bytes)),
                |bytes| f64::from(i32::from_be_bytes(bytes)),
                convert,
            ),
            NiftiType::Uint32 => self.voxels_of(
                |bytes| f64::from(u32::from_le_bytes(bytes)),
                |bytes| f64::from(u32::from_be_bytes(bytes)),
                convert,
            ),
            // Beyond 2^53 these lose digits, far outside both CT numbers and labels.
            NiftiType::Int64 => self.voxels_of(
                |bytes| i64::from_le_bytes(bytes) as f64,
                |bytes| i64::from_be_bytes(bytes) as f64,
                convert,
            ),
            NiftiType::Uint64 => self.voxels_of(
                |bytes| u64::from_le_bytes(bytes) as f64,
                |bytes| u64::from_be_bytes(bytes) as f64,
                convert,
            ),
            NiftiType::Float32 => self.voxels_of(
                |bytes| f64::from(f32::from_le_bytes(bytes)),
                |bytes| f64::from(f32::from_be_bytes(bytes)),
                convert,
            ),
            NiftiType::Float64 => self.voxels_of(f64::from_le_bytes, f64::from_be_bytes, convert),
            other => Err(unsupported(other)),
        }
    }

    fn voxels_of<const N: usize, T>(
        &mut self,
        little: impl Fn([u8; N]) -> f64,
        big: impl Fn([u8; N]) -> f64,
        mut convert: impl FnMut(usize, f64) -> Result<T, Problem>,
    ) -> Result<Array3<T>, Problem> {
        let (slope, intercept) = scaling(&self.header)?;
        let big_endian = self.header.endianness == Endianness::Big;
        let count = self.grid.len();
        let mut values = Vec::new();
        values
            .try_reserve_exact(count)
            .map_err(|_| Problem::TooLarge { voxels: count as u64, limit: MAX_VOXELS })?;
        let mut buffer = vec![0; CHUNK];
        while values.len() < count {
            let wanted = CHUNK.min((count - values.len()) * N);
            let got = self.reader.fill(&mut buffer[..wanted])?;
            let (elements, _) = buffer[..got].as_chunks::<N>();
            for &bytes in elements {
                let stored = if big_endian { big(bytes) } else { little(bytes) };
                values.push(convert(values.len(), stored * slope + intercept)?);
            }
            if got < wanted {
                return Err(Problem::Truncated { expected: count as u64, found: values.len() as u64 });
            }
        }
        self.reader.check_end(count as u64)?;
        let [ni, nj, nk] = self.grid.dims;
        Array3::from_shape_vec((nk, nj, ni), values)
            .map_err(|_| Problem::Truncated { expected: count as u64, found: 0 })
    }
}

/// A plain or gzip-compressed input; the first two bytes tell, not the file name.
enum Reader<R: BufRead> {
    Plain(R),
    Gzip(Box<MultiGzDecoder<R>>),
}

impl<R: BufRead> Reader<R> {
    fn new(mut input: R) -> Result<Self, Problem> {
        let compressed = input.fill_buf()?.starts_with(&[0x1f, 0x8b]);
        Ok(if compressed { Reader::Gzip(Box::new(MultiGzDecoder::new(input))) } else { Reader::Plain(input) })
    }

    fn is_compressed(&self) -> bool {
        matches!(self, Reader::Gzip(_))
    }

    /// Fills the buffer as far as the input goes; the number of bytes.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, Problem> {
        let mut filled = 0;
        while filled < buffer.len() {
            let got = match self {
                Reader::Plain(input) => input.read(&mut buffer[filled..]).map_err(Problem::Io),
                Reader::Gzip(input) => match input.read(&mut buffer[filled..]) {
                    // The stream stops in the middle: the caller says how much is missing.
                    Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(0),
                    other => other.map_err(Problem::Gzip),
                },
            }?;
            if got == 0 {
                break;
            }
            filled += got;
        }
        Ok(filled)
    }

    fn skip(&mut self, bytes: u64) -> Result<(), Problem> {
        let mut left = bytes;
        let mut scratch = [0; 4096];
        while left > 0 {
            let wanted = left.min(scratch.len() as u64) as usize;
            if self.fill(&mut scratch[..wanted])? < wanted {
                return Err(Problem::NotNifti("it ends within its header"));
            }
            left -= wanted as u64;
        }
        Ok(())
    }

    /// Reads on to the end, where gzip has its checksum. More voxels than the header announces make every row but the first lie askew.
    fn check_end(&mut self, expected: u64) -> Result<(), Problem> {
        let mut scratch = [0; MOST_BEHIND + 1];
        let mut behind = 0;
        while behind <= MOST_BEHIND {
            let got = match self {
                Reader::Plain(input) => input.read(&mut scratch)?,
                Reader::Gzip(input) => input.read(&mut scratch).map_err(Problem::Gzip)?,
            };
            if got == 0 {
                return Ok(());
            }
            behind += got;
        }
        Err(Problem::Longer { expected })
    }
}

fn read_header<R: BufRead>(reader: &mut Reader<R>) -> Result<NiftiHeader, Problem> {
    let mut bytes = [0; 348];
    if reader.fill(&mut bytes)? < bytes.len() {
        return Err(Problem::NotNifti("it is shorter than a header"));
    }
    if bytes[4..8] == *b"n+2\0" || bytes[4..8] == *b"ni2\0" {
        return Err(Problem::NotNifti("it is NIfTI-2"));
    }
    if bytes[344..] == *b"ni1\0" {
        return Err(Problem::NotNifti("its voxels are in a separate .img file"));
    }
    let header = NiftiHeader::from_reader(&bytes[..])
        .map_err(|_| Problem::NotNifti("the four bytes that name the format are missing"))?;
    if header.sizeof_hdr != 348 {
        return Err(Problem::field("sizeof_hdr", header.sizeof_hdr, "not 348"));
    }
    Ok(header)
}

/// The three dimensions; further ones must be 1.
fn dims(header: &NiftiHeader) -> Result<[usize; 3], Problem> {
    let value = || format!("{:?}", header.dim);
    let used =
        header.dim().map_err(|_| Problem::field("dim", value(), "not a list of 1 to 7 positive numbers"))?;
    // The field is a signed number in the format.
    if used.iter().any(|&n| n > i16::MAX as u16) {
        return Err(Problem::field("dim", value(), "not a list of 1 to 7 positive numbers"));
    }
    if let Some(&volumes) = used.iter().skip(3).find(|&&n| n != 1) {
        let what = format!("a file of {volumes} volumes (dim {used:?})");
        return Err(Problem::Unsupported { what, remedy: "give one volume in a file of its own" });
    }
    let dims: [usize; 3] = std::array::from_fn(|axis| used.get(axis).map_or(1, |&n| usize::from(n)));
    let voxels = dims.iter().map(|&n| n as u64).product();
    if voxels > MAX_VOXELS {
        return Err(Problem::TooLarge { voxels, limit: MAX_VOXELS });
    }
    Ok(dims)
}

/// The voxel type, where it is a whole or real number.
fn data_type(header: &NiftiHeader) -> Result<NiftiType, Problem> {
    use NiftiType::{Float32, Float64, Int8, Int16, Int32, Int64, Uint8, Uint16, Uint32, Uint64};
    match header.data_type() {
        Err(_) => Err(Problem::field("datatype", header.datatype, "not a data type of NIfTI-1")),
        Ok(known @ (Uint8 | Int8 | Uint16 | Int16 | Uint32 | Int32 | Uint64 | Int64 | Float32 | Float64)) => {
            Ok(known)
        }
        Ok(other) => Err(unsupported(other)),
    }
}

fn unsupported(data_type: NiftiType) -> Problem {
    let what = format!("the voxel type {data_type:?}");
    Problem::Unsupported { what, remedy: "write the volume as whole numbers or as float32" }
}

fn voxel_bytes(header: &NiftiHeader) -> Result<u64, Problem> {
    let data_type = data_type(header)?;
    let bytes = data_type.size_of();
    if header.bitpix != 8 * bytes as i16 {
        return Err(Problem::field("bitpix", header.bitpix, "which contradicts datatype"));
    }
    Ok(bytes as u64)
}

/// Slope and intercept; a slope of 0 or not-a-number means that there are none.
fn scaling(header: &NiftiHeader) -> Result<(f64, f64), Problem> {
    let (slope, intercept) = (f64::from(header.scl_slope), f64::from(header.scl_inter));
    if slope == 0.0 || slope.is_nan() {
        return Ok((1.0, 0.0));
    }
    if !slope.is_finite() || intercept.is_infinite() {
        return Err(Problem::field(
            "scl_slope, scl_inter",
            format!("{slope}, {intercept}"),
            "not a finite scaling",
        ));
    }
    Ok((slope, if intercept.is_nan() { 0.0 } else { intercept }))
}
