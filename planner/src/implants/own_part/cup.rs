//! A user's own shells: one TOML file for a family of spherical shells.
//!
//! ```toml
//! format = 1
//! kind = "cup"
//! family = "our_cup"
//! description = "Prototype C"
//! sizes_mm = [48, 50, 52]      # outer diameters
//! arc_deg = 170                # arc of the outer profile about the sphere's centre; 180 is a full hemisphere
//! shell_wall_mm = 3.0
//! flare_mm = 0.5               # how far the rim stands out of the sphere; may be left out
//! flare_height_mm = 5.0        # height over which it does so; needed with a flare
//! under_reaming_mm = 1.0       # diameter of the shell minus that of the reamer
//!
//! [[hole]]                     # one for each screw hole, none for a shell without
//! polar_deg = 30.0             # from the pole of the shell
//! azimuth_deg = -15.0          # about the cup axis, from superior (0) towards anterior (90)
//! ```
//!
//! With meshes, one for each size, the shell is drawn and stops motion as it is; the numbers above still say what is reamed and what the
//! shell touches, and have to describe the meshes:
//!
//! ```toml
//! meshes = ["our-cup-48.stl", "our-cup-50.stl", "our-cup-52.stl"]   # millimetres, any axes; see frame
//!
//! [frame]                      # cup frame in the coordinates of the meshes; may be left out where they are in it
//! origin_mm = [0.0, 0.0, 0.0]  # centre of the outer sphere
//! x_axis = [1.0, 0.0, 0.0]     # y cross z
//! y_axis = [0.0, 1.0, 0.0]     # superior, which the holes are told from
//! z_axis = [0.0, 0.0, 1.0]     # out of the opening
//! ```

use super::super::cup::CupFamily;
use super::super::screw::ScrewHole;
use super::fields::{Fields, Header, number, problem};
use super::mesh::{check_mesh, read_frame, read_mesh};
use crate::implants::error::Problem;
use coxa_geometry::frame::Cup;
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::{Angle, Mesh, Point, Transform};
use std::path::Path;
use std::sync::Arc;

/// Shells and walls outside this are no acetabular shells.
const SIZES_MM: (f64, f64) = (36.0, 90.0);
const WALL_MM: (f64, f64) = (1.5, 8.0);
const ARC_DEG: (f64, f64) = (120.0, 180.0);
const FLARE_MM: (f64, f64) = (0.0, 4.0);
const UNDER_REAMING_MM: (f64, f64) = (-2.0, 4.0);
/// A hole nearer to the face than this would cut through it.
const POLAR_DEG: (f64, f64) = (0.0, 80.0);
/// More holes than any shell has.
const MOST_HOLES: usize = 24;

/// The family that a file describes, or all that is wrong with it.
pub(super) fn read(
    path: &Path,
    header: Header,
    mut fields: Fields<'_>,
    mut problems: Vec<Problem>,
) -> Result<CupFamily, Vec<Problem>> {
    let Header { family, description } = header;
    let p = &mut problems;
    let sizes = fields.get("sizes_mm", "a list of outer diameters from 36 to 90 mm, ascending", p, |v| {
        let sizes: Vec<f64> = v.as_array()?.iter().map(number).collect::<Option<_>>()?;
        let is_sound = !sizes.is_empty() && sizes.iter().all(|size| within(SIZES_MM, *size));
        (is_sound && sizes.windows(2).all(|pair| pair[0] < pair[1])).then_some(sizes)
    });
    let mut ranged = |name: &str, (low, high): (f64, f64), p: &mut Vec<Problem>| {
        let expected = format!("a number from {low} to {high}");
        fields.get(name, &expected, p, |v| number(v).filter(|x| within((low, high), *x)))
    };
    let arc = ranged("arc_deg", ARC_DEG, p);
    let wall = ranged("shell_wall_mm", WALL_MM, p);
    let under_reaming = ranged("under_reaming_mm", UNDER_REAMING_MM, p);
    let mut flare = |name: &str, range: (f64, f64)| match fields.table.contains_key(name) {
        true => fields.get(name, &format!("a number from {} to {}", range.0, range.1), p, |v| {
            number(v).filter(|x| within(range, *x))
        }),
        false => Some(0.0),
    };
    let (flare_mm, flare_height) = (flare("flare_mm", FLARE_MM), flare("flare_height_mm", (0.0, 15.0)));
    if flare_mm.is_some_and(|mm| mm > 0.0) && flare_height == Some(0.0) {
        p.push(problem(
            "field_missing",
            "flare_height_mm is missing: give the height over which the rim flares",
        ));
    }
    let holes = read_holes(&mut fields, p);
    let meshes = read_meshes(path, &mut fields, p);
    fields.finish(p);
    if !problems.is_empty() {
        return Err(problems);
    }
    let count = sizes.as_ref().map_or(0, Vec::len);
    if !meshes.is_empty() && meshes.len() != count {
        let text = format!(
            "meshes names {} files for {count} sizes: give one for each, in the same order",
            meshes.len()
        );
        return Err(vec![problem("meshes_and_sizes", text)]);
    }
    let names: Vec<String> = meshes.iter().map(|(name, _)| name.clone()).collect();
    let all = || {
        Some(CupFamily {
            name: family?,
            description: description?,
            sizes_mm: sizes.clone()?,
            arc: Angle::from_degrees(arc?),
            shell_wall_mm: wall?,
            flare_mm: flare_mm?,
            flare_height_mm: flare_height?,
            under_reaming_mm: under_reaming?,
            holes,
            own: sizes?.into_iter().zip(meshes.into_iter().map(|(_, mesh)| Arc::new(mesh))).collect(),
        })
    };
    let family = all().ok_or_else(|| vec![problem("incomplete", "the description is incomplete")])?;
    for ((size_mm, mesh), name) in family.own.iter().zip(&names) {
        check_shell(mesh, &family, *size_mm, name, &mut problems);
    }
    if problems.is_empty() { Ok(family) } else { Err(problems) }
}

