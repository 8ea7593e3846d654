//! Tables over time, as OpenSim keeps motions, forces and results: `.mot` and `.sto`.
//!
//! A header of lines ends with `endheader`; then come names of columns, of which the first is `time`, and rows of numbers. The older form
//! of SIMM says `datarows` and `datacolumns` where OpenSim says `nRows` and `nColumns`, and has angles in degrees.

use std::fmt::Write as _;

/// A table over time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Storage {
    /// First line of the file.
    pub name: String,
    /// Whether angles are in degrees, where the file says.
    pub in_degrees: Option<bool>,
    /// Names of columns without time.
    pub columns: Vec<String>,
    /// Time of each row in seconds, rising.
    pub times: Vec<f64>,
    /// Rows, each with a number for each column.
    pub rows: Vec<Vec<f64>>,
}

/// Why a table cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct StorageError {
    /// Line in the file, from 1 on.
    pub line: usize,
    /// What is wrong.
    pub why: String,
}

/// A table at one time, see [`Storage::between`].
#[derive(Debug, Clone, Copy)]
pub struct Between<'a> {
    rows: [&'a [f64]; 2],
    /// Of the way from the first to the second.
    part: f64,
}

impl Between<'_> {
    /// The value of a column by its place.
    ///
    /// # Panics
    /// Where the table has no such column.
    pub fn value(&self, column: usize) -> f64 {
        self.rows[0][column] * (1.0 - self.part) + self.rows[1][column] * self.part
    }
}

/// What stands before the names of the columns.
#[derive(Default)]
struct Header {
    name: String,
    in_degrees: Option<bool>,
    /// Numbers of rows and columns with the lines that say so.
    rows: Option<(usize, usize)>,
    columns: Option<(usize, usize)>,
}

impl Header {
    /// Reads up to the line `endheader` and that line itself.
    fn read<'t>(lines: &mut impl Iterator<Item = (usize, &'t str)>) -> Result<Header, StorageError> {
        let mut found = Header::default();
        for (line, text) in lines {
            let (key, value) =
                text.split_once('=').or_else(|| text.split_once(char::is_whitespace)).unwrap_or((text, ""));
            let value = value.trim();
            let count = || {
                value
                    .parse::<usize>()
                    .map_err(|_| error(line, format!("`{value}` is not a number of rows or columns")))
            };
            match key.trim().to_ascii_lowercase().as_str() {
                "endheader" => return Ok(found),
                "nrows" | "datarows" => found.rows = Some((line, count()?)),
                "ncolumns" | "datacolumns" => found.columns = Some((line, count()?)),
                "indegrees" => {
                    found.in_degrees = match value.to_ascii_lowercase().as_str() {
                        "yes" | "y" | "true" => Some(true),
                        "no" | "n" | "false" => Some(false),
                        _ => {
                            return Err(error(
                                line,
                                format!("`inDegrees` is `{value}`; it must be yes or no"),
                            ));
                        }
                    };
                }
                "datatype" if !value.eq_ignore_ascii_case("double") => {
                    return Err(error(line, format!("columns of the type `{value}` are not supported")));
                }
                "name" if line == 1 && !value.is_empty() => found.name = value.to_owned(),
                _ if line == 1 => found.name = text.to_owned(),
                _ => {}
            }
        }
        Err(error(1, "this is not a .mot or .sto file: its header has no line `endheader`"))
    }
}

/// The names of the columns behind `time`; `said` is how many the header says there are, with its line.
fn column_names(
    (line, labels): (usize, &str),
    said: Option<(usize, usize)>,
) -> Result<Vec<String>, StorageError> {
    let mut labels: Vec<&str> = match labels.contains('\t') {
        true => labels.split('\t').map(str::trim).filter(|label| !label.is_empty()).collect(),
        false => labels.split_whitespace().collect(),
    };
    if !labels.first().is_some_and(|first| first.eq_ignore_ascii_case("time")) {
        return Err(error(line, "the first column must be `time`"));
    }
    if let Some((at, wanted)) = said
        && wanted != labels.len()
    {
        return Err(error(
            at,
            format!("the header gives {wanted} columns, but the number of names is {}", labels.len()),
        ));
    }
    labels.remove(0);
    if let Some(twice) = (1..labels.len()).find(|&n| labels[..n].contains(&labels[n])) {
        return Err(error(line, format!("the column `{}` appears twice", labels[twice])));
    }
    Ok(labels.into_iter().map(str::to_owned).collect())
}

