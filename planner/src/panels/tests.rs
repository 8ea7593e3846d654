//! Panels of what a case holds, and their pictures.

use super::*;
use coxa_anatomy::muscle::MuscleMeasure;
use coxa_anatomy::osteoarthritis::{GradeProbabilities, JointSpacePlace, Sector, Severity};
use coxa_anatomy::{FemoralHead, HipAnatomy};
use coxa_geometry::{Measured, Point, Quantity, Side, Unit};
use coxa_imaging::{CtVolume, Grid, Label, LabelMap, Volume};
use coxa_panel::Ramp;
use ndarray::Array3;

fn measured(value: f64, unit: Unit) -> Measured {
    Measured { value, spread: value / 10.0, unit, method: "method".into() }
}

/// A muscle in the left half of a scan of 40 mm, and a left hip whose joint space grows to the back.
fn case() -> (CtVolume, LabelMap, HipAnatomy) {
    let grid = Grid::axis_aligned([40, 40, 40], Point::new(-20.0, -20.0, -20.0), [1.0; 3]);
    let voxels = Array3::from_shape_fn((40, 40, 40), |(_, _, i)| u8::from(i >= 20) * 7);
    let labels = LabelMap {
        volume: Volume::new(grid.clone(), voxels),
        table: vec![Label { name: "sartorius_left".into(), ..Label::unnamed(7) }],
    };
    let ct = CtVolume::new(grid, Array3::from_elem((40, 40, 40), 40));
    let muscle = MuscleMeasure {
        name: "sartorius".into(),
        side: Side::Left,
        is_cut: true,
        volume: measured(120.0, Unit::CubicCentimetre),
        mean: measured(40.0, Unit::Hounsfield),
        fat_fraction: measured(0.25, Unit::Ratio),
        lean_mass: measured(100.0, Unit::Gram),
        predicted_dice: Some(0.9),
    };
    let mut anatomy = HipAnatomy { muscles: vec![muscle], ..HipAnatomy::default() };
    let kellgren_lawrence = GradeProbabilities {
        from: 0,
        probabilities: vec![0.02, 0.3, 0.6, 0.08, 0.0],
        method: "a model".into(),
    };
    anatomy.left.severity = Some(Severity { kellgren_lawrence: Some(kellgren_lawrence), crowe: None });
    anatomy.left.head =
        Some(FemoralHead { centre_mm: Point::origin(), radius_mm: 23.0, spread_mm: 0.2, residual_mm: 0.1 });
    anatomy.left.joint_space = (-40..=40)
        .flat_map(|x| (-40..=40).map(move |y| (f64::from(x), f64::from(y))))
        .map(|(x, y)| {
            let (sin, cos) = x.hypot(y).to_radians().sin_cos();
            let across = if x.hypot(y) > 0.0 { sin / x.hypot(y) } else { 0.0 };
            JointSpacePlace {
                place_mm: Point::new(23.0 * x * across, 23.0 * y * across, 23.0 * cos),
                width_mm: 2.5 + y / 20.0,
                sector: Sector::Superior,
            }
        })
        .collect();
    anatomy.measurements.insert(Quantity::JointSpaceMinimum.of(Side::Left), 0.5, 0.05, "method");
    (ct, labels, anatomy)
}

#[test]
fn panels_hold_what_the_case_has_and_nothing_else() {
    let (ct, labels, anatomy) = case();
    let input = |anatomy| PanelInput { ct: &ct, labels: &labels, anatomy, side: Side::Left };
    let found = panels(&input(&anatomy));
    let names: Vec<&str> = found.iter().map(|panel| panel.module.as_str()).collect();
    assert_eq!(names, ["osteoarthritis", "muscles"]);
    let rows = &found[0].table.rows;
    assert_eq!(rows[0].cells, ["", "2 (60 %); 1 30 %, 3 8 %"]);
    assert_eq!(
        (rows[1].name.as_str(), rows[1].cells[1].as_str()),
        ("Minimum joint space", "0.5 \u{b1} 0.1 mm")
    );
    assert_eq!(rows.len(), 2);
    let muscle = &found[1].table.rows[0];
    assert_eq!(muscle.name, "Sartorius * left");
    let known = ["120 \u{b1} 12 cm\u{b3}", "25 \u{b1} 2 %", "100 \u{b1} 10 g"];
    assert_eq!(
        (&muscle.cells[..3], &muscle.cells[3..]),
        (&[""; 3].map(String::from)[..], &known.map(String::from)[..])
    );
    for panel in &found {
        assert!(panel.table.rows.iter().all(|row| row.cells.len() == panel.table.columns.len()));
    }
    assert!(panels(&input(&HipAnatomy::default())).is_empty());
}

#[test]
fn overlays_lie_where_things_are() {
    let (ct, labels, anatomy) = case();
    let found = panels(&PanelInput { ct: &ct, labels: &labels, anatomy: &anatomy, side: Side::Left });
    // Seen from the feet: the patient's left is on the right.
    let slice = &found[1].pictures[0];
    let [width, height] = slice.size_px;
    let overlay = slice.overlay.as_ref().unwrap();
    let middle = height / 2 * width;
    assert_eq!(overlay.values[middle + 2], None);
    assert_eq!(overlay.values[middle + width - 3], Some(25.0));
    assert_eq!(slice.sides, ['R', 'L']);
    assert_eq!(slice.rgb(1.0)[3 * (middle + width - 3)..][..3], Ramp::Viridis.colour(0.5));
    let grey = slice.grey[middle + 2];
    assert!(grey > 0 && slice.rgb(1.0)[3 * (middle + 2)..][..3] == [grey; 3]);
    assert_eq!(slice.rgb(0.0), slice.grey.iter().flat_map(|&g| [g; 3]).collect::<Vec<_>>());
    // The back is below, and further out than 40 degrees plus what is near nothing is known.
    let map = &found[0].pictures[0];
    let values = &map.overlay.as_ref().unwrap().values;
    let at = |x_deg: f64, y_deg: f64| {
        let px = |deg: f64| ((deg + 55.0) / 110.0 * 180.0) as usize;
        values[px(y_deg) * 180 + px(x_deg)]
    };
    assert!((at(0.0, 30.0).unwrap() - 4.0).abs() < 0.06 && (at(0.0, -30.0).unwrap() - 1.0).abs() < 0.06);
    assert!(at(0.0, 48.0).is_none() && at(20.0, -38.0).is_some());
}
