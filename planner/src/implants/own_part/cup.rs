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
//! under_reaming_mm = 1.0       # diameter of the shell less that of the reamer
//!
//! [[hole]]                     # one for each screw hole, none for a shell without
//! polar_deg = 30.0             # from the pole of the shell
//! azimuth_deg = -15.0          # about the cup axis, from superior (0) towards anterior (90)
//! ```

use super::super::cup::CupFamily;
use super::super::screw::ScrewHole;
use super::fields::{Fields, Header, number, problem};
use crate::implants::error::Problem;
use coxa_geometry::Angle;

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
    header: Header,
    mut fields: Fields<'_>,
    mut problems: Vec<Problem>,
) -> Result<CupFamily, Vec<Problem>> {
    let Header { family, description } = header;
    let p = &mut problems;
    let sizes = fields.get("sizes_mm", "a list of outer diameters from 36 to 90, ascending", p, |v| {
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
    fields.finish(p);
    if !problems.is_empty() {
        return Err(problems);
    }
    let all = || {
        Some(CupFamily {
            name: family?,
            description: description?,
            sizes_mm: sizes?,
            arc: Angle::from_degrees(arc?),
            shell_wall_mm: wall?,
            flare_mm: flare_mm?,
            flare_height_mm: flare_height?,
            under_reaming_mm: under_reaming?,
            holes,
        })
    };
    all().ok_or_else(|| vec![problem("incomplete", "the description is incomplete")])
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
    use crate::implants::{Catalogue, CatalogueError, check};
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