impl Storage {
    /// Reads a table.
    ///
    /// # Errors
    /// Where the header does not end, says other than what is there, or a row has too many or too few numbers, one that is not finite, or a
    /// time that does not lie after the one before it.
    ///
    /// # Examples
    /// ```
    /// use coxa_muscle::files::Storage;
    ///
    /// let text = "walk\nversion=1\nnRows=2\nnColumns=2\ninDegrees=yes\nendheader\ntime\thip_flexion_r\n0\t10\n1\t30\n";
    /// let table = Storage::read(text).unwrap();
    /// let flexion = table.column("hip_flexion_r").unwrap();
    /// assert_eq!(table.between(0.5).unwrap().value(flexion), 20.0);
    /// ```
    pub fn read(text: &str) -> Result<Storage, StorageError> {
        let mut lines = text.lines().enumerate().map(|(n, line)| (n + 1, line.trim()));
        let Header { name, in_degrees, rows, columns } = Header::read(&mut lines)?;
        let mut lines = lines.filter(|(_, line)| !line.is_empty());
        let names = lines.next().ok_or_else(|| error(1, "there are no column names after the header"))?;
        let columns = column_names(names, columns)?;
        let mut found = Storage { name, in_degrees, columns, ..Storage::default() };
        for (line, text) in lines {
            found.push_row(line, text)?;
        }
        match rows {
            Some((said, wanted)) if wanted != found.rows.len() => Err(error(
                said,
                format!(
                    "the header gives {wanted} rows, but the file has {}: it is truncated or was edited",
                    found.rows.len()
                ),
            )),
            _ => Ok(found),
        }
    }

    /// Takes in a row of the file: its time, then a number for each column.
    fn push_row(&mut self, line: usize, text: &str) -> Result<(), StorageError> {
        let numbers = text.split_whitespace().map(|word| match word.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            Ok(_) => Err(error(line, format!("`{word}` is not finite"))),
            Err(_) => Err(error(line, format!("`{word}` is not a number"))),
        });
        let mut numbers: Vec<f64> = numbers.collect::<Result<_, _>>()?;
        let wanted = self.columns.len() + 1;
        if numbers.len() != wanted {
            return Err(error(line, format!("it has {} numbers for {wanted} columns", numbers.len())));
        }
        let time = numbers.remove(0);
        if let Some(last) = self.times.last().filter(|last| time <= **last) {
            return Err(error(
                line,
                format!("the time {time} s does not come after {last} s: rows must be in order of time"),
            ));
        }
        self.times.push(time);
        self.rows.push(numbers);
        Ok(())
    }

    /// The text of the file, each number in the fewest digits that read back to the same bits.
    pub fn write(&self) -> String {
        let mut text = format!(
            "{}\nversion=1\nnRows={}\nnColumns={}\n",
            self.name,
            self.rows.len(),
            self.columns.len() + 1
        );
        if let Some(in_degrees) = self.in_degrees {
            text.push_str(if in_degrees { "inDegrees=yes\n" } else { "inDegrees=no\n" });
        }
        text.push_str("endheader\ntime");
        for column in &self.columns {
            text.push('\t');
            text.push_str(column);
        }
        text.push('\n');
        for (time, row) in self.times.iter().zip(&self.rows) {
            // Writing to a string does not fail.
            let _ = write!(text, "{time:?}");
            for number in row {
                let _ = write!(text, "\t{number:?}");
            }
            text.push('\n');
        }
        text
    }

    /// What the table says at a time: straight between its rows and held beyond them; `None` where it has no rows.
    pub fn between(&self, time: f64) -> Option<Between<'_>> {
        let last = self.times.len().checked_sub(1)?;
        let next = self.times.partition_point(|own| *own <= time).clamp(1, last.max(1));
        let [before, after] = [next - 1, next.min(last)];
        let span = self.times[after] - self.times[before];
        let part = if span > 0.0 { ((time - self.times[before]) / span).clamp(0.0, 1.0) } else { 0.0 };
        Some(Between { rows: [self.rows.get(before)?, self.rows.get(after)?], part })
    }

    /// The place of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|own| own == name)
    }
}

