//! A user's own stem: a TOML file beside an STL or PLY mesh.
//!
//! ```toml
//! format = 1
//! kind = "stem"
//! family = "our_stem"          # several files may share a family, one size each
//! description = "Prototype B"
//! size = 4
//! mesh = "our-stem-4.stl"      # millimetres, any axes; see frame
//! length_mm = 142.0            # whole extent of the mesh along the stem axis
//! taper = "12/14"
//! neck_shaft_deg = 133.0
//! neck_diameter_mm = 11.5      # below the taper
//! head_centre_mm = [38.2, 21.0, 0.0]   # of a head of offset 0, in the mesh's coordinates
//!
//! [frame]                      # stem frame in the mesh's coordinates
//! origin_mm = [0.0, 0.0, 0.0]  # on the stem axis, in the resection plane
//! x_axis = [1.0, 0.0, 0.0]     # medial, towards the neck
//! y_axis = [0.0, 1.0, 0.0]     # proximal along the stem axis
//! z_axis = [0.0, 0.0, 1.0]     # x cross y
//!
//! [resection]                  # in the mesh's coordinates
//! point_mm = [0.0, 0.0, 0.0]
//! normal = [0.707, 0.707, 0.0] # towards the head
//! ```

use super::stem::{StemFamily, StemSize};
use super::{Catalogue, CatalogueError, FORMAT, MAX_FILE_BYTES};
use coxa_geometry::frame::Stem;
use coxa_geometry::mesh::section::plane_section;
use coxa_geometry::mesh::validate::{Defect, defects};
use coxa_geometry::mesh::{self, Mesh};
use coxa_geometry::{Angle, Point, Transform, Vector};
use serde::Serialize;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// One thing that is wrong with a user's part, in a sentence that says what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Stable snake_case code, such as `units` or `not_watertight`.
    pub code: &'static str,
    /// The sentence.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// A user's stem, its mesh in the stem frame.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnStem {
    /// The surface.
    pub mesh: Mesh<Stem>,
}

/// Everything that is wrong with the part described by the TOML file at `path`; empty where it can be used.
pub fn check(path: &Path) -> Vec<Problem> {
    match read(path, &Catalogue::builtin()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems,
    }
}

/// Reads a part and puts it into the catalogue.
pub(super) fn add_to(catalogue: &mut Catalogue, path: &Path) -> Result<(), CatalogueError> {
    let part = read(path, catalogue)
        .map_err(|problems| CatalogueError::BadPart { path: path.to_owned(), problems })?;
    let duplicate =
        |what, name: &str| CatalogueError::Duplicate { path: path.to_owned(), what, name: name.into() };
    let size = part.sizes.first().map_or(0, |s| s.size);
    match catalogue.stems.iter_mut().find(|s| s.name == part.name) {
        None => catalogue.stems.push(part),
        Some(family) => {
            let same_kind = StemFamily {
                sizes: family.sizes.clone(),
                description: family.description.clone(),
                ..part.clone()
            };
            if family.sizes.iter().any(|s| s.size == size) || same_kind != *family {
                return Err(duplicate("a stem with another neck or the same size in family", &part.name));
            }
            family.sizes.extend(part.sizes);
            family.sizes.sort_by_key(|s| s.size);
        }
    }
    Ok(())
}

/// Collects problems while fields are taken out of a table; what is left over is unknown.
struct Fields<'a> {
    table: toml::Table,
    prefix: &'a str,
}

