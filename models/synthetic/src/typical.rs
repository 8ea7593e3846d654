//! A virtual patient from the middle of all of them.

/// Seed of a patient whose right hip, size and person are near the middle of those that seeds draw; what demonstrations show.
pub const TYPICAL_SEED: u64 = 72;

#[cfg(test)]
mod tests {
    use super::super::VirtualPatientOptions;
    use super::super::person::Person;
    use super::super::shape::Anatomy;
    use super::super::template::Template;
    use super::*;
    use coxa_anatomy::LandmarkKind;
    use coxa_geometry::Side;
    use rayon::prelude::*;

    /// Diameter of the head, mm; length of the femur, mm; how far its condyles are turned against neck and head, degrees; centre-edge
    /// angle, degrees; distance of spine and tubercle, mm; tilt, degrees; age, years; body mass index, kg/m².
    fn measures(template: &Template, seed: u64) -> [f64; 8] {
        let options = VirtualPatientOptions { seed, ..Default::default() };
        let anatomy = Anatomy::draw(template, &options).unwrap();
        let person = Person::draw(&options, &anatomy);
        let truth = anatomy.side(Side::Right);
        let at = |kind| truth.landmarks_mm[&kind];
        let condyles = at(LandmarkKind::MedialPosteriorCondyle) - at(LandmarkKind::LateralPosteriorCondyle);
        let neck = truth.head_centre_mm - at(LandmarkKind::LesserTrochanter);
        let turned =
            |v: coxa_geometry::Vector<coxa_geometry::frame::Patient>| v.y().atan2(v.x()).to_degrees();
        [
            2.0 * truth.head_radius_mm,
            truth.head_centre_mm.distance(at(LandmarkKind::MedialEpicondyle)),
            turned(neck) - turned(condyles),
            truth.lateral_centre_edge_deg.degrees(),
            at(LandmarkKind::Asis).distance(at(LandmarkKind::PubicTubercle)),
            anatomy.posterior_tilt.degrees(),
            person.age_years,
            person.bmi_kg_per_m2,
        ]
    }

    #[test]
    fn the_typical_patient_is_in_the_middle_of_all() {
        let template = Template::shipped().unwrap();
        let all: Vec<[f64; 8]> = (0..100).into_par_iter().map(|seed| measures(&template, seed)).collect();
        let n = all.len() as f64;
        let away = |seed: u64| {
            let own = measures(&template, seed);
            std::array::from_fn::<f64, 8, _>(|k| {
                let mean = all.iter().map(|m| m[k]).sum::<f64>() / n;
                let deviation = (all.iter().map(|m| (m[k] - mean).powi(2)).sum::<f64>() / n).sqrt();
                (own[k] - mean) / deviation
            })
        };
        let typical = away(TYPICAL_SEED);
        assert!(typical.iter().all(|z| z.abs() < 0.75), "{typical:?}");
    }
}
