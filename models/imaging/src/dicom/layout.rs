//! Where the parts of a DICOM file lie in its bytes (PS3.10 section 7, PS3.5 section 7).
//!
//! dicom-object reads element values; this walk runs before it and answers what it does not: at which byte
//! the
//! pixel data start, how long they claim to be, and whether any length leads out of the file. It also bounds
//! the
//! depth of nested sequences, so that a recursive reader cannot be driven out of its stack, and leaves out
//! private
//! groups and the patient module but for what tells one patient from another, so that their garbage cannot hurt and their content
//! cannot leak.

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_core::{Tag, VR};
use dicom_dictionary_std::{StandardDataDictionary, tags, uids};
use std::ops::Range;

/// Sequences nested deeper than this are refused; the deepest standard objects have about ten levels.
const MAX_DEPTH: usize = 32;
/// A length field of all ones: the end is marked by a delimiter.
const UNDEFINED: u32 = u32::MAX;
/// Retired from the standard, still in archives.
pub(crate) const EXPLICIT_VR_BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";
/// What tells one patient from another, compared and never shown.
const TELL_APART: [Tag; 2] = [tags::PATIENT_ID, tags::PATIENT_BIRTH_DATE];
/// No identifier has more bytes.
const MOST_TO_TELL: u32 = 64;
const PIXEL_DATA: Tag = tags::PIXEL_DATA;
const ITEM: Tag = Tag(0xFFFE, 0xE000);
const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);

/// Why the walk stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LayoutError {
    /// Not a DICOM file.
    NotDicom,
    /// A value reaches beyond the bytes given: they are a prefix of the file, or the file is truncated.
    Short,
    /// Sequences are nested too deeply.
    TooDeep,
    /// The structure breaks a rule.
    Malformed(&'static str),
}

/// How elements are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Encoding {
    /// Value representations are written out.
    pub(crate) explicit: bool,
    /// Most significant byte first.
    pub(crate) big_endian: bool,
}

impl Encoding {
    fn of(transfer_syntax: &str) -> Self {
        Encoding {
            explicit: transfer_syntax != uids::IMPLICIT_VR_LITTLE_ENDIAN,
            big_endian: transfer_syntax == EXPLICIT_VR_BIG_ENDIAN,
        }
    }

    /// Some writers encode the data set otherwise than they say; the first element shows it.
    fn of_first_element(self, data: &[u8]) -> Self {
        match (self.big_endian, data.get(4..6)) {
            (false, Some(&[a, b])) => {
                Encoding { explicit: a.is_ascii_uppercase() && b.is_ascii_uppercase(), ..self }
            }
            _ => self,
        }
    }

    fn u16(self, bytes: [u8; 2]) -> u16 {
        if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
    }

    fn u32(self, bytes: [u8; 4]) -> u32 {
        if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    }
}

/// Preamble and file meta information.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Preface {
    /// First byte of the data set.
    pub(crate) dataset: usize,
    /// Transfer syntax UID; guessed from the first element where the file does not say.
    pub(crate) transfer_syntax: String,
    /// The file has no transfer syntax of its own.
    pub(crate) guessed: bool,
}

/// Where the pixel data lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PixelSpan {
    /// Float or Double Float Pixel Data instead of Pixel Data.
    pub(crate) float: bool,
    /// Value representation OB, as opposed to OW (or none).
    pub(crate) bytes: bool,
    /// First byte of the value, from the start of the data set.
    pub(crate) start: usize,
    /// Length of the value; `None` for encapsulated pixel data.
    pub(crate) len: Option<usize>,
}

/// The parts of a data set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Encoding of the elements.
    pub(crate) encoding: Encoding,
    /// Bytes of the sound standard elements before the pixel data, without private groups and patient module.
    pub(crate) standard: Vec<Range<usize>>,
    /// The pixel data, where there are any.
    pub(crate) pixels: Option<PixelSpan>,
}