fn error(line: usize, why: impl Into<String>) -> StorageError {
    StorageError { line, why: why.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MOTION: &str = "walk\nversion=1\t\t\nnRows=2\nnColumns=3\ninDegrees=yes\n\nUnits are S.I. units\nendheader\ntime\thip\tknee\n0\t 1.5\t-2\n0.1\t2\t-3e-1\n";

    #[test]
    fn a_motion_is_read_in_both_forms() {
        let motion = Storage::read(MOTION).unwrap();
        assert_eq!((motion.name.as_str(), motion.in_degrees), ("walk", Some(true)));
        assert_eq!((motion.columns.len(), &motion.times[..]), (2, &[0.0, 0.1][..]));
        assert_eq!(motion.rows[1][motion.column("knee").unwrap()], -0.3);
        let simm = "name walk\ndatacolumns 3\ndatarows 2\nrange 0 0.1\nendheader\ntime hip knee\n0 1.5 -2\n0.1 2 -0.3\n";
        assert_eq!(Storage::read(simm).unwrap(), Storage { in_degrees: None, ..motion });
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (from, to, words) in [
            ("endheader", "", "line 1: this is not a .mot or .sto file"),
            ("nRows=2", "nRows=3", "line 3: the header gives 3 rows, but the file has 2"),
            ("nRows=2", "nRows=many", "`many` is not a number"),
            ("nColumns=3", "nColumns=9", "line 4: the header gives 9 columns, but the number of names is 3"),
            ("inDegrees=yes", "inDegrees=maybe", "line 5"),
            ("time\thip", "hip\ttime", "line 9: the first column must be `time`"),
            ("\tknee", "\thip", "`hip` appears twice"),
            ("-2\n", "NaN\n", "line 10: `NaN` is not finite"),
            ("-2\n", "-2 7\n", "line 10: it has 4 numbers for 3 columns"),
            ("-2\n", "two\n", "`two` is not a number"),
            ("0.1\t", "-0.1\t", "line 11: the time -0.1 s does not come after 0 s"),
            ("0.1\t", "0\t", "line 11"),
            ("version=1", "DataType=Vec3", "`Vec3` are not supported"),
        ] {
            assert!(MOTION.contains(from), "{from}");
            let message = Storage::read(&MOTION.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(message.contains(words), "{message}");
        }
        assert!(Storage::read("").is_err() && Storage::read("endheader").is_err());
    }

    #[test]
    fn between_rows_values_are_straight_and_beyond_them_held() {
        let motion = Storage::read(MOTION).unwrap();
        let hip = |time: f64| motion.between(time).unwrap().value(0);
        assert_eq!([-1.0, 0.0, 0.1, 7.0].map(hip), [1.5, 1.5, 2.0, 2.0]);
        assert!((hip(0.02) - 1.6).abs() < 1e-12);
        let one = Storage { times: vec![3.0], rows: vec![vec![4.0]], ..Storage::default() };
        assert_eq!([2.0, 3.0, 4.0].map(|time| one.between(time).unwrap().value(0)), [4.0; 3]);
        assert!(Storage::default().between(0.0).is_none());
    }

    proptest! {
        #[test]
        fn a_table_that_is_written_reads_back_to_the_bit(
            rows in proptest::collection::vec([-1e9..1e9_f64, -1e-9..1e-9_f64], 0..9),
            in_degrees in proptest::option::of(any::<bool>()),
        ) {
            let table = Storage {
                name: "forces of a leg".into(),
                in_degrees,
                columns: vec!["glut_med1_r".into(), "ground_force_vx".into()],
                times: (0..rows.len()).map(|n| 0.1 * n as f64).collect(),
                rows: rows.iter().map(|row| row.to_vec()).collect(),
            };
            prop_assert_eq!(Storage::read(&table.write()).unwrap(), table);
        }
    }
}
