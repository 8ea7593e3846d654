//! JPEG-LS, lossless and near-lossless (ISO 14495-1, ITU-T T.87).
//!
//! Written here: CharLS needs a C++ toolchain, and no decoder in Rust gives the right values for the
//! reference images.
//! Names follow the standard: Ra, Rb, Rc and Rd are the samples to the left, above, above left and above
//! right.

use super::decoded::{Decoded, pack};
use crate::dicom::image::PixelFormat;

/// Order of the run lengths, J in the standard.
const RUN_ORDER: [u32; 32] =
    [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15];
/// Contexts of the regular mode: three gradients of nine classes, up to sign.
const CONTEXTS: usize = 365;
const ENDED: &str = "it ends too early";

/// Decodes one frame.
pub(super) fn decode(frame: &[u8], format: &PixelFormat) -> Result<Decoded, String> {
    let mut header = Header::default();
    let mut samples = vec![0; format.pixels() * format.samples];
    let mut next_component = 0;
    let mut at = 2;
    if frame.get(..2) != Some(&[0xFF, 0xD8]) {
        return Err("it does not begin with a JPEG-LS marker".to_owned());
    }
    while next_component < format.samples {
        let [0xFF, marker] = *frame.get(at..at + 2).ok_or(ENDED)? else {
            return Err("a marker is missing".to_owned());
        };
        if marker == 0xFF {
            at += 1;
            continue;
        }
        let length =
            frame.get(at + 2..at + 4).map(|b| usize::from(b[0]) << 8 | usize::from(b[1])).ok_or(ENDED)?;
        let segment = frame.get(at + 4..at + 2 + length.max(2)).ok_or(ENDED)?;
        at += 2 + length.max(2);
        match marker {
            0xF7 => header.frame(segment, format)?,
            0xF8 => header.parameters(segment)?,
            0xDD if segment.iter().any(|&byte| byte != 0) => {
                return Err("it uses restart intervals, which are not supported".to_owned());
            }
            0xE8 if segment.starts_with(b"mrfx") && segment.get(4).is_some_and(|&t| t != 0) => {
                return Err("it uses a colour transform outside the standard".to_owned());
            }
            0xDA => {
                let (near, interleave, components) = Header::scan(segment)?;
                if header.precision == 0 || components + next_component > format.samples {
                    return Err("its scan does not fit its frame".to_owned());
                }
                let mut scan = Scan::new(&header, near, &frame[at..])?;
                let place = Place { first: next_component, components, samples: format.samples };
                scan.decode(&mut samples, format.columns, place, interleave)?;
                next_component += components;
                at += scan.bits.scan_end();
            }
            0xD8 | 0xD9 => return Err(ENDED.to_owned()),
            _ => {}
        }
    }
    Ok(pack(samples.into_iter(), header.precision))
}

/// Which of the interleaved samples a scan fills.
#[derive(Clone, Copy)]
struct Place {
    first: usize,
    components: usize,
    samples: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Interleave {
    /// One component, or line after line of each.
    Line,
    /// All components of a pixel together.
    Sample,
}

#[derive(Default)]
struct Header {
    precision: u32,
    /// Preset MAXVAL, T1, T2, T3 and RESET; 0 means the default.
    preset: [i32; 5],
}

impl Header {
    fn frame(&mut self, segment: &[u8], format: &PixelFormat) -> Result<(), String> {
        let [precision, y1, y0, x1, x0, components, ..] = *segment else { return Err(ENDED.to_owned()) };
        let size = (usize::from(x1) << 8 | usize::from(x0), usize::from(y1) << 8 | usize::from(y0));
        if size != (format.columns, format.rows) || usize::from(components) != format.samples {
            return Err("its size is not what the header says".to_owned());
        }
        if !(2..=16).contains(&precision) {
            return Err(format!("it has {precision} bits per sample, which is not supported"));
        }
        self.precision = u32::from(precision);
        Ok(())
    }

    /// LSE marker; type 1 presets the coding parameters, the others hold palettes and large sizes.
    fn parameters(&mut self, segment: &[u8]) -> Result<(), String> {
        match segment {
            [1, words @ ..] if words.len() >= 10 => {
                for (slot, word) in self.preset.iter_mut().zip(words.chunks_exact(2)) {
                    *slot = i32::from(word[0]) << 8 | i32::from(word[1]);
                }
                Ok(())
            }
            _ => Err("it uses an extension that is not supported".to_owned()),
        }
    }

