//! Whether measured markers can be those of the model at all, before anything is followed.

use super::error::TrackingError;
use super::goals::Goals;
use crate::{Posture, Skeleton};
use nalgebra::{Matrix3, Point3, Vector3};

/// A marker of the model and of the measurement.
type Pair = (Vector3<f64>, Vector3<f64>);

/// A person is not so many times as large as another.
const MOST_RATIO: f64 = 4.0;
/// A mirrored body fits this much better only where it is a mirror image.
const MIRROR: f64 = 0.6;
/// Of a body with limbs that moved a stiff one misses this much whatever the axes are, m.
const MOVED_LIMBS: f64 = 0.05;

/// Holds a frame against the model in its default position.
///
/// # Errors
/// Where distances are those of another unit, or the axes have the other hand.
pub(super) fn plausible(
    skeleton: &Skeleton,
    goals: &Goals,
    seen: &[Option<Point3<f64>>],
) -> Result<(), TrackingError> {
    let mut posture = Posture::default();
    skeleton.place(skeleton.defaults(), &mut posture);
    let pairs: Vec<Pair> = goals
        .markers
        .iter()
        .zip(seen)
        .filter_map(|(marker, place)| {
            Some((posture.frames[marker.body].point(&marker.at).coords, place.as_ref()?.coords))
        })
        .collect();
    let count = pairs.len() as f64;
    let middle = |of: fn(&Pair) -> Vector3<f64>| pairs.iter().map(of).sum::<Vector3<f64>>() / count;
    let (own, measured) = (middle(|pair| pair.0), middle(|pair| pair.1));
    let about: Vec<_> = pairs.iter().map(|(a, b)| (a - own, b - measured)).collect();
    let spread = |of: fn(&Pair) -> f64| (about.iter().map(of).sum::<f64>() / count).sqrt();
    let (own, measured) = (spread(|pair| pair.0.norm_squared()), spread(|pair| pair.1.norm_squared()));
    let ratio = measured / own;
    if own > 0.0 && !(1.0 / MOST_RATIO..=MOST_RATIO).contains(&ratio) {
        return Err(TrackingError::Unit { measured: length(measured), model: length(own) });
    }
    let [direct, mirrored] = residuals(&about);
    if direct > MOVED_LIMBS && mirrored < MIRROR * direct {
        return Err(TrackingError::Mirrored { mirrored_mm: 1e3 * mirrored, direct_mm: 1e3 * direct });
    }
    Ok(())
}

/// Root mean square distance of points from others, about their middles, after the best turn, and after the best turn and a mirror (Kabsch 1976, Acta Cryst A32:922).
fn residuals(about: &[Pair]) -> [f64; 2] {
    let mut products = Matrix3::zeros();
    let mut squares = 0.0;
    for (own, measured) in about {
        products += own * measured.transpose();
        squares += own.norm_squared() + measured.norm_squared();
    }
    let parts = products.svd(true, true);
    let sign = match (parts.u, parts.v_t) {
        (Some(u), Some(v)) => (u * v).determinant().signum(),
        _ => 1.0,
    };
    let mut values = parts.singular_values.as_slice().to_vec();
    values.sort_by(f64::total_cmp);
    let [small, middle, large] = [values[0], values[1], values[2]];
    let of =
        |sign: f64| ((squares - 2.0 * (large + middle + sign * small)).max(0.0) / about.len() as f64).sqrt();
    [of(sign), of(-sign)]
}

/// A length for a message.
fn length(metres: f64) -> String {
    match metres {
        metres if metres < 0.01 => format!("{:.3} mm", 1e3 * metres),
        metres if metres < 10.0 => format!("{metres:.2} m"),
        metres => format!("{metres:.0} m"),
    }
}
