//! Places of skin markers over time, and the text form of them, `.trc` (Motion Analysis Corporation's Track Row Column).

use super::storage::StorageError;
use nalgebra::Point3;

/// Rounding of times in files, s.
const SAME_TIME: f64 = 1e-9;

/// Places of markers in the laboratory over time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Markers {
    /// Names, in the file's order.
    pub names: Vec<String>,
    /// Frames a second.
    pub rate_hz: f64,
    /// Time of each frame, s.
    pub times: Vec<f64>,
    /// Of each frame the place of each marker, m; `None` where it was not seen.
    pub places: Vec<Vec<Option<Point3<f64>>>>,
    /// Unit of length of the file, m.
    pub unit_m: f64,
}

impl Markers {
    /// The frames of a time in seconds, both ends among them.
    #[must_use]
    pub fn frames_within(&self, [first, last]: [f64; 2]) -> Vec<usize> {
        let inside = |time: f64| (first - SAME_TIME..=last + SAME_TIME).contains(&time);
        (0..self.times.len()).filter(|&n| inside(self.times[n])).collect()
    }
}

/// Names without what stands before a colon, which is the person, where they stay apart without it.
pub(super) fn without_person(names: Vec<String>) -> Vec<String> {
    let bare: Vec<String> =
        names.iter().map(|name| name.rsplit(':').next().unwrap_or_default().trim().to_owned()).collect();
    let apart: std::collections::BTreeSet<&String> = bare.iter().collect();
    if apart.len() == bare.len() && !apart.iter().any(|name| name.is_empty()) { bare } else { names }
}

/// Metres in a unit of length by its name.
pub(super) fn metres(unit: &str) -> Option<f64> {
    match unit.trim().to_ascii_lowercase().as_str() {
        "mm" => Some(1e-3),
        "cm" => Some(1e-2),
        "m" => Some(1.0),
        _ => None,
    }
}

/// Reads a `.trc`.
///
/// # Errors
/// Where it is none, says other than what is there, or a row has a marker of less than three numbers or a time that does not lie after the
/// one before it.
pub fn read_trc(text: &str) -> Result<Markers, StorageError> {
    let mut lines = text.lines().enumerate().map(|(n, line)| (n + 1, line.trim_end_matches(['\r', '\n'])));
    let mut next = |what: &str| lines.next().ok_or_else(|| error(1, format!("it ends before {what}")));
    let (line, first) = next("its first line")?;
    if !first.trim_start().to_ascii_lowercase().starts_with("pathfiletype") {
        return Err(error(line, "this is not a .trc file: it does not begin with `PathFileType`"));
    }
    let (_, keys) = next("the field names of its header")?;
    let (header_line, values) = next("its header")?;
    let value = |key: &str| -> Result<&str, StorageError> {
        let place = keys.split_whitespace().position(|own| own.eq_ignore_ascii_case(key));
        let word = place.and_then(|place| values.split_whitespace().nth(place));
        word.ok_or_else(|| error(header_line, format!("`{key}` is missing")))
    };
    let number = |key: &str| -> Result<f64, StorageError> {
        let word = value(key)?;
        let number = word.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
        number.ok_or_else(|| {
            error(header_line, format!("`{key}` is `{word}`; it must be a number not below 0"))
        })
    };
    let scale = metres(value("Units")?).ok_or_else(|| {
        error(header_line, format!("the unit `{}` is not known", value("Units").unwrap_or_default()))
    })?;
    let (rate_hz, frames, count) = (number("DataRate")?, number("NumFrames")?, number("NumMarkers")?);
    let (names_line, names) = next("the names of its markers")?;
    let names: Vec<String> =
        names.split('\t').skip(2).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    if names.len() as f64 != count {
        return Err(error(
            names_line,
            format!("the header gives {count} markers, but the number of names is {}", names.len()),
        ));
    }
    next("the axes of its markers")?;
    let names = without_person(names);
    let mut found = Markers { names, rate_hz, unit_m: scale, ..Markers::default() };
    for (line, row) in lines.filter(|(_, row)| !row.trim().is_empty()) {
        let cells: Vec<&str> = row.split('\t').map(str::trim).collect();
        let time = cells.get(1).and_then(|word| word.parse::<f64>().ok()).filter(|time| time.is_finite());
        let time = time.ok_or_else(|| error(line, "its second column is not a time"))?;
        if let Some(last) = found.times.last().filter(|last| time <= **last) {
            return Err(error(line, format!("the time {time} s does not come after {last} s")));
        }
        let wanted = 2 + 3 * found.names.len();
        // Markers that are not seen at the end of a row may be left away; beyond the last marker only empty cells may follow.
        if cells.iter().skip(wanted).any(|cell| !cell.is_empty()) {
            return Err(error(line, format!("it has more than three numbers for each of {count} markers")));
        }
        let places = found.names.iter().enumerate().map(|(n, name)| {
            let cell = |axis: usize| cells.get(2 + 3 * n + axis).copied().unwrap_or_default();
            place([cell(0), cell(1), cell(2)], scale)
                .map_err(|why| error(line, format!("marker `{name}`: {why}")))
        });
        let places = places.collect::<Result<_, _>>()?;
        found.times.push(time);
        found.places.push(places);
    }
    if found.times.len() as f64 != frames {
        let why = format!("the header gives {frames} frames, but the file has {}", found.times.len());
        return Err(error(header_line, why));
    }
    Ok(found)
}

