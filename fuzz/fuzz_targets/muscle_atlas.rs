//! Atlases of muscles: any bytes give an error or muscles whose every surface is sound.
#![no_main]

use coxa_shape::muscle_atlas::MuscleAtlas;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(atlas) = MuscleAtlas::parse(data) else { return };
    for muscle in &atlas.muscles {
        let count = muscle.mesh.vertices.len();
        assert!(muscle.mesh.triangles.iter().flatten().all(|&v| (v as usize) < count));
        assert_eq!(muscle.person(0.0).vertices.len(), count);
    }
});
