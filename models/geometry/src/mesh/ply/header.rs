//! The PLY header: what the file says it holds.

use super::error::PlyError;

/// Longest header that is read, in bytes. Real ones have a few hundred; scanners write a comment per view.
const LONGEST_HEADER: usize = 1 << 20;
/// Most elements, and most properties of one element.
const MOST_ENTRIES: usize = 1000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Text,
    LittleEndian,
    BigEndian,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scalar {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    F32,
    F64,
}

impl Scalar {
    pub(super) const fn bytes(self) -> usize {
        match self {
            Scalar::I8 | Scalar::U8 => 1,
            Scalar::I16 | Scalar::U16 => 2,
            Scalar::I32 | Scalar::U32 | Scalar::F32 => 4,
            Scalar::F64 => 8,
        }
    }

    fn from_name(name: &str) -> Result<Self, PlyError> {
        Ok(match name {
            "char" | "int8" => Scalar::I8,
            "uchar" | "uint8" => Scalar::U8,
            "short" | "int16" => Scalar::I16,
            "ushort" | "uint16" => Scalar::U16,
            "int" | "int32" => Scalar::I32,
            "uint" | "uint32" => Scalar::U32,
            "float" | "float32" => Scalar::F32,
            "double" | "float64" => Scalar::F64,
            _ => return Err(PlyError::UnknownType(excerpt(name))),
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar(Scalar),
    List { length: Scalar, item: Scalar },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Property {
    pub(super) name: String,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) count: u64,
    pub(super) properties: Vec<Property>,
}

impl Element {
    /// The least that one row takes in the file: lists may be empty, a text value is a digit and a separator.
    pub(super) fn least_row_bytes(&self, encoding: Encoding) -> usize {
        let least = |property: &Property| match (encoding, property.kind) {
            (Encoding::Text, _) => 2,
            (_, Kind::Scalar(scalar)) => scalar.bytes(),
            (_, Kind::List { length, .. }) => length.bytes(),
        };
        self.properties.iter().map(least).sum()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) encoding: Encoding,
    pub(super) elements: Vec<Element>,
    /// Frame that a file of this program says it is in.
    pub(super) frame: Option<String>,
}

/// What precedes the frame's name in the comment that this program writes.
pub(super) const FRAME_COMMENT: &str = "frame: ";

/// Reads the header; the second value is where the data start.
pub(super) fn parse(bytes: &[u8]) -> Result<(Header, usize), PlyError> {
    let mut lines = Lines { bytes: &bytes[..bytes.len().min(LONGEST_HEADER)], at: 0 };
    if lines.next() != Some("ply") {
        return Err(PlyError::NotPly);
    }
    let mut encoding = None;
    let mut frame = None;
    let mut elements: Vec<Element> = Vec::new();
    loop {
        let line = lines.next().ok_or(PlyError::NoEndOfHeader)?;
        let bad_line = || PlyError::HeaderLine(excerpt(line));
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        match words[..] {
            ["end_header"] => break,
            ["comment", ..] => {
                let text = line.trim_start_matches("comment").trim();
                frame = frame.or_else(|| text.strip_prefix(FRAME_COMMENT).map(excerpt));
            }
            ["obj_info", ..] | [] => {}
            ["format", name, "1.0"] => {
                encoding = Some(match name {
                    "ascii" => Encoding::Text,
                    "binary_little_endian" => Encoding::LittleEndian,
                    "binary_big_endian" => Encoding::BigEndian,
                    _ => return Err(bad_line()),
                });
            }
            ["element", name, count] if elements.len() < MOST_ENTRIES => {
                let count = count.parse().map_err(|_| bad_line())?;
                elements.push(Element { name: excerpt(name), count, properties: Vec::new() });
            }
            ["property", ref rest @ ..] => {
                let (kind, name) = match *rest {
                    ["list", length, item, name] => {
                        let (length, item) = (Scalar::from_name(length)?, Scalar::from_name(item)?);
                        (Kind::List { length, item }, name)
                    }
                    [scalar, name] => (Kind::Scalar(Scalar::from_name(scalar)?), name),
                    _ => return Err(bad_line()),
                };
                let element = elements.last_mut().ok_or_else(bad_line)?;
                if element.properties.len() >= MOST_ENTRIES {
                    return Err(bad_line());
                }
                element.properties.push(Property { name: excerpt(name), kind });
            }
            _ => return Err(bad_line()),
        }
    }
    let encoding = encoding.ok_or(PlyError::NoFormat)?;
    Ok((Header { encoding, elements, frame }, lines.at))
}

/// At most 60 characters of foreign text for a message.
pub(super) fn excerpt(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Lines ended by line feed, carriage return, or both.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    /// `None` at the end and where a line is no UTF-8 text.
    fn next(&mut self) -> Option<&'a str> {
        let rest = self.bytes.get(self.at..)?;
        let length = rest.iter().position(|&b| b == b'\n' || b == b'\r')?;
        let both = rest[length] == b'\r' && rest.get(length + 1) == Some(&b'\n');
        self.at += length + if both { 2 } else { 1 };
        std::str::from_utf8(&rest[..length]).ok()
    }
}
