//! Artery and vein of one side, looked for together.

use super::lattice::{Likely, Looks, Steps, probabilities};
use super::rounds::{Blood, Calibre, Rounds};
use super::usual::{APART_SPREAD_MM, SPREAD_MM, STEP_MM, Station};
use super::view::{PIXEL_MM, View};

/// Places of the lattice in mm and in pixels of a plane; so many to either side, of the artery and of the vein from it.
const PLACE_MM: f64 = 2.0;
const PLACE_PIXELS: usize = 2;
const HALF: usize = 11;
const HALF_APART: usize = 4;
/// Pixels from the middle of a plane to its edge: the artery's places, the vein's from it, and what is looked at around.
pub(super) const VIEW_HALF: usize = 56;
/// Spread of the change of either along a step of the course, in mm: they wind slowly.
const CHANGE_MM: f64 = 1.3;
const APART_CHANGE_MM: f64 = 0.8;
/// Middles nearer than this are no two vessels.
const LEAST_APART_MM: f64 = 6.5;
/// Outer radii (textbooks: common femoral artery 8 to 10 mm across, its vein 10 to 12).
const ARTERY: Calibre = Calibre { radius_mm: 4.7, spread_mm: 1.3 };
const VEIN: Calibre = Calibre { radius_mm: 5.8, spread_mm: 1.6 };
/// What a plane counts: neighbours show the same neighbours of the vessels, so that they are not so many observations.
const WEIGHT: f64 = 0.5;
/// Blood brighter than muscle by these is looked for; each stands for a range around it.
const BRIGHTER_HU: [f64; 8] = [50.0, 75.0, 105.0, 145.0, 195.0, 255.0, 330.0, 430.0];

/// A bright round is taken for blood where it looks worse than a plain one by so much in a plane: there is nothing else like it.
const BRIGHT: f32 = 2.5;
/// Blood that looks worse than the best by less than this in a plane is tried with the vein too.
const NEARLY: f64 = 1.2;

/// CT numbers of the scan's own muscle and fat.
#[derive(Debug, Clone, Copy)]
pub(super) struct Soft {
    pub(super) muscle_hu: f64,
    pub(super) fat_hu: f64,
}

impl Soft {
    /// Blood without contrast medium.
    fn plain(&self) -> Blood {
        Blood { hu: self.muscle_hu - 8.0, contrast_hu: self.muscle_hu - self.fat_hu, is_bright: false }
    }

    /// What blood may be.
    fn bloods(&self) -> Vec<Blood> {
        let bright = BRIGHTER_HU.map(|above| Blood {
            hu: self.muscle_hu + above,
            contrast_hu: above,
            is_bright: true,
        });
        std::iter::once(self.plain()).chain(bright).collect()
    }
}

/// One of the two in one plane.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// Mean place in the plane, from the usual one of the artery.
    pub(super) place: [f64; 2],
    pub(super) radius_mm: f64,
    pub(super) sd_mm: f64,
}

/// Artery and vein.
pub(super) struct Pair {
    /// By station; `None` where the scan does not show the plane.
    pub(super) artery: Vec<Option<Found>>,
    pub(super) vein: Vec<Option<Found>>,
    /// Whether the artery's blood has contrast medium.
    pub(super) has_contrast: bool,
}

/// Looks for both along stations; `None` where the scan shows none of their planes.
pub(super) fn find(stations: &[Station], views: &[Option<View>], soft: Soft) -> Option<Pair> {
    if views.iter().all(Option::is_none) {
        return None;
    }
    let search = Search {
        stations,
        views,
        artery: Rounds::new(VIEW_HALF, ARTERY, WEIGHT),
        vein: Rounds::new(VIEW_HALF, VEIN, WEIGHT),
        steps: Steps::new(HALF, PLACE_MM, SPREAD_MM, CHANGE_MM * (STEP_MM / 3.0)),
        apart: Steps::new(HALF_APART, PLACE_MM, APART_SPREAD_MM, APART_CHANGE_MM),
    };
    let bloods = soft.bloods();
    let mut best: Option<(f64, Blood, Vec<Likely>)> = None;
    for blood in search.possible(&bloods) {
        let (likely, log) =
            probabilities(&search.steps, &search.apart, &search.both(blood, &of_veins(&bloods, blood)));
        let log = log + search.bonus(blood);
        if best.as_ref().is_none_or(|(other, ..)| log > *other) {
            best = Some((log, blood, likely));
        }
    }
    best.map(|(_, blood, likely)| search.found(&likely, blood, &of_veins(&bloods, blood)))
}

/// Blood of veins is mixed from several limbs: of any CT number from that without contrast medium to that of the artery.
fn of_veins(bloods: &[Blood], artery: Blood) -> Vec<Blood> {
    bloods.iter().copied().filter(|other| other.hu <= artery.hu).collect()
}

struct Search<'a> {
    stations: &'a [Station],
    views: &'a [Option<View>],
    artery: Rounds,
    vein: Rounds,
    steps: Steps,
    apart: Steps,
}