impl Fields<'_> {
    fn take(&mut self, name: &str, expected: &str, problems: &mut Vec<Problem>) -> Option<toml::Value> {
        let value = self.table.remove(name);
        if value.is_none() {
            let code = match name {
                "taper" => "taper_missing",
                "resection" => "resection_missing",
                _ => "field_missing",
            };
            problems.push(problem(code, format!("{}{name} is missing: give {expected}", self.prefix)));
        }
        value
    }

    fn get<T>(
        &mut self,
        name: &str,
        expected: &str,
        problems: &mut Vec<Problem>,
        convert: impl Fn(&toml::Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.take(name, expected, problems)?;
        let converted = convert(&value);
        if converted.is_none() {
            problems.push(problem("field_wrong", format!("{}{name} must be {expected}", self.prefix)));
        }
        converted
    }

    fn text(&mut self, name: &str, expected: &str, problems: &mut Vec<Problem>) -> Option<String> {
        self.get(name, expected, problems, |v| v.as_str().filter(|s| !s.trim().is_empty()).map(str::to_owned))
    }

    fn positive(&mut self, name: &str, expected: &str, problems: &mut Vec<Problem>) -> Option<f64> {
        self.get(name, expected, problems, |v| number(v).filter(|x| *x > 0.0))
    }

    fn triple(&mut self, name: &str, expected: &str, problems: &mut Vec<Problem>) -> Option<[f64; 3]> {
        self.get(name, expected, problems, |v| {
            let items = v.as_array().filter(|a| a.len() == 3)?;
            Some([number(&items[0])?, number(&items[1])?, number(&items[2])?])
        })
    }

    fn table(&mut self, name: &str, expected: &str, problems: &mut Vec<Problem>) -> Option<toml::Table> {
        self.get(name, expected, problems, |v| v.as_table().cloned())
    }

    fn finish(self, problems: &mut Vec<Problem>) {
        for name in self.table.keys() {
            problems.push(problem("field_unknown", format!("unknown field {}{name}", self.prefix)));
        }
    }
}

fn number(value: &toml::Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|i| i as f64)).filter(|x| x.is_finite())
}

fn problem(code: &'static str, message: impl Into<String>) -> Problem {
    Problem { code, message: message.into() }
}