/// A place of three words, none of which is there where the marker was not seen.
fn place(words: [&str; 3], scale: f64) -> Result<Option<Point3<f64>>, String> {
    if words.iter().all(|word| word.is_empty() || word.eq_ignore_ascii_case("nan")) {
        return Ok(None);
    }
    let mut place = Point3::origin();
    for (axis, word) in words.into_iter().enumerate() {
        let number = word.parse::<f64>().ok().filter(|number| number.is_finite());
        place[axis] = scale * number.ok_or_else(|| format!("`{word}` is not a number"))?;
    }
    Ok(Some(place))
}

fn error(line: usize, why: impl Into<String>) -> StorageError {
    StorageError { line, why: why.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRC: &str = "PathFileType\t4\t(X/Y/Z)\twalk.trc\nDataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames\n60\t60\t2\t2\tmm\t60\t1\t2\nFrame#\tTime\tR.ASIS\t\t\tV.Sacral\t\t\n\t\tX1\tY1\tZ1\tX2\tY2\tZ2\n\n1\t0.0\t600\t1000\t-120\t\t\t\n2\t0.016667\t601\t1001\t-121\t400\t990\t0\t\n";

    #[test]
    fn markers_are_read_in_metres_and_what_was_not_seen_is_none() {
        let markers = read_trc(TRC).unwrap();
        assert_eq!((markers.names.join(" "), markers.rate_hz), ("R.ASIS V.Sacral".into(), 60.0));
        assert_eq!(markers.places[0], [Some(Point3::new(0.6, 1.0, -0.12)), None]);
        assert_eq!(markers.places[1][1], Some(Point3::new(0.4, 0.99, 0.0)));
    }

    #[test]
    fn the_person_before_a_colon_is_no_part_of_a_name() {
        let named = |names: [&str; 2]| without_person(names.map(str::to_owned).to_vec()).join(" ");
        assert_eq!(named(["Walker:LASI", "Walker:RASI"]), "LASI RASI");
        assert_eq!(named(["A:LASI", "B:LASI"]), "A:LASI B:LASI", "two people have one each");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (from, to, words) in [
            ("PathFileType", "Path", "line 1: this is not a .trc file"),
            ("\tmm\t", "\tfurlong\t", "line 3: the unit `furlong` is not known"),
            ("60\t60\t2\t2", "60\t60\t3\t2", "line 3: the header gives 3 frames, but the file has 2"),
            (
                "60\t60\t2\t2",
                "60\t60\t2\t9",
                "line 4: the header gives 9 markers, but the number of names is 2",
            ),
            ("1001\t", "high\t", "line 8: marker `R.ASIS`: `high` is not a number"),
            ("400\t990", "400\t", "line 8: marker `V.Sacral`: `` is not a number"),
            ("\t0\t\n", "\t0\t7\n", "line 8: it has more than three numbers"),
            ("0.016667", "-1", "line 8: the time -1 s does not come after 0 s"),
        ] {
            assert!(TRC.contains(from), "{from}");
            let message = read_trc(&TRC.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(message.contains(words), "{message}");
        }
        assert!(read_trc("").is_err() && read_trc("PathFileType").is_err());
    }
}
