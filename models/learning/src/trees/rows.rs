//! Rows of a table in the columns of a model, many at a time.

use crate::data::Table;
use crate::error::LearningError;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Rows that one thread takes at a time.
const CHUNK: usize = 128;

/// Works out something of each row, which is given as the values of the columns named; answers stand in the order of rows.
///
/// # Errors
/// [`LearningError::NoColumn`] of a column that the table lacks.
pub(super) fn each_row<T: Send>(
    table: &Table,
    names: &[String],
    work: impl Fn(usize, &[f64]) -> T + Sync,
) -> Result<Vec<T>, LearningError> {
    let known: BTreeMap<&str, usize> =
        table.names().iter().enumerate().map(|(place, name)| (name.as_str(), place)).collect();
    let place = |name: &String| {
        let place = known.get(name.as_str()).copied();
        place.ok_or_else(|| LearningError::NoColumn(name.clone()))
    };
    let places = names.iter().map(place).collect::<Result<Vec<usize>, _>>()?;
    let chunks = (0..table.rows().div_ceil(CHUNK)).into_par_iter().map(|chunk| {
        let rows = chunk * CHUNK..((chunk + 1) * CHUNK).min(table.rows());
        let mut values = vec![0.0; rows.len() * places.len()];
        for (at, &place) in places.iter().enumerate() {
            for (row, &value) in table.column(place)[rows.clone()].iter().enumerate() {
                values[row * places.len() + at] = value;
            }
        }
        let one = |(row, at): (usize, usize)| work(row, &values[at * places.len()..(at + 1) * places.len()]);
        rows.clone().zip(0..).map(one).collect::<Vec<T>>()
    });
    Ok(chunks.collect::<Vec<Vec<T>>>().into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_in_order_with_columns_by_name() {
        let rows = 300;
        let numbers: Vec<f64> = (0..rows).map(f64::from).collect();
        let table = Table::new(vec![("a".into(), numbers.clone()), ("b".into(), vec![0.5; 300])]).unwrap();
        let names = ["b".to_owned(), "a".to_owned()];
        let found = each_row(&table, &names, |row, values| (row, values[0] + values[1])).unwrap();
        assert!(found.iter().enumerate().all(|(at, &(row, sum))| at == row && sum == at as f64 + 0.5));
        assert_eq!(found.len(), 300);
        let other = each_row(&table, &["c".to_owned()], |row, _| row);
        assert_eq!(other, Err(LearningError::NoColumn("c".into())));
    }
}