/// Reads preamble and file meta information, or recognises a bare data set.
pub(crate) fn preface(data: &[u8]) -> Result<Preface, LayoutError> {
    let mut at = match data {
        _ if data.get(128..132) == Some(b"DICM") => 132,
        _ if data.starts_with(b"DICM") => 4,
        _ => 0,
    };
    let marked = at > 0;
    let meta = Encoding { explicit: true, big_endian: false };
    let mut transfer_syntax = None;
    while data.get(at..at + 2) == Some(&[2, 0]) {
        let element = element(data, at, meta)?;
        let end = end_of(&element, data.len())?;
        if element.tag == tags::TRANSFER_SYNTAX_UID {
            let text = String::from_utf8_lossy(&data[element.value..end]);
            transfer_syntax = Some(text.trim_end_matches(['\0', ' ']).to_owned()).filter(|t| !t.is_empty());
        }
        at = end;
    }
    let guess = guess(data, at);
    if transfer_syntax.is_none() && guess.is_none() {
        // A marked file that ends after its meta information is truncated rather than foreign.
        return Err(match marked {
            true if data.len() <= at + 8 => LayoutError::Short,
            true => LayoutError::Malformed("no valid data set follows the DICOM prefix"),
            false => LayoutError::NotDicom,
        });
    }
    let guessed = transfer_syntax.is_none();
    let transfer_syntax = transfer_syntax
        .or(guess.map(str::to_owned))
        .unwrap_or_else(|| uids::EXPLICIT_VR_LITTLE_ENDIAN.to_owned());
    Ok(Preface { dataset: at, transfer_syntax, guessed })
}

/// The transfer syntax a bare data set looks like: it starts in group 0008 (or 0002 without a mark).
fn guess(data: &[u8], at: usize) -> Option<&'static str> {
    let head: &[u8; 8] = data.get(at..at + 8)?.try_into().ok()?;
    let explicit = head[4].is_ascii_uppercase() && head[5].is_ascii_uppercase();
    match (head[0], head[1], explicit) {
        (8, 0, true) => Some(uids::EXPLICIT_VR_LITTLE_ENDIAN),
        (0, 8, true) => Some(EXPLICIT_VR_BIG_ENDIAN),
        // The first elements of group 0008 are short, so the upper half of an implicit length is zero.
        (8, 0, false) if head[6..8] == [0, 0] => Some(uids::IMPLICIT_VR_LITTLE_ENDIAN),
        _ => None,
    }
}

/// Walks the data set up to its pixel data. `data` may be a prefix of it.
pub(crate) fn layout(data: &[u8], transfer_syntax: &str) -> Result<Layout, LayoutError> {
    let encoding = Encoding::of(transfer_syntax).of_first_element(data);
    let mut standard: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    // Fewer bytes than an element header at the end are padding.
    while at + 8 <= data.len() {
        let element = element(data, at, encoding)?;
        let float = element.tag == tags::FLOAT_PIXEL_DATA || element.tag == tags::DOUBLE_FLOAT_PIXEL_DATA;
        if element.tag == PIXEL_DATA || float {
            let pixels = PixelSpan {
                float,
                bytes: encoding.explicit && &element.vr == b"OB",
                start: element.value,
                len: (element.len != UNDEFINED).then_some(element.len as usize),
            };
            return Ok(Layout { encoding, standard, pixels: Some(pixels) });
        }
        // What has a length but is broken inside is left out: a reader that believes its inner lengths would
        // allocate by
        // them.
        let (end, sound) = match skip(data, &element, encoding, 0) {
            Err(LayoutError::Malformed(_)) if element.len != UNDEFINED => {
                (end_of(&element, data.len())?, false)
            }
            end => (end?, true),
        };
        let Tag(group, _) = element.tag;
        let tells_apart = TELL_APART.contains(&element.tag) && element.len <= MOST_TO_TELL;
        let is_public = group % 2 == 0 && group >= 0x0008 && group != 0x0010;
        let wanted = sound && (is_public || tells_apart);
        match standard.last_mut() {
            _ if !wanted => {}
            Some(last) if last.end == at => last.end = end,
            _ => standard.push(at..end),
        }
        at = end;
    }
    Ok(Layout { encoding, standard, pixels: None })
}

