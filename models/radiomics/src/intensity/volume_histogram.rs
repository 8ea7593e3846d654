//! Features of the intensity-volume histogram (IBSI reference manual, chapter 3.5).

use super::distribution::Distribution;
use crate::error::RadiomicsError;
use crate::settings::VolumeHistogram;

/// The most steps of a histogram.
const MOST_STEPS: f64 = 10_000_000.0;

/// Values that a histogram distinguishes: `first + step * i` for i below `count`.
struct Steps {
    first: f64,
    step: f64,
    count: usize,
}

/// In the order of the table: volume at 10 % and 90 % of the intensities, intensity at 10 % and 90 % of the volume, their differences,
/// area under the curve. Values that are all the same have no bins between lowest and highest.
pub(crate) fn volume_histogram(
    values: &Distribution,
    range: Option<[f64; 2]>,
    discretisation: &VolumeHistogram,
) -> Result<Vec<f64>, RadiomicsError> {
    let end = |at: usize| range.map(|range| range[at]).filter(|end| end.is_finite());
    let low = end(0).unwrap_or_else(|| values.least());
    let high = end(1).unwrap_or_else(|| values.most());
    let limited = |count: f64| match count {
        count if count <= MOST_STEPS => Ok(count as usize),
        _ => Err(RadiomicsError::TooManyLevels { levels: count, limit: MOST_STEPS as u32 }),
    };
    let (discrete, steps) = match *discretisation {
        VolumeHistogram::Steps => {
            let count = limited((high - low).floor() + 1.0)?;
            (values.clone(), Steps { first: low, step: 1.0, count })
        }
        VolumeHistogram::FixedBinSize { width } => {
            let count = limited(((high - low) / width).ceil().max(1.0))?;
            let centre = |bin: f64| low + (bin + 0.5) * width;
            let bin = |value: f64| ((value - low) / width).floor().clamp(0.0, (count - 1) as f64);
            (binned(values, |value| centre(bin(value))), Steps { first: centre(0.0), step: width, count })
        }
        VolumeHistogram::FixedBinNumber { number } => {
            let (low, high, bins) = (values.least(), values.most(), f64::from(number));
            if high == low {
                return Ok(vec![f64::NAN; 7]);
            }
            let bin = |value: f64| (bins * ((value - low) / (high - low))).floor().min(bins - 1.0) + 1.0;
            (binned(values, bin), Steps { first: 1.0, step: 1.0, count: limited(bins)? })
        }
    };
    Ok(features(&discrete, &steps))
}

/// Values replaced by those of their bins, which ascend with them.
fn binned(values: &Distribution, bin: impl Fn(f64) -> f64) -> Distribution {
    let mut merged: Vec<(f64, u64)> = Vec::new();
    for &(value, count) in &values.values {
        match (bin(value), merged.last_mut()) {
            (bin, Some(last)) if last.0 == bin => last.1 += count,
            (bin, _) => merged.push((bin, count)),
        }
    }
    Distribution { values: merged, n: values.n }
}

fn features(values: &Distribution, steps: &Steps) -> Vec<f64> {
    let last = steps.first + steps.step * (steps.count - 1) as f64;
    let volume = |part: f64| values.fraction_from(steps.first + part * (last - steps.first));
    let (mut intensity_10, mut intensity_90, mut area) = (f64::NAN, f64::NAN, 0.0);
    let (mut next, mut above, mut before) = (0, values.n, 1.0);
    for index in 0..steps.count {
        let at = steps.first + steps.step * index as f64;
        while let Some(&(_, count)) = values.values.get(next).filter(|&&(value, _)| value < at) {
            above -= count;
            next += 1;
        }
        let fraction = above as f64 / values.n as f64;
        if fraction <= 0.1 && intensity_10.is_nan() {
            intensity_10 = at;
        }
        if fraction <= 0.9 && intensity_90.is_nan() {
            intensity_90 = at;
        }
        if index > 0 {
            area += 0.5 * (before + fraction) / (steps.count - 1) as f64;
        }
        before = fraction;
    }
    // Where even the highest step holds more of the volume, the intensity is that above it.
    let beyond = last + steps.step;
    let [intensity_10, intensity_90] =
        [intensity_10, intensity_90].map(|at| if at.is_nan() { beyond } else { at });
    let (volume_10, volume_90) = (volume(0.1), volume(0.9));
    let area = if steps.count > 1 { area } else { f64::NAN };
    vec![
        volume_10,
        volume_90,
        intensity_10,
        intensity_90,
        volume_10 - volume_90,
        intensity_10 - intensity_90,
        area,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digital_phantom_has_its_volumes() {
        let levels = Distribution::of_levels(&[0, 50, 0, 1, 16, 0, 7]);
        let found = volume_histogram(&levels, None, &VolumeHistogram::Steps).unwrap();
        assert!((found[0] - 24.0 / 74.0).abs() < 1e-12);
        assert!((found[1] - 7.0 / 74.0).abs() < 1e-12);
        assert_eq!(found[2..4], [5.0, 2.0]);
    }

    #[test]
    fn flat_values_and_endless_steps() {
        let flat = Distribution::of([4.0; 3].into_iter());
        for discretisation in [VolumeHistogram::Steps, VolumeHistogram::FixedBinSize { width: 2.5 }] {
            let found = volume_histogram(&flat, None, &discretisation).unwrap();
            assert_eq!(found[0], 1.0, "{discretisation:?}");
        }
        let bins = VolumeHistogram::FixedBinNumber { number: 10 };
        assert!(volume_histogram(&flat, None, &bins).unwrap()[0].is_nan());
        let wide = Distribution::of([0.0, 1e9].into_iter());
        assert!(volume_histogram(&wide, None, &VolumeHistogram::Steps).is_err());
    }
}
