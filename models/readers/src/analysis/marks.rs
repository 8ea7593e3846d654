//! Marks of readers against lesions (free-response ROC).

use super::areas::TestOf;
use super::data::Data;
use crate::error::ReadersError;
use crate::mark::Mark;
use coxa_statistics::{Estimate, Inference, Level, MarkFigure, MarkStudy, Marks};
use serde::Serialize;

/// A figure of merit of marks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FigureOf {
    /// Which.
    pub figure: MarkFigure,
    /// By method, then reader, of readers who read everything.
    pub by_reader: Vec<f64>,
    /// Mean over readers of each method, for other readers and cases; for these readers where there is but one.
    pub means: Vec<Estimate>,
    /// Test that all methods are alike (random readers, random cases); `None` below two readers or methods.
    pub test: Option<TestOf>,
}

/// Marks of a study.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarksFound {
    /// Readers who read everything, in the order of the figures.
    pub readers: Vec<String>,
    /// Number of lesions.
    pub lesions: usize,
    /// By method, then reader: lesions that were marked.
    pub found: Vec<usize>,
    /// By method, then reader: marks where there is no lesion.
    pub others: Vec<usize>,
    /// Figures of merit.
    pub figures: Vec<FigureOf>,
}

/// Whether a mark finds a lesion: on one of its slices, or the next to one, the middle of either lies in the other.
fn finds(mark: &Mark, lesion: &[Mark]) -> bool {
    let near = |of: &&Mark| of.picture == mark.picture && of.slice.abs_diff(mark.slice) <= 1;
    lesion.iter().filter(near).any(|of| of.contains(mark.centre()) || mark.contains(of.centre()))
}

/// Marks of a case sorted into those on lesions and others. A mark without a rating counts as the lowest.
fn sorted(marks: &[Mark], lesions: &[Vec<Mark>]) -> Marks {
    let rating = |mark: &Mark| mark.rating.unwrap_or(0.0);
    let highest =
        |lesion: &Vec<Mark>| marks.iter().filter(|mark| finds(mark, lesion)).map(rating).reduce(f64::max);
    let is_other = |mark: &&Mark| !lesions.iter().any(|lesion| finds(mark, lesion));
    Marks {
        lesions: lesions.iter().map(highest).collect(),
        others: marks.iter().filter(is_other).map(rating).collect(),
    }
}

/// Marks against lesions; `None` where the study has none of either.
pub(super) fn marks(data: &Data, notes: &mut Vec<String>) -> Result<Option<MarksFound>, ReadersError> {
    let (Some(lesions), Some(diseased)) = (&data.lesions, data.diseased()) else { return Ok(None) };
    let level = Level::NINETY_FIVE;
    let odd = lesions.iter().zip(&diseased).filter(|(lesions, is)| lesions.is_empty() == **is).count();
    if odd > 0 {
        notes.push(format!(
            "{odd} cases have lesions and no disease, or disease and no lesions: marks are not analysed"
        ));
        return Ok(None);
    }
    let cells = data.row_cells();
    let complete = data.complete(&cells);
    if complete.is_empty() {
        notes.push("no reader read every case with every method: marks are not analysed".to_owned());
        return Ok(None);
    }
    let by: Vec<Vec<Vec<Marks>>> = cells
        .iter()
        .map(|readers| {
            let of_reader = |reader: &usize| {
                let rows = readers[*reader].iter().flatten().zip(lesions);
                rows.map(|(row, lesions)| sorted(&data.rows[*row].marks, lesions)).collect()
            };
            complete.iter().map(of_reader).collect()
        })
        .collect();
    let sums = |of: fn(&Marks) -> usize| -> Vec<usize> {
        by.iter().flatten().map(|cases: &Vec<Marks>| cases.iter().map(of).sum()).collect()
    };
    let found = sums(|marks| marks.lesions.iter().flatten().count());
    let others = sums(|marks| marks.others.len());
    let failed = |source| ReadersError::Statistics { what: "the analysis of marks".to_owned(), source };
    let study = MarkStudy::new(by).map_err(failed)?;
    let mut figures = Vec::new();
    for figure in [MarkFigure::Lesions, MarkFigure::WeightedLesions, MarkFigure::HighestRating] {
        let of = study.figures(figure).map_err(failed)?;
        let inference = match complete.len() {
            1 => Inference::FixedReadersRandomCases,
            _ => Inference::RandomReadersRandomCases,
        };
        let mean = |method| of.single(method, inference, level).map(|found| found.estimate);
        let means = (0..data.treatments.len()).map(mean).collect::<Result<Vec<_>, _>>().map_err(failed)?;
        let test = of.test(inference, level).ok().map(|test| TestOf::of(data, test));
        figures.push(FigureOf { figure, by_reader: of.figures().concat(), means, test });
    }
    let readers = complete.iter().map(|reader| data.readers[*reader].clone()).collect();
    Ok(Some(MarksFound { readers, lesions: lesions.iter().map(Vec::len).sum(), found, others, figures }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mark::MarkKind;

    fn a_box(slice: usize, [x, y]: [f64; 2], half: f64, rating: Option<f64>) -> Mark {
        let points = vec![[x - half, y - half], [x + half, y + half]];
        Mark { picture: 1, slice, kind: MarkKind::Box, points, rating, lesion: None }
    }

    #[test]
    fn marks_are_sorted_by_what_they_find() {
        let lesions = [
            vec![a_box(3, [10.0, 10.0], 4.0, None), a_box(4, [10.0, 10.0], 4.0, None)],
            vec![a_box(3, [50.0, 50.0], 4.0, None)],
        ];
        let marks = [
            // In the first; round the first, a slice beyond; beside all; in no slice of any.
            a_box(3, [12.0, 12.0], 1.0, Some(2.0)),
            a_box(5, [10.0, 18.0], 9.0, Some(4.0)),
            a_box(3, [30.0, 30.0], 5.0, Some(5.0)),
            a_box(6, [10.0, 10.0], 5.0, Some(1.0)),
        ];
        let found = sorted(&marks, &lesions);
        assert_eq!(found, Marks { lesions: vec![Some(4.0), None], others: vec![5.0, 1.0] });
    }
}