/// The family of one size that a file describes, or all that is wrong with it.
fn read(path: &Path, catalogue: &Catalogue) -> Result<StemFamily, Vec<Problem>> {
    let one = |code, message: String| vec![problem(code, message)];
    let size = std::fs::metadata(path)
        .map_err(|e| one("unreadable", format!("cannot read {}: {e}", path.display())))?
        .len();
    if size > MAX_FILE_BYTES {
        return Err(one(
            "unreadable",
            format!("{} is {size} bytes long: not the description of a part", path.display()),
        ));
    }
    let text = std::fs::read_to_string(path)
        .map_err(|e| one("unreadable", format!("cannot read {}: {e}", path.display())))?;
    let table: toml::Table = text
        .parse()
        .map_err(|e: toml::de::Error| one("not_toml", format!("not TOML: {}", e.to_string().trim_end())))?;

    let mut problems = Vec::new();
    let mut fields = Fields { table, prefix: "" };
    let p = &mut problems;
    if let Some(format) = fields.get("format", "1", p, toml::Value::as_integer)
        && format != i64::from(FORMAT)
    {
        p.push(problem(
            "format",
            format!("format {format} is not known: this program reads format {FORMAT}"),
        ));
    }
    if let Some(kind) = fields.text("kind", "\"stem\"", p)
        && kind != "stem"
    {
        p.push(problem("kind", format!("kind '{kind}' is not known: a part of one's own is a \"stem\"")));
    }
    let family = fields.text("family", "the name that plans will use", p);
    let description = fields.text("description", "one line for a person", p);
    let number = fields.get("size", "a whole number from 1", p, |v| {
        v.as_integer().and_then(|i| u32::try_from(i).ok()).filter(|i| *i > 0)
    });
    let mesh_name = fields.text("mesh", "the name of an STL or PLY file beside this one", p);
    let length = fields.positive("length_mm", "the stem's whole extent along its axis, in millimetres", p);
    let taper = fields.text("taper", "the taper that holds the head, such as \"12/14\"", p);
    if let Some(name) = &taper
        && let Err(unknown) = catalogue.taper(name)
    {
        p.push(problem("taper_unknown", unknown.to_string()));
    }
    let neck_shaft = fields.get("neck_shaft_deg", "an angle from 100 to 160 degrees", p, |v| {
        self::number(v).filter(|a| (100.0..=160.0).contains(a))
    });
    let neck_diameter = fields.positive("neck_diameter_mm", "the neck's diameter below the taper", p);
    let head_centre = fields.triple("head_centre_mm", "[x, y, z] of the centre of a head of offset 0", p);
    let frame = fields.table("frame", "a table with origin_mm, x_axis, y_axis and z_axis", p);
    let resection = fields.table("resection", "a table with point_mm and normal", p);
    fields.finish(p);

    let to_stem = frame.and_then(|table| read_frame(table, p));
    let resection = resection.and_then(|table| read_resection(table, p));
    let raw = mesh_name.and_then(|name| read_mesh(path, &name, p));

    let (Some(to_stem), Some(raw)) = (to_stem, raw) else { return Err(problems) };
    let mesh = to_stem.apply(&raw);
    let sound = check_mesh(&mesh, p);
    let reaches = length.is_none_or(|stated| check_units(&mesh, stated, p));
    let normal = resection.and_then(|(point, normal)| {
        check_resection(&mesh, to_stem.apply(point), to_stem.apply(normal), sound && reaches, p)
    });
    let neck = head_centre.zip(neck_shaft).and_then(|(centre, angle)| {
        let [x, y, z] = centre;
        check_neck(to_stem.apply(Point::new(x, y, z)), Angle::from_degrees(angle), normal, p)
    });
    if !problems.is_empty() {
        return Err(problems);
    }
    let all = || {
        let (neck_origin_mm, neck_length_mm) = neck?;
        let normal = normal?;
        let (low, high) = mesh.bounds()?;
        Some(StemFamily {
            name: family?,
            description: description?,
            taper: taper?,
            neck_shaft: vec![Angle::from_degrees(neck_shaft?)],
            high_offset_mm: 0.0,
            neck_origin_mm,
            neck_diameter_mm: neck_diameter?,
            resection: Angle::from_radians(normal.x().atan2(normal.y())),
            medial_curve: 1.0,
            section_power: 2.0,
            sizes: vec![StemSize {
                size: number?,
                length_mm: -low.y(),
                distal_width_mm: 0.0,
                distal_depth_mm: 0.0,
                medial_mm: high.x(),
                lateral_mm: -low.x(),
                depth_mm: high.z() - low.z(),
                neck_length_mm,
                own: Some(Arc::new(OwnStem { mesh })),
            }],
        })
    };
    all().ok_or_else(|| one("incomplete", "the description is incomplete".into()))
}

/// Axes may be typed with few digits; beyond this they are no frame.
const FRAME_TOLERANCE: f64 = 5e-3;

fn read_frame(table: toml::Table, problems: &mut Vec<Problem>) -> Option<Transform<Stem, Stem>> {
    let mut fields = Fields { table, prefix: "frame." };
    let origin = fields.triple("origin_mm", "[x, y, z] in millimetres", problems);
    let axes =
        ["x_axis", "y_axis", "z_axis"].map(|name| fields.triple(name, "a unit vector [x, y, z]", problems));
    fields.finish(problems);
    let [Some(x), Some(y), Some(z)] = axes.map(|a| a.map(|[x, y, z]| Vector::<Stem>::new(x, y, z))) else {
        return None;
    };
    let [ox, oy, oz] = origin?;
    let worst_length = [x, y, z].iter().map(|v| (v.norm() - 1.0).abs()).fold(0.0, f64::max);
    let worst_angle = [x.dot(y), y.dot(z), z.dot(x)].iter().fold(0.0, |w: f64, d| w.max(d.abs()));
    if worst_length > FRAME_TOLERANCE || worst_angle > FRAME_TOLERANCE {
        problems.push(problem(
            "frame_not_orthonormal",
            "frame: the axes must be unit vectors at right angles to each other",
        ));
        return None;
    }
    if x.cross(y).dot(z) < 0.0 {
        problems.push(problem(
            "frame_left_handed",
            "frame: the axes are left-handed: z_axis must be x_axis cross y_axis",
        ));
        return None;
    }
    Some(Transform::<Stem, Stem>::from_axes(Point::new(ox, oy, oz), x, y)?.inverse())
}

