//! C3D files of motion laboratories: markers, analogue channels and force plates, as data alone.
//!
//! After the C3D user guide (Motion Lab Systems 2008): blocks of 512 bytes; a header; parameters in groups; then for each frame the markers
//! and the analogue samples, as whole numbers with a scale or as floating point, in the byte order of Intel, DEC or MIPS processors. The
//! crates that read it have not been kept for years, and read plates of force no further than their parameters.

mod bytes;
mod error;
mod parameters;
#[cfg(test)]
mod tests;

use super::markers::{Markers, metres, without_person};
use bytes::{BLOCK, Bytes};
pub use error::C3dError;
use error::error;
use nalgebra::{Point3, Vector3};
use parameters::Parameters;

/// What a C3D file holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Capture {
    /// Markers.
    pub markers: Markers,
    /// Analogue channels.
    pub channels: Vec<Channel>,
    /// Samples of a channel a second.
    pub channel_rate_hz: f64,
    /// Plates that measure the push on the ground.
    pub plates: Vec<ForcePlate>,
}

/// An analogue channel.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Channel {
    /// Its name.
    pub name: String,
    /// Unit of its samples, as the file says.
    pub unit: String,
    /// Samples, scaled.
    pub samples: Vec<f64>,
}

/// A force plate.
#[derive(Debug, Clone, PartialEq)]
pub struct ForcePlate {
    /// Its type by the C3D user guide: 1 force, centre of pressure and free moment; 2 force and moment; 3 Kistler's eight
    /// forces; 4 as 2, with a calibration.
    pub kind: u16,
    /// Corners in the laboratory, m, from the first quadrant on.
    pub corners: [Point3<f64>; 4],
    /// From the middle of its surface to where its channels refer to, m, in the plate's frame.
    pub origin: Vector3<f64>,
    /// Its channels by their places in the file's.
    pub channels: Vec<usize>,
}

/// Reads a C3D file.
///
/// # Errors
/// Where it is none, is cut off, or contradicts itself.
pub fn read(file: &[u8]) -> Result<Capture, C3dError> {
    if file.get(1) != Some(&0x50) {
        return error("this is not a C3D file: its second byte is not 0x50");
    }
    let start = BLOCK * usize::from(file[0]).saturating_sub(1);
    let bytes = Bytes::of(file, start)?;
    let parameters = Parameters::read(&bytes, start)?;
    let word = |n: usize| bytes.word(2 * (n - 1));
    let (points, per_frame, samples) = (usize::from(word(2)?), usize::from(word(3)?), usize::from(word(10)?));
    let frames = frames(&parameters, [word(4)?, word(5)?])?;
    let (scale, rate_hz) = (bytes.real(12)?, bytes.real(20)?);
    if !(rate_hz > 0.0 && rate_hz.is_finite() && scale.is_finite()) {
        return error(format!("its header has a frame rate of {rate_hz} Hz and a scale of {scale}"));
    }
    if samples > 0 && !per_frame.is_multiple_of(samples) {
        return error(format!(
            "{per_frame} analogue values per frame cannot be divided into channels of {samples} samples"
        ));
    }
    let channels = per_frame.checked_div(samples).unwrap_or(0);
    // Where the scale is negative values are in floating point.
    let width = if scale < 0.0 { 4 } else { 2 };
    let data = BLOCK * usize::from(word(9)?).saturating_sub(1);
    let frame_size = width * (4 * points + per_frame);
    // Frames without anything would take room for their times alone.
    let frames = if frame_size == 0 { 0 } else { frames };
    let needed = frames.checked_mul(frame_size).and_then(|size| size.checked_add(data));
    if needed.is_none_or(|needed| needed > file.len()) {
        return error(format!(
            "it is truncated: {frames} frames of {frame_size} bytes are expected from byte {data} on"
        ));
    }
    let unit = parameters.words("POINT", "UNITS").into_iter().next().unwrap_or_else(|| "mm".into());
    let Some(to_metres) = metres(&unit) else {
        return error(format!("the unit `{unit}` of its markers is not known"));
    };
    let scaling = Scaling::of(&parameters, channels);
    let mut found = Capture {
        markers: Markers {
            names: without_person(names(&parameters, "POINT", points)),
            rate_hz,
            times: (0..frames).map(|frame| frame as f64 / rate_hz).collect(),
            places: Vec::with_capacity(frames),
            unit_m: to_metres,
        },
        channels: channels_of(&parameters, channels),
        channel_rate_hz: rate_hz * samples as f64,
        plates: plates(&parameters, channels, to_metres)?,
    };
    for frame in 0..frames {
        let at = data + frame * frame_size;
        let value = |n: usize| {
            if width == 4 { bytes.real(at + 4 * n) } else { bytes.integer(at + 2 * n).map(f64::from) }
        };
        let factor = if width == 4 { to_metres } else { scale * to_metres };
        let place = |point: usize| -> Result<Option<Point3<f64>>, C3dError> {
            let [x, y, z, residual] =
                [value(4 * point)?, value(4 * point + 1)?, value(4 * point + 2)?, value(4 * point + 3)?];
            let place = Point3::new(x, y, z) * factor;
            // A negative residual says that the marker was not seen.
            let is_seen = residual >= 0.0 && place.coords.iter().all(|x| x.is_finite());
            Ok(is_seen.then_some(place))
        };
        found.markers.places.push((0..points).map(place).collect::<Result<_, _>>()?);
        for sample in 0..samples {
            for (n, channel) in found.channels.iter_mut().enumerate() {
                let place = 4 * points + sample * channels + n;
                let raw = match scaling.is_unsigned && width == 2 {
                    true => f64::from(bytes.word(at + 2 * place)?),
                    false => value(place)?,
                };
                channel.samples.push(scaling.apply(n, raw));
            }
        }
    }
    Ok(found)
}

