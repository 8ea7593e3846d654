//! The steps of a manifest between an image and the tensor that a graph sees.

use super::tensor::Tensor;
use crate::manifest::{PerChannel, Preprocess};
use coxa_imaging::image::Image;

/// Most numbers of a tensor.
const MOST_VALUES: usize = 1 << 26;

/// Slices on their way, each row by row.
struct Pixels {
    rows: usize,
    columns: usize,
    slices: Vec<Vec<f64>>,
    spacing_mm: Option<[f64; 2]>,
    /// Slices of a stack were chosen.
    is_chosen: bool,
}

/// Takes an image through the steps.
///
/// # Errors
/// A stack without a step that chooses slices, fewer slices than asked for, a resampling of an image that does not say the size of its pixels, values that are not finite or all alike.
pub fn tensor(image: &Image, steps: &[Preprocess]) -> Result<Tensor, String> {
    if !image.values.iter().all(|value| value.is_finite()) {
        return Err("the image has values that are not finite".into());
    }
    let [columns, rows, count] = image.size;
    let slices = (0..count).filter_map(|slice| Some(image.slice(slice)?.to_vec())).collect();
    let mut pixels = Pixels { rows, columns, slices, spacing_mm: image.spacing_mm, is_chosen: count == 1 };
    for step in steps {
        pixels.take(step, image.is_inverted)?;
    }
    if !pixels.is_chosen {
        return Err(format!(
            "the image has {count} slices; the module looks at one, or has a step middle_slices"
        ));
    }
    let values = pixels.slices.iter().flatten().map(|value| *value as f32).collect();
    Ok(Tensor { channels: pixels.slices.len(), rows: pixels.rows, columns: pixels.columns, values })
}

impl Pixels {
    fn take(&mut self, step: &Preprocess, is_inverted: bool) -> Result<(), String> {
        match step {
            Preprocess::Monochrome2 if is_inverted => {
                let [low, high] = self.ends();
                self.each(|value| low + high - value);
            }
            Preprocess::Monochrome2 => {}
            Preprocess::MiddleSlices { count } => self.choose(*count)?,
            Preprocess::Repeat { channels } => {
                let [slice] = &self.slices[..] else {
                    let found = self.slices.len();
                    return Err(format!("the image has {found} slices, and one is to be repeated"));
                };
                self.slices = vec![slice.clone(); *channels];
            }
            Preprocess::Resample { spacing_mm } => {
                let [x, y] = self.spacing_mm.ok_or("the image does not say how large its pixels are")?;
                let to =
                    |length: usize, old: f64| ((length as f64 * old / spacing_mm).round() as usize).max(1);
                let (rows, columns) = (to(self.rows, y), to(self.columns, x));
                self.resample(rows, columns)?;
                self.spacing_mm = Some([*spacing_mm; 2]);
            }
            Preprocess::Fit { size: [rows, columns] } => self.fit(*rows, *columns)?,
            Preprocess::CropCentre { size: [rows, columns] } => self.window(*rows, *columns)?,
            Preprocess::WindowPercentiles { low, high } => {
                let [low, high] = self.percentiles([*low, *high]);
                if high <= low {
                    return Err("the pixels of the image are all alike".into());
                }
                self.each(|value| ((value - low) / (high - low)).clamp(0.0, 1.0));
            }
            Preprocess::Window { low, high } => {
                self.each(|value| ((value - low) / (high - low)).clamp(0.0, 1.0));
            }
            Preprocess::Normalise { mean, deviation } => self.normalise(mean, deviation)?,
        }
        Ok(())
    }

    fn normalise(&mut self, mean: &PerChannel, deviation: &PerChannel) -> Result<(), String> {
        for (channel, slice) in self.slices.iter_mut().enumerate() {
            let (Some(mean), Some(deviation)) = (mean.of(channel), deviation.of(channel)) else {
                return Err("the step normalise has fewer numbers than the image has channels".into());
            };
            slice.iter_mut().for_each(|value| *value = (*value - mean) / deviation);
        }
        Ok(())
    }

    fn each(&mut self, of: impl Fn(f64) -> f64) {
        self.slices.iter_mut().flatten().for_each(|value| *value = of(*value));
    }

