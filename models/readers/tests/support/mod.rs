//! A made-up study: gradients with and without a bright spot.

#![allow(dead_code)] // Each test takes what it needs.

use coxa_imaging::dicom::{RadiographImage, write_radiograph};
use coxa_imaging::{CtVolume, Grid, nifti};
use coxa_readers::mark::MarksWanted;
use coxa_readers::study::{Method, NewStudy, Scale, Study, StudySettings, WindowSetting, create};
use std::fmt::Write as _;
use std::path::Path;

/// Columns and rows of the films.
pub(crate) const SIZE: [usize; 2] = [320, 400];

/// Writes a film: a rounded body on a dark ground, with a bright spot where there is disease.
pub(crate) fn film(path: &Path, seed: usize, spot: bool) {
    let [columns, rows] = SIZE;
    let pixel = |x: usize, y: usize| {
        let (u, v) = ((x as f64 - 160.0) / 150.0, (y as f64 - 200.0) / 190.0);
        let body = (1.0 - u * u - v * v).max(0.0).sqrt();
        let waves = ((x * (seed + 3)) as f64 / 37.0).sin() * ((y + 31 * seed) as f64 / 23.0).cos();
        let (dx, dy) = (x as f64 - 110.0 - 10.0 * seed as f64, y as f64 - 150.0);
        let found = if spot { 900.0 * (-(dx * dx + dy * dy) / 180.0).exp() } else { 0.0 };
        (200.0 + 2400.0 * body + 220.0 * waves * body + found).clamp(0.0, 4095.0) as u16
    };
    let pixels: Vec<u16> =
        (0..rows).flat_map(|y| (0..columns).map(move |x| (x, y))).map(|(x, y)| pixel(x, y)).collect();
    let image = RadiographImage {
        columns,
        rows,
        pixels: &pixels,
        detector_spacing_mm: 0.5,
        source_to_detector_mm: 1150.0,
        source_to_patient_mm: 1000.0,
        orientation: ["L", "F"],
        view: "AP",
    };
    write_radiograph(&image, path).unwrap();
}

/// Writes a stack of 12 slices.
pub(crate) fn stack(path: &Path) {
    let grid = Grid::axis_aligned([96, 80, 12], coxa_geometry::Point::origin(), [1.0, 1.0, 4.0]);
    let voxels = ndarray::Array3::from_shape_fn((12, 80, 96), |(k, j, i)| {
        let (x, y) = ((i as f64 - 48.0) / 40.0, (j as f64 - 40.0) / 34.0);
        let inner = (x * x + y * y).sqrt();
        if inner > 1.0 { -1000 } else { (40.0 + 300.0 * (3.0 * inner + k as f64 * 0.5).sin()) as i16 }
    });
    nifti::write_ct(&CtVolume::new(grid, voxels), path).unwrap();
}

/// Makes a study of `count` films, every second with disease, the last of two pictures: a film and a stack.
pub(crate) fn study(folder: &Path, count: usize, change: impl FnOnce(&mut StudySettings)) -> Study {
    let mut table = "case,patient,image,truth,help,help_marks,score\n".to_owned();
    std::fs::write(folder.join("box.csv"), "x_min,y_min,x_max,y_max\n90,130,140,170\n").unwrap();
    stack(&folder.join("stack.nii.gz"));
    for case in 0..count {
        film(&folder.join(format!("film{case}.dcm")), case, case % 2 == 1);
        let more = if case + 1 == count { ";stack.nii.gz" } else { "" };
        let score = (case * 37 + 11) % 100;
        writeln!(
            table,
            "case-{case},patient-{case},film{case}.dcm{more},{},\"Probability of a fracture: {score} %\",box.csv,{score}",
            case % 2
        )
        .unwrap();
    }
    std::fs::write(folder.join("cases.csv"), table).unwrap();
    let mut settings = StudySettings::new("Hip fracture on the radiograph", &["anna".into(), "ben".into()]);
    settings.question = "How confident are you that there is a fracture?".into();
    settings.instructions = "Please read as in your daily work. Mark each fracture with a box.".into();
    change(&mut settings);
    let new = NewStudy {
        table: &folder.join("cases.csv"),
        settings: &settings,
        text: None,
        folder: &folder.join("study"),
        link: false,
    };
    create(&new).unwrap().study
}

/// Makes a study of stacks on a scale from 0 to 100, each with a map of the module, whose answers may be changed.
pub(crate) fn stacks(folder: &Path) -> Study {
    let mut table = "case,patient,image,truth,help,help_image\n".to_owned();
    for case in 0..4 {
        let grid = Grid::axis_aligned([96, 80, 12 + case], coxa_geometry::Point::origin(), [1.0, 1.0, 4.0]);
        let shape = (12 + case, 80, 96);
        let body = ndarray::Array3::from_shape_fn(shape, |(k, j, i)| {
            let (x, y) = ((i as f64 - 48.0) / 40.0, (j as f64 - 40.0) / 34.0);
            let inner = (x * x + y * y).sqrt();
            let texture = ((i * (case + 3)) as f64 / 9.0).sin() * (j as f64 / 7.0).cos();
            let bone = if (0.45..0.6).contains(&inner) { 500.0 } else { 0.0 };
            if inner > 1.0 { -1000 } else { (40.0 + 60.0 * texture + bone - 5.0 * k as f64) as i16 }
        });
        let map = ndarray::Array3::from_shape_fn(shape, |(k, j, i)| {
            let squared =
                (i as f64 - 60.0).powi(2) + (j as f64 - 34.0).powi(2) + 9.0 * (k as f64 - 6.0).powi(2);
            (1000.0 * (-squared / 120.0).exp()) as i16
        });
        nifti::write_ct(&CtVolume::new(grid.clone(), body), &folder.join(format!("ct{case}.nii.gz")))
            .unwrap();
        nifti::write_ct(&CtVolume::new(grid, map), &folder.join(format!("map{case}.nii.gz"))).unwrap();
        writeln!(
            table,
            "{case},{case},ct{case}.nii.gz,{},\"Metastasis: {} %\",map{case}.nii.gz",
            case % 2,
            20 * case + 7
        )
        .unwrap();
    }
    std::fs::write(folder.join("cases.csv"), table).unwrap();
    let mut settings = StudySettings::new("Metastases on CT", &["anna".into()]);
    settings.question = "How likely is a metastasis?".into();
    settings.scale = Scale::Percent {};
    settings.marks = MarksWanted::Contours;
    settings.may_change = true;
    settings.window = WindowSetting::Fixed([100.0, 900.0]);
    settings.methods = vec![Method { name: "with".into(), help: true }];
    let (table, place) = (folder.join("cases.csv"), folder.join("study"));
    create(&NewStudy { table: &table, settings: &settings, text: None, folder: &place, link: true })
        .unwrap()
        .study
}