/// Number of frames: by the trial's parameters, which count beyond the header's 65,535.
fn frames(parameters: &Parameters, [first, last]: [u16; 2]) -> Result<usize, C3dError> {
    let long = |name: &str| match parameters.numbers("TRIAL", name)[..] {
        [low, high] => Some((low as i64 & 0xffff) | ((high as i64 & 0xffff) << 16)),
        _ => None,
    };
    let (first, last) = match (long("ACTUAL_START_FIELD"), long("ACTUAL_END_FIELD")) {
        (Some(first), Some(last)) => (first, last),
        _ => (i64::from(first), i64::from(last)),
    };
    match usize::try_from(last - first + 1) {
        Ok(frames) => Ok(frames),
        Err(_) => error(format!("its last frame, {last}, comes before its first, {first}")),
    }
}

/// Names of markers or channels; a number where there are too few.
fn names(parameters: &Parameters, group: &str, count: usize) -> Vec<String> {
    let mut names = parameters.words(group, "LABELS");
    // Further ones, where there are more than 255.
    for n in 2..=9 {
        names.extend(parameters.words(group, &format!("LABELS{n}")));
    }
    (0..count)
        .map(|n| names.get(n).filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| (n + 1).to_string()))
        .collect()
}

fn channels_of(parameters: &Parameters, count: usize) -> Vec<Channel> {
    let units = parameters.words("ANALOG", "UNITS");
    let names = names(parameters, "ANALOG", count).into_iter().enumerate();
    names
        .map(|(n, name)| Channel {
            name,
            unit: units.get(n).cloned().unwrap_or_default(),
            samples: Vec::new(),
        })
        .collect()
}

/// What makes numbers of a converter into those of a unit.
struct Scaling {
    factors: Vec<f64>,
    offsets: Vec<f64>,
    is_unsigned: bool,
}

impl Scaling {
    fn of(parameters: &Parameters, channels: usize) -> Scaling {
        let is_unsigned = parameters
            .words("ANALOG", "FORMAT")
            .first()
            .is_some_and(|format| format.eq_ignore_ascii_case("unsigned"));
        let general = parameters.numbers("ANALOG", "GEN_SCALE").first().copied().unwrap_or(1.0);
        let (scales, offsets) =
            (parameters.numbers("ANALOG", "SCALE"), parameters.numbers("ANALOG", "OFFSET"));
        let offset = |n: usize| {
            let offset = offsets.get(n).copied().unwrap_or(0.0);
            // Offsets of unsigned numbers are so too, though they are kept as whole numbers with a sign.
            if is_unsigned && offset < 0.0 { offset + 65536.0 } else { offset }
        };
        Scaling {
            factors: (0..channels).map(|n| general * scales.get(n).copied().unwrap_or(1.0)).collect(),
            offsets: (0..channels).map(offset).collect(),
            is_unsigned,
        }
    }

    fn apply(&self, channel: usize, raw: f64) -> f64 {
        (raw - self.offsets[channel]) * self.factors[channel]
    }
}

fn plates(parameters: &Parameters, channels: usize, to_metres: f64) -> Result<Vec<ForcePlate>, C3dError> {
    let numbers = |name: &str| parameters.numbers("FORCE_PLATFORM", name);
    let used = numbers("USED").first().copied().unwrap_or(0.0).max(0.0) as usize;
    let (kinds, corners, origins, wires) =
        (numbers("TYPE"), numbers("CORNERS"), numbers("ORIGIN"), numbers("CHANNEL"));
    // No laboratory has more; a damaged file may say so.
    if used > kinds.len() || corners.len() < 12 * used || origins.len() < 3 * used {
        return error(format!("it has {used} force plates, but not the type, corners and origin of each"));
    }
    let each = wires.len().checked_div(used).unwrap_or(0);
    let plate = |n: usize| -> Result<ForcePlate, C3dError> {
        let own = wires[n * each..(n + 1) * each].iter().filter(|wire| **wire >= 1.0);
        let own: Vec<usize> = own.map(|wire| *wire as usize - 1).collect();
        if let Some(missing) = own.iter().find(|wire| **wire >= channels) {
            return error(format!(
                "a force plate uses channel {}, but there are only {channels}",
                missing + 1
            ));
        }
        let corner = |c: usize| Point3::from_slice(&corners[12 * n + 3 * c..][..3]) * to_metres;
        Ok(ForcePlate {
            kind: kinds[n] as u16,
            corners: [corner(0), corner(1), corner(2), corner(3)],
            origin: Vector3::from_column_slice(&origins[3 * n..][..3]) * to_metres,
            channels: own,
        })
    };
    (0..used).map(plate).collect()
}
