//! The shipped leg with numbers of other sources: what suspects of the leg change.

use coxa_muscle::model::{Model, Muscle, PathPlace};
use nalgebra::Point3;

const MM: f64 = 1e-3;

/// A muscle as gait2392 has it (`sim/muscle/data/leg/README.md`): first and last point of its path, fibre and tendon, mm.
struct Line {
    name: &'static str,
    origin: [f64; 3],
    /// `None` where the end stays as it ships.
    insertion: Option<[f64; 3]>,
    fibre: f64,
    tendon: f64,
}

const fn line(
    name: &'static str,
    origin: [f64; 3],
    insertion: Option<[f64; 3]>,
    fibre: f64,
    tendon: f64,
) -> Line {
    Line { name, origin, insertion, fibre, tendon }
}

/// Lines before those of Dostal and Andrews 1981 (J Biomech 14:803) took their place. Gluteus medius ended where it ends now, with gait2392's origins.
const BEFORE: [Line; 9] = [
    line("glut_med1_r", [-40.8, 30.4, 120.9], None, 59.2, 86.4),
    line("glut_med2_r", [-85.5, 44.5, 76.6], None, 98.5, 61.8),
    line("glut_med3_r", [-122.3, 10.5, 64.8], None, 79.2, 65.0),
    line("glut_min1_r", [-46.7, -8.0, 105.6], Some([-7.2, -10.4, 56.0]), 68.0, 16.0),
    line("glut_min2_r", [-63.3, -6.5, 99.1], Some([-9.6, -10.4, 56.0]), 56.0, 26.0),
    line("glut_min3_r", [-83.4, -6.3, 85.6], Some([-13.5, -8.3, 55.0]), 38.0, 51.0),
    line("tfl_r", [-31.1, 21.4, 124.1], None, 95.0, 425.0),
    line("peri_r", [-139.6, 0.3, 23.5], Some([-14.8, -3.6, 43.7]), 26.0, 115.0),
    line("rect_fem_r", [-29.5, -31.1, 96.8], None, 114.0, 310.0),
];

/// Greatest isometric forces of Rajagopal et al. 2016 (IEEE Trans Biomed Eng 63:2068), N: muscle volumes of 24 young adults by magnetic resonance imaging,
/// 60 N/cm2. Adductor magnus is shared out among its parts as in gait2392.
const RAJAGOPAL: [(&str, f64); 28] = [
    ("add_brev_r", 626.0),
    ("add_long_r", 917.0),
    ("add_mag1_r", 751.0),
    ("add_mag2_r", 676.0),
    ("add_mag3_r", 962.0),
    ("bifemlh_r", 1313.0),
    ("bifemsh_r", 557.0),
    ("glut_max1_r", 984.0),
    ("glut_max2_r", 1406.0),
    ("glut_max3_r", 948.0),
    ("glut_med1_r", 1093.0),
    ("glut_med2_r", 765.0),
    ("glut_med3_r", 871.0),
    ("glut_min1_r", 374.0),
    ("glut_min2_r", 395.0),
    ("glut_min3_r", 447.0),
    ("grac_r", 281.0),
    ("iliacus_r", 1021.0),
    ("peri_r", 1030.0),
    ("psoas_r", 1427.0),
    ("rect_fem_r", 2192.0),
    ("sar_r", 249.0),
    ("semimem_r", 2201.0),
    ("semiten_r", 591.0),
    ("tfl_r", 411.0),
    ("vas_int_r", 1697.0),
    ("vas_lat_r", 5149.0),
    ("vas_med_r", 2748.0),
];

/// Lays the muscles whose names begin so where they were before.
pub(super) fn as_before(model: &mut Model, beginning: &str) {
    for line in BEFORE.iter().filter(|line| line.name.starts_with(beginning)) {
        let Some(muscle) = named(model, line.name) else { continue };
        let points = &mut muscle.path.points;
        let place = |at: [f64; 3]| PathPlace::Fixed(Point3::from(at) * MM);
        if let Some(first) = points.first_mut() {
            first.place = place(line.origin);
        }
        if let (Some(last), Some(insertion)) = (points.last_mut(), line.insertion) {
            last.place = place(insertion);
        }
        muscle.optimal_fibre_length = line.fibre * MM;
        muscle.tendon_slack_length = line.tendon * MM;
    }
}

/// Gives the muscles the strengths of Rajagopal et al. 2016, where that model has the muscle.
pub(super) fn with_strengths_of_volumes(model: &mut Model) {
    for (name, newtons) in RAJAGOPAL {
        if let Some(muscle) = named(model, name) {
            muscle.max_isometric_force = newtons;
        }
    }
}

fn named<'a>(model: &'a mut Model, name: &str) -> Option<&'a mut Muscle> {
    model.muscles.iter_mut().find(|muscle| muscle.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_muscle::leg;

    #[test]
    fn every_muscle_of_the_tables_is_one_of_the_leg_that_ships() {
        let mut model = leg::generic().clone();
        for name in BEFORE.iter().map(|line| line.name).chain(RAJAGOPAL.iter().map(|(name, _)| *name)) {
            assert!(named(&mut model, name).is_some(), "{name}");
        }
        as_before(&mut model, "");
        with_strengths_of_volumes(&mut model);
        assert_ne!(&model, leg::generic());
    }
}
