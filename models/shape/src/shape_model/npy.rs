//! Arrays in NumPy's format (NEP 1), as far as shape models use it: numbers of 4 or 8 bytes, one to three dimensions.

use std::io::{self, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Most numbers of an array that is read: 1 GB at 8 bytes each.
const MAX_NUMBERS: usize = 125_000_000;

/// An array of numbers, in the order of C: the last index runs fastest.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    /// Length along each dimension.
    pub shape: Vec<usize>,
    /// The numbers.
    pub values: Vec<f64>,
}

/// Why bytes are no array.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NpyError {
    /// The magic bytes are missing.
    #[error("this is not a NumPy array: it does not begin with the bytes of the .npy format")]
    NotNpy,
    /// The header is damaged.
    #[error("the array's header is damaged: {0}")]
    Header(&'static str),
    /// Numbers of a kind that is not read.
    #[error("the array holds numbers of type `{0}`; write it as float32, float64, int32 or int64")]
    Kind(String),
    /// Fewer bytes than the shape says.
    #[error("the array ends early: its shape asks for {wanted} bytes and there are {found}")]
    Truncated {
        /// Bytes that the shape asks for.
        wanted: usize,
        /// Bytes there are.
        found: usize,
    },
    /// More numbers than are read.
    #[error("the array is too large: more than {MAX_NUMBERS} numbers")]
    TooLarge,
    /// Another shape is needed.
    #[error("the array has the shape {found:?}; {wanted} is needed")]
    Shape {
        /// What it has.
        found: Vec<usize>,
        /// What is needed, in words.
        wanted: &'static str,
    },
    /// A number is infinite or not a number.
    #[error("number {0} of the array is not finite")]
    NotFinite(usize),
}

impl Array {
    /// Rows and columns of an array of two dimensions; one of one dimension is a single column.
    ///
    /// # Errors
    /// [`NpyError::Shape`] for any other array.
    pub fn rows_and_columns(&self) -> Result<(usize, usize), NpyError> {
        match self.shape[..] {
            [rows] => Ok((rows, 1)),
            [rows, columns] => Ok((rows, columns)),
            _ => Err(NpyError::Shape { found: self.shape.clone(), wanted: "one or two dimensions" }),
        }
    }
}

/// Reads an array. Every number must be finite.
///
/// # Errors
/// Any [`NpyError`].
pub fn parse(bytes: &[u8]) -> Result<Array, NpyError> {
    let rest = bytes.strip_prefix(b"\x93NUMPY").ok_or(NpyError::NotNpy)?;
    let damaged = NpyError::Header("it ends early");
    let (&major, rest) = rest.split_first().ok_or(damaged.clone())?;
    let rest = rest.get(1..).ok_or(damaged.clone())?;
    let (length, rest) = match major {
        1 => rest.split_first_chunk().map(|(l, r)| (usize::from(u16::from_le_bytes(*l)), r)),
        _ => rest.split_first_chunk().map(|(l, r)| (u32::from_le_bytes(*l) as usize, r)),
    }
    .ok_or(damaged.clone())?;
    let header = rest.get(..length).ok_or(damaged)?;
    let data = &rest[length..];
    let header = std::str::from_utf8(header).map_err(|_| NpyError::Header("it is not text"))?;
    let kind = quoted(entry(header, "descr")?).ok_or(NpyError::Header("`descr` is not a name"))?;
    let is_fortran = entry(header, "fortran_order")?.starts_with("True");
    let shape = lengths(entry(header, "shape")?)?;
    let count = shape.iter().try_fold(1usize, |n, &d| n.checked_mul(d)).ok_or(NpyError::TooLarge)?;
    if count > MAX_NUMBERS {
        return Err(NpyError::TooLarge);
    }
    let values = numbers(kind, data, count)?;
    if let Some(bad) = values.iter().position(|v| !v.is_finite()) {
        return Err(NpyError::NotFinite(bad));
    }
    Ok(Array { values: if is_fortran { c_order(&values, &shape) } else { values }, shape })
}

/// What follows a key of the header's dictionary.
fn entry<'a>(header: &'a str, key: &'static str) -> Result<&'a str, NpyError> {
    let missing = NpyError::Header("`descr`, `fortran_order` or `shape` is missing");
    let at = header.find(key).ok_or(missing.clone())? + key.len();
    let rest = header[at..].trim_start_matches(['\'', '"']).trim_start();
    Ok(rest.strip_prefix(':').ok_or(missing)?.trim_start())
}

fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    text[1..].split(quote).next()
}

fn lengths(text: &str) -> Result<Vec<usize>, NpyError> {
    let bad = NpyError::Header("`shape` is not a tuple of lengths");
    let inner = text.strip_prefix('(').and_then(|t| t.split_once(')')).ok_or(bad.clone())?.0;
    let parts = inner.split(',').map(str::trim).filter(|p| !p.is_empty());
    parts.map(|p| p.parse().map_err(|_| bad.clone())).collect()
}

fn numbers(kind: &str, data: &[u8], count: usize) -> Result<Vec<f64>, NpyError> {
    /// Numbers of one kind, little or big endian.
    macro_rules! read {
        ($type:ty, $from:ident) => {{
            const SIZE: usize = size_of::<$type>();
            let wanted = count * SIZE;
            let bytes = data.get(..wanted).ok_or(NpyError::Truncated { wanted, found: data.len() })?;
            bytes.as_chunks::<SIZE>().0.iter().map(|c| <$type>::$from(*c) as f64).collect()
        }};
    }
    Ok(match kind {
        "<f8" => read!(f64, from_le_bytes),
        ">f8" => read!(f64, from_be_bytes),
        "<f4" => read!(f32, from_le_bytes),
        ">f4" => read!(f32, from_be_bytes),
        "<i4" => read!(i32, from_le_bytes),
        "<u4" => read!(u32, from_le_bytes),
        "<i8" => read!(i64, from_le_bytes),
        _ => return Err(NpyError::Kind(kind.chars().take(20).collect())),
    })
}