/// The Series Instance UID of a file that is damaged further on. Nothing is inflated for it.
pub(crate) fn series_uid(data: &[u8]) -> Option<String> {
    let preface = preface(data).ok()?;
    if preface.transfer_syntax == uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN {
        return None;
    }
    let rest = data.get(preface.dataset..)?;
    let encoding = Encoding::of(&preface.transfer_syntax).of_first_element(rest);
    let mut at = 0;
    loop {
        let element = element(rest, at, encoding).ok()?;
        if element.tag == tags::SERIES_INSTANCE_UID {
            let text = rest.get(element.value..end_of(&element, rest.len()).ok()?)?;
            let uid = String::from_utf8_lossy(text).trim_matches(['\0', ' ']).to_owned();
            return Some(uid).filter(|uid| !uid.is_empty());
        }
        at = match skip(rest, &element, encoding, 0) {
            Err(LayoutError::Malformed(_)) => end_of(&element, rest.len()).ok()?,
            end => end.ok()?,
        };
    }
}

/// The fragments of encapsulated pixel data: offset table first. Ranges count from the start of the data set.
pub(crate) fn fragments(data: &[u8], start: usize) -> Result<Vec<Range<usize>>, LayoutError> {
    let little = Encoding { explicit: false, big_endian: false };
    let mut fragments = Vec::new();
    let mut at = start;
    loop {
        let item = element(data, at, little)?;
        match item.tag {
            ITEM if item.len == UNDEFINED => {
                return Err(LayoutError::Malformed("a pixel data fragment has no length"));
            }
            ITEM => {
                let end = end_of(&item, data.len())?;
                fragments.push(item.value..end);
                at = end;
                // Some writers leave out the closing delimiter.
                if at == data.len() {
                    return Ok(fragments);
                }
            }
            SEQUENCE_END => return Ok(fragments),
            _ => return Err(LayoutError::Malformed("the pixel data fragments are not a sequence of items")),
        }
    }
}

struct Element {
    tag: Tag,
    vr: [u8; 2],
    value: usize,
    len: u32,
}

fn element(data: &[u8], at: usize, encoding: Encoding) -> Result<Element, LayoutError> {
    let head: [u8; 8] =
        data.get(at..at + 8).and_then(|head| head.try_into().ok()).ok_or(LayoutError::Short)?;
    let [g0, g1, e0, e1, a, b, c, d] = head;
    let tag = Tag(encoding.u16([g0, g1]), encoding.u16([e0, e1]));
    if tag.0 == 0xFFFE || !encoding.explicit {
        return Ok(Element { tag, vr: [0, 0], value: at + 8, len: encoding.u32([a, b, c, d]) });
    }
    let vr = [a, b];
    // All others, unknown ones too, have the long form (PS3.5 section 7.1.2).
    let short = matches!(
        &vr,
        b"AE"
            | b"AS"
            | b"AT"
            | b"CS"
            | b"DA"
            | b"DS"
            | b"DT"
            | b"FD"
            | b"FL"
            | b"IS"
            | b"LO"
            | b"LT"
            | b"PN"
            | b"SH"
            | b"SL"
            | b"SS"
            | b"ST"
            | b"TM"
            | b"UI"
            | b"UL"
            | b"US"
    );
    if short {
        return Ok(Element { tag, vr, value: at + 8, len: u32::from(encoding.u16([c, d])) });
    }
    let len: [u8; 4] =
        data.get(at + 8..at + 12).and_then(|len| len.try_into().ok()).ok_or(LayoutError::Short)?;
    Ok(Element { tag, vr, value: at + 12, len: encoding.u32(len) })
}

