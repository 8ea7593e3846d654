//! Muscles of the thigh for which no real surface is at hand: the compartment is shared out between them, in virtual patients and, as
//! a prior that the scan's fat corrects, in scans.
//!
//! Each muscle is a strand from its origin to the knee, with a centre and a girth at every level; a place in the compartment belongs
//! to the strand whose centre is nearest in units of its girth (a multiplicatively weighted Voronoi diagram), so that muscles lie
//! against one another and fill the compartment as real ones do. Where centres and girths come
//! from is in `thigh_table`.

use super::thigh_table::{DRAWN_RADIUS_MM, Origin, STRANDS, Station};
use nalgebra::{Point3, Rotation3, Unit, Vector3};

/// A place farther from the centre of a strand than this many girths is of no muscle.
const MOST_GIRTHS: f64 = 2.4;

/// The shaft's axis is the middle of the femur so far below the apex of the lesser trochanter.
const BELOW_TROCHANTER_MM: std::ops::Range<f64> = 15.0..35.0;
/// From the pubic tubercle of a right hip to the middle of the inferior ramus: to the right, back and down.
const TUBERCLE_TO_RAMUS_MM: [f64; 3] = [-14.0, 10.0, -28.0];
/// In a scan a strand fills the compartment below the second level, where fat ends it and not its girth; above the first it runs alone
/// among the muscles of the hip. Girths that it reaches there.
const ALONE_ABOVE: f64 = -0.05;
const FILLS_BELOW: f64 = 0.15;
const ALONE_GIRTHS: f64 = 1.5;
const FILLS_GIRTHS: f64 = 3.5;

/// Places on the bones of a right hip between which the strands run.
#[derive(Debug, Clone, Copy)]
pub struct ThighBones {
    /// Axis of the shaft at the level of the lesser trochanter.
    pub shaft: Point3<f64>,
    /// Halfway between the epicondyles.
    pub knee: Point3<f64>,
    /// Lateral epicondyle.
    pub lateral: Point3<f64>,
    /// Anterior superior iliac spine.
    pub asis: Point3<f64>,
    /// Middle of the inferior pubic ramus.
    pub ramus: Point3<f64>,
    /// Lowest point of the ischial tuberosity.
    pub ischium: Point3<f64>,
}

/// Landmarks of a hip and knee, seen as right ones.
#[derive(Debug, Clone, Copy)]
pub struct ThighLandmarks {
    /// Apex of the lesser trochanter.
    pub trochanter: Point3<f64>,
    /// Medial epicondyle.
    pub medial: Point3<f64>,
    /// Lateral epicondyle.
    pub lateral: Point3<f64>,
    /// Anterior superior iliac spine.
    pub asis: Point3<f64>,
    /// Pubic tubercle.
    pub tubercle: Point3<f64>,
}

impl ThighBones {
    /// With the knee turned about the shaft, from the front outwards in a right leg, and its distance stretched; `None` where there is none.
    pub fn posed(&self, turn: f64, stretch: f64) -> Option<ThighBones> {
        let down = self.knee - self.shaft;
        let about = Rotation3::from_axis_angle(&Unit::try_new(down, 1.0)?, turn);
        let knee = self.shaft + down * stretch;
        Some(ThighBones { knee, lateral: knee + about * (self.lateral - self.knee), ..*self })
    }

    /// From landmarks, and the vertices of femur and hip bone; `None` where these show nothing.
    pub fn of(
        at: &ThighLandmarks,
        femur: impl Iterator<Item = Point3<f64>>,
        hip: impl Iterator<Item = Point3<f64>>,
    ) -> Option<ThighBones> {
        let knee = nalgebra::center(&at.medial, &at.lateral);
        let down = (knee - at.trochanter).try_normalize(1.0)?;
        let (sum, count) = femur
            .filter(|p| BELOW_TROCHANTER_MM.contains(&(p - at.trochanter).dot(&down)))
            .fold((Vector3::zeros(), 0.0), |(sum, count), p| (sum + p.coords, count + 1.0));
        let middle = Point3::from(sum / f64::max(count, 1.0));
        Some(ThighBones {
            // At the level of the trochanter's apex.
            shaft: middle + down * (at.trochanter - middle).dot(&down),
            knee,
            lateral: at.lateral,
            asis: at.asis,
            ramus: at.tubercle + Vector3::from(TUBERCLE_TO_RAMUS_MM),
            ischium: hip.min_by(|a, b| a.z.total_cmp(&b.z))?,
        })
    }
}

