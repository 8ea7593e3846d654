//! Speed of volume processing and reading on the synthetic CT; `peers.py` times other programs on the same volume.

use coxa_geometry::{Point, Side};
use coxa_imaging::drr::{Camera, Source, WATER_60_KEV_PER_MM, project};
use coxa_imaging::isosurface::isosurface;
use coxa_imaging::label_surface::{bone_surface, label_surface};
use coxa_imaging::source::{self, ReadOptions};
use coxa_imaging::{Label, LabelMap, dicom, nifti, phantom, resample};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

const DIMS: [usize; 3] = [512, 512, 400];

fn volumes(criterion: &mut Criterion) {
    let ct = phantom::sheets(DIMS);
    let mut group = criterion.benchmark_group("512x512x400");
    group.sample_size(10).throughput(Throughput::Elements(ct.grid.len() as u64));
    group.bench_function("isosurface", |b| b.iter(|| isosurface(black_box(&ct), phantom::BONE_LEVEL_HU)));
    let isotropic = resample::grid_with_spacing(&ct.grid, [1.0; 3]);
    group.bench_function("resample to 1 mm", |b| b.iter(|| resample::linear(black_box(&ct), &isotropic)));

    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("ct.nii.gz");
    group.bench_function("write .nii.gz", |b| b.iter(|| nifti::write_ct(&ct, &file)));
    group.bench_function("read .nii.gz", |b| b.iter(|| nifti::read_ct(&file)));
    let series = folder.path().join("series");
    dicom::write_series(&ct, &series).expect("room for a series");
    group.bench_function("read 400 DICOM slices", |b| {
        b.iter(|| source::open(&series, &ReadOptions::default()));
    });
    group.finish();
}

fn surfaces(criterion: &mut Criterion) {
    // A piece the size of a pelvis at 1.6 mm; the dense sheets stand for bone.
    let ct = phantom::sheets([200, 160, 150]);
    let labels = LabelMap {
        volume: ct.map(|&hu| u8::from(f64::from(hu) >= phantom::BONE_LEVEL_HU)),
        table: vec![Label::unnamed(1)],
    };
    let mut group = criterion.benchmark_group("200x160x150");
    group.sample_size(10);
    group.bench_function("label surface", |b| b.iter(|| label_surface(black_box(&labels), 1)));
    group.bench_function("bone surface", |b| {
        b.iter(|| bone_surface(black_box(&ct), &labels, 1, Side::Right));
    });
    group.finish();
}

fn projection(criterion: &mut Criterion) {
    let ct = phantom::sheets([256; 3]);
    let (pixel_mm, pixels) = (1.2, 512);
    let first = pixel_mm * (f64::from(pixels) - 1.0) / 2.0;
    let camera = Camera {
        source: Source::Focus(Point::new(0.0, -1000.0, 200.0)),
        first_pixel: Point::new(-first, 500.0, 200.0 + first),
        columns: pixels as usize,
        rows: pixels as usize,
        ..Camera::anteroposterior(&ct.grid, pixel_mm)
    };
    let mut group = criterion.benchmark_group("256x256x256");
    group.sample_size(10);
    group.bench_function("DRR of 512x512", |b| {
        b.iter(|| project(black_box(&ct), &camera, WATER_60_KEV_PER_MM));
    });
    group.finish();
}

criterion_group!(benches, volumes, surfaces, projection);
criterion_main!(benches);
