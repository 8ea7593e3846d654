//! STL meshes: any bytes give an error or a mesh that queries can use, and what is written reads back.
#![no_main]

use coxa_geometry::Mesh;
use coxa_geometry::frame::Patient;
use coxa_geometry::mesh::stl;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(mesh) = stl::parse::<Patient>(data) else { return };
    for triangle in 0..mesh.triangles.len() {
        assert!(mesh.corners(triangle).iter().all(|corner| corner.is_finite()));
    }
    if mesh.is_empty() {
        return;
    }
    let mut bytes = Vec::new();
    stl::write_text(&mesh, &mut bytes).expect("memory takes all bytes");
    let again: Mesh<Patient> = stl::parse(&bytes).expect("our own file");
    // Vertices of dropped triangles are not written, so the numbering may differ.
    assert_eq!(again.triangles.len(), mesh.triangles.len());
    for triangle in 0..mesh.triangles.len() {
        assert!(again.corners(triangle) == mesh.corners(triangle));
    }
});