/// The strands of one right thigh.
#[derive(Debug, Clone)]
pub struct Thigh {
    origin: Point3<f64>,
    medial: Vector3<f64>,
    anterior: Vector3<f64>,
    /// From the lesser trochanter to the knee, whole length.
    down: Vector3<f64>,
    /// Size of the compartment over that of the stations.
    scale: f64,
    /// Label and stations.
    strands: Vec<(u8, Vec<Station>)>,
}

impl Thigh {
    /// Strands between the bones of a compartment of this radius at mid-thigh, with girths over those drawn and labels by their names;
    /// `None` where the bones span no frame or a name has no label.
    pub fn new(
        bones: &ThighBones,
        radius_mm: f64,
        girth_ratio: impl Fn(&str) -> f64,
        label: impl Fn(&str) -> Option<u8>,
    ) -> Option<Thigh> {
        let down = bones.knee - bones.shaft;
        let axis = down.try_normalize(1.0)?;
        let lateral = bones.lateral - bones.knee;
        let medial = -(lateral - axis * lateral.dot(&axis)).try_normalize(1.0)?;
        // Right leg: medial is the patient's left, x; down is -z; the front is -y.
        let anterior = axis.cross(&medial);
        let scale = radius_mm / DRAWN_RADIUS_MM;
        let strands = Vec::with_capacity(STRANDS.len());
        let mut thigh = Thigh { origin: bones.shaft, medial, anterior, down, scale, strands };
        for (name, origin, girth, stations) in STRANDS {
            let start = match origin {
                Origin::Ilium => Some(bones.asis),
                Origin::Ramus => Some(bones.ramus),
                Origin::Ischium => Some(bones.ischium),
                Origin::Femur => None,
            };
            let thick = scale * girth_ratio(name);
            let scaled = stations.iter().map(|[level, m, a, r]| [*level, m * scale, a * scale, r * thick]);
            let start = start.map(|start| {
                let [level, m, a] = thigh.coordinates(start);
                [level, m, a, girth * thick]
            });
            // An origin that lies lower than where the belly begins, as of a flexed hip, is left out.
            let start = start.filter(|start| start[0] < stations[0][0]);
            thigh.strands.push((label(name)?, start.into_iter().chain(scaled).collect()));
        }
        Some(thigh)
    }

    /// Size of the compartment over that which places are written for.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The place at a share of the way from the lesser trochanter to the knee, so far inwards and forwards of the shaft.
    pub fn place(&self, level: f64, medial: f64, anterior: f64) -> Point3<f64> {
        self.origin + self.down * level + self.medial * medial + self.anterior * anterior
    }

    /// From the lesser trochanter to the knee.
    pub fn down(&self) -> Vector3<f64> {
        self.down
    }

    /// Level, medial and anterior of a place.
    pub fn coordinates(&self, place: Point3<f64>) -> [f64; 3] {
        let from = place - self.origin;
        let level = from.dot(&self.down) / self.down.norm_squared();
        let beside = from - self.down * level;
        [level, beside.dot(&self.medial), beside.dot(&self.anterior)]
    }

    /// The label of the muscle that a place of the compartment belongs to, and how far, in mm and near enough, the next one is. `None` where
    /// no strand is near.
    pub fn muscle_at(&self, place: Point3<f64>) -> Option<(u8, f64)> {
        let shares = self.shares(self.coordinates(place));
        let own = shares.iter().flatten().min_by(|a, b| a.girths.total_cmp(&b.girths))?;
        (own.girths <= MOST_GIRTHS).then(|| (own.label, own.margin(&shares)))
    }

    /// Moves the strands inwards and forwards within their compartment; where they begin they stay, and those that begin on the femur lie
    /// on it.
    pub fn shift(&mut self, [medial, anterior]: [f64; 2]) {
        let strands = self.strands.iter_mut().zip(&STRANDS);
        let loose = strands.filter(|(_, (_, origin, ..))| !matches!(origin, Origin::Femur));
        for station in loose.flat_map(|((_, stations), _)| stations) {
            let part = ((station[0] - ALONE_ABOVE) / (FILLS_BELOW - ALONE_ABOVE)).clamp(0.0, 1.0);
            station[1] += part * medial;
            station[2] += part * anterior;
        }
    }

