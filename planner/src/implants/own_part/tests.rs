//! Parts of a user's own, sound ones and such with mistakes.

use super::*;
use crate::implants::{Catalogue, NeckOffset};
use coxa_geometry::Angle;
use coxa_geometry::Mesh;
use coxa_geometry::Point;
use coxa_geometry::frame::Stem;
use coxa_geometry::mesh::stl;
use std::fs;

/// Writes a sound part made from a catalogue stem, changed by `edit`, and checks it.
fn checked(edit: impl Fn(&mut String, &mut Mesh<Stem>)) -> Vec<&'static str> {
    let folder = tempfile::tempdir().unwrap();
    let path = write_part(folder.path(), edit);
    check(&path).into_iter().map(|p| p.code).collect()
}

fn write_part(folder: &Path, edit: impl Fn(&mut String, &mut Mesh<Stem>)) -> std::path::PathBuf {
    let catalogue = Catalogue::builtin();
    let family = catalogue.stem("short").unwrap();
    let size = family.size(3).unwrap();
    let taper = catalogue.taper("12/14").unwrap();
    let angle = Angle::from_degrees(135.0);
    let mut mesh = family.mesh(size, angle, NeckOffset::Standard, taper, 0.1);
    let head = family.neck(size, angle, NeckOffset::Standard).head_centre(0.0);
    let (low, high) = mesh.bounds().unwrap();
    let mut text = format!(
        "format = 1\nkind = \"stem\"\nfamily = \"ours\"\ndescription = \"Prototype\"\nsize = 4\nmesh = \"part.stl\"\n\
         length_mm = {:.2}\ntaper = \"12/14\"\nneck_shaft_deg = 135\nneck_diameter_mm = 12\nhead_centre_mm = [{}, {}, {}]\n\
         [frame]\norigin_mm = [0, 0, 0]\nx_axis = [1, 0, 0]\ny_axis = [0, 1, 0]\nz_axis = [0, 0, 1]\n\
         [resection]\npoint_mm = [0, 0, 0]\nnormal = [0.70711, 0.70711, 0]\n",
        high.y() - low.y(),
        head.x(),
        head.y(),
        head.z()
    );
    edit(&mut text, &mut mesh);
    stl::write(&mesh, fs::File::create(folder.join("part.stl")).unwrap()).unwrap();
    let path = folder.join("part.toml");
    fs::write(&path, text).unwrap();
    path
}

fn scale(mesh: &mut Mesh<Stem>, factor: f64) {
    for v in &mut mesh.vertices {
        *v = Point::new(v.x() * factor, v.y() * factor, v.z() * factor);
    }
}

#[test]
fn a_sound_part_enters_the_catalogue_with_its_neck() {
    assert_eq!(checked(|_, _| ()), Vec::<&str>::new());
    let folder = tempfile::tempdir().unwrap();
    write_part(folder.path(), |_, _| ());
    let catalogue = Catalogue::load(folder.path()).unwrap();
    let ours = catalogue.stem("ours").unwrap();
    let short = catalogue.stem("short").unwrap();
    let angle = ours.neck_shaft[0];
    let head = ours.neck(&ours.sizes[0], angle, NeckOffset::Standard).head_centre(0.0);
    let original = short.neck(short.size(3).unwrap(), angle, NeckOffset::Standard).head_centre(0.0);
    assert!(head.distance(original) < 1e-9);
    fs::copy(folder.path().join("part.toml"), folder.path().join("twice.toml")).unwrap();
    assert!(matches!(Catalogue::load(folder.path()), Err(CatalogueError::Duplicate { .. })));
}

#[test]
fn a_copy_of_a_catalogue_stem_has_its_numbers() {
    let folder = tempfile::tempdir().unwrap();
    write_part(folder.path(), |_, _| ());
    let ours = Catalogue::load(folder.path()).unwrap();
    let ours = &ours.stem("ours").unwrap().sizes[0];
    let builtin = Catalogue::builtin();
    let short = builtin.stem("short").unwrap().size(3).unwrap();
    for (own, original) in [
        (ours.medial_mm, short.medial_mm),
        (ours.lateral_mm, short.lateral_mm),
        (ours.depth_mm, short.depth_mm),
        (ours.length_mm, short.length_mm),
    ] {
        assert!((own - original).abs() < 0.1, "{own} against {original}");
    }
}

#[test]
fn sizes_of_a_family_have_one_neck_as_far_as_drawings_tell() {
    let with = |edit: &dyn Fn(&str) -> String| {
        let folder = tempfile::tempdir().unwrap();
        let path = write_part(folder.path(), |_, _| ());
        let text = fs::read_to_string(path).unwrap();
        fs::write(folder.path().join("second.toml"), edit(&text.replace("size = 4", "size = 5"))).unwrap();
        Catalogue::load(folder.path()).map(|_| ()).map_err(|e| e.to_string())
    };
    with(&|text| text.replace("normal = [0.70711, 0.70711, 0]", "normal = [0.7074, 0.7068, 0]")).unwrap();
    let said = with(&|text| text.replace("neck_diameter_mm = 12", "neck_diameter_mm = 12.5")).unwrap_err();
    assert!(said.contains("neck_diameter_mm is 12.50, in the family 12.00"), "{said}");
}

