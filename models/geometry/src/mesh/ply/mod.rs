//! The Stanford polygon format (Turk 1994): text, little and big endian, with any further elements and properties.

mod error;
mod header;

use super::Mesh;
use crate::frame::Frame;
use crate::spatial::Point;
pub use error::PlyError;
use header::{Element, Encoding, FRAME_COMMENT, Header, Kind, Scalar, excerpt};
use std::io::{self, Write};

/// Reads a mesh in millimetres. Polygons become fans of triangles around their first corner; whatever else the
/// file holds (normals, colours, other elements) is passed over.
///
/// # Errors
/// Any [`PlyError`]. A file whose header names a frame, as files of this program do, must be in frame `F`.
pub fn parse<F: Frame>(bytes: &[u8]) -> Result<Mesh<F>, PlyError> {
    let (header, data) = header::parse(bytes)?;
    if let Some(found) = header.frame.clone().filter(|found| found != F::NAME) {
        return Err(PlyError::WrongFrame { found, wanted: F::NAME });
    }
    let mut body = Body { header: &header, data: &bytes[data..], at: 0 };
    let (mut vertices, mut faces) = (None, None);
    for element in &header.elements {
        match element.name.as_str() {
            "vertex" if vertices.is_some() => return Err(PlyError::Repeated(element.name.clone())),
            "face" if faces.is_some() => return Err(PlyError::Repeated(element.name.clone())),
            "vertex" => vertices = Some(body.vertices(element)?),
            "face" => faces = Some(body.faces(element)?),
            "tristrips" => return Err(PlyError::NoIndexList(element.name.clone())),
            _ => body.skip(element)?,
        }
    }
    let vertices = vertices.ok_or(PlyError::NoVertices)?;
    let triangles: Vec<[u32; 3]> = faces.unwrap_or_default();
    for (triangle, corners) in triangles.iter().enumerate() {
        if let Some(index) = corners.iter().find(|&&i| i as usize >= vertices.len()) {
            return Err(PlyError::IndexOutOfRange { triangle, index: index.to_string() });
        }
    }
    Ok(Mesh { vertices, triangles })
}

/// A number of any of the format's types; all of them fit an f64.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Number(f64);

impl Number {
    fn integer(self) -> Option<i64> {
        // Within 2^53 the conversion is exact.
        (self.0.fract() == 0.0 && self.0.abs() < 9e15).then_some(self.0 as i64)
    }
}

struct Body<'a> {
    header: &'a Header,
    data: &'a [u8],
    at: usize,
}

impl<'a> Body<'a> {
    fn vertices<F: Frame>(&mut self, element: &Element) -> Result<Vec<Point<F>>, PlyError> {
        let column = |name: &str| {
            let is_scalar = |kind| matches!(kind, Kind::Scalar(_));
            element
                .properties
                .iter()
                .position(|p| p.name == name && is_scalar(p.kind))
                .ok_or(PlyError::NoVertices)
        };
        let columns = [column("x")?, column("y")?, column("z")?];
        if element.count > u64::from(u32::MAX) {
            return Err(PlyError::TooManyVertices(element.count));
        }
        let mut vertices = Vec::with_capacity(self.capacity(element, 0));
        for row in 0..element.count {
            let mut xyz = [0.0; 3];
            for (i, property) in element.properties.iter().enumerate() {
                match property.kind {
                    Kind::Scalar(scalar) => {
                        let Number(value) = self.number(scalar, element, row)?;
                        for (to, &wanted) in xyz.iter_mut().zip(&columns) {
                            if wanted == i {
                                *to = value;
                            }
                        }
                    }
                    Kind::List { length, item } => {
                        self.list(length, item, element, row, |_| ())?;
                    }
                }
            }
            let point = Point::new(xyz[0], xyz[1], xyz[2]);
            if !point.is_finite() {
                return Err(PlyError::NotFinite(row));
            }
            vertices.push(point);
        }
        Ok(vertices)
    }