    fn ends(&self) -> [f64; 2] {
        let all = self.slices.iter().flatten();
        all.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| [low.min(*value), high.max(*value)])
    }

    fn choose(&mut self, count: usize) -> Result<(), String> {
        let found = self.slices.len();
        if found < count {
            return Err(format!("the image has {found} slices, and the module looks at the middle {count}"));
        }
        self.slices = self.slices.drain(..).skip((found - count) / 2).take(count).collect();
        self.is_chosen = true;
        Ok(())
    }

    /// As large as fits, aspect kept, in the middle of the darkest value.
    fn fit(&mut self, rows: usize, columns: usize) -> Result<(), String> {
        let scale = (rows as f64 / self.rows as f64).min(columns as f64 / self.columns as f64);
        let to = |length: usize, most: usize| ((length as f64 * scale).round() as usize).clamp(1, most);
        let (inner_rows, inner_columns) = (to(self.rows, rows), to(self.columns, columns));
        self.resample(inner_rows, inner_columns)?;
        self.spacing_mm = self.spacing_mm.map(|spacing| spacing.map(|mm| mm / scale));
        self.window(rows, columns)
    }

    /// A window around the middle; beyond the image the darkest value.
    fn window(&mut self, rows: usize, columns: usize) -> Result<(), String> {
        self.check_size(rows, columns)?;
        let [dark, _] = self.ends();
        // Halves are rounded away from the start on both sides, so that a crop of what was filled gives it back.
        let start = |from: usize, to: usize| (from as i64 - to as i64).div_euclid(2);
        let (top, left) = (start(self.rows, rows), start(self.columns, columns));
        let (old_rows, old_columns) = (self.rows, self.columns);
        for slice in &mut self.slices {
            let at = |row: usize, column: usize| {
                let (row, column) = (row as i64 + top, column as i64 + left);
                let row = usize::try_from(row).ok().filter(|row| *row < old_rows)?;
                let column = usize::try_from(column).ok().filter(|column| *column < old_columns)?;
                slice.get(row * old_columns + column).copied()
            };
            let new = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
            *slice = new.map(|(row, column)| at(row, column).unwrap_or(dark)).collect();
        }
        (self.rows, self.columns) = (rows, columns);
        Ok(())
    }

    /// To another number of rows and columns over the same area: linear between pixels, over more of them where pixels become larger, so that none is left out.
    fn resample(&mut self, rows: usize, columns: usize) -> Result<(), String> {
        self.check_size(rows, columns)?;
        let (down, across) = (weights(self.rows, rows), weights(self.columns, columns));
        let old = self.columns;
        for slice in &mut self.slices {
            let wide: Vec<f64> = slice
                .chunks_exact(old)
                .flat_map(|row| across.iter().map(move |of| sum(of, |at| row[at])))
                .collect();
            *slice = (0..rows * columns)
                .map(|place| sum(&down[place / columns], |row| wide[row * columns + place % columns]))
                .collect();
        }
        (self.rows, self.columns) = (rows, columns);
        Ok(())
    }

    /// Refuses a step after which the image would not fit into memory.
    fn check_size(&self, rows: usize, columns: usize) -> Result<(), String> {
        match rows.saturating_mul(columns).saturating_mul(self.slices.len()) > MOST_VALUES {
            true => {
                Err(format!("a step would make an image of {rows} x {columns} pixels, which is too large"))
            }
            false => Ok(()),
        }
    }

    /// Values below which these percentages of the pixels lie, linear between ranks.
    fn percentiles(&self, of: [f64; 2]) -> [f64; 2] {
        let mut all: Vec<f64> = self.slices.iter().flatten().copied().collect();
        all.sort_by(f64::total_cmp);
        of.map(|percent| {
            let place = percent.clamp(0.0, 100.0) / 100.0 * all.len().saturating_sub(1) as f64;
            let (below, part) = (place.floor() as usize, place.fract());
            let at = |place: usize| all.get(place).or(all.last()).copied().unwrap_or(0.0);
            at(below) + part * (at(below + 1) - at(below))
        })
    }
}

fn sum(weights: &[(usize, f64)], value: impl Fn(usize) -> f64) -> f64 {
    weights.iter().map(|(at, weight)| weight * value(*at)).sum()
}

