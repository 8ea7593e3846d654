//! Transfer syntaxes.

use super::layout;
use dicom_dictionary_std::uids;
use dicom_encoding::transfer_syntax::TransferSyntaxIndex;
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;

/// A transfer syntax by its UID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Syntax {
    /// The UID.
    pub(crate) uid: String,
}

/// How pixel data are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    /// Plain samples.
    Native,
    /// PackBits byte planes (PS3.5 annex G).
    Rle,
    /// JPEG (ISO 10918-1), lossy or lossless.
    Jpeg,
    /// JPEG-LS (ISO 14495-1).
    JpegLs,
    /// JPEG 2000 (ISO 15444-1).
    Jpeg2000,
    /// Not decoded here.
    Unsupported,
}

impl Syntax {
    /// The name in the standard.
    pub(crate) fn name(&self) -> String {
        let known = TransferSyntaxRegistry.get(&self.uid);
        known.map_or_else(|| "an unknown transfer syntax".to_owned(), |syntax| syntax.name().to_owned())
    }

    /// Whether the data set behind the meta information is deflated.
    pub(crate) fn deflated(&self) -> bool {
        self.uid == uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN
    }

    /// How pixel data are coded.
    pub(crate) fn coding(&self) -> Coding {
        match self.uid.as_str() {
            uids::IMPLICIT_VR_LITTLE_ENDIAN
            | uids::EXPLICIT_VR_LITTLE_ENDIAN
            | layout::EXPLICIT_VR_BIG_ENDIAN
            | uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN
            | uids::ENCAPSULATED_UNCOMPRESSED_EXPLICIT_VR_LITTLE_ENDIAN => Coding::Native,
            uids::RLE_LOSSLESS => Coding::Rle,
            uids::JPEG_BASELINE8_BIT
            | uids::JPEG_EXTENDED12_BIT
            | uids::JPEG_LOSSLESS
            | uids::JPEG_LOSSLESS_SV1 => Coding::Jpeg,
            uids::JPEGLS_LOSSLESS | uids::JPEGLS_NEAR_LOSSLESS => Coding::JpegLs,
            uids::JPEG2000_LOSSLESS | uids::JPEG2000 => Coding::Jpeg2000,
            _ => Coding::Unsupported,
        }
    }
}
