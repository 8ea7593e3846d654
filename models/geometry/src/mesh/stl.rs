//! The STL format, binary and text. It knows no frame, no unit and no shared vertices.

use super::Mesh;
use super::validate::{Defect, check_usable};
use crate::frame::Frame;
use crate::spatial::{Point, Vector};
use std::collections::HashMap;
use std::io::{self, Write};

/// Why bytes are not an STL mesh.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StlError {
    /// Neither the binary layout nor text that begins with `solid`.
    #[error("this is not an STL file: {0} bytes, and no text that begins with `solid`")]
    NotStl(usize),
    /// A binary file whose length does not fit its triangle count.
    #[error("the STL file declares {declared} triangles, but its length fits {present}")]
    WrongLength {
        /// Triangles in the header.
        declared: u32,
        /// Triangles that the file has room for.
        present: usize,
    },
    /// A line of a text file that is out of place.
    #[error("line {line} of the STL file is `{found}`, where `{expected}` should be")]
    UnexpectedLine {
        /// Line number from one.
        line: usize,
        /// The line, shortened.
        found: String,
        /// What should be there.
        expected: &'static str,
    },
    /// A text file without its last lines.
    #[error("the STL file ends early: `{0}` is missing")]
    Truncated(&'static str),
    /// A coordinate is infinite or not a number.
    #[error("triangle {0} has a coordinate that is not finite")]
    NotFinite(usize),
}

/// Reads a mesh; coordinates are taken as millimetres in frame `F`. Corners in exactly the same place become one
/// vertex; triangles that have two of them lose no area and are dropped. The stored normals are not used:
/// the order of the corners decides.
///
/// # Errors
/// Any [`StlError`].
pub fn parse<F: Frame>(bytes: &[u8]) -> Result<Mesh<F>, StlError> {
    // Binary files may begin with `solid` as well, so the length decides first.
    let declared = bytes.get(80..84).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    let present = bytes.len().saturating_sub(84) / 50;
    let fits = declared.is_some_and(|n| 84 + 50 * u64::from(n) == bytes.len() as u64);
    let looks_like_text =
        bytes.trim_ascii_start().get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"solid"));
    match declared {
        Some(_) if fits => parse_binary(&bytes[84..]),
        _ if looks_like_text => parse_text(bytes),
        Some(declared) => Err(StlError::WrongLength { declared, present }),
        None => Err(StlError::NotStl(bytes.len())),
    }
}

fn parse_binary<F: Frame>(records: &[u8]) -> Result<Mesh<F>, StlError> {
    let mut weld = Weld::default();
    for record in records.chunks_exact(50) {
        let (floats, _) = record[12..48].as_chunks::<4>();
        let value = |i: usize| f64::from(f32::from_le_bytes(floats[i]));
        weld.add(std::array::from_fn(|corner| std::array::from_fn(|axis| value(3 * corner + axis))))?;
    }
    Ok(weld.mesh)
}

fn parse_text<F: Frame>(bytes: &[u8]) -> Result<Mesh<F>, StlError> {
    let mut weld = Weld::default();
    let text = String::from_utf8_lossy(bytes);
    let mut lines =
        text.lines().enumerate().map(|(i, line)| (i + 1, line.trim())).filter(|(_, l)| !l.is_empty());
    let unexpected = |(line, text): (usize, &str), expected| StlError::UnexpectedLine {
        line,
        found: text.chars().take(60).collect(),
        expected,
    };
    let mut in_solid = false;
    while let Some(line) = lines.next() {
        match (first_word(line.1).as_str(), in_solid) {
            ("solid", false) => in_solid = true,
            ("endsolid", true) => in_solid = false,
            ("facet", true) => {
                let mut expect = |expected: &'static str| {
                    let line = lines.next().ok_or(StlError::Truncated(expected))?;
                    let words = expected.split(' ').next().unwrap_or(expected);
                    if first_word(line.1) == words { Ok(line) } else { Err(unexpected(line, expected)) }
                };
                expect("outer loop")?;
                let mut corners = [[0.0; 3]; 3];
                for corner in &mut corners {
                    let line = expect("vertex x y z")?;
                    *corner = coordinates(line.1).ok_or_else(|| unexpected(line, "vertex x y z"))?;
                }
                expect("endloop")?;
                expect("endfacet")?;
                weld.add(corners)?;
            }
            (_, true) => return Err(unexpected(line, "facet or endsolid")),
            (_, false) => return Err(unexpected(line, "solid")),
        }
    }
    if in_solid { Err(StlError::Truncated("endsolid")) } else { Ok(weld.mesh) }
}

