//! How like a vessel each place of a plane looks: a round of the CT number of blood, with something else all around it.

use super::view::{Kind, PIXEL_MM, View};

/// Radii that are tried, of the outer wall.
const RADII_MM: [f64; 5] = [3.2, 4.1, 5.0, 6.0, 7.2];
/// What lies around is looked at so far outside the wall.
const AROUND_MM: f64 = 1.8;
/// In parts of the contrast: blood differs from its CT number by less than the first, by noise or, with contrast medium, by the fat and wall that
/// share its voxels, and never by more than the second; what lies around differs from it by no less than the first to be told from it, by the
/// second to be told surely.
const LIKE: [f32; 2] = [0.2, 0.45];
const LIKE_BRIGHT: [f32; 2] = [0.35, 0.65];
const UNLIKE: [f32; 2] = [0.15, 0.5];
/// Directions in which it is looked around.
const DIRECTIONS: usize = 16;
/// Logarithms of how much less likely a place is whose pixels are not blood, whose surroundings are blood too, which is muscle by the labels.
const NOT_BLOOD: f32 = 4.0;
const NO_EDGE: f32 = 3.0;
const IN_MUSCLE: f32 = 1.5;

/// CT number of blood, and how much it differs from what lies around.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Blood {
    pub(super) hu: f64,
    pub(super) contrast_hu: f64,
    /// Whether it has contrast medium.
    pub(super) is_bright: bool,
}

/// Usual outer radius of a vessel, and its spread between people and along it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calibre {
    pub(super) radius_mm: f64,
    pub(super) spread_mm: f64,
}

/// Pixels of a disc and of the ring around it, from their middle.
struct Stencil {
    disc: Vec<(isize, isize)>,
    ring: Vec<(isize, isize)>,
    log_prior: f32,
    radius_mm: f64,
}

/// Looks of the places of planes of one size.
pub(super) struct Rounds {
    stencils: Vec<Stencil>,
    /// Pixels from the middle of a plane to its edge.
    half: usize,
    weight: f32,
}

impl Rounds {
    /// `half` as for [`super::view::views`]. Planes near each other show the same, so that each counts by `weight` alone.
    pub(super) fn new(half: usize, calibre: Calibre, weight: f64) -> Rounds {
        let stencils = RADII_MM.map(|radius_mm| {
            let inner = (0.85 * radius_mm - 0.3).max(1.0);
            let most = inner.ceil() as isize;
            let all = (-most..=most).flat_map(|y| (-most..=most).map(move |x| (x, y)));
            let disc = all.filter(|(x, y)| ((x * x + y * y) as f64).sqrt() * PIXEL_MM <= inner).collect();
            let ring = (0..DIRECTIONS).map(|n| {
                let (sin, cos) = (std::f64::consts::TAU * n as f64 / DIRECTIONS as f64).sin_cos();
                let away = (radius_mm + AROUND_MM) / PIXEL_MM;
                ((away * cos).round() as isize, (away * sin).round() as isize)
            });
            let off = (radius_mm - calibre.radius_mm) / calibre.spread_mm;
            Stencil { disc, ring: ring.collect(), log_prior: (-0.5 * off * off) as f32, radius_mm }
        });
        Rounds { stencils: stencils.into(), half, weight: weight as f32 }
    }

    /// How like a vessel `count` by `count` places look, `step` pixels apart, about a place so far (in pixels) from the middle: logarithms, 0 of a
    /// perfect round.
    pub(super) fn looks(
        &self,
        view: &View,
        blood: Blood,
        centre: [isize; 2],
        count: usize,
        step: usize,
    ) -> Vec<f32> {
        let maps = Maps::new(view, blood);
        let first = |axis: usize| centre[axis] - (count / 2 * step) as isize;
        (0..count * count)
            .map(|n| {
                let (x, y) = (first(0) + (n % count * step) as isize, first(1) + (n / count * step) as isize);
                let best = self.stencils.iter().map(|stencil| self.log(stencil, &maps, x, y));
                self.weight * best.fold(f32::NEG_INFINITY, f32::max)
            })
            .collect()
    }

    /// The radius that fits best about a place, in mm from the middle, with the blood that fits best.
    pub(super) fn radius_mm(&self, view: &View, bloods: &[Blood], place: [f64; 2]) -> f64 {
        let [x, y] = place.map(|mm| (mm / PIXEL_MM).round() as isize);
        let logs = bloods.iter().map(|&blood| {
            let maps = Maps::new(view, blood);
            self.stencils.iter().map(|s| f64::from(self.log(s, &maps, x, y))).collect::<Vec<f64>>()
        });
        let most = |logs: &Vec<f64>| logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let logs = logs.max_by(|a, b| most(a).total_cmp(&most(b))).unwrap_or_default();
        let chances: Vec<f64> = logs.into_iter().map(f64::exp).collect();
        let weighted = self.stencils.iter().zip(&chances).map(|(s, p)| s.radius_mm * p);
        weighted.sum::<f64>() / chances.iter().sum::<f64>().max(f64::MIN_POSITIVE)
    }

