//! PLY meshes: any bytes give an error or a mesh that queries can use, and what is written reads back.
#![no_main]

use coxa_geometry::Mesh;
use coxa_geometry::frame::Patient;
use coxa_geometry::mesh::ply;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(mesh) = ply::parse::<Patient>(data) else { return };
    for triangle in 0..mesh.triangles.len() {
        assert!(mesh.corners(triangle).iter().all(|corner| corner.is_finite()));
    }
    let mut bytes = Vec::new();
    ply::write(&mesh, &mut bytes).expect("memory takes all bytes");
    let again: Mesh<Patient> = ply::parse(&bytes).expect("our own file");
    assert!(again == mesh);
});
