//! A part of the catalogue as a file of one's own to start from.

use super::super::stem::{NeckOffset, StemFamily, StemSize};
use super::super::{Catalogue, CatalogueError};
use crate::lines::{number, quoted};
use coxa_geometry::frame::Stem;
use coxa_geometry::{Angle, Mesh};

/// What is written for a part: its description, and the mesh beside it.
pub struct Example {
    /// Name of the description, `own_short_3.toml`.
    pub file: String,
    /// The description.
    pub text: String,
    /// Name and surface of the mesh; none of a shell, which its numbers describe.
    pub mesh: Option<(String, Mesh<Stem>)>,
}

/// A shell family, or one size of a stem, as a description that can be edited and read.
///
/// # Errors
/// A family or size that the catalogue does not have; no size of a stem.
pub fn example(
    catalogue: &Catalogue,
    name: &str,
    size: Option<f64>,
    tolerance_mm: f64,
) -> Result<Example, CatalogueError> {
    if catalogue.cup(name).is_ok() {
        return shells(catalogue, name);
    }
    let family = catalogue.stem(name)?;
    let wanted = size.filter(|size| size.fract() == 0.0 && (1.0..1e6).contains(size));
    // A family of one size needs no number; any other number is answered with those there are.
    let only = (family.sizes.len() == 1).then(|| f64::from(family.sizes[0].size));
    let size = family.size(wanted.or(only).map_or(0, |size| size as u32))?;
    stem(catalogue, family, size, tolerance_mm)
}

fn shells(catalogue: &Catalogue, name: &str) -> Result<Example, CatalogueError> {
    let cup = catalogue.cup(name)?;
    let sizes: Vec<String> = cup.sizes_mm.iter().map(|size| number(*size)).collect();
    let mut text = format!(
        "# A family of spherical shells. Change it, and use it with --implants FOLDER.\n\
         format = 1\nkind = \"cup\"\nfamily = {}\ndescription = {}\n\
         sizes_mm = [{}]   # outer diameters, ascending\n\
         arc_deg = {}          # arc of the outer profile about the sphere's centre; 180 is a full hemisphere\n\
         shell_wall_mm = {}\n\
         under_reaming_mm = {}   # diameter of the shell minus that of the reamer\n",
        quoted(&format!("own_{name}")),
        quoted(&cup.description),
        sizes.join(", "),
        degrees(cup.arc),
        number(cup.shell_wall_mm),
        number(cup.under_reaming_mm),
    );
    if cup.flare_mm > 0.0 {
        text += &format!(
            "flare_mm = {}           # how far the rim stands out of the sphere\n\
             flare_height_mm = {}    # height over which it does so\n",
            number(cup.flare_mm),
            number(cup.flare_height_mm)
        );
    }
    for hole in &cup.holes {
        text += &format!(
            "\n[[hole]]\npolar_deg = {}     # from the pole of the shell\nazimuth_deg = {}   # from superior towards anterior\n",
            degrees(hole.polar),
            degrees(hole.azimuth)
        );
    }
    Ok(Example { file: format!("own_{name}.toml"), text, mesh: None })
}

/// An angle without the last digits of its way to radians and back.
fn degrees(angle: Angle) -> String {
    number((angle.degrees() * 1e6).round() / 1e6)
}

