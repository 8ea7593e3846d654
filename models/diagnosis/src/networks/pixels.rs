//! `images.npy`: the images of all cases as numpy maps them into memory, and back.

use crate::images::Tensor;
use coxa_imaging::atomic;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// What stands before the text of a header: magic bytes, version 1.0 and the length of the text.
const PREFIX: usize = 10;
/// Numbers begin at a multiple of this.
const ALIGNMENT: usize = 64;

/// The header of an array of 32-bit floating-point numbers, the last axis fastest.
fn header(shape: [usize; 4]) -> Vec<u8> {
    let [cases, channels, rows, columns] = shape;
    let text = format!(
        "{{'descr': '<f4', 'fortran_order': False, 'shape': ({cases}, {channels}, {rows}, {columns}), }}"
    );
    let length = (PREFIX + text.len() + 1).next_multiple_of(ALIGNMENT) - PREFIX;
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((length as u16).to_le_bytes());
    bytes.extend(format!("{text:<0$}\n", length - 1).into_bytes());
    bytes
}

/// An array on its way to a file, case after case; the file appears when it is whole.
pub(super) struct Writer {
    file: BufWriter<NamedTempFile>,
    shape: [usize; 4],
}

impl Writer {
    pub(super) fn new(path: &Path, shape: [usize; 4]) -> io::Result<Writer> {
        let mut file = BufWriter::new(atomic::beside(path)?);
        file.write_all(&header(shape))?;
        Ok(Writer { file, shape })
    }

    /// The next case.
    pub(super) fn put(&mut self, image: &Tensor) -> io::Result<()> {
        if [image.channels, image.rows, image.columns] != self.shape[1..] {
            return Err(io::Error::other("the steps made an image of another size than the manifest says"));
        }
        image.values.iter().try_for_each(|value| self.file.write_all(&value.to_le_bytes()))
    }

    pub(super) fn finish(self, path: &Path) -> io::Result<()> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(path).map(drop).map_err(|error| error.error)
    }
}

/// One case of an array that this program wrote.
pub(super) fn read(path: &Path, shape: [usize; 4], case: usize) -> io::Result<Tensor> {
    let [_, channels, rows, columns] = shape;
    let mut bytes = vec![0; channels * rows * columns * 4];
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start((header(shape).len() + case * bytes.len()) as u64))?;
    file.read_exact(&mut bytes)?;
    let values = bytes.chunks_exact(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]));
    Ok(Tensor { channels, rows, columns, values: values.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_has_the_header_of_numpy_and_its_cases_come_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("images.npy");
        let image = |start: f32| Tensor {
            channels: 1,
            rows: 2,
            columns: 3,
            values: (0..6).map(|at| start + at as f32).collect(),
        };
        let mut writer = Writer::new(&path, [2, 1, 2, 3]).expect("it can be written");
        writer.put(&image(0.5)).expect("it fits");
        assert!(writer.put(&Tensor { rows: 3, ..image(0.0) }).is_err());
        writer.put(&image(10.0)).expect("it fits");
        assert!(!path.exists(), "it appears when it is whole");
        writer.finish(&path).expect("it is kept");
        let bytes = std::fs::read(&path).expect("it is there");
        // As numpy.save of numpy 1.24 writes an array of this shape.
        let text = b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1, 2, 3), }";
        assert!(bytes.starts_with(text));
        assert_eq!((bytes.len(), bytes[127]), (128 + 2 * 6 * 4, b'\n'));
        assert_eq!(read(&path, [2, 1, 2, 3], 1).expect("it is there"), image(10.0));
        assert!(read(&path, [2, 1, 2, 3], 2).is_err());
    }
}