fn read_resection(table: toml::Table, problems: &mut Vec<Problem>) -> Option<(Point<Stem>, Vector<Stem>)> {
    let mut fields = Fields { table, prefix: "resection." };
    let point = fields.triple("point_mm", "[x, y, z] in millimetres", problems);
    let normal = fields.triple("normal", "a vector [x, y, z] towards the head", problems);
    fields.finish(problems);
    let ([x, y, z], [nx, ny, nz]) = (point?, normal?);
    let normal = Vector::new(nx, ny, nz).normalised();
    if normal.is_none() {
        problems.push(problem("field_wrong", "resection.normal must not be zero"));
    }
    Some((Point::new(x, y, z), normal?))
}

fn read_mesh(toml: &Path, name: &str, problems: &mut Vec<Problem>) -> Option<Mesh<Stem>> {
    let beside = Path::new(name).components().all(|c| matches!(c, std::path::Component::Normal(_)));
    if !beside {
        problems.push(problem(
            "mesh_elsewhere",
            "mesh must be a file beside the description, without .. or a leading /",
        ));
        return None;
    }
    let path = toml.parent().unwrap_or(Path::new(".")).join(name);
    if !path.is_file() {
        problems
            .push(problem("mesh_missing", format!("there is no mesh file {name} beside the description")));
        return None;
    }
    match mesh::file::read(&path) {
        Ok(mesh) => Some(mesh),
        Err(error) => {
            problems.push(problem("mesh_unreadable", error.to_string()));
            None
        }
    }
}

/// Whether the mesh can be cut.
fn check_mesh(mesh: &Mesh<Stem>, problems: &mut Vec<Problem>) -> bool {
    let all = defects(mesh);
    let count = |f: fn(&Defect) -> bool| all.iter().filter(|d| f(d)).count();
    let unusable = all
        .iter()
        .find(|d| matches!(d, Defect::Empty | Defect::NotFinite { .. } | Defect::IndexOutOfRange { .. }));
    if let Some(defect) = unusable {
        problems.push(problem("mesh_unusable", format!("mesh: {defect}")));
        return false;
    }
    let open = count(|d| matches!(d, Defect::OpenEdge { .. }));
    let shared = count(|d| matches!(d, Defect::NonManifoldEdge { .. }));
    if open + shared > 0 {
        problems.push(problem(
            "not_watertight",
            format!(
                "the mesh is not watertight: {open} open edges, {shared} edges with more than two triangles"
            ),
        ));
    }
    let turned = count(|d| matches!(d, Defect::InconsistentOrientation { .. }));
    if turned > 0 {
        problems.push(problem(
            "orientation",
            format!("{turned} pairs of neighbouring triangles have opposite orientations"),
        ));
    }
    if all.iter().any(|d| matches!(d, Defect::InsideOut { .. })) {
        problems.push(problem("inside_out", "the mesh is inside out: reverse its triangles"));
    }
    let flat = count(|d| matches!(d, Defect::Degenerate { .. }));
    if flat > 0 {
        problems.push(problem("degenerate", format!("{flat} triangles of the mesh have no area")));
    }
    true
}

/// How far the mesh may be from its stated length.
const LENGTH_TOLERANCE: f64 = 0.1;

