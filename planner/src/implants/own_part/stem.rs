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

use super::super::Catalogue;
use super::super::stem::{OwnStem, StemFamily, StemSize};
use super::fields::{Fields, Header, number, problem};
use super::mesh::{check_mesh, read_frame, read_mesh};
use super::shape::{check_neck_of_mesh, check_shape, extents_at_resection};
use crate::implants::error::Problem;
use coxa_geometry::frame::Stem;
use coxa_geometry::mesh::section::plane_section;
use coxa_geometry::{Angle, Mesh, Point, Vector};
use std::path::Path;
use std::sync::Arc;

/// The family of one size that a file describes, or all that is wrong with it.
pub(super) fn read(
    path: &Path,
    catalogue: &Catalogue,
    header: Header,
    mut fields: Fields<'_>,
    mut problems: Vec<Problem>,
) -> Result<StemFamily, Vec<Problem>> {
    let one = |code, message: String| vec![problem(code, message)];
    let Header { family, description } = header;
    let p = &mut problems;
    let size = fields.get("size", "a whole number from 1", p, |v| {
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
    let is_stem = sound && reaches && check_shape(&mesh, p);
    let normal = resection.and_then(|(point, normal)| {
        check_resection(&mesh, to_stem.apply(point), to_stem.apply(normal), sound && reaches, p)
    });
    let neck = head_centre.zip(neck_shaft).and_then(|([x, y, z], angle)| {
        let (head, angle) = (to_stem.apply(Point::new(x, y, z)), Angle::from_degrees(angle));
        let neck = check_neck(head, angle, normal, p);
        let taper = taper.as_deref().and_then(|name| catalogue.taper(name).ok());
        if let (Some(taper), Some(diameter), true, true) = (taper, neck_diameter, is_stem, neck.is_some()) {
            check_neck_of_mesh(&mesh, head, angle, taper, diameter, p);
        }
        neck
    });
    if !problems.is_empty() {
        return Err(problems);
    }
    let all = || {
        let (neck_origin_mm, neck_length_mm) = neck?;
        let normal = normal?;
        let (low, _) = mesh.bounds()?;
        let top = extents_at_resection(&mesh, normal)?;
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
                size: size?,
                length_mm: -low.y(),
                distal_width_mm: 0.0,
                distal_depth_mm: 0.0,
                medial_mm: top.medial_mm,
                lateral_mm: top.lateral_mm,
                depth_mm: top.depth_mm,
                neck_length_mm,
                own: Some(Arc::new(OwnStem { mesh })),
            }],
        })
    };
    all().ok_or_else(|| one("incomplete", "the description is incomplete".into()))
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

/// No stem is shorter or longer, with its neck.
const LENGTHS_MM: (f64, f64) = (60.0, 450.0);
/// How far the mesh may be from its stated length.
const LENGTH_TOLERANCE: f64 = 0.1;

fn check_units(mesh: &Mesh<Stem>, stated_mm: f64, problems: &mut Vec<Problem>) -> bool {
    let Some((low, high)) = mesh.bounds() else { return false };
    let extent = high.y() - low.y();
    let ratio = extent / stated_mm;
    if (ratio - 1.0).abs() <= LENGTH_TOLERANCE {
        if !(LENGTHS_MM.0..=LENGTHS_MM.1).contains(&extent) {
            problems.push(problem(
                "units",
                format!(
                    "the stem is {extent:.1} mm long, where stems have {} to {} mm: are mesh and description in inches or centimetres?",
                    LENGTHS_MM.0, LENGTHS_MM.1
                ),
            ));
            return false;
        }
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
