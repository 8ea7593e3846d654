#![doc = include_str!("../README.md")]

/// A row that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number as a spreadsheet counts: the first line is 1.
    pub number: usize,
    /// Its cells without spaces around them.
    pub cells: Vec<String>,
}

/// The rows of a text, the header among them.
pub fn rows(text: &str) -> Vec<Row> {
    let bytes = text.as_bytes();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(text))
        .flexible(true)
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let (mut number, mut counted) = (1, 0);
    // A text is valid UTF-8 and rows may have any length: there is nothing else that the reader refuses.
    let records = reader.records().map_while(Result::ok);
    records
        .map(|record| {
            // Empty lines count, which the reader skips. Its own numbers differ with the ends of lines.
            let start = record.position().map_or(counted, |position| position.byte() as usize);
            let rest = bytes.get(start..).unwrap_or_default();
            let start = start + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            number += line_ends(bytes.get(counted..start).unwrap_or_default());
            counted = start.max(counted);
            Row { number, cells: record.iter().map(str::to_owned).collect() }
        })
        .collect()
}

/// What stands between cells: of comma, semicolon and tab the one that the first line has most of, a comma where it has equally many.
fn separator(text: &str) -> u8 {
    let head = text.split('\n').next().unwrap_or_default();
    let count = |mark: u8| head.bytes().filter(|byte| *byte == mark).count();
    let marks = [b',', b';', b'\t'].into_iter();
    marks.max_by_key(|mark| (count(*mark), *mark == b',')).unwrap_or(b',')
}

/// Number of line ends: `\n`, `\r\n`, or `\r` alone as old machines write it.
fn line_ends(bytes: &[u8]) -> usize {
    let is_end = |place: &usize| match bytes[*place] {
        b'\n' => true,
        b'\r' => bytes.get(place + 1) != Some(&b'\n'),
        _ => false,
    };
    (0..bytes.len()).filter(is_end).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_the_numbers_of_a_spreadsheet_whatever_ends_lines() {
        for text in [
            "case,rating\r\n\r\na,1\r\n\r\n\r\n\"b\nc\",2\r\nd,3",
            "case\trating\n\na\t1\n\n\n\"b\nc\"\t2\nd\t3\n",
        ] {
            let found = rows(text);
            assert_eq!(found.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3, 6, 8], "{text:?}");
            assert_eq!(found[2].cells, ["b\nc", "2"]);
        }
        assert_eq!(rows(""), []);
    }

    proptest::proptest! {
        #[test]
        fn numbers_grow_in_any_text(text in "[a-c,;\"\r\n ]{0,60}") {
            let numbers: Vec<usize> = rows(&text).iter().map(|row| row.number).collect();
            proptest::prop_assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