#[test]
fn every_kind_of_problem_is_named() {
    let replace = |from: &'static str, to: &'static str| {
        move |t: &mut String, _: &mut Mesh<Stem>| {
            assert!(t.contains(from));
            *t = t.replace(from, to);
        }
    };
    // Five millimetres along the neck of 135 degrees.
    let move_head = |t: &mut String, _: &mut Mesh<Stem>| {
        let (before, rest) = t.split_once("head_centre_mm = [").unwrap();
        let (numbers, after) = rest.split_once(']').unwrap();
        let mut at = numbers.split(", ").map(|n| n.parse::<f64>().unwrap());
        let (x, y) = (at.next().unwrap() + 3.5355, at.next().unwrap() + 3.5355);
        *t = format!("{before}head_centre_mm = [{x}, {y}, 0]{after}");
    };
    assert_eq!(checked(|_, m| scale(m, 0.1)), ["units"]);
    assert_eq!(checked(|_, m| scale(m, 10.0)), ["units"]);
    assert_eq!(checked(|_, m| m.triangles.truncate(m.triangles.len() - 5)), ["not_watertight"]);
    assert_eq!(checked(|_, m| m.triangles.iter_mut().for_each(|t| t.swap(0, 1))), ["inside_out"]);
    assert_eq!(checked(replace("taper = \"12/14\"\n", "")), ["taper_missing"]);
    assert_eq!(checked(replace("12/14", "11/13")), ["taper_unknown"]);
    assert_eq!(checked(replace("z_axis = [0, 0, 1]", "z_axis = [0, 0, -1]")), ["frame_left_handed"]);
    assert_eq!(checked(replace("y_axis = [0, 1, 0]", "y_axis = [0.3, 1, 0]")), ["frame_not_orthonormal"]);
    assert_eq!(checked(replace("point_mm = [0, 0, 0]", "point_mm = [0, 500, 0]")), ["resection_off"]);
    assert_eq!(
        checked(replace("normal = [0.70711, 0.70711, 0]", "normal = [-0.7, -0.7, 0]"))[0],
        "resection_reversed"
    );
    assert_eq!(checked(replace("neck_shaft_deg = 135", "neck_shaft_deg = 150")), ["neck_off"]);
    assert_eq!(checked(replace("neck_shaft_deg = 135", "neck_shaft_deg = 140")), ["neck_off"]);
    assert_eq!(checked(replace("neck_diameter_mm = 12", "neck_diameter_mm = 30")), ["neck_diameter"]);
    assert_eq!(checked(move_head), ["head_off"]);
    assert_eq!(checked(replace("part.stl", "none.stl")), ["mesh_missing"]);
    assert_eq!(checked(replace("part.stl", "part.STEP")), ["mesh_is_cad"]);
    let inches = |t: &mut String, m: &mut Mesh<Stem>| {
        scale(m, 1.0 / 25.4);
        let (low, high) = m.bounds().unwrap();
        let stated = t.lines().find(|line| line.starts_with("length_mm")).unwrap().to_owned();
        *t = t.replace(&stated, &format!("length_mm = {:.3}", high.y() - low.y()));
    };
    assert_eq!(checked(inches)[0], "units");
    let boxed = |t: &mut String, m: &mut Mesh<Stem>| {
        *m = Mesh::cuboid([-10.0, -90.0, -8.0], [10.0, 30.0, 8.0]);
        let stated = t.lines().find(|line| line.starts_with("length_mm")).unwrap().to_owned();
        *t = t.replace(&stated, "length_mm = 120");
    };
    assert_eq!(checked(boxed), ["no_taper"]);
    assert_eq!(checked(replace("part.stl", "../part.stl")), ["mesh_elsewhere"]);
    assert_eq!(checked(replace("size = 4", "size = 4\ncolour = 3")), ["field_unknown"]);
    assert_eq!(
        checked(replace(
            "x_axis = [1, 0, 0]\ny_axis = [0, 1, 0]\nz_axis = [0, 0, 1]",
            "x_axis = [-1, 0, 0]\ny_axis = [0, 1, 0]\nz_axis = [0, 0, -1]"
        ))
        .first(),
        Some(&"neck_direction")
    );
    assert_eq!(checked(|t, _| *t = t[..t.find("[resection]").unwrap()].into()), ["resection_missing"]);
    assert_eq!(checked(|t, _| *t = "format = [".into()), ["not_toml"]);
    assert_eq!(check(Path::new("/nowhere/part.toml"))[0].code, "unreadable");
}

#[test]
fn all_problems_are_listed_not_only_the_first() {
    let found = checked(|t, m| {
        *t = t.replace("taper = \"12/14\"\n", "").replace("size = 4", "size = 0\nfoo = 1");
        scale(m, 0.1);
        m.triangles.pop();
    });
    assert_eq!(found, ["field_wrong", "taper_missing", "field_unknown", "not_watertight", "units"]);
}