/// For each of `to` pixels over the length of `from`: the old pixels that it is made of, with weights that sum to 1.
fn weights(from: usize, to: usize) -> Vec<Vec<(usize, f64)>> {
    let step = from as f64 / to as f64;
    // A triangle, half as wide as two of the larger pixels.
    let reach = step.max(1.0);
    let of = |place: usize| {
        let middle = (place as f64 + 0.5) * step - 0.5;
        let first = (middle - reach).ceil().max(0.0) as usize;
        let last = ((middle + reach).floor().max(0.0) as usize).min(from - 1);
        let mut found: Vec<(usize, f64)> = (first.min(last)..=last)
            .map(|at| (at, (1.0 - (at as f64 - middle).abs() / reach).max(0.0)))
            .collect();
        let whole: f64 = found.iter().map(|(_, weight)| weight).sum();
        if whole > 0.0 {
            found.iter_mut().for_each(|(_, weight)| *weight /= whole);
        } else {
            found = vec![((middle.round().max(0.0) as usize).min(from - 1), 1.0)];
        }
        found
    };
    (0..to).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(columns: usize, rows: usize, slices: usize) -> Image {
        let values = (0..columns * rows * slices).map(|n| n as f64).collect();
        Image { spacing_mm: Some([0.5, 1.0]), ..Image::new([columns, rows, slices], values) }
    }

    #[test]
    fn steps_do_what_they_say() {
        let film = Image { is_inverted: true, ..image(4, 2, 1) };
        let of = |steps: &[Preprocess]| tensor(&film, steps).unwrap();
        assert_eq!(of(&[Preprocess::Monochrome2]).values, [7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.0]);
        // Pixels of 0.5 x 1 mm become squares of 1 mm: half as many columns, the mean kept.
        let square = of(&[Preprocess::Resample { spacing_mm: 1.0 }]);
        assert_eq!((square.rows, square.columns), (2, 2));
        assert!((square.values.iter().sum::<f32>() / 4.0 - 3.5).abs() < 1e-6, "{square:?}");
        let fitted = of(&[Preprocess::Fit { size: [4, 4] }]);
        assert_eq!(fitted.values[..4], [0.0; 4]);
        assert_eq!(fitted.values[4..12], [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
        let steps = [Preprocess::Fit { size: [4, 4] }, Preprocess::CropCentre { size: [2, 2] }];
        assert_eq!(of(&steps).values, [1.0, 2.0, 5.0, 6.0]);
        let window = of(&[
            Preprocess::WindowPercentiles { low: 0.0, high: 100.0 },
            Preprocess::Normalise { mean: PerChannel::All(0.5), deviation: PerChannel::All(0.5) },
        ]);
        assert_eq!((window.values[0], window.values[7]), (-1.0, 1.0));
    }

    #[test]
    fn a_slice_is_repeated_for_networks_of_colours() {
        let each = |values: [f64; 3]| PerChannel::Each(values.to_vec());
        let normalise =
            Preprocess::Normalise { mean: each([0.0, 0.5, 1.0]), deviation: each([1.0, 0.5, 0.25]) };
        let steps =
            [Preprocess::Window { low: 0.0, high: 4.0 }, Preprocess::Repeat { channels: 3 }, normalise];
        let found = tensor(&image(2, 1, 1), &steps).unwrap();
        assert_eq!((found.channels, found.values), (3, vec![0.0, 0.25, -1.0, -0.5, -4.0, -3.0]));
        let few =
            [Preprocess::Normalise { mean: PerChannel::Each(Vec::new()), deviation: PerChannel::All(1.0) }];
        assert!(tensor(&image(2, 1, 1), &few).unwrap_err().contains("fewer numbers"));
    }

    #[test]
    fn middle_slices_become_channels_and_stacks_need_them() {
        let stack = image(2, 1, 5);
        let of = |count| tensor(&stack, &[Preprocess::MiddleSlices { count }]);
        assert_eq!(of(3).unwrap().values, [2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
        assert_eq!((of(2).unwrap().channels, of(2).unwrap().values[0]), (2, 2.0));
        assert!(of(6).unwrap_err().contains("5 slices"));
        assert!(tensor(&stack, &[]).unwrap_err().contains("middle_slices"));
        let flat = Image::new([3, 1, 1], vec![4.0; 3]);
        assert!(
            tensor(&flat, &[Preprocess::WindowPercentiles { low: 1.0, high: 99.0 }])
                .unwrap_err()
                .contains("alike")
        );
        assert!(
            tensor(&flat, &[Preprocess::Resample { spacing_mm: 1.0 }]).unwrap_err().contains("how large")
        );
    }

    #[test]
    fn weights_sum_to_one_and_keep_a_ramp() {
        for (from, to) in [(7, 3), (3, 7), (5, 5), (1, 4), (100, 1)] {
            let all = weights(from, to);
            assert!(all.iter().all(|of| (of.iter().map(|(_, w)| w).sum::<f64>() - 1.0).abs() < 1e-12));
            // In the middle, away from the ends, a ramp stays a ramp.
            let middle = sum(&all[to / 2], |at| at as f64);
            let expected = ((to / 2) as f64 + 0.5) * from as f64 / to as f64 - 0.5;
            assert!(
                (middle - expected.clamp(0.0, (from - 1) as f64)).abs() < 1e-9,
                "{from} {to}: {middle} {expected}"
            );
        }
    }
}