    /// How deep a place lies in each muscle, in mm and near enough, by labels that count from 1: to the border with the nearest other one, and
    /// to where the strand ends in no other. Negative outside; without end where a muscle has no strand at this level.
    pub fn depths(&self, place: Point3<f64>, depths: &mut [f32]) {
        depths.fill(f32::NEG_INFINITY);
        let coordinates = self.coordinates(place);
        let alone = ((FILLS_BELOW - coordinates[0]) / (FILLS_BELOW - ALONE_ABOVE)).clamp(0.0, 1.0);
        let most = FILLS_GIRTHS + (ALONE_GIRTHS - FILLS_GIRTHS) * alone;
        let shares = self.shares(coordinates);
        for own in shares.iter().flatten() {
            let depth = own.margin(&shares).min((most - own.girths) * own.girth) as f32;
            if let Some(deepest) = usize::from(own.label).checked_sub(1).and_then(|n| depths.get_mut(n)) {
                *deepest = deepest.max(depth);
            }
        }
    }

    /// How far a place is from the strands of its level.
    fn shares(&self, [level, m, a]: [f64; 3]) -> [Option<Share>; STRANDS.len()] {
        std::array::from_fn(|n| {
            let (label, stations) = self.strands.get(n)?;
            let [centre_m, centre_a, girth] = section(stations, level)?;
            Some(Share { label: *label, girths: (m - centre_m).hypot(a - centre_a) / girth, girth })
        })
    }
}

/// What a place has of one strand.
#[derive(Debug, Clone, Copy)]
struct Share {
    label: u8,
    /// How far its centre is, in girths.
    girths: f64,
    girth: f64,
}

impl Share {
    /// How far, in mm and near enough, the border with the nearest strand of another label is; negative beyond it.
    fn margin(&self, shares: &[Option<Share>]) -> f64 {
        let others = shares.iter().flatten().filter(|other| other.label != self.label);
        let next = others.min_by(|a, b| a.girths.total_cmp(&b.girths));
        // At the border both are as many girths away; moving across it by 1 mm changes these by one over each girth.
        next.map_or(f64::INFINITY, |next| (next.girths - self.girths) / (1.0 / self.girth + 1.0 / next.girth))
    }
}

/// Centre and girth of a strand at a level; `None` above and below it.
fn section(stations: &[Station], level: f64) -> Option<[f64; 3]> {
    let upper = stations.partition_point(|station| station[0] <= level);
    let (a, b) = (stations.get(upper.checked_sub(1)?)?, stations.get(upper)?);
    let t = (level - a[0]) / (b[0] - a[0]);
    Some(std::array::from_fn(|n| a[n + 1] + (b[n + 1] - a[n + 1]) * t))
}

#[cfg(test)]
mod tests {
    use super::super::thigh_table::NAMES;
    use super::*;
    use coxa_anatomy::label_names::structure_id;
    use std::collections::BTreeMap;

    /// A right leg on the table: head towards +z, front towards -y, medial towards +x.
    fn bones() -> ThighBones {
        ThighBones {
            shaft: Point3::new(-90.0, 0.0, -50.0),
            knee: Point3::new(-75.0, 0.0, -400.0),
            lateral: Point3::new(-115.0, 0.0, -400.0),
            asis: Point3::new(-120.0, -55.0, 80.0),
            ramus: Point3::new(-30.0, -30.0, -45.0),
            ischium: Point3::new(-55.0, 45.0, -45.0),
        }
    }

    fn label(name: &str) -> Option<u8> {
        structure_id(&format!("{name}_right"))
    }

    fn thigh() -> Thigh {
        Thigh::new(&bones(), 75.0, |_| 1.0, label).unwrap()
    }

    #[test]
    fn muscles_lie_where_anatomy_has_them() {
        let thigh = thigh();
        let at = |level: f64, m: f64, a: f64| {
            let place = thigh.origin + thigh.down * level + thigh.medial * m + thigh.anterior * a;
            thigh.muscle_at(place).map(|found| found.0)
        };
        assert!(thigh.anterior.y < -0.9, "the front is -y");
        assert_eq!(at(0.4, -45.0, 10.0), label("vastus_lateralis_and_intermedius"));
        assert_eq!(at(0.7, 36.0, 14.0), label("vastus_medialis"));
        assert_eq!(at(0.4, -20.0, -60.0), label("biceps_femoris"));
        assert_eq!(at(0.4, 70.0, -25.0), label("gracilis"));
        assert_eq!(at(0.3, 38.0, -14.0), label("adductors"));
        assert_eq!(at(0.4, 12.0, -64.0), label("semitendinosus"));
        assert_eq!(at(0.6, 54.0, 6.0), label("sartorius"));
        assert_eq!(at(0.4, 300.0, 0.0), None);
        assert_eq!(at(1.3, 0.0, 24.0), None);
    }