fn first_word(line: &str) -> String {
    line.split_ascii_whitespace()
        .next()
        .unwrap_or_default()
        .chars()
        .take(10)
        .collect::<String>()
        .to_ascii_lowercase()
}

fn coordinates(line: &str) -> Option<[f64; 3]> {
    let mut numbers = line.split_ascii_whitespace().skip(1).map(|word| word.parse().ok());
    let coordinates = [numbers.next()??, numbers.next()??, numbers.next()??];
    numbers.next().is_none().then_some(coordinates)
}

/// Joins corners that are in exactly the same place.
struct Weld<F: Frame> {
    mesh: Mesh<F>,
    index: HashMap<[u64; 3], u32>,
    triangles_seen: usize,
}

impl<F: Frame> Default for Weld<F> {
    fn default() -> Self {
        Weld { mesh: Mesh::default(), index: HashMap::new(), triangles_seen: 0 }
    }
}

impl<F: Frame> Weld<F> {
    fn add(&mut self, corners: [[f64; 3]; 3]) -> Result<(), StlError> {
        if !corners.iter().flatten().all(|c| c.is_finite()) {
            return Err(StlError::NotFinite(self.triangles_seen));
        }
        self.triangles_seen += 1;
        let triangle = corners.map(|[x, y, z]| {
            // Adding zero makes one of the two zeros.
            let key = [x, y, z].map(|c| (c + 0.0).to_bits());
            let vertices = &mut self.mesh.vertices;
            *self.index.entry(key).or_insert_with(|| {
                vertices.push(Point::new(x, y, z));
                (vertices.len() - 1) as u32
            })
        });
        if triangle[0] != triangle[1] && triangle[1] != triangle[2] && triangle[2] != triangle[0] {
            self.mesh.triangles.push(triangle);
        }
        Ok(())
    }
}