    fn scan(segment: &[u8]) -> Result<(i32, Interleave, usize), String> {
        let components = usize::from(*segment.first().ok_or(ENDED)?);
        let [near, interleave, transform, ..] = *segment.get(1 + 2 * components..).ok_or(ENDED)? else {
            return Err(ENDED.to_owned());
        };
        let interleave = match (components, interleave) {
            (1, 0..=2) | (2.., 1) => Interleave::Line,
            (2.., 2) => Interleave::Sample,
            _ => return Err("its interleaving is invalid".to_owned()),
        };
        if transform != 0 {
            return Err("it uses a point transform, which is not supported".to_owned());
        }
        Ok((i32::from(near), interleave, components))
    }
}

/// State of a context: A, B, C and N of the standard.
#[derive(Clone, Copy)]
struct Context {
    a: i32,
    b: i32,
    c: i32,
    n: i32,
}

/// State of a run interruption context; `negative` is Nn.
#[derive(Clone, Copy)]
struct RunContext {
    a: i32,
    n: i32,
    negative: i32,
}

struct Scan<'a> {
    bits: Bits<'a>,
    near: i32,
    max: i32,
    thresholds: [i32; 3],
    reset: i32,
    range: i32,
    /// qbpp
    error_bits: u32,
    limit: u32,
    contexts: Vec<Context>,
    run_contexts: [RunContext; 2],
}

impl<'a> Scan<'a> {
    fn new(header: &Header, near: i32, data: &'a [u8]) -> Result<Self, String> {
        let [max, t1, t2, t3, reset] = header.preset;
        let full = (1 << header.precision) - 1;
        let max = if max == 0 { full } else { max };
        let impossible = || "its coding parameters are invalid".to_owned();
        if max > full || near > (max / 2).min(255) {
            return Err(impossible());
        }
        // Section C.2.4.1.1.
        let clamp = |value: i32, low: i32| if value > max || value < low { low } else { value };
        let defaults = if max >= 128 {
            let factor = (max.min(4095) + 128) / 256;
            [factor + 2 + 3 * near, 4 * factor + 3 + 5 * near, 17 * factor + 4 + 7 * near]
        } else {
            let factor = 256 / (max + 1);
            [(3 / factor + 3 * near).max(2), (7 / factor + 5 * near).max(3), (21 / factor + 7 * near).max(4)]
        };
        let t1 = if t1 == 0 { clamp(defaults[0], near + 1) } else { t1 };
        let t2 = if t2 == 0 { clamp(defaults[1], t1) } else { t2 };
        let t3 = if t3 == 0 { clamp(defaults[2], t2) } else { t3 };
        let reset = if reset == 0 { 64 } else { reset };
        if !(near < t1 && t1 <= t2 && t2 <= t3 && t3 <= max && (3..=255).contains(&reset)) {
            return Err(impossible());
        }
        let range = (max + 2 * near) / (2 * near + 1) + 1;
        let bits_of = |count: i32| 32 - (count - 1).leading_zeros();
        let sample_bits = bits_of(max + 1).max(2);
        let a = ((range + 32) / 64).max(2);
        Ok(Scan {
            bits: Bits::new(data),
            near,
            max,
            thresholds: [t1, t2, t3],
            reset,
            range,
            error_bits: bits_of(range),
            limit: 2 * (sample_bits + sample_bits.max(8)),
            contexts: vec![Context { a, b: 0, c: 0, n: 1 }; CONTEXTS],
            run_contexts: [RunContext { a, n: 1, negative: 0 }; 2],
        })
    }

    fn decode(
        &mut self,
        samples: &mut [i32],
        width: usize,
        place: Place,
        interleave: Interleave,
    ) -> Result<(), String> {
        // Two lines of each component, with a sample on either side for the edges.
        let mut above = vec![vec![0; width + 2]; place.components];
        let mut line = above.clone();
        let mut run_index = vec![0; place.components];
        for row in samples.chunks_exact_mut(width * place.samples) {
            for (above, line) in above.iter_mut().zip(&mut line) {
                above[width + 1] = above[width];
                line[0] = above[1];
            }
            match interleave {
                Interleave::Line => {
                    for (component, index) in run_index.iter_mut().enumerate() {
                        let (above, line) = (&above[component..=component], &mut line[component..=component]);
                        self.line(above, line, width, index)?;
                    }
                }
                Interleave::Sample => self.line(&above, &mut line, width, &mut run_index[0])?,
            }
            for (component, line) in line.iter().enumerate() {
                let slots = row.iter_mut().skip(place.first + component).step_by(place.samples);
                for (slot, &sample) in slots.zip(&line[1..=width]) {
                    *slot = sample;
                }
            }
            std::mem::swap(&mut above, &mut line);
        }
        Ok(())
    }