fn end_of(element: &Element, limit: usize) -> Result<usize, LayoutError> {
    if element.len == UNDEFINED {
        return Err(LayoutError::Malformed("an element that must have a length has none"));
    }
    element.value.checked_add(element.len as usize).filter(|&end| end <= limit).ok_or(LayoutError::Short)
}

/// Bytes of one number of a binary value; 1 for all other values.
fn width_of_values(element: &Element, encoding: Encoding) -> u32 {
    let vr = if encoding.explicit {
        std::str::from_utf8(&element.vr).ok().and_then(|vr| vr.parse().ok())
    } else {
        StandardDataDictionary.by_tag(element.tag).map(|entry| entry.vr().relaxed())
    };
    match vr {
        Some(VR::US | VR::SS | VR::OW) => 2,
        Some(VR::UL | VR::SL | VR::FL | VR::AT | VR::OF | VR::OL) => 4,
        Some(VR::FD | VR::OD | VR::SV | VR::UV | VR::OV) => 8,
        _ => 1,
    }
}

/// The end of an element, sequences included.
fn skip(data: &[u8], element: &Element, encoding: Encoding, depth: usize) -> Result<usize, LayoutError> {
    if depth > MAX_DEPTH {
        return Err(LayoutError::TooDeep);
    }
    // Unknown content of undefined length is encoded as implicit little endian (PS3.5 section 6.2.2).
    let inner = if &element.vr == b"UN" { Encoding { explicit: false, big_endian: false } } else { encoding };
    if element.len == UNDEFINED {
        if encoding.explicit && !matches!(&element.vr, b"SQ" | b"UN") {
            return Err(LayoutError::Malformed("an element that must have a length has none"));
        }
        return items(data, element.value, None, inner, depth);
    }
    let end = end_of(element, data.len())?;
    // A reader that takes whole numbers only would lose step with the bytes, and believe garbage for lengths.
    if !element.len.is_multiple_of(width_of_values(element, encoding)) {
        return Err(LayoutError::Malformed("the length of a value does not fit its data type"));
    }
    let first = data.get(element.value..end).and_then(|value| value.get(..4));
    let item: [u8; 4] = if inner.big_endian { [0xFF, 0xFE, 0xE0, 0] } else { [0xFE, 0xFF, 0, 0xE0] };
    if first == Some(&item) {
        match items(&data[..end], element.value, Some(end), inner, depth) {
            // The bytes end with the sequence: what reaches beyond it is no truncation of the file.
            Err(LayoutError::Short) => Err(LayoutError::Malformed("an element reaches beyond its sequence")),
            walked => walked.map(|_| end),
        }
    } else {
        Ok(end)
    }
}

/// The end of the items from `at` on: `end`, or after the sequence delimiter where that is `None`.
fn items(
    data: &[u8],
    mut at: usize,
    end: Option<usize>,
    encoding: Encoding,
    depth: usize,
) -> Result<usize, LayoutError> {
    while end.is_none_or(|end| at < end) {
        let item = element(data, at, encoding)?;
        match item.tag {
            ITEM if item.len == UNDEFINED => at = item_end(data, item.value, None, encoding, depth)?,
            ITEM => {
                let stop = end_of(&item, data.len())?;
                at = item_end(&data[..stop], item.value, Some(stop), encoding, depth)?;
            }
            SEQUENCE_END => return Ok(item.value),
            _ => return Err(LayoutError::Malformed("a sequence holds something that is not an item")),
        }
    }
    Ok(at)
}

