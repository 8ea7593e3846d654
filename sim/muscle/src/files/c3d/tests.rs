//! Files that are made here, in the byte order of each processor.

use super::*;

#[derive(Clone, Copy, PartialEq)]
enum Processor {
    Intel,
    Dec,
    Mips,
}

impl Processor {
    fn word(self, number: i32) -> Vec<u8> {
        let number = number as u16;
        if self == Processor::Mips { number.to_be_bytes().to_vec() } else { number.to_le_bytes().to_vec() }
    }

    fn real(self, number: f32) -> Vec<u8> {
        match self {
            Processor::Intel => number.to_le_bytes().to_vec(),
            Processor::Mips => number.to_be_bytes().to_vec(),
            Processor::Dec => {
                let [a, b, c, d] = (number * 4.0).to_le_bytes();
                vec![c, d, a, b]
            }
        }
    }

    fn parameter(self, name: &str, group: i8, kind: i8, dimensions: &[u8], data: &[u8]) -> Vec<u8> {
        let mut body = vec![kind as u8, dimensions.len() as u8];
        body.extend(dimensions);
        body.extend(data);
        body.push(0);
        self.entry(name, group, &body)
    }

    fn entry(self, name: &str, group: i8, body: &[u8]) -> Vec<u8> {
        let mut entry = vec![name.len() as u8, group as u8];
        entry.extend(name.as_bytes());
        entry.extend(self.word(body.len() as i32 + 2));
        entry.extend(body);
        entry
    }

    /// Two markers, of which the second is not seen in the first frame, two channels of two samples a frame, and a plate on both.
    fn file(self, is_real: bool) -> Vec<u8> {
        let reals = |numbers: &[f32]| numbers.iter().flat_map(|n| self.real(*n)).collect::<Vec<u8>>();
        let words = |numbers: &[i32]| numbers.iter().flat_map(|n| self.word(*n)).collect::<Vec<u8>>();
        let mut parameters = vec![
            1,
            0x50,
            2,
            match self {
                Processor::Intel => 84,
                Processor::Dec => 85,
                Processor::Mips => 86,
            },
        ];
        let corners: Vec<f32> = (0..12).map(|n| 100.0 * n as f32).collect();
        for entry in [
            self.entry("POINT", -1, &[0]),
            self.entry("ANALOG", -2, &[0]),
            self.entry("FORCE_PLATFORM", -3, &[0]),
            self.parameter("UNITS", 1, -1, &[2], b"mm"),
            self.parameter("LABELS", 1, -1, &[4, 2], b"RASILASI"),
            self.parameter("LABELS", 2, -1, &[3, 2], b"Fz My "),
            self.parameter("UNITS", 2, -1, &[3, 2], b"N  Nmm"),
            self.parameter("GEN_SCALE", 2, 4, &[], &reals(&[0.5])),
            self.parameter("SCALE", 2, 4, &[2], &reals(&[2.0, 4.0])),
            self.parameter("OFFSET", 2, 2, &[2], &words(&[0, 10])),
            self.parameter("USED", 3, 2, &[], &words(&[1])),
            self.parameter("TYPE", 3, 2, &[1], &words(&[2])),
            self.parameter("CORNERS", 3, 4, &[3, 4, 1], &reals(&corners)),
            self.parameter("ORIGIN", 3, 4, &[3, 1], &reals(&[0.0, 0.0, -40.0])),
            self.parameter("CHANNEL", 3, 2, &[2, 1], &words(&[1, 2])),
        ] {
            parameters.extend(entry);
        }
        parameters.resize(2 * BLOCK, 0);
        let mut file = vec![2, 0x50];
        file.extend(words(&[2, 4, 1, 2, 0]));
        file.extend(self.real(if is_real { -0.1 } else { 0.1 }));
        file.extend(words(&[4, 2]));
        file.extend(self.real(100.0));
        file.resize(BLOCK, 0);
        file.extend(parameters);
        let scale = if is_real { 1.0 } else { 10.0 };
        let frames = [
            [100.0, 200.0, -300.0, 0.0, 0.0, 0.0, 0.0, -1.0, 700.0, 10.0, 701.0, 11.0],
            [101.0, 201.0, -301.0, 0.0, 5.0, 6.0, 7.0, 0.0, 702.0, 12.0, 703.0, 13.0],
        ];
        for frame in frames {
            for (n, number) in frame.into_iter().enumerate() {
                // Places are scaled, residuals and samples are not.
                let number = if n < 8 && n % 4 != 3 { number * scale } else { number };
                file.extend(if is_real { self.real(number) } else { self.word(number as i32) });
            }
        }
        file
    }
}

#[test]
fn markers_channels_and_plates_are_the_same_from_every_processor() {
    for processor in [Processor::Intel, Processor::Dec, Processor::Mips] {
        for is_real in [true, false] {
            let found = read(&processor.file(is_real)).unwrap();
            assert_eq!(found.markers.names, ["RASI", "LASI"]);
            assert_eq!((found.markers.rate_hz, found.channel_rate_hz), (100.0, 200.0));
            assert_eq!(found.markers.times, [0.0, 0.01]);
            let place = |frame: usize, marker: usize| found.markers.places[frame][marker];
            assert_eq!(place(0, 1), None);
            assert!((place(0, 0).unwrap() - Point3::new(0.1, 0.2, -0.3)).norm() < 1e-7);
            assert!((place(1, 1).unwrap() - Point3::new(0.005, 0.006, 0.007)).norm() < 1e-7);
            let [force, moment] = &found.channels[..] else { panic!("{:?}", found.channels) };
            assert_eq!((force.name.as_str(), force.unit.as_str(), moment.unit.as_str()), ("Fz", "N", "Nmm"));
            assert_eq!(force.samples, [700.0, 701.0, 702.0, 703.0]);
            assert_eq!(moment.samples, [0.0, 2.0, 4.0, 6.0], "less the offset, times both scales");
            let [plate] = &found.plates[..] else { panic!("{:?}", found.plates) };
            assert_eq!((plate.kind, &plate.channels[..]), (2, &[0, 1][..]));
            assert!((plate.corners[1] - Point3::new(0.3, 0.4, 0.5)).norm() < 1e-7);
            assert!((plate.origin - Vector3::new(0.0, 0.0, -0.04)).norm() < 1e-7);
        }
    }
}

#[test]
fn files_that_are_cut_off_or_damaged_are_refused_and_none_is_fatal() {
    let whole = Processor::Intel.file(true);
    let error = |file: &[u8]| read(file).unwrap_err().to_string();
    assert!(error(b"").contains("not a C3D file") && error(b"Dear colleague").contains("not a C3D file"));
    assert!(error(&whole[..whole.len() - 1]).contains("truncated"));
    // More frames than there are bytes, before room is made for them.
    let mut many = whole.clone();
    many[8..10].copy_from_slice(&[0xff, 0xff]);
    assert!(error(&many).contains("65535 frames"), "{}", error(&many));
    let mut backwards = whole.clone();
    backwards[6..8].copy_from_slice(&[9, 0]);
    assert!(error(&backwards).contains("before its first"), "{}", error(&backwards));
    let mut other = whole.clone();
    other[BLOCK + 3] = 1;
    assert!(error(&other).contains("processor type is 1"));
    // Whatever one byte says, nothing worse than an error comes of it.
    for at in 0..whole.len() {
        for byte in [0, 1, 0x7f, 0x80, 0xff] {
            let mut file = whole.clone();
            file[at] = byte;
            let _ = read(&file);
        }
        let _ = read(&whole[..at]);
    }
}