    #[test]
    fn a_place_is_deepest_in_the_muscle_that_it_belongs_to() {
        let thigh = Thigh::new(
            &bones(),
            75.0,
            |_| 1.0,
            |name| Some(NAMES.iter().position(|n| *n == name)? as u8 + 1),
        );
        let thigh = thigh.unwrap();
        let mut depths = [0.0f32; NAMES.len()];
        let mut within = 0;
        for level in [0.2, 0.45, 0.8] {
            for (m, a) in
                (-6..9).flat_map(|m| (-8..7).map(move |a| (10.0 * f64::from(m), 10.0 * f64::from(a))))
            {
                let place = thigh.place(level, m, a);
                thigh.depths(place, &mut depths);
                let deepest = (0..depths.len()).max_by(|&x, &y| depths[x].total_cmp(&depths[y])).unwrap();
                match thigh.muscle_at(place) {
                    Some((label, margin)) => {
                        assert_eq!(usize::from(label), deepest + 1);
                        assert!(depths[deepest] >= -1e-4 && (margin < 1e-3 || depths[deepest] > 0.0));
                        assert_eq!(depths.iter().filter(|depth| **depth > 1e-4).count().max(1), 1);
                        within += 1;
                    }
                    // Farther out than any strand is drawn the scan's fat decides.
                    None => assert!(f64::from(depths[deepest]) < 30.0),
                }
            }
        }
        assert!(within > 300, "{within}");
        // Above the compartment a strand is as thick as it is drawn.
        thigh.depths(thigh.place(-0.15, 20.0, -120.0), &mut depths);
        assert!(depths.iter().all(|depth| *depth < 0.0), "{depths:?}");
    }

    #[test]
    fn strands_shift_in_their_compartment_and_stay_at_their_origins() {
        let (thigh, mut shifted) = (thigh(), thigh());
        shifted.shift([8.0, -5.0]);
        let vasti = ["vastus_medialis", "vastus_lateralis_and_intermedius"].map(label);
        for ((name, own), (_, moved)) in thigh.strands.iter().zip(&shifted.strands) {
            assert!(own[0][0] > ALONE_ABOVE || own[0] == moved[0]);
            let away = if vasti.contains(&Some(*name)) { [0.0, 0.0] } else { [8.0, -5.0] };
            let at = |stations: &[Station]| section(stations, 0.5).unwrap();
            let (own, moved) = (at(own), at(moved));
            assert!((0..2).all(|axis| (moved[axis] - own[axis] - away[axis]).abs() < 1e-9));
        }
    }

    #[test]
    fn the_middle_of_the_thigh_is_shared_as_in_people() {
        // Shares of the area without rectus femoris, which has a surface of its own: vasti together somewhat less than half, the
        // adductors near a fifth, hamstrings a third, sartorius and gracilis a few percent each.
        let thigh = thigh();
        let mut areas: BTreeMap<u8, f64> = BTreeMap::new();
        let mut total = 0.0;
        for m in -75..=75 {
            for a in -75..=75 {
                // The femur lies in front and to the outside of the middle.
                let (m, a) = (f64::from(m) + 12.0, f64::from(a) - 10.0);
                if (m - 12.0).hypot(a + 10.0) > 75.0 || m.hypot(a) < 13.0 {
                    continue;
                }
                let place = thigh.origin + thigh.down * 0.45 + thigh.medial * m + thigh.anterior * a;
                let Some((label, margin)) = thigh.muscle_at(place) else { continue };
                assert!(margin >= -1e-9, "{margin}");
                *areas.entry(label).or_default() += 1.0;
                total += 1.0;
            }
        }
        let share = |names: &[&str]| names.iter().filter_map(|n| areas.get(&label(n)?)).sum::<f64>() / total;
        let vasti = share(&["vastus_lateralis_and_intermedius", "vastus_medialis"]);
        let hamstrings = share(&["biceps_femoris", "semimembranosus", "semitendinosus"]);
        assert!((0.35..0.58).contains(&vasti), "{areas:?}");
        assert!((0.2..0.42).contains(&hamstrings), "{areas:?}");
        assert!((0.12..0.3).contains(&share(&["adductors"])), "{areas:?}");
        for slim in ["sartorius", "gracilis"] {
            assert!((0.01..0.1).contains(&share(&[slim])), "{areas:?}");
        }
    }
}