fn stem(
    catalogue: &Catalogue,
    family: &StemFamily,
    size: &StemSize,
    tolerance_mm: f64,
) -> Result<Example, CatalogueError> {
    let taper = catalogue.taper(&family.taper)?;
    let angle = family.neck_shaft.first().copied().unwrap_or(Angle::from_degrees(135.0));
    let mesh = family.mesh(size, angle, NeckOffset::Standard, taper, tolerance_mm);
    let head = family.neck(size, angle, NeckOffset::Standard).head_centre(0.0);
    let extent = mesh.bounds().map_or(0.0, |(low, high)| high.y() - low.y());
    let (sin, cos) = family.resection.radians().sin_cos();
    let stem = format!("own_{}_{}", family.name, size.size);
    let text = format!(
        "# One size of a stem, beside its mesh. Change both, and use them with --implants FOLDER; coxa implant check says what is wrong.\n\
         # Places and axes are those of the mesh, in millimetres, whatever its own axes are. Several files may share a family, one size each.\n\
         format = 1\nkind = \"stem\"\nfamily = {}\ndescription = {}\nsize = {}\n\
         mesh = {}      # STL or PLY in millimetres, closed, triangles outwards\n\
         length_mm = {}       # whole extent of the mesh along the stem axis, with its neck\n\
         taper = {}\nneck_shaft_deg = {}\nneck_diameter_mm = {}   # below the taper\n\
         head_centre_mm = [{}, {}, {}]   # of a head of offset 0\n\
         \n[frame]                      # frame of the stem in the mesh's coordinates\n\
         origin_mm = [0, 0, 0]        # on the stem axis, in the resection plane\n\
         x_axis = [1, 0, 0]           # medially, towards the neck\n\
         y_axis = [0, 1, 0]           # proximally along the stem axis\n\
         z_axis = [0, 0, 1]           # x_axis cross y_axis\n\
         \n[resection]\npoint_mm = [0, 0, 0]\nnormal = [{:.6}, {:.6}, 0]   # towards the head\n",
        quoted(&format!("own_{}", family.name)),
        quoted(&family.description),
        size.size,
        quoted(&format!("{stem}.stl")),
        number((extent * 100.0).round() / 100.0),
        quoted(&family.taper),
        degrees(angle),
        number(family.neck_diameter_mm),
        number(head.x()),
        number(head.y()),
        number(head.z()),
        sin,
        cos,
    );
    Ok(Example { file: format!("{stem}.toml"), text, mesh: Some((format!("{stem}.stl"), mesh)) })
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;
    use coxa_geometry::mesh::stl;

    #[test]
    fn what_is_written_can_be_read_and_is_the_same_part() {
        let catalogue = Catalogue::builtin();
        for (name, size) in [("short", Some(3.0)), ("tapered_wedge", Some(9.0)), ("peripheral_flare", None)] {
            let folder = tempfile::tempdir().unwrap();
            let Example { file, text, mesh } = example(&catalogue, name, size, 0.05).unwrap();
            let path = folder.path().join(file);
            std::fs::write(&path, text).unwrap();
            if let Some((file, mesh)) = mesh {
                stl::write(&mesh, std::fs::File::create(folder.path().join(file)).unwrap()).unwrap();
            }
            assert_eq!(check(&path), [], "{name}");
            let own = Catalogue::load(folder.path()).unwrap();
            match catalogue.cup(name) {
                Ok(cup) => {
                    let of = own.cup(&format!("own_{name}")).unwrap();
                    assert_eq!((&of.sizes_mm, of.holes.len()), (&cup.sizes_mm, cup.holes.len()));
                    for (a, b) in of.holes.iter().zip(&cup.holes) {
                        assert!((a.polar - b.polar).abs().degrees() < 1e-5);
                        assert!((a.azimuth - b.azimuth).abs().degrees() < 1e-5);
                    }
                }
                Err(_) => {
                    let (of, family) =
                        (own.stem(&format!("own_{name}")).unwrap(), catalogue.stem(name).unwrap());
                    let angle = of.neck_shaft[0];
                    let number = of.sizes[0].size;
                    let head = of.neck(&of.sizes[0], angle, NeckOffset::Standard).head_centre(0.0);
                    let size = family.size(number).unwrap();
                    let known = family.neck(size, angle, NeckOffset::Standard).head_centre(0.0);
                    assert!(head.distance(known) < 1e-6);
                }
            }
        }
        assert!(example(&catalogue, "short", None, 0.05).is_err());
        assert!(example(&catalogue, "long", Some(1.0), 0.05).is_err());
    }
}