impl Search<'_> {
    /// Of the artery by plane, with blood of this CT number.
    fn artery_looks(&self, blood: Blood) -> Vec<Vec<f32>> {
        let count = 2 * HALF + 1;
        let of = |view: &Option<View>| match view {
            Some(view) => self.artery.looks(view, blood, [0, 0], count, PLACE_PIXELS),
            None => vec![0.0; count * count],
        };
        self.views.iter().map(of).collect()
    }

    fn vein_looks(&self, bloods: &[Blood]) -> Vec<Vec<f32>> {
        let count = 2 * (HALF + HALF_APART) + 1;
        let of = |(view, station): (&Option<View>, &Station)| {
            let centre = station.to_vein.map(|mm| (mm / PIXEL_MM).round() as isize);
            let Some(view) = view else { return vec![0.0; count * count] };
            let mut best = vec![f32::NEG_INFINITY; count * count];
            for &blood in bloods {
                let looks = self.vein.looks(view, blood, centre, count, PLACE_PIXELS);
                let bonus = if blood.is_bright { BRIGHT * WEIGHT as f32 } else { 0.0 };
                best.iter_mut().zip(looks).for_each(|(best, look)| *best = best.max(look + bonus));
            }
            best
        };
        self.views.iter().zip(self.stations).map(of).collect()
    }

    /// The blood with which the artery alone looks best, and what looks nearly as good: alone it may be its vein.
    fn possible(&self, bloods: &[Blood]) -> Vec<Blood> {
        let log = |blood: Blood| {
            let looks = self.artery_looks(blood).into_iter();
            let plane = |first: Vec<f32>| Looks { second: vec![0.0; first.len()], first, apart: vec![0.0] };
            let planes: Vec<Looks> = looks.map(plane).collect();
            probabilities(&self.steps, &Steps::none(), &planes).1 + self.bonus(blood)
        };
        let logs: Vec<(Blood, f64)> = bloods.iter().map(|&blood| (blood, log(blood))).collect();
        let best = logs.iter().map(|(_, log)| *log).fold(f64::NEG_INFINITY, f64::max);
        let least = best - NEARLY * WEIGHT * self.planes_seen();
        logs.into_iter().filter(|(_, log)| *log >= least).map(|(blood, _)| blood).collect()
    }

    fn bonus(&self, blood: Blood) -> f64 {
        if blood.is_bright { f64::from(BRIGHT) * WEIGHT * self.planes_seen() } else { 0.0 }
    }

    fn planes_seen(&self) -> f64 {
        self.views.iter().flatten().count() as f64
    }

    fn both(&self, artery: Blood, veins: &[Blood]) -> Vec<Looks> {
        let (first, second) = (self.artery_looks(artery), self.vein_looks(veins));
        let count = 2 * HALF_APART + 1;
        let apart = |station: &Station| {
            let of = |n: usize| {
                let [x, y] = [n % count, n / count].map(|c| (c as f64 - HALF_APART as f64) * PLACE_MM);
                let away = (station.to_vein[0] + x).hypot(station.to_vein[1] + y);
                if away < LEAST_APART_MM { -8.0 } else { 0.0 }
            };
            (0..count * count).map(of).collect()
        };
        first
            .into_iter()
            .zip(second)
            .zip(self.stations)
            .map(|((first, second), station)| Looks { first, second, apart: apart(station) })
            .collect()
    }

    fn found(&self, likely: &[Likely], blood: Blood, of_veins: &[Blood]) -> Pair {
        let mut pair = Pair { artery: Vec::new(), vein: Vec::new(), has_contrast: blood.is_bright };
        for ((likely, view), station) in likely.iter().zip(self.views).zip(self.stations) {
            let Some(view) = view else {
                pair.artery.push(None);
                pair.vein.push(None);
                continue;
            };
            let (place, sd_mm) = moments(&likely.first, 2 * HALF + 1, [0.0; 2]);
            let radius_mm = self.artery.radius_mm(view, &[blood], place);
            pair.artery.push(Some(Found { place, radius_mm, sd_mm }));
            let wide = 2 * (HALF + HALF_APART) + 1;
            let (place, sd_mm) = moments(&likely.second, wide, station.to_vein);
            let radius_mm = self.vein.radius_mm(view, of_veins, place);
            pair.vein.push(Some(Found { place, radius_mm, sd_mm }));
        }
        pair
    }
}

/// Mean place about a usual one, and the standard deviation along either axis; that of the lattice itself is in it.
fn moments(likely: &[f32], count: usize, usual: [f64; 2]) -> ([f64; 2], f64) {
    let half = (count / 2) as f64;
    let place = |n: usize| [n % count, n / count].map(|c| (c as f64 - half) * PLACE_MM);
    let (mut total, mut sum, mut squares) = (0.0f64, [0.0f64; 2], 0.0f64);
    for (n, &p) in likely.iter().enumerate() {
        let (p, [x, y]) = (f64::from(p), place(n));
        total += p;
        sum[0] += p * x;
        sum[1] += p * y;
        squares += p * (x * x + y * y);
    }
    let total = total.max(f64::MIN_POSITIVE);
    let mean = sum.map(|s| s / total);
    let variance = (squares / total - mean[0].powi(2) - mean[1].powi(2)).max(0.0) / 2.0;
    let lattice = PLACE_MM * PLACE_MM / 12.0;
    ([usual[0] + mean[0], usual[1] + mean[1]], (variance + lattice).sqrt())
}
