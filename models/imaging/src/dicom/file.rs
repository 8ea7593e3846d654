//! One DICOM file: its standard elements and where its pixel data lie.

use super::attributes::Attributes;
use super::layout::{self, Layout, LayoutError, PixelSpan};
use super::syntax::Syntax;
use crate::source::{Blob, ReadError};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use dicom_transfer_syntax_registry::entries::{
    EXPLICIT_VR_BIG_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN,
};
use std::borrow::Cow;
use std::io::Read;

/// The header of a slice fits into this many bytes as a rule; a longer one costs a second read.
const HEAD_BYTES: usize = 64 << 10;
/// Most bytes a deflated data set may inflate to.
const MAX_INFLATED: u64 = 2 << 30;

/// A parsed file: everything up to the pixel data.
#[derive(Debug)]
pub(crate) struct DicomFile {
    /// File name, for messages.
    pub(crate) name: String,
    /// Transfer syntax.
    pub(crate) syntax: Syntax,
    /// Standard elements, without private groups, and of the patient module only what tells one patient from another.
    pub(crate) object: InMemDicomObject,
    /// First byte of the data set in the file.
    pub(crate) dataset: usize,
    /// Where the pixel data lie, from the start of the data set.
    pub(crate) pixels: Option<PixelSpan>,
}

impl DicomFile {
    /// Reads as much of a file as its header takes. `None` where it is no DICOM file.
    pub(crate) fn open(blob: &Blob) -> Result<Option<Self>, ReadError> {
        let head = blob.prefix(HEAD_BYTES)?;
        let parsed = match parse(blob.name(), &head) {
            Err(Refused::Layout(LayoutError::Short)) if blob.len() > head.len() as u64 => {
                parse(blob.name(), &blob.bytes()?)
            }
            parsed => parsed,
        };
        match parsed {
            Ok(file) => Ok(Some(file)),
            Err(Refused::Layout(LayoutError::NotDicom)) => Ok(None),
            Err(refused) => Err(refused.explain(blob.name(), blob.len())),
        }
    }

    /// The series a file belongs to, where [`DicomFile::open`] fails behind the element that says so.
    pub(crate) fn series_of_damaged(blob: &Blob) -> Option<String> {
        layout::series_uid(&blob.prefix(HEAD_BYTES).ok()?)
    }

    /// Reads a whole file in memory.
    pub(crate) fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, ReadError> {
        parse(name, bytes).map_err(|refused| refused.explain(name, bytes.len() as u64))
    }

    /// Series Instance UID.
    pub(crate) fn series(&self) -> Option<String> {
        self.object.text(tags::SERIES_INSTANCE_UID)
    }
}

/// The data set in the bytes of the whole file, from byte `start` on.
pub(crate) fn dataset<'a>(
    name: &str,
    syntax: &Syntax,
    start: usize,
    bytes: &'a [u8],
) -> Result<Cow<'a, [u8]>, ReadError> {
    let rest = bytes.get(start..).unwrap_or_default();
    if !syntax.deflated() {
        return Ok(Cow::Borrowed(rest));
    }
    inflate(rest).map(Cow::Owned).map_err(|refused| refused.explain(name, bytes.len() as u64))
}

enum Refused {
    Layout(LayoutError),
    Inflate(String),
    Elements(String),
}

impl From<LayoutError> for Refused {
    fn from(error: LayoutError) -> Self {
        Refused::Layout(error)
    }
}

impl Refused {
    fn explain(self, file: &str, len: u64) -> ReadError {
        let file = file.to_owned();
        match self {
            Refused::Layout(LayoutError::Short) => {
                ReadError::Truncated { file, what: "its header", expected: len + 1, found: len }
            }
            Refused::Layout(LayoutError::NotDicom) => {
                ReadError::NotAnImage { file, reason: "it is not a DICOM file".to_owned() }
            }
            Refused::Layout(LayoutError::TooDeep) => {
                ReadError::Malformed { file, reason: "its sequences are nested too deeply".to_owned() }
            }
            Refused::Layout(LayoutError::Malformed(reason)) => {
                ReadError::Malformed { file, reason: reason.to_owned() }
            }
            Refused::Inflate(reason) | Refused::Elements(reason) => ReadError::Malformed { file, reason },
        }
    }
}

fn parse(name: &str, bytes: &[u8]) -> Result<DicomFile, Refused> {
    let preface = layout::preface(bytes)?;
    let syntax = Syntax { uid: preface.transfer_syntax };
    let rest = bytes.get(preface.dataset..).unwrap_or_default();
    let dataset = if syntax.deflated() { Cow::Owned(inflate(rest)?) } else { Cow::Borrowed(rest) };
    let Layout { encoding, standard, pixels } = layout::layout(&dataset, &syntax.uid)?;

    let elements: Vec<u8> = standard.into_iter().flat_map(|range| &dataset[range]).copied().collect();
    let encoded_as = match (encoding.explicit, encoding.big_endian) {
        (false, _) => IMPLICIT_VR_LITTLE_ENDIAN.erased(),
        (true, false) => EXPLICIT_VR_LITTLE_ENDIAN.erased(),
        (true, true) => EXPLICIT_VR_BIG_ENDIAN.erased(),
    };
    // The reader's own message may quote values, and with them patient data.
    let object = InMemDicomObject::read_dataset_with_ts(elements.as_slice(), &encoded_as)
        .map_err(|_| Refused::Elements("an element of its header cannot be read".to_owned()))?;
    Ok(DicomFile { name: name.to_owned(), syntax, object, dataset: preface.dataset, pixels })
}

fn inflate(deflated: &[u8]) -> Result<Vec<u8>, Refused> {
    let mut dataset = Vec::new();
    let read = flate2::read::DeflateDecoder::new(deflated).take(MAX_INFLATED + 1).read_to_end(&mut dataset);
    match read {
        // A prefix of the file ends in the middle of the stream.
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Err(Refused::Layout(LayoutError::Short))
        }
        Err(_) => Err(Refused::Inflate("its deflated data set cannot be inflated".to_owned())),
        Ok(len) if len as u64 > MAX_INFLATED => {
            Err(Refused::Inflate(format!("its data set inflates to more than {MAX_INFLATED} bytes")))
        }
        Ok(_) => Ok(dataset),
    }
}