    /// One line of the components that are decoded together.
    fn line(
        &mut self,
        above: &[Vec<i32>],
        line: &mut [Vec<i32>],
        width: usize,
        run_index: &mut usize,
    ) -> Result<(), String> {
        let mut x = 1;
        while x <= width {
            let near = self.near;
            let flat = above.iter().zip(line.iter()).all(|(above, line)| {
                let [ra, rb, rc, rd] = [line[x - 1], above[x], above[x - 1], above[x + 1]];
                [rd - rb, rb - rc, rc - ra].iter().all(|d| d.abs() <= near)
            });
            if !flat {
                for (above, line) in above.iter().zip(line.iter_mut()) {
                    line[x] = self.regular([line[x - 1], above[x], above[x - 1], above[x + 1]])?;
                }
                x += 1;
                continue;
            }
            let run = self.run_length(width + 1 - x, run_index)?;
            for line in line.iter_mut() {
                let ra = line[x - 1];
                line[x..x + run].fill(ra);
            }
            x += run;
            if x > width {
                break;
            }
            let single = line.len() == 1;
            for (above, line) in above.iter().zip(line.iter_mut()) {
                line[x] = self.interruption(line[x - 1], above[x], *run_index, single)?;
            }
            *run_index = run_index.saturating_sub(1);
            x += 1;
        }
        Ok(())
    }

    /// Section A.7.1.2; `left` samples remain in the line.
    fn run_length(&mut self, left: usize, run_index: &mut usize) -> Result<usize, String> {
        let mut run = 0;
        while self.bits.bit()? {
            let block = 1_usize << RUN_ORDER[*run_index];
            if block <= left - run {
                *run_index = (*run_index + 1).min(31);
            }
            run = left.min(run + block);
            if run == left {
                return Ok(run);
            }
        }
        run += self.bits.bits(RUN_ORDER[*run_index])? as usize;
        if run < left { Ok(run) } else { Err("a run is longer than its line".to_owned()) }
    }

    /// Section A.7.2. Components that are decoded together always use the context of different neighbours.
    fn interruption(&mut self, ra: i32, rb: i32, run_index: usize, single: bool) -> Result<i32, String> {
        let alike = single && (ra - rb).abs() <= self.near;
        let kind = i32::from(alike);
        let context = self.run_contexts[kind as usize];
        let magnitude = context.a + if alike { context.n >> 1 } else { 0 };
        let k = golomb(context.n, magnitude);
        let mapped = self.value(k, self.limit - RUN_ORDER[run_index] - 1)?;
        let signed = mapped + kind;
        let odd = signed & 1;
        let size = (signed + odd) / 2;
        let leaning = k != 0 || 2 * context.negative >= context.n;
        let error = if leaning == (odd == 1) { -size } else { size };

        let context = &mut self.run_contexts[kind as usize];
        context.negative += i32::from(error < 0);
        context.a += (mapped + 1 - kind) >> 1;
        if context.n == self.reset {
            context.a >>= 1;
            context.n >>= 1;
            context.negative >>= 1;
        }
        context.n += 1;
        let (predicted, sign) = match (alike, ra > rb) {
            (true, _) => (ra, 1),
            (false, true) => (rb, -1),
            (false, false) => (rb, 1),
        };
        Ok(self.reconstruct(predicted, sign * error))
    }

    /// Sections A.3 to A.6.
    fn regular(&mut self, [ra, rb, rc, rd]: [i32; 4]) -> Result<i32, String> {
        let class = [rd - rb, rb - rc, rc - ra].map(|gradient| self.class(gradient));
        let index = class[0] * 81 + class[1] * 9 + class[2];
        let sign = if index < 0 { -1 } else { 1 };
        let index = index.unsigned_abs() as usize;
        let Context { a, b, c, n } = self.contexts[index];
        let edge = if rc >= ra.max(rb) {
            ra.min(rb)
        } else if rc <= ra.min(rb) {
            ra.max(rb)
        } else {
            ra + rb - rc
        };
        let predicted = (edge + sign * c).clamp(0, self.max);
        let k = golomb(n, a);
        let mapped = self.value(k, self.limit)?;
        let odd = mapped & 1 == 1;
        let error = if self.near == 0 && k == 0 && 2 * b <= -n {
            if odd { (mapped - 1) / 2 } else { -mapped / 2 - 1 }
        } else if odd {
            -(mapped + 1) / 2
        } else {
            mapped / 2
        };
        self.update(index, error);
        Ok(self.reconstruct(predicted, sign * error))
    }