/// Files and meshes in the frame of the cup, as many as could be read; none where the numbers alone describe the shells.
fn read_meshes(
    path: &Path,
    fields: &mut Fields<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<(String, Mesh<Cup>)> {
    if !fields.table.contains_key("meshes") {
        return Vec::new();
    }
    let names = fields.get(
        "meshes",
        "a list of STL or PLY files beside this one, one for each size",
        problems,
        |v| {
            v.as_array()?
                .iter()
                .map(|name| name.as_str().map(str::to_owned))
                .collect::<Option<Vec<_>>>()
                .filter(|names| !names.is_empty())
        },
    );
    let to_cup = match fields.table.contains_key("frame") {
        false => Some(Transform::identity()),
        true => fields
            .table("frame", "a table with origin_mm, x_axis, y_axis and z_axis", problems)
            .and_then(|table| read_frame(table, problems)),
    };
    let Some(to_cup) = to_cup else { return Vec::new() };
    let mut meshes = Vec::new();
    for name in names.unwrap_or_default() {
        let Some(raw) = read_mesh(path, &name, problems) else { continue };
        let mesh: Mesh<Cup> = to_cup.apply(&raw);
        let before = problems.len();
        check_mesh(&mesh, problems);
        for problem in &mut problems[before..] {
            problem.message = format!("{name}: {}", problem.message);
        }
        meshes.push((name, mesh));
    }
    meshes
}

/// How far a mesh may be from the numbers that describe it.
const MESH_WITHIN_MM: f64 = 1.0;
/// Fins and coatings stand out of the sphere that is reamed by no more.
const MOST_FIN_MM: f64 = 3.0;

/// Whether a shell is the one that its numbers describe: as wide, as deep, and hollow.
fn check_shell(mesh: &Mesh<Cup>, family: &CupFamily, size_mm: f64, name: &str, problems: &mut Vec<Problem>) {
    let Some((low, high)) = mesh.bounds() else { return };
    let radius = size_mm / 2.0;
    let mut say = |code, text: String| problems.push(problem(code, format!("{name}: {text}")));
    if (low.z() + radius).abs() > MESH_WITHIN_MM {
        let ratio = -low.z() / radius;
        let is_inches = (ratio * 25.4 - 1.0).abs() < 0.1;
        let guess = if is_inches { "is the mesh in inches?" } else { "check sizes_mm and frame.origin_mm" };
        return say(
            "units",
            format!(
                "its pole lies {:.2} mm below its centre, but half of {size_mm} mm is expected: {guess}",
                -low.z()
            ),
        );
    }
    let furthest = mesh.vertices.iter().map(|v| v.coords().coords.norm()).fold(0.0, f64::max);
    if furthest > radius + family.flare_mm + MOST_FIN_MM {
        say(
            "beyond_sphere",
            format!("it reaches {:.1} mm beyond the sphere of {size_mm} mm", furthest - radius),
        );
    }
    let face = family.face_mm(size_mm);
    if (high.z() - face).abs() > MESH_WITHIN_MM {
        say(
            "face",
            format!(
                "it ends {:.1} mm above its centre, but by arc_deg it should end at {face:.1} mm",
                high.z()
            ),
        );
    }
    let inner = family.inner_radius_mm(size_mm);
    let Ok(query) = MeshQuery::new(mesh) else { return };
    let nearest = query.closest(Point::origin()).2;
    if (nearest - inner).abs() > MESH_WITHIN_MM || query.contains(Point::origin()) {
        say(
            "wall",
            format!(
                "its inner surface is {nearest:.1} mm from its centre, but by shell_wall_mm it should be {inner:.1} mm"
            ),
        );
    }
}

fn within((low, high): (f64, f64), value: f64) -> bool {
    (low..=high).contains(&value)
}

fn read_holes(fields: &mut Fields<'_>, problems: &mut Vec<Problem>) -> Vec<ScrewHole> {
    if !fields.table.contains_key("hole") {
        return Vec::new();
    }
    let expected = format!("at most {MOST_HOLES} tables with polar_deg and azimuth_deg");
    let tables = fields.get("hole", &expected, problems, |v| {
        let tables: Vec<toml::Table> =
            v.as_array()?.iter().map(|hole| hole.as_table().cloned()).collect::<Option<_>>()?;
        (tables.len() <= MOST_HOLES).then_some(tables)
    });
    let mut holes = Vec::new();
    for table in tables.unwrap_or_default() {
        let mut fields = Fields { table, prefix: "hole." };
        let mut angle = |name: &str, (low, high): (f64, f64)| {
            let expected = format!("an angle from {low} to {high} degrees");
            fields.get(name, &expected, problems, |v| number(v).filter(|x| within((low, high), *x)))
        };
        let (polar, azimuth) = (angle("polar_deg", POLAR_DEG), angle("azimuth_deg", (-360.0, 360.0)));
        fields.finish(problems);
        if let (Some(polar), Some(azimuth)) = (polar, azimuth) {
            let [polar, azimuth] = [polar, azimuth].map(Angle::from_degrees);
            holes.push(ScrewHole { polar, azimuth });
        }
    }
    holes
}

#[cfg(test)]
mod tests {
    use crate::implants::own_part::example;
    use crate::implants::{Catalogue, CatalogueError, check};
    use coxa_geometry::Point;
    use coxa_geometry::mesh::stl;
    use coxa_geometry::mesh::validate::defects;
    use std::fs;

    const SOUND: &str = "format = 1\nkind = \"cup\"\nfamily = \"ours\"\ndescription = \"Prototype\"\nsizes_mm = [48, 50]\n\
        arc_deg = 170\nshell_wall_mm = 3.0\nunder_reaming_mm = 1\n[[hole]]\npolar_deg = 25\nazimuth_deg = -10\n";

    fn codes(from: &str, to: &str) -> Vec<&'static str> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cup.toml");
        assert!(SOUND.contains(from), "{from}");
        fs::write(&path, SOUND.replacen(from, to, 1)).unwrap();
        check(&path).into_iter().map(|p| p.code).collect()
    }

    #[test]
    fn a_sound_shell_enters_the_catalogue_with_its_holes() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("cup.toml"), SOUND).unwrap();
        let catalogue = Catalogue::load(folder.path()).unwrap();
        let ours = catalogue.cup_of_size("ours", 50.0).unwrap();
        assert_eq!(ours.holes.len(), 1);
        assert!((ours.hole(1).unwrap().polar.degrees() - 25.0).abs() < 1e-12);
        assert!(ours.hole(2).unwrap_err().to_string().contains("1 in ours"));
        assert_eq!(defects(&ours.shell_mesh(50.0, 0.0, 0.05)), []);
        fs::copy(folder.path().join("cup.toml"), folder.path().join("twice.toml")).unwrap();
        assert!(matches!(Catalogue::load(folder.path()), Err(CatalogueError::Duplicate { .. })));
    }

    /// A family of one size whose mesh is the built-in shell, written with a scale; what is wrong with it.
    fn with_mesh(scale: f64, from: &str, to: &str) -> (Vec<&'static str>, Option<Catalogue>) {
        let folder = tempfile::tempdir().unwrap();
        let builtin = Catalogue::builtin();
        let mut mesh = builtin.cup("hemispherical").unwrap().shell_mesh(50.0, 0.0, 0.05);
        for v in &mut mesh.vertices {
            *v = Point::from_coords(v.coords() * scale);
        }
        let file = fs::File::create(folder.path().join("own_50.stl")).unwrap();
        stl::write(&mesh, file).unwrap();
        let shown = example(&builtin, "hemispherical", None, 0.05).unwrap().text;
        let sizes = shown.lines().find(|line| line.starts_with("sizes_mm")).unwrap().to_owned();
        let text = shown.replace(&sizes, "sizes_mm = [50]\nmeshes = [\"own_50.stl\"]").replace(from, to);
        let path = folder.path().join("cup.toml");
        fs::write(&path, text).unwrap();
        let codes = check(&path).into_iter().map(|p| p.code).collect();
        (codes, Catalogue::load(folder.path()).ok())
    }

    #[test]
    fn a_shell_of_ones_own_mesh_is_that_mesh() {
        let (codes, catalogue) = with_mesh(1.0, "", "");
        assert_eq!(codes, Vec::<&str>::new());
        let catalogue = catalogue.unwrap();
        let own = catalogue.cup_of_size("own_hemispherical", 50.0).unwrap();
        let builtin = catalogue.cup("hemispherical").unwrap().shell_mesh(50.0, 4.0, 0.05);
        let (own, builtin) = (own.shell_mesh(50.0, 4.0, 0.2), builtin);
        assert_eq!(own.vertices.len(), builtin.vertices.len());
        assert!((own.signed_volume() / builtin.signed_volume() - 1.0).abs() < 1e-4);
        let [(low, high), (like, up)] = [own, builtin].map(|mesh| mesh.bounds().unwrap());
        assert!(low.distance(like) < 1e-3 && high.distance(up) < 1e-3, "about the bore's centre");
    }

    #[test]
    fn what_a_mesh_has_otherwise_than_its_numbers_is_named() {
        let codes = |scale, from, to| with_mesh(scale, from, to).0;
        assert_eq!(codes(1.0 / 25.4, "", ""), ["units"]);
        assert_eq!(codes(1.1, "", ""), ["units"]);
        assert_eq!(codes(1.0, "[50]", "[50, 52]"), ["meshes_and_sizes"]);
        assert_eq!(codes(1.0, "[\"own_50.stl\"]", "[]"), ["field_wrong"]);
        assert_eq!(codes(1.0, "own_50.stl", "own_52.stl"), ["mesh_missing"]);
        assert_eq!(codes(1.0, "own_50.stl", "../own_50.stl"), ["mesh_elsewhere"]);
        assert_eq!(codes(1.0, "shell_wall_mm = 3", "shell_wall_mm = 6"), ["wall"]);
        assert_eq!(codes(1.0, "arc_deg = 180", "arc_deg = 160"), ["face"]);
    }

    #[test]
    fn every_mistake_is_named() {
        assert_eq!(codes("arc_deg = 170", "arc_deg = 170"), Vec::<&str>::new());
        assert_eq!(codes("arc_deg = 170\n", ""), ["field_missing"]);
        assert_eq!(codes("arc_deg = 170", "arc_deg = 200"), ["field_wrong"]);
        assert_eq!(codes("[48, 50]", "[50, 48]"), ["field_wrong"]);
        assert_eq!(codes("[48, 50]", "[]"), ["field_wrong"]);
        assert_eq!(codes("[48, 50]", "[nan]"), ["field_wrong"]);
        assert_eq!(codes("arc_deg = 170", "arc_deg = 170\nflare_mm = 1"), ["field_missing"]);
        assert_eq!(codes("arc_deg = 170", "arc_deg = 170\ncolour = 1"), ["field_unknown"]);
        assert_eq!(codes("polar_deg = 25", "polar_deg = 95"), ["field_wrong"]);
        assert_eq!(codes("azimuth_deg = -10\n", ""), ["field_missing"]);
        assert_eq!(codes("azimuth_deg = -10", "azimuth_deg = -10\ndepth = 2"), ["field_unknown"]);
        assert_eq!(codes("[[hole]]\npolar_deg = 25\nazimuth_deg = -10\n", ""), Vec::<&str>::new());
        assert_eq!(codes("kind = \"cup\"", "kind = \"screw\""), ["kind"]);
    }
}