    fn log(&self, stencil: &Stencil, maps: &Maps, x: isize, y: isize) -> f32 {
        let width = 2 * self.half as isize + 1;
        let at = |(dx, dy): &(isize, isize)| {
            let (column, row) = (x + dx + self.half as isize, y + dy + self.half as isize);
            let is_within = (0..width).contains(&column) && (0..width).contains(&row);
            is_within.then_some((row * width + column) as usize)
        };
        let mean = |places: &[(isize, isize)], of: &[f32]| {
            let sum: f32 = places.iter().filter_map(|place| of.get(at(place)?)).sum();
            sum / places.len().max(1) as f32
        };
        let like = mean(&stencil.disc, &maps.like);
        let edge = mean(&stencil.ring, &maps.unlike);
        let muscle = mean(&stencil.disc, &maps.muscle);
        stencil.log_prior - NOT_BLOOD * (1.0 - like) - NO_EDGE * (1.0 - like * edge) - IN_MUSCLE * muscle
    }
}

/// Of each pixel from 0 to 1: whether it may be blood, whether it is told from it, whether it is muscle by the labels.
struct Maps {
    like: Vec<f32>,
    unlike: Vec<f32>,
    muscle: Vec<f32>,
}

impl Maps {
    fn new(view: &View, blood: Blood) -> Maps {
        let (hu, contrast) = (blood.hu as f32, (blood.contrast_hu as f32).max(1.0));
        let like = if blood.is_bright { LIKE_BRIGHT } else { LIKE };
        let ramp = |value: f32, [from, to]: [f32; 2]| ((value - from) / (to - from)).clamp(0.0, 1.0);
        let mut maps = Maps { like: Vec::new(), unlike: Vec::new(), muscle: Vec::new() };
        for (own, kind) in view.hu.iter().zip(&view.kind) {
            // Outside the scan nothing is known: neither speaks for a vessel.
            let off = (own - hu).abs() / contrast;
            let known = own.is_finite();
            let is_bone = *kind == Kind::Bone;
            maps.like.push(if known && !is_bone { 1.0 - ramp(off, like) } else { 0.0 });
            maps.unlike.push(match (known, is_bone) {
                (false, _) => 0.0,
                (true, true) => 1.0,
                (true, false) => ramp(off, UNLIKE),
            });
            maps.muscle.push(if *kind == Kind::Muscle { 1.0 } else { 0.0 });
        }
        maps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: usize = 30;

    fn view(discs: &[([f64; 2], f64)], inside: f32, outside: f32) -> View {
        let count = 2 * HALF + 1;
        let at = |n: usize| n as f64 - HALF as f64;
        let hu = (0..count * count).map(|n| {
            let (x, y) = (at(n % count), at(n / count));
            let is_in = discs.iter().any(|([cx, cy], r)| (x - cx).hypot(y - cy) <= *r);
            if is_in { inside } else { outside }
        });
        View { hu: hu.collect(), kind: vec![Kind::Free; count * count] }
    }

    #[test]
    fn a_round_is_found_where_it_lies_and_with_its_radius() {
        let rounds = Rounds::new(HALF, Calibre { radius_mm: 5.0, spread_mm: 2.0 }, 1.0);
        let blood = Blood { hu: 45.0, contrast_hu: 150.0, is_bright: false };
        for (x, y) in [(0.0, 0.0), (6.0, -8.0)] {
            let view = view(&[([x, y], 5.0)], 45.0, -100.0);
            let looks = rounds.looks(&view, blood, [0, 0], 21, 2);
            let best = (0..looks.len()).max_by(|&a, &b| looks[a].total_cmp(&looks[b])).unwrap();
            let place = [best % 21, best / 21].map(|n| (n as f64 - 10.0) * 2.0);
            assert_eq!(place, [x, y]);
            assert!(looks[best] > -0.4, "{}", looks[best]);
            assert!((rounds.radius_mm(&view, &[blood], [x, y]) - 5.0).abs() < 0.7);
        }
    }

    #[test]
    fn neither_fat_nor_broad_muscle_nor_brighter_blood_looks_like_it() {
        let rounds = Rounds::new(HALF, Calibre { radius_mm: 5.0, spread_mm: 2.0 }, 1.0);
        let blood = Blood { hu: 45.0, contrast_hu: 150.0, is_bright: false };
        let best = |view: View| {
            rounds.looks(&view, blood, [0, 0], 9, 2).into_iter().fold(f32::NEG_INFINITY, f32::max)
        };
        let vessel = best(view(&[([0.0, 0.0], 5.0)], 45.0, -100.0));
        for other in [view(&[], 0.0, -100.0), view(&[], 0.0, 50.0), view(&[([0.0, 0.0], 5.0)], 300.0, -100.0)]
        {
            assert!(best(other) < vessel - 1.5);
        }
        let mut outside = view(&[([0.0, 0.0], 5.0)], 45.0, -100.0);
        outside.hu.fill(f32::NAN);
        assert!(best(outside).is_finite());
    }
}
