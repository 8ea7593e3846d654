//! Parameters of a C3D file, in groups.

use super::bytes::Bytes;
use super::error::{C3dError, error};
use std::collections::BTreeMap;

/// Values of parameters by group and name.
pub(super) struct Parameters(BTreeMap<(String, String), Value>);

enum Value {
    /// Words, all of one length with what fills them up cut off.
    Words(Vec<String>),
    Numbers(Vec<f64>),
}

impl Parameters {
    /// Parameters that begin at a byte.
    pub(super) fn read(bytes: &Bytes<'_>, start: usize) -> Result<Parameters, C3dError> {
        let mut groups: BTreeMap<i8, String> = BTreeMap::new();
        let mut found = Vec::new();
        let mut at = start + 4;
        loop {
            // A negative length says that a parameter is locked.
            let length = usize::from((bytes.byte(at)? as i8).unsigned_abs());
            let group = bytes.byte(at + 1)? as i8;
            if length == 0 || group == 0 {
                break;
            }
            let name = String::from_utf8_lossy(bytes.part(at + 2, length)?).trim().to_ascii_uppercase();
            let next_at = at + 2 + length;
            let next = bytes.word(next_at)?;
            match group {
                ..0 => {
                    groups.insert(group, name);
                }
                _ => found.push((-group, name, value(bytes, next_at + 2)?)),
            }
            if next == 0 {
                break;
            }
            at = next_at + usize::from(next);
        }
        let named = found
            .into_iter()
            .filter_map(|(group, name, value)| Some(((groups.get(&group)?.clone(), name), value)));
        Ok(Parameters(named.collect()))
    }

    /// Words; none where it is not there or holds numbers.
    pub(super) fn words(&self, group: &str, name: &str) -> Vec<String> {
        match self.0.get(&(group.to_owned(), name.to_owned())) {
            Some(Value::Words(words)) => words.clone(),
            _ => Vec::new(),
        }
    }

    /// Numbers; none where it is not there or holds words.
    pub(super) fn numbers(&self, group: &str, name: &str) -> Vec<f64> {
        match self.0.get(&(group.to_owned(), name.to_owned())) {
            Some(Value::Numbers(numbers)) => numbers.clone(),
            _ => Vec::new(),
        }
    }
}

fn value(bytes: &Bytes<'_>, at: usize) -> Result<Value, C3dError> {
    let kind = bytes.byte(at)? as i8;
    let count = usize::from(bytes.byte(at + 1)?);
    let dimensions: Vec<usize> = bytes.part(at + 2, count)?.iter().map(|d| usize::from(*d)).collect();
    let data = at + 2 + count;
    let size = dimensions.iter().try_fold(1_usize, |all, d| all.checked_mul(*d)).unwrap_or(usize::MAX);
    let width = match kind {
        -1 | 1 => 1,
        2 => 2,
        4 => 4,
        other => return error(format!("a parameter has type {other}, not -1, 1, 2 or 4")),
    };
    // All of it must be there before room is made for it.
    let raw = bytes.part(data, size.saturating_mul(width))?;
    let number = |n: usize| match width {
        1 => bytes.byte(data + n).map(f64::from),
        2 => bytes.integer(data + 2 * n).map(f64::from),
        _ => bytes.real(data + 4 * n),
    };
    if kind != -1 {
        return Ok(Value::Numbers((0..size).map(number).collect::<Result<_, _>>()?));
    }
    let length = dimensions.first().copied().unwrap_or(1).max(1);
    let word = |part: &[u8]| String::from_utf8_lossy(part).trim_matches(['\0', ' ']).to_owned();
    Ok(Value::Words(raw.chunks(length).map(word).collect()))
}