    /// Triangles; whether the vertices exist is checked once all are known.
    fn faces(&mut self, element: &Element) -> Result<Vec<[u32; 3]>, PlyError> {
        let is_indices = |p: &header::Property| {
            matches!(p.name.as_str(), "vertex_indices" | "vertex_index")
                && matches!(p.kind, Kind::List { .. })
        };
        let column = element.properties.iter().position(is_indices);
        let column = column.ok_or_else(|| PlyError::NoIndexList(element.name.clone()))?;
        let mut triangles = Vec::with_capacity(self.capacity(element, 3));
        for row in 0..element.count {
            for (i, property) in element.properties.iter().enumerate() {
                match property.kind {
                    Kind::Scalar(scalar) => {
                        self.number(scalar, element, row)?;
                    }
                    Kind::List { length, item } if i == column => {
                        let (mut first, mut last, mut bad_index) = (None, None, None);
                        let corners = self.list(length, item, element, row, |corner| {
                            let index = corner.integer().and_then(|i| u32::try_from(i).ok());
                            match (index, first, last) {
                                (None, ..) => bad_index = bad_index.or(Some(corner.0)),
                                (_, None, _) => first = index,
                                (_, _, None) => last = index,
                                (Some(c), Some(a), Some(b)) => {
                                    triangles.push([a, b, c]);
                                    last = index;
                                }
                            }
                        })?;
                        if let Some(index) = bad_index {
                            let (triangle, index) = (triangles.len(), index.to_string());
                            return Err(PlyError::IndexOutOfRange { triangle, index });
                        }
                        if corners < 3 {
                            return Err(PlyError::TooFewCorners { row, corners });
                        }
                    }
                    Kind::List { length, item } => {
                        self.list(length, item, element, row, |_| ())?;
                    }
                }
            }
        }
        Ok(triangles)
    }

