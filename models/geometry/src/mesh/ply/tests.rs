//! Sound and unsound PLY.

use super::*;
use crate::frame::{Femur, Pelvis};
use crate::mesh::tests::{cube, sphere};
use proptest::prelude::*;

fn check_refused(text: &str, expected: &str) {
    let error = parse::<Pelvis>(text.as_bytes()).expect_err(text);
    assert_eq!(error.to_string(), expected);
}

fn text_mesh(format: &str) -> String {
    format!(
        "ply\nformat {format} 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n\
         element face 1\nproperty list uchar int vertex_indices\nend_header\n"
    )
}

#[test]
fn both_encodings_read_back_bit_for_bit() {
    let mesh = sphere(12.3, 20);
    let (mut binary, mut text) = (Vec::new(), Vec::new());
    write(&mesh, &mut binary).unwrap();
    write_text(&mesh, &mut text).unwrap();
    assert_eq!(parse::<Pelvis>(&binary).unwrap(), mesh);
    assert_eq!(parse::<Pelvis>(&text).unwrap(), mesh);
}

#[test]
fn a_file_of_this_program_keeps_its_frame() {
    let mut bytes = Vec::new();
    write(&cube(1.0), &mut bytes).unwrap();
    assert!(matches!(parse::<Femur>(&bytes), Err(PlyError::WrongFrame { .. })));
}

#[test]
fn big_endian_with_extra_properties_and_elements_and_polygons() {
    let mut bytes = b"ply\r\nformat binary_big_endian 1.0\r\ncomment made by hand\r\nobj_info none\r\n\
        element camera 1\r\nproperty list uchar float pose\r\nproperty short id\r\n\
        element vertex 4\r\nproperty uchar red\r\nproperty float x\r\nproperty double y\r\nproperty float z\r\n\
        element face 1\r\nproperty list uint ushort vertex_index\r\nproperty uchar flag\r\nend_header\r\n"
        .to_vec();
    bytes.push(2);
    bytes.extend([1.0f32, 2.0].iter().flat_map(|v| v.to_be_bytes()));
    bytes.extend((-7i16).to_be_bytes());
    for (x, y) in [(0.0f32, 0.0f64), (1.5, 0.0), (1.5, 2.5), (0.0, 2.5)] {
        bytes.push(255);
        bytes.extend(x.to_be_bytes());
        bytes.extend(y.to_be_bytes());
        bytes.extend(3.0f32.to_be_bytes());
    }
    bytes.extend(4u32.to_be_bytes());
    bytes.extend([0u16, 1, 2, 3].iter().flat_map(|v| v.to_be_bytes()));
    bytes.push(0);
    let mesh = parse::<Pelvis>(&bytes).unwrap();
    assert_eq!(mesh.vertices[2], Point::new(1.5, 2.5, 3.0));
    assert_eq!(mesh.triangles, [[0, 1, 2], [0, 2, 3]]);
    for cut in 0..bytes.len() {
        assert!(parse::<Pelvis>(&bytes[..cut]).is_err(), "cut at {cut}");
    }
}

#[test]
fn faces_may_come_before_vertices_and_may_be_absent() {
    let text = "ply\nformat ascii 1.0\nelement face 1\nproperty list uchar int vertex_indices\n\
                element vertex 3\nproperty float x\nproperty float y\nproperty float z\nend_header\n\
                3 0 1 2\n0 0 0\n1 0 0\n0 1 0\n";
    assert_eq!(parse::<Pelvis>(text.as_bytes()).unwrap().triangles, [[0, 1, 2]]);
    let points = "ply\nformat ascii 1.0\nelement vertex 1\nproperty int x\nproperty int y\nproperty int z\n\
                  end_header\n1 2 3";
    assert!(parse::<Pelvis>(points.as_bytes()).unwrap().is_empty());
}

#[test]
fn bad_files_are_refused_with_the_reason() {
    let head = text_mesh("ascii");
    check_refused("", "this is not a PLY file: it does not begin with a line `ply`");
    check_refused("solid x\n", "this is not a PLY file: it does not begin with a line `ply`");
    check_refused("ply\nformat ascii 1.0\n", "the PLY header has no readable `end_header` line");
    check_refused("ply\nend_header\n", "the PLY header has no `format` line");
    check_refused("ply\nformat ascii 2.0\n", "the PLY header line `format ascii 2.0` is not understood");
    check_refused("ply\nproperty int x\n", "the PLY header line `property int x` is not understood");
    check_refused("ply\nelement vertex -1\n", "the PLY header line `element vertex -1` is not understood");
    check_refused(
        "ply\nelement vertex 1\nproperty quaternion x\n",
        "the PLY header uses the unknown type `quaternion`",
    );
    check_refused(
        "ply\nformat ascii 1.0\nend_header\n",
        "the PLY file has no `vertex` element with properties x, y and z",
    );
    check_refused(
        &format!("{head}0 0 0\n1 0 0\n0 1"),
        "the PLY file ends early: `vertex` 2 of 3 is not complete",
    );
    check_refused(
        &format!("{head}0 0 0\n1 0 zero\n0 1 0\n3 0 1 2\n"),
        "`zero` in `vertex` 1 is not a number of the declared type",
    );
    check_refused(
        &format!("{head}0 0 0\n1 0 inf\n0 1 0\n3 0 1 2\n"),
        "vertex 1 has a coordinate that is not finite",
    );
    check_refused(
        &format!("{head}0 0 0\n1 0 0\n0 1 0\n2 0 1\n"),
        "face 0 has 2 corners; export the mesh with triangles only",
    );
    check_refused(
        &format!("{head}0 0 0\n1 0 0\n0 1 0\n3 0 1 3\n"),
        "triangle 0 uses vertex 3, which does not exist",
    );
    check_refused(
        &format!("{head}0 0 0\n1 0 0\n0 1 0\n3 0 1 -1\n"),
        "triangle 0 uses vertex -1, which does not exist",
    );
    check_refused(
        &format!("{head}0 0 0\n1 0 0\n0 1 0\n300 0 1 1\n"),
        "`300` in `face` 0 is not a number of the declared type",
    );
    check_refused(
        &head.replace("vertex_indices", "corners"),
        "the PLY file ends early: `vertex` 0 of 3 is not complete",
    );
}

#[test]
fn absurd_counts_neither_allocate_nor_spin() {
    for count in ["4294967295", "18446744073709551615"] {
        for format in ["ascii", "binary_little_endian"] {
            let text = text_mesh(format).replace("vertex 3", &format!("vertex {count}"));
            assert!(parse::<Pelvis>(text.as_bytes()).is_err());
            let text = text_mesh(format)
                .replace("vertex 3", &format!("nothing {count}\nelement vertex 0"))
                .replace("face 1", "face 0");
            assert_eq!(parse::<Pelvis>(text.as_bytes()).unwrap(), Mesh::default());
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_a_mesh_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200), binary: bool) {
        let _ = parse::<Pelvis>(&bytes);
        let mut after_header = text_mesh(if binary { "binary_big_endian" } else { "ascii" }).into_bytes();
        after_header.extend(bytes);
        if let Ok(mesh) = parse::<Pelvis>(&after_header) {
            prop_assert!(crate::mesh::validate::check_usable(&mesh).is_ok());
        }
    }
}
