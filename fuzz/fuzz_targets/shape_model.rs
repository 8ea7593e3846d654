//! Shape models and NumPy arrays: any bytes give an error or a model whose every surface is sound.
#![no_main]

use coxa_shape::shape_model::{file, npy};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(array) = npy::parse(data) {
        assert_eq!(array.shape.iter().product::<usize>(), array.values.len());
    }
    let Ok(model) = file::parse(data) else { return };
    let sample = model.sample(1);
    assert_eq!(sample.vertices.len(), model.vertex_count());
    assert!(model.faces.iter().flatten().all(|&v| (v as usize) < model.vertex_count()));
});