    fn skip(&mut self, element: &Element) -> Result<(), PlyError> {
        if element.properties.is_empty() {
            // Takes no room in the file, whatever the count says.
            return Ok(());
        }
        for row in 0..element.count {
            for property in &element.properties {
                match property.kind {
                    Kind::Scalar(scalar) => {
                        self.number(scalar, element, row)?;
                    }
                    Kind::List { length, item } => {
                        self.list(length, item, element, row, |_| ())?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Reads a list, item by item, and returns its length.
    fn list(
        &mut self,
        length: Scalar,
        item: Scalar,
        element: &Element,
        row: u64,
        mut each: impl FnMut(Number),
    ) -> Result<i64, PlyError> {
        let length = self.number(length, element, row)?;
        let count = length.integer().filter(|&n| n >= 0).ok_or_else(|| PlyError::BadNumber {
            value: length.0.to_string(),
            element: element.name.clone(),
            row,
        })?;
        for _ in 0..count {
            each(self.number(item, element, row)?);
        }
        Ok(count)
    }

    fn number(&mut self, scalar: Scalar, element: &Element, row: u64) -> Result<Number, PlyError> {
        let value = match self.header.encoding {
            Encoding::Text => return self.text_number(scalar, element, row),
            Encoding::LittleEndian => self.take(scalar.bytes()).and_then(|b| from_le(scalar, b)),
            Encoding::BigEndian => self.take(scalar.bytes()).and_then(|b| from_be(scalar, b)),
        };
        value.map(Number).ok_or_else(|| truncated(element, row))
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let bytes = self.data.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(bytes)
    }

    fn text_number(&mut self, scalar: Scalar, element: &Element, row: u64) -> Result<Number, PlyError> {
        let rest = &self.data[self.at..];
        let start =
            rest.iter().position(|b| !b.is_ascii_whitespace()).ok_or_else(|| truncated(element, row))?;
        let word = &rest[start..];
        let word = &word[..word.iter().position(u8::is_ascii_whitespace).unwrap_or(word.len())];
        self.at += start + word.len();
        let bad = || PlyError::BadNumber {
            value: excerpt(&String::from_utf8_lossy(&word[..word.len().min(240)])),
            element: element.name.clone(),
            row,
        };
        let value: f64 = std::str::from_utf8(word).ok().and_then(|w| w.parse().ok()).ok_or_else(bad)?;
        // Some programs write integer properties with a decimal point; a fraction or a value out of range is an
        // error.
        let range = match scalar {
            Scalar::I8 => -128.0..=127.0,
            Scalar::U8 => 0.0..=255.0,
            Scalar::I16 => -32_768.0..=32_767.0,
            Scalar::U16 => 0.0..=65_535.0,
            Scalar::I32 => f64::from(i32::MIN)..=f64::from(i32::MAX),
            Scalar::U32 => 0.0..=f64::from(u32::MAX),
            Scalar::F32 | Scalar::F64 => return Ok(Number(value)),
        };
        if value.fract() == 0.0 && range.contains(&value) { Ok(Number(value)) } else { Err(bad()) }
    }

    /// Rows to make room for: never more than the rest of the file can hold, if the lists of a row have at least
    /// `list_items` items.
    fn capacity(&self, element: &Element, list_items: usize) -> usize {
        let rest = self.data.len() - self.at;
        let least = (element.least_row_bytes(self.header.encoding) + list_items).max(1);
        usize::try_from(element.count).unwrap_or(usize::MAX).min(rest / least + 1)
    }
}

fn truncated(element: &Element, row: u64) -> PlyError {
    PlyError::Truncated { element: element.name.clone(), row, count: element.count }
}

fn from_le(scalar: Scalar, bytes: &[u8]) -> Option<f64> {
    Some(match scalar {
        Scalar::I8 => f64::from(i8::from_le_bytes(bytes.try_into().ok()?)),
        Scalar::U8 => f64::from(u8::from_le_bytes(bytes.try_into().ok()?)),
        Scalar::I16 => f64::from(i16::from_le_bytes(bytes.try_into().ok()?)),
        Scalar::U16 => f64::from(u16::from_le_bytes(bytes.try_into().ok()?)),
        Scalar::I32 => f64::from(i32::from_le_bytes(bytes.try_into().ok()?)),
        Scalar::U32 => f64::from(u32::from_le_bytes(bytes.try_into().ok()?)),
        Scalar::F32 => f64::from(f32::from_le_bytes(bytes.try_into().ok()?)),
        Scalar::F64 => f64::from_le_bytes(bytes.try_into().ok()?),
    })
}

fn from_be(scalar: Scalar, bytes: &[u8]) -> Option<f64> {
    let mut reversed = [0; 8];
    let reversed = reversed.get_mut(..bytes.len())?;
    reversed.copy_from_slice(bytes);
    reversed.reverse();
    from_le(scalar, reversed)
}

/// Writes a mesh in binary (little endian) with double precision, so that it reads back bit for bit. The header
/// names unit and frame.
///
/// # Errors
/// What the writer reports.
pub fn write<F: Frame>(mesh: &Mesh<F>, mut to: impl Write) -> io::Result<()> {
    write_header(mesh, &mut to, "binary_little_endian")?;
    for vertex in &mesh.vertices {
        for coordinate in [vertex.x(), vertex.y(), vertex.z()] {
            to.write_all(&coordinate.to_le_bytes())?;
        }
    }
    for triangle in &mesh.triangles {
        to.write_all(&[3])?;
        for index in triangle {
            to.write_all(&index.to_le_bytes())?;
        }
    }
    to.flush()
}

/// Writes a mesh as text, with enough digits that it reads back bit for bit.
///
/// # Errors
/// What the writer reports.
pub fn write_text<F: Frame>(mesh: &Mesh<F>, mut to: impl Write) -> io::Result<()> {
    write_header(mesh, &mut to, "ascii")?;
    for vertex in &mesh.vertices {
        writeln!(to, "{} {} {}", vertex.x(), vertex.y(), vertex.z())?;
    }
    for [a, b, c] in &mesh.triangles {
        writeln!(to, "3 {a} {b} {c}")?;
    }
    to.flush()
}

fn write_header<F: Frame>(mesh: &Mesh<F>, to: &mut impl Write, format: &str) -> io::Result<()> {
    let (vertices, triangles) = (mesh.vertices.len(), mesh.triangles.len());
    write!(
        to,
        "ply\nformat {format} 1.0\ncomment unit: mm\ncomment {FRAME_COMMENT}{}\n\
         element vertex {vertices}\nproperty double x\nproperty double y\nproperty double z\n\
         element face {triangles}\nproperty list uchar uint vertex_indices\nend_header\n",
        F::NAME
    )
}

#[cfg(test)]
mod tests;