/// Why a mesh could not be written.
#[derive(Debug, thiserror::Error)]
pub enum StlWriteError {
    /// The mesh has no triangle, a vertex that is not finite, or an index out of range.
    #[error("the mesh cannot be written as STL: {0}")]
    Unusable(#[from] Defect),
    /// More triangles than the format can count.
    #[error("an STL file holds at most 4,294,967,295 triangles")]
    TooManyTriangles,
    /// The writer failed.
    #[error("the STL file could not be written: {0}")]
    Io(#[from] io::Error),
}

/// Writes a mesh in binary. The format has single precision: a coordinate of 300 mm is rounded to 0.00002 mm.
///
/// # Errors
/// Any [`StlWriteError`].
pub fn write<F: Frame>(mesh: &Mesh<F>, mut to: impl Write) -> Result<(), StlWriteError> {
    check_usable(mesh)?;
    let count = u32::try_from(mesh.triangles.len()).map_err(|_| StlWriteError::TooManyTriangles)?;
    // Must not begin with `solid`, which readers take for text.
    let mut header = [b' '; 80];
    let text = b"binary STL, unit mm";
    header[..text.len()].copy_from_slice(text);
    to.write_all(&header)?;
    to.write_all(&count.to_le_bytes())?;
    for t in 0..mesh.triangles.len() {
        let (normal, corners) = facet(mesh, t);
        for value in [normal, corners[0], corners[1], corners[2]].iter().flatten() {
            to.write_all(&(*value as f32).to_le_bytes())?;
        }
        to.write_all(&[0, 0])?;
    }
    Ok(to.flush()?)
}

/// Writes a mesh as text, with enough digits that coordinates read back bit for bit.
///
/// # Errors
/// Any [`StlWriteError`].
pub fn write_text<F: Frame>(mesh: &Mesh<F>, mut to: impl Write) -> Result<(), StlWriteError> {
    check_usable(mesh)?;
    writeln!(to, "solid mesh")?;
    for t in 0..mesh.triangles.len() {
        let ([x, y, z], corners) = facet(mesh, t);
        writeln!(to, "  facet normal {x} {y} {z}\n    outer loop")?;
        for [x, y, z] in corners {
            writeln!(to, "      vertex {x} {y} {z}")?;
        }
        writeln!(to, "    endloop\n  endfacet")?;
    }
    writeln!(to, "endsolid mesh")?;
    Ok(to.flush()?)
}

/// Unit normal (zero without area) and corners.
fn facet<F: Frame>(mesh: &Mesh<F>, triangle: usize) -> ([f64; 3], [[f64; 3]; 3]) {
    let [a, b, c] = mesh.corners(triangle);
    let normal = (b - a).cross(c - a).normalised().unwrap_or(Vector::new(0.0, 0.0, 0.0));
    ([normal.x(), normal.y(), normal.z()], [a, b, c].map(|p| [p.x(), p.y(), p.z()]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Pelvis;
    use crate::mesh::tests::{cube, sphere};
    use crate::mesh::validate::first_defect;
    use proptest::prelude::*;

    fn binary(mesh: &Mesh<Pelvis>) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(mesh, &mut bytes).unwrap();
        bytes
    }

    fn check_refused(bytes: &[u8], expected: &str) {
        assert_eq!(parse::<Pelvis>(bytes).unwrap_err().to_string(), expected);
    }

    #[test]
    fn a_watertight_mesh_comes_back_watertight() {
        let mesh = sphere(12.3, 20);
        let read = parse::<Pelvis>(&binary(&mesh)).unwrap();
        assert_eq!(first_defect(&read), None);
        assert_eq!((read.vertices.len(), read.triangles.len()), (mesh.vertices.len(), mesh.triangles.len()));
        assert!((read.signed_volume() / mesh.signed_volume() - 1.0).abs() < 1e-6);

        let mut text = Vec::new();
        write_text(&mesh, &mut text).unwrap();
        let read = parse::<Pelvis>(&text).unwrap();
        assert_eq!(first_defect(&read), None);
        for t in 0..mesh.triangles.len() {
            assert_eq!(read.corners(t), mesh.corners(t));
        }
    }

    #[test]
    fn a_binary_file_may_begin_with_solid() {
        let mut bytes = binary(&cube(2.0));
        bytes[..5].copy_from_slice(b"solid");
        assert_eq!(parse::<Pelvis>(&bytes).unwrap().triangles.len(), 12);
    }

    #[test]
    fn text_is_read_whatever_its_case_line_ends_and_solids() {
        let text = "SOLID one facet\r\n FACET NORMAL 0 0 1\r\n OUTER LOOP\r\n vertex 0 0 -0\r\nvertex 1e0 0 0\r\n\
                    VERTEX 0 1 0\r\nENDLOOP\r\nENDFACET\r\nENDSOLID\r\n\nsolid two\nendsolid two\n";
        let mesh = parse::<Pelvis>(text.as_bytes()).unwrap();
        assert_eq!((mesh.vertices.len(), mesh.triangles.len()), (3, 1));
    }

    #[test]
    fn bad_files_are_refused_with_the_reason() {
        let bytes = binary(&cube(2.0));
        check_refused(b"", "this is not an STL file: 0 bytes, and no text that begins with `solid`");
        check_refused(&bytes[..134], "the STL file declares 12 triangles, but its length fits 1");
        let mut absurd = bytes.clone();
        absurd[80..84].copy_from_slice(&[255; 4]);
        check_refused(&absurd, "the STL file declares 4294967295 triangles, but its length fits 12");
        let mut nan = bytes;
        nan[84 + 50 + 12..][..4].copy_from_slice(&f32::NAN.to_le_bytes());
        check_refused(&nan, "triangle 1 has a coordinate that is not finite");
        check_refused(
            b"solid\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\n",
            "the STL file ends early: `vertex x y z` is missing",
        );
        check_refused(b"solid\n", "the STL file ends early: `endsolid` is missing");
        check_refused(
            b"solid\nfacet normal 0 0 1\nouter loop\nvertex 0 0 nought\n",
            "line 4 of the STL file is `vertex 0 0 nought`, where `vertex x y z` should be",
        );
        check_refused(
            b"solid\nvertex 0 0 0\n",
            "line 2 of the STL file is `vertex 0 0 0`, where `facet or endsolid` should be",
        );
    }

    #[test]
    fn a_mesh_with_a_bad_index_is_not_written() {
        let mut mesh = cube(1.0);
        mesh.triangles[0][0] = 100;
        assert!(matches!(write(&mesh, Vec::new()), Err(StlWriteError::Unusable(_))));
        assert!(matches!(write_text(&mesh, Vec::new()), Err(StlWriteError::Unusable(_))));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_mesh_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = parse::<Pelvis>(&bytes);
            let mut text = b"solid\nfacet normal 0 0 1\nouter loop\n".to_vec();
            text.extend(bytes);
            let _ = parse::<Pelvis>(&text);
        }
    }
}