fn check_units(mesh: &Mesh<Stem>, stated_mm: f64, problems: &mut Vec<Problem>) -> bool {
    let Some((low, high)) = mesh.bounds() else { return false };
    let extent = high.y() - low.y();
    let ratio = extent / stated_mm;
    if (ratio - 1.0).abs() <= LENGTH_TOLERANCE {
        return true;
    }
    let slips = [
        (10.0, "ten times too large: is length_mm in centimetres?"),
        (0.1, "ten times too small: is the mesh in centimetres?"),
        (0.001, "a thousand times too small: is the mesh in metres?"),
        (1000.0, "a thousand times too large: is the mesh in micrometres?"),
        (1.0 / 25.4, "25.4 times too small: is the mesh in inches?"),
    ];
    let slip = slips.iter().find(|(factor, _)| (ratio / factor - 1.0).abs() <= LENGTH_TOLERANCE);
    let guess = slip.map_or("check mesh, frame and length_mm", |(_, text)| text);
    problems.push(problem(
        "units",
        format!("the mesh is {extent:.3} mm long along the stem axis, but length_mm is {stated_mm}: {guess}"),
    ));
    false
}

/// How far the frame's origin may lie from the resection plane.
const ORIGIN_TOLERANCE_MM: f64 = 0.5;

/// How far the resection plane's normal may stand out of the plane of stem and neck.
const RESECTION_TILT: f64 = 0.05;

fn check_resection(
    mesh: &Mesh<Stem>,
    point: Point<Stem>,
    normal: Vector<Stem>,
    usable: bool,
    problems: &mut Vec<Problem>,
) -> Option<Vector<Stem>> {
    let before = problems.len();
    if normal.y() <= 0.0 {
        problems.push(problem("resection_reversed", "resection.normal must point towards the head"));
    } else if normal.z().abs() > RESECTION_TILT {
        problems.push(problem(
            "resection_tilted",
            "resection.normal must lie in the plane of stem axis and neck",
        ));
    }
    if usable && plane_section(mesh, point, normal).is_empty() {
        problems.push(problem("resection_off", "the resection plane does not cut the stem"));
    } else if (Point::origin() - point).dot(normal).abs() > ORIGIN_TOLERANCE_MM {
        problems.push(problem("resection_origin", "frame.origin_mm must lie in the resection plane"));
    }
    (problems.len() == before).then_some(normal)
}

/// How far the head centre may lie out of the plane of neck and stem.
const NECK_PLANE_TOLERANCE_MM: f64 = 1.0;

/// Height at which the neck axis meets the stem axis, and distance from there to the head centre.
fn check_neck(
    head: Point<Stem>,
    neck_shaft: Angle,
    resection: Option<Vector<Stem>>,
    problems: &mut Vec<Problem>,
) -> Option<(f64, f64)> {
    let before = problems.len();
    if head.x() <= 0.0 || head.z().abs() > NECK_PLANE_TOLERANCE_MM {
        problems.push(problem(
            "neck_direction",
            format!(
                "the head centre lies at x = {:.1}, z = {:.1} mm of the stem frame: frame.x_axis must point along the neck",
                head.x(),
                head.z()
            ),
        ));
    }
    if resection.is_some_and(|normal| (head - Point::origin()).dot(normal) <= 0.0) {
        problems.push(problem("resection_reversed", "the head centre lies below the resection plane"));
    }
    let from_shaft = Angle::from_degrees(180.0) - neck_shaft;
    let length = head.x() / from_shaft.sin();
    (problems.len() == before).then_some((head.y() - length * from_shaft.cos(), length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::implants::{Catalogue, NeckOffset};
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
    fn every_kind_of_problem_is_named() {
        let replace = |from: &'static str, to: &'static str| {
            move |t: &mut String, _: &mut Mesh<Stem>| {
                assert!(t.contains(from));
                *t = t.replace(from, to);
            }
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
        assert_eq!(checked(replace("part.stl", "none.stl")), ["mesh_missing"]);
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
}