    fn class(&self, gradient: i32) -> i32 {
        let [t1, t2, t3] = self.thresholds;
        let size = gradient.abs();
        let class = match size {
            _ if size <= self.near => 0,
            _ if size < t1 => 1,
            _ if size < t2 => 2,
            _ if size < t3 => 3,
            _ => 4,
        };
        class * gradient.signum()
    }

    fn update(&mut self, index: usize, error: i32) {
        let Context { a, b, c, n } = &mut self.contexts[index];
        *b += error * (2 * self.near + 1);
        *a += error.abs();
        if *n == self.reset {
            *a >>= 1;
            *b >>= 1;
            *n >>= 1;
        }
        *n += 1;
        if *b <= -*n {
            *b = (*b + *n).max(1 - *n);
            *c = (*c - 1).max(-128);
        } else if *b > 0 {
            *b = (*b - *n).min(0);
            *c = (*c + 1).min(127);
        }
    }

    /// The sample whose error modulo the range was coded.
    fn reconstruct(&self, predicted: i32, error: i32) -> i32 {
        let quantum = 2 * self.near + 1;
        let mut sample = predicted + error * quantum;
        if sample < -self.near {
            sample += self.range * quantum;
        } else if sample > self.max + self.near {
            sample -= self.range * quantum;
        }
        sample.clamp(0, self.max)
    }

    /// Golomb code of limited length, section A.5.3.
    fn value(&mut self, k: u32, limit: u32) -> Result<i32, String> {
        let escape = limit.saturating_sub(self.error_bits + 1);
        let mut zeros = 0;
        while !self.bits.bit()? {
            zeros += 1;
            if zeros > escape {
                return Err("a code is longer than allowed".to_owned());
            }
        }
        let value = if zeros < escape {
            zeros << k | self.bits.bits(k)?
        } else {
            self.bits.bits(self.error_bits)? + 1
        };
        // Errors are coded modulo the range, so that this bound only meets damage; it keeps the sums below
        // small.
        if value > 2 * self.range as u32 {
            Err("a code is out of range".to_owned())
        } else {
            Ok(value as i32)
        }
    }
}

/// Smallest k with n 2^k >= a.
fn golomb(n: i32, a: i32) -> u32 {
    // Both stay far below 2^20, so the shift ends long before it overflows.
    (0..16).find(|&k| n << k >= a).unwrap_or(16)
}

/// Bits, most significant first; after a byte FF comes one that carries seven.
struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    word: u32,
    left: u32,
}

impl<'a> Bits<'a> {
    fn new(data: &'a [u8]) -> Self {
        Bits { data, at: 0, word: 0, left: 0 }
    }

    fn bit(&mut self) -> Result<bool, String> {
        if self.left == 0 {
            let after_ff = self.at > 0 && self.data[self.at - 1] == 0xFF;
            let byte = *self.data.get(self.at).ok_or(ENDED)?;
            if after_ff && byte >= 0x80 {
                return Err(ENDED.to_owned());
            }
            (self.word, self.left) = (u32::from(byte), if after_ff { 7 } else { 8 });
            self.at += 1;
        }
        self.left -= 1;
        Ok(self.word >> self.left & 1 == 1)
    }

    fn bits(&mut self, count: u32) -> Result<u32, String> {
        (0..count).try_fold(0, |value, _| Ok(value << 1 | u32::from(self.bit()?)))
    }

    /// Where the next marker is looked for, after the last byte of the scan.
    fn scan_end(&self) -> usize {
        let rest = self.data.get(self.at.saturating_sub(1)..).unwrap_or_default();
        let marker = rest.windows(2).position(|pair| pair[0] == 0xFF && pair[1] >= 0x80 && pair[1] != 0xFF);
        marker.map_or(self.data.len(), |offset| self.at.saturating_sub(1) + offset)
    }
}