/// The same array with its last index fastest, from one with its first index fastest.
fn c_order(values: &[f64], shape: &[usize]) -> Vec<f64> {
    let mut ordered = vec![0.0; values.len()];
    let mut index = vec![0; shape.len()];
    for &value in values {
        let at = index.iter().zip(shape).fold(0, |at, (i, n)| at * n + i);
        ordered[at] = value;
        for (i, n) in index.iter_mut().zip(shape) {
            *i += 1;
            if *i < *n {
                break;
            }
            *i = 0;
        }
    }
    ordered
}

/// Types that are written.
pub(super) trait Number: Copy {
    /// NumPy's name of the type.
    const KIND: &'static str;
    /// Its bytes, lowest first.
    fn bytes(self) -> impl AsRef<[u8]>;
}

impl Number for f32 {
    const KIND: &'static str = "<f4";
    fn bytes(self) -> impl AsRef<[u8]> {
        self.to_le_bytes()
    }
}

impl Number for f64 {
    const KIND: &'static str = "<f8";
    fn bytes(self) -> impl AsRef<[u8]> {
        self.to_le_bytes()
    }
}

impl Number for i32 {
    const KIND: &'static str = "<i4";
    fn bytes(self) -> impl AsRef<[u8]> {
        self.to_le_bytes()
    }
}

/// Writes numbers, last index fastest, under a shape.
pub(super) fn write<N: Number>(
    mut to: impl Write,
    shape: &[usize],
    values: impl Iterator<Item = N>,
) -> io::Result<()> {
    let shape: String = shape.iter().map(|n| format!("{n}, ")).collect();
    let mut header =
        format!("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", N::KIND, shape.trim_end());
    // The data begin at a multiple of 64 bytes; the header ends with a line feed.
    header.extend(std::iter::repeat_n(' ', 63 - (10 + header.len()) % 64));
    header.push('\n');
    to.write_all(b"\x93NUMPY\x01\x00")?;
    to.write_all(&(header.len() as u16).to_le_bytes())?;
    to.write_all(header.as_bytes())?;
    values.into_iter().try_for_each(|v| to.write_all(v.bytes().as_ref()))
}

/// The bytes of an `.npz`: arrays by name, each with its shape and its numbers in the order of NumPy, kept as 32-bit floats.
///
/// # Errors
/// Where the zip cannot be made.
pub fn npz(arrays: &[(&str, &[usize], &[f64])]) -> io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, shape, values) in arrays {
        zip.start_file(format!("{name}.npy"), options)?;
        write(&mut zip, shape, values.iter().map(|&v| v as f32))?;
    }
    Ok(zip.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An array as NumPy writes it.
    fn file(header: &str, data: &[u8]) -> Vec<u8> {
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend(data);
        bytes
    }

    #[test]
    fn orders_and_types_are_read() {
        let data: Vec<u8> = (1..=6).flat_map(|v: i32| v.to_le_bytes()).collect();
        let c = file("{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }\n", &data);
        assert_eq!(parse(&c).unwrap().values, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let fortran = file("{'descr': '<i4', 'fortran_order': True, 'shape': (2, 3), }\n", &data);
        assert_eq!(parse(&fortran).unwrap().values, [1.0, 3.0, 5.0, 2.0, 4.0, 6.0]);
        let big = file("{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }\n", &2.5f64.to_be_bytes());
        assert_eq!(parse(&big).unwrap().values, [2.5]);
    }

    #[test]
    fn what_is_no_array_is_refused_by_name() {
        let header = |kind: &str, shape: &str| {
            format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n")
        };
        assert_eq!(parse(b"PK"), Err(NpyError::NotNpy));
        assert!(matches!(parse(b"\x93NUMPY\x01\x00\xff\xff"), Err(NpyError::Header(_))));
        assert!(matches!(parse(&file(&header("|O", "(3,)"), &[0; 24])), Err(NpyError::Kind(_))));
        assert!(matches!(parse(&file(&header("<f8", "(3,)"), &[0; 23])), Err(NpyError::Truncated { .. })));
        let huge = header("<f8", "(99999999999, 99999999999)");
        assert_eq!(parse(&file(&huge, &[])), Err(NpyError::TooLarge));
        let nan = file(&header("<f8", "(1,)"), &f64::NAN.to_le_bytes());
        assert_eq!(parse(&nan), Err(NpyError::NotFinite(0)));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(rows in 1usize..20, columns in 1usize..5, scale in -1e3..1e3f64) {
            let values: Vec<f64> = (0..rows * columns).map(|i| scale * i as f64).collect();
            let mut bytes = Vec::new();
            write(&mut bytes, &[rows, columns], values.iter().copied()).unwrap();
            prop_assert_eq!(parse(&bytes).unwrap(), Array { shape: vec![rows, columns], values });
        }

        #[test]
        fn any_bytes_give_an_array_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut with_magic = b"\x93NUMPY\x01\x00".to_vec();
            with_magic.extend(&bytes);
            let _ = (parse(&bytes), parse(&with_magic));
        }
    }
}