fn item_end(
    data: &[u8],
    mut at: usize,
    end: Option<usize>,
    encoding: Encoding,
    depth: usize,
) -> Result<usize, LayoutError> {
    while end.is_none_or(|end| at < end) {
        let element = element(data, at, encoding)?;
        if element.tag == ITEM_END {
            return Ok(element.value);
        }
        at = skip(data, &element, encoding, depth + 1)?;
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explicit(tag: [u8; 4], vr: &[u8; 2], length: u32, value: &[u8]) -> Vec<u8> {
        let mut bytes = [&tag[..], vr, &[0, 0], &length.to_le_bytes()].concat();
        bytes.extend(value);
        bytes
    }

    fn item(value: &[u8]) -> Vec<u8> {
        [&[0xFE, 0xFF, 0x00, 0xE0][..], &(value.len() as u32).to_le_bytes(), value].concat()
    }

    #[test]
    fn a_number_that_is_cut_in_half_is_left_out_with_nothing_else_lost() {
        let rows = [0x28, 0, 0x10, 0, b'U', b'S', 2, 0, 4, 0];
        let first = [8, 0, 5, 0, b'C', b'S', 2, 0, b'X', b' '];
        // An unsigned long of two bytes.
        let cut = [0x18, 0, 0x18, 0x60, b'U', b'L', 2, 0, 1, 0];
        let data = [&first[..], &cut, &rows].concat();
        let found = layout(&data, uids::EXPLICIT_VR_LITTLE_ENDIAN).unwrap();
        assert_eq!(found.standard, [0..10, 20..30]);
        let implicit = |tag: [u8; 4], value: [u8; 2]| [&tag[..], &[2, 0, 0, 0], &value].concat();
        let data = [
            implicit([8, 0, 5, 0], *b"X "),
            implicit([0x18, 0, 0x18, 0x60], [1, 0]),
            implicit([0x28, 0, 0x10, 0], [4, 0]),
        ]
        .concat();
        let found = layout(&data, uids::IMPLICIT_VR_LITTLE_ENDIAN).unwrap();
        assert_eq!(found.standard, [0..10, 20..30]);
    }

    #[test]
    fn nesting_is_bounded() {
        let mut value = Vec::new();
        for _ in 0..1000 {
            let inner = item(&value);
            value = explicit([0x08, 0, 0x40, 0x11], b"SQ", inner.len() as u32, &inner);
        }
        assert_eq!(layout(&value, uids::EXPLICIT_VR_LITTLE_ENDIAN), Err(LayoutError::TooDeep));
    }

    #[test]
    fn a_sequence_with_a_length_that_leads_out_is_left_out() {
        let inner = item(&explicit([0x08, 0, 0x02, 0x01], b"UN", 0x7FFF_FFFF, b"xy"));
        let mut data = explicit([0x08, 0, 0x40, 0x11], b"SQ", inner.len() as u32, &inner);
        let sound = data.len();
        data.extend(explicit([0x28, 0, 0x00, 0x30], b"OB", 2, b"ab"));
        let layout = layout(&data, uids::EXPLICIT_VR_LITTLE_ENDIAN).unwrap();
        assert_eq!(layout.standard, vec![Range { start: sound, end: data.len() }]);
    }

    #[test]
    fn patient_and_private_groups_are_left_out() {
        let mut data = explicit([0x08, 0, 0x05, 0], b"UT", 2, b"ab");
        let first = data.len();
        data.extend(explicit([0x10, 0, 0x10, 0], b"UT", 4, b"name"));
        data.extend(explicit([0x11, 0, 0x10, 0], b"UN", 2, b"pv"));
        let pixels = data.len();
        data.extend(explicit([0xE0, 0x7F, 0x10, 0], b"OW", 4, b"1234"));
        let layout = layout(&data, uids::EXPLICIT_VR_LITTLE_ENDIAN).unwrap();
        assert_eq!(layout.standard, vec![Range { start: 0, end: first }]);
        assert_eq!(
            layout.pixels,
            Some(PixelSpan { float: false, bytes: false, start: pixels + 12, len: Some(4) })
        );
    }

    #[test]
    fn a_value_beyond_the_end_is_short() {
        let data = explicit([0x08, 0, 0x05, 0], b"UT", 200, b"ab");
        assert_eq!(layout(&data, uids::EXPLICIT_VR_LITTLE_ENDIAN), Err(LayoutError::Short));
    }
}
